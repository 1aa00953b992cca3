/* SPDX-License-Identifier: Apache-2.0 */
/* What an edit touches, and whoever may add up the unit it touches. */
#include "base/arena.h"
#include "engine/deps.h"

/* ---- edits ---------------------------------------------------------------------------------- */

static struct touched ever(enum dep_thing t, uint32_t id, uint32_t unit)
{
    return (struct touched){.thing = t,
                            .id = id,
                            .unit = {unit, unit},
                            .n_units = unit == NONE ? 0 : 1,
                            .from = PERIOD_YEAR_MIN,
                            .to = PERIOD_YEAR_MAX,
                            .item = NONE};
}

static struct touched pair(uint32_t relation, uint32_t a, uint32_t b)
{
    struct touched t = ever(DEP_RELATION, relation, a);
    t.unit[1] = b;
    t.n_units = 2;
    return t;
}

/* A plan year reads periods that bear its number or hold a day of it (model/period.h). */
static uint32_t fact(const struct cells *c, const struct fact *f, struct touched out[TOUCHED_MAX])
{
    uint32_t group = cells_check_group(c, f->item);
    out[0] = ever(DEP_ITEM, f->item, f->unit);
    out[0].from = date_year(period_first(f->period));
    out[0].to = date_year(period_last(f->period));
    out[0].from = f->period.year < out[0].from ? f->period.year : out[0].from;
    out[0].to = f->period.year > out[0].to ? f->period.year : out[0].to;
    out[1] = out[0];
    out[1].thing = DEP_GROUP;
    out[1].id = group;
    out[1].item = f->item;
    out[1].period = f->period;
    return group == NONE ? 1 : 2;
}

/* What happened on a day counts in its year, or in a school year that it belongs to. A row that may
 * take the place of another one is not narrowed: the other one may have another day. */
static struct touched row(const struct reg_row *r)
{
    struct touched t = ever(DEP_REG, r->reg, r->owner);
    if (r->dated && r->id.n == 0) {
        t.from = date_year(r->day) - 1;
        t.to = date_year(r->day) + 1;
    }
    return t;
}

static uint32_t filing(const struct filing *f, struct touched out[TOUCHED_MAX])
{
    uint32_t n = 0;
    if (f->reg != NONE) {
        out[n++] = ever(DEP_REG, f->reg, f->unit);
    }
    if (f->roll != NONE) {
        out[n++] = ever(DEP_ROLL, f->roll, f->unit);
    }
    return n;
}

uint32_t deps_touched(const struct cells *c, const struct edit *e, struct touched out[TOUCHED_MAX])
{
    switch (e->kind) {
    case EDIT_FACT:
        return fact(c, &e->u.fact, out);
    case EDIT_ATTR:
        out[0] = ever(DEP_ATTR, e->u.attr.attribute, e->u.attr.unit);
        return 1;
    case EDIT_ROW:
        out[0] = row(&e->u.row);
        return 1;
    case EDIT_TITLE:
        out[0] = ever(DEP_TITLE, e->u.title.title, e->u.title.unit);
        return 1;
    case EDIT_RELATION:
        out[0] = pair(e->u.relation.relation, e->u.relation.a, e->u.relation.b);
        return 1;
    case EDIT_ACTIVITY:
        out[0] = pair(e->u.activity.relation, e->u.activity.a, e->u.activity.b);
        return 1;
    case EDIT_EVENT:
        out[0] = ever(DEP_EVENT, e->u.event.event, NONE);
        return 1;
    case EDIT_EVIDENCE:
        out[0] = ever(DEP_EVIDENCE, e->u.evidence.commitment, e->u.evidence.unit);
        return 1;
    case EDIT_FILING:
        return filing(&e->u.filing, out);
    }
    return 0;
}

static bool is_yearly(enum period_kind k)
{
    return k == PERIOD_YEAR || k == PERIOD_SCHOOL_YEAR;
}

/* Hard checks narrow what is silent beside a figure, of the same period or plan year (C05). */
static bool narrows(struct arena *a, const struct cells *c, uint32_t item, const struct touched *t)
{
    const struct item *told = &cells_plan(c)->items[t->item];
    const struct item *read = &cells_plan(c)->items[item];
    struct period p = t->period;
    struct date day;
    bool years = is_yearly(told->period) && is_yearly(read->period);
    if (years && !period_of_plan_year(read->period, read->point,
                                      period_plan_year(t->period, told->point), &p, &day)) {
        return true;
    }
    return (years || told->period == read->period) && !cells_item(a, c, item, t->unit[0], p).known;
}

bool deps_meet(struct arena *a, const struct cells *c, const struct dep *d, const struct touched *t)
{
    bool years = d->from <= t->to && t->from <= d->to;
    return years && (d->thing != DEP_GROUP || narrows(a, c, d->item, t));
}

/* ---- lines ---------------------------------------------------------------------------------- */

void lines_init(struct lines *l, struct arena *a, const struct tree *t)
{
    *l = (struct lines){.arena = a, .tree = t, .next = ARENA_ARRAY(a, uint32_t, t->n_into)};
    for (uint32_t i = 0; i < t->n_into; i++) {
        l->next[i] = NONE;
        (void)map_u64_get(&l->heirs, t->into[i].from_unit, &l->next[i]);
        map_u64_put(a, &l->heirs, t->into[i].from_unit, i);
    }
}

struct unit_set {
    VEC(uint32_t) list;
};

static void add(struct arena *a, struct unit_set *s, uint32_t unit)
{
    for (uint32_t i = 0; i < s->list.n; i++) {
        if (s->list.items[i] == unit) {
            return;
        }
    }
    vec_push(a, &s->list, unit);
}

uint32_t lines_of(struct lines *l, uint32_t unit, const uint32_t **out)
{
    const struct tree *t = l->tree;
    uint32_t at = NONE;
    if (!map_u64_get(&l->index, unit, &at)) {
        struct unit_set s = {0};
        add(l->arena, &s, unit);
        for (uint32_t i = 0; i < s.list.n; i++) { /* grows as it goes */
            const struct tree_unit *u = &t->units[s.list.items[i]];
            for (uint32_t v = u->first; v < u->first + u->n; v++) {
                if (t->versions[v].parent_unit != TREE_NONE) {
                    add(l->arena, &s, t->versions[v].parent_unit);
                }
            }
            uint32_t heir = NONE;
            (void)map_u64_get(&l->heirs, s.list.items[i], &heir);
            for (; heir != NONE; heir = l->next[heir]) {
                add(l->arena, &s, t->into[heir].to_unit);
            }
        }
        at = l->list.n;
        vec_push(l->arena, &l->list, (struct line){s.list.items, s.list.n});
        map_u64_put(l->arena, &l->index, unit, at);
    }
    *out = l->list.items[at].units;
    return l->list.items[at].n;
}
