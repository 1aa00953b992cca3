/* SPDX-License-Identifier: Apache-2.0 */
/* Data side by side: every figure and every row that counts, told where they differ. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/cells_int.h"
#include "engine/twin.h"

/* More than so many are dearer to follow than to judge all. */
static uint32_t most(const struct twin *t)
{
    return 4096 + t->s->n_units;
}

struct teller {
    struct twin *t;
    void (*tell)(void *ctx, const struct edit *e);
    void *ctx;
};

/* Of units that the tree before has not, nothing is said (TW3). */
static void tell(struct teller *x, const struct edit *e, uint32_t unit)
{
    if (unit != NONE && x->t->told <= most(x->t)) {
        x->tell(x->ctx, e);
    }
    x->t->told += unit != NONE;
}

static bool same_value(const struct value *v, const struct value *w)
{
    return v->has == w->has && (!v->has || (rat_eq(v->num, w->num) && str_eq(v->text, w->text)));
}

/* ---- figures -------------------------------------------------------------------------------- */

/* Slots that stand one behind the other in both. */
struct run {
    uint32_t was, is, n;
};

struct twin_runs {
    bool made;
    VEC(struct run) list;
};

/* Who compares figures. */
struct finder {
    const struct twin *t;
    struct arena *a;
    struct twin_figures *out;
};

/* The columns of one item and period; NULL: nobody has reported. */
struct both {
    const struct figure_column *was, *is;
    const struct figure_slots *slots_was, *slots_is;
    uint32_t item; /* before */
    struct period period;
};

static void differs(struct finder *x, const struct both *b, uint32_t unit)
{
    if (unit != NONE && x->out->list.n <= most(x->t)) {
        vec_push(x->a, &x->out->list, (struct twin_figure){unit, b->item, b->period});
    }
}

static void find_runs(struct twin *t, const struct figure_slots *was, const struct figure_slots *is,
                      struct twin_runs *out)
{
    for (uint32_t i = 0; i < is->n; i++) {
        uint32_t unit = t->unit_was[is->unit[i]];
        uint32_t slot = unit == NONE ? NONE : was->slot[unit];
        struct run *last = out->list.n > 0 ? &vec_last(&out->list) : NULL;
        if (slot == NONE) {
            continue;
        }
        if (last && slot == last->was + last->n && i == last->is + last->n) {
            last->n++;
        } else {
            vec_push(t->a, &out->list, (struct run){slot, i, 1});
        }
    }
}

/* 64 bits from bit i on; there is a word behind the last. */
static uint64_t word_at(const uint64_t *bits, uint32_t i, uint32_t left)
{
    uint32_t by = i % 64;
    uint64_t w = bits[i / 64] >> by;
    w |= by > 0 && left > 64 - by ? bits[i / 64 + 1] << (64 - by) : 0;
    return left < 64 ? w & (((uint64_t)1 << left) - 1) : w;
}

static bool same_bits(const uint64_t *x, uint32_t at, const uint64_t *y, uint32_t to, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 64) {
        if (word_at(x, at + i, n - i) != word_at(y, to + i, n - i)) {
            return false;
        }
    }
    return true;
}

/* What stands in facts: what fits no column, and marks. */
static bool same_fact(const struct finder *x, const struct both *b, uint32_t was, uint32_t is)
{
    const struct fact *f = &cells_dataset(x->t->before)->facts[b->was->fact[was]];
    const struct fact *g = &cells_dataset(x->t->after)->facts[b->is->fact[is]];
    return same_value(&f->value, &g->value) && f->provisional == g->provisional &&
           f->disputed == g->disputed && str_eq(f->definition, g->definition) &&
           str_eq(f->point, g->point);
}

static bool same_figure(const struct finder *x, const struct both *b, uint32_t was, uint32_t is)
{
    bool known = figure_bit(b->was->known, was);
    bool apart = figure_bit(b->was->odd, was) || figure_bit(b->was->marked, was);
    bool apart_now = figure_bit(b->is->odd, is) || figure_bit(b->is->marked, is);
    if (known != figure_bit(b->is->known, is) || apart != apart_now) {
        return false;
    }
    return !known || (b->was->x[was] == b->is->x[is] && (!apart || same_fact(x, b, was, is)));
}

static void compare_run(struct finder *x, const struct both *b, const struct run *r)
{
    const struct figure_column *c = b->was;
    const struct figure_column *d = b->is;
    bool plain = !c->odd && !c->marked && !d->odd && !d->marked;
    if (plain && ((c->x == d->x && c->known == d->known && r->was == r->is) ||
                  (memcmp(c->x + r->was, d->x + r->is, r->n * sizeof *c->x) == 0 &&
                   same_bits(c->known, r->was, d->known, r->is, r->n)))) {
        return;
    }
    for (uint32_t i = 0; i < r->n; i++) {
        if (!same_figure(x, b, r->was + i, r->is + i)) {
            differs(x, b, b->slots_was->unit[r->was + i]);
        }
    }
}

/* A column that only one of them has: whoever is known in it. */
static void tell_known(struct finder *x, const struct both *b)
{
    const struct figure_column *c = b->was ? b->was : b->is;
    const struct figure_slots *s = b->was ? b->slots_was : b->slots_is;
    for (uint32_t i = 0; i < s->n; i++) {
        if (figure_bit(c->known, i)) {
            differs(x, b, b->was ? s->unit[i] : x->t->unit_was[s->unit[i]]);
        }
    }
}

static void compare_columns(struct finder *x, const struct both *b, const struct twin_runs *runs)
{
    if (!b->was || !b->is) {
        tell_known(x, b);
        return;
    }
    for (uint32_t i = 0; i < runs->list.n; i++) {
        compare_run(x, b, &runs->list.items[i]);
    }
}

void twin_slots(struct twin *t)
{
    t->runs = ARENA_ARRAY(t->a, struct twin_runs, (size_t)t->q->n_kinds + 1);
    for (uint32_t i = 0; i < t->q->n_items; i++) {
        struct twin_runs *runs = &t->runs[t->q->items[i].kind];
        if (t->item[i] != NONE && !runs->made) {
            find_runs(t, figures_slots(cells_figures(t->before), t->item[i]),
                      figures_slots(cells_figures(t->after), i), runs);
            runs->made = true;
        }
    }
}

void twin_item(const struct twin *t, struct arena *a, uint32_t item, struct twin_figures *out)
{
    struct finder x = {t, a, out};
    uint32_t was = t->item[item];
    const struct figures *f = cells_figures(t->before);
    const struct figures *g = cells_figures(t->after);
    if (was == NONE) {
        return;
    }
    const struct twin_runs *runs = &t->runs[t->q->items[item].kind];
    struct both b = {
        .slots_was = figures_slots(f, was), .slots_is = figures_slots(g, item), .item = was};
    for (uint32_t i = 0; i < g->items[item].list.n; i++) {
        b.period = period_of_code(g->items[item].list.items[i].code);
        b.is = &g->columns.items[g->items[item].list.items[i].column];
        b.was = figures_at(f, was, b.period);
        compare_columns(&x, &b, runs);
    }
    for (uint32_t i = 0; i < f->items[was].list.n; i++) {
        b.period = period_of_code(f->items[was].list.items[i].code);
        b.was = &f->columns.items[f->items[was].list.items[i].column];
        b.is = figures_at(g, item, b.period);
        if (!b.is) {
            tell_known(&x, &b);
        }
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

#define ROW_OF(t, side, table, ix) (&cells_dataset((t)->side)->table[ix])

static bool same_attr(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct attr_value *v = ROW_OF(t, before, attrs, was);
    const struct attr_value *w = ROW_OF(t, after, attrs, is);
    return same_value(&v->value, &w->value) && date_cmp(v->since, w->since) == 0 &&
           date_cmp(v->until, w->until) == 0 && date_cmp(v->from.recorded, w->from.recorded) == 0;
}

static bool same_row(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct reg_row *r = ROW_OF(t, before, rows, was);
    const struct reg_row *s = ROW_OF(t, after, rows, is);
    bool same = str_eq(r->id, s->id) && r->dated == s->dated && date_cmp(r->day, s->day) == 0 &&
                date_cmp(r->since, s->since) == 0 && date_cmp(r->until, s->until) == 0 &&
                date_cmp(r->revoked, s->revoked) == 0;
    for (uint32_t i = 0; same && i < t->q->regs[s->reg].n_fields; i++) {
        const struct value v = reg_row_value(r, i);
        const struct value w = reg_row_value(s, i);
        same = same_value(&v, &w);
    }
    return same;
}

static bool same_title(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct title_row *v = ROW_OF(t, before, titles, was);
    const struct title_row *w = ROW_OF(t, after, titles, is);
    return date_cmp(v->since, w->since) == 0 && date_cmp(v->until, w->until) == 0 &&
           date_cmp(v->revoked, w->revoked) == 0;
}

static bool same_relation(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct relation_row *v = ROW_OF(t, before, relations, was);
    const struct relation_row *w = ROW_OF(t, after, relations, is);
    return v->a == t->unit_was[w->a] && v->b == t->unit_was[w->b] &&
           date_cmp(v->since, w->since) == 0 && date_cmp(v->until, w->until) == 0 &&
           date_cmp(v->ended, w->ended) == 0 && v->confirmed == w->confirmed;
}

static bool same_activity(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct activity *v = ROW_OF(t, before, activities, was);
    const struct activity *w = ROW_OF(t, after, activities, is);
    return v->a == t->unit_was[w->a] && v->b == t->unit_was[w->b] && date_cmp(v->day, w->day) == 0;
}

static bool same_filing(const struct twin *t, uint32_t was, uint32_t is)
{
    const struct filing *v = ROW_OF(t, before, filings, was);
    const struct filing *w = ROW_OF(t, after, filings, is);
    return period_eq(v->period, w->period) && v->nil == w->nil;
}

static struct edit of_attr(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_ATTR, {.attr = {.attribute = id, .unit = unit}}};
}

static struct edit of_row(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_ROW, {.row = {.reg = id, .owner = unit}}};
}

static struct edit of_title(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_TITLE, {.title = {.title = id, .unit = unit}}};
}

static struct edit of_relation(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_RELATION, {.relation = {.relation = id, .a = unit, .b = unit}}};
}

static struct edit of_filing(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_FILING,
                         {.filing = {.reg = id, .form = NONE, .roll = NONE, .unit = unit}}};
}

static struct edit of_roll(uint32_t id, uint32_t unit)
{
    return (struct edit){EDIT_FILING,
                         {.filing = {.reg = NONE, .form = NONE, .roll = id, .unit = unit}}};
}

/* How the rows of a shelf are compared, and what is said of a key. */
static const struct {
    bool (*same)(const struct twin *t, uint32_t was, uint32_t is);
    struct edit (*edit)(uint32_t id, uint32_t unit);
    size_t map; /* of the first half of the key, in struct twin; 0: kinds have their numbers */
} shelves[SHELF__COUNT] = {
    [SHELF_ATTRS] = {same_attr, of_attr, offsetof(struct twin, attribute)},
    [SHELF_ROWS] = {same_row, of_row, offsetof(struct twin, reg)},
    [SHELF_TITLES] = {same_title, of_title, offsetof(struct twin, title)},
    [SHELF_PARTNERS] = {same_relation, of_relation, offsetof(struct twin, relation)},
    [SHELF_ACTIVITIES] = {same_activity, of_relation, offsetof(struct twin, relation)},
    [SHELF_FILINGS] = {same_filing, of_filing, offsetof(struct twin, reg)},
    [SHELF_ROLLS] = {same_filing, of_roll, 0},
};

static uint32_t id_before(const struct twin *t, enum shelf_kind s, uint32_t id)
{
    uint32_t *map = NULL;
    if (shelves[s].map == 0) {
        return id;
    }
    memcpy(&map, (const char *)t + shelves[s].map, sizeof map);
    return map[id];
}

/* Activities stand under the smaller unit, and touch both; so do those of the tree before. */
static void tell_partners(struct teller *x, uint32_t id, struct keyed_list l, bool before)
{
    for (uint32_t i = 0; i < l.n; i++) {
        const struct activity *v = before ? ROW_OF(x->t, before, activities, l.items[i].ix)
                                          : ROW_OF(x->t, after, activities, l.items[i].ix);
        uint32_t ends[2] = {v->a, v->b};
        for (uint32_t k = 0; k < 2; k++) {
            uint32_t unit = before ? ends[k] : x->t->unit_was[ends[k]];
            struct edit e = of_relation(id, unit);
            tell(x, &e, unit);
        }
    }
}

static void tell_key(struct teller *x, enum shelf_kind s, uint64_t key, struct keyed_list was,
                     struct keyed_list is)
{
    uint32_t id = (uint32_t)(key >> 32);
    uint32_t unit = (uint32_t)key;
    if (s == SHELF_ACTIVITIES) {
        tell_partners(x, id, was, true);
        tell_partners(x, id, is, false);
        return;
    }
    struct edit e = shelves[s].edit(id, unit);
    tell(x, &e, unit);
}

static bool same_lists(const struct twin *t, enum shelf_kind s, struct keyed_list was,
                       struct keyed_list is)
{
    bool same = was.n == is.n;
    for (uint32_t i = 0; same && i < is.n; i++) {
        same = shelves[s].same(t, was.items[i].ix, is.items[i].ix);
    }
    return same;
}

static void compare_shelf(struct teller *x, enum shelf_kind s)
{
    struct twin *t = x->t;
    struct key_list is = cells_keys(t->a, t->after, s);
    struct key_list was = cells_keys(t->a, t->before, s);
    struct map_u64 seen = {0};
    const struct keyed_list none = {0};
    for (uint32_t i = 0; i < is.list.n; i++) {
        uint64_t key = is.list.items[i];
        uint32_t id = id_before(t, s, (uint32_t)(key >> 32));
        uint32_t unit = t->unit_was[(uint32_t)key];
        if (id == NONE) {
            continue;
        }
        uint64_t old = cells_key(id, unit);
        struct keyed_list then = unit == NONE ? none : cells_under(t->before, s, old);
        struct keyed_list now = cells_under(t->after, s, key);
        map_u64_put(t->a, &seen, old, 1);
        if (!same_lists(t, s, then, now)) {
            tell_key(x, s, old, then, now);
        }
    }
    for (uint32_t i = 0; i < was.list.n; i++) {
        uint64_t key = was.list.items[i];
        struct keyed_list then = cells_under(t->before, s, key);
        if (then.n > 0 && !map_u64_get(&seen, key, NULL)) {
            tell_key(x, s, key, then, none);
        }
    }
}

/* ---- evidence and events -------------------------------------------------------------------- */

/* By numbers before. */
struct piece {
    uint32_t commitment, unit, stage;
    struct date day;
};

struct pieces {
    VEC(struct piece) list;
};

static int piece_cmp(const void *x, const void *y)
{
    const struct piece *p = x;
    const struct piece *q = y;
    const uint32_t a[] = {p->commitment, p->unit, p->stage};
    const uint32_t b[] = {q->commitment, q->unit, q->stage};
    for (uint32_t i = 0; i < 3; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return date_cmp(p->day, q->day);
}

static void collect(struct twin *t, bool before, struct pieces *out)
{
    const struct cells *c = before ? t->before : t->after;
    const struct dataset *d = cells_dataset(c);
    for (uint32_t i = 0; i < d->n_evidence; i++) {
        const struct evidence *e = &d->evidence[i];
        struct piece p = {before ? e->commitment : t->commitment[e->commitment],
                          before ? e->unit : t->unit_was[e->unit], e->stage, e->day};
        if (cells_visible(c, &e->from) && p.commitment != NONE && p.unit != NONE) {
            vec_push(t->a, &out->list, p);
        }
    }
    if (out->list.n > 1) {
        qsort(out->list.items, out->list.n, sizeof out->list.items[0], piece_cmp);
    }
}

static void compare_evidence(struct teller *x)
{
    struct pieces was = {0};
    struct pieces is = {0};
    uint32_t i = 0;
    uint32_t k = 0;
    collect(x->t, true, &was);
    collect(x->t, false, &is);
    while (i < was.list.n || k < is.list.n) {
        int c = i == was.list.n  ? 1
                : k == is.list.n ? -1
                                 : piece_cmp(&was.list.items[i], &is.list.items[k]);
        if (c != 0) {
            const struct piece *p = c < 0 ? &was.list.items[i] : &is.list.items[k];
            struct edit e = {EDIT_EVIDENCE,
                             {.evidence = {.commitment = p->commitment, .unit = p->unit}}};
            tell(x, &e, p->unit);
        }
        i += c <= 0;
        k += c >= 0;
    }
}

static void tell_figures(struct teller *x, const struct twin_figures *f)
{
    for (uint32_t i = 0; i < f->list.n; i++) {
        const struct twin_figure *d = &f->list.items[i];
        struct edit e = {.kind = EDIT_FACT};
        e.u.fact = (struct fact){.unit = d->unit, .item = d->item, .period = d->period};
        tell(x, &e, d->unit);
    }
}

bool twin_data(struct twin *t, const struct twin_figures *figures, uint32_t n,
               void (*tell_of)(void *ctx, const struct edit *e), void *ctx)
{
    struct teller x = {t, tell_of, ctx};
    t->told = 0;
    for (uint32_t i = 0; i < n; i++) {
        tell_figures(&x, &figures[i]);
    }
    for (uint32_t s = 0; s < SHELF__COUNT && t->told <= most(t); s++) {
        compare_shelf(&x, (enum shelf_kind)s);
    }
    compare_evidence(&x);
    return t->told <= most(t);
}
