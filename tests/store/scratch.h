/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts of a book from scratch, to hold a standing against; and random acts on a book. */
#ifndef TESTS_STORE_SCRATCH_H
#define TESTS_STORE_SCRATCH_H

#include "app/standing/standing.h"
#include "tests/lib/random_pack.h"
#include "tests/store/fixture.h"

/* What is asked of a book. */
struct question {
    const struct plan *plan;
    bool pending;
    struct date day;
    int64_t upto;
};

/* By book_load, columns or the reference; everything in a. */
void scratch_judge(struct arena *a, struct book *b, const struct question *q, bool reference,
                   struct verdicts *out, const struct tree **tree);
/* Every field of every row of the newest version is that of the rows from scratch. */
void scratch_same(struct arena *a, const struct standing *s, const struct verdicts *want,
                  const char *who);
/* All rows as one text: equal tables have equal texts. */
struct str scratch_text(struct arena *a, const struct verdicts *v);
struct str scratch_live_text(struct arena *a, const struct standing *s);

/* Somebody who acts on a book at random: reports, decides, corrects, imports, moves units. */
struct actor {
    struct book *b;
    struct chance c;
    const char *name;
    uint32_t n; /* acts done */
    struct random_pack pack;
    struct actor_submission *submissions;
    uint32_t n_submissions;
    int64_t last;     /* number of the newest commit of its own */
    bool keeps_count; /* an act that is refused is replaced by a document: one commit each */
};
void actor_begin(struct actor *a); /* commits tree and facts of the pack */
void actor_act(struct actor *a);

#endif
