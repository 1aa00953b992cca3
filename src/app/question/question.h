/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions of a book: what a detector found, put to a unit, replied to, decided by the unit above
 * (docs/internals/questions.md).
 *
 * Invariants
 *   QU1 question_step is pure.
 *   QU2 Who replied does not decide on the reply.
 *   QU3 A question is asked once; one that was settled again only when a figure in it has changed.
 *   QU4 It is corrected when something of the unit was accepted after it had been asked and the
 *       detector no longer asks; nobody says so by hand.
 *   QU5 It is shown to who may read what it tells, at the unit that is asked; one about sealed
 *       figures stays, with its decision, in that unit.
 * Ownership: the arena given; texts are not copied.
 */
#ifndef APP_QUESTION_QUESTION_H
#define APP_QUESTION_QUESTION_H

#include "app/inspect/inspect.h"
#include "app/report/desk.h"

enum question_state {
#define STATE(name, text, en, zh) QUESTION_##name,
#include "app/question/question.def"
    QUESTION__STATES
};

enum question_act_kind {
#define ACT(name, text, in, en, zh) QUESTION_ACT_##name,
#include "app/question/question.def"
    QUESTION_ACT__COUNT
};

#define QUESTION_REPLY_BYTES 8192U

/* What was found, as it is put. */
struct question_put {
    struct str detector, unit, what, period, text[2], figures; /* unit: code */
    enum data_class class_;
    int64_t known; /* commits of the book that it was found in */
};

struct question_doc {
    enum question_state state;
    struct question_put put;
    struct str reply, replied_by, file; /* file: hash of the evidence, "": none */
    struct str reason;                  /* why it is asked again */
    enum question_act_kind last_act;
    struct str last_actor;
    struct date last_day;
};

struct question_act {
    enum question_act_kind act;
    struct str actor;
    struct date day;
    struct str text;                /* REPLY, AGAIN */
    struct str file;                /* REPLY */
    const struct question_put *put; /* ASK */
};

/* RC_CONFLICT, RC_DENIED, RC_INPUT. */
NODISCARD enum rc question_step(const struct question_doc *now, const struct question_act *act,
                                struct question_doc *out, struct err *e);
struct str question_write(struct arena *a, const struct question_doc *q);
NODISCARD enum rc question_read(struct arena *a, struct str json, struct question_doc *out,
                                struct err *e);
const char *question_state_name(enum question_state s);
const char *question_state_text(enum question_state s, bool chinese);
const char *question_act_name(enum question_act_kind act);

/* ---- at the desk ---------------------------------------------------------------------------- */

struct question_line {
    struct str id;
    struct question_doc doc;
    int64_t seen; /* commit that touched it last */
};
struct question_lines {
    VEC(struct question_line) list; /* by id */
};

/* All of the book, whoever asks: to find one to act on, and to count. */
NODISCARD enum rc question_all(struct desk *d, struct question_lines *out, struct err *e);
/* Those the actor may read (QU5), of one unit or (NONE) of all, settled ones only when asked for.
 * RC_DENIED: he may read none. */
NODISCARD enum rc question_seen(struct desk *d, const struct question_lines *all, uint32_t unit,
                                bool settled, struct question_lines *out, struct err *e);
/* By its id, or a beginning that only one has, among those the actor may read. RC_NOT_FOUND. */
NODISCARD enum rc question_find(struct desk *d, const struct question_lines *all, struct str id,
                                struct question_line **out, struct err *e);

/* What is found in the book; with a draft (or NULL) in it as if it were accepted. Kept is what the
 * actor may read, of the unit (NONE: of all). Nothing is recorded. RC_DENIED. */
NODISCARD enum rc question_inspect(struct desk *d, uint32_t unit, const struct report *draft,
                                   struct inspection *out, struct err *e);

struct progress;

/* What is looked for, whoever asks. */
struct question_wish {
    uint32_t unit; /* NONE: all */
    const struct report *draft;
    const struct progress *progress; /* of units; NULL: nobody hears */
};
/* By the eye of the desk, which is turned away before long; without one the whole book is read. */
NODISCARD enum rc question_look(struct desk *d, const struct question_wish *w,
                                struct inspection *out, struct err *e);

/* What the log and the tasks of the book say (inspect.h). */
NODISCARD enum rc question_log(struct desk *d, struct inspect_book *out, struct err *e);

/* Finds, asks what is new and settles what was corrected, of units within one, in one commit.
 * progress: as above. */
struct question_run {
    uint32_t asked, again, settled, left; /* left: asked before and still waiting */
};
NODISCARD enum rc question_ask(struct desk *d, uint32_t within, const struct progress *progress,
                               struct question_run *out, struct err *e);
/* Where an act is done: at the unit itself, or the one above it (the root's own at the root); of
 * sealed figures always in the unit (QU5). RC_NOT_FOUND: there is no such unit. */
NODISCARD enum rc question_place(struct desk *d, const struct question_doc *q,
                                 enum question_act_kind act, struct str *out, struct err *e);
/* REPLY, ACCEPT, AGAIN. seen: as for reports. content: of the evidence, or "". */
NODISCARD enum rc question_do(struct desk *d, struct question_line *q, struct question_act *act,
                              int64_t seen, struct str content, struct err *e);

/* By detector, of the units whose reports the actor may follow (`question.stats`). */
struct question_count {
    uint32_t of[QUESTION__STATES];
};
NODISCARD enum rc question_stats(struct desk *d, const struct question_lines *all,
                                 struct question_count out[DETECTOR__COUNT], struct err *e);

void question_list_show(struct desk *d, const struct question_lines *all, bool chinese,
                        uint32_t width, struct buf *out);
void question_list_json(struct desk *d, const struct question_lines *all, struct buf *out);
void question_show(struct desk *d, const struct question_line *q, bool chinese, uint32_t width,
                   struct buf *out);
void question_stats_show(struct desk *d, const struct question_count *c, bool chinese,
                         uint32_t width, struct buf *out);
void question_stats_json(const struct question_count *c, struct buf *out);

#endif
