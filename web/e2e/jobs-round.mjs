// SPDX-License-Identifier: Apache-2.0
// Rounds and reviews, from sign-in to done: issued, followed, reminded, decided on in bulk, locked.
import assert from 'node:assert/strict'
import { go, open, settled, shoot, signIn, test, URL_, usable } from './lib.mjs'

test("a department issues a round; it is on the schools' lists", async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/rounds')
  await page.getByRole('link', { name: '下发填报' }).click()
  // What is asked already is told with its place, before anything is issued.
  watch.expected.push(/409/)
  await page.getByLabel('报表').selectOption('F.M13')
  await page.getByRole('alert').waitFor()
  await page.getByLabel('编号').fill('补报')
  await page.getByLabel('编号').press('Tab')
  await page.getByText(/^不能下发：\d+ 个问题/).waitFor()
  await page.getByLabel('报表').selectOption('F.quality-school')
  await page.getByText('没有问题，可以下发。').waitFor()
  assert.match(await page.locator('dl').innerText(), /小时（.* 家 × \d+ 项 × 2 分钟）/)
  await page.getByLabel('截止日').fill('2027-01-15')
  // One school alone, as for one that was forgotten; then all of them after all.
  await page.getByRole('button', { name: /^只发给.*添加$/ }).click()
  await page.getByLabel('按名称或代码查找').fill('150404P002')
  await page
    .getByRole('button', { name: /^示例松山区小学2/ })
    .first()
    .click()
  await page.getByRole('button', { name: '下发给 1 家机构' }).waitFor()
  assert.equal(await page.getByLabel('编号').inputValue(), 'F.quality-school-2026-150404P002')
  await page.getByRole('button', { name: '去掉 示例松山区小学2' }).click()
  await page.getByRole('button', { name: '下发给 1 家机构' }).waitFor({ state: 'detached' })
  await settled(page)
  await usable(page, 'issuing')
  await shoot(page, 'issue')
  await page.getByRole('button', { name: /^下发给 [\d,]+ 家机构/ }).click()
  await page.waitForURL(/rounds\/F\.quality-school-2026/)
  await page.getByText('未报').first().waitFor()

  const school = await open(watch)
  await signIn(school, 'school-filler', '/overview')
  await school.getByRole('link', { name: /^学校规划和评价 2026/ }).waitFor()
})

test('a round is given more time, with a reason that is told', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'issuer', '/rounds/F.G-2026')
  await page.getByLabel('延至').fill('2027-01-31')
  await page.getByLabel('延期 理由').fill('系统培训延后')
  await page.getByRole('button', { name: '延期', exact: true }).click()
  await page.getByText(/已延期（原截止 .*）：系统培训延后/).waitFor()
  await page.getByText('截止 2027-01-31').waitFor()
})

test('who follows a round sees areas, who is silent and who has to do it', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'county-reviewer', '/rounds')
  await page.getByRole('link', { name: '学校数字条件' }).click()
  await settled(page)
  await page.locator('summary').click()
  await page.getByRole('region', { name: '按区域' }).waitFor()
  await page.getByRole('link', { name: '催办' }).last().click()
  await settled(page)
  await page.getByRole('region', { name: '未报与催办' }).getByText('无人任职').first().waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: URL_ })
  await page.getByRole('button', { name: '复制催办通知' }).click()
  await page.getByText(/^已复制 \d+ 家机构的催办通知/).waitFor()
  const notice = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(notice, /示例松山区初中1\n.*填报 学校数字条件 2026（截止 \d{4}-\d\d-\d\d）/)
})

/** A short form, filled in and submitted by a school. */
async function submit(watch, user, path) {
  const page = await open(watch)
  await signIn(page, user, path)
  await page.getByRole('button', { name: '空白处填上期数' }).click()
  await page.getByText('已保存', { exact: true }).waitFor()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('待 松山区 审核').waitFor()
}

test('a county decides on many at once: returned with one reason, then accepted', async (watch) => {
  const path = '/rounds/F.quality-school-2026'
  await submit(watch, 'school-filler', `${path}/150404P001`)
  await submit(watch, 'other-filler', `${path}/150404P002`)
  const page = await open(watch)
  await signIn(page, 'county-reviewer', '/reviews')
  const pick = async () => {
    for (const name of ['示例松山区小学1', '示例松山区小学2']) {
      await page
        .getByRole('row', { name: new RegExp(`${name}.*学校规划和评价`) })
        .getByRole('checkbox')
        .check()
    }
  }
  await pick()
  await page.getByRole('button', { name: '退回所选 2 份…' }).click()
  const box = page.getByRole('dialog', { name: '退回 2 份报表' })
  await box.getByRole('checkbox').first().check()
  await box.getByLabel(/退回理由$/).fill('请按新口径核对')
  await usable(page, 'returning in bulk')
  await shoot(page, 'return-bulk')
  await box.getByRole('button', { name: '退回', exact: true }).click()
  await page.getByText('已办理 2 份。').waitFor()
  for (const [user, unit] of [
    ['school-filler', '150404P001'],
    ['other-filler', '150404P002'],
  ]) {
    const school = await open(watch)
    await signIn(school, user, `${path}/${unit}`)
    await school.getByText('退回：请按新口径核对').waitFor()
    await school.locator('td[aria-label$="说明"]').first().click()
    await school.keyboard.press('F2') // an input method would begin by itself
    await school.keyboard.type('已按新口径核对，数据无误')
    await school.keyboard.press('Enter')
    await school.getByText('已保存', { exact: true }).waitFor()
    await school.getByRole('button', { name: '提交' }).click()
    await school.getByText('待 松山区 审核').waitFor()
  }
  await page.getByRole('row', { name: /示例松山区小学2.*学校规划和评价/ }).waitFor()
  await pick()
  await page.getByRole('button', { name: '通过所选 2 份' }).click()
  await page.getByText('已办理 2 份。').waitFor()
  await go(page, `${path}/150404P002`)
  await page.getByText('待 赤峰市 审核').waitFor()
})
