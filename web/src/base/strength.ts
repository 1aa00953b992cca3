// SPDX-License-Identifier: Apache-2.0
/**
 * How hard a password is to guess, roughly: bits of what is new in it. For a meter while typing;
 * what is taken is decided by the service.
 */
const CLASSES: [RegExp, number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 33],
]

/** A character that repeats the one before, or goes on by one (abc, 321), says nothing new. */
function fresh(text: string): number {
  const codes = [...text].map((c) => c.codePointAt(0)!)
  const steps = codes.slice(1).map((c, i) => c - codes[i]!)
  return codes.filter((_, i) => i === 0 || Math.abs(steps[i - 1]!) > 1).length
}

export function bits(password: string): number {
  const alphabet = CLASSES.filter(([has]) => has.test(password)).reduce((n, [, of]) => n + of, 0)
  const distinct = new Set(password).size
  return alphabet === 0 ? 0 : Math.log2(alphabet) * Math.min(fresh(password), 2 * distinct)
}

/** 0: nothing typed, 1: weak, 2: fair, 3: strong. */
export function strength(password: string): 0 | 1 | 2 | 3 {
  const n = bits(password)
  return password === '' ? 0 : n < 50 ? 1 : n < 75 ? 2 : 3
}
