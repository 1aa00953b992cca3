// SPDX-License-Identifier: Apache-2.0
/**
 * The commit that verdicts stand for, kept up while the page is in sight. A question that reads
 * `commit.value` is asked again when something has been committed.
 */
import { ref } from 'vue'
import { get } from './ask'

const EVERY_MS = 15000

export const commit = ref(0)
/** Whether the service answered last time. */
export const online = ref(true)

async function look(): Promise<void> {
  if (document.visibilityState === 'hidden') {
    return
  }
  try {
    commit.value = (await get('/health')).commit
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
