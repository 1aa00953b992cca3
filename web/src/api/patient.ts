// SPDX-License-Identifier: Apache-2.0
/**
 * What the service works out in the background: it answers 202 until that is there (503 while it
 * has too much to do), and is asked again every second until then, or until the person has enough
 * of it.
 *
 *     useAsked((signal) => patient(() => get('/…', { query: { as_of } }, signal), signal))
 */
import { NotYet, Problem } from './problem'

const BUSY = 503
const PAUSE_MS = 1000

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = window.setTimeout(resolve, PAUSE_MS)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}

const isWorth = (thrown: unknown) =>
  thrown instanceof NotYet || (thrown instanceof Problem && thrown.status === BUSY)

export async function patient<T>(question: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await question()
    } catch (thrown) {
      if (!isWorth(thrown)) {
        throw thrown
      }
      await pause(signal)
    }
  }
}
