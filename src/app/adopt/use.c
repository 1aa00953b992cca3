/* SPDX-License-Identifier: Apache-2.0 */
/* What the book has of what is gone or changed: its rows, read by the next plan beside the one in
 * force. */
#include <string.h>

#include "app/adopt/adopt_int.h"
#include "app/seal.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/parcel.h"

#define STRETCH    2000U /* commits that are read by one pair of readers */
#define TOLD_MAX   256U  /* different things that are told of; more are not looked for */
#define FOUND_NAME 256U  /* bytes of a name that are told */

/* Something found in rows. Apart from the arena, which is rewound between stretches. */
struct found {
    int what; /* an adopt_against */
    enum adopt_thing thing;
    char name[FOUND_NAME];
    uint32_t len;
    uint64_t n;      /* under the next plan */
    uint64_t before; /* the same under the one in force: it was so already */
    const struct adopt_change *c;
};

static const struct adopt_change no_change;

struct adopt_rows {
    struct found list[TOLD_MAX];
    uint32_t n;
    int64_t upto; /* read up to this commit */
};

struct use {
    struct adopt_trial *t;
    const struct adopt_changes *c;
    const struct tree *tree;
    struct parcel_reader *next, *now;
    struct adopt_rows *rows;
    bool under_now; /* the parcel is read by the plan in force */
    bool left;      /* something of the parcel was left out */
    const struct store_parcel *p;
};

static void count(struct use *u, int what, enum adopt_thing thing, struct str name,
                  const struct adopt_change *c)
{
    struct str cut = str_sub(name, 0, FOUND_NAME);
    struct adopt_rows *r = u->rows;
    struct found *f = r->list;
    while (f < r->list + r->n &&
           (f->what != what || f->thing != thing || !str_eq((struct str){f->name, f->len}, cut))) {
        f++;
    }
    if (f == r->list + r->n) {
        if (r->n == TOLD_MAX) {
            return;
        }
        *f = (struct found){.what = what, .thing = thing, .len = cut.n, .c = c};
        memcpy(f->name, cut.p, cut.n);
        r->n++;
    }
    if (u->under_now) {
        f->before++;
    } else {
        f->n++;
    }
}

/* ---- what cannot be read any more ----------------------------------------------------------- */

static enum adopt_thing thing_of(enum store_sort what)
{
    static const enum adopt_thing things[STORE__SORTS] = {
        [STORE_FACT] = ADOPT_THING_ITEM,         [STORE_ATTR] = ADOPT_THING_ATTRIBUTE,
        [STORE_ROW] = ADOPT_THING_REGISTER,      [STORE_TITLE] = ADOPT_THING_TITLE,
        [STORE_RELATION] = ADOPT_THING_RELATION, [STORE_ACTIVITY] = ADOPT_THING_RELATION,
        [STORE_EVENT] = ADOPT_THING_EVENT,       [STORE_EVIDENCE] = ADOPT_THING_COMMITMENT,
        [STORE_FILING] = ADOPT_THING_FILING,
    };
    return things[what];
}

static uint32_t register_of(const struct plan *p, struct str name)
{
    uint32_t i = 0;
    while (i < p->n_regs && !str_eq(p->regs[i].name, name)) {
        i++;
    }
    return i < p->n_regs ? i : NONE;
}

/* Of a row either its register is not known or one of its fields. */
static void on_left(void *ctx, const struct parcel_left *l)
{
    struct use *u = ctx;
    enum adopt_thing thing = thing_of(u->p->what);
    if (thing == ADOPT_THING_REGISTER && register_of(u->t->now->pack->plan, l->name) == NONE) {
        thing = ADOPT_THING_FIELD;
    }
    u->left = true;
    if (l->gap != PARCEL_UNKNOWN_UNIT) {
        count(u, l->gap == PARCEL_UNKNOWN_NAME ? ADOPT_GONE : ADOPT_VALUES, thing, l->name,
              &no_change);
    }
}

/* ---- what would mean something else --------------------------------------------------------- */

static void meant(struct use *u, const struct adopt_change *c, enum adopt_thing thing,
                  struct str name)
{
    if (c->b[0].n > 0) {
        count(u, ADOPT_MEANING, thing, name, c);
    }
}

static void row_meant(struct use *u, const struct reg_row *row)
{
    const struct plan *q = u->t->next->plan;
    const struct reg *r = &q->regs[row->reg];
    meant(u, &u->c->regs[row->reg], ADOPT_THING_REGISTER, r->name);
    for (uint32_t i = 0; i < r->n_fields; i++) {
        uint32_t f = r->first_field + i;
        if (reg_row_value(row, i).has && u->c->fields[f].b[0].n > 0) {
            meant(u, &u->c->fields[f], ADOPT_THING_FIELD, adopt_field_name(u->t->a, q, f));
        }
    }
}

static void on_next(void *ctx, const struct edit *x)
{
    struct use *u = ctx;
    const struct plan *q = u->t->next->plan;
    switch (x->kind) {
    case EDIT_FACT:
        if (x->u.fact.value.has && u->c->items[x->u.fact.item].b[0].n > 0) {
            meant(u, &u->c->items[x->u.fact.item], ADOPT_THING_ITEM,
                  adopt_item_name(u->t->a, q, x->u.fact.item));
        }
        break;
    case EDIT_ATTR:
        meant(u, &u->c->attributes[x->u.attr.attribute], ADOPT_THING_ATTRIBUTE,
              adopt_attribute_name(u->t->a, q, x->u.attr.attribute));
        break;
    case EDIT_ROW:
        row_meant(u, &x->u.row);
        break;
    case EDIT_TITLE:
        meant(u, &u->c->titles[x->u.title.title], ADOPT_THING_TITLE,
              q->titles[x->u.title.title].name);
        break;
    case EDIT_RELATION:
        meant(u, &u->c->relations[x->u.relation.relation], ADOPT_THING_RELATION,
              q->relations[x->u.relation.relation].name);
        break;
    case EDIT_ACTIVITY:
    case EDIT_EVENT:
    case EDIT_EVIDENCE:
    case EDIT_FILING:
        break;
    }
}

static void on_now(void *ctx, const struct edit *x)
{
    (void)ctx;
    (void)x;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Figures that the next plan reads as the one in force: nearly all of a book. */
static bool is_plain(const struct use *u, const struct store_parcel *p)
{
    struct parcel_figures x;
    if (p->what != STORE_FACT || !parcel_figures(u->next, p, &x)) {
        return false;
    }
    for (uint32_t i = 0; i < x.form->n; i++) {
        uint32_t item = x.form->places[i].item;
        if (item == NONE || u->c->items[item].b[0].n > 0) {
            return false;
        }
    }
    return true;
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct use *u = ctx;
    const struct parcel_sink next = {on_next, on_left, u};
    const struct parcel_sink now = {on_now, on_left, u};
    if (p->what == STORE_DOC || p->what == STORE_UNIT || p->what == STORE_LINEAGE ||
        is_plain(u, p)) {
        return RC_OK;
    }
    u->p = p;
    u->left = u->under_now = false;
    TRY(parcel_read(u->next, p, &next, e));
    if (!u->left) {
        return RC_OK;
    }
    u->under_now = true;
    return parcel_read(u->now, p, &now, e);
}

static enum rc stretch(struct use *u, int64_t from, int64_t to, struct err *e)
{
    struct arena_mark m = arena_mark(u->t->a);
    u->next = parcel_reader_new(u->t->a, u->t->next->plan, u->tree);
    u->now = parcel_reader_new(u->t->a, u->t->now->pack->plan, u->tree);
    enum rc rc = store_parcels(u->t->reader, from, to, on_parcel, u, e);
    arena_rewind(u->t->a, m);
    return rc;
}

/* A number of sealed records is told to nobody (C41). */
static bool is_sealed(const struct adopt_trial *t, const struct found *f)
{
    const struct plan *p = t->now->pack->plan;
    struct str name = {f->name, f->len};
    bool sealed = false;
    for (uint32_t i = 0; f->thing == ADOPT_THING_ITEM && i < p->n_items; i++) {
        sealed |= p->items[i].d.class_ == CLASS_SEALED && str_eq(adopt_item_name(t->a, p, i), name);
    }
    for (uint32_t i = 0; f->thing == ADOPT_THING_ATTRIBUTE && i < p->n_attributes; i++) {
        sealed |= p->attributes[i].d.class_ == CLASS_SEALED &&
                  str_eq(adopt_attribute_name(t->a, p, i), name);
    }
    uint32_t reg = register_of(p, name);
    return sealed || f->thing == ADOPT_THING_FIELD ||
           (f->thing == ADOPT_THING_REGISTER && reg != NONE && seal_register(p, reg));
}

static void tell(struct use *u)
{
    struct adopt_trial *t = u->t;
    for (uint32_t i = 0; i < u->rows->n; i++) {
        const struct found *f = &u->rows->list[i];
        if (f->n > f->before) {
            struct adopt_line x = {.what = f->what,
                                   .thing = f->thing,
                                   .a = str_dup(t->a, (struct str){f->name, f->len}),
                                   .b = {f->c->b[0], f->c->b[1]},
                                   .n = is_sealed(t, f) ? 0 : f->n - f->before};
            vec_push(t->a, &t->against.list, x);
        }
    }
}

struct adopt_rows *adopt_rows_new(struct adopt_trial *t)
{
    return ARENA_NEW(t->a, struct adopt_rows);
}

enum rc adopt_use(struct adopt_trial *t, const struct tree *tree, struct err *e)
{
    struct use u = {.t = t, .c = t->changes, .tree = tree, .rows = t->rows};
    while (t->rows->upto < t->upto && (u.c->any || u.c->gone)) {
        int64_t from = t->rows->upto + 1;
        int64_t to = from + STRETCH - 1 < t->upto ? from + STRETCH - 1 : t->upto;
        TRY(stretch(&u, from, to, e));
        t->rows->upto = to;
    }
    tell(&u);
    return RC_OK;
}
