// SPDX-License-Identifier: Apache-2.0
/** States of verdicts, in the order in which they are shown. */
import type { Shape } from '@/api/ask'
import { said } from '@/api/words'
import { t, type Text } from '@/base/text'

export type State = keyof typeof said.state
export type States = Shape<'states'>

export const states: State[] = ['met', 'missed', 'pending', 'unknown', 'na']

export const signs: Record<State, string> = {
  met: '✓',
  missed: '✕',
  pending: '◔',
  unknown: '?',
  na: '–',
}

/** In full where the word of the service is one for programs. */
const words: Partial<Record<State, Text>> = { na: ['不适用', 'n/a'] }

export const stateText = (s: State) => t(words[s] ?? said.state[s])

export function totalOf(n: States): number {
  return states.reduce((sum, s) => sum + n[s], 0)
}

export function addStates(a: States, b: States): States {
  return Object.fromEntries(states.map((s) => [s, a[s] + b[s]])) as unknown as States
}
