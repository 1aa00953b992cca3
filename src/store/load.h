/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book as the engine wants it: a tree of units and a dataset; a later commit as edits.
 *
 *     struct book_state b;
 *     TRY(book_load(a, reader, &(struct book_options){.plan = plan, .upto = INT64_MAX}, &b, e));
 *     ... judge b.data ...
 *     TRY(store_wait(reader, b.seq, 1000, &last, e));
 *     TRY(book_follow(reader, &b, last, &sink, e));      // commits after b.seq, as edits
 *     if (b.tree_changed) { load anew: the tree is another one }
 *
 * Invariants
 *   LD1 book_load up to commit n gives what was known when n was the last one: the tree too.
 *   LD2 Rows keep their history (D2, C30): versions of one cell stand in order of their commits; of
 *       two of one recorded day and status the later one is given.
 *   LD3 The dataset holds the edits of all commits up to seq, in their order, facts sorted (D2).
 *   LD4 Waiting are the submitted facts of a unit and source whose last facts are submitted, and
 * the last version of a row of a register when it is submitted; last by commit, of those recorded
 *       by the day.
 */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "store/parcel.h"
#include "store/store.h"

struct book_options {
    const struct plan *plan;
    int64_t upto;    /* the last commit seen; INT64_MAX: all */
    bool pending;    /* what waits counts as accepted (LD4) */
    struct date day; /* the same: by what was recorded on or before that day */
    /* Rows the plan or tree does not know (PA3); NULL: left out in silence. */
    void (*left)(void *ctx, const struct parcel_left *left);
    void *ctx;
};

struct book_state {
    const struct plan *plan;
    const struct tree *tree;
    const struct dataset *data;
    int64_t seq;       /* the last commit in it */
    bool tree_changed; /* book_follow met a change of the tree */
    struct parcel_reader *names;
};

/* The tree as of commit `upto`, as book_load has it. */
NODISCARD enum rc book_tree(struct arena *a, struct store_reader *r, const struct plan *plan,
                            int64_t upto, const struct tree **out, struct err *e);
/*
 * Everything in a. RC_NOT_FOUND: the book has no units yet; RC_INPUT: the plan does not know a
 * kind; RC_DB: damaged.
 */
NODISCARD enum rc book_load(struct arena *a, struct store_reader *r, const struct book_options *o,
                            struct book_state *out, struct err *e);
/*
 * The edits of the commits after b->seq up to `to`, in order; b->seq moves on. Between two commits
 * `commit` is called, so that the edits of one can be applied together. Texts of the edits lie in
 * the arena of the book.
 */
struct book_sink {
    struct parcel_sink rows;
    void (*commit)(void *ctx,
                   const struct store_event *ev); /* its edits are all given; may be NULL */
};
NODISCARD enum rc book_follow(struct store_reader *r, struct book_state *b, int64_t to,
                              const struct book_sink *sink, struct err *e);

/* LD4 for the rows of registers: those that wait become accepted. */
void book_accept_rows(struct arena *a, struct dataset *d, struct date day);

#endif
