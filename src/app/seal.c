/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of an answer show of sealed counts. */
#include "app/seal.h"

#include "app/print.h"
#include "app/seal_int.h"
#include "base/arena.h"
#include "base/buf.h"

#define SEAL_DEPTH_MAX 64

bool seal_needed(const struct plan *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->n_items; i++) {
        any = any || p->items[i].d.class_ == CLASS_SEALED;
    }
    for (uint32_t i = 0; i < p->n_attributes; i++) {
        any = any || p->attributes[i].d.class_ == CLASS_SEALED;
    }
    for (uint32_t i = 0; i < p->n_fields; i++) {
        any = any || p->fields[i].d.class_ == CLASS_SEALED;
    }
    return any;
}

/* ---- what is counted ------------------------------------------------------------------------ */

static bool counts_heads(struct dim d)
{
    d = dim_settle(d);
    return dim_eq(d, dim_of(DIM_PERSON)) || dim_eq(d, dim_of(DIM_PERSON_TIME)) ||
           dim_eq(d, dim_of(DIM_THING));
}

static struct mval ask(struct seal *x, uint32_t e, uint32_t unit, struct moment m)
{
    struct mval v = {0};
    if (x->ev->measure(x->ev->ctx, x->a, e, unit, m, &v) != RC_OK) {
        x->failed = true;
    }
    return v;
}

/* Known, or known in part: a bound that comes from figures gives them away as well. */
static bool is_small(struct mval v)
{
    struct rat limit = rat_int(SMALL_COUNT);
    bool told = v.reported > 0 || v.expected == 0;
    return v.kind == MV_NUMBER &&
           ((told && rat_cmp(v.lo, limit) < 0) || (v.has_value && rat_cmp(v.value, limit) < 0));
}

static void expr_key(struct seal *x, uint32_t e, struct buf *out)
{
    const struct expr *p = e == NONE ? NULL : &x->plan->exprs[e];
    if (!p) {
        buf_putc(out, '-');
        return;
    }
    buf_printf(out, "(%d %d %d %u %u %u ", (int)p->op, (int)p->agg, (int)p->over, p->over_ref,
               p->ref, p->n);
    buf_str(out, rat_frac_str(x->a, p->num));
    expr_key(x, p->a, out);
    expr_key(x, p->b, out);
    expr_key(x, p->c, out);
    buf_putc(out, ')');
}

bool seal_register(const struct plan *p, uint32_t reg)
{
    const struct reg *r = &p->regs[reg];
    bool sealed = false;
    for (uint32_t i = r->first_field; i < r->first_field + r->n_fields; i++) {
        sealed = sealed || p->fields[i].d.class_ == CLASS_SEALED;
    }
    return sealed;
}

/* How many sealed records there are is a sealed count, also where no sealed field is read. */
static bool is_of_records(const struct plan *p, const struct expr *e)
{
    return e->op == EX_AGG && e->over == OVER_REGISTER && seal_register(p, e->over_ref);
}

// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
bool seal_reads_records(const struct plan *p, uint32_t ix)
{
    if (ix == NONE) {
        return false;
    }
    const struct expr *e = &p->exprs[ix];
    return is_of_records(p, e) || (e->op == EX_INDICATOR && seal_records(p, e->ref)) ||
           seal_reads_records(p, e->a) || seal_reads_records(p, e->b) ||
           seal_reads_records(p, e->c);
}

// NOLINTNEXTLINE(misc-no-recursion)
bool seal_records(const struct plan *p, uint32_t commitment)
{
    const struct commitment *k = &p->commitments[commitment];
    bool reads = false;
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        reads = reads || seal_reads_records(p, k->definitions[i].measure);
    }
    return reads;
}

/* The sum of an item over all below is at the unit of the item the item itself. */
static uint32_t item_of(const struct plan *p, const struct expr *e)
{
    bool sum = e->op == EX_AGG && e->agg == AGG_SUM && e->over == OVER_KIND && e->b == NONE &&
               e->n <= 1 && p->exprs[e->a].op == EX_ITEM;
    return e->op == EX_ITEM ? e->ref : sum ? p->exprs[e->a].ref : NONE;
}

struct str seal_item_key(struct seal *x, uint32_t item, struct period period)
{
    struct buf out;
    buf_init_in(&out, x->a, 1 << 10);
    buf_printf(&out, "item %u %d %d %d", item, (int)period.kind, period.year, period.index);
    return buf_view(&out);
}

static struct str key_of(struct seal *x, uint32_t e, struct moment m)
{
    uint32_t item = item_of(x->plan, &x->plan->exprs[e]);
    struct period period;
    struct date day;
    if (item != NONE && moment_of_item(&x->plan->items[item], m, &period, &day)) {
        return seal_item_key(x, item, period);
    }
    struct buf out;
    buf_init_in(&out, x->a, 1 << 20);
    expr_key(x, e, &out);
    buf_printf(&out, " %d %d %d %u %u", m.year, m.since_year, m.sub ? m.period.index : 0,
               m.category_field, m.category);
    return buf_view(&out);
}

/* ---- nodes ---------------------------------------------------------------------------------- */

uint32_t seal_node(struct seal *x, struct str key, uint32_t unit, struct date day, struct rat size,
                   bool small)
{
    uint32_t family = 0;
    uint32_t id = 0;
    if (!map_get(&x->families, key, &family)) {
        family = map_len(&x->families);
        map_put(x->a, &x->families, key, family);
    }
    uint64_t at = (uint64_t)family << 32 | unit;
    if (!map_u64_get(&x->index, at, &id)) {
        id = x->nodes.n;
        map_u64_put(x->a, &x->index, at, id);
        struct seal_node n = {.family = family, .unit = unit, .day = day, .size = size};
        vec_push(x->a, &x->nodes, n);
    }
    struct seal_node *n = &x->nodes.items[id];
    n->small = n->small || small;
    n->hidden = n->hidden || small;
    return id;
}

static void use(struct seal *x, struct seal_uses *out, uint32_t e, uint32_t unit, struct moment m,
                struct rat size, bool small)
{
    uint32_t id = seal_node(x, key_of(x, e, m), unit, m.snapshot, size, small);
    vec_push(x->a, &out->list, id);
}

/* Units of a share that satisfy it, and its base. */
static void share_counts(struct seal *x, const struct expr *p, uint32_t unit, struct moment m,
                         int64_t *yes, int64_t *base)
{
    const struct tree_snap *t = NULL;
    *yes = 0;
    *base = 0;
    if (p->over != OVER_KIND || cells_tree(x->cells, m.snapshot, &t) != RC_OK) {
        return;
    }
    uint32_t top = t->index_of[unit];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        if (plan_is_a(x->plan, t->kind[i], p->over_ref)) {
            bool in = p->b == NONE || ask(x, p->b, t->unit[i], m).truth == T_YES;
            *base += in;
            *yes += in && p->c != NONE && ask(x, p->c, t->unit[i], m).truth == T_YES;
        }
    }
}

static void aggregate(struct seal *x, uint32_t e, uint32_t unit, struct moment m, struct mval v,
                      struct seal_uses *out)
{
    const struct expr *p = &x->plan->exprs[e];
    int64_t yes = 0;
    int64_t base = 0;
    if (p->agg == AGG_CV || p->agg == AGG_COVER) {
        return;
    }
    if (p->agg == AGG_SHARE) {
        share_counts(x, p, unit, m, &yes, &base);
        use(x, out, e, unit, m, rat_int(yes), yes < SMALL_COUNT);
        return;
    }
    if (p->agg == AGG_MEAN && v.kind == MV_NUMBER) {
        share_counts(x, p, unit, m, &yes, &base);
        v.lo = rat_is_inf(v.lo) ? v.lo : rat_mul(x->a, v.lo, rat_int(base));
        v.value = v.has_value ? rat_mul(x->a, v.value, rat_int(base)) : v.value;
    }
    if (counts_heads(p->dim)) {
        use(x, out, e, unit, m, v.lo, is_small(v));
    }
}

static uint32_t ancestor(struct seal *x, uint32_t kind, uint32_t unit, struct moment m)
{
    const struct tree_snap *t = NULL;
    if (cells_tree(x->cells, m.snapshot, &t) != RC_OK) {
        return NONE;
    }
    uint32_t i = t->index_of[unit];
    while (i != TREE_NONE && !plan_is_a(x->plan, t->kind[i], kind)) {
        i = t->parent[i];
    }
    return i == TREE_NONE ? NONE : t->unit[i];
}

static void shows(struct seal *x, uint32_t e, uint32_t unit, struct moment m, int depth,
                  struct seal_uses *out);

/* The same measure elsewhere in time or above. */
static bool elsewhere(struct seal *x, const struct expr *p, uint32_t *unit, struct moment *m,
                      uint32_t *e)
{
    *e = p->a;
    if (p->op == EX_SHIFT) {
        return moment_shift(*m, (int32_t)p->n, m);
    }
    if (p->op == EX_BASELINE) {
        return moment_shift(*m, m->year - x->plan->baseline_year, m);
    }
    if (p->op == EX_PARENT) {
        *unit = ancestor(x, p->ref, *unit, *m);
        return *unit != NONE;
    }
    const struct commitment *c = &x->plan->commitments[p->ref];
    const struct definition *d = definition_in_force(c, m->year);
    *e = d ? d->measure : NONE;
    return d != NULL;
}

/* A period that no row shows is a node as well: it is shown in explanations. */
static void whole_year(struct seal *x, uint32_t e, uint32_t unit, struct moment m, struct mval v,
                       struct seal_uses *out)
{
    const struct expr *p = &x->plan->exprs[e];
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(x->plan->items[p->ref].period, m.year, all);
    use(x, out, e, unit, m, v.lo, is_small(v));
    struct seal_sum sum = {.total = out->list.items[out->list.n - 1]};
    for (int32_t i = 0; i < n; i++) {
        struct cell c = cells_item(x->a, x->cells, p->ref, unit, all[i]);
        bool small = c.known && rat_cmp(c.lo, rat_int(SMALL_COUNT)) < 0;
        uint32_t id = seal_node(x, seal_item_key(x, p->ref, all[i]), unit, m.snapshot, c.lo, small);
        vec_push(x->a, &sum.parts, id);
    }
    vec_push(x->a, &x->sums, sum);
}

static void leaf(struct seal *x, uint32_t e, uint32_t unit, struct moment m, struct seal_uses *out)
{
    const struct expr *p = &x->plan->exprs[e];
    struct mval v = ask(x, e, unit, m);
    if ((v.flags & MF_SEALED) == 0 && !is_of_records(x->plan, p)) {
        return;
    }
    if (p->op == EX_AGG) {
        aggregate(x, e, unit, m, v, out);
    } else if (!counts_heads(p->dim)) {
        return;
    } else if (p->op == EX_WHOLE_YEAR) {
        whole_year(x, e, unit, m, v, out);
    } else {
        use(x, out, e, unit, m, v.lo, is_small(v));
    }
}

/* The sealed counts that a figure is made of. Truths show none. */
static void shows(struct seal *x, uint32_t e, uint32_t unit, struct moment m, int depth,
                  struct seal_uses *out)
{
    if (e == NONE || depth > SEAL_DEPTH_MAX || x->plan->exprs[e].is_bool) {
        return;
    }
    const struct expr *p = &x->plan->exprs[e];
    switch ((unsigned)p->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
    case EX_AGG:
    case EX_DEGREE:
        leaf(x, e, unit, m, out);
        break;
    case EX_SHIFT:
    case EX_BASELINE:
    case EX_PARENT:
    case EX_INDICATOR:
        if (elsewhere(x, p, &unit, &m, &e)) {
            shows(x, e, unit, m, depth + 1, out);
        }
        break;
    case EX_NEG:
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_DIV:
    case EX_IF:
        shows(x, p->a, unit, m, depth + 1, out);
        shows(x, p->b, unit, m, depth + 1, out);
        shows(x, p->c, unit, m, depth + 1, out);
        break;
    default:
        break;
    }
}

void seal_shows(struct seal *x, uint32_t e, uint32_t unit, struct moment m, struct seal_uses *out)
{
    shows(x, e, unit, m, 0, out);
}

bool seal_is_count(const struct plan *p, uint32_t e)
{
    enum expr_op op = p->exprs[e].op;
    return (op == EX_ITEM || op == EX_WHOLE_YEAR || op == EX_YEAR_END || op == EX_AGG ||
            op == EX_DEGREE) &&
           counts_heads(p->exprs[e].dim);
}

enum withheld seal_verdict(const struct seal *x, const struct seal_uses *u, bool count)
{
    enum withheld w = SHOWN;
    for (uint32_t i = 0; i < u->list.n; i++) {
        const struct seal_node *n = &x->nodes.items[u->list.items[i]];
        if (n->hidden) {
            w = count && n->small ? WITHHELD_SMALL : WITHHELD_OTHER;
        }
    }
    return w;
}

enum withheld seal_figure(struct seal *x, uint32_t expr, uint32_t unit, struct moment m)
{
    struct seal_uses uses = {0};
    if (!x) {
        return SHOWN;
    }
    seal_shows(x, expr, unit, m, &uses);
    return seal_verdict(x, &uses, seal_is_count(x->plan, expr));
}
