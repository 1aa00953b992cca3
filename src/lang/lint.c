/* SPDX-License-Identifier: Apache-2.0 */
/* The linter: order of work, findings and their texts. */
#include "lang/lint.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/map.h"
#include "lang/lint_int.h"

static const struct {
    const char *code, *name, *en, *zh, *mend_en, *mend_zh;
} rows[] = {
#define LINT(code, name, en, zh, mend_en, mend_zh) {#code, #name, en, zh, mend_en, mend_zh},
#include "lang/lint.def"
};

const char *lint_code_text(enum lint_code code)
{
    return rows[code].code;
}

const char *lint_code_name(enum lint_code code)
{
    return rows[code].name;
}

/* ---- texts ---------------------------------------------------------------------------------- */

struct texts {
    const struct lint_finding *f;
    bool chinese;
};

static bool arg_of(const void *ctx, struct str key, struct buf *out)
{
    const struct texts *t = ctx;
    for (uint32_t i = 0; i < t->f->n_args; i++) {
        const struct lint_arg *a = &t->f->args[i];
        if (str_eq(str_from_cstr(a->key), key)) {
            buf_str(out, t->chinese ? a->zh : a->en);
            return true;
        }
    }
    return false;
}

static void fill(const struct lint_finding *f, const char *text, bool chinese, struct buf *out)
{
    struct texts t = {f, chinese};
    buf_template(out, str_from_cstr(text), arg_of, &t);
}

void lint_reason(const struct lint_finding *f, bool chinese, struct buf *out)
{
    fill(f, chinese ? rows[f->code].zh : rows[f->code].en, chinese, out);
}

void lint_mending(const struct lint_finding *f, bool chinese, struct buf *out)
{
    fill(f, chinese ? rows[f->code].mend_zh : rows[f->code].mend_en, chinese, out);
}

/* ---- findings ------------------------------------------------------------------------------- */

struct lint_finding *lint_add(struct arena *a, struct lint_findings *to, enum lint_code code)
{
    struct lint_finding *f = ARENA_NEW(a, struct lint_finding);
    f->code = code;
    f->clause = STR("");
    vec_push(a, &to->list, f);
    return f;
}

void lint_place_name(struct arena *a, struct lint_finding *f, struct str name, struct origin at)
{
    vec_push(a, &f->places, (struct lint_place){NONE, name, at});
}

void lint_place(struct arena *a, const struct plan *p, struct lint_finding *f, uint32_t commitment,
                struct origin at)
{
    const struct commitment *k = &p->commitments[commitment];
    for (uint32_t i = 0; i < f->places.n; i++) {
        if (f->places.items[i].commitment == commitment && f->places.items[i].at.line == at.line) {
            return;
        }
    }
    if (f->places.n == 0 && f->clause.n == 0 && k->n_basis > 0) {
        f->clause = k->basis[0].code;
    }
    vec_push(a, &f->places, (struct lint_place){commitment, k->id, at});
}

void lint_arg(struct lint_finding *f, const char *key, struct str zh, struct str en)
{
    for (uint32_t i = 0; i < f->n_args; i++) {
        if (str_eq(str_from_cstr(f->args[i].key), str_from_cstr(key))) {
            f->args[i] = (struct lint_arg){key, zh, en};
            return;
        }
    }
    ASSERT(f->n_args < LINT_ARGS_MAX);
    f->args[f->n_args++] = (struct lint_arg){key, zh, en};
}

void lint_arg_text(struct lint_finding *f, const char *key, struct str text)
{
    lint_arg(f, key, text, text);
}

void lint_arg_int(struct arena *a, struct lint_finding *f, const char *key, int64_t n)
{
    lint_arg_text(f, key, rat_frac_str(a, rat_int(n)));
}

/* ---- for the kinds -------------------------------------------------------------------------- */

void lint_at(struct lint *x, struct lint_finding *f, const struct ask *at)
{
    lint_place(x->a, x->p, f, at->commitment, at->c->at);
}

struct lint_finding *lint_found(struct lint *x, enum lint_code code, const struct ask *at)
{
    struct lint_finding *f = lint_add(x->a, x->out, code);
    lint_at(x, f, at);
    return f;
}

struct lint_finding *lint_group(struct lint *x, enum lint_code code, uint32_t commitment)
{
    const struct commitment *k = &x->p->commitments[commitment];
    struct str clause = k->n_basis > 0 ? k->basis[0].code : STR("");
    for (uint32_t i = x->out->list.n; i > 0; i--) {
        struct lint_finding *f = x->out->list.items[i - 1];
        if (f->code == code && str_eq(f->clause, clause)) {
            lint_place(x->a, x->p, f, commitment, k->at);
            return f;
        }
    }
    struct lint_finding *f = lint_add(x->a, x->out, code);
    lint_place(x->a, x->p, f, commitment, k->at);
    return f;
}

void lint_arg_amount(struct lint *x, struct lint_finding *f, const char *key, struct rat v,
                     struct dim dim)
{
    lint_arg(f, key, amount_text(&x->say[0], v, dim), amount_text(&x->say[1], v, dim));
}

void lint_arg_expr(struct lint *x, struct lint_finding *f, const char *key, uint32_t e)
{
    lint_arg(f, key, expr_text(&x->say[0], e), expr_text(&x->say[1], e));
}

struct str lint_join(struct lint *x, struct str list, struct str more)
{
    return list.n == 0 ? more : str_cat(x->a, str_cat(x->a, list, STR(", ")), more);
}

void lint_arg_places(struct lint *x, struct lint_finding *f, const char *key)
{
    struct str list = STR("");
    for (uint32_t i = 0; i < f->places.n; i++) {
        list = lint_join(x, list, f->places.items[i].name);
    }
    lint_arg_text(f, key, list);
}

void lint_arg_value(struct lint *x, struct lint_finding *f, const char *key, const struct ask *at,
                    const struct rung *r)
{
    static const char *const signs[] = {
        [CMP_GE] = "≥ ", [CMP_GT] = "> ",    [CMP_LE] = "≤ ", [CMP_LT] = "< ",
        [CMP_EQ] = "= ", [CMP_ABOUT] = "≈ ", [CMP_NE] = "≠ ", [CMP_NEVER_RISES] = "",
    };
    const struct expr *v = &x->p->exprs[r->value];
    struct rat n = rat_zero();
    struct str text[2];
    for (int en = 0; en < 2; en++) {
        text[en] = lint_literal(x, r->value, &n) ? amount_text(&x->say[en], n, v->dim)
                                                 : expr_text(&x->say[en], r->value);
        const char *sign = at->c->cmp <= CMP_NEVER_RISES ? signs[at->c->cmp] : NULL;
        text[en] = sign ? str_cat(x->a, str_from_cstr(sign), text[en]) : text[en];
        if (r->value2 != NONE) {
            struct str high = expr_text(&x->say[en], r->value2);
            text[en] = str_cat(x->a, str_cat(x->a, text[en], STR("–")), high);
        }
    }
    lint_arg(f, key, text[0], text[1]);
}

/* ---- order ---------------------------------------------------------------------------------- */

struct keyed {
    uint32_t clause; /* number of its clause; the plan as a whole comes last */
    uint32_t number; /* in order of finding: ties keep it */
    struct lint_finding *f;
};

static int by_clause(const void *x, const void *y)
{
    const struct keyed *a = x;
    const struct keyed *b = y;
    if (a->clause != b->clause) {
        return a->clause < b->clause ? -1 : 1;
    }
    if (a->f->code != b->f->code) {
        return a->f->code < b->f->code ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

void lint_sort(struct arena *a, const struct plan *p, struct lint_findings *f)
{
    struct keyed *list = ARENA_ARRAY(a, struct keyed, f->list.n + 1);
    struct map order = {0};
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        map_put(a, &order, p->clause_codes[i].code, i);
    }
    for (uint32_t i = 0; i < f->list.n; i++) {
        list[i] = (struct keyed){p->n_clause_codes, i, f->list.items[i]};
        if (list[i].f->clause.n == 0) {
            list[i].clause++;
        }
        (void)map_get(&order, list[i].f->clause, &list[i].clause);
    }
    if (f->list.n > 1) {
        qsort(list, f->list.n, sizeof *list, by_clause);
    }
    for (uint32_t i = 0; i < f->list.n; i++) {
        f->list.items[i] = list[i].f;
    }
}

/* What is said of several commitments of a clause in the same words is said once. */
static bool says_the_same(const struct lint_finding *f, const struct lint_finding *g)
{
    bool same = f->code == g->code && str_eq(f->clause, g->clause) && f->clause.n > 0 &&
                f->n_args == g->n_args;
    for (uint32_t i = 0; same && i < f->n_args; i++) {
        same = str_eq(f->args[i].en, g->args[i].en);
    }
    return same;
}

/* Into an earlier finding of the same clause and code; they stand together (LT1). */
static bool merged(struct arena *a, const struct plan *p, struct lint_findings *f, uint32_t n,
                   const struct lint_finding *g)
{
    for (uint32_t i = n; i > 0 && f->list.items[i - 1]->code == g->code; i--) {
        if (says_the_same(f->list.items[i - 1], g)) {
            for (uint32_t k = 0; k < g->places.n; k++) {
                const struct lint_place *at = &g->places.items[k];
                lint_place(a, p, f->list.items[i - 1], at->commitment, at->at);
            }
            return true;
        }
    }
    return false;
}

static void merge(struct arena *a, const struct plan *p, struct lint_findings *f)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->list.n; i++) {
        struct lint_finding *g = f->list.items[i];
        if (g->places.items[0].commitment == NONE || !merged(a, p, f, n, g)) {
            f->list.items[n++] = g;
        }
    }
    f->list.n = n;
}

void lint_plan(struct arena *a, const struct plan *p, struct lint_findings *out)
{
    static void (*const kinds[])(struct lint *) = {
        lint_care,  lint_when,  lint_sums,  lint_bounds, lint_reach,
        lint_names, lint_rates, lint_scope, lint_rules,
    };
    struct lint x = {.a = a, .p = p, .out = out, .say = {{a, p, true}, {a, p, false}}};
    lint_prepare(&x);
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        kinds[i](&x);
    }
    lint_sort(a, p, out);
    merge(a, p, out);
}
