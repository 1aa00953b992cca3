// SPDX-License-Identifier: Apache-2.0
/** Words about people that several of these pages need. */
import { said } from '@/api/words'
import { t, type Text } from '@/base/text'

export const ADMINS = ['system', 'security', 'audit']

const word = (of: Record<string, Text>, w: string) => t(of[w] ?? [w, w])
export const roleText = (role: string) => word(said.role, role)
export const classText = (c: string) => word(said.class, c)

export const roles = Object.keys(said.role)
export const classes = Object.keys(said.class)

/** Whether an act on who holds these seats takes a second administrator (people.md, 7). */
export const needSecond = (seats: { role: string }[]) => seats.some((s) => ADMINS.includes(s.role))
