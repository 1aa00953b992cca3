// SPDX-License-Identifier: Apache-2.0
// Every page, wide and on a phone, in both languages: nothing on the console, nothing that the
// policy refuses, nothing that axe objects to, a picture of each.
import assert from 'node:assert/strict'
import { go, open, PHONE, shoot, signIn, test, URL_, usable, WIDE } from './lib.mjs'

/** user ("": nobody), name of the picture, address. */
export const PAGES = [
  ['', 'public', '/public'],
  ['', 'public-missed', '/public?state=missed'],
  ['', 'public-commitment', '/public/B13.2'],
  ['', 'public-closed', '/public/B0.6'],
  ['', 'sso', '/sso?error=access_denied'],
  ['leader', 'overview', '/overview'],
  ['leader', 'overview-league', '/overview?unit=150400'],
  ['leader', 'overview-leaf', '/overview?unit=150404P001'],
  ['leader', 'commitments', '/commitments'],
  ['leader', 'commitments-none', '/commitments?kind=none'],
  ['leader', 'commitment', '/commitments/B13.2'],
  ['leader', 'commitment-why', '/commitments/B13.2?unit=150400&year=2025#why'],
  ['leader', 'plan', '/plan'],
  ['leader', 'commitment-region', '/commitments/B0.1'],
  ['leader', 'units', '/units'],
  ['leader', 'system', '/system'],
  ['leader', 'account', '/account'],
  ['leader', 'missing', '/no/such/page'],
  ['school-filler', 'duties', '/overview'],
  ['school-filler', 'rounds', '/rounds'],
  ['school-filler', 'report', '/rounds/F.M13-2026/150404P001'],
  ['county-reviewer', 'reviews', '/reviews'],
  ['county-reviewer', 'report-review', '/rounds/F.M2.2-2026/150404P002'],
  ['issuer', 'round', '/rounds/F.M2.2-2026'],
  ['issuer', 'tasks', '/tasks'],
  ['issuer', 'registers', '/registers'],
  ['leader', 'register-owners', '/registers/教材选用备案?unit=150404'],
  ['county-reviewer', 'register-none', '/registers/教材选用备案/150404P001'],
  ['school-filler', 'register-empty', '/registers/教材选用备案/150404P001'],
  ['county-reviewer', 'questions', '/questions'],
  ['school-filler', 'questions-mine', '/questions'],
  ['issuer', 'questions-run', '/questions'],
  ['issuer', 'pack', '/pack'],
  ['system', 'units-system', '/units?unit=150404'],
  ['system', 'system-admin', '/system'],
  ['audit', 'audit', '/audit'],
  ['audit', 'audit-filtered', '/audit?act=seat&from=2026-01-01'],
  ['audit', 'audit-none', '/audit?by=nobody'],
  ['audit', 'commit', '/audit/20'],
  ['issuer', 'issue', '/issue'],
  ['region-filler', 'task', '/tasks/M18.7/150000?year=2024&part=2024-Q3'],
  ['county-reviewer', 'reminders', '/reminders'],
  ['security', 'people', '/people'],
  ['security', 'user', '/people/school-filler'],
  ['security', 'seat', '/seats/school-filler'],
  ['security', 'rights', '/rights?role=reviewer'],
  ['security', 'admin-start', '/'],
]

for (const [size, viewport] of [
  ['wide', WIDE],
  ['phone', PHONE],
]) {
  test(`every page, ${size}`, async (watch) => {
    const pages = new Map()
    for (const [user, name, path] of PAGES) {
      if (!pages.has(user)) {
        pages.set(user, await open(watch, viewport))
        if (user) {
          await signIn(pages.get(user), user)
        }
      }
      const page = pages.get(user)
      await go(page, path)
      await shoot(page, name)
      await usable(page, name)
      const heads = await page.locator('h1').count()
      assert.equal(heads, 1, `${name}: ${heads} first headings`)
      const marked = name === 'sso' || (await page.getByText('示例数据').first().isVisible())
      assert.ok(marked, `${name}: not marked`)
    }
  })
}

test('the sign-in page, and English with one click', async (watch) => {
  for (const viewport of [WIDE, PHONE]) {
    const page = await open(watch, viewport)
    await page.goto(`${URL_}/`)
    await page.getByRole('heading', { name: /^演示账号/ }).waitFor()
    await shoot(page, 'sign-in')
    await usable(page, 'sign-in')
  }
  const page = await open(watch)
  await signIn(page, 'leader')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await shoot(page, 'overview-en')
  await page.reload()
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
})

test('choosing a unit', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader')
  await page.getByTitle('选择机构').click()
  await page.getByRole('button', { name: '赤峰市：看下级' }).waitFor()
  await shoot(page, 'unit-pick')
  await usable(page, 'unit-pick')
  await page.getByLabel('按名称或代码查找').fill('松山区')
  await page
    .getByRole('button', { name: /^松山区/ })
    .first()
    .click()
  await page.waitForURL(/unit=150404/)
  await page.getByText('松山区').first().waitFor()
})
