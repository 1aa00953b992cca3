/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of rc.def as functions. */
#include "base/rc.h"

#include "base/assert.h"

struct rc_row {
    const char *name;
    int exit_status;
    int http;
    bool retry;
    const char *en;
    const char *zh;
};

static const struct rc_row rows[] = {
#define RC(name, exit_status, http, retry, en, zh) {#name, exit_status, http, retry, en, zh},
#include "base/rc.def"
};

_Static_assert(sizeof rows / sizeof rows[0] == RC__COUNT, "one row per code");

static const struct rc_row *row(enum rc rc)
{
    ASSERT((unsigned)rc < RC__COUNT);
    return &rows[rc];
}

const char *rc_name(enum rc rc)
{
    return row(rc)->name;
}

const char *rc_text_en(enum rc rc)
{
    return row(rc)->en;
}

const char *rc_text_zh(enum rc rc)
{
    return row(rc)->zh;
}

int rc_exit_status(enum rc rc)
{
    return row(rc)->exit_status;
}

int rc_http_status(enum rc rc)
{
    return row(rc)->http;
}

bool rc_retryable(enum rc rc)
{
    return row(rc)->retry;
}
