// SPDX-License-Identifier: Apache-2.0
// Where the plan stands: what people look for on the pages of verdicts.
import assert from 'node:assert/strict'
import { go, open, settled, shoot, signIn, test, usable } from './lib.mjs'

test('a commitment: what it lacks, who is silent, its way, its definitions', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/commitments/B13.2?unit=150400')
  const part = (name) => page.locator('.panel', { has: page.getByRole('heading', { name }) })
  // What would mend it is told in people, and leads to why.
  const mend = part(/^怎样补足/)
  await mend
    .getByText(/再增加 \d+人，其他不变/)
    .first()
    .waitFor()
  await part('谁还能改变结论')
    .getByText(/尚缺 \d+ 份填报/)
    .first()
    .waitFor()
  assert.ok((await part('谁还能改变结论').getByRole('link').count()) > 5)
  // The chart has its table.
  const track = part('逐年轨迹')
  await track.locator('canvas').first().waitFor()
  await track.getByText('逐年数值（表）').first().click()
  const years = await track.locator('tbody tr td:first-child').allInnerTexts()
  assert.equal(years[0], '2023', 'it does not begin with the baseline year')
  await usable(page, 'track')
  // How fast it has come beside how fast it has to, and why (C42).
  await go(page, '/commitments/B0.3?unit=150000')
  const run = track.locator('.runs li').first()
  assert.match(await run.innerText(), /基准以来每 30 天\s*-?[\d.]+\s?个百分点/)
  assert.match(await run.innerText(), /到 2026-12-31 每 30 天须\s*[\d.]+\s?个百分点/)
  await run.locator('a.figure').last().click()
  await page
    .locator('#why')
    .getByText(/^进度 · .灯/)
    .waitFor()
  await shoot(page, 'commitment-run')
  await go(page, '/commitments/B0.1')
  const compared = page.getByRole('region', { name: '口径比较' })
  await compared.getByText('采用', { exact: true }).waitFor()
  assert.ok((await compared.locator('tbody .verdict').count()) >= 2, 'nothing to compare')
})

test('the units below as table, bars and map; down to the report and back up', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/commitments/B13.2')
  const below = page.locator('.below')
  await below.getByLabel('年度').selectOption('2025')
  await below.getByRole('button', { name: '地图' }).click()
  await below.getByRole('link', { name: /赤峰市/ }).waitFor()
  await shoot(page, 'commitment-map')
  await usable(page, 'map')
  await below.getByRole('button', { name: '图', exact: true }).click()
  await below.locator('canvas').waitFor()
  await shoot(page, 'commitment-chart')
  await usable(page, 'bars')
  await below.getByRole('button', { name: '地图' }).click()
  await below.getByRole('link', { name: /赤峰市/ }).click()
  await page.waitForURL(/B13\.2\?unit=150400/)
  await settled(page)
  await below.getByRole('button', { name: '表', exact: true }).click()
  await below
    .getByRole('row', { name: /松山区/ })
    .locator('a.figure')
    .click()
  await page.waitForURL(/unit=150404.*#why/)
  const why = page.locator('#why')
  await why
    .getByText(/第 \d+ 次提交/)
    .first()
    .waitFor()
  await page.goBack()
  await page.waitForURL(/unit=150400/)
})

test('a day gone by is chosen, said, kept in the address, and left again', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/commitments/B13.2?unit=150400')
  await page.getByLabel('看哪一天').fill('2025-06-30')
  await page.waitForURL(/as_of=2025-06-30/)
  await page.getByText('您在看 2025-06-30 的情况').waitFor()
  const own = page.getByRole('region', { name: '本级' })
  await own.locator('tbody tr').first().waitFor()
  // A drill-down stays at the day.
  await page.locator('.below').getByRole('link', { name: '松山区' }).click()
  await page.waitForURL(/unit=150404&as_of=2025-06-30/)
  await page.getByText('您在看 2025-06-30 的情况').waitFor()
  await shoot(page, 'commitment-past')
  await usable(page, 'past')
  await page.getByRole('link', { name: '回到现在' }).click()
  await page.getByText('您在看').waitFor({ state: 'detached' })
  assert.doesNotMatch(page.url(), /as_of/)
})

test('the official text is coloured in place and leads to a commitment', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader', '/plan?unit=150400')
  const mark = page.getByRole('button', { name: /交流的教师不低于10%/ })
  await mark.waitFor()
  assert.match(await mark.getAttribute('class'), /met|missed|pending|unknown/)
  // By keyboard alone: to the mark, its card, the page of the commitment.
  await mark.focus()
  await page
    .locator('.card')
    .getByText(/截至 \d{4}-\d{2}-\d{2}/)
    .waitFor()
  await page.keyboard.press('Enter')
  await usable(page, 'plan with a card')
  await shoot(page, 'plan-card')
  await page.keyboard.press('Escape')
  await page.locator('.card').waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.waitForURL(/commitments\/B13\.2\?unit=150400/)
  await page.goBack()
  // What nobody judges stands in the margin.
  await page
    .locator('.side')
    .getByText(/附件9.*尚未写成/)
    .waitFor()
})

test('what has changed since the last visit', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'leader')
  await page.getByText('您第一次在这台设备上查看').waitFor()
  const comesBack = async (commit) => {
    await page.evaluate((commit) => {
      const before = { now: { commit, at: Date.now() - 86400_000 } }
      localStorage.setItem('tizhi.seen.leader', JSON.stringify(before))
    }, commit)
    await page.reload()
    await settled(page)
  }
  await comesBack(1_000_000)
  await page.getByText('本级结论没有变化').waitFor()
  await comesBack(2)
  await page.getByRole('button', { name: '看哪些变了' }).click()
  const panel = page.locator('.panel', { has: page.getByRole('heading', { name: /上次查看/ }) })
  await panel.locator('li').first().waitFor()
  await shoot(page, 'overview-changes')
  await usable(page, 'changes')
})
