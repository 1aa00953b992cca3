/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a contest in SQL. */
#include "bench/database.h"

#include "base/arena.h"
#include "base/assert.h"

/* Statement by statement: some may not stand beside others. */
static enum rc execute_all(struct database *db, struct str script, struct err *e)
{
    struct str part;
    while (str_split(&script, ';', &part)) {
        if (str_trim(part).n > 0) {
            struct arena_mark mark = arena_mark(db->a);
            enum rc rc = db->driver->execute(db, str_to_cstr(db->a, part), e);
            arena_rewind(db->a, mark);
            TRY(rc);
        }
    }
    return RC_OK;
}

enum rc database_open(struct arena *a, const struct workload *w, const struct driver *d,
                      const struct setting *s, void **ctx, struct err *e)
{
    struct database *db = ARENA_NEW(a, struct database);
    *db = (struct database){.a = a, .w = w, .driver = d};
    TRY(d->open(db, s, e));
    db->sql = sql_make(a, w, d->flavour);
    TRY(execute_all(db, db->sql.schema, e));
    TRY(execute_all(db, db->sql.fill, e));
    TRY(d->load(db, e));
    TRY(execute_all(db, db->sql.ready, e));
    TRY(d->prepare(db, e));
    *ctx = db;
    return RC_OK;
}

enum rc database_run(void *ctx, double seconds[STEPS_MAX], struct err *e)
{
    struct database *db = ctx;
    TRY(execute_all(db, db->sql.clear, e));
    for (uint32_t i = 0; i < SQL_STEPS; i++) {
        double begin = seconds_now();
        TRY(db->driver->step(db, i, e));
        seconds[i] = seconds_now() - begin;
    }
    return RC_OK;
}

struct collect {
    const struct workload *w;
    struct answers *out;
    bool twice;
};

static void put(struct collect *c, struct answer *at, const int64_t *v, const bool *isnull)
{
    c->twice |= at->state != 0;
    bool none = v[0] == 4 || isnull[2] || isnull[4];
    *at = none ? (struct answer){.lo_d = -1, .hi_d = -1}
               : (struct answer){.lo_n = v[1], .lo_d = v[2], .hi_n = v[3], .hi_d = v[4]};
    at->state = (int32_t)v[0] + 1;
}

/* target, node, year, state, bounds */
static void area_row(void *ctx, const int64_t *v, const bool *isnull)
{
    struct collect *c = ctx;
    put(c, answer_of_area(c->w, c->out, (uint32_t)v[0], (uint32_t)v[2], (uint32_t)v[1]), v + 3,
        isnull + 3);
}

/* unit, year, then state and bounds of each target; no state: not asked */
static void school_row(void *ctx, const int64_t *v, const bool *isnull)
{
    struct collect *c = ctx;
    uint32_t first = c->w->n_targets - c->w->n_school_targets;
    for (uint32_t i = 0; i < c->w->n_school_targets; i++) {
        const uint32_t at = 2 + 5 * i;
        if (!isnull[at]) {
            put(c, answer_of_school(c->w, c->out, first + i, (uint32_t)v[1], (uint32_t)v[0]),
                v + at, isnull + at);
        }
    }
}

enum rc database_answers(void *ctx, struct answers *out, struct err *e)
{
    struct database *db = ctx;
    struct collect c = {.w = db->w, .out = out};
    ASSERT(2 + 5 * db->w->n_school_targets <= ROW_MAX);
    TRY(db->driver->query(db, str_to_cstr(db->a, db->sql.verdicts), area_row, &c, e));
    TRY(db->driver->query(db, str_to_cstr(db->a, db->sql.school_verdicts), school_row, &c, e));
    return c.twice ? err_set(e, RC_CONFLICT, "two rows for one key", "同一键有两行") : RC_OK;
}

const char *database_version(void *ctx)
{
    struct database *db = ctx;
    return db->driver->version(db);
}

void database_close(void *ctx)
{
    struct database *db = ctx;
    db->driver->close(db);
}
