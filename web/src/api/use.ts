// SPDX-License-Identifier: Apache-2.0
/**
 * What a page shows of the service: the newest answer, whether it waits, what went wrong.
 *
 *     const units = useAsked((signal) => get('/units', { query: { parent: unit.value } }, signal))
 *
 * It asks again when a reactive value that the question reads before its first await changes, or
 * somebody has signed in again, and cancels what it no longer wants. The answer before stays until
 * the next one is there.
 */
import { onScopeDispose, ref, shallowRef, watchEffect, type Ref, type ShallowRef } from 'vue'
import { problemOf, type Problem } from './problem'
import { times } from './session'

export interface Asked<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | undefined>
  waiting: Ref<boolean>
  again: () => void
  cancel: () => void
}

export function useAsked<T>(question: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const waiting = ref(false)
  const turn = ref(0)
  let running: AbortController | undefined

  const cancel = () => {
    running?.abort()
    running = undefined
    waiting.value = false
  }
  watchEffect(() => {
    void turn.value
    void times.value
    running?.abort()
    const mine = new AbortController()
    running = mine
    waiting.value = true
    question(mine.signal)
      .then((answer) => {
        if (running === mine) {
          data.value = answer
          problem.value = undefined
        }
      })
      .catch((thrown: unknown) => {
        if (running === mine) {
          problem.value = problemOf(thrown)
        }
      })
      .finally(() => {
        if (running === mine) {
          cancel()
        }
      })
  })
  onScopeDispose(cancel)
  return { data, problem, waiting, again: () => (turn.value += 1), cancel }
}

/** An act of the person: waiting while it runs, the problem it met; true when it is done. */
export function useAct() {
  const waiting = ref(false)
  const problem = shallowRef<Problem>()
  async function act(what: () => Promise<unknown>): Promise<boolean> {
    waiting.value = true
    problem.value = undefined
    try {
      await what()
      return true
    } catch (thrown) {
      const met = problemOf(thrown)
      problem.value = met.over ? undefined : met
      return false
    } finally {
      waiting.value = false
    }
  }
  return { waiting, problem, act }
}
