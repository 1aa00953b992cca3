// SPDX-License-Identifier: Apache-2.0
/**
 * What the service works out in the background: it answers 503 until that is there, and is asked
 * again every second until then, or until the person has enough of it.
 *
 *     useAsked((signal) => patient(() => get('/…', { query: { as_of } }, signal), signal))
 */
import { Problem } from './problem'

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

export async function patient<T>(question: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await question()
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.status !== BUSY) {
        throw thrown
      }
      await pause(signal)
    }
  }
}
