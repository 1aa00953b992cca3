/* SPDX-License-Identifier: Apache-2.0 */
/* Gates, rules, checks: a condition at every unit (or row) and plan year (C25, C26). */
#include "base/arena.h"
#include "base/map.h"
#include "engine/judge_int.h"

/* One unit (or row of it) at work. */
struct each {
    uint32_t unit, row;
    int32_t year;
    struct mval v;
    struct map parts; /* of the rows of the unit and year -> how many bear it */
};

typedef struct verdict (*each_fn)(struct judge *j, const struct block *b, struct each *x);

static enum rc one(struct judge *j, const struct block *b, struct each *x, each_fn fn,
                   struct found *out)
{
    enum rc rc = x->row == NONE
                     ? j->ev->measure(j->ev->ctx, j->arena, b->measure, x->unit, b->m, &x->v)
                     : j->ev->measure_row(j->ev->ctx, j->arena, b->measure, x->row, b->m, &x->v);
    if (rc == RC_OK) {
        vec_push(j->arena, &out->rows, fn(j, b, x));
    }
    return rc;
}

static enum rc at_unit(struct judge *j, const struct block *b, uint32_t i, each_fn fn,
                       struct found *out)
{
    struct each x = {.unit = b->units.list.items[i], .row = NONE, .year = b->o.year};
    const uint32_t *rows = NULL;
    enum rc rc = RC_OK;
    if (b->k->of_reg == NONE) {
        return one(j, b, &x, fn, out);
    }
    uint32_t n = cells_rows(j->arena, j->cells, b->k->of_reg, x.unit, date_year_start(x.year),
                            date_year_end(x.year), b->m.snapshot, &rows);
    for (uint32_t r = 0; rc == RC_OK && r < n; r++) {
        x.row = rows[r];
        rc = one(j, b, &x, fn, out);
    }
    return rc;
}

/* At every unit of the kind (or owner of rows) and year. */
static enum rc each(struct judge *j, uint32_t commitment,
                    enum rc (*unit)(struct judge *j, const struct block *b, uint32_t i,
                                    struct found *out))
{
    const struct commitment *k = &j->plan->commitments[commitment];
    uint32_t kind = k->of_reg != NONE ? j->plan->regs[k->of_reg].owner_kind : k->of_kind;
    enum rc rc = RC_OK;
    for (int32_t y = j->plan->first_year; rc == RC_OK && y <= j->plan->last_year; y++) {
        const struct tree_snap *t = NULL;
        struct block b = {.commitment = commitment,
                          .k = k,
                          .o = {.year = y},
                          .measure = k->condition,
                          .tolerance = rat_zero(),
                          .unit = unit};
        if (k->condition == NONE ||
            !moment_of_year(j->plan, k->condition, NULL, y, j->as_of, &b.m)) {
            continue;
        }
        b.day = b.m.snapshot;
        b.model = judge_blank(j, commitment, y);
        b.model.at = judge_keep(j, b.m);
        b.model.snapshot = b.day;
        b.model.due = date_year_end(y);
        rc = judge_tree(j, b.day, &t);
        if (rc == RC_OK) {
            b.units = judge_units_of_kind(j, t, kind);
            rc = j->each(j, &b);
        }
    }
    return rc;
}

static struct str value_text(struct arena *a, const struct datum *d, const struct value *v)
{
    int64_t k = 0;
    if (d->type == VT_CHOICE && rat_to_int64(v->num, &k) && k >= 0 && k < d->n_choices) {
        return d->choices[k];
    }
    return v->text.n > 0 ? v->text : rat_frac_str(a, v->num);
}

/* The key fields of the row, else its id, else its number; the second of a name bears a number. */
static struct str row_part(struct judge *j, struct each *x)
{
    const struct reg_row *r = &cells_dataset(j->cells)->rows[x->row];
    const struct reg *g = &j->plan->regs[r->reg];
    struct str part = STR("");
    for (uint32_t i = 0; i < g->n_fields; i++) {
        const struct value v = reg_row_value(r, i);
        if (j->plan->fields[g->first_field + i].key && v.has) {
            struct str text = value_text(j->arena, &j->plan->fields[g->first_field + i].d, &v);
            part = part.n == 0 ? text : str_cat(j->arena, str_cat(j->arena, part, STR("/")), text);
        }
    }
    part = part.n > 0 ? part : r->id;
    uint32_t n = 0;
    (void)map_get(&x->parts, part, &n);
    map_put(j->arena, &x->parts, part, ++n);
    if (n == 1 && part.n > 0) {
        return part;
    }
    struct str number = rat_frac_str(j->arena, rat_int(n));
    return part.n == 0 ? number : str_cat(j->arena, str_cat(j->arena, part, STR("/")), number);
}

static struct verdict row_of(struct judge *j, const struct block *b, struct each *x)
{
    struct verdict v = b->model;
    v.unit = x->unit;
    v.row = x->row;
    v.measure = x->v;
    v.flags = judge_flags(x->v.flags);
    if (x->row != NONE) {
        v.part = row_part(j, x);
    }
    return v;
}

/* Not due yet (C01): an item with an earlier time point moves no deadline (C02). */
static void not_yet(const struct judge *j, struct verdict *v)
{
    if (date_cmp(v->due, j->as_of) >= 0 && v->state == ST_UNKNOWN) {
        v->state = ST_PENDING;
        v->light = LIGHT_GREY;
    }
}

/* ---- gates ---------------------------------------------------------------------------------- */

/* Gates open only on proof: unknown is shut for want of it (C25). */
static struct verdict gate(struct judge *j, const struct block *b, struct each *x)
{
    struct verdict v = row_of(j, b, x);
    v.state = judge_state(x->v.truth, T_YES, true);
    not_yet(j, &v);
    return v;
}

static enum rc gate_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    return at_unit(j, b, i, gate, out);
}

enum rc judge_gate(struct judge *j, uint32_t commitment)
{
    return each(j, commitment, gate_of_unit);
}

/* ---- rules ---------------------------------------------------------------------------------- */

static struct rat rounded(struct judge *j, struct rat x, enum rounding how)
{
    return how == ROUND_DOWN ? rat_floor(j->arena, x)
           : how == ROUND_UP ? rat_ceil(j->arena, x)
                             : rat_round_half_away(j->arena, x); /* C26 */
}

static bool figure(struct judge *j, const struct block *b, const struct action *a,
                   const struct each *x, struct rat *out)
{
    struct cell c;
    if (a->is_field) {
        c = cells_field(j->cells, a->item, x->row);
    } else {
        struct period p;
        struct date day;
        if (!moment_of_item(&j->plan->items[a->item], b->m, &p, &day)) {
            return false;
        }
        c = cells_item(j->arena, j->cells, a->item, x->unit, p);
    }
    *out = c.lo;
    return c.known;
}

/* What an earlier rule proposes for the same figure; NULL: none does. */
static const struct proposal *stacked(const struct judge *j, const struct action *a, int32_t year,
                                      const struct each *x)
{
    for (uint32_t i = j->out->rows.n; i-- > 0;) {
        const struct verdict v = verdicts_at(j->out, i);
        bool same = v.is_rule && v.unit == x->unit && (!a->is_field || v.row == x->row);
        for (uint32_t k = v.n_proposals; same && k-- > 0;) {
            const struct proposal *p = &v.proposals[k];
            if (p->has_amount && p->item == a->item && p->is_field == a->is_field &&
                p->year == year) {
                return p;
            }
        }
    }
    return NULL;
}

static struct proposal proposal_of(struct judge *j, const struct block *b, const struct action *a,
                                   const struct each *x)
{
    struct proposal p = {.item = a->item,
                         .is_field = a->is_field,
                         .year = x->year + (a->next_year ? 1 : 0),
                         .from = rat_zero(),
                         .to = rat_zero(),
                         .text = a->text,
                         .days = a->days};
    if (a->item == NONE) {
        return p;
    }
    const struct proposal *before = b->k->stacking ? stacked(j, a, p.year, x) : NULL;
    p.has_amount = before ? true : figure(j, b, a, x, &p.from);
    p.from = before ? before->to : p.from;
    if (p.has_amount) {
        struct rat step = a->percent ? rat_mul(j->arena, p.from, a->amount) : a->amount;
        step = a->sign < 0 ? rat_neg(j->arena, step) : step;
        p.to = rounded(j, rat_add(j->arena, p.from, step), b->k->rounding);
    }
    return p;
}

/* Fires: missed. Unknown never triggers (C25). */
static struct verdict rule(struct judge *j, const struct block *b, struct each *x)
{
    const struct commitment *k = b->k;
    struct verdict v = row_of(j, b, x);
    v.is_rule = true;
    v.fires = x->v.truth;
    v.state = judge_state(truth_not(x->v.truth), T_YES, true);
    not_yet(j, &v);
    if (v.fires == T_YES) {
        struct proposal *list = ARENA_ARRAY(j->arena, struct proposal, k->n_actions + 1);
        for (uint32_t i = 0; i < k->n_actions; i++) {
            if (!k->actions[i].escalation) {
                list[v.n_proposals++] = proposal_of(j, b, &k->actions[i], x);
            }
        }
        v.proposals = list;
    }
    return v;
}

static enum rc rule_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    return at_unit(j, b, i, rule, out);
}

enum rc judge_rule(struct judge *j, uint32_t commitment)
{
    return each(j, commitment, rule_of_unit);
}

/* ---- checks --------------------------------------------------------------------------------- */

static struct verdict check(struct judge *j, const struct block *b, struct each *x)
{
    const struct commitment *k = b->k;
    struct verdict v = row_of(j, b, x);
    v.state = judge_state(x->v.truth, T_YES, true);
    not_yet(j, &v);
    if (v.state == ST_MISSED) {
        judge_finding(
            j, (struct finding){.kind = k->soft ? FINDING_CHECK_WARNING : FINDING_CHECK_FAILED,
                                .commitment = b->commitment,
                                .unit = x->unit,
                                .item = NONE,
                                .year = x->year,
                                .text = k->deliverable.n > 0 ? k->deliverable : k->name});
    }
    return v;
}

static enum rc check_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    return at_unit(j, b, i, check, out);
}

enum rc judge_check(struct judge *j, uint32_t commitment)
{
    return each(j, commitment, check_of_unit);
}
