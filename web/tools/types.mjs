// SPDX-License-Identifier: Apache-2.0
// From the OpenAPI file of the service (build/openapi.json) to what the application is written
// against: types of requests and answers, and the words of answers in both languages.
import { readFileSync, writeFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'

const from = new URL('../../build/openapi.json', import.meta.url)
const into = (name) => new URL(`../src/api/${name}`, import.meta.url)
const { 'x-words': words, ...file } = JSON.parse(readFileSync(from, 'utf8'))

writeFileSync(into('schema.d.ts'), astToString(await openapi(file)))
writeFileSync(
  into('words.ts'),
  `/** Words of answers, in Chinese and English: generated. */
type Pairs = Record<string, readonly [zh: string, en: string]>
export const said = ${JSON.stringify(words, null, 2)} satisfies Record<string, Pairs>
`.replace(/\[\n\s+"(.*)",\n\s+"(.*)"\n\s+\]/g, '["$1", "$2"]'),
)
