/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A commitment at a unit, as a request asks about it: the words {target} and {unit} of its path,
 * `year` and `part` of its query.
 */
#ifndef HTTP_WANT_H
#define HTTP_WANT_H

#include "app/answer.h"
#include "http/verdict.h"
#include "http/view.h"

struct want {
    struct view view;
    struct verdict_eyes eyes;
    uint32_t target, unit;
    int64_t year; /* 0: all */
    bool has_part;
    struct str part;
    struct answer answer; /* whose rows are told one by one */
    struct printer printer;
};

/* Rights at the unit, then what is asked about, in the view that `open` gives. */
NODISCARD enum rc want_read(struct ask *q, enum rc (*open)(struct ask *q, struct view *out),
                            struct want *out);
/* The year of the plan that today belongs to. */
int64_t want_present_year(const struct ask *q);
bool want_has(const struct want *w, const struct verdict_row *r);
/* Takes off a verdict what may not be told; whether there was anything. */
bool want_withhold(const struct want *w, struct verdict *v);

#endif
