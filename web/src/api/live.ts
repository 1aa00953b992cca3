// SPDX-License-Identifier: Apache-2.0
/**
 * The commit that verdicts stand for, kept up while the page is in sight. A question that reads
 * `moved.value` is asked again when something has been committed.
 */
import { ref } from 'vue'
import { get } from './ask'

const EVERY_MS = 15000

export const commit = ref(0)
/** How often it has moved on since the page was opened. */
export const moved = ref(0)
/** Whether the service answered last time. */
export const online = ref(true)

async function look(): Promise<void> {
  if (document.visibilityState === 'hidden') {
    return
  }
  try {
    const now = (await get('/health')).commit
    moved.value += Number(commit.value !== 0 && now !== commit.value)
    commit.value = now
    online.value = true
  } catch {
    online.value = false
  }
}

export function followCommits(): void {
  void look()
  setInterval(() => void look(), EVERY_MS)
  document.addEventListener('visibilitychange', () => void look())
  window.addEventListener('online', () => void look())
  window.addEventListener('offline', () => (online.value = false))
}
