/* SPDX-License-Identifier: Apache-2.0 */
/* The plan goes through the compiler, the figures into the columns of the engine. */
#include "bench/subject.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "model/figures.h"

/* ---- the plan and the tree ------------------------------------------------------------------ */

static struct str replaced(struct arena *a, struct str text, uint32_t at, uint32_t n, struct str by)
{
    struct str tail = str_sub(text, at + n, text.n);
    return str_cat(a, str_cat(a, str_sub(text, 0, at), by), tail);
}

/* The plan with what is other in it. */
static struct str plan_text(const struct subject *t)
{
    struct str text = workload_plan(t->a, t->w);
    uint32_t at = 0;
    if (t->change == CHANGE_PLAN) {
        return str_cat(t->a, text, STR("\n目标 X1 { 于 2025年 计数(学校) 至少 1所 }\n"));
    }
    if (t->change == CHANGE_TARGET) {
        at = str_find(text, STR("%"), str_find(text, STR("目标 T2 "), 0)) - 1;
        return replaced(t->a, text, at, 1, text.p[at] == '1' ? STR("2") : STR("1"));
    }
    if (t->change == CHANGE_DEFINITION) {
        at = str_find(text, STR("\n"), str_find(text, STR("数据 i6 "), 0));
        return replaced(t->a, text, at, 0, STR(" 范围 0 至 90000"));
    }
    return text;
}

static enum rc compile(struct subject *t, struct err *e)
{
    struct diags ds;
    struct lang l;
    struct buf b;
    diags_init(&ds, t->a, NULL);
    enum rc rc = lang_load_text(t->a, STR("bench.plan"), plan_text(t), &ds, &l, e);
    if (rc == RC_OK) {
        t->plan = l.plan;
        return RC_OK;
    }
    buf_init(&b, 1 << 16);
    diags_render_text(&ds, DIAG_EN, false, &b);
    rc = err_set(e, rc, "the plan was refused: %.*s", "计划未通过：%.*s", PS(buf_view(&b)));
    buf_release(&b);
    return rc;
}

static struct str code(struct arena *a, const char *form, uint32_t n)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    buf_printf(&b, "%s%07u", form, n);
    return buf_view(&b);
}

static uint32_t kind_named(const struct plan *p, struct str name)
{
    uint32_t k = 0;
    while (k < p->n_kinds && !str_eq(p->kinds[k].name, name)) {
        k++;
    }
    ASSERT(k < p->n_kinds);
    return k;
}

/* The units between a county and its schools, one below the other; the code of the last. */
static struct str put_chain(struct subject *t, struct tree_version *v, uint32_t county)
{
    const struct workload *w = t->w;
    struct str parent = code(t->a, "C", county);
    for (uint32_t d = 0; d < w->shape.depth; d++) {
        uint32_t at = county * w->shape.depth + d;
        struct buf b;
        buf_init_in(&b, t->a, 64);
        buf_printf(&b, "层%u", d);
        v[at] = (struct tree_version){.code = code(t->a, "E", at),
                                      .parent = parent,
                                      .kind = kind_named(t->plan, buf_view(&b))};
        parent = v[at].code;
    }
    return parent;
}

/* The last school from the summer of the last year on; returns how many rows it takes more. */
static uint32_t put_change(const struct subject *t, struct tree_version *v, uint32_t last,
                           uint32_t end, struct tree_lineage *merged)
{
    struct date day;
    enum change c = t->change;
    ASSERT(date_make(FIRST_YEAR + YEARS - 1, 9, 1, &day));
    *merged = (struct tree_lineage){.date = day, .from = v[last].code, .to = v[last - 1].code};
    if (c == CHANGE_MOVE || c == CHANGE_FOUND) {
        v[end] = v[last];
        v[end].from = day;
    }
    if (c == CHANGE_MOVE) {
        v[end].parent = v[t->w->n_areas].parent; /* of the first school */
    }
    if (c == CHANGE_FOUND) {
        v[end].code = code(t->a, "D", t->w->shape.schools);
        v[end].name = v[end].code;
    }
    if (c == CHANGE_MOVE || c == CHANGE_MERGE || c == CHANGE_CLOSE) {
        v[last].to = date_add_days(day, -1);
    }
    return c == CHANGE_MOVE || c == CHANGE_FOUND;
}

/* Codes sort by level and number (W3): unit ids are node numbers. */
static enum rc build_tree(struct subject *t, struct err *e)
{
    const struct workload *w = t->w;
    uint32_t n = w->n_areas + w->shape.schools + w->shape.depth * w->shape.counties;
    struct tree_version *v = ARENA_ARRAY(t->a, struct tree_version, (size_t)n + 1);
    uint32_t k = 0;
    uint32_t kinds[] = {kind_named(t->plan, STR("自治区")), kind_named(t->plan, STR("盟市")),
                        kind_named(t->plan, STR("旗县")), kind_named(t->plan, STR("学校"))};
    v[k++] = (struct tree_version){.code = code(t->a, "A", 0), .kind = kinds[0]};
    for (uint32_t i = 0; i < w->shape.cities; i++) {
        v[k++] = (struct tree_version){
            .code = code(t->a, "B", i), .parent = v[0].code, .kind = kinds[1]};
    }
    for (uint32_t i = 0; i < w->shape.counties; i++) {
        v[k++] = (struct tree_version){.code = code(t->a, "C", i),
                                       .parent = v[node_of_city(w->city_of[i])].code,
                                       .kind = kinds[2]};
    }
    for (uint32_t c = 0; c < w->shape.counties; c++) {
        struct str parent = put_chain(t, v + w->n_areas + w->shape.schools, c);
        parent = w->shape.depth > 0 ? parent : v[node_of_county(w, c)].code;
        for (uint32_t s = w->school_of[c]; s < w->school_of[c + 1]; s++) {
            v[k++] = (struct tree_version){
                .code = code(t->a, "D", s), .parent = parent, .kind = kinds[3]};
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        v[i].name = v[i].code;
        v[i].from = DATE_MIN;
        v[i].to = DATE_MAX;
    }
    struct tree_sink sink = {0};
    struct tree_lineage merged;
    uint32_t last = w->n_areas + w->shape.schools - 1;
    n += put_change(t, v, last, n, &merged);
    return tree_build(t->a, v, n, &merged, t->change == CHANGE_MERGE, sink, &t->data.tree, e);
}

/* ---- the facts ------------------------------------------------------------------------------ */

static struct attr_value attribute(uint32_t unit, uint32_t attribute, bool x)
{
    return (struct attr_value){.unit = unit,
                               .attribute = attribute,
                               .value = {.has = true, .num = rat_int(x), .text = STR("")},
                               .since = DATE_MIN,
                               .until = DATE_MAX,
                               .from = {.recorded = DATE_MIN}};
}

/* In the order of the plan: 边境, then 公办 and 乡村. */
static void put_attributes(struct subject *t)
{
    const struct workload *w = t->w;
    uint32_t n = 0;
    struct attr_value *v =
        ARENA_ARRAY(t->a, struct attr_value, (size_t)w->shape.counties + 2 * w->shape.schools);
    for (uint32_t i = 0; i < w->shape.counties; i++) {
        v[n++] = attribute(node_of_county(w, i), 0, county_on_border(w, i));
    }
    for (uint32_t i = 0; i < w->shape.schools; i++) {
        v[n++] = attribute(w->n_areas + i, 1, school_is_public(w, i));
        v[n++] = attribute(w->n_areas + i, 2, school_is_rural(w, i));
    }
    t->data.attrs = v;
    t->data.n_attrs = n;
}

/* One column: the only place that knows how the engine keeps figures. */
static void fill_column(struct subject *t, struct figures *f, uint32_t item, uint32_t year)
{
    const struct workload *w = t->w;
    struct period p;
    ASSERT(period_make(PERIOD_YEAR, FIRST_YEAR + (int32_t)year, 1, &p));
    struct figure_column *c = figures_column(f, item, p, false);
    const struct figure_slots *s = figures_slots(f, item);
    /* Money is kept in 元, by the plan; here it is counted in hundredths of 万元. */
    int64_t factor = (w->items[item].class == ITEM_MONEY ? 100 : 1) * c->den;
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t school = s->unit[i] - w->n_areas;
        int32_t x = school < w->shape.schools ? figure_at(w, school, item, year) : SILENT;
        if (x != SILENT) {
            c->x[i] = x * factor;
            figure_set(c->known, i, true);
        }
    }
}

static enum rc load(struct subject *t, struct err *e)
{
    struct figures *f = ARENA_NEW(t->a, struct figures);
    ASSERT(date_make(FIRST_YEAR + YEARS, 3, 1, &t->as_of));
    put_attributes(t);
    TRY(figures_make(t->a, t->plan, t->data.tree, f, e));
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < t->w->n_items; i++) {
            fill_column(t, f, i, y);
        }
    }
    t->data.figures = f;
    return RC_OK;
}

enum rc subject_make(struct arena *a, const struct workload *w, enum change change,
                     struct subject *out, struct err *e)
{
    *out = (struct subject){.a = a, .w = w, .change = change};
    TRY(compile(out, e));
    TRY(build_tree(out, e));
    return load(out, e);
}
