// SPDX-License-Identifier: Apache-2.0
// A report that three people sign, from sign-in to done.
import assert from 'node:assert/strict'
import { cell, go, open, PHONE, saved, settled, shoot, signIn, test, usable } from './lib.mjs'

const ROUND = '/rounds/F.S2.3-2026'
const FORM = `${ROUND}/150404`

const guide = (page) => page.locator('p.guide')
const focused = (page) => page.evaluate(() => document.activeElement.className)

async function type(page, name, text) {
  await cell(page, name).click()
  await page.keyboard.press('F2') // an input method would begin by itself
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** Signs in the dialog, which says what that means. */
async function sign(page, role) {
  await page.getByRole('button', { name: `以${role}签字` }).click()
  const box = page.getByRole('dialog', { name: `以${role}签字` })
  await box.getByText(`您以${role}身份对本表 5 项数值及说明的真实性负责`).waitFor()
  await box.getByRole('button', { name: `以${role}签字` }).click()
  await box.waitFor({ state: 'detached' })
}

test('three sign a report; mended, signed again, submitted, taken back', async (watch) => {
  const issuer = await open(watch)
  await signIn(issuer, 'issuer', '/issue')
  await issuer.getByLabel('报表').selectOption('F.S2.3')
  await issuer.getByLabel('签字').selectOption('3')
  await issuer.getByRole('button', { name: /^下发给 [\d,]+ 家机构/ }).click()
  await issuer.waitForURL(/F\.S2\.3-2026/)

  // What nobody has begun says so to who may only sign.
  const head = await open(watch, PHONE)
  await signIn(head, 'county-head', FORM)
  await guide(head).getByText('尚未填报，由本机构填报员填写。').waitFor()

  const filler = await open(watch)
  await signIn(filler, 'county-filler', FORM)
  await guide(filler).getByText('由 填表人、审核人、负责人 依次签字后提交').waitFor()
  await filler.getByRole('button', { name: '空白处填上期数' }).click()
  await saved(filler)
  await filler.getByText('没有问题，签字后可以提交。').waitFor()
  assert.equal(await filler.getByRole('button', { name: '提交', exact: true }).count(), 0)
  await sign(filler, '填表人')
  await guide(filler).getByText('已签字 1 / 3，还须 审核人、负责人 签字').waitFor()
  assert.equal(await focused(filler), 'guide')
  await shoot(filler, 'report-signed')

  // The next two find it on their lists.
  const reviewer = await open(watch)
  await signIn(reviewer, 'county-reviewer', '/overview')
  await reviewer.getByText('审核人签字').waitFor()
  await go(reviewer, FORM)
  await sign(reviewer, '审核人')
  await head.getByRole('button', { name: '以负责人签字' }).waitFor()
  await usable(head, 'a report to sign')
  await shoot(head, 'report-sign')

  // A change wipes what was signed, and is told to who looks on.
  await type(filler, '财政教育支出执行 本期', '135000')
  await saved(filler)
  await guide(filler).getByText('请核对，无误的以填表人签字').waitFor()
  await guide(head).getByText('填报员正在填写').waitFor()
  await sign(filler, '填表人')
  await reviewer.getByRole('button', { name: '以审核人签字' }).waitFor()
  await sign(reviewer, '审核人')
  await head.getByRole('button', { name: '以负责人签字' }).waitFor()
  await sign(head, '负责人')
  await guide(filler).getByText('签字已齐，可以提交。').waitFor()
  await filler.getByRole('button', { name: '提交', exact: true }).click()
  await guide(filler).getByText('已提交，待 赤峰市 审核').waitFor()
  assert.equal(await focused(filler), 'guide')

  // Taken back before anybody has decided; what was signed still stands.
  await filler.getByRole('button', { name: '撤回' }).click()
  await guide(filler).getByText('签字已齐，可以提交。').waitFor()
  await filler.getByRole('button', { name: '提交', exact: true }).click()
  await guide(filler).getByText('已提交，待 赤峰市 审核').waitFor()
  await settled(filler)
  await usable(filler, 'a report that is submitted')
  await shoot(filler, 'report-submitted')
})
