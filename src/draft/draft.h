/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan document to a drafted pack (docs/internals/draft.md).
 *
 *     TRY(outline_read(a, path, &o, e));
 *     words_init(a, &w);
 *     TRY(draft_make(a, &o, &w, (struct draft_asked){0}, &d, e));
 *     draft_files(a, &d, chinese, &files);      what to write where
 *
 * Invariants
 *   DR1  The files together pass `tizhi check`; they do also when every `#? ` is taken away.
 *   DR2  Every figure of a declaration stands in the span that its comment names.
 *   DR3  The same document gives the same bytes.
 * Ownership: all in the arena.
 */
#ifndef DRAFT_DRAFT_H
#define DRAFT_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "draft/drafted.h"
#include "draft/outline.h"
#include "draft/words.h"

struct arena;
struct buf;
struct err;

#define DRAFT_LEVELS_MAX 5
#define DRAFT_FOUND_MAX  30000U /* what one pack can hold, with what each block declares */

struct draft_asked {
    int32_t from, to; /* the plan years; 0: as the document says */
};

/* The frame of the plan, as the document says it. */
struct draft_frame {
    struct str title, docno;  /* empty: not found */
    struct date_parts issued; /* year 0: not found */
    int32_t from, to;
    bool years_guessed; /* no span of years in the title: taken from the text */
    struct str levels[DRAFT_LEVELS_MAX];
    enum word_value tiers[DRAFT_LEVELS_MAX]; /* which words of WORD_PLACE mean them; or SCHOOL */
    uint32_t n_levels;
};

struct draft {
    struct arena *a;
    const struct outline *o;
    const struct vocabulary *w;
    struct draft_frame frame;
    drafted_list found;
    refusals refused;
    const uint32_t *chars; /* characters before each byte of the text */
    const uint32_t *kept;  /* bytes before it that sentences have: no line feeds, no tabs */
};

/* RC_INPUT: there is no year in the document and none was given. RC_LIMIT: DRAFT_FOUND_MAX. */
NODISCARD enum rc draft_make(struct arena *a, const struct outline *o, const struct vocabulary *w,
                             struct draft_asked asked, struct draft *out, struct err *e);

/* Bytes of the document's canonical text for bytes of a sentence. */
struct draft_span {
    uint32_t beg, end;
};
struct draft_span draft_span_of(const struct draft *d, uint32_t sentence, uint32_t beg,
                                uint32_t end);
/* The same counted in characters, from 1. */
struct draft_span draft_chars(const struct draft *d, struct draft_span s);

struct draft_file {
    struct str name;
    struct str text;
};
typedef VEC(struct draft_file) draft_files;

/* The pack: a frame, and a file for each chapter that has something. */
void draft_pack(const struct draft *d, draft_files *out);

#endif
