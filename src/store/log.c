/* SPDX-License-Identifier: Apache-2.0 */
/* The log, as it is: also of a book that was tampered with. */
#include "store/log.h"

#include "store/store_int.h"

struct log_ctx {
    log_entry_fn *entry;
    log_parcel_fn *parcel;
    void *ctx;
};

static enum rc on_entry(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    const struct log_ctx *c = ctx;
    const struct log_entry x = {.seq = row[0].n,
                                .at = row[1].n,
                                .actor = row[2].s,
                                .act = row[3].s,
                                .note = row[4].s,
                                .subjects = row[5].s,
                                .files = row[6].s,
                                .parcels = row[7].n};
    (void)call;
    return c->entry(c->ctx, &x, e);
}

enum rc store_log(struct store_reader *r, const struct log_filter *f, log_entry_fn *fn, void *ctx,
                  struct err *e)
{
    struct log_ctx c = {.entry = fn, .ctx = ctx};
    const struct db_value by[] = {DB_N(f->before), DB_N(f->since), DB_N(f->until), DB_S(f->actor),
                                  DB_S(f->act),    DB_S(f->unit),  DB_N(f->limit)};
    return reader_run(r, ST_log, by, on_entry, &c, e);
}

static enum rc on_parcel(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    const struct log_ctx *c = ctx;
    (void)call;
    return c->parcel(c->ctx, (uint32_t)row[0].n, row[1].s, row[2].s, e);
}

enum rc store_log_parcels(struct store_reader *r, int64_t seq, uint32_t limit, log_parcel_fn *fn,
                          void *ctx, struct err *e)
{
    struct log_ctx c = {.parcel = fn, .ctx = ctx};
    const struct db_value by[] = {DB_N(seq), DB_N(limit)};
    return reader_run(r, ST_log_parcels, by, on_parcel, &c, e);
}
