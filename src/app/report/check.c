/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands against submitting: blanks, returned cells left as they were, and the plan's checks
 * on figures that are not accepted yet (docs/internals/reporting.md, decision 7).
 */
#include <stdlib.h>

#include "app/class.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "engine/live.h"
#include "engine/ref.h"
#include "store/parcel.h"

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

struct dataset *report_as_accepted(const struct desk *d, const struct report *r,
                                   const struct dataset *from)
{
    uint32_t n_own = r->round.round.n_items;
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

static bool is_among(uint32_t item, const uint32_t *items, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (items[i] == item) {
            return true;
        }
    }
    return false;
}

// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
bool expr_reads(const struct plan *p, uint32_t ix, const uint32_t *items, uint32_t n)
{
    if (ix == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[ix];
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        return is_among(x->ref, items, n);
    }
    bool found = expr_reads(p, x->a, items, n) || expr_reads(p, x->b, items, n) ||
                 expr_reads(p, x->c, items, n);
    if (x->op == EX_INDICATOR) {
        const struct commitment *k = &p->commitments[x->ref];
        for (uint32_t i = 0; i < k->n_definitions && !found; i++) {
            found = expr_reads(p, k->definitions[i].measure, items, n);
        }
    }
    return found;
}

static bool is_about(const struct desk *d, const struct report *r, const struct commitment *k)
{
    const struct tree_unit *u = &d->tree->units[r->unit];
    bool of_kind = false;
    if (k->kind != CK_CHECK || k->of_kind == NONE || k->of_reg != NONE) {
        return false;
    }
    for (uint32_t i = 0; i < u->n; i++) {
        of_kind |= plan_is_a(d->plan, d->tree->versions[u->first + i].kind, k->of_kind);
    }
    return of_kind && expr_reads(d->plan, k->condition, r->round.item, r->round.round.n_items);
}

/* ---- what they read ------------------------------------------------------------------------- */

// The language bounds nesting: NOLINTNEXTLINE(misc-no-recursion)
bool expr_made_of(const struct plan *p, uint32_t ix, uint64_t ops)
{
    if (ix == NONE) {
        return true;
    }
    const struct expr *x = &p->exprs[ix];
    return (ops >> x->op & 1) != 0 && expr_made_of(p, x->a, ops) && expr_made_of(p, x->b, ops) &&
           expr_made_of(p, x->c, ops);
}

/* Reads nothing but items and attributes of the unit and of those it was merged from (C29), and the
 * row at work; leaf: nothing is below it, so that rows and sums are its own too. */
static bool stays(const struct plan *p, uint32_t ix, bool leaf)
{
    uint64_t own = EXPR_PLAIN | EXPR_OP(ITEM) | EXPR_OP(ATTR) | EXPR_OP(FIELD) | EXPR_OP(SHIFT) |
                   EXPR_OP(BASELINE) | EXPR_OP(CONSECUTIVE) | EXPR_OP(WHOLE_YEAR) |
                   EXPR_OP(YEAR_END);
    return expr_made_of(p, ix, leaf ? own | EXPR_OP(TITLE) | EXPR_OP(AGG) : own);
}

static bool has_below(const struct desk *d, uint32_t unit)
{
    struct str code = desk_code(d, unit);
    for (uint32_t i = 0; i < d->tree->n_versions; i++) {
        if (str_eq(d->tree->versions[i].parent, code)) {
            return true;
        }
    }
    return false;
}

bool check_may_tell(const struct desk *d, uint32_t unit, const struct commitment *k,
                    const char *reading, bool all)
{
    enum data_class class_ = class_of_expr(d->plan, k->condition);
    if (class_ == CLASS_SEALED && !stays(d->plan, k->condition, !has_below(d, unit))) {
        return false;
    }
    return all || class_ <= CLASS_INTERNAL ||
           d->may(d->may_ctx, d->actor, reading, desk_code(d, unit), class_);
}

struct checking {
    struct desk *d;
    const struct report *r;
    struct cells *cells;
    struct evaluator ev;
    struct report_findings *found;
    bool all; /* also what the actor may not read */
};

static bool concerns(const struct checking *c, const struct commitment *k)
{
    return is_about(c->d, c->r, k) && check_may_tell(c->d, c->r->unit, k, "report.read", c->all);
}

/* ---- judging -------------------------------------------------------------------------------- */

struct str check_message(const struct desk *d, const struct commitment *k)
{
    struct str s = k->deliverable.n > 0 ? k->deliverable : k->condition_text[0];
    return k->name.n > 0 && !str_eq(k->name, k->id)
               ? str_cat(d->a, str_cat(d->a, k->name, STR(" ")), s)
               : s;
}

/* As the judge asks it (engine/judge.h), but of this unit alone. */
static enum rc judge_check(struct checking *c, uint32_t check, int32_t year, struct err *e)
{
    struct desk *d = c->d;
    const struct commitment *k = &d->plan->commitments[check];
    bool explained = k->soft && report_note_of(&c->r->doc.explained, k->id) != NULL;
    struct moment m;
    struct mval v;
    if (explained || !moment_of_year(d->plan, k->condition, NULL, year, d->today, &m)) {
        return RC_OK;
    }
    enum rc rc = c->ev.measure(c->ev.ctx, d->a, k->condition, c->r->unit, m, &v);
    if (rc != RC_OK) {
        return err_set(e, rc, "the check %.*s cannot be computed", "校验 %.*s 无法计算", PS(k->id));
    }
    if (v.truth == T_NO) {
        found_add(d, c->found, k->soft ? FAULT_SOFT : FAULT_HARD, k->id, check_message(d, k));
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
    TRY(ref_make(d->a, c->cells, &c->ev, e));
    for (uint32_t k = 0; k < d->plan->n_commitments; k++) {
        for (uint32_t y = 0; y < n_years && concerns(c, &d->plan->commitments[k]); y++) {
            TRY(judge_check(c, k, years[y], e));
        }
    }
    return RC_OK;
}

/* ---- what the checks need of the book -------------------------------------------------------- */

struct own_rows {
    struct desk *d;
    VEC(struct fact) facts;
    VEC(struct attr_value) attrs;
};

static void on_edit(void *ctx, const struct edit *x)
{
    struct own_rows *o = ctx;
    if (x->kind == EDIT_FACT && x->u.fact.status == ROW_ACCEPTED) {
        vec_push(o->d->a, &o->facts, x->u.fact);
    } else if (x->kind == EDIT_ATTR) {
        vec_push(o->d->a, &o->attrs, x->u.attr);
    }
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct own_rows *o = ctx;
    const struct parcel_sink sink = {on_edit, NULL, o};
    return parcel_read(desk_names(o->d), p, &sink, e);
}

/* D2, of equal keys the later commit behind. */
static int version_cmp(const void *p, const void *q)
{
    const struct fact *x = p;
    const struct fact *y = q;
    int c = cell_cmp(x, y);
    c = c != 0 ? c : date_cmp(x->from.recorded, y->from.recorded);
    return c != 0 ? c : number_cmp(x->from.line, y->from.line);
}

uint32_t facts_by_version(struct fact *facts, uint32_t n)
{
    uint32_t kept = 0;
    if (n > 1) {
        qsort(facts, n, sizeof *facts, version_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        bool same = kept > 0 && cell_cmp(&facts[kept - 1], &facts[i]) == 0 &&
                    date_cmp(facts[kept - 1].from.recorded, facts[i].from.recorded) == 0;
        kept -= same;
        facts[kept++] = facts[i];
    }
    return kept;
}

/* The unit and all that it came from. */
struct line {
    struct arena *a;
    VEC(uint32_t) units;
};

static bool on_line(const struct line *l, uint32_t unit)
{
    for (uint32_t i = 0; i < l->units.n; i++) {
        if (l->units.items[i] == unit) {
            return true;
        }
    }
    return false;
}

static void trace(const struct tree *t, uint32_t unit, struct line *out)
{
    vec_push(out->a, &out->units, unit);
    for (uint32_t i = 0; i < out->units.n; i++) {
        for (uint32_t k = 0; k < t->n_into; k++) {
            const struct tree_lineage *x = &t->into[k];
            if (x->to_unit == out->units.items[i] && !on_line(out, x->from_unit)) {
                vec_push(out->a, &out->units, x->from_unit);
            }
        }
    }
}

/* The unit's own rows, for local checks: a few parcels instead of the whole book. */
static enum rc own_data(struct desk *d, const struct report *r, struct dataset *out, struct err *e)
{
    static const struct str files[] = {STR_INIT("book")};
    struct own_rows o = {.d = d};
    struct line line = {.a = d->a};
    trace(d->tree, r->unit, &line);
    for (uint32_t i = 0; i < line.units.n; i++) {
        struct str code = desk_code(d, line.units.items[i]);
        TRY(store_parcels_of(d->reader, code, STORE_FACT, on_parcel, &o, e));
        TRY(store_parcels_of(d->reader, code, STORE_ATTR, on_parcel, &o, e));
    }
    *out = (struct dataset){.tree = d->tree,
                            .files = files,
                            .n_files = 1,
                            .facts = o.facts.items,
                            .n_facts = facts_by_version(o.facts.items, o.facts.n),
                            .attrs = o.attrs.items,
                            .n_attrs = o.attrs.n};
    return RC_OK;
}

/* The cells of the book as read from it: the plain way, and the reference of the other one. */
static enum rc cells_of_book(struct checking *c, bool all_local, struct err *e)
{
    struct desk *d = c->d;
    struct dataset own;
    if (all_local) {
        TRY(own_data(d, c->r, &own, e));
    } else {
        TRY(desk_facts(d, e));
        own = *d->data;
    }
    return cells_make(d->a, d->plan, report_as_accepted(d, c->r, &own), d->today, &c->cells, e);
}

/* Those that are there, and the form's figures over them. */
static enum rc cells_by_eye(struct checking *c, struct err *e)
{
    struct desk *d = c->d;
    uint32_t n = c->r->round.round.n_items;
    const struct edit *own = report_facts(d, c->r, ROW_ACCEPTED);
    struct fact *facts = ARENA_ARRAY(d->a, struct fact, n + 1U);
    struct live_reader *live = NULL;
    TRY(desk_look(d, &live, e));
    for (uint32_t i = 0; i < n; i++) {
        facts[i] = own[i].u.fact;
    }
    c->cells = cells_suppose(d->a, live_cells(live), c->r->unit, facts, n);
    return RC_OK;
}

static enum rc judge_with(struct checking *c, bool all_local, struct err *e)
{
    TRY(c->d->eye != NULL ? cells_by_eye(c, e) : cells_of_book(c, all_local, e));
    return judge_all(c, e);
}

/* How many checks there are to ask, and whether all of them are local. */
static uint32_t count_checks(const struct checking *c, bool *all_local)
{
    const struct desk *d = c->d;
    uint32_t n = 0;
    *all_local = true;
    for (uint32_t k = 0; k < d->plan->n_commitments; k++) {
        if (concerns(c, &d->plan->commitments[k])) {
            *all_local &= stays(d->plan, d->plan->commitments[k].condition, false);
            n++;
        }
    }
    return n;
}

static enum rc check(struct checking *c, struct err *e)
{
    struct desk *d = c->d;
    const struct report *r = c->r;
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        struct str name = r->round.round.items[i];
        bool explained = report_note_of(&r->doc.explained, name) != NULL;
        const struct report_note *back = report_note_of(&r->doc.returned, name);
        struct str now = cell_text(d->a, &d->plan->items[r->round.item[i]].d, &r->cells[i]);
        if (!r->cells[i].has && !explained) {
            found_add(d, c->found, FAULT_BLANK, name, STR(""));
        } else if (back != NULL && str_eq(back->was, now) && !explained) {
            found_add(d, c->found, FAULT_UNCHANGED, name, back->text);
        }
    }
    bool all_local = true;
    return count_checks(c, &all_local) > 0 ? judge_with(c, all_local, e) : RC_OK;
}

enum rc report_check(struct desk *d, const struct report *r, struct report_findings *found,
                     struct err *e)
{
    struct checking c = {.d = d, .r = r, .found = found};
    return check(&c, e);
}

enum rc report_check_all(struct desk *d, const struct report *r, struct report_findings *found,
                         struct err *e)
{
    struct checking c = {.d = d, .r = r, .found = found, .all = true};
    return check(&c, e);
}
