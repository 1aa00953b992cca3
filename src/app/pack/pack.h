/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack with its data, opened: plan, unit tree, dataset.
 *
 *     struct pack p;
 *     enum rc rc = pack_open_plan(a, "plans/demo", &p, &e);
 *     rc = rc == RC_OK ? pack_open_tables(a, "plans/demo", dirs, n_dirs, &p, &e) : rc;
 *     if (rc == RC_INPUT) { pack_render_faults(&p, true, &out); }
 *
 * Tables directly in the pack folder and all tables below the data folders are read; without data
 * folders those below the pack's own folder `data`.
 *
 * Invariant
 *   PK1  plan is set unless the plan is faulty; tree and data only when everything is right.
 * Ownership: all in the arena a; the pack may be moved.
 */
#ifndef APP_PACK_PACK_H
#define APP_PACK_PACK_H

#include "app/load/load.h"
#include "lang/diag.h"
#include "lang/lang.h"

#define PLAN_SUBJECT "plan" /* in a book, of adoptions */

struct pack {
    struct lang lang;
    struct diags diags;
    struct problems problems;
    const struct plan *plan;
    const struct tree *tree;
    const struct dataset *data;
    int64_t seen; /* of a plan that a book has: the last adoption known (app/adopt); 0: none */
};

/* The plan alone. RC_INPUT: faults in diags; others: e. */
NODISCARD enum rc pack_open_plan(struct arena *a, const char *pack_dir, struct pack *out,
                                 struct err *e);
/* The same from texts in memory, in byte order of their paths. */
NODISCARD enum rc pack_open_texts(struct arena *a, const struct lang_text *texts, uint32_t n,
                                  struct pack *out, struct err *e);
/* Then the tables. RC_INPUT: faults in problems; RC_NOT_FOUND, RC_IO, RC_LIMIT …: e. */
NODISCARD enum rc pack_open_tables(struct arena *a, const char *pack_dir,
                                   const char *const *data_dirs, uint32_t n_dirs, struct pack *out,
                                   struct err *e);
/*
 * The same, but rows that do not fit the plan (which may be newer or older than the facts, or of
 * another pack) are left out and told in left_out, all of them.
 */
NODISCARD enum rc pack_open_what_fits(struct arena *a, const char *pack_dir,
                                      const char *const *data_dirs, uint32_t n_dirs,
                                      struct problems *left_out, struct pack *out, struct err *e);
/* All diagnostics and problems, for people. */
void pack_render_faults(const struct pack *p, bool chinese, struct buf *out);
/* {"diagnostics": [...], "problems": [...]} */
void pack_faults_json(const struct pack *p, struct json *j);

#endif
