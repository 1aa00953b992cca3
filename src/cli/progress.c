/* SPDX-License-Identifier: Apache-2.0 */
/* Long work on a terminal: one line that says how far it is. */
#include <stdio.h>
#include <unistd.h>

#include "cli/session.h"

#define LINE_BYTES 1024U

static bool show(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    const struct session *s = ctx;
    struct buf line;
    buf_init(&line, LINE_BYTES);
    buf_puts(&line, "\r\x1b[K");
    progress_text(counted, done, of, s->o.chinese, &line);
    (void)fwrite(line.p, 1, line.n, stderr);
    (void)fflush(stderr);
    buf_release(&line);
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
