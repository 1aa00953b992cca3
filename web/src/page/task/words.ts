// SPDX-License-Identifier: Apache-2.0
/** Words that pages of tasks share. */
import { said } from '@/api/words'
import { t, type Text } from '@/base/text'

const light: Text = ['{0}灯', '{0}']

/** "": it is done, or has no day. */
export function lightText(l: string): string {
  return l in said.light ? t(light, t((said.light as Record<string, Text>)[l]!)) : ''
}

/** 2026-11-26 → 2026-4 */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}-${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}
