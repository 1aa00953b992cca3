/* SPDX-License-Identifier: Apache-2.0 */
/* Whether anybody has said anything: a glance that saves measuring whole years nobody reported. */
#ifndef ENGINE_SILENCE_H
#define ENGINE_SILENCE_H

#include "engine/cells.h"
#include "engine/eval.h"

/*
 * true: whatever the unit, the measure reads items, none of which has a figure at the moment, and
 * nothing else that could be reported; so `reported` is 0. false: perhaps.
 */
bool silence_is_certain(const struct cells *c, uint32_t e, struct moment m);

#endif
