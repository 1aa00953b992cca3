/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verdict lacks: how far its figure is from what is asked, and what every month has to bring
 * until it is due. Of figures that are known and compared with one that is; nothing else can be
 * said without guessing what the silent ones will report.
 */
#ifndef APP_NEED_H
#define APP_NEED_H

#include "app/print.h"
#include "base/date.h"

#define NEED_DAYS 30 /* of a month */

struct need {
    struct rat end;  /* what is to be reached, */
    bool down;       /* from above */
    bool beyond;     /* and passed: the end itself is not enough */
    struct rat gap;  /* more than 0 */
    bool has_days;   /* there are days left: */
    int32_t days;    /* after today */
    struct rat pace; /* gap / days * NEED_DAYS */
};

/* What a figure is to reach; gap and pace are not filled in. false: one figure does not tell. */
bool need_goal(const struct verdict *v, struct need *out);
/* false: nothing is lacking, or it cannot be said. */
bool need_of(struct arena *a, const struct verdict *v, struct date today, struct need *out);
/* {"exact", "text", "days", "pace"} */
void need_json(struct json *j, struct printer *p, const struct verdict *v, const struct need *n);

#endif
