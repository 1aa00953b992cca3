/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workload as tizhi takes it in: a compiled plan, a tree, a dataset. All is due on the day.
 *
 * Unit ids of areas and schools are their node numbers (W3).
 */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include "base/attr.h"
#include "base/err.h"
#include "bench/workload.h"
#include "model/dataset.h"
#include "model/plan.h"

/* What is other than in the workload: the last school (and one behind it), or the plan. */
enum change {
    CHANGE_NONE,
    CHANGE_MOVE,
    CHANGE_MERGE,
    CHANGE_CLOSE,
    CHANGE_FOUND,
    CHANGE_PLAN,       /* one target more */
    CHANGE_TARGET,     /* what one target asks for */
    CHANGE_DEFINITION, /* the bounds of an item, which those who read it take */
    CHANGE__N
};

struct subject {
    struct arena *a;
    const struct workload *w;
    const struct plan *plan;
    struct dataset data;
    struct date as_of;
    enum change change;
};

NODISCARD enum rc subject_make(struct arena *a, const struct workload *w, enum change change,
                               struct subject *out, struct err *e);

#endif
