/* SPDX-License-Identifier: Apache-2.0 */
/* The book as a stream into columns of figures; tables of other sorts by rows. */
#include "app/standing/standing_int.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/deps.h"
#include "model/progress.h"

#define LAYOUTS_MAX 8192U
#define TELL_EVERY  1000 /* parcels */

bool base_sees(const struct base *b, struct date recorded)
{
    return date_cmp(recorded, b->s->o.day) <= 0;
}

bool base_counts(const struct base *b, enum row_status status)
{
    return status == ROW_ACCEPTED || (b->s->o.pending && status == ROW_SUBMITTED);
}

/* ---- what a sample reads -------------------------------------------------------------------- */

static void keep(struct base *b, const struct cells *c, const struct dep *d)
{
    const struct plan *p = b->s->o.plan;
    for (uint32_t i = 0; i < p->n_items; i++) {
        b->kept[i] = b->kept[i] || d->thing == DEP_ANY || (d->thing == DEP_ITEM && d->id == i) ||
                     (d->thing == DEP_GROUP && cells_check_group(c, i) == d->id);
        b->keeps = b->keeps || b->kept[i];
    }
    for (uint32_t i = 0; i < p->n_regs; i++) {
        b->kept_regs[i] =
            b->kept_regs[i] || d->thing == DEP_ANY || (d->thing == DEP_REG && d->id == i);
    }
}

static void keep_sample(struct base *b, struct arena *a, const struct cells *c, uint32_t k)
{
    const struct plan *p = b->s->o.plan;
    struct dep_list deps = {0};
    deps_of_scopes(a, c, k, &deps);
    for (int32_t y = p->first_year; y <= p->last_year; y++) {
        const struct block x = {.commitment = k, .k = &p->commitments[k], .o = {.year = y}};
        deps_of_block(a, c, &x, &deps);
    }
    for (uint32_t i = 0; i < deps.list.n; i++) {
        keep(b, c, &deps.list.items[i]);
    }
}

/* Items that are asked as of an earlier day than the standing's. */
static enum rc find_kept(struct base *b, struct err *e)
{
    const struct plan *p = b->s->o.plan;
    const struct dataset none = {.tree = b->tree};
    struct cells *c = NULL;
    b->kept = ARENA_ARRAY(&b->arena, bool, p->n_items + 1U);
    b->kept_regs = ARENA_ARRAY(&b->arena, bool, p->n_regs + 1U);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (p->commitments[i].kind != CK_SAMPLE) {
            continue;
        }
        if (c == NULL) {
            TRY(cells_make(&b->scratch, p, &none, b->s->o.day, &c, e));
        }
        keep_sample(b, &b->scratch, c, i);
    }
    arena_release(&b->scratch);
    return RC_OK;
}

/* ---- figures -------------------------------------------------------------------------------- */

static uint64_t rowed_key(uint32_t column, uint32_t unit)
{
    return (uint64_t)column << 32 | unit;
}

/* A figure kept as a row counts no more. */
static void drop_row(struct base *b, uint32_t column, uint32_t unit)
{
    uint32_t i = 0;
    if (column < b->has_rows.n && b->has_rows.items[column] &&
        map_u64_get(&b->rowed, rowed_key(column, unit), &i)) {
        b->rows.items[i].status = ROW_DRAFT;
    }
}

static void keep_row(struct base *b, uint32_t column, const struct fact *f)
{
    struct fact own = *f;
    own.status = ROW_ACCEPTED;
    own.from.recorded = DATE_MIN; /* of the edits, the last one given counts */
    drop_row(b, column, f->unit);
    while (b->has_rows.n <= column) {
        vec_push(&b->arena, &b->has_rows, false);
    }
    b->has_rows.items[column] = true;
    map_u64_put(&b->arena, &b->rowed, rowed_key(column, f->unit), b->rows.n);
    vec_push(&b->arena, &b->rows, own);
}

static uint32_t column_of(struct base *b, uint32_t item, struct period p)
{
    return (uint32_t)(figures_column(&b->figures, item, p, false) - b->figures.columns.items);
}

void base_put(struct base *b, const struct fact *f)
{
    const struct datum *d = &b->s->o.plan->items[f->item].d;
    uint32_t slot = figures_slots(&b->figures, f->item)->slot[f->unit];
    if (slot == NONE) {
        return;
    }
    uint32_t k = column_of(b, f->item, f->period);
    struct figure_column *c = &b->figures.columns.items[k];
    bool apart = f->provisional || f->disputed || f->definition.n > 0 || f->point.n > 0;
    int64_t x = 0;
    bool plain =
        !f->value.has || (!apart && d->type != VT_TEXT && figure_scaled(f->value.num, c->den, &x));
    figure_put(c, slot, f->value.has && plain, x);
    if (plain) {
        drop_row(b, k, f->unit);
    } else {
        keep_row(b, k, f);
    }
}

static struct base_form *form_of(struct base *b, const struct parcel_form *f)
{
    while (b->forms.n <= f->id) {
        vec_push(&b->layouts, &b->forms, (struct base_form){0});
    }
    struct base_form *out = &b->forms.items[f->id];
    if (out->ready) {
        return out;
    }
    *out = (struct base_form){true, true, ARENA_ARRAY(&b->layouts, struct base_place, f->n + 1U)};
    for (uint32_t i = 0; i < f->n; i++) {
        const struct parcel_place *p = &f->places[i];
        out->places[i].column = NONE;
        if (p->item == NONE) {
            continue;
        }
        out->fast = out->fast && !b->kept[p->item];
        uint32_t k = column_of(b, p->item, p->period);
        out->places[i] = (struct base_place){k, figures_slots(&b->figures, p->item)->slot,
                                             b->figures.columns.items[k].den};
    }
    return out;
}

/* false: a fraction that the column cannot hold. */
static bool scaled(struct parcel_number n, int64_t den, int64_t *out)
{
    if (n.d <= 1) {
        return den > 0 && !__builtin_mul_overflow(n.n, n.d == 0 ? 0 : den, out) &&
               *out > -INT64_MAX && *out < INT64_MAX;
    }
    return n.d <= den && den % n.d == 0 && !__builtin_mul_overflow(n.n, den / n.d, out) &&
           *out > -INT64_MAX && *out < INT64_MAX;
}

/* false: some figure needs a row; then nothing was done. */
static bool put_fast(struct base *b, uint32_t unit, const struct parcel_figures *x)
{
    const struct base_form *f = form_of(b, x->form);
    if (!f->fast) {
        return false;
    }
    for (uint32_t i = 0; i < x->form->n; i++) {
        int64_t v = 0;
        if (f->places[i].column != NONE && !scaled(x->numbers[i], f->places[i].den, &v)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < x->form->n; i++) {
        const struct base_place *p = &f->places[i];
        uint32_t slot = p->column == NONE ? NONE : p->slot[unit];
        if (slot != NONE) {
            int64_t v = 0;
            (void)scaled(x->numbers[i], p->den, &v);
            figure_put(&b->figures.columns.items[p->column], slot, x->numbers[i].d != 0, v);
            drop_row(b, p->column, unit);
        }
    }
    b->s->stats.figures += x->form->n;
    return true;
}

/* ---- the stream ----------------------------------------------------------------------------- */

static void grow(struct base *b, const struct edit *x)
{
    uint32_t ix = 0;
    b->rc = b->rc == RC_OK ? grow_add(&b->grow, x, &ix) : b->rc;
}

static void on_edit(void *ctx, const struct edit *x)
{
    struct base *b = ctx;
    if (x->kind == EDIT_FACT) {
        if (b->kept[x->u.fact.item]) {
            grow(b, x);
        } else if (x->u.fact.status == ROW_ACCEPTED && !b->late[x->u.fact.unit]) {
            base_put(b, &x->u.fact);
        }
        return;
    }
    if (x->kind == EDIT_ROW && b->s->o.pending) {
        struct reg_row copy = x->u.row;
        (void)waiting_row(b, &copy); /* what waits in the end is seen in the end */
    }
    grow(b, x);
}

/* Neighbours share layouts; of a region most are met once. */
void base_forget_layouts(struct base *b)
{
    if (parcel_reader_layouts(b->names) >= LAYOUTS_MAX) {
        parcel_reader_forget(b->names);
        b->forms.items = NULL;
        b->forms.n = b->forms.cap = 0;
        arena_release(&b->layouts);
    }
}

static enum rc by_rows(struct base *b, const struct store_parcel *p, struct err *e)
{
    const struct parcel_sink sink = {on_edit, NULL, b};
    TRY(parcel_read(b->names, p, &sink, e));
    return b->rc == RC_OK ? RC_OK : err_set(e, b->rc, "no memory for the book", "内存放不下账本");
}

/* Figures come in order of commits, so that the last one counts unless it is recorded before one
 * that came earlier: then the unit is worked out anew. */
static enum rc figures(struct base *b, const struct store_parcel *p, struct err *e)
{
    uint32_t unit = NONE;
    if (!base_sees(b, p->recorded) || !tree_unit_of_code(b->tree, p->unit, &unit)) {
        return RC_OK;
    }
    if (b->s->o.pending) {
        (void)waiting_note(b, p, unit);
    }
    if (!base_counts(b, p->status)) {
        return RC_OK;
    }
    b->late[unit] |= date_cmp(p->recorded, b->newest[unit]) < 0;
    b->newest[unit] = date_later(p->recorded, b->newest[unit]);
    struct parcel_figures x;
    if (p->status != ROW_ACCEPTED && !b->keeps) {
        return RC_OK;
    }
    bool fast = p->status == ROW_ACCEPTED && !b->late[unit] && parcel_figures(b->names, p, &x) &&
                put_fast(b, unit, &x);
    return fast ? RC_OK : by_rows(b, p, e);
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct base *b = ctx;
    if (b->parcels++ % TELL_EVERY == 0) {
        TRY(progress_tell_book(b->s->o.progress, b->parcels, b->of, e));
    }
    base_forget_layouts(b);
    return p->what == STORE_FACT ? figures(b, p, e) : by_rows(b, p, e);
}

/* ---- the end -------------------------------------------------------------------------------- */

static void on_figure(void *ctx, const struct fact *f)
{
    base_put(ctx, f);
}

static enum rc anew(struct base *b, struct affected x, struct err *e)
{
    bool kept = false;
    enum rc rc = unit_anew(b, &b->scratch, &x, b->seq, on_figure, b, &kept, e);
    arena_release(&b->scratch);
    return rc;
}

static enum rc mend(struct base *b, struct err *e)
{
    for (uint32_t u = 0; u < b->tree->n_units; u++) {
        if (b->late[u]) {
            TRY(anew(b, (struct affected){.unit = u, .all = true}, e));
        }
    }
    for (uint32_t i = 0; i < b->subs.n; i++) {
        const struct waiting *w = &b->subs.items[i];
        if (w->waits && !b->late[w->unit]) {
            TRY(anew(b, (struct affected){.unit = w->unit, .source = w->source}, e));
        }
    }
    return RC_OK;
}

/* Figures that are kept wait like all others. */
static void accept_kept(struct base *b)
{
    struct fact *f = (struct fact *)(uintptr_t)b->grow.d.facts;
    for (uint32_t i = 0; i < b->grow.d.n_facts; i++) {
        if (f[i].status == ROW_SUBMITTED &&
            waiting_seq(b, &b->scratch, f[i].unit, f[i].from.source) == (int64_t)f[i].from.line) {
            f[i].status = ROW_ACCEPTED;
        }
    }
}

static enum rc finish(struct base *b, struct err *e)
{
    TRY(mend(b, e));
    if (b->s->o.pending) {
        accept_kept(b);
        book_accept_rows(&b->scratch, &b->grow.d, b->s->o.day);
        arena_release(&b->scratch);
    }
    for (uint32_t i = 0; i < b->rows.n; i++) {
        if (b->rows.items[i].status == ROW_ACCEPTED) {
            grow(b, &(struct edit){.kind = EDIT_FACT, .u.fact = b->rows.items[i]});
        }
    }
    b->rc = b->rc == RC_OK ? grow_settle(&b->grow, &b->arena) : b->rc;
    arena_release(&b->tables);
    b->data = b->grow.d;
    b->data.figures = &b->figures;
    return b->rc == RC_OK ? RC_OK : err_set(e, b->rc, "no memory for the book", "内存放不下账本");
}

static enum rc read_book(struct base *b, int64_t upto, struct err *e)
{
    static const struct str files[] = {STR_INIT("book")};
    struct arena *a = &b->arena;
    struct store_end end;
    TRY(store_end(a, b->s->reader, &end, e));
    b->seq = end.seq < upto ? end.seq : upto;
    b->of = end.parcels;
    TRY(book_tree(a, b->s->reader, b->s->o.plan, b->seq, &b->tree, e));
    b->names = parcel_reader_new(a, b->s->o.plan, b->tree);
    parcel_reader_apart(b->names, &b->layouts);
    TRY(figures_make(a, b->s->o.plan, b->tree, &b->figures, e));
    TRY(find_kept(b, e));
    b->newest = ARENA_ARRAY(a, struct date, b->tree->n_units + 1U);
    b->late = ARENA_ARRAY(a, bool, b->tree->n_units + 1U);
    for (uint32_t u = 0; u < b->tree->n_units; u++) {
        b->newest[u] = DATE_MIN;
    }
    const struct dataset none = {.tree = b->tree, .files = files, .n_files = 1};
    grow_from(&b->tables, &none, &b->grow);
    TRY(store_parcels(b->s->reader, 1, b->seq, on_parcel, b, e));
    return finish(b, e);
}

enum rc base_load(struct base *b, int64_t upto, struct err *e)
{
    TRY(store_begin(b->s->reader, e));
    enum rc rc = read_book(b, upto, e);
    store_done(b->s->reader);
    return rc;
}
