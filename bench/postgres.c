/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: a server that the script beside this started; COPY, parallel scans, temporary tables.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/i128.h"
#include "bench/database.h"
#include "bench/library.h"

#define PQ_LIBRARY    "libpq.so.5"
#define PQ_COMMAND_OK 1
#define PQ_TUPLES_OK  2
#define PQ_COPY_IN    4
#define COPY_CHUNK    (1u << 20)
#define COPY_ROW_MAX  (1u << 16)

struct postgres {
    void *(*connect)(const char *);
    int (*status)(const void *);
    char *(*error)(const void *);
    void *(*exec)(void *, const char *);
    int (*result_status)(const void *);
    void (*clear)(void *);
    int (*put)(void *, const char *, int);
    int (*put_end)(void *, const char *);
    void *(*result)(void *);
    int (*rows)(const void *);
    int (*fields)(const void *);
    char *(*value)(const void *, int, int);
    int (*isnull)(const void *, int, int);
    const char *(*parameter)(const void *, const char *);
    void (*finish)(void *);
    void *conn;
};

static const struct symbol symbols[] = {
    {"PQconnectdb", offsetof(struct postgres, connect)},
    {"PQstatus", offsetof(struct postgres, status)},
    {"PQerrorMessage", offsetof(struct postgres, error)},
    {"PQexec", offsetof(struct postgres, exec)},
    {"PQresultStatus", offsetof(struct postgres, result_status)},
    {"PQclear", offsetof(struct postgres, clear)},
    {"PQputCopyData", offsetof(struct postgres, put)},
    {"PQputCopyEnd", offsetof(struct postgres, put_end)},
    {"PQgetResult", offsetof(struct postgres, result)},
    {"PQntuples", offsetof(struct postgres, rows)},
    {"PQnfields", offsetof(struct postgres, fields)},
    {"PQgetvalue", offsetof(struct postgres, value)},
    {"PQgetisnull", offsetof(struct postgres, isnull)},
    {"PQparameterStatus", offsetof(struct postgres, parameter)},
    {"PQfinish", offsetof(struct postgres, finish)},
};

static enum rc failed(const struct postgres *p, struct err *e)
{
    return err_set(e, RC_DB, "PostgreSQL: %s", "PostgreSQL：%s", p->error(p->conn));
}

/* Runs a statement whose result has the status asked. */
static enum rc expect(struct postgres *p, const char *statement, int status, struct err *e)
{
    void *r = p->exec(p->conn, statement);
    int got = p->result_status(r);
    p->clear(r);
    return got == status ? RC_OK : failed(p, e);
}

static enum rc postgres_execute(struct database *db, const char *statement, struct err *e)
{
    return expect(db->own, statement, PQ_COMMAND_OK, e);
}

static enum rc postgres_open(struct database *db, const struct setting *s, struct err *e)
{
    struct postgres *p = ARENA_NEW(db->a, struct postgres);
    db->own = p;
    if (!s->postgres) {
        return err_set(e, RC_NO_SUPPORT, "no server was named", "没有指定服务器");
    }
    TRY(library_open(PQ_LIBRARY, symbols, sizeof symbols / sizeof *symbols, p, e));
    p->conn = p->connect(s->postgres);
    if (p->status(p->conn) != 0) {
        return failed(p, e);
    }
    /* Compiling a thousand sums takes longer than computing them. */
    TRY(postgres_execute(db, "SET jit = off", e));
    return postgres_execute(db, "SET client_min_messages = warning", e);
}

static void put_row(struct buf *b, const struct workload *w, uint32_t school, uint32_t year)
{
    uint32_t county = county_of_school(w, school);
    buf_printf(b, "%u\t%u\t%u\t%u\t%c\t%c", school, year, node_of_city(w->city_of[county]),
               node_of_county(w, county), school_is_public(w, school) ? 't' : 'f',
               school_is_rural(w, school) ? 't' : 'f');
    for (uint32_t i = 0; i < w->n_items; i++) {
        int32_t x = figure_at(w, school, i, year);
        if (x == SILENT) {
            buf_puts(b, "\t\\N");
        } else {
            buf_printf(b, "\t%d", x);
        }
    }
    buf_putc(b, '\n');
}

static enum rc postgres_load(struct database *db, struct err *e)
{
    struct postgres *p = db->own;
    struct buf b;
    bool ok = true;
    TRY(expect(p, "COPY school FROM STDIN", PQ_COPY_IN, e));
    buf_init(&b, COPY_CHUNK + COPY_ROW_MAX);
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < db->w->shape.schools && ok; i++) {
            put_row(&b, db->w, i, y);
            if (b.n >= COPY_CHUNK || i + 1 == db->w->shape.schools) {
                ok = !b.overflow && p->put(p->conn, b.p, (int)b.n) == 1;
                buf_clear(&b);
            }
        }
    }
    buf_release(&b);
    ok = p->put_end(p->conn, NULL) == 1 && ok;
    for (void *r = p->result(p->conn); r; r = p->result(p->conn)) {
        ok = p->result_status(r) == PQ_COMMAND_OK && ok;
        p->clear(r);
    }
    return ok ? RC_OK : failed(p, e);
}

/* The tables are made anew by each run, so there is nothing that could be prepared. */
static enum rc postgres_prepare(struct database *db, struct err *e)
{
    (void)db;
    (void)e;
    return RC_OK;
}

static enum rc postgres_step(struct database *db, uint32_t step, struct err *e)
{
    return postgres_execute(db, db->sql.steps[step].p, e);
}

static enum rc postgres_query(struct database *db, const char *statement, row_fn *row, void *ctx,
                              struct err *e)
{
    struct postgres *p = db->own;
    int64_t values[ROW_MAX] = {0};
    bool isnull[ROW_MAX];
    void *r = p->exec(p->conn, statement);
    bool ok = p->result_status(r) == PQ_TUPLES_OK;
    for (int k = 0; ok && k < p->rows(r); k++) {
        for (int i = 0; i < p->fields(r) && i < ROW_MAX; i++) {
            i128 x = 0;
            isnull[i] = p->isnull(r, k, i) != 0;
            ok = ok && (isnull[i] || i128_parse(str_from_cstr(p->value(r, k, i)), &x));
            values[i] = (int64_t)x;
        }
        row(ctx, values, isnull);
    }
    p->clear(r);
    return ok ? RC_OK : failed(p, e);
}

static const char *postgres_version(struct database *db)
{
    const struct postgres *p = db->own;
    return p->parameter(p->conn, "server_version");
}

static void postgres_close(struct database *db)
{
    const struct postgres *p = db->own;
    p->finish(p->conn);
}

static const struct driver driver = {
    .flavour = SQL_POSTGRES,
    .open = postgres_open,
    .execute = postgres_execute,
    .load = postgres_load,
    .prepare = postgres_prepare,
    .step = postgres_step,
    .query = postgres_query,
    .version = postgres_version,
    .close = postgres_close,
};

static enum rc contestant_open(struct arena *a, const struct workload *w, const struct setting *s,
                               void **ctx, struct err *e)
{
    return database_open(a, w, &driver, s, ctx, e);
}

const struct contestant contestant_postgres = {"postgres",       contestant_open,  database_run,
                                               database_answers, database_version, database_close};
