/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for both engines: the fault points, transactions, the choice of the engine. */
#include "store/db_int.h"

#include <string.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/fault.h"

static const struct db_driver *const drivers[] = {&db_sqlite, &db_postgres};

_Static_assert(sizeof drivers / sizeof drivers[0] == DB__ENGINES, "one driver per engine");

enum db_engine db_engine_of(const char *where)
{
    struct str s = str_from_cstr(where);
    bool url = str_starts(s, STR("postgresql://")) || str_starts(s, STR("postgres://"));
    bool words = strchr(where, '=') != NULL && strchr(where, '/') != where;
    return url || words ? DB_POSTGRES : DB_SQLITE;
}

struct str db_shown(const char *where)
{
    return db_engine_of(where) == DB_SQLITE ? str_from_cstr(where) : STR("PostgreSQL");
}

static enum rc injected(struct err *e)
{
    return err_set(e, RC_DB, "an injected failure of the database", "注入的数据库故障");
}

enum rc db_open(struct db *db, const char *where, unsigned flags, struct err *e)
{
    *db = (struct db){.driver = drivers[db_engine_of(where)]};
    enum rc rc = FAULT(CONNECT) ? injected(e) : db->driver->open(db, where, flags, e);
    if (rc != RC_OK) {
        struct str shown = db_shown(where);
        err_ctx(e, "opening the book %.*s", "打开账本 %.*s", PS(shown));
        db_close(db);
    }
    return rc;
}

void db_close(struct db *db)
{
    if (db->driver != NULL) {
        db->driver->close(db);
    }
    *db = (struct db){0};
}

bool db_is_open(const struct db *db)
{
    return db->driver != NULL;
}

bool db_is_alive(const struct db *db)
{
    return db->driver != NULL && db->driver->alive(db);
}

enum rc db_has_book(struct db *db, bool *yes, struct err *e)
{
    int64_t n = 0;
    *yes = false;
    TRY(FAULT(DB) ? injected(e) : db->driver->number(db, db->driver->has_book, &n, e));
    *yes = n > 0;
    return RC_OK;
}

enum rc db_script(struct db *db, const char *sql, struct err *e)
{
    return FAULT(DB) ? injected(e) : db->driver->script(db, sql, e);
}

enum rc db_prepare(struct db *db, enum db_st st, struct err *e)
{
    return db->stmts[st] != NULL ? RC_OK : db->driver->prepare(db, st, e);
}

enum rc db_run(struct db *db, const struct db_run *run, struct err *e)
{
    ASSERT(run->n_calls == 0 || run->params != NULL || db_statements[run->st].n_params == 0);
    if (run->n_calls == 0) {
        return RC_OK;
    }
    enum rc rc = FAULT(DB) ? injected(e) : db_prepare(db, run->st, e);
    rc = rc == RC_OK ? db->driver->run(db, run, e) : rc;
    if (rc != RC_OK) {
        err_ctx(e, "statement %s", "语句 %s", db_statements[run->st].name);
    }
    return rc;
}

struct one {
    db_row_fn *row;
    void *ctx;
    bool found;
};

static enum rc on_one(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct one *o = ctx;
    o->found = true;
    return o->row(o->ctx, call, row, e);
}

enum rc db_one(struct db *db, enum db_st st, const struct db_value *params, db_row_fn *row,
               void *ctx, bool *found, struct err *e)
{
    struct one o = {row, ctx, false};
    enum rc rc = db_run(db, &(struct db_run){st, params, 1, on_one, &o}, e);
    if (found != NULL) {
        *found = o.found;
    }
    return rc;
}

enum rc db_begin_read(struct db *db, struct err *e)
{
    return db_script(db, db->driver->begin_read, e);
}

enum rc db_begin_write(struct db *db, struct err *e)
{
    return db_script(db, db->driver->begin_write, e);
}

enum rc db_begin_tables(struct db *db, struct err *e)
{
    TRY(db_begin_write(db, e));
    return db->driver->lock_tables != NULL ? db_script(db, db->driver->lock_tables, e) : RC_OK;
}

enum rc db_commit(struct db *db, struct err *e)
{
    TRY(db_script(db, "COMMIT", e));
    /* Committed, but the answer is lost: the owner must not take it for a failure (DB3). */
    return FAULT(LOST) ? injected(e) : RC_OK;
}

void db_rollback(struct db *db)
{
    if (db_is_open(db)) {
        /* Where it fails, closing the connection rolls back. */
        (void)db->driver->script(db, "ROLLBACK", NULL);
    }
}

enum rc db_announce(struct db *db, struct err *e)
{
    return db->driver->announce != NULL ? db_script(db, db->driver->announce, e) : RC_OK;
}

enum rc db_listen(struct db *db, struct err *e)
{
    return db->driver->listen != NULL ? db_script(db, db->driver->listen, e) : RC_OK;
}

enum rc db_wait(struct db *db, int timeout_ms, bool *woken, struct err *e)
{
    return FAULT(DB) ? injected(e) : db->driver->wait(db, timeout_ms, woken, e);
}
