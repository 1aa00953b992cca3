/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the reference interpreter. */
#ifndef ENGINE_REF_INT_H
#define ENGINE_REF_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "engine/linear.h"
#include "engine/mval.h"
#include "engine/ref.h"
#include "engine/region.h"

struct memo; /* ref_memo.h */

/* Where an expression is evaluated: a unit; several that were merged since (C29); or a row. */
struct place {
    const uint32_t *units;
    uint32_t n; /* 0: a row */
    uint32_t row;
};

enum leaf_tag { LEAF_ITEM, LEAF_ATTR, LEAF_FIELD, LEAF_NODE };

#define REF_INNER_MAX   6
#define REF_CHOICES_MAX 4096 /* corners of one member */

/* A silent cell, or a node below that is not decided; what completing a member means. */
struct leaf {
    enum leaf_tag tag;
    uint32_t id;  /* item, attribute, field or expression */
    uint32_t who; /* unit or row */
    uint32_t period;
    bool is_bool;
    struct rat lo, hi;
    uint32_t n_options; /* of a choice: each is tried; else 0 */
    /* Beside its bounds, where a threshold makes what is computed jump. */
    struct rat inner[REF_INNER_MAX];
    uint32_t n_inner;
    struct rat at; /* the value at work */
};

struct leaves {
    struct leaf items[REF_CORNERS_MAX + 1];
    uint32_t n; /* REF_CORNERS_MAX + 1: too many */
};

struct ref {
    struct arena *a; /* of the measure at work */
    struct cells *cells;
    const struct plan *plan;
    bool failed; /* out of memory, or too deep */
    uint32_t depth;
    /* (unit, period) pairs that were read -> 1 when all of it is known (C10) */
    struct map_u64 pairs;
    bool quiet;           /* corners at work: nothing is noted */
    struct map_u64 basis; /* item << 32 | hash of (version, point) */
    bool values;          /* the walk for `value`: members with a silent cell stay out (C32) */
    struct map_u64 silent;
    struct map_u64 *probe;    /* silent cells are noted here, by hash */
    struct leaves *collect;   /* undecided leaves are noted here */
    const struct leaves *set; /* leaves with a value of their own */
    struct memo *memo;        /* of all measures; may be NULL */
};

/* ---- ref.c ---- */
struct mval ref_eval(struct ref *r, uint32_t e, struct place at, struct moment m);
struct place ref_unit(const uint32_t *unit);
/* The tree of the moment; NULL when memory is out. */
const struct tree_snap *ref_tree(struct ref *r, struct moment m);
enum truth ref_truth(struct ref *r, uint32_t e, struct place at, struct moment m);
/*
 * What a place of `now` was on the day `then`: itself, or what it was merged from. false: nothing
 * comparable, it was founded or is part of a split since (C29).
 */
bool ref_past(struct ref *r, struct place at, struct date now, struct date then, struct place *out);

/* ---- ref_leaf.c ---- */
struct mval ref_leaf(struct ref *r, const struct expr *x, struct place at, struct moment m);
/* Σ over the periods of the year, or its last period. */
struct mval ref_periods(struct ref *r, const struct expr *x, struct place at, struct moment m);
/* An attribute, title or list of one unit. */
enum truth ref_listed(struct ref *r, uint32_t list, uint32_t unit, struct moment m);
/* The same as a cell that may be silent, for the corners of a member. */
struct mval ref_on_list(struct ref *r, uint32_t list, uint32_t unit, struct moment m);
void ref_note_pair(struct ref *r, uint32_t unit, struct period p, bool known);
/* What a leaf is set to while corners are at work. */
bool ref_is_set(const struct ref *r, enum leaf_tag tag, uint32_t id, uint32_t who, uint32_t period,
                struct mval *out);
void ref_collect(struct ref *r, enum leaf_tag tag, uint32_t id, uint32_t who, uint32_t period,
                 struct mval v);

/* 每类: does the row belong to the category at work? A silent field is completed as others are. */
enum truth ref_category(struct ref *r, struct place at, struct moment m);

/* The leaf that the expression reads at the place is compared with a known number. */
void ref_threshold(struct ref *r, uint32_t e, struct place at, struct mval with);

/* ---- ref_pop.c ---- */
struct member {
    uint32_t unit; /* owner, for rows */
    uint32_t row;  /* NONE: a unit */
};

struct members {
    VEC(struct member) list;
    uint32_t n_open; /* registers and rolls not filed: there may be further members (C35) */
};

/* The owner has not filed all of the year (C35). */
bool ref_is_open(struct ref *r, uint32_t reg, uint32_t owner, struct moment m);
/* An earlier year of a span: its moment, and what the place was then. false: nothing. */
bool ref_year_of_span(struct ref *r, struct place at, struct moment m, int32_t year,
                      struct place *place, struct moment *then);
/* The members of an aggregate's population below the place. */
struct members ref_members(struct ref *r, const struct expr *x, struct place at, struct moment m);
struct place ref_member_place(const struct member *m);
/* false: whether the unit is on the list the aggregate goes over is unknown. */
bool ref_listed_surely(struct ref *r, const struct expr *x, uint32_t unit, struct moment m);
/* Does a member count: the filter of the aggregate, its category, its place on a list. */
struct mval ref_where(struct ref *r, const struct expr *x, struct place at, struct moment m);
/* In values mode: does the member stay out? */
bool ref_left_out(const struct ref *r, const struct member *m);

/* ---- ref_agg.c ---- */
/* One member into the region; returns its flags. */
uint32_t ref_add_member(struct ref *r, const struct terms *t, const struct member *who,
                        struct moment m, struct region *g);
struct mval ref_aggregate(struct ref *r, uint32_t e, struct place at, struct moment m);
/* A + - or / whose sides are sums over one population, jointly. false: it is none. */
bool ref_joint(struct ref *r, uint32_t e, struct place at, struct moment m, struct mval *out);
/*
 * A quotient of sums over several populations, both sides of it open: jointly in place of the plain
 * bounds, which are wide where populations overlap. false: it is none.
 */
bool ref_several(struct ref *r, uint32_t e, struct place at, struct moment m, struct mval *out);
/* What tells a row or value apart; empty: unknown. */
struct str ref_key_of(struct ref *r, const struct expr *x, const struct member *who,
                      struct moment m);
struct mval ref_rank(struct ref *r, const struct expr *x, struct place at, struct moment m);
struct mval ref_degree(struct ref *r, const struct expr *x, struct place at, struct moment m);

/* ---- ref_days.c ---- */
struct mval ref_days(struct ref *r, const struct expr *x, struct place at, struct moment m);

/* ---- ref_arith.c ---- */
struct mval ref_arith(struct ref *r, uint32_t e, struct place at, struct moment m);
/*
 * Completes a member: evaluates n and d (NULL: 1) at every corner of the leaves and adds them as
 * one member of the region. false: too many leaves, or a bound that has no ray; nothing is added.
 */
typedef bool (*ref_pair_fn)(struct ref *r, const void *ctx, struct place at, struct moment m,
                            struct rat *n, struct rat *d);
bool ref_corners(struct ref *r, struct leaves *l, ref_pair_fn fn, const void *ctx, struct place at,
                 struct moment m, struct region *g);
/* Silent cells that both read. */
bool ref_share_silent(struct ref *r, uint32_t x, uint32_t y, struct place at, struct moment m);

#endif
