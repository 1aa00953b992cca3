// SPDX-License-Identifier: Apache-2.0
/** Looks again at work that goes on in the service, until it is over or the page is left. */
import { onScopeDispose, watch } from 'vue'
import type { Asked } from '@/api/use'

const LOOK_MS = 700

export function lookWhile<T>(asked: Asked<T>, goesOn: () => boolean): void {
  let timer = 0
  watch([asked.data, asked.problem], () => {
    clearTimeout(timer)
    if (goesOn()) {
      timer = window.setTimeout(asked.again, LOOK_MS)
    }
  })
  onScopeDispose(() => clearTimeout(timer))
}
