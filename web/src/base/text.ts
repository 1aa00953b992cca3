// SPDX-License-Identifier: Apache-2.0
/**
 * Texts for people, in Chinese and English.
 *
 *     const words = { due: ['期限 {0}', 'due {0}'] } satisfies Texts
 *     t(words.due, '2026-12-31')
 */
import { ref, watchEffect } from 'vue'

export type Lang = 'zh' | 'en'
export type Text = readonly [zh: string, en: string]
export type Texts = Record<string, Text>

const KEPT = 'tizhi.lang'

function kept(): Lang {
  try {
    return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // storage is switched off
  }
}

export const lang = ref<Lang>(kept())

export function setLang(next: Lang): void {
  lang.value = next
  try {
    localStorage.setItem(KEPT, next)
  } catch {
    /* it is remembered as long as the page is open */
  }
}

export function t(text: Text, ...values: (string | number)[]): string {
  return text[lang.value === 'zh' ? 0 : 1].replace(/\{(\d)\}/g, (_, i) => String(values[+i] ?? ''))
}

/** What screen readers, hyphenation and fonts go by. */
export function followLang(): void {
  watchEffect(() => {
    document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
  })
}
