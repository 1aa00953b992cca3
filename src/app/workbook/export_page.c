/* SPDX-License-Identifier: Apache-2.0 */
/* A form of the plan as a page: its items with the clauses they serve, its checks, its digest. */
#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"

#define BASIS_MOST 3 /* clauses named for an item */

/* ---- clauses --------------------------------------------------------------------------------- */

static bool clause_reads(const struct plan *p, const struct clause *c, const uint32_t *item)
{
    bool found = expr_reads(p, c->measure, item, 1) || expr_reads(p, c->condition, item, 1);
    for (uint32_t i = 0; i < c->n_rungs && !found; i++) {
        found = expr_reads(p, c->rungs[i].value, item, 1);
    }
    return found;
}

static bool commitment_reads(const struct plan *p, const struct commitment *k, uint32_t item)
{
    bool found = false;
    for (uint32_t i = 0; i < k->n_definitions && !found; i++) {
        found = expr_reads(p, k->definitions[i].measure, &item, 1);
    }
    for (uint32_t i = 0; i < k->n_targets && !found; i++) {
        found = clause_reads(p, &k->targets[i], &item);
    }
    return found;
}

/* The clauses that the item is asked for. */
static struct str basis_of(const struct export_page *p, uint32_t item)
{
    struct buf b;
    uint32_t n = 0;
    buf_init_in(&b, p->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < p->plan->n_commitments && n < BASIS_MOST; i++) {
        const struct commitment *k = &p->plan->commitments[i];
        if (k->n_basis > 0 && commitment_reads(p->plan, k, item)) {
            struct str code = clause_ref_text(p->a, k->basis[0], p->chinese);
            buf_printf(&b, "%s%.*s", n > 0 ? "、" : "", PS(code));
            n++;
        }
    }
    return buf_view(&b);
}

/* ---- the digest ------------------------------------------------------------------------------ */

static void put_text(struct buf *b, struct str s)
{
    buf_printf(b, "%u:%.*s", s.n, PS(s));
}

static void put_datum(const struct export_page *p, const struct datum *of, struct buf *b)
{
    put_text(b, of->name);
    put_text(b, of->unit);
    put_text(b, of->definition);
    put_text(b, rat_frac_str(p->a, of->lo));
    put_text(b, rat_frac_str(p->a, of->hi));
    buf_printf(b, "%d,%u,%u:", (int)of->type, of->decimals, of->n_choices);
    for (uint32_t i = 0; i < of->n_choices; i++) {
        put_text(b, of->choices[i]);
    }
}

static enum rc set_digest(struct export_page *p, struct err *e)
{
    struct buf b;
    buf_init_in(&b, p->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < p->n_items; i++) {
        put_text(&b, p->names[i]);
        put_datum(p, page_datum(p, i), &b);
    }
    return hex_sm3(p->a, buf_view(&b), &p->digest, e);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void find_checks(struct export_page *p)
{
    VEC(uint32_t) all = {0};
    for (uint32_t i = 0; i < p->plan->n_commitments; i++) {
        const struct commitment *k = &p->plan->commitments[i];
        bool about =
            k->kind == CK_CHECK && k->of_reg == NONE && k->of_kind != NONE &&
            (plan_is_a(p->plan, p->kind, k->of_kind) || plan_is_a(p->plan, k->of_kind, p->kind));
        if (about && expr_reads(p->plan, k->condition, p->items, p->n_items)) {
            vec_push(p->a, &all, i);
        }
    }
    p->checks = all.items;
    p->n_checks = all.n;
}

bool *page_told(const struct export_page *p, struct arena *a, uint32_t kind)
{
    bool *told = ARENA_ARRAY(a, bool, p->n_checks + 1U);
    for (uint32_t i = 0; i < p->n_checks; i++) {
        told[i] = plan_is_a(p->plan, kind, p->plan->commitments[p->checks[i]].of_kind);
    }
    return told;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static enum rc complete(struct export_page *p, struct err *e)
{
    struct str *basis = ARENA_ARRAY(p->a, struct str, p->n_items + 1U);
    p->kind = p->plan->commitments[p->form].of_kind;
    for (uint32_t i = 0; i < p->n_items; i++) {
        basis[i] = basis_of(p, p->items[i]);
    }
    p->basis = basis;
    find_checks(p);
    return set_digest(p, e);
}

enum rc export_page_of_form(struct arena *a, const struct plan *p, struct str form,
                            struct export_page *out, struct err *e)
{
    out->a = a;
    out->plan = p;
    out->due = DATE_MIN;
    out->until = DATE_MIN;
    TRY(plan_form(a, p, form, &out->form, e));
    const struct commitment *k = &p->commitments[out->form];
    struct str *names = ARENA_ARRAY(a, struct str, k->n_items + 1U);
    const struct desk d = {.a = a, .plan = p};
    for (uint32_t i = 0; i < k->n_items; i++) {
        names[i] = desk_item_name(&d, k->items[i]);
    }
    out->items = k->items;
    out->n_items = k->n_items;
    out->names = names;
    return complete(out, e);
}

enum rc export_page_of_round(struct desk *d, const struct round_view *v, struct export_page *out,
                             struct err *e)
{
    struct store_end end;
    TRY(store_end(d->a, d->reader, &end, e));
    out->a = d->a;
    out->plan = d->plan;
    out->today = d->today;
    out->form = v->form;
    out->items = v->item;
    out->n_items = v->round.n_items;
    out->names = v->round.items;
    out->period = v->round.period;
    out->has_period = true;
    out->round = v->round.id;
    out->due = v->round.due;
    out->until = v->round.until;
    out->book = end.seq;
    return complete(out, e);
}
