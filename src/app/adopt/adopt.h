/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adopting a plan: how the plan of a book becomes another one (docs/internals/adopting.md).
 *
 *     struct adopt_now now;
 *     TRY(adopt_now(a, reader, &given, INT64_MAX, today, &now, e));     // the plan in force
 *     struct adopt_trial t = {.a = a, .reader = r, .now = &now, .next = &pack};
 *     TRY(adopt_try(&t, e));                                            // what it would mean
 *     TRY(adopt_commit(&desk, &t, &words, &version, e));                // RC_FINDINGS: t.against
 *
 * Invariants
 *   AD1 What was accepted stays readable under the plan adopted and means the same; else it is
 *       refused, with all reasons.
 *   AD2 An adoption is one commit, made when nothing has come into the book since it was looked at.
 *   AD3 The plan in force after a commit, as of a day, is the one that was adopted last by then.
 *       Until the first adoption it is the pack that is given.
 * Ownership: the arena given; packs and readers must outlive it.
 */
#ifndef APP_ADOPT_ADOPT_H
#define APP_ADOPT_ADOPT_H

#include "app/pack/diff.h"
#include "app/pack/lint.h"
#include "app/pack/pack.h"
#include "app/report/desk.h"
#include "engine/live.h"
#include "model/verdict.h"
#include "store/store.h"

#define ADOPT_FILES_MAX 200U
#define ADOPT_BYTES_MAX (2U << 20) /* of all files */
#define ADOPT_NAME_MAX  200U       /* bytes of the name of a file */

/* ---- what the book keeps (book.c) ----------------------------------------------------------- */

struct adopt_version {
    int64_t seq, at; /* the commit that put it in force; 0: it was in force before the first */
    struct date day; /* of it; DATE_MIN */
    struct str actor, seat, reason, document;
    struct str digest, before; /* SM3 of the texts; of the version before */
    struct str plan, name;
    uint32_t n_files;
};

/* Oldest first; none: the book keeps no plan. */
struct adopt_versions {
    VEC(struct adopt_version) list;
};
NODISCARD enum rc adopt_versions(struct arena *a, struct store_reader *r,
                                 struct adopt_versions *out, struct err *e);
/* AD3. NULL: the book keeps no plan. */
const struct adopt_version *adopt_in_force(const struct adopt_versions *v, int64_t upto,
                                           struct date day);

/* The texts of a version. RC_NOT_FOUND: the book has none of this digest; RC_DB: damaged. */
NODISCARD enum rc adopt_texts(struct arena *a, struct store_reader *r, struct str digest,
                              const struct lang_text **texts, uint32_t *n, struct err *e);

struct adopt_now {
    const struct pack *pack; /* its `seen` is set */
    struct str digest;
    int64_t seq; /* the commit that put it in force, 0: none did */
};
/*
 * AD3. given: an open pack, or NULL. RC_CONFLICT: it is none of the book's versions; RC_USAGE: it
 * is NULL and the book keeps none; RC_NO_SUPPORT: the texts are no plan for this program.
 */
NODISCARD enum rc adopt_now(struct arena *a, struct store_reader *r, struct pack *given,
                            int64_t upto, struct date day, struct adopt_now *out, struct err *e);

/* Names and sizes of files that somebody sends. RC_INPUT, RC_LIMIT. */
NODISCARD enum rc adopt_check_texts(struct arena *a, const struct lang_text *texts, uint32_t n,
                                    struct err *e);

/* ---- what it would mean (weigh.c) ----------------------------------------------------------- */

enum adopt_thing {
#define THING(name, word, en, zh) ADOPT_THING_##name,
#include "app/adopt/adopt.def"
    ADOPT__THINGS
};

enum adopt_against {
#define AGAINST(name, code, en, zh, mend_en, mend_zh) ADOPT_##name,
#include "app/adopt/adopt.def"
    ADOPT__AGAINST
};

enum adopt_note {
#define NOTE(name, code, en, zh) ADOPT_NOTE_##name,
#include "app/adopt/adopt.def"
    ADOPT__NOTES
};

struct adopt_line {
    int what; /* an adopt_against, or an adopt_note */
    enum adopt_thing thing;
    struct str a;
    struct str b[2]; /* English, Chinese */
    uint64_t n;      /* 0: some; how many is not told */
};

struct adopt_lines {
    VEC(struct adopt_line) list;
};

struct adopt_trial {
    struct arena *a;
    struct store_reader *reader;
    const struct adopt_now *now;
    const struct pack *next;
    struct date today;
    /* Set by adopt_try. */
    struct str digest; /* of next */
    int64_t upto;      /* the book was looked at up to this commit */
    struct adopt_lines against, notes;
    /* private */
    const struct adopt_changes *changes;
    struct adopt_rows *rows; /* found in the rows of the book so far */
    uint32_t n_plan_notes;   /* those of the plans alone */
};

/* RC_CONFLICT: it is in force already, and kept. */
NODISCARD enum rc adopt_try(struct adopt_trial *t, struct err *e);
/* Once more, up to the newest commit; rows that were looked at are not read again. */
NODISCARD enum rc adopt_look(struct adopt_trial *t, struct err *e);

/* ---- the act (act.c) ------------------------------------------------------------------------ */

struct adopt_words {
    int64_t seen;    /* the last adoption that was seen, or REPORT_JUST_READ */
    struct str from; /* digest of the plan that was in force then; "": not said */
    struct str seat; /* by which he may; "": not said */
    struct str reason, document;
};
/*
 * AD1, AD2, by the right `plan.adopt` at the root. d: a desk under the plan in force. RC_FINDINGS:
 * t->against; RC_CONFLICT: another plan is in force than was seen, or the book does not rest;
 * RC_INPUT: no reason is given.
 */
NODISCARD enum rc adopt_commit(struct desk *d, struct adopt_trial *t, const struct adopt_words *w,
                               struct adopt_version *out, struct err *e);

/* ---- the effect (effect.c) ------------------------------------------------------------------ */

#define ADOPT_STATES (ST_NA + 2) /* those of verdicts, then: there is no such row */

/* How many verdicts go from which state to which. */
struct adopt_moves {
    uint64_t n[ADOPT_STATES][ADOPT_STATES];
    uint64_t changed; /* off the diagonal */
};

struct adopt_effect_line {
    struct str target, name;
    struct adopt_moves moves;
};

struct adopt_effect {
    int64_t seq; /* of the book that both were judged over */
    struct date day;
    struct adopt_moves all;
    struct {
        VEC(struct adopt_effect_line) list;
    } lines; /* commitments with changes, in the order of the plans */
};

/* A plan over the book, pinned; both over one tree. */
struct adopt_side {
    const struct plan *plan;
    const struct live_reader *live;
};
void adopt_effect(struct arena *a, const struct adopt_side sides[2], struct adopt_effect *out);
/* Members of an open object. */
void adopt_effect_members(const struct adopt_effect *x, struct json *j);
void adopt_effect_show(struct arena *a, const struct adopt_effect *x, bool chinese, uint32_t width,
                       struct buf *out);

/* ---- showing (show.c) ----------------------------------------------------------------------- */

/* The sentence of a line, and (of what stands against it) what to do. */
void adopt_line_text(const struct adopt_line *x, bool against, bool chinese, struct buf *out);
void adopt_line_mend(const struct adopt_line *x, bool chinese, struct buf *out);
/* Members of an open object: adoptable, digest … against, notes. */
void adopt_try_members(const struct adopt_trial *t, struct json *j);
/* What stands against it as the findings of a problem: {code, about, en, zh}, with what to do. */
void adopt_findings_json(const struct adopt_trial *t, struct json *j);
void adopt_try_show(const struct adopt_trial *t, bool chinese, struct buf *out);
/* When it was adopted; "": it was in force before the first adoption. */
struct str adopt_moment(struct arena *a, const struct adopt_version *v);
void adopt_version_members(struct arena *a, const struct adopt_version *v, struct json *j);

#endif
