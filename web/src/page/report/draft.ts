// SPDX-License-Identifier: Apache-2.0
/**
 * A report that is being filled in: what the service has, what has been typed since, and how one
 * becomes the other: kept on the device with each change, sent a moment later, sent again when the
 * line is back, and put beside what somebody else has saved meanwhile
 * (docs/internals/web.md, 13).
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { get, send, type Shape } from '@/api/ask'
import { moved, online } from '@/api/live'
import { Problem, problemOf } from '@/api/problem'
import { me, times } from '@/api/session'
import { t, type Texts } from '@/base/text'
import { useTyped, type Kept, type Part, type Typed } from './typed'

export type Report = Shape<'report'>
export type Cell = Shape<'report_cell'>
export type Finding = Shape<'finding'>
/** Two that differ: what I have typed, and what somebody else has saved. */
export interface Conflict {
  cell: Cell
  part: Part
  mine: string
  theirs: string
}

export type Saving = 'saved' | 'typed' | 'saving' | 'offline' | 'conflict' | 'refused'

const words = {
  unsaved: ['还有 {0} 处改动没有保存，暂不能办理', '{0} changes are not saved yet: not done'],
  unsavedHint: [
    '请先改正无法接受的数值，或在有冲突处选定用谁的；离线时请等连接恢复。',
    'Mend what cannot be taken, choose where somebody else saved, or wait for the line.',
  ],
} satisfies Texts

const PAUSE_MS = 900
/** What another window has typed it sends itself, unless it is closed meanwhile. */
const PAUSE_OF_OTHERS_MS = 6000
const PARTS: Part[] = ['value', 'explained']

export type Draft = ReturnType<typeof useDraft>

export function useDraft(round: string, unit: string) {
  const path = { round, unit }
  const key = `${me.value?.user}|${round}|${unit}`
  const report = shallowRef<Report>()
  const problem = shallowRef<Problem>()
  const bad = shallowRef<Finding[]>([])
  const findings = shallowRef<Finding[]>([])
  const notice = shallowRef<Problem>()
  const busy = ref(false)
  let timer = 0

  const kept = useTyped(
    key,
    (item) => cellOf.value.get(item)?.class !== 'sealed',
    () => soon(PAUSE_OF_OTHERS_MS),
  )
  const { cells: typed, checks } = kept
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
    const mine = may('save') ? typed.get(cell.item)?.[part] : undefined
    return mine ?? cell[part]
  }

  const same = (cell: Cell | undefined, to: Typed) =>
    PARTS.every((p) => to[p] === undefined || to[p] === cell?.[p])

  /** seen: what stood there when it was typed over; somebody else may have saved since. */
  function say(cell: Cell, part: Part, to: string, seen: string = cell[part]) {
    const before = typed.get(cell.item)
    const stood = { value: cell.value, explained: cell.explained, [part]: seen }
    const base = before ? { ...before.base } : stood
    if (before && before[part] === undefined) {
      base[part] = seen
    }
    const next: Typed = { ...before, base, [part]: to }
    kept.say(cell.item, same(cell, next) ? null : next)
    bad.value = bad.value.filter((f) => f.about !== cell.item)
    soon()
  }

  function explain(check: string, to: string) {
    kept.explain(check, to)
    soon()
  }

  /** Typed, and by now nobody may save any more: another person has submitted it, say. */
  const stranded = computed(() =>
    may('save')
      ? []
      : [...typed].flatMap(([item, mine]) => {
          const cell = cellOf.value.get(item)
          return PARTS.flatMap((part) =>
            cell && mine[part] !== undefined && mine[part] !== cell[part]
              ? [{ cell, part, mine: mine[part], theirs: cell[part] }]
              : [],
          )
        }),
  )
  function giveUp() {
    stranded.value.forEach(({ cell }) => kept.say(cell.item, null))
  }

  /** What another window or person has saved as I typed it is saved. */
  async function prune() {
    const done = [...typed].filter(([item, to]) => same(cellOf.value.get(item), to))
    if (done.length > 0) {
      await kept.taken({ cells: done, checks: [] })
    }
  }

  /** Whose figure stands: mine is sent over theirs, or given up. */
  function settle(c: Conflict, mine: boolean) {
    const was = typed.get(c.cell.item)!
    if (mine) {
      kept.say(c.cell.item, { ...was, base: { ...was.base, [c.part]: c.theirs } })
    } else {
      say(c.cell, c.part, c.theirs)
    }
    soon()
  }

  function soon(pause = PAUSE_MS) {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void sync(), pause)
  }

  async function load() {
    try {
      const got = await get('/rounds/{round}/reports/{unit}', { path })
      // An answer that was on its way while an act was done does not undo it.
      if (got.seen >= (report.value?.seen ?? 0)) {
        report.value = got
      }
      problem.value = undefined
      await prune()
    } catch (thrown) {
      problem.value = problemOf(thrown)
    }
  }

  /** What can be sent: not what the service refuses, and not what somebody has to decide on. */
  function sendable(): Kept {
    const blocked = new Set([
      ...bad.value.map((f) => f.about),
      ...conflicts.value.map((c) => c.cell.item),
    ])
    return { cells: [...typed].filter(([item]) => !blocked.has(item)), checks: [...checks] }
  }
  const nothing = (k: Kept) => k.cells.length + k.checks.length === 0

  async function save(what: Kept) {
    await send('post', '/rounds/{round}/reports/{unit}/save', {
      path,
      body: {
        seen: report.value!.seen,
        cells: what.cells.map(([item, to]) => ({
          item,
          ...(to.value !== undefined && { value: to.value }),
          ...(to.explained !== undefined && { explained: to.explained }),
        })),
        checks: what.checks.map(([check, explained]) => ({ check, explained })),
      },
    })
    await kept.taken(what)
  }

  /** What stands against it, for who may mend or sign it; asked again when it has changed. */
  let inspected = 0
  async function inspect() {
    const { seen, state } = report.value!
    if (seen === inspected || state === 'none' || !(may('save') || may('sign'))) {
      return
    }
    findings.value = (await get('/rounds/{round}/reports/{unit}/findings', { path })).findings
    inspected = seen
  }

  /** Sends what can be sent; again, when something was typed or refused meanwhile. */
  let running: Promise<void> = Promise.resolve()
  function sync(): Promise<void> {
    window.clearTimeout(timer)
    running = running.then(once)
    return running
  }

  async function once(): Promise<void> {
    const what = sendable()
    if (!may('save') || nothing(what)) {
      return
    }
    busy.value = true
    try {
      await save(what)
      notice.value = undefined
      await again()
    } catch (thrown) {
      await refused(problemOf(thrown))
    } finally {
      busy.value = false
    }
    if (!nothing(sendable()) && notice.value === undefined) {
      soon()
    }
  }

  async function refused(p: Problem) {
    if (p.offline || p.over) {
      return // the line is watched, and so is signing in
    }
    if (p.status === 409) {
      const before = report.value?.seen
      await load() // what the other one did not touch is sent again, the rest is decided on
      notice.value = report.value?.seen === before ? p : undefined
      return
    }
    const about = ((p.said as { findings?: Finding[] }).findings ?? []).filter((f) =>
      typed.has(f.about),
    )
    bad.value = [...bad.value, ...about]
    notice.value = about.length > 0 ? undefined : p
  }

  /** An act on the report as it is seen. Nothing is submitted or signed but what is saved. */
  async function act(what: 'submit' | 'sign' | 'withdraw' | 'correct', cause?: string) {
    await sync()
    const left = typed.size + checks.size
    if (left > 0 && (what === 'submit' || what === 'sign')) {
      throw new Problem(-1, { title: t(words.unsaved, left), hint: t(words.unsavedHint) })
    }
    await send('post', `/rounds/{round}/reports/{unit}/${what}`, {
      path,
      body: { seen: report.value!.seen, ...(cause && { cause }) },
    })
    await again()
    soon()
  }

  watch([online, times], () => online.value && void sync())
  watch(moved.queue, () => !busy.value && void again())
  onScopeDispose(() => {
    window.clearTimeout(timer)
    void sync()
  })

  /** The report as it has become by another way: a workbook, another person. */
  async function again() {
    await load()
    if (report.value) {
      await inspect().catch(() => undefined)
    }
  }

  async function begin() {
    await again()
    await kept.restore()
    await prune()
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
    stranded,
    giveUp,
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
