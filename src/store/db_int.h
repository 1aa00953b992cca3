/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a database, SQLite or PostgreSQL. Private to src/store: nothing above it knows
 * which engine it is.
 *
 * Invariants
 *   DB1  Statements come from statements.def only, with values as parameters: no SQL is built from
 *        text.
 *   DB2  Values are integers and UTF-8 texts without NUL; a connection neither sends nor returns
 *        others.
 *   DB3  After a failure inside a transaction the owner rolls back or closes. After a failed
 *        db_commit the outcome is unknown: close, open anew, look.
 *   DB4  COMMIT has returned => the data survive the process and the power (WAL with
 *        synchronous=FULL; synchronous_commit with fsync); db_open refuses a server or file that
 *        cannot promise it.
 *
 * Ownership: the struct belongs to the caller and holds what db_close gives back; the row callback
 * sees values that die when it returns. A callback that stops its arena is right as long as the
 * owner closes the connection afterwards (A5).
 * Threads: one at a time.
 */
#ifndef STORE_DB_INT_H
#define STORE_DB_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct err;

enum db_st {
#define STATEMENT(name, n_params) ST_##name,
#include "store/statements.def"
    ST__COUNT
};

struct db_statement {
    const char *name;
    uint32_t n_params;
    const char *sql;
};
extern const struct db_statement db_statements[ST__COUNT];

enum db_engine { DB_SQLITE, DB_POSTGRES, DB__ENGINES };

/* db_migrations[v - 1] leads from version v - 1 to v. */
struct db_migration {
    const char *name;
    const char *sql[DB__ENGINES];
};
extern const struct db_migration db_migrations[];
extern const uint32_t db_n_migrations;

struct db_value {
    bool is_text;
    int64_t n;
    struct str s; /* a NULL of the database is the empty text */
};

#define DB_N(x) ((struct db_value){.n = (x)})
#define DB_S(x) ((struct db_value){.is_text = true, .s = (x)})

#define DB_COLUMNS_MAX 24

/* A row of call number `call`. A code other than RC_OK ends the run with it. */
typedef enum rc db_row_fn(void *ctx, uint32_t call, const struct db_value *row, struct err *e);

/* One statement, run once or many times. */
struct db_run {
    enum db_st st;
    const struct db_value *params; /* n_calls × its n_params */
    uint32_t n_calls;
    db_row_fn *row; /* NULL: no rows are expected */
    void *ctx;
};

struct db_driver;

struct db {
    const struct db_driver *driver; /* NULL: closed */
    void *conn;                     /* sqlite3 *, PGconn * */
    void *result;                   /* PGresult * being read */
    void *stmts[ST__COUNT];         /* sqlite3_stmt *; for PostgreSQL: prepared when not NULL */
    int64_t seen_version;           /* SQLite: what db_wait saw last */
};

/* Which engine a place is on: a PostgreSQL URL or `key=value` text, else a SQLite file. */
enum db_engine db_engine_of(const char *where);
/* The place without a password, for messages. */
struct str db_shown(const char *where);

enum db_open_flags { DB_CREATE = 1u << 0, DB_READER = 1u << 1 };

/* RC_NOT_FOUND, RC_DENIED, RC_NO_SUPPORT (DB4), RC_BUSY (worth another try), RC_DB. */
NODISCARD enum rc db_open(struct db *db, const char *where, unsigned flags, struct err *e);
/* Rolls back what is open. May be called on a closed one. */
void db_close(struct db *db);
bool db_is_open(const struct db *db);
/* false: the connection broke, close it. */
bool db_is_alive(const struct db *db);

/* Whether the tables of a book are there. */
NODISCARD enum rc db_has_book(struct db *db, bool *yes, struct err *e);
/* Several statements without parameters or results. */
NODISCARD enum rc db_script(struct db *db, const char *sql, struct err *e);
/* As db_run does by itself at the first call: does the statement fit the tables? */
NODISCARD enum rc db_prepare(struct db *db, enum db_st st, struct err *e);
/* RC_CONFLICT when a key is taken; RC_BUSY, RC_IO (disk full), RC_DB, or what a callback gave. */
NODISCARD enum rc db_run(struct db *db, const struct db_run *run, struct err *e);
/* The one row of a statement called once; *found says whether there was one. */
NODISCARD enum rc db_one(struct db *db, enum db_st st, const struct db_value *params,
                         db_row_fn *row, void *ctx, bool *found, struct err *e);

/* A transaction that reads one state of the book, or one that will write. */
NODISCARD enum rc db_begin_read(struct db *db, struct err *e);
NODISCARD enum rc db_begin_write(struct db *db, struct err *e);
/* A writing transaction in which nobody else changes tables. */
NODISCARD enum rc db_begin_tables(struct db *db, struct err *e);
NODISCARD enum rc db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db);

/* Inside a writing transaction: wakes those in db_wait when it commits. */
NODISCARD enum rc db_announce(struct db *db, struct err *e);
/* From now on db_wait is woken. */
NODISCARD enum rc db_listen(struct db *db, struct err *e);
/* Until somebody else has committed, or the time is over; *woken says which. May wake in vain. */
NODISCARD enum rc db_wait(struct db *db, int timeout_ms, bool *woken, struct err *e);

/* ---- what an engine provides (db_sqlite.c, db_postgres.c) ---- */
struct db_driver {
    const char *begin_read;
    const char *begin_write;
    const char *lock_tables; /* in a transaction: nobody else changes tables; NULL: it is so */
    const char *has_book;    /* gives a number, as do the next two */
    const char *size;        /* bytes of the book */
    const char *faults;      /* what the database finds wrong with its own pages */
    enum rc (*open)(struct db *db, const char *where, unsigned flags, struct err *e);
    void (*close)(struct db *db);
    bool (*alive)(const struct db *db);
    enum rc (*script)(struct db *db, const char *sql, struct err *e);
    enum rc (*number)(struct db *db, const char *sql, int64_t *out, struct err *e);
    enum rc (*prepare)(struct db *db, enum db_st st, struct err *e);
    enum rc (*run)(struct db *db, const struct db_run *run, struct err *e);
    const char *announce; /* NULL: nothing to do */
    const char *listen;
    enum rc (*wait)(struct db *db, int timeout_ms, bool *woken, struct err *e);
    int poll_ms; /* wait looks this often; 0: the server wakes it */
};
extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

#endif
