/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The living plan: the official text with every commitment of the pack marked where it is printed,
 * and how it stands (docs/internals/living-text.md).
 *
 *     TRY(coverage_make(a, pack, path, &c, e));
 *     living_make(a, c, pack ast, explain, unit, &l);
 *     living_html(l, &out);
 *
 * A *note* is a commitment that speaks for some sentence, with its rows at the unit. A *mark* is a
 * stretch of text with the notes that are printed there.
 *
 * Invariants
 *   LT1 Marks stand in the order of the text, do not overlap, and lie each within a paragraph.
 *   LT2 Every note has at least one mark, and notes are numbered by their first one, from 1.
 *   LT3 What a note says of a row is what eval prints of it: rights and seals (C41) are applied
 *       before.
 * Ownership: all in the arena.
 */
#ifndef APP_TEXT_LIVING_H
#define APP_TEXT_LIVING_H

#include <stdbool.h>
#include <stdint.h>

#include "app/explain/explain.h"
#include "app/pack/coverage.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct ast;
struct buf;

enum note_state {
#define STATE(name, css, sign, short_zh, short_en, zh, en) NOTE_##name,
#include "app/text/note_state.def"
    NOTE__COUNT
};

/* A row of eval as people read it. */
struct note_row {
    int32_t of; /* year */
    bool pending;
    struct str year, part;
    enum note_state state;
    struct str figure; /* "94.96%", "[9.71%, 29.13%]" */
    struct str required;
    struct str reported; /* "2/3" */
    struct str due;
    struct str flags;
};

struct living_note {
    uint32_t commitment;
    uint32_t number; /* from 1, in the order of the text */
    enum note_state state;
    VEC(struct note_row) rows;
    uint32_t n_elsewhere[NOTE__COUNT]; /* no row at the unit: rows of others, by state */
    struct str sources;
    VEC(uint32_t) measures; /* expressions that the rows read */
};

struct living_mark {
    uint32_t beg, end; /* of outline.text */
    bool open;         /* nothing judges this sentence: no notes */
    bool rest;         /* of a sentence: nothing in it says where the notes belong */
    bool silent;       /* a rest that goes on further down: the notes are shown there */
    VEC(uint32_t) notes;
    enum note_state state; /* the worst of them */
};

struct living {
    struct arena *a;
    const struct coverage *coverage;
    const struct answer *answer;
    uint32_t unit;
    bool demo;        /* facts of demonstration are among those read */
    struct str facts; /* where they come from, for the head of the page */
    VEC(struct living_note) notes;
    uint32_t *order; /* notes by number */
    VEC(struct living_mark) marks;
    uint32_t n[NOTE__COUNT]; /* notes by state */
};

const char *note_state_css(enum note_state s);
const char *note_state_sign(enum note_state s);
const char *note_state_short(enum note_state s, bool chinese);
const char *note_state_words(enum note_state s, bool chinese);

/* x: judged for all units, or for `unit` alone; facts: a line that says where they come from. */
void living_make(struct arena *a, const struct coverage *c, const struct ast *ast,
                 const struct explain *x, uint32_t unit, struct str facts, struct living **out);
/* Marks and notes without how anything stands; of the answer plan and language count. */
void living_place(struct arena *a, const struct coverage *c, const struct ast *ast,
                  const struct answer *answer, struct living **out);
/* Name of its unit. */
struct str living_unit(const struct living *l);
/* The name of a commitment in the language of the answer. */
struct str living_name(const struct living *l, const struct commitment *k);
/* One row as a line: `2025 ✓ 94.96% (required ≥ 95%), reported 2/3, due …`. */
void living_row(const struct living *l, const struct note_row *r, struct buf *out);
/* Of a note without rows here: `elsewhere: met 5, missed 2`; nothing when there are none either. */
void living_elsewhere(const struct living *l, const struct living_note *n, struct buf *out);
/* Why a sentence that nothing judges is shown in the margin. */
void living_open(const struct living *l, const struct coverage_sentence *s, struct buf *out);

/* A page that needs nothing else. */
void living_html(const struct living *l, struct buf *out);
/* The text, with signs in brackets at the marks, and the notes below. */
void living_text(const struct living *l, struct buf *out);
void living_json(const struct living *l, struct buf *out);

#endif
