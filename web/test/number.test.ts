// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { amount, count, figure, grouped, measure, plainNumber, prose } from '@/base/number'

describe('digits', () => {
  test('thousands are set apart, decimals are left as they are', () => {
    for (const [plain, set] of [
      ['0', '0'],
      ['999', '999'],
      ['1234.5', '1,234.5'],
      ['-1234567.25', '-1,234,567.25'],
      ['0.0000', '0.0000'],
      ['100000', '100,000'],
    ]) {
      expect(grouped(plain!)).toBe(set)
    }
  })
  test('万 and 亿 only where no digit is lost', () => {
    for (const [plain, zh] of [
      ['20400', '2.04 万'],
      ['9999', '9,999'],
      ['10000', '1 万'],
      ['20401', '20,401'],
      ['42599149', '42,599,149'],
      ['-30000', '-3 万'],
      ['764690000', '764,690,000'],
      ['760000000', '7.6 亿'],
      ['12345678900', '12,345,678,900'],
      ['100000', '10 万'],
      ['20400.5', '20,400.5'],
    ]) {
      expect(figure(plain!, 'zh'), plain).toBe(zh)
    }
    expect(figure('20400', 'en')).toBe('20,400')
  })
  test('what the browser counts is set apart, too', () => {
    expect(count(13000)).toBe('13,000')
  })
})

describe('figures as the service prints them', () => {
  const cases: [string, string, string, number | null][] = [
    ['95.7%', '95.7', '%', 95.7],
    ['≥ 95.0%', '≥ 95.0', '%', 95],
    ['>76.5%', '> 76.5', '%', 76.5],
    ['36人', '36', '人', 36],
    ['20400人次', '2.04 万', '人次', 20400],
    ['1.08个/人', '1.08', '个/人', 1.08],
    ['188773.33元/个', '188,773.33', '元/个', 188773.33],
    ['[0.0%, 50.0%]', '0.0 – 50.0', '%', null],
    ['[174个, ∞]', '≥ 174', '个', null],
    ['[-∞, 3人]', '≤ 3', '人', null],
    ['[-∞, ∞]', '', '', null],
    ['3年 – 5年', '3 – 5', '年', null],
    ['1/3', '1/3', '', 1 / 3],
    ['是', '是', '', null],
    ['-', '', '', null],
    ['', '', '', null],
  ]
  test.each(cases)('%s', (text, shown, unit, value) => {
    const m = measure(text)
    expect([m.figure, m.unit, m.value]).toEqual([shown, unit, value])
  })
  test('an interval keeps its ends for drawing', () => {
    expect(measure('[0.0%, 50.0%]')).toMatchObject({ low: 0, high: 50 })
    expect(measure('[174个, ∞]')).toMatchObject({ low: 174, high: Infinity })
  })
})

describe('a figure with its unit', () => {
  test.each([
    ['20400人次', '2.04 万人次', '20,400人次'],
    ['95.0%', '95.0 %', '95.0 %'],
    ['≥ 100 persons', '≥ 100 persons', '≥ 100 persons'],
    ['20400 persons', '2.04 万 persons', '20,400 persons'],
    ['199.4198Mbps', '199.4198 Mbps', '199.4198 Mbps'],
    ['1.08 per person', '1.08 per person', '1.08 per person'],
    ['[0 persons, ∞]', '≥ 0 persons', '≥ 0 persons'],
    ['[9.71%, 29.13%]', '9.71 – 29.13 %', '9.71 – 29.13 %'],
    ['', '', ''],
  ])('%s', (text, zh, en) => {
    const plain = (s: string) => s.replaceAll('\u00A0', ' ')
    expect(plain(amount(text, 'zh'))).toBe(zh)
    expect(plain(amount(text, 'en'))).toBe(en)
  })
})

describe('figures within a sentence', () => {
  test.each([
    ['再增加 12345人，其他不变', '再增加 12,345人，其他不变'],
    ['at least 10%', 'at least 10 %'],
    ['12345 more persons reach it', '12,345 more persons reach it'],
    ['到 2026年 1000所', '到 2026年 1000所'],
    ['单位 150404P001 在 2026-12-26', '单位 150404P001 在 2026-12-26'],
    ['第 20260年', '第 20260年'],
  ])('%s', (text, shown) => expect(prose(text).replaceAll('\u00A0', ' ')).toBe(shown))
})

describe('a figure as it is pasted', () => {
  test.each([
    ['1,234', '台', '1234'],
    ['１，２３４．５', '', '1234.5'],
    ['12台', '台', '12'],
    [' 95.5% ', '%', '95.5%'],
    ['９５％', '%', '95%'],
    ['-3', '人', '-3'],
    ['12人', '台', '12人'],
    ['1,23', '', '1,23'],
    ['约 15 个', '个', '约 15 个'],
    ['', '台', ''],
  ])('%s %s', (text, unit, plain) => expect(plainNumber(text, unit)).toBe(plain))
})
