/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of registers share. */
#ifndef HTTP_DO_REGISTER_H
#define HTTP_DO_REGISTER_H

#include "app/register/desk.h"
#include "http/right.h"

/* One unit's register at work. */
struct keeping {
    struct ask *q;
    struct desk d;
    struct register_view v;
    struct register_carrier carrier;
};

#define KEEPING_READ ((struct right){"register.read", false})

/* The register that the words of the path name: register, unit. The right is asked for before
 * anything is said about it. */
NODISCARD enum rc keeping_open(struct ask *q, struct right right, struct keeping *k);
/* Rows that the last commit has touched, `most` at most, as an array. */
void keeping_touched_json(struct keeping *k, struct json *j, uint32_t most);
/* `seen` of the body; without one REPORT_JUST_READ. */
int64_t keeping_seen(const struct ask *q);

#endif
