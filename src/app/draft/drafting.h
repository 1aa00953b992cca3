/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafting a pack from a plan document (draft/draft.h): from the file to the files.
 *
 *     TRY(drafting_make(a, &asked, &x, e));
 *     TRY(drafting_write(a, &x, out_dir, e));
 *     drafting_text(&x, chinese, &out);
 *
 * Ownership: all in the arena.
 */
#ifndef APP_DRAFT_DRAFTING_H
#define APP_DRAFT_DRAFTING_H

#include "draft/draft.h"

struct buf;

struct drafting_asked {
    const char *path;  /* of the document */
    const char *words; /* a CSV of more words; NULL: none */
    const char *years; /* `2024-2026`; NULL: as the document says */
};

/* What was found, counted. */
struct drafting_counts {
    uint32_t kinds[DRAFTED_RULE + 1]; /* written as declarations */
    uint32_t comments;                /* written as comments */
    uint32_t doubtful;                /* of these, because a figure may be wrong */
    uint32_t medium;                  /* declarations that are not sure */
    uint32_t refused;                 /* figures that are no commitments */
    uint32_t silent;                  /* sentences of which nothing was drafted */
};

struct drafting {
    struct outline o;
    struct vocabulary w;
    struct draft d;
    draft_files files;
    struct drafting_counts n;
};

/* RC_INPUT also for years that are none; failures of outline_read and of the words. */
NODISCARD enum rc drafting_make(struct arena *a, const struct drafting_asked *asked,
                                struct drafting *out, struct err *e);
/* Writes the pack into a folder that has no plan files yet; RC_CONFLICT: it has some. */
NODISCARD enum rc drafting_write(struct arena *a, const struct drafting *x, const char *dir,
                                 struct err *e);

/* What was found, and what a person has to look at next. */
void drafting_text(const struct drafting *x, const char *dir, bool chinese, struct buf *out);
/* Why everything was read so, sentence by sentence. */
void drafting_why(const struct drafting *x, bool chinese, struct buf *out);
void drafting_json(const struct drafting *x, bool chinese, struct buf *out);

#endif
