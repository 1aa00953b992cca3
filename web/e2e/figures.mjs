// SPDX-License-Identifier: Apache-2.0
// No number on any page without its unit, the day it stands for, and a way to why it is so. What is
// exempt is listed here, with the reason; whatever else has digits is a fault of its page.
import assert from 'node:assert/strict'
import { go, open, PHONE, shoot, signIn, test } from './lib.mjs'
import { PAGES } from './pages.mjs'

/** Texts that are no figures. They are taken out before digits are looked for. */
const NAMES = [
  /\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?/, // days and moments
  /\d{4}-(Q\d|\d{4})|\d{4}\s?年|\d{4}(?=[—至])|\b20\d\d\b/, // periods, years
  /第 ?[\d,]+ ?次(提交)?/, // commits
  /\p{Lu}{1,2}\.?\p{Lu}*\d+(\.\d+)*/, // commitments, checks, forms, keys (F2)
  /附件\d+|第\d+(至\d+)?句|[)）]\d+(?!\d)/, // clauses
  /\b\d{6,10}(\p{Lu}\d+)?\b/, // units
  /\d+(\.\d+){2,}(:\d+)?/, // addresses of machines, versions of programs
  /示例\S*?\d+/, // names of generated units
]

/**
 * Numbers that count what the page itself lists, or what it asks of people: the list is their
 * explanation, the frame has their day. By selector.
 */
const COUNTS = [
  '[role=status]', // rows of a list: 12 项
  'button', // what it will do: 通过所选 3 份
  'summary, h2, h3', // of the list below: 按区域（12）
  'label, input, select, option',
  '.legend, .counts, .states, .bars, .count-bar', // counts by state, in words beside them
  '.help, .note, .about', // words of the page
  'pre, code, .formula',
  '[role=grid] td', // a form: the unit of measure has a column of its own
]

/** Pages of settings, logs and rules: their numbers are no figures of the plan. */
const OTHERS =
  /^(system|audit|commit$|account|people|user|seat|rights|pack|units|missing|sso|admin)/

/** In the browser: what is neither a figure with all that it needs, nor exempt. */
function faults([names, counts]) {
  const taken = names.map(([source, flags]) => new RegExp(source, flags))
  const bare = (text) => taken.reduce((t, n) => t.replace(n, ' '), text)
  const found = []
  for (const f of document.querySelectorAll('.figure')) {
    const day = f.closest('[data-as-of]')?.dataset.asOf ?? ''
    const why =
      f.closest('a[href], [data-why]') ?? f.closest('[data-as-of]')?.querySelector('a[href]')
    const text = f.textContent.trim()
    const unit =
      !/\d/.test(text) || /\d[\s\u00A0]*(%|‰|[\p{L}²])/u.test(text) || f.dataset.unit === ''
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || !why || !unit) {
      found.push(`figure “${text}”: day “${day}”, ${why ? 'a way' : 'no way'}, unit ${unit}`)
    }
  }
  const main = document.querySelector('main') ?? document.body
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const at = texts.currentNode.parentElement
    if (/\p{Ll}_\p{Ll}|^(na|none)$/u.test(texts.currentNode.data.trim())) {
      found.push(`“${texts.currentNode.data.trim()}” is a word for programs`)
    }
    if (!/\d/.test(bare(texts.currentNode.data)) || at.closest(`.figure, ${counts}`)) {
      continue
    }
    const column = at.closest('td, [role=gridcell]')?.cellIndex
    const head = at.closest('table')?.tHead?.rows[0]?.cells[column]?.textContent ?? ''
    if (/^(版次|Version|年度|Year)/.test(head)) {
      continue // which one, not how many
    }
    const around = at.closest('td, li, p, dd') ?? at
    const whole = around.innerText || around.textContent // hidden: in a table that is folded
    const unit =
      /\d[\s\u00A0]*(%|[\p{L}])|\p{L}\s*\d/u.test(bare(whole)) || /（.+）|\(.+\)/.test(head)
    if (!unit && !at.closest('a[href]')) {
      found.push(`“${whole.trim().slice(0, 60)}” in a column “${head.trim()}” has no unit`)
    }
  }
  return found
}

test('no number without a unit, the day it stands for, and a way to why', async (watch) => {
  const names = NAMES.map((n) => [n.source, 'gu'])
  const users = new Map()
  const all = []
  for (const [user, name, path] of PAGES.filter(([, name]) => !OTHERS.test(name))) {
    if (!users.has(user)) {
      users.set(user, await open(watch))
      if (user) {
        await signIn(users.get(user), user)
      }
    }
    const page = users.get(user)
    await go(page, path)
    const day = await page.getByText(/截至 \d{4}-\d{2}-\d{2} · 第 [\d,]+ 次提交/).count()
    const said = await page.evaluate(faults, [names, COUNTS.join(', ')])
    all.push(...(day > 0 ? said : ['no day and no commit', ...said]).map((f) => `${name}: ${f}`))
  }
  assert.ok(all.length === 0, [...new Set(all)].join('\n'))
})

test('a table that is wider than a phone keeps its first column in sight', async (watch) => {
  const page = await open(watch, PHONE)
  await signIn(page, 'issuer', '/tasks')
  const table = page.locator('.sideways', { has: page.locator('tbody td') })
  const box = table.locator('.box')
  const first = box.locator('tbody td').first()
  const before = await first.boundingBox()
  assert.match(await table.getAttribute('class'), /more/)
  await box.evaluate((b) => b.scrollTo(b.scrollWidth, 0))
  await page.waitForFunction(() => document.querySelector('.sideways.more') === null)
  const after = await first.boundingBox()
  assert.equal(after.x, before.x, 'what a row is about is out of sight')
  assert.ok(after.width < PHONE.width * 0.45, `it takes ${after.width} px`)
  await shoot(page, 'tasks-sideways')
})
