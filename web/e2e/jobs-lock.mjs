// SPDX-License-Identifier: Apache-2.0
// A round to its end: more time, accepted, locked, and corrected for all that.
import assert from 'node:assert/strict'
import { go, open, PHONE, saved, settled, shoot, signIn, test, usable } from './lib.mjs'

const ROUND = '/rounds/F.S1-2026'
const FORM = `${ROUND}/150400`
const ITEM = '主要负责人专题研究次数'

const guide = (page) => page.locator('p.guide')
const value = (page) => page.locator(`td[aria-label^="${ITEM} 本期"]`)

async function type(page, text) {
  await value(page).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

async function accept(watch) {
  const page = await open(watch)
  await signIn(page, 'region-reviewer', FORM)
  await page.getByRole('button', { name: '审核通过' }).click()
  await guide(page).getByText('已采纳，数值计入结论').waitFor()
}

test('a round is extended, accepted, locked; a clerk sees why, and corrects', async (watch) => {
  const clerk = await open(watch)
  await signIn(clerk, 'city-filler', FORM)
  const issuer = await open(watch)
  await signIn(issuer, 'issuer', ROUND)
  await issuer.getByLabel('延至').fill('2027-02-28')
  await issuer.getByLabel('延期 理由').fill('人代会会期调整')
  await issuer.getByRole('button', { name: '延期', exact: true }).click()
  await issuer.getByText(/已延期（原截止 .*）：人代会会期调整/).waitFor()
  // Told to who fills in, without a reload, and to who looks at his list.
  await clerk.getByText('截止 2027-02-28').waitFor()
  await clerk.getByText(/已延期，原为 .*：人代会会期调整/).waitFor()

  await type(clerk, '3')
  await saved(clerk)
  await clerk.getByRole('button', { name: '提交', exact: true }).click()
  await guide(clerk).getByText('已提交，待 内蒙古自治区 审核').waitFor()
  await accept(watch)
  await guide(clerk).getByText('已采纳，数值计入结论').waitFor()

  await issuer.getByRole('button', { name: '锁定已采纳的 1 份' }).click()
  const box = issuer.getByRole('dialog', { name: '锁定已采纳的 1 份' })
  await box.getByText('由填报机构写明原因更正').waitFor()
  await usable(issuer, 'locking')
  await shoot(issuer, 'round-lock')
  await box.getByRole('button', { name: '锁定', exact: true }).click()
  await issuer.getByText('已锁定 1 份。').waitFor()
  await issuer.getByRole('button', { name: /^锁定/ }).waitFor({ state: 'detached' })

  await guide(clerk).getByText('已由 内蒙古自治区 锁定，不能修改').waitFor()
  await value(clerk).click()
  await clerk.keyboard.type('9')
  assert.equal(await clerk.locator('td input').count(), 0)
  assert.match(await value(clerk).innerText(), /^3/)
  await settled(clerk)
  await usable(clerk, 'a report that is locked')
  await shoot(clerk, 'report-locked')

  // Wrong for all that: another version, with a cause and a signature.
  assert.ok(await clerk.getByRole('button', { name: '更正', exact: true }).isDisabled())
  await clerk.getByLabel('更正原因').fill('漏计十二月专题会')
  await clerk.getByRole('button', { name: '更正', exact: true }).click()
  await guide(clerk).getByText('更正第 2 版：漏计十二月专题会。').waitFor()
  await type(clerk, '4')
  await saved(clerk)
  await clerk.getByRole('button', { name: '以填表人签字' }).click()
  await clerk.getByRole('dialog').getByRole('button', { name: '以填表人签字' }).click()
  await guide(clerk).getByText('签字已齐，可以提交。').waitFor()
  const phone = await open(watch, PHONE)
  await signIn(phone, 'city-filler', FORM)
  await usable(phone, 'a correction')
  await shoot(phone, 'report-correction')
  await clerk.getByRole('button', { name: '提交', exact: true }).click()
  await accept(watch)
  await go(clerk, '/rounds')
  await clerk.getByText('2027-02-28').waitFor()
})
