// SPDX-License-Identifier: Apache-2.0
/**
 * Files: sent as they are, with how far it is, and saved as the service calls them.
 *
 *     await takeFile('/rounds/{round}/workbook', { path: { round }, query: { unit } })
 *     const said = await sendFile('/rounds/{round}/import', { path: { round } }, file, progress)
 */
import { ref } from 'vue'
import { address, language, read, refused, type Answer, type Given, type Loose } from './ask'
import type { Operation, Path } from './ask'
import { offline } from './problem'

/** Told from 0 to 1 while it goes up; `signal` stops it. */
export interface Progress {
  told?: (share: number) => void
  signal?: AbortSignal
}

interface Got {
  blob: Blob
  /** As the service calls it. */
  name: string
}

function nameOf(r: XMLHttpRequest): string {
  const said = r.getResponseHeader('Content-Disposition') ?? ''
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1]
  return wide ? decodeURIComponent(wide) : (/filename="([^"]*)"/i.exec(said)?.[1] ?? 'download')
}

/** XMLHttpRequest, since fetch does not tell how much of a body has been sent. */
function carry(verb: 'GET' | 'POST', path: string, given: Loose, file?: Blob, how: Progress = {}) {
  return new Promise<Got>((done, failed) => {
    const r = new XMLHttpRequest()
    r.open(verb, address(path, given))
    r.responseType = 'blob'
    r.setRequestHeader('Accept-Language', language())
    r.upload.onprogress = (e) => how.told?.(e.lengthComputable ? e.loaded / e.total : 0)
    r.onerror = () => failed(offline())
    r.onabort = () => failed(new DOMException('', 'AbortError'))
    r.onload = async () => {
      const blob = r.response as Blob
      if (r.status < 300) {
        done({ blob, name: nameOf(r) })
      } else {
        try {
          failed(refused(r.status, path, read(r.status, await blob.text())))
        } catch (thrown) {
          failed(thrown as Error)
        }
      }
    }
    how.signal?.addEventListener('abort', () => r.abort())
    if (file) {
      r.setRequestHeader('X-Tizhi', '1')
      r.setRequestHeader('Content-Type', 'application/octet-stream')
    }
    r.send(file ?? null)
  })
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

const named = (given: Loose, file: File): Loose => ({
  ...given,
  query: { ...given.query, name: file.name },
})

export async function takeFile<P extends Path<'get'>>(
  path: P,
  given: Given<Operation<P, 'get'>>,
  how?: Progress,
): Promise<void> {
  const got = await carry('GET', path, given as unknown as Loose, undefined, how)
  saveBlob(got.blob, got.name)
}

export async function sendFile<P extends Path<'post'>>(
  path: P,
  given: Given<Operation<P, 'post'>>,
  file: File,
  how?: Progress,
): Promise<Answer<Operation<P, 'post'>>> {
  const got = await carry('POST', path, named(given as unknown as Loose, file), file, how)
  return read(200, await got.blob.text()) as Answer<Operation<P, 'post'>>
}

/** A file is sent, and the one that comes back is saved. */
export async function sendForFile<P extends Path<'post'>>(
  path: P,
  given: Given<Operation<P, 'post'>>,
  file: File,
  how?: Progress,
): Promise<void> {
  const got = await carry('POST', path, named(given as unknown as Loose, file), file, how)
  saveBlob(got.blob, got.name)
}

/** One file on its way: how far it is (null: none is), and a way to stop it. */
export function useSending() {
  const share = ref<number | null>(null)
  let stop: AbortController | undefined
  async function sending(what: (how: Progress) => Promise<unknown>): Promise<void> {
    stop = new AbortController()
    share.value = 0
    try {
      await what({ told: (x) => (share.value = x), signal: stop.signal })
    } catch (thrown) {
      if (!stop.signal.aborted) {
        throw thrown
      }
    } finally {
      share.value = null
    }
  }
  return { share, sending, cancel: () => stop?.abort() }
}
