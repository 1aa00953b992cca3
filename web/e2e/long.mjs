// SPDX-License-Identifier: Apache-2.0
// A list of ten thousand rows, scrolled through: few are in the document, and no frame is late.
import assert from 'node:assert/strict'
import { cpus, loadavg } from 'node:os'
import { open, settled, signIn, test, usable } from './lib.mjs'

const ROWS = 10_000
const PAGE = 1000
const IN_DOCUMENT = 80
const FRAME_MS = 100
const WORK_MS = 30 // a frame on average, of the thread's own time

/** What the service would answer for so many: the rows of a real page, anew; `row` is the n-th. */
async function answerLong(page, at, member, row) {
  const asked = []
  await page.route(at, async (route) => {
    const query = new URL(route.request().url()).searchParams
    const from = Number(query.get('after') ?? 0)
    asked.push(from)
    const real = await (
      await route.fetch({
        url: route
          .request()
          .url()
          .replace(/&after=\d+/, ''),
      })
    ).json()
    const rows = Array.from({ length: PAGE }, (_, i) => {
      const like = real[member][i % (real[member].length || 1)]
      return { ...like, ...row(from + i) }
    })
    const next = from + PAGE < ROWS ? String(from + PAGE) : null
    await route.fulfill({ json: { ...real, [member]: rows, next } })
  })
  return asked
}

/** Scrolls by a screen a frame to the very end; the frames it took, in milliseconds. */
const scrollThrough = (box) =>
  box.evaluate(async (b) => {
    const frames = []
    const frame = () => new Promise((r) => requestAnimationFrame(r))
    let still = 0
    let before = await frame()
    while (still < 60) {
      const top = b.scrollTop
      b.scrollTop += b.clientHeight
      const now = await frame()
      frames.push(now - before)
      before = now
      still = b.scrollTop === top ? still + 1 : 0
    }
    return frames
  })

/** Work of the page's thread since the last look, in milliseconds of its own time: it is the same
 * whatever else the machine does. */
async function workOf(page) {
  const wire = await page.context().newCDPSession(page)
  await wire.send('Performance.enable', { timeDomain: 'threadTicks' })
  const sum = async () => {
    const { metrics } = await wire.send('Performance.getMetrics')
    return 1000 * metrics.find((m) => m.name === 'TaskDuration').value
  }
  const before = await sum()
  return async () => (await sum()) - before
}

/** All of it, then the frames; the list is the region of that name. */
async function smooth(page, name, asked) {
  const box = page.getByRole('region', { name, exact: true })
  // All of it is read first, then scrolled again from the top: of this the frames are counted.
  await scrollThrough(box)
  await page.getByText('10,000 项', { exact: true }).waitFor()
  assert.deepEqual(asked.length, ROWS / PAGE, asked.join(' '))
  await box.evaluate((b) => (b.scrollTop = 0))
  await settled(page)
  const worked = await workOf(page)
  const frames = await scrollThrough(box)
  const work = (await worked()) / frames.length
  const late = frames.filter((ms) => ms > FRAME_MS)
  const most = Math.round(Math.max(...frames))
  console.log(`# ${frames.length} frames, the longest ${most} ms, load ${loadavg()[0]}`)
  console.log(`# ${work.toFixed(1)} ms of work a frame`)
  assert.ok(work < WORK_MS, `${work} ms of work a frame`)
  const inside = await box.locator('tbody tr').count()
  assert.ok(inside < IN_DOCUMENT, `${inside} rows in the document`)
  const last = await box.locator('tr[aria-rowindex]').last().getAttribute('aria-rowindex')
  assert.equal(Number(last), ROWS + 1)
  // Times of a machine on which others work say nothing of the application.
  const busy = loadavg()[0] > cpus().length
  assert.ok(late.length === 0 || busy, `late: ${late.map(Math.round).join(' ')} ms`)
  await usable(page, `a long list of ${name}`)
}

test('a list of ten thousand rows is scrolled through without a late frame', async (watch) => {
  const page = await open(watch)
  const asked = await answerLong(page, /\/api\/v1\/tasks\?/, 'tasks', (n) => ({
    unit: `U${n}`,
    unit_name: `很长名称的示例单位第${n}号`,
  }))
  await signIn(page, 'issuer', '/tasks')
  await smooth(page, '任务', asked)
  // On paper are all of them.
  await page.evaluate(() => {
    window.print = () => (window.onPaper = document.querySelectorAll('tr[aria-rowindex]').length)
  })
  await page.getByRole('button', { name: '打印' }).click()
  await page.waitForFunction((n) => window.onPaper === n, ROWS + 1)
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await page.getByLabel('在列表中查找').fill('第9999号')
  await page.getByText(/^1 \/ 10,000 项$/).waitFor()
})

test('a register of ten thousand rows is as smooth, and each can be acted on', async (watch) => {
  const page = await open(watch)
  const content = { date: '', from: '2026-09-01', to: '', revoked: '' }
  const asked = await answerLong(page, /\/150404P001\/rows\?/, 'rows', (n) => ({
    ...{
      id: `r${n}`,
      state: 'standing',
      when: '2026-09-01 – ',
      content: '',
      version: 1,
      stands: 1,
    },
    ...{ strike: false, cause: '', before: '', after: '', offered: '', offered_name: '' },
    ...{ transfer: false, declined: '', waits_for: '', seen: 1, returned: [] },
    standing: { ...content, fields: { 册次: `义务教育教科书 语文 第${n}册`, 学科: '语文' } },
  }))
  await signIn(page, 'school-filler', '/registers/教材选用备案/150404P001')
  await smooth(page, '台账各行', asked)
  await page.getByLabel('在列表中查找').fill('第9999册')
  await page.getByText(/^1 \/ 10,000 项$/).waitFor()
  await page.getByRole('button', { name: '变更' }).click()
  await page.getByRole('heading', { name: /第9999册/ }).waitFor()
})
