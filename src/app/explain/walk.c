/* SPDX-License-Identifier: Apache-2.0 */
/* From an expression at a unit down to the facts it reads. */
#include <stdlib.h>

#include "app/explain/explain_int.h"
#include "app/explain/said.h"

struct tree_node *why_node(struct builder *b, struct tree_node *parent, struct str text)
{
    struct tree_node *n = ARENA_NEW(b->a, struct tree_node);
    n->text = text;
    if (parent) {
        vec_push(b->a, &parent->kids, n);
    }
    return n;
}

struct str why_join(struct builder *b, struct str x, struct str sep, struct str y)
{
    return str_cat(b->a, str_cat(b->a, x, sep), y);
}

struct str why_pick(const struct builder *b, const char *zh, const char *en)
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

enum withheld why_withheld(struct builder *b, uint32_t e, uint32_t unit, struct moment m)
{
    if (!b->x->strict) {
        return seal_figure(b->x->seal, e, unit, m);
    }
    bool sealed =
        seal_reads_records(b->x->answer.plan, e) || (ask(b, e, unit, m).flags & MF_SEALED) != 0;
    return sealed ? WITHHELD_OTHER : SHOWN;
}

bool why_may(const struct builder *b, uint32_t unit, enum data_class class_)
{
    const struct explain_book *k = b->x->book;
    struct str code = b->x->answer.tree->units[unit].code;
    return k == NULL || k->may(k->ctx, "fact.read", code, class_);
}

struct str why_denied(const struct builder *b)
{
    return why_pick(b, "无权查看", "not for you to see");
}

/* A fact of the unit, or what follows from several. Attributes are part of the roll. */
static bool may_see(const struct builder *b, uint32_t e, uint32_t unit)
{
    const struct plan *p = b->x->answer.plan;
    const struct explain_book *k = b->x->book;
    const struct expr *x = &p->exprs[e];
    if (k == NULL || x->op == EX_ATTR) {
        return true;
    }
    return x->op == EX_ITEM ? why_may(b, unit, p->items[x->ref].d.class_)
                            : k->may(k->ctx, "verdict.read", b->x->answer.tree->units[unit].code,
                                     CLASS_INTERNAL);
}

static struct str figure(struct builder *b, uint32_t e, uint32_t unit, struct moment m)
{
    if (!may_see(b, e, unit)) {
        return why_denied(b);
    }
    struct mval measure = ask(b, e, unit, m);
    enum withheld w = why_withheld(b, e, unit, m);
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

void why_source(struct builder *b, struct tree_node *n, const struct provenance *p)
{
    char day[DATE_TEXT_BYTES];
    struct str out = p->source;
    if (p->grade != 0) {
        struct str grade = str_make(&p->grade, 1);
        out = why_join(b, out, out.n > 0 ? STR(" ") : STR(""),
                       str_cat(b->a, why_pick(b, "等级", "grade "), str_dup(b->a, grade)));
    }
    if (date_cmp(p->recorded, DATE_MIN) != 0) {
        out = why_join(b, out, why_pick(b, " 记录于", ", recorded "),
                       str_dup(b->a, date_text(p->recorded, day)));
    }
    const struct explain_book *k = b->x->book;
    struct str place = cells_dataset(b->x->cells)->files[p->file];
    place = k != NULL ? k->origin(k->origins, p->line)
                      : why_join(b, place, STR(":"), rat_frac_str(b->a, rat_int(p->line)));
    n->source = out.n > 0 ? why_join(b, out, STR(" · "), place) : place;
}

static bool source_of(struct builder *b, const struct cell *c, uint32_t item, uint32_t unit,
                      struct period period, struct provenance *out)
{
    const struct explain_book *k = b->x->book;
    if (k != NULL && k->said != NULL) {
        return said_by(k->said, item, unit, period, out);
    }
    *out =
        c->fact != NONE ? cells_dataset(b->x->cells)->facts[c->fact].from : (struct provenance){0};
    return c->fact != NONE;
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
    struct str name = why_join(b, answer_unit_name(b->x->answer.tree, unit, day), STR(" · "),
                               p->items[item].d.name);
    name = why_join(b, name, STR(" "), str_dup(b->a, period_text(period, text)));
    struct tree_node *n = why_node(b, parent, name);
    struct cell cell = cells_item(b->a, b->x->cells, item, unit, period);
    n->figure = figure(b, e, unit, m);
    n->missing = !cell.known;
    n->unit = b->x->answer.tree->units[unit].code;
    n->item = why_join(b, p->kinds[p->items[item].kind].name, STR("."), p->items[item].d.name);
    struct provenance from;
    if (cell.known && may_see(b, e, unit) && source_of(b, &cell, item, unit, period, &from)) {
        const struct explain_book *k = b->x->book;
        why_source(b, n, &from);
        n->round = k != NULL && k->reported(k->origins, from.line) ? from.source : STR("");
    } else if (cell.known) {
        n->source = STR("");
    } else {
        n->source = why_pick(b, "缺：尚未报送", "missing: not reported");
    }
}

static void attr_node(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t attribute,
                      uint32_t unit, struct moment m)
{
    const struct plan *p = b->x->answer.plan;
    struct str name = why_join(b, answer_unit_name(b->x->answer.tree, unit, m.snapshot), STR(" · "),
                               p->attributes[attribute].d.name);
    struct tree_node *n = why_node(b, parent, name);
    struct cell cell = cells_attr(b->x->cells, attribute, unit, m.snapshot);
    n->figure = figure(b, e, unit, m);
    n->missing = !cell.known;
    if (cell.known) {
        why_source(b, n, &cells_dataset(b->x->cells)->attrs[cell.fact].from);
    } else {
        n->source = why_pick(b, "缺：没有登记", "missing: not on record");
    }
}

/* ---- expressions ---------------------------------------------------------------------------- */

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
        return why_join(b, why_pick(b, aggs[x->agg][0], aggs[x->agg][1]), STR(" "), over);
    }
    struct str op = ops[x->op][0] ? why_pick(b, ops[x->op][0], ops[x->op][1]) : STR("");
    if (x->op == EX_TITLE) {
        return why_join(b, op, STR(" "), p->titles[x->ref].name);
    }
    if (x->op == EX_INDICATOR) {
        return why_join(b, op, STR(" "), p->commitments[x->ref].name);
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
    b->hides = outer || why_withheld(b, sum, unit, m) != SHOWN;
    uint32_t top = t->index_of[unit];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        bool in = plan_is_a(p, t->kind[i], kind) &&
                  (x->over != OVER_TITLE ||
                   cells_holds(b->x->cells, x->over_ref, t->unit[i], m.snapshot));
        if (!in) {
            continue;
        }
        struct mval v = e == NONE ? (struct mval){0} : ask(b, e, t->unit[i], m);
        b->hides = b->hides || (e != NONE && why_withheld(b, e, t->unit[i], m) != SHOWN);
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
            (void)why_node(b, n,
                           answer_unit_name(b->x->answer.tree, list.items[i].unit, m.snapshot));
            continue;
        }
        why_expression(b, n, e, list.items[i].unit, m, depth + 1);
        if (x->b != NONE && x->b != e) {
            why_expression(b, n, x->b, list.items[i].unit, m, depth + 1);
        }
    }
    if (list.n > EXPLAIN_MEMBERS) {
        struct str rest = rat_frac_str(b->a, rat_int(list.n - EXPLAIN_MEMBERS));
        (void)why_node(b, parent,
                       why_join(b, why_pick(b, "另有", "and"), STR(" "),
                                why_join(b, rest, STR(" "), why_pick(b, "个机构", "more units"))));
    }
    b->hides = outer;
}

void why_expression(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t unit,
                    struct moment m, int depth)
{
    const struct plan *p = b->x->answer.plan;
    const struct expr *x = &p->exprs[e];
    if (depth > EXPLAIN_DEPTH_MAX || x->op == EX_NUM || x->op == EX_BOOL) {
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
        why_join(b, answer_unit_name(b->x->answer.tree, unit, m.snapshot), STR(" · "), words(b, x));
    struct tree_node *n = why_node(b, parent, text);
    n->figure = figure(b, e, unit, m);
    if (x->op == EX_AGG) {
        why_unfiled(b, n, x, unit, m);
        why_rows(b, n, x, unit, m);
        members(b, n, e, unit, m, depth);
        return;
    }
    if (x->op == EX_TITLE) {
        why_title(b, n, x->ref, unit, m.snapshot);
        return;
    }
    struct moment then = m;
    if (x->op == EX_INDICATOR) {
        const struct definition *d = definition_in_force(&p->commitments[x->ref], m.year);
        if (d) {
            why_expression(b, n, d->measure, unit, m, depth + 1);
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
            why_expression(b, n, kids[i], unit, then, depth + 1);
        }
    }
}
