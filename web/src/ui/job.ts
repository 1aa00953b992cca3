// SPDX-License-Identifier: Apache-2.0
/** What the service says of work that reads the whole book. */
export interface Job {
  state: string
  by: string
  ended: string
  done: number
  of: number
  why: string
}
