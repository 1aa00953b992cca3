/* SPDX-License-Identifier: Apache-2.0 */
/* Units and figures, then people, then what waits for them. */
#include "app/demo/town.h"

#include "app/ledger.h"
#include "app/report/desk.h"
#include "app/seat/act.h"
#include "app/seat/port.h"
#include "base/arena.h"
#include "base/err.h"

#define TIERS        4
#define BESIDE       2
#define ROUNDS       2 /* of each kind of unit */
#define DAYS_TO_FILL 30
#define MINUTES      2

static const struct account {
    const char *user;
    enum seat_role role;
    uint32_t tier, which;
    enum data_class ceiling;
    const char *name;
} accounts[] = {
#define ACCOUNT(user, role, tier, which, ceiling, name)                                            \
    {user, ROLE_##role, tier, which, CLASS_##ceiling, name},
#include "app/demo/account.def"
};

#define N_ACCOUNTS (sizeof accounts / sizeof accounts[0])

static const char *const founders[SEAT_ADMINS] = {"system", "security", "audit"};

const char *demo_town_user(uint32_t i)
{
    return i < N_ACCOUNTS                 ? accounts[i].user
           : i < N_ACCOUNTS + SEAT_ADMINS ? founders[i - N_ACCOUNTS]
                                          : NULL;
}

/* ---- the way down --------------------------------------------------------------------------- */

/* Indices into a snapshot; TREE_NONE: there is no such unit. */
struct way {
    const struct tree_snap *t;
    uint32_t at[TIERS][BESIDE];
};

static uint32_t weight(const struct tree_snap *t, uint32_t i)
{
    return t->end[i] - i;
}

/* The child with the most below it, but for one. */
static uint32_t heaviest(const struct tree_snap *t, uint32_t parent, uint32_t but)
{
    uint32_t best = TREE_NONE;
    for (uint32_t i = parent + 1; i < t->end[parent]; i = t->end[i]) {
        if (i != but && (best == TREE_NONE || weight(t, i) > weight(t, best))) {
            best = i;
        }
    }
    return best;
}

/* How many forms of the plan are for a kind. */
static uint32_t forms_of(const struct plan *p, uint32_t kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        n += p->commitments[i].kind == CK_FORM && plan_is_a(p, kind, p->commitments[i].of_kind);
    }
    return n;
}

/* Another leaf of its kind below the same unit. */
static uint32_t twin_of(const struct tree_snap *t, uint32_t parent, uint32_t leaf)
{
    for (uint32_t i = parent + 1; i < t->end[parent]; i++) {
        if (i != leaf && weight(t, i) == 1 && t->kind[i] == t->kind[leaf]) {
            return i;
        }
    }
    return TREE_NONE;
}

/* The leaf below that is not alone of its kind and whose kind has the most to fill in. */
static uint32_t busiest(const struct plan *p, const struct tree_snap *t, uint32_t parent)
{
    uint32_t best = TREE_NONE;
    for (uint32_t i = parent + 1; i < t->end[parent]; i++) {
        if (weight(t, i) == 1 && twin_of(t, parent, i) != TREE_NONE &&
            (best == TREE_NONE || forms_of(p, t->kind[i]) > forms_of(p, t->kind[best]))) {
            best = i;
        }
    }
    return best;
}

static struct way find_way(const struct plan *p, const struct tree_snap *t)
{
    struct way w = {.t = t};
    w.at[0][1] = TREE_NONE;
    for (uint32_t k = 1; k < TIERS; k++) {
        uint32_t above = w.at[k - 1][0];
        bool last = k == TIERS - 1;
        w.at[k][0] = above == TREE_NONE ? TREE_NONE
                     : last             ? busiest(p, t, above)
                                        : heaviest(t, above, TREE_NONE);
        w.at[k][1] = w.at[k][0] == TREE_NONE ? TREE_NONE
                     : last                  ? twin_of(t, above, w.at[k][0])
                                             : heaviest(t, above, w.at[k][0]);
    }
    return w;
}

/* ---- people --------------------------------------------------------------------------------- */

static enum rc own_password(struct seat_desk *d, struct str user, struct err *e)
{
    struct str who = d->actor;
    d->actor = user;
    enum rc rc = seat_user_password(d, STR(DEMO_PASSWORD), e);
    d->actor = who;
    return rc;
}

static enum rc found(struct seat_desk *d, struct err *e)
{
    struct str ids[SEAT_ADMINS];
    struct str once[SEAT_ADMINS];
    for (uint32_t i = 0; i < SEAT_ADMINS; i++) {
        ids[i] = str_from_cstr(founders[i]);
    }
    TRY(seat_found(d, ids, once, e));
    for (uint32_t i = 0; i < SEAT_ADMINS; i++) {
        TRY(own_password(d, ids[i], e));
    }
    return RC_OK;
}

static enum rc settle(struct seat_desk *d, const struct account *c, struct str unit, struct err *e)
{
    struct str once;
    struct str user = str_from_cstr(c->user);
    const struct seat_user u = {.id = user, .name = str_from_cstr(c->name), .unit = unit};
    const struct seat s = {.id = user,
                           .role = c->role,
                           .ceiling = c->ceiling,
                           .unit = unit,
                           .term = {user, seat_desk_today(d), DATE_MAX}};
    TRY(seat_user_add(d, &u, STR(""), &once, e));
    TRY(own_password(d, user, e));
    return seat_give(d, &s, STR(""), e);
}

static enum rc people(struct seat_desk *d, const struct way *w, struct err *e)
{
    TRY(found(d, e));
    d->actor = STR("security");
    for (uint32_t i = 0; i < N_ACCOUNTS; i++) {
        uint32_t at = w->at[accounts[i].tier][accounts[i].which];
        if (at != TREE_NONE) {
            TRY(settle(d, &accounts[i], tree_snap_code(w->t, at), e));
        }
    }
    return RC_OK;
}

/* ---- what waits for them -------------------------------------------------------------------- */

/* The desk of somebody who is logged in at d. */
static enum rc sit(struct demo_town *t, struct seat_desk *d, const char *user, struct desk *out,
                   struct err *e)
{
    struct seat_desk_act none = {0};
    d->actor = str_from_cstr(user);
    TRY(seat_desk_begin(d, &none, e));
    *out = (struct desk){.a = t->a,
                         .store = t->store,
                         .reader = t->reader,
                         .plan = t->pack->plan,
                         .actor = seat_port_actor(d),
                         .today = seat_desk_today(d),
                         .may = seat_port_may,
                         .may_ctx = d};
    return desk_open(out, e);
}

/* Issues a form for the period of today. false: not now, for instance since it is known already. */
static bool issue(struct desk *d, const struct commitment *form, struct str *id)
{
    char period[PERIOD_TEXT_BYTES];
    char due[DATE_TEXT_BYTES];
    struct period p;
    struct round_view v;
    struct err e;
    err_clear(&e);
    if (!period_containing(form->period, d->today, &p)) {
        return false;
    }
    struct round_wish w = {.form = form->id,
                           .period = period_text(p, period),
                           .due = date_text((struct date){d->today.days + DAYS_TO_FILL}, due),
                           .minutes = MINUTES};
    *id = w.id = str_cat(d->a, str_cat(d->a, form->id, STR("-")), w.period);
    return round_try(d, &w, &v, &e) == RC_OK && round_open(d, &v, &e) == RC_OK;
}

/* Forms for the kind of a unit; the first one issued goes to *id. */
static void issue_for(struct desk *d, uint32_t kind, struct str *id)
{
    const struct plan *p = d->plan;
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_commitments && n < ROUNDS; i++) {
        const struct commitment *c = &p->commitments[i];
        struct str this = STR("");
        if (c->kind == CK_FORM && plan_is_a(p, kind, c->of_kind) && issue(d, c, &this)) {
            *id = n++ == 0 ? this : *id;
        }
    }
}

/* Hands in what was said in the period before. Where that does not do, it stays a draft. */
static enum rc hand_in(struct desk *d, struct str round, struct str unit, struct err *e)
{
    struct report r;
    struct report_findings found = {0};
    const struct report_words now = {.seen = REPORT_JUST_READ};
    TRY(report_open(d, round, unit, &r, e));
    TRY(report_before(d, &r, e));
    r.cells = r.before;
    TRY(report_do(d, &r, ACT_SAVE, now, &found, e));
    enum rc rc = report_do(d, &r, ACT_SUBMIT, now, &found, e);
    return rc == RC_FINDINGS ? RC_OK : rc;
}

static enum rc duties(struct demo_town *t, struct seat_desk *s, const struct way *w, struct err *e)
{
    struct desk d;
    struct str round = STR("");
    TRY(sit(t, s, "issuer", &d, e));
    for (uint32_t k = 1; k < TIERS; k++) {
        round = STR("");
        if (w->at[k][0] != TREE_NONE) {
            issue_for(&d, w->t->kind[w->at[k][0]], &round);
        }
    }
    if (round.n == 0 || w->at[TIERS - 1][1] == TREE_NONE) {
        return RC_OK;
    }
    TRY(sit(t, s, "other-filler", &d, e));
    return hand_in(&d, round, tree_snap_code(w->t, w->at[TIERS - 1][1]), e);
}

/* ---- all of it ------------------------------------------------------------------------------ */

enum rc demo_town_fill(struct demo_town *t, struct err *e)
{
    const struct tree_snap *snap = NULL;
    struct ledger_count n;
    struct str maker = STR("tizhi");
    struct seat_desk d = {.a = t->a,
                          .store = t->store,
                          .reader = t->reader,
                          .cost = {SEAT_COST_FLOOR_KIB, SEAT_COST_FLOOR_PASSES},
                          .now = t->now,
                          .actor = STR("")};
    TRY(ledger_units(t->a, t->store, t->reader, t->pack, maker, e));
    TRY(ledger_rows(t->a, t->store, t->reader, t->pack, maker, &n, e));
    TRY(tree_at(t->a, t->pack->tree, seat_desk_today(&d), &snap, e));
    const struct way w = find_way(t->pack->plan, snap);
    TRY(people(&d, &w, e));
    return duties(t, &d, &w, e);
}
