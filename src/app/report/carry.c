/* SPDX-License-Identifier: Apache-2.0 */
/* A submission that comes from another book: the steps of reporting, in one commit. */
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"

struct carrying {
    struct desk *d;
    struct report *r;
    const struct report_carried *c;
};

static enum rc step(struct carrying *x, struct report_act act, struct err *e)
{
    struct submission after;
    act.unit = x->r->doc.unit;
    TRY(report_step(x->d->a, &x->r->round.round, &x->r->doc, &act, &after, e));
    x->r->doc = after;
    return RC_OK;
}

static struct report_act own(const struct carrying *x, enum report_act_kind act)
{
    return (struct report_act){.act = act, .actor = x->d->actor, .day = x->d->today};
}

/* What was signed is what came (RE4). */
static enum rc save(struct carrying *x, struct err *e)
{
    struct report_act act = own(x, ACT_SAVE);
    x->r->cells = x->c->cells;
    act.notes = x->c->doc.explained;
    act.minutes = x->c->doc.minutes;
    TRY(report_figures_hash(x->d, x->r, &act.notes, &act.figures, e));
    if (!str_eq(act.figures, x->c->doc.figures)) {
        return err_set(e, RC_INPUT, "the signatures of %.*s are not of the figures that came",
                       "%.*s 的签字与所附数据不符", PS(x->r->doc.unit));
    }
    return step(x, act, e);
}

static enum rc sign(struct carrying *x, struct err *e)
{
    const struct report_marks *all = &x->c->doc.signatures;
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct report_mark *m = &all->list.items[i];
        TRY(step(x,
                 (struct report_act){
                     .act = ACT_SIGN, .actor = m->actor, .day = m->day, .via = x->c->via},
                 e));
    }
    return RC_OK;
}

/* Who submitted it there has had it in hand, too (RE3). */
static void note_submitter(struct carrying *x)
{
    const struct report_marks *there = &x->c->doc.decisions;
    struct report_marks all = x->r->doc.decisions;
    for (uint32_t i = 0; i < there->list.n; i++) {
        struct report_mark m = there->list.items[i];
        m.via = x->c->via;
        if (m.act == ACT_SUBMIT) {
            vec_push(x->d->a, &all.list, m);
        }
    }
    x->r->doc.decisions = all;
}

enum rc report_carry(struct desk *d, struct report *r, const struct report_carried *c,
                     struct report_findings *found, struct err *e)
{
    struct carrying x = {d, r, c};
    if (c->over && r->doc.state == REPORT_SUBMITTED) {
        TRY(step(&x, own(&x, ACT_WITHDRAW), e));
    }
    TRY(save(&x, e));
    TRY(sign(&x, e));
    TRY(report_check_all(d, r, found, e));
    if (found->list.n > 0) {
        return RC_FINDINGS;
    }
    struct report_act submit = own(&x, ACT_SUBMIT);
    TRY(desk_tiers(d, r->unit, &submit.tiers, &submit.n_tiers, e));
    TRY(step(&x, submit, e));
    note_submitter(&x);
    const struct submission after = r->doc;
    return report_record(d, r, &after, &c->entry, e);
}
