// SPDX-License-Identifier: Apache-2.0
// The work of the audit and the system administrator.
import assert from 'node:assert/strict'
import { cancelOne, go, open, settled, shoot, signIn, test, usable } from './lib.mjs'

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

test('system: a unit is renamed and one is made, each looked at first', async (watch) => {
  watch.expected.push(/422/)
  const page = await open(watch)
  // Of a county that no other story calls by its name.
  await signIn(page, 'system', '/units?unit=150402')
  await page.getByRole('button', { name: '更名' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel('名称').first().fill('红山区（新）')
  await dialog.getByLabel('原因').fill('民政批复')
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText('将有 1 项变更').waitFor()
  await shoot(page, 'unit-dry')
  await usable(page, 'unit-dry')
  await dialog.getByRole('button', { name: '更名', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('cell', { name: '民政批复' }).first().waitFor()

  await go(page, '/units?unit=150404')
  await page.getByRole('button', { name: '新设下级' }).click()
  await dialog.getByLabel('代码').fill('150404P999')
  await dialog.getByLabel('名称').first().fill('示例松山区新建小学')
  await dialog.getByLabel('类别').selectOption('小学')
  await dialog.getByLabel('原因').fill('新建')
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText('将有 1 项变更').waitFor()
  await dialog.getByRole('button', { name: '新设下级', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('searchbox').fill('新建小学')
  await page.getByRole('link', { name: '示例松山区新建小学' }).click()
  await page.waitForURL(/unit=150404P999/)
  await page.getByText('本机构没有下级').waitFor()

  // What cannot be is said before anything is done.
  await go(page, '/units?unit=150404')
  await page.getByRole('button', { name: '撤销' }).click()
  await dialog.getByLabel('原因').fill('试')
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText('请在同一次变更中调整或撤销其下级机构').waitFor()
})

test('system: how the service is, and the book is looked over', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'system', '/system')
  await page
    .getByText(/\d MiB/)
    .first()
    .waitFor()
  await page.getByText('从未备份').waitFor()
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByText(/\d 完成/).waitFor()
  await page.getByText('sqlite').waitFor()
  await shoot(page, 'doctor')
  await usable(page, 'doctor')
  await page.getByRole('searchbox').fill('rate')
  await page.getByRole('cell', { name: 'public_rate' }).waitFor()
})

test('audit and system: what reads the whole book is cancelled, and begun again', async (watch) => {
  for (const [user, path, title] of [
    ['audit', '/audit', '核验账本'],
    ['system', '/system', '账本体检'],
  ]) {
    const page = await open(watch)
    await signIn(page, user, path)
    const panel = page.locator('.panel', { hasText: title })
    await cancelOne(panel)
    await panel.getByRole('button', { name: '重新开始' }).click()
    await panel.getByText(/\d 完成/).waitFor()
  }
})
