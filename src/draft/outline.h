/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan document as its readers understand it: one text, its paragraphs, the tree of its clauses
 * and its sentences, each with the place where it is printed.
 *
 *     TRY(outline_read(a, path, &o, e));                 reads, cleans, makes
 *     for (i < o.sentences.n) {
 *         use(o.sentences.items[i].text);                bytes [beg, end) of o.text
 *         struct str printed = outline_source(&o, beg, end);
 *
 * text is canonical (io/text.h): normal form KC, no white space, dashes are `-`. Paragraphs end
 * with one line feed; a line that was broken because it was full is joined to the next one, never
 * across a heading or the item of a list. A row of a table is a paragraph with tabs between its
 * cells. Between two digits a space stays where white space was.
 *
 * Headings are found by their marks (draft/mark.def): 附件1, 第一章, 一、, (一), 1. or 1、, (1),
 * 1), ①, each kind within the one before, unless the document nests them otherwise. A line begins a
 * section when its mark is the next one of its kind: lines may be broken anywhere, and a broken one
 * may begin with something like a mark. A number that is left out is accepted only where a
 * paragraph begins, and noted; numbers that begin anew below the same heading make a second row of
 * sections, whose path says so (`一1#2`).
 *
 * A sentence ends with 。！？； or their half-width forms, and with its section. Marks within
 * quotation marks and brackets do not end one, except a full stop before a closing quotation mark.
 * The title of a heading without a full stop belongs to the sentence that follows; alone, with
 * sections below it, it is none. Before the first heading of the text or of an annex (whose path is
 * `附件1`) a text without a full stop is none either, and the list of annexes has no sentences.
 *
 * Invariants
 *   O1  Sections stand in the order of the text; a parent precedes its children.
 *   O2  Sentences stand in the order of the text; those of a section are neighbours. So do
 *       paragraphs.
 *   O3  Every span begins and ends at a code point, and lies within the text.
 * Ownership: all in the arena.
 */
#ifndef DRAFT_OUTLINE_H
#define DRAFT_OUTLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "draft/clean.h"

struct arena;
struct buf;
struct err;
struct text;

#define OUTLINE_NONE          UINT32_MAX
#define OUTLINE_SENTENCES_MAX 100000U

struct outline_section {
    struct str path;  /* `附件1 二(三)13`; `前言` for what precedes the first heading */
    struct str code;  /* the same as an id: `A1.2.3.13`, of the main text `M2.3.13`; `P` */
    struct str title; /* its beginning, for people */
    uint32_t parent;  /* OUTLINE_NONE: none */
    uint32_t line;    /* in the file */
    uint32_t skipped; /* numbers left out before it */
    uint32_t mark;    /* where its mark begins */
    uint32_t beg;     /* after the mark */
    uint32_t end;     /* of its own text: up to the next heading */
};

struct outline_paragraph {
    uint32_t beg, end; /* without its line feed, with the mark of a heading */
    uint32_t section;  /* OUTLINE_NONE: in the list of annexes */
    uint32_t line;     /* in the file, where it begins */
    uint32_t page;     /* from 0 */
    bool heading;      /* it begins a section */
    bool row;          /* of a table: cells with tabs between */
};

/* What became of a line that begins with a mark. */
struct outline_decision {
    uint32_t line; /* in the file */
    uint32_t at;   /* in the text */
    enum outline_reason {
#define REASON(name, heading, en, zh) OUTLINE_##name,
#include "draft/outline_reason.def"
        OUTLINE__REASONS
    } reason;
    uint32_t number;   /* of the mark */
    uint32_t expected; /* the number that would come next */
};

/* A line of the file, where it begins in the text. */
struct outline_line {
    uint32_t at;
    uint32_t number;  /* in the file; docx: of the paragraph */
    uint32_t page;    /* from 0 */
    uint32_t printed; /* where it begins in the source */
    uint32_t origin;  /* the same in text.source of io/text.h */
};

struct outline_sentence {
    uint32_t beg, end;
    struct str text; /* the same in one piece: without line feeds and tabs; with its final mark */
    uint32_t section;
    uint32_t number; /* in the section, from 1 */
    uint32_t line;
};

/* A figure that may not be what was meant: it is marked, never mended. */
struct outline_doubt {
    uint32_t beg, end;
    enum outline_doubt_kind {
#define DOUBT(name, en, zh) OUTLINE_DOUBT_##name,
#include "draft/doubt.def"
    } kind;
};

struct outline {
    struct str text;      /* canonical */
    const uint32_t *from; /* text.n + 1 offsets in the source: of each byte, and of the end */
    struct str source;    /* the same paragraphs as printed, each with its line feed */
    VEC(struct outline_line) lines;
    VEC(struct outline_paragraph) paragraphs;
    VEC(struct outline_section) sections;
    VEC(struct outline_sentence) sentences;
    VEC(struct outline_decision) decisions; /* in the order of the text */
    VEC(struct outline_doubt) doubts;       /* kind by kind */
    const uint32_t *doubt_at; /* for each byte of the text its doubt, from 1; 0: none */
    struct text_dropped dropped;
    uint32_t n_automatic; /* docx: paragraphs numbered by the word processor */
};

/* RC_LIMIT: too many sentences. */
NODISCARD enum rc outline_make(struct arena *a, const struct text *t, const char *path,
                               struct outline *out, struct err *e);
/* RC_INPUT: there is no heading at all. */
NODISCARD enum rc outline_has_headings(const struct outline *o, const char *path, struct err *e);
/* Reads the file and cleans it first; it must have headings. Failures of text_read too. */
NODISCARD enum rc outline_read(struct arena *a, const char *path, struct outline *out,
                               struct err *e);
/* The same over bytes in memory; path is only a name. */
NODISCARD enum rc outline_read_bytes(struct arena *a, const char *path, struct str bytes,
                                     struct outline *out, struct err *e);

/* What is printed in the source for bytes [beg, end) of the text. */
struct str outline_source(const struct outline *o, uint32_t beg, uint32_t end);
/* Bytes [beg, end) of the text in text.source, of the file as read, without blanks behind; not
 * across lines left out. */
void outline_origin(const struct outline *o, uint32_t beg, uint32_t end, uint32_t *from,
                    uint32_t *to);
/* Where byte `at` of the text stands in the file. */
struct outline_line outline_line_at(const struct outline *o, uint32_t at);

/* Why a line is a heading, or why not although it begins with a mark. */
void outline_why(const struct outline_decision *d, bool chinese, struct buf *out);

/* A doubt that touches bytes [beg, end), or NULL. */
const struct outline_doubt *outline_doubt_in(const struct outline *o, uint32_t beg, uint32_t end);
const char *outline_doubt_text(enum outline_doubt_kind kind, bool chinese);

/* For a line in canonical form. */
bool outline_ends_sentence(struct str line);

#endif
