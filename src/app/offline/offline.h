/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reporting without a network (docs/internals/offline.md): a round for some units out of the
 * centre's book, into a local book, and the answer back.
 *
 *     TRY(offline_pack(&desk, &wish, &bytes, &result, e));       // at either end; the book says
 * which TRY(package_read(a, bytes, &package, e)); TRY(offline_take_round(&in, &result, e)); // into
 * a local book, before a plan TRY(offline_take_answer(&in, &desk, &result, e));          // into
 * the centre's book
 *
 * Invariants
 *   OF1 The same package again, also after being killed at any moment, adds nothing twice and ends
 *       the same.
 *   OF2 What has moved at both ends is never merged and never overwritten but by the choice of a
 *       person, which is recorded.
 *   OF3 A package holds figures of the units it names alone, and at most of the class that who
 *       packs may read there.
 *   OF4 A submission is taken in as if it had been reported directly (report_carry).
 * Ownership: the arena of the desk, or of in.
 */
#ifndef APP_OFFLINE_OFFLINE_H
#define APP_OFFLINE_OFFLINE_H

#include "app/offline/package.h"
#include "app/report/desk.h"

struct sources;

enum offline_outcome {
#define OUTCOME(name, word, open, en, zh) OFFLINE_##name,
#include "app/offline/offline.def"
    OFFLINE__OUTCOMES
};

enum offline_choice {
#define TAKE(name, word) TAKE_##name,
#include "app/offline/offline.def"
    TAKE__N
};

struct offline_cell {
    struct str item, theirs, ours; /* as the book has them */
};

struct offline_row {
    struct str unit;
    enum offline_outcome outcome;
    int64_t seq; /* NEW, HERE, KEPT: the commit; CONFLICT: the one that moved it */
    struct str who, act;
    struct date day;
    struct {
        VEC(struct offline_cell) list;
    } cells;                      /* CONFLICT: what differs */
    struct report_findings found; /* REFUSED */
    struct str why[2];            /* REFUSED: English, Chinese; "": see found */
};

struct offline_result {
    struct str id, fingerprint, round;
    struct date until;
    VEC(struct offline_row) rows;
};

const char *offline_outcome_word(enum offline_outcome o);
/* Something is left to do in one of the rows. */
bool offline_is_open(const struct offline_result *r);

/* SM3 of the texts of a plan, in the order of its files. */
NODISCARD enum rc offline_plan(struct arena *a, const struct sources *s, struct str *out,
                               struct err *e);

/* ---- out ------------------------------------------------------------------------------------ */

struct offline_wish {
    struct str round;
    const struct str *units; /* codes or names; at a local book none: all that is submitted */
    uint32_t n_units;
    struct date until; /* of a round */
    const char *key;
    const struct sources *plan;
    int64_t now;
};
/*
 * RC_FINDINGS: an answer would hold nothing. RC_DENIED (`offline.out`), RC_NOT_FOUND, RC_INPUT,
 * RC_CONFLICT as report_open.
 */
NODISCARD enum rc offline_pack(struct desk *d, const struct offline_wish *w, struct str *bytes,
                               struct offline_result *out, struct err *e);

/* ---- in ------------------------------------------------------------------------------------- */

struct offline_take {
    struct str unit;
    enum offline_choice choice;
};
/* `UNIT=theirs`; false: it is no such text. */
bool offline_take_of(struct str text, struct offline_take *out);

struct offline_in {
    struct arena *a;
    struct store *store;
    struct store_reader *reader;
    const struct package *package;
    struct str actor;
    struct date today;
    desk_may_fn *may; /* NULL: a book without users, which is nobody's */
    void *may_ctx;
    struct str fingerprint; /* accepted by a person; "": by the book alone */
    const struct offline_take *takes;
    uint32_t n_takes;
    bool dry_run; /* says what would become of it */
};

/* The key, the days and the book fit: before anything is written. RC_DENIED: the key is not
 * accepted, e shows its fingerprint; RC_INPUT, RC_CONFLICT: another book, too old, over. */
NODISCARD enum rc offline_check(struct offline_in *in, struct err *e);
/* What offline_check says of a key that the book does not know; known: it knows another one. */
enum rc offline_unknown_key(const struct package *p, bool known, struct err *e);
/* The plan's files into a folder, which is made; what else lies there as *.plan is removed. */
NODISCARD enum rc offline_write_plan(const struct offline_in *in, const char *folder,
                                     struct err *e);
NODISCARD enum rc offline_take_round(struct offline_in *in, struct offline_result *out,
                                     struct err *e);
/* d: a desk at the same book, with the plan. plan: of its files. */
NODISCARD enum rc offline_take_answer(struct offline_in *in, struct desk *d, struct str plan,
                                      struct offline_result *out, struct err *e);

/* ---- showing -------------------------------------------------------------------------------- */

void offline_show(const struct offline_result *r, bool chinese, struct buf *out);
void offline_json(const struct offline_result *r, struct buf *out);

#endif
