// SPDX-License-Identifier: Apache-2.0
/** What the panels of a commitment have in common: names of parts, addresses of explanations. */
import { amount, count, measure } from '@/base/number'
import type { Column } from '@/base/table'
import { t, type Texts } from '@/base/text'
import { moment } from '@/ui/moment'
import { states, stateText, type State } from '@/ui/state'

const words = {
  whole: ['总体', 'the whole'],
  year: ['{0} 年', '{0}'],
} satisfies Texts

export const partText = (part: string) => part || t(words.whole)

/** 2026 年 · 骨干 */
export function occasion(year: number, part: string): string {
  return part ? `${t(words.year, year)} · ${part}` : t(words.year, year)
}

export interface Place {
  target: string
  unit: string
}

/** The page of the commitment at a unit, at the same moment. */
export const at = (p: Place) => ({
  name: 'commitment',
  params: { id: p.target },
  query: { unit: p.unit, ...moment.value },
})

/** Why it stands so there. */
export const why = (p: Place, year: number, part: string) => ({
  ...at(p),
  query: { ...at(p).query, year, ...(part && { part }) },
  hash: '#why',
})

interface Figures {
  state: string
  text: string
  required: string
  reported: number
  expected: number
}

/** Verdict, figure, demand and reports, where the state may be empty: nothing is asked there. */
export const figureColumns: Column<Figures>[] = [
  {
    key: 'state',
    title: ['结论', 'Verdict'],
    value: (v) => (v.state ? stateText(v.state as State) : ''),
    rank: (v) => states.indexOf(v.state as State),
  },
  {
    key: 'text',
    title: ['数值', 'Figure'],
    value: (v) => v.text,
    rank: (v) => measure(v.text).value ?? NaN,
    number: true,
  },
  {
    key: 'required',
    title: ['要求', 'Required'],
    value: (v) => amount(v.required),
    number: true,
    wide: true,
  },
  {
    key: 'reported',
    title: ['已报 / 应报（份）', 'Reported of due'],
    value: (v) => (v.expected ? `${count(v.reported)} / ${count(v.expected)}` : ''),
    rank: (v) => v.reported / v.expected,
    number: true,
    wide: true,
  },
]
