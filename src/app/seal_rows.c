/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to nodes, the hiding of what could be subtracted out, and back to the rows. */
#include "app/print.h"
#include "app/seal_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/verdict_row.h"

/* ---- what the rows show --------------------------------------------------------------------- */

static void push(struct seal *x, struct seal_shown s)
{
    if (s.uses.list.n > 0) {
        vec_push(x->a, &x->shown, s);
    }
}

/* A year of a span as the row of its last year sees it. */
static bool year_of(const struct verdict *v, int32_t year, struct moment *out)
{
    bool ok = moment_shift(*v->at, v->at->year - year, out);
    out->named = date_is_sentinel(v->at->named) ? v->at->snapshot : v->at->named;
    return ok;
}

/*
 * 保持 shows one of its years, 年均 and 累计 of figures their sum. Rows of a register are counted
 * over the span as a whole.
 */
static void span_shows(struct seal *x, const struct verdict *v, uint32_t e, struct seal_shown *s)
{
    const struct when *w = &v->clause->when;
    struct seal_uses years = {0};
    struct rat sum = rat_zero();
    for (int32_t y = w->from_year; y <= w->to_year; y++) {
        struct moment m;
        uint32_t before = years.list.n;
        if (!year_of(v, y, &m)) {
            continue;
        }
        seal_shows(x, e, v->unit, m, &years);
        if (years.list.n == before + 1) {
            struct rat size = x->nodes.items[years.list.items[before]].size;
            sum = rat_is_inf(size) ? sum : rat_add(x->a, sum, size);
        }
    }
    if (w->kind == WHEN_HOLD || !seal_is_count(x->plan, e)) {
        s->uses = years;
        return;
    }
    if (years.list.n == 0) {
        return;
    }
    struct str key = str_cat(x->a, STR("span "), rat_frac_str(x->a, rat_int(e)));
    key = str_cat(x->a, key, rat_frac_str(x->a, rat_frac(w->from_year, w->to_year + 1)));
    uint32_t total =
        seal_node(x, key, v->unit, v->snapshot, sum, rat_cmp(sum, rat_int(SMALL_COUNT)) < 0);
    struct seal_sum over = {.total = total};
    for (uint32_t i = 0; i < years.list.n; i++) {
        vec_push(x->a, &over.parts, years.list.items[i]);
    }
    vec_push(x->a, &x->sums, over);
    vec_push(x->a, &s->uses.list, total);
}

static bool is_span(const struct verdict *v)
{
    enum when_kind k = v->clause ? v->clause->when.kind : WHEN_AT;
    return k == WHEN_HOLD || k == WHEN_MEAN ||
           (k == WHEN_CUMULATIVE && v->at->since_year == v->at->year);
}

static void measure_shows(struct seal *x, const struct verdict *v, uint32_t e, struct seal_shown *s)
{
    s->count = seal_is_count(x->plan, e);
    if (is_span(v)) {
        span_shows(x, v, e, s);
    } else {
        seal_shows(x, e, v->unit, *v->at, &s->uses);
    }
}

/* The figure of the year before, or one that the target compares with. */
static void required_shows(struct seal *x, const struct verdict *v, struct seal_uses *out)
{
    const struct clause *c = v->clause;
    for (uint32_t i = 0; c && i < c->n_rungs; i++) {
        seal_shows(x, c->rungs[i].value, v->unit, *v->at, out);
        seal_shows(x, c->rungs[i].value2, v->unit, *v->at, out);
    }
    if (c) {
        seal_shows(x, c->previous, v->unit, *v->at, out);
    }
}

static void alternatives_show(struct seal *x, const struct verdict *v, uint32_t row)
{
    const struct commitment *k = &x->plan->commitments[v->commitment];
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        for (uint32_t d = 0; d < k->n_definitions; d++) {
            if (str_eq(k->definitions[d].name, v->alternatives[i].definition)) {
                struct seal_shown s = {.row = row, .place = PLACE_ALTERNATIVE, .k = i};
                measure_shows(x, v, k->definitions[d].measure, &s);
                push(x, s);
            }
        }
    }
}

static void proposals_show(struct seal *x, const struct verdict *v, uint32_t row)
{
    for (uint32_t i = 0; i < v->n_proposals; i++) {
        const struct proposal *p = &v->proposals[i];
        struct seal_shown s = {.row = row, .place = PLACE_PROPOSAL, .k = i};
        struct period period;
        struct date day;
        const struct datum *d = p->item == NONE ? NULL
                                : p->is_field   ? &x->plan->fields[p->item].d
                                                : &x->plan->items[p->item].d;
        if (!d || d->class_ != CLASS_SEALED || !p->has_amount) {
            continue;
        }
        struct str key = STR("");
        if (p->is_field) { /* a row by itself */
            key = str_cat(x->a, STR("row "), rat_frac_str(x->a, rat_frac(v->row, p->item + 1)));
        } else if (moment_of_item(&x->plan->items[p->item], *v->at, &period, &day)) {
            key = seal_item_key(x, p->item, period);
        }
        bool small = rat_cmp(p->from, rat_int(SMALL_COUNT)) < 0;
        uint32_t id = seal_node(x, key, v->unit, v->snapshot, p->from, small);
        vec_push(x->a, &s.uses.list, id);
        push(x, s);
    }
}

static void row_shows(struct seal *x, const struct verdict *v, uint32_t row)
{
    const struct commitment *k = &x->plan->commitments[v->commitment];
    uint32_t e = print_measure_of(x->plan, v);
    struct seal_shown measure = {.row = row, .place = PLACE_MEASURE};
    struct seal_shown required = {.row = row, .place = PLACE_REQUIRED};
    if (!v->at || v->for_all) {
        return;
    }
    if (k->kind == CK_QUOTA) {
        measure_shows(x, v, k->measure, &measure);
        seal_shows(x, k->used, v->unit, *v->at, &measure.uses);
        seal_shows(x, k->per, v->unit, *v->at, &measure.uses);
    } else if (v->clause && e != NONE) {
        measure_shows(x, v, e, &measure);
        required_shows(x, v, &required.uses);
    }
    push(x, measure);
    push(x, required);
    alternatives_show(x, v, row);
    proposals_show(x, v, row);
}

/* ---- what could be subtracted out ----------------------------------------------------------- */

/* The parts of one sum, as far as they are nodes. */
struct parts {
    uint32_t hidden;
    uint32_t total; /* node, or NONE: it may be printed elsewhere */
    uint32_t least; /* the smallest part that is not hidden */
};

static void add_part(struct seal *x, struct parts *p, uint32_t node)
{
    const struct seal_node *n = &x->nodes.items[node];
    if (n->hidden) {
        p->hidden++;
        return;
    }
    const struct seal_node *least = p->least == NONE ? NULL : &x->nodes.items[p->least];
    int c = least ? rat_cmp(n->size, least->size) : -1;
    if (c < 0 || (c == 0 && n->unit < least->unit)) {
        p->least = node;
    }
}

/* Exactly one of a sum and its parts is hidden: another one has to be. */
static bool mend(struct seal *x, const struct parts *p)
{
    bool total = p->total != NONE && x->nodes.items[p->total].hidden;
    uint32_t other = p->least != NONE ? p->least : p->total;
    if (p->hidden + total != 1 || other == NONE || x->nodes.items[other].hidden) {
        return false;
    }
    x->nodes.items[other].hidden = true;
    return true;
}

/* The node of the family nearest above, else the unit above. */
static uint64_t sum_of(struct seal *x, const struct seal_node *n, uint32_t *total)
{
    const struct tree_snap *t = NULL;
    *total = NONE;
    if (cells_tree(x->cells, n->day, &t) != RC_OK || t->index_of[n->unit] == TREE_NONE) {
        return UINT64_MAX;
    }
    uint32_t above = t->parent[t->index_of[n->unit]];
    if (above == TREE_NONE) {
        return UINT64_MAX;
    }
    for (uint32_t p = above; p != TREE_NONE; p = t->parent[p]) {
        if (map_u64_get(&x->index, (uint64_t)n->family << 32 | t->unit[p], total)) {
            return (uint64_t)n->family << 32 | t->unit[p];
        }
    }
    return (uint64_t)n->family << 32 | t->unit[above];
}

static bool mend_trees(struct seal *x)
{
    struct map_u64 index = {0};
    VEC(struct parts) sums = {0};
    bool changed = false;
    for (uint32_t i = 0; i < x->nodes.n; i++) {
        uint32_t total = NONE;
        uint32_t at = sums.n;
        uint64_t key = sum_of(x, &x->nodes.items[i], &total);
        if (key == UINT64_MAX) {
            continue;
        }
        if (!map_u64_get(&index, key, &at)) {
            map_u64_put(x->a, &index, key, at);
            vec_push(x->a, &sums, (struct parts){.total = total, .least = NONE});
        }
        add_part(x, &sums.items[at], i);
    }
    for (uint32_t i = 0; i < sums.n; i++) {
        changed = mend(x, &sums.items[i]) || changed;
    }
    return changed;
}

static bool mend_times(struct seal *x)
{
    bool changed = false;
    for (uint32_t i = 0; i < x->sums.n; i++) {
        struct seal_sum *s = &x->sums.items[i];
        struct parts p = {.total = s->total, .least = NONE};
        for (uint32_t k = 0; k < s->parts.n; k++) {
            add_part(x, &p, s->parts.items[k]);
        }
        changed = mend(x, &p) || changed;
    }
    return changed;
}

/* ---- back to the rows ----------------------------------------------------------------------- */

static void withhold(struct seal *x, struct verdict *v, const struct seal_shown *s)
{
    enum withheld w = seal_verdict(x, &s->uses, s->count);
    if (w == SHOWN) {
        return;
    }
    if (s->place == PLACE_REQUIRED) {
        v->has_threshold = false;
        return;
    }
    v->flags |= VF_SUPPRESSED;
    if (s->place == PLACE_MEASURE) {
        v->withheld = w;
        v->has_cap = false;
    } else if (s->place == PLACE_ALTERNATIVE) {
        struct alternative *list = ARENA_ARRAY(x->a, struct alternative, v->n_alternatives);
        for (uint32_t i = 0; i < v->n_alternatives; i++) {
            list[i] = v->alternatives[i];
        }
        list[s->k].withheld = w;
        v->alternatives = list;
    } else {
        struct proposal *list = ARENA_ARRAY(x->a, struct proposal, v->n_proposals);
        for (uint32_t i = 0; i < v->n_proposals; i++) {
            list[i] = v->proposals[i];
        }
        list[s->k].has_amount = false;
        v->proposals = list;
    }
}

static void mend_all(struct seal *x)
{
    bool changed = true;
    while (changed) {
        changed = mend_trees(x);
        changed = mend_times(x) || changed;
    }
}

enum rc seal_counts(struct arena *a, struct cells *c, struct date day, const int64_t *size,
                    bool *hidden)
{
    const struct tree_snap *t = NULL;
    struct seal x = {.a = a, .plan = cells_plan(c), .cells = c};
    enum rc rc = cells_tree(c, day, &t);
    if (rc != RC_OK) {
        return rc;
    }
    uint32_t *node = ARENA_ARRAY(a, uint32_t, t->n + 1U);
    for (uint32_t i = 0; i < t->n; i++) {
        node[i] = size[i] < 0 ? NONE
                              : seal_node(&x, STR("count"), t->unit[i], day, rat_int(size[i]),
                                          size[i] < SMALL_COUNT);
    }
    mend_all(&x);
    for (uint32_t i = 0; i < t->n; i++) {
        hidden[i] = node[i] != NONE && x.nodes.items[node[i]].hidden;
    }
    return RC_OK;
}

enum rc seal_apply(struct arena *a, struct cells *c, const struct evaluator *ev,
                   struct verdicts *vs, struct seal **out)
{
    struct seal *x = ARENA_NEW(a, struct seal);
    *x = (struct seal){.a = a, .plan = cells_plan(c), .cells = c, .ev = ev};
    for (uint32_t i = 0; i < vs->rows.n; i++) {
        struct verdict v = verdicts_at(vs, i);
        row_shows(x, &v, i);
    }
    mend_all(x);
    for (uint32_t i = 0; i < x->shown.n; i++) {
        const struct seal_shown *s = &x->shown.items[i];
        struct verdict v = verdicts_at(vs, s->row);
        withhold(x, &v, s);
        verdicts_set(a, vs, s->row, &v);
    }
    *out = x;
    return x->failed ? RC_LIMIT : RC_OK;
}
