// SPDX-License-Identifier: Apache-2.0
/** A row of a register: what is proposed, else what counts; fields as people write them. */
import type { Shape } from '@/api/ask'
import { t, type Text } from '@/base/text'

export type Row = Shape<'row'>
export type Content = Shape<'row_content'>

const truth: Record<string, Text> = { true: ['是', 'yes'], false: ['否', 'no'] }

/** What may be chosen, as it is shown and written; undefined: it is typed. */
export function choicesOf(f: Shape<'register_field'>): string[] | undefined {
  const values = f.type === 'boolean' ? Object.keys(truth) : f.choices
  return values.length > 0 ? values.map(shown) : undefined
}

const shown = (value: string) => (value in truth ? t(truth[value]!) : value)

export function contentOf(row: Row | undefined): Content | undefined {
  return row?.proposed ?? row?.standing
}

export const fieldOf = (row: Row | undefined, name: string) => fieldIn(contentOf(row), name)

function fieldIn(content: Content | undefined, name: string): string {
  const fields = (content?.fields ?? {}) as Record<string, string | null>
  return shown(fields[name] ?? '')
}

/** What people call a row by: its key, else its id. */
export function nameOf(
  content: Content | undefined,
  id: string,
  fields: Shape<'register_field'>[],
): string {
  const key = fields.filter((f) => f.key).map((f) => fieldIn(content, f.field))
  return key.filter(Boolean).join(' ') || id
}

export interface FieldChange {
  field: string
  was: string
  now: string
}

/** Days in the order in which they are shown: in the words of the register's table. */
const DAYS = { 日期: 'date', 起: 'from', 止: 'to', 撤销日: 'revoked' } as const

/** What is not as it was before; of the first content all that is there. */
export function changesOf(before: Content | undefined, now: Content): FieldChange[] {
  const flat = (c: Content | undefined): Record<string, string> => ({
    ...((c?.fields ?? {}) as Record<string, string>),
    ...Object.fromEntries(Object.entries(DAYS).map(([word, day]) => [word, c?.[day] ?? ''])),
  })
  const was = flat(before)
  return Object.entries(flat(now))
    .map(([field, value]) => ({ field, was: was[field] ?? '', now: value }))
    .filter((c) => c.was !== c.now)
    .map((c) => ({ ...c, was: shown(c.was), now: shown(c.now) }))
}
