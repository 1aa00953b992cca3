/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler of the plan language: a pack folder to a checked plan.
 *
 *     struct lang l;
 *     enum rc rc = lang_open(a, "plans/demo", &ds, &l, &e);
 *     if (rc == RC_INPUT) { diags_render_text(&ds, DIAG_ZH, false, &out); }
 *
 * text -> tokens -> tree (parse) -> names (resolve) -> types, units, grain (check) -> plan (lower)
 *
 * Invariants
 *   LG1  A plan is given out only when no error was reported: nothing half-done.
 *   LG2  ds->sources points into the result, so that diagnostics render after any outcome.
 *   LG3  The same bytes give the same plan and the same diagnostics in the same order.
 * Ownership: everything lies in the arena a. The sink ds was initialised with an arena that
 * lives at least as long.
 */
#ifndef LANG_LANG_H
#define LANG_LANG_H

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "lang/source.h"

struct arena;
struct ast;
struct diags;
struct err;
struct plan;

struct lang {
    struct sources *sources;
    struct ast *ast;         /* NULL when parsing failed */
    const struct plan *plan; /* NULL unless RC_OK */
};

/*
 * Compiles all *.plan files below pack_dir, in byte order of their paths.
 * RC_INPUT: errors in the plan, all of them in ds. RC_NOT_FOUND: no such folder, or no plan file
 * in it; RC_LIMIT, RC_IO ...: e says what. e may be NULL.
 */
NODISCARD enum rc lang_open(struct arena *a, const char *pack_dir, struct diags *ds,
                            struct lang *out, struct err *e);

/* A file of a pack that lies in memory. path: relative to the pack, shown in messages. */
struct lang_text {
    struct str path, text;
};
/* The same from texts instead of a folder, in the order given. */
NODISCARD enum rc lang_load_texts(struct arena *a, const struct lang_text *texts, uint32_t n,
                                  struct diags *ds, struct lang *out, struct err *e);
/* From one: tests, editors. */
NODISCARD enum rc lang_load_text(struct arena *a, struct str path, struct str text,
                                 struct diags *ds, struct lang *out, struct err *e);

#endif
