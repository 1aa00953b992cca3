// SPDX-License-Identifier: Apache-2.0
// A row of a register goes from one school to another: offered, declined, offered again, taken.
import { accepted, go, open, PHONE, shoot, signIn, test, usable } from './lib.mjs'

const REGISTER = '/registers/教研员包联'
const OURS = `${REGISTER}/150404P001`
const THEIRS = `${REGISTER}/150404P002`
const WHO = '其木格'

async function offer(page, day) {
  await page.getByLabel('接收单位：选择').click()
  await page.getByLabel('按名称或代码查找').fill('150404P002')
  await page.getByRole('button', { name: /150404P002/ }).click()
  await page.getByLabel('自该日起由对方登记（须在有效期内）').fill(day)
  await page.getByRole('dialog').getByRole('button', { name: '移交' }).click()
  await page.getByText(/等对方接收/).waitFor()
}

test('a row goes to another school: offered, declined, offered again, taken', async (watch) => {
  const ours = await open(watch)
  await signIn(ours, 'school-filler', OURS)
  await ours.getByRole('button', { name: '登记一行' }).click()
  await ours.getByLabel('教研员').fill(WHO)
  await ours.getByLabel('起', { exact: true }).fill('2026-03-01')
  await ours.getByRole('button', { name: '保存' }).click()
  await ours.getByRole('button', { name: '变更' }).waitFor()
  await ours.getByRole('button', { name: '提交' }).click()
  await ours.getByText('待审').first().waitFor()
  await accepted(watch, OURS)
  // It stands, and can be handed over.
  await ours.getByRole('button', { name: '移交', exact: true }).click()
  await shoot(ours, 'row-offer')
  await usable(ours, 'row-offer')
  await offer(ours, '2026-09-01')
  await shoot(ours, 'row-offered')
  await usable(ours, 'row-offered')

  const theirs = await open(watch)
  await signIn(theirs, 'other-filler', '/overview')
  await theirs.getByText('接收移交').waitFor()
  await theirs.getByRole('link', { name: /教研员包联/ }).click()
  await theirs.getByRole('heading', { name: '待接收' }).waitFor()
  await shoot(theirs, 'offers')
  await usable(theirs, 'offers')
  await theirs.getByRole('button', { name: '不接收' }).click()
  await theirs.getByLabel('理由（告知对方）').fill('本学期教研员已配齐')
  await shoot(theirs, 'offer-decline')
  await theirs.getByRole('dialog').getByRole('button', { name: '不接收' }).click()
  await theirs.getByRole('heading', { name: '待接收' }).waitFor({ state: 'detached' })

  // Who offered it is told without a reload, and on his list of work.
  await ours.getByText(/不接收，理由：本学期教研员已配齐/).waitFor()
  await shoot(ours, 'row-declined')
  const phone = await open(watch, PHONE)
  await signIn(phone, 'school-filler', '/overview')
  await phone.getByRole('link', { name: /教研员包联/ }).click()
  await phone.getByText(/不接收，理由：本学期教研员已配齐/).waitFor()
  await shoot(phone, 'row-declined')
  await usable(phone, 'row-declined')
  await phone.context().close()
  await ours.getByRole('button', { name: '重新移交' }).click()
  await offer(ours, '2026-10-01')

  await theirs.getByRole('button', { name: '接收', exact: true }).click()
  await shoot(theirs, 'offer-take')
  await theirs.getByRole('dialog').getByRole('button', { name: '接收' }).click()
  await theirs.getByText(WHO).first().waitFor()
  await theirs.getByText('草稿').first().waitFor()
  await ours.getByText('草稿').first().waitFor()
  await ours.getByRole('button', { name: `${WHO} 的办理经过` }).click()
  await ours.getByRole('dialog').getByText('本学期教研员已配齐').waitFor()
  await shoot(ours, 'row-history')
  await usable(ours, 'row-history')
  const small = await open(watch, PHONE)
  await signIn(small, 'school-filler', OURS)
  await small.getByRole('button', { name: `${WHO} 的办理经过` }).click()
  await small.getByRole('dialog').getByText('本学期教研员已配齐').waitFor()
  await shoot(small, 'row-history')
  await usable(small, 'row-history')
  await go(theirs, THEIRS)
  await theirs.getByText(WHO).first().waitFor()
})
