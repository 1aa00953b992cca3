/* SPDX-License-Identifier: Apache-2.0 */
/* 天数: days accrued in a register. Days of one person that overlap count once; persons add up. */
#include <stdlib.h>

#include "base/arena.h"
#include "engine/ref_int.h"

/* Whose: the key of the row, or its owner in a register without one. */
struct stint {
    uint32_t whose;
    struct date first, last;
};

struct stints {
    VEC(struct stint) list;
};

/* What is known, what may be, and days of nobody known. */
struct accrual {
    struct stints sure, possible;
    struct map keys;
    int64_t nameless;      /* days that may be anybody's */
    int64_t sure_nameless; /* the longest of them that is certain */
    bool limitless;
    bool keyed;
};

static int64_t length(struct date first, struct date last)
{
    return (int64_t)last.days - first.days + 1;
}

static int stint_cmp(const void *x, const void *y)
{
    const struct stint *p = x;
    const struct stint *q = y;
    if (p->whose != q->whose) {
        return p->whose < q->whose ? -1 : 1;
    }
    return date_cmp(p->first, q->first);
}

static int64_t distinct_days(struct stints *s)
{
    int64_t days = 0;
    struct date reached = DATE_MIN;
    if (s->list.n > 1) {
        qsort(s->list.items, s->list.n, sizeof s->list.items[0], stint_cmp);
    }
    for (uint32_t i = 0; i < s->list.n; i++) {
        const struct stint *x = &s->list.items[i];
        bool next = i == 0 || x->whose != s->list.items[i - 1].whose;
        reached = next ? DATE_MIN : reached;
        struct date first = date_cmp(x->first, reached) > 0 ? x->first : date_add_days(reached, 1);
        if (date_cmp(first, x->last) <= 0) {
            days += length(first, x->last);
            reached = x->last;
        }
    }
    return days;
}

static bool has_key(const struct plan *p, uint32_t reg)
{
    const struct reg *g = &p->regs[reg];
    for (uint32_t i = g->first_field; i < g->first_field + g->n_fields; i++) {
        if (p->fields[i].key) {
            return true;
        }
    }
    return false;
}

static void add(struct ref *r, struct accrual *d, const struct expr *x, const struct row_span *s,
                uint32_t owner, struct moment m)
{
    struct member who = {owner, s->row};
    enum truth in = ref_where(r, x, ref_member_place(&who), m).truth;
    uint32_t whose = owner;
    if (in == T_NO || in == T_NA) {
        return;
    }
    if (d->keyed) {
        struct str key = ref_key_of(r, x, &who, m);
        if (key.n == 0) {
            int64_t days = length(s->first, s->last);
            d->nameless += days;
            d->sure_nameless = in == T_YES && days > d->sure_nameless ? days : d->sure_nameless;
            return;
        }
        whose = map_len(&d->keys);
        if (!map_get(&d->keys, key, &whose)) {
            map_put(r->a, &d->keys, key, whose);
        }
    }
    struct stint stint = {whose, s->first, s->last};
    vec_push(r->a, &d->possible.list, stint);
    if (in == T_YES) {
        vec_push(r->a, &d->sure.list, stint);
    }
}

static void add_owner(struct ref *r, struct accrual *d, const struct expr *x, uint32_t owner,
                      struct moment m)
{
    struct member self = {owner, NONE};
    const struct row_span *spans = NULL;
    struct date first;
    struct date last;
    moment_rows(m, &first, &last);
    if (ref_is_open(r, x->over_ref, owner, m) && !ref_left_out(r, &self)) {
        d->limitless = d->limitless || d->keyed;
        if (!d->keyed) {
            vec_push(r->a, &d->possible.list, (struct stint){owner, first, last});
        }
    }
    last = date_earlier(last, m.as_of); /* days to come have not accrued */
    uint32_t n = ref_left_out(r, &self)
                     ? 0
                     : cells_spans(r->a, r->cells, x->over_ref, owner, first, last, &spans);
    for (uint32_t i = 0; i < n; i++) {
        add(r, d, x, &spans[i], owner, m);
    }
}

static void add_year(struct ref *r, struct accrual *d, const struct expr *x, struct place at,
                     struct moment m)
{
    const struct tree_snap *t = ref_tree(r, m);
    uint32_t kind = r->plan->regs[x->over_ref].owner_kind;
    for (uint32_t k = 0; t && k < at.n; k++) {
        uint32_t top = t->index_of[at.units[k]];
        for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
            if (kind == NONE || plan_is_a(r->plan, t->kind[i], kind)) {
                add_owner(r, d, x, t->unit[i], m);
            }
        }
    }
}

struct mval ref_days(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct accrual d = {.keyed = has_key(r->plan, x->over_ref)};
    for (int32_t y = m.since_year; y < m.year; y++) {
        struct moment then;
        struct place place;
        if (ref_year_of_span(r, at, m, y, &place, &then)) {
            add_year(r, &d, x, place, then);
        }
    }
    add_year(r, &d, x, at, m);
    int64_t lo = distinct_days(&d.sure);
    lo = lo < d.sure_nameless ? d.sure_nameless : lo;
    struct rat hi = rat_int(distinct_days(&d.possible) + d.nameless);
    return mval_range(rat_int(lo), d.limitless ? rat_inf(1) : hi);
}
