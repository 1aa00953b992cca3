/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with the policy that a plan writes down: gaps, contradictions, rates that can be
 * met without progress. Kinds of findings are rows of lint.def; each is a function over the checked
 * plan (lint_*.c) and sees structure, never names. What needs facts is in app/pack/lint_facts.h.
 *
 * Invariants
 *   LT1 The same plan gives the same findings in the same order: by clause as declared, then by
 *       code, then by place.
 *   LT2 A finding names at least one commitment, item or clause by its place.
 * Ownership: everything lies in the arena given; the plan must outlive it.
 */
#ifndef LANG_LINT_H
#define LANG_LINT_H

#include "base/vec.h"
#include "model/plan.h"

struct arena;
struct buf;

#define LINT_ARGS_MAX 6

enum lint_code {
#define LINT(code, name, en, zh, mend_en, mend_zh) LINT_##name,
#include "lang/lint.def"
    LINT__COUNT
};

struct lint_arg {
    const char *key; /* literal: the word between braces in lint.def */
    struct str zh, en;
};

struct lint_place {
    uint32_t commitment; /* NONE: an item, register … */
    struct str name;     /* id of the commitment, or what it is */
    struct origin at;
};

struct lint_finding {
    enum lint_code code;
    struct str clause; /* under which it is listed; empty: the plan as a whole */
    VEC(struct lint_place) places;
    struct lint_arg args[LINT_ARGS_MAX];
    uint32_t n_args;
};

struct lint_findings {
    VEC(struct lint_finding *) list;
};

void lint_plan(struct arena *a, const struct plan *p, struct lint_findings *out);
/* Adds one; the first place gives the clause. */
struct lint_finding *lint_add(struct arena *a, struct lint_findings *to, enum lint_code code);
/* A place in a commitment: where the commitment or one of its clauses stands. */
void lint_place(struct arena *a, const struct plan *p, struct lint_finding *f, uint32_t commitment,
                struct origin at);
void lint_place_name(struct arena *a, struct lint_finding *f, struct str name, struct origin at);
/* Fills {key}; the key must be a literal. */
void lint_arg(struct lint_finding *f, const char *key, struct str zh, struct str en);
void lint_arg_text(struct lint_finding *f, const char *key, struct str text);
void lint_arg_int(struct arena *a, struct lint_finding *f, const char *key, int64_t n);
/* LT1 */
void lint_sort(struct arena *a, const struct plan *p, struct lint_findings *f);

/* "L21", "hole" */
const char *lint_code_text(enum lint_code code);
const char *lint_code_name(enum lint_code code);
/* The reason and the mending of a finding, placeholders filled in. */
void lint_reason(const struct lint_finding *f, bool chinese, struct buf *out);
void lint_mending(const struct lint_finding *f, bool chinese, struct buf *out);

#endif
