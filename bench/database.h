/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the three databases have in common: tables are made, facts taken in, steps timed, answers
 * read. A driver knows one of them.
 */
#ifndef BENCH_DATABASE_H
#define BENCH_DATABASE_H

#include "bench/contest.h"
#include "bench/sql.h"

struct database;

/* One row of an answer: whole numbers, null where isnull says so. */
typedef void row_fn(void *ctx, const int64_t *values, const bool *isnull);

struct driver {
    enum sql_flavour flavour;
    /* An empty database; *db may hang whatever it likes on `own`. */
    enum rc (*open)(struct database *db, const struct setting *s, struct err *e);
    enum rc (*execute)(struct database *db, const char *statement, struct err *e);
    /* All rows of table school. */
    enum rc (*load)(struct database *db, struct err *e);
    /* The steps are known and tables are there: prepare them. */
    enum rc (*prepare)(struct database *db, struct err *e);
    enum rc (*step)(struct database *db, uint32_t step, struct err *e);
    enum rc (*query)(struct database *db, const char *statement, row_fn *row, void *ctx,
                     struct err *e);
    const char *(*version)(struct database *db);
    void (*close)(struct database *db);
};

struct database {
    struct arena *a;
    const struct workload *w;
    const struct driver *driver;
    struct sql sql;
    void *own;
};

/* Columns of school before the items. */
#define SCHOOL_COLUMNS 6
/* The most columns of an answer. */
#define ROW_MAX 256

enum rc database_open(struct arena *a, const struct workload *w, const struct driver *d,
                      const struct setting *s, void **ctx, struct err *e);
enum rc database_run(void *ctx, double seconds[STEPS_MAX], struct err *e);
enum rc database_answers(void *ctx, struct answers *out, struct err *e);
const char *database_version(void *ctx);
void database_close(void *ctx);

#endif
