/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the linter: what its kinds share.
 *
 *   lint.c          order of work, findings, texts
 *   lint_walk.c     what a plan asks for, what expressions read, which are the same
 *   lint_care.c     clauses without commitment, owners, evidence, sources, reasons
 *   lint_when.c     deadlines, periods, time points, events
 *   lint_sums.c     increments against totals, flows against stocks, two deadlines
 *   lint_bounds.c   thresholds that contradict, leave holes or overlap
 *   lint_reach.c    targets that bind nobody or cannot be reached, tolerances
 *   lint_names.c    definitions, names and populations that are taken for each other
 *   lint_rates.c    rates whose base gives way
 *   lint_scope.c    ladders, levels, who must comply
 *   lint_rules.c    rules, registers
 */
#ifndef LANG_LINT_INT_H
#define LANG_LINT_INT_H

#include "lang/expr_text.h"
#include "lang/lint.h"

/* One clause of a commitment with what it measures; a quota has one too. */
struct ask {
    uint32_t commitment;
    const struct clause *c;
    uint32_t measure; /* behind indicators; NONE: none */
    bool nested;
};

struct lint {
    struct arena *a;
    const struct plan *p;
    struct lint_findings *out;
    struct speech say[2]; /* Chinese, English */
    VEC(struct ask) asks; /* nested ones after their outer clause */
    uint64_t *hash;       /* by expression: equal for equal structure */
    uint32_t *seen;       /* by expression: the walk that saw it last */
    uint32_t walk;
};

typedef VEC(uint32_t) expr_list;

/* ---- lint_walk.c ---- */
void lint_prepare(struct lint *x);
/* Behind indicators: the adopted measure. */
uint32_t lint_strip(const struct lint *x, uint32_t e);
/* Equal structure, whatever the indicators are called that stand between. NONE equals NONE. */
bool lint_same(const struct lint *x, uint32_t e, uint32_t f);
/* Everything that an expression reads, itself included, each once. */
void lint_reads(struct lint *x, uint32_t e, expr_list *out);
/* An operand of the conjunction that e is. */
void lint_conjuncts(struct lint *x, uint32_t e, expr_list *out);
/* A literal behind value; false: an expression. */
bool lint_literal(const struct lint *x, uint32_t e, struct rat *out);
/* Numerator and denominator of a quotient; false for anything else. */
bool lint_quotient(const struct lint *x, uint32_t e, uint32_t *num, uint32_t *den);
/* A rate: a dimensionless number that divides, or a share. */
bool lint_is_rate(const struct lint *x, uint32_t e);
/* What expressions and commitments have in common: a title, register, relation, or item. */
bool lint_related(struct lint *x, uint32_t e, uint32_t f);
/* Kinds over which an expression counts, adds up or reads, each once. */
void lint_kinds(struct lint *x, uint32_t e, expr_list *out);
/* Some unit may be of both kinds. */
bool lint_kinds_overlap(const struct lint *x, uint32_t k, uint32_t l);
/* Both carry one clause of the plan. */
bool lint_one_clause(const struct lint *x, uint32_t k, uint32_t l);
/* The same, and a sentence of it where both name sentences. */
bool lint_one_sentence(const struct lint *x, uint32_t k, uint32_t l);
/* The longest run of characters that two names share. */
struct str lint_common(struct str x, struct str y);

/* ---- comparators ---- */
bool lint_is_floor(enum comparator c);   /* at least, reach, bare, about, above, between */
bool lint_is_ceiling(enum comparator c); /* at most, below */
/* Due in one year: 于, 到, 累计. */
bool lint_has_year(const struct when *w);

/* ---- lint.c ---- */
struct lint_finding *lint_found(struct lint *x, enum lint_code code, const struct ask *at);
/* The finding of that code under the commitment's clause, made when there is none. */
struct lint_finding *lint_group(struct lint *x, enum lint_code code, uint32_t commitment);
void lint_at(struct lint *x, struct lint_finding *f, const struct ask *at);
void lint_arg_amount(struct lint *x, struct lint_finding *f, const char *key, struct rat v,
                     struct dim dim);
void lint_arg_expr(struct lint *x, struct lint_finding *f, const char *key, uint32_t e);
/* "B14.1, B14.2" of all places */
void lint_arg_places(struct lint *x, struct lint_finding *f, const char *key);
/* The comparator and value of a rung, as people write it. */
void lint_arg_value(struct lint *x, struct lint_finding *f, const char *key, const struct ask *at,
                    const struct rung *r);
struct str lint_join(struct lint *x, struct str list, struct str more);

/* ---- kinds ---- */
void lint_care(struct lint *x);
void lint_when(struct lint *x);
void lint_sums(struct lint *x);
void lint_bounds(struct lint *x);
void lint_reach(struct lint *x);
void lint_names(struct lint *x);
void lint_rates(struct lint *x);
void lint_scope(struct lint *x);
void lint_rules(struct lint *x);

#endif
