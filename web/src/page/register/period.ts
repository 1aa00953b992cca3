// SPDX-License-Identifier: Apache-2.0
/** Periods for which a register is stated, as the service writes them: the newest first. */
import type { Text } from '@/base/text'

const SHOWN = 5

export const filedWords: Record<string, Text> = {
  '': ['不报送', 'not stated'],
  year: ['每年', 'every year'],
  school_year: ['每学年', 'every school year'],
  term: ['每学期', 'every term'],
  quarter: ['每季度', 'every quarter'],
  month: ['每月', 'every month'],
}

const two = (n: number) => String(n).padStart(2, '0')

/** Of a day such as 2026-11-26; none for kinds of periods that nobody chooses from a list. */
export function periodsOf(kind: string, day: string): string[] {
  const year = Number(day.slice(0, 4))
  const month = Number(day.slice(5, 7))
  const back = Array.from({ length: SHOWN }, (_, i) => i)
  const school = month >= 9 ? year : year - 1
  switch (kind) {
    case 'year':
      return back.map((i) => String(year - i))
    case 'school_year':
      return back.map((i) => `${school - i}-${school - i + 1}`)
    case 'quarter':
      return back.map((i) => {
        const n = year * 4 + Math.floor((month - 1) / 3) - i
        return `${Math.floor(n / 4)}-Q${(n % 4) + 1}`
      })
    case 'month':
      return back.map((i) => {
        const n = year * 12 + month - 1 - i
        return `${Math.floor(n / 12)}-${two((n % 12) + 1)}`
      })
    default:
      return []
  }
}
