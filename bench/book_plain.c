/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same rows as somebody would put them into a database without a book: a table with a row a
 * figure and a primary key, prepared statements, one transaction per form, as durable as the book.
 * SQLite: one connection, of which clients take turns (waiting for its lock by retries is slower).
 * PostgreSQL: a connection per client, one INSERT from arrays.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i128.h"
#include "bench/book.h"
#include "bench/crowd.h"

static const char table[] =
    "CREATE TABLE figure (unit TEXT NOT NULL, item INTEGER NOT NULL, year INTEGER NOT NULL, "
    "value BIGINT, status TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (unit, item, year))";
static const char counted[] = "SELECT count(*), count(value), "
                              "coalesce(sum(value % 100003 * (item + 1)), 0) FROM figure";

struct plain {
    struct book_bench *b;
    sqlite3 *db;
    sqlite3_stmt *insert;
    pthread_mutex_t turn;
    PGconn **connections; /* by client */
};

static enum rc broken(struct err *e, const char *why)
{
    return err_set(e, RC_DB, "the database: %s", "数据库：%s", why);
}

static struct str source_of(struct arena *a, const struct report_place *p)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    buf_printf(&b, "F%u-%u", p->form, FIRST_YEAR + p->year);
    return buf_view(&b);
}

static struct str unit_of(const struct plain *x, const struct report_place *p)
{
    return x->b->subject.data.tree->units[x->b->w->n_areas + p->school].code;
}

/* ---- SQLite --------------------------------------------------------------------------------- */

static bool insert_row(struct plain *x, const struct report_place *p, struct str unit,
                       struct str source, uint32_t item)
{
    int32_t v = figure_at(x->b->w, p->school, item, p->year);
    sqlite3_stmt *s = x->insert;
    (void)sqlite3_bind_text(s, 1, unit.p, (int)unit.n, SQLITE_STATIC);
    (void)sqlite3_bind_int(s, 2, (int)item);
    (void)sqlite3_bind_int(s, 3, (int)(FIRST_YEAR + p->year));
    (void)(v == SILENT ? sqlite3_bind_null(s, 4) : sqlite3_bind_int64(s, 4, v));
    (void)sqlite3_bind_text(s, 5, "submitted", -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(s, 6, source.p, (int)source.n, SQLITE_STATIC);
    bool done = sqlite3_step(s) == SQLITE_DONE;
    return sqlite3_reset(s) == SQLITE_OK && done;
}

static bool sqlite_report(void *ctx, uint32_t client, uint64_t n, struct arena *a)
{
    struct plain *x = ctx;
    struct report_place p;
    (void)client;
    report_of(x->b, n, &p);
    struct str source = source_of(a, &p);
    (void)pthread_mutex_lock(&x->turn);
    bool ok = sqlite3_exec(x->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    for (uint32_t i = 0; ok && i < x->b->form_items; i++) {
        ok = insert_row(x, &p, unit_of(x, &p), source, p.form * x->b->form_items + i);
    }
    ok = ok && sqlite3_exec(x->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    (void)pthread_mutex_unlock(&x->turn);
    return ok;
}

static enum rc sqlite_open(struct plain *x, struct err *e)
{
    const char *const setup[] = {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", table};
    if (sqlite3_open(x->b->where, &x->db) != SQLITE_OK) {
        return broken(e, "open");
    }
    for (uint32_t i = 0; i < 3; i++) {
        if (sqlite3_exec(x->db, setup[i], NULL, NULL, NULL) != SQLITE_OK) {
            return broken(e, sqlite3_errmsg(x->db));
        }
    }
    return sqlite3_prepare_v2(x->db, "INSERT INTO figure VALUES (?,?,?,?,?,?)", -1, &x->insert,
                              NULL) == SQLITE_OK
               ? RC_OK
               : broken(e, sqlite3_errmsg(x->db));
}

static enum rc sqlite_count(struct plain *x, struct checksum *out, struct err *e)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(x->db, counted, -1, &s, NULL) != SQLITE_OK ||
        sqlite3_step(s) != SQLITE_ROW) {
        return broken(e, sqlite3_errmsg(x->db));
    }
    *out = (struct checksum){(uint64_t)sqlite3_column_int64(s, 0),
                             (uint64_t)sqlite3_column_int64(s, 1),
                             (uint64_t)sqlite3_column_int64(s, 2)};
    (void)sqlite3_finalize(s);
    return RC_OK;
}

/* ---- PostgreSQL ----------------------------------------------------------------------------- */

static bool postgres_report(void *ctx, uint32_t client, uint64_t n, struct arena *a)
{
    struct plain *x = ctx;
    struct report_place p;
    struct buf items;
    struct buf values;
    char year[16];
    report_of(x->b, n, &p);
    struct str source = source_of(a, &p);
    buf_init_in(&items, a, 1 << 16);
    buf_init_in(&values, a, 1 << 16);
    for (uint32_t i = 0; i < x->b->form_items; i++) {
        uint32_t item = p.form * x->b->form_items + i;
        int32_t v = figure_at(x->b->w, p.school, item, p.year);
        buf_printf(&items, "%c%u", i == 0 ? '{' : ',', item);
        buf_putc(&values, i == 0 ? '{' : ',');
        if (v == SILENT) {
            buf_puts(&values, "NULL");
        } else {
            buf_printf(&values, "%d", v);
        }
    }
    buf_puts(&items, "}");
    buf_puts(&values, "}");
    (void)snprintf(year, sizeof year, "%u", FIRST_YEAR + p.year);
    const char *const params[] = {str_dup(a, unit_of(x, &p)).p, year, str_dup(a, source).p,
                                  buf_view(&items).p, buf_view(&values).p};
    buf_putc(&items, '\0');
    buf_putc(&values, '\0');
    PGresult *r = PQexecPrepared(x->connections[client], "put", 5, params, NULL, NULL, 0);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return ok;
}

static enum rc ask(PGconn *c, const char *sql, struct err *e)
{
    PGresult *r = PQexec(c, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return ok ? RC_OK : broken(e, PQerrorMessage(c));
}

static enum rc postgres_open(struct plain *x, uint32_t clients, struct err *e)
{
    static const char put[] = "INSERT INTO figure SELECT $1, i, $2::int, v, 'submitted', $3 "
                              "FROM unnest($4::int[], $5::bigint[]) AS t(i, v)";
    x->connections = ARENA_ARRAY(x->b->a, PGconn *, clients);
    for (uint32_t i = 0; i < clients; i++) {
        PGconn *c = PQconnectdb(x->b->where);
        x->connections[i] = c;
        if (PQstatus(c) != CONNECTION_OK) {
            return broken(e, PQerrorMessage(c));
        }
        TRY(ask(c, "SET synchronous_commit = on", e));
        if (i == 0) {
            TRY(ask(c, table, e));
        }
        PGresult *r = PQprepare(c, "put", put, 5, NULL);
        bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
        if (!ok) {
            return broken(e, PQerrorMessage(c));
        }
    }
    return RC_OK;
}

static uint64_t number_of(const char *text)
{
    i128 n = 0;
    return i128_parse(str_from_cstr(text), &n) && n >= 0 && n <= INT64_MAX ? (uint64_t)n : 0;
}

static enum rc postgres_count(struct plain *x, struct checksum *out, struct err *e)
{
    PGresult *r = PQexec(x->connections[0], counted);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        return broken(e, PQerrorMessage(x->connections[0]));
    }
    *out = (struct checksum){number_of(PQgetvalue(r, 0, 0)), number_of(PQgetvalue(r, 0, 1)),
                             number_of(PQgetvalue(r, 0, 2))};
    PQclear(r);
    return RC_OK;
}

/* ---- either --------------------------------------------------------------------------------- */

enum rc plain_rate(struct book_bench *b, struct rate_wish w, struct rate_times *out, struct err *e)
{
    struct plain x = {.b = b, .turn = PTHREAD_MUTEX_INITIALIZER};
    struct checksum got = {0};
    bool postgres = strstr(b->where, "dbname=") != NULL;
    const struct crowd c = {
        .wish = w, .work = postgres ? postgres_report : sqlite_report, .ctx = &x};
    TRY(postgres ? postgres_open(&x, w.clients, e) : sqlite_open(&x, e));
    TRY(crowd_run(b->a, &c, out, e));
    TRY(postgres ? postgres_count(&x, &got, e) : sqlite_count(&x, &got, e));
    out->figures = got.rows;
    out->different = checksum_differs(got, expected(b, w.reports));
    for (uint32_t i = 0; postgres && i < w.clients; i++) {
        PQfinish(x.connections[i]);
    }
    (void)sqlite3_finalize(x.insert);
    (void)sqlite3_close(x.db);
    return RC_OK;
}
