// SPDX-License-Identifier: Apache-2.0
import { MAIN } from '@/api/plan'
import { t, type Texts } from '@/base/text'

const words = { main: ['正文', 'Main text'], annex: ['附件{0}', 'Annex {0}'] } satisfies Texts

/** An annex as the plan writes it, for people. */
export function annexText(annex: string): string {
  return annex === MAIN ? t(words.main) : t(words.annex, annex.replace(/^附件\s*/, ''))
}
