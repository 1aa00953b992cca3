// SPDX-License-Identifier: Apache-2.0
// Questions: a run is begun, and what it asks; a private look.
import assert from 'node:assert/strict'
import { cancelOne, open, PHONE, shoot, signIn, test, usable } from './lib.mjs'

test('a run is begun and watched; what it asks is told, wide and on a phone', async (watch) => {
  const issuer = await open(watch)
  await signIn(issuer, 'issuer', '/questions')
  const panel = issuer.locator('section', { hasText: '查找异常' }).last()
  await panel.getByRole('button', { name: '开始' }).click()
  await panel.getByText(/新提出 \d+/).waitFor()
  const row = issuer.locator('tbody a').first()
  await row.waitFor()
  await shoot(issuer, 'questions-asked')
  await usable(issuer, 'questions-asked')
  await row.click()
  await issuer.getByRole('heading', { name: '疑问', level: 1 }).waitFor()
  await issuer.locator('dl.facts').waitFor()
  await shoot(issuer, 'question')
  await usable(issuer, 'question')
  assert.equal(await issuer.getByRole('button', { name: '采纳答复' }).count(), 0)
  const phone = await open(watch, PHONE)
  await signIn(phone, 'issuer', new URL(issuer.url()).pathname)
  await shoot(phone, 'question')
  await usable(phone, 'question')
})

test('a run is cancelled, and another one begun', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/questions')
  const panel = page.locator('section', { hasText: '查找异常' }).last()
  await cancelOne(panel)
  await panel.getByRole('button', { name: '重新开始' }).click()
  await panel.getByText(/新提出 \d+/).waitFor()
})

test('a private look at what one would be asked', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'school-filler', '/questions')
  await page.getByRole('button', { name: '自查' }).click()
  await page
    .getByRole('status')
    .getByText(/没有发现异常之处|将被问到/)
    .waitFor()
})
