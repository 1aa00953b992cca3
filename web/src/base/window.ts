// SPDX-License-Identifier: Apache-2.0
/** Which rows of a long list are in the document: those in sight and some more on either side. */
export interface View {
  /** Pixels: scrolled down, of the window, of a row. */
  top: number
  height: number
  row: number
  /** Rows there are. */
  count: number
}

export interface Window {
  first: number
  /** Behind the last one. */
  end: number
  /** Pixels of the rows left out above and below. */
  before: number
  after: number
}

const SPARE = 12

export function windowOf(v: View): Window {
  const seen = Math.ceil(v.height / v.row) + 2 * SPARE
  const from = Math.floor(v.top / v.row) - SPARE
  const first = Math.max(0, Math.min(from, v.count - seen))
  const end = Math.min(v.count, first + seen)
  return { first, end, before: first * v.row, after: (v.count - end) * v.row }
}
