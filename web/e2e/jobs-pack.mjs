// SPDX-License-Identifier: Apache-2.0
// The work of the issuer on the plan itself: another pack is tried, mended, and adopted.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { cancelOne, open, settled, shoot, signIn, test, usable } from './lib.mjs'

const PLANS = new URL('../../plans/nmg-2024/', import.meta.url)

/** The files of the bundled pack, with one place of the text changed. */
function pack(from, to) {
  return readdirSync(PLANS)
    .filter((name) => name.endsWith('.plan'))
    .map((name) => {
      const text = readFileSync(new URL(name, PLANS), 'utf8').replace(from, to)
      return { name, mimeType: 'text/plain', buffer: Buffer.from(text) }
    })
}

/** A pack is saved as one file. */
async function takes(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()])
  assert.match(file.suggestedFilename(), /^plan-.*-[0-9a-f]{12}\.zip$/)
}

async function tryPack(page, files) {
  await page.getByLabel('计划文件').setInputFiles(files)
  await page.getByText(`已选 ${files.length} 个文件`).waitFor()
  await page.getByRole('button', { name: '检查' }).click()
}

test('issuer: a pack with an error is refused; mended, it is adopted', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/pack')
  await page.getByText('账本没有保存计划').waitFor()
  await takes(page, page.getByRole('button', { name: '下载现行计划包' }))
  await tryPack(page, pack('指标 B13.2', '指标指标 B13.2'))
  await page.getByText('✕ 不能采用').waitFor()
  await page
    .getByText(/\.plan:\d+:\d+/)
    .first()
    .waitFor()
  await shoot(page, 'pack-wrong')
  await usable(page, 'pack-wrong')

  await tryPack(page, pack('教师交流轮岗', '教师校长交流轮岗'))
  await page.getByText('可以采用').waitFor()
  await page.getByRole('cell', { name: '教师校长交流轮岗' }).first().waitFor()
  await shoot(page, 'pack-tried')
  await usable(page, 'pack-tried')
  await page.getByRole('button', { name: '采用', exact: true }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.locator('[name=reason]').fill('名称与文件一致')
  await dialog.getByRole('button', { name: '采用', exact: true }).click()
  await page.getByText(/已采用，第 \d+ 次提交起执行/).waitFor()
  await page.getByRole('cell', { name: '现行', exact: true }).waitFor()
  await page.getByRole('cell', { name: '名称与文件一致' }).waitFor()
  assert.equal(await page.getByText('账本没有保存计划').count(), 0)
  await takes(page, page.getByRole('row', { name: '现行' }).getByRole('button', { name: '下载' }))
  await takes(page, page.getByRole('row', { name: '自始' }).getByRole('button', { name: '下载' }))
  await page.getByRole('heading', { name: '历次执行的计划' }).scrollIntoViewIfNeeded()
  await shoot(page, 'pack-versions')
  await page.getByText('新计划正在投入使用').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: '指标' }).click() // without loading anything anew
  await page.getByRole('heading', { name: '指标', level: 1 }).waitFor()
  await page.getByRole('searchbox').fill('校长交流')
  await page.getByRole('link', { name: '教师校长交流轮岗' }).first().waitFor()
})

test('issuer: the book is judged by a pack; cancelled, begun again', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/pack')
  await page.getByText('先选择计划文件').waitFor()
  await page.getByLabel(/同时试判全部结论/).check()
  await tryPack(page, pack('体测覆盖率', '体质测试覆盖率'))
  const panel = page.locator('.panel', { hasText: '试判：采用后结论的变化' })
  await panel.getByText(/\d 完成（.+ 发起）/).waitFor()
  await panel.getByText('没有结论变化。').waitFor()
  await shoot(page, 'pack-effect')
  await usable(page, 'pack-effect')
  await cancelOne(panel)

  await panel.getByRole('button', { name: '重新开始' }).click()
  await panel.getByText(/\d 个结论中有 0 个变化/).waitFor()
  await page.reload()
  await settled(page)
  await panel.getByText(/\d 个结论中有 0 个变化/).waitFor()
})

test('issuer: the official text is held against the plan', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/pack')
  const text = Buffer.from('一、总体要求\n示例文件的一句话。示例文件的另一句话。\n')
  await page
    .getByLabel('正式文件', { exact: true })
    .setInputFiles({ name: '文件.txt', mimeType: 'text/plain', buffer: text })
  await page.getByText(/\d 句：已落实/).waitFor()
  await page.getByRole('cell', { name: /示例文件的另一句话/ }).waitFor()
})
