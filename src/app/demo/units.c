/* SPDX-License-Identifier: Apache-2.0 */
/* The roll: the units of the pack, and those of the profile below them, with closures and mergers.
 */
#include "app/demo/demo_int.h"
#include "base/arena.h"

#define CARELESS 0.01 /* of the units made: now and then silent */

static struct date date_of(int32_t year, int32_t month, int32_t day)
{
    struct date d = DATE_MIN;
    return date_make(year, month, day, &d) ? d : DATE_MIN;
}

static void character(struct demo *d, struct demo_unit *u)
{
    struct rng r = demo_rng(d, u->code, 1);
    double above = u->parent == NONE ? 0 : d->units.items[u->parent].quality;
    u->quality = 0.7 * demo_normal(&r) / 2 + 0.5 * above;
    u->size = 1 + 0.35 * demo_normal(&r);
    u->size = u->parent == NONE ? 1 : u->size < 0.25 ? 0.25 : u->size;
    u->careless = u->made && demo_chance(&r, CARELESS);
}

static struct demo_unit real_unit(struct demo *d, const struct tree_version *v, uint32_t kind,
                                  uint32_t parent)
{
    struct demo_unit u = {.code = v->code,
                          .name = v->name,
                          .kind = kind,
                          .parent = parent,
                          .from = v->from,
                          .to = v->to,
                          .fraud = NONE};
    character(d, &u);
    return u;
}

/* What units of the last day were before: of another kind, or of another name. */
static void earlier_versions(struct demo *d, const struct tree_snap *s)
{
    const struct tree *t = d->pack->tree;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct tree_version *now = &t->versions[s->version[i]];
        for (uint32_t v = 0; v < t->n_versions; v++) {
            const struct tree_version *was = &t->versions[v];
            if (v != s->version[i] && was->unit == now->unit &&
                date_cmp(was->to, date_year_start(d->plan->baseline_year)) >= 0) {
                struct demo_unit u = real_unit(d, was, was->kind, d->units.items[i].parent);
                vec_push(d->a, &d->units, u);
            }
        }
    }
}

/* The pack's own units as they stand on the last day, in pre-order; then their earlier versions. */
static void real_units(struct demo *d)
{
    const struct tree *t = d->pack->tree;
    struct tree_cache cache;
    const struct tree_snap *s = NULL;
    tree_cache_init(&cache, d->a, t);
    if (tree_cache_at(&cache, date_year_end(d->plan->last_year), &s, NULL) != RC_OK) {
        return;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        const struct tree_version *v = &t->versions[s->version[i]];
        struct demo_unit u =
            real_unit(d, v, s->kind[i], s->parent[i] == TREE_NONE ? NONE : s->parent[i]);
        vec_push(d->a, &d->units, u);
    }
    earlier_versions(d, s);
}

static void write_unit(struct demo *d, const struct demo_unit *u)
{
    const struct str fields[] = {u->code,
                                 u->name,
                                 d->plan->kinds[u->kind].name,
                                 d->units.items[u->parent].code,
                                 demo_day(d, u->from),
                                 demo_day(d, u->to)};
    d->sum->units += demo_row(d, TABLE_units, fields, sizeof fields / sizeof *fields);
}

/* ---- how many where ------------------------------------------------------------------------- */

/* What the pack's data say of an attribute of a unit; 1 when they are silent. */
static double weight_of(const struct demo *d, const struct demo_unit *u, uint32_t attr)
{
    const struct dataset *data = d->pack->data;
    uint32_t id;
    if (attr == NONE || !tree_unit_of_code(d->pack->tree, u->code, &id)) {
        return 1;
    }
    for (uint32_t i = 0; i < data->n_attrs; i++) {
        if (data->attrs[i].attribute == attr && data->attrs[i].unit == id &&
            data->attrs[i].value.has) {
            return rat_to_double(data->attrs[i].value.num);
        }
    }
    return 1;
}

/* Shares of `total` by weight: whole numbers whose sum is the total, none for nobody. */
static void apportion(struct demo *d, const struct demo_sort *s, uint32_t total, uint32_t n,
                      const uint32_t *parents, uint32_t *out)
{
    double sum = 0;
    double carried = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += weight_of(d, &d->units.items[parents[i]], s->by);
    }
    for (uint32_t i = 0; i < n && sum > 0; i++) {
        carried += weight_of(d, &d->units.items[parents[i]], s->by) / sum * total;
        out[i] = (uint32_t)(carried + 1e-9);
        carried -= (double)out[i];
    }
}

/* ---- closures and mergers ------------------------------------------------------------------- */

static void close_some(struct demo *d, const struct demo_sort *s, struct demo_unit *u)
{
    struct rng r = demo_rng(d, u->code, 2);
    for (int32_t y = d->plan->first_year; y <= d->plan->last_year; y++) {
        if (demo_chance(&r, s->closing / 1000.0)) {
            u->to = date_of(y, 8, 31);
            return;
        }
    }
}

static void write_lineage(struct demo *d, struct str from, struct str to, struct date day)
{
    const struct str fields[] = {STR("merge"), demo_day(d, day), from, to};
    (void)demo_row(d, TABLE_lineage, fields, sizeof fields / sizeof *fields);
}

/* Two neighbours become one on 1 September; the new one has a code of its own. */
static bool merge(struct demo *d, const struct demo_sort *s, struct demo_unit *a,
                  struct demo_unit *b)
{
    struct rng r = demo_rng(d, a->code, 3);
    int32_t years = d->plan->last_year - d->plan->first_year + 1;
    if (a->parent != b->parent || date_cmp(a->to, DATE_MAX) != 0 ||
        date_cmp(b->to, DATE_MAX) != 0 || !demo_chance(&r, (double)s->merging * years / 1000.0)) {
        return false;
    }
    int32_t year = d->plan->first_year + (int32_t)rng_below(&r, (uint64_t)years);
    struct demo_unit whole = *a;
    a->to = b->to = date_of(year, 8, 31);
    whole.code = str_cat(d->a, a->code, STR("M"));
    whole.name = str_cat(d->a, a->name, STR("(合并)"));
    whole.from = date_of(year, 9, 1);
    whole.size = a->size + b->size;
    write_lineage(d, a->code, whole.code, whole.from);
    write_lineage(d, b->code, whole.code, whole.from);
    vec_push(d->a, &d->units, whole);
    return true;
}

/* ---- making --------------------------------------------------------------------------------- */

static struct demo_unit made(struct demo *d, const struct demo_sort *s, uint32_t parent,
                             uint32_t within)
{
    const struct demo_unit *p = &d->units.items[parent];
    struct buf b;
    buf_init(&b, 1 << 10);
    buf_printf(&b, "%.*s%.*s%03u", PS(p->code), PS(s->code), within + 1);
    struct demo_unit u = {.code = buf_move(d->a, &b),
                          .kind = s->kind,
                          .parent = parent,
                          .from = DATE_MIN,
                          .to = DATE_MAX,
                          .made = true,
                          .fraud = NONE};
    buf_init(&b, 1 << 10);
    buf_printf(&b, "示例%.*s%.*s%u", PS(p->name), PS(s->name), within + 1);
    u.name = buf_move(d->a, &b);
    return u;
}

static void make_sort(struct demo *d, const struct demo_sort *s)
{
    VEC(uint32_t) parents = {0};
    for (uint32_t i = 0; i < d->units.n; i++) {
        if (plan_is_a(d->plan, d->units.items[i].kind, s->below) &&
            date_cmp(d->units.items[i].to, DATE_MAX) == 0) {
            vec_push(d->a, &parents, i);
        }
    }
    uint32_t *counts = ARENA_ARRAY(d->a, uint32_t, parents.n);
    uint32_t total = (uint32_t)((uint64_t)s->total * d->o.percent / 100);
    apportion(d, s, total, parents.n, parents.items, counts);
    for (uint32_t p = 0; p < parents.n; p++) {
        uint32_t first = d->units.n;
        for (uint32_t k = 0; k < counts[p]; k++) {
            struct demo_unit u = made(d, s, parents.items[p], k);
            character(d, &u);
            close_some(d, s, &u);
            vec_push(d->a, &d->units, u);
        }
        for (uint32_t k = first; k + 1 < first + counts[p]; k += 2) {
            struct demo_unit a = d->units.items[k];
            struct demo_unit b = d->units.items[k + 1];
            if (merge(d, s, &a, &b)) {
                d->units.items[k] = a;
                d->units.items[k + 1] = b;
            }
        }
    }
}

void demo_make_units(struct demo *d)
{
    real_units(d);
    uint32_t first = d->units.n;
    for (uint32_t i = 0; i < d->sorts.n; i++) {
        make_sort(d, &d->sorts.items[i]);
    }
    for (uint32_t i = 0; i < d->units.n; i++) {
        d->units.items[i].leaf = true;
    }
    for (uint32_t i = 0; i < d->units.n; i++) {
        if (d->units.items[i].parent != NONE) {
            d->units.items[d->units.items[i].parent].leaf = false;
        }
    }
    for (uint32_t i = first; i < d->units.n; i++) {
        write_unit(d, &d->units.items[i]);
    }
}
