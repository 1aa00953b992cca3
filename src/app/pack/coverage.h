/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The official text against the pack, sentence by sentence.
 *
 *     TRY(coverage_make(a, &pack, path, &c, e));
 *     coverage_text(c, chinese, &out);
 *     return coverage_status(c);
 *
 * The sentences of a section belong to its declared clause (条款 gives code and path), else to that
 * of the nearest section around it, else to its own path. A reference to sentences speaks for them;
 * a reference to the whole clause speaks for the sentences that no reference names.
 *
 *   covered       something that is judged, filed or granted speaks for it
 *   unmeasurable  only 不可测 does
 *   open          nothing does; an indicator without a target judges nothing
 *
 * Ownership: all in the arena.
 */
#ifndef APP_PACK_COVERAGE_H
#define APP_PACK_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/figures.h"
#include "app/pack/pack.h"
#include "draft/outline.h"
#include "model/plan.h"

struct csv_writer;
struct buf;

enum coverage_state { COVERAGE_COVERED, COVERAGE_UNMEASURABLE, COVERAGE_OPEN, COVERAGE__COUNT };

struct coverage_sentence {
    struct str text;
    uint32_t line; /* of the file */
    uint32_t clause;
    uint32_t number; /* within the clause, from 1 */
    enum coverage_state state;
    bool whole;       /* only references to the whole clause speak for it */
    VEC(uint32_t) by; /* the commitments that do */
    figures unheld;   /* its figures that none of them holds */
};

struct coverage_clause {
    struct str code; /* "" when none is declared */
    struct str path;
    struct str title;
    uint32_t n[COVERAGE__COUNT];
    uint32_t n_sentences;
    uint32_t n_whole;
};

/* A reference to a sentence that the clause does not have. */
struct coverage_beyond {
    uint32_t commitment;
    const struct clause_ref *ref;
    uint32_t n_sentences;
};

/* A number left out in the text: what is there before it is perhaps missing. */
struct coverage_gap {
    struct str path;
    uint32_t line;
    uint32_t skipped;
};

struct coverage {
    struct arena *a;
    const struct plan *plan;
    const struct outline *outline; /* its sentences are those below, one for one */
    struct text_dropped dropped;
    uint32_t n_automatic;                /* paragraphs numbered by the word processor */
    VEC(struct coverage_clause) clauses; /* in the order of the text */
    VEC(struct coverage_sentence) sentences;
    VEC(uint32_t) missing; /* clause_codes that the text does not have */
    VEC(struct coverage_beyond) beyond;
    VEC(struct coverage_gap) gaps;
};

/* The pack must be open (its plan). Failures of text_read and outline_make. */
NODISCARD enum rc coverage_make(struct arena *a, const struct pack *p, const char *path,
                                struct coverage **out, struct err *e);

/* The same of a text that is read already. */
struct coverage *coverage_of(struct arena *a, const struct pack *p, const struct outline *o);

/* width: of the terminal, 0: unlimited */
void coverage_text(const struct coverage *c, bool chinese, uint32_t width, struct buf *out);
void coverage_json(const struct coverage *c, struct buf *out);
/* A row a sentence. */
void coverage_csv(const struct coverage *c, bool chinese, struct csv_writer *w);

/* RC_OK; RC_FINDINGS: something is open, or a reference leads nowhere; RC_INPUT: the text lacks
 * clauses that the pack declares. */
enum rc coverage_status(const struct coverage *c);
/* "covered" */
const char *coverage_state_name(enum coverage_state s);

#endif
