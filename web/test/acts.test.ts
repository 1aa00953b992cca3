// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test } from 'vitest'
import { lang } from '@/base/text'
import { sourceText } from '@/ui/acts'

afterEach(() => (lang.value = 'zh'))

test('where a fact comes from is told in words, in both languages', () => {
  expect(sourceText('t · 第 2 次提交：tizhi 于 2026-11-27 00:38:04 facts.load')).toBe(
    't · 第 2 次提交：tizhi 于 2026-11-27 00:38:04 导入数据',
  )
  lang.value = 'en'
  expect(
    sourceText('t grade A · commit 12: report.approve by user:li (Li) at 2026-11-27 00:38'),
  ).toBe('t grade A · commit 12: user:li (Li) accepted a report at 2026-11-27 00:38')
  expect(sourceText('data/facts.csv:12')).toBe('data/facts.csv:12')
})
