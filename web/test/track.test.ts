// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { Shape } from '@/api/ask'
import { drawn, isEmpty } from '@/page/commitment/track-chart'

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
