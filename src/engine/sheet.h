/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sheet: one roll-up over one population at one moment, for all units above its members.
 *
 * Members whose cells are known are added up by kernels (engine/chunk.h), and their sums kept per
 * inner node of the tree (engine/spine.h); the others are *loose*: completed one by one
 * (engine/ref.h), their corners kept. The bounds at any unit follow from both through
 * engine/region, exactly (C03). Members whose contribution needs more than kernels (aggregates
 * below them, other years) are asked for through `sheet_source`, and all of them are loose.
 *
 * Invariants
 *   SH1 Nothing is kept per known member: what is asked of a unit without nodes, or without some of
 *       its members, is worked out from a chunk again.
 *   SH2 loose is in order of the members, and names each once.
 *   SH3 After sheet_touch of every change, the answers are those of a new sheet.
 * Ownership: sheets keep what they hold in the arena `keep` of sheet_make; `a` of the other
 * functions is scratch, and holds their answers.
 */
#ifndef ENGINE_SHEET_H
#define ENGINE_SHEET_H

#include "base/vec.h"
#include "engine/chunk.h"
#include "engine/linear.h"
#include "engine/reads.h"
#include "engine/region.h"
#include "engine/region_int.h"
#include "engine/spine.h"

/* Evaluates an expression at one unit; false: it cannot, or the answer is not decided. */
struct sheet_source {
    bool (*at)(void *ctx, uint32_t e, uint32_t unit, struct moment m, struct reads *reads,
               const struct reads *silent, struct mval *out);
    void *ctx;
};

/* A member outside the columns: its corners from..to, or, known, the one point at `from`. */
struct loose_member {
    uint32_t member;
    uint32_t from, to;
    bool known;
    bool rational; /* its corners are among the rational ones, else among the integers */
    uint32_t flags;
    struct unit_reads reads; /* not those of one_by_one */
};

/* What an inner node knows of the members below it, open ones left out of the sums. */
struct sheet_node {
    i128 sum[2];      /* of the terms above and below a division, over den[0] and den[1] */
    uint32_t counted; /* shares and means */
    uint32_t expected, silent, basis; /* C10, C19 */
    uint32_t open;                    /* rolls and registers not filed (C35) */
    uint32_t own_basis;               /* of its own run, */
    uint8_t flags, own_flags;
};

struct sheet {
    struct cells *cells;
    const struct evaluator *ref;
    struct terms terms;
    struct moment moment;
    struct frame *frame;
    const struct spine *spine;
    struct arena *keep;
    bool one_by_one;  /* by sheet_source */
    bool built;       /* the nodes stand; else they are made when first asked for */
    bool broken;      /* a member cannot be given in columns: the reference answers */
    bool may_be_open; /* there are rolls or registers to be filed: these */
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t n_rolls;
    const struct reg *filed; /* NULL: none */
    struct read_table table;
    int64_t factor[TERMS_MAX]; /* of a term's integers, to the denominator of its side */
    int64_t den[2];            /* above and below; 0: no chunk was cut yet */
    struct sheet_node *nodes;  /* by rank */
    VEC(struct loose_member) loose;
    struct corner_ints ints;
    VEC(struct corner) rationals;
    struct corner_form form;       /* made with the first chunk */
    VEC(uint32_t) dirty;           /* tree indexes whose members have changed */
    struct unit_reads *each;       /* one_by_one: by tree index, what members at or above it read */
    VEC(struct extra_reads) aside; /* one_by_one: what they read besides, in order of members */
    bool apart;                    /* one_by_one: no member stands below another */
    struct sheet_source source;    /* one_by_one */
    const uint32_t
        *open_before; /* one_by_one: not filed before tree index i (tree->n + 1), or NULL */
};

/* false from *can: this roll-up is not for sheets. RC_LIMIT. */
NODISCARD enum rc sheet_make(struct arena *keep, struct arena *a, struct cells *c,
                             const struct evaluator *ref, const struct terms *t, struct moment m,
                             struct frame *frame, const struct spine *spine,
                             const struct sheet_source *source, struct sheet *out, bool *can);
/* Whether a roll-up may be on a sheet at all; its frame is that of its first term. */
bool sheet_can(const struct plan *p, const struct terms *t, struct moment m);

/*
 * The cells of a unit have changed: its members are worked out anew before the next answer; one by
 * one, those above it that look down on it too. false: the sheet must be made anew.
 */
NODISCARD bool sheet_touch(struct sheet *s, uint32_t unit);

/*
 * The bounds at tree index i, of Σn / Σd when `ratio`, and the flags of its members. silent: units
 * to leave out (C32), or NULL. alone: silent is what this sheet reads itself. false: the reference
 * must answer.
 */
NODISCARD bool sheet_value(struct arena *a, struct sheet *s, uint32_t i, bool ratio,
                           const struct reads *silent, bool alone, struct mval *out);
/* The same as members of a region of others, too: their flags into *flags. */
NODISCARD bool sheet_add(struct arena *a, struct sheet *s, uint32_t i, const struct reads *silent,
                         struct region *g, uint32_t *flags);
/*
 * The value at tree index i when it takes no more than a look: everything below is known and filed.
 * reported, expected and basis are set too. false: ask by the functions above.
 */
NODISCARD bool sheet_quick(struct arena *a, const struct sheet *s, uint32_t i, bool ratio,
                           struct mval *out);
/* The same in small numbers, not reduced; without the basis. */
NODISCARD bool sheet_known(const struct sheet *s, uint32_t i, bool ratio, struct known *out);
/* The nodes stand. false: the sheet is broken. */
NODISCARD bool sheet_build(struct arena *a, struct sheet *s);
/* Reads of the units in the subtree of tree index i, into r. false: the reference must answer. */
NODISCARD bool sheet_reads(struct arena *a, struct sheet *s, uint32_t i, struct reads *r);
/* The same as sums; false: the reference must answer. */
NODISCARD bool sheet_count(struct arena *a, struct sheet *s, uint32_t i, struct mval *out);

/* ---- within the sheet ---- */
/* A member of which the reference has made a region; its corners are kept. */
struct loose_member sheet_rationals(struct sheet *s, uint32_t member, const struct region *g);
/* First loose member at or after a member. */
uint32_t sheet_loose_from(const struct sheet *s, uint32_t member);
/* What the sheet knows at tree index i; without: units to leave out, or NULL. false: nothing. */
NODISCARD bool sheet_node_at(struct arena *a, struct sheet *s, uint32_t i,
                             const struct reads *without, struct sheet_node *out);
/* Every edit so far counts. false: the sheet is broken. */
NODISCARD bool sheet_mend(struct arena *a, struct sheet *s);

/* ---- sheet_each.c ---- */
NODISCARD enum rc sheet_each_fill(struct arena *a, struct sheet *s);
/* As sheet_reads, of a sheet that is mended. */
void sheet_each_reads(struct arena *a, struct sheet *s, uint32_t i, struct reads *r);
/* As sheet_touch and sheet_mend. */
NODISCARD bool sheet_each_touch(struct sheet *s, uint32_t unit);
NODISCARD bool sheet_each_mend(struct arena *a, struct sheet *s);
bool sheet_each_add(struct arena *a, struct sheet *s, const struct loose_member *x,
                    const struct reads *silent, struct region *g);
/* ---- sheet_open.c ---- */
/* Rolls and registers that the unit at tree index i owes and has not filed (C35); a pair each. */
uint32_t sheet_open_at(struct sheet *s, uint32_t i, struct unit_reads *reads);
void sheet_find_rolls(struct sheet *s);

#endif
