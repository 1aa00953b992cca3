/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who takes part: the same interface for tizhi and for the databases. A contestant takes the facts
 * of a workload in, computes everything as often as it is told to, and shows its answers.
 *
 * Each runs in a process of its own (bench/main.c), so that its memory is its own.
 */
#ifndef BENCH_CONTEST_H
#define BENCH_CONTEST_H

#include "base/clock.h"
#include "base/err.h"
#include "bench/workload.h"

struct arena;

/* Bounds as fractions: n/0 infinite; d < 0: none. */
struct answer {
    int64_t lo_n, lo_d, hi_n, hi_d;
    int32_t state; /* enum state + 1; 0: no row */
};

/* [target][year][area] and [school target][year][school], one after the other. */
struct answers {
    struct answer *areas, *schools;
};

size_t answers_areas(const struct workload *w);
size_t answers_schools(const struct workload *w);
struct answer *answer_of_area(const struct workload *w, struct answers *s, uint32_t target,
                              uint32_t year, uint32_t node);
/* target: of the table. */
struct answer *answer_of_school(const struct workload *w, struct answers *s, uint32_t target,
                                uint32_t year, uint32_t school);

struct setting {
    uint32_t threads;
    const char *duckdb;   /* path of the library */
    const char *postgres; /* connection string of an empty database */
};

/* Seconds of the steps of one run; 0 beyond them. */
#define STEPS_MAX 4

struct contestant {
    const char *name;
    /* All the facts are in, everything is warm but nothing is computed. RC_NO_SUPPORT: not here. */
    enum rc (*open)(struct arena *a, const struct workload *w, const struct setting *s, void **ctx,
                    struct err *e);
    enum rc (*run)(void *ctx, double seconds[STEPS_MAX], struct err *e);
    enum rc (*answers)(void *ctx, struct answers *out, struct err *e);
    const char *(*version)(void *ctx);
    void (*close)(void *ctx);
};

extern const struct contestant contestant_tizhi, contestant_duckdb, contestant_postgres,
    contestant_sqlite;

/* Half of what the machine has: beyond it a contestant gives up before the system ends it. */
size_t memory_limit(void);

#endif
