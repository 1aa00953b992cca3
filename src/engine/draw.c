/* SPDX-License-Identifier: Apache-2.0 */
/* The draw of a sample: population, apportionment, order by SM3. */
#include "engine/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/sm3.h"
#include "base/vec.h"
#include "engine/mval.h"

/* ---- population ----------------------------------------------------------------------------- */

struct roll {
    struct arena *a;
    struct cells *c;
    const struct evaluator *ev;
    const struct commitment *k;
    const struct plan *plan;
    const struct tree_snap *tree;
    struct date day;
    struct moment m; /* of the condition */
    VEC(struct element) list;
    VEC(uint32_t) left_out;
};

/* Choices by their text, booleans by the words of the language; unknown: "". */
static struct str text_of(const struct roll *r, const struct datum *d, const struct cell *cell)
{
    int64_t k = 0;
    if (!cell->known) {
        return STR("");
    }
    if (d->type == VT_CHOICE && rat_to_int64(cell->lo, &k) && k >= 0 && k < d->n_choices) {
        return d->choices[k];
    }
    if (d->type == VT_BOOL) {
        return rat_is_zero(cell->lo) ? STR("否") : STR("是");
    }
    return cell->text.n > 0 ? cell->text : rat_frac_str(r->a, cell->lo);
}

static struct str unit_code(const struct roll *r, uint32_t unit)
{
    return r->tree->tree->units[unit].code;
}

/* The code of the unit above (or itself) of the kind that tells strata apart. */
static struct str stratum_above(const struct roll *r, uint32_t unit)
{
    uint32_t i = r->tree->index_of[unit];
    while (i != TREE_NONE && !plan_is_a(r->plan, r->tree->kind[i], r->k->strata_kind)) {
        i = r->tree->parent[i];
    }
    return i == TREE_NONE ? STR("") : unit_code(r, r->tree->unit[i]);
}

static struct str stratum_of(const struct roll *r, uint32_t unit, uint32_t row)
{
    if (r->k->strata_kind != NONE) {
        return stratum_above(r, unit);
    }
    if (r->k->strata == NONE) {
        return STR("");
    }
    const struct expr *x = &r->plan->exprs[r->k->strata];
    bool field = x->op == EX_FIELD && row != NONE;
    const struct datum *d = field ? &r->plan->fields[x->ref].d : &r->plan->attributes[x->ref].d;
    struct cell cell =
        field ? cells_field(r->c, x->ref, row) : cells_attr(r->c, x->ref, unit, r->day);
    return text_of(r, d, &cell);
}

/* The id of a row, else its key fields, else the code of its owner and its number there. */
static struct str row_id(const struct roll *r, uint32_t row, uint32_t number)
{
    const struct reg_row *x = &cells_dataset(r->c)->rows[row];
    const struct reg *g = &r->plan->regs[x->reg];
    struct str id = x->id;
    for (uint32_t i = g->first_field; x->id.n == 0 && i < g->first_field + g->n_fields; i++) {
        struct cell cell = cells_field(r->c, i, row);
        if (r->plan->fields[i].key && cell.known) {
            struct str text = text_of(r, &r->plan->fields[i].d, &cell);
            id = id.n == 0 ? text : str_cat(r->a, str_cat(r->a, id, STR("/")), text);
        }
    }
    return id.n > 0 ? id
                    : str_cat(r->a, str_cat(r->a, unit_code(r, x->owner), STR("#")),
                              rat_frac_str(r->a, rat_int(number)));
}

/* Only who is known to belong that day: the list can be published. */
static enum rc consider(struct roll *r, uint32_t unit, uint32_t row, struct str id)
{
    struct mval v = mval_truth(T_YES);
    enum rc rc = RC_OK;
    if (r->k->condition != NONE) {
        rc = row == NONE ? r->ev->measure(r->ev->ctx, r->a, r->k->condition, unit, r->m, &v)
                         : r->ev->measure_row(r->ev->ctx, r->a, r->k->condition, row, r->m, &v);
    }
    if (rc == RC_OK && v.truth == T_YES) {
        struct element x = {unit, row, id, stratum_of(r, unit, row)};
        vec_push(r->a, &r->list, x);
    } else if (rc == RC_OK && v.truth == T_UNKNOWN) {
        vec_push(r->a, &r->left_out, unit);
    }
    return rc;
}

static enum rc consider_rows(struct roll *r, uint32_t owner)
{
    const uint32_t *rows = NULL;
    uint32_t n = cells_rows(r->a, r->c, r->k->of_reg, owner, date_year_start(date_year(r->day)),
                            r->day, r->day, &rows);
    for (uint32_t i = 0; i < n; i++) {
        enum rc rc = consider(r, owner, rows[i], row_id(r, rows[i], i + 1));
        if (rc != RC_OK) {
            return rc;
        }
    }
    return RC_OK;
}

enum rc draw_population(struct arena *a, struct cells *c, const struct evaluator *ev,
                        const struct commitment *k, uint32_t unit, struct date day,
                        struct population_list *out)
{
    struct roll r = {.a = a, .c = c, .ev = ev, .k = k, .plan = cells_plan(c), .day = day};
    *out = (struct population_list){0};
    if (cells_tree(c, day, &r.tree) != RC_OK ||
        !moment_of_year(r.plan, k->condition, NULL, date_year(day), day, &r.m)) {
        return RC_LIMIT;
    }
    r.m.snapshot = day;
    uint32_t top = r.tree->index_of[unit];
    uint32_t kind = k->of_reg != NONE ? r.plan->regs[k->of_reg].owner_kind : k->of_kind;
    enum rc rc = RC_OK;
    for (uint32_t i = top; top != TREE_NONE && rc == RC_OK && i < r.tree->end[top]; i++) {
        uint32_t x = r.tree->unit[i];
        if (kind != NONE && !plan_is_a(r.plan, r.tree->kind[i], kind)) {
            continue;
        }
        rc = k->of_reg != NONE ? consider_rows(&r, x) : consider(&r, x, NONE, unit_code(&r, x));
    }
    *out = (struct population_list){r.list.items, r.list.n, r.left_out.items, r.left_out.n};
    return rc;
}

/* ---- apportionment -------------------------------------------------------------------------- */

struct ticket {
    struct element e;
    uint8_t digest[SM3_BYTES];
};

static int ticket_cmp(const void *x, const void *y)
{
    const struct ticket *p = x;
    const struct ticket *q = y;
    int c = str_cmp(p->e.stratum, q->e.stratum);
    c = c != 0 ? c : memcmp(p->digest, q->digest, SM3_BYTES);
    c = c != 0 ? c : str_cmp(p->e.id, q->e.id);
    if (c != 0) {
        return c;
    }
    /* Equal ids: in order of the roll, so that the sort does not matter. */
    return p->e.unit != q->e.unit ? (p->e.unit < q->e.unit ? -1 : 1)
                                  : (p->e.row < q->e.row ? -1 : p->e.row > q->e.row);
}

/* Largest remainder: the strata in order, each its floor; then one more to the largest. */
static void apportion(struct sample_stratum *strata, uint32_t n_strata, uint64_t places,
                      uint64_t total)
{
    uint64_t given = 0;
    for (uint32_t i = 0; i < n_strata; i++) {
        strata[i].drawn = (uint32_t)(places * strata[i].population / total);
        given += strata[i].drawn;
    }
    for (; given < places; given++) {
        struct sample_stratum *best = NULL;
        uint64_t most = 0;
        for (uint32_t i = 0; i < n_strata; i++) {
            uint64_t whole = places * strata[i].population / total;
            uint64_t rest = places * strata[i].population % total;
            if (strata[i].drawn == whole && (!best || rest > most)) {
                best = &strata[i];
                most = rest;
            }
        }
        best->drawn++;
    }
}

static enum rc tickets(struct arena *a, const struct population_list *who, struct str seed,
                       struct ticket **out)
{
    struct ticket *list = ARENA_ARRAY(a, struct ticket, (size_t)who->n + 1);
    struct str start = str_cat(a, seed, (struct str){"", 1});
    for (uint32_t i = 0; i < who->n; i++) {
        list[i].e = who->items[i];
        if (!sm3(str_cat(a, start, who->items[i].id), list[i].digest)) {
            return RC_NO_SUPPORT;
        }
    }
    if (who->n > 1) {
        qsort(list, who->n, sizeof *list, ticket_cmp);
    }
    *out = list;
    return RC_OK;
}

enum rc draw(struct arena *a, const struct population_list *who, struct rat share, struct str seed,
             struct drawn *out)
{
    struct ticket *list = NULL;
    int64_t places = 0;
    VEC(struct sample_stratum) strata = {0};
    VEC(struct element) picked = {0};
    *out = (struct drawn){0};
    enum rc rc = tickets(a, who, seed, &list);
    if (rc != RC_OK || !rat_to_int64(rat_ceil(a, rat_mul(a, share, rat_int(who->n))), &places)) {
        return rc;
    }
    for (uint32_t i = 0; i < who->n; i++) {
        if (i == 0 || !str_eq(list[i].e.stratum, list[i - 1].e.stratum)) {
            vec_push(a, &strata, (struct sample_stratum){.name = list[i].e.stratum});
        }
        vec_last(&strata).population++;
    }
    apportion(strata.items, strata.n, (uint64_t)places, who->n);
    for (uint32_t s = 0, first = 0; s < strata.n; first += strata.items[s++].population) {
        for (uint32_t i = 0; i < strata.items[s].drawn; i++) {
            vec_push(a, &picked, list[first + i].e);
        }
    }
    *out = (struct drawn){picked.items, picked.n, strata.items, strata.n};
    return RC_OK;
}
