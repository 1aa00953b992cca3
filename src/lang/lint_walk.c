/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan asks for, what expressions read, and which of them are the same. */
#include "base/arena.h"
#include "base/utf8.h"
#include "lang/lint_int.h"

/* ---- what is asked -------------------------------------------------------------------------- */

uint32_t lint_strip(const struct lint *x, uint32_t e)
{
    while (e != NONE && x->p->exprs[e].op == EX_INDICATOR) {
        e = commitment_measure(&x->p->commitments[x->p->exprs[e].ref]);
    }
    return e;
}

static void add_ask(struct lint *x, uint32_t k, const struct clause *c, bool nested)
{
    uint32_t own = commitment_measure(&x->p->commitments[k]);
    struct ask ask = {k, c, lint_strip(x, c->measure != NONE ? c->measure : own), nested};
    vec_push(x->a, &x->asks, ask);
    for (uint32_t i = 0; i < c->n_nested; i++) {
        add_ask(x, k, &c->nested[i], true);
    }
}

/* ---- equal structure ------------------------------------------------------------------------ */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + 0x9e3779b97f4a7c15U + (h << 6) + (h >> 2);
    return h * 0xff51afd7ed558ccdU;
}

/* Two different expressions have one hash once in 2^64: a finding too many, never a wrong verdict.
 */
static uint64_t hash_of(struct lint *x, uint32_t e)
{
    if (e == NONE) {
        return 1;
    }
    if (x->hash[e] == 0) {
        const struct expr *n = &x->p->exprs[e];
        uint64_t h = mix(2, n->op);
        if (n->op == EX_INDICATOR) {
            h = hash_of(x, lint_strip(x, e));
        } else {
            bool walks = n->op == EX_AGG || n->op == EX_RANK;
            h = mix(mix(h, n->ref), walks ? n->over_ref : 0);
            h = mix(mix(h, walks ? n->over : 0), n->op == EX_AGG ? n->agg : 0);
            h = mix(mix(h, n->n), n->flag);
            h = mix(mix(h, rat_hash(n->num)), n->choices);
            h = mix(mix(mix(h, hash_of(x, n->a)), hash_of(x, n->b)), hash_of(x, n->c));
        }
        x->hash[e] = h == 0 ? 3 : h;
    }
    return x->hash[e];
}

bool lint_same(const struct lint *x, uint32_t e, uint32_t f)
{
    return e == NONE || f == NONE ? e == f : x->hash[e] == x->hash[f];
}

void lint_prepare(struct lint *x)
{
    x->hash = ARENA_ARRAY(x->a, uint64_t, x->p->n_exprs + 1);
    x->seen = ARENA_ARRAY(x->a, uint32_t, x->p->n_exprs + 1);
    for (uint32_t e = 0; e < x->p->n_exprs; e++) {
        (void)hash_of(x, e);
    }
    for (uint32_t k = 0; k < x->p->n_commitments; k++) {
        for (uint32_t t = 0; t < x->p->commitments[k].n_targets; t++) {
            add_ask(x, k, &x->p->commitments[k].targets[t], false);
        }
    }
}

/* ---- what is read --------------------------------------------------------------------------- */

void lint_reads(struct lint *x, uint32_t e, expr_list *out)
{
    x->walk++;
    uint32_t next = out->n;
    if (e != NONE) {
        vec_push(x->a, out, e);
        x->seen[e] = x->walk;
    }
    while (next < out->n) {
        const struct expr *n = &x->p->exprs[out->items[next++]];
        uint32_t kids[4] = {n->a, n->b, n->c, NONE};
        if (n->op == EX_INDICATOR) {
            kids[3] = commitment_measure(&x->p->commitments[n->ref]);
        }
        for (uint32_t i = 0; i < 4; i++) {
            if (kids[i] != NONE && x->seen[kids[i]] != x->walk) {
                x->seen[kids[i]] = x->walk;
                vec_push(x->a, out, kids[i]);
            }
        }
    }
}

void lint_conjuncts(struct lint *x, uint32_t e, expr_list *out)
{
    e = lint_strip(x, e);
    if (e == NONE) {
        return;
    }
    if (x->p->exprs[e].op == EX_AND) {
        lint_conjuncts(x, x->p->exprs[e].a, out);
        lint_conjuncts(x, x->p->exprs[e].b, out);
        return;
    }
    vec_push(x->a, out, e);
}

bool lint_literal(const struct lint *x, uint32_t e, struct rat *out)
{
    if (e == NONE || x->p->exprs[e].op != EX_NUM) {
        return false;
    }
    *out = x->p->exprs[e].num;
    return true;
}

/* Without factors that are literals: 去重(…) * 1人/个 counts what 去重 counts. */
static uint32_t without_factor(const struct lint *x, uint32_t e)
{
    e = lint_strip(x, e);
    while (e != NONE && (x->p->exprs[e].op == EX_MUL || x->p->exprs[e].op == EX_DIV)) {
        const struct expr *n = &x->p->exprs[e];
        uint32_t a = lint_strip(x, n->a);
        uint32_t b = lint_strip(x, n->b);
        if (x->p->exprs[b].op == EX_NUM) {
            e = a;
        } else if (n->op == EX_MUL && x->p->exprs[a].op == EX_NUM) {
            e = b;
        } else {
            break;
        }
    }
    return e;
}

bool lint_quotient(const struct lint *x, uint32_t e, uint32_t *num, uint32_t *den)
{
    e = lint_strip(x, e);
    if (e == NONE || x->p->exprs[e].op != EX_DIV) {
        return false;
    }
    *num = without_factor(x, x->p->exprs[e].a);
    *den = without_factor(x, x->p->exprs[e].b);
    return true;
}

static bool is_share(const struct expr *n)
{
    return n->op == EX_AGG && (n->agg == AGG_SHARE || n->agg == AGG_COVER);
}

bool lint_is_rate(const struct lint *x, uint32_t e)
{
    if (e == NONE || x->p->exprs[e].is_bool || !dim_comparable(x->p->exprs[e].dim, dim_none())) {
        return false;
    }
    return x->p->exprs[e].op == EX_DIV || is_share(&x->p->exprs[e]);
}

/* What tells one thing from another: not the kinds of units, which all plans count. */
static bool is_mark(const struct expr *n, uint64_t *key)
{
    bool over = n->op == EX_AGG && (n->over == OVER_TITLE || n->over == OVER_REGISTER);
    uint32_t sort = n->op == EX_ITEM    ? 1
                    : n->op == EX_TITLE ? 2
                    : over              ? (n->over == OVER_TITLE ? 2 : 3)
                                        : 0;
    *key = (uint64_t)sort << 32 | (over ? n->over_ref : n->ref);
    return sort != 0;
}

bool lint_related(struct lint *x, uint32_t e, uint32_t f)
{
    expr_list left = {0};
    expr_list right = {0};
    lint_reads(x, e, &left);
    lint_reads(x, f, &right);
    for (uint32_t i = 0; i < left.n; i++) {
        uint64_t key = 0;
        for (uint32_t j = 0; is_mark(&x->p->exprs[left.items[i]], &key) && j < right.n; j++) {
            uint64_t other = 0;
            if (is_mark(&x->p->exprs[right.items[j]], &other) && other == key) {
                return true;
            }
        }
    }
    return false;
}

static uint32_t kind_read(const struct lint *x, const struct expr *n)
{
    if (n->op == EX_ITEM) {
        return n->grain_kind != NONE ? n->grain_kind : x->p->items[n->ref].kind;
    }
    if (n->op != EX_AGG) {
        return NONE;
    }
    return n->over == OVER_KIND       ? n->over_ref
           : n->over == OVER_TITLE    ? x->p->titles[n->over_ref].kind
           : n->over == OVER_LIST     ? x->p->lists[n->over_ref].kind
           : n->over == OVER_REGISTER ? x->p->regs[n->over_ref].owner_kind
                                      : NONE;
}

void lint_kinds(struct lint *x, uint32_t e, expr_list *out)
{
    expr_list reads = {0};
    lint_reads(x, e, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        uint32_t k = kind_read(x, &x->p->exprs[reads.items[i]]);
        bool known = k == NONE;
        for (uint32_t j = 0; j < out->n; j++) {
            known = known || out->items[j] == k;
        }
        if (!known) {
            vec_push(x->a, out, k);
        }
    }
}

bool lint_kinds_overlap(const struct lint *x, uint32_t k, uint32_t l)
{
    for (uint32_t i = 0; i < x->p->n_kinds; i++) {
        if (plan_is_a(x->p, i, k) && plan_is_a(x->p, i, l)) {
            return true;
        }
    }
    return false;
}

/* ---- clauses and names ---------------------------------------------------------------------- */

static bool share(const struct clause_ref *r, const struct clause_ref *t, bool sentence)
{
    bool whole = !sentence || r->first == 0 || t->first == 0;
    return str_eq(r->code, t->code) && (whole || (r->first <= t->last && t->first <= r->last));
}

static bool one_basis(const struct lint *x, uint32_t k, uint32_t l, bool sentence)
{
    const struct commitment *a = &x->p->commitments[k];
    const struct commitment *b = &x->p->commitments[l];
    for (uint32_t i = 0; i < a->n_basis; i++) {
        for (uint32_t j = 0; j < b->n_basis; j++) {
            if (share(&a->basis[i], &b->basis[j], sentence)) {
                return true;
            }
        }
    }
    return k == l;
}

bool lint_one_clause(const struct lint *x, uint32_t k, uint32_t l)
{
    return one_basis(x, k, l, false);
}

bool lint_one_sentence(const struct lint *x, uint32_t k, uint32_t l)
{
    return one_basis(x, k, l, true);
}

/* Bytes in common from there on, whole characters. */
static uint32_t run_at(struct str x, uint32_t i, struct str y, uint32_t j)
{
    uint32_t n = 0;
    while (i + n < x.n && j + n < y.n && x.p[i + n] == y.p[j + n]) {
        n++;
    }
    return utf8_cut(str_sub(x, i, x.n), n).n;
}

static bool starts_character(struct str s, uint32_t i)
{
    return ((unsigned char)s.p[i] & 0xc0U) != 0x80U;
}

struct str lint_common(struct str x, struct str y)
{
    struct str best = STR("");
    for (uint32_t i = 0; i < x.n; i++) {
        for (uint32_t j = 0; starts_character(x, i) && j < y.n; j++) {
            uint32_t n = starts_character(y, j) ? run_at(x, i, y, j) : 0;
            best = n > best.n ? str_sub(x, i, i + n) : best;
        }
    }
    return best;
}

/* ---- comparators ---------------------------------------------------------------------------- */

bool lint_is_floor(enum comparator c)
{
    return c == CMP_GE || c == CMP_REACH || c == CMP_BARE || c == CMP_GT || c == CMP_ABOUT ||
           c == CMP_BETWEEN;
}

bool lint_is_ceiling(enum comparator c)
{
    return c == CMP_LE || c == CMP_LT;
}

bool lint_has_year(const struct when *w)
{
    return w->kind == WHEN_AT || w->kind == WHEN_BY || w->kind == WHEN_CUMULATIVE;
}
