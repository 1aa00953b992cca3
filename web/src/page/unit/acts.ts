// SPDX-License-Identifier: Apache-2.0
/** What the system administrator does to the tree of units. */
import { send, type Shape } from '@/api/ask'
import type { Text } from '@/base/text'

export type Changes = Shape<'unit_changes'>

/** What is typed for an act; the service wants some of it for each. */
export interface Typed {
  code: string
  name: string
  alias: string
  kind: string
  parent: string
  others: string[]
  csv: string
  close: boolean
  from: string
  cause: string
}

export type Field = 'code' | 'name' | 'alias' | 'kind' | 'parent' | 'others' | 'csv'

export interface UnitAct {
  key: string
  title: Text
  what: Text
  fields: Field[]
  /** Made below the unit; else done to it. */
  below?: boolean
  danger?: boolean
  /** The unit does not stand afterwards. */
  gone?: boolean
  run: (unit: string, x: Typed, dry: boolean) => Promise<Changes>
}

const when = (x: Typed) => ({ cause: x.cause, ...(x.from && { from: x.from }) })
const alias = (x: Typed) => (x.alias ? { alias: x.alias } : {})
const query = (dry: boolean): { dry?: 'yes' } => (dry ? { dry: 'yes' } : {})

const others =
  (path: '/units/{unit}/merge' | '/units/{unit}/split') =>
  (unit: string, x: Typed, dry: boolean): Promise<Changes> =>
    send('post', path, {
      path: { unit },
      query: query(dry),
      body: { ...when(x), others: x.others },
    })
const plain =
  (path: '/units/{unit}/close' | '/units/{unit}/reopen') =>
  (unit: string, x: Typed, dry: boolean): Promise<Changes> =>
    send('post', path, { path: { unit }, query: query(dry), body: when(x) })

export const unitActs: UnitAct[] = [
  {
    key: 'create',
    title: ['新设下级', 'New unit below'],
    what: ['在本机构下新设一个机构。', 'A new unit is made below this one.'],
    fields: ['code', 'name', 'alias', 'kind'],
    below: true,
    run: (unit, x, dry) =>
      send('post', '/units', {
        query: query(dry),
        body: { ...when(x), ...alias(x), code: x.code, name: x.name, kind: x.kind, parent: unit },
      }),
  },
  {
    key: 'import',
    title: ['导入名录', 'Take a list in'],
    what: [
      '按正式名录调整本机构及以下：新设、更名、划转、变更类别。可先下载现有名录，改好再导入。',
      'The unit and those below are made what a list says: take the present one, mend it.',
    ],
    fields: ['csv'],
    below: true,
    run: (unit, x, dry) =>
      send('post', '/units/import', {
        query: query(dry),
        body: { ...when(x), csv: x.csv, unit, close_missing: x.close },
      }),
  },
  {
    key: 'rename',
    title: ['更名', 'Rename'],
    what: ['代码不变，历史数据仍归本机构。', 'The code stays, and with it all that was reported.'],
    fields: ['name', 'alias'],
    run: (unit, x, dry) =>
      send('post', '/units/{unit}/rename', {
        path: { unit },
        query: query(dry),
        body: { ...when(x), ...alias(x), name: x.name },
      }),
  },
  {
    key: 'move',
    title: ['划转', 'Move'],
    what: ['改由另一上级管理，下级随之划转。', 'It gets another superior; those below go along.'],
    fields: ['parent'],
    run: (unit, x, dry) =>
      send('post', '/units/{unit}/move', {
        path: { unit },
        query: query(dry),
        body: { ...when(x), parent: x.parent },
      }),
  },
  {
    key: 'change',
    title: ['变更类别', 'Change its kind'],
    what: ['例如初中改为九年一贯制。', 'As when a school becomes one of another kind.'],
    fields: ['kind'],
    run: (unit, x, dry) =>
      send('post', '/units/{unit}/change', {
        path: { unit },
        query: query(dry),
        body: { ...when(x), kind: x.kind },
      }),
  },
  {
    key: 'merge',
    title: ['并入', 'Merge'],
    what: [
      '其他机构并入本机构：它们撤销，下级转来，以往数据相加作为本机构的过去。',
      'Others are merged into this one: they close, their units come along, their past is added.',
    ],
    fields: ['others'],
    danger: true,
    run: others('/units/{unit}/merge'),
  },
  {
    key: 'split',
    title: ['拆分', 'Split'],
    what: [
      '本机构拆成另外几个（须已新设）；下级须先划转或撤销。',
      'It becomes others, which stand already; those below have been moved or closed.',
    ],
    fields: ['others'],
    danger: true,
    gone: true,
    run: others('/units/{unit}/split'),
  },
  {
    key: 'close',
    title: ['撤销', 'Close'],
    what: [
      '自生效日起不再存在；以往数据保留。下级须先划转或撤销。',
      'It stands no more from that day on; its past stays. Those below go first.',
    ],
    fields: [],
    danger: true,
    gone: true,
    run: plain('/units/{unit}/close'),
  },
  {
    key: 'reopen',
    title: ['恢复', 'Open again'],
    what: ['恢复已撤销的机构，填它的代码。', 'A unit that was closed, by its code.'],
    fields: ['code'],
    below: true,
    run: (_, x, dry) => plain('/units/{unit}/reopen')(x.code, x, dry),
  },
]

export const actWords: Record<string, Text> = {
  create: ['新设', 'new'],
  rename: ['更名', 'renamed'],
  move: ['划转', 'moved'],
  change: ['变更类别', 'another kind'],
  close: ['撤销', 'closed'],
  reopen: ['恢复', 'open again'],
  merge: ['并入', 'merged'],
  split: ['拆分', 'split'],
}

/** The units of a list as it is taken in; with a mark by which Excel knows its encoding. */
export function listOf(units: Shape<'unit'>[]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = units.map((u) => [u.code, u.name, u.kind, u.parent])
  const lines = [['代码', '名称', '对象', '上级'], ...rows].map((r) => r.map(cell).join(','))
  return `\ufeff${lines.join('\r\n')}\r\n`
}

/** A list in UTF-8, or as Excel in China saves it otherwise. */
export function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
