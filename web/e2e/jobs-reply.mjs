// SPDX-License-Identifier: Apache-2.0
// A question from both sides: replied to, asked again, replied with a document, settled.
import assert from 'node:assert/strict'
import { go, open, PASSWORD, PHONE, shoot, signIn, test, URL_, usable } from './lib.mjs'

const API = `${URL_}/api/v1`

/** Asks the service as a user, outside of any browser. */
async function as(user, password = PASSWORD) {
  const cookies = []
  const ask = async (method, path, body) => {
    const answer = await fetch(API + path, {
      method,
      headers: { 'Content-Type': 'application/json', Cookie: cookies.join('; ') },
      ...(body && { body: JSON.stringify(body) }),
    })
    cookies.push(...answer.headers.getSetCookie().map((c) => c.split(';')[0]))
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`)
    return answer.json()
  }
  await ask('POST', '/session', { user, password })
  return ask
}

/** A run, as the issuer begins one; a question of a unit right below the root. */
async function questioned() {
  const issuer = await as('issuer')
  await issuer('POST', '/question-run', { unit: '150000' })
  for (let i = 0; i < 120; i++) {
    const { state } = await issuer('GET', '/question-run?unit=150000')
    if (state !== 'running') {
      break
    }
    await new Promise((r) => setTimeout(r, 250))
  }
  const { questions } = await issuer('GET', '/questions?limit=500')
  return questions.find((q) => q.question.startsWith('change-'))
}

/** Somebody who fills in at the unit, with the password that all have here. */
async function clerk(user, unit) {
  const security = await as('security')
  const { password } = await security('POST', '/users', { user, name: '阿拉腾其其格', unit })
  await security('POST', '/seats', {
    seat: user,
    role: 'filler',
    class: 'internal',
    unit,
    holder: user,
  })
  const first = await fetch(`${API}/session/password`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, password, next: PASSWORD }),
  })
  assert.ok(first.ok, await first.text())
}

test('a question goes to and fro between two browsers until it is settled', async (watch) => {
  const q = await questioned()
  await clerk('altan', q.unit)
  const unit = await open(watch)
  const above = await open(watch)
  // Both find it on what waits for them.
  await signIn(unit, 'altan', '/overview')
  await unit
    .getByRole('link', { name: `数据疑问 · ${q.name}` })
    .first()
    .click()
  await unit.waitForURL(/questions\/change-/)
  const path = new URL(unit.url()).pathname
  await signIn(above, 'region-reviewer', path)
  await above.getByText(`待 ${q.name} 答复`).waitFor()
  assert.ok(await unit.getByRole('button', { name: '答复', exact: true }).isDisabled())
  await unit.getByLabel('答复内容').fill('新校区启用，旧校舍移交，面积按不动产登记。')
  await usable(unit, 'a question to reply to')
  await shoot(unit, 'question-reply')
  await unit.getByRole('button', { name: '答复', exact: true }).click()
  await unit.getByText('已答复，待上级审定').waitFor()
  assert.equal(await unit.evaluate(() => document.activeElement.className), 'next')

  await above.getByText('新校区启用').waitFor()
  await above.getByText('请审定答复').waitFor()
  await above.getByLabel('还需要补充什么').fill('请附移交文件')
  // What the other one does meanwhile takes nothing from what is typed here.
  await unit.getByText('已答复').first().waitFor()
  assert.equal(await above.getByLabel('还需要补充什么').inputValue(), '请附移交文件')
  await usable(above, 'a reply to decide on')
  await shoot(above, 'question-decide')
  await above.getByRole('button', { name: '要求补充' }).click()
  await above.getByText(`待 ${q.name} 答复`).waitFor()

  await unit.getByText('请附移交文件').waitFor()
  await unit.getByLabel('答复内容').fill('移交文件见附件。')
  await unit.locator('input[type=file]').setInputFiles({
    name: '校舍移交.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4 handed over'),
  })
  await unit.getByText('已答复，待上级审定').waitFor()
  await above.getByText('移交文件见附件。').waitFor()
  const [file] = await Promise.all([
    above.waitForEvent('download'),
    above.getByRole('button', { name: '下载' }).click(),
  ])
  assert.ok(await file.path())
  await above.getByRole('button', { name: '采纳答复' }).click()
  await above.getByText('已办结：答复说明了原因').waitFor()
  await unit.getByText('已办结：答复说明了原因').waitFor()
  await go(unit, '/questions')
  await unit.getByText('没有未办结的疑问').waitFor()
  const phone = await open(watch, PHONE)
  await signIn(phone, 'altan', path)
  await usable(phone, 'a question that is settled')
  await shoot(phone, 'question-settled')
})
