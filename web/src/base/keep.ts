// SPDX-License-Identifier: Apache-2.0
/**
 * What is typed and not yet taken by the service, kept on this device. Where the browser keeps
 * nothing (private windows), it is lost with the page and nothing else fails.
 */
const NAME = 'tizhi'
const STORE = 'typed'

function done<T>(r: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result)
    r.onerror = () => reject(r.error)
  })
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE)
}

export async function kept<T>(key: string): Promise<T | undefined> {
  try {
    return (await done((await store('readonly')).get(key))) as T | undefined
  } catch {
    return undefined
  }
}

export async function keep(key: string, value: unknown): Promise<void> {
  try {
    await done((await store('readwrite')).put(value, key))
  } catch {
    /* see above */
  }
}

export async function forget(key: string): Promise<void> {
  try {
    await done((await store('readwrite')).delete(key))
  } catch {
    /* see above */
  }
}

export async function forgetAll(): Promise<void> {
  try {
    await done((await store('readwrite')).clear())
  } catch {
    /* see above */
  }
}
