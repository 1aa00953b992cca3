/* SPDX-License-Identifier: Apache-2.0 */
/* What adopting a plan would mean for what is in the book: rounds, tasks, units, packages, rows. */
#include "app/adopt/adopt_int.h"
#include "app/offline/offline.h"
#include "app/report/report.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json_tree.h"
#include "base/map.h"
#include "base/utf8.h"
#include "store/load.h"

/* Adds to the line of this sort and name, or begins one. */
static void against(struct adopt_trial *t, enum adopt_against what, enum adopt_thing thing,
                    struct str a, struct str b)
{
    for (uint32_t i = 0; i < t->against.list.n; i++) {
        struct adopt_line *x = &t->against.list.items[i];
        if (x->what == (int)what && x->thing == thing && str_eq(x->a, a) && str_eq(x->b[0], b)) {
            x->n++;
            return;
        }
    }
    struct adopt_line x = {.what = (int)what,
                           .thing = thing,
                           .a = str_dup(t->a, a),
                           .b = {str_dup(t->a, b), str_dup(t->a, b)},
                           .n = 1};
    vec_push(t->a, &t->against.list, x);
}

static const struct commitment *commitment_of(const struct plan *p, struct str id)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (str_eq(p->commitments[i].id, id)) {
            return &p->commitments[i];
        }
    }
    return NULL;
}

/* ---- units ---------------------------------------------------------------------------------- */

static uint32_t kind_of(const struct plan *p, struct str name)
{
    uint32_t i = 0;
    while (i < p->n_kinds && !str_eq(p->kinds[i].name, name)) {
        i++;
    }
    return i < p->n_kinds ? i : NONE;
}

/* What a kind is no more: itself when it is gone, or one of its generals; "": nothing. */
static struct str lost(const struct plan *p, uint32_t kind, const struct plan *q)
{
    uint32_t now = kind_of(q, p->kinds[kind].name);
    if (now == NONE) {
        return p->kinds[kind].name;
    }
    for (uint32_t i = 0; i < p->kinds[kind].n_generals; i++) {
        struct str general = p->kinds[p->kinds[kind].generals[i]].name;
        uint32_t g = kind_of(q, general);
        if (g == NONE || !plan_is_a(q, now, g)) {
            return general;
        }
    }
    return STR("");
}

static void weigh_units(struct adopt_trial *t, const struct tree *tree)
{
    const struct plan *p = t->now->pack->plan;
    struct str *gone = ARENA_ARRAY(t->a, struct str, p->n_kinds + 1U);
    for (uint32_t k = 0; k < p->n_kinds; k++) {
        gone[k] = lost(p, k, t->next->plan);
    }
    for (uint32_t i = 0; i < tree->n_versions; i++) {
        uint32_t k = tree->versions[i].kind;
        if (gone[k].n > 0) {
            against(t, ADOPT_KIND, ADOPT_THING_KIND, p->kinds[k].name, gone[k]);
        }
    }
}

/* ---- rounds --------------------------------------------------------------------------------- */

struct rounds {
    struct adopt_trial *t;
    struct map items; /* of the next plan: kind.name -> item */
};

static bool same_items(const struct rounds *x, const struct commitment *now,
                       const struct commitment *next)
{
    const struct adopt_trial *t = x->t;
    bool same = now->n_items == next->n_items;
    for (uint32_t i = 0; same && i < now->n_items; i++) {
        same = str_eq(adopt_item_name(t->a, t->now->pack->plan, now->items[i]),
                      adopt_item_name(t->a, t->next->plan, next->items[i]));
    }
    return same;
}

static void round_form(struct rounds *x, const struct round *r)
{
    struct adopt_trial *t = x->t;
    const struct commitment *now = commitment_of(t->now->pack->plan, r->form);
    const struct commitment *next = commitment_of(t->next->plan, r->form);
    if (next == NULL || next->kind != CK_FORM) {
        against(t, ADOPT_FORM, ADOPT_THING_FORM, r->form, STR(""));
    } else if (now != NULL && now->kind == CK_FORM && !same_items(x, now, next)) {
        struct str id = str_dup(t->a, r->id);
        struct adopt_line line = {
            .what = ADOPT_NOTE_ROUND, .thing = ADOPT_THING_FORM, .a = next->id, .b = {id, id}};
        vec_push(t->a, &t->notes.list, line);
    }
}

static enum rc on_round(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct rounds *x = ctx;
    struct round r;
    TRY(round_read(x->t->a, str_dup(x->t->a, p->body), &r, e));
    r.id = str_sub(p->unit, 6, p->unit.n);
    round_form(x, &r);
    for (uint32_t i = 0; i < r.n_items; i++) {
        uint32_t item = NONE;
        if (!map_get(&x->items, r.items[i], &item) ||
            x->t->next->plan->items[item].period != r.period.kind) {
            against(x->t, ADOPT_ASKED, ADOPT_THING_ITEM, r.items[i], STR(""));
        }
    }
    return RC_OK;
}

static enum rc weigh_rounds(struct adopt_trial *t, struct err *e)
{
    struct rounds x = {.t = t};
    for (uint32_t i = 0; i < t->next->plan->n_items; i++) {
        map_put(t->a, &x.items, adopt_item_name(t->a, t->next->plan, i), i);
    }
    return store_docs(t->reader, STR("round/"), t->upto, on_round, &x, e);
}

/* ---- tasks and packages --------------------------------------------------------------------- */

/* task/ID/YEAR.PART/UNIT */
static enum rc on_task(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct adopt_trial *t = ctx;
    struct str rest = str_sub(p->unit, 5, p->unit.n);
    struct str id;
    (void)e;
    if (!str_split(&rest, '/', &id)) {
        return RC_OK;
    }
    const struct commitment *now = commitment_of(t->now->pack->plan, id);
    const struct commitment *next = commitment_of(t->next->plan, id);
    if (now != NULL && (next == NULL || next->kind != now->kind)) {
        against(t, ADOPT_TASK, ADOPT_THING_TASK, id, STR(""));
    }
    return RC_OK;
}

struct packages {
    struct adopt_trial *t;
    uint64_t n;
};

static enum rc on_package(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct packages *x = ctx;
    bool bad = false;
    const struct json_value *doc =
        utf8_valid(p->body, NULL) ? json_read(x->t->a, str_dup(x->t->a, p->body)) : NULL;
    struct date until = json_day(json_get(doc, "until"), &bad);
    (void)e;
    x->n += !bad && date_cmp(until, x->t->today) >= 0;
    return RC_OK;
}

static enum rc weigh_packages(struct adopt_trial *t, struct err *e)
{
    struct packages x = {.t = t};
    TRY(store_docs(t->reader, STR("offline/out/"), t->upto, on_package, &x, e));
    if (x.n > 0) {
        struct adopt_line line = {.what = ADOPT_NOTE_PACKAGE, .thing = ADOPT_THING_PLAN, .n = x.n};
        vec_push(t->a, &t->notes.list, line);
    }
    return RC_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static enum rc in_force(const struct adopt_trial *t, struct err *e)
{
    return t->now->seq > 0 && str_eq(t->digest, t->now->digest)
               ? err_set(e, RC_CONFLICT, "this plan is in force already", "该计划已在执行")
               : RC_OK;
}

enum rc adopt_look(struct adopt_trial *t, struct err *e)
{
    struct store_end end;
    const struct tree *tree = NULL;
    const struct plan *now = t->now->pack->plan;
    t->against = (struct adopt_lines){0};
    t->notes.list.n = t->n_plan_notes;
    TRY(store_end(t->a, t->reader, &end, e));
    t->upto = end.seq;
    TRY(book_tree(t->a, t->reader, now, t->upto, &tree, e));
    if (!str_eq(now->id, t->next->plan->id)) {
        against(t, ADOPT_OTHER_PLAN, ADOPT_THING_PLAN, now->id, t->next->plan->id);
    }
    weigh_units(t, tree);
    TRY(weigh_rounds(t, e));
    TRY(store_docs(t->reader, STR("task/"), t->upto, on_task, t, e));
    TRY(weigh_packages(t, e));
    return adopt_use(t, tree, e);
}

/* AD1 */
enum rc adopt_try(struct adopt_trial *t, struct err *e)
{
    struct adopt_changes *changes = ARENA_NEW(t->a, struct adopt_changes);
    TRY(offline_plan(t->a, t->next->lang.sources, &t->digest, e));
    TRY(in_force(t, e));
    t->notes = (struct adopt_lines){0};
    adopt_compare(t, changes);
    t->changes = changes;
    t->rows = adopt_rows_new(t);
    t->n_plan_notes = t->notes.list.n;
    return adopt_look(t, e);
}
