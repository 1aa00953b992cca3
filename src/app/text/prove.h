/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs of figures (数字校对): each figure of a draft speech or bulletin against the verdicts and
 * facts of a plan (docs/internals/proofs.md).
 *
 *     stated_find(a, &outline, words, as_of.year, &stated);
 *     TRY(prove(a, x, unit, &outline, &stated, &p, e));
 *     prove_text(p, &out);
 *
 * Invariants
 *   PV1 Nothing sealed is compared: saying whether a guess is right would give a count away (C41).
 *   PV2 What is compared is what eval and explain would show to the same person.
 *   PV3 A figure is only called wrong where one thing alone is meant by it; else all of them are
 *       named.
 * Ownership: all in the arena.
 */
#ifndef APP_TEXT_PROVE_H
#define APP_TEXT_PROVE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/explain/explain.h"
#include "base/attr.h"
#include "base/rc.h"
#include "base/vec.h"
#include "draft/outline.h"
#include "draft/stated.h"
#include "io/docx_note.h"

struct arena;
struct buf;
struct err;
struct text;

enum proof_state {
#define STATE(name, word, sign, zh, en) PROOF_##name,
#include "app/text/proof_state.def"
    PROOF__COUNT
};

/* One thing that a figure may mean, and what it is. */
struct proof_match {
    bool item;   /* else a commitment */
    uint32_t ix; /* in the plan */
    uint32_t unit;
    int32_t year;
    bool sealed;         /* it is not looked at */
    bool loose;          /* its name may be but the end of another one: 学生 in 残疾学生 */
    bool there;          /* it has a figure */
    bool fits;           /* which is the printed one */
    bool partly;         /* some have not reported: it is the value over those who did */
    bool contradicts;    /* rounded as printed it would be on the other side of the target (C36) */
    struct rat lo, hi;   /* equal when known */
    struct rat value;    /* what is compared */
    struct str text;     /* as it ought to be printed */
    struct str recorded; /* of an item: since when it is known; may be empty */
    struct str stale;    /* when the printed figure was right: `2023`, `as of 2025-12-31` */
};

struct proof {
    const struct stated *stated;
    struct str printed; /* in the source */
    uint32_t line, page;
    enum proof_state state;
    VEC(struct proof_match) matches; /* the best first */
};

struct proofs {
    struct arena *a;
    const struct answer *answer;
    const struct outline *outline;
    VEC(struct proof) list; /* in the order of the text */
    uint32_t n[PROOF__COUNT];
    uint32_t n_passed_over; /* figures in characters that match nothing: 三项 */
    bool demo;
};

/* x: judged for all units. unit: whom figures are about where the text names nobody. RC_LIMIT. */
NODISCARD enum rc prove(struct arena *a, const struct explain *x, uint32_t unit,
                        const struct outline *o, const stated_list *stated, struct proofs **out,
                        struct err *e);

/* The whole finding in a sentence: `not the same: 95.7% as of 2026-06-30 (B0.1 …)`. */
void prove_say(const struct proofs *p, const struct proof *f, struct buf *out);
void prove_text(const struct proofs *p, struct buf *out);
void prove_json(const struct proofs *p, struct buf *out);
/*
 * A copy of the docx that the outline was read from, with a comment at each figure that is not the
 * same. t, bytes: as docx_annotate has them.
 */
NODISCARD enum rc prove_annotate(const struct proofs *p, const char *path, struct str bytes,
                                 const struct text *t, struct docx_noted *out, struct err *e);
/* Counts in a line. */
void prove_counts(const struct proofs *p, struct buf *out);
/* RC_FINDINGS: some figure is wrong, stale, in doubt or may be several. */
enum rc prove_status(const struct proofs *p);

#endif
