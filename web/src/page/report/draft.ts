// SPDX-License-Identifier: Apache-2.0
/**
 * A report that is being filled in: what the service has, what has been typed since, and how one
 * becomes the other: kept on the device with each change, sent a moment later, sent again when the
 * line is back, and put beside what somebody else has saved meanwhile
 * (docs/internals/web.md, 13).
 */
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch } from 'vue'
import { get, send, type Shape } from '@/api/ask'
import { moved, online } from '@/api/live'
import { Problem, problemOf } from '@/api/problem'
import { me } from '@/api/session'
import { forget, keep, kept } from '@/base/keep'

export type Report = Shape<'report'>
export type Cell = Shape<'report_cell'>
export type Finding = Shape<'finding'>
export type Part = 'value' | 'explained'

/** What was typed into a cell, and what stood there before. */
export interface Typed {
  value?: string
  explained?: string
  base: Record<Part, string>
}

export interface Conflict {
  cell: Cell
  part: Part
  mine: string
  theirs: string
}

export type Saving = 'saved' | 'typed' | 'saving' | 'offline' | 'conflict' | 'refused'

const PAUSE_MS = 900
const PARTS: Part[] = ['value', 'explained']

export type Draft = ReturnType<typeof useDraft>

export function useDraft(round: string, unit: string) {
  const path = { round, unit }
  const key = `${me.value?.user}|${round}|${unit}`
  const report = shallowRef<Report>()
  const problem = shallowRef<Problem>()
  const typed = shallowReactive(new Map<string, Typed>())
  const checks = shallowReactive(new Map<string, string>())
  const bad = shallowRef<Finding[]>([])
  const findings = shallowRef<Finding[]>([])
  const notice = shallowRef<Problem>()
  const busy = ref(false)
  let timer = 0

  const cellOf = computed(() => new Map(report.value?.cells.map((c) => [c.item, c])))
  const may = (act: string) => report.value?.may.includes(act) ?? false

  /** Cells that somebody else has changed to something else than I. */
  const conflicts = computed<Conflict[]>(() =>
    [...typed].flatMap(([item, mine]) => {
      const cell = cellOf.value.get(item)
      return PARTS.flatMap((part) =>
        cell &&
        mine[part] !== undefined &&
        mine[part] !== cell[part] &&
        cell[part] !== mine.base[part]
          ? [{ cell, part, mine: mine[part], theirs: cell[part] }]
          : [],
      )
    }),
  )
  const saving = computed<Saving>(() => {
    if (busy.value) {
      return 'saving'
    }
    if (typed.size === 0 && checks.size === 0) {
      return 'saved'
    }
    return !online.value
      ? 'offline'
      : conflicts.value.length > 0
        ? 'conflict'
        : bad.value.length > 0
          ? 'refused'
          : 'typed'
  })

  function text(cell: Cell, part: Part): string {
    return typed.get(cell.item)?.[part] ?? cell[part]
  }

  /** Sealed figures are never kept on the device. */
  async function remember() {
    const cells = [...typed].filter(([item]) => cellOf.value.get(item)?.class !== 'sealed')
    await (cells.length > 0 || checks.size > 0
      ? keep(key, { cells, checks: [...checks] })
      : forget(key))
  }

  function say(cell: Cell, part: Part, to: string) {
    const before = typed.get(cell.item)
    const base = before?.base ?? { value: cell.value, explained: cell.explained }
    const next: Typed = { ...before, base, [part]: to }
    if (PARTS.every((p) => next[p] === undefined || next[p] === cell[p])) {
      typed.delete(cell.item)
    } else {
      typed.set(cell.item, next)
    }
    bad.value = bad.value.filter((f) => f.about !== cell.item)
    void remember()
    soon()
  }

  function explain(check: string, to: string) {
    checks.set(check, to)
    void remember()
    soon()
  }

  /** Whose figure stands: mine is sent over theirs, or given up. */
  function settle(c: Conflict, mine: boolean) {
    const t = typed.get(c.cell.item)!
    if (mine) {
      typed.set(c.cell.item, { ...t, base: { ...t.base, [c.part]: c.theirs } })
    } else {
      say(c.cell, c.part, c.theirs)
    }
    soon()
  }

  function soon() {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void sync(), PAUSE_MS)
  }

  async function load() {
    try {
      report.value = await get('/rounds/{round}/reports/{unit}', { path })
      problem.value = undefined
    } catch (thrown) {
      problem.value = problemOf(thrown)
    }
  }

  async function restore() {
    interface Kept {
      cells: [string, Typed][]
      checks: [string, string][]
    }
    const before = await kept<Kept>(key)
    before?.cells.forEach(([item, t]) => typed.set(item, t))
    before?.checks.forEach(([check, said]) => checks.set(check, said))
  }

  /** What can be sent: not what the service refuses, and not what somebody has to decide on. */
  function sendable() {
    const blocked = new Set([
      ...bad.value.map((f) => f.about),
      ...conflicts.value.map((c) => c.cell.item),
    ])
    return [...typed]
      .filter(([item]) => !blocked.has(item))
      .map(([item, t]) => ({
        item,
        ...(t.value !== undefined && { value: t.value }),
        ...(t.explained !== undefined && { explained: t.explained }),
      }))
  }

  async function save(cells: ReturnType<typeof sendable>, said: [string, string][]) {
    const before = new Map(typed)
    await send('post', '/rounds/{round}/reports/{unit}/save', {
      path,
      body: {
        seen: report.value!.seen,
        cells,
        checks: said.map(([check, explained]) => ({ check, explained })),
      },
    })
    for (const { item } of cells) {
      if (typed.get(item) === before.get(item)) {
        typed.delete(item)
      }
    }
    said.forEach(([check, text]) => checks.get(check) === text && checks.delete(check))
    await remember()
  }

  async function inspect() {
    const found = await get('/rounds/{round}/reports/{unit}/findings', { path })
    findings.value = found.findings
  }

  /** Sends what can be sent; again, when something was typed or refused meanwhile. */
  async function sync(): Promise<void> {
    window.clearTimeout(timer)
    const cells = sendable()
    const said = [...checks]
    if (busy.value || !may('save') || (cells.length === 0 && said.length === 0)) {
      return
    }
    busy.value = true
    try {
      await save(cells, said)
      notice.value = undefined
      await load()
      await inspect()
    } catch (thrown) {
      await refused(problemOf(thrown))
    } finally {
      busy.value = false
    }
    if (sendable().length > 0 && notice.value === undefined) {
      soon()
    }
  }

  async function refused(p: Problem) {
    if (p.offline) {
      return // the line is watched
    }
    if (p.status === 409) {
      notice.value = p
      await load()
      if (conflicts.value.length === 0) {
        notice.value = undefined // what the other one did touches nothing of mine
      }
      return
    }
    const about = ((p.said as { findings?: Finding[] }).findings ?? []).filter((f) =>
      typed.has(f.about),
    )
    bad.value = [...bad.value, ...about]
    notice.value = about.length > 0 ? undefined : p
  }

  /** An act on the report as it is seen: submit, sign, withdraw, correct. */
  async function act(what: 'submit' | 'sign' | 'withdraw' | 'correct', cause?: string) {
    await sync()
    await send('post', `/rounds/{round}/reports/{unit}/${what}`, {
      path,
      body: { seen: report.value!.seen, ...(cause && { cause }) },
    })
    await load()
    findings.value = []
  }

  watch(online, (is) => is && void sync())
  watch(moved.queue, () => !busy.value && void load())
  onScopeDispose(() => {
    window.clearTimeout(timer)
    void sync()
  })

  /** The report as it has become by another way, such as a workbook. */
  async function again() {
    await load()
    if (may('save') && report.value!.state !== 'none') {
      await inspect().catch(() => undefined)
    }
  }

  async function begin() {
    await again()
    await restore()
    soon()
  }

  return {
    report,
    problem,
    typed,
    bad,
    findings,
    notice,
    conflicts,
    saving,
    begin,
    load,
    again,
    text,
    say,
    explain,
    settle,
    sync,
    act,
    may,
    explained: (check: string) =>
      checks.get(check) ?? report.value?.checks.find((c) => c.check === check)?.explained ?? '',
  }
}
