/* SPDX-License-Identifier: Apache-2.0 */
/* Names that stand for several things, and populations that are counted in several places. */
#include "base/arena.h"
#include "base/utf8.h"
#include "lang/lint_int.h"

#define RUN_MIN 3 /* characters that two near names share */

static struct str quoted(struct lint *x, struct str name)
{
    return str_cat(x->a, str_cat(x->a, STR("\""), name), STR("\""));
}

static void definitions_open(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    struct str list = STR("");
    struct str adopted = STR("");
    uint32_t in_force = 0;
    for (uint32_t d = 0; d < k->n_definitions; d++) {
        list = lint_join(x, list, quoted(x, k->definitions[d].name));
        if (k->definitions[d].adopted) {
            adopted = quoted(x, k->definitions[d].name);
            in_force++;
        }
    }
    if (k->n_definitions > 1 && in_force < k->n_definitions) {
        struct lint_finding *f = lint_add(x->a, x->out, LINT_definitions_open);
        lint_place(x->a, x->p, f, i, k->at);
        lint_arg_int(x->a, f, "n", k->n_definitions);
        lint_arg_text(f, "list", list);
        lint_arg_text(f, "adopted", adopted);
    }
}

/* ---- names of rates ------------------------------------------------------------------------- */

/* The characters that both names end with. */
static struct str ending(struct str x, struct str y)
{
    uint32_t n = 0;
    while (n < x.n && n < y.n && x.p[x.n - 1 - n] == y.p[y.n - 1 - n]) {
        n++;
    }
    while (n > 0 && ((unsigned char)x.p[x.n - n] & 0xc0U) == 0x80U) {
        n--;
    }
    return str_sub(x, x.n - n, x.n);
}

/* Both read a figure of one name. */
static bool like_figures(struct lint *x, uint32_t e, uint32_t f)
{
    expr_list left = {0};
    expr_list right = {0};
    lint_reads(x, e, &left);
    lint_reads(x, f, &right);
    for (uint32_t i = 0; i < left.n; i++) {
        const struct expr *a = &x->p->exprs[left.items[i]];
        for (uint32_t j = 0; a->op == EX_ITEM && j < right.n; j++) {
            const struct expr *b = &x->p->exprs[right.items[j]];
            if (b->op == EX_ITEM &&
                str_eq(x->p->items[a->ref].d.name, x->p->items[b->ref].d.name)) {
                return true;
            }
        }
    }
    return false;
}

/*
 * Two thirds of the shorter name in common; or they end alike and read figures of one name.
 */
static bool is_near(struct lint *x, const struct ask *q, const struct ask *r, struct str *run)
{
    struct str a = x->p->commitments[q->commitment].name;
    struct str b = x->p->commitments[r->commitment].name;
    uint32_t n = utf8_count(a) < utf8_count(b) ? utf8_count(a) : utf8_count(b);
    *run = str_trim(lint_common(a, b));
    if (utf8_count(*run) >= RUN_MIN && 3 * utf8_count(*run) >= 2 * n) {
        return true;
    }
    *run = ending(a, b);
    return utf8_count(*run) >= RUN_MIN && like_figures(x, q->measure, r->measure);
}

static bool names_a_rate(const struct lint *x, const struct ask *q)
{
    const struct commitment *k = &x->p->commitments[q->commitment];
    return !q->nested && q->c == k->targets && k->kind != CK_QUOTA && q->measure != NONE &&
           !x->p->exprs[q->measure].is_bool && dim_is_none(x->p->exprs[q->measure].dim);
}

/* The first kind of the one that some unit shares with another kind of the other. */
static bool share_units(struct lint *x, uint32_t e, uint32_t f, uint32_t *k, uint32_t *l)
{
    expr_list left = {0};
    expr_list right = {0};
    lint_kinds(x, e, &left);
    lint_kinds(x, f, &right);
    for (uint32_t i = 0; i < left.n; i++) {
        for (uint32_t j = 0; j < right.n; j++) {
            if (left.items[i] != right.items[j] &&
                lint_kinds_overlap(x, left.items[i], right.items[j])) {
                *k = left.items[i];
                *l = right.items[j];
                return true;
            }
        }
    }
    return false;
}

/* All later rates with a name near to that of ask i; `done` keeps them from being told again. */
static void near_names(struct lint *x, uint32_t i, bool *done)
{
    const struct ask *q = &x->asks.items[i];
    struct lint_finding *f = NULL;
    struct str common = STR("");
    struct str overlap = STR("");
    VEC(uint32_t) members = {0};
    vec_push(x->a, &members, q->measure);
    for (uint32_t j = i + 1; j < x->asks.n; j++) {
        const struct ask *r = &x->asks.items[j];
        struct str run = STR("");
        uint32_t k = NONE;
        uint32_t l = NONE;
        if (done[j] || r->commitment == q->commitment || !names_a_rate(x, r) ||
            lint_same(x, q->measure, r->measure) || !is_near(x, q, r, &run)) {
            continue;
        }
        f = f ? f : lint_found(x, LINT_names_close, q);
        lint_at(x, f, r);
        done[j] = true;
        common = common.n == 0 || run.n < common.n ? run : common;
        for (uint32_t m = 0; m < members.n; m++) {
            if (share_units(x, members.items[m], r->measure, &k, &l)) {
                struct str both = str_cat(x->a, x->p->kinds[k].name, STR(" ∩ "));
                overlap = lint_join(x, overlap, str_cat(x->a, both, x->p->kinds[l].name));
            }
        }
        vec_push(x->a, &members, r->measure);
    }
    if (f) {
        f->code = overlap.n > 0 ? LINT_populations_overlap : LINT_names_close;
        lint_arg_places(x, f, "list");
        lint_arg_text(f, "name", common);
        lint_arg_text(f, "what", overlap);
    }
}

/* ---- items ---------------------------------------------------------------------------------- */

static bool differs(const struct item *i, const struct item *j)
{
    return !str_eq(i->d.definition, j->d.definition) || i->period != j->period ||
           !time_point_eq(i->point, j->point) || !dim_eq(i->d.dim, j->d.dim);
}

static void item_twice(struct lint *x, uint32_t i)
{
    const struct item *a = &x->p->items[i];
    for (uint32_t j = i + 1; j < x->p->n_items; j++) {
        const struct item *b = &x->p->items[j];
        if (str_eq(a->d.name, b->d.name) && differs(a, b)) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_item_twice);
            struct str left = x->p->kinds[a->kind].name;
            lint_place_name(x->a, f, str_cat(x->a, str_cat(x->a, left, STR(".")), a->d.name),
                            a->d.at);
            struct str right = x->p->kinds[b->kind].name;
            lint_place_name(x->a, f, str_cat(x->a, str_cat(x->a, right, STR(".")), b->d.name),
                            b->d.at);
            lint_arg_text(f, "name", a->d.name);
            lint_arg_text(f, "list", lint_join(x, left, right));
        }
    }
}

/* ---- caps of one base ----------------------------------------------------------------------- */

/* A check compares the two, or the one leaves out what the other counts. */
static bool is_tied(struct lint *x, const struct commitment *k, const struct commitment *l)
{
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        const struct commitment *c = &x->p->commitments[i];
        const struct expr *n = c->condition == NONE ? NULL : &x->p->exprs[c->condition];
        if (c->kind == CK_CHECK && n && n->b != NONE &&
            ((lint_same(x, n->a, k->used) && lint_same(x, n->b, l->used)) ||
             (lint_same(x, n->a, l->used) && lint_same(x, n->b, k->used)) ||
             (lint_related(x, n->a, k->used) && lint_related(x, n->b, l->used) &&
              !lint_related(x, n->a, l->used)))) {
            return true;
        }
    }
    return lint_related(x, k->used, l->used) && !lint_same(x, k->used, l->used);
}

static void tiers_open(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    for (uint32_t j = i + 1; k->kind == CK_QUOTA && k->per != NONE && j < x->p->n_commitments;
         j++) {
        const struct commitment *l = &x->p->commitments[j];
        if (l->kind == CK_QUOTA && lint_same(x, k->per, l->per) && lint_one_clause(x, i, j) &&
            !lint_same(x, k->used, l->used) && !is_tied(x, k, l)) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_tiers_open);
            lint_place(x->a, x->p, f, i, k->at);
            lint_place(x->a, x->p, f, j, l->at);
            lint_arg_places(x, f, "list");
        }
    }
}

void lint_names(struct lint *x)
{
    bool *done = ARENA_ARRAY(x->a, bool, x->asks.n + 1);
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        definitions_open(x, i);
        tiers_open(x, i);
    }
    for (uint32_t i = 0; i < x->asks.n; i++) {
        if (!done[i] && names_a_rate(x, &x->asks.items[i])) {
            near_names(x, i, done);
        }
    }
    for (uint32_t i = 0; i < x->p->n_items; i++) {
        item_twice(x, i);
    }
}
