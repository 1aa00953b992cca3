/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in files to a unit tree and a dataset (docs/plan-language.md, section 7).
 *
 * Invariants
 *   LO1  A dataset is given out only when there was no problem: nothing half-done.
 *   LO2  At most LOAD_SHOWN problems of a file are kept; the rest is counted.
 *   LO3  The order of files does not matter, only their content; problems come sorted by file, line
 *        and column.
 * Ownership: everything lies in the arena given; the plan must outlive the dataset.
 */
#ifndef APP_LOAD_LOAD_H
#define APP_LOAD_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/dataset.h"
#include "model/plan.h"
#include "model/tree.h"

struct arena;
struct buf;
struct err;
struct json;

#define LOAD_SHOWN         20
#define LOAD_FILE_BYTES    (1024U * 1024 * 1024)
#define LOAD_MAGNITUDE_MAX 1000000000000000 /* of a figure as written */

enum load_fault {
#define LOAD_FAULT(name, code, en, zh) LOAD_##name,
#include "app/load/fault.def"
    LOAD_FAULT__COUNT
};

struct problem {
    enum load_fault fault;
    struct str file;
    uint32_t line; /* 0: the file as a whole */
    uint32_t column;
    struct str a, b; /* fill {a} and {b}; a in English and b in Chinese where the row says so */
};

struct problems {
    VEC(struct problem) list;
    uint32_t n; /* all, kept or not */
};

struct load_input {
    const struct plan *plan;
    const char *const *paths; /* of CSV files */
    const char *const *names; /* as shown in messages and provenance */
    const struct str *texts;  /* their bytes, which outlive the dataset; NULL: read the files */
    uint32_t n;
    /* Rows that do not fit the plan are left out and told here, all of them; NULL: they are
     * problems like any other. */
    struct problems *left_out;
};

/* RC_INPUT: see `problems`. RC_IO, RC_LIMIT …: e. */
NODISCARD enum rc load_tables(struct arena *a, const struct load_input *in, struct problems *out,
                              const struct tree **tree, const struct dataset **data, struct err *e);

const char *load_fault_code(enum load_fault f);
/* One of them, in a sentence. */
void problem_text(const struct problem *p, bool chinese, struct buf *out);
void problems_render(const struct problems *p, bool chinese, struct buf *out);
/* An array of objects; j stands where a value may stand. */
void problems_json(const struct problems *p, struct json *j);

#endif
