/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a dataset as parcels of the book, and back.
 *
 * What is stored is names, codes, periods and exact numbers in base units, so that a parcel is
 * understood under any plan that still knows the names. Sorts and their bodies (all JSON arrays; a
 * number is an integer or "p/q", a date "2024-09-01", absent values and open ends are null):
 *
 *     fact      layout [[item, period, definition?, point?, marks?], …], body [value, …]: one value
 *               per place; item as `kind.name`; marks of `p` provisional, `d` disputed
 *     attr      [[attribute, value, from, to], …], attribute as `kind.name`
 *     row       layout [register, field, …], body [[id, day, from, to, revoked, value, …], …]
 *     title     [[title, from, to, revoked], …]
 *     relation  [[relation, other unit, from, to, ended, confirmed], …]
 *     activity  [[relation, other unit, day], …]
 *     event     [[event, day], …], of no unit
 *     evidence  [[commitment, stage, day, document], …]
 *     filing    [["register" | "form" | "roll", name, period, nil], …]
 *
 * Invariants
 *   PA1 parcel_read(parcel_write(edits)) gives the edits again, in order, but for provenance: its
 *       file is the book, its line the number of the commit (which orders versions), its recorded
 *       day the parcel's.
 *   PA2 Equal rows give equal bytes, on every machine.
 *   PA3 A name, code or value that the plan or tree does not know is left out and told, alone:
 *       the rest of its parcel is read.
 */
#ifndef STORE_PARCEL_H
#define STORE_PARCEL_H

#include "model/edit.h"
#include "model/plan.h"
#include "store/store.h"

/*
 * Parcels of the edits, in their order; neighbours of one unit, sort, status and origin share one.
 * Everything lies in a. RC_LIMIT: a row is too large.
 */
NODISCARD enum rc parcel_write(struct arena *a, const struct plan *plan, const struct tree *tree,
                               const struct edit *edits, uint32_t n,
                               const struct store_parcel **out, uint32_t *n_out, struct err *e);

/* Code of the second-level unit above the unit (itself, when it is one) on the day; of the root
 * its own. */
struct str parcel_area(const struct tree *tree, uint32_t unit, struct date day);

enum parcel_gap {
    PARCEL_UNKNOWN_UNIT,
    PARCEL_UNKNOWN_NAME, /* of an item, register, title … */
    PARCEL_UNKNOWN_VALUE /* a choice or stage that is no more, a value of another type */
};

/* What was left out (PA3). */
struct parcel_left {
    enum parcel_gap gap;
    struct str unit, name;
    int64_t seq;
};

struct parcel_sink {
    void (*edit)(void *ctx, const struct edit *edit);
    void (*left)(void *ctx, const struct parcel_left *left); /* NULL: not told */
    void *ctx;
};

/* Names of one plan and tree, and layouts resolved against them. */
struct parcel_reader;
struct parcel_reader *parcel_reader_new(struct arena *a, const struct plan *plan,
                                        const struct tree *tree);
/*
 * A region has a hundred thousand layouts, and reads most of them once. With an arena of their own
 * they can be let go between two parcels: first parcel_reader_forget, then the arena is released.
 */
void parcel_reader_apart(struct parcel_reader *r, struct arena *layouts);
/* How many are remembered. */
uint32_t parcel_reader_layouts(const struct parcel_reader *r);
void parcel_reader_forget(struct parcel_reader *r);
/*
 * The edits of a parcel as a reader of the book gave it. Texts of the edits lie in the arena of the
 * reader. Units, lineage and documents give none. RC_DB: the parcel is damaged.
 */
NODISCARD enum rc parcel_read(struct parcel_reader *r, const struct store_parcel *p,
                              const struct parcel_sink *sink, struct err *e);

/* ---- figures in bulk ------------------------------------------------------------------------ */

/* What one place of a layout of facts means. */
struct parcel_place {
    uint32_t item; /* NONE: the plan does not know it */
    struct period period;
};

/* A layout of facts; the reader's own, for ever. */
struct parcel_form {
    uint32_t id; /* of this reader: a small number */
    uint32_t n;
    const struct parcel_place *places;
};

/* n / d, not reduced; d == 0: no value. A boolean is 0/1 or 1/1. */
struct parcel_number {
    int64_t n, d;
};

struct parcel_figures {
    const struct parcel_form *form;
    const struct parcel_number *numbers; /* by place; until the next call */
};

/*
 * The figures of a parcel of facts without a row for each: ten times as fast as parcel_read, which
 * is its reference. false: there is something in it that is more than a number of 18 digits or a
 * boolean (texts, choices, marks, definitions, damage): parcel_read. The unit is not looked at.
 */
NODISCARD bool parcel_figures(struct parcel_reader *r, const struct store_parcel *p,
                              struct parcel_figures *out);

#endif
