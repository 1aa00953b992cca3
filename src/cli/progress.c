/* SPDX-License-Identifier: Apache-2.0 */
/* Long work on a terminal: one line that says how far it is. */
#include <stdio.h>
#include <unistd.h>

#include "cli/session.h"

static bool show(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    const struct session *s = ctx;
    if (s->o.chinese) {
        (void)fprintf(stderr, "\r\x1b[K%lld / %lld %s", (long long)done, (long long)of,
                      progress_zh(counted));
    } else {
        (void)fprintf(stderr, "\r\x1b[K%lld of %lld %s", (long long)done, (long long)of,
                      progress_name(counted));
    }
    (void)fflush(stderr);
    return true;
}

const struct progress *session_progress(struct session *s)
{
    s->progress = (struct progress){show, s};
    return isatty(STDERR_FILENO) ? &s->progress : NULL;
}

void session_progress_end(const struct session *s)
{
    if (s->progress.hear != NULL && isatty(STDERR_FILENO)) {
        (void)fputs("\r\x1b[K", stderr);
    }
}
