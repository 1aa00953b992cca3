// SPDX-License-Identifier: Apache-2.0
/**
 * What has been typed into one report and not yet taken by the service: the same in all windows of
 * this browser that show the report, and kept on the device until it is taken.
 */
import { onScopeDispose, shallowReactive } from 'vue'
import { forget, keep, kept } from '@/base/keep'

export type Part = 'value' | 'explained'

/** What was typed into a cell, and what stood there before. */
export interface Typed {
  value?: string
  explained?: string
  base: Record<Part, string>
}

export interface Kept {
  cells: [string, Typed][]
  checks: [string, string][]
}

/** What one window tells the others; null: it is as it was. taken: the service has it. */
interface Told {
  cells?: [string, Typed | null][]
  checks?: [string, string][]
  taken?: Kept
}

/**
 * keeps: whether a cell may lie on the device (sealed ones may not). told: by another window.
 */
export function useTyped(key: string, keeps: (item: string) => boolean, told: () => void) {
  const cells = shallowReactive(new Map<string, Typed>())
  const checks = shallowReactive(new Map<string, string>())
  const others = new BroadcastChannel(key)

  async function remember() {
    const mine: Kept = { cells: [...cells].filter(([item]) => keeps(item)), checks: [...checks] }
    await (mine.cells.length + mine.checks.length > 0 ? keep(key, mine) : forget(key))
  }

  function put(item: string, to: Typed | null) {
    if (to) {
      cells.set(item, to)
    } else {
      cells.delete(item)
    }
  }

  /** Typed here. */
  function say(item: string, to: Typed | null) {
    put(item, to)
    others.postMessage({ cells: [[item, to]] } satisfies Told)
    void remember()
  }

  function explain(check: string, to: string) {
    checks.set(check, to)
    others.postMessage({ checks: [[check, to]] } satisfies Told)
    void remember()
  }

  function drop({ cells: items, checks: texts }: Kept) {
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
    items.forEach(([item, t]) => same(cells.get(item), t) && cells.delete(item))
    texts.forEach(([check, text]) => checks.get(check) === text && checks.delete(check))
  }

  /** The service has it; what was typed over it since stays. */
  async function taken(what: Kept) {
    drop(what)
    others.postMessage({ taken: what } satisfies Told)
    await remember()
  }

  others.onmessage = ({ data }: MessageEvent<Told>) => {
    data.cells?.forEach(([item, to]) => put(item, to))
    data.checks?.forEach(([check, to]) => checks.set(check, to))
    if (data.taken) {
      drop(data.taken)
    }
    told()
  }
  onScopeDispose(() => others.close())

  async function restore() {
    const before = await kept<Kept>(key)
    before?.cells.forEach(([item, to]) => cells.set(item, to))
    before?.checks.forEach(([check, to]) => checks.set(check, to))
  }

  return { cells, checks, say, explain, taken, restore }
}
