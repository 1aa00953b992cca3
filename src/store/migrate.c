/* SPDX-License-Identifier: Apache-2.0 */
/* Tables from version to version, forwards only, each step in one transaction. */
#include "base/assert.h"
#include "store/store_int.h"

#define TABLE                                                                                      \
    "CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, "       \
    "at BIGINT NOT NULL)"

static enum rc on_version(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    (void)call;
    (void)e;
    *(int64_t *)ctx = row[0].n;
    return RC_OK;
}

/* 0: no tables yet. */
static enum rc version_now(struct db *db, int64_t *version, struct err *e)
{
    *version = 0;
    return db_run(db, &(struct db_run){ST_migration_list, NULL, 1, on_version, version}, e);
}

static enum rc too_new(int64_t version, struct err *e)
{
    enum rc rc = err_set(e, RC_NO_SUPPORT, "the book has version %lld, this program knows %u",
                         "账本版本为 %lld，本程序只支持到 %u", (long long)version, db_n_migrations);
    err_hint(e, "Install the newer program; a book is never taken back.",
             "请安装新版程序；账本版本只升不降。");
    return rc;
}

static enum rc no_book(struct err *e)
{
    return err_set(e, RC_NOT_FOUND, "there is no book", "这里没有账本");
}

/* What a step leaves to C. */
static enum rc after_step(struct db *db, uint32_t version, struct err *e)
{
    if (version != 1) {
        return RC_OK;
    }
    char id[STORE_BOOK_BYTES];
    struct store_hex none = store_hash_none();
    TRY(store_new_id(id, e));
    const struct db_value row[] = {DB_S(str_from_cstr(id)), DB_S(store_hex_str(&none))};
    return db_run(db, &(struct db_run){ST_chain_new, row, 1, NULL, NULL}, e);
}

/* The next step, unless another program was faster. Inside a transaction. */
static enum rc step(struct db *db, uint32_t upto, int64_t now, bool *more, struct err *e)
{
    int64_t version = 0;
    TRY(db_script(db, TABLE, e));
    TRY(version_now(db, &version, e));
    if (version > db_n_migrations) {
        return too_new(version, e);
    }
    *more = version < upto;
    if (!*more) {
        return RC_OK;
    }
    const struct db_migration *m = &db_migrations[version];
    TRY(db_script(db, m->sql[db->driver == &db_sqlite ? DB_SQLITE : DB_POSTGRES], e));
    const struct db_value row[] = {DB_N(version + 1), DB_S(str_from_cstr(m->name)), DB_N(now)};
    TRY(db_run(db, &(struct db_run){ST_migration_put, row, 1, NULL, NULL}, e));
    return after_step(db, (uint32_t)version + 1, e);
}

enum rc store_migrate(struct db *db, bool create, uint32_t upto, int64_t now, struct err *e)
{
    bool there = false;
    TRY(db_has_book(db, &there, e));
    if (!there && !create) {
        return no_book(e);
    }
    ASSERT(upto <= db_n_migrations);
    int64_t version = 0;
    if (there) {
        TRY(version_now(db, &version, e)); /* usually that is all: nobody is kept waiting */
    }
    for (bool more = version != upto; more;) {
        enum rc rc = db_begin_tables(db, e);
        rc = rc == RC_OK ? step(db, upto, now, &more, e) : rc;
        rc = rc == RC_OK ? db_commit(db, e) : rc;
        if (rc != RC_OK) {
            db_rollback(db);
            err_ctx(e, "bringing the book up to date", "升级账本");
            return rc;
        }
    }
    return RC_OK;
}

enum rc store_check_version(struct db *db, struct err *e)
{
    bool there = false;
    int64_t version = 0;
    TRY(db_has_book(db, &there, e));
    if (!there) {
        return no_book(e);
    }
    TRY(version_now(db, &version, e));
    if (version > db_n_migrations) {
        return too_new(version, e);
    }
    if (version < db_n_migrations) {
        enum rc rc = err_set(e, RC_NO_SUPPORT, "the book has the older version %lld",
                             "账本仍为旧版本 %lld", (long long)version);
        err_hint(e, "Open it once for writing; that brings it up to date.",
                 "请先以可写方式打开一次，即自动升级。");
        return rc;
    }
    return RC_OK;
}
