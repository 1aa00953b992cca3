/* SPDX-License-Identifier: Apache-2.0 */
/* Edits to parcels: the bodies as parcel.h describes them. */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/map.h"
#include "base/vec.h"
#include "store/parcel.h"

#define BODY_FULL (1024U * 1024) /* a new parcel is begun */

struct writer {
    struct arena *a;
    const struct plan *plan;
    const struct tree *tree;
    struct map layouts; /* text -> index: equal layouts are one text */
    VEC(struct str) layout_texts;
    VEC(struct store_parcel) out;
    struct str *items, *attributes; /* `kind.name`, made when first asked for */
    struct buf layout, body;        /* of the parcel at work */
};

/* What the rows of a parcel have in common. */
struct common {
    enum edit_kind kind;
    uint32_t unit; /* NONE: of no unit */
    uint32_t reg;  /* EDIT_ROW */
    enum row_status status;
    struct provenance from;
};

static struct common common_of(const struct edit *x)
{
    struct common c = {.kind = x->kind, .unit = NONE, .reg = NONE, .status = ROW_ACCEPTED};
    switch (x->kind) {
    case EDIT_FACT:
        c.unit = x->u.fact.unit;
        c.status = x->u.fact.status;
        c.from = x->u.fact.from;
        break;
    case EDIT_ATTR:
        c.unit = x->u.attr.unit;
        c.from = x->u.attr.from;
        break;
    case EDIT_ROW:
        c.unit = x->u.row.owner;
        c.reg = x->u.row.reg;
        c.status = x->u.row.status;
        c.from = x->u.row.from;
        break;
    case EDIT_TITLE:
        c.unit = x->u.title.unit;
        c.status = x->u.title.status;
        c.from = x->u.title.from;
        break;
    case EDIT_RELATION:
        c.unit = x->u.relation.a;
        c.from = x->u.relation.from;
        break;
    case EDIT_ACTIVITY:
        c.unit = x->u.activity.a;
        c.from = x->u.activity.from;
        break;
    case EDIT_EVENT:
        c.from = x->u.event.from;
        break;
    case EDIT_EVIDENCE:
        c.unit = x->u.evidence.unit;
        c.from = x->u.evidence.from;
        break;
    case EDIT_FILING:
        c.unit = x->u.filing.unit;
        c.from = x->u.filing.from;
        break;
    }
    return c;
}

static bool shares(const struct common *x, const struct common *y)
{
    return x->kind == y->kind && x->unit == y->unit && x->reg == y->reg && x->status == y->status &&
           x->from.grade == y->from.grade && date_cmp(x->from.recorded, y->from.recorded) == 0 &&
           str_eq(x->from.source, y->from.source);
}

/* ---- values --------------------------------------------------------------------------------- */

static void put_date(struct json *j, struct date d)
{
    char text[DATE_TEXT_BYTES];
    if (date_is_sentinel(d)) {
        json_null(j);
    } else {
        json_str(j, date_text(d, text));
    }
}

static void put_number(struct writer *w, struct json *j, struct rat x)
{
    int64_t n = 0;
    if (rat_to_int64(x, &n)) {
        json_int(j, n);
    } else {
        json_str(j, rat_frac_str(w->a, x));
    }
}

static void put_value(struct writer *w, struct json *j, const struct datum *d,
                      const struct value *v)
{
    int64_t n = 0;
    if (!v->has) {
        json_null(j);
        return;
    }
    if (d->type == VT_TEXT) {
        json_str(j, v->text);
    } else if (d->type == VT_NUMBER) {
        put_number(w, j, v->num);
    } else {
        bool whole = rat_to_int64(v->num, &n);
        ASSERT(whole);
        if (d->type == VT_BOOL) {
            json_bool(j, n != 0);
        } else if (d->type == VT_DATE) {
            put_date(j, (struct date){(int32_t)n});
        } else {
            ASSERT(n >= 0 && n < d->n_choices);
            json_str(j, d->choices[n]);
        }
    }
}

/* `kind.name`, kept in *known. */
static struct str dotted(struct writer *w, struct str *known, uint32_t kind, struct str name)
{
    if (known->n == 0) {
        *known = str_cat(w->a, str_cat(w->a, w->plan->kinds[kind].name, STR(".")), name);
    }
    return *known;
}

static struct str code_of(const struct writer *w, uint32_t unit)
{
    return w->tree->units[unit].code;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void put_place(struct writer *w, struct json *j, const struct fact *f)
{
    const struct item *item = &w->plan->items[f->item];
    char period[PERIOD_TEXT_BYTES];
    struct str marks = f->provisional && f->disputed ? STR("pd")
                       : f->provisional              ? STR("p")
                       : f->disputed                 ? STR("d")
                                                     : STR("");
    uint32_t n = marks.n > 0 ? 5 : f->point.n > 0 ? 4 : f->definition.n > 0 ? 3 : 2;
    json_arr_begin(j);
    json_str(j, dotted(w, &w->items[f->item], item->kind, item->d.name));
    json_str(j, period_text(f->period, period));
    const struct str more[] = {f->definition, f->point, marks};
    for (uint32_t i = 2; i < n; i++) {
        json_str(j, more[i - 2]);
    }
    json_arr_end(j);
}

static void put_attr(struct writer *w, struct json *j, const struct attr_value *x)
{
    const struct attribute *attr = &w->plan->attributes[x->attribute];
    json_str(j, dotted(w, &w->attributes[x->attribute], attr->kind, attr->d.name));
    put_value(w, j, &attr->d, &x->value);
    put_date(j, x->since);
    put_date(j, x->until);
}

static void put_row(struct writer *w, struct json *j, const struct reg_row *x)
{
    const struct reg *g = &w->plan->regs[x->reg];
    json_str(j, x->id);
    put_date(j, x->dated ? x->day : DATE_MIN);
    put_date(j, x->since);
    put_date(j, x->until);
    put_date(j, x->revoked);
    for (uint32_t i = 0; i < g->n_fields; i++) {
        const struct value v = reg_row_value(x, i);
        put_value(w, j, &w->plan->fields[g->first_field + i].d, &v);
    }
}

static void put_relation(struct writer *w, struct json *j, const struct relation_row *x)
{
    json_str(j, w->plan->relations[x->relation].name);
    json_str(j, code_of(w, x->b));
    put_date(j, x->since);
    put_date(j, x->until);
    put_date(j, x->ended);
    json_bool(j, x->confirmed);
}

static void put_evidence(struct writer *w, struct json *j, const struct evidence *x)
{
    const struct commitment *c = &w->plan->commitments[x->commitment];
    json_str(j, c->id);
    if (x->stage == NONE) {
        json_null(j);
    } else {
        json_str(j, c->stages[x->stage].name);
    }
    put_date(j, x->day);
    json_str(j, x->document);
}

static void put_filing(struct writer *w, struct json *j, const struct filing *x)
{
    char period[PERIOD_TEXT_BYTES];
    const struct plan *p = w->plan;
    json_cstr(j, x->reg != NONE ? "register" : x->roll != NONE ? "roll" : "form");
    json_str(j, x->reg != NONE    ? p->regs[x->reg].name
                : x->roll != NONE ? p->kinds[x->roll].name
                                  : p->commitments[x->form].id);
    json_str(j, period_text(x->period, period));
    json_bool(j, x->nil);
}

/* A row of any sort but facts: the inside of its array. */
static void put_edit(struct writer *w, struct json *j, const struct edit *x)
{
    switch (x->kind) {
    case EDIT_FACT:
        UNREACHABLE();
    case EDIT_ATTR:
        put_attr(w, j, &x->u.attr);
        break;
    case EDIT_ROW:
        put_row(w, j, &x->u.row);
        break;
    case EDIT_TITLE:
        json_str(j, w->plan->titles[x->u.title.title].name);
        put_date(j, x->u.title.since);
        put_date(j, x->u.title.until);
        put_date(j, x->u.title.revoked);
        break;
    case EDIT_RELATION:
        put_relation(w, j, &x->u.relation);
        break;
    case EDIT_ACTIVITY:
        json_str(j, w->plan->relations[x->u.activity.relation].name);
        json_str(j, code_of(w, x->u.activity.b));
        put_date(j, x->u.activity.day);
        break;
    case EDIT_EVENT:
        json_str(j, w->plan->events[x->u.event.event].name);
        put_date(j, x->u.event.day);
        break;
    case EDIT_EVIDENCE:
        put_evidence(w, j, &x->u.evidence);
        break;
    case EDIT_FILING:
        put_filing(w, j, &x->u.filing);
        break;
    }
}

/* ---- parcels -------------------------------------------------------------------------------- */

struct str parcel_area(const struct tree *tree, uint32_t unit, struct date day)
{
    struct str below = STR("");
    struct str code = STR("");
    while (unit != TREE_NONE) {
        const struct tree_unit *u = &tree->units[unit];
        const struct tree_version *v =
            date_is_sentinel(day) ? NULL : tree_version_at(tree, unit, day);
        v = v != NULL ? v : &tree->versions[u->first + u->n - 1];
        below = code;
        code = u->code;
        unit = v->parent_unit;
    }
    /* code is the root's; below it stands the second level. */
    return below.n > 0 ? below : code;
}

static struct str layout_text(struct writer *w, struct str text)
{
    uint32_t at = 0;
    if (!map_get(&w->layouts, text, &at)) {
        at = w->layout_texts.n;
        struct str kept = str_dup(w->a, text);
        vec_push(w->a, &w->layout_texts, kept);
        map_put(w->a, &w->layouts, kept, at);
    }
    return w->layout_texts.items[at];
}

/* Facts: places into the layout, values into the body. */
static uint32_t write_facts(struct writer *w, const struct edit *edits, uint32_t n,
                            const struct common *c)
{
    struct json l;
    struct json b;
    uint32_t i = 0;
    json_init(&l, &w->layout, false);
    json_init(&b, &w->body, false);
    json_arr_begin(&l);
    json_arr_begin(&b);
    for (; i < n && w->layout.n < BODY_FULL && w->body.n < BODY_FULL; i++) {
        struct common now = common_of(&edits[i]);
        if (!shares(c, &now)) {
            break;
        }
        put_place(w, &l, &edits[i].u.fact);
        put_value(w, &b, &w->plan->items[edits[i].u.fact.item].d, &edits[i].u.fact.value);
    }
    json_arr_end(&l);
    json_arr_end(&b);
    json_end(&l);
    json_end(&b);
    return i;
}

static void write_fields(struct writer *w, uint32_t reg)
{
    struct json j;
    const struct reg *g = &w->plan->regs[reg];
    json_init(&j, &w->layout, false);
    json_arr_begin(&j);
    json_str(&j, g->name);
    for (uint32_t i = 0; i < g->n_fields; i++) {
        json_str(&j, w->plan->fields[g->first_field + i].d.name);
    }
    json_arr_end(&j);
    json_end(&j);
}

static uint32_t write_rows(struct writer *w, const struct edit *edits, uint32_t n,
                           const struct common *c)
{
    struct json j;
    uint32_t i = 0;
    if (c->kind == EDIT_ROW) {
        write_fields(w, c->reg);
    }
    json_init(&j, &w->body, false);
    json_arr_begin(&j);
    for (; i < n && w->body.n < BODY_FULL; i++) {
        struct common now = common_of(&edits[i]);
        if (!shares(c, &now)) {
            break;
        }
        json_arr_begin(&j);
        put_edit(w, &j, &edits[i]);
        json_arr_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
    return i;
}

/* The next parcel; *taken edits went into it. */
static enum rc write_one(struct writer *w, const struct edit *edits, uint32_t n, uint32_t *taken,
                         struct err *e)
{
    struct common c = common_of(edits);
    buf_clear(&w->layout);
    buf_clear(&w->body);
    *taken = c.kind == EDIT_FACT ? write_facts(w, edits, n, &c) : write_rows(w, edits, n, &c);
    if (w->body.n > STORE_BODY_BYTES || w->layout.n > STORE_BODY_BYTES) {
        return err_set(e, RC_LIMIT, "a row has more than %u bytes", "单行数据超过 %u 字节",
                       STORE_BODY_BYTES);
    }
    struct store_parcel p = {
        .what = (enum store_sort)c.kind,
        .status = c.status,
        .recorded = c.from.recorded,
        .source = c.from.source,
        .grade = c.from.grade,
        .layout = w->layout.n > 0 ? layout_text(w, buf_view(&w->layout)) : STR(""),
        .body = str_dup(w->a, buf_view(&w->body)),
    };
    if (c.unit != NONE) {
        p.unit = code_of(w, c.unit);
        p.area = parcel_area(w->tree, c.unit, c.from.recorded);
    }
    vec_push(w->a, &w->out, p);
    return RC_OK;
}

_Static_assert((int)STORE_FACT == (int)EDIT_FACT && (int)STORE_FILING == (int)EDIT_FILING,
               "the sorts of parcels begin with the kinds of edits");

enum rc parcel_write(struct arena *a, const struct plan *plan, const struct tree *tree,
                     const struct edit *edits, uint32_t n, const struct store_parcel **out,
                     uint32_t *n_out, struct err *e)
{
    struct writer w = {.a = a, .plan = plan, .tree = tree};
    w.items = ARENA_ARRAY(a, struct str, plan->n_items + 1U);
    w.attributes = ARENA_ARRAY(a, struct str, plan->n_attributes + 1U);
    buf_init_in(&w.layout, a, LIMIT_STR_BYTES);
    buf_init_in(&w.body, a, LIMIT_STR_BYTES);
    uint32_t taken = 0;
    for (uint32_t i = 0; i < n; i += taken) {
        TRY(write_one(&w, edits + i, n - i, &taken, e));
    }
    *out = w.out.items;
    *n_out = w.out.n;
    return RC_OK;
}
