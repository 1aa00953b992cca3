/* SPDX-License-Identifier: Apache-2.0 */
/* Private to src/store: the handle, the queue to its writer, the canonical bytes of commits. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/sm3.h"
#include "base/vec.h"
#include "store/db_int.h"
#include "store/layouts.h"
#include "store/store.h"
#include "store/vault.h"

#define STORE_HEX_BYTES   (STORE_HASH_CHARS + 1)
#define STORE_BOOK_BYTES  33 /* book id: 32 hex digits and NUL */
#define STORE_GROUP_MAX   256U
#define STORE_GROUP_BYTES (1U << 24)
#define US_PER_SECOND     1000000LL

/* ---- chain.c -------------------------------------------------------------------------------- */

struct store_hex {
    char z[STORE_HEX_BYTES];
};
struct str store_hex_str(const struct store_hex *h);
/* false: this libcrypto has no SM3. */
NODISCARD bool store_hash(struct str bytes, struct store_hex *out);
/* What stands before the first event. */
struct store_hex store_hash_none(void);
/* A netstring: `length:bytes,` */
void chain_put(struct buf *b, struct str s);
void chain_put_n(struct buf *b, int64_t n);
/* The part of the canonical bytes that is known before a number is given; see book.md. */
struct chain_content {
    struct str actor, act, token, note, subjects, files;
};
void chain_content_begin(struct buf *b, const struct chain_content *c);
void chain_content_parcel(struct buf *b, const struct store_parcel *p, struct str layout_hash);
void chain_event_begin(struct buf *b, struct str book, int64_t seq, int64_t at, struct str content);
void chain_event_parcel(struct buf *b, struct date recorded);
void chain_event_end(struct buf *b, struct str prev);
/* Civil day in UTC+8 of a moment. */
struct date store_day(int64_t at);
/* 32 random hex digits. */
NODISCARD enum rc store_new_id(char out[STORE_BOOK_BYTES], struct err *e);

/* ---- migrate.c ------------------------------------------------------------------------------ */

/* Brings the tables up to version `upto`. RC_NOT_FOUND: there is no book and !create. */
NODISCARD enum rc store_migrate(struct db *db, bool create, uint32_t upto, int64_t now,
                                struct err *e);
/* RC_NOT_FOUND, RC_NO_SUPPORT unless the tables are of this program's version. */
NODISCARD enum rc store_check_version(struct db *db, struct err *e);

/* ---- writer.c ------------------------------------------------------------------------------- */

enum pending_state { PENDING_NEW, PENDING_BEFORE, PENDING_TWIN, PENDING_REFUSED };

/* A commit on its way through the queue; lives on the stack of the one who waits for it. */
struct pending {
    const struct store_commit *c;
    struct store_hex content;
    struct str subjects, files;      /* JSON */
    const struct store_hex *layouts; /* one per parcel; z[0] == 0: none */
    const int64_t *file_size;
    const struct str *file_type;
    uint32_t bytes;
    struct pending *next;
    bool done;
    pthread_cond_t wake;
    /* Set by the writer. */
    enum rc rc;
    struct store_receipt receipt;
    struct err err;
    enum pending_state state; /* within its group */
    uint32_t twin;            /* PENDING_TWIN: the earlier one with its token */
};

struct store {
    const char *where;
    const char *files; /* NULL: no evidence can be named */
    int64_t (*now)(void *clock);
    void *clock;
    bool read_only;
    struct vault vault; /* of secrets */
    struct db db;       /* of the writer */
    struct arena arena; /* of the group at work */
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t work;
    pthread_cond_t moved; /* `recorded` has */
    struct pending *first, *last;
    int64_t recorded; /* the newest commit of this process; 0: none yet */
    bool closing;
    bool has_thread;
};

/* The writing thread; arg is the store. */
void *writer_main(void *arg);
/* Queues the commit and waits for its answer. */
void writer_submit(struct store *s, struct pending *p);
/* Until this process has recorded a commit after `after`; false: the time was over before. */
NODISCARD bool writer_rest(struct store *s, int64_t after, int timeout_ms);

/* ---- anchor.c ------------------------------------------------------------------------------- */

/* Writes the newest anchor beside the book. Failing costs a proof, not a commit. */
void anchor_keep(const struct store *s, struct str book, int64_t seq, int64_t at, struct str hash);
void anchor_line(struct buf *b, struct str book, int64_t seq, int64_t at, struct str hash);

/* ---- reader.c ------------------------------------------------------------------------------- */

struct store_reader {
    struct store *store;
    struct arena *a;
    struct arena scratch; /* below a: the event being put together */
    struct db db;
    bool busy;         /* a call is under way; found at the next one: it was stopped */
    bool in_one_state; /* between store_begin and store_done */
    bool listening;
    struct layouts layouts;
};

/* The row of the chain as the end of a log: a db_row_fn; its texts go into the arena. */
struct end_ctx {
    struct arena *a;
    struct store_end *out;
};
enum rc reader_on_chain(void *ctx, uint32_t call, const struct db_value *row, struct err *e);

/* Runs a reading statement, the connection opened where needed. */
NODISCARD enum rc reader_run(struct store_reader *r, enum db_st st, const struct db_value *params,
                             db_row_fn *row, void *ctx, struct err *e);

#endif
