/* SPDX-License-Identifier: Apache-2.0 */
/* Facts and attributes: which item is meant, versions, and facts that disagree (D2). */
#include <stdlib.h>

#include "app/load/load_int.h"
#include "base/arena.h"

/* The item of that name which the unit reports; NONE after reporting. */
static uint32_t find_item(struct row *r, uint32_t unit)
{
    struct loader *l = r->l;
    struct str text = row_text(r, COL_facts_item);
    struct str name = text;
    uint32_t kind = NONE;
    uint32_t found = NONE;
    uint32_t n = 0;
    uint32_t ix = NONE;
    uint32_t dot = str_find(text, STR("."), 0);
    if (dot != STR_NONE && map_get(&l->kinds, str_sub(text, 0, dot), &kind)) {
        name = str_sub(text, dot + 1, text.n);
    }
    if (!map_get(&l->items.first, name, &ix)) {
        ix = NONE;
    }
    for (; ix != NONE; ix = l->items.next[ix]) {
        uint32_t of = l->plan->items[ix].kind;
        if (load_unit_is(l, unit, of) && (kind == NONE || plan_is_a(l->plan, kind, of))) {
            found = ix;
            n++;
        }
    }
    if (n != 1) {
        row_problem(r, row_field(r, COL_facts_item), n == 0 ? LOAD_UNKNOWN_ITEM : LOAD_MANY_ITEMS,
                    text, l->tree->versions[l->tree->units[unit].first].name);
        return NONE;
    }
    return found;
}

static void mark(struct row *r, struct fact *f)
{
    struct str text = row_text(r, COL_facts_mark);
    f->provisional = str_eq(text, STR("provisional")) || str_eq(text, STR("初步"));
    f->disputed = str_eq(text, STR("disputed")) || str_eq(text, STR("争议"));
    if (text.n > 0 && !f->provisional && !f->disputed) {
        row_problem(r, row_field(r, COL_facts_mark), LOAD_BAD_MARK, text, STR(""));
    }
}

static void fact_row(struct row *r)
{
    struct loader *l = r->l;
    struct fact f = {.unit = row_unit(r, COL_facts_unit)};
    f.item = f.unit == NONE ? NONE : find_item(r, f.unit);
    f.period = row_period(r, COL_facts_period);
    f.status = row_status(r, COL_facts_status);
    f.definition = row_text(r, COL_facts_definition);
    f.point = row_text(r, COL_facts_point);
    f.from = row_from(r, COL_facts_recorded, COL_facts_source, COL_facts_grade);
    mark(r, &f);
    if (f.item != NONE) {
        const struct item *item = &l->plan->items[f.item];
        f.value = row_value(r, row_field(r, COL_facts_value), &item->d);
        if (!r->bad && f.period.kind != item->period) {
            row_problem(r, row_field(r, COL_facts_period), LOAD_PERIOD_KIND,
                        row_text(r, COL_facts_period), item->d.name);
        }
    }
    if (!r->bad) {
        vec_push(l->a, &l->facts, f);
    }
}

void load_facts(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        fact_row(&r);
    }
}

static int number_cmp(int64_t x, int64_t y)
{
    return x < y ? -1 : x > y;
}

/* D2, then status so that only rows of one status are compared, then place. */
static int key_cmp(const struct fact *x, const struct fact *y)
{
    int c = number_cmp(x->item, y->item);
    c = c ? c : number_cmp(x->unit, y->unit);
    c = c ? c : period_cmp(x->period, y->period);
    c = c ? c : date_cmp(x->from.recorded, y->from.recorded);
    return c ? c : number_cmp(x->status, y->status);
}

static int fact_cmp(const void *p, const void *q)
{
    const struct fact *x = p;
    const struct fact *y = q;
    int c = key_cmp(x, y);
    c = c ? c : number_cmp(x->from.file, y->from.file);
    return c ? c : number_cmp(x->from.line, y->from.line);
}

static bool agree(const struct fact *x, const struct fact *y)
{
    return x->value.has == y->value.has && (!x->value.has || rat_eq(x->value.num, y->value.num)) &&
           str_eq(x->value.text, y->value.text) && str_eq(x->definition, y->definition);
}

static void disagree(struct loader *l, const struct fact *x, const struct fact *y)
{
    struct arena *a = l->a;
    struct str what = l->tree->versions[l->tree->units[y->unit].first].name;
    what = str_cat(a, str_cat(a, what, STR(" ")), l->plan->items[y->item].d.name);
    struct str where = str_cat(a, l->files[x->from.file], STR(":"));
    where = str_cat(a, where, rat_frac_str(a, rat_int(x->from.line)));
    load_problem(l, y->from.file, y->from.line, 1, LOAD_DISAGREE, what, where);
}

void load_facts_finish(struct loader *l)
{
    uint32_t n = 0;
    if (l->facts.n > 1) {
        qsort(l->facts.items, l->facts.n, sizeof l->facts.items[0], fact_cmp);
    }
    for (uint32_t i = 0; i < l->facts.n; i++) {
        struct fact *f = &l->facts.items[i];
        bool same = n > 0 && key_cmp(&l->facts.items[n - 1], f) == 0;
        if (same && !agree(&l->facts.items[n - 1], f)) {
            disagree(l, &l->facts.items[n - 1], f);
        }
        if (!same) {
            l->facts.items[n++] = *f;
        }
    }
    l->facts.n = n;
}

static uint32_t find_attribute(struct row *r, uint32_t unit)
{
    struct loader *l = r->l;
    struct str name = row_text(r, COL_attributes_attribute);
    uint32_t ix = NONE;
    if (!map_get(&l->attributes.first, name, &ix)) {
        ix = NONE;
    }
    while (ix != NONE && !load_unit_is(l, unit, l->plan->attributes[ix].kind)) {
        ix = l->attributes.next[ix];
    }
    if (ix == NONE) {
        row_problem(r, row_field(r, COL_attributes_attribute), LOAD_UNKNOWN_ATTR, name,
                    l->tree->versions[l->tree->units[unit].first].name);
    }
    return ix;
}

void load_attributes(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct attr_value v = {.unit = row_unit(&r, COL_attributes_unit)};
        v.attribute = v.unit == NONE ? NONE : find_attribute(&r, v.unit);
        v.since = row_date(&r, COL_attributes_from, DATE_MIN);
        v.until = row_date(&r, COL_attributes_to, DATE_MAX);
        v.from = row_from(&r, COL_attributes_recorded, COL_attributes_source, COL_attributes_grade);
        row_dates(&r, COL_attributes_from, v.since, v.until);
        if (v.attribute != NONE) {
            v.value = row_value(&r, row_field(&r, COL_attributes_value),
                                &l->plan->attributes[v.attribute].d);
        }
        if (!r.bad) {
            vec_push(l->a, &l->attrs, v);
        }
    }
}
