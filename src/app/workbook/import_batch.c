/* SPDX-License-Identifier: Apache-2.0 */
/* Over all files: what several of them say of one unit (decision 10). */
#include <stdlib.h>

#include "app/workbook/import_int.h"
#include "base/arena.h"

/* ---- what is kept of a cell ----------------------------------------------------------------- */

struct import_kept import_keep(struct arena *a, const struct import_cell *c)
{
    struct import_kept k = {.is = c->is, .at = c->at};
    const struct value *v = &c->value;
    bool small = v->has && v->text.n == 0 && v->num.big == NULL && v->num.n >= INT64_MIN &&
                 v->num.n <= INT64_MAX && v->num.d > 0 && v->num.d <= INT64_MAX;
    if (c->is == IMPORT_CELL_VALUE && small) {
        k.n = (int64_t)v->num.n;
        k.d = (int64_t)v->num.d;
    } else if (c->is == IMPORT_CELL_VALUE) {
        struct value *own = ARENA_NEW(a, struct value);
        *own = *v;
        k.value = own;
    }
    if (c->was.n > 0) {
        struct str *was = ARENA_NEW(a, struct str);
        *was = c->was;
        k.was = was;
    }
    return k;
}

struct value import_value(const struct import_kept *c)
{
    if (c->d > 0) {
        return (struct value){.has = true, .num = {c->n, c->d, NULL}, .text = STR("")};
    }
    return c->value != NULL ? *c->value : (struct value){.num = rat_zero()};
}

bool import_same_value(const struct datum *d, const struct import_kept *x,
                       const struct import_kept *y)
{
    if (x->is != y->is || x->is != IMPORT_CELL_VALUE) {
        return x->is == y->is;
    }
    struct value one = import_value(x);
    struct value other = import_value(y);
    return d->type == VT_TEXT || d->type == VT_CHOICE ? str_eq(one.text, other.text)
                                                      : rat_eq(one.num, other.num);
}

/* ---- the same unit in several files --------------------------------------------------------- */

struct placed {
    uint32_t unit, entry;
};

static int by_unit(const void *x, const void *y)
{
    const struct placed *p = x;
    const struct placed *q = y;
    return p->unit != q->unit ? (p->unit < q->unit ? -1 : 1) : p->entry < q->entry ? -1 : 1;
}

static bool says(const struct import_kept *c)
{
    return c->is == IMPORT_CELL_VALUE || c->is == IMPORT_CELL_NOT_FOR_US;
}

/* Figures that two entries give differently. */
static bool differ(const struct import_asked *q, const struct import_entry *x,
                   const struct import_entry *y)
{
    for (uint32_t k = 0; k < q->n_datums; k++) {
        if (says(&x->cells[k]) && says(&y->cells[k]) &&
            !import_same_value(q->datums[k], &x->cells[k], &y->cells[k])) {
            return true;
        }
    }
    return false;
}

static void tell(struct import_run *run, const struct import_entry *of,
                 const struct import_entry *other, enum import_says what, struct arena *work)
{
    struct import_note n = {
        .at = of->at,
        .level = import_says_level(what),
        .says = what,
        .a = import_unit_name(run->names, of->unit),
        .b = import_place_text(run, other->file, other->at, true, work),
        .unit = of->unit,
        .datum = NONE,
    };
    import_keep_note(run, of->file, n);
}

static void join(const struct import_asked *q, struct import_entry *first,
                 struct import_entry *next)
{
    for (uint32_t k = 0; k < q->n_datums; k++) {
        struct import_kept *to = &first->cells[k];
        if (to->is == IMPORT_CELL_ABSENT ||
            (to->is == IMPORT_CELL_BLANK && next->cells[k].is != IMPORT_CELL_ABSENT)) {
            *to = next->cells[k];
        } else if (next->cells[k].is == IMPORT_CELL_REFUSED) {
            to->is = IMPORT_CELL_REFUSED;
        }
    }
    next->joined = true;
}

/* Entries first..last of one unit. */
static void settle(struct import_run *run, const struct placed *p, uint32_t n, struct arena *work)
{
    const struct import_asked *q = import_asked_of(run->names);
    bool clash = false;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = i + 1; k < n; k++) {
            clash |= differ(q, &run->entries.items[p[i].entry], &run->entries.items[p[k].entry]);
        }
        clash |= run->entries.items[p[i].entry].clash;
    }
    struct import_entry *first = &run->entries.items[p[0].entry];
    for (uint32_t i = 0; i < n; i++) {
        struct import_entry *e = &run->entries.items[p[i].entry];
        struct import_entry *other = &run->entries.items[p[i == 0 ? 1 : 0].entry];
        tell(run, e, other, clash ? IMPORT_SAYS_TWICE : IMPORT_SAYS_TWICE_EQUAL, work);
        if (clash && !e->clash) {
            run->files.items[e->file].n_values -= import_given(q, e);
        }
        e->clash = clash;
        if (i > 0 && !clash) {
            join(q, first, e);
        }
    }
}

uint32_t import_given(const struct import_asked *q, const struct import_entry *e)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < q->n_datums && !e->clash; k++) {
        n += says(&e->cells[k]) ? 1 : 0;
    }
    return n;
}

void import_settle(struct import_run *run)
{
    struct placed *p = ARENA_ARRAY(run->a, struct placed, run->entries.n + 1U);
    for (uint32_t i = 0; i < run->entries.n; i++) {
        p[i] = (struct placed){run->entries.items[i].unit, i};
    }
    qsort(p, run->entries.n, sizeof *p, by_unit);
    for (uint32_t i = 0; i < run->entries.n;) {
        uint32_t n = 1;
        while (i + n < run->entries.n && p[i + n].unit == p[i].unit) {
            n++;
        }
        if (n > 1) {
            settle(run, p + i, n, run->a);
        }
        i += n;
    }
}
