/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How sure a pack is of what it says: marks of evidence in its notes and definitions, [T], [V] and
 * [K] (docs/pack-tour.md). Who writes a pack reads them as they are; everybody else, in words.
 */
#ifndef MODEL_MARK_H
#define MODEL_MARK_H

#include "base/str.h"

struct arena;

/* text with its marks in words of its own language: 按每年 [K] → 按每年（待核实）. */
struct str mark_words(struct arena *a, struct str text);

#endif
