/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sections and sentences of an official text, found by the marks of its headings: 附件1, 一、,
 * (一), 1. or 1、, (1), each level within the one before.
 *
 *     TRY(text_read(a, path, &t, e));
 *     text_clean(a, &t, &dropped);
 *     TRY(outline_make(a, &t, path, &o, e));
 *
 * A line begins a section when its mark is the next one of its level: lines may be broken anywhere,
 * and a broken one may begin with something like a mark. A number that is left out is accepted only
 * where a paragraph begins, and noted.
 *
 * A sentence ends with 。！？； or their half-width forms, and with its section. Marks within
 * quotation marks and brackets do not end one, except a full stop before a closing quotation mark.
 * The title of a heading without a full stop belongs to the sentence that follows; alone, with
 * sections below it, it is none. Before the first heading of the text or of an annex (whose path is
 * `附件1`) a text without a full stop is none either, and the list of annexes has no sentences.
 *
 * Invariants
 *   O1  Sections stand in the order of the text; a parent precedes its children.
 *   O2  Sentences stand in the order of the text; those of a section are neighbours.
 * Ownership: all in the arena.
 */
#ifndef IO_OUTLINE_H
#define IO_OUTLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;
struct text;

#define OUTLINE_NONE          UINT32_MAX
#define OUTLINE_SENTENCES_MAX 100000U

struct outline_section {
    struct str path;  /* `附件1 二(三)13`; `前言` for what precedes the first heading */
    struct str title; /* its beginning, for people */
    uint32_t parent;  /* OUTLINE_NONE: none */
    uint32_t line;    /* in the file */
    uint32_t skipped; /* numbers left out before it */
};

struct outline_sentence {
    struct str text; /* with its final mark */
    uint32_t section;
    uint32_t line;
};

struct outline {
    VEC(struct outline_section) sections;
    VEC(struct outline_sentence) sentences;
};

/* RC_INPUT: there is no heading at all. RC_LIMIT: too many sentences. */
NODISCARD enum rc outline_make(struct arena *a, const struct text *t, const char *path,
                               struct outline *out, struct err *e);

/* For a line in canonical form. */
bool outline_is_heading(struct str line);
bool outline_ends_sentence(struct str line);

#endif
