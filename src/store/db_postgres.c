/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine PostgreSQL: prepared statements with binary values; many calls of one statement go out
 * in a pipeline, so that they cost one round trip.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/i128.h"
#include "store/db_int.h"

#define VERSION_MIN 150000
/* Few enough that the answers fit the buffers of the socket while we are still sending. */
#define PIPELINE_CALLS 128
#define PARAMS_MAX     16
#define CHANNEL        "tizhi_book"

struct failure {
    const char *state; /* the beginning of SQLSTATE */
    enum rc rc;
    const char *en, *zh;
};

static const struct failure failures[] = {
    {"23", RC_CONFLICT, "a rule of the tables was broken", "违反数据表的约束"},
    {"53100", RC_IO, "the disk of the server is full", "服务器磁盘已满"},
    {"53", RC_BUSY, "the server is short of resources", "服务器资源不足"},
    {"57", RC_BUSY, "the server is shutting down", "服务器正在关闭"},
    {"08", RC_BUSY, "the connection broke", "连接中断"},
    {"40", RC_BUSY, "another transaction was in the way", "与其他事务冲突"},
    {"28", RC_DENIED, "the server refuses this user", "服务器拒绝该用户"},
    {"55P03", RC_BUSY, "another program is writing", "其他程序正在写入"},
    {"42501", RC_DENIED, "no permission", "没有权限"},
    {"3D", RC_NOT_FOUND, "there is no such database", "没有这个数据库"},
};

static PGconn *conn(const struct db *db)
{
    return db->conn;
}

static bool alive(const struct db *db)
{
    return db->conn != NULL && PQstatus(conn(db)) == CONNECTION_OK;
}

static int first_line(const char *text)
{
    return (int)strcspn(text, "\n");
}

/* From the result, or from the connection when there is none. */
static enum rc failed(struct db *db, const PGresult *res, struct err *e)
{
    const char *state = res != NULL ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *text = res != NULL ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    text = text != NULL ? text : db->conn != NULL ? PQerrorMessage(conn(db)) : "";
    if (state == NULL) {
        state = alive(db) ? "" : "08";
    }
    for (uint32_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        const struct failure *f = &failures[i];
        if (strncmp(f->state, state, strlen(f->state)) == 0) {
            return err_set(e, f->rc, "%s%.0s (PostgreSQL: %.*s)", "%.0s%s（PostgreSQL：%.*s）",
                           f->en, f->zh, first_line(text), text);
        }
    }
    return err_set(e, RC_DB, "PostgreSQL: %.*s", "PostgreSQL：%.*s", first_line(text), text);
}

static void drop_result(struct db *db)
{
    PQclear(db->result);
    db->result = NULL;
}

static bool is_fine(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_SINGLE_TUPLE ||
           s == PGRES_PIPELINE_SYNC;
}

static enum rc script(struct db *db, const char *sql, struct err *e)
{
    db->result = PQexec(conn(db), sql);
    enum rc rc = is_fine(db->result) ? RC_OK : failed(db, db->result, e);
    drop_result(db);
    return rc;
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc setting(struct db *db, const char *sql, char out[16], struct err *e)
{
    db->result = PQexec(conn(db), sql);
    if (PQresultStatus(db->result) != PGRES_TUPLES_OK || PQntuples(db->result) != 1) {
        enum rc rc = failed(db, db->result, e);
        drop_result(db);
        return rc;
    }
    const char *got = PQgetvalue(db->result, 0, 0);
    size_t n = strlen(got);
    memcpy(out, n < 16 ? got : "", n < 16 ? n + 1 : 1);
    drop_result(db);
    return RC_OK;
}

static enum rc number(struct db *db, const char *sql, int64_t *out, struct err *e)
{
    char got[16];
    i128 n = 0;
    TRY(setting(db, sql, got, e));
    if (!i128_parse(str_from_cstr(got), &n)) {
        return err_set(e, RC_DB, "no number from the server", "服务器未返回数字");
    }
    *out = (int64_t)n;
    return RC_OK;
}

static enum rc must_be(struct db *db, const char *sql, const char *want, struct err *e)
{
    char got[16];
    TRY(setting(db, sql, got, e));
    if (strcmp(got, want) == 0) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_NO_SUPPORT, "the server has %s %s, and %s is needed",
                         "服务器的 %s 为 %s，需要 %s", sql + strlen("SHOW "), got, want);
    err_hint(e, "Change it in postgresql.conf, or make the database anew with encoding UTF8.",
             "请修改 postgresql.conf，或以 UTF8 编码重建数据库。");
    return rc;
}

static void no_notice(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

static enum rc settle(struct db *db, unsigned flags, struct err *e)
{
    char got[16];
    int version = PQserverVersion(conn(db));
    if (version < VERSION_MIN) {
        return err_set(e, RC_NO_SUPPORT, "PostgreSQL %d is older than 15", "PostgreSQL %d 低于 15",
                       version / 10000);
    }
    TRY(must_be(db, "SHOW server_encoding", "UTF8", e));
    TRY(must_be(db, "SHOW fsync", "on", e));
    TRY(must_be(db, "SHOW full_page_writes", "on", e));
    TRY(setting(db, "SHOW synchronous_commit", got, e));
    if (strcmp(got, "off") == 0 || strcmp(got, "local") == 0) {
        /* Stronger settings of a cluster stay. */
        TRY(script(db, "SET synchronous_commit = on", e));
    }
    /* A program that hangs in the middle of a commit must not keep the others for ever. */
    return script(db,
                  (flags & DB_READER) != 0 ? "SET default_transaction_read_only = on"
                                           : "SET lock_timeout = '10s';"
                                             "SET idle_in_transaction_session_timeout = '60s'",
                  e);
}

static enum rc open_server(struct db *db, const char *where, unsigned flags, struct err *e)
{
    /* What `where` says of these wins: it comes later. */
    const char *const words[] = {"connect_timeout", "application_name", "dbname", "client_encoding",
                                 NULL};
    const char *const values[] = {"10", "tizhi", where, "UTF8", NULL};
    PGconn *c = PQconnectdbParams(words, values, 1);
    db->conn = c;
    if (!alive(db)) {
        return failed(db, NULL, e);
    }
    (void)PQsetNoticeReceiver(c, no_notice, NULL);
    return settle(db, flags, e);
}

static void close_server(struct db *db)
{
    drop_result(db);
    PQfinish(conn(db));
}

/* ---- running -------------------------------------------------------------------------------- */

/* Parameters of one call as libpq wants them; integers in network order. */
struct wire_params {
    const char *value[PARAMS_MAX];
    int length[PARAMS_MAX];
    int format[PARAMS_MAX];
    char number[PARAMS_MAX][8];
};

static void pack(struct wire_params *w, const struct db_value *params, uint32_t n)
{
    ASSERT(n <= PARAMS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        const struct db_value *v = &params[i];
        for (uint32_t k = 0; k < 8; k++) {
            w->number[i][k] = (char)(((uint64_t)v->n >> (56 - 8 * k)) & 0xff);
        }
        w->value[i] = !v->is_text ? w->number[i] : v->s.n > 0 ? v->s.p : "";
        w->length[i] = v->is_text ? (int)v->s.n : 8;
        w->format[i] = 1;
    }
}

static bool send(struct db *db, enum db_st st, const struct db_value *params)
{
    struct wire_params w;
    uint32_t n = db_statements[st].n_params;
    pack(&w, params, n);
    return PQsendQueryPrepared(conn(db), db_statements[st].name, (int)n, w.value, w.length,
                               w.format, 1) == 1;
}

static enum rc prepare(struct db *db, enum db_st st, struct err *e)
{
    db->result = PQprepare(conn(db), db_statements[st].name, db_statements[st].sql, 0, NULL);
    enum rc rc = is_fine(db->result) ? RC_OK : failed(db, db->result, e);
    drop_result(db);
    db->stmts[st] = rc == RC_OK ? db->conn : NULL;
    return rc;
}

static struct db_value value_of(const PGresult *res, int row, int column)
{
    const char *p = PQgetvalue(res, row, column);
    int n = PQgetlength(res, row, column);
    const Oid int8_oid = 20;
    if (PQgetisnull(res, row, column) == 1 || PQftype(res, column) != int8_oid) {
        return DB_S(str_make(p, (size_t)n));
    }
    ASSERT(n == 8);
    uint64_t bits = 0;
    for (int i = 0; i < n; i++) {
        bits = bits << 8 | (unsigned char)p[i];
    }
    return DB_N((int64_t)bits);
}

/* The rows of db->result go to the callback. */
static enum rc hand_out(struct db *db, const struct db_run *run, uint32_t call, struct err *e)
{
    int n = PQnfields(db->result);
    ASSERT(n <= DB_COLUMNS_MAX);
    for (int r = 0; run->row != NULL && r < PQntuples(db->result); r++) {
        struct db_value row[DB_COLUMNS_MAX];
        for (int i = 0; i < n; i++) {
            row[i] = value_of(db->result, r, i);
        }
        TRY(run->row(run->ctx, call, row, e));
    }
    return RC_OK;
}

/* All results of one call. After a failure the rest is read and thrown away. */
static enum rc receive(struct db *db, const struct db_run *run, uint32_t call, enum rc rc,
                       struct err *e)
{
    while ((db->result = PQgetResult(conn(db))) != NULL) {
        if (rc == RC_OK) {
            rc = is_fine(db->result) ? hand_out(db, run, call, e) : failed(db, db->result, e);
        }
        drop_result(db);
    }
    return rc;
}

static enum rc run_once(struct db *db, const struct db_run *run, struct err *e)
{
    if (!send(db, run->st, run->params)) {
        return failed(db, NULL, e);
    }
    (void)PQsetSingleRowMode(conn(db)); /* a whole book need not be in memory twice */
    return receive(db, run, 0, RC_OK, e);
}

static enum rc run_pipeline(struct db *db, const struct db_run *run, uint32_t from, uint32_t n,
                            struct err *e)
{
    uint32_t n_params = db_statements[run->st].n_params;
    bool ok = PQenterPipelineMode(conn(db)) == 1;
    for (uint32_t i = from; i < from + n && ok; i++) {
        ok = send(db, run->st, run->params + (size_t)i * n_params);
    }
    ok = ok && PQpipelineSync(conn(db)) == 1;
    if (!ok) {
        return failed(db, NULL, e); /* the connection is of no more use: the owner closes it */
    }
    enum rc rc = RC_OK;
    for (uint32_t i = from; i < from + n; i++) {
        rc = receive(db, run, i, rc, e);
    }
    db->result = PQgetResult(conn(db)); /* of the sync */
    rc = rc != RC_OK || is_fine(db->result) ? rc : failed(db, db->result, e);
    drop_result(db);
    return PQexitPipelineMode(conn(db)) == 1 || rc != RC_OK ? rc : failed(db, NULL, e);
}

static enum rc run_all(struct db *db, const struct db_run *run, struct err *e)
{
    if (run->n_calls == 1) {
        return run_once(db, run, e);
    }
    for (uint32_t at = 0; at < run->n_calls; at += PIPELINE_CALLS) {
        uint32_t left = run->n_calls - at;
        TRY(run_pipeline(db, run, at, left < PIPELINE_CALLS ? left : PIPELINE_CALLS, e));
    }
    return RC_OK;
}

static enum rc wait_notice(struct db *db, int timeout_ms, bool *woken, struct err *e)
{
    struct pollfd fd = {.fd = PQsocket(conn(db)), .events = POLLIN};
    *woken = false;
    /* A signal ends the wait early, which is allowed. */
    if (poll(&fd, 1, timeout_ms) > 0 && PQconsumeInput(conn(db)) != 1) {
        return failed(db, NULL, e);
    }
    for (PGnotify *got = PQnotifies(conn(db)); got != NULL; got = PQnotifies(conn(db))) {
        *woken = true;
        PQfreemem(got);
    }
    return RC_OK;
}

const struct db_driver db_postgres = {
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_write = "BEGIN",
    .lock_tables = "SELECT pg_advisory_xact_lock(7479320831)",
    .has_book = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('migration')",
    .size = "SELECT (pg_total_relation_size('event') + pg_total_relation_size('parcel') + "
            "pg_total_relation_size('layout') + pg_total_relation_size('head') + "
            "pg_total_relation_size('file'))::text",
    .faults = "SELECT 0", /* a server with checksums says so when it reads */
    .open = open_server,
    .close = close_server,
    .alive = alive,
    .script = script,
    .number = number,
    .prepare = prepare,
    .run = run_all,
    .announce = "NOTIFY " CHANNEL,
    .listen = "LISTEN " CHANNEL,
    .wait = wait_notice,
};
