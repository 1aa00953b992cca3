/* SPDX-License-Identifier: Apache-2.0 */
/* Binding of a CSV header to a declared table, with the nearest name for a misspelt one. */
#include "io/csv.h"

#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"

#define NAME_POINTS_MAX 64U /* longer names get no suggestion */

struct binding {
    const struct csv_reader *r;
    const struct csv_table *t;
    const struct csv_binder *how;
    struct err *e;
    enum rc rc; /* of the first fault */
};

static void say(struct binding *b, struct csv_place place, struct str name, struct str near)
{
    struct err each;
    err_clear(&each);
    enum rc rc = csv_raise(b->r->path, place, name, &each);
    (void)csv_raise(b->r->path, place, name, b->e);
    if (near.n > 0) {
        err_hint(&each, "Did you mean \"%.*s\"?", "是否想写“%.*s”？", PS(near));
    }
    if (b->rc == RC_OK) {
        b->rc = rc;
        if (near.n > 0) {
            err_hint(b->e, "Did you mean \"%.*s\"?", "是否想写“%.*s”？", PS(near));
        }
    }
    if (b->how != NULL && b->how->report != NULL) {
        b->how->report(b->how->ctx, &place, &each);
    }
}

/* The code points of a name with ASCII letters made small; 0 when there are too many. */
static uint32_t name_points(struct str name, uint32_t out[NAME_POINTS_MAX])
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < name.n; n++) {
        if (n == NAME_POINTS_MAX) {
            return 0;
        }
        at += utf8_decode(name, at, &out[n]);
        if (out[n] >= 'A' && out[n] <= 'Z') {
            out[n] += 'a' - 'A';
        }
    }
    return n;
}

static uint32_t min3(uint32_t x, uint32_t y, uint32_t z)
{
    uint32_t xy = x < y ? x : y;
    return xy < z ? xy : z;
}

/* Insertions, deletions and replacements that turn x into y. */
static uint32_t distance(const uint32_t *x, uint32_t nx, const uint32_t *y, uint32_t ny)
{
    uint32_t row[NAME_POINTS_MAX + 1];
    for (uint32_t j = 0; j <= ny; j++) {
        row[j] = j;
    }
    for (uint32_t i = 1; i <= nx; i++) {
        uint32_t diagonal = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= ny; j++) {
            uint32_t above = row[j];
            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (x[i - 1] == y[j - 1] ? 0 : 1));
            diagonal = above;
        }
    }
    return row[ny];
}

/* The known name that differs in at most half of the letters; empty when there is none. */
static struct str nearest(const struct csv_table *t, struct str name)
{
    uint32_t x[NAME_POINTS_MAX];
    uint32_t y[NAME_POINTS_MAX];
    uint32_t nx = name_points(name, x);
    uint32_t best = nx / 2 + 1;
    struct str found = {NULL, 0};
    for (uint32_t i = 0; nx > 0 && i < 2 * t->n_columns; i++) {
        const struct csv_column *c = &t->columns[i / 2];
        struct str known = str_from_cstr(i % 2 == 0 ? c->name_en : c->name_zh);
        uint32_t d = distance(x, nx, y, name_points(known, y));
        if (d < best) {
            best = d;
            found = known;
        }
    }
    return found;
}

/* Index of the column of the table with this name, or CSV_ABSENT. */
static uint32_t column_of(const struct csv_table *t, struct str name)
{
    for (uint32_t i = 0; i < t->n_columns; i++) {
        if (str_eq(name, str_from_cstr(t->columns[i].name_en)) ||
            str_eq(name, str_from_cstr(t->columns[i].name_zh))) {
            return i;
        }
    }
    return CSV_ABSENT;
}

static bool accepts(struct binding *b, uint32_t i)
{
    return b->how != NULL && b->how->accept != NULL &&
           b->how->accept(b->how->ctx, b->r->header[i].text, i);
}

static void bind_one(struct binding *b, uint32_t i, uint32_t *index)
{
    const struct csv_field *f = &b->r->header[i];
    uint32_t c = column_of(b->t, f->text);
    if (c != CSV_ABSENT && index[c] == CSV_ABSENT) {
        index[c] = i;
        return;
    }
    if (accepts(b, i)) {
        return;
    }
    if (c != CSV_ABSENT && accepts(b, index[c])) { /* that one was meant as another */
        index[c] = i;
        return;
    }
    if (c != CSV_ABSENT) { /* once in English and once in Chinese */
        say(b, (struct csv_place){CSV_DUPLICATE_HEADER, f->line, f->column}, f->text,
            (struct str){NULL, 0});
        return;
    }
    say(b, (struct csv_place){CSV_UNKNOWN_COLUMN, f->line, f->column}, f->text,
        nearest(b->t, f->text));
}

enum rc csv_bind(const struct csv_reader *r, const struct csv_table *t,
                 const struct csv_binder *how, uint32_t *index, struct err *e)
{
    struct binding b = {r, t, how, e, RC_OK};
    for (uint32_t c = 0; c < t->n_columns; c++) {
        index[c] = CSV_ABSENT;
    }
    for (uint32_t i = 0; i < r->n_columns; i++) {
        bind_one(&b, i, index);
    }
    for (uint32_t c = 0; c < t->n_columns; c++) {
        if (t->columns[c].required && index[c] == CSV_ABSENT) {
            char both[2 * UTF8_MAX_BYTES * NAME_POINTS_MAX];
            (void)snprintf(both, sizeof both, "%s %s", t->columns[c].name_en,
                           t->columns[c].name_zh);
            say(&b, (struct csv_place){CSV_MISSING_COLUMN, 1, 1}, str_from_cstr(both),
                (struct str){NULL, 0});
        }
    }
    return b.rc;
}
