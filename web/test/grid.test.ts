// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { clear, fill, formatClip, parseClip, paste, rectangle, Undo, type Sheet } from '@/base/grid'

describe('the clipboard', () => {
  test.each([
    ['1', [['1']]],
    [
      '1\t2\r\n3\t4\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['1\n2\n3', [['1'], ['2'], ['3']]],
    ['a\t\tb', [['a', '', 'b']]],
    ['"两行\n文字"\t"他说""是"""\r\n', [['两行\n文字', '他说"是"']]],
    ['\r\n1', [[''], ['1']]],
    ['5" 管\t1', [['5" 管', '1']]],
  ])('%j', (text, cells) => expect(parseClip(text)).toEqual(cells))

  test('there and back', () => {
    const cells = [
      ['1', '两\n行', 'a"b'],
      ['', '\t', 'x'],
    ]
    expect(parseClip(formatClip(cells))).toEqual(cells)
  })
})

function sheetOf(cells: string[][], locked: string[] = []): Sheet {
  return {
    rows: cells.length,
    columns: cells[0]!.length,
    at: (p) => cells[p.row]![p.column]!,
    writable: (p) => !locked.includes(`${p.row}/${p.column}`),
  }
}

describe('changes', () => {
  const one = rectangle({ row: 0, column: 0 }, { row: 0, column: 0 })

  test('a rectangle is put down from the first cell on, past what is locked', () => {
    const sheet = sheetOf(
      [
        ['', 'a'],
        ['', ''],
        ['', ''],
      ],
      ['1/0'],
    )
    const changes = paste(sheet, one, [['1', 'a'], ['2', '3'], ['4'], ['5']])
    expect(changes.map((c) => [c.row, c.column, c.to])).toEqual([
      [0, 0, '1'],
      [1, 1, '3'],
      [2, 0, '4'],
    ])
  })

  test('a single cell fills all that is selected; clearing is that with nothing', () => {
    const sheet = sheetOf([['1'], ['2'], ['3']])
    const two = rectangle({ row: 2, column: 0 }, { row: 1, column: 0 })
    expect(paste(sheet, two, [[' 7 ']]).map((c) => c.to)).toEqual(['7', '7'])
    expect(clear(sheet, two).map((c) => c.from)).toEqual(['2', '3'])
  })

  test('the first line goes down, the first column to the right; what is locked stays', () => {
    const cells = [
      ['1', 'a'],
      ['', ''],
      ['', ''],
    ]
    const all = rectangle({ row: 0, column: 0 }, { row: 2, column: 1 })
    const down = fill(sheetOf(cells, ['1/1']), all, true)
    expect(down.map((c) => [c.row, c.column, c.to])).toEqual([
      [1, 0, '1'],
      [2, 0, '1'],
      [2, 1, 'a'],
    ])
    expect(fill(sheetOf(cells), { ...all, bottom: 0 }, false).map((c) => c.to)).toEqual(['1'])
  })

  test('undone together, in reverse, and done again until something else is', () => {
    const undo = new Undo()
    const first = [{ row: 0, column: 0, from: '', to: '1' }]
    const both = [...first, { row: 0, column: 0, from: '1', to: '2' }]
    undo.made(both)
    expect(undo.back().map((c) => c.to)).toEqual(['1', ''])
    expect(undo.forth()).toEqual(both)
    expect(undo.forth()).toEqual([])
    undo.back()
    undo.made(first)
    expect(undo.forth()).toEqual([])
  })
})
