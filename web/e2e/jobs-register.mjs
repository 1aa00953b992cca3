// SPDX-License-Identifier: Apache-2.0
// A register, from a row to its review: added, checked, submitted, returned, seen by its owner.
import { PHONE, open, shoot, signIn, test, usable } from './lib.mjs'

const OWN = '/registers/教材选用备案/150404P001'

test('a row is added and stated; the county returns the statement and says why', async (watch) => {
  const school = await open(watch)
  await signIn(school, 'school-filler', OWN)
  await school.getByRole('button', { name: '登记一行' }).click()
  await school.getByLabel('册次').fill('义务教育教科书 数学 三年级上册')
  await school.getByLabel('学科').fill('数学')
  await school.getByLabel('年级').fill('三年级')
  await school.getByLabel('目录内').selectOption('是')
  await school.getByLabel('起', { exact: true }).fill('2026-09-01')
  await shoot(school, 'register-row')
  await usable(school, 'register-row')
  await school.getByRole('button', { name: '保存' }).click()
  await school.getByRole('button', { name: '变更' }).waitFor()
  await shoot(school, 'register-draft')
  await usable(school, 'register-draft')
  await school.getByRole('button', { name: '检查' }).click()
  await school.getByText('没有发现问题，可以提交。').waitFor()
  await school.getByRole('button', { name: '提交' }).click()
  await school.getByText('待 松山区 审核').waitFor()

  const county = await open(watch)
  await signIn(county, 'county-reviewer', `${OWN}?period=2026-2027`)
  await county.getByLabel('理由（更正、退回须写）').fill('请补登其他年级')
  await county.getByRole('button', { name: '退回' }).click()
  // It is there without a reload.
  await school.getByText('退回：请补登其他年级').waitFor()
  await shoot(school, 'register-returned')
  const phone = await open(watch, PHONE)
  await signIn(phone, 'school-filler', OWN)
  await phone.getByText('退回：请补登其他年级').waitFor()
  await shoot(phone, 'register-returned')
  await usable(phone, 'register-returned')
})

test('a table of rows is read first, and then taken as drafts', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'other-filler', '/registers/教材选用备案/150404P002')
  await page.getByLabel('上传表格').setInputFiles({
    name: 'rows.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('册次,学科,年级,目录内,起\n语文一上,语文,一年级,是,2026-09-01\n'),
  })
  await page.getByText('试读：尚未写入，请核对后导入。').waitFor()
  await usable(page, 'register-table')
  await shoot(page, 'register-table')
  await page.getByRole('button', { name: '导入' }).click()
  await page.getByText('已导入为草稿。').waitFor()
  await page.getByText('语文一上').first().waitFor()
})
