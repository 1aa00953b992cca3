/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another program run once, over bytes, within limits: no shell, no environment, nothing of ours
 * open in it. Whatever it is fed, it ends.
 *
 *     static const char *const cat[] = {"/bin/cat", NULL};
 *     TRY(child_run(a, cat, (struct child_limits){...}, input, &result, e));
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

struct child_limits {
    uint64_t memory_bytes;
    uint32_t seconds; /* of processor time, and of waiting */
    uint32_t out_bytes;
};

struct child_result {
    struct str out;
    bool missing; /* there is no such program */
    bool slow;    /* it was ended for taking too long */
    bool verbose; /* it was ended for writing too much */
    int status;   /* its exit status; 128 and more: ended by a signal */
};

/*
 * argv[0] is a full path; `in` is its standard input, a file it may seek in. RC_OK whatever became
 * of it, result says; RC_IO when it cannot be started at all, RC_LIMIT when memory is out.
 */
NODISCARD enum rc child_run(struct arena *a, const char *const *argv, struct child_limits limits,
                            struct str in, struct child_result *out, struct err *e);

#endif
