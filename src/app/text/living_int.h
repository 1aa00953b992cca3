/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the living text: where commitments are printed, and what is said of them. */
#ifndef APP_TEXT_LIVING_INT_H
#define APP_TEXT_LIVING_INT_H

#include "app/text/living.h"

/* Fills in notes without marks, and their rows. */
void notes_make(struct living *l, const struct explain *x);
/* Fills in the marks; numbers and orders the notes. */
void marks_place(struct living *l, const struct ast *ast);

#endif
