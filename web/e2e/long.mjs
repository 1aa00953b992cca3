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

/** What the service would answer for a region with so many tasks: the rows of a real page, anew. */
async function answerLong(page) {
  const asked = []
  await page.route(/\/api\/v1\/tasks\?/, async (route) => {
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
    const tasks = Array.from({ length: PAGE }, (_, i) => {
      const like = real.tasks[i % real.tasks.length]
      return { ...like, unit: `U${from + i}`, unit_name: `很长名称的示例单位第${from + i}号` }
    })
    const next = from + PAGE < ROWS ? String(from + PAGE) : null
    await route.fulfill({ json: { ...real, tasks, next } })
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

test('a list of ten thousand rows is scrolled through without a late frame', async (watch) => {
  const page = await open(watch)
  const asked = await answerLong(page)
  await signIn(page, 'issuer', '/tasks')
  const box = page.getByRole('region', { name: '任务', exact: true })
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
  await usable(page, 'a long list')
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
