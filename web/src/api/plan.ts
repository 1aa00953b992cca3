// SPDX-License-Identifier: Apache-2.0
/** The plan and its commitments: asked once, and again in the other language, and when another one
 * is in force. */
import { computed, shallowRef, watch } from 'vue'
import { lang } from '@/base/text'
import { get, type Shape } from './ask'
import { moved, online } from './live'
import { everyPage } from './pages'
import { failed, problemOf } from './problem'
import { me } from './session'

export type Plan = Shape<'plan'>
export type Commitment = Shape<'commitment'>

export const plan = shallowRef<Plan>()
export const commitments = shallowRef<Commitment[]>([])

export const commitmentOf = computed(() => new Map(commitments.value.map((c) => [c.id, c])))

/** Of answers that overtake each other the one stays that was asked for last. */
let turn = 0
async function load(): Promise<void> {
  const mine = ++turn
  try {
    const now = await get('/plan')
    plan.value = mine === turn ? now : plan.value
    const all = await everyPage(
      (query) => get('/commitments', { query }),
      (page) => page.commitments,
    )
    commitments.value = mine === turn ? all.rows : commitments.value
  } catch (thrown) {
    const problem = problemOf(thrown)
    if (!problem.offline) {
      failed.value = problem
    }
  }
}

/** What the page itself shows comes first. */
const soon = (run: () => void) =>
  'requestIdleCallback' in window ? requestIdleCallback(run, { timeout: 500 }) : setTimeout(run)

// Without a line it is asked again when there is one.
watch(
  [me, lang, online, moved.plan],
  ([who]) => {
    if (who && who.seats.length > 0) {
      soon(() => void load())
    }
  },
  { immediate: true },
)

/** 附件1 二(三)13 → 附件1; what is in no annex stands in the main text. */
export const MAIN = ''
const annexOf = computed(
  () => new Map(plan.value?.clauses.map((c) => [c.code, /^附件\s*\d+/.exec(c.path)?.[0] ?? MAIN])),
)

/** The annex that a commitment belongs to, by the first clause it rests on. */
export function annex(clauses: string[] | undefined): string {
  return annexOf.value.get(clauses?.[0]?.split(' ')[0] ?? '') ?? MAIN
}

export const annexes = computed(() => [...new Set(annexOf.value.values())].sort())
