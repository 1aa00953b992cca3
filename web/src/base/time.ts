// SPDX-License-Identifier: Apache-2.0
/** Moments as people in China read them, wherever the browser is. */
const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
})

/** Microseconds since 1970 → 2026-11-26 18:05 */
export function time(us: number): string {
  return format.format(new Date(us / 1000))
}

/** The day there: 2026-11-26 */
export function today(): string {
  return time(Date.now() * 1000).slice(0, 10)
}
