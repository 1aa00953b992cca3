/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time-valid tree of units: versions in, immutable snapshots of a day out.
 *
 * A unit is identified by its code; its versions have disjoint validity and say name, kind and
 * parent of their time. Unit ids are 0..n_units-1 in bytewise order of the codes: stable for the
 * life of the tree, through renames and moves.
 *
 * Invariants of a tree
 *   TR1 units[i].code < units[i+1].code.
 *   TR2 versions of unit i are [first, first + n), sorted by from, and do not overlap.
 *   TR3 Whenever a unit with a parent is valid, its parent is; there are no cycles; at most one
 *       unit at a time has no parent.
 * Invariants of a snapshot (tree_check)
 *   T1  parent[0] == TREE_NONE, and no other.
 *   T2  parent[i] < i.
 *   T3  i < end[i] <= end[parent[i]]: the subtree of i is [i, end[i]).
 *   T4  level[i] == level[parent[i]] + 1, level[0] == 0.
 *   T5  index_of[unit[i]] == i; children of one parent stand in order of their codes.
 *
 * from and to are inclusive (C23); DATE_MIN and DATE_MAX are open ends.
 * Ownership: everything in the arena given. Texts of the rows are not copied and must live as
 * long as the tree.
 * Time and room: n log n in the number of versions to build, linear in the units for a snapshot.
 */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;

#define TREE_NONE         UINT32_MAX
#define TREE_VERSIONS_MAX 5000000U

/* One row of the table of units. */
struct tree_version {
    struct str code;
    struct str name;
    struct str alias;  /* empty: none */
    struct str parent; /* code; empty: the root */
    struct date from;
    struct date to;
    uint32_t kind; /* index in the pack's kinds; opaque here */
    uint32_t row;  /* where it was read, for findings */
    /* Set by tree_build. */
    uint32_t unit;        /* id */
    uint32_t parent_unit; /* id, or TREE_NONE */
    struct date cover_to; /* last day of the unbroken validity that includes this version */
};

/* One row of the table of lineage: what stood before and after a merge or split. */
struct tree_lineage {
    bool is_split; /* else a merge */
    struct date date;
    struct str from;
    struct str to;
    uint32_t row;
    /* Set by tree_build. */
    uint32_t from_unit;
    uint32_t to_unit;
};

enum tree_fault {
#define TREE_FAULT(name, en, zh) TREE_FAULT_##name,
#include "model/tree.def"
    TREE_FAULT__COUNT
};

struct tree_finding {
    enum tree_fault fault;
    uint32_t row; /* of the version (or lineage) at fault */
    struct str code;
    uint32_t other_row;        /* the row it clashes with, or TREE_NONE */
    struct str other;          /* code of the parent or the other unit; may be empty */
    struct date day;           /* a day on which it is wrong, or DATE_MIN */
    const struct str *members; /* CYCLE: the codes from {code} upwards; alive during the call */
    uint32_t n_members;
};

/* Called once per finding, in a deterministic order. found may be NULL. */
struct tree_sink {
    void (*found)(void *ctx, const struct tree_finding *f);
    void *ctx;
};

/* "EMPTY_CODE"; and the sentences with {code} and {other} to fill in. */
const char *tree_fault_name(enum tree_fault f);
const char *tree_fault_en(enum tree_fault f);
const char *tree_fault_zh(enum tree_fault f);

struct tree_unit {
    struct str code;
    uint32_t first; /* versions */
    uint32_t n;
};

struct tree {
    struct tree_version *versions; /* sorted by code, from */
    uint32_t n_versions;
    struct tree_unit *units;
    uint32_t n_units;
    struct map codes;  /* code -> unit id */
    uint32_t *by_name; /* private: version index * 2 (+1: its alias), sorted by that text */
    uint32_t n_by_name;
    struct date *changes; /* sorted days on which a version begins, or the first day after one */
    uint32_t n_changes;
    struct tree_lineage *into;   /* sorted by to_unit, date */
    struct tree_lineage *out_of; /* splits only, sorted by from_unit, date */
    uint32_t n_into;
    uint32_t n_out_of;
};

/*
 * Checks the rows and builds the tree. Every fault goes to the sink. RC_FINDINGS: there was one,
 * and *out is NULL; RC_LIMIT: too many versions, or the arena is full.
 */
NODISCARD enum rc tree_build(struct arena *a, const struct tree_version *versions,
                             uint32_t n_versions, const struct tree_lineage *lineage,
                             uint32_t n_lineage, struct tree_sink sink, const struct tree **out,
                             struct err *e);

/* Id of a code; false when there is no such unit. */
NODISCARD bool tree_unit_of_code(const struct tree *t, struct str code, uint32_t *id);
/* The version in force on the day, or NULL. */
const struct tree_version *tree_version_at(const struct tree *t, uint32_t id, struct date day);

enum tree_found { TREE_FOUND_NONE, TREE_FOUND_ONE, TREE_FOUND_MANY };
/*
 * A unit by code, else by a name or alias in force on some day of from..to. MANY: several units
 * bear the name; *id is then the first of them.
 */
enum tree_found tree_find(const struct tree *t, struct str text, struct date from, struct date to,
                          uint32_t *id);

/* The tree of one day. Arrays have n elements, in pre-order; children in code order. */
struct tree_snap {
    const struct tree *tree;
    struct date from; /* the snapshot is the same from this day to that one */
    struct date to;
    uint32_t n;       /* 0: nobody was there */
    uint32_t *unit;   /* id */
    uint32_t *parent; /* index, or TREE_NONE for the root */
    uint32_t *end;    /* subtree of i is [i, end[i]) */
    uint32_t *level;  /* depth, 0 for the root */
    uint32_t *kind;
    uint32_t *version;  /* index into tree->versions */
    uint32_t *index_of; /* by unit id: index, or TREE_NONE; tree->n_units elements */
};

/* day is not a sentinel. RC_LIMIT when the arena is full. */
NODISCARD enum rc tree_at(struct arena *a, const struct tree *t, struct date day,
                          const struct tree_snap **out, struct err *e);
/* T1..T5 hold. Linear. */
bool tree_check(const struct tree_snap *s);
struct str tree_snap_name(const struct tree_snap *s, uint32_t index);
struct str tree_snap_code(const struct tree_snap *s, uint32_t index);

/* Snapshots made once: days between two changes of the tree share theirs. */
struct tree_cache {
    struct arena *arena;
    const struct tree *tree;
    VEC(const struct tree_snap *) snaps;
};

void tree_cache_init(struct tree_cache *c, struct arena *a, const struct tree *t);
NODISCARD enum rc tree_cache_at(struct tree_cache *c, struct date day, const struct tree_snap **out,
                                struct err *e);

/* What a unit of `later` is compared with on `earlier` (C29). */
enum tree_past {
    TREE_PAST_SAME,   /* the unit itself: one id */
    TREE_PAST_MERGED, /* the sum over the ids: those it was merged from, itself among them if
                         it stood already */
    TREE_PAST_SPLIT,  /* part of a split unit: nothing comparable, not applicable */
    TREE_PAST_NEW     /* founded since: nothing to compare with */
};

/*
 * Ids in a, ascending; *n is 0 for SPLIT and NEW. Follows chains of mergers. A lineage row counts
 * when earlier < date <= later.
 */
enum tree_past tree_past(struct arena *a, const struct tree *t, uint32_t id, struct date earlier,
                         struct date later, const uint32_t **ids, uint32_t *n);

#endif
