/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the verdicts that a request looks at: the newest one, or that of a moment gone by,
 * which `as_of` (a day) and `commit` of its query name (past.h). */
#ifndef HTTP_VIEW_H
#define HTTP_VIEW_H

#include "http/ask.h"

struct view {
    struct live_reader *live;
    const struct tree *tree;
    const struct plan *plan; /* in force then */
    int64_t seq;             /* the commit it stands for */
    struct date day;         /* as of */
    bool past;
};

/* Pinned until the request is answered. RC_NOT_YET: a moment gone by is being worked out. */
NODISCARD enum rc view_open(struct ask *q, struct view *out);
/* The same, and no commit changes the cells until then (live_cells). RC_BUSY, RC_NOT_YET. */
NODISCARD enum rc view_open_cells(struct ask *q, struct view *out);
/* As it stood after the commit, with the eyes of today: what has come due since is no difference.
 * RC_NOT_YET: it is being worked out. */
NODISCARD enum rc view_open_after(struct ask *q, int64_t commit, struct view *out);
/* commit and as_of, members of the object that j is in. */
void view_json(const struct view *v, struct json *j);

#endif
