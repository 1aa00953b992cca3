/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is secret about a user, as one record beside the book (store/secret.h), and how tries are
 * counted.
 *
 * Invariants
 *   SC1 After a wrong try the next is looked at no earlier than 1, 2, 4, 8 seconds later, after the
 *       fifth 30 minutes, then twice as long each time, up to a day.
 *   SC2 A try that comes too early is neither looked at nor counted: every wait ends by itself.
 *   SC3 Sessions lie in the record and end with what they were begun by: a new password, a lock and
 *       an emptied record have none. API tokens end with what another one does: a password that he
 *       gives, his lock, an emptied record.
 *   SC4 Nobody is let in between the administrator's lock and his unlocking.
 */
#ifndef APP_SEAT_SECRET_H
#define APP_SEAT_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "app/seat/pass.h"
#include "app/seat/scope.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct store;
struct store_reader;

#define SEAT_TRIES    5 /* wrong ones until the lock */
#define SEAT_SESSIONS 8 /* of one user at once */
#define SEAT_TOKENS   16

struct seat_tries {
    uint32_t failures; /* in a row */
    int64_t next_at;   /* microseconds since 1970: no try is looked at before */
};

/* The administrator's lock. */
#define SEAT_TRIES_CLOSED ((struct seat_tries){SEAT_TRIES, INT64_MAX})

/* How long to wait still, in microseconds; 0: a try is looked at now. */
int64_t seat_tries_wait(const struct seat_tries *t, int64_t now);
/* Counts a wrong one. */
void seat_tries_count(struct seat_tries *t, int64_t now);
bool seat_tries_locked(const struct seat_tries *t);
bool seat_tries_closed(const struct seat_tries *t);

enum seat_by { SEAT_BY_PASSWORD, SEAT_BY_SSO };

/* "password", "sso" */
const char *seat_by_word(enum seat_by by);

/* Where somebody is at it. */
struct seat_device {
    struct str address; /* of the network; "": at this machine */
    struct str agent;   /* `Firefox/Windows` (http/agent.h), "tizhi": the command line */
};

/* A login that lasts over several commands (seat/session.h). */
struct seat_session {
    struct str hash;     /* of its token */
    int64_t since, last; /* microseconds since 1970: begun, used last */
    enum seat_by by;
    struct seat_device at;
};

/* An API token (seat/token.h). */
struct seat_token {
    struct str name, hash;
    struct seat_scope scope;
    struct date until;   /* the last day */
    int64_t since, last; /* last 0: never used */
};

struct seat_secret {
    struct str hash;     /* "": no password, nobody can log in */
    struct date changed; /* the day of the password */
    bool must_change;    /* it was made by another one */
    struct seat_tries tries;
    struct str totp;               /* in base 32; "": none */
    struct str offered;            /* shown, not proved yet; "": none */
    int64_t totp_last;             /* the last step used */
    struct str old[SEAT_PASS_OLD]; /* hashes, newest first */
    uint32_t n_old;
    struct seat_session sessions[SEAT_SESSIONS]; /* in the order in which they began */
    uint32_t n_sessions;
    struct seat_token tokens[SEAT_TOKENS];
    uint32_t n_tokens;
    int64_t version; /* of the record; 0: there is none */
};

/* Texts in a. RC_DB: damaged. */
NODISCARD enum rc seat_secret_get(struct arena *a, struct store_reader *r, struct str user,
                                  struct seat_secret *out, struct err *e);
/* Replaces the record that was read; moves version on. RC_CONFLICT: it is another one by now. */
NODISCARD enum rc seat_secret_put(struct arena *a, const struct store *s, struct str user,
                                  struct seat_secret *secret, struct err *e);
/* A change of a record; false: it stays as it is. */
typedef bool seat_secret_fn(struct seat_secret *s, void *ctx);
/* Reads and replaces it, again while others are faster; *out: as it is then. RC_CONFLICT: they
 * were too often. */
NODISCARD enum rc seat_secret_change(struct arena *a, struct store_reader *r, const struct store *s,
                                     struct str user, seat_secret_fn *fn, void *ctx,
                                     struct seat_secret *out, struct err *e);
/* Forgets all but the version. */
NODISCARD enum rc seat_secret_empty(const struct store *s, struct str user,
                                    const struct seat_secret *secret, struct err *e);

/* The new password into the record; the one before joins the old ones. */
void seat_secret_renew(struct seat_secret *s, struct str hash, struct date today, bool must_change);
/* Whether the password has to be changed before anything else. */
bool seat_secret_is_stale(const struct seat_secret *s, struct date today);

/* The record as text, and back; for seat_secret_get and its test. */
struct str seat_secret_text(struct arena *a, const struct seat_secret *s);
NODISCARD bool seat_secret_of(struct arena *a, struct str text, struct seat_secret *out);

#endif
