// SPDX-License-Identifier: Apache-2.0
/**
 * A table that is wider than its box: whether there is more to the right. The look is in style.css
 * (`sideways`): the first column stays on a phone, and an edge says that there is more.
 *
 *     <div class="sideways" :class="{ more }"><div ref="box" class="box" @scroll="look">…
 */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

const NEAR_PX = 2

export function useSideways(box: Readonly<Ref<HTMLElement | null>>) {
  const more = ref(false)
  const look = () => {
    const b = box.value
    more.value = b !== null && b.scrollWidth - b.clientWidth - b.scrollLeft > NEAR_PX
  }
  const watcher = new ResizeObserver(look)
  onMounted(() => {
    watcher.observe(box.value!)
    watcher.observe(box.value!.querySelector('table')!) // it grows with what it is told
  })
  onBeforeUnmount(() => watcher.disconnect())
  return { more, look }
}
