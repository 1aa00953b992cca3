/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reporting: rounds of a form, submissions of units, review tier by tier
 * (docs/internals/reporting.md). This header holds the documents and the one function that decides;
 * report/desk.h holds what is done with a book.
 *
 * Invariants
 *   RE1 report_step is pure: equal submission, round and act give equal answers.
 *   RE2 A submission has `n_tiers` >= 1 once it was submitted, and at < n_tiers while it is
 *       REPORT_SUBMITTED.
 *   RE3 Nobody who signed or submitted a version decides on it, and nobody decides on it twice.
 *   RE4 Signatures are of the figures and explanations as they stand; a change wipes them.
 * Ownership: the arena given; texts are not copied.
 */
#ifndef APP_REPORT_REPORT_H
#define APP_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/period.h"

struct arena;
struct err;

enum report_state {
#define STATE(name, text, en, zh) REPORT_##name,
#include "app/report/report.def"
    REPORT__STATES
};

enum report_place { AT_UNIT, AT_TIER, AT_ROOT }; /* where an act is done */

enum report_act_kind {
#define ACT(name, text, in, where, en, zh) ACT_##name,
#include "app/report/report.def"
    ACT__COUNT
};

enum report_role {
#define ROLE(name, text, en, zh) SIGNER_##name,
#include "app/report/report.def"
    SIGNER__COUNT
};

/* Something said about a thing: a reason for a returned cell, an explanation of a cell or check. */
struct report_note {
    struct str about; /* `kind.item`, or the id of a check */
    struct str text;
    struct str actor;
    struct str was; /* returned cells: the figure that was returned, as stored */
};
struct report_notes {
    VEC(struct report_note) list;
};
/* NULL: nothing is said about it. */
const struct report_note *report_note_of(const struct report_notes *notes, struct str about);

struct report_mark { /* who did something, where and when */
    enum report_act_kind act;
    struct str actor, unit;
    struct date day;
    struct str via; /* the package that states it; "": this program has asked for the password */
};
struct report_marks {
    VEC(struct report_mark) list;
};

struct round {
    struct str id, form;
    struct period period;
    struct str within;      /* code: the population is below it */
    const struct str *only; /* codes; none: all of the population */
    uint32_t n_only;
    const struct str *items; /* `kind.item` asked */
    uint32_t n_items;
    struct date due;       /* as issued: the population is that of this day */
    struct date until;     /* as extended; due when it is not */
    struct str cause;      /* of the last extension; "": none */
    struct report_mark by; /* whose it was; act ACT_SAVE as in opened */
    uint32_t signatures;   /* 0..SIGNER__COUNT */
    int64_t minutes;       /* a figure, as the issuer declares */
    struct report_mark opened;
};

struct submission {
    struct str round, unit;
    enum report_state state;
    int64_t version;       /* from 1 */
    struct str cause;      /* of a correction */
    struct str figures;    /* hash of figures and explanations; "" before the first save */
    struct date submitted; /* the first time; DATE_MIN: not yet */
    int64_t minutes;       /* it took, as the filler declares; 0: not said */
    const struct str *tiers;
    uint32_t n_tiers, at;
    struct report_notes returned, explained;
    struct report_marks signatures; /* in the order of the roles */
    struct report_marks decisions;  /* of this version since it was submitted last */
    struct report_mark last;
};

/* Where it stands, for lists. */
struct submission_brief {
    struct str unit, waits_for; /* waits_for: report_waits_for */
    enum report_state state;
    int64_t version;
    struct date submitted;
    uint32_t explained, returned, signatures;
};
/* As whom the actor signs: the next of the roles, or the one in which he has signed already, so
 * that signing twice is told apart from having no right to. With all signatures there the last one.
 */
enum report_role report_signs_as(const struct submission *s, struct str actor);
struct submission_brief submission_brief(const struct submission *s);

/* An act on a submission, with all that it depends on. */
struct report_act {
    enum report_act_kind act;
    struct str actor, unit; /* who, and at which unit */
    struct date day;
    struct str via;            /* as in report_mark */
    struct str cause;          /* CORRECT */
    struct str figures;        /* SAVE: the new hash */
    int64_t minutes;           /* SAVE; 0: as before */
    struct report_notes notes; /* SAVE: explanations; RETURN: cells with reasons */
    const struct str *tiers;   /* SUBMIT: from the nearest up */
    uint32_t n_tiers;
};

/*
 * The submission after the act. RC_CONFLICT: the state does not allow it (any more), and who moved
 * it; RC_DENIED: not this person, or not at this unit; RC_INPUT: something is lacking.
 */
NODISCARD enum rc report_step(struct arena *a, const struct round *r, const struct submission *now,
                              const struct report_act *act, struct submission *out, struct err *e);
/* How many signatures a version needs. */
uint32_t report_signatures(const struct round *r, const struct submission *s);
/* The unit at which the act is to be done, of a submission in this state; "" when there is none. */
struct str report_place_of(const struct round *r, const struct submission *s,
                           enum report_act_kind act);
/* The tier whose decision it waits for; "": none. */
struct str report_waits_for(const struct submission *s);
bool report_allows(enum report_state state, enum report_act_kind act);

const char *report_state_name(enum report_state s);
const char *report_act_name(enum report_act_kind act);
const char *report_role_name(enum report_role role);
const char *report_state_text(enum report_state s, bool chinese);
const char *report_act_text(enum report_act_kind act, bool chinese);
const char *report_role_text(enum report_role role, bool chinese);

/* ---- documents ------------------------------------------------------------------------------ */

/* `round/ID`, `form/ROUND/UNIT` */
struct str round_subject(struct arena *a, struct str id);
struct str submission_subject(struct arena *a, struct str round, struct str unit);
/* Canonical JSON: equal documents give equal bytes. */
struct str round_write(struct arena *a, const struct round *r);
struct str submission_write(struct arena *a, const struct submission *s);
/* RC_DB: damaged. Texts view the input or lie in a. */
NODISCARD enum rc round_read(struct arena *a, struct str json, struct round *out, struct err *e);
NODISCARD enum rc submission_read(struct arena *a, struct str json, struct submission *out,
                                  struct err *e);

#endif
