// SPDX-License-Identifier: Apache-2.0
// Tasks, from sign-in to done: evidence, return, sign-off, more time.
import assert from 'node:assert/strict'
import { go, open, settled, shoot, signIn, test, usable } from './lib.mjs'

const TASK = '/tasks/M18.7/150000?year=2024&part=2024-Q1'
const LATER = '/tasks/M18.7/150000?year=2024&part=2024-Q2'

/** A document as somebody has it on his disk. */
const paper = (name, text, size = 0) => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.concat([Buffer.from(text), Buffer.alloc(size, 32)]),
})

const bring = (page, label, file) =>
  page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(file)

test('a task: evidence filed, returned, signed off; the verdict follows', async (watch) => {
  const owner = await open(watch)
  await signIn(owner, 'region-filler', '/overview')
  await owner.getByRole('link', { name: /^护校安园 2024-Q1/ }).click()
  await owner.getByText('还没有佐证').waitFor()
  assert.match(await owner.locator('dl').innerText(), /未达成/)
  await bring(owner, '报送佐证', paper('护校安园行动通知.pdf', '%PDF-1.4 notice', 3_000_000))
  await owner.getByRole('button', { name: '护校安园行动通知.pdf' }).waitFor()
  await owner.getByText('待核销', { exact: true }).first().waitFor()

  // Somebody else of the tier decides; it is there without a reload.
  const tier = await open(watch)
  await signIn(tier, 'region-reviewer', TASK)
  await tier.getByLabel('退回 理由').fill('请附盖章页')
  await tier.getByRole('button', { name: '退回', exact: true }).click()
  await owner.getByText('理由：请附盖章页').waitFor()
  await owner.getByLabel('佐证所指日期').fill('2024-03-20')
  await bring(owner, '报送佐证', paper('盖章页.pdf', '%PDF-1.4 sealed'))
  await tier.getByRole('button', { name: '盖章页.pdf' }).waitFor()
  const [file] = await Promise.all([
    tier.waitForEvent('download'),
    tier.getByRole('button', { name: '盖章页.pdf' }).click(),
  ])
  assert.equal(file.suggestedFilename(), '盖章页.pdf')
  await usable(tier, 'a task that is decided on')
  await shoot(tier, 'task-decide')
  await tier.getByRole('button', { name: '核销', exact: true }).click()
  await owner.getByText('已核销', { exact: true }).first().waitFor()
  await owner
    .locator('dl')
    .getByText(/^✓\s*达成/)
    .waitFor()
  assert.match(await owner.locator('ol').innerText(), /报送佐证.*退回.*报送佐证.*核销/s)
})

test('more time is asked for, refused, asked for again and granted', async (watch) => {
  const owner = await open(watch)
  const tier = await open(watch)
  await signIn(owner, 'region-filler', LATER)
  await signIn(tier, 'region-reviewer', LATER)
  const ask = async (why) => {
    await owner.getByLabel('延至').fill('2027-03-31')
    await owner.getByLabel('申请延期 理由').fill(why)
    await owner.getByRole('button', { name: '申请延期' }).click()
    await tier.getByText(`申请延期至 2027-03-31：${why}`).waitFor()
  }
  await ask('方案待修订')
  await tier.getByLabel('不同意延期 理由').fill('请写明具体安排')
  await tier.getByRole('button', { name: '不同意延期' }).click()
  await owner.getByText('理由：请写明具体安排').waitFor()
  await ask('与年度检查合并，三月完成')
  await tier.getByRole('button', { name: '批准延期' }).click()
  await owner.getByText('已延至 2027-03-31').waitFor()
  await go(owner, '/tasks')
  await owner.getByText('延期至 2027-03-31').waitFor()
})

test('tasks by quarter, light and unit; all of them go to Excel', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/tasks')
  const rows = page.locator('tbody tr[aria-rowindex]')
  await page.getByRole('button', { name: /2026 Q4/ }).click()
  await settled(page)
  for (const day of await rows.locator('td:first-child').allInnerTexts()) {
    assert.match(day, /^2026-1[0-2]/)
  }
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出 Excel' }).click(),
  ])
  assert.match(file.suggestedFilename(), /\.xlsx$/)
})
