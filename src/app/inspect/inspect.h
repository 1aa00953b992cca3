/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What looks unlike the others, asked as questions (docs/internals/questions.md).
 *
 *     struct inspection found;
 *     TRY(inspect(a, plan, data, &(struct inspect_wish){.as_of = day, .unit = NONE}, &found, e));
 *
 * The same of a book that is in service, whose cells are borrowed for a moment:
 *
 *     struct inspect_look *look;
 *     TRY(inspect_look(a, cells, &wish, &look, e));       … the cells may change again
 *     TRY(inspect_find(look, &found, e));
 *
 * Invariants
 *   IN1 The same plan, data and day give the same questions in the same order on every machine:
 *       nothing depends on threads, addresses or time.
 *   IN2 A question has the figures that it rests on in its sentence, and one unit that is asked.
 *   IN3 A sealed item is never held against that of another unit, and its figure never printed;
 *       sealed registers are not looked at. Of other units only figures of PEERS_MIN and more
 *       together are told; an area is told those of its own.
 *   IN4 Who has said too little, or has too few of its kind beside it, is asked nothing.
 * Ownership: the arena given; plan and data must outlive the questions.
 */
#ifndef APP_INSPECT_INSPECT_H
#define APP_INSPECT_INSPECT_H

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/dataset.h"
#include "model/plan.h"

struct arena;
struct buf;
struct cells;
struct err;
struct json;

enum detector {
#define DETECTOR(name, word, pattern, en, zh, ask_en, ask_zh, usual_en, usual_zh) DETECTOR_##name,
#include "app/inspect/inspect.def"
    DETECTOR__COUNT
};

enum inspect_param {
#define PARAM(name, value) PARAM_##name,
#include "app/inspect/inspect.def"
    PARAM__COUNT
};

/* One question. Sorted by detector, then by how unusual it is, then by code and subject. */
struct question {
    enum detector detector;
    uint32_t unit;         /* that is asked */
    struct str what;       /* item, title or key; "": the unit as a whole */
    struct str period;     /* as written in tables */
    struct str text[2];    /* English, Chinese */
    struct str figures;    /* those of the sentence, whatever its words */
    double weight;         /* the larger, the more unusual */
    const uint32_t *about; /* other units it speaks of */
    uint32_t n_about;
    enum data_class class_; /* of what it tells */
};

struct inspection {
    VEC(struct question) list;
    uint32_t n_units; /* that have said something and were looked at */
};

/* What only a book knows: who has submitted what and when, and which document stands behind which
 * claim. */
struct inspect_filing {
    uint32_t unit;
    struct str round, actor;
    int64_t at; /* microseconds since 1970 */
};
struct inspect_claim {
    uint32_t unit;
    struct str task, document, hash;
};
struct inspect_book {
    VEC(struct inspect_filing) filings;
    VEC(struct inspect_claim) claims;
};

struct inspect_wish {
    struct date as_of;
    uint32_t unit;                   /* NONE: all */
    const struct inspect_book *book; /* NULL: there is none */
    /* Figures of one unit that count as if they were accepted, instead of those of their cells. */
    const struct fact *draft;
    uint32_t n_draft;
    /* All versions of the figures of a unit, as D2 has them; valid until it is asked for another
     * one. NULL: they are in the dataset. */
    enum rc (*history)(void *ctx, uint32_t unit, const struct fact **out, uint32_t *n,
                       struct err *e);
    void *ctx;
};

NODISCARD enum rc inspect(struct arena *a, const struct plan *p, const struct dataset *d,
                          const struct inspect_wish *w, struct inspection *out, struct err *e);

/* Takes what it needs of the cells; w with `history`. The tree outlives the look. RC_LIMIT. */
struct inspect_look; /* opaque */
NODISCARD enum rc inspect_look(struct arena *a, const struct cells *c, const struct tree *t,
                               const struct inspect_wish *w, struct inspect_look **out,
                               struct err *e);
NODISCARD enum rc inspect_find(struct inspect_look *look, struct inspection *out, struct err *e);

/* `change-5f0a9c…`: detector, unit, subject and period. */
struct str question_id(struct arena *a, const struct tree *t, const struct question *q);

const char *detector_word(enum detector x);
const char *detector_name(enum detector x, bool chinese);
const char *detector_usual(enum detector x, bool chinese);
double inspect_param(enum inspect_param x);

/* ---- showing -------------------------------------------------------------------------------- */

struct inspect_view {
    struct arena *a;
    const struct tree *tree;
    struct date day; /* of names */
    bool chinese;
    uint32_t width;
};

void inspect_show(const struct inspect_view *v, const struct inspection *found, struct buf *out);
/* An array of objects. */
void inspect_json(const struct inspect_view *v, const struct inspection *found, struct json *j);
/* The name of a unit on the day, or its last one before. */
struct str inspect_name(const struct inspect_view *v, uint32_t unit);

/* ---- against an answer key ------------------------------------------------------------------ */

/* Of one detector and its pattern: units planted and found; units asked that are planted with it,
 * with something else or of the generator's own making (`steered`), with nothing. */
struct inspect_score {
    uint32_t planted, found, other, clean;
};

/* By detector. path: answer-key.txt of demo-data. RC_INPUT, RC_IO … */
NODISCARD enum rc inspect_against(struct arena *a, const struct tree *t,
                                  const struct inspection *found, const char *path,
                                  struct inspect_score out[DETECTOR__COUNT], struct err *e);
void inspect_scores_show(const struct inspect_view *v, const struct inspect_score *s,
                         uint32_t n_units, struct buf *out);
void inspect_scores_json(const struct inspect_score *s, struct json *j);

#endif
