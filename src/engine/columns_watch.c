/* SPDX-License-Identifier: Apache-2.0 */
/* Which sheets an edit concerns: found by walking what they add up. */
#include "base/arena.h"
#include "engine/columns_int.h"
#include "model/edit.h"

#define WATCH_DEPTH_MAX 200

/* ---- putting up ----------------------------------------------------------------------------- */

struct watcher {
    struct columns *k;
    struct sheet_entry *entry;
    bool each;  /* one by one */
    bool aside; /* looks at other units than those below: whatever changes, it is made anew */
    uint32_t depth;
    bool days;
    bool too_deep;
};

static uint64_t key_of(enum thing t, uint32_t id)
{
    return (uint64_t)t << 32 | id;
}

static void put(struct watcher *w, enum thing t, uint32_t id, bool dropped, bool directly)
{
    struct watches *all = &w->k->watches;
    struct arena *a = &w->k->sheets;
    uint32_t head = NONE;
    (void)map_u64_get(&all->heads, key_of(t, id), &head);
    if (head != NONE && all->list.items[head].entry == w->entry &&
        all->list.items[head].dropped >= dropped) {
        return; /* as it stands */
    }
    struct watch x = {w->entry, dropped, directly && !w->each, head};
    vec_push(a, &all->list, x);
    map_u64_put(a, &all->heads, key_of(t, id), all->list.n - 1);
}

static void item(struct watcher *w, uint32_t id)
{
    uint32_t group = cells_check_group(w->k->cells, id);
    put(w, THING_ITEM, id, false, true);
    if (group != NONE) {
        put(w, THING_GROUP, group, false, false);
    }
}

static void rolls_of_kind(struct watcher *w, uint32_t kind, bool dropped)
{
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t n = kind == NONE ? 0 : plan_rolls(w->k->plan, kind, rolls);
    for (uint32_t i = 0; i < n; i++) {
        put(w, THING_ROLL, rolls[i], dropped, false);
    }
}

static void expression(struct watcher *w, uint32_t e);

static bool is_own_term(const struct watcher *w, uint32_t e)
{
    const struct terms *t = &w->entry->sheet->terms;
    for (uint32_t k = 0; k < t->n; k++) {
        if (t->items[k].agg == e) {
            return true;
        }
    }
    return false;
}

/* A title or register makes the members themselves come and go, and filings open the sheet; below a
 * member asked for by itself they are some of the things it reads. */
static void population(struct watcher *w, uint32_t e)
{
    const struct expr *x = &w->k->plan->exprs[e];
    bool own = is_own_term(w, e);
    switch (x->over) {
    case OVER_KIND:
        rolls_of_kind(w, x->over_ref, own && w->each);
        break;
    case OVER_TITLE:
        put(w, THING_TITLE, x->over_ref, own, false);
        break;
    case OVER_LIST:
        w->aside = w->aside || w->k->plan->lists[x->over_ref].predicate != NONE;
        expression(w, w->k->plan->lists[x->over_ref].predicate);
        break;
    case OVER_REGISTER:
        put(w, THING_REG, x->over_ref, own, false);
        rolls_of_kind(w, w->k->plan->regs[x->over_ref].owner_kind, own && w->each);
        break;
    case OVER_RELATION:
        w->aside = true;
        put(w, THING_RELATION, x->over_ref, true, false);
        break;
    }
}

static void indicator(struct watcher *w, uint32_t commitment)
{
    const struct commitment *c = &w->k->plan->commitments[commitment];
    for (uint32_t i = 0; i < c->n_definitions; i++) {
        expression(w, c->definitions[i].measure);
    }
}

static void leaf(struct watcher *w, uint32_t e)
{
    const struct expr *x = &w->k->plan->exprs[e];
    switch ((unsigned)x->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        item(w, x->ref);
        break;
    case EX_ATTR:
        put(w, THING_ATTR, x->ref, false, false);
        break;
    case EX_TITLE:
        put(w, THING_TITLE, x->ref, false, false);
        break;
    case EX_LIST:
        w->aside = w->aside || w->k->plan->lists[x->ref].predicate != NONE;
        expression(w, w->k->plan->lists[x->ref].predicate);
        break;
    case EX_FIELD:
        put(w, THING_REG, w->k->plan->fields[x->ref].reg, !w->each, false);
        break;
    case EX_PARENT:
        w->aside = true;
        break;
    case EX_DEGREE:
        w->aside = true;
        put(w, THING_RELATION, x->ref, true, false);
        break;
    case EX_RANK:
        w->aside = true;
        population(w, e);
        break;
    case EX_INDICATOR:
        indicator(w, x->ref);
        break;
    case EX_AGG:
        population(w, e);
        w->days = w->days || x->agg == AGG_DAYS;
        if (x->agg == AGG_COVER) {
            put(w, THING_RELATION, x->ref, false, false);
        }
        break;
    default:
        break;
    }
}

static void expression(struct watcher *w, uint32_t e)
{
    if (e == NONE || w->depth > WATCH_DEPTH_MAX) {
        w->too_deep = w->too_deep || e != NONE;
        return;
    }
    const struct expr *x = &w->k->plan->exprs[e];
    w->depth++;
    leaf(w, e);
    expression(w, x->a);
    expression(w, x->b);
    expression(w, x->c);
    w->depth--;
}

void columns_watch(struct columns *k, struct sheet_entry *x)
{
    struct watcher w = {.k = k, .entry = x, .each = x->sheet && x->sheet->one_by_one};
    if (x->sheet) {
        expression(&w, x->e);
    }
    x->aside = w.aside && w.each;
    x->days = w.days;
    x->sheet = w.too_deep ? NULL : x->sheet; /* what is not watched is not kept */
}

/* ---- hearing of an edit --------------------------------------------------------------------- */

void columns_drop(struct columns *k, struct sheet_entry *x)
{
    struct sheet_entry **at = &k->cache[x->e];
    while (*at && *at != x) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = x->next;
    }
}

static bool reads_period_of(const struct sheet *s, struct period p)
{
    uint32_t code = period_code(p);
    for (uint32_t i = 0; i < s->table.n_periods; i++) {
        if (s->table.periods[i] == code) {
            return true;
        }
    }
    return false;
}

static void tell(struct columns *k, enum thing t, uint32_t id, uint32_t unit,
                 const struct period *period)
{
    uint32_t i = NONE;
    (void)map_u64_get(&k->watches.heads, key_of(t, id), &i);
    for (; i != NONE; i = k->watches.list.items[i].next) {
        const struct watch *w = &k->watches.list.items[i];
        struct sheet *s = w->entry->sheet;
        bool read = !w->directly || !period || reads_period_of(s, *period);
        if (w->dropped || w->entry->aside || (read && !sheet_touch(s, unit))) {
            columns_drop(k, w->entry);
        }
    }
}

static void tell_fact(struct columns *k, const struct fact *f)
{
    uint32_t group = cells_check_group(k->cells, f->item);
    tell(k, THING_ITEM, f->item, f->unit, &f->period);
    if (group != NONE) {
        tell(k, THING_GROUP, group, f->unit, NULL);
    }
}

static void tell_filing(struct columns *k, const struct filing *f)
{
    if (f->reg != NONE) {
        tell(k, THING_REG, f->reg, f->unit, NULL);
    }
    if (f->roll != NONE) {
        tell(k, THING_ROLL, f->roll, f->unit, NULL);
    }
}

void columns_touch(struct columns *k, const struct edit *e)
{
    k->edits++;
    switch (e->kind) {
    case EDIT_FACT:
        tell_fact(k, &e->u.fact);
        break;
    case EDIT_ATTR:
        for (uint32_t i = 0; i < k->frames.n; i++) {
            frame_touch(k->frames.items[i].frame, e->u.attr.attribute, e->u.attr.unit);
        }
        tell(k, THING_ATTR, e->u.attr.attribute, e->u.attr.unit, NULL);
        break;
    case EDIT_ROW:
        tell(k, THING_REG, e->u.row.reg, e->u.row.owner, NULL);
        break;
    case EDIT_TITLE:
        tell(k, THING_TITLE, e->u.title.title, e->u.title.unit, NULL);
        break;
    case EDIT_RELATION:
        tell(k, THING_RELATION, e->u.relation.relation, e->u.relation.a, NULL);
        tell(k, THING_RELATION, e->u.relation.relation, e->u.relation.b, NULL);
        break;
    case EDIT_ACTIVITY:
        tell(k, THING_RELATION, e->u.activity.relation, e->u.activity.a, NULL);
        tell(k, THING_RELATION, e->u.activity.relation, e->u.activity.b, NULL);
        break;
    case EDIT_FILING:
        tell_filing(k, &e->u.filing);
        break;
    case EDIT_EVENT:
    case EDIT_EVIDENCE:
        break; /* no measure reads them */
    }
}
