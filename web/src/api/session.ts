// SPDX-License-Identifier: Apache-2.0
/** Who I am, what I may do, and where: as the service says it. */
import { computed, ref, shallowRef } from 'vue'
import { get, onSignedOut, send, type Shape } from './ask'
import { forgetAll } from '@/base/keep'
import { Problem } from './problem'

export type Me = Shape<'me'>
export type Seat = Shape<'seated'>

/** undefined: not asked yet; null: nobody is logged in. */
export const me = shallowRef<Me | null>()

/** I was signed in, and am no more: the page waits, with all that was typed, until I am again. */
export const ended = ref(false)
/** How often that was over: what is shown is asked for anew. */
export const times = ref(0)

export const operations = computed(() => new Set(me.value?.seats.flatMap((s) => s.may) ?? []))

/** Whether one of my seats may do this somewhere; the service decides where. */
export function may(operation: string): boolean {
  return operations.value.has(operation)
}

/** The cookie cannot be seen from here: a mark says whether there may be one worth asking about. */
const MARK = 'tizhi.in'
const mark = {
  is: () => localStorage.getItem(MARK) !== null,
  /** Another one each time: other windows hear of it. */
  set: (who: Me | null) =>
    who === null ? localStorage.removeItem(MARK) : localStorage.setItem(MARK, String(Date.now())),
}

function take(who: Me | null): Me | null {
  mark.set(who)
  me.value = who
  if (ended.value) {
    ended.value = false
    times.value += 1
  }
  return who
}

/** Ended elsewhere, or by time; who has signed out in another window is out here, too. */
function lost(): void {
  if (me.value && mark.is()) {
    ended.value = true
  } else {
    take(null)
  }
}

/** After a hint that the session may be over, or there again. */
export async function lookAgain(): Promise<void> {
  try {
    const who = await get('/session')
    if (who.user === me.value?.user) {
      take(who)
    } else {
      window.location.assign('/')
    }
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) {
      lost()
    }
  }
}

export async function whoAmI(): Promise<Me | null> {
  if (me.value !== undefined) {
    return me.value
  }
  if (!mark.is()) {
    return take(null)
  }
  try {
    return take(await get('/session'))
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) {
      return take(null)
    }
    throw thrown
  }
}

export async function signIn(user: string, password: string, code: string): Promise<void> {
  take(await send('post', '/session', { body: { user, password, ...(code && { code }) } }))
}

export async function changePassword(given: Shape<'new_password'>): Promise<void> {
  take(await send('post', '/session/password', { body: given }))
}

/** Where to go on after the provider of single sign-on has sent the browser back. */
const TO = 'tizhi.to'

/** To the provider; the page is left. */
export async function startSso(to: string): Promise<void> {
  const { url } = await send('post', '/session/oidc/start')
  sessionStorage.setItem(TO, to)
  window.location.assign(url)
}

/** What the provider has sent along; gives where to go on. */
export async function finishSso(back: Shape<'oidc_back'>): Promise<string> {
  take(await send('post', '/session/oidc', { body: back }))
  const to = sessionStorage.getItem(TO) ?? '/'
  sessionStorage.removeItem(TO)
  return to
}

/** What was typed and not sent is of this user: it goes with him. Out at the provider, too. */
export async function signOut(): Promise<void> {
  await forgetAll()
  const by = me.value?.by
  const url = by === 'sso' ? (await send('post', '/session/oidc/end')).url : ''
  if (by !== 'sso') {
    await send('delete', '/session')
  }
  take(null)
  if (url) {
    window.location.assign(url)
  }
}

onSignedOut(lost)
