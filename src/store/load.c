/* SPDX-License-Identifier: Apache-2.0 */
/* The whole book to a tree and a dataset, and what comes after it to edits. */
#include "store/load.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
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

/* D2 within an item and unit, then status, as only versions of one status follow each other. */
static int key_cmp(const struct fact *x, const struct fact *y)
{
    int c = period_cmp(x->period, y->period);
    c = c != 0 ? c : date_cmp(x->from.recorded, y->from.recorded);
    return c != 0 ? c : number_cmp(x->status, y->status);
}

/* Indexes of facts, stably by a number below n_keys: where facts of millions are compared pair by
 * pair, the memory is read too often. */
static void by_number(struct arena *a, const struct dataset *d, bool by_item, uint32_t n_keys,
                      const uint32_t *in, uint32_t *out)
{
    uint32_t *first = ARENA_ARRAY(a, uint32_t, n_keys + 1U);
    for (uint32_t i = 0; i < d->n_facts; i++) {
        const struct fact *f = &d->facts[i];
        first[(by_item ? f->item : f->unit) + 1]++;
    }
    for (uint32_t k = 0; k < n_keys; k++) {
        first[k + 1] += first[k];
    }
    for (uint32_t i = 0; i < d->n_facts; i++) {
        const struct fact *f = &d->facts[in[i]];
        out[first[by_item ? f->item : f->unit]++] = in[i];
    }
}

/* The facts of one item and unit in place, stably; there are few, and mostly in order. */
static void sort_group(const struct fact *facts, uint32_t *ix, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t now = ix[i];
        uint32_t k = i;
        for (; k > 0 && key_cmp(&facts[ix[k - 1]], &facts[now]) > 0; k--) {
            ix[k] = ix[k - 1];
        }
        ix[k] = now;
    }
}

/* Sorted, of each key the last (LD2). */
static void sort_facts(struct arena *a, const struct plan *plan, struct dataset *d)
{
    uint32_t n = d->n_facts;
    uint32_t kept = 0;
    uint32_t *ix = ARENA_ARRAY(a, uint32_t, n + 1U);
    uint32_t *by = ARENA_ARRAY(a, uint32_t, n + 1U);
    struct fact *out = ARENA_ARRAY(a, struct fact, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        ix[i] = i;
    }
    by_number(a, d, false, d->tree->n_units, ix, by);
    by_number(a, d, true, plan->n_items, by, ix);
    for (uint32_t i = 0; i < n;) {
        const struct fact *f = &d->facts[ix[i]];
        uint32_t end = i + 1;
        while (end < n && d->facts[ix[end]].item == f->item && d->facts[ix[end]].unit == f->unit) {
            end++;
        }
        sort_group(d->facts, ix + i, end - i);
        for (; i < end; i++) {
            const struct fact *now = &d->facts[ix[i]];
            if (i + 1 == end || key_cmp(now, &d->facts[ix[i + 1]]) != 0) {
                out[kept++] = *now;
            }
        }
    }
    d->facts = out;
    d->n_facts = kept;
}

/* ---- what waits (LD4) ----------------------------------------------------------------------- */

/* By unit and source the commit of the last facts when they are submitted, else 0. */
struct sources {
    struct map numbers;
    struct map_u64 last; /* unit and number of the source -> commit */
    struct str text;     /* the source before, as neighbours mostly share it, and its number */
    uint32_t number;
};

static uint64_t source_key(struct arena *a, struct sources *s, const struct fact *f)
{
    if (s->numbers.n_entries == 0 || !str_eq(s->text, f->from.source)) {
        s->text = f->from.source;
        if (!map_get(&s->numbers, s->text, &s->number)) {
            s->number = s->numbers.n_entries;
            map_put(a, &s->numbers, s->text, s->number);
        }
    }
    return (uint64_t)f->unit << 32 | s->number;
}

static void accept_facts(struct arena *a, struct dataset *d, struct date day)
{
    struct sources s = {0};
    struct fact *facts = (struct fact *)(uintptr_t)d->facts; /* of the grown dataset, our own */
    for (uint32_t i = 0; i < d->n_facts; i++) {
        if (date_cmp(facts[i].from.recorded, day) <= 0) {
            bool waits = facts[i].status == ROW_SUBMITTED;
            map_u64_put(a, &s.last, source_key(a, &s, &facts[i]), waits ? facts[i].from.line : 0);
        }
    }
    for (uint32_t i = 0; i < d->n_facts; i++) {
        uint32_t commit = 0;
        if (facts[i].status == ROW_SUBMITTED && date_cmp(facts[i].from.recorded, day) <= 0 &&
            map_u64_get(&s.last, source_key(a, &s, &facts[i]), &commit) &&
            commit == facts[i].from.line) {
            facts[i].status = ROW_ACCEPTED;
        }
    }
}

static struct str row_key(struct arena *a, const struct reg_row *r)
{
    struct buf b;
    buf_init_in(&b, a, STORE_TEXT_BYTES + 64);
    buf_printf(&b, "%u %u %.*s", r->reg, r->owner, PS(r->id));
    return buf_view(&b);
}

void book_accept_rows(struct arena *a, struct dataset *d, struct date day)
{
    struct map last = {0};
    struct reg_row *rows = (struct reg_row *)(uintptr_t)d->rows;
    for (uint32_t i = 0; i < d->n_rows; i++) {
        if (rows[i].id.n > 0 && date_cmp(rows[i].from.recorded, day) <= 0) {
            map_put(a, &last, row_key(a, &rows[i]), i);
        }
    }
    for (uint32_t i = 0; i < last.n_entries; i++) {
        struct reg_row *r = &rows[last.entries[i].value];
        r->status = r->status == ROW_SUBMITTED ? ROW_ACCEPTED : r->status;
    }
}

enum rc book_tree(struct arena *a, struct store_reader *r, const struct plan *plan, int64_t upto,
                  const struct tree **out, struct err *e)
{
    struct units u;
    TRY(units_load(a, r, upto, &u, e));
    if (u.steps.n == 0) {
        enum rc rc = err_set(e, RC_NOT_FOUND, "the book has no units yet", "账本中还没有机构");
        err_hint(e, "Import the list of units first.", "请先导入机构名录。");
        return rc;
    }
    enum rc rc = units_tree(a, &u, plan, (struct tree_sink){0}, out, e);
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
    TRY(book_tree(a, r, o->plan, out->seq, &out->tree, e));
    out->names = parcel_reader_new(a, o->plan, out->tree);
    l.names = out->names;
    l.sink = (struct parcel_sink){on_edit, on_left, &l};
    static const struct str files[] = {STR_INIT("book")};
    const struct dataset none = {.tree = out->tree, .files = files, .n_files = 1};
    grow_from(a, &none, &l.grow);
    TRY(store_parcels(r, 1, out->seq, on_parcel, &l, e));
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = l.grow.d;
    if (o->pending) {
        accept_facts(a, d, o->day);
        book_accept_rows(a, d, o->day);
    }
    sort_facts(a, o->plan, d);
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
