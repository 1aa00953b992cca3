/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Result codes of operations that can fail for reasons outside the program. Faults in
 * the user's plan or data are diagnostics (lang/diag.h); bugs are assertions.
 * One table, rc.def, maps each code to every face: exit status, HTTP, both languages.
 */
#ifndef BASE_RC_H
#define BASE_RC_H

#include <stdbool.h>

enum rc {
#define RC(name, exit_status, http, retry, en, zh) RC_##name,
#include "base/rc.def"
    RC__COUNT
};

/* "LIMIT": stable, for logs and JSON. */
const char *rc_name(enum rc rc);
/* One short sentence without a full stop. */
const char *rc_text_en(enum rc rc);
const char *rc_text_zh(enum rc rc);
/* 0 ok, 1 findings, 2 usage, 3 bad input, 4 environment */
int rc_exit_status(enum rc rc);
int rc_http_status(enum rc rc);
/* The same call may succeed later with nothing changed by the caller. */
bool rc_retryable(enum rc rc);

#endif
