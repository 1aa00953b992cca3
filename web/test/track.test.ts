// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { Shape } from '@/api/ask'
import { drawn, isEmpty, scale, yearOf } from '@/page/commitment/track-chart'

const point = (year: number, text: string) => ({
  year,
  day: `${year}-12-31`,
  text,
  lo_exact: null,
  hi_exact: null,
  reported: 1,
  expected: 1,
})
const rung = (year: number, required: string, state = 'pending') => ({
  part: '',
  year,
  due: `${year}-12-31`,
  state,
  light: '',
  required,
})
const line = (points: string[], rungs: ReturnType<typeof rung>[]): Shape<'track_line'> => ({
  for_all: false,
  points: points.map((text, i) => point(2023 + i, text)),
  rungs,
})

test('from the last figure that is known to the next demand that it does not meet', () => {
  const d = drawn(
    line(['10%', '11%', '[0%, 100%]'], [rung(2025, '≥ 20%', 'missed'), rung(2026, '≥ 30%')]),
  )
  expect(d.was).toEqual([
    ['2023-12-31', 10],
    ['2024-12-31', 11],
  ])
  expect(d.between.map((b) => [b.m.low, b.m.high])).toEqual([[0, 100]])
  expect(d.way).toEqual([
    ['2024-12-31', 11],
    ['2026-12-31', 30],
  ])
  expect(d.unit).toBe('%')
})

test('no way is drawn where it is there already, from above or from below', () => {
  expect(drawn(line(['31%'], [rung(2026, '≥ 30%')])).way).toEqual([])
  expect(drawn(line(['29%'], [rung(2026, '≤ 30%')])).way).toEqual([])
  expect(drawn(line(['31%'], [rung(2026, '≤ 30%')])).way).toHaveLength(2)
})

test('a figure without bounds, one alone, and a truth are no picture', () => {
  expect(drawn(line(['[5人, ∞]'], [])).between).toEqual([])
  expect(isEmpty(drawn(line(['5人'], [])))).toBe(true)
  expect(isEmpty(drawn(line(['是', '否'], [rung(2026, '')])))).toBe(true)
})

test('a day stands within its year', () => {
  expect(yearOf('2025-01-01')).toBeCloseTo(2025.08, 2)
  expect(yearOf('2025-07-02')).toBeCloseTo(2025.5, 2)
  expect(yearOf('2024-12-31')).toBeCloseTo(2024.92, 2)
})

test('an axis has round marks, within what is possible, whatever silence leaves open', () => {
  const of = (points: string[], ...required: string[]) =>
    scale(
      drawn(
        line(
          points,
          required.map((r) => rung(2026, r)),
        ),
      ),
    )
  expect(of(['95.5%', '96.1%'], '≥ 95.0%')).toEqual({ min: 94.5, max: 96.5, interval: 0.5 })
  expect(of(['10%', '12%', '[0%, 100%]'], '≥ 20%')).toEqual({ min: 0, max: 25, interval: 5 })
  expect(of(['1人', '[0人, 5人]'], '≥ 4人')).toEqual({ min: 0, max: 6, interval: 2 })
  expect(of(['98%', '100%'], '≥ 99%').max).toBe(100)
  expect(of(['[0%, 100%]'], '≥ 20%')).toEqual({ min: 0, max: 100, interval: 20 })
  expect(of(['100%', '100%']).max).toBe(100)
})
