// SPDX-License-Identifier: Apache-2.0
// The tree of units by hand: another kind, another superior, mergers, splits, closing and back, an
// official list. Of counties that no other story uses.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { go, open, PHONE, settled, shoot, signIn, test, usable } from './lib.mjs'

const at = (unit) => `/units?unit=${unit}`

/** Looks at what will change, as the dialog says it, and does it. */
async function done(page, button, what) {
  const dialog = page.locator('dialog[open]').first()
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText(what).waitFor()
  await dialog.getByRole('button', { name: button, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await settled(page)
}

async function begin(page, button, why) {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByLabel('原因（记入日志）').fill(why)
}

async function choose(page, field, unit) {
  await page.getByRole('button', { name: field }).click()
  await page.getByLabel('按名称或代码查找').fill(unit)
  await page.getByRole('button', { name: new RegExp(`${unit}$`) }).click()
}

async function create(page, code, name, kind) {
  await begin(page, '新设下级', '旗人民政府批复')
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel('代码').fill(code)
  await dialog.getByLabel('名称').first().fill(name)
  await dialog.getByLabel('类别').selectOption(kind)
  await done(page, '新设下级', '将有 1 项变更')
}

test('system: units change kind and superior, merge, split, close, open again', async (watch) => {
  watch.expected.push(/404/)
  const page = await open(watch)
  await signIn(page, 'system', at('150430'))
  await create(page, '150430P901', '敖汉旗乌兰牧骑九年一贯制实验学校（东校区）', '小学')

  await go(page, at('150430P901'))
  await begin(page, '变更类别', '增设初中部')
  await page.locator('dialog[open]').getByLabel('类别').selectOption('初中')
  await done(page, '变更类别', '将有 1 项变更')
  await page.getByText('初中（原 小学）').waitFor()

  await begin(page, '划转', '区划调整')
  await choose(page, '新的上级：选择', '150429')
  await shoot(page, 'unit-move')
  await usable(page, 'unit-move')
  await done(page, '划转', '将有 1 项变更')
  await page.getByText('宁城县 150429（原 敖汉旗 150430）').waitFor()
  await shoot(page, 'unit-history')
  await usable(page, 'unit-history')

  // Another one is merged into it, and is found no more.
  await go(page, at('150430K001'))
  await begin(page, '并入', '布局调整')
  await choose(page, '其他机构：添加', '150430K002')
  await shoot(page, 'unit-merge')
  await usable(page, 'unit-merge')
  await done(page, '并入', '将有 1 项变更')
  await page.getByRole('cell', { name: '由其并入' }).waitFor()
  await go(page, at('150430'))
  assert.equal(await page.getByText('示例敖汉旗幼儿园2').count(), 0)

  // Split into two that stand already, it is left behind.
  await create(page, '150430P903', '敖汉旗东小学', '小学')
  await create(page, '150430P904', '敖汉旗西小学', '小学')
  await go(page, at('150430P001'))
  await begin(page, '拆分', '分设两校')
  await choose(page, '其他机构：添加', '150430P903')
  await choose(page, '其他机构：添加', '150430P904')
  await done(page, '拆分', '将有 1 项变更')
  await page.waitForURL(/unit=150430$/)
  await go(page, at('150430P903'))
  await page.getByRole('cell', { name: '由其拆出' }).waitFor()

  await go(page, at('150430K001'))
  await begin(page, '撤销', '无生源')
  await done(page, '撤销', '将有 1 项变更')
  await page.waitForURL(/unit=150430$/)
  assert.equal(await page.getByText('示例敖汉旗幼儿园1').count(), 0)
  // What stands no more still tells what became of it.
  await go(page, at('150430K001'))
  await page.getByText('150430K001 今天不存续').waitFor()
  await page.getByRole('cell', { name: '由其并入' }).waitFor()
  await shoot(page, 'unit-gone')
  await usable(page, 'unit-gone')
  await go(page, at('150430'))
  await begin(page, '恢复', '恢复招生')
  await page.locator('dialog[open]').getByLabel('代码').fill('150430K001')
  await done(page, '恢复', '将有 1 项变更')
  await page.getByRole('link', { name: '示例敖汉旗幼儿园1' }).waitFor()

  const phone = await open(watch, PHONE)
  await signIn(phone, 'system', at('150430P903'))
  await phone.getByRole('cell', { name: '由其拆出' }).waitFor()
  await shoot(phone, 'unit-history')
  await usable(phone, 'unit-history')
  await begin(phone, '划转', '区划调整')
  await shoot(phone, 'unit-move')
  await usable(phone, 'unit-move')
})

test('system: an official list is refused, mended, looked at and taken in', async (watch) => {
  watch.expected.push(/422/)
  const page = await open(watch)
  await signIn(page, 'system', at('150429'))
  await begin(page, '导入名录', '2026 年秋季名录')
  const dialog = page.locator('dialog[open]')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: '下载现有名录' }).click(),
  ])
  assert.equal(file.suggestedFilename(), '宁城县.csv')
  const now = readFileSync(await file.path(), 'utf8')
  const give = async (text) => {
    const list = { name: '名录.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
    await dialog.locator('input[type=file]').setInputFiles(list)
  }
  await give(now)
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText('没有变更：已经是这样。').waitFor()

  await give(`${now}150429P950,宁城县天义第五小学,大学堂,150429\r\n`)
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText(/大学堂/).waitFor()
  await shoot(page, 'units-wrong')
  await usable(page, 'units-wrong')

  const mended = now.replace('示例宁城县小学1', '宁城县天义第一小学')
  await give(`${mended}150429P950,宁城县天义第五小学,小学,150429\r\n`)
  await dialog.getByRole('button', { name: '看看会变什么' }).click()
  await dialog.getByText('将有 2 项变更').waitFor()
  await shoot(page, 'units-list')
  await usable(page, 'units-list')
  await dialog.getByRole('button', { name: '导入名录', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: '宁城县天义第五小学' }).waitFor()
  await page.getByRole('link', { name: '宁城县天义第一小学' }).waitFor()
})
