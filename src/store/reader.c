/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: a connection of one's own, one state of the book per call. */
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "store/store_int.h"

#define WAIT_SLICE_MS 1000

enum rc store_reader_open(struct arena *a, struct store *s, struct store_reader **out,
                          struct err *e)
{
    struct store_reader *r = ARENA_NEW(a, struct store_reader);
    r->store = s;
    r->a = a;
    arena_init_below(&r->scratch, a, "reader");
    layouts_init(&r->layouts, s->where, &r->db);
    *out = NULL;
    TRY(db_open(&r->db, s->where, DB_READER, e));
    *out = r;
    return RC_OK;
}

void store_reader_close(struct store_reader *r)
{
    if (r != NULL) {
        layouts_release(&r->layouts);
        db_close(&r->db);
        arena_release(&r->scratch);
    }
}

/* ---- one state of the book ------------------------------------------------------------------ */

static enum rc on_end(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    (void)call;
    (void)e;
    *(int64_t *)ctx = row[1].n;
    return RC_OK;
}

static enum rc connected(struct store_reader *r, struct err *e)
{
    if (r->busy || !db_is_alive(&r->db)) {
        /* The last call was stopped in its middle, or the server went away. */
        db_close(&r->db);
        r->in_one_state = r->listening = false;
    }
    return db_is_open(&r->db) ? RC_OK : db_open(&r->db, r->store->where, DB_READER, e);
}

static enum rc begin(struct store_reader *r, struct err *e)
{
    TRY(connected(r, e));
    r->busy = true;
    return db_begin_read(&r->db, e);
}

enum rc store_begin(struct store_reader *r, struct err *e)
{
    enum rc rc = begin(r, e);
    r->in_one_state = rc == RC_OK;
    if (rc != RC_OK) {
        db_close(&r->db);
    }
    r->busy = false;
    return rc;
}

void store_done(struct store_reader *r)
{
    db_rollback(&r->db);
    r->in_one_state = false;
}

enum rc reader_run(struct store_reader *r, enum db_st st, const struct db_value *params,
                   db_row_fn *row, void *ctx, struct err *e)
{
    bool own = !r->in_one_state || r->busy;
    if (!own && !db_is_open(&r->db)) {
        return err_set(e, RC_BUSY, "the connection broke while the book was read",
                       "读取账本时连接中断");
    }
    if (own) {
        TRY(store_begin(r, e));
    }
    r->busy = true;
    enum rc rc = db_run(&r->db, &(struct db_run){st, params, 1, row, ctx}, e);
    r->busy = false;
    if (own) {
        store_done(r);
    }
    if (rc != RC_OK && !db_is_alive(&r->db)) {
        db_close(&r->db);
    }
    return rc;
}

/* ---- what is asked -------------------------------------------------------------------------- */

enum rc reader_on_chain(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct end_ctx *c = ctx;
    (void)call;
    (void)e;
    *c->out = (struct store_end){.book = str_dup(c->a, row[0].s),
                                 .seq = row[1].n,
                                 .hash = str_dup(c->a, row[2].s),
                                 .at = row[3].n,
                                 .parcels = row[4].n};
    return RC_OK;
}

enum rc store_end(struct arena *a, struct store_reader *r, struct store_end *out, struct err *e)
{
    struct end_ctx c = {a, out};
    *out = (struct store_end){0};
    return reader_run(r, ST_chain_get, NULL, reader_on_chain, &c, e);
}

static enum rc on_number(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    (void)call;
    (void)e;
    *(int64_t *)ctx = row[0].n;
    return RC_OK;
}

struct find_ctx {
    bool *found;
    struct store_receipt *out;
};

static enum rc on_found(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct find_ctx *c = ctx;
    (void)call;
    (void)e;
    *c->found = true;
    *c->out = (struct store_receipt){row[0].n, row[1].n, true};
    return RC_OK;
}

enum rc store_find(struct store_reader *r, struct str token, bool *found, struct store_receipt *out,
                   struct err *e)
{
    struct find_ctx c = {found, out};
    const struct db_value key[] = {DB_S(token)};
    *found = false;
    return reader_run(r, ST_event_of_token, key, on_found, &c, e);
}

struct who_ctx {
    struct arena *a;
    struct store_event *out;
};

static enum rc on_who(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct who_ctx *c = ctx;
    (void)call;
    (void)e;
    c->out->at = row[0].n;
    c->out->actor = str_dup(c->a, row[1].s);
    c->out->act = str_dup(c->a, row[2].s);
    return RC_OK;
}

enum rc store_who(struct arena *a, struct store_reader *r, int64_t seq, struct store_event *out,
                  struct err *e)
{
    struct who_ctx c = {a, out};
    const struct db_value key[] = {DB_N(seq)};
    *out = (struct store_event){.seq = seq};
    TRY(reader_run(r, ST_event_who, key, on_who, &c, e));
    return out->at != 0 ? RC_OK
                        : err_set(e, RC_NOT_FOUND, "there is no commit %lld", "没有第 %lld 次提交",
                                  (long long)seq);
}

enum rc store_head(struct store_reader *r, struct str subject, int64_t *seq, struct err *e)
{
    const struct db_value key[] = {DB_S(subject)};
    *seq = 0;
    return reader_run(r, ST_head_get, key, on_number, seq, e);
}

struct parcel_ctx {
    struct store_reader *r;
    store_parcel_fn *fn;
    void *ctx;
};

static enum rc malformed(struct err *e, int64_t seq, int64_t part)
{
    return err_set(e, RC_DB, "commit %lld: its parcel %lld is damaged",
                   "第 %lld 次提交的数据包 %lld 已损坏", (long long)seq, (long long)part);
}

/* Columns part..body of a row; seq is given. Texts are the row's. */
static enum rc read_parcel(struct store_reader *r, int64_t seq, const struct db_value *row,
                           struct store_parcel *p, struct err *e)
{
    *p = (struct store_parcel){
        .area = row[1].s,
        .unit = row[2].s,
        .recorded = {(int32_t)row[5].n},
        .source = row[6].s,
        .grade = row[7].s.n > 0 ? row[7].s.p[0] : '\0',
        .body = row[9].s,
        .seq = seq,
        .part = (uint32_t)row[0].n,
    };
    if (!store_sort_of(row[3].s, &p->what) || !store_status_of(row[4].s, &p->status)) {
        return malformed(e, seq, row[0].n);
    }
    if (row[8].s.n > 0) {
        struct layout_text l;
        TRY(layouts_find(&r->layouts, row[8].s, &l, e));
        p->layout = l.body;
        p->layout_hash = l.hash;
    }
    return RC_OK;
}

static enum rc on_parcel(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct parcel_ctx *c = ctx;
    struct store_parcel p;
    (void)call;
    TRY(read_parcel(c->r, row[0].n, row + 1, &p, e));
    return c->fn(c->ctx, &p, e);
}

enum rc store_parcels(struct store_reader *r, int64_t from, int64_t to, store_parcel_fn *fn,
                      void *ctx, struct err *e)
{
    struct parcel_ctx c = {r, fn, ctx};
    const struct db_value range[] = {DB_N(from - 1), DB_N(to)};
    layouts_forget(&r->layouts); /* of a call that was stopped */
    if (from <= 1) {
        const struct db_value all[] = {DB_N(0)};
        TRY(reader_run(r, ST_layouts, all, layouts_keep, &r->layouts, e));
    }
    enum rc rc = reader_run(r, ST_parcels, range, on_parcel, &c, e);
    layouts_forget(&r->layouts);
    return rc;
}

enum rc store_parcels_of_tree(struct store_reader *r, int64_t from, int64_t to, store_parcel_fn *fn,
                              void *ctx, struct err *e)
{
    struct parcel_ctx c = {r, fn, ctx};
    const struct db_value range[] = {DB_N(from - 1), DB_N(to)};
    return reader_run(r, ST_parcels_of_tree, range, on_parcel, &c, e);
}

enum rc store_parcels_of(struct store_reader *r, struct str unit, enum store_sort what,
                         store_parcel_fn *fn, void *ctx, struct err *e)
{
    struct parcel_ctx c = {r, fn, ctx};
    const struct db_value key[] = {DB_S(unit), DB_S(str_from_cstr(store_sort_text(what)))};
    return reader_run(r, ST_parcels_of_unit, key, on_parcel, &c, e);
}

enum rc store_doc(struct store_reader *r, struct str subject, int64_t upto, store_parcel_fn *fn,
                  void *ctx, struct err *e)
{
    struct parcel_ctx c = {r, fn, ctx};
    const struct db_value key[] = {DB_S(subject), DB_N(upto)};
    return reader_run(r, ST_doc, key, on_parcel, &c, e);
}

enum rc store_docs(struct store_reader *r, struct str prefix, int64_t upto, store_parcel_fn *fn,
                   void *ctx, struct err *e)
{
    struct parcel_ctx c = {r, fn, ctx};
    char beyond[STORE_TEXT_BYTES + 1];
    ASSERT(str_ends(prefix, STR("/")) && prefix.n < sizeof beyond);
    memcpy(beyond, prefix.p, prefix.n);
    beyond[prefix.n - 1] = '/' + 1;
    const struct db_value key[] = {DB_S(prefix), DB_S(str_make(beyond, prefix.n)), DB_N(upto)};
    return reader_run(r, ST_docs, key, on_parcel, &c, e);
}

/* ---- the feed ------------------------------------------------------------------------------- */

#define EVENT_COLUMNS 12

struct feed_ctx {
    struct store_reader *r;
    store_event_fn *fn;
    void *ctx;
    struct store_event ev; /* being put together; seq 0: none */
    VEC(struct store_parcel) parcels;
};

static enum rc hand_out(struct feed_ctx *f, struct err *e)
{
    if (f->ev.seq == 0) {
        return RC_OK;
    }
    f->ev.n_parcels = f->parcels.n;
    enum rc rc = f->fn(f->ctx, &f->ev, f->parcels.items, e);
    arena_release(&f->r->scratch);
    f->parcels.items = NULL;
    f->parcels.n = f->parcels.cap = 0;
    f->ev.seq = 0;
    return rc;
}

static void read_event(struct feed_ctx *f, const struct db_value *row)
{
    struct arena *a = &f->r->scratch;
    f->ev = (struct store_event){
        .seq = row[0].n,
        .at = row[1].n,
        .actor = str_dup(a, row[2].s),
        .act = str_dup(a, row[3].s),
        .token = str_dup(a, row[4].s),
        .note = str_dup(a, row[5].s),
        .subjects = str_dup(a, row[6].s),
        .files = str_dup(a, row[7].s),
        .content = str_dup(a, row[9].s),
        .prev = str_dup(a, row[10].s),
        .hash = str_dup(a, row[11].s),
    };
}

static enum rc on_feed(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct feed_ctx *f = ctx;
    struct arena *a = &f->r->scratch;
    (void)call;
    if (row[0].n != f->ev.seq) {
        TRY(hand_out(f, e));
        read_event(f, row);
    }
    if (row[EVENT_COLUMNS].is_text) {
        return RC_OK; /* the empty side of the join: no parcels */
    }
    struct store_parcel p;
    TRY(read_parcel(f->r, row[0].n, row + EVENT_COLUMNS, &p, e));
    p.area = str_dup(a, p.area);
    p.unit = str_dup(a, p.unit);
    p.source = str_dup(a, p.source);
    p.body = str_dup(a, p.body);
    const struct store_parcel *before = f->parcels.n > 0 ? &vec_last(&f->parcels) : NULL;
    bool same = before != NULL && str_eq(before->layout_hash, p.layout_hash);
    p.layout = same ? before->layout : str_dup(a, p.layout);
    p.layout_hash = same ? before->layout_hash : str_dup(a, p.layout_hash);
    vec_push(a, &f->parcels, p);
    return RC_OK;
}

enum rc store_feed(struct store_reader *r, int64_t from, int64_t to, store_event_fn *fn, void *ctx,
                   struct err *e)
{
    struct feed_ctx f = {.r = r, .fn = fn, .ctx = ctx};
    const struct db_value range[] = {DB_N(from - 1), DB_N(to)};
    enum rc rc = reader_run(r, ST_feed, range, on_feed, &f, e);
    rc = rc == RC_OK ? hand_out(&f, e) : rc;
    arena_release(&r->scratch);
    return rc;
}

/* ---- waiting -------------------------------------------------------------------------------- */

static enum rc last_seq(struct store_reader *r, int64_t *last, struct err *e)
{
    return reader_run(r, ST_chain_get, NULL, on_end, last, e);
}

/* Where the database tells nobody, it is asked now and then; what this process has recorded itself
 * is known at once. */
static enum rc wait_slice(struct store_reader *r, int64_t after, int ms, struct err *e)
{
    bool woken = false;
    int poll_ms = r->db.driver->poll_ms;
    if (poll_ms == 0 || !r->store->has_thread) {
        return db_wait(&r->db, ms, &woken, e);
    }
    for (int left = ms; left > 0 && !woken; left -= poll_ms) {
        if (writer_rest(r->store, after, left < poll_ms ? left : poll_ms)) {
            return RC_OK;
        }
        TRY(db_wait(&r->db, 0, &woken, e));
    }
    return RC_OK;
}

enum rc store_wait(struct store_reader *r, int64_t after, int timeout_ms, int64_t *last,
                   struct err *e)
{
    TRY(connected(r, e));
    if (!r->listening) {
        /* First listen, then look: nothing is missed in between. */
        TRY(db_listen(&r->db, e));
        r->listening = true;
    }
    TRY(last_seq(r, last, e));
    for (int left = timeout_ms; *last <= after && left > 0; left -= WAIT_SLICE_MS) {
        TRY(wait_slice(r, after, left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS, e));
        TRY(last_seq(r, last, e));
    }
    return RC_OK;
}
