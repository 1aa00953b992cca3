// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { csv, headOf, holding, sorted, type Column } from '@/base/table'

interface Row {
  id: string
  n: number | null
}
const columns: Column<Row>[] = [
  { key: 'id', title: ['编号', 'Id'], value: (r) => r.id },
  { key: 'n', title: ['数', 'N'], value: (r) => r.n },
]
const rows: Row[] = [
  { id: 'B10', n: 3 },
  { id: 'B2', n: null },
  { id: 'B1', n: -1 },
]
const ids = (list: Row[]) => list.map((r) => r.id).join(' ')

test('numbers within names count as numbers; blanks are last, up and down', () => {
  expect(ids(sorted(rows, columns, { key: 'id', down: false }))).toBe('B1 B2 B10')
  expect(ids(sorted(rows, columns, { key: 'n', down: false }))).toBe('B1 B10 B2')
  expect(ids(sorted(rows, columns, { key: 'n', down: true }))).toBe('B10 B1 B2')
  expect(sorted(rows, columns, null)).toBe(rows)
})

test('every word has to be found', () => {
  expect(ids(holding(rows, columns, 'b1'))).toBe('B10 B1')
  expect(ids(holding(rows, columns, ' b1 3 '))).toBe('B10')
  expect(holding(rows, columns, ' ')).toBe(rows)
})

test('CSV opens in Excel and cannot run anything there', () => {
  const text = csv(
    [
      { id: '=1+1', n: -2 },
      { id: 'a"b,c', n: null },
    ],
    columns,
    (t) => t[0],
  )
  expect(text).toBe('\uFEFF编号,数\r\n\'=1+1,-2\r\n"a""b,c",\r\n')
})

test('a head names what its column counts in, in both languages', () => {
  const c: Column<Row> = { key: 'n', title: ['佐证', 'Evidence'], unit: ['份', 'pieces'] }
  expect(headOf(c, (t) => t[0])).toBe('佐证（份）')
  expect(headOf(c, (t) => t[1])).toBe('Evidence (pieces)')
  expect(headOf(columns[1]!, (t) => t[1])).toBe('N')
})
