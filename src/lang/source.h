/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text files of a plan pack, and places in them.
 *
 * Invariants
 *   SRC1  text has no byte order mark and ends with a NUL behind its n bytes.
 *   SRC2  ok means: valid UTF-8 without bidirectional or other controls (tab and line ends are
 *         allowed), private use or unassigned characters. A file that is not ok has been reported
 *         and is lexed as empty; its text is kept for showing the place.
 *   SRC3  line_beg[0] is 0 and rises; a line ends at LF, CR or CR LF.
 *   SRC4  Spans are byte offsets with beg <= end <= text.n, in one file.
 * Ownership: everything lies in the arena given to sources_add.
 */
#ifndef LANG_SOURCE_H
#define LANG_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct diags;

#define LIMIT_SOURCE_BYTES (16U * 1024 * 1024) /* one file */
#define LIMIT_PACK_BYTES   (64U * 1024 * 1024) /* all files of a pack */
#define SOURCE_TAB_WIDTH   4                   /* columns between tab stops, when shown */

struct span {
    uint32_t file; /* index in struct sources */
    uint32_t beg;
    uint32_t end; /* exclusive */
};

struct source {
    struct str path; /* as shown to people, relative to the pack */
    struct str text;
    uint32_t *line_beg;
    uint32_t n_lines; /* at least 1 */
    bool ok;
};

struct sources {
    VEC(struct source) files;
    uint64_t total_bytes;
};

/* A place for people: all counted from 1. */
struct place {
    uint32_t line;
    uint32_t column;  /* in code points */
    uint32_t display; /* in terminal columns, tabs expanded */
};

/*
 * Takes a file into the pack: copies path and bytes, checks the text and reports every fault to ds
 * (the first ones; see lang/diag.h). RC_OK also for faulty text. RC_LIMIT when a limit or the
 * arena's is passed (reported when it is a limit of the language). *file is the new index.
 */
NODISCARD enum rc sources_add(struct arena *a, struct sources *s, struct str path, struct str bytes,
                              struct diags *ds, uint32_t *file);

const struct source *source_at(const struct sources *s, uint32_t file);
/* The text of a span. */
struct str source_text(const struct sources *s, struct span at);
/* The line (from 0) that holds byte `at`; at == n belongs to the last line. */
uint32_t source_line_of(const struct source *f, uint32_t at);
/* The text of a line without its line end. */
struct str source_line(const struct source *f, uint32_t line);
struct place source_place(const struct source *f, uint32_t at);
/* The smallest span over both; they must lie in one file. */
struct span span_join(struct span x, struct span y);

#endif
