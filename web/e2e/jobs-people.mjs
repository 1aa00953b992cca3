// SPDX-License-Identifier: Apache-2.0
// The work of the security administrator, and what everybody does about his own account.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { go, open, PASSWORD, PHONE, settled, shoot, signIn, test, URL_, usable } from './lib.mjs'

const GOOD = 'Steppe-Wind-41'

/** The six digits of an authenticator, some steps of 30 s ahead (RFC 6238). */
function digits(secret, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead))
  const mac = createHmac('sha1', key).update(step).digest()
  const at = mac[19] & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0')
}

/** Fills in and confirms the dialog that is open. */
async function confirm(page, button, fields = {}) {
  const dialog = page.locator('dialog[open]').last()
  for (const [label, text] of Object.entries(fields)) {
    await dialog.getByLabel(label, { exact: false }).first().fill(text)
  }
  await dialog.getByRole('button', { name: button, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** In China. */
const dayFromNow = (n) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now() + n * 86400000)

async function makeUser(page, user, name) {
  await go(page, '/people')
  await page.getByRole('button', { name: '新建用户' }).click()
  await shoot(page, 'user-new')
  await usable(page, 'user-new')
  await confirm(page, '新建', { 用户名: user, 姓名: name, 事由: '九月调入' })
  const password = await page.locator('.secret code').innerText()
  assert.match(password, /\S{12,}/)
  await page.getByRole('button', { name: '已记下，关闭' }).click()
  return password
}

async function firstSignIn(page, user, password) {
  await page.goto(`${URL_}/sign-in`)
  await page.fill('#user', user)
  await page.fill('#password', password)
  await page.click('button[type=submit]')
  await page.fill('#next', GOOD)
  await page.fill('#again', GOOD)
  await page.click('button[type=submit]')
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  await settled(page)
}

test('security: a new clerk gets an account and a seat, and is locked out', async (watch) => {
  watch.expected.push(/40[13]/)
  const admin = await open(watch)
  const clerk = await open(watch)
  await signIn(admin, 'security')
  const password = await makeUser(admin, 'bao', '包萨日娜其其格')
  await firstSignIn(clerk, 'bao', password)
  await clerk.getByText('您目前没有岗位').waitFor()

  await admin.getByRole('link', { name: '包萨日娜其其格' }).click()
  await admin.getByRole('button', { name: '授予岗位' }).click()
  const dialog = admin.locator('dialog[open]')
  await dialog.getByLabel('角色').selectOption('reviewer')
  await dialog.getByRole('button', { name: '机构：选择' }).click()
  await admin.getByLabel('按名称或代码查找').fill('松山区')
  await admin
    .getByRole('button', { name: /^松山区/ })
    .first()
    .click()
  await shoot(admin, 'seat-new')
  await confirm(admin, '授予')
  await admin.getByRole('link', { name: '审核' }).waitFor()
  await shoot(admin, 'user-seated')
  await usable(admin, 'user-seated')

  await go(clerk, '/')
  await clerk.getByRole('link', { name: '审核' }).waitFor()

  await admin.getByRole('button', { name: '立即锁定' }).click()
  await confirm(admin, '立即锁定', { 事由: '手机丢失' })
  await admin.getByText('由管理员锁定').waitFor()
  await clerk.goto(`${URL_}/units`)
  await clerk.waitForSelector('#user')
})

test('security: somebody is let in again, leaves, and comes back', async (watch) => {
  watch.expected.push(/40[1-9]|422/)
  const admin = await open(watch)
  const clerk = await open(watch)
  await signIn(admin, 'security')
  const password = await makeUser(admin, 'wuyun', '乌云其其格·孛儿只斤')
  await firstSignIn(clerk, 'wuyun', password)
  await admin.getByRole('link', { name: '乌云其其格·孛儿只斤' }).click()
  await admin.getByRole('button', { name: '授予岗位' }).click()
  const dialog = admin.locator('dialog[open]')
  await dialog.getByLabel('岗位编号').fill('wuyun-acting')
  await dialog.getByLabel('末日（可空）').fill(dayFromNow(20))
  await confirm(admin, '授予')
  await admin.getByRole('cell', { name: '填报' }).waitFor()

  // Locked for an incident, and let in again: his password is still his.
  await admin.getByRole('button', { name: '立即锁定' }).click()
  await confirm(admin, '立即锁定', { 事由: '手机丢失' })
  await admin.getByText('由管理员锁定').waitFor()
  await admin.getByRole('button', { name: '解除锁定' }).click()
  await confirm(admin, '解除锁定', { 事由: '手机已找回' })
  await admin.getByText('未锁定').waitFor()
  await clerk.goto(`${URL_}/sign-in`)
  await clerk.fill('#user', 'wuyun')
  await clerk.fill('#password', GOOD)
  await clerk.click('button[type=submit]')
  await clerk.waitForURL((u) => !u.pathname.startsWith('/sign-in'))

  // Who holds a seat cannot be closed: it says what comes first.
  await admin.getByRole('button', { name: '停用' }).click()
  await dialog.getByLabel('事由').fill('调离')
  await dialog.getByRole('button', { name: '停用' }).click()
  await dialog.getByRole('alert').waitFor()
  await shoot(admin, 'user-close-refused')
  await usable(admin, 'user-close-refused')
  await dialog.getByRole('button', { name: '取消' }).click()
  await go(admin, '/seats/wuyun-acting')
  await shoot(admin, 'seat-acting')
  await admin.getByRole('button', { name: '终止' }).click()
  await shoot(admin, 'seat-end')
  await usable(admin, 'seat-end')
  await confirm(admin, '终止', { 末日: dayFromNow(0), 事由: '调离' })
  await admin
    .getByRole('cell', { name: dayFromNow(0) })
    .first()
    .waitFor()
})

test('security: what concerns an administrator takes a second one', async (watch) => {
  watch.expected.push(/403/)
  const page = await open(watch)
  await signIn(page, 'security', '/people/security')
  await page.getByText('不能对本人操作').waitFor()
  await go(page, '/people/audit')
  await page.getByRole('button', { name: '重置密码' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByText('在场的另一管理员').waitFor()
  await shoot(page, 'second')
  await usable(page, 'second')
  assert.ok(await dialog.getByRole('button', { name: '重置密码' }).isDisabled())
  await dialog.locator('[name=second-user]').fill('system')
  await dialog.locator('[name=second-password]').fill('wrong')
  await dialog.getByRole('button', { name: '重置密码' }).click()
  await dialog.getByRole('alert').waitFor()
})

test('security: a seat is handed over, and a right is explained', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'security', '/people/city-filler')
  await page.getByLabel('操作').selectOption('fact.review')
  await page.getByRole('button', { name: '查', exact: true }).click()
  await page.getByText('不可以：没有这样的岗位').waitFor()
  await page.getByLabel('操作').selectOption('verdict.read')
  await page.getByRole('button', { name: '查', exact: true }).click()
  await page.getByText(/可以，凭岗位|不可以/).waitFor()
  await page.getByRole('link', { name: '填报' }).click()
  await page.getByRole('button', { name: '移交' }).click()
  await confirm(page, '移交', {
    接任人: 'bao',
    接任首日: dayFromNow(2),
    其他未完成事项: '纸质档案一箱',
  })
  await page.getByRole('cell', { name: '包萨日娜其其格' }).waitFor()
})

test('own account: an authenticator, a token that is shown once, another device', async (watch) => {
  const page = await open(watch)
  await signIn(page, 'inspector', '/account')
  const other = await open(watch, PHONE)
  await signIn(other, 'inspector', '/account')
  await page.fill('[name=totp-password]', PASSWORD)
  await page.getByRole('button', { name: '启用' }).click()
  const secret = (await page.locator('.offer code').innerText()).replaceAll(' ', '')
  await page.getByRole('img', { name: '动态码密钥的二维码' }).waitFor()
  await shoot(page, 'totp')
  await usable(page, 'totp')
  await page.fill('[name=digits]', digits(secret))
  await page.getByRole('button', { name: '确认' }).click()
  await page.getByText('已启用：登录时须输入动态码').waitFor()

  await page.getByRole('button', { name: '新建令牌' }).click()
  await page.fill('[name=token-name]', 'report-bot')
  await page.getByLabel('查看结论').check()
  const day = new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10)
  await page.fill('[name=token-until]', day)
  await page.fill('[name=token-password]', PASSWORD)
  await page.locator('dialog[open]').getByLabel('动态码').fill(digits(secret, 1))
  await shoot(page, 'token-new')
  await usable(page, 'token-new')
  await confirm(page, '生成')
  const token = await page.locator('.secret code').innerText()
  const answer = await fetch(`${URL_}/api/v1/units?limit=1`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  assert.equal(answer.status, 403) // it is for verdicts, and for nothing else
  await page.getByRole('button', { name: '已记下，关闭' }).click()
  assert.equal(await page.getByText(token).count(), 0)
  await page.getByRole('button', { name: '停用' }).click()
  await page.getByText('没有令牌').waitFor()

  watch.expected.push(/401/)
  await go(page, '/account')
  await page.getByRole('button', { name: '退出其他全部设备' }).click()
  await page.getByRole('button', { name: '退出其他全部设备' }).waitFor({ state: 'detached' })
  await other.goto(`${URL_}/units`)
  await other.waitForSelector('#user')
})
