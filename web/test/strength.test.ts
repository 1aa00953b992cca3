// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { bits, strength } from '@/base/strength'

test.each([
  ['', 0],
  ['aaaaaaaaaaaaaaaa', 1],
  ['abcdefghijklmnop', 1],
  ['12345678901234567890', 1],
  ['Kumis-44', 1],
  ['Kumis-Next-44', 3],
  ['kumisnextdoor', 2],
  ['提质行动计划三年', 1],
  ['correct horse battery', 3],
] as [string, number][])('%s', (password, is) => {
  expect(strength(password)).toBe(is)
})

test('more is never weaker', () => {
  const text = 'x7K!q9m2-Wz'
  for (let n = 1; n < text.length; n += 1) {
    expect(bits(text.slice(0, n + 1))).toBeGreaterThanOrEqual(bits(text.slice(0, n)))
  }
})
