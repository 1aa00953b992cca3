/* SPDX-License-Identifier: Apache-2.0 */
/* Which version of the verdicts a request looks at. */
#include "http/view.h"

#include "http/verdict.h"

static void pin(struct ask *q, struct view *out)
{
    *out = (struct view){.live = q->hand->live, .day = q->seat.roster.day};
    out->seq = standing_pin(q->s->standing, out->live);
    out->tree = live_tree(out->live);
}

enum rc view_open(struct ask *q, struct view *out)
{
    TRY(verdict_reach(q));
    pin(q, out);
    return RC_OK;
}

enum rc view_open_cells(struct ask *q, struct view *out)
{
    TRY(verdict_reach(q));
    TRY(standing_look(q->s->standing, &q->e));
    q->hand->looks = true;
    pin(q, out);
    return RC_OK;
}

void view_json(const struct view *v, struct json *j)
{
    json_kv_int(j, "commit", v->seq);
    json_kv_day(j, "as_of", v->day);
}
