// SPDX-License-Identifier: Apache-2.0
// The work of the audit and the system administrator.
import assert from 'node:assert/strict'
import { go, open, settled, shoot, signIn, test, usable } from './lib.mjs'

test('audit: who did what, from where; the book is verified, an anchor taken', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'audit', '/audit')
  await page.getByLabel('事项').selectOption('seat')
  await page.waitForURL(/act=seat/)
  await settled(page)
  await page.getByRole('link', { name: '授予岗位' }).first().click()
  await page.waitForURL(/audit\/\d+/)
  await page.getByText('从何处').waitFor()
  await page
    .getByText(/岗位 \S+/)
    .first()
    .waitFor()
  await page.goBack()
  await page.waitForURL(/act=seat/)
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByText(/\d 完成/).waitFor()
  await page.getByText('没有发现问题').waitFor()
  await page.getByRole('button', { name: '取一份存证' }).click()
  const line = await page.locator('code').innerText()
  assert.match(line, /^tizhi-anchor [0-9a-f]{32} \d+ [0-9a-f]{64}/)
  await page.getByText('从未留存').waitFor({ state: 'detached' })
  await shoot(page, 'audit-done')
  await usable(page, 'audit-done')
  await go(page, '/audit?act=audit')
  await page.getByRole('link', { name: '留存存证' }).waitFor()
})
