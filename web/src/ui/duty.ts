// SPDX-License-Identifier: Apache-2.0
/** Duties: what each is about in words, and the page where it is done. */
import { computed } from 'vue'
import { get, type Shape } from '@/api/ask'
import { commitmentOf } from '@/api/plan'
import { useAsked } from '@/api/use'
import { lang, t, type Texts } from '@/base/text'
import { homeUnit } from './unit'

const words = {
  question: ['数据疑问', 'A question about figures'],
} satisfies Texts

export type Duty = Shape<'duty'>

const REPORTS = ['fill', 'answer', 'sign', 'review']
const QUESTIONS = ['reply', 'weigh']
const TASKS = ['task', 'contribute', 'sign-off', 'decide']

/** `M18.7/2024.2024-Q1` is the first quarter of 2024 of task M18.7. */
export function taskOf(id: string): { task: string; year: string; part: string } {
  const [task = '', when = ''] = id.split('/')
  const dot = when.indexOf('.')
  return dot < 0
    ? { task, year: when, part: '' }
    : { task, year: when.slice(0, dot), part: when.slice(dot + 1) }
}

export function taskPage(k: { task: string; unit: string; year: string | number; part: string }) {
  return {
    name: 'task',
    params: { task: k.task, unit: k.unit },
    query: { year: String(k.year), ...(k.part && { part: k.part }) },
  }
}

/** undefined: it has no page yet. */
export function dutyPage(d: Duty) {
  if (d.register) {
    const unit = d.duty === 'review' ? d.unit : d.at
    return {
      path: `/registers/${d.register}/${unit}`,
      query: d.period ? { period: d.period } : {},
    }
  }
  if (REPORTS.includes(d.duty)) {
    return { path: `/rounds/${d.id}/${d.unit}` }
  }
  if (TASKS.includes(d.duty)) {
    return taskPage({ ...taskOf(d.id), unit: d.unit })
  }
  if (QUESTIONS.includes(d.duty)) {
    return { path: `/questions/${d.id}` }
  }
  return d.duty === 'round' ? { path: `/rounds/${d.id}` } : undefined
}

/** Names of rounds and tasks, for ids. */
export function useDutyNames() {
  const rounds = useAsked((signal) => get('/rounds', { query: { unit: homeUnit.value } }, signal))
  const nameOf = computed(() => {
    const rows = rounds.data.value?.rounds ?? []
    return new Map(
      rows.map((r) => {
        const name = lang.value === 'en' && r.form_english ? r.form_english : r.form_name
        return [r.round, `${name} ${r.period}`]
      }),
    )
  })
  return (d: Duty): string => {
    if (QUESTIONS.includes(d.duty)) {
      return t(words.question)
    }
    const { task, part, year } = taskOf(d.id)
    const name = commitmentOf.value.get(task)?.name
    return TASKS.includes(d.duty) && name
      ? `${name} ${part || year}`
      : (nameOf.value.get(d.id) ?? d.id)
  }
}
