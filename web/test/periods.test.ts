// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { periodsOf } from '@/page/register/period'

test('periods of a register are those of the day and before, as the service writes them', () => {
  expect(periodsOf('year', '2026-11-26').slice(0, 2)).toEqual(['2026', '2025'])
  expect(periodsOf('school_year', '2026-11-26')[0]).toBe('2026-2027')
  expect(periodsOf('school_year', '2026-08-31')[0]).toBe('2025-2026')
  expect(periodsOf('quarter', '2026-02-01').slice(0, 2)).toEqual(['2026-Q1', '2025-Q4'])
  expect(periodsOf('month', '2026-01-05').slice(0, 2)).toEqual(['2026-01', '2025-12'])
})

test('a register that is not stated has none', () => {
  expect(periodsOf('', '2026-11-26')).toEqual([])
})
