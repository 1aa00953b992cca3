/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of units in the book: operations with effective days, and the history they leave.
 *
 *     struct unit_op ops[] = {
 *         {.act = UNIT_CREATE, .day = d, .code = STR("150199"), .name = STR("新区"),
 *          .kind = STR("旗县"), .parent = STR("150100")},
 *         {.act = UNIT_MERGE, .day = d, .code = STR("150199"), .others = merged, .n_others = 2},
 *     };
 *     TRY(units_commit(a, store, reader, ops, 2, &words, &receipt, e));
 *
 * A history is a set of steps: from this day on this property has this value. On a day, as of a
 * commit, a property has the value of the step with the latest day not after it, and of two of one
 * day that of the later commit; a void step takes back what was said for its day. So old periods
 * answer on the old tree, late news change the past without rewriting it, and the tree as it was
 * known then can be built again.
 *
 * Invariants
 *   UN1 What is committed folds to a tree that tree_build accepts (TR1–TR3), in every state.
 *   UN2 Two changes of the tree never mix: each expects the subject `units` as it has seen it.
 *   UN3 A code names one unit for ever; what closed may reopen, what merged keeps its lineage.
 */
#ifndef STORE_UNITS_H
#define STORE_UNITS_H

#include "base/vec.h"
#include "model/tree.h"
#include "store/store.h"

struct plan;

enum unit_property {
#define UNIT_PROPERTY(name, text) UNIT_##name,
#include "store/unit_property.def"
    UNIT__PROPERTIES
};

struct unit_step {
    struct str code;
    enum unit_property property;
    struct date from; /* DATE_MIN: since ever */
    struct str value; /* of UNIT_STANDS: "yes" or "no" */
    bool is_void;     /* takes back the step of this property and day */
};

struct unit_tie {
    bool is_split; /* else a merge */
    struct date day;
    struct str from, to;
};

/* What the book says of the tree up to some commit, oldest first. */
struct units {
    VEC(struct unit_step) steps;
    VEC(struct unit_tie) ties;
    int64_t seq; /* the last commit about the tree; 0: none */
};

#define UNITS_SUBJECT "units"

enum unit_act {
    UNIT_CREATE, /* code, name, kind, parent ("" for the root), alias; stands from day on */
    UNIT_RENAME, /* name, alias */
    UNIT_MOVE,   /* parent */
    UNIT_CHANGE, /* kind */
    UNIT_CLOSE,  /* day is the first on which it stands no more */
    UNIT_REOPEN,
    UNIT_MERGE, /* others into code, which stands; they close, their children of that day move */
    UNIT_SPLIT, /* code into others, which stand; it closes unless it is one of them; its children
                   must have been moved or closed */
    UNIT_UNDO,  /* property: what was said for the day is taken back */
    UNIT__ACTS
};

struct unit_op {
    enum unit_act act;
    struct date day; /* DATE_MIN: since ever (UNIT_CREATE and UNIT_UNDO only) */
    struct str code, name, alias, kind, parent;
    const struct str *others;
    uint32_t n_others;
    enum unit_property property;
};

/* What the book says up to commit `upto`. Everything in a. */
NODISCARD enum rc units_load(struct arena *a, struct store_reader *r, int64_t upto,
                             struct units *out, struct err *e);

/* ---- by hand: units_commit does all of this ---- */

/* Adds what a parcel of the book says. Texts are copied. RC_DB: damaged. */
NODISCARD enum rc units_add(struct arena *a, struct units *u, const struct store_parcel *p,
                            struct err *e);
/*
 * Folds to a tree. plan says which index each kind has; NULL: they are numbered as they come.
 * Faults of the tree go to the sink, as in tree_build: RC_FINDINGS. RC_INPUT: the plan does not
 * know a kind.
 */
NODISCARD enum rc units_tree(struct arena *a, const struct units *u, const struct plan *plan,
                             struct tree_sink sink, const struct tree **out, struct err *e);
/* What holds on the day. false: the unit is unknown. */
NODISCARD bool units_at(const struct units *u, struct str code, struct date day,
                        struct str values[UNIT__PROPERTIES]);
/*
 * The steps and ties that the operations add to u, appended to it, and the parcels that say so.
 * RC_INPUT, RC_CONFLICT, RC_NOT_FOUND: an operation is not possible, e says which and why; u is
 * then unfinished.
 */
NODISCARD enum rc units_apply(struct arena *a, struct units *u, const struct unit_op *ops,
                              uint32_t n, const struct store_parcel **parcels, uint32_t *n_parcels,
                              struct err *e);

/* words: token, actor and note of the commit, whose act is `units.change`. A token that is in the
 * book already is taken as this change, sent again. */
NODISCARD enum rc units_commit(struct arena *a, struct store *s, struct store_reader *r,
                               const struct unit_op *ops, uint32_t n,
                               const struct store_commit *words, struct store_receipt *out,
                               struct err *e);

/*
 * The first units of a book: a tree made elsewhere (tables of a pack), with all its history. The
 * act is `units.import`. RC_CONFLICT: there are units already.
 */
NODISCARD enum rc units_import(struct arena *a, struct store *s, struct store_reader *r,
                               const struct tree *tree, const struct plan *plan,
                               const struct store_commit *words, struct store_receipt *out,
                               struct err *e);

/* A line of an official list: what stands on the day of the list. */
struct unit_line {
    struct str code, name, kind, parent;
    struct str alias;
    bool has_alias; /* false: the list says nothing of aliases */
};

/*
 * The operations that make the tree of the day what the list says: what is new is created (or
 * reopened), what differs is renamed, moved or changed. With `close_missing` what stands below the
 * unit `within` ("": anywhere; the root itself never) and is not on the list is closed. The list is
 * as of `day`. Nothing is recorded: show them (a dry run), let somebody strike some out, and give
 * them to units_commit. RC_INPUT: a code stands twice, or a line lacks code, name or kind.
 */
NODISCARD enum rc units_diff(struct arena *a, const struct units *u, const struct unit_line *lines,
                             uint32_t n, struct date day, bool close_missing, struct str within,
                             const struct unit_op **ops, uint32_t *n_ops, struct err *e);

#endif
