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
    struct rat gap;  /* more than 0 */
    bool has_days;   /* there are days left: */
    int32_t days;    /* after today */
    struct rat pace; /* gap / days * NEED_DAYS */
};

/* false: nothing is lacking, or it cannot be said. */
bool need_of(struct arena *a, const struct verdict *v, struct date today, struct need *out);
/* {"exact", "text", "days", "pace"} */
void need_json(struct json *j, struct printer *p, const struct verdict *v, const struct need *n);

#endif
