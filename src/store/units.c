/* SPDX-License-Identifier: Apache-2.0 */
/* The history of units: read from parcels, folded to the versions of a tree. */
#include "store/units.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/map.h"
#include "model/plan.h"
#include "store/units_int.h"
#include "store/wire.h"

static const char *const properties[] = {
#define UNIT_PROPERTY(name, text) text,
#include "store/unit_property.def"
};

_Static_assert(sizeof properties / sizeof properties[0] == UNIT__PROPERTIES, "one text each");

const char *unit_property_text(enum unit_property p)
{
    ASSERT((unsigned)p < UNIT__PROPERTIES);
    return properties[p];
}

/* ---- from the book -------------------------------------------------------------------------- */

static bool property_of(struct str text, enum unit_property *out)
{
    for (int i = 0; i < UNIT__PROPERTIES; i++) {
        if (str_eq(text, str_from_cstr(properties[i]))) {
            *out = (enum unit_property)i;
            return true;
        }
    }
    return false;
}

static struct date read_date(struct arena *a, struct wire *w)
{
    struct date d = DATE_MIN;
    if (!wire_null(w)) {
        w->bad |= !date_parse(wire_text(a, w), &d);
    }
    return d;
}

/* [property, day, value]; value null: void. */
static void read_step(struct arena *a, struct wire *w, struct str code, struct units *u)
{
    struct unit_step s = {.code = code};
    wire_open(w);
    (void)wire_more(w);
    w->bad |= !property_of(wire_text(a, w), &s.property);
    (void)wire_more(w);
    s.from = read_date(a, w);
    (void)wire_more(w);
    s.is_void = wire_null(w);
    if (!s.is_void) {
        s.value = str_dup(a, wire_text(a, w));
    }
    wire_close(w);
    vec_push(a, &u->steps, s);
}

/* ["merge" | "split", day, from, to] */
static void read_tie(struct arena *a, struct wire *w, struct units *u)
{
    struct unit_tie t = {0};
    wire_open(w);
    (void)wire_more(w);
    struct str word = wire_text(a, w);
    t.is_split = str_eq(word, STR("split"));
    w->bad |= !t.is_split && !str_eq(word, STR("merge"));
    (void)wire_more(w);
    t.day = read_date(a, w);
    (void)wire_more(w);
    t.from = str_dup(a, wire_text(a, w));
    (void)wire_more(w);
    t.to = str_dup(a, wire_text(a, w));
    wire_close(w);
    vec_push(a, &u->ties, t);
}

enum rc units_add(struct arena *a, struct units *u, const struct store_parcel *p, struct err *e)
{
    if (p->what != STORE_UNIT && p->what != STORE_LINEAGE) {
        return RC_OK;
    }
    struct wire w = wire_of(p->body);
    struct str code = str_dup(a, p->unit);
    wire_open(&w);
    while (wire_more(&w)) {
        if (p->what == STORE_UNIT) {
            read_step(a, &w, code, u);
        } else {
            read_tie(a, &w, u);
        }
    }
    u->seq = p->seq;
    if (!wire_done(&w)) {
        return err_set(e, RC_DB, "commit %lld: its parcel %u is damaged",
                       "第 %lld 次提交的数据包 %u 已损坏", (long long)p->seq, p->part);
    }
    return RC_OK;
}

struct load_ctx {
    struct arena *a;
    struct units *u;
};

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct load_ctx *c = ctx;
    return units_add(c->a, c->u, p, e);
}

enum rc units_load(struct arena *a, struct store_reader *r, int64_t upto, struct units *out,
                   struct err *e)
{
    struct load_ctx c = {a, out};
    *out = (struct units){0};
    return store_parcels_of_tree(r, 1, upto, on_parcel, &c, e);
}

/* ---- histories ------------------------------------------------------------------------------ */

/* The steps of one unit that are in force: one per property and day, none void; by day. */
struct unit_history {
    struct str code;
    VEC(struct unit_step) steps;
};
struct unit_histories {
    VEC(struct unit_history) units;
};

struct indexed_step {
    const struct unit_step *s;
    uint32_t at; /* place in the book */
};

static int step_cmp(const void *p, const void *q)
{
    const struct indexed_step *x = p;
    const struct indexed_step *y = q;
    int c = str_cmp(x->s->code, y->s->code);
    c = c != 0 ? c : date_cmp(x->s->from, y->s->from);
    c = c != 0 ? c : (int)x->s->property - (int)y->s->property;
    return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

static bool same_step(const struct unit_step *x, const struct unit_step *y)
{
    return str_eq(x->code, y->code) && date_cmp(x->from, y->from) == 0 &&
           x->property == y->property;
}

/* By code, bytewise. */
static void histories(struct arena *a, const struct units *u, struct unit_histories *out)
{
    uint32_t n = u->steps.n;
    struct indexed_step *all = ARENA_ARRAY(a, struct indexed_step, n + 1U);
    *out = (struct unit_histories){0};
    for (uint32_t i = 0; i < n; i++) {
        all[i] = (struct indexed_step){&u->steps.items[i], i};
    }
    qsort(all, n, sizeof all[0], step_cmp);
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_step *s = all[i].s;
        if (out->units.n == 0 || !str_eq(vec_last(&out->units).code, s->code)) {
            vec_push(a, &out->units, (struct unit_history){.code = s->code});
        }
        /* Of one property and day the last one said counts. */
        bool is_last = i + 1 == n || !same_step(s, all[i + 1].s);
        if (is_last && !s->is_void) {
            struct unit_history *h = &vec_last(&out->units);
            vec_push(a, &h->steps, *s);
        }
    }
}

static void values_on(const struct unit_history *h, struct date day,
                      struct str values[UNIT__PROPERTIES])
{
    for (int i = 0; i < UNIT__PROPERTIES; i++) {
        values[i] = STR("");
    }
    for (uint32_t i = 0; i < h->steps.n && date_cmp(h->steps.items[i].from, day) <= 0; i++) {
        values[h->steps.items[i].property] = h->steps.items[i].value;
    }
}

bool units_stands(const struct str values[UNIT__PROPERTIES])
{
    return str_eq(values[UNIT_STANDS], STR("yes"));
}

/* Another step says later what this one said of its property and day. */
static bool is_superseded(const struct unit_step *steps, uint32_t n, uint32_t i)
{
    for (uint32_t k = i + 1; k < n; k++) {
        if (same_step(&steps[i], &steps[k])) {
            return true;
        }
    }
    return false;
}

bool units_values_said(const struct unit_step *steps, uint32_t n, struct str code, struct date day,
                       struct str values[UNIT__PROPERTIES])
{
    struct date since[UNIT__PROPERTIES];
    bool known = false;
    for (int i = 0; i < UNIT__PROPERTIES; i++) {
        values[i] = STR("");
        since[i] = DATE_MIN;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_step *s = &steps[i];
        if (!str_eq(s->code, code)) {
            continue;
        }
        known = true;
        if (!s->is_void && date_cmp(s->from, day) <= 0 &&
            date_cmp(s->from, since[s->property]) >= 0 && !is_superseded(steps, n, i)) {
            since[s->property] = s->from;
            values[s->property] = s->value;
        }
    }
    return known;
}

bool units_at(const struct units *u, struct str code, struct date day,
              struct str values[UNIT__PROPERTIES])
{
    return units_values_said(u->steps.items, u->steps.n, code, day, values);
}

void units_said_add(struct arena *a, struct units_said *all, const struct unit_step *s)
{
    uint32_t at = 0;
    if (!map_get(&all->index, s->code, &at)) {
        at = all->units.n;
        map_put(a, &all->index, s->code, at);
        vec_push(a, &all->units, (struct unit_said){.code = s->code});
    }
    ASSERT(all->units.items != NULL && at < all->units.n);
    vec_push(a, &all->units.items[at].steps, *s);
}

struct units_said units_said_of(struct arena *a, const struct units *u)
{
    struct units_said all = {0};
    for (uint32_t i = 0; i < u->steps.n; i++) {
        units_said_add(a, &all, &u->steps.items[i]);
    }
    return all;
}

const struct unit_said *units_said_find(const struct units_said *all, struct str code)
{
    uint32_t at = 0;
    return map_get(&all->index, code, &at) ? &all->units.items[at] : NULL;
}

bool units_said_at(const struct units_said *all, struct str code, struct date day,
                   struct str values[UNIT__PROPERTIES])
{
    const struct unit_said *u = units_said_find(all, code);
    return u != NULL && units_values_said(u->steps.items, u->steps.n, code, day, values);
}

/* ---- the tree ------------------------------------------------------------------------------- */

struct kinds {
    const struct plan *plan;
    struct map index;
    struct str unknown, unit;
};

static uint32_t kind_of(struct arena *a, struct kinds *k, struct str name, struct str unit)
{
    uint32_t ix = 0;
    if (map_get(&k->index, name, &ix)) {
        return ix;
    }
    if (k->plan != NULL) {
        k->unknown = name;
        k->unit = unit;
        return NONE;
    }
    ix = map_len(&k->index);
    map_put(a, &k->index, name, ix);
    return ix;
}

typedef VEC(struct tree_version) versions_vec;

static bool same_version(const struct tree_version *v, const struct str values[UNIT__PROPERTIES],
                         uint32_t kind)
{
    return str_eq(v->name, values[UNIT_NAME]) && str_eq(v->alias, values[UNIT_ALIAS]) &&
           str_eq(v->parent, values[UNIT_PARENT]) && v->kind == kind;
}

/* One version per stretch of days on which nothing changes. */
static void fold(struct arena *a, const struct unit_history *h, struct kinds *k, uint32_t row,
                 versions_vec *out)
{
    uint32_t n = h->steps.n;
    bool open = false; /* the last version of out is this unit's and reaches up to here */
    for (uint32_t i = 0; i < n;) {
        struct date from = h->steps.items[i].from;
        while (i < n && date_cmp(h->steps.items[i].from, from) == 0) {
            i++;
        }
        struct date to = i < n ? date_add_days(h->steps.items[i].from, -1) : DATE_MAX;
        struct str values[UNIT__PROPERTIES];
        values_on(h, from, values);
        if (!units_stands(values)) {
            open = false;
            continue;
        }
        uint32_t kind = kind_of(a, k, values[UNIT_KIND], h->code);
        if (open && same_version(&vec_last(out), values, kind)) {
            vec_last(out).to = to;
            continue;
        }
        vec_push(a, out,
                 (struct tree_version){.code = h->code,
                                       .name = values[UNIT_NAME],
                                       .alias = values[UNIT_ALIAS],
                                       .parent = values[UNIT_PARENT],
                                       .from = from,
                                       .to = to,
                                       .kind = kind,
                                       .row = row});
        open = true;
    }
}

enum rc units_tree(struct arena *a, const struct units *u, const struct plan *plan,
                   struct tree_sink sink, const struct tree **out, struct err *e)
{
    struct unit_histories all;
    struct kinds k = {.plan = plan};
    versions_vec versions = {0};
    struct tree_lineage *lineage = ARENA_ARRAY(a, struct tree_lineage, u->ties.n + 1U);
    for (uint32_t i = 0; plan != NULL && i < plan->n_kinds; i++) {
        map_put(a, &k.index, plan->kinds[i].name, i);
    }
    histories(a, u, &all);
    for (uint32_t i = 0; i < all.units.n; i++) {
        fold(a, &all.units.items[i], &k, i, &versions);
    }
    if (k.unknown.n > 0) {
        return err_set(e, RC_INPUT, "the plan does not know the kind %.*s of unit %.*s",
                       "计划中没有对象“%.*s”（机构 %.*s）", PS(k.unknown), PS(k.unit));
    }
    for (uint32_t i = 0; i < u->ties.n; i++) {
        const struct unit_tie *t = &u->ties.items[i];
        lineage[i] = (struct tree_lineage){
            .is_split = t->is_split, .date = t->day, .from = t->from, .to = t->to, .row = i};
    }
    return tree_build(a, versions.items, versions.n, lineage, u->ties.n, sink, out, e);
}
