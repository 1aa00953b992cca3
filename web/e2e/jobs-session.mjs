// SPDX-License-Identifier: Apache-2.0
// A session that is over: told where one is, and nothing that was typed is lost.
import assert from 'node:assert/strict'
import { open, PASSWORD, PHONE, settled, shoot, signIn, test, URL_, usable } from './lib.mjs'

const box = (page) => page.getByRole('dialog', { name: '登录已结束' })

async function signInAgain(page, word = PASSWORD) {
  assert.ok(await page.locator('#user').isDisabled())
  await page.fill('#password', word)
  await box(page).getByRole('button', { name: '登录', exact: true }).click()
}

/** Ends all other sessions of a user, as he does it on his account page. */
async function endOther(watch, user) {
  const page = await open(watch, PHONE)
  await signIn(page, user, '/account')
  const list = page.getByRole('region', { name: '登录设备' })
  await list.getByText('当前').waitFor()
  await shoot(page, 'account-devices')
  await page.getByRole('button', { name: '退出其他全部设备' }).click()
  await page
    .getByRole('status')
    .getByText(/^已退出/)
    .waitFor()
  return page
}

test('ended on another device: told at once, signed in again over the page', async (watch) => {
  watch.expected.push(/401/)
  const page = await open(watch)
  await signIn(page, 'county-reviewer', '/rounds/F.M2.2-2026/150404P002')
  await page.getByRole('checkbox', { name: '党组织领导校长负责制' }).check()
  const why = page.getByLabel('党组织领导校长负责制 退回理由')
  await why.fill('请附党组文件并注明文号')
  await endOther(watch, 'county-reviewer')
  await box(page).waitFor()
  await usable(page, 'signed out')
  await shoot(page, 'signed-out')
  assert.ok(!(await page.locator('h1').first().isVisible()), 'the page can be seen')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await signInAgain(page, 'wrong-1-Word')
  await box(page).getByRole('alert').waitFor()
  await page.waitForTimeout(2500) // the service answers slowly after a wrong one, on purpose
  await signInAgain(page)
  await box(page).waitFor({ state: 'detached' })
  assert.equal(await why.inputValue(), '请附党组文件并注明文号')
  assert.match(page.url(), /rounds\/F\.M2\.2-2026\/150404P002$/)
  // It can be sent as it is; another story needs the report as it stands.
  assert.ok(await page.getByRole('button', { name: '退回所选 1 项' }).isEnabled())
})

test('a figure that was being typed is saved after signing in again', async (watch) => {
  watch.expected.push(/401/)
  const page = await open(watch)
  await signIn(page, 'city-filler', '/rounds/F.M3-2026/150400')
  const cell = page.locator('td[aria-label^="盟市书记述职评议 说明"]')
  await cell.click()
  await page.keyboard.press('F2')
  await page.keyboard.type('十二月开展')
  await page.context().clearCookies()
  await page.keyboard.press('Enter')
  await box(page).waitFor()
  await signInAgain(page)
  await page.getByText('已保存', { exact: true }).waitFor()
  await page.reload()
  await page.locator('td[aria-label="盟市书记述职评议 说明：十二月开展"]').waitFor()
})

test('two windows: signed in again in one, the other one goes on; out is out', async (watch) => {
  watch.expected.push(/401/)
  const one = await open(watch)
  await signIn(one, 'inspector', '/units')
  const two = await one.context().newPage()
  await two.goto(`${URL_}/commitments`)
  await settled(two)
  await endOther(watch, 'inspector')
  await box(one).waitFor()
  await box(two).waitFor()
  await signInAgain(one)
  await box(one).waitFor({ state: 'detached' })
  await box(two).waitFor({ state: 'detached' })
  // Who signs out has gone, in every window.
  await one.goto(`${URL_}/account`)
  await one.getByRole('button', { name: '退出登录' }).click()
  await one.waitForURL(/sign-in/)
  await two.waitForURL(/sign-in/)
})
