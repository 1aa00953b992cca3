/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands against submitting: blanks, returned cells left as they were, and the plan's checks
 * on figures that are not accepted yet (docs/internals/reporting.md, decision 7).
 */
#include <stdlib.h>

#include "app/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/judge.h"
#include "engine/ref.h"

/* ---- the dataset as it would be ------------------------------------------------------------- */

static int number_cmp(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* D2, without the versions of one cell. */
static int cell_cmp(const struct fact *x, const struct fact *y)
{
    int c = number_cmp(x->item, y->item);
    c = c != 0 ? c : number_cmp(x->unit, y->unit);
    return c != 0 ? c : period_cmp(x->period, y->period);
}

static int edit_cmp(const void *p, const void *q)
{
    const struct edit *x = p;
    const struct edit *y = q;
    return cell_cmp(&x->u.fact, &y->u.fact);
}

/* The book with the form's figures in the place of what it has for these cells. */
static struct dataset *as_accepted(const struct desk *d, const struct report *r)
{
    uint32_t n_own = r->round.round.n_items;
    const struct dataset *from = d->data;
    struct edit *own = report_facts(d, r, ROW_ACCEPTED);
    struct dataset *out = ARENA_NEW(d->a, struct dataset);
    struct fact *facts = ARENA_ARRAY(d->a, struct fact, (size_t)from->n_facts + n_own + 1U);
    uint32_t n = 0;
    uint32_t k = 0;
    qsort(own, n_own, sizeof *own, edit_cmp);
    for (uint32_t i = 0; i < from->n_facts; i++) {
        const struct fact *f = &from->facts[i];
        while (k < n_own && cell_cmp(&own[k].u.fact, f) < 0) {
            facts[n++] = own[k++].u.fact;
        }
        if (k == n_own || cell_cmp(&own[k].u.fact, f) != 0) {
            facts[n++] = *f;
        }
    }
    while (k < n_own) {
        facts[n++] = own[k++].u.fact;
    }
    *out = *from;
    out->facts = facts;
    out->n_facts = n;
    return out;
}

/* ---- which checks --------------------------------------------------------------------------- */

static bool asked(const struct round_view *v, uint32_t item)
{
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        if (v->item[i] == item) {
            return true;
        }
    }
    return false;
}

// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
static bool reads(const struct plan *p, uint32_t ix, const struct round_view *v)
{
    if (ix == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[ix];
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        return asked(v, x->ref);
    }
    bool found = reads(p, x->a, v) || reads(p, x->b, v) || reads(p, x->c, v);
    if (x->op == EX_INDICATOR) {
        const struct commitment *k = &p->commitments[x->ref];
        for (uint32_t i = 0; i < k->n_definitions && !found; i++) {
            found = reads(p, k->definitions[i].measure, v);
        }
    }
    return found;
}

static bool concerns(const struct desk *d, const struct report *r, const struct commitment *k)
{
    const struct tree_unit *u = &d->tree->units[r->unit];
    bool of_kind = false;
    if (k->kind != CK_CHECK || k->of_kind == NONE || k->of_reg != NONE) {
        return false;
    }
    for (uint32_t i = 0; i < u->n; i++) {
        of_kind |= plan_is_a(d->plan, d->tree->versions[u->first + i].kind, k->of_kind);
    }
    return of_kind && reads(d->plan, k->condition, &r->round);
}

/* ---- judging -------------------------------------------------------------------------------- */

struct checking {
    struct desk *d;
    const struct report *r;
    struct cells *cells;
    struct evaluator ev;
    struct report_findings *found;
};

static struct str message(const struct desk *d, const struct commitment *k)
{
    struct str s = k->deliverable.n > 0 ? k->deliverable : k->condition_text[0];
    return k->name.n > 0 && !str_eq(k->name, k->id)
               ? str_cat(d->a, str_cat(d->a, k->name, STR(" ")), s)
               : s;
}

static enum rc judge_check(struct checking *c, uint32_t check, int32_t year, struct err *e)
{
    const struct commitment *k = &c->d->plan->commitments[check];
    struct verdicts rows = {.commitment = NONE};
    struct judge_query q = {check, c->r->unit, year};
    TRY(judge_plan(c->d->a, c->cells, &c->ev, q, &rows, e));
    for (uint32_t i = 0; i < rows.rows.n; i++) {
        struct verdict v = verdicts_at(&rows, i);
        bool explained = report_note_of(&c->r->doc.explained, k->id) != NULL;
        if (v.state == ST_MISSED && v.unit == c->r->unit && !(k->soft && explained)) {
            found_add(c->d, c->found, k->soft ? FAULT_SOFT : FAULT_HARD, k->id, message(c->d, k));
            return RC_OK;
        }
    }
    return RC_OK;
}

/* The plan years for which items of the form are read. */
static uint32_t years_of(const struct desk *d, const struct report *r, int32_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        const struct item *item = &d->plan->items[r->round.item[i]];
        int32_t year = period_plan_year(r->round.round.period, item->point);
        uint32_t k = 0;
        while (k < n && out[k] != year) {
            k++;
        }
        out[k] = year;
        n = k == n ? n + 1 : n;
    }
    return n;
}

static enum rc judge_all(struct checking *c, struct err *e)
{
    struct desk *d = c->d;
    int32_t *years = ARENA_ARRAY(d->a, int32_t, c->r->round.round.n_items + 1U);
    uint32_t n_years = years_of(d, c->r, years);
    TRY(desk_facts(d, e));
    TRY(cells_make(d->a, d->plan, as_accepted(d, c->r), d->today, &c->cells, e));
    TRY(ref_make(d->a, c->cells, &c->ev, e));
    for (uint32_t k = 0; k < d->plan->n_commitments; k++) {
        for (uint32_t y = 0; y < n_years && concerns(d, c->r, &d->plan->commitments[k]); y++) {
            TRY(judge_check(c, k, years[y], e));
        }
    }
    return RC_OK;
}

static bool any_check(const struct desk *d, const struct report *r)
{
    for (uint32_t k = 0; k < d->plan->n_commitments; k++) {
        if (concerns(d, r, &d->plan->commitments[k])) {
            return true;
        }
    }
    return false;
}

enum rc report_check(struct desk *d, const struct report *r, struct report_findings *found,
                     struct err *e)
{
    struct checking c = {.d = d, .r = r, .found = found};
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        struct str name = r->round.round.items[i];
        bool explained = report_note_of(&r->doc.explained, name) != NULL;
        const struct report_note *back = report_note_of(&r->doc.returned, name);
        struct str now = cell_text(d->a, &d->plan->items[r->round.item[i]].d, &r->cells[i]);
        if (!r->cells[i].has && !explained) {
            found_add(d, found, FAULT_BLANK, name, STR(""));
        } else if (back != NULL && str_eq(back->was, now) && !explained) {
            found_add(d, found, FAULT_UNCHANGED, name, back->text);
        }
    }
    /* Loading the whole book is for those who have something to ask of it. */
    return any_check(d, r) ? judge_all(&c, e) : RC_OK;
}
