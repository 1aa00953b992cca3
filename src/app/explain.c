/* SPDX-License-Identifier: Apache-2.0 */
/* The tree from a verdict down to its facts. */
#include "app/explain.h"

#include <stdlib.h>

#include "app/explain_base.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

#define DEPTH_MAX 12

struct tree_node {
    struct str text;   /* what it is */
    struct str figure; /* its value as printed */
    struct str source; /* of a fact: source, grade, day, file and line */
    bool missing;
    VEC(struct tree_node *) kids;
};

struct builder {
    const struct explain *x;
    struct arena *a;
    struct printer printer;
    bool failed;
    bool hides; /* below a sum of which a sealed part is small: no sealed part is shown (C41) */
};

static struct tree_node *node(struct builder *b, struct tree_node *parent, struct str text)
{
    struct tree_node *n = ARENA_NEW(b->a, struct tree_node);
    n->text = text;
    if (parent) {
        vec_push(b->a, &parent->kids, n);
    }
    return n;
}

static struct str join(struct builder *b, struct str x, struct str sep, struct str y)
{
    return str_cat(b->a, str_cat(b->a, x, sep), y);
}

static struct str pick(const struct builder *b, const char *zh, const char *en)
{
    return str_from_cstr(b->x->answer.chinese ? zh : en);
}

/* ---- figures -------------------------------------------------------------------------------- */

static struct mval ask(struct builder *b, uint32_t e, uint32_t unit, struct moment m)
{
    struct mval v = {0};
    if (b->x->ev->measure(b->x->ev->ctx, b->a, e, unit, m, &v) != RC_OK) {
        b->failed = true;
    }
    return v;
}

static struct str figure(struct builder *b, uint32_t e, uint32_t unit, struct moment m)
{
    struct mval measure = ask(b, e, unit, m);
    enum withheld w = seal_figure(b->x->seal, e, unit, m);
    if (w == SHOWN && b->hides && (measure.flags & MF_SEALED) != 0) {
        w = WITHHELD_OTHER;
    }
    struct verdict v = {.measure = measure, .cmp = CMP_NONE, .withheld = w};
    struct clause c = {.measure = e};
    v.clause = &c;
    v.threshold = rat_zero();
    return print_measure(&b->printer, &v);
}

/* ---- facts ---------------------------------------------------------------------------------- */

static void source_of(struct builder *b, struct tree_node *n, const struct provenance *p)
{
    char day[DATE_TEXT_BYTES];
    struct str out = p->source;
    if (p->grade != 0) {
        struct str grade = str_make(&p->grade, 1);
        out = join(b, out, out.n > 0 ? STR(" ") : STR(""),
                   str_cat(b->a, pick(b, "等级", "grade "), str_dup(b->a, grade)));
    }
    if (date_cmp(p->recorded, DATE_MIN) != 0) {
        out = join(b, out, pick(b, " 记录于", ", recorded "),
                   str_dup(b->a, date_text(p->recorded, day)));
    }
    struct str place = cells_dataset(b->x->cells)->files[p->file];
    place = join(b, place, STR(":"), rat_frac_str(b->a, rat_int(p->line)));
    n->source = out.n > 0 ? join(b, out, STR(" · "), place) : place;
}

static void item_node(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t item,
                      uint32_t unit, struct moment m)
{
    const struct plan *p = b->x->answer.plan;
    struct period period;
    struct date day;
    char text[PERIOD_TEXT_BYTES];
    if (!moment_of_item(&p->items[item], m, &period, &day)) {
        return;
    }
    struct str name =
        join(b, answer_unit_name(b->x->answer.tree, unit, day), STR(" · "), p->items[item].d.name);
    name = join(b, name, STR(" "), str_dup(b->a, period_text(period, text)));
    struct tree_node *n = node(b, parent, name);
    struct cell cell = cells_item(b->a, b->x->cells, item, unit, period);
    n->figure = figure(b, e, unit, m);
    n->missing = !cell.known;
    if (cell.known) {
        source_of(b, n, &cells_dataset(b->x->cells)->facts[cell.fact].from);
    } else {
        n->source = pick(b, "缺：尚未报送", "missing: not reported");
    }
}

static void attr_node(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t attribute,
                      uint32_t unit, struct moment m)
{
    const struct plan *p = b->x->answer.plan;
    struct str name = join(b, answer_unit_name(b->x->answer.tree, unit, m.snapshot), STR(" · "),
                           p->attributes[attribute].d.name);
    struct tree_node *n = node(b, parent, name);
    struct cell cell = cells_attr(b->x->cells, attribute, unit, m.snapshot);
    n->figure = figure(b, e, unit, m);
    n->missing = !cell.known;
    if (cell.known) {
        source_of(b, n, &cells_dataset(b->x->cells)->attrs[cell.fact].from);
    } else {
        n->source = pick(b, "缺：没有登记", "missing: not on record");
    }
}

/* ---- expressions ---------------------------------------------------------------------------- */

static void expression(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t unit,
                       struct moment m, int depth);

static struct str words(struct builder *b, const struct expr *x)
{
    static const char *const aggs[][2] = {
        [AGG_SUM] = {"求和", "sum"},           [AGG_COUNT] = {"计数", "count"},
        [AGG_DISTINCT] = {"去重", "distinct"}, [AGG_SHARE] = {"占比", "share"},
        [AGG_COVER] = {"覆盖", "cover"},       [AGG_MAX] = {"最大", "max"},
        [AGG_MIN] = {"最小", "min"},           [AGG_MEAN] = {"平均", "mean"},
        [AGG_CV] = {"差异系数", "variation"},  [AGG_DAYS] = {"天数", "days"},
    };
    static const char *const ops[EX__COUNT][2] = {
        [EX_NUM] = {"数", "number"},
        [EX_ADD] = {"加", "sum of"},
        [EX_SUB] = {"减", "difference"},
        [EX_MUL] = {"乘", "product"},
        [EX_DIV] = {"分子 ÷ 分母", "numerator ÷ denominator"},
        [EX_AND] = {"且", "and"},
        [EX_OR] = {"或", "or"},
        [EX_NOT] = {"非", "not"},
        [EX_GE] = {"不低于", "at least"},
        [EX_LE] = {"不超过", "at most"},
        [EX_GT] = {"超过", "above"},
        [EX_LT] = {"低于", "below"},
        [EX_EQ] = {"等于", "equals"},
        [EX_NE] = {"不等于", "not equals"},
        [EX_TITLE] = {"称号", "title"},
        [EX_LIST] = {"名单", "list"},
        [EX_RANK] = {"位次", "rank"},
        [EX_DEGREE] = {"度", "degree"},
        [EX_SHIFT] = {"上年", "previous year"},
        [EX_BASELINE] = {"基准年", "baseline year"},
        [EX_CONSECUTIVE] = {"连续", "consecutive"},
        [EX_PARENT] = {"上级", "unit above"},
        [EX_INDICATOR] = {"指标", "indicator"},
        [EX_IF] = {"如果", "if"},
        [EX_BETWEEN] = {"介于", "between"},
        [EX_ABOUT] = {"约", "about"},
        [EX_IN] = {"属于", "in"},
        [EX_WHOLE_YEAR] = {"全年", "whole year"},
        [EX_YEAR_END] = {"年末", "year end"},
        [EX_NEG] = {"负", "minus"},
        [EX_FIELD] = {"字段", "field"},
        [EX_BOOL] = {"是否", "boolean"},
        [EX_CHOICE] = {"选项", "choice"},
    };
    const struct plan *p = b->x->answer.plan;
    if (x->op == EX_AGG) {
        struct str over = x->over == OVER_KIND       ? p->kinds[x->over_ref].name
                          : x->over == OVER_TITLE    ? p->titles[x->over_ref].name
                          : x->over == OVER_LIST     ? p->lists[x->over_ref].name
                          : x->over == OVER_REGISTER ? p->regs[x->over_ref].name
                                                     : p->relations[x->over_ref].name;
        return join(b, pick(b, aggs[x->agg][0], aggs[x->agg][1]), STR(" "), over);
    }
    struct str op = ops[x->op][0] ? pick(b, ops[x->op][0], ops[x->op][1]) : STR("");
    if (x->op == EX_TITLE) {
        return join(b, op, STR(" "), p->titles[x->ref].name);
    }
    if (x->op == EX_INDICATOR) {
        return join(b, op, STR(" "), p->commitments[x->ref].name);
    }
    return op;
}

struct share {
    uint32_t unit;
    struct rat size;
    bool missing;
};

/* What is missing first, then the largest, then by unit. */
static int share_cmp(const void *p, const void *q)
{
    const struct share *x = p;
    const struct share *y = q;
    if (x->missing != y->missing) {
        return x->missing ? -1 : 1;
    }
    int c = rat_cmp(y->size, x->size);
    return c != 0 ? c : x->unit < y->unit ? -1 : x->unit > y->unit;
}

static void members(struct builder *b, struct tree_node *parent, uint32_t sum, uint32_t unit,
                    struct moment m, int depth)
{
    const struct expr *x = &b->x->answer.plan->exprs[sum];
    const struct plan *p = b->x->answer.plan;
    const struct tree_snap *t = NULL;
    VEC(struct share) list = {0};
    uint32_t kind = x->over == OVER_KIND    ? x->over_ref
                    : x->over == OVER_TITLE ? p->titles[x->over_ref].kind
                    : x->over == OVER_LIST  ? p->lists[x->over_ref].kind
                                            : NONE;
    uint32_t e = x->a != NONE ? x->a : x->c != NONE ? x->c : x->b;
    if (kind == NONE || cells_tree(b->x->cells, m.snapshot, &t) != RC_OK) {
        return;
    }
    bool outer = b->hides;
    b->hides = outer || seal_figure(b->x->seal, sum, unit, m) != SHOWN;
    uint32_t top = t->index_of[unit];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        bool in = plan_is_a(p, t->kind[i], kind) &&
                  (x->over != OVER_TITLE ||
                   cells_holds(b->x->cells, x->over_ref, t->unit[i], m.snapshot));
        if (!in) {
            continue;
        }
        struct mval v = e == NONE ? (struct mval){0} : ask(b, e, t->unit[i], m);
        b->hides = b->hides || (e != NONE && seal_figure(b->x->seal, e, t->unit[i], m) != SHOWN);
        bool open = v.kind == MV_NUMBER ? !rat_eq(v.lo, v.hi) : v.truth == T_UNKNOWN;
        vec_push(b->a, &list,
                 (struct share){t->unit[i], v.kind == MV_NONE ? rat_zero() : v.lo, open});
    }
    if (list.n > 1) {
        qsort(list.items, list.n, sizeof list.items[0], share_cmp);
    }
    for (uint32_t i = 0; i < list.n && i < EXPLAIN_MEMBERS; i++) {
        struct tree_node *n = parent;
        if (e == NONE) {
            (void)node(b, n, answer_unit_name(b->x->answer.tree, list.items[i].unit, m.snapshot));
            continue;
        }
        expression(b, n, e, list.items[i].unit, m, depth + 1);
        if (x->b != NONE && x->b != e) {
            expression(b, n, x->b, list.items[i].unit, m, depth + 1);
        }
    }
    if (list.n > EXPLAIN_MEMBERS) {
        struct str rest = rat_frac_str(b->a, rat_int(list.n - EXPLAIN_MEMBERS));
        (void)node(b, parent,
                   join(b, pick(b, "另有", "and"), STR(" "),
                        join(b, rest, STR(" "), pick(b, "个机构", "more units"))));
    }
    b->hides = outer;
}

static void expression(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t unit,
                       struct moment m, int depth)
{
    const struct plan *p = b->x->answer.plan;
    const struct expr *x = &p->exprs[e];
    if (depth > DEPTH_MAX || x->op == EX_NUM || x->op == EX_BOOL) {
        return;
    }
    if (x->op == EX_ITEM) {
        item_node(b, parent, e, x->ref, unit, m);
        return;
    }
    if (x->op == EX_ATTR) {
        attr_node(b, parent, e, x->ref, unit, m);
        return;
    }
    struct str text =
        join(b, answer_unit_name(b->x->answer.tree, unit, m.snapshot), STR(" · "), words(b, x));
    struct tree_node *n = node(b, parent, text);
    n->figure = figure(b, e, unit, m);
    if (x->op == EX_AGG) {
        members(b, n, e, unit, m, depth);
        return;
    }
    struct moment then = m;
    if (x->op == EX_INDICATOR) {
        const struct definition *d = definition_in_force(&p->commitments[x->ref], m.year);
        if (d) {
            expression(b, n, d->measure, unit, m, depth + 1);
        }
        return;
    }
    if ((x->op == EX_SHIFT && !moment_shift(m, (int32_t)x->n, &then)) || x->op == EX_RANK ||
        x->op == EX_PARENT) {
        return;
    }
    const uint32_t kids[3] = {x->a, x->b, x->c};
    for (int i = 0; i < 3; i++) {
        if (kids[i] != NONE && x->op != EX_DEGREE) {
            expression(b, n, kids[i], unit, then, depth + 1);
        }
    }
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static void rule_node(struct builder *b, struct tree_node *root, const struct verdict *v)
{
    char day[DATE_TEXT_BYTES];
    struct str due = date_is_sentinel(v->due) ? pick(b, "待事件登记", "when the event is on record")
                                              : str_dup(b->a, date_text(v->due, day));
    struct tree_node *n = node(b, root, join(b, pick(b, "到期日", "due"), STR(" "), due));
    if (v->has_threshold && !v->for_all) {
        n = node(b, root, pick(b, "要求", "required"));
        n->figure = print_figure(&b->printer, v, v->threshold, NULL);
    }
    const struct commitment *k = &b->x->answer.plan->commitments[v->commitment];
    for (uint32_t i = 0; i < k->n_clauses; i++) {
        (void)node(b, root, join(b, pick(b, "条款", "clause"), STR(" "), k->clauses[i]));
    }
    if (k->note.n > 0) {
        (void)node(b, root, join(b, pick(b, "说明", "note"), STR(" "), k->note));
    }
}

static void unit_list(struct builder *b, struct tree_node *root, struct str title,
                      const uint32_t *ids, uint32_t n, const struct verdict *v)
{
    if (n == 0) {
        return;
    }
    struct str count = rat_frac_str(b->a, rat_int(n));
    struct tree_node *list = node(b, root, join(b, title, STR(" "), count));
    for (uint32_t i = 0; i < n; i++) {
        (void)node(b, list, answer_unit_name(b->x->answer.tree, ids[i], v->snapshot));
    }
}

static struct tree_node *drawn_of(struct builder *b, struct tree_node *parent, struct str text,
                                  uint32_t drawn, uint32_t population)
{
    struct tree_node *n = node(b, parent, text);
    n->figure = join(b, rat_frac_str(b->a, rat_int(drawn)), STR(" / "),
                     rat_frac_str(b->a, rat_int(population)));
    return n;
}

/* The ids of a sample, stratum by stratum. */
static void sample_list(struct builder *b, struct tree_node *root, const struct sample *s)
{
    if (!s) {
        return;
    }
    struct str title = pick(b, "抽中 / 总体", "drawn of the population");
    struct tree_node *all = drawn_of(b, root, title, s->n, s->population);
    const struct str *id = s->ids;
    for (uint32_t i = 0; i < s->n_strata; i++) {
        const struct sample_stratum *x = &s->strata[i];
        bool one = s->n_strata == 1 && x->name.n == 0;
        struct tree_node *n = one ? all : drawn_of(b, all, x->name, x->drawn, x->population);
        for (uint32_t k = 0; k < x->drawn; k++) {
            (void)node(b, n, *id++);
        }
    }
}

static void alternatives(struct builder *b, struct tree_node *root, const struct verdict *v)
{
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        const struct alternative *a = &v->alternatives[i];
        struct str name = join(b, pick(b, "另一口径", "other definition"), STR(" "), a->definition);
        const char *state = b->x->answer.chinese ? state_zh(a->state) : state_name(a->state);
        struct tree_node *n = node(b, root, join(b, name, STR(" · "), str_from_cstr(state)));
        struct verdict like = *v;
        like.measure = a->measure;
        like.withheld = a->withheld;
        n->figure = print_measure(&b->printer, &like);
    }
}

/* The measure itself, where a target names an indicator. */
static uint32_t measured(const struct plan *p, uint32_t e, int32_t year)
{
    while (e != NONE && p->exprs[e].op == EX_INDICATOR) {
        const struct definition *d = definition_in_force(&p->commitments[p->exprs[e].ref], year);
        e = d ? d->measure : NONE;
    }
    return e;
}

/* Where the base or the labels of a share changed since the first year of the plan (C43). */
static void base_change(struct builder *b, struct tree_node *root, uint32_t e, uint32_t unit,
                        struct moment m)
{
    const struct plan *p = b->x->answer.plan;
    struct base_change c;
    struct moment first;
    e = measured(p, e, m.year);
    if (e == NONE || m.sub || m.year <= p->first_year ||
        !moment_shift(m, m.year - p->first_year, &first) ||
        seal_figure(b->x->seal, e, unit, m) != SHOWN ||
        seal_figure(b->x->seal, e, unit, first) != SHOWN ||
        !explain_base(b->a, b->x->cells, b->x->ev, e, unit, m, first, &c)) {
        return;
    }
    struct str year = rat_frac_str(b->a, rat_int(p->first_year));
    struct tree_node *n =
        node(b, root,
             join(b, pick(b, "基数或标签有变化，相比年度", "the base or labels changed since"),
                  STR(" "), year));
    const struct {
        const char *zh, *en;
        struct rat x;
        bool shown;
    } lines[] = {
        {"当时", "then", c.before, true},
        {"撤并与新设的影响（百分点）", "by closures and foundings (points)", c.closure, true},
        {"改列的影响（百分点）", "by relabelling (points)", c.label, true},
        {"实际变化（百分点）", "real change (points)", c.real, true},
        {"现在（据此判定）", "now (decides)", c.now, true},
        {"按当时机构口径", "over the units of then", c.fixed, c.has_fixed}};
    for (uint32_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].shown) {
            struct rat percent = rat_mul(b->a, lines[i].x, rat_int(100));
            struct tree_node *k = node(b, n, pick(b, lines[i].zh, lines[i].en));
            k->figure = str_cat(b->a, print_decimal(b->a, percent, NULL, 1), STR("%"));
        }
    }
}

static struct tree_node *verdict_tree(struct builder *b, const struct verdict *v)
{
    const struct answer *x = &b->x->answer;
    const struct commitment *k = &x->plan->commitments[v->commitment];
    struct str title = join(b, k->id, STR(" "), k->name);
    if (v->part.n > 0) {
        title = join(b, title, STR(" / "), v->part);
    }
    title = join(b, title, STR(" · "), answer_unit_name(x->tree, v->unit, v->snapshot));
    title = join(b, title, STR(" · "), rat_frac_str(b->a, rat_int(v->year)));
    const char *state = x->chinese ? state_zh(v->state) : state_name(v->state);
    struct tree_node *root = node(b, NULL, join(b, title, STR(" · "), str_from_cstr(state)));
    root->figure = print_measure(&b->printer, v);
    rule_node(b, root, v);
    unit_list(b, root, pick(b, "未达成的机构", "units that miss it"), v->counter, v->n_counter, v);
    unit_list(b, root, pick(b, "未定的机构", "undecided units"), v->undecided, v->n_undecided, v);
    sample_list(b, root, v->sample);
    alternatives(b, root, v);
    uint32_t e = v->clause ? print_measure_of(x->plan, v) : k->condition;
    if (!v->for_all && e != NONE && v->row == NONE && v->at) {
        base_change(b, root, e, v->unit, *v->at);
        expression(b, root, e, v->unit, *v->at, 0);
    }
    return root;
}

/* ---- printing ------------------------------------------------------------------------------- */

static void print_text(const struct tree_node *n, struct buf *out, uint32_t depth)
{
    buf_fill(out, ' ', 2 * depth);
    buf_str(out, n->text);
    if (n->figure.n > 0) {
        buf_puts(out, ": ");
        buf_str(out, n->figure);
    }
    if (n->source.n > 0) {
        buf_puts(out, "  [");
        buf_str(out, n->source);
        buf_puts(out, "]");
    }
    buf_putc(out, '\n');
    for (uint32_t i = 0; i < n->kids.n; i++) {
        print_text(n->kids.items[i], out, depth + 1);
    }
}

static void print_json(const struct tree_node *n, struct json *j)
{
    json_obj_begin(j);
    json_kv_str(j, "text", n->text);
    json_kv_str(j, "figure", n->figure);
    json_kv_str(j, "source", n->source);
    json_kv_bool(j, "missing", n->missing);
    json_key(j, "parts");
    json_arr_begin(j);
    for (uint32_t i = 0; i < n->kids.n; i++) {
        print_json(n->kids.items[i], j);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static struct builder begin(const struct explain *x)
{
    struct builder b = {.x = x, .a = x->answer.a};
    printer_init(&b.printer, b.a, x->answer.plan, x->answer.chinese);
    return b;
}

enum rc explain_text(const struct explain *x, struct buf *out)
{
    struct builder b = begin(x);
    for (uint32_t i = 0; i < x->answer.verdicts.rows.n; i++) {
        print_text(verdict_tree(&b, &x->answer.verdicts.rows.items[i]), out, 0);
    }
    return b.failed ? RC_LIMIT : RC_OK;
}

enum rc explain_json(const struct explain *x, struct buf *out)
{
    struct builder b = begin(x);
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->answer.verdicts.rows.n; i++) {
        print_json(verdict_tree(&b, &x->answer.verdicts.rows.items[i]), &j);
    }
    json_arr_end(&j);
    json_end(&j);
    return b.failed ? RC_LIMIT : RC_OK;
}
