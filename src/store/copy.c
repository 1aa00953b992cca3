/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits are copied as rows, a stretch of them per transaction: their hashes stand in them and
 * need no computing. What is derived (heads, the list of files) is derived again.
 */
#include "store/copy.h"

#include "base/assert.h"
#include "base/buf.h"
#include "store/files.h"
#include "store/store_int.h"
#include "store/wire.h"

#define STRETCH       200 /* commits per transaction */
#define EVENT_COLUMNS 12
#define PARCEL_VALUES 11
#define FILES_SUFFIX  ".files"

struct kept_layout {
    int64_t seq;
    struct str hash, body;
};

typedef VEC(struct db_value) values_vec;

struct copy {
    struct arena *a;      /* of the whole copy */
    struct arena stretch; /* below a: of the stretch at work */
    struct store_reader *r;
    struct db to;
    const char *files;
    struct store_end source, target;
    VEC(struct kept_layout) layouts; /* newer than the target */
    uint32_t next_layout;
    /* The stretch. */
    int64_t seq; /* the last event met */
    values_vec events, parcels, heads, names;
};

static struct db_value keep(struct copy *c, struct db_value v)
{
    return v.is_text ? DB_S(str_dup(&c->stretch, v.s)) : v;
}

static void push(struct copy *c, values_vec *to, struct db_value v)
{
    vec_push(&c->stretch, to, v);
}

static void forget(struct copy *c)
{
    const values_vec none = {0};
    c->events = c->parcels = c->heads = c->names = none;
    arena_release(&c->stretch);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Each text of a JSON array, with the number. */
static enum rc spread(struct copy *c, struct str json, int64_t seq, values_vec *to, struct err *e)
{
    struct wire w = wire_of(json);
    for (wire_open(&w); wire_more(&w);) {
        push(c, to, DB_S(str_dup(&c->stretch, wire_text(&c->stretch, &w))));
        push(c, to, DB_N(seq));
    }
    return wire_done(&w) ? RC_OK
                         : err_set(e, RC_DB, "commit %lld is damaged", "第 %lld 次提交已损坏",
                                   (long long)seq);
}

static enum rc on_row(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct copy *c = ctx;
    (void)call;
    if (row[0].n != c->seq) {
        c->seq = row[0].n;
        for (uint32_t i = 0; i < EVENT_COLUMNS; i++) {
            push(c, &c->events, keep(c, row[i]));
        }
        TRY(spread(c, row[6].s, c->seq, &c->heads, e));
        TRY(spread(c, row[7].s, c->seq, &c->names, e));
    }
    if (!row[EVENT_COLUMNS].is_text) {
        push(c, &c->parcels, DB_N(c->seq));
        for (uint32_t i = 0; i + 1 < PARCEL_VALUES; i++) {
            push(c, &c->parcels, keep(c, row[EVENT_COLUMNS + i]));
        }
    }
    return RC_OK;
}

static enum rc on_layout(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct copy *c = ctx;
    const struct kept_layout l = {row[2].n, str_dup(c->a, row[0].s), str_dup(c->a, row[1].s)};
    (void)call;
    (void)e;
    vec_push(c->a, &c->layouts, l);
    return RC_OK;
}

struct file_row {
    struct arena *a;
    bool found;
    int64_t size;
    struct str type;
};

static enum rc on_file(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct file_row *f = ctx;
    (void)call;
    (void)e;
    f->found = true;
    f->size = row[1].n;
    f->type = str_dup(f->a, row[2].s);
    return RC_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

static enum rc write_rows(struct copy *c, enum db_st st, const values_vec *v, struct err *e)
{
    const struct db_run run = {st, v->items, v->n / db_statements[st].n_params, NULL, NULL};
    return db_run(&c->to, &run, e);
}

/* Files are there, and flushed, before what names them. */
static enum rc write_files(struct copy *c, struct err *e)
{
    for (uint32_t i = 0; i < c->names.n; i += 2) {
        struct str hash = c->names.items[i].s;
        struct file_row f = {.a = &c->stretch};
        struct file_info info;
        struct str content;
        const struct db_value key[] = {DB_S(hash)};
        TRY(reader_run(c->r, ST_file_get, key, on_file, &f, e));
        if (!f.found || c->files == NULL) {
            enum rc rc = err_set(e, f.found ? RC_NO_SUPPORT : RC_DB, "no place for the file %.*s",
                                 "文件 %.*s 无处存放或未登记", PS(hash));
            err_hint(e, "Name a folder for the evidence of the copy (--files DIR).",
                     "请指明副本的佐证目录（--files 目录）。");
            return rc;
        }
        struct arena_mark m = arena_mark(&c->stretch);
        TRY(files_get(&c->stretch, c->r->store, hash, &content, e));
        TRY(files_put_in(&c->stretch, c->files, content, &info, e));
        arena_rewind(&c->stretch, m);
        const struct db_value row[] = {DB_S(hash), c->names.items[i + 1], DB_N(f.size),
                                       DB_S(f.type)};
        TRY(db_run(&c->to, &(struct db_run){ST_file_put, row, 1, NULL, NULL}, e));
    }
    return RC_OK;
}

/* Those that the stretch was the first to use; they came in any order. */
static enum rc write_layouts(struct copy *c, int64_t from, int64_t to, struct err *e)
{
    for (uint32_t i = 0; i < c->layouts.n; i++) {
        const struct kept_layout *l = &c->layouts.items[i];
        if (l->seq >= from && l->seq <= to) {
            const struct db_value row[] = {DB_S(l->hash), DB_N(l->seq), DB_S(l->body)};
            TRY(db_run(&c->to, &(struct db_run){ST_layout_put, row, 1, NULL, NULL}, e));
        }
    }
    return RC_OK;
}

static enum rc write_end(struct copy *c, struct err *e)
{
    uint32_t n = c->events.n;
    const struct db_value *last = &c->events.items[n - EVENT_COLUMNS];
    c->target.seq = last[0].n;
    c->target.at = last[1].n;
    c->target.hash = str_dup(c->a, last[11].s);
    c->target.parcels += c->parcels.n / PARCEL_VALUES;
    const struct db_value row[] = {DB_N(c->target.seq), DB_S(c->target.hash), DB_N(c->target.at),
                                   DB_N(c->target.parcels)};
    return db_run(&c->to, &(struct db_run){ST_chain_set, row, 1, NULL, NULL}, e);
}

static enum rc copy_stretch(struct copy *c, struct err *e)
{
    int64_t from = c->target.seq + 1;
    int64_t to = from + STRETCH - 1 < c->source.seq ? from + STRETCH - 1 : c->source.seq;
    const struct db_value range[] = {DB_N(from - 1), DB_N(to)};
    TRY(reader_run(c->r, ST_feed, range, on_row, c, e));
    if (c->events.n == 0) {
        return err_set(e, RC_DB, "the book lacks commit %lld", "账本缺少第 %lld 次提交",
                       (long long)from);
    }
    TRY(write_files(c, e));
    TRY(write_rows(c, ST_event_put, &c->events, e));
    TRY(write_layouts(c, from, to, e));
    TRY(write_rows(c, ST_parcel_put, &c->parcels, e));
    TRY(write_rows(c, ST_head_put, &c->heads, e));
    TRY(write_end(c, e));
    return db_commit(&c->to, e);
}

/* ---- the way from one to the other ---------------------------------------------------------- */

static enum rc on_hash(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct end_ctx *c = ctx;
    (void)call;
    (void)e;
    c->out->hash = str_dup(c->a, row[0].s);
    return RC_OK;
}

static enum rc another(struct err *e)
{
    enum rc rc = err_set(e, RC_CONFLICT, "the target is another book, or has gone another way",
                         "目标是另一个账本，或已与本账本分叉");
    err_hint(e, "Copy to a new place.", "请复制到新的位置。");
    return rc;
}

/* CP3. In the writing transaction of the stretch, so that nobody else writes there meanwhile. */
static enum rc meet(struct copy *c, struct err *e)
{
    struct end_ctx target = {c->a, &c->target};
    TRY(db_one(&c->to, ST_chain_turn, NULL, reader_on_chain, &target, NULL, e));
    if (c->target.seq == 0) {
        const struct db_value id[] = {DB_S(c->source.book)};
        c->target.book = c->source.book;
        return db_run(&c->to, &(struct db_run){ST_chain_adopt, id, 1, NULL, NULL}, e);
    }
    struct store_end there = {.hash = STR("")};
    struct end_ctx mine = {c->a, &there};
    const struct db_value key[] = {DB_N(c->target.seq)};
    TRY(reader_run(c->r, ST_event_hash, key, on_hash, &mine, e));
    bool same = str_eq(c->target.book, c->source.book) && str_eq(c->target.hash, there.hash);
    return same ? RC_OK : another(e);
}

static enum rc copy_all(struct copy *c, struct err *e)
{
    for (bool first = true;; first = false) {
        TRY(db_begin_write(&c->to, e));
        TRY(meet(c, e));
        if (first) {
            const struct db_value after[] = {DB_N(c->target.seq)};
            TRY(reader_run(c->r, ST_layouts, after, on_layout, c, e));
        }
        if (c->target.seq >= c->source.seq) {
            return db_commit(&c->to, e); /* an empty one has got its id */
        }
        TRY(copy_stretch(c, e));
        forget(c);
    }
}

static enum rc open_and_copy(struct copy *c, const char *where, struct err *e)
{
    const struct store *s = c->r->store;
    TRY(db_open(&c->to, where, DB_CREATE, e));
    TRY(store_migrate(&c->to, true, db_n_migrations, s->now(s->clock), e));
    TRY(store_begin(c->r, e));
    enum rc rc = store_end(c->a, c->r, &c->source, e);
    rc = rc == RC_OK ? copy_all(c, e) : rc;
    store_done(c->r);
    return rc;
}

struct run {
    struct copy *c;
    const char *where;
    enum rc rc;
    struct err *e;
};

static void run_copy(void *ctx)
{
    struct run *r = ctx;
    r->rc = open_and_copy(r->c, r->where, r->e);
}

enum rc store_copy(struct arena *a, struct store_reader *r, const char *where, const char *files,
                   struct store_end *out, struct err *e)
{
    struct copy *c = ARENA_NEW(a, struct copy);
    c->a = a;
    c->r = r;
    c->files = files;
    if (files == NULL && db_engine_of(where) == DB_SQLITE) {
        c->files = str_to_cstr(a, str_cat(a, str_from_cstr(where), STR(FILES_SUFFIX)));
    }
    arena_init_below(&c->stretch, a, "copy");
    struct run run = {c, where, RC_OK, e};
    enum rc rc = arena_run(a, run_copy, &run); /* it holds a connection (A5) */
    rc = rc == RC_OK ? run.rc
                     : err_set(e, rc, "no memory to copy the book", "内存不足，无法复制账本");
    db_close(&c->to);
    arena_release(&c->stretch);
    *out = c->target;
    if (rc != RC_OK) {
        err_ctx(e, "copying the book", "复制账本");
    }
    return rc;
}
