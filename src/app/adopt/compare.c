/* SPDX-License-Identifier: Apache-2.0 */
/* Two plans by name: what is gone, what would mean something else. No row is looked at. */
#include "app/adopt/adopt_int.h"
#include "base/arena.h"
#include "base/map.h"

#define CHANGE(en, zh) ((struct adopt_change){{STR(en), STR(zh)}})

/* Things of the plan in force by name. */
struct known {
    struct map items, attributes, regs, fields, titles, relations, events, commitments;
};

static struct str dotted(struct arena *a, struct str of, struct str name)
{
    return str_cat(a, str_cat(a, of, STR(".")), name);
}

struct str adopt_item_name(struct arena *a, const struct plan *p, uint32_t item)
{
    return dotted(a, p->kinds[p->items[item].kind].name, p->items[item].d.name);
}

struct str adopt_attribute_name(struct arena *a, const struct plan *p, uint32_t i)
{
    return dotted(a, p->kinds[p->attributes[i].kind].name, p->attributes[i].d.name);
}

struct str adopt_field_name(struct arena *a, const struct plan *p, uint32_t i)
{
    return dotted(a, p->regs[p->fields[i].reg].name, p->fields[i].d.name);
}

static struct str reg_name(struct arena *a, const struct plan *p, uint32_t i)
{
    (void)a;
    return p->regs[i].name;
}

static struct str title_name(struct arena *a, const struct plan *p, uint32_t i)
{
    (void)a;
    return p->titles[i].name;
}

static struct str relation_name(struct arena *a, const struct plan *p, uint32_t i)
{
    (void)a;
    return p->relations[i].name;
}

static struct str event_name(struct arena *a, const struct plan *p, uint32_t i)
{
    (void)a;
    return p->events[i].name;
}

static struct str commitment_name(struct arena *a, const struct plan *p, uint32_t i)
{
    (void)a;
    return p->commitments[i].id;
}

typedef struct str name_fn(struct arena *a, const struct plan *p, uint32_t i);

static void index_all(struct arena *a, const struct plan *p, uint32_t n, name_fn *name,
                      struct map *out)
{
    for (uint32_t i = 0; i < n; i++) {
        map_put(a, out, name(a, p, i), i);
    }
}

static void index_plan(struct arena *a, const struct plan *p, struct known *k)
{
    *k = (struct known){0};
    index_all(a, p, p->n_items, adopt_item_name, &k->items);
    index_all(a, p, p->n_attributes, adopt_attribute_name, &k->attributes);
    index_all(a, p, p->n_regs, reg_name, &k->regs);
    index_all(a, p, p->n_fields, adopt_field_name, &k->fields);
    index_all(a, p, p->n_titles, title_name, &k->titles);
    index_all(a, p, p->n_relations, relation_name, &k->relations);
    index_all(a, p, p->n_events, event_name, &k->events);
    index_all(a, p, p->n_commitments, commitment_name, &k->commitments);
}

static bool misses(const struct map *before, const struct map *after)
{
    for (uint32_t i = 0; i < map_len(before); i++) {
        if (!map_get(after, before->entries[i].key, NULL)) {
            return true;
        }
    }
    return false;
}

static bool has_stage(const struct commitment *k, struct str name)
{
    for (uint32_t i = 0; i < k->n_stages; i++) {
        if (str_eq(k->stages[i].name, name)) {
            return true;
        }
    }
    return false;
}

static bool stages_miss(const struct commitment *x, const struct commitment *y)
{
    for (uint32_t i = 0; i < x->n_stages; i++) {
        if (!has_stage(y, x->stages[i].name)) {
            return true;
        }
    }
    return false;
}

/* ---- one thing ------------------------------------------------------------------------------ */

static bool choices_miss(const struct datum *x, const struct datum *y)
{
    for (uint32_t i = 0; i < x->n_choices; i++) {
        bool found = false;
        for (uint32_t k = 0; k < y->n_choices && !found; k++) {
            found = str_eq(x->choices[i], y->choices[k]);
        }
        if (!found) {
            return true;
        }
    }
    return false;
}

static const char *const types[][2] = {
    [VT_NUMBER] = {"a number", "数值"}, [VT_BOOL] = {"yes or no", "是否"},
    [VT_CHOICE] = {"a choice", "选项"}, [VT_TEXT] = {"a text", "文字"},
    [VT_DATE] = {"a day", "日期"},
};

static struct adopt_change from_to(struct arena *a, const char *const from[2],
                                   const char *const to[2])
{
    struct adopt_change c = {{STR(""), STR("")}};
    for (int lang = 0; lang < 2; lang++) {
        c.b[lang] = str_cat(a, str_dup(a, str_from_cstr(from[lang])), STR(" → "));
        c.b[lang] = str_cat(a, c.b[lang], str_from_cstr(to[lang]));
    }
    return c;
}

static struct adopt_change datum_change(struct arena *a, const struct datum *x,
                                        const struct datum *y)
{
    struct str units = str_cat(a, str_cat(a, str_dup(a, x->unit), STR(" → ")), y->unit);
    if (x->type != y->type) {
        return from_to(a, types[x->type], types[y->type]);
    }
    return dim_eq(x->dim, y->dim) ? (struct adopt_change){{STR(""), STR("")}}
                                  : (struct adopt_change){{units, units}};
}

static struct adopt_change item_change(struct arena *a, const struct item *x, const struct item *y)
{
    struct adopt_change c = datum_change(a, &x->d, &y->d);
    bool point = x->point.month != y->point.month || x->point.day != y->point.day;
    return c.b[0].n == 0 && point ? CHANGE("the day of the year", "时点") : c;
}

static struct str kind_name(const struct plan *p, uint32_t kind)
{
    return kind != NONE ? p->kinds[kind].name : STR("");
}

static struct str name_of_title(const struct plan *p, uint32_t title)
{
    return title != NONE ? p->titles[title].name : STR("");
}

static struct adopt_change relation_change(const struct plan *p, const struct relation *x,
                                           const struct plan *q, const struct relation *y)
{
    bool same = str_eq(kind_name(p, x->kind_a), kind_name(q, y->kind_a)) &&
                str_eq(kind_name(p, x->kind_b), kind_name(q, y->kind_b)) &&
                str_eq(name_of_title(p, x->title_a), name_of_title(q, y->title_a)) &&
                str_eq(name_of_title(p, x->title_b), name_of_title(q, y->title_b));
    return same ? CHANGE("", "") : CHANGE("whom it joins", "双方");
}

/* Keys that are fields of both; a field that is gone is told elsewhere. */
static bool same_key(const struct known *k, struct arena *a, const struct plan *p,
                     const struct plan *q, const struct reg *y)
{
    for (uint32_t i = 0; i < y->n_fields; i++) {
        uint32_t at = 0;
        const struct field *f = &q->fields[y->first_field + i];
        bool was = map_get(&k->fields, adopt_field_name(a, q, y->first_field + i), &at);
        if (was ? p->fields[at].key != f->key : f->key) {
            return false;
        }
    }
    return true;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void note(struct adopt_trial *t, enum adopt_note what, enum adopt_thing thing, struct str a,
                 const char *const b[2])
{
    struct adopt_line x = {
        .what = (int)what, .thing = thing, .a = a, .b = {str_from_cstr(b[0]), str_from_cstr(b[1])}};
    vec_push(t->a, &t->notes.list, x);
}

static void datum_notes(struct adopt_trial *t, enum adopt_thing thing, struct str name,
                        const struct datum *x, const struct datum *y)
{
    static const char *const classes[][2] = {
        {"public", "公开"}, {"internal", "内部"}, {"sensitive", "敏感"}, {"sealed", "密封"}};
    const char *unit = str_to_cstr(t->a, y->unit);
    if (dim_eq(x->dim, y->dim) && !str_eq(x->unit, y->unit)) {
        note(t, ADOPT_NOTE_UNIT, thing, name, (const char *const[]){unit, unit});
    }
    if (x->class_ != y->class_) {
        note(t, ADOPT_NOTE_CLASS, thing, name, classes[y->class_]);
    }
}

static void put(struct adopt_changes *out, struct adopt_change *at, struct adopt_change c)
{
    *at = c;
    out->any |= c.b[0].n > 0;
}

static void compare_items(struct adopt_trial *t, const struct known *k, struct adopt_changes *out)
{
    const struct plan *p = t->now->pack->plan;
    const struct plan *q = t->next->plan;
    for (uint32_t i = 0; i < q->n_items; i++) {
        uint32_t at = 0;
        struct str name = adopt_item_name(t->a, q, i);
        if (map_get(&k->items, name, &at)) {
            out->gone |= p->items[at].period != q->items[i].period ||
                         choices_miss(&p->items[at].d, &q->items[i].d);
            put(out, &out->items[i], item_change(t->a, &p->items[at], &q->items[i]));
            datum_notes(t, ADOPT_THING_ITEM, name, &p->items[at].d, &q->items[i].d);
        }
    }
}

static void compare_attributes(struct adopt_trial *t, const struct known *k,
                               struct adopt_changes *out)
{
    const struct plan *p = t->now->pack->plan;
    const struct plan *q = t->next->plan;
    for (uint32_t i = 0; i < q->n_attributes; i++) {
        uint32_t at = 0;
        struct str name = adopt_attribute_name(t->a, q, i);
        if (map_get(&k->attributes, name, &at)) {
            const struct datum *x = &p->attributes[at].d;
            const struct datum *y = &q->attributes[i].d;
            out->gone |= choices_miss(x, y);
            put(out, &out->attributes[i], datum_change(t->a, x, y));
            datum_notes(t, ADOPT_THING_ATTRIBUTE, name, x, y);
        }
    }
}

static void compare_registers(struct adopt_trial *t, const struct known *k,
                              struct adopt_changes *out)
{
    const struct plan *p = t->now->pack->plan;
    const struct plan *q = t->next->plan;
    uint32_t at = 0;
    for (uint32_t i = 0; i < q->n_fields; i++) {
        struct str name = adopt_field_name(t->a, q, i);
        if (map_get(&k->fields, name, &at)) {
            const struct datum *x = &p->fields[at].d;
            const struct datum *y = &q->fields[i].d;
            out->gone |= choices_miss(x, y);
            put(out, &out->fields[i], datum_change(t->a, x, y));
            datum_notes(t, ADOPT_THING_FIELD, name, x, y);
        }
    }
    for (uint32_t i = 0; i < q->n_regs; i++) {
        if (!map_get(&k->regs, q->regs[i].name, &at)) {
            continue;
        }
        if (!str_eq(kind_name(p, p->regs[at].owner_kind), kind_name(q, q->regs[i].owner_kind))) {
            put(out, &out->regs[i], CHANGE("who keeps it", "登记机构"));
        } else if (!same_key(k, t->a, p, q, &q->regs[i])) {
            put(out, &out->regs[i], CHANGE("its key", "键字段"));
        }
    }
}

static void compare_others(struct adopt_trial *t, const struct known *k, struct adopt_changes *out)
{
    const struct plan *p = t->now->pack->plan;
    const struct plan *q = t->next->plan;
    uint32_t at = 0;
    for (uint32_t i = 0; i < q->n_titles; i++) {
        if (map_get(&k->titles, q->titles[i].name, &at) &&
            !str_eq(kind_name(p, p->titles[at].kind), kind_name(q, q->titles[i].kind))) {
            put(out, &out->titles[i], CHANGE("who may hold it", "适用类别"));
        }
    }
    for (uint32_t i = 0; i < q->n_relations; i++) {
        if (map_get(&k->relations, q->relations[i].name, &at)) {
            put(out, &out->relations[i],
                relation_change(p, &p->relations[at], q, &q->relations[i]));
        }
    }
    for (uint32_t i = 0; i < q->n_commitments; i++) {
        out->gone |= map_get(&k->commitments, q->commitments[i].id, &at) &&
                     stages_miss(&p->commitments[at], &q->commitments[i]);
    }
}

void adopt_compare(struct adopt_trial *t, struct adopt_changes *out)
{
    struct known before;
    struct known after;
    const struct plan *q = t->next->plan;
    index_plan(t->a, t->now->pack->plan, &before);
    index_plan(t->a, q, &after);
    *out = (struct adopt_changes){
        .items = ARENA_ARRAY(t->a, struct adopt_change, q->n_items + 1U),
        .attributes = ARENA_ARRAY(t->a, struct adopt_change, q->n_attributes + 1U),
        .regs = ARENA_ARRAY(t->a, struct adopt_change, q->n_regs + 1U),
        .fields = ARENA_ARRAY(t->a, struct adopt_change, q->n_fields + 1U),
        .titles = ARENA_ARRAY(t->a, struct adopt_change, q->n_titles + 1U),
        .relations = ARENA_ARRAY(t->a, struct adopt_change, q->n_relations + 1U)};
    out->gone =
        misses(&before.items, &after.items) || misses(&before.attributes, &after.attributes) ||
        misses(&before.regs, &after.regs) || misses(&before.fields, &after.fields) ||
        misses(&before.titles, &after.titles) || misses(&before.relations, &after.relations) ||
        misses(&before.events, &after.events) || misses(&before.commitments, &after.commitments);
    compare_items(t, &before, out);
    compare_attributes(t, &before, out);
    compare_registers(t, &before, out);
    compare_others(t, &before, out);
}
