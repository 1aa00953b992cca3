/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine answers: measured values and verdicts.
 *
 * Invariants
 *   V1  lo <= hi; a known value has lo == hi (C03). MV_NONE has no bounds (C06).
 *   V2  A boolean's bounds are [1,1], [0,0] or [0,1] (C11); truth says which, or n/a.
 *   V3  The key of a verdict is target, part, unit and year; rows come in the order of the plan.
 *   V4  light is LIGHT_NONE unless state is ST_PENDING (C42).
 * Ownership: the arena of the evaluation.
 */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rat.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/plan.h"

enum truth { T_NO, T_YES, T_UNKNOWN, T_NA };

enum mval_kind { MV_NONE, MV_NUMBER, MV_BOOL };

enum mval_flags {
    MF_WIDE = 1u << 0,
    MF_DEFINITION_CHANGED = 1u << 1,
    MF_PROVISIONAL = 1u << 2,
    MF_DISPUTED = 1u << 3,
    MF_SEALED = 1u << 4, /* reads a sealed item (C41) */
    MF_ROOT = 1u << 5,   /* bounds and value are squares of the measure (C27) */
};

/* By which definition versions and time points the cells of an item were measured (C19). */
struct basis {
    uint32_t item;
    uint32_t hash; /* equal when alike */
};

struct mval {
    enum mval_kind kind;
    enum truth truth; /* MV_BOOL */
    bool has_value;
    struct rat lo, hi;
    struct rat value;            /* over those who reported (C32) */
    uint32_t reported, expected; /* (reporting unit, period) pairs (C10) */
    uint32_t flags;              /* enum mval_flags */
    const struct basis *basis;   /* one per item read, ascending */
    uint32_t n_basis;
};

enum state { ST_MET, ST_MISSED, ST_PENDING, ST_UNKNOWN, ST_NA };
enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_AMBER, LIGHT_RED, LIGHT_GREY };

enum verdict_flags {
    VF_EARLY = 1u << 0,
    VF_REVOCABLE = 1u << 1,
    VF_PROVISIONAL = 1u << 2,
    VF_UNDER = 1u << 3,
    VF_OVER = 1u << 4,
    VF_BREACH = 1u << 5,
    VF_STRIVE = 1u << 6,
    VF_DISPUTED = 1u << 7,
    VF_DEFINITION_CHANGED = 1u << 8,
    VF_WIDE = 1u << 9,
    VF_SUPPRESSED = 1u << 10,
    VF_NON_BINDING = 1u << 11,
};

/* Figures kept from whoever reads the answer (C41); the judge has decided on the exact ones. */
enum withheld {
    SHOWN,
    WITHHELD_SMALL, /* a sealed count below 10: printed as such */
    WITHHELD_OTHER, /* one from which it could be found: not printed */
};

/* One of the definitions of an indicator that is not in force, printed beside the verdict. */
struct alternative {
    struct str definition;
    struct mval measure;
    enum state state; /* as if it were in force */
    enum withheld withheld;
};

/* A figure that a rule proposes (C26). Nothing is changed by it. */
struct proposal {
    uint32_t item;   /* NONE: the rule opens a case with `text` */
    bool is_field;   /* item is a field of a register */
    int32_t year;    /* the plan year proposed for */
    bool has_amount; /* false: the figure it starts from is unknown, or withheld */
    struct rat from, to;
    struct str text;
    int32_t days; /* of the case; 0: none */
};

/* Who was drawn by a sample, and from how many. */
struct sample_stratum {
    struct str name; /* code of the unit, or the text of a field or attribute; "" without strata */
    uint32_t population, drawn;
};
struct sample {
    const struct str *ids; /* by stratum, in order of the draw */
    uint32_t n, population;
    const struct sample_stratum *strata; /* in order of their names */
    uint32_t n_strata;
};

struct moment; /* engine/eval.h */

struct verdict {
    uint32_t commitment; /* index in the plan */
    struct str part;     /* "" for the plain target */
    uint32_t unit;       /* id in the tree */
    int32_t year;
    enum state state;
    enum light light;
    uint32_t flags;        /* enum verdict_flags */
    struct mval measure;   /* lo, hi, value, reported, expected */
    struct str definition; /* version in force: of the indicator, else "" */

    /* What was compared, for printing (C36) and explanation. */
    const struct clause *clause;      /* NULL: not an indicator or target */
    enum comparator cmp;              /* CMP_NONE: a boolean */
    bool has_threshold;               /* known when judged */
    struct rat threshold, threshold2; /* threshold2: upper end of a range */
    bool for_all;            /* a row above its units: measure is the share that satisfies (C09) */
    struct date due;         /* last day on which it is not yet due */
    struct date snapshot;    /* day of the tree of the measure */
    const struct moment *at; /* of the measure; of a span its last year; NULL: no measure */
    enum withheld withheld;  /* with VF_SUPPRESSED */
    uint32_t row;            /* of the dataset, for rules over a register; else NONE */

    const uint32_t *counter; /* counterexamples (C09), tree ids, ascending by code */
    const uint32_t *undecided;
    uint32_t n_counter, n_undecided;
    const struct alternative *alternatives;
    uint32_t n_alternatives;

    bool is_rule; /* `fires` counts */
    enum truth fires;
    const struct proposal *proposals;
    uint32_t n_proposals;
    bool has_cap; /* quota (C33) */
    struct rat used, base, cap, remaining;
    bool has_score; /* scorecard: points reached of points counted */
    struct rat score_lo, score_hi, score_base;
    const struct sample *sample; /* NULL: none, or not drawn yet */
};

/* What was noticed beside the verdicts: facts ignored, units gone, checks not kept. */
enum finding_kind {
#define FINDING(name, code, en, zh) FINDING_##name,
#include "model/finding.def"
    FINDING__COUNT
};

struct finding {
    enum finding_kind kind;
    uint32_t commitment; /* NONE: none */
    uint32_t unit;       /* tree id or NONE */
    uint32_t item;       /* plan item or NONE */
    int32_t year;        /* 0: none */
    struct str text;     /* fills {text}: a name, a figure, a message of the pack */
    struct str file;     /* empty: none */
    uint32_t line;
};

struct verdict_row; /* a verdict as it is kept, */
struct row_column;  /* and many that are alike */

/* Many of them, in pages: nothing moves when more come. */
struct verdict_page {
    struct verdict_row *rows;
    const struct row_column *column; /* instead of rows, or NULL */
    uint32_t first, cap;             /* number of its first row; room */
};
struct verdict_rows {
    VEC(struct verdict_page) pages;
    uint32_t n;
};
struct row_head;

struct verdicts {
    struct verdict_rows rows;    /* model/verdict_row.h reads and writes them */
    const struct row_head *head; /* of the newest row */
    VEC(struct finding) findings;
    uint32_t commitment; /* the one at work; for reports when judging was stopped */
};

/* "met", "green", "early" ... as printed in JSON; the words for people in both languages. */
const char *state_name(enum state s);
const char *state_zh(enum state s);
const char *light_name(enum light l); /* LIGHT_NONE: "" */
const char *light_zh(enum light l);
/* Bit i of enum verdict_flags, 0 <= i < VF__N. */
#define VF__N 12
const char *verdict_flag_name(uint32_t bit);
const char *verdict_flag_zh(uint32_t bit);
const char *finding_name(enum finding_kind k); /* stable code */
const char *finding_en(enum finding_kind k);
const char *finding_zh(enum finding_kind k);

#endif
