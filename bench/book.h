/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book of record under load: a region's figures as reports, how fast a process is ready that
 * opens it, how many reports a second it takes, and a deadline day.
 *
 * A report is a form of one school and year: FORM_ITEMS figures in one parcel beside its document,
 * committed with the expectation that nobody has touched it.
 */
#ifndef BENCH_BOOK_H
#define BENCH_BOOK_H

#include "base/attr.h"
#include "base/err.h"
#include "bench/subject.h"
#include "store/store.h"

#define BOOK_FORMS 25

struct book_bench {
    struct arena *a;
    const struct workload *w;
    struct subject subject;
    const char *where;
    struct store *store;
    bool alone;          /* start: no comparison, for a profile */
    uint32_t shift;      /* values are those of the school so many further on: corrections */
    uint32_t form_items; /* w->n_items / BOOK_FORMS */
};

/* Figures of a form of a school in a year, as a parcel; in a. */
NODISCARD enum rc book_form(struct arena *a, const struct book_bench *b, uint32_t school,
                            uint32_t form, uint32_t year, enum row_status status,
                            struct store_parcel *out, struct err *e);

/* Makes the units of the book, unless it has some. *had: it had. */
NODISCARD enum rc book_units_made(struct book_bench *b, bool *had, struct err *e);
NODISCARD enum rc book_units(struct book_bench *b, struct err *e);

/* ---- book_start.c: how fast a process is ready ---- */
struct start_times {
    double fill;                   /* making the book: not the point */
    double load, judge, rows_load; /* as columns; the first evaluation; the same book by rows */
    double cpu; /* of this process, for both: what the wall clock would be on a quiet machine */
    double follow, follow_p99; /* from an acknowledged form to all verdicts: median */
    uint64_t figures, rows, different, followed;
};
NODISCARD enum rc book_start(struct book_bench *b, struct start_times *out, struct err *e);

/* ---- book_rate.c: reports a second ---- */
struct rate_wish {
    uint32_t clients;
    uint32_t reports;
    uint32_t items;    /* of a report */
    double per_second; /* 0: as fast as they can; else arrivals, whether answered or not */
};
struct rate_times {
    double seconds;
    double p50, p99, slowest; /* from arrival to acknowledgement */
    uint64_t done, failed, figures, different;
};
/* Into the book. */
NODISCARD enum rc book_rate(struct book_bench *b, struct rate_wish w, struct rate_times *out,
                            struct err *e);

/* ---- book_plain.c: the same rows without a book ---- */
/* A table of figures, a row each, one transaction per form, with the same durability. */
NODISCARD enum rc plain_rate(struct book_bench *b, struct rate_wish w, struct rate_times *out,
                             struct err *e);

#endif
