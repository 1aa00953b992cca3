// SPDX-License-Identifier: Apache-2.0
/**
 * What is committed to the book while the page is open, by the stream of events of the service. A
 * question that reads `moved.verdict.value` is asked again when verdicts have changed; so with
 * `queue` (reports, tasks, registers, questions), `hall` (units, users, seats) and `plan` (another
 * one is in force).
 */
import { ref, watch } from 'vue'
import { ended, lookAgain, me } from './session'

const CALM_MS = 1500 // what comes in quick succession is asked for once

const KINDS = ['verdict', 'queue', 'hall', 'plan'] as const
export type Moved = (typeof KINDS)[number]

export const moved = { verdict: ref(0), queue: ref(0), hall: ref(0), plan: ref(0) }
/** The last commit that the service has told of. */
export const commit = ref(0)
/** Whether there is a line to the service. */
export const online = ref(true)

const waiting = new Set<Moved>()
let timer = 0
let stream: EventSource | undefined

function tell(...what: Moved[]): void {
  what.forEach((w) => waiting.add(w))
  timer ||= window.setTimeout(() => {
    waiting.forEach((w) => (moved[w].value += 1))
    waiting.clear()
    timer = 0
  }, CALM_MS)
}

function known(e: MessageEvent): void {
  commit.value = Math.max(commit.value, Number(e.lastEventId) || 0)
}

/** From the last commit that was told, so that nothing in between is missed. */
function listen(): void {
  stream = new EventSource(`/api/v1/events?since=${commit.value}`)
  for (const what of KINDS) {
    stream.addEventListener(what, (e) => {
      known(e)
      tell(what)
    })
  }
  stream.addEventListener('ready', known)
  stream.addEventListener('missed', (e) => {
    known(e)
    tell(...KINDS)
  })
  stream.addEventListener('end', () => {
    hush()
    void lookAgain().then(follow)
  })
  stream.onopen = () => (online.value = true)
  stream.onerror = () => {
    online.value = false
    if (stream?.readyState === EventSource.CLOSED) {
      hush()
      window.setTimeout(follow, CALM_MS)
    }
  }
}

function hush(): void {
  stream?.close()
  stream = undefined
}

function follow(): void {
  const there = me.value && !ended.value
  if (there && stream === undefined) {
    listen()
  } else if (!there) {
    hush()
  }
}

/** A stream that was open when the line went may never say that it has died with it. */
function anew(): void {
  hush()
  follow()
}

export function followCommits(): void {
  watch([me, ended], follow, { immediate: true })
  window.addEventListener('online', anew)
  window.addEventListener('offline', () => (online.value = false))
}
