/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a report, commit by commit: who did what, which figures changed, what was returned
 * and why. Sealed figures and what is said of them stay in the unit (RD4).
 */
#ifndef APP_REPORT_HISTORY_H
#define APP_REPORT_HISTORY_H

#include "app/report/desk.h"

/* A cell that changed, or was returned. */
struct report_change {
    uint32_t item; /* of the round */
    struct value value;
    struct str returned; /* the reason; "": it was not */
};

struct report_moment {
    int64_t seq, at; /* at: microseconds since 1970 */
    struct submission doc;
    const struct report_change *cells;
    uint32_t n_cells;
};
struct report_history {
    VEC(struct report_moment) list; /* oldest first */
};

/* r: opened, so that its actor may read it. */
NODISCARD enum rc report_history(struct desk *d, const struct report *r, struct report_history *out,
                                 struct err *e);

#endif
