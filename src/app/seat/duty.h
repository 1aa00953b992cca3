/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open duties: what the book waits for, where, until when, and whose seat has to do it. They are
 * found in the rounds, reports, registers, questions and tasks as they stand; nobody keeps a list.
 *
 *     TRY(duty_find(&desk, remind, &all, e));
 *     mine = duty_of_user(&seat_desk.roster, user, &all);         // tizhi todo
 *     his = duty_of_seat(&seat_desk.roster, seat, &all);          // tizhi seat duties
 *
 * Invariants
 *   DU1 A duty is of a seat exactly when the table of rights lets the seat do it; of a person
 *       exactly when he has such a seat and has not done what excludes him (RE3, TK2). So who has
 *       it can do it, and what nobody can do is nobody's (and shown so by duty_remind).
 *   DU2 A duty tells where something stands and never a figure.
 * Ownership: the arena of the desk.
 */
#ifndef APP_SEAT_DUTY_H
#define APP_SEAT_DUTY_H

#include "app/report/desk.h"
#include "app/seat/desk.h"
#include "model/verdict.h"

enum duty_kind {
#define DUTY(name, word, op, en, zh) DUTY_##name,
#include "app/seat/duty.def"
    DUTY__N
};

struct duty {
    enum duty_kind kind;
    uint32_t at;            /* unit where it is done */
    uint32_t about;         /* unit it is about: who reports, who owes the task */
    struct str id;          /* of the round or question; the task with year and part; the register,
                             * of a statement with its period */
    struct str reg, period; /* of a register: its name; of a statement its period; else "" */
    enum data_class class_; /* of what is worked on */
    struct date due;        /* DATE_MAX: there is none */
    enum light light;       /* by date: over red, within the days of reminding amber, else green */
    struct duty_actors {
        VEC(struct str) list;
    } excluded; /* actors who have signed, decided, filed or asked for it */
};
struct duties {
    VEC(struct duty) list; /* by due day, then unit */
};

/* Word as stored and in JSON; text for people. */
const char *duty_word(enum duty_kind k);
const char *duty_text(enum duty_kind k, bool chinese);

/* By unit: the duties (a bit each) that seats of the user may have there. In d->a. */
const uint32_t *duty_places(const struct desk *d, const struct seat_roster *r, struct str user);
/* Everything that is open, whoever asks; at: as duty_places, those that are wanted; NULL: all. */
NODISCARD enum rc duty_find(struct desk *d, int32_t remind, const uint32_t *at, struct duties *out,
                            struct err *e);
/* DU1, on the day of the roster. */
struct duties duty_of_seat(const struct desk *d, const struct seat_roster *r, const struct seat *s,
                           const struct duties *all);
struct duties duty_of_user(const struct desk *d, const struct seat_roster *r, struct str user,
                           const struct duties *all);

/* A duty in one line, as a hand-over records it: `review R1 S1 2025-10-15`. */
struct str duty_line(const struct desk *d, const struct duty *x);
/* Lines for a hand-over; of more than SEAT_DUTIES_MAX the last says how many are left out. */
const struct str *duty_lines(const struct desk *d, const struct duties *list, uint32_t *n);

/* What somebody tells beside what the book knows. */
struct duty_told {
    const struct str *list;
    uint32_t n;
};
/* Lines for a hand-over: what is open, then what is told. d NULL: the book knows of none. */
NODISCARD enum rc duty_collect(struct arena *a, struct desk *d, const struct seat_roster *r,
                               const struct seat *s, const struct duty_told *told,
                               const struct str **out, uint32_t *n, struct err *e);

/* ---- reminding ------------------------------------------------------------------------------ */

/* A unit with what is due there and who has to do it. */
struct reminder {
    uint32_t unit;
    struct duties duties;
    const struct str *holders; /* per duty: user ids, with spaces between; "": nobody can */
    uint32_t n_over;           /* of them, after their day */
};
struct reminders {
    VEC(struct reminder) list; /* in order of the tree */
};

/*
 * What is over, or due within `days`, at the units whose work the actor may follow (`round.read`);
 * within NONE: all of them, else at and below the unit. RC_DENIED: there are none.
 */
NODISCARD enum rc duty_remind(struct desk *d, const struct seat_roster *r, int32_t days,
                              uint32_t within, struct reminders *out, struct err *e);

#endif
