/* SPDX-License-Identifier: Apache-2.0 */
/* Which version of the verdicts a request looks at. */
#include "http/view.h"

#include "http/verdict.h"

enum rc view_open(struct ask *q, struct view *out)
{
    TRY(verdict_reach(q));
    *out = (struct view){.live = q->hand->live, .day = q->seat.roster.day};
    out->seq = standing_pin(q->s->standing, out->live);
    out->tree = live_tree(out->live);
    return RC_OK;
}

void view_json(const struct view *v, struct json *j)
{
    json_kv_int(j, "commit", v->seq);
    json_kv_day(j, "as_of", v->day);
}
