// SPDX-License-Identifier: Apache-2.0
/**
 * A text as a QR code (ISO/IEC 18004): bytes, level M, up to version 10, which is 213 bytes.
 *
 *     const rows = qr('otpauth://totp/…')      true: dark
 *
 * The parts follow the standard in its order: codewords, error correction, patterns, mask.
 */

/** By version 1 … 10: blocks, and codewords of error correction in each. */
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]
const MEDIUM = 0 // level M in the format

const sizeOf = (version: number) => 17 + 4 * version

/** Centres of alignment patterns, the same across and down. */
function centres(version: number): number[] {
  const last = sizeOf(version) - 7
  return version === 1 ? [] : version < 7 ? [6, last] : [6, 4 + last / 2 - 1, last]
}

/** Codewords of a version, by the modules that no pattern takes. */
function codewords(version: number): number {
  const n = sizeOf(version)
  const aligned = centres(version).length
  const patterns = 3 * 64 + 2 * 15 + 1 + 2 * (n - 16)
  const alignment = version === 1 ? 0 : 25 * (aligned * aligned - 3) - 10 * (aligned - 2)
  return Math.floor((n * n - patterns - alignment - (version < 7 ? 0 : 36)) / 8)
}

// ---- codewords ----------------------------------------------------------------------------------

function dataOf(bytes: Uint8Array, version: number): number[] | null {
  const room = codewords(version) - BLOCKS[version - 1]! * CORRECTION[version - 1]!
  const bits: number[] = []
  const put = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) {
      bits.push((value >> i) & 1)
    }
  }
  put(4, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  bytes.forEach((b) => put(b, 8))
  if (bits.length > room * 8) {
    return null
  }
  put(0, Math.min(4, room * 8 - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  for (let pad = 0xec; bits.length < room * 8; pad ^= 0xec ^ 0x11) {
    put(pad, 8)
  }
  return Array.from({ length: room }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  )
}

/** In the field of 256 elements by x⁸ + x⁴ + x³ + x² + 1. */
function times(x: number, y: number): number {
  let z = 0
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d)
    z ^= ((y >>> i) & 1) * x
  }
  return z
}

function correctionOf(data: number[], n: number): number[] {
  const divisor: number[] = Array.from({ length: n }, (_, i) => (i === n - 1 ? 1 : 0))
  for (let i = 0, root = 1; i < n; i++, root = times(root, 2)) {
    divisor.forEach((d, j) => (divisor[j] = times(d, root) ^ (divisor[j + 1] ?? 0)))
  }
  const rest = new Array<number>(n).fill(0)
  for (const b of data) {
    const factor = b ^ rest.shift()!
    rest.push(0)
    divisor.forEach((d, i) => (rest[i]! ^= times(d, factor)))
  }
  return rest
}

/** Blocks of data and of correction, each read across. */
function woven(data: number[], version: number): number[] {
  const n = BLOCKS[version - 1]!
  const short = Math.floor(data.length / n)
  const long = data.length % n
  let at = 0
  const blocks = Array.from({ length: n }, (_, i) => {
    const from = at
    at += short + (i >= n - long ? 1 : 0)
    return data.slice(from, at)
  })
  const across = (of: number[][]) =>
    Array.from({ length: Math.max(...of.map((b) => b.length)) }, (_, i) =>
      of.flatMap((b) => (i < b.length ? [b[i]!] : [])),
    ).flat()
  return [
    ...across(blocks),
    ...across(blocks.map((b) => correctionOf(b, CORRECTION[version - 1]!))),
  ]
}

// ---- patterns -----------------------------------------------------------------------------------

interface Code {
  dark: boolean[][]
  /** Of a pattern: neither data nor masked. */
  fixed: boolean[][]
}

function set(c: Code, x: number, y: number, dark: boolean): void {
  c.dark[y]![x] = dark
  c.fixed[y]![x] = true
}

/** A square of rings around a centre, as far as it is on the code. */
function rings(c: Code, x: number, y: number, reach: number, light: number[]): void {
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (c.dark[y + dy]?.[x + dx] !== undefined) {
        set(c, x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
      }
    }
  }
}

/** Bits with a remainder behind them. */
function protectedBits(value: number, n: number, divisor: number): number {
  let rest = value
  for (let i = 0; i < n; i++) {
    rest = (rest << 1) ^ ((rest >>> (n - 1)) * divisor)
  }
  return (value << n) | rest
}

function putFormat(c: Code, mask: number): void {
  const n = c.dark.length
  const bits = protectedBits((MEDIUM << 3) | mask, 10, 0x537) ^ 0x5412
  const bit = (i: number) => ((bits >>> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    set(c, i < 8 ? n - 1 - i : i === 8 ? 7 : 14 - i, 8, bit(i))
    set(c, 8, i < 6 ? i : i < 8 ? i + 1 : n - 15 + i, bit(i))
  }
  set(c, 8, n - 8, true)
}

function putVersion(c: Code, version: number): void {
  const n = c.dark.length
  const bits = protectedBits(version, 12, 0x1f25)
  for (let i = 0; i < (version < 7 ? 0 : 18); i++) {
    const [near, far] = [Math.floor(i / 3), n - 11 + (i % 3)]
    set(c, far, near, ((bits >>> i) & 1) === 1)
    set(c, near, far, ((bits >>> i) & 1) === 1)
  }
}

function patterns(version: number): Code {
  const n = sizeOf(version)
  const grid = () => Array.from({ length: n }, () => new Array<boolean>(n).fill(false))
  const c = { dark: grid(), fixed: grid() }
  for (let i = 0; i < n; i++) {
    set(c, 6, i, i % 2 === 0)
    set(c, i, 6, i % 2 === 0)
  }
  const at = centres(version)
  for (const [i, y] of at.entries()) {
    for (const [j, x] of at.entries()) {
      const corner =
        (i === 0 && (j === 0 || j === at.length - 1)) || (j === 0 && i === at.length - 1)
      if (!corner) {
        rings(c, x, y, 2, [1])
      }
    }
  }
  rings(c, 3, 3, 4, [2, 4])
  rings(c, n - 4, 3, 4, [2, 4])
  rings(c, 3, n - 4, 4, [2, 4])
  putFormat(c, 0)
  putVersion(c, version)
  return c
}

/** In columns of two, up and down in turn, from the right; the timing column is left out. */
function putData(c: Code, words: number[]): void {
  const n = c.dark.length
  let i = 0
  for (let right = n - 1; right >= 1; right -= right === 8 ? 3 : 2) {
    const up = ((right < 6 ? right + 1 : right) & 2) === ((n - 1) & 2)
    for (let k = 0; k < n; k++) {
      const y = up ? n - 1 - k : k
      for (const x of [right, right - 1]) {
        if (!c.fixed[y]![x] && i < words.length * 8) {
          c.dark[y]![x] = ((words[i >> 3]! >> (7 - (i & 7))) & 1) === 1
          i += 1
        }
      }
    }
  }
}

// ---- masks --------------------------------------------------------------------------------------

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function masked(c: Code, mask: number): Code {
  const dark = c.dark.map((row, y) =>
    row.map((d, x) => (c.fixed[y]![x] ? d : d !== MASKS[mask]!(x, y))),
  )
  const out = { dark, fixed: c.fixed.map((row) => [...row]) }
  putFormat(out, mask)
  return out
}

/** How hard it is to read: long runs, what looks like a finder, squares, much of one colour. */
function penalty(dark: boolean[][]): number {
  const n = dark.length
  const lines = [
    ...dark.map((row) => row.map(Number).join('')),
    ...dark.map((_, x) => dark.map((row) => Number(row[x])).join('')),
  ]
  let sum = 0
  for (const line of lines) {
    sum += (line.match(/0{5,}|1{5,}/g) ?? []).reduce((all, run) => all + run.length - 2, 0)
    sum += 40 * (line.match(/(?=00001011101|10111010000)/g) ?? []).length
  }
  for (let y = 1; y < n; y++) {
    for (let x = 1; x < n; x++) {
      const d = dark[y]![x]
      sum += d === dark[y]![x - 1] && d === dark[y - 1]![x] && d === dark[y - 1]![x - 1] ? 3 : 0
    }
  }
  const share = dark.flat().filter(Boolean).length / (n * n)
  return sum + 10 * Math.floor(Math.abs(share - 0.5) * 20)
}

export function qr(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  for (let version = 1; version <= BLOCKS.length; version++) {
    const data = dataOf(bytes, version)
    if (data !== null) {
      const code = patterns(version)
      putData(code, woven(data, version))
      const all = MASKS.map((_, mask) => masked(code, mask).dark)
      return all.reduce((best, one) => (penalty(one) < penalty(best) ? one : best))
    }
  }
  throw new RangeError('too long for a QR code')
}
