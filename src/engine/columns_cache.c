/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets kept by expression and moment, over frames and spines that they share. */
#include "base/arena.h"
#include "engine/columns_int.h"

bool columns_same_moment(const struct moment *x, const struct moment *y)
{
    return x->year == y->year && x->sub == y->sub && (!x->sub || period_eq(x->period, y->period)) &&
           x->has_point == y->has_point && time_point_eq(x->point, y->point) &&
           date_cmp(x->as_of, y->as_of) == 0 && date_cmp(x->snapshot, y->snapshot) == 0 &&
           date_cmp(x->rows_from, y->rows_from) == 0 && date_cmp(x->rows_to, y->rows_to) == 0 &&
           x->since_year == y->since_year && x->by_key == y->by_key &&
           x->category_field == y->category_field && x->category == y->category;
}

/* What is found comes first from then on: the same moment is asked about many units. */
static struct sheet_entry *find(struct columns *k, uint32_t e, uint32_t population,
                                const struct moment *m)
{
    struct sheet_entry **at = k->cache ? &k->cache[e] : NULL;
    while (at && *at &&
           ((*at)->population != population || !columns_same_moment(&(*at)->moment, m))) {
        at = &(*at)->next;
    }
    struct sheet_entry *x = at ? *at : NULL;
    if (x) {
        *at = x->next;
        x->next = k->cache[e];
        k->cache[e] = x;
    }
    return x;
}

static bool terms_of(struct walk *w, uint32_t e, struct terms *t)
{
    if (w->k->plan->exprs[e].op == EX_AGG) {
        *t = linear_alone(e);
        return true;
    }
    return linear_joint(&w->k->sheets, w->k->plan, e, t);
}

/* ---- what sheets share ---------------------------------------------------------------------- */

static const struct spine *spine_of(struct columns *k, const struct tree_snap *tree)
{
    for (uint32_t i = 0; i < k->spines.n; i++) {
        if (k->spines.items[i]->tree == tree) {
            return k->spines.items[i];
        }
    }
    struct spine *s = ARENA_NEW(&k->lasting, struct spine);
    *s = spine_make(&k->lasting, tree);
    vec_push(&k->lasting, &k->spines, s);
    return s;
}

struct frame *columns_frame(struct columns *k, enum over over, uint32_t ref, struct moment m)
{
    const struct tree_snap *tree = NULL;
    if (cells_tree(k->cells, m.snapshot, &tree) != RC_OK) {
        return NULL;
    }
    for (uint32_t i = 0; over == OVER_KIND && i < k->frames.n; i++) {
        const struct kind_frame *f = &k->frames.items[i];
        if (f->kind == ref && f->frame->tree == tree) {
            return f->frame;
        }
    }
    struct arena *a = over == OVER_KIND ? &k->lasting : &k->sheets;
    struct frame *f = ARENA_NEW(a, struct frame);
    if (frame_make(a, k->cells, over, ref, m, f) != RC_OK) {
        return NULL;
    }
    vec_push(&k->lasting, &k->frames, (struct kind_frame){over == OVER_KIND ? ref : NONE, f});
    return f;
}

/* ---- sheets --------------------------------------------------------------------------------- */

/* false: memory is out. */
static bool fill(struct walk *w, struct sheet_entry *x, const struct terms *t)
{
    struct columns *k = w->k;
    struct sheet_source source = columns_source(k);
    const struct expr *first = &k->plan->exprs[t->items[0].agg];
    if (!sheet_can(k->plan, t, x->moment)) {
        return true;
    }
    struct frame *f = columns_frame(k, first->over, first->over_ref, x->moment);
    struct sheet *s = ARENA_NEW(&k->sheets, struct sheet);
    bool can = f && f->tree->n > 0;
    if (can && sheet_make(&k->sheets, w->a, k->cells, &k->ref, t, x->moment, f,
                          spine_of(k, f->tree), &source, s, &can) != RC_OK) {
        return false;
    }
    x->sheet = can ? s : NULL;
    k->stats.sheets += can;
    return f != NULL;
}

/* of: its terms; NULL: those of the expression. */
static struct sheet_entry *make(struct walk *w, uint32_t e, uint32_t population,
                                const struct terms *of, struct moment m)
{
    struct columns *k = w->k;
    struct terms t;
    if (!k->cache) {
        k->cache = ARENA_TRY_ARRAY(&k->sheets, struct sheet_entry *, k->plan->n_exprs);
    }
    struct sheet_entry *x = arena_try(&k->sheets, sizeof *x);
    if (!k->cache || !x) {
        return NULL;
    }
    *x = (struct sheet_entry){.e = e, .population = population, .moment = m};
    if (of || terms_of(w, e, &t)) {
        if (!fill(w, x, of ? of : &t)) {
            return NULL;
        }
    }
    x->next = k->cache[e];
    k->cache[e] = x;
    columns_watch(k, x);
    return x;
}

struct sheet *columns_standing(struct columns *k, uint32_t e, const struct moment *m)
{
    struct sheet_entry *x = find(k, e, NONE, m);
    return x ? x->sheet : NULL;
}

struct sheet *columns_population(struct walk *w, uint32_t e, uint32_t first, const struct terms *t,
                                 struct moment m)
{
    struct sheet_entry *x = find(w->k, e, first, &m);
    x = x ? x : make(w, e, first, t, m);
    w->full = w->full || !x;
    return x ? x->sheet : NULL;
}

struct sheet *columns_sheet(struct walk *w, uint32_t e, struct moment m)
{
    struct sheet_entry *x = find(w->k, e, NONE, &m);
    x = x ? x : make(w, e, NONE, NULL, m);
    w->full = w->full || !x;
    return x ? x->sheet : NULL;
}

/* ---- a later day ---------------------------------------------------------------------------- */

void columns_advance(struct columns *k, struct date day)
{
    for (uint32_t e = 0; k->cache && e < k->plan->n_exprs; e++) {
        for (struct sheet_entry *x = k->cache[e]; x; x = x->next) {
            x->moment.as_of = day;
            if (x->sheet) {
                x->sheet->moment.as_of = day;
            }
            if (x->days) {
                columns_drop(k, x);
            }
        }
    }
    columns_own_day(k, day);
}
