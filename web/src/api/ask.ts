// SPDX-License-Identifier: Apache-2.0
/**
 * Asking the service. Paths, queries, bodies and answers are those of its OpenAPI file.
 *
 *     const page = await get('/units', { query: { parent: '150000' } }, signal)
 *     await send('post', '/session', { body: { user, password } })
 *
 * A failure throws a Problem, what is still being worked out NotYet (patient.ts asks again), a
 * request that was cancelled what fetch throws.
 */
import { lang } from '@/base/text'
import { NotYet, Problem, broken, offline } from './problem'
import type { components, paths } from './schema'

export type Shape<K extends keyof components['schemas']> = components['schemas'][K]

const ROOT = '/api/v1'
type Verb = 'get' | 'post' | 'put' | 'delete'
export type Operation<P extends string, V extends Verb> = `${typeof ROOT}${P}` extends keyof paths
  ? Exclude<paths[`${typeof ROOT}${P}`][V], undefined>
  : never
type Below<P> = P extends `${typeof ROOT}${infer R}` ? R : never
export type Path<V extends Verb> = {
  [P in keyof paths]: [Exclude<paths[P][V], undefined>] extends [never] ? never : Below<P>
}[keyof paths]

type Words<O> = O extends { parameters: { path: infer W } } ? { path: W } : { path?: undefined }
type Query<O> = O extends { parameters: { query?: infer Q } }
  ? { query?: Q }
  : { query?: undefined }
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : { body?: undefined }
export type Given<O> = Words<O> & Query<O> & Body<O>
export type Answer<O> = O extends {
  responses: { 200: { content: { 'application/json': infer A } } }
}
  ? A
  : undefined

/** Called when the service says that nobody is logged in. */
let signedOut: () => unknown = () => undefined
export function onSignedOut(heed: () => unknown): void {
  signedOut = heed
}

export interface Loose {
  path?: Record<string, string | number>
  query?: Record<string, unknown>
  body?: unknown
}

export function address(path: string, given: Loose): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, w) => encodeURIComponent(String(given.path?.[w])))
  const query = Object.entries(given.query ?? {})
    .filter(([, v]) => v !== undefined && v !== '' && v !== null)
    .map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(String(v))}`)
  return ROOT + filled + (query.length > 0 ? `?${query.join('&')}` : '')
}

/** The line may be lost before the answer begins, and while it comes. */
async function fetched(url: string, how: RequestInit) {
  try {
    const r = await fetch(url, how)
    return { ok: r.ok, status: r.status, text: await r.text() }
  } catch (thrown) {
    if (how.signal?.aborted) {
      throw thrown
    }
    throw offline()
  }
}

export function read(status: number, text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw broken(status)
  }
}

/** What was refused, as a problem; who is not logged in any more is asked to be. */
export function refused(status: number, path: string, said: unknown): Problem {
  const problem = new Problem(status, (said ?? {}) as Partial<Shape<'problem'>>)
  if (status === 401 && path !== '/session' && !path.startsWith('/session/')) {
    signedOut()
    problem.over = true
  }
  return problem
}

export const language = () => (lang.value === 'zh' ? 'zh-CN' : 'en')

async function ask(verb: Verb, path: string, given: Loose, signal?: AbortSignal): Promise<unknown> {
  const headers: Record<string, string> = { 'Accept-Language': language() }
  if (given.body !== undefined) {
    headers['Content-Type'] = 'application/json'
  } else if (verb !== 'get') {
    headers['X-Tizhi'] = '1'
  }
  const r = await fetched(address(path, given), {
    method: verb.toUpperCase(),
    headers,
    credentials: 'same-origin',
    ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
    ...(signal && { signal }),
  })
  const said = read(r.status, r.text)
  if (r.status === 202) {
    throw new NotYet((said as Shape<'not_yet'>).says)
  }
  if (r.ok) {
    return said
  }
  throw refused(r.status, path, said)
}

type MayOmit<G> = object extends G
  ? [given?: G, signal?: AbortSignal]
  : [given: G, signal?: AbortSignal]

/** What the two functions below take, as one loose shape: checked where they are called. */
type Taken = [given?: Loose, signal?: AbortSignal]

export function get<P extends Path<'get'>>(
  path: P,
  ...args: MayOmit<Given<Operation<P, 'get'>>>
): Promise<Answer<Operation<P, 'get'>>> {
  const [given, signal] = args as unknown as Taken
  return ask('get', path, given ?? {}, signal) as Promise<Answer<Operation<P, 'get'>>>
}

export function send<V extends Exclude<Verb, 'get'>, P extends Path<V>>(
  verb: V,
  path: P,
  ...args: MayOmit<Given<Operation<P, V>>>
): Promise<Answer<Operation<P, V>>> {
  const [given, signal] = args as unknown as Taken
  return ask(verb, path, given ?? {}, signal) as Promise<Answer<Operation<P, V>>>
}
