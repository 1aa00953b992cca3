// SPDX-License-Identifier: Apache-2.0
/**
 * How a commitment stands as a whole: as the gravest of the rows that matter now, those of the
 * latest year that is decided and of the next one that is not (as `tizhi text` has it).
 */
import type { Shape } from '@/api/ask'
import { t, type Texts } from '@/base/text'
import { stateText, type State } from '@/ui/state'

const words = { silent: ['本级无结论', 'no verdict here'] } satisfies Texts

export type Row = Shape<'verdict'>
export interface Stand {
  state: State
  rows: Row[]
}
export type Stands = Map<string, Stand>

const GRAVEST: State[] = ['missed', 'unknown', 'pending', 'met', 'na']

export const worst = (states: (State | undefined)[]) => GRAVEST.find((s) => states.includes(s))

function now(rows: Row[]): Row[] {
  const decided = Math.max(...rows.filter((r) => r.state !== 'pending').map((r) => r.year))
  const next = Math.min(...rows.filter((r) => r.state === 'pending').map((r) => r.year))
  return rows.filter((r) => r.year === (r.state === 'pending' ? next : decided))
}

export function stands(rows: Row[]): Stands {
  const of = new Map<string, Row[]>()
  for (const r of rows) {
    const mine = of.get(r.target)
    if (mine) {
      mine.push(r)
    } else {
      of.set(r.target, [r])
    }
  }
  return new Map(
    [...of].map(([id, all]) => {
      const rows = now(all)
      return [id, { state: worst(rows.map((r) => r.state as State)) ?? 'na', rows }]
    }),
  )
}

export const standText = (s: State | undefined) => (s ? stateText(s) : t(words.silent))
