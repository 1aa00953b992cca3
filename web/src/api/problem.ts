// SPDX-License-Identifier: Apache-2.0
/** What went wrong and what to do: problems of the service (RFC 9457) and of the line to it. */
import { shallowRef } from 'vue'
import { t, type Text, type Texts } from '@/base/text'
import type { components } from './schema'

type Said = components['schemas']['problem']

const words = {
  offline: ['连接不上服务', 'The service cannot be reached'],
  offlineHint: [
    '请检查网络；已填写的内容保存在本机，恢复后继续。',
    'Check the network; what you have typed is kept on this device.',
  ],
  broken: ['服务的答复无法识别', 'The answer of the service cannot be read'],
  brokenHint: [
    '请刷新页面；仍不行时，把页面地址告诉系统管理员。',
    'Reload the page; if that does not help, tell the administrator its address.',
  ],
} satisfies Texts

/** What the service works out in the background: not there yet, which is no failure. */
export class NotYet extends Error {}

export class Problem extends Error {
  readonly status: number
  readonly hint: string
  readonly at: string
  /** Number of the request, for the log of the service. */
  readonly request: string
  readonly said: Partial<Said>
  /** The session is over: signing in again is asked for by itself. */
  over = false

  constructor(status: number, said: Partial<Said>) {
    super(said.title ?? '')
    this.name = 'Problem'
    this.status = status
    this.hint = said.hint ?? said.detail ?? ''
    this.at = said.at ?? ''
    this.request = said.request ?? ''
    this.said = said
  }

  /** The service was not reached: trying again may help. */
  get offline(): boolean {
    return this.status === 0
  }
}

const own = (status: number, title: Text, hint: Text) =>
  new Problem(status, { title: t(title), hint: t(hint) })

export const offline = () => own(0, words.offline, words.offlineHint)
export const broken = (status: number) => own(status, words.broken, words.brokenHint)

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) {
    return thrown
  }
  console.error(thrown)
  return broken(-1)
}

/** What nobody else has dealt with: it takes the place of the page until that is left. */
export const failed = shallowRef<Problem>()
