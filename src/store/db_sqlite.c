/* SPDX-License-Identifier: Apache-2.0 */
/* The engine SQLite: one file in WAL mode, flushed at every commit. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/err.h"
#include "store/db_int.h"

#define BUSY_MS     10000
#define POLL_NS     50000000L /* data_version is asked 20 times a second */
#define NS_PER_MS   1000000LL
#define MS_PER_POLL (POLL_NS / NS_PER_MS)

struct failure {
    int code; /* the low byte of SQLite's */
    enum rc rc;
    const char *en, *zh;
};

static const struct failure failures[] = {
    {SQLITE_BUSY, RC_BUSY, "the book is locked by another program", "账本被其他程序占用"},
    {SQLITE_FULL, RC_IO, "the disk is full", "磁盘已满"},
    {SQLITE_IOERR, RC_IO, "the disk failed", "磁盘读写失败"},
    {SQLITE_CANTOPEN, RC_NOT_FOUND, "the file cannot be opened", "文件打不开"},
    {SQLITE_PERM, RC_DENIED, "no permission", "没有权限"},
    {SQLITE_READONLY, RC_DENIED, "the file may not be written", "文件不可写"},
    {SQLITE_NOTADB, RC_INPUT, "the file is no book", "文件不是账本"},
    {SQLITE_CORRUPT, RC_DB, "the file is damaged", "文件已损坏"},
    {SQLITE_NOMEM, RC_NO_MEMORY, "no memory", "内存不足"},
    {SQLITE_CONSTRAINT, RC_CONFLICT, "a rule of the tables was broken", "违反数据表的约束"},
};

static sqlite3 *conn(const struct db *db)
{
    return db->conn;
}

static enum rc failed(struct db *db, struct err *e)
{
    int code = db->conn != NULL ? sqlite3_errcode(conn(db)) : SQLITE_NOMEM;
    const char *text = db->conn != NULL ? sqlite3_errmsg(conn(db)) : "";
    for (uint32_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        const struct failure *f = &failures[i];
        if (f->code == (code & 0xff)) {
            return err_set(e, f->rc, "%s%.0s (SQLite: %s)", "%.0s%s（SQLite：%s）", f->en, f->zh,
                           text);
        }
    }
    return err_set(e, RC_DB, "SQLite: %s", "SQLite：%s", text);
}

static enum rc script(struct db *db, const char *sql, struct err *e)
{
    return sqlite3_exec(conn(db), sql, NULL, NULL, NULL) == SQLITE_OK ? RC_OK : failed(db, e);
}

/* The one value of a statement; -1 or "" when there is none. */
static enum rc ask(struct db *db, const char *sql, char text[16], int64_t *n, struct err *e)
{
    sqlite3_stmt *st = NULL;
    *n = -1;
    text[0] = '\0';
    if (sqlite3_prepare_v2(conn(db), sql, -1, &st, NULL) != SQLITE_OK) {
        return failed(db, e);
    }
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW) {
        const char *got = (const char *)sqlite3_column_text(st, 0);
        size_t len = got != NULL ? strlen(got) : 0;
        *n = sqlite3_column_int64(st, 0);
        memcpy(text, got != NULL ? got : "", len < 15 ? len + 1 : 0);
    }
    enum rc rc = code == SQLITE_ROW || code == SQLITE_DONE ? RC_OK : failed(db, e);
    (void)sqlite3_finalize(st);
    return rc;
}

static enum rc number(struct db *db, const char *sql, int64_t *out, struct err *e)
{
    char text[16];
    return ask(db, sql, text, out, e);
}

static enum rc no_promise(struct err *e)
{
    enum rc rc = err_set(e, RC_NO_SUPPORT, "the file system cannot keep a write-ahead log safely",
                         "该文件系统不能可靠地保存预写日志");
    err_hint(e, "Keep the book on a local disk, not on a network share.",
             "请把账本放在本机磁盘上，不要放在网络共享上。");
    return rc;
}

static enum rc settle(struct db *db, unsigned flags, struct err *e)
{
    char text[16];
    int64_t n = 0;
    (void)sqlite3_busy_timeout(conn(db), BUSY_MS);
    (void)sqlite3_extended_result_codes(conn(db), 1);
    TRY(ask(db, "PRAGMA journal_mode=WAL", text, &n, e));
    if (strcmp(text, "wal") != 0) {
        return no_promise(e);
    }
    TRY(script(db,
               "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; "
               "PRAGMA secure_delete=ON",
               e));
    TRY(ask(db, "PRAGMA synchronous", text, &n, e));
    if (n != 2) {
        return no_promise(e);
    }
    /* What a reader has looked at is of no use after the next commit, and the system has it, too.
     */
    return (flags & DB_READER) != 0 ? script(db, "PRAGMA query_only=ON; PRAGMA cache_size=-256", e)
                                    : RC_OK;
}

static enum rc open_file(struct db *db, const char *where, unsigned flags, struct err *e)
{
    int how = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if ((flags & DB_CREATE) != 0) {
        /* SQLite would make it readable for all; its other files copy the mode of this one. */
        int fd = open(where, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            return err_set_errno(e, RC_IO, "cannot make the file", "无法建立文件");
        }
        (void)close(fd);
    }
    sqlite3 *c = NULL;
    int code = sqlite3_open_v2(where, &c, how, NULL);
    db->conn = c;
    return code == SQLITE_OK ? settle(db, flags, e) : failed(db, e);
}

static void close_file(struct db *db)
{
    for (uint32_t i = 0; i < ST__COUNT; i++) {
        (void)sqlite3_finalize(db->stmts[i]);
    }
    (void)sqlite3_close(conn(db));
}

static bool alive(const struct db *db)
{
    return db->conn != NULL;
}

static enum rc prepare(struct db *db, enum db_st st, struct err *e)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v3(conn(db), db_statements[st].sql, -1, SQLITE_PREPARE_PERSISTENT, &s,
                           NULL) != SQLITE_OK) {
        return failed(db, e);
    }
    db->stmts[st] = s;
    return RC_OK;
}

/* SQLite numbers $1, $2 … in order of their first appearance: the name decides. */
static bool bind_all(sqlite3_stmt *s, const struct db_value *params, uint32_t n)
{
    bool ok = true;
    for (uint32_t i = 0; i < n && ok; i++) {
        char name[] = {'$', '0', '\0', '\0'};
        name[1] = (char)(i + 1 < 10 ? '1' + (char)i : '1');
        name[2] = (char)(i + 1 < 10 ? '\0' : '0' + (char)(i + 1 - 10));
        int at = sqlite3_bind_parameter_index(s, name);
        const struct db_value *v = &params[i];
        int code = !v->is_text ? sqlite3_bind_int64(s, at, v->n)
                               : sqlite3_bind_text64(s, at, v->s.n > 0 ? v->s.p : "", v->s.n,
                                                     SQLITE_STATIC, SQLITE_UTF8);
        ok = at > 0 && code == SQLITE_OK;
    }
    return ok;
}

static uint32_t read_row(sqlite3_stmt *s, struct db_value row[DB_COLUMNS_MAX])
{
    uint32_t n = (uint32_t)sqlite3_column_count(s);
    ASSERT(n <= DB_COLUMNS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        bool number = sqlite3_column_type(s, (int)i) == SQLITE_INTEGER;
        row[i] = number ? DB_N(sqlite3_column_int64(s, (int)i)) : DB_S(STR(""));
        if (!number) {
            const char *p = (const char *)sqlite3_column_text(s, (int)i);
            int bytes = sqlite3_column_bytes(s, (int)i);
            row[i].s = p != NULL ? str_make(p, (size_t)bytes) : STR("");
        }
    }
    return n;
}

static enum rc step_all(struct db *db, sqlite3_stmt *s, const struct db_run *run, uint32_t call,
                        struct err *e)
{
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        if (run->row != NULL) {
            struct db_value row[DB_COLUMNS_MAX];
            (void)read_row(s, row);
            TRY(run->row(run->ctx, call, row, e));
        }
    }
    return code == SQLITE_DONE ? RC_OK : failed(db, e);
}

static enum rc run_all(struct db *db, const struct db_run *run, struct err *e)
{
    uint32_t n = db_statements[run->st].n_params;
    sqlite3_stmt *s = db->stmts[run->st];
    enum rc rc = RC_OK;
    for (uint32_t call = 0; call < run->n_calls && rc == RC_OK; call++) {
        const struct db_value *params = n > 0 ? run->params + (size_t)call * n : NULL;
        rc = bind_all(s, params, n) ? step_all(db, s, run, call, e) : failed(db, e);
        (void)sqlite3_reset(s);
    }
    (void)sqlite3_clear_bindings(s); /* they point at what the caller owns */
    return rc;
}

/* Another connection has committed when data_version moved. */
static enum rc wait_change(struct db *db, int timeout_ms, bool *woken, struct err *e)
{
    char text[16];
    int64_t now = 0;
    *woken = false;
    for (int64_t left_ms = timeout_ms;; left_ms -= MS_PER_POLL) {
        TRY(ask(db, "PRAGMA data_version", text, &now, e));
        if (now != db->seen_version) {
            *woken = true;
            db->seen_version = now;
            return RC_OK;
        }
        if (left_ms <= 0) {
            return RC_OK;
        }
        struct timespec pause = {0, left_ms < MS_PER_POLL ? left_ms * NS_PER_MS : POLL_NS};
        (void)nanosleep(&pause, NULL);
    }
}

const struct db_driver db_sqlite = {
    .begin_read = "BEGIN",
    .begin_write = "BEGIN IMMEDIATE",
    .has_book = "SELECT count(*) FROM sqlite_master WHERE name = 'migration'",
    .size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    .faults = "SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'",
    .open = open_file,
    .close = close_file,
    .alive = alive,
    .script = script,
    .number = number,
    .prepare = prepare,
    .run = run_all,
    .wait = wait_change,
    .poll_ms = MS_PER_POLL,
};
