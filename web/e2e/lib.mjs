// SPDX-License-Identifier: Apache-2.0
// A browser in which every page is watched: what it says on the console, what the policy refuses,
// where it sends requests, and whether everybody can use it.
import { createRequire } from 'node:module'
import { mkdirSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

export const URL_ = process.env.TIZHI_URL
export const PASSWORD = process.env.TIZHI_PASSWORD
const SHOTS = process.env.TIZHI_SHOTS
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WIDE = { width: 1366, height: 768 }
export const PHONE = { width: 360, height: 800 }

const ARGS = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const browser = await chromium.launch({ executablePath: PATH, args: ARGS })

/** Fails at the end of a case with all that was seen. */
export class Watch {
  seen = []
  /** Patterns that a case expects, such as the 401 of a wrong password. */
  expected = []

  note(text) {
    if (!this.expected.some((e) => e.test(text))) {
      this.seen.push(text)
    }
  }

  check() {
    if (this.seen.length > 0) {
      throw new Error(this.seen.join('\n'))
    }
  }
}

/** A window of its own: nobody is signed in there, and nothing is kept from another one. */
export async function open(watch, viewport = WIDE, more = {}) {
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    bypassCSP: false,
    ...more,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(45000)
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') {
      watch.note(`console of ${page.url()}: ${m.text()} ${m.location().url}`)
    }
  })
  page.on('pageerror', (e) => watch.note(`error on ${page.url()}: ${e.stack}`))
  page.on('request', (r) => {
    if (!r.url().startsWith(`${URL_}/`) && !/^(data|blob):/.test(r.url())) {
      watch.note(`a request to somebody else: ${r.url()}`)
    }
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) =>
      console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`),
    )
  })
  return page
}

export async function signIn(page, user, to = '/') {
  await page.goto(URL_ + to)
  await page.fill('#user', user)
  await page.fill('#password', PASSWORD)
  await page.click('button[type=submit]')
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  await settled(page)
}

/** All tiers above a school accept what waits there, the nearest first. */
export async function accepted(watch, path) {
  for (const tier of ['county-reviewer', 'city-reviewer', 'region-reviewer']) {
    const page = await open(watch)
    await signIn(page, tier, path)
    await page.getByRole('button', { name: '采纳' }).click()
    await page.getByRole('button', { name: '采纳' }).waitFor({ state: 'detached' })
    await page.context().close()
  }
}

/** Until the page has a heading and waits for nothing. */
export async function settled(page) {
  await page.waitForSelector('h1')
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
}

/** To another page without loading the application anew, as a click does it. */
export async function go(page, path) {
  await page.goto(URL_ + path)
  await settled(page)
}

/** A cell of the grid for filling in: what it is called, with or without what is in it. */
export const cell = (page, name) =>
  page.getByRole('gridcell', { name: new RegExp(`^${name}(：|$)`) })
export const saved = (page) => page.getByText('已保存', { exact: true }).waitFor()

export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true })
  const size = page.viewportSize().width > 720 ? 'wide' : 'phone'
  await page.screenshot({ path: `${SHOTS}/${name}-${size}.png`, fullPage: size === 'phone' })
}

/** Work of the service is begun in its panel and cancelled there; what is over before somebody can
 * press the button is begun again. */
export async function cancelOne(panel) {
  for (let tries = 0; tries < 20; tries += 1) {
    await panel.getByRole('button', { name: /^(重新)?开始$/ }).click()
    const stop = panel.getByRole('button', { name: '取消' })
    await stop.click({ timeout: 3000 }).catch(() => undefined)
    await panel.getByRole('button', { name: '重新开始' }).waitFor()
    if ((await panel.getByText('已取消').count()) > 0) {
      return
    }
  }
  throw new Error('it was always over first')
}

/** Nothing that axe objects to; nothing wider than the window. */
export async function usable(page, what) {
  await page.evaluate(AXE)
  const bad = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    })
    return violations.map(
      (v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`,
    )
  })
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (bad.length > 0 || wide > 0) {
    throw new Error(`${what}: ${[...bad, wide > 0 ? `${wide} px too wide` : ''].join('\n')}`)
  }
}

// ---- cases -------------------------------------------------------------------------------------

const cases = []
const wanted = process.argv.slice(2)

export function test(name, run) {
  if (wanted.length === 0 || wanted.some((w) => name.includes(w))) {
    cases.push({ name, run })
  }
}

export async function main() {
  let failed = cases.length === 0 ? 1 : 0
  console.log(cases.length > 0 ? `1..${cases.length}` : `# no case is named ${wanted.join(', ')}`)
  for (const [i, { name, run }] of cases.entries()) {
    const watch = new Watch()
    try {
      await run(watch)
      watch.check()
      console.log(`ok ${i + 1} - ${name}`)
    } catch (thrown) {
      failed += 1
      console.log(`not ok ${i + 1} - ${name}`)
      const said = [thrown.stack ?? String(thrown), ...watch.seen]
      console.log(said.join('\n').replace(/^/gm, '# '))
    }
    await Promise.all(browser.contexts().map((c) => c.close()))
  }
  await browser.close()
  process.exit(failed > 0 ? 1 : 0)
}
