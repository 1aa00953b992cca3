/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan after checking: names resolved, dimensions and grains proven, literals exact.
 * Written by lang/lower, read by the engine, the listing and the explanation; nobody else makes
 * one. Plain data: no text is parsed and no name is looked up after this point.
 *
 * Invariants
 *   P1  Every index below is valid in the array it names; NONE (UINT32_MAX) where allowed.
 *   P2  Expressions form a tree stored children first: an operand's index is smaller.
 *   P3  A boolean position holds a boolean expression, a number position a number.
 *   P4  Every expression knows its grain: the kind (or register) at which it is evaluated.
 *   P5  Kinds are ordered so that a general kind (is_a) precedes its special ones.
 * Ownership: one arena; immutable once lowered; may be shared by threads.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/rat.h"
#include "base/str.h"
#include "model/period.h"
#include "model/uom.h"

struct arena;

#define NONE UINT32_MAX

#define PLAN_ROLLS_MAX 16

/* Where a thing stands in the text: for messages and explanations. */
struct origin {
    struct str file;
    uint32_t line;
    uint32_t column;
};

enum value_type { VT_NUMBER, VT_BOOL, VT_CHOICE, VT_TEXT, VT_DATE };
enum data_class { CLASS_PUBLIC, CLASS_INTERNAL, CLASS_SENSITIVE, CLASS_SEALED };

/* A definition version in force from a year on; the first entry has since_year INT32_MIN. */
struct version {
    int32_t since_year;
    struct str name;
};

/* Shared by attributes, items and fields. */
struct datum {
    struct str name;
    struct str english;
    struct str definition;
    struct str source;
    enum value_type type;
    struct dim dim;
    struct rat factor;         /* of the declared unit: a fact v means v * factor */
    struct str unit;           /* as declared, for printing */
    const struct str *choices; /* VT_CHOICE */
    uint32_t n_choices;
    struct rat lo, hi; /* bounds of a missing number, already scaled (C04); may be infinite */
    uint8_t decimals;  /* of a fact, 0..4 */
    enum data_class class_;
    struct origin at;
};

struct item {
    struct datum d;
    uint32_t kind; /* that reports it */
    enum period_kind period;
    struct time_point point; /* none: see period.h */
    const struct version *versions;
    uint32_t n_versions;
};

struct attribute {
    struct datum d;
    uint32_t kind;
};

struct field {
    struct datum d;
    uint32_t reg;
    bool key;
};

struct kind {
    struct str name;
    struct str english;
    uint32_t level;           /* 0 = root level */
    uint32_t in;              /* kind or level of parents: level index, NONE for the root */
    const uint32_t *generals; /* every more general kind, the nearest first */
    uint32_t n_generals;
    bool is_level; /* the kind of the units of its level */
    bool filed;    /* its roll below a unit is open until that unit has filed it (C35) */
    enum period_kind filing;
    struct origin at;
};

struct reg { /* register */
    struct str name;
    uint32_t owner_kind;
    uint32_t first_field, n_fields;
    bool filed; /* open until filed (C35) */
    enum period_kind filing;
    struct origin at;
};

struct relation {
    struct str name;
    uint32_t kind_a, kind_b; /* kinds; holders of a title when title_* is not NONE */
    uint32_t title_a, title_b;
    bool confirmed;
    int32_t active_days; /* 0: no activity asked */
    struct origin at;
};

struct title {
    struct str name;
    uint32_t kind; /* eligible */
    struct origin at;
};

struct event {
    struct str name;
};

/* A frozen list of units: by members (codes or names, bound to data later) or by a predicate. */
struct unit_list {
    struct str name;
    uint32_t kind;
    const struct str *members;
    uint32_t n_members;
    uint32_t predicate; /* expression or NONE */
    struct date frozen;
};

/* ---- expressions ------------------------------------------------------------------------- */

enum expr_op {
    EX_NUM,
    EX_BOOL,
    EX_CHOICE, /* literals */
    EX_ITEM,
    EX_ATTR,
    EX_FIELD, /* of the current unit or row */
    EX_TITLE,
    EX_LIST, /* current unit holds a title / is on a list */
    EX_NEG,
    EX_NOT,
    EX_ADD,
    EX_SUB,
    EX_MUL,
    EX_DIV,
    EX_AND,
    EX_OR,
    EX_GE,
    EX_LE,
    EX_GT,
    EX_LT,
    EX_EQ,
    EX_NE,
    EX_ABOUT,       /* a within tolerance `num` of b (C12) */
    EX_BETWEEN,     /* b(1-t) <= a <= c(1+t) with t = `num`, 0 without 左右 (C13) */
    EX_IN,          /* choice a is one of the set (mask in choices) */
    EX_IF,          /* a ? b : c */
    EX_AGG,         /* see struct agg */
    EX_RANK,        /* a among over; descending unless flag */
    EX_DEGREE,      /* partners in relation ref that satisfy b */
    EX_SHIFT,       /* a, n years earlier (n > 0) */
    EX_BASELINE,    /* a in the baseline year */
    EX_CONSECUTIVE, /* a in this and the n-1 years before */
    EX_WHOLE_YEAR,
    EX_YEAR_END,  /* of a sub-yearly item ref */
    EX_PARENT,    /* a evaluated at the ancestor of kind ref */
    EX_INDICATOR, /* measure of commitment ref, by its definition in force, at its time point */
    EX__COUNT
};

enum agg_op {
    AGG_SUM,
    AGG_COUNT,
    AGG_DISTINCT,
    AGG_SHARE,
    AGG_COVER,
    AGG_MAX,
    AGG_MIN,
    AGG_MEAN,
    AGG_CV,
    AGG_DAYS /* distinct days of a register's rows, person by person */
};
enum over { OVER_KIND, OVER_TITLE, OVER_LIST, OVER_REGISTER, OVER_RELATION };

struct expr {
    enum expr_op op;
    bool is_bool;
    struct dim dim;
    uint32_t grain_kind; /* kind at which it is evaluated; NONE: anywhere */
    uint32_t grain_reg;  /* register, when evaluated at a row; else NONE */
    uint32_t a, b,
        c; /* operands; AGG: a = value or CV numerator, b = where, c = satisfying or weight */
    uint32_t ref; /* item, attribute, field, title, list, relation, kind, choice index */
    enum agg_op agg;
    enum over over; /* AGG, RANK */
    uint32_t over_ref;
    uint32_t n;       /* years; AGG over a register: those that rows are taken from */
    bool flag;        /* RANK: ascending */
    struct rat num;   /* literal, tolerance */
    uint64_t choices; /* EX_IN: bit per choice */
    struct origin at;
};

/* ---- commitments --------------------------------------------------------------------------- */

enum modality { MOD_MUST, MOD_STRIVE, MOD_ENCOURAGE, MOD_EXPLORE };

enum when_kind {
    WHEN_AT,
    WHEN_BY,
    WHEN_EACH,
    WHEN_HOLD,
    WHEN_MEAN,
    WHEN_CUMULATIVE,
    WHEN_UNTIL,
    WHEN_DEFAULT
};

struct when {
    enum when_kind kind;
    int32_t from_year, to_year; /* inclusive; AT/BY: equal */
    enum period_kind every;     /* EACH: the period judged, YEAR by default */
    uint32_t event;             /* UNTIL */
    struct date day;            /* AT, BY: a deadline within the year; DATE_MIN: none written */
};

enum scope_kind {
    SCOPE_ROOT,
    SCOPE_EACH_KIND,
    SCOPE_EACH_TITLE,
    SCOPE_EACH_LIST,
    SCOPE_EACH_NAMED,
    SCOPE_EACH_CATEGORY
};

struct scope {
    enum scope_kind kind;
    uint32_t ref; /* kind, title, list or field */
    const struct str *named;
    uint32_t n_named;
};

enum comparator {
    CMP_NONE, /* boolean measure */
    CMP_GE,
    CMP_REACH,
    CMP_BARE,
    CMP_LE,
    CMP_GT,
    CMP_LT,
    CMP_EQ,
    CMP_NE,
    CMP_ABOUT,
    CMP_BETWEEN,
    CMP_RISES,
    CMP_FALLS,
    CMP_NEVER_FALLS,
    CMP_NEVER_RISES
};

struct rung {
    struct when when;
    enum modality modality;
    uint32_t value, value2; /* expressions; value2 for BETWEEN, else NONE; RISES: step or NONE */
    bool interpolated;      /* trajectory only (C16) */
    struct str text; /* how it compares with what, as the pack spells it, in Chinese; interpolated:
                        empty */
};

/* One 目标 clause. */
struct clause {
    enum modality modality;
    struct when when;
    const struct scope *scopes;
    uint32_t n_scopes;
    uint32_t condition; /* 当, or NONE */
    uint32_t measure;   /* expression; NONE: the indicator's definition in force */
    enum comparator cmp;
    const struct rung *rungs; /* at least one, unless CMP_NONE; a single value is one rung */
    uint32_t n_rungs;
    bool ladder;          /* rungs carry their own years and parts */
    bool own_time;        /* nested: does not follow the outer clause */
    struct rat tolerance; /* of ABOUT, `about` and nearly; effective value, default resolved */
    bool own_tolerance;   /* written here, not the plan's default */
    bool about;           /* BETWEEN with 左右: the tolerance widens both ends (C13) */
    bool nearly, two_sided;
    uint32_t baseline; /* expression or NONE */
    const struct clause *nested;
    uint32_t n_nested;
    struct str part;   /* own part label as printed, may be empty */
    uint32_t previous; /* the measure one year earlier, for RISES … NEVER_RISES; else NONE */
    uint32_t base;     /* nested: the numerator of the outer measure, for its empty base (C37); else
                            NONE */
    struct str measure_text[2]; /* as `list` prints them, Chinese and English; empty: none */
    struct str condition_text[2];
    struct str value_text[2]; /* of the first rung with its comparator */
    struct origin at;
};

struct definition { /* one 口径 of an indicator */
    struct str name;
    int32_t since_year;
    bool adopted;
    uint32_t measure;
    uint32_t previous; /* one year earlier; NONE when there is but one definition */
};

enum commitment_kind {
    CK_INDICATOR,
    CK_TARGET,
    CK_TASK,
    CK_STAGES,
    CK_QUOTA,
    CK_GATE,
    CK_RULE,
    CK_PROGRAMME,
    CK_SCORECARD,
    CK_CHECK,
    CK_FORM,
    CK_SAMPLE,
    CK_UNMEASURABLE
};

enum task_verb { TASK_DELIVER, TASK_START, TASK_HOLD };
enum rounding { ROUND_HALF_AWAY, ROUND_DOWN, ROUND_UP };

struct stage {
    struct str name;
    struct when when;
};

struct action {
    bool next_year;
    uint32_t item; /* or field; NONE: opens a case with `text` */
    bool is_field;
    int sign; /* +1 raise, -1 cut */
    struct rat amount;
    bool percent;
    struct str text;
    int32_t days;
    bool escalation; /* 再则 */
};

struct score_item {
    uint32_t commitment;
    struct rat points;
};

/* 依据: a clause, or sentences first..last of it, counted from 1. */
struct clause_ref {
    struct str code;      /* "B13"; the path as written when no clause is declared */
    uint32_t first, last; /* both 0: the whole clause */
    struct origin at;
};

/* 协办: the units of a kind or of a list, or (both NONE) somebody who is no unit: an office, or
 * whoever is outside the plan. */
struct co_owner {
    struct str name;
    uint32_t kind, list;
};

struct commitment {
    enum commitment_kind kind;
    struct str id, name, english, note, owner;
    const struct co_owner *with;
    uint32_t n_with;
    struct str source, definition, evidence; /* 来源, 口径, 佐证 as written; may be empty */
    const struct clause_ref *basis;
    uint32_t n_basis;
    const struct definition *definitions; /* indicators */
    uint32_t n_definitions;
    bool has_point;
    struct time_point point;
    const struct clause *targets;
    uint32_t n_targets;
    enum modality modality; /* of tasks, stages and quotas */
    struct str deliverable; /* task: what; gate: what is forbidden; check: message; unmeasurable:
                               reason */
    /* tasks and stages */
    struct when when;
    const struct scope *scopes;
    uint32_t n_scopes;
    enum task_verb verb;
    uint32_t times;
    int32_t fresh_days;
    const struct stage *stages;
    uint32_t n_stages;
    /* quota: measure <= cap, and what it divides (per: NONE when it is no ratio) */
    uint32_t measure, cap, used, per;
    uint32_t condition;           /* of a gate, rule or check */
    struct str condition_text[2]; /* Chinese, English; quotas: the measure */
    struct date exempt_before;
    bool exempt;
    uint32_t of_kind, of_reg; /* 对象 or 台账 */
    const struct action *actions;
    uint32_t n_actions;
    enum rounding rounding;
    bool stacking;
    bool rounding_said, stacking_said, defence_said; /* written, not left to the default */
    int32_t defence_days, notice_days;
    bool soft;               /* check */
    enum period_kind period; /* form, scorecard */
    const uint32_t *items;   /* form */
    uint32_t n_items;
    const struct score_item *scores;
    uint32_t n_scores;
    struct rat pass; /* scorecard; negative: none */
    uint32_t title;  /* programme grants */
    /* sample: condition is its 当 or NONE */
    struct rat fraction;
    struct str seed;
    struct date draw;     /* DATE_MIN: on the deadline */
    uint32_t strata_kind; /* ancestor that tells strata apart, or NONE */
    uint32_t strata;      /* EX_FIELD or EX_ATTR that tells them apart, or NONE */
    uint32_t satisfying;  /* what is to be done with each that is drawn, or NONE */
    struct origin at;
};

struct clause_code {
    struct str code, path;
    struct str key; /* clause_key of the path */
    struct origin at;
};

struct plan {
    struct str id, name, docno;
    struct date issued;
    int32_t first_year, last_year, baseline_year;
    struct rat about, nearly; /* default tolerances; negative: none */
    struct uom_table uom;     /* the built-in units and those of the pack */
    const struct str *levels;
    uint32_t n_levels;
    const struct kind *kinds;
    const struct item *items;
    const struct attribute *attributes;
    const struct reg *regs;
    const struct field *fields;
    const struct relation *relations;
    const struct title *titles;
    const struct event *events;
    const struct unit_list *lists;
    const struct expr *exprs;
    const struct commitment *commitments;
    const struct clause_code *clause_codes;
    uint32_t n_kinds, n_items, n_attributes, n_regs, n_fields, n_relations, n_titles, n_events,
        n_lists, n_exprs, n_commitments, n_clause_codes;
};

/* Denominator of every figure of a datum as declared: decimals and unit; 0: too large to count in.
 */
int64_t datum_den(const struct datum *d);
/* kind is general, or a case of it (P5). */
bool plan_is_a(const struct plan *p, uint32_t kind, uint32_t general);
/*
 * The filed rolls (C35) that a population of the kind draws on: its own, those of more general and
 * of more special kinds. Ascending, at most PLAN_ROLLS_MAX; returns how many.
 */
uint32_t plan_rolls(const struct plan *p, uint32_t kind, uint32_t out[PLAN_ROLLS_MAX]);
/* Units of this kind file the roll. */
bool plan_owes_roll(const struct plan *p, uint32_t roll, uint32_t unit_kind);
/* Part of the rows of a rung of `times` (0 without rungs): its year when it has a ladder, then own.
 */
struct str clause_part(struct arena *a, const struct clause *times, uint32_t rung, struct str own);

/*
 * A path in the form in which two spellings of one path are equal: full-width digits, letters and
 * brackets as ASCII, without spaces: `附件1 二（三）13` is `附件1二(三)13`.
 */
struct str clause_key(struct arena *a, struct str path);
/* `B13 第2至3句`, `B13 sentences 2-3` */
struct str clause_ref_text(struct arena *a, struct clause_ref ref, bool chinese);
/* `财务处, 高校`; "" without. */
struct str co_owners_text(struct arena *a, const struct commitment *k);
/* Name of an enum value as printed in `list` ("indicator", "at_least", "must" …). */
const char *commitment_kind_name(enum commitment_kind k);
const char *commitment_kind_zh(enum commitment_kind k);
const char *modality_name(enum modality m);
const char *modality_zh(enum modality m);
const char *comparator_name(enum comparator c);
const char *when_name(enum when_kind w);
const char *when_zh(enum when_kind w);

#endif
