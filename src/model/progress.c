/* SPDX-License-Identifier: Apache-2.0 */
/* Telling how far work is. */
#include "model/progress.h"

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define WHOLE 100 /* percent */

static const struct {
    const char *name;
    const char *before[2], *after[2]; /* the figures; English, Chinese */
} words[PROGRESS__N] = {
    [PROGRESS_NOTHING] = {"", {"", ""}, {"", ""}},
    [PROGRESS_BOOK] = {"book", {"", "已读账本 "}, {" % of the book read", " %"}},
    [PROGRESS_FILES] = {"files", {"", "已核对 "}, {" files of evidence", " 份佐证文件"}},
    [PROGRESS_UNITS] = {"units", {"", "已查看 "}, {" units looked at", " 个机构"}},
    [PROGRESS_COMMITMENTS] = {"commitments", {"", "已判定 "}, {" commitments judged", " 项承诺"}},
};

enum rc progress_tell(const struct progress *p, enum progress_counts counted, int64_t done,
                      int64_t of, struct err *e)
{
    return p == NULL || p->hear(p->ctx, counted, done, of)
               ? RC_OK
               : err_set(e, RC_CANCELLED, "cancelled", "已取消");
}

enum rc progress_tell_book(const struct progress *p, int64_t done, int64_t of, struct err *e)
{
    int64_t percent = done < of ? done * WHOLE / of : WHOLE;
    return progress_tell(p, PROGRESS_BOOK, percent, WHOLE, e);
}

const char *progress_name(enum progress_counts counted)
{
    return words[counted].name;
}

void progress_text(enum progress_counts counted, int64_t done, int64_t of, bool chinese,
                   struct buf *out)
{
    buf_printf(out, "%s%lld", words[counted].before[chinese], (long long)done);
    if (counted != PROGRESS_BOOK) {
        buf_printf(out, " / %lld", (long long)of);
    }
    buf_puts(out, words[counted].after[chinese]);
}
