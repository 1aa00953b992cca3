/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: in memory, prepared statements, rows in the order in which they are read. */
#include "base/arena.h"
#include "base/buf.h"
#include "bench/database.h"
#include "bench/library.h"

#define SQLITE_LIBRARY "libsqlite3.so.0"
#define SQLITE_ROW     100
#define SQLITE_DONE    101

struct sqlite {
    int (*open)(const char *, void **);
    int (*exec)(void *, const char *, void *, void *, char **);
    int (*prepare)(void *, const char *, int, void **, const char **);
    int (*step)(void *);
    int (*reset)(void *);
    int (*finalize)(void *);
    int (*bind)(void *, int, long long);
    int (*bind_null)(void *, int);
    long long (*value)(void *, int);
    int (*type)(void *, int);
    int (*columns)(void *);
    const char *(*errmsg)(void *);
    const char *(*libversion)(void);
    int (*close)(void *);
    void *db;
    void *steps[SQL_STEPS];
};

#define SQLITE_NULL 5

static const struct symbol symbols[] = {
    {"sqlite3_open", offsetof(struct sqlite, open)},
    {"sqlite3_exec", offsetof(struct sqlite, exec)},
    {"sqlite3_prepare_v2", offsetof(struct sqlite, prepare)},
    {"sqlite3_step", offsetof(struct sqlite, step)},
    {"sqlite3_reset", offsetof(struct sqlite, reset)},
    {"sqlite3_finalize", offsetof(struct sqlite, finalize)},
    {"sqlite3_bind_int64", offsetof(struct sqlite, bind)},
    {"sqlite3_bind_null", offsetof(struct sqlite, bind_null)},
    {"sqlite3_column_int64", offsetof(struct sqlite, value)},
    {"sqlite3_column_type", offsetof(struct sqlite, type)},
    {"sqlite3_column_count", offsetof(struct sqlite, columns)},
    {"sqlite3_errmsg", offsetof(struct sqlite, errmsg)},
    {"sqlite3_libversion", offsetof(struct sqlite, libversion)},
    {"sqlite3_close", offsetof(struct sqlite, close)},
};

static enum rc failed(const struct sqlite *s, struct err *e)
{
    return err_set(e, RC_DB, "SQLite: %s", "SQLite：%s", s->errmsg(s->db));
}

static enum rc sqlite_execute(struct database *db, const char *statement, struct err *e)
{
    struct sqlite *s = db->own;
    return s->exec(s->db, statement, NULL, NULL, NULL) == 0 ? RC_OK : failed(s, e);
}

static enum rc sqlite_open(struct database *db, const struct setting *set, struct err *e)
{
    (void)set;
    struct sqlite *s = ARENA_NEW(db->a, struct sqlite);
    db->own = s;
    TRY(library_open(SQLITE_LIBRARY, symbols, sizeof symbols / sizeof *symbols, s, e));
    if (s->open(":memory:", &s->db) != 0) {
        return failed(s, e);
    }
    return sqlite_execute(db, "PRAGMA temp_store = MEMORY", e);
}

static enum rc prepared(const struct sqlite *s, const char *statement, void **out, struct err *e)
{
    return s->prepare(s->db, statement, -1, out, NULL) == 0 ? RC_OK : failed(s, e);
}

static void bind_row(struct database *db, void *insert, uint32_t school, uint32_t year)
{
    const struct sqlite *s = db->own;
    const struct workload *w = db->w;
    uint32_t county = county_of_school(w, school);
    int at = 1;
    s->bind(insert, at++, school);
    s->bind(insert, at++, year);
    s->bind(insert, at++, node_of_city(w->city_of[county]));
    s->bind(insert, at++, node_of_county(w, county));
    s->bind(insert, at++, school_is_public(w, school));
    s->bind(insert, at++, school_is_rural(w, school));
    for (uint32_t i = 0; i < w->n_items; i++) {
        int32_t x = figure_at(w, school, i, year);
        if (x == SILENT) {
            s->bind_null(insert, at++);
        } else {
            s->bind(insert, at++, x);
        }
    }
}

static enum rc sqlite_load(struct database *db, struct err *e)
{
    const struct sqlite *s = db->own;
    struct buf b;
    void *insert = NULL;
    buf_init_in(&b, db->a, 1 << 16);
    buf_puts(&b, "INSERT INTO school VALUES (?");
    for (uint32_t i = 1; i < SCHOOL_COLUMNS + db->w->n_items; i++) {
        buf_puts(&b, ",?");
    }
    buf_puts(&b, ")");
    TRY(sqlite_execute(db, "BEGIN", e));
    TRY(prepared(s, buf_view(&b).p, &insert, e));
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < db->w->shape.schools; i++) {
            bind_row(db, insert, i, y);
            if (s->step(insert) != SQLITE_DONE) {
                return failed(s, e);
            }
            s->reset(insert);
        }
    }
    s->finalize(insert);
    return sqlite_execute(db, "COMMIT", e);
}

static enum rc sqlite_prepare(struct database *db, struct err *e)
{
    struct sqlite *s = db->own;
    for (uint32_t i = 0; i < SQL_STEPS; i++) {
        TRY(prepared(s, db->sql.steps[i].p, &s->steps[i], e));
    }
    return RC_OK;
}

static enum rc sqlite_step(struct database *db, uint32_t step, struct err *e)
{
    const struct sqlite *s = db->own;
    int done = s->step(s->steps[step]);
    s->reset(s->steps[step]);
    return done == SQLITE_DONE ? RC_OK : failed(s, e);
}

static enum rc sqlite_query(struct database *db, const char *statement, row_fn *row, void *ctx,
                            struct err *e)
{
    const struct sqlite *s = db->own;
    void *q = NULL;
    int64_t values[ROW_MAX];
    bool isnull[ROW_MAX];
    TRY(prepared(s, statement, &q, e));
    int n = s->columns(q);
    int got = 0;
    while ((got = s->step(q)) == SQLITE_ROW) {
        for (int i = 0; i < n && i < ROW_MAX; i++) {
            isnull[i] = s->type(q, i) == SQLITE_NULL;
            values[i] = s->value(q, i);
        }
        row(ctx, values, isnull);
    }
    s->finalize(q);
    return got == SQLITE_DONE ? RC_OK : failed(s, e);
}

static const char *sqlite_version(struct database *db)
{
    const struct sqlite *s = db->own;
    return s->libversion();
}

static void sqlite_close(struct database *db)
{
    const struct sqlite *s = db->own;
    for (uint32_t i = 0; i < SQL_STEPS; i++) {
        s->finalize(s->steps[i]);
    }
    s->close(s->db);
}

static const struct driver driver = {
    .flavour = SQL_SQLITE,
    .open = sqlite_open,
    .execute = sqlite_execute,
    .load = sqlite_load,
    .prepare = sqlite_prepare,
    .step = sqlite_step,
    .query = sqlite_query,
    .version = sqlite_version,
    .close = sqlite_close,
};

static enum rc contestant_open(struct arena *a, const struct workload *w, const struct setting *s,
                               void **ctx, struct err *e)
{
    return database_open(a, w, &driver, s, ctx, e);
}

const struct contestant contestant_sqlite = {"sqlite",         contestant_open,  database_run,
                                             database_answers, database_version, database_close};
