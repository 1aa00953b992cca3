// SPDX-License-Identifier: Apache-2.0
// The life of a row: entered, accepted, corrected, followed by another, ended, struck; as a table.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { accepted, open, PHONE, shoot, signIn, test, usable } from './lib.mjs'

const OWN = '/registers/校园安全隐患/150404P001'

test('a row of a register is entered, accepted, changed, followed by another', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'school-filler', OWN)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: '登记一行' }).click()
  assert.ok(await dialog.getByRole('button', { name: '保存' }).isDisabled()) // the key is wanted
  await dialog.getByLabel('隐患编号').fill('教学楼东侧配电箱 2026-03')
  await dialog.getByLabel('隐患领域').selectOption('电力')
  await dialog.getByLabel('隐患级别').selectOption('一般')
  await dialog.getByLabel('按期整改').selectOption('否')
  await dialog.getByLabel('起', { exact: true }).fill('2026-03-02')
  await shoot(page, 'row-new')
  await usable(page, 'row-new')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('草稿').waitFor()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('待审').first().waitFor()
  await accepted(watch, OWN)

  // What never was so is corrected, with a reason; taken back, the row stands as before.
  await page.getByRole('button', { name: '变更' }).click()
  await dialog.getByLabel('隐患级别').selectOption('重大')
  await dialog.getByLabel('原因（在册行须写）').fill('登记时选错')
  await shoot(page, 'row-change')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('草稿').waitFor()
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  await dialog.getByRole('button', { name: '撤销改动' }).click()
  await page.getByText('在册', { exact: true }).waitFor()

  // What is so from a day on is another row behind it; a day before the first is refused.
  watch.expected.push(/40[09]|422/)
  await page.getByRole('button', { name: '变更' }).click()
  await dialog.getByLabel('按期整改').selectOption('是')
  await dialog.getByLabel('自该日起不同（以前的保留）').fill('2026-03-01')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.getByText(/首日之后的某日起/).waitFor()
  await usable(page, 'row-refused')
  await shoot(page, 'row-refused')
  await dialog.getByLabel('自该日起不同（以前的保留）').fill('2026-06-01')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('2026-03-02 – 2026-05-31').waitFor()
  await page.getByText('2026-06-01 –', { exact: true }).waitFor()
  await shoot(page, 'row-followed')
  await usable(page, 'row-followed')
  await page
    .getByRole('button', { name: /的办理经过/ })
    .first()
    .click()
  await dialog.getByText('登记时选错').waitFor()
  await shoot(page, 'row-story')
  await dialog.getByRole('button', { name: '关闭' }).click()

  // As a workbook out, and in again: nothing changes.
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载表格' }).click(),
  ])
  assert.match(file.suggestedFilename(), /校园安全隐患.*\.xlsx$/)
  await page.getByLabel('上传表格').setInputFiles(await saved(file))
  await page.getByText('与台账一致，没有要导入的改动。').waitFor()
  assert.equal(await page.getByRole('button', { name: '导入', exact: true }).count(), 0)
  await shoot(page, 'row-table')
  await usable(page, 'row-table')
  const phone = await open(watch, PHONE)
  await signIn(phone, 'school-filler', OWN)
  await shoot(phone, 'row-list')
  await usable(phone, 'row-list')
  await phone.getByRole('button', { name: '登记一行' }).click()
  await shoot(phone, 'row-new')
  await usable(phone, 'row-new')
})

test('a row that stands is ended, another one struck off with a reason', async (watch) => {
  const path = '/registers/校园安全隐患/150404P002'
  const page = await open(watch)
  await signIn(page, 'other-filler', path)
  const dialog = page.getByRole('dialog')
  await page.getByLabel('上传表格').setInputFiles({
    name: '隐患.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      '隐患编号,隐患领域,起\n锅炉房燃气管道 1,燃气,2026-02-01\n锅炉房燃气管道 2,消防,2026-02-03\n',
    ),
  })
  await page.getByRole('button', { name: '导入' }).click()
  await page.getByText('已导入为草稿。').waitFor()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('待审').first().waitFor()
  await accepted(watch, path)
  const row = (name) => page.getByRole('row').filter({ hasText: name })
  await row('管道 1').getByRole('button', { name: '终止' }).click()
  await dialog.getByLabel('最后一天').fill('2026-05-31')
  await dialog.getByRole('button', { name: '终止' }).click()
  await page.getByText('2026-02-01 – 2026-05-31').waitFor()
  await row('管道 2').getByRole('button', { name: '注销' }).click()
  assert.ok(await dialog.getByRole('button', { name: '注销' }).isDisabled())
  await dialog.getByLabel('原因（在册行须写）').fill('与上一行重复')
  await shoot(page, 'row-strike')
  await usable(page, 'row-strike')
  await dialog.getByRole('button', { name: '注销' }).click()
  await page.getByText('拟注销').waitFor()
})

/** What was downloaded, to be given back. */
async function saved(download) {
  const path = await download.path()
  return {
    name: download.suggestedFilename(),
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: readFileSync(path),
  }
}
