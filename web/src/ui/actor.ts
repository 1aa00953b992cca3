// SPDX-License-Identifier: Apache-2.0
/** Who did something: `user/ID`, or the name of a program. */

export const userOf = (actor: string) => actor.replace(/^user\//, '')
/** As people call him. */
export const actorText = (actor: string, name: string) => name || userOf(actor)
/** Of him whose name an answer gives apart. */
export const personText = (actor: string, people: { actor: string; actor_name: string }[]) =>
  actorText(actor, people.find((p) => p.actor === actor)?.actor_name ?? '')
