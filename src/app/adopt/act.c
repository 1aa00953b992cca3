/* SPDX-License-Identifier: Apache-2.0 */
/* The act: one commit, behind the last one that was looked at. */
#include "app/adopt/adopt_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"

#define TRIES 50U /* a busy book has some tens of commits a second */

static enum rc other_plan(struct err *e)
{
    enum rc rc =
        err_set(e, RC_CONFLICT, "another plan has been adopted meanwhile", "其间已采用了另一计划");
    err_hint(e, "Compare with the plan in force, and decide again.",
             "请与现行计划比较后重新决定。");
    return rc;
}

static enum rc check(const struct desk *d, const struct adopt_trial *t, const struct adopt_words *w,
                     struct err *e)
{
    TRY(desk_allow_at(d, "plan.adopt", STR(""), CLASS_INTERNAL, e));
    if (str_trim(w->reason).n == 0) {
        return err_set(e, RC_INPUT, "say why the plan is adopted", "请说明采用该计划的理由");
    }
    bool seen = w->seen == REPORT_JUST_READ || w->seen == t->now->pack->seen;
    return seen && (w->from.n == 0 || str_eq(w->from, t->now->digest)) ? RC_OK : other_plan(e);
}

struct writing {
    struct arena *a;
    struct store_expect expects[3];
    struct store_parcel parcels[3];
    uint32_t n;
};

static void put(struct writing *w, struct str subject, int64_t seen, struct str body)
{
    w->expects[w->n] = (struct store_expect){subject, seen};
    w->parcels[w->n++] = doc_parcel(subject, body);
}

/* Texts that the book has not yet. */
static enum rc put_texts(struct writing *w, struct store_reader *r, const struct pack *p,
                         struct str digest, struct err *e)
{
    int64_t head = 0;
    struct str subject = adopt_texts_subject(w->a, digest);
    TRY(store_head(r, subject, &head, e));
    if (head > 0) {
        return RC_OK;
    }
    struct str body = adopt_texts_write(w->a, p);
    if (body.n == 0) {
        return err_set(e, RC_LIMIT, "the plan is too large to be kept in a book",
                       "计划过大，无法存入账本");
    }
    put(w, subject, 0, body);
    return RC_OK;
}

static enum rc record(struct desk *d, const struct adopt_trial *t, struct adopt_version *v,
                      struct err *e)
{
    struct writing w = {.a = d->a};
    struct store_receipt got;
    struct str body = adopt_version_write(d->a, v);
    put(&w, STR(PLAN_SUBJECT), t->now->pack->seen, body);
    TRY(put_texts(&w, d->reader, t->next, t->digest, e));
    if (!str_eq(t->digest, t->now->digest)) {
        TRY(put_texts(&w, d->reader, t->now->pack, t->now->digest, e));
    }
    struct store_commit c = {.actor = d->actor,
                             .act = STR("plan.adopt"),
                             .note = v->reason,
                             .expects = w.expects,
                             .n_expects = w.n,
                             .parcels = w.parcels,
                             .n_parcels = w.n,
                             .behind = t->upto};
    TRY(desk_token(d, "plan.adopt", STR(PLAN_SUBJECT), t->now->pack->seen, body, &c.token, e));
    TRY(store_commit(d->a, d->store, &c, &got, e));
    v->seq = got.seq;
    v->at = got.at;
    v->day = d->today;
    v->actor = d->actor;
    return RC_OK;
}

/* Whether it was refused for the book going on, and no other plan was adopted: worth another try.
 */
static bool moved_on(struct desk *d, const struct adopt_trial *t, enum rc rc)
{
    int64_t head = 0;
    return rc == RC_CONFLICT && store_head(d->reader, STR(PLAN_SUBJECT), &head, NULL) == RC_OK &&
           head == t->now->pack->seen;
}

/* AD2 */
enum rc adopt_commit(struct desk *d, struct adopt_trial *t, const struct adopt_words *w,
                     struct adopt_version *out, struct err *e)
{
    *out = (struct adopt_version){.seat = w->seat,
                                  .reason = w->reason,
                                  .document = w->document,
                                  .digest = t->digest,
                                  .before = t->now->digest,
                                  .plan = t->next->plan->id,
                                  .name = t->next->plan->name,
                                  .n_files = t->next->lang.sources->files.n};
    TRY(check(d, t, w, e));
    enum rc rc = RC_CONFLICT;
    for (uint32_t i = 0; i < TRIES && rc == RC_CONFLICT; i++) {
        if (t->against.list.n > 0) {
            return RC_FINDINGS;
        }
        err_clear(e);
        rc = record(d, t, out, e);
        if (rc == RC_CONFLICT && !moved_on(d, t, rc)) {
            err_clear(e);
            return other_plan(e);
        }
        if (rc == RC_CONFLICT) {
            TRY(adopt_look(t, e));
        }
    }
    return rc;
}
