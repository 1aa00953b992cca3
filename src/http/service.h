/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a running service has: the book, what follows it, and the hands that do requests
 * (docs/internals/service.md).
 *
 *     struct service s;
 *     TRY(service_open(&s, &options, e));       the book is judged when it returns
 *     struct hand h;
 *     TRY(hand_open(&s, BYTES, &h, e));         one per thread
 *     ask_answer(&h, &request, &head, &body);   ask.h
 *     hand_close(&h);
 *     service_close(&s);
 *
 * Invariants
 *   SV1 A thread of its own follows the book: first the hall, then the verdicts, each commit in
 * turn. SV2 What fails while following is told in the log and tried again; until then requests are
 *       answered by what there is.
 */
#ifndef HTTP_SERVICE_H
#define HTTP_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/seat/ghost.h"
#include "app/seat/pass.h"
#include "base/arena.h"
#include "base/err.h"
#include "http/footing.h"
#include "http/job.h"
#include "http/oidc.h"
#include "http/site.h"
#include "model/progress.h"
#include "store/store.h"

struct desk_eye;
struct events;
struct happen;
struct streams;

struct settings;

struct service_options {
    const struct settings *settings; /* to be shown; NULL: none */
    const char *pack, *book, *files;
    const char *web;         /* folder of the web application; "": none */
    const char *text;        /* the official text of the plan; NULL: none */
    const char *temp;        /* folder for temporary files */
    const char *package_key; /* file of the key that signs packages; NULL: none */
    struct str
        origin;     /* https://host as browsers see it; "": any whose host is that of the request */
    bool plain;     /* cookies over http */
    bool demo;      /* data are for demonstration */
    bool open;      /* to the public (service.md, 22) */
    bool demo_town; /* the book has the accounts of app/demo/town.h, and everybody may know them */
    const char *key;   /* file of the key of secrets; NULL: none */
    size_t memory;     /* bytes for the book and its verdicts */
    size_t memory_ask; /* bytes for one request */
    struct oidc_options oidc;
    struct str oidc_name; /* of the provider, for people */
    struct seat_cost cost;
    /* A line about the service itself; NULL: nobody is told. */
    void (*tell)(void *ctx, const char *line);
    void *ctx;
};

struct official;
struct past;
struct roll;

/* Counts for /metrics. */
struct service_counts {
    _Atomic uint64_t asked, by_status[6]; /* by hundreds */
    _Atomic uint64_t bytes, us;
    _Atomic uint64_t followed, failed; /* steps of the follower */
};

struct service {
    struct service_options o;
    int64_t began;
    struct arena a;
    struct pack given; /* by its operator: the plan of a book that keeps none */
    const char *temp;  /* a folder of its own within o.temp; NULL: not made yet */
    struct store *store;
    struct roll *roll;
    struct footing *footing; /* the newest; under the lock, but for the follower (FT3) */
    struct footing *former;  /* the one before, while it is not left; NULL: none */
    struct events *events;
    struct happen *happen;
    struct streams *_Atomic streams; /* NULL: nobody can listen (streams_start) */
    struct site *site;               /* NULL: none */
    struct official *official;       /* NULL: none */
    struct seat_ghosts *ghosts;
    struct oidc *oidc; /* NULL: none */
    struct jobs *jobs; /* NULL: not opened yet */
    struct service_counts counts;
    _Atomic bool stopping; /* no new requests */
    /* Of the follower. */
    pthread_t follower;
    bool following;
    bool miscounted;             /* the board has to be counted anew */
    struct store_reader *reader; /* the follower's own */
    struct mason {               /* makes the next footing, beside the follower */
        pthread_t thread;
        bool at_work;
        int64_t head; /* the adoption; what is followed meanwhile ends before it */
        _Atomic bool done;
        struct footing *made;
        enum rc rc;
        struct err e, told;
    } mason;
    struct service_coming {
        int64_t commit; /* that put it in force; 0: none is on its way */
        enum progress_counts counted;
        int64_t done, of;
    } coming; /* another plan; under the lock */
    _Atomic bool over;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* seq */
    _Atomic int64_t seq;  /* hall, verdicts and counts stand for this commit */
    struct past *past;    /* moments gone by */
};

/* RC_INPUT: the plan is faulty, the faults are in s->given; others: e. */
NODISCARD enum rc service_open(struct service *s, const struct service_options *o, struct err *e);
void service_close(struct service *s);
/* Waits until the verdicts stand for the commit. RC_BUSY: not in time. */
NODISCARD enum rc service_reach(struct service *s, int64_t seq, struct err *e);
/* How far another plan is that has been adopted. */
struct service_coming service_coming(struct service *s);
/* The last commit that verdicts stand for. */
int64_t service_seq(const struct service *s);

/* A reader keeps the layouts of the book: of a region some 20 MB. */
#define READER_BYTES ((size_t)64 << 20)

struct columns;
struct export_work;
struct import_run;

/* One thread's: its memory, its connection to the book, its eye on the verdicts. */
struct hand {
    struct service *s;
    struct footing *footing;  /* of the request at hand; NULL between two */
    bool looks;               /* at the cells (standing_look), until the request is answered */
    struct columns *columns;  /* over them, or NULL */
    struct live_reader *past; /* at a moment gone by, or NULL */
    /* Workbooks at work, held beside the arena; NULL: none. */
    struct import_run *import;
    struct export_work *export;
    struct standing *trial; /* of a plan that is tried; NULL: none */
    struct live_reader *trial_live;
    struct arena a;
    struct arena kept; /* of the reader */
    struct store_reader *reader;
    struct live_reader *live; /* of the verdicts of the footing */
};

/* bytes: for one request. */
NODISCARD enum rc hand_open(struct service *s, size_t bytes, struct hand *h, struct err *e);
void hand_close(struct hand *h);
/* A request begins, on the newest footing, and ends. RC_BUSY: too many look at the verdicts. */
NODISCARD enum rc hand_stand(struct hand *h, struct err *e);
void hand_leave(struct hand *h);

/* Ends what a request has begun: the pinned version, the look at the cells. */
void hand_rest(struct hand *h);

/* The verdicts and cells, for a desk (report/desk.h); of this hand, while it is at work. */
void hand_eye(struct hand *h, struct desk_eye *out);

/* Microseconds since 1970. */
int64_t service_now(void);

#endif
