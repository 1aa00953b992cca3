/* SPDX-License-Identifier: Apache-2.0 */
/* Which version of the verdicts a request looks at. */
#include "http/view.h"

#include "base/err.h"
#include "http/past.h"
#include "http/verdict.h"

static void pin(struct ask *q, struct view *out)
{
    *out = (struct view){
        .live = q->hand->live, .plan = q->footing->pack->plan, .day = q->seat.roster.day};
    out->seq = standing_pin(q->footing->standing, out->live);
    out->tree = live_tree(out->live);
}

/* *asked: the query names a moment gone by. */
static enum rc read_moment(struct ask *q, struct past_moment *m, bool *asked)
{
    struct str day = ask_text(q, "as_of");
    struct date today = q->seat.roster.day;
    *m = (struct past_moment){ask_count(q, "commit", 0), today};
    *asked = m->commit > 0 || day.n > 0;
    m->commit = m->commit > 0 ? m->commit : INT64_MAX;
    if (day.n > 0 && (!date_parse(day, &m->day) || date_cmp(m->day, today) > 0)) {
        q->at = STR("?as_of");
        return err_set(&q->e, RC_INPUT, "a day that is still to come", "日期尚未到来");
    }
    return RC_OK;
}

static enum rc open_past(struct ask *q, struct past_moment m, struct view *out)
{
    *out = (struct view){.day = m.day, .past = true};
    struct past_look look;
    TRY(past_enter(q->s->past, m, &look, &q->e));
    q->hand->past = out->live = look.live;
    out->plan = look.plan;
    out->seq = look.seq;
    out->tree = live_tree(out->live);
    return RC_OK;
}

enum rc view_open(struct ask *q, struct view *out)
{
    struct past_moment m;
    bool asked = false;
    TRY(read_moment(q, &m, &asked));
    if (asked) {
        return open_past(q, m, out);
    }
    TRY(verdict_reach(q));
    pin(q, out);
    return RC_OK;
}

enum rc view_open_cells(struct ask *q, struct view *out)
{
    struct past_moment m;
    bool asked = false;
    TRY(read_moment(q, &m, &asked));
    if (asked) {
        return open_past(q, m, out); /* nobody changes its cells */
    }
    TRY(verdict_reach(q));
    TRY(standing_look(q->footing->standing, &q->e));
    q->hand->looks = true;
    pin(q, out);
    return RC_OK;
}

enum rc view_open_after(struct ask *q, int64_t commit, struct view *out)
{
    return open_past(q, (struct past_moment){commit, q->seat.roster.day}, out);
}

void view_json(const struct view *v, struct json *j)
{
    json_kv_int(j, "commit", v->seq);
    json_kv_day(j, "as_of", v->day);
}
