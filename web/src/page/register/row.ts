// SPDX-License-Identifier: Apache-2.0
/** A row of a register: what is proposed, else what counts; fields as people write them. */
import type { Shape } from '@/api/ask'
import { t, type Text } from '@/base/text'

export type Row = Shape<'row'>

const truth: Record<string, Text> = { true: ['是', 'yes'], false: ['否', 'no'] }

export function contentOf(row: Row | undefined): Shape<'row_content'> | undefined {
  return row?.proposed ?? row?.standing
}

export function fieldOf(row: Row | undefined, name: string): string {
  const fields = (contentOf(row)?.fields ?? {}) as Record<string, string | null>
  const value = fields[name] ?? ''
  return value in truth ? t(truth[value]!) : value
}
