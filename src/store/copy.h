/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book copied to another place: backup, restore, and the way from SQLite to PostgreSQL and back.
 *
 * Invariants
 *   CP1 The copy is the same book: its id, numbers, moments and hashes; anchors of one hold for the
 *       other, and the audit says of both the same.
 *   CP2 At every moment the target is a whole book, as it was up to some commit. A copy that was
 *       broken off is gone on with; a copy made again adds what is new.
 *   CP3 Only a target that is empty, or that is the same book and has not gone another way, is
 *       written to.
 * What is read is the state of one moment, while others go on writing.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/store.h"

/*
 * The book of r, evidence included, to the place `where` with its folder `files` (NULL: WHERE.files
 * on SQLite; on PostgreSQL there must be one when the book has evidence). *out is the end of the
 * copy. RC_CONFLICT: CP3; RC_DB: a file of evidence is missing or was changed; others as
 * store_open.
 */
NODISCARD enum rc store_copy(struct arena *a, struct store_reader *r, const char *where,
                             const char *files, struct store_end *out, struct err *e);

#endif
