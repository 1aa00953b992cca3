// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { windowOf } from '@/base/window'

test('all rows of a short list are there', () => {
  expect(windowOf({ top: 0, height: 400, row: 40, count: 7 })).toEqual({
    first: 0,
    end: 7,
    before: 0,
    after: 0,
  })
})

test('of a long one those in sight, and the height stays that of all', () => {
  for (const top of [0, 39, 40, 4000, 199_999, 399_600, 500_000]) {
    const w = windowOf({ top, height: 400, row: 40, count: 10_000 })
    expect(w.end - w.first).toBeLessThan(40)
    expect(w.before + (w.end - w.first) * 40 + w.after).toBe(400_000)
    const seen = Math.min(top, 399_600)
    expect(w.before).toBeLessThanOrEqual(seen)
    expect(w.before + (w.end - w.first) * 40).toBeGreaterThanOrEqual(seen + 400)
  }
})

test('none of none', () => {
  expect(windowOf({ top: 0, height: 0, row: 40, count: 0 })).toMatchObject({ first: 0, end: 0 })
})
