/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run rate of a figure that is not due yet (C42): how fast it has come towards what is asked
 * since the baseline, and how fast it has to come from here on; its light compares the two.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/need.h"
#include "engine/judge.h"

struct run {
    struct pace pace;
    struct rat observed, required; /* every NEED_DAYS; observed may be below nothing */
};

/* *there false: there is nothing to compare. v as it was judged, before anything is withheld. */
NODISCARD enum rc run_of(struct arena *a, struct pacer *by, const struct verdict *v,
                         struct run *out, bool *there);
/* Both for people, so that one reads from them what the light says (C36). */
void run_print(struct printer *p, const struct verdict *v, const struct run *r,
               struct str *observed, struct str *required);
/* The figure that it began with. */
struct str run_base(struct printer *p, const struct verdict *v, const struct run *r);

#endif
