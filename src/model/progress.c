/* SPDX-License-Identifier: Apache-2.0 */
/* Telling how far work is. */
#include "model/progress.h"

#include <stddef.h>

#include "base/err.h"

static const char *const words[PROGRESS__N][2] = {
    [PROGRESS_NOTHING] = {"", ""},
    [PROGRESS_COMMITS] = {"commits", "次提交"},
    [PROGRESS_UNITS] = {"units", "个机构"},
    [PROGRESS_COMMITMENTS] = {"commitments", "项承诺"},
};

enum rc progress_tell(const struct progress *p, enum progress_counts counted, int64_t done,
                      int64_t of, struct err *e)
{
    return p == NULL || p->hear(p->ctx, counted, done, of)
               ? RC_OK
               : err_set(e, RC_CANCELLED, "cancelled", "已取消");
}

const char *progress_name(enum progress_counts counted)
{
    return words[counted][0];
}

const char *progress_zh(enum progress_counts counted)
{
    return words[counted][1];
}
