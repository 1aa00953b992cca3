/* SPDX-License-Identifier: Apache-2.0 */
/* Populations: the units of a kind, title or list, or the rows of a register, below a place. */
#include "base/arena.h"
#include "engine/ref_int.h"

struct place ref_member_place(const struct member *m)
{
    return m->row == NONE ? ref_unit(&m->unit) : (struct place){.n = 0, .row = m->row};
}

bool ref_left_out(const struct ref *r, const struct member *m)
{
    return r->values && map_u64_get(&r->silent, m->unit, NULL);
}

static bool belongs(struct ref *r, const struct expr *x, uint32_t unit, uint32_t kind,
                    struct moment m)
{
    switch (x->over) {
    case OVER_KIND:
        return plan_is_a(r->plan, kind, x->over_ref);
    case OVER_TITLE:
        return cells_holds_since(r->cells, x->over_ref, unit, m.granted, m.snapshot);
    case OVER_LIST:
        return plan_is_a(r->plan, kind, r->plan->lists[x->over_ref].kind) &&
               ref_listed(r, x->over_ref, unit, m) != T_NO;
    case OVER_REGISTER: {
        uint32_t owner = r->plan->regs[x->over_ref].owner_kind;
        return owner == NONE || plan_is_a(r->plan, kind, owner);
    }
    case OVER_RELATION:
        break;
    }
    return false;
}

/* A filed register is open until every period of the year has been filed (C35). */
bool ref_is_open(struct ref *r, uint32_t reg, uint32_t owner, struct moment m)
{
    const struct reg *g = &r->plan->regs[reg];
    bool open = false;
    struct period all[PERIOD_PER_YEAR];
    bool one = m.sub && m.period.kind == g->filing;
    int32_t n = !g->filed ? 0 : one ? 1 : period_all_of_year(g->filing, m.year, all);
    if (one) {
        all[0] = m.period;
    }
    for (int32_t i = 0; i < n; i++) {
        bool nil = false;
        bool filed = cells_filed(r->cells, reg, owner, all[i], &nil);
        ref_note_pair(r, owner, all[i], filed);
        open = open || !filed;
    }
    return open;
}

/* Whether a unit is on a list by condition may be unknown (C08, C39). */
static enum truth listed(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    bool by_condition = x->over == OVER_LIST && r->plan->lists[x->over_ref].predicate != NONE;
    return by_condition ? ref_on_list(r, x->over_ref, at.units[0], m).truth : T_YES;
}

bool ref_listed_surely(struct ref *r, const struct expr *x, uint32_t unit, struct moment m)
{
    return listed(r, x, ref_unit(&unit), m) != T_UNKNOWN;
}

struct mval ref_where(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct mval v = x->b == NONE ? mval_truth(T_YES) : ref_eval(r, x->b, at, m);
    enum truth in = truth_and(ref_category(r, at, m), listed(r, x, at, m));
    if (in != T_YES && v.truth != T_NA) {
        uint32_t flags = v.flags;
        v = mval_truth(truth_and(v.truth, in));
        v.flags = flags;
    }
    return v;
}

/* now: the end of the span; in a span a row counts that is in force on any of its days. */
static void add_rows(struct ref *r, struct members *out, uint32_t reg, uint32_t owner,
                     struct moment m, struct moment now)
{
    const uint32_t *rows = NULL;
    struct date first;
    struct date last;
    moment_rows(m, &first, &last);
    bool span = now.since_year < now.year;
    uint32_t n = (span ? cells_rows_within : cells_rows)(r->a, r->cells, reg, owner, first, last,
                                                         now.snapshot, &rows);
    struct member open = {owner, NONE};
    if (ref_is_open(r, reg, owner, m) && !ref_left_out(r, &open)) {
        out->n_open++;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct member x = {owner, rows[i]};
        if (!ref_left_out(r, &x)) {
            vec_push(r->a, &out->list, x);
        }
    }
}

/* Whoever has not filed the roll may have further members below (C35). */
static void add_roll(struct ref *r, struct members *out, const uint32_t *rolls, uint32_t n,
                     uint32_t unit, uint32_t kind, struct moment m)
{
    for (uint32_t k = 0; k < n; k++) {
        struct period period;
        struct member open = {unit, NONE};
        if (plan_owes_roll(r->plan, rolls[k], kind)) {
            bool filed = cells_roll_filed(r->cells, rolls[k], unit, m.snapshot, &period);
            ref_note_pair(r, unit, period, filed);
            out->n_open += !filed && !ref_left_out(r, &open);
        }
    }
}

/* The kind whose roll a population draws on: its own, or that of the owners of its rows. */
static uint32_t roll_kind(const struct plan *p, const struct expr *x)
{
    return x->over == OVER_KIND       ? x->over_ref
           : x->over == OVER_REGISTER ? p->regs[x->over_ref].owner_kind
                                      : NONE;
}

static void members_of(struct ref *r, const struct expr *x, struct place at, struct moment m,
                       struct moment now, struct members *out)
{
    const struct tree_snap *t = ref_tree(r, m);
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t kind = roll_kind(r->plan, x);
    uint32_t n_rolls = kind != NONE ? plan_rolls(r->plan, kind, rolls) : 0;
    for (uint32_t k = 0; t && k < at.n; k++) {
        uint32_t top = t->index_of[at.units[k]];
        for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
            struct member u = {t->unit[i], NONE};
            add_roll(r, out, rolls, n_rolls, u.unit, t->kind[i], m);
            if (!belongs(r, x, u.unit, t->kind[i], m)) {
                continue;
            }
            if (x->over == OVER_REGISTER) {
                add_rows(r, out, x->over_ref, u.unit, m, now);
            } else if (!ref_left_out(r, &u)) {
                vec_push(r->a, &out->list, u);
            }
        }
    }
}

/* A row in force for years is one row. */
static void once_each(struct ref *r, struct members *who)
{
    struct map_u64 seen = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < who->list.n; i++) {
        struct member x = who->list.items[i];
        if (!map_u64_get(&seen, x.row, NULL)) {
            map_u64_put(r->a, &seen, x.row, 1);
            who->list.items[n++] = x;
        }
    }
    who->list.n = n;
}

bool ref_year_of_span(struct ref *r, struct place at, struct moment m, int32_t year,
                      struct place *place, struct moment *then)
{
    *then = m;
    then->year = year;
    then->rows_to = date_earlier(m.rows_to, date_year_end(year));
    then->snapshot = date_earlier(date_year_end(year), m.snapshot);
    return ref_past(r, at, m.snapshot, then->snapshot, place);
}

struct members ref_members(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct members out = {0};
    /* Rows of a span stand in the tree of their own year (C17, C28), below what the place was
     * then (C29). */
    int32_t first = x->over == OVER_REGISTER ? m.since_year : m.year;
    for (int32_t y = first; y < m.year; y++) {
        struct moment then;
        struct place place;
        if (ref_year_of_span(r, at, m, y, &place, &then)) {
            members_of(r, x, place, then, m, &out);
        }
    }
    members_of(r, x, at, m, m, &out);
    if (first < m.year) {
        once_each(r, &out);
    }
    return out;
}
