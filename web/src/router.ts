// SPDX-License-Identifier: Apache-2.0
/** Addresses: the pages, the sign-in page, and what leads to them. */
import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { may, me, whoAmI } from '@/api/session'
import { lang, t, type Text, type Texts } from '@/base/text'
import { pages, type Page } from '@/pages'

declare module 'vue-router' {
  interface RouteMeta {
    title: Text
    /** Shown without the frame, to anybody. */
    bare?: boolean
    may?: string[]
  }
}

const words = {
  product: ['提质', 'tizhi'],
  signIn: ['登录', 'Sign in'],
  open: ['计划执行情况公开', 'How the plan stands'],
  missing: ['没有这个页面', 'There is no such page'],
} satisfies Texts

export const allowed = (p: Pick<Page, 'may'>) => p.may.length === 0 || p.may.some(may)

/** Where somebody begins: the first page of the menu that one of his seats opens. */
export const firstPage = () =>
  pages.find((p) => p.icon !== null && p.may.some(may))?.path ?? '/account'

const missing = () => import('@/page/system/missing.vue')

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash, top: 60 } : { top: 0 }),
  routes: [
    { path: '/', name: 'start', component: missing, meta: { title: words.product } },
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('@/page/session/sign-in.vue'),
      meta: { title: words.signIn, bare: true },
    },
    {
      path: '/public',
      name: 'public',
      component: () => import('@/page/public/public.vue'),
      meta: { title: words.open, bare: true },
    },
    {
      path: '/public/:id',
      name: 'public-commitment',
      component: () => import('@/page/public/commitment.vue'),
      meta: { title: words.open, bare: true },
    },
    {
      path: '/sso',
      name: 'sso',
      component: () => import('@/page/session/sso.vue'),
      meta: { title: words.signIn, bare: true },
    },
    ...pages.map((p) => ({
      path: p.path,
      name: p.name,
      component: p.load,
      meta: { title: p.title, may: p.may },
    })),
    {
      path: '/:rest(.*)*',
      name: 'missing',
      component: missing,
      meta: { title: words.missing },
    },
  ],
})

/** Back to the same address after signing in. */
function signInFirst(to: RouteLocationNormalized) {
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
}

router.beforeEach(async (to) => {
  if (to.meta.bare) {
    return true
  }
  void pages.find((p) => p.name === to.name)?.load() // while the service says who it is
  const who = await whoAmI()
  if (who === null) {
    return signInFirst(to)
  }
  return to.name !== 'start' && allowed({ may: to.meta.may ?? [] }) ? true : { path: firstPage() }
})

export function followRoutes(): void {
  watch(
    [router.currentRoute, lang],
    ([to]) => (document.title = `${t(to.meta.title ?? words.product)} · ${t(words.product)}`),
  )
  watch(me, (who, before) => {
    const here = router.currentRoute.value
    if (who === null && before && !here.meta.bare) {
      void router.push(signInFirst(here))
    }
  })
}
