/* SPDX-License-Identifier: Apache-2.0 */
/* DuckDB: in memory, all threads, whole vectors through the appender, prepared statements. */
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "bench/database.h"
#include "bench/library.h"

/* Rows of a data chunk, and the types of its vectors, by the manual of the C interface. */
#define DUCKDB_VECTOR   2048
#define DUCKDB_BOOLEAN  1
#define DUCKDB_SMALLINT 3
#define DUCKDB_INTEGER  4

/* duckdb_result: opaque to callers, this large. */
struct duckdb_result {
    uint64_t a, b, c;
    void *d, *e, *f;
};

struct duckdb {
    const char *(*library_version)(void);
    int (*open)(const char *, void **);
    int (*connect)(void *, void **);
    void (*disconnect)(void **);
    void (*close)(void **);
    int (*query)(void *, const char *, struct duckdb_result *);
    const char *(*result_error)(struct duckdb_result *);
    void (*destroy_result)(struct duckdb_result *);
    int (*prepare)(void *, const char *, void **);
    const char *(*prepare_error)(void *);
    int (*execute_prepared)(void *, struct duckdb_result *);
    void (*destroy_prepare)(void **);
    int (*appender_create)(void *, const char *, const char *, void **);
    int (*append_chunk)(void *, void *);
    const char *(*appender_error)(void *);
    int (*appender_destroy)(void **);
    void *(*create_type)(int);
    void (*destroy_type)(void **);
    void *(*create_chunk)(void **, uint64_t);
    void (*destroy_chunk)(void **);
    void (*chunk_reset)(void *);
    void (*chunk_set_size)(void *, uint64_t);
    uint64_t (*chunk_size)(void *);
    void *(*chunk_vector)(void *, uint64_t);
    void *(*vector_data)(void *);
    uint64_t *(*vector_validity)(void *);
    void (*vector_writable)(void *);
    void *(*fetch)(struct duckdb_result);
    uint64_t (*columns)(struct duckdb_result *);
    int (*column_type)(struct duckdb_result *, uint64_t);
    void *db, *conn;
    void *steps[SQL_STEPS];
};

static const struct symbol symbols[] = {
    {"duckdb_library_version", offsetof(struct duckdb, library_version)},
    {"duckdb_open", offsetof(struct duckdb, open)},
    {"duckdb_connect", offsetof(struct duckdb, connect)},
    {"duckdb_disconnect", offsetof(struct duckdb, disconnect)},
    {"duckdb_close", offsetof(struct duckdb, close)},
    {"duckdb_query", offsetof(struct duckdb, query)},
    {"duckdb_result_error", offsetof(struct duckdb, result_error)},
    {"duckdb_destroy_result", offsetof(struct duckdb, destroy_result)},
    {"duckdb_prepare", offsetof(struct duckdb, prepare)},
    {"duckdb_prepare_error", offsetof(struct duckdb, prepare_error)},
    {"duckdb_execute_prepared", offsetof(struct duckdb, execute_prepared)},
    {"duckdb_destroy_prepare", offsetof(struct duckdb, destroy_prepare)},
    {"duckdb_appender_create", offsetof(struct duckdb, appender_create)},
    {"duckdb_append_data_chunk", offsetof(struct duckdb, append_chunk)},
    {"duckdb_appender_error", offsetof(struct duckdb, appender_error)},
    {"duckdb_appender_destroy", offsetof(struct duckdb, appender_destroy)},
    {"duckdb_create_logical_type", offsetof(struct duckdb, create_type)},
    {"duckdb_destroy_logical_type", offsetof(struct duckdb, destroy_type)},
    {"duckdb_create_data_chunk", offsetof(struct duckdb, create_chunk)},
    {"duckdb_destroy_data_chunk", offsetof(struct duckdb, destroy_chunk)},
    {"duckdb_data_chunk_reset", offsetof(struct duckdb, chunk_reset)},
    {"duckdb_data_chunk_set_size", offsetof(struct duckdb, chunk_set_size)},
    {"duckdb_data_chunk_get_size", offsetof(struct duckdb, chunk_size)},
    {"duckdb_data_chunk_get_vector", offsetof(struct duckdb, chunk_vector)},
    {"duckdb_vector_get_data", offsetof(struct duckdb, vector_data)},
    {"duckdb_vector_get_validity", offsetof(struct duckdb, vector_validity)},
    {"duckdb_vector_ensure_validity_writable", offsetof(struct duckdb, vector_writable)},
    {"duckdb_fetch_chunk", offsetof(struct duckdb, fetch)},
    {"duckdb_column_count", offsetof(struct duckdb, columns)},
    {"duckdb_column_type", offsetof(struct duckdb, column_type)},
};

static enum rc failed(const char *why, struct err *e)
{
    return err_set(e, RC_DB, "DuckDB: %s", "DuckDB：%s", why ? why : "?");
}

static enum rc duckdb_execute(struct database *db, const char *statement, struct err *e)
{
    struct duckdb *d = db->own;
    struct duckdb_result r;
    bool ok = d->query(d->conn, statement, &r) == 0;
    enum rc rc = ok ? RC_OK : failed(d->result_error(&r), e);
    d->destroy_result(&r);
    return rc;
}

static enum rc duckdb_open(struct database *db, const struct setting *s, struct err *e)
{
    struct duckdb *d = ARENA_NEW(db->a, struct duckdb);
    struct buf b;
    db->own = d;
    if (!s->duckdb) {
        return err_set(e, RC_NO_SUPPORT, "no library was named", "没有指定程序库");
    }
    TRY(library_open(s->duckdb, symbols, sizeof symbols / sizeof *symbols, d, e));
    if (d->open(NULL, &d->db) != 0 || d->connect(d->db, &d->conn) != 0) {
        return failed("open", e);
    }
    buf_init_in(&b, db->a, 64);
    buf_printf(&b, "SET threads = %u", s->threads);
    TRY(duckdb_execute(db, buf_view(&b).p, e));
    return duckdb_execute(db, "SET preserve_insertion_order = false", e);
}

/* ---- facts in ------------------------------------------------------------------------------- */

static void fill_key(const struct duckdb *d, void *chunk, const struct workload *w, uint32_t first,
                     uint32_t n, uint32_t year)
{
    int32_t *unit = d->vector_data(d->chunk_vector(chunk, 0));
    int16_t *years = d->vector_data(d->chunk_vector(chunk, 1));
    int32_t *city = d->vector_data(d->chunk_vector(chunk, 2));
    int32_t *county = d->vector_data(d->chunk_vector(chunk, 3));
    bool *public = d->vector_data(d->chunk_vector(chunk, 4));
    bool *rural = d->vector_data(d->chunk_vector(chunk, 5));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = county_of_school(w, first + i);
        unit[i] = (int32_t)(first + i);
        years[i] = (int16_t)year;
        city[i] = (int32_t)node_of_city(w->city_of[c]);
        county[i] = (int32_t)node_of_county(w, c);
        public[i] = school_is_public(w, first + i);
        rural[i] = school_is_rural(w, first + i);
    }
}

static void fill_item(const struct duckdb *d, void *vector, const struct workload *w, uint32_t item,
                      uint32_t first, uint32_t n, uint32_t year)
{
    int32_t *x = d->vector_data(vector);
    bool *yes = d->vector_data(vector);
    d->vector_writable(vector);
    uint64_t *known = d->vector_validity(vector);
    for (uint32_t i = 0; i < n; i++) {
        int32_t v = figure_at(w, first + i, item, year);
        uint64_t bit = (uint64_t)1 << i % 64;
        known[i / 64] = v == SILENT ? known[i / 64] & ~bit : known[i / 64] | bit;
        if (w->items[item].class == ITEM_FLAG) {
            yes[i] = v == 1;
        } else {
            x[i] = v == SILENT ? 0 : v;
        }
    }
}

static void *chunk_for(const struct duckdb *d, struct arena *a, const struct workload *w)
{
    static const int key[SCHOOL_COLUMNS] = {DUCKDB_INTEGER, DUCKDB_SMALLINT, DUCKDB_INTEGER,
                                            DUCKDB_INTEGER, DUCKDB_BOOLEAN,  DUCKDB_BOOLEAN};
    uint32_t n = SCHOOL_COLUMNS + w->n_items;
    void **types = ARENA_ARRAY(a, void *, n);
    for (uint32_t i = 0; i < n; i++) {
        bool flag = i >= SCHOOL_COLUMNS && w->items[i - SCHOOL_COLUMNS].class == ITEM_FLAG;
        types[i] = d->create_type(i < SCHOOL_COLUMNS ? key[i]
                                  : flag             ? DUCKDB_BOOLEAN
                                                     : DUCKDB_INTEGER);
    }
    void *chunk = d->create_chunk(types, n);
    for (uint32_t i = 0; i < n; i++) {
        d->destroy_type(&types[i]);
    }
    return chunk;
}

static enum rc duckdb_load(struct database *db, struct err *e)
{
    struct duckdb *d = db->own;
    const struct workload *w = db->w;
    void *appender = NULL;
    void *chunk = chunk_for(d, db->a, w);
    bool ok = d->appender_create(d->conn, NULL, "school", &appender) == 0;
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t first = 0; ok && first < w->shape.schools; first += DUCKDB_VECTOR) {
            uint32_t left = w->shape.schools - first;
            uint32_t n = left < DUCKDB_VECTOR ? left : DUCKDB_VECTOR;
            d->chunk_reset(chunk);
            fill_key(d, chunk, w, first, n, y);
            for (uint32_t i = 0; i < w->n_items; i++) {
                fill_item(d, d->chunk_vector(chunk, SCHOOL_COLUMNS + i), w, i, first, n, y);
            }
            d->chunk_set_size(chunk, n);
            ok = d->append_chunk(appender, chunk) == 0;
        }
    }
    enum rc rc = ok ? RC_OK : failed(d->appender_error(appender), e);
    d->destroy_chunk(&chunk);
    d->appender_destroy(&appender); /* writes what is left */
    return rc;
}

/* ---- steps and answers ---------------------------------------------------------------------- */

static enum rc duckdb_prepare(struct database *db, struct err *e)
{
    struct duckdb *d = db->own;
    for (uint32_t i = 0; i < SQL_STEPS; i++) {
        if (d->prepare(d->conn, db->sql.steps[i].p, &d->steps[i]) != 0) {
            return failed(d->prepare_error(d->steps[i]), e);
        }
    }
    return RC_OK;
}

static enum rc duckdb_step(struct database *db, uint32_t step, struct err *e)
{
    struct duckdb *d = db->own;
    struct duckdb_result r;
    bool ok = d->execute_prepared(d->steps[step], &r) == 0;
    enum rc rc = ok ? RC_OK : failed(d->result_error(&r), e);
    d->destroy_result(&r);
    return rc;
}

static void rows_of(struct duckdb *d, void *chunk, uint32_t n_columns, const bool *wide,
                    row_fn *row, void *ctx)
{
    int64_t values[ROW_MAX] = {0};
    bool isnull[ROW_MAX] = {false};
    const void *data[ROW_MAX];
    const uint64_t *known[ROW_MAX];
    for (uint32_t i = 0; i < n_columns; i++) {
        void *v = d->chunk_vector(chunk, i);
        data[i] = d->vector_data(v);
        known[i] = d->vector_validity(v);
    }
    for (uint64_t k = 0; k < d->chunk_size(chunk); k++) {
        for (uint32_t i = 0; i < n_columns; i++) {
            isnull[i] = known[i] && (known[i][k / 64] >> k % 64 & 1) == 0;
            values[i] = wide[i] ? ((const int64_t *)data[i])[k] : ((const int32_t *)data[i])[k];
        }
        row(ctx, values, isnull);
    }
}

static enum rc duckdb_query(struct database *db, const char *statement, row_fn *row, void *ctx,
                            struct err *e)
{
    struct duckdb *d = db->own;
    struct duckdb_result r;
    bool wide[ROW_MAX];
    if (d->query(d->conn, statement, &r) != 0) {
        enum rc rc = failed(d->result_error(&r), e);
        d->destroy_result(&r);
        return rc;
    }
    uint32_t n = (uint32_t)d->columns(&r);
    ASSERT(n <= ROW_MAX);
    for (uint32_t i = 0; i < n; i++) {
        wide[i] = d->column_type(&r, i) != DUCKDB_INTEGER;
    }
    for (void *chunk = d->fetch(r); chunk; chunk = d->fetch(r)) {
        rows_of(d, chunk, n, wide, row, ctx);
        d->destroy_chunk(&chunk);
    }
    d->destroy_result(&r);
    return RC_OK;
}

static const char *duckdb_version(struct database *db)
{
    const struct duckdb *d = db->own;
    return d->library_version();
}

static void duckdb_close(struct database *db)
{
    struct duckdb *d = db->own;
    for (uint32_t i = 0; i < SQL_STEPS; i++) {
        d->destroy_prepare(&d->steps[i]);
    }
    d->disconnect(&d->conn);
    d->close(&d->db);
}

static const struct driver driver = {
    .flavour = SQL_DUCKDB,
    .open = duckdb_open,
    .execute = duckdb_execute,
    .load = duckdb_load,
    .prepare = duckdb_prepare,
    .step = duckdb_step,
    .query = duckdb_query,
    .version = duckdb_version,
    .close = duckdb_close,
};

static enum rc contestant_open(struct arena *a, const struct workload *w, const struct setting *s,
                               void **ctx, struct err *e)
{
    return database_open(a, w, &driver, s, ctx, e);
}

const struct contestant contestant_duckdb = {"duckdb",         contestant_open,  database_run,
                                             database_answers, database_version, database_close};
