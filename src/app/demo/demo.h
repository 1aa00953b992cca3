/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Demonstration data: a whole synthetic region for a plan pack, from a seed.
 *
 *     demo_write(a, &pack, "plans/p", "out", (struct demo_options){1, 100, day}, &files, &sum, &e)
 *
 * What is drawn comes from the pack alone: its units, kinds, items, registers, relations, titles
 * and commitments; how it is drawn from the tables of the pack's folder `demo` (docs/demo-data.md),
 * with plain defaults for what they do not name.
 *
 * Invariants
 *   DE1 The same pack, seed, size and day give the same bytes on every machine.
 *   DE2 Every row says that it is 示例数据, and so does the name of every unit made.
 *   DE3 What is written loads without a problem, and keeps the hard checks of the pack that can be
 *       told from one unit and year (docs/demo-data.md).
 *   DE4 Planted frauds stand in answer-key.txt beside the folder's data, and nowhere else.
 *   DE5 No row is recorded after the day: a book of record takes them all.
 * Files in `out`: data/TABLE-demo.csv, answer-key.txt.
 */
#ifndef APP_DEMO_DEMO_H
#define APP_DEMO_DEMO_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/rc.h"
#include "io/tables.h"

struct arena;
struct err;
struct pack;

/* The source of all that is made up: such data are marked wherever they are shown. */
#define DEMO_SOURCE "示例数据"

struct demo_options {
    uint64_t seed;
    uint32_t percent;  /* of the number of units in the pack's profile, 1 … 10000 */
    struct date as_of; /* what is recorded later is not written */
};

/* The files while they grow; all zero to begin with. Whoever has them releases them (arena.h, A5).
 */
struct demo_files {
    struct buf tables[IO_TABLE__COUNT];
    struct buf key;
};

struct demo_summary {
    uint32_t units, facts, rows, titles, pairs, evidence, frauds;
};

/*
 * p: the pack with its tables, opened. RC_INPUT: a profile table is wrong; RC_LIMIT: a table would
 * be too large; RC_IO … of writing.
 */
NODISCARD enum rc demo_write(struct arena *a, const struct pack *p, const char *pack_dir,
                             const char *out_dir, struct demo_options o, struct demo_files *files,
                             struct demo_summary *sum, struct err *e);
void demo_files_release(struct demo_files *files);

#endif
