/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding in a book. A service has its figures in columns already: they are taken from there in a
 * fraction of a second, and only the versions of figures are read, a unit at a time.
 */
#include "app/question/question.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/live.h"
#include "model/progress.h"
#include "store/parcel.h"

#define LAYOUTS_BYTES ((size_t)64 << 20)
#define LAYOUTS_MAX   4096U
#define TELL_EVERY    64

/* ---- versions of figures, unit by unit ------------------------------------------------------- */

struct history {
    struct desk *d;
    const struct progress *progress;
    struct parcel_reader *names;
    struct arena layouts;
    VEC(struct fact) facts; /* of the unit */
    int64_t done;
};

static void on_edit(void *ctx, const struct edit *x)
{
    struct history *h = ctx;
    if (x->kind == EDIT_FACT && x->u.fact.status == ROW_ACCEPTED) {
        vec_push(h->d->a, &h->facts, x->u.fact);
    }
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct history *h = ctx;
    const struct parcel_sink sink = {on_edit, NULL, h};
    if (parcel_reader_layouts(h->names) > LAYOUTS_MAX) {
        parcel_reader_forget(h->names);
        arena_release(&h->layouts);
    }
    return p->status == ROW_ACCEPTED ? parcel_read(h->names, p, &sink, e) : RC_OK;
}

static enum rc tell(struct history *h, struct err *e)
{
    int64_t done = h->done++;
    return done % TELL_EVERY != 0
               ? RC_OK
               : progress_tell(h->progress, PROGRESS_UNITS, done, h->d->tree->n_units, e);
}

static enum rc history(void *ctx, uint32_t unit, const struct fact **out, uint32_t *n,
                       struct err *e)
{
    struct history *h = ctx;
    TRY(tell(h, e));
    h->facts.n = 0;
    TRY(store_parcels_of(h->d->reader, desk_code(h->d, unit), STORE_FACT, on_parcel, h, e));
    *out = h->facts.items;
    *n = facts_by_version(h->facts.items, h->facts.n);
    return RC_OK;
}

/* ---- both ways ------------------------------------------------------------------------------ */

struct question_finding {
    struct desk *d;
    const struct inspect_wish *wish;
    struct inspection *out;
    struct err *e;
    enum rc rc;
};

static enum rc by_eye(struct question_finding *f)
{
    struct live_reader *live = NULL;
    struct inspect_look *look = NULL;
    TRY(desk_look(f->d, &live, f->e));
    enum rc rc = inspect_look(f->d->a, live_cells(live), f->d->tree, f->wish, &look, f->e);
    desk_look_away(f->d);
    return rc == RC_OK ? inspect_find(look, f->out, f->e) : rc;
}

static void look_and_find(void *ctx)
{
    struct question_finding *f = ctx;
    f->rc = by_eye(f);
}

static enum rc find_by_eye(struct desk *d, struct inspect_wish w, const struct progress *progress,
                           struct inspection *out, struct err *e)
{
    struct history h = {
        .d = d, .progress = progress, .names = parcel_reader_new(d->a, d->plan, d->tree)};
    struct question_finding f = {d, &w, out, e, RC_OK};
    w.history = history;
    w.ctx = &h;
    arena_init(&h.layouts, LAYOUTS_BYTES, "layouts");
    parcel_reader_apart(h.names, &h.layouts);
    enum rc rc = arena_run_two(d->a, &h.layouts, look_and_find, &f);
    arena_release(&h.layouts);
    return rc == RC_OK ? f.rc : err_set(e, RC_LIMIT, "too much to look at", "数据过多，无法查看");
}

static void add_draft(const struct desk *d, const struct report *r, struct inspect_wish *w)
{
    const struct edit *own = report_facts(d, r, ROW_ACCEPTED);
    struct fact *facts = ARENA_ARRAY(d->a, struct fact, r->round.round.n_items + 1U);
    w->draft = facts;
    w->n_draft = r->round.round.n_items;
    for (uint32_t i = 0; i < w->n_draft; i++) {
        facts[i] = own[i].u.fact;
    }
}

enum rc question_look(struct desk *d, const struct question_wish *w, struct inspection *out,
                      struct err *e)
{
    struct inspect_book book;
    struct inspect_wish x = {.as_of = d->today, .unit = w->unit, .book = &book};
    TRY(d->eye == NULL ? desk_facts(d, e) : RC_OK); /* first: it loads the tree anew */
    TRY(question_log(d, &book, e));
    if (w->draft != NULL) {
        add_draft(d, w->draft, &x);
    }
    return d->eye != NULL ? find_by_eye(d, x, w->progress, out, e)
                          : inspect(d->a, d->plan, d->data, &x, out, e);
}
