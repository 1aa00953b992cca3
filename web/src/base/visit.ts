// SPDX-License-Identifier: Apache-2.0
/**
 * Where somebody was when he last looked: the last commit of the visit before this one, by user,
 * kept on this device. A number alone: nothing of what he saw is kept.
 *
 *     const before = visited(localStorage, 'li', 812, Date.now())
 */
export interface Seen {
  commit: number
  at: number
}

interface Kept {
  now: Seen
  before?: Seen | undefined
}

const APART_MS = 30 * 60_000 // of two visits; what is nearer is one

type Storage_ = Pick<Storage, 'getItem' | 'setItem'>

function read(text: string | null): Kept | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Kept)
  } catch {
    return undefined
  }
}

/** Remembers that the user sees this commit now. undefined: he has not been here before. */
export function visited(
  storage: Storage_,
  user: string,
  commit: number,
  at: number,
): Seen | undefined {
  const key = `tizhi.seen.${user}`
  try {
    const kept = read(storage.getItem(key))
    const before = kept && at - kept.now.at > APART_MS ? kept.now : kept?.before
    storage.setItem(key, JSON.stringify({ now: { commit, at }, before } satisfies Kept))
    return before
  } catch {
    return undefined // storage is switched off
  }
}
