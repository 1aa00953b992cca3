/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where all submissions of a book stand, in memory: a line of each, caught up commit by commit, so
 * that a list of a round reads no document (docs/internals/reporting.md, in the service).
 *
 *     struct roll *k = roll_open(a, store);
 *     if (roll_fill(k, round, lines, n)) { … }               any thread
 *     roll_close(k);
 *
 * Invariants
 *   RL1 A line says what the document says as of the newest commit when roll_fill was called, at
 *       least.
 *   RL2 Whoever has no memory for it says so, and never less than all.
 * Ownership: texts of lines are the roll's, until it is closed.
 */
#ifndef APP_REPORT_ROLL_H
#define APP_REPORT_ROLL_H

#include <stdbool.h>
#include <stdint.h>

#include "app/report/report.h"
#include "base/attr.h"

struct arena;
struct roll; /* opaque */
struct round_line;
struct store;

/* Nothing is read before it is asked. s must outlive it. */
struct roll *roll_open(struct arena *a, struct store *s);
/* k may be NULL. */
void roll_close(struct roll *k);
/* Fills in lines whose brief.unit is set; those of silent units stay. false: it cannot (memory, the
 * book); then the documents have to be read. */
NODISCARD bool roll_fill(struct roll *k, struct str round, struct round_line *lines, uint32_t n);

#endif
