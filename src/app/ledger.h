/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book from tables: the units and facts of a pack that is open become its first commits.
 *
 *     TRY(ledger_units(a, store, reader, &pack, actor, e));
 *     TRY(ledger_rows(a, store, reader, &pack, actor, &n, e));
 *
 * Invariants
 *   LG1 The same rows loaded again by the same person are the same commits (BK3): nothing is
 *       recorded twice.
 *   LG2 Rows that say no recorded day are recorded on the day of the commit.
 *   LG3 Once a book has people, rows are taken in only from one who may at each unit that has some,
 *       for the most closed class among them.
 */
#ifndef APP_LEDGER_H
#define APP_LEDGER_H

#include "app/pack/pack.h"
#include "app/report/desk.h"
#include "store/store.h"

/* RC_INPUT: a row is recorded after today, which nobody can know; e names it. Ask before the rest,
 * so that a book is not begun with units alone. */
NODISCARD enum rc ledger_check(const struct pack *pack, struct date today, struct err *e);
/* LG3, of the operation `book.load`. */
NODISCARD enum rc ledger_allow(struct arena *a, const struct pack *pack, desk_may_fn *may,
                               void *may_ctx, struct str actor, struct err *e);
/* The tree of the pack. RC_CONFLICT: the book has units. */
NODISCARD enum rc ledger_units(struct arena *a, struct store *s, struct store_reader *r,
                               const struct pack *pack, struct str actor, struct err *e);
struct ledger_count {
    uint32_t rows, commits;
    uint32_t before; /* commits that were there already */
};
/* All rows of its tables. RC_NOT_FOUND: a unit of theirs is not in the book. */
NODISCARD enum rc ledger_rows(struct arena *a, struct store *s, struct store_reader *r,
                              const struct pack *pack, struct str actor, struct ledger_count *out,
                              struct err *e);

#endif
