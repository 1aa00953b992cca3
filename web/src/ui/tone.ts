// SPDX-License-Identifier: Apache-2.0
/** Colours of verdicts where they are painted and not written: bars, tiles, charts. */
import type { State } from './state'

export const TONE: Record<State, string> = {
  met: '#3b9163',
  missed: '#cf4a40',
  pending: '#7fb0d3',
  unknown: '#e0a83e',
  na: '#c3cad3',
}

export const INK = '#1c2733'
export const INK_SOFT = '#4b5a6a'
export const BLUE = '#1d4f91'
export const RULE = '#e6eaef'
