// SPDX-License-Identifier: Apache-2.0
/** Tables of pages: columns, sorting, finding, and what is saved as CSV. */
import type { Text } from '@/base/text'

export type Cell = string | number | null | undefined

export interface Column<Row> {
  key: string
  title: Text
  /** Sorted, found and exported by; without it the column has a slot only. */
  value?: (row: Row) => Cell
  /** What is sorted by where that is not what is shown. */
  rank?: (row: Row) => number
  number?: boolean
  /** What it counts in, where the figures do not say it themselves. */
  unit?: Text
  width?: string
  /** Left out on a phone. */
  wide?: boolean
}

export interface Order {
  key: string
  down: boolean
}

const words = new Intl.Collator('zh-CN', { numeric: true })

/** 佐证（份） */
export function headOf<Row>(c: Column<Row>, t: (t: Text) => string): string {
  return c.unit ? t([`${c.title[0]}（${c.unit[0]}）`, `${c.title[1]} (${c.unit[1]})`]) : t(c.title)
}

const isBlank = (c: Cell) => c === null || c === undefined || c === ''

function compare(a: Cell, b: Cell): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : words.compare(String(a), String(b))
}

/** Blank ones last, whichever way; equal ones as they were. */
export function sorted<Row>(rows: Row[], columns: Column<Row>[], by: Order | null): Row[] {
  const column = columns.find((c) => c.key === by?.key)
  const of = column?.rank ?? column?.value
  if (by === null || of === undefined) {
    return rows
  }
  const keyed = rows.map((row) => ({ row, key: of(row) }))
  keyed.sort((a, b) =>
    isBlank(a.key) || isBlank(b.key)
      ? Number(isBlank(a.key)) - Number(isBlank(b.key))
      : compare(a.key, b.key) * (by.down ? -1 : 1),
  )
  return keyed.map((k) => k.row)
}

/** Rows that have every word of the text in one of their columns. */
export function holding<Row>(rows: Row[], columns: Column<Row>[], text: string): Row[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) {
    return rows
  }
  return rows.filter((row) => {
    const all = columns
      .map((c) => String(c.value?.(row) ?? ''))
      .join('\n')
      .toLowerCase()
    return wanted.every((w) => all.includes(w))
  })
}

/** A cell that a spreadsheet would take for a formula is kept a text. */
function csvCell(c: Cell): string {
  const text = isBlank(c) ? '' : String(c)
  const safe = typeof c === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

/** With a mark by which Excel knows that it is UTF-8. */
export function csv<Row>(rows: Row[], columns: Column<Row>[], title: (t: Text) => string): string {
  const shown = columns.filter((c) => c.value !== undefined)
  const lines = [shown.map((c) => csvCell(headOf(c, title)))]
  lines.push(...rows.map((row) => shown.map((c) => csvCell(c.value!(row)))))
  return `\uFEFF${lines.map((l) => l.join(',')).join('\r\n')}\r\n`
}
