/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions, clauses and scopes walked for what they read. */
#include "engine/deps.h"

#include "base/arena.h"

#define DEPS_DEPTH_MAX 200

/* ---- expressions ---------------------------------------------------------------------------- */

struct walker {
    struct arena *a;
    const struct cells *cells;
    const struct plan *plan;
    struct dep_list *out;
    bool opens;
    int32_t beside; /* a period within the year may reach into the next, or begin before it */
    uint32_t depth;
    struct dep_trees trees;
};

/* When, and from where: handed down by value. */
struct view {
    int32_t from, to;
    bool all;
};

static void put_of(struct walker *w, enum dep_thing t, uint32_t id, uint32_t item, struct view v)
{
    for (uint32_t i = 0; i < w->out->list.n; i++) {
        struct dep *d = &w->out->list.items[i];
        bool touches = d->from <= v.to + 1 && v.from <= d->to + 1;
        if (d->thing == t && d->id == id && d->item == item && d->all == v.all &&
            d->opens == w->opens && touches) {
            d->from = v.from < d->from ? v.from : d->from;
            d->to = v.to > d->to ? v.to : d->to;
            return;
        }
    }
    struct dep d = {.thing = t,
                    .id = id,
                    .item = item,
                    .from = v.from,
                    .to = v.to,
                    .all = v.all,
                    .opens = w->opens};
    vec_push(w->a, &w->out->list, d);
}

static void put(struct walker *w, enum dep_thing t, uint32_t id, struct view v)
{
    put_of(w, t, id, NONE, v);
}

static void walk(struct walker *w, uint32_t e, struct view v);

static void item(struct walker *w, uint32_t id, struct view v)
{
    uint32_t group = cells_check_group(w->cells, id);
    put(w, DEP_ITEM, id, v);
    if (group != NONE) {
        put_of(w, DEP_GROUP, group, id, v);
    }
}

static void rolls_of_kind(struct walker *w, uint32_t kind, struct view v)
{
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t n = kind == NONE ? 0 : plan_rolls(w->plan, kind, rolls);
    for (uint32_t i = 0; i < n; i++) {
        put(w, DEP_ROLL, rolls[i], v);
    }
}

/* Frozen on its day: as it was then, whatever is asked now. */
static void list(struct walker *w, uint32_t id, struct view v)
{
    const struct unit_list *l = &w->plan->lists[id];
    if (l->predicate != NONE) {
        int32_t year = date_year(l->frozen);
        walk(w, l->predicate, (struct view){year - 1, year + 1, v.all});
    }
}

static void population(struct walker *w, const struct expr *x, struct view v)
{
    switch (x->over) {
    case OVER_KIND:
        rolls_of_kind(w, x->over_ref, v);
        break;
    case OVER_TITLE:
        put(w, DEP_TITLE, x->over_ref, v);
        break;
    case OVER_LIST:
        list(w, x->over_ref, v);
        break;
    case OVER_REGISTER:
        put(w, DEP_REG, x->over_ref, v);
        rolls_of_kind(w, w->plan->regs[x->over_ref].owner_kind, v);
        break;
    case OVER_RELATION:
        put(w, DEP_RELATION, x->over_ref, v);
        break;
    }
}

static void indicator(struct walker *w, uint32_t commitment, struct view v)
{
    const struct commitment *c = &w->plan->commitments[commitment];
    for (uint32_t i = 0; i < c->n_definitions; i++) {
        walk(w, c->definitions[i].measure, v);
    }
}

/* What the node itself reads. */
static void leaf(struct walker *w, const struct expr *x, struct view v)
{
    switch ((unsigned)x->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        item(w, x->ref, v);
        break;
    case EX_ATTR:
        put(w, DEP_ATTR, x->ref, v);
        break;
    case EX_TITLE:
        put(w, DEP_TITLE, x->ref, v);
        break;
    case EX_LIST:
        list(w, x->ref, v);
        break;
    case EX_FIELD:
        put(w, DEP_REG, w->plan->fields[x->ref].reg, v);
        break;
    case EX_DEGREE:
        put(w, DEP_RELATION, x->ref, v);
        break;
    case EX_INDICATOR:
        indicator(w, x->ref, v);
        break;
    case EX_AGG:
        population(w, x, v);
        if (x->agg == AGG_COVER) {
            put(w, DEP_RELATION, x->ref, v);
        }
        break;
    case EX_RANK:
        population(w, x, v);
        break;
    default:
        break;
    }
}

static struct view baseline_of(const struct walker *w, bool all)
{
    int32_t year = w->plan->baseline_year;
    return (struct view){year - w->beside, year + w->beside, all};
}

/* Where and when the operands are asked for. */
static struct view below(const struct walker *w, const struct expr *x, struct view v)
{
    int32_t n = (int32_t)x->n;
    switch ((unsigned)x->op) {
    case EX_SHIFT:
        return (struct view){v.from - n, v.to - n, v.all};
    case EX_CONSECUTIVE:
        v.from -= n > 0 ? n - 1 : 0;
        return v;
    case EX_BASELINE:
        return baseline_of(w, v.all);
    case EX_AGG: /* 近 N年 */
        v.from -= n > 1 ? n - 1 : 0;
        v.all = v.all || x->over == OVER_RELATION;
        return v;
    case EX_RANK:
    case EX_DEGREE:
    case EX_PARENT:
        v.all = true;
        return v;
    default:
        return v;
    }
}

static void see_trees(struct walker *w, const struct expr *x, struct view v)
{
    bool cover = x && x->op == EX_AGG && x->agg == AGG_COVER;
    w->trees.latest = v.to > w->trees.latest ? v.to : w->trees.latest;
    w->trees.aside = w->trees.aside || v.all || cover;
    w->trees.days = w->trees.days || !x || (x->op == EX_AGG && x->agg == AGG_DAYS);
}

static void walk(struct walker *w, uint32_t e, struct view v)
{
    if (e == NONE) {
        return;
    }
    if (w->depth > DEPS_DEPTH_MAX) { /* what it reads is not looked for: everything (DE1) */
        see_trees(w, NULL, (struct view){PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, true});
        put(w, DEP_ANY, 0, (struct view){PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, true});
        return;
    }
    const struct expr *x = &w->plan->exprs[e];
    struct view inner = below(w, x, v);
    bool wider = x->op == EX_AGG || x->op == EX_RANK;
    see_trees(w, x, v);
    see_trees(w, x, inner);
    w->depth++;
    leaf(w, x, wider ? inner : v);
    walk(w, x->a, inner);
    walk(w, x->b, inner);
    walk(w, x->c, inner);
    w->depth--;
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* The years whose figures a clause compares, with those of other definitions and of chains. */
static struct view years_of(const struct walker *w, const struct block *b)
{
    enum when_kind k = b->o.when.kind;
    struct view v = {b->m.year, b->m.year, false};
    if (k == WHEN_HOLD || k == WHEN_MEAN || k == WHEN_CUMULATIVE) {
        v = (struct view){b->o.when.from_year - 1, b->o.when.to_year, false};
    }
    if (b->k->n_definitions > 1 && b->c && b->c->measure == NONE) {
        /* Each is judged in the latest year of its own that is closed. */
        v.from = v.from < w->plan->baseline_year ? v.from : w->plan->baseline_year;
        v.to = v.to > b->o.year ? v.to : b->o.year;
    }
    v.from -= w->beside;
    v.to += w->beside;
    return v;
}

static void clause(struct walker *w, const struct block *b)
{
    const struct clause *c = b->c;
    struct view v = years_of(w, b);
    struct view baseline = baseline_of(w, false);
    walk(w, b->measure, v);
    walk(w, b->measure, baseline);
    walk(w, c->baseline, baseline);
    walk(w, c->condition, v);
    walk(w, c->base, v);
    walk(w, c->previous, v);
    for (uint32_t i = 0; c->measure == NONE && i < b->k->n_definitions; i++) {
        walk(w, b->k->definitions[i].measure, v);
        walk(w, b->k->definitions[i].previous, v);
    }
    if (b->rung) {
        walk(w, b->rung->value, v);
        walk(w, b->rung->value2, v);
        walk(w, b->rung->value, baseline);
        walk(w, b->rung->value2, baseline);
    }
    if (b->o.category_field != NONE) {
        put(w, DEP_REG, w->plan->fields[b->o.category_field].reg, v);
    }
}

static void quota(struct walker *w, const struct block *b)
{
    struct view v = {b->m.year, b->m.year, false};
    walk(w, b->k->measure, v);
    walk(w, b->k->used, v);
    walk(w, b->k->per, v);
    walk(w, b->c->condition, v);
    walk(w, b->rung->value, v);
}

static void condition(struct walker *w, const struct block *b)
{
    struct view v = {b->o.year, b->o.year, false};
    walk(w, b->measure, v);
    if (b->k->of_reg != NONE) {
        put(w, DEP_REG, b->k->of_reg, v);
    }
    for (uint32_t i = 0; i < b->k->n_actions; i++) {
        const struct action *x = &b->k->actions[i];
        if (x->item != NONE && !x->is_field) {
            item(w, x->item, v);
        }
    }
}

/* The draw and what was done with those who were drawn, of any year. */
static void sample(struct walker *w, const struct commitment *k)
{
    struct view ever = {PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, true};
    walk(w, k->condition, ever);
    walk(w, k->satisfying, ever);
    walk(w, k->strata, ever);
    if (k->of_reg != NONE) {
        put(w, DEP_REG, k->of_reg, ever);
    }
}

static struct walker walk_block(struct arena *a, const struct cells *c, const struct block *b,
                                struct dep_list *out)
{
    struct walker w = {.a = a,
                       .cells = c,
                       .plan = cells_plan(c),
                       .out = out,
                       .beside = b->o.sub ? 1 : 0,
                       .trees = {.latest = PERIOD_YEAR_MIN}};
    struct view ever = {PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, false};
    switch (b->k->kind) {
    case CK_INDICATOR:
    case CK_TARGET:
        clause(&w, b);
        break;
    case CK_QUOTA:
        quota(&w, b);
        break;
    case CK_GATE:
    case CK_RULE:
    case CK_CHECK:
        condition(&w, b);
        break;
    case CK_TASK:
    case CK_STAGES:
        put(&w, DEP_EVIDENCE, b->commitment, ever);
        break;
    case CK_SAMPLE:
        sample(&w, b->k);
        break;
    case CK_PROGRAMME:
    case CK_SCORECARD:
    case CK_FORM:
    case CK_UNMEASURABLE:
        break;
    }
    return w;
}

void deps_of_block(struct arena *a, const struct cells *c, const struct block *b,
                   struct dep_list *out)
{
    (void)walk_block(a, c, b, out);
}

struct dep_trees deps_of_trees(struct arena *a, const struct cells *c, const struct block *b)
{
    struct dep_list deps = {0};
    struct dep_trees t = walk_block(a, c, b, &deps).trees;
    const struct date days[] = {b->day, b->m.snapshot, b->m.named,
                                b->has_before ? b->before.snapshot : b->day, b->o.due};
    const int32_t years[] = {b->o.year, b->m.year};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int32_t year = date_is_sentinel(days[i]) ? t.latest : date_year(days[i]);
        t.latest = year > t.latest ? year : t.latest;
    }
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        t.latest = years[i] > t.latest ? years[i] : t.latest;
    }
    return t;
}

/* ---- scopes --------------------------------------------------------------------------------- */

static void scopes(struct walker *w, const struct scope *s, uint32_t n)
{
    struct view ever = {PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, true};
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].kind == SCOPE_EACH_KIND) {
            rolls_of_kind(w, s[i].ref, ever);
        } else if (s[i].kind == SCOPE_EACH_TITLE) {
            put(w, DEP_TITLE, s[i].ref, ever);
        } else if (s[i].kind == SCOPE_EACH_LIST) {
            list(w, s[i].ref, ever);
        }
    }
}

static void event(struct walker *w, const struct when *x)
{
    struct view ever = {PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, true};
    if (x->kind == WHEN_UNTIL) {
        put(w, DEP_EVENT, x->event, ever);
    }
}

static void clause_scopes(struct walker *w, const struct clause *c)
{
    scopes(w, c->scopes, c->n_scopes);
    event(w, &c->when);
    for (uint32_t i = 0; i < c->n_rungs; i++) {
        event(w, &c->rungs[i].when);
    }
    for (uint32_t i = 0; i < c->n_nested; i++) {
        clause_scopes(w, &c->nested[i]);
    }
}

void deps_of_scopes(struct arena *a, const struct cells *c, uint32_t commitment,
                    struct dep_list *out)
{
    struct walker w = {.a = a, .cells = c, .plan = cells_plan(c), .out = out, .opens = true};
    const struct commitment *k = &w.plan->commitments[commitment];
    scopes(&w, k->scopes, k->n_scopes);
    event(&w, &k->when);
    for (uint32_t i = 0; i < k->n_stages; i++) {
        event(&w, &k->stages[i].when);
    }
    for (uint32_t i = 0; i < k->n_targets; i++) {
        clause_scopes(&w, &k->targets[i]);
    }
}
