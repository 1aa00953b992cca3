// SPDX-License-Identifier: Apache-2.0
/** The moment that a page is about: now, or what was known on a day (`?as_of=`) or after a commit
 * (`?commit=`), so that a link shows the same. */
import { computed } from 'vue'
import { me } from '@/api/session'
import { router } from '@/router'

const word = (name: string, form: RegExp) => {
  const given = router.currentRoute.value.query[name]
  return typeof given === 'string' && form.test(given) ? given : ''
}

export const day = computed(() => word('as_of', /^\d{4}-\d{2}-\d{2}$/))
const commit = computed(() => Number(word('commit', /^[1-9]\d{0,14}$/)))

/** Words of a question, and of an address that stays at the moment. */
export const moment = computed(() => ({
  ...(day.value && { as_of: day.value }),
  ...(commit.value > 0 && { commit: commit.value }),
}))
export const isPast = computed(() => Object.keys(moment.value).length > 0)

/** Whether an answer is of the moment that the page is about. A page stays open over midnight. */
export const isOfMoment = (answer: { as_of: string; commit: number }) =>
  day.value
    ? answer.as_of === day.value
    : commit.value
      ? answer.commit === commit.value
      : answer.as_of >= (me.value?.day ?? '')
