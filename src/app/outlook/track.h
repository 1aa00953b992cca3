/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The track of a figure: what the measure of a verdict was at its unit, year by year from the
 * baseline year of the plan to the newest one of which anything is known.
 *
 * Ownership: the arena given.
 */
#ifndef APP_OUTLOOK_TRACK_H
#define APP_OUTLOOK_TRACK_H

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/vec.h"
#include "engine/eval.h"
#include "model/verdict.h"

struct arena;

struct track_point {
    int32_t year;
    struct date day; /* of its figures; of a running year still to come */
    struct mval measure;
};

typedef VEC(struct track_point) track;

/*
 * Nothing for rows whose measure is not a number of the unit itself, year by year: periods within
 * the year, rows of registers, demands on each unit below. RC_LIMIT.
 */
NODISCARD enum rc track_of(struct arena *a, const struct plan *p, const struct evaluator *ev,
                           const struct verdict *v, struct date today, track *out);

#endif
