// SPDX-License-Identifier: Apache-2.0
/**
 * A spreadsheet without its picture: texts in rows and columns, a selected rectangle, changes that
 * can be undone, and rectangles of text as Excel copies them.
 */
export interface Place {
  row: number
  column: number
}

export interface Change extends Place {
  from: string
  to: string
}

export interface Rectangle {
  top: number
  left: number
  bottom: number
  right: number
}

export function rectangle(a: Place, b: Place): Rectangle {
  return {
    top: Math.min(a.row, b.row),
    left: Math.min(a.column, b.column),
    bottom: Math.max(a.row, b.row),
    right: Math.max(a.column, b.column),
  }
}

export function within(r: Rectangle, p: Place): boolean {
  return p.row >= r.top && p.row <= r.bottom && p.column >= r.left && p.column <= r.right
}

/** Cells as Excel puts them on the clipboard: tabs, lines, quotes around what holds either. */
export function parseClip(text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y
  while (cell.lastIndex <= text.length) {
    const m = cell.exec(text)
    if (m === null) {
      // A quote in the middle of a word: such a text is none of Excel's quoting.
      return text.split(/\r\n|\r|\n/).map((line) => line.split('\t'))
    }
    rows.at(-1)!.push(m[1] !== undefined ? m[1].replace(/""/g, '"') : (m[2] ?? ''))
    if (m[3] === '') {
      break
    }
    if (m[3] !== '\t') {
      rows.push([])
    }
  }
  const last = rows.at(-1)!
  return rows.length > 1 && last.length <= 1 && !last[0] ? rows.slice(0, -1) : rows
}

export function formatClip(cells: string[][]): string {
  const quoted = (c: string) => (/["\t\r\n]/.test(c) ? `"${c.replace(/"/g, '""')}"` : c)
  return cells.map((row) => row.map(quoted).join('\t')).join('\r\n')
}

/** What may be written where; others are skipped when a rectangle is put down. */
export interface Sheet {
  rows: number
  columns: number
  at: (p: Place) => string
  writable: (p: Place) => boolean
}

/** A rectangle put down at a place; a single cell fills all that is selected. */
export function paste(sheet: Sheet, selected: Rectangle, cells: string[][]): Change[] {
  const single = cells.length === 1 && cells[0]!.length === 1
  const height = single ? selected.bottom - selected.top + 1 : cells.length
  const changes: Change[] = []
  for (let i = 0; i < height; i++) {
    const line = single ? cells[0]! : cells[i]!
    const width = single ? selected.right - selected.left + 1 : line.length
    for (let k = 0; k < width; k++) {
      const p = { row: selected.top + i, column: selected.left + k }
      const to = (single ? line[0]! : line[k]!).trim()
      if (
        p.row < sheet.rows &&
        p.column < sheet.columns &&
        sheet.writable(p) &&
        sheet.at(p) !== to
      ) {
        changes.push({ ...p, from: sheet.at(p), to })
      }
    }
  }
  return changes
}

export function clear(sheet: Sheet, selected: Rectangle): Change[] {
  return paste(sheet, selected, [['']])
}

/** The first line (or column) of what is selected, repeated over the rest of it. */
export function fill(sheet: Sheet, selected: Rectangle, down: boolean): Change[] {
  const { top, bottom, left, right } = selected
  const cells: string[][] = []
  for (let row = top; row <= bottom; row++) {
    const line: string[] = []
    for (let column = left; column <= right; column++) {
      line.push(sheet.at({ row: down ? top : row, column: down ? column : left }))
    }
    cells.push(line)
  }
  return paste(sheet, { top, left, bottom: top, right: left }, cells)
}

/** Changes that were made together are undone together. */
export class Undo {
  private done: Change[][] = []
  private undone: Change[][] = []

  made(changes: Change[]): void {
    if (changes.length > 0) {
      this.done.push(changes)
      this.undone = []
    }
  }

  /** What has to be written to go back, or forth again. */
  back(): Change[] {
    const changes = this.done.pop()
    if (changes === undefined) {
      return []
    }
    this.undone.push(changes)
    return changes.map((c) => ({ ...c, from: c.to, to: c.from })).reverse()
  }

  forth(): Change[] {
    const changes = this.undone.pop()
    if (changes !== undefined) {
      this.done.push(changes)
    }
    return changes ?? []
  }
}
