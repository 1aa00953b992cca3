/* SPDX-License-Identifier: Apache-2.0 */
/* Reports from many clients at once: into the book, and counted again from it. */
#include "base/arena.h"
#include "base/buf.h"
#include "bench/book.h"
#include "bench/contest.h"
#include "bench/crowd.h"
#include "store/load.h"

void report_of(const struct book_bench *b, uint64_t n, struct report_place *out)
{
    uint64_t schools = b->w->shape.schools;
    uint64_t forms = b->w->n_items / b->form_items;
    out->school = (uint32_t)(n % schools);
    out->form = (uint32_t)(n / schools % forms);
    out->year = (uint32_t)(n / schools / forms % YEARS);
}

struct checksum expected(const struct book_bench *b, uint64_t reports)
{
    struct checksum sum = {0};
    for (uint64_t n = 0; n < reports; n++) {
        struct report_place p;
        report_of(b, n, &p);
        for (uint32_t i = 0; i < b->form_items; i++) {
            uint32_t item = p.form * b->form_items + i;
            int32_t v = figure_at(b->w, p.school, item, p.year);
            sum.rows++;
            sum.known += v != SILENT;
            sum.sum += v == SILENT ? 0 : (uint64_t)v % 100003 * (item + 1U);
        }
    }
    return sum;
}

uint64_t checksum_differs(struct checksum x, struct checksum y)
{
    return (uint64_t)(x.rows != y.rows) + (x.known != y.known) + (x.sum != y.sum);
}

/* ---- into the book -------------------------------------------------------------------------- */

static bool commit_report(void *ctx, uint32_t client, uint64_t n, struct arena *a)
{
    struct book_bench *b = ctx;
    struct report_place p;
    struct store_parcel parcels[2];
    struct store_receipt got;
    struct buf subject;
    struct buf token;
    struct err e = {0};
    (void)client;
    report_of(b, n, &p);
    buf_init_in(&subject, a, 256);
    buf_init_in(&token, a, 64);
    buf_printf(&token, "r%llu", (unsigned long long)n);
    if (book_form(a, b, p.school, p.form, p.year, ROW_SUBMITTED, &parcels[1], &e) != RC_OK) {
        return false;
    }
    buf_printf(&subject, "form/F%u-%u/%.*s", p.form, FIRST_YEAR + p.year, PS(parcels[1].unit));
    parcels[0] = (struct store_parcel){.unit = buf_view(&subject),
                                       .what = STORE_DOC,
                                       .recorded = DATE_MIN,
                                       .body = STR("{\"state\":\"submitted\",\"version\":1}")};
    const struct store_expect x = {buf_view(&subject), 0};
    const struct store_commit c = {.token = buf_view(&token),
                                   .actor = STR("user/bench"),
                                   .act = STR("report.submit"),
                                   .expects = &x,
                                   .n_expects = 1,
                                   .parcels = parcels,
                                   .n_parcels = 2};
    return store_commit(a, b->store, &c, &got, &e) == RC_OK;
}

struct counting {
    struct book_bench *b;
    struct parcel_reader *names;
    struct checksum sum;
};

/* Money is kept in 元, by the plan; here it is counted in hundredths of 万元. */
static enum rc count(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct counting *c = ctx;
    struct parcel_figures x;
    (void)e;
    if (p->what != STORE_FACT || p->status != ROW_SUBMITTED) {
        return RC_OK;
    }
    if (!parcel_figures(c->names, p, &x)) {
        return err_set(e, RC_DB, "a parcel is not as it was sent", "数据包与所报不符");
    }
    for (uint32_t i = 0; i < x.form->n; i++) {
        uint32_t item = x.form->places[i].item;
        int64_t factor = c->b->w->items[item].class == ITEM_MONEY ? 100 : 1;
        c->sum.rows++;
        c->sum.known += x.numbers[i].d != 0;
        c->sum.sum += (uint64_t)(x.numbers[i].n / factor) % 100003 * (item + 1U);
    }
    return RC_OK;
}

static enum rc count_book(struct book_bench *b, struct checksum *out, struct err *e)
{
    struct counting c = {.b = b};
    struct store_reader *r = NULL;
    c.names = parcel_reader_new(b->a, b->subject.plan, b->subject.data.tree);
    TRY(store_reader_open(b->a, b->store, &r, e));
    enum rc rc = store_parcels(r, 1, INT64_MAX, count, &c, e);
    store_reader_close(r);
    *out = c.sum;
    return rc;
}

enum rc book_rate(struct book_bench *b, struct rate_wish w, struct rate_times *out, struct err *e)
{
    struct checksum got = {0};
    const struct crowd c = {.wish = w, .work = commit_report, .ctx = b};
    TRY(book_units(b, e));
    TRY(crowd_run(b->a, &c, out, e));
    TRY(count_book(b, &got, e));
    out->figures = got.rows;
    out->different = checksum_differs(got, expected(b, w.reports));
    return RC_OK;
}
