/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users and seats as the book has them, and what follows for a day.
 *
 * Invariants
 *   RO1 On each day a seat has one holder or none.
 *   RO2 A closed user may do nothing, whatever seats name him; a seat of a unit that does not stand
 *       reaches no unit.
 *   RO3 An empty unit means the root of the day, also before there are units.
 * Ownership: everything in the arena of the roster.
 */
#ifndef APP_SEAT_ROSTER_H
#define APP_SEAT_ROSTER_H

#include "app/seat/right.h"
#include "base/date.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/vec.h"
#include "model/tree.h"
#include "store/store.h"

#define SEAT_USER_PREFIX "user/"
#define SEAT_PREFIX      "seat/"

struct seat_user {
    struct str id, name;
    struct str unit; /* where he belongs: who administers that unit administers him */
    struct str link; /* his name at the provider of single sign-on, "ISSUER SUB"; "": none */
    bool closed;
    int64_t seq; /* the commit of this state */
};

/* From a day to a day, both included (C23). */
struct seat_term {
    struct str holder;
    struct date from, to;
};

struct seat {
    struct str id;
    enum seat_role role;
    enum data_class ceiling;
    struct str unit;
    struct seat_term term;
    struct seat_term before;  /* the predecessor's; holder "": there is none */
    int64_t before_seq;       /* the commit of the predecessor's version */
    const struct str *duties; /* open at the hand-over */
    uint32_t n_duties;
    int64_t seq;
};

struct seat_roster {
    struct arena *a;
    VEC(struct seat_user) users; /* in order of their ids, as are seats */
    VEC(struct seat) seats;
    struct map user_of, seat_of;
    const struct tree_snap *snap; /* of the day; NULL: the book has no units */
    struct date day;
    int64_t seq; /* the last commit in it */
};

/* As known when commit upto was the last one, units as of the day. RC_DB: damaged. */
NODISCARD enum rc seat_roster_load(struct arena *a, struct store_reader *r, int64_t upto,
                                   struct date day, struct seat_roster *out, struct err *e);

/* The same over a tree that is there already, which must outlive it. */
NODISCARD enum rc seat_roster_load_on(struct arena *a, struct store_reader *r, int64_t upto,
                                      struct date day, const struct tree *tree,
                                      struct seat_roster *out, struct err *e);

/* NULL: there is none. Die with the next one added. */
const struct seat_user *seat_user_find(const struct seat_roster *r, struct str id);
const struct seat *seat_find(const struct seat_roster *r, struct str id);
/* RO1. "": nobody. */
struct str seat_holder(const struct seat *s, struct date day);
/* Whether the user holds it on some day of from..to. */
bool seat_is_held(const struct seat *s, struct str user, struct date from, struct date to);

/* All that was ever said of a seat, oldest first. */
struct seat_versions {
    VEC(struct seat) list;
};
NODISCARD enum rc seat_versions(struct arena *a, struct store_reader *r, struct str id,
                                struct seat_versions *out, struct err *e);

/* What `unit` is to the unit of a seat. */
enum seat_relation seat_relation_of(const struct seat_roster *r, struct str seat_unit,
                                    struct str unit);
/* Whether a unit stands on the day (or is the root: ""). */
bool seat_unit_stands(const struct seat_roster *r, struct str unit);

struct seat_want {
    enum seat_op op;
    struct str unit;
    enum data_class class;
    uint64_t count;
};

/* Whether the seat allows it, whoever holds it. */
bool seat_covers(const struct seat_roster *r, const struct seat *s, const struct seat_want *want);
/* The first seat by which the user may, on the day of the roster; NULL: he may not. */
const struct seat *seat_may(const struct seat_roster *r, struct str user,
                            const struct seat_want *want);
/* The first seat of an administrator he holds that day, other than `but`, over the unit. */
const struct seat *seat_admin(const struct seat_roster *r, struct str user, enum seat_role but,
                              struct str unit);

/* States as parcels, to be committed. Texts in a. */
struct store_parcel seat_user_parcel(struct arena *a, const struct seat_user *u);
struct store_parcel seat_parcel(struct arena *a, const struct seat *s);
/* And back. RC_DB: damaged. */
NODISCARD enum rc seat_user_read(struct arena *a, const struct store_parcel *p,
                                 struct seat_user *out, struct err *e);
NODISCARD enum rc seat_read(struct arena *a, const struct store_parcel *p, struct seat *out,
                            struct err *e);

#endif
