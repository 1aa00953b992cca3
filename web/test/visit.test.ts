// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { visited } from '@/base/visit'

const MINUTE = 60_000

function storage() {
  const map = new Map<string, string>()
  return {
    getItem: (k: string) => map.get(k) ?? null,
    setItem: (k: string, v: string) => void map.set(k, v),
  }
}

test('what was seen last is that of the visit before, not of the minute before', () => {
  const s = storage()
  expect(visited(s, 'li', 10, 0)).toBeUndefined()
  expect(visited(s, 'li', 11, MINUTE)).toBeUndefined()
  const later = 100 * MINUTE
  expect(visited(s, 'li', 20, later)).toEqual({ commit: 11, at: MINUTE })
  expect(visited(s, 'li', 21, later + MINUTE)).toEqual({ commit: 11, at: MINUTE })
  expect(visited(s, 'wang', 21, later)).toBeUndefined()
  expect(visited(s, 'li', 30, 2 * later)).toEqual({ commit: 21, at: later + MINUTE })
})

test('what cannot be read or kept is as if he had not been here', () => {
  expect(visited({ getItem: () => '{', setItem: () => undefined }, 'li', 1, 0)).toBeUndefined()
  const off = () => {
    throw new Error('switched off')
  }
  expect(visited({ getItem: off, setItem: off }, 'li', 1, 0)).toBeUndefined()
})
