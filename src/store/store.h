/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book of record: what was committed, by whom, when; never changed, never lost.
 * docs/internals/book.md says why it is as it is. On top of this header stand parcel.h (rows of a
 * dataset as parcels), load.h (the book as tree and dataset), units.h (operations on the tree of
 * units), files.h (evidence) and audit.h (is the book untouched?).
 *
 *     struct store *s = NULL;
 *     TRY(store_open(a, &(struct store_options){.where = "region.book", .create = true}, &s, e));
 *     struct store_commit c = {.token = token, .actor = "user/17", .act = "facts.submit",
 *                              .parcels = parcels, .n_parcels = n};
 *     struct store_receipt got;
 *     TRY(store_commit(a, s, &c, &got, e));     // durable, with number got.seq, when it returns
 *     store_close(s);
 *
 * Invariants
 *   BK1 A commit is there whole or not at all. store_commit returns RC_OK => it survives the end of
 *       the process and of the power.
 *   BK2 Numbers are 1, 2, 3 … without holes; moments never run backwards; a reader that sees
 *       number n sees all before it.
 *   BK3 The same token with the same content is the same commit, however often it is sent. After
 *       RC_IO, RC_DB, RC_BUSY or RC_NO_MEMORY nobody knows whether it is there: send it again.
 *   BK4 A commit that expects subject s at number n is recorded only if n is the last commit that
 *       touched s (0: none did). So of two that expect the same, one gets RC_CONFLICT. One that
 *       only looks at s is recorded under the same condition, and does not touch it.
 *   BK5 Texts are UTF-8 without control characters; limits below.
 *
 * Threads: store_commit may be called from any number of threads at once; all wait for one writer,
 * which records them in groups. A reader belongs to one thread at a time. Open and close alone.
 *
 * Several processes may have the same book open: on PostgreSQL that is how to run several servers,
 * on SQLite it works on one machine.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/dataset.h"

struct arena;
struct err;
struct store;
struct store_reader;

#define STORE_TEXT_BYTES   1000       /* token, actor, act, subject, unit, source … */
#define STORE_NOTE_BYTES   (1U << 16) /* note */
#define STORE_BODY_BYTES   (1U << 22) /* body or layout of a parcel */
#define STORE_COMMIT_BYTES (1U << 26)
#define STORE_PARCELS_MAX  100000U /* of a commit; also its subjects and files */
#define STORE_HASH_CHARS   64      /* SM3 in lower-case hex */

/* ---- what is recorded ---------------------------------------------------------------------- */

/* The sorts of rows: those of model/edit.h, the tree of units, and documents. */
enum store_sort {
#define STORE_SORT(name, text) STORE_##name,
#include "store/sort.def"
    STORE__SORTS
};

/* Rows of one sort of one unit, with one status and origin. parcel.h makes and reads them. */
struct store_parcel {
    struct str area; /* code of the second-level unit; "" where there is none */
    struct str unit; /* code; a document: its subject */
    enum store_sort what;
    enum row_status status;
    struct date recorded; /* as-of (C30); not after the day of the commit. DATE_MIN: that day */
    struct str source;
    char grade;        /* 'A'..'D', 0: none */
    struct str layout; /* JSON: what the places of body mean; "" where the sort says it */
    struct str body;   /* canonical JSON */
    /* Set in what a reader gives. */
    int64_t seq;
    uint32_t part;          /* from 0 within its commit */
    struct str layout_hash; /* its name: cheaper to compare */
};

#define STORE_UNSEEN (-1) /* touches the subject, whoever touched it last */

struct store_expect {
    struct str subject;
    int64_t seen; /* number of the last commit known to touch it, 0: none, or STORE_UNSEEN */
};

struct store_commit {
    struct str token; /* unique: for each new thing to record a new one, for a retry the same */
    struct str actor; /* who */
    struct str act;   /* what was done, as a dotted word */
    struct str note;  /* anything for people and for the face; may be empty */
    const struct store_expect *expects; /* also the list of subjects touched */
    const struct store_expect *looks;   /* not touched, and no part of what is recorded */
    const struct store_parcel *parcels;
    const struct str *files; /* hashes of evidence (files.h) that this commit refers to */
    uint32_t n_expects, n_looks, n_parcels, n_files;
    int64_t behind; /* only as the next one after this commit: RC_CONFLICT; 0: after any */
};

struct store_receipt {
    int64_t seq;
    int64_t at;  /* microseconds since 1970, UTC */
    bool before; /* the token was there already; seq and at are the first one's */
};

/* ---- opening ------------------------------------------------------------------------------- */

struct store_options {
    const char *where; /* path of a SQLite file, or a URL or `key=value` text of PostgreSQL */
    const char *key;   /* file of the key that secrets are sealed by (vault.h); NULL: none */
    const char *files; /* folder of evidence and of the anchor; NULL: WHERE.files (SQLite only) */
    bool create;       /* make the book when there is none */
    bool read_only;    /* no writer, no migration: store_commit is refused */
    int64_t (*now)(void *clock); /* microseconds since 1970; NULL: the system's clock */
    void *clock;
};

/*
 * Opens the book, brings it up to this program's version, starts the writer. The struct lies in a;
 * strings of the options are copied. RC_NOT_FOUND: no book and not `create`; RC_NO_SUPPORT: the
 * book is of a newer program, or its place cannot keep promises (a server without fsync …).
 */
NODISCARD enum rc store_open(struct arena *a, const struct store_options *o, struct store **out,
                             struct err *e);
/* Whether a place is a file of this machine, not a server. */
bool store_is_file(const char *where);
/* Waits for commits under way. s may be NULL. */
void store_close(struct store *s);

/*
 * Records one commit; blocks until it is durable or refused. RC_CONFLICT: an expectation does not
 * hold, or the token was used for something else; RC_INPUT, RC_LIMIT: BK5; RC_NOT_FOUND: a file is
 * not in the folder. Others: BK3. Works in a, and leaves it as it was.
 */
NODISCARD enum rc store_commit(struct arena *a, struct store *s, const struct store_commit *c,
                               struct store_receipt *out, struct err *e);

/* ---- reading ------------------------------------------------------------------------------- */

struct store_event {
    int64_t seq, at;
    struct str actor, act, token, note;
    struct str subjects; /* JSON array of texts */
    struct str files;    /* JSON array of hashes */
    uint32_t n_parcels;
    struct str content, prev, hash; /* of the chain */
};

/* What is known of the end of the log. */
struct store_end {
    struct str book; /* the random id of the book */
    int64_t seq;     /* 0: nothing is recorded yet */
    int64_t at;
    struct str hash;
    int64_t parcels; /* in the whole book */
};

/*
 * A connection of its own, for one thread. It is closed before the store.
 */
NODISCARD enum rc store_reader_open(struct arena *a, struct store *s, struct store_reader **out,
                                    struct err *e);
void store_reader_close(struct store_reader *r);

/* Whether the commit with this token is there, and as which: for retries of what is made anew. */
NODISCARD enum rc store_find(struct store_reader *r, struct str token, bool *found,
                             struct store_receipt *out, struct err *e);
/*
 * Between these, all that is asked sees the book at one moment. Whoever begins ends, also after a
 * failure.
 */
NODISCARD enum rc store_begin(struct store_reader *r, struct err *e);
void store_done(struct store_reader *r);

/* Texts in a. */
NODISCARD enum rc store_end(struct arena *a, struct store_reader *r, struct store_end *out,
                            struct err *e);
/* Who committed number seq, what and when; the rest of the event stays empty. RC_NOT_FOUND. */
NODISCARD enum rc store_who(struct arena *a, struct store_reader *r, int64_t seq,
                            struct store_event *out, struct err *e);
/* Number of the last commit that touched the subject, 0: none. */
NODISCARD enum rc store_head(struct store_reader *r, struct str subject, int64_t *seq,
                             struct err *e);

/*
 * Commits from..to (inclusive, in order), each with its parcels; texts die when the call returns. A
 * code other than RC_OK from the callback ends the reading with it.
 */
typedef enum rc store_event_fn(void *ctx, const struct store_event *ev,
                               const struct store_parcel *parcels, struct err *e);
NODISCARD enum rc store_feed(struct store_reader *r, int64_t from, int64_t to, store_event_fn *fn,
                             void *ctx, struct err *e);

typedef enum rc store_parcel_fn(void *ctx, const struct store_parcel *p, struct err *e);
/* Parcels of the commits from..to, in order. */
NODISCARD enum rc store_parcels(struct store_reader *r, int64_t from, int64_t to,
                                store_parcel_fn *fn, void *ctx, struct err *e);
/* The same, of the tree of units alone: STORE_UNIT and STORE_LINEAGE. */
NODISCARD enum rc store_parcels_of_tree(struct store_reader *r, int64_t from, int64_t to,
                                        store_parcel_fn *fn, void *ctx, struct err *e);
/* All that a unit has recorded of one sort, oldest first: the history of its figures. */
NODISCARD enum rc store_parcels_of(struct store_reader *r, struct str unit, enum store_sort what,
                                   store_parcel_fn *fn, void *ctx, struct err *e);

/*
 * Documents: things with a state of their own (users, seats, rounds, submissions, tasks). A new
 * state is a parcel of sort STORE_DOC whose unit is the subject and whose body is the whole state,
 * in a commit that expects the subject; one such parcel per subject and commit. Older states stay,
 * as its history.
 *
 * The state as of commit upto, to fn; not called when there is none. Its seq is of the commit that
 * made it; what to expect next is what store_head says.
 */
NODISCARD enum rc store_doc(struct store_reader *r, struct str subject, int64_t upto,
                            store_parcel_fn *fn, void *ctx, struct err *e);
/* All whose subject begins with prefix, which ends with '/', in order of their bytes. */
NODISCARD enum rc store_docs(struct store_reader *r, struct str prefix, int64_t upto,
                             store_parcel_fn *fn, void *ctx, struct err *e);

/*
 * Blocks until a commit after `after` is there, whoever made it, or the time is over. *last is
 * the number of the last commit seen; it may still be `after`.
 */
NODISCARD enum rc store_wait(struct store_reader *r, int64_t after, int timeout_ms, int64_t *last,
                             struct err *e);

/*
 * The end of the log as one line for print, mail or signature: `tizhi-anchor BOOK SEQ HASH AT`. Who
 * keeps it outside can prove later that nothing up to SEQ was changed or cut off (audit.h).
 */
NODISCARD enum rc store_anchor(struct arena *a, struct store_reader *r, struct str *out,
                               struct err *e);

const char *store_sort_text(enum store_sort s);
bool store_sort_of(struct str text, enum store_sort *out);
const char *store_status_text(enum row_status s);
bool store_status_of(struct str text, enum row_status *out);

#endif
