// SPDX-License-Identifier: Apache-2.0
// Reports, from sign-in to done: filled in, submitted, returned, mended, accepted.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { cell, go, open, saved, shoot, signIn, test, usable, WIDE } from './lib.mjs'

const FORM = '/rounds/F.M13-2026/150404P001'

async function type(page, name, text) {
  await cell(page, name).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

test('a form is filled in as in a spreadsheet, and is there when one comes back', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await type(page, '校本数字资源数 本期', '12')
  await saved(page)
  // Two rows as Excel copies them.
  await cell(page, '校园出口带宽 本期').click()
  await page.evaluate(() => {
    const clip = new DataTransfer()
    clip.setData('text/plain', '900.5\r\n180\r\n')
    const event = new ClipboardEvent('paste', { clipboardData: clip, bubbles: true })
    document.activeElement.dispatchEvent(event)
  })
  await page.getByText('900.5').waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('900.5').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+y')
  await page.getByText('900.5').waitFor()
  await saved(page)
  await page.reload()
  await cell(page, '校本数字资源数 本期').waitFor()
  assert.equal(await cell(page, '校本数字资源数 本期').innerText(), '12')
  assert.equal(await cell(page, '到班带宽 本期').innerText(), '180')
  assert.match(await page.locator('.findings').innerText(), /教师终端数/)
})

/** The cell that has the focus. */
const at = (page) =>
  page.evaluate(() => document.activeElement.getAttribute('aria-label').split('：')[0])

async function clip(page, what, text = '') {
  return page.evaluate(
    ([name, put]) => {
      const data = new DataTransfer()
      data.setData('text/plain', put)
      const how = { clipboardData: data, bubbles: true }
      document.activeElement.dispatchEvent(new ClipboardEvent(name, how))
      return data.getData('text/plain')
    },
    [what, text],
  )
}

test('keys, ranges and the clipboard do what they do in Excel', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  const press = (...keys) =>
    keys.reduce((p, k) => p.then(() => page.keyboard.press(k)), Promise.resolve())
  const is = async (name, text) => assert.equal(await cell(page, name).innerText(), text, name)
  const line = '校园出口带宽 本期'
  const room = '到班带宽 本期'
  // Typing over: arrows leave the cell. After F2 they move in its text, and Escape keeps it.
  await cell(page, line).click()
  await page.keyboard.type('900')
  await press('ArrowDown')
  assert.equal(await at(page), room)
  await page.keyboard.type('180')
  await press('Enter', 'ArrowUp', 'ArrowUp', 'F2', 'End')
  await page.keyboard.type('5')
  await press('ArrowLeft', 'Escape')
  await is(line, '900')
  assert.equal(await at(page), line)
  // A range is filled down, undone, done again, cleared.
  await press('Shift+ArrowDown', 'Control+d')
  await is(room, '900')
  await press('Control+z')
  await is(room, '180')
  await press('Control+Shift+z')
  await is(room, '900')
  await press('Control+z', 'Delete')
  await is(line, '')
  await is(room, '')
  await press('Control+z')
  await is(room, '180')
  await press('Tab')
  assert.equal(await at(page), '到班带宽 说明')
  await press('Control+Home', 'Control+End')
  assert.equal(await at(page), '校园物联采集 说明')
  // Figures as Excel shows them, choices by their word; a range goes back as it is seen.
  await cell(page, '计算机教室间数 本期').click()
  await clip(page, 'paste', '1,004\t含语音室\r\n５２台\t\r\n是\t\r\n否\t待安装\r\n')
  await is('计算机教室间数 本期', '1004')
  await is('教师终端数 本期', '52')
  await is('学习终端应用 本期', '是')
  await is('校园物联采集 说明', '待安装')
  await cell(page, '教师终端数 本期').click()
  await cell(page, '校园物联采集 说明').click({ modifiers: ['Shift'] })
  assert.equal(await clip(page, 'copy'), '52\t\r\n是\t\r\n否\t待安装')
  await clip(page, 'cut')
  await is('校园物联采集 说明', '')
  await press('Control+z')
  await is('校园物联采集 说明', '待安装')
  await saved(page)
  await page.getByRole('button', { name: '自查', exact: true }).click()
  await page.getByText(/^(没有会被问到的地方。|可能被问到)/).waitFor()
})

test('a figure that cannot be taken is told at its cell; others are saved', async (watch) => {
  watch.expected.push(/422/)
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await type(page, '教师终端数 本期', '5o')
  await page.getByText('有数值无法接受，未保存').waitFor()
  assert.match(await cell(page, '教师终端数 本期').getAttribute('class'), /bad/)
  await type(page, '教师终端数 本期', '51')
  await saved(page)
  await page.waitForFunction(() => document.querySelector('td.bad') === null)
})

test('what is typed without a line is sent when it is back, and nothing is lost', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED/)
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await cell(page, '校园出口带宽 本期').waitFor()
  await page.context().setOffline(true)
  const typed = {
    '校园出口带宽 本期': '950.25',
    '到班带宽 本期': '175',
    '到班带宽 说明': '11月实测',
  }
  for (const [name, text] of Object.entries(typed)) {
    await type(page, name, text)
  }
  await page.getByText(/离线：已存在本机/).waitFor()
  // While there is no line one goes on typing, and takes back.
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+y')
  await page.context().setOffline(false)
  await saved(page)
  await page.reload()
  for (const [name, text] of Object.entries(typed)) {
    await cell(page, name).waitFor()
    assert.equal(await cell(page, name).innerText(), text, name)
  }
})

test('what is typed without a line is kept over a reload, and sent then', async (watch) => {
  watch.expected.push(/ERR_INTERNET_DISCONNECTED/)
  const page = await open(watch)
  await signIn(page, 'school-filler', FORM)
  await cell(page, '计算机教室间数 本期').waitFor()
  await page.context().setOffline(true)
  await type(page, '计算机教室间数 本期', '4')
  await page.getByText(/离线：已存在本机/).waitFor()
  await page.context().setOffline(false)
  await page.reload()
  await cell(page, '计算机教室间数 本期').waitFor()
  await saved(page)
  await page.reload()
  await cell(page, '计算机教室间数 本期').waitFor()
  assert.equal(await cell(page, '计算机教室间数 本期').innerText(), '4')
})

const SMALL = '/rounds/F.M2.2-2026/150404P002'

test('school, county, school again: a cell is returned, mended, and accepted', async (watch) => {
  const county = await open(watch)
  const school = await open(watch)
  await signIn(county, 'county-reviewer', SMALL)
  await signIn(school, 'other-filler', SMALL)
  await school.getByText('待 松山区 审核').waitFor()
  await county.getByRole('checkbox', { name: '党组织领导校长负责制' }).check()
  await county.getByLabel('党组织领导校长负责制 退回理由').fill('请附文件')
  await county.getByRole('button', { name: '退回所选 1 项' }).click()
  // It is there without a reload.
  await school.getByText('退回：请附文件').waitFor()
  await type(school, '党组织领导校长负责制 说明', '已附文件，见党组发〔2026〕3号')
  await saved(school)
  await school.getByRole('button', { name: '提交' }).click()
  await school.getByText('待 松山区 审核').waitFor()
  await county.getByRole('button', { name: '审核通过' }).click()
  await county.getByText('待 赤峰市 审核').waitFor()
  await school.getByText('待 赤峰市 审核').waitFor()
  await go(county, '/reviews')
  await county.getByText('没有待审核的报表').waitFor()
})

test('by Excel: down, filled in, tried cell by cell, mended by its notes, taken', async (watch) => {
  const page = await open(watch, WIDE, { acceptDownloads: true })
  await signIn(page, 'school-filler', FORM)
  const book = `${tmpdir()}/${process.pid}-form.xlsx`
  const fill = (...cells) =>
    execFileSync('python3', [new URL('fill.py', import.meta.url).pathname, book, ...cells])
  const taken = async (button) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ])
    return file
  }
  await (await taken('下载表格')).saveAs(book)
  // A note in words, a full-width figure, and something that is none.
  fill('D7=约 15 个', 'D13=４', 'D14=不知道', 'E14=待学校盘点')
  const choose = page.getByRole('region', { name: '用 Excel 填报' }).locator('input[type=file]')
  await choose.setInputFiles(book)
  const list = page.getByRole('region', { name: '逐格说明' })
  await list.getByText('D14').waitFor()
  await list.getByText('D7').waitFor()
  await page.getByText(/试读 .*：尚未写入/).waitFor()
  await usable(page, 'what a workbook says')
  await list.scrollIntoViewIfNeeded()
  await shoot(page, 'report-excel')
  const notes = await taken('下载批注版')
  assert.match(notes.suggestedFilename(), /批注\.xlsx$/)
  assert.ok(statSync(await notes.path()).size > 5000)
  fill('D7=15', 'D14=52')
  await choose.setInputFiles(book)
  await page.getByRole('button', { name: /^导入 \d+ 个数值$/ }).click()
  await page.getByText(/^已导入：1 份草稿已保存/).waitFor()
  // They are in the grid without a reload.
  await page.locator('td[aria-label="教师终端数 本期：52"]').waitFor()
  assert.equal(await cell(page, '计算机教室间数 本期').innerText(), '4')
})

/** A number of the overview: how many verdicts stand so. */
const standing = async (page, state) =>
  Number((await page.locator(`.states .${state} .n`).innerText()).replace(/\D/g, ''))

/** The next tier accepts what waits for it, from its list of duties. */
async function accept(watch, user, next) {
  const page = await open(watch)
  await signIn(page, user, '/overview')
  await page.getByRole('link', { name: '学校数字条件 2026 · 示例松山区小学2' }).click()
  await page.getByRole('button', { name: '审核通过' }).click()
  await page.getByText(next).first().waitFor()
}

test('two roles in one story: from the first figure to the verdict that moves', async (watch) => {
  // A leader looks at the school and touches nothing until the end.
  const leader = await open(watch)
  await signIn(leader, 'leader', '/overview?unit=150404P002')
  const pending = await standing(leader, 'pending')
  const met = await standing(leader, 'met')

  // The school finds its duty, takes over what was so last year, and changes what was not.
  const school = await open(watch)
  await signIn(school, 'other-filler', '/overview')
  await school.getByRole('link', { name: /^学校数字条件 2026/ }).click()
  await school.getByRole('button', { name: '空白处填上期数' }).click()
  await type(school, '教师终端数 本期', '480')
  await saved(school)
  await school.getByRole('button', { name: '提交' }).click()
  await school.getByText('待 松山区 审核').waitFor()

  // The county returns two cells with reasons.
  const county = await open(watch)
  await signIn(county, 'county-reviewer', '/overview')
  await county.getByRole('link', { name: /^学校数字条件 2026/ }).click()
  for (const [item, why] of [
    ['教师终端数', '是去年的十倍，请核对'],
    ['到班带宽', '请注明实测日期'],
  ]) {
    await county.getByRole('checkbox', { name: item }).check()
    await county.getByLabel(`${item} 退回理由`).fill(why)
  }
  await county.getByRole('button', { name: '退回所选 2 项' }).click()

  // The school sees both without asking, and mends them: one figure was wrong, one was right.
  await school.getByText('退回：是去年的十倍，请核对').waitFor()
  await school.getByText('退回：请注明实测日期').waitFor()
  await type(school, '教师终端数 本期', '48')
  await type(school, '到班带宽 说明', '2026年11月5日实测')
  await saved(school)
  await school.getByRole('button', { name: '提交' }).click()
  await school.getByText('待 松山区 审核').waitFor()

  await accept(watch, 'county-reviewer', '待 赤峰市 审核')
  await accept(watch, 'city-reviewer', '待 内蒙古自治区 审核')
  await accept(watch, 'region-reviewer', '已采纳')
  await school.getByText('已采纳').first().waitFor()

  // What the leader has open says so by itself.
  await leader.waitForFunction(
    (n) => document.querySelector('.states .pending .n').innerText.startsWith(String(n)),
    pending - 1,
  )
  assert.equal(await standing(leader, 'met'), met + 1)

  // Why the number is what it is, down to the cell in which it was typed.
  await go(leader, '/commitments/K.M13.2?unit=150404P002&year=2026#why')
  const leaf = leader.locator('#why .leaf', { hasText: '示例松山区小学2 · 到班带宽' })
  await leaf.getByRole('link', { name: '看报表' }).click()
  await leader.waitForURL(/F\.M13-2026\/150404P002\?item=/)
  const typed = cell(leader, '到班带宽 本期')
  await typed.waitFor()
  await leader.waitForFunction(() => document.activeElement.matches('td.sought.at'))
  assert.match(await at(leader), /^到班带宽 本期/)
  const middle = (box) => box.y + box.height / 2
  const place = middle(await typed.boundingBox())
  assert.ok(place > 0 && place < WIDE.height, `the cell is out of sight: ${place}`)
  await shoot(leader, 'report-cell')
  // By keyboard alone: back, on, and there it is again.
  await leader.goBack()
  await leaf.getByRole('link').focus()
  await leader.keyboard.press('Enter')
  await leader.waitForFunction(() => document.activeElement.matches('td.sought.at'))
  await go(leader, '/rounds/F.M13-2026/150404P002?item=没有的数据项')
  await leader.getByText('链接所指的数据项“没有的数据项”不在这张报表里').waitFor()
  await usable(leader, 'a link to a cell that is not there')
})
