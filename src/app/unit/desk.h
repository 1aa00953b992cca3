/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of units at the desk: operations that are permitted and fit the plan, official lists,
 * and what people are shown of it. What an operation does is in store/units.h.
 *
 * Invariants
 *   UD1 A kind that the plan does not know is refused: a book with it could not be judged any more.
 *   UD2 An operation needs `unit.set` at every unit it touches; where one does not stand (it is
 *       new, or closed), at the unit above it.
 */
#ifndef APP_UNIT_DESK_H
#define APP_UNIT_DESK_H

#include "app/keep/keep.h"
#include "app/seat/desk.h"
#include "store/units.h"

/* UD1. RC_INPUT. */
NODISCARD enum rc unit_ops_fit(struct arena *a, const struct plan *plan, const struct unit_op *ops,
                               uint32_t n, struct err *e);
/* UD2. RC_DENIED. */
NODISCARD enum rc unit_ops_allow(const struct seat_desk *d, const struct units *u,
                                 const struct unit_op *ops, uint32_t n, struct err *e);
/* Both, then the commit, with the reason as its note. *seq: its number. */
NODISCARD enum rc unit_ops_commit(struct seat_desk *d, const struct plan *plan,
                                  const struct unit_op *ops, uint32_t n, struct str cause,
                                  int64_t *seq, struct err *e);

/* Both, and whether it would be possible; nothing is recorded. */
NODISCARD enum rc unit_ops_try(struct seat_desk *d, const struct plan *plan,
                               const struct unit_op *ops, uint32_t n, struct err *e);
/* A renaming that says nothing of the alias leaves it as it is. */
NODISCARD enum rc unit_keep_alias(struct arena *a, struct store_reader *r, struct unit_op *op,
                                  struct err *e);

/* An official list: CSV with the columns code, name, kind, parent, alias of a pack's units. */
struct unit_lines {
    VEC(struct unit_line) list;
};
NODISCARD enum rc unit_lines_read(struct arena *a, const char *path, struct unit_lines *out,
                                  struct err *e);
/* The same of bytes in memory; name: in messages. */
NODISCARD enum rc unit_lines_of(struct arena *a, const char *name, struct str bytes,
                                struct unit_lines *out, struct err *e);
/* How a list is taken. */
struct unit_roll {
    const struct unit_lines *lines;
    struct date day;
    struct str within; /* units below this one; "": all */
    bool close_missing;
};
/* The operations that make the tree what the list says, permitted and fit for the plan; even to
 * learn that there are none takes the right. */
NODISCARD enum rc unit_list_ops(struct seat_desk *d, const struct plan *plan,
                                const struct unit_roll *list, const struct unit_op **ops,
                                uint32_t *n, struct err *e);

/* ---- showing -------------------------------------------------------------------------------- */

/* What is done or would be done; seq 0: nothing was. */
void unit_ops_print(struct arena *a, const struct unit_op *ops, uint32_t n, int64_t seq,
                    const struct keep_print *p);
/* The tree of the day, below `within` and with it ("": all). RC_NOT_FOUND. */
NODISCARD enum rc unit_tree_print(struct arena *a, const struct plan *plan, const struct tree *tree,
                                  struct date day, struct str within, const struct keep_print *p,
                                  struct err *e);
/* All that was ever said of a unit, by whom, when and why; its mergers and splits. RC_NOT_FOUND. */
NODISCARD enum rc unit_history_print(struct arena *a, struct store_reader *r, struct str code,
                                     const struct keep_print *p, struct err *e);

#endif
