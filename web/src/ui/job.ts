// SPDX-License-Identifier: Apache-2.0
import { count } from '@/base/number'
import { t, type Text } from '@/base/text'

/** How far work of the service is, in what it counts. */
export interface Progress {
  counted: string
  done: number
  of: number
}

/** What the service says of work that looks at the whole book. */
export interface Job extends Progress {
  state: string
  by: string
  by_name: string
  ended: string
  why: string
}

const COUNTED: Record<string, Text> = {
  book: ['已读账本 {0} %', '{0} % of the book read'],
  files: ['已核对 {0} / {1} 份佐证文件', '{0} of {1} files of evidence verified'],
  units: ['已查看 {0} / {1} 个机构', '{0} of {1} units looked at'],
  commitments: ['已判定 {0} / {1} 项承诺', '{0} of {1} commitments judged'],
}
const BEGINNING: Text = ['正在开始', 'beginning']

export function progressText(of: Progress): string {
  return t(COUNTED[of.counted] ?? BEGINNING, count(of.done), count(of.of))
}
