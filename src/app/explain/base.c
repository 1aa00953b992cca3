/* SPDX-License-Identifier: Apache-2.0 */
/* The change of a share by its causes. */
#include "app/explain/base.h"

#include "base/arena.h"

/* One side of the quotient: what a unit adds when it counts. */
struct side {
    uint32_t where;  /* expression, NONE: every unit */
    uint32_t also;   /* of a numerator: ψ of a share */
    uint32_t amount; /* NONE: 1 */
};

struct quotient {
    uint32_t kind;
    struct side n, d;
    uint32_t covered_by; /* relation, NONE: not 覆盖 */
};

struct asking {
    struct arena *a;
    struct cells *c;
    const struct evaluator *ev;
    const struct plan *plan;
    bool unknown;
};

/* A unit in one year. */
struct standing {
    bool exists, in_d, in_n, also;
    struct rat d, n; /* amounts, whether it counts or not */
};

/* ---- what is asked -------------------------------------------------------------------------- */

static bool adds_units(const struct expr *x)
{
    return x->op == EX_AGG && (x->agg == AGG_SUM || x->agg == AGG_COUNT) && x->over == OVER_KIND &&
           x->n <= 1;
}

static bool quotient_of(const struct plan *p, uint32_t e, struct quotient *q)
{
    const struct expr *x = &p->exprs[e];
    *q = (struct quotient){.covered_by = NONE};
    bool share =
        x->op == EX_AGG && (x->agg == AGG_SHARE || x->agg == AGG_COVER) && x->over == OVER_KIND;
    if (share) {
        q->kind = x->over_ref;
        q->d = (struct side){x->b, NONE, NONE};
        q->n = (struct side){x->b, x->c, NONE};
        q->covered_by = x->agg == AGG_COVER ? x->ref : NONE;
        return true;
    }
    if (x->op != EX_DIV || !adds_units(&p->exprs[x->a]) || !adds_units(&p->exprs[x->b]) ||
        p->exprs[x->a].over_ref != p->exprs[x->b].over_ref) {
        return false;
    }
    const struct expr *n = &p->exprs[x->a];
    const struct expr *d = &p->exprs[x->b];
    q->kind = n->over_ref;
    q->n = (struct side){n->b, NONE, n->agg == AGG_SUM ? n->a : NONE};
    q->d = (struct side){d->b, NONE, d->agg == AGG_SUM ? d->a : NONE};
    return true;
}

/* Labels are attributes, titles and lists; a condition that reads a figure is none. */
static bool is_label(const struct plan *p, uint32_t e)
{
    if (e == NONE) {
        return true;
    }
    const struct expr *x = &p->exprs[e];
    bool figure = x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END ||
                  (x->op >= EX_AGG && x->op <= EX_INDICATOR);
    return !figure && is_label(p, x->a) && is_label(p, x->b) && is_label(p, x->c);
}

static enum truth truth_of(struct asking *q, uint32_t e, uint32_t unit, struct moment m)
{
    struct mval v = {.truth = T_UNKNOWN};
    if (e == NONE) {
        return T_YES;
    }
    bool ok = q->ev->measure(q->ev->ctx, q->a, e, unit, m, &v) == RC_OK;
    q->unknown = q->unknown || !ok || v.truth == T_UNKNOWN;
    return v.truth;
}

static struct rat amount_of(struct asking *q, uint32_t e, uint32_t unit, struct moment m,
                            bool counts)
{
    struct mval v = {0};
    if (e == NONE) {
        return rat_one();
    }
    bool ok = q->ev->measure(q->ev->ctx, q->a, e, unit, m, &v) == RC_OK && v.kind == MV_NUMBER &&
              rat_eq(v.lo, v.hi);
    q->unknown = q->unknown || (counts && !ok);
    return ok ? v.lo : rat_zero();
}

static bool covered(struct asking *q, uint32_t relation, const struct tree_snap *t, uint32_t unit,
                    struct moment m)
{
    const uint32_t *partners = NULL;
    uint32_t n = cells_partners(q->a, q->c, relation, unit, m.snapshot, &partners);
    for (uint32_t i = 0; i < n; i++) {
        if (t->index_of[partners[i]] != TREE_NONE) {
            return true;
        }
    }
    return false;
}

static struct standing standing_of(struct asking *q, const struct quotient *x, uint32_t top,
                                   uint32_t unit, struct moment m)
{
    struct standing s = {.d = rat_zero(), .n = rat_zero()};
    const struct tree_snap *t = NULL;
    if (cells_tree(q->c, m.snapshot, &t) != RC_OK) {
        q->unknown = true;
        return s;
    }
    uint32_t i = t->index_of[unit];
    uint32_t from = t->index_of[top];
    s.exists = i != TREE_NONE;
    bool below = s.exists && from != TREE_NONE && from <= i && i < t->end[from];
    if (!below || !plan_is_a(q->plan, t->kind[i], x->kind)) {
        return s;
    }
    enum truth also = x->covered_by == NONE                   ? truth_of(q, x->n.also, unit, m)
                      : covered(q, x->covered_by, t, unit, m) ? T_YES
                                                              : T_NO;
    s.in_d = truth_of(q, x->d.where, unit, m) == T_YES && also != T_NA;
    s.in_n = truth_of(q, x->n.where, unit, m) == T_YES;
    s.also = also == T_YES;
    s.d = amount_of(q, x->d.amount, unit, m, s.in_d);
    s.n = amount_of(q, x->n.amount, unit, m, s.in_n);
    return s;
}

/* ---- three steps ---------------------------------------------------------------------------- */

struct sum {
    struct rat n, d;
};

static void put(struct arena *a, struct sum *t, const struct standing *s)
{
    t->n = s->in_n && s->also ? rat_add(a, t->n, s->n) : t->n;
    t->d = s->in_d ? rat_add(a, t->d, s->d) : t->d;
}

struct steps {
    struct sum before, closed, labelled, now, fixed;
    bool moved; /* the base or a label */
};

/* The labels of now on the figures of then; who entered or left the base counts as it stands now.
 */
static struct standing relabelled(const struct plan *p, const struct quotient *x,
                                  const struct standing *old, const struct standing *new)
{
    if (old->in_d != new->in_d) {
        return *new;
    }
    struct standing s = *old;
    s.in_n = is_label(p, x->n.where) ? new->in_n : old->in_n;
    bool word = x->covered_by == NONE && x->n.also != NONE && is_label(p, x->n.also);
    s.also = word ? new->also : old->also;
    return s;
}

static void step(struct asking *q, const struct quotient *x, const struct standing *old,
                 const struct standing *new, struct steps *s)
{
    bool stays = old->exists && new->exists;
    struct standing label = stays ? relabelled(q->plan, x, old, new) : *new;
    put(q->a, &s->before, old);
    put(q->a, &s->closed, stays ? old : new);
    put(q->a, &s->labelled, &label);
    put(q->a, &s->now, new);
    if (old->in_d && new->exists) {
        struct standing kept = *new;
        kept.in_d = true;
        /* A share asks whether it complies, whatever it is called by now. */
        kept.in_n = x->n.also != NONE || x->covered_by != NONE || new->in_n;
        kept.d = kept.in_d && x->d.amount == NONE ? rat_one() : new->d;
        put(q->a, &s->fixed, &kept);
    }
    bool there = old->in_d || new->in_d;
    s->moved = s->moved || (there && !stays) || old->in_d != label.in_d ||
               (stays && (old->in_n != label.in_n || old->also != label.also));
}

static bool quotient(struct arena *a, struct sum t, struct rat *out)
{
    bool ok = rat_sign(t.d) > 0;
    *out = ok ? rat_div(a, t.n, t.d) : rat_zero();
    return ok;
}

static struct sum nothing(void)
{
    return (struct sum){rat_zero(), rat_zero()};
}

bool explain_base(struct arena *a, struct cells *c, const struct evaluator *ev, uint32_t share,
                  uint32_t unit, struct moment m, struct moment then, struct base_change *out)
{
    struct asking q = {.a = a, .c = c, .ev = ev, .plan = cells_plan(c)};
    const struct tree *t = cells_dataset(c)->tree;
    struct quotient x;
    struct steps s = {nothing(), nothing(), nothing(), nothing(), nothing(), false};
    *out = (struct base_change){.fixed = rat_zero()};
    if (!quotient_of(q.plan, share, &x)) {
        return false;
    }
    for (uint32_t u = 0; u < t->n_units && !q.unknown; u++) {
        struct standing old = standing_of(&q, &x, unit, u, then);
        struct standing new = standing_of(&q, &x, unit, u, m);
        step(&q, &x, &old, &new, &s);
    }
    struct rat closed = rat_zero();
    struct rat labelled = rat_zero();
    bool whole = quotient(a, s.before, &out->before) && quotient(a, s.closed, &closed) &&
                 quotient(a, s.labelled, &labelled) && quotient(a, s.now, &out->now);
    if (q.unknown || !whole || !s.moved) {
        return false;
    }
    out->has_fixed = quotient(a, s.fixed, &out->fixed);
    out->closure = rat_sub(a, closed, out->before);
    out->label = rat_sub(a, labelled, closed);
    out->real = rat_sub(a, out->now, labelled);
    return true;
}
