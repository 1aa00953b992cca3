// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { qr } from '@/base/qr'

/** Rows as another program (qrcode of npm, 1.5.4) draws them: bits as a number of base 36. */
const CODES: [string, string[]][] = [
  [
    'tizhi',
    [
      '18m7z mvk1 wsil wrq5 wspp my4h 18prz 3y8 xe9o iitd ty0e 119l8 i5nu 46b 18mtu mzb2',
      'wrde wt7k wrxg muh8 18ppu',
    ],
  ],
  [
    'otpauth://totp/tizhi:school-filler?secret=JBSWY3DPEHPK3PXPJB' +
      'SWY3DPEHPK3PXP&issuer=tizhi&digits=6&period=30',
    [
      'rvpajy4f e9ixod35 kgo3qz4t kgfxzmfx khw1zdct ecsckcox rwyepa4f 3rhfhfk kvftl0fw',
      '83pbw9fh e009a7dq 5ff5v9i3 56amm9zi 7lzp2ccd axdg7aca l57t1a95 bayal1k7 7kdnscj7',
      '30f1hfge p06h521m 47yr69m1 m0dq3s3j b87hvkzc jbsyztmz 91oeg4lb 3pagl4mx b6rk20uo',
      'bzz64gw8 rft8jqq4 q10988oq ib6qcfuc h9sicpze fkzpbhti 24zdd77 rvoc38eo ebxvy8m1',
      'kfzprldl kgr6z4sr kh0k5c6o e9lv2ty2 ry20oxzo',
    ],
  ],
]

test.each(CODES)('%s', (text, rows) => {
  const bits = (r: boolean[]) => BigInt(`0b${r.map(Number).join('')}`).toString(36)
  expect(qr(text).map(bits)).toEqual(rows.join(' ').split(' '))
})

test('bytes, not characters, and no more than fit', () => {
  expect(qr('提质')).toHaveLength(21)
  expect(qr('x'.repeat(213))).toHaveLength(57)
  expect(() => qr('x'.repeat(214))).toThrow(RangeError)
})
