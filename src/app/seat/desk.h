/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody at work on the book: who it is, what he may, and the one way of his acts into the book.
 *
 *     struct seat_desk d = {.a = a, .store = s, .reader = r, .now = now, .cost = seat_cost_full()};
 *     TRY(seat_login(&d, STR("li"), &typed, &login, e));
 *     TRY(seat_user_add(&d, &user, STR("new clerk"), &password, e));    // seat/act.h
 *
 * Invariants
 *   DE1 Nobody acts before seat_login has let him in; nobody acts whose password is stale, but to
 *       change it.
 *   DE2 The roster of the desk is what the book said when the act began; an act is refused when
 *       what it looked at has changed since (BK4).
 *   DE3 Who holds no seat that allows it is refused, and told which right is lacking.
 *   DE4 With a token nothing is allowed that its scope does not name.
 */
#ifndef APP_SEAT_DESK_H
#define APP_SEAT_DESK_H

#include "app/standing/hall.h"
#include "app/seat/pass.h"
#include "app/seat/roster.h"
#include "app/seat/secret.h"
#include "base/attr.h"
#include "base/rc.h"
#include "store/store.h"

struct seat_desk {
    struct arena *a;
    struct store *store;
    struct store_reader *reader;
    struct seat_cost cost;
    int64_t now;       /* microseconds since 1970 */
    struct str actor;  /* user id; "": nobody is logged in */
    struct str second; /* another administrator who stands by, logged in too; "": none */
    bool stale;        /* DE1 */
    bool has_totp;     /* of the actor */
    struct seat_device device;
    struct seat_session session;    /* by which he is in; hash "": none */
    const struct seat_scope *scope; /* of the token by which he is in; NULL: none */
    struct seat_ghosts *ghosts;     /* tries as nobody (seat/login.h); NULL: not counted */
    struct seat_roster roster;
    int64_t plan_seen; /* the last adoption known (report/desk.h); acts on units look at it */
    uint32_t *granted; /* NULL, or counts the rights that were asked and given */
    /* NULL: the roster is read from the book each time. Who sets it ends with seat_desk_leave. */
    struct halls *halls;
    struct seat_visit *visits; /* private: halls that were entered, the newest first */
};

#define SEAT_DESK_SUBJECTS 8

/* What an act looks at and changes. */
struct seat_desk_act {
    const char *act;
    struct str note;
    struct store_expect subjects[SEAT_DESK_SUBJECTS]; /* seen: set by seat_desk_begin */
    uint32_t n_subjects;
    struct store_parcel docs[SEAT_DESK_SUBJECTS];
    uint32_t n_docs;
};

struct date seat_desk_today(const struct seat_desk *d);
/* Adds a subject: prefix and id. */
void seat_desk_subject(struct seat_desk *d, struct seat_desk_act *act, const char *prefix,
                       struct str id);
/* The roster and the heads of the subjects, of one moment. */
NODISCARD enum rc seat_desk_begin(struct seat_desk *d, struct seat_desk_act *act, struct err *e);
/* The hall of the newest seat_desk_begin; NULL without halls. */
const struct hall *seat_desk_hall(const struct seat_desk *d);
/* Leaves the halls; the roster is gone with them. */
void seat_desk_leave(struct seat_desk *d);
/* DE1: whether the actor may; for lists, which show what he may see. */
NODISCARD bool seat_desk_may(const struct seat_desk *d, enum seat_op op, struct str unit,
                             enum data_class class);
/* The same, refused with the reason (DE3). */
NODISCARD enum rc seat_desk_need(const struct seat_desk *d, enum seat_op op, struct str unit,
                                 enum data_class class, struct err *e);
/* Commits, by the actor or (nobody is logged in) by `by`. */
NODISCARD enum rc seat_desk_commit(struct seat_desk *d, struct seat_desk_act *act, const char *by,
                                   struct err *e);

#endif
