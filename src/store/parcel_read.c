/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parcels to edits. Names are looked up once per layout, not once per row: a layout is resolved
 * against the plan when it is first met, and then found by the place of its text.
 */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "store/parcel_int.h"

/* ---- names ---------------------------------------------------------------------------------- */

static struct str dotted(struct parcel_reader *r, uint32_t kind, struct str name)
{
    return str_cat(r->a, str_cat(r->a, r->plan->kinds[kind].name, STR(".")), name);
}

static void put_new(struct arena *a, struct map *m, struct str key, uint32_t value)
{
    if (!map_get(m, key, NULL)) {
        map_put(a, m, key, value);
    }
}

struct parcel_reader *parcel_reader_new(struct arena *a, const struct plan *plan,
                                        const struct tree *tree)
{
    struct parcel_reader *r = ARENA_NEW(a, struct parcel_reader);
    r->a = r->l = a;
    r->plan = plan;
    r->tree = tree;
    for (uint32_t i = 0; i < plan->n_items; i++) {
        put_new(a, &r->items, dotted(r, plan->items[i].kind, plan->items[i].d.name), i);
    }
    for (uint32_t i = 0; i < plan->n_attributes; i++) {
        const struct attribute *x = &plan->attributes[i];
        put_new(a, &r->attributes, dotted(r, x->kind, x->d.name), i);
    }
    uint32_t most = 0;
    for (uint32_t i = 0; i < plan->n_regs; i++) {
        put_new(a, &r->regs, plan->regs[i].name, i);
        most = plan->regs[i].n_fields > most ? plan->regs[i].n_fields : most;
    }
    r->fields = ARENA_ARRAY(a, struct value, most + 1U);
    for (uint32_t i = 0; i < plan->n_titles; i++) {
        put_new(a, &r->titles, plan->titles[i].name, i);
    }
    for (uint32_t i = 0; i < plan->n_relations; i++) {
        put_new(a, &r->relations, plan->relations[i].name, i);
    }
    for (uint32_t i = 0; i < plan->n_events; i++) {
        put_new(a, &r->events, plan->events[i].name, i);
    }
    for (uint32_t i = 0; i < plan->n_commitments; i++) {
        put_new(a, &r->commitments, plan->commitments[i].id, i);
    }
    for (uint32_t i = 0; i < plan->n_kinds; i++) {
        put_new(a, &r->kinds, plan->kinds[i].name, i);
    }
    return r;
}

static void leave_out(struct parcel_reader *r, enum parcel_gap gap, struct str name)
{
    if (r->sink->left != NULL) {
        const struct parcel_left left = {gap, r->p->unit, name, r->p->seq};
        r->sink->left(r->sink->ctx, &left);
    }
}

/* NONE when the plan does not know it, which is told. */
static uint32_t look_up(struct parcel_reader *r, const struct map *m, struct str name)
{
    uint32_t ix = NONE;
    if (!map_get(m, name, &ix)) {
        leave_out(r, PARCEL_UNKNOWN_NAME, name);
        return NONE;
    }
    return ix;
}

static void give(struct parcel_reader *r, const struct edit *x)
{
    r->sink->edit(r->sink->ctx, x);
}

/* ---- layouts -------------------------------------------------------------------------------- */

static struct place read_place(struct parcel_reader *r, struct wire *w, bool *bad)
{
    struct place p = {.ix = NONE};
    struct str texts[5];
    uint32_t n = 0;
    wire_open(w);
    while (wire_more(w) && n < 5) {
        texts[n++] = wire_text(r->l, w);
    }
    for (uint32_t i = n; i < 5; i++) {
        texts[i] = STR("");
    }
    *bad |= n < 2 || period_parse(texts[1], &p.period, NULL) != RC_OK;
    p.name = texts[0];
    p.definition = texts[2];
    p.point = texts[3];
    p.provisional = str_find(texts[4], STR("p"), 0) != STR_NONE;
    p.disputed = str_find(texts[4], STR("d"), 0) != STR_NONE;
    if (!map_get(&r->items, p.name, &p.ix) || r->plan->items[p.ix].period != p.period.kind) {
        p.ix = NONE;
    }
    return p;
}

static struct place field_place(const struct parcel_reader *r, uint32_t reg, struct str name)
{
    struct place p = {.ix = NONE, .name = name};
    const struct reg *g = reg != NONE ? &r->plan->regs[reg] : NULL;
    for (uint32_t i = 0; g != NULL && i < g->n_fields; i++) {
        if (str_eq(r->plan->fields[g->first_field + i].d.name, name)) {
            p.ix = i;
        }
    }
    return p;
}

static struct layout resolve(struct parcel_reader *r, enum store_sort what, struct str text)
{
    VEC(struct place) places = {0};
    struct layout l = {.reg = NONE};
    struct wire w = wire_of(text);
    wire_open(&w);
    if (what == STORE_ROW && wire_more(&w)) {
        l.name = wire_text(r->l, &w);
        if (!map_get(&r->regs, l.name, &l.reg)) {
            l.reg = NONE;
        }
    }
    while (wire_more(&w)) {
        struct place p = what == STORE_FACT ? read_place(r, &w, &l.bad)
                                            : field_place(r, l.reg, wire_text(r->l, &w));
        vec_push(r->l, &places, p);
    }
    l.bad |= !wire_done(&w);
    l.places = places.items;
    l.n = places.n;
    return l;
}

static bool is_plain(const struct plan *plan, const struct place *p)
{
    enum value_type type = p->ix == NONE ? VT_NUMBER : plan->items[p->ix].d.type;
    return !p->provisional && !p->disputed && p->definition.n == 0 && p->point.n == 0 &&
           (type == VT_NUMBER || type == VT_BOOL);
}

static void make_form(struct parcel_reader *r, struct layout *l, uint32_t id)
{
    struct parcel_place *places = ARENA_ARRAY(r->l, struct parcel_place, l->n + 1U);
    l->plain = !l->bad;
    for (uint32_t i = 0; i < l->n; i++) {
        places[i] = (struct parcel_place){l->places[i].ix, l->places[i].period};
        l->plain = l->plain && is_plain(r->plan, &l->places[i]);
    }
    l->form = (struct parcel_form){id, l->n, places};
}

/* Those of facts and of rows are never alike. */
struct layout *parcel_layout(struct parcel_reader *r)
{
    uint32_t at = 0;
    struct str key = r->p->layout_hash.n > 0 ? r->p->layout_hash : r->p->layout;
    if (r->known.n > 0 && str_eq(key, r->last_layout)) {
        return &r->known.items[r->last_known];
    }
    if (!map_get(&r->layouts, key, &at)) {
        at = r->known.n;
        vec_push(r->l, &r->known, resolve(r, r->p->what, str_dup(r->l, r->p->layout)));
        map_put(r->l, &r->layouts, str_dup(r->l, key), at);
        if (r->p->what == STORE_FACT) {
            make_form(r, &r->known.items[at], at);
        }
    }
    r->last_layout = r->layouts.entries[at].key;
    r->last_known = at;
    return &r->known.items[at];
}

void parcel_reader_apart(struct parcel_reader *r, struct arena *layouts)
{
    r->l = layouts;
}

uint32_t parcel_reader_layouts(const struct parcel_reader *r)
{
    return r->known.n;
}

void parcel_reader_forget(struct parcel_reader *r)
{
    r->layouts = (struct map){.n_entries = 0};
    r->known.items = NULL;
    r->known.n = r->known.cap = 0;
    r->last_layout = STR("");
}

/* ---- values --------------------------------------------------------------------------------- */

/* A text of a layout, which may be forgotten before what is made with it. */
static struct str own(struct parcel_reader *r, struct str text)
{
    return r->l == r->a || text.n == 0 ? text : str_dup(r->a, text);
}

static struct str kept_text(struct parcel_reader *r)
{
    return str_dup(r->a, wire_text(r->a, &r->w));
}

static struct date read_date(struct parcel_reader *r, struct date open)
{
    struct date d = open;
    if (!wire_null(&r->w)) {
        r->w.bad |= !date_parse(wire_text(r->a, &r->w), &d);
    }
    return d;
}

static struct period read_period(struct parcel_reader *r)
{
    struct period p = {.kind = PERIOD_YEAR, .year = PERIOD_YEAR_MIN, .index = 1};
    r->w.bad |= period_parse(wire_text(r->a, &r->w), &p, NULL) != RC_OK;
    return p;
}

/* Some value, of whatever type: takes it and forgets it. */
static void skip_value(struct parcel_reader *r)
{
    if (wire_null(&r->w)) {
        return;
    }
    if (wire_is_text(&r->w)) {
        (void)wire_text(r->a, &r->w);
    } else if (r->w.p < r->w.end && (*r->w.p == 't' || *r->w.p == 'f')) {
        (void)wire_bool(&r->w);
    } else {
        (void)wire_int(&r->w);
    }
}

static bool read_choice(struct parcel_reader *r, const struct datum *d, struct value *v)
{
    struct str text = wire_text(r->a, &r->w);
    for (uint32_t i = 0; i < d->n_choices; i++) {
        if (str_eq(d->choices[i], text)) {
            v->num = rat_int(i);
            v->text = d->choices[i];
            return true;
        }
    }
    return false;
}

/* false: the value is none of this datum (its type or choices have changed since). */
static bool read_value(struct parcel_reader *r, const struct datum *d, struct value *v)
{
    struct date day;
    *v = (struct value){.has = true, .num = rat_zero(), .text = STR("")};
    if (wire_null(&r->w)) {
        v->has = false;
        return true;
    }
    bool is_text = wire_is_text(&r->w);
    bool is_word = !is_text && r->w.p < r->w.end && (*r->w.p == 't' || *r->w.p == 'f');
    if (is_word != (d->type == VT_BOOL) || (!is_text && !is_word && d->type != VT_NUMBER)) {
        skip_value(r);
        return false;
    }
    switch (d->type) {
    case VT_NUMBER:
        v->num = wire_rat(r->a, &r->w);
        return true;
    case VT_BOOL:
        v->num = rat_int(wire_bool(&r->w));
        return true;
    case VT_CHOICE:
        return read_choice(r, d, v);
    case VT_TEXT:
        v->text = kept_text(r);
        return true;
    case VT_DATE:
        if (!date_parse(wire_text(r->a, &r->w), &day)) {
            return false;
        }
        v->num = rat_int(day.days);
        return true;
    }
    UNREACHABLE();
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void read_facts(struct parcel_reader *r)
{
    const struct layout *l = parcel_layout(r);
    r->w.bad |= l->bad;
    wire_open(&r->w);
    for (uint32_t i = 0; wire_more(&r->w); i++) {
        if (i >= l->n) {
            r->w.bad = true;
            return;
        }
        const struct place *p = &l->places[i];
        struct edit x = {.kind = EDIT_FACT};
        struct fact *f = &x.u.fact;
        *f = (struct fact){r->unit,          p->ix,          p->period,   {0},
                           r->p->status,     p->provisional, p->disputed, own(r, p->definition),
                           own(r, p->point), r->from};
        if (p->ix == NONE) {
            leave_out(r, PARCEL_UNKNOWN_NAME, own(r, p->name));
            skip_value(r);
        } else if (!read_value(r, &r->plan->items[p->ix].d, &f->value)) {
            leave_out(r, PARCEL_UNKNOWN_VALUE, own(r, p->name));
        } else if (!r->w.bad) {
            give(r, &x);
        }
    }
}

static void read_attr(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_ATTR};
    struct attr_value *v = &x.u.attr;
    (void)wire_more(&r->w);
    struct str name = wire_text(r->a, &r->w);
    *v = (struct attr_value){.unit = r->unit, .attribute = look_up(r, &r->attributes, name)};
    bool fits = v->attribute != NONE;
    (void)wire_more(&r->w);
    if (!fits) {
        skip_value(r);
    } else if (!read_value(r, &r->plan->attributes[v->attribute].d, &v->value)) {
        leave_out(r, PARCEL_UNKNOWN_VALUE, name);
        fits = false;
    }
    (void)wire_more(&r->w);
    v->since = read_date(r, DATE_MIN);
    (void)wire_more(&r->w);
    v->until = read_date(r, DATE_MAX);
    v->from = r->from;
    wire_close(&r->w);
    if (fits && !r->w.bad) {
        give(r, &x);
    }
}

static struct date next_date(struct parcel_reader *r, struct date open)
{
    (void)wire_more(&r->w);
    return read_date(r, open);
}

static struct str next_text(struct parcel_reader *r)
{
    (void)wire_more(&r->w);
    return wire_text(r->a, &r->w);
}

static bool next_bool(struct parcel_reader *r)
{
    (void)wire_more(&r->w);
    return wire_bool(&r->w);
}

/* A unit by code, in a row; NONE after telling. */
static uint32_t next_unit(struct parcel_reader *r)
{
    struct str code = next_text(r);
    uint32_t id = NONE;
    if (!tree_unit_of_code(r->tree, code, &id)) {
        leave_out(r, PARCEL_UNKNOWN_UNIT, code);
        return NONE;
    }
    return id;
}

static void read_fields(struct parcel_reader *r, const struct layout *l, struct value *fields)
{
    const struct reg *g = &r->plan->regs[l->reg];
    for (uint32_t i = 0; i < l->n; i++) {
        const struct place *p = &l->places[i];
        (void)wire_more(&r->w);
        if (p->ix == NONE) {
            leave_out(r, PARCEL_UNKNOWN_NAME, own(r, p->name));
            skip_value(r);
            continue;
        }
        if (!read_value(r, &r->plan->fields[g->first_field + p->ix].d, &fields[p->ix])) {
            leave_out(r, PARCEL_UNKNOWN_VALUE, own(r, p->name));
            fields[p->ix] = (struct value){.has = false, .num = rat_zero(), .text = STR("")};
        }
    }
}

static const struct packed_value *read_packed(struct parcel_reader *r, const struct layout *l)
{
    uint32_t n = r->plan->regs[l->reg].n_fields;
    for (uint32_t i = 0; i < n; i++) {
        r->fields[i] = (struct value){.has = false, .num = rat_zero(), .text = STR("")};
    }
    read_fields(r, l, r->fields);
    return values_pack(r->a, r->fields, n);
}

static void read_row(struct parcel_reader *r)
{
    const struct layout *l = parcel_layout(r);
    struct edit x = {.kind = EDIT_ROW};
    struct reg_row *v = &x.u.row;
    r->w.bad |= l->bad;
    *v = (struct reg_row){.reg = l->reg, .owner = r->unit, .status = r->p->status, .from = r->from};
    v->id = str_dup(r->a, next_text(r));
    v->day = next_date(r, DATE_MIN);
    v->dated = !date_is_sentinel(v->day);
    v->since = next_date(r, DATE_MIN);
    v->until = next_date(r, DATE_MAX);
    v->revoked = next_date(r, DATE_MAX);
    if (l->reg == NONE) {
        leave_out(r, PARCEL_UNKNOWN_NAME, own(r, l->name));
        while (wire_more(&r->w)) {
            skip_value(r);
        }
        return;
    }
    v->fields = read_packed(r, l);
    wire_close(&r->w);
    if (!r->w.bad) {
        give(r, &x);
    }
}

static void read_title(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_TITLE};
    struct title_row *v = &x.u.title;
    *v = (struct title_row){.unit = r->unit, .status = r->p->status, .from = r->from};
    v->title = look_up(r, &r->titles, next_text(r));
    v->since = next_date(r, DATE_MIN);
    v->until = next_date(r, DATE_MAX);
    v->revoked = next_date(r, DATE_MAX);
    wire_close(&r->w);
    if (v->title != NONE && !r->w.bad) {
        give(r, &x);
    }
}

static void read_relation(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_RELATION};
    struct relation_row *v = &x.u.relation;
    *v = (struct relation_row){.a = r->unit, .from = r->from};
    v->relation = look_up(r, &r->relations, next_text(r));
    v->b = next_unit(r);
    v->since = next_date(r, DATE_MIN);
    v->until = next_date(r, DATE_MAX);
    v->ended = next_date(r, DATE_MAX);
    v->confirmed = next_bool(r);
    wire_close(&r->w);
    if (v->relation != NONE && v->b != NONE && !r->w.bad) {
        give(r, &x);
    }
}

static void read_activity(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_ACTIVITY};
    struct activity *v = &x.u.activity;
    *v = (struct activity){.a = r->unit, .from = r->from};
    v->relation = look_up(r, &r->relations, next_text(r));
    v->b = next_unit(r);
    v->day = next_date(r, DATE_MIN);
    wire_close(&r->w);
    if (v->relation != NONE && v->b != NONE && !r->w.bad) {
        give(r, &x);
    }
}

static void read_event(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_EVENT};
    struct event_row *v = &x.u.event;
    v->event = look_up(r, &r->events, next_text(r));
    v->day = next_date(r, DATE_MIN);
    v->from = r->from;
    wire_close(&r->w);
    if (v->event != NONE && !r->w.bad) {
        give(r, &x);
    }
}

/* false: the stage is no more, which is told. */
static bool find_stage(struct parcel_reader *r, uint32_t commitment, struct str name, uint32_t *out)
{
    const struct commitment *c = &r->plan->commitments[commitment];
    for (*out = 0; *out < c->n_stages; (*out)++) {
        if (str_eq(c->stages[*out].name, name)) {
            return true;
        }
    }
    leave_out(r, PARCEL_UNKNOWN_VALUE, name);
    return false;
}

static void read_evidence(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_EVIDENCE};
    struct evidence *v = &x.u.evidence;
    *v = (struct evidence){.stage = NONE, .unit = r->unit, .from = r->from};
    v->commitment = look_up(r, &r->commitments, next_text(r));
    bool fits = v->commitment != NONE;
    (void)wire_more(&r->w);
    if (!wire_null(&r->w)) {
        struct str stage = wire_text(r->a, &r->w);
        fits = fits && find_stage(r, v->commitment, stage, &v->stage);
    }
    v->day = next_date(r, DATE_MIN);
    v->document = str_dup(r->a, next_text(r));
    wire_close(&r->w);
    if (fits && !r->w.bad) {
        give(r, &x);
    }
}

static void read_filing(struct parcel_reader *r)
{
    struct edit x = {.kind = EDIT_FILING};
    struct filing *v = &x.u.filing;
    *v = (struct filing){NONE, NONE, NONE, r->unit, {0}, false, r->from};
    struct str sort = next_text(r);
    struct str name = next_text(r);
    const struct {
        struct str sort;
        const struct map *names;
        uint32_t *ix;
    } sorts[] = {{STR_INIT("register"), &r->regs, &v->reg},
                 {STR_INIT("roll"), &r->kinds, &v->roll},
                 {STR_INIT("form"), &r->commitments, &v->form}};
    bool known = false;
    bool fits = false;
    for (uint32_t i = 0; i < 3; i++) {
        if (str_eq(sort, sorts[i].sort)) {
            *sorts[i].ix = look_up(r, sorts[i].names, name);
            known = true;
            fits = *sorts[i].ix != NONE;
        }
    }
    (void)wire_more(&r->w);
    v->period = read_period(r);
    v->nil = next_bool(r);
    wire_close(&r->w);
    r->w.bad |= !known;
    if (fits && !r->w.bad) {
        give(r, &x);
    }
}

/* The inside of a row of the sort; NULL: facts, or nothing for a dataset. */
static void (*const row_readers[STORE__SORTS])(struct parcel_reader *r) = {
    [STORE_ATTR] = read_attr,         [STORE_ROW] = read_row,           [STORE_TITLE] = read_title,
    [STORE_RELATION] = read_relation, [STORE_ACTIVITY] = read_activity, [STORE_EVENT] = read_event,
    [STORE_EVIDENCE] = read_evidence, [STORE_FILING] = read_filing,
};

static void read_rows(struct parcel_reader *r)
{
    wire_open(&r->w);
    while (wire_more(&r->w)) {
        wire_open(&r->w);
        row_readers[r->p->what](r);
    }
}

static struct provenance provenance_of(struct parcel_reader *r, const struct store_parcel *p)
{
    if (!str_eq(r->last_source, p->source)) {
        r->last_source = str_dup(r->a, p->source);
    }
    return (struct provenance){.file = 0,
                               .line = (uint32_t)p->seq,
                               .source = r->last_source,
                               .grade = p->grade,
                               .recorded = p->recorded};
}

enum rc parcel_read(struct parcel_reader *r, const struct store_parcel *p,
                    const struct parcel_sink *sink, struct err *e)
{
    bool facts = p->what == STORE_FACT;
    if (!facts && row_readers[p->what] == NULL) {
        return RC_OK;
    }
    r->p = p;
    r->sink = sink;
    r->unit = NONE;
    if (p->unit.n > 0 && !tree_unit_of_code(r->tree, p->unit, &r->unit)) {
        leave_out(r, PARCEL_UNKNOWN_UNIT, p->unit);
        return RC_OK;
    }
    r->from = provenance_of(r, p);
    r->w = wire_of(p->body);
    r->w.bad |= (r->unit == NONE) != (p->what == STORE_EVENT);
    if (facts) {
        read_facts(r);
    } else {
        read_rows(r);
    }
    if (!wire_done(&r->w)) {
        return err_set(e, RC_DB, "commit %lld: its parcel %u is damaged",
                       "第 %lld 次提交的数据包 %u 已损坏", (long long)p->seq, p->part);
    }
    return RC_OK;
}
