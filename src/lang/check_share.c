/* SPDX-License-Identifier: Apache-2.0 */
/* What a ratio or share divides, and the measures of nested targets (C33, C37). */
#include "base/arena.h"
#include "lang/check_int.h"

static uint32_t both(struct checker *c, uint32_t x, uint32_t y, struct span at)
{
    return x == NONE ? y : y == NONE ? x : check_op(c, EX_AND, dim_none(), true, x, y, at);
}

static uint32_t walked_kind(const struct checker *c, const struct expr *x)
{
    switch (x->over) {
    case OVER_KIND:
        return x->over_ref;
    case OVER_TITLE:
        return c->titles.items[x->over_ref].kind;
    case OVER_LIST:
        return c->lists.items[x->over_ref].kind;
    case OVER_REGISTER:
    case OVER_RELATION:
        break;
    }
    return NONE;
}

/* What a share asks of its members; of 覆盖, at least one partner. */
static uint32_t chosen(struct checker *c, const struct expr *x, struct span at)
{
    if (x->agg == AGG_SHARE) {
        return x->c;
    }
    struct expr one = *x;
    one.op = EX_NUM;
    one.num = rat_one();
    one.dim = dim_of(DIM_COUNT);
    one.a = one.b = one.c = NONE;
    struct expr degree = one;
    degree.op = EX_DEGREE;
    degree.grain_kind = walked_kind(c, x);
    return check_op(c, EX_GE, dim_none(), true, check_push(c, degree), check_push(c, one), at);
}

uint32_t check_adopted_measure(const struct checker *c, uint32_t commitment)
{
    const struct commitment *k = &c->commitments.items[commitment];
    const struct definition *d = &k->definitions[0];
    for (uint32_t i = 1; i < k->n_definitions; i++) {
        const struct definition *x = &k->definitions[i];
        d = x->adopted && (!d->adopted || x->since_year > d->since_year) ? x : d;
    }
    return d->measure;
}

void check_ratio_of(struct checker *c, uint32_t measure, struct span at, uint32_t *used,
                    uint32_t *per)
{
    struct expr x = c->exprs.items[measure];
    *used = measure;
    *per = NONE;
    if (x.op == EX_INDICATOR) {
        check_ratio_of(c, check_adopted_measure(c, x.ref), at, used, per);
    } else if (x.op == EX_DIV) {
        *used = x.a;
        *per = x.b;
    } else if (x.op == EX_AGG && (x.agg == AGG_SHARE || x.agg == AGG_COVER)) {
        struct expr count = x;
        count.agg = AGG_COUNT;
        count.dim = dim_of(DIM_COUNT);
        count.c = NONE;
        *per = check_push(c, count);
        count.b = both(c, x.b, chosen(c, &x, at), at);
        *used = check_push(c, count);
    }
}

/* Does the unit belong to what `set` walks over? NONE: to all of the kind. */
static uint32_t membership(struct checker *c, const struct expr *set, struct span at)
{
    uint32_t in = NONE;
    if (set->over == OVER_TITLE || set->over == OVER_LIST) {
        struct expr x = *set;
        x.op = set->over == OVER_TITLE ? EX_TITLE : EX_LIST;
        x.ref = set->over_ref;
        x.is_bool = true;
        x.dim = dim_none();
        x.a = x.b = x.c = NONE;
        x.grain_kind = set->over == OVER_TITLE ? c->titles.items[set->over_ref].kind
                                               : c->lists.items[set->over_ref].kind;
        in = check_push(c, x);
    }
    return both(c, in, set->b, at);
}

/* A nested count or sum over the outer population keeps the outer filter. */
static uint32_t within(struct checker *c, uint32_t nested, uint32_t numerator, struct span at)
{
    struct expr x = c->exprs.items[nested];
    struct expr set = c->exprs.items[numerator];
    if (x.op != EX_AGG || set.op != EX_AGG) {
        return nested;
    }
    bool units = walked_kind(c, &x) != NONE && walked_kind(c, &x) == walked_kind(c, &set);
    bool rows = x.over == OVER_REGISTER && set.over == OVER_REGISTER && x.over_ref == set.over_ref;
    uint32_t filter = units ? membership(c, &set, at) : rows ? set.b : NONE;
    bool same = x.over == set.over && x.over_ref == set.over_ref && set.b == NONE;
    if (filter == NONE || same) {
        return nested;
    }
    x.b = both(c, filter, x.b, at);
    return check_push(c, x);
}

/* 20%, 百分之二十, 三分之一: a part of something, not an amount. */
static bool is_percentage(struct checker *c, const struct target *t)
{
    const struct node *v = t->rungs.n > 0 ? t->rungs.items[0].value : NULL;
    if (!v || v->kind != NODE_NUMBER) {
        return false;
    }
    struct dim dim = dim_none();
    struct rat factor = rat_one();
    if (!uom_is_bare(&c->uom, v->u.number.suffix)) {
        return uom_parse_suffix(c->a, &c->uom, v->u.number.suffix, &factor, &dim, NULL) &&
               dim_is_none(dim);
    }
    return rat_sign(v->u.number.value) > 0 && rat_cmp(v->u.number.value, rat_one()) < 0;
}

uint32_t check_nested_measure(struct checker *c, const struct target *t, uint32_t numerator,
                              const struct clause *of)
{
    uint32_t x = check_any(c, t->expr, check_grain_of(c, of->scopes, of->n_scopes));
    if (x == NONE) {
        return NONE;
    }
    x = within(c, x, numerator, t->at);
    const struct expr *e = &c->exprs.items[x];
    bool share = !e->is_bool && !dim_is_none(e->dim) && is_percentage(c, t);
    struct dim dim = dim_none();
    if (share && dim_div(e->dim, c->exprs.items[numerator].dim, &dim)) {
        return check_op(c, EX_DIV, dim, false, x, numerator, t->at);
    }
    return x;
}
