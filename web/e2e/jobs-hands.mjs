// SPDX-License-Identifier: Apache-2.0
// Several hands on one report: two windows of a browser, two browsers, a line that is lost.
// Nothing that was typed is lost without a word.
import assert from 'node:assert/strict'
import { cell, open, saved, settled, shoot, signIn, test, URL_, usable } from './lib.mjs'

const FORM = '/rounds/F.M13.3-2026/150404'
const SITES = '教育网站数'
const MODERN = '支持IPv6教育网站数'

const value = (page, item) => cell(page, `${item} 本期`)
const shows = (page, item, text) =>
  page.locator(`td[aria-label="${item} 本期${text ? `：${text}` : ''}"]`).waitFor()

/** Begins to type over a cell and leaves the field open. */
async function begin(page, item, text) {
  await value(page, item).click()
  await page.keyboard.type(text)
}
async function type(page, item, text) {
  await begin(page, item, text)
  await page.keyboard.press('Enter')
}

test('two windows of a browser are one draft, also without a line', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED|409/)
  const one = await open(watch)
  await signIn(one, 'county-filler', FORM)
  const two = await one.context().newPage()
  await two.goto(URL_ + FORM)
  await settled(two)
  await value(two, SITES).waitFor()
  await one.context().setOffline(true)
  await type(one, SITES, '41')
  await shows(two, SITES, '41')
  await type(two, MODERN, '17')
  await shows(one, MODERN, '17')
  await one.getByText(/离线：已存在本机/).waitFor()
  await two.getByText(/离线：已存在本机/).waitFor()
  // The window in which it was typed is closed; the other one has it, and sends it.
  await one.close()
  await two.context().setOffline(false)
  await saved(two)
  await two.reload()
  await shows(two, SITES, '41')
  await shows(two, MODERN, '17')
})

test('somebody else was faster than the line: both are shown, one decides', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED|409/)
  const away = await open(watch)
  const other = await open(watch)
  await signIn(away, 'county-filler', FORM)
  await signIn(other, 'county-filler', FORM)
  await value(away, SITES).waitFor()
  await away.context().setOffline(true)
  await type(away, SITES, '43')
  await type(away, MODERN, '18')
  await type(other, SITES, '44')
  await saved(other)
  await away.context().setOffline(false)
  // What nobody else has touched is saved; of the other one both figures are there.
  await shows(other, MODERN, '18')
  const box = away.getByRole('alert')
  await box.getByText(/“教育网站数”：您填 43，.*已存 44/).waitFor()
  await usable(away, 'a conflict')
  await shoot(away, 'report-conflict')
  await box.getByRole('button', { name: '用我的' }).click()
  await saved(away)
  await shows(other, SITES, '43')
})

test('a cell that is being typed into is not saved over what came meanwhile', async (watch) => {
  watch.expected.push(/409/)
  const slow = await open(watch)
  const fast = await open(watch)
  await signIn(slow, 'county-filler', FORM)
  await signIn(fast, 'county-filler', FORM)
  await value(slow, SITES).waitFor()
  await begin(slow, SITES, '51')
  await type(fast, SITES, '52')
  await saved(fast)
  // It is told to the slow one below the open field.
  await slow.waitForTimeout(3500)
  await slow.keyboard.press('Enter')
  const box = slow.getByRole('alert')
  await box.getByText(/“教育网站数”：您填 51，.*已存 52/).waitFor()
  await box.getByRole('button', { name: '用对方的' }).click()
  await saved(slow)
  await shows(slow, SITES, '52')
})

test('submitted by somebody else while one types: told, kept, saved', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED|409/)
  const away = await open(watch)
  const other = await open(watch)
  await signIn(away, 'county-filler', FORM)
  await signIn(other, 'county-filler', FORM)
  await value(away, MODERN).waitFor()
  await away.context().setOffline(true)
  await type(away, MODERN, '21')
  await other.getByRole('button', { name: '提交', exact: true }).click()
  await other.getByText('已提交，待 赤峰市 审核').waitFor()
  await away.context().setOffline(false)
  const box = away.getByRole('alert')
  await box.getByText(/报表已由 .* 办理，不能再保存/).waitFor()
  await box.getByText('“支持IPv6教育网站数”：您填 21，报表中为 18').waitFor()
  await shows(away, MODERN, '18')
  await shoot(away, 'report-stranded')
  await usable(away, 'typed too late')
  // It is still there when he comes back.
  await away.reload()
  await box.getByText('“支持IPv6教育网站数”：您填 21，报表中为 18').waitFor()
  await away.getByRole('button', { name: '撤回' }).click()
  await saved(away)
  await shows(other, MODERN, '21')
  assert.equal(await away.getByRole('alert').count(), 0)
})

test('what cannot be saved is not submitted around', async (watch) => {
  watch.expected.push(/422/)
  const page = await open(watch)
  await signIn(page, 'county-filler', FORM)
  await type(page, MODERN, '2l')
  await page.getByText('有数值无法接受，未保存').waitFor()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.getByText('还有 1 处改动没有保存，暂不能办理').waitFor()
  await type(page, MODERN, '22')
  await saved(page)
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.getByText('已提交，待 赤峰市 审核').waitFor()
})
