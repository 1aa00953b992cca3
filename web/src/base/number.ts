// SPDX-License-Identifier: Apache-2.0
/**
 * Figures as the service prints them, set for people: nothing is rounded or worked out here.
 *
 *     measure('20400人')        { figure: '2.04 万', unit: '人', value: 20400 }
 *     measure('[0.0%, 50.0%]')  { figure: '0.0 – 50.0', unit: '%', value: null }
 */
import { lang, type Lang } from '@/base/text'

export interface Measure {
  /** Without its unit of measure. */
  figure: string
  unit: string
  /** For drawing and sorting only. null: there is none, or it is an interval. */
  value: number | null
  /** What an interval reaches from and to; infinite where nothing bounds it. */
  low: number
  high: number
}

const NONE: Measure = { figure: '', unit: '', value: null, low: -Infinity, high: Infinity }
const ONE = /^([<>≥≤=≈≠]?)\s*(-?\d+(?:\.\d+)?)(?:\/(\d+))?\s*(.*)$/u
const INTERVAL = /^\[(.*), (.*)\]$/u
const RANGE = /^(.+) – (.+)$/u

/** 1234567.5 → 1,234,567.5 */
export function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.')
  const set = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return rest === undefined ? set : `${set}.${rest}`
}

/** 20400 → 2.04 万, where no digit is lost and it gets shorter; in English there is no 万. */
export function figure(digits: string, lang: Lang): string {
  const whole = /^(-?)(\d+)$/.exec(digits)
  const n = whole?.[2]
  if (lang === 'en' || n === undefined || n.length < 5 || n.length > 15) {
    return grouped(digits)
  }
  const [by, word] = n.length > 8 ? [8, '亿'] : [4, '万']
  const part = n.slice(-by).replace(/0+$/, '')
  const head = grouped(n.slice(0, -by))
  return part.length <= 2 ? `${whole![1]}${head}${part && '.'}${part} ${word}` : grouped(digits)
}

function single(text: string, lang: Lang): Measure {
  const m = ONE.exec(text)
  if (m === null) {
    return { ...NONE, figure: text === '-' ? '' : text }
  }
  const [, sign = '', digits = '', below, unit = ''] = m
  const value = Number(digits) / Number(below ?? 1)
  const shown = below === undefined ? figure(digits, lang) : `${digits}/${below}`
  return { figure: sign ? `${sign} ${shown}` : shown, unit, value, low: value, high: value }
}

/** From low to high, of which one may have no bound. */
function between(low: Measure, high: Measure): Measure {
  const both = low.value !== null && high.value !== null
  const open =
    low.value !== null ? `≥ ${low.figure}` : high.value !== null ? `≤ ${high.figure}` : ''
  return {
    figure: both ? `${low.figure} – ${high.figure}` : open,
    unit: low.unit || high.unit,
    value: null,
    low: low.low,
    high: high.high,
  }
}

export function measure(text: string, of: Lang = lang.value): Measure {
  const m = INTERVAL.exec(text) ?? RANGE.exec(text)
  return m === null ? single(text, of) : between(single(m[1]!, of), single(m[2]!, of))
}

/** What stands between a figure and its unit: nothing before a word in Chinese (36人, 95.0 %). */
export const gap = (unit: string) => (unit === '' || /^\p{Script=Han}/u.test(unit) ? '' : '\u00A0')

/** Figure and unit as one text, as `ui/figure-text.vue` draws it. */
export function amount(text: string, of: Lang = lang.value): string {
  const m = measure(text, of)
  return m.figure + gap(m.unit) + m.unit
}

/** Five digits and more, before a word that they count: 12345人, 12345 persons; not 20260年. */
const LONG = /(?<![\w.,-])\d{5,}(?=(\.\d+)?(\s?(?![年月日])\p{Script=Han}|\s[a-z]))/gu

/** Figures within a sentence of the service: 95% → 95 %, 12345人 → 12,345人. Codes stay. */
export function prose(text: string): string {
  return text.replace(/(\d)%/g, '$1\u00A0%').replace(LONG, grouped)
}

/** Numbers that the browser has counted itself: rows, units, days. */
export function count(n: number): string {
  return grouped(String(n))
}

const WIDE = /[\uFF0B-\uFF19\uFF05]/g // ＋，－．／０ to ９ and ％
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/

/**
 * A figure as people paste it, as the service takes it: １，２３４台 → 1234, where the cell
 * counts in 台. What is no figure stays as it is, for the service to refuse.
 */
export function plainNumber(text: string, unit: string): string {
  const narrow = text
    .replace(WIDE, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u00A0]/g, '')
  const bare = unit !== '' && unit !== '%' && narrow.endsWith(unit)
  const digits = bare ? narrow.slice(0, -unit.length) : narrow
  const plain = GROUPED.test(digits) ? digits.replace(/,/g, '') : digits
  return /^[+-]?\d+(\.\d+)?%?$/.test(plain) ? plain : text
}
