// SPDX-License-Identifier: Apache-2.0
/** What the panels of a commitment have in common: names of parts, addresses of explanations. */
import { t, type Texts } from '@/base/text'
import { moment } from '@/ui/moment'

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
