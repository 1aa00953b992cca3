// SPDX-License-Identifier: Apache-2.0
/** The unit that pages are about: in the address (`?unit=`), or else that of my first seat. */
import { computed, shallowRef, watch } from 'vue'
import { get } from '@/api/ask'
import { me } from '@/api/session'
import { router } from '@/router'

/** The top of the tree; a seat without a unit is there. */
const root = shallowRef('')

watch(
  me,
  async (who) => {
    if (who?.seats.some((s) => s.unit === '')) {
      root.value = (await get('/units', { query: { limit: 1 } })).units[0]?.code ?? ''
    }
  },
  { immediate: true },
)

export const homeUnit = computed(() => me.value?.seats.map((s) => s.unit || root.value)[0] ?? '')

export const unit = computed(() => {
  const asked = router.currentRoute.value.query['unit']
  return typeof asked === 'string' && asked !== '' ? asked : homeUnit.value
})

const query = (code: string) => (code === homeUnit.value ? {} : { unit: code })

/** An address that stays at the unit. */
export function keepUnit(path: string) {
  return { path, query: query(unit.value) }
}

export function atUnit(code: string, path = router.currentRoute.value.path) {
  return { path, query: query(code) }
}
