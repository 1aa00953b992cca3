// SPDX-License-Identifier: Apache-2.0
// What people come for, from sign-in to done.
import assert from 'node:assert/strict'
import { go, open, settled, signIn, test, URL_ } from './lib.mjs'

test('somebody who is not signed in comes back to where he wanted to go', async (watch) => {
  const page = await open(watch)
  await page.goto(`${URL_}/commitments/B13.2?unit=150100`)
  await page.waitForURL(/sign-in/)
  watch.expected.push(/401/)
  await page.fill('#user', 'leader')
  await page.fill('#password', 'wrong-1-Word')
  await page.click('button[type=submit]')
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /编号/)
  // The service answers slowly after a wrong one, on purpose.
  await page.waitForTimeout(2500)
  await page.fill('#password', process.env.TIZHI_PASSWORD)
  await page.click('button[type=submit]')
  await page.waitForURL(/commitments\/B13\.2\?unit=150100/)
})

test('a leader finds what is red, where, and goes down to a school', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader')
  await page.getByRole('heading', { name: '总览', level: 1 }).waitFor()
  await page.locator('.states .missed a').click()
  await page.waitForURL(/state=missed/)
  await settled(page)
  assert.ok((await page.locator('tbody tr').count()) > 5)
  await go(page, '/overview')
  await page.getByRole('link', { name: /赤峰市/ }).click()
  await page.waitForURL(/unit=150400/)
  await page.getByRole('link', { name: /松山区/ }).click()
  await page.waitForURL(/unit=150404/)
  await page
    .getByRole('link', { name: /示例松山区小学1/ })
    .first()
    .click()
  await page.waitForURL(/unit=150404P001/)
  await page.getByText('本机构没有下级').waitFor()
  await page.goBack()
  await page.waitForURL(/unit=150404$/)
})

test('an inspector looks down to the cell, and changes nothing', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'inspector', '/commitments/B13.2?unit=150404&year=2025#why')
  await page
    .locator('#why')
    .getByText(/第 \d+ 次提交/)
    .first()
    .waitFor()
  assert.equal(await page.getByRole('link', { name: '审核', exact: true }).count(), 0)
  await go(page, '/rounds/F.M2.2-2026/150404P002')
  await page.getByRole('heading', { name: /中小学党建/ }).waitFor()
  const acts = page.getByRole('button', { name: /^(审核通过|退回|提交|撤回|锁定)/ })
  assert.equal(await acts.count(), 0)
  await go(page, '/tasks/M18.7/150000?year=2024&part=2024-Q1')
  await page.getByRole('heading', { name: /护校安园/ }).waitFor()
  assert.equal(await page.locator('input[type=file]').count(), 0)
  await go(page, '/tasks')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出 Excel' }).click(),
  ])
  assert.match(file.suggestedFilename(), /\.xlsx$/)
})

test('of many rows few are in the document and all in the count', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/commitments/B13.2')
  await page.locator('.below').getByRole('button', { name: '全部下级' }).click()
  await page.waitForSelector('.below tbody tr')
  assert.ok((await page.locator('.below tbody tr').count()) < 60)
  const box = page.getByRole('region', { name: '全部下级' })
  const until = Date.now() + 20000
  let last = 0
  while (last <= 100 && Date.now() < until) {
    await box.evaluate((b) => b.scrollTo(0, b.scrollHeight))
    await page.waitForTimeout(50)
    last = Number(await box.locator('tr[aria-rowindex]').last().getAttribute('aria-rowindex'))
  }
  assert.ok(last > 100, `${last} rows`)
})

test('without a line the page says so and keeps what it shows; back, it goes on', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader')
  watch.expected.push(/ERR_INTERNET_DISCONNECTED/)
  await page.context().setOffline(true)
  await page.getByText('与服务的连接已断开').waitFor()
  assert.ok(await page.locator('.states').isVisible())
  await page.context().setOffline(false)
  await page.getByText('与服务的连接已断开').waitFor({ state: 'detached' })
})
