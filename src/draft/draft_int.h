/* SPDX-License-Identifier: Apache-2.0 */
/* Private to drafting: the frame of a plan, and the parts of a pack. */
#ifndef DRAFT_DRAFT_INT_H
#define DRAFT_DRAFT_INT_H

#include "draft/draft.h"
#include "draft/grammar_int.h"

/* Title, number, date, years and levels; years 0 when there are none. */
void frame_find(struct arena *a, const struct outline *o, const struct vocabulary *w,
                struct draft_asked asked, struct draft_frame *out);

/* What the rows of tables in a sentence say. */
void table_read(struct draft *d, struct reader *r, uint32_t sentence);

#endif
