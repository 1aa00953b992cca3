/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to src/model/tree*.c: what building and asking share.
 */
#ifndef MODEL_TREE_INT_H
#define MODEL_TREE_INT_H

#include <stdbool.h>

#include "base/date.h"

struct arena;
struct tree;

/* Fills by_name. false when the arena is full. */
bool tree_index_names(struct arena *a, struct tree *t);
/* Sentinels stay, and so does the last day of the calendar. */
struct date tree_day_after(struct date d);

#endif
