/* SPDX-License-Identifier: Apache-2.0 */
/* Units of a scope, and what all families need (C39). */
#include "base/arena.h"
#include "engine/judge_int.h"

uint32_t judge_flags(uint32_t f)
{
    return ((f & MF_WIDE) != 0 ? VF_WIDE : 0) |
           ((f & MF_DEFINITION_CHANGED) != 0 ? VF_DEFINITION_CHANGED : 0) |
           ((f & MF_PROVISIONAL) != 0 ? VF_PROVISIONAL : 0) |
           ((f & MF_DISPUTED) != 0 ? VF_DISPUTED : 0);
}

uint32_t judge_marks(uint32_t f)
{
    return judge_flags(f & (MF_PROVISIONAL | MF_DISPUTED));
}

struct verdict judge_blank(const struct judge *j, uint32_t commitment, int32_t year)
{
    return (struct verdict){.commitment = commitment,
                            .part = STR(""),
                            .unit = NONE,
                            .year = year,
                            .state = ST_UNKNOWN,
                            .measure = mval_none(),
                            .definition = STR(""),
                            .threshold = rat_zero(),
                            .threshold2 = rat_zero(),
                            .due = j->as_of,
                            .snapshot = j->as_of,
                            .row = NONE,
                            .used = rat_zero(),
                            .base = rat_zero(),
                            .cap = rat_zero(),
                            .remaining = rat_zero(),
                            .score_lo = rat_zero(),
                            .score_hi = rat_zero(),
                            .score_base = rat_zero()};
}

void *judge_room(struct judge *j, struct room *r, size_t n, size_t size)
{
    if (!r->p || r->bytes < n * size) {
        r->p = arena_array(j->keeps, n, size);
        r->bytes = n * size;
    }
    return r->p;
}

enum rc judge_tree(struct judge *j, struct date day, const struct tree_snap **out)
{
    return cells_tree(j->cells, day, out);
}

const struct moment *judge_keep(struct judge *j, struct moment m)
{
    struct moment *kept = ARENA_NEW(j->arena, struct moment);
    *kept = m;
    return kept;
}

static uint64_t finding_hash(const struct finding *f)
{
    const uint64_t parts[] = {f->kind, f->commitment, f->unit, f->item, (uint64_t)f->year};
    uint64_t h = str_hash(f->text);
    for (uint32_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        h = (h ^ parts[i]) * 0x9e3779b97f4a7c15U;
    }
    return h;
}

/* Each is told once. */
void judge_finding(struct judge *j, struct finding f)
{
    uint64_t h = finding_hash(&f);
    uint32_t same = NONE;
    if (j->quiet) {
        return;
    }
    (void)map_u64_get(&j->told.first, h, &same);
    for (uint32_t i = same; i != NONE; i = j->told.next.items[i]) {
        const struct finding *g = &j->out->findings.items[i];
        if (g->kind == f.kind && g->commitment == f.commitment && g->unit == f.unit &&
            g->year == f.year && g->item == f.item && str_eq(g->text, f.text)) {
            return;
        }
    }
    map_u64_put(j->keeps, &j->told.first, h, j->out->findings.n);
    vec_push(j->keeps, &j->told.next, same);
    vec_push(j->keeps, &j->out->findings, f);
}

enum state judge_state(enum truth holds, enum truth applies, bool after)
{
    if (holds == T_NA) {
        return ST_NA;
    }
    if (!after) {
        return ST_PENDING;
    }
    if (applies == T_UNKNOWN && holds != T_YES) {
        return ST_UNKNOWN; /* C08: never missed */
    }
    return holds == T_YES ? ST_MET : holds == T_NO ? ST_MISSED : ST_UNKNOWN;
}

/* ---- units of a scope ----------------------------------------------------------------------- */

static bool in_scope(struct judge *j, const struct scope *s, const struct tree_snap *t, uint32_t i,
                     const uint32_t *named)
{
    uint32_t unit = t->unit[i];
    switch (s->kind) {
    case SCOPE_ROOT:
        return i == 0;
    case SCOPE_EACH_KIND:
        return plan_is_a(j->plan, t->kind[i], s->ref);
    case SCOPE_EACH_TITLE:
        return cells_holds(j->cells, s->ref, unit,
                           date_cmp(t->from, DATE_MIN) == 0 ? t->to : t->from);
    case SCOPE_EACH_LIST:
        return cells_listed(j->cells, s->ref, unit);
    case SCOPE_EACH_NAMED:
        for (uint32_t k = 0; k < s->n_named; k++) {
            if (named[k] == unit) {
                return true;
            }
        }
        return false;
    case SCOPE_EACH_CATEGORY:
        break;
    }
    return false;
}

/* C39: a listed unit that no longer exists leaves the base and is named. */
static void gone(struct judge *j, const struct tree_snap *t, const struct str *names, uint32_t n,
                 uint32_t *ids, uint32_t commitment, int32_t year)
{
    for (uint32_t k = 0; k < n; k++) {
        struct finding f = {
            .commitment = commitment, .unit = NONE, .item = NONE, .year = year, .text = names[k]};
        ids[k] = NONE;
        if (tree_find(t->tree, names[k], DATE_MIN, DATE_MAX, &ids[k]) == TREE_FOUND_NONE) {
            f.kind = FINDING_LIST_UNKNOWN;
            judge_finding(j, f);
        } else if (t->index_of[ids[k]] == TREE_NONE) {
            f.kind = FINDING_UNIT_GONE;
            f.unit = ids[k];
            judge_finding(j, f);
        }
    }
}

static bool has_title(struct judge *j, const struct scope *s, uint32_t unit, struct date day)
{
    return s->kind == SCOPE_EACH_TITLE && cells_holds(j->cells, s->ref, unit, day);
}

/* A list by condition: whoever satisfied it on the day it was frozen. */
static enum truth satisfied(struct judge *j, const struct unit_list *l, uint32_t unit)
{
    struct moment m;
    struct mval v;
    if (!moment_of_year(j->plan, l->predicate, NULL, date_year(l->frozen), j->as_of, &m)) {
        return T_NO;
    }
    m.snapshot = l->frozen;
    if (j->ev->measure(j->ev->ctx, j->arena, l->predicate, unit, m, &v) != RC_OK) {
        return T_UNKNOWN;
    }
    return v.truth == T_NA ? T_NO : v.truth;
}

/* Units that satisfied the condition of a list and no longer exist (C39). */
static void gone_since(struct judge *j, const struct unit_list *l, const struct tree_snap *now,
                       uint32_t commitment, int32_t year)
{
    const struct tree_snap *then = NULL;
    if (judge_tree(j, l->frozen, &then) != RC_OK) {
        return;
    }
    for (uint32_t i = 0; i < then->n; i++) {
        uint32_t unit = then->unit[i];
        if (now->index_of[unit] == TREE_NONE && plan_is_a(j->plan, then->kind[i], l->kind) &&
            satisfied(j, l, unit) == T_YES) {
            judge_finding(j, (struct finding){.kind = FINDING_UNIT_GONE,
                                              .commitment = commitment,
                                              .unit = unit,
                                              .item = NONE,
                                              .year = year,
                                              .text = tree_snap_name(then, i)});
        }
    }
}

static const struct unit_list *list_of(const struct judge *j, const struct scope *s)
{
    return s->kind == SCOPE_EACH_LIST ? &j->plan->lists[s->ref] : NULL;
}

static enum truth scope_has(struct judge *j, const struct scope *s, const struct tree_snap *t,
                            uint32_t i, const uint32_t *named, struct date day)
{
    const struct unit_list *l = list_of(j, s);
    if (s->kind == SCOPE_EACH_TITLE) {
        return has_title(j, s, t->unit[i], day) ? T_YES : T_NO;
    }
    if (l && l->predicate != NONE) {
        return plan_is_a(j->plan, t->kind[i], l->kind) ? satisfied(j, l, t->unit[i]) : T_NO;
    }
    return in_scope(j, s, t, i, named) ? T_YES : T_NO;
}

/* Who has filed the rolls of the scopes' kinds, and who has not (C35). */
static void rolls_of(struct judge *j, const struct scope *scopes, uint32_t n,
                     const struct tree_snap *t, struct date day, struct unit_ids *out)
{
    for (uint32_t s = 0; s < n; s++) {
        uint32_t rolls[PLAN_ROLLS_MAX];
        uint32_t n_rolls =
            scopes[s].kind == SCOPE_EACH_KIND ? plan_rolls(j->plan, scopes[s].ref, rolls) : 0;
        for (uint32_t i = 0; n_rolls > 0 && i < t->n; i++) {
            for (uint32_t k = 0; k < n_rolls; k++) {
                struct period period;
                if (!plan_owes_roll(j->plan, rolls[k], t->kind[i])) {
                    continue;
                }
                if (cells_roll_filed(j->cells, rolls[k], t->unit[i], day, &period)) {
                    vec_push(j->arena, &out->filed, t->unit[i]);
                } else {
                    vec_push(j->arena, &out->owing, t->unit[i]);
                }
            }
        }
    }
}

/* ---- units of kinds alone ------------------------------------------------------------------- */

static struct unit_ids list_kinds(struct judge *j, const struct units_of *u)
{
    struct arena *a = j->keeps;
    struct unit_ids out = {0};
    bool *in = ARENA_ARRAY(a, bool, j->plan->n_kinds + 1);
    for (uint32_t k = 0; k < j->plan->n_kinds; k++) {
        for (uint32_t i = 0; i < u->n; i++) {
            in[k] = in[k] || plan_is_a(j->plan, k, u->kinds[i]);
        }
    }
    for (uint32_t i = 0; i < u->tree->n; i++) {
        uint32_t kind = u->tree->kind[i];
        if ((u->root && i == 0) || (kind != NONE && in[kind])) {
            vec_push(a, &out.list, u->tree->unit[i]);
            vec_push(a, &out.unsure, false);
        }
    }
    return out;
}

static bool same_kinds(const struct units_of *x, const struct units_of *y)
{
    bool same = x->tree == y->tree && x->n == y->n && x->root == y->root;
    for (uint32_t i = 0; same && i < x->n; i++) {
        same = x->kinds[i] == y->kinds[i];
    }
    return same;
}

static struct unit_ids shared(struct judge *j, struct units_of u)
{
    for (uint32_t i = 0; i < j->units_of.n; i++) {
        if (same_kinds(&j->units_of.items[i], &u)) {
            return j->units_of.items[i].ids;
        }
    }
    u.ids = list_kinds(j, &u);
    vec_push(j->keeps, &j->units_of, u);
    return u.ids;
}

struct unit_ids judge_units_of_kind(struct judge *j, const struct tree_snap *t, uint32_t kind)
{
    return shared(j, (struct units_of){.tree = t, .kinds = {kind}, .n = 1});
}

/* Scopes that name kinds, of which nobody files rolls (C35), and nothing else. */
static bool kinds_alone(struct judge *j, const struct scope *scopes, uint32_t n,
                        struct units_of *out)
{
    uint32_t rolls[PLAN_ROLLS_MAX];
    bool alone = true;
    for (uint32_t i = 0; alone && i < n; i++) {
        out->root = out->root || scopes[i].kind == SCOPE_ROOT;
        if (scopes[i].kind == SCOPE_EACH_KIND) {
            alone = out->n < UNITS_KINDS_MAX && plan_rolls(j->plan, scopes[i].ref, rolls) == 0;
            if (alone) {
                out->kinds[out->n++] = scopes[i].ref;
            }
        } else {
            alone = scopes[i].kind == SCOPE_ROOT;
        }
    }
    return alone;
}

/* ---- units of any scopes -------------------------------------------------------------------- */

struct unit_ids judge_units(struct judge *j, const struct scope *scopes, uint32_t n,
                            uint32_t commitment, struct date day, int32_t year)
{
    struct unit_ids out = {0};
    const struct tree_snap *t = NULL;
    struct units_of u = {0};
    if (judge_tree(j, day, &t) != RC_OK) {
        return out;
    }
    u.tree = t;
    if (kinds_alone(j, scopes, n, &u)) {
        return shared(j, u);
    }
    uint32_t **named = ARENA_ARRAY(j->arena, uint32_t *, n + 1);
    for (uint32_t k = 0; k < n; k++) {
        const struct unit_list *l = list_of(j, &scopes[k]);
        const struct str *names = l ? l->members : scopes[k].named;
        uint32_t n_names = l ? l->n_members : scopes[k].n_named;
        named[k] = ARENA_ARRAY(j->arena, uint32_t, n_names + 1);
        gone(j, t, names, n_names, named[k], commitment, year);
        if (l && l->predicate != NONE) {
            gone_since(j, l, t, commitment, year);
        }
    }
    for (uint32_t i = 0; i < t->n; i++) {
        enum truth in = T_NO;
        for (uint32_t k = 0; k < n && in != T_YES; k++) {
            in = truth_or(in, scope_has(j, &scopes[k], t, i, named[k], day));
        }
        if (in != T_NO) {
            vec_push(j->arena, &out.list, t->unit[i]);
            vec_push(j->arena, &out.unsure, in == T_UNKNOWN);
        }
    }
    rolls_of(j, scopes, n, t, day, &out);
    return out;
}

static void missing_of(struct judge *j, const struct unit_list *l, const struct tree_snap *t,
                       uint32_t commitment, int32_t year)
{
    uint32_t *ids = ARENA_ARRAY(j->arena, uint32_t, l->n_members + 1);
    gone(j, t, l->members, l->n_members, ids, commitment, year);
    if (l->predicate != NONE) {
        gone_since(j, l, t, commitment, year);
    }
}

void judge_lists_of(struct judge *j, uint32_t e, struct date day, uint32_t commitment, int32_t year)
{
    const struct tree_snap *t = NULL;
    while (e != NONE) {
        const struct expr *x = &j->plan->exprs[e];
        bool over = (x->op == EX_AGG || x->op == EX_RANK) && x->over == OVER_LIST;
        if (over && judge_tree(j, day, &t) == RC_OK) {
            missing_of(j, &j->plan->lists[x->over_ref], t, commitment, year);
        }
        judge_lists_of(j, x->b, day, commitment, year);
        judge_lists_of(j, x->c, day, commitment, year);
        e = x->a;
    }
}

enum truth judge_belongs(const struct unit_ids *units, uint32_t i, enum truth condition)
{
    return truth_and(units->unsure.items[i] ? T_UNKNOWN : T_YES, condition);
}

bool judge_only_root(const struct scope *scopes, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (scopes[i].kind != SCOPE_ROOT && scopes[i].kind != SCOPE_EACH_CATEGORY) {
            return false;
        }
    }
    return true;
}
