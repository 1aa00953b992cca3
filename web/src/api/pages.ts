// SPDX-License-Identifier: Apache-2.0
/**
 * A list that the service gives page by page: the first one is asked for like any question
 * (use.ts), further ones as the person scrolls.
 *
 *     const { asked, rows, more } = usePages(
 *       (signal, after) => get('/users', { query: { after } }, signal),
 *       (page) => page.users,
 *     )
 */
import { computed, shallowRef, watch } from 'vue'
import { useAsked } from './use'

const MOST = 1000 // rows of a page of the service

/** All pages of a list that is needed whole. */
export async function everyPage<Page extends { next?: string | null }, Row>(
  question: (page: { limit: number; after: string | undefined }) => Promise<Page>,
  rowsOf: (page: Page) => Row[],
): Promise<{ last: Page; rows: Row[] }> {
  const rows: Row[] = []
  for (let after: string | undefined; ; ) {
    const last = await question({ limit: MOST, after })
    rows.push(...rowsOf(last))
    after = last.next ?? undefined
    if (after === undefined) {
      return { last, rows }
    }
  }
}

export function usePages<Page extends { next?: string | null }, Row>(
  question: (signal: AbortSignal | undefined, after: string | undefined) => Promise<Page>,
  rowsOf: (page: Page) => Row[],
) {
  const asked = useAsked((signal) => question(signal, undefined))
  const pages = shallowRef<Page[]>([])
  watch(asked.data, (first) => (pages.value = first ? [first] : []))

  const next = computed(() => pages.value.at(-1)?.next ?? undefined)
  const rows = computed(() => pages.value.flatMap(rowsOf))
  const fetch = async () => {
    const first = pages.value[0]
    const page = await question(undefined, next.value)
    if (pages.value[0] === first) {
      pages.value = [...pages.value, page]
    }
  }
  /** Absent when there is no further page. */
  const more = computed(() => (next.value ? fetch : undefined))
  return { asked, rows, more }
}
