/* SPDX-License-Identifier: Apache-2.0 */
/* The whole book to a tree and a dataset, and what comes after it to edits. */
#include "store/load.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "model/grow.h"
#include "store/units.h"

struct loading {
    struct arena *a;
    struct parcel_reader *names;
    struct parcel_sink sink;
    struct grow grow; /* the dataset, in the order of the book */
    enum rc rc;       /* of growing */
    const struct book_options *o;
};

static void on_edit(void *ctx, const struct edit *x)
{
    struct loading *l = ctx;
    uint32_t ix = 0;
    l->rc = l->rc == RC_OK ? grow_add(&l->grow, x, &ix) : l->rc;
}

static void on_left(void *ctx, const struct parcel_left *left)
{
    struct loading *l = ctx;
    if (l->o->left != NULL) {
        l->o->left(l->o->ctx, left);
    }
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct loading *l = ctx;
    TRY(parcel_read(l->names, p, &l->sink, e));
    return l->rc == RC_OK ? RC_OK : err_set(e, l->rc, "no memory for the book", "内存放不下账本");
}

static int number_cmp(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* D2, then status, as only versions of one status follow each other. */
static int key_cmp(const struct fact *x, const struct fact *y)
{
    int c = number_cmp(x->item, y->item);
    c = c != 0 ? c : number_cmp(x->unit, y->unit);
    c = c != 0 ? c : period_cmp(x->period, y->period);
    c = c != 0 ? c : date_cmp(x->from.recorded, y->from.recorded);
    return c != 0 ? c : number_cmp(x->status, y->status);
}

struct placed {
    const struct fact *f;
    uint32_t at; /* in the order of the book */
};

static int placed_cmp(const void *p, const void *q)
{
    const struct placed *x = p;
    const struct placed *y = q;
    int c = key_cmp(x->f, y->f);
    return c != 0 ? c : number_cmp(x->at, y->at);
}

/* Sorted, of each key the last (LD2). */
static void sort_facts(struct arena *a, struct dataset *d)
{
    uint32_t n = d->n_facts;
    uint32_t kept = 0;
    struct placed *by = ARENA_ARRAY(a, struct placed, n + 1U);
    struct fact *out = ARENA_ARRAY(a, struct fact, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        by[i] = (struct placed){&d->facts[i], i};
    }
    qsort(by, n, sizeof by[0], placed_cmp);
    for (uint32_t i = 0; i < n; i++) {
        if (i + 1 == n || key_cmp(by[i].f, by[i + 1].f) != 0) {
            out[kept++] = *by[i].f;
        }
    }
    d->facts = out;
    d->n_facts = kept;
}

static enum rc load_tree(struct arena *a, struct store_reader *r, const struct book_options *o,
                         struct book_state *out, struct err *e)
{
    struct units u;
    TRY(units_load(a, r, out->seq, &u, e));
    if (u.steps.n == 0) {
        enum rc rc = err_set(e, RC_NOT_FOUND, "the book has no units yet", "账本中还没有机构");
        err_hint(e, "Import the list of units first.", "请先导入机构名录。");
        return rc;
    }
    enum rc rc = units_tree(a, &u, o->plan, (struct tree_sink){0}, &out->tree, e);
    return rc != RC_FINDINGS ? rc
                             : err_set(e, RC_DB, "the tree of units in the book is broken",
                                       "账本中的机构树已损坏");
}

static enum rc load(struct arena *a, struct store_reader *r, const struct book_options *o,
                    struct book_state *out, struct err *e)
{
    struct store_end end;
    struct loading l = {.a = a, .o = o};
    TRY(store_end(a, r, &end, e));
    *out = (struct book_state){.plan = o->plan, .seq = end.seq < o->upto ? end.seq : o->upto};
    TRY(load_tree(a, r, o, out, e));
    out->names = parcel_reader_new(a, o->plan, out->tree);
    l.names = out->names;
    l.sink = (struct parcel_sink){on_edit, on_left, &l};
    static const struct str files[] = {STR_INIT("book")};
    const struct dataset none = {.tree = out->tree, .files = files, .n_files = 1};
    grow_from(a, &none, &l.grow);
    TRY(store_parcels(r, 1, out->seq, on_parcel, &l, e));
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = l.grow.d;
    sort_facts(a, d);
    out->data = d;
    return RC_OK;
}

enum rc book_load(struct arena *a, struct store_reader *r, const struct book_options *o,
                  struct book_state *out, struct err *e)
{
    TRY(store_begin(r, e));
    enum rc rc = load(a, r, o, out, e);
    store_done(r);
    return rc;
}

/* ---- following ------------------------------------------------------------------------------ */

struct following {
    struct book_state *b;
    const struct book_sink *sink;
};

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *parcels,
                        struct err *e)
{
    struct following *f = ctx;
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        f->b->tree_changed |= parcels[i].what == STORE_UNIT || parcels[i].what == STORE_LINEAGE;
        TRY(parcel_read(f->b->names, &parcels[i], &f->sink->rows, e));
    }
    f->b->seq = ev->seq;
    if (f->sink->commit != NULL) {
        f->sink->commit(f->sink->rows.ctx, ev);
    }
    return RC_OK;
}

enum rc book_follow(struct store_reader *r, struct book_state *b, int64_t to,
                    const struct book_sink *sink, struct err *e)
{
    struct following f = {b, sink};
    return store_feed(r, b->seq + 1, to, on_event, &f, e);
}
