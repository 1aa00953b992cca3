/* SPDX-License-Identifier: Apache-2.0 */
/* What a request asks about a commitment at a unit. */
#include "http/want.h"

#include "model/verdict_row.h"

static bool has_word(const struct ask *q, struct str word)
{
    struct str rest = q->in->query;
    struct str pair;
    struct str name;
    while (str_split(&rest, '&', &pair)) {
        if (str_split(&pair, '=', &name) && str_eq(name, word)) {
            return true;
        }
    }
    return false;
}

enum rc want_read(struct ask *q, enum rc (*open)(struct ask *q, struct view *out), struct want *out)
{
    *out = (struct want){.target = NONE};
    TRY(ask_may(q, "verdict.read", ask_word(q, 1), CLASS_INTERNAL));
    TRY(open(q, &out->view));
    q->plan = out->view.plan;
    TRY(verdict_target(q, ask_word(q, 0), "", &out->target));
    TRY(verdict_unit(q, out->view.tree, ask_word(q, 1), "", &out->unit));
    out->eyes = verdict_eyes(q, out->view.tree);
    out->year = ask_count(q, "year", 0);
    out->has_part = has_word(q, STR("part"));
    out->part = ask_text(q, "part");
    out->answer = (struct answer){.a = q->a,
                                  .plan = q->plan,
                                  .tree = out->view.tree,
                                  .as_of = out->view.day,
                                  .chinese = q->chinese};
    printer_init(&out->printer, q->a, q->plan, q->chinese);
    return RC_OK;
}

int64_t want_present_year(const struct ask *q)
{
    const struct plan *p = q->plan;
    int32_t now = date_year(q->seat.roster.day);
    return now < p->first_year ? p->first_year : now > p->last_year ? p->last_year : now;
}

bool want_has(const struct want *w, const struct verdict_row *r)
{
    return (w->year == 0 || w->year == r->head->year) &&
           (!w->has_part || str_eq(w->part, r->head->part));
}

bool want_withhold(const struct want *w, struct verdict *v)
{
    bool sealed = verdict_is_sealed(w->answer.plan, v);
    if (sealed) {
        verdict_withhold(w->answer.a, v);
    }
    return sealed;
}
