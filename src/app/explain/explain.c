/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a verdict: what was required, who misses it, then its measure down to the facts. */
#include "app/explain/explain.h"

#include "app/explain/base.h"
#include "app/explain/explain_int.h"
#include "app/run.h"
#include "app/table.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/mark.h"

/* ---- verdicts ------------------------------------------------------------------------------- */

static void rule_node(struct builder *b, struct tree_node *root, const struct verdict *v)
{
    char day[DATE_TEXT_BYTES];
    struct str due = date_is_sentinel(v->due)
                         ? why_pick(b, "待事件登记", "when the event is on record")
                         : str_dup(b->a, date_text(v->due, day));
    struct tree_node *n =
        why_node(b, root, why_join(b, why_pick(b, "到期日", "due"), STR(" "), due));
    if (v->has_threshold && !v->for_all) {
        n = why_node(b, root, why_pick(b, "要求", "required"));
        n->figure = print_required(&b->printer, v);
    }
    const struct commitment *k = &b->x->answer.plan->commitments[v->commitment];
    for (uint32_t i = 0; i < k->n_basis; i++) {
        struct str ref = clause_ref_text(b->a, k->basis[i], b->x->answer.chinese);
        (void)why_node(b, root, why_join(b, why_pick(b, "条款", "clause"), STR(" "), ref));
    }
    if (k->owner.n > 0) {
        (void)why_node(b, root, why_join(b, why_pick(b, "责任", "owner"), STR(" "), k->owner));
    }
    if (k->n_with > 0) {
        struct str with = co_owners_text(b->a, k);
        (void)why_node(b, root, why_join(b, why_pick(b, "协办", "co-owners"), STR(" "), with));
    }
    if (k->note.n > 0) {
        (void)why_node(
            b, root, why_join(b, why_pick(b, "说明", "note"), STR(" "), mark_words(b->a, k->note)));
    }
}

/* "so far, in 330 days" with what it comes to every NEED_DAYS. */
static void rate_node(struct builder *b, struct tree_node *parent, const char *zh, const char *en,
                      int32_t days, struct str figure)
{
    struct str n = rat_frac_str(b->a, rat_int(days));
    struct str text = why_join(b, why_pick(b, zh, en), STR(" "), n);
    struct str month = rat_frac_str(b->a, rat_int(NEED_DAYS));
    text = why_join(b, text, why_pick(b, " 天，平均每 ", " days, every "), month);
    text = why_join(b, text, STR(" "), why_pick(b, "天", "days"));
    why_node(b, parent, text)->figure = figure;
}

/* What the light of a pending row compares (C42). */
static void run_node(struct builder *b, struct tree_node *root, const struct verdict *v)
{
    struct run r;
    bool there = false;
    char day[DATE_TEXT_BYTES];
    if (v->withheld != SHOWN || run_of(b->a, b->pacer, v, &r, &there) != RC_OK || !there ||
        (r.pace.read != NONE && why_withheld(b, r.pace.read, v->unit, r.pace.at) != SHOWN)) {
        return;
    }
    struct str light = b->x->answer.chinese
                           ? str_cat(b->a, str_from_cstr(light_zh(v->light)), STR("灯"))
                           : str_from_cstr(light_name(v->light));
    struct tree_node *n =
        why_node(b, root, why_join(b, why_pick(b, "进度", "run rate"), STR(" · "), light));
    struct str since = str_dup(b->a, date_text(r.pace.since, day));
    why_node(b, n, why_join(b, why_pick(b, "基准", "baseline"), STR(" "), since))->figure =
        run_base(&b->printer, v, &r);
    struct str observed = STR("");
    struct str required = STR("");
    run_print(&b->printer, v, &r, &observed, &required);
    rate_node(b, n, "已过", "so far, in", r.pace.gone, observed);
    rate_node(b, n, "所需，还剩", "needed, in", r.pace.left, required);
}

static void unit_list(struct builder *b, struct tree_node *root, struct str title,
                      const uint32_t *ids, uint32_t n, const struct verdict *v)
{
    if (n == 0) {
        return;
    }
    struct str count = rat_frac_str(b->a, rat_int(n));
    struct tree_node *list = why_node(b, root, why_join(b, title, STR(" "), count));
    for (uint32_t i = 0; i < n; i++) {
        (void)why_node(b, list, answer_unit_name(b->x->answer.tree, ids[i], v->snapshot));
    }
}

static struct tree_node *drawn_of(struct builder *b, struct tree_node *parent, struct str text,
                                  uint32_t drawn, uint32_t population)
{
    struct tree_node *n = why_node(b, parent, text);
    n->figure = why_join(b, rat_frac_str(b->a, rat_int(drawn)), STR(" / "),
                         rat_frac_str(b->a, rat_int(population)));
    return n;
}

/* The ids of a sample, stratum by stratum. */
static void sample_list(struct builder *b, struct tree_node *root, const struct sample *s)
{
    if (!s) {
        return;
    }
    struct str title = why_pick(b, "抽中 / 总体", "drawn of the population");
    struct tree_node *all = drawn_of(b, root, title, s->n, s->population);
    const struct str *id = s->ids;
    for (uint32_t i = 0; i < s->n_strata; i++) {
        const struct sample_stratum *x = &s->strata[i];
        bool one = s->n_strata == 1 && x->name.n == 0;
        struct tree_node *n = one ? all : drawn_of(b, all, x->name, x->drawn, x->population);
        for (uint32_t k = 0; k < x->drawn; k++) {
            (void)why_node(b, n, *id++);
        }
    }
}

static void alternatives(struct builder *b, struct tree_node *root, const struct verdict *v)
{
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        const struct alternative *a = &v->alternatives[i];
        struct str name =
            why_join(b, why_pick(b, "另一口径", "other definition"), STR(" "), a->definition);
        const char *state = b->x->answer.chinese ? state_zh(a->state) : state_name(a->state);
        struct tree_node *n =
            why_node(b, root, why_join(b, name, STR(" · "), str_from_cstr(state)));
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
        !moment_shift(m, m.year - p->first_year, &first) || why_withheld(b, e, unit, m) != SHOWN ||
        why_withheld(b, e, unit, first) != SHOWN ||
        !explain_base(b->a, b->x->cells, b->x->ev, e, unit, m, first, &c)) {
        return;
    }
    struct str year = rat_frac_str(b->a, rat_int(p->first_year));
    struct tree_node *n = why_node(
        b, root,
        why_join(b, why_pick(b, "基数或标签有变化，相比年度", "the base or labels changed since"),
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
            struct tree_node *k = why_node(b, n, why_pick(b, lines[i].zh, lines[i].en));
            k->figure = str_cat(b->a, print_decimal(b->a, percent, NULL, 1), STR("%"));
        }
    }
}

static struct tree_node *verdict_tree(struct builder *b, const struct verdict *v)
{
    const struct answer *x = &b->x->answer;
    const struct commitment *k = &x->plan->commitments[v->commitment];
    struct str name = !x->chinese && k->english.n > 0 ? k->english : k->name;
    struct str title = why_join(b, k->id, STR(" "), name);
    if (v->part.n > 0) {
        title = why_join(b, title, STR(" / "), v->part);
    }
    title = why_join(b, title, STR(" · "), answer_unit_name(x->tree, v->unit, v->snapshot));
    title = why_join(b, title, STR(" · "), rat_frac_str(b->a, rat_int(v->year)));
    const char *state = x->chinese ? state_zh(v->state) : state_name(v->state);
    struct tree_node *root =
        why_node(b, NULL, why_join(b, title, STR(" · "), str_from_cstr(state)));
    root->figure = print_measure(&b->printer, v);
    rule_node(b, root, v);
    run_node(b, root, v);
    unit_list(b, root, why_pick(b, "未达成的机构", "units that miss it"), v->counter, v->n_counter,
              v);
    unit_list(b, root, why_pick(b, "未定的机构", "undecided units"), v->undecided, v->n_undecided,
              v);
    sample_list(b, root, v->sample);
    why_evidence(b, root, v);
    if (v->row != NONE) {
        why_row(b, root, v->row);
    }
    alternatives(b, root, v);
    uint32_t e = v->clause ? print_measure_of(x->plan, v) : k->condition;
    if (!v->for_all && e != NONE && v->row == NONE && v->at) {
        base_change(b, root, e, v->unit, *v->at);
        why_expression(b, root, e, v->unit, *v->at, 0);
    }
    return root;
}

/* ---- printing ------------------------------------------------------------------------------- */

static void print_text(struct builder *b, const struct tree_node *n, uint32_t depth,
                       struct buf *out)
{
    struct str text = n->text;
    uint32_t width = b->x->answer.width;
    if (n->figure.n > 0) {
        text = why_join(b, text, why_pick(b, "：", ": "), n->figure);
    }
    if (n->source.n > 0) {
        text = why_join(b, text, STR("  ["), str_cat(b->a, n->source, STR("]")));
    }
    text_print(text, 2 * depth, width, out);
    for (uint32_t i = 0; i < n->kids.n; i++) {
        print_text(b, n->kids.items[i], depth + 1, out);
    }
}

static void print_json(const struct tree_node *n, struct json *j)
{
    json_obj_begin(j);
    json_kv_str(j, "text", n->text);
    json_kv_str(j, "figure", n->figure);
    json_kv_str(j, "source", n->source);
    json_kv_bool(j, "missing", n->missing);
    if (n->item.n > 0) {
        json_kv_str(j, "unit", n->unit);
        json_kv_str(j, "item", n->item);
    }
    if (n->round.n > 0) {
        json_kv_str(j, "round", n->round);
    }
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
    b.pacer = judge_pacer(b.a, x->cells, x->ev);
    return b;
}

enum rc explain_text(const struct explain *x, struct buf *out)
{
    struct builder b = begin(x);
    for (uint32_t i = 0; i < x->answer.verdicts.rows.n; i++) {
        struct verdict v = verdicts_at(&x->answer.verdicts, i);
        print_text(&b, verdict_tree(&b, &v), 0, out);
    }
    return b.failed ? RC_LIMIT : RC_OK;
}

enum rc explain_one(const struct explain *x, const struct verdict *v, struct json *j)
{
    struct builder b = begin(x);
    print_json(verdict_tree(&b, v), j);
    return b.failed ? RC_LIMIT : RC_OK;
}

enum rc explain_json(const struct explain *x, struct buf *out)
{
    struct builder b = begin(x);
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->answer.verdicts.rows.n; i++) {
        struct verdict v = verdicts_at(&x->answer.verdicts, i);
        print_json(verdict_tree(&b, &v), &j);
    }
    json_arr_end(&j);
    json_end(&j);
    return b.failed ? RC_LIMIT : RC_OK;
}
