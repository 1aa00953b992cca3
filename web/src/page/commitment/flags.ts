// SPDX-License-Identifier: Apache-2.0
/** What the marks of verdicts mean (docs/plan-language.md, "Flags"). */
import type { Texts } from '@/base/text'

export const flagNotes = {
  early: ['到期前已达到', 'met before it is due'],
  revocable: ['已达到，但之后还可能失去', 'it is met, and can still be lost'],
  provisional: ['用到了初步数', 'it rests on a figure that is provisional'],
  under: ['在低的一边', 'on the low side'],
  over: ['在高的一边', 'on the high side'],
  breach: ['超过了上限', 'it is above the cap'],
  strive: ['计划要求“力争”，不是必须', 'the plan says: strive for it; it is no must'],
  disputed: ['用到了有争议的数', 'it rests on a figure that is disputed'],
  'definition-changed': ['两年的口径不同，不可相比', 'two years are counted differently'],
  wide: ['给出的范围比实际可能的更宽', 'the range shown is wider than it need be'],
  suppressed: ['数值小，不公开', 'the figure is small and withheld'],
  'non-binding': ['基准年就已达到这一要求', 'the baseline year has satisfied it already'],
} satisfies Texts
