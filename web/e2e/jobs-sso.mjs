// SPDX-License-Identifier: Apache-2.0
// Single sign-on, with a provider of somebody else (tests/oidc): linked, in, and refused.
import { open, settled, shoot, signIn, test, URL_, usable } from './lib.mjs'

const ISSUER = process.env.TIZHI_SSO

/** The pages of the provider, until it sends the browser back. */
async function provePerson(page, name) {
  await page.waitForURL((u) => u.href.startsWith(ISSUER))
  await page.fill('[name=login]', name)
  await page.fill('[name=password]', 'x')
  await page.click('[type=submit]')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((u) => u.href.startsWith(URL_))
}

async function comeBy(page, name) {
  await page.goto(`${URL_}/commitments`)
  await page.getByRole('button', { name: '用统一认证登录' }).click()
  await provePerson(page, name)
}

test('single sign-on: linked by the security administrator, in by the provider', async (watch) => {
  watch.expected.push(/a request to somebody else/, new RegExp(ISSUER), /401/, /favicon/)
  const stranger = await open(watch)
  await comeBy(stranger, 'wang.wu')
  await stranger.getByRole('alert').waitFor()
  await shoot(stranger, 'sso-refused')
  await usable(stranger, 'sso-refused')
  await stranger.getByRole('link', { name: '回到登录页' }).click()
  await stranger.waitForSelector('#user')

  const admin = await open(watch)
  await signIn(admin, 'security', '/people/city-leader')
  await admin.getByRole('button', { name: '绑定统一认证' }).click()
  await admin.fill('[name=sub]', 'zhang.san')
  const dialog = admin.locator('dialog[open]')
  await dialog.getByRole('button', { name: '绑定统一认证' }).click()
  await dialog.waitFor({ state: 'detached' })
  await admin.getByText(`${ISSUER} zhang.san`).waitFor()

  const leader = await open(watch)
  await comeBy(leader, 'zhang.san')
  await leader.waitForURL(/commitments/) // where he wanted to go
  await settled(leader)
  await leader.getByRole('link', { name: '示例二级领导' }).waitFor()
})
