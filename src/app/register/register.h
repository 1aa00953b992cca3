/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers (台账) on a book: rows that a unit keeps, and the reviews that carry them
 * (docs/internals/reporting.md, Registers). This header holds the documents and the function that
 * decides about a row; a review is a submission of report/report.h. register/desk.h holds what is
 * done.
 *
 * Invariants
 *   RG1 entry_step is pure.
 *   RG2 A row has one owner for good. What is proposed for a row that stands changes nothing of how
 *       it counts before it is accepted.
 *   RG3 stands <= version; stands > 0 exactly while an accepted version counts.
 * Ownership: the arena given; texts are not copied.
 */
#ifndef APP_REGISTER_REGISTER_H
#define APP_REGISTER_REGISTER_H

#include "app/report/report.h"

enum entry_state {
#define STATE(name, text, en, zh) ENTRY_##name,
#include "app/register/register.def"
    ENTRY__STATES
};

enum entry_by { BY_OWNER, BY_REVIEW, BY_TAKER };

enum entry_act_kind {
#define ACT(name, text, in, by, en, zh) ENTRY_ACT_##name,
#include "app/register/register.def"
    ENTRY_ACT__COUNT
};

struct entry_mark {
    enum entry_act_kind act;
    struct str actor, unit;
    struct date day;
};

struct entry_doc {
    enum entry_state state;
    int64_t version;      /* from 1: every proposal is one */
    int64_t stands;       /* the one that counts; 0: none */
    bool strike;          /* the proposal is to take the row off the register */
    bool transfer;        /* the proposal is one side of a transfer */
    struct str cause;     /* of the proposal */
    struct str before;    /* what it follows: `ID`, or `UNIT/ID` of another owner */
    struct str after;     /* what follows it, likewise */
    struct str offered;   /* to this unit, */
    struct date from;     /* from this day on; DATE_MIN: not offered */
    struct str declined;  /* why it was not taken; the offer waits for its owner again */
    struct str statement; /* period of the statement that carries it; "": its own review */
    struct entry_mark last;
};

struct entry_act {
    enum entry_act_kind act;
    struct str actor, unit;
    struct date day;
    struct str cause;     /* CHANGE, STRIKE of what stands; DECLINE */
    struct str before;    /* ADD */
    bool transfer;        /* ADD: at the unit that takes over */
    struct str after;     /* END, TAKE */
    struct str to;        /* OFFER: a unit, "": to nobody any more */
    struct date from;     /* OFFER */
    struct str statement; /* SUBMIT */
};

/*
 * The row after the act. RC_CONFLICT: the state does not allow it (any more), and who moved it;
 * RC_DENIED: not at this unit; RC_INPUT: something is lacking.
 */
NODISCARD enum rc entry_step(struct str owner, const struct entry_doc *now,
                             const struct entry_act *act, struct entry_doc *out, struct err *e);
bool entry_allows(enum entry_state state, enum entry_act_kind act);
/* It waits for the unit to take it or to decline. */
bool entry_offered(const struct entry_doc *t, struct str unit);
/* Proposed and not decided: draft, under review or returned. */
bool entry_pending(enum entry_state state);

const char *entry_state_name(enum entry_state s);
const char *entry_act_name(enum entry_act_kind act);
const char *entry_state_text(enum entry_state s, bool chinese);
const char *entry_act_text(enum entry_act_kind act, bool chinese);

/* ---- documents ------------------------------------------------------------------------------ */

/* What is carried through review: the state of a register for a period, or one row. */
struct register_sheet {
    bool nil;     /* a statement that there is nothing */
    int64_t rows; /* of the period, as stated; of a row 1 */
    struct submission review;
};

/* An offer as the unit that takes it finds it; what is offered, the row's own document says. */
struct offer_doc {
    bool open;     /* neither taken nor given up */
    bool declined; /* it is the owner's to decide again */
};

/* How the issuer wants a register kept. */
struct register_how {
    bool by_row;
    uint32_t signatures;
    struct report_mark set; /* unit "": by nobody, as the plan implies */
};

/* `register/NAME` says how; `register/NAME/UNIT` is touched by every act of the owner's. */
struct str register_subject(struct arena *a, struct str name, struct str unit);
struct str entry_subject(struct arena *a, struct str name, struct str unit, struct str id);
/* `filing/NAME/PERIOD/UNIT`; without a unit the prefix of all. */
struct str statement_subject(struct arena *a, struct str name, struct str period, struct str unit);
struct str entry_review_subject(struct arena *a, struct str name, struct str id, struct str unit);
/* `offer/NAME/TO/OWNER/ID`: what is or was offered to a unit, found by it; prefixes as above. */
struct str offer_subject(struct arena *a, struct str name, struct str to, struct str owner,
                         struct str id);
/* Canonical JSON; reading: RC_DB, damaged. */
struct str entry_write(struct arena *a, const struct entry_doc *t);
NODISCARD enum rc entry_read(struct arena *a, struct str json, struct entry_doc *out,
                             struct err *e);
struct str offer_write(struct arena *a, const struct offer_doc *o);
NODISCARD enum rc offer_read(struct arena *a, struct str json, struct offer_doc *out,
                             struct err *e);
struct str register_sheet_write(struct arena *a, const struct register_sheet *s);
NODISCARD enum rc register_sheet_read(struct arena *a, struct str json, struct register_sheet *out,
                                      struct err *e);
struct str register_how_write(struct arena *a, const struct register_how *h);
NODISCARD enum rc register_how_read(struct arena *a, struct str json, struct register_how *out,
                                    struct err *e);

#endif
