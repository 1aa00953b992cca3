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

test('a session that ended elsewhere leads to the sign-in page and back', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/units?unit=150100')
  watch.expected.push(/401/)
  await page.context().clearCookies()
  await page.getByRole('link', { name: '总览', exact: true }).first().click()
  await page.waitForURL(/sign-in\?to=/)
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

test('of many rows few are in the document and all in the count', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/commitments/K.B0.1')
  await page.waitForSelector('.below tbody tr')
  assert.ok((await page.locator('.below tbody tr').count()) < 60)
  const box = page.getByRole('region', { name: '下级' })
  for (let i = 0; i < 30; i++) {
    await box.evaluate((b) => b.scrollTo(0, b.scrollHeight))
    await page.waitForTimeout(50)
  }
  const last = await page.locator('.below tbody tr').last().getAttribute('aria-rowindex')
  assert.ok(Number(last) > 100, last)
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

const FORM = '/rounds/F.M13-2026/150404P001'

/** A cell of the grid, by the names of its row and column. */
const cell = (page, name) => page.getByRole('gridcell', { name, exact: true })

async function type(page, name, text) {
  await cell(page, name).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

const saved = (page) => page.getByText('已保存', { exact: true }).waitFor()

test('a form is filled in as in a spreadsheet, and is there when one comes back', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await type(page, '校本数字资源数 本期', '12')
  await saved(page)
  // Two rows as Excel copies them.
  await cell(page, '校园出口带宽 本期').click()
  await page.evaluate(() => {
    const clip = new DataTransfer()
    clip.setData('text/plain', '900.5\r\n180\r\n')
    const event = new ClipboardEvent('paste', { clipboardData: clip, bubbles: true })
    document.activeElement.dispatchEvent(event)
  })
  await page.getByText('900.5').waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('900.5').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+y')
  await page.getByText('900.5').waitFor()
  await saved(page)
  await page.reload()
  await cell(page, '校本数字资源数 本期').waitFor()
  assert.equal(await cell(page, '校本数字资源数 本期').innerText(), '12')
  assert.equal(await cell(page, '到班带宽 本期').innerText(), '180')
  assert.match(await page.locator('.findings').innerText(), /教师终端数/)
})

test('a figure that cannot be taken is told at its cell; others are saved', async (watch) => {
  watch.expected.push(/422/)
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await type(page, '教师终端数 本期', '5o')
  await page.getByText('有数值无法接受，未保存').waitFor()
  assert.match(await cell(page, '教师终端数 本期').getAttribute('class'), /bad/)
  await type(page, '教师终端数 本期', '51')
  await saved(page)
  await page.waitForFunction(() => document.querySelector('td.bad') === null)
})

test('what is typed without a line is kept over a reload, and sent then', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED/)
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await cell(page, '计算机教室间数 本期').waitFor()
  await page.context().setOffline(true)
  await type(page, '计算机教室间数 本期', '4')
  await page.getByText(/离线：已存在本机/).waitFor()
  await page.context().setOffline(false)
  await page.reload()
  await cell(page, '计算机教室间数 本期').waitFor()
  await saved(page)
  await page.reload()
  await cell(page, '计算机教室间数 本期').waitFor()
  assert.equal(await cell(page, '计算机教室间数 本期').innerText(), '4')
})

const SMALL = '/rounds/F.M2.2-2026/150404P002'

test('school, county, school again: a cell is returned, mended, and accepted', async (watch) => {
  const county = await open(watch)
  const school = await open(watch)
  await signIn(county, 'county-reviewer', SMALL)
  await signIn(school, 'other-filler', SMALL)
  await school.getByText('待 松山区 审核').waitFor()
  await county.getByRole('checkbox', { name: '党组织领导校长负责制' }).check()
  await county.getByLabel('党组织领导校长负责制 退回理由').fill('请附文件')
  await county.getByRole('button', { name: '退回所选 1 项' }).click()
  // It is there without a reload.
  await school.getByText('退回：请附文件').waitFor()
  await type(school, '党组织领导校长负责制 说明', '已附文件，见党组发〔2026〕3号')
  await saved(school)
  await school.getByRole('button', { name: '提交' }).click()
  await school.getByText('待 松山区 审核').waitFor()
  await county.getByRole('button', { name: '审核通过' }).click()
  await county.getByText('待 赤峰市 审核').waitFor()
  await school.getByText('待 赤峰市 审核').waitFor()
  await go(county, '/reviews')
  await county.getByText('没有待审核的报表').waitFor()
})
