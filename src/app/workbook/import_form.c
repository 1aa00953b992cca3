/* SPDX-License-Identifier: Apache-2.0 */
/* Form workbooks that were exported: places by the hidden sheet, changes alone (decision 14). */
#include "app/workbook/form_sheet.h"
#include "app/workbook/import_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "io/workbook.h"

#define SEVERAL (UINT32_MAX - 1)

struct form_reader {
    struct import_reader *r;
    const struct form_sheet *f;
    const struct form_table *t;
    uint32_t *columns; /* of the table, where they stand now; NONE: gone */
    uint32_t label;    /* column of labels, or NONE */
    struct map labels; /* label -> row, or SEVERAL */
};

static void refuse(struct form_reader *x, uint32_t row, uint32_t column, enum import_says says,
                   struct str a, struct str b)
{
    import_say(x->r, import_at(x->r, row, column), says, a, b);
}

/* ---- is it for us --------------------------------------------------------------------------- */

static bool is_for_us(struct form_reader *x)
{
    const struct import_asked *q = import_asked_of(x->r->n);
    const struct form_sheet *f = x->f;
    char period[PERIOD_TEXT_BYTES];
    const struct {
        struct str theirs, ours;
    } pairs[] = {{f->plan, q->plan->id},
                 {f->form, q->form},
                 {f->round, q->round},
                 {f->period, period_text(q->period, period)}};
    for (uint32_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bool both = pairs[i].theirs.n > 0 && pairs[i].ours.n > 0;
        if (both && !str_eq(pairs[i].theirs, pairs[i].ours)) {
            refuse(x, NONE, NONE, IMPORT_SAYS_FORM_OTHER, pairs[i].theirs, pairs[i].ours);
            return false;
        }
    }
    if (f->reg.n > 0) {
        refuse(x, NONE, NONE, IMPORT_SAYS_FORM_OTHER, f->reg, q->form);
    }
    return f->reg.n == 0;
}

/* ---- places --------------------------------------------------------------------------------- */

static bool open_sheet(struct form_reader *x)
{
    struct import_reader *r = x->r;
    const struct workbook *w = &r->grid->book;
    for (r->sheet = 0; r->sheet < w->n_sheets; r->sheet++) {
        if (str_eq(w->sheets[r->sheet].name, x->t->sheet)) {
            return import_view_make(r->work, &r->grid->sheets[r->sheet], &w->sheets[r->sheet],
                                    &r->v) == RC_OK;
        }
    }
    r->sheet = 0;
    refuse(x, NONE, NONE, IMPORT_SAYS_FORM_LINE, x->t->sheet, STR(""));
    return false;
}

static bool shows(const struct form_reader *x, uint32_t row, uint32_t column, struct str text)
{
    return str_eq(view_shown_text(&x->r->v, row, column), str_trim(text));
}

/* The column with this header: at its place, else the one that has moved; NONE, told. */
static uint32_t find_column(struct form_reader *x, const struct form_column *c)
{
    uint32_t found = NONE;
    if (shows(x, x->t->header, c->column, c->head)) {
        return c->column;
    }
    for (uint32_t k = 0; k < x->r->v.n_columns; k++) {
        if (shows(x, x->t->header, k, c->head)) {
            found = found == NONE ? k : SEVERAL;
        }
    }
    if (found >= SEVERAL) {
        bool matters = c->role == FORM_ROLE_VALUE;
        if (matters) {
            refuse(x, x->t->header, c->column, IMPORT_SAYS_FORM_HEAD, c->head,
                   view_shown_text(&x->r->v, x->t->header, c->column));
        }
        return NONE;
    }
    return found;
}

static void find_columns(struct form_reader *x)
{
    const struct form_table *t = x->t;
    x->columns = ARENA_ARRAY(x->r->work, uint32_t, t->columns.n + 1U);
    x->label = NONE;
    for (uint32_t i = 0; i < t->columns.n; i++) {
        x->columns[i] = find_column(x, &t->columns.items[i]);
        if (t->columns.items[i].role == FORM_ROLE_LABEL && x->label == NONE) {
            x->label = x->columns[i];
        }
    }
}

static void find_labels(struct form_reader *x)
{
    x->labels = (struct map){0};
    for (uint32_t row = x->t->header + 1; x->label != NONE && row < x->r->v.n_rows; row++) {
        struct str text = view_text(&x->r->v, row, x->label);
        if (text.n > 0) {
            bool again = map_get(&x->labels, text, NULL);
            map_put(x->r->work, &x->labels, text, again ? SEVERAL : row);
        }
    }
}

/* Where a line stands now; NONE, refused. */
static uint32_t find_line(struct form_reader *x, const struct form_line *l)
{
    uint32_t row = NONE;
    if (x->label == NONE) {
        return l->row;
    }
    (void)map_get(&x->labels, str_trim(l->label), &row);
    if (row >= SEVERAL) {
        refuse(x, l->row, x->label, IMPORT_SAYS_FORM_LINE, l->label, STR(""));
        return NONE;
    }
    return row;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static uint32_t datum_named(const struct import_asked *q, struct str name)
{
    uint32_t i = 0;
    while (i < q->n_datums && !str_eq(q->ids[i], name)) {
        i++;
    }
    return i < q->n_datums ? i : NONE;
}

/* Whose a line is; NONE, refused. */
static uint32_t unit_of(struct form_reader *x, const struct form_line *l, uint32_t row)
{
    const struct import_names *n = x->r->n;
    const struct import_asked *q = import_asked_of(n);
    uint32_t unit = NONE;
    if (l->unit.n == 0) {
        unit = q->within != NONE && n->owes[q->within] ? q->within : NONE;
        if (unit == NONE) {
            refuse(x, row, NONE, IMPORT_SAYS_UNIT_OF_WHOM, STR(""), STR(""));
        }
        return unit;
    }
    if (!tree_unit_of_code(q->tree, l->unit, &unit)) {
        refuse(x, row, NONE, IMPORT_SAYS_UNIT_UNKNOWN, l->unit, STR(""));
        return NONE;
    }
    if (!n->owes[unit]) {
        refuse(x, row, NONE, IMPORT_SAYS_UNIT_NOT_ASKED, l->unit, import_unit_name(n, unit));
        return NONE;
    }
    return unit;
}

static void say(struct form_reader *x, uint32_t unit, uint32_t row, struct str about,
                struct str text)
{
    struct import_run *run = x->r->run;
    struct import_entry *e = import_entry_of(x->r, unit, import_at(x->r, row, 0));
    const struct import_said said = {str_dup(run->a, about), str_dup(run->a, text)};
    vec_push(run->a, &e->said, said);
}

static void read_cell(struct form_reader *x, uint32_t line, uint32_t k, uint32_t unit, uint32_t row)
{
    const struct form_cell c = form_cell(x->t, line, k);
    uint32_t column = x->columns[k];
    if (c.role == FORM_ROLE_EXPLAIN && column != NONE && c.name.n > 0) {
        struct str text = view_shown_text(&x->r->v, row, column);
        if (!str_eq(text, str_trim(c.exported))) {
            say(x, unit, row, c.name, text);
        }
        return;
    }
    uint32_t datum = c.role == FORM_ROLE_VALUE && column != NONE
                         ? datum_named(import_asked_of(x->r->n), c.name)
                         : NONE;
    if (datum != NONE) {
        struct import_claim claim = {unit, datum, row, column, c.measure, NULL, &c.exported};
        import_take(x->r, &claim);
    }
}

static void read_line(struct form_reader *x, uint32_t line)
{
    const struct form_line *l = &x->t->lines.items[line];
    uint32_t row = find_line(x, l);
    uint32_t unit = row != NONE ? unit_of(x, l, row) : NONE;
    if (unit == NONE) {
        return;
    }
    struct import_place at = import_at(x->r, row, x->label != NONE ? x->label : 0);
    struct import_entry *e = import_entry_of(x->r, unit, at);
    e->seen = l->seen > e->seen ? l->seen : e->seen;
    for (uint32_t k = 0; k < x->t->columns.n; k++) {
        read_cell(x, line, k, unit, row);
    }
}

/* ---- added explanations --------------------------------------------------------------------- */

static struct str text_in(const struct form_reader *x, uint32_t row, enum form_role role,
                          uint32_t *column)
{
    *column = NONE;
    for (uint32_t k = 0; k < x->t->columns.n; k++) {
        if (x->t->columns.items[k].role == role && x->columns[k] != NONE) {
            *column = x->columns[k];
            return view_shown_text(&x->r->v, row, x->columns[k]);
        }
    }
    return STR("");
}

/* What an explanation is about: an item by its name, else a check as it is written. */
static struct str about_of(const struct form_reader *x, struct str text)
{
    const struct import_asked *q = import_asked_of(x->r->n);
    uint32_t datum = datum_named(q, text);
    for (uint32_t i = 0; i < q->n_datums && datum == NONE; i++) {
        datum = str_eq(q->datums[i]->name, text) ? i : NONE;
    }
    for (uint32_t i = 0; i < q->plan->n_commitments && datum == NONE; i++) {
        const struct commitment *k = &q->plan->commitments[i];
        if (k->kind == CK_CHECK && (str_eq(k->id, text) || str_eq(k->name, text))) {
            return k->id;
        }
    }
    return datum != NONE ? q->ids[datum] : STR("");
}

static void read_added(struct form_reader *x)
{
    bool *known = ARENA_ARRAY(x->r->work, bool, x->r->v.n_rows + 1U);
    for (uint32_t i = 0; i < x->t->lines.n; i++) {
        uint32_t row = x->t->lines.items[i].row;
        if (row < x->r->v.n_rows) {
            known[row] = true;
        }
    }
    for (uint32_t row = x->t->header + 1; row < x->r->v.n_rows; row++) {
        uint32_t whose = NONE;
        uint32_t at = NONE;
        uint32_t column = NONE;
        struct str unit = text_in(x, row, FORM_ROLE_UNIT, &whose);
        struct str about = text_in(x, row, FORM_ROLE_ABOUT, &at);
        struct str text = text_in(x, row, FORM_ROLE_EXPLAIN, &column);
        if (known[row] || text.n == 0) {
            continue;
        }
        struct import_whom w = import_unit(x->r->work, x->r->n, unit, NONE);
        struct str of = about_of(x, about);
        if (w.is != IMPORT_WHOM_ONE) {
            refuse(x, row, whose, IMPORT_SAYS_UNIT_UNKNOWN, unit, w.others);
        } else if (of.n == 0) {
            refuse(x, row, at, IMPORT_SAYS_COLUMN_MANY, about, STR(""));
        } else {
            say(x, w.unit, row, of, text);
        }
    }
}

static void read_table(struct form_reader *x)
{
    if (!open_sheet(x)) {
        return;
    }
    find_columns(x);
    find_labels(x);
    for (uint32_t i = 0; i < x->t->lines.n; i++) {
        read_line(x, i);
    }
    if (x->t->lines_are == FORM_LINES_NOTES) {
        read_added(x);
    }
}

bool import_form(struct import_reader *r)
{
    struct form_sheet f;
    struct err e = {0};
    enum rc rc = form_sheet_read(r->work, r->grid, &f, &e);
    struct form_reader x = {.r = r, .f = &f};
    if (rc == RC_NOT_FOUND) {
        return false;
    }
    r->run->files.items[r->file].exported = true;
    if (rc != RC_OK) {
        refuse(&x, NONE, NONE, IMPORT_SAYS_FORM_DAMAGED, str_from_cstr(e.primary_en),
               str_from_cstr(e.primary_zh));
    } else if (is_for_us(&x)) {
        for (uint32_t i = 0; i < f.tables.n; i++) {
            x.t = &f.tables.items[i];
            read_table(&x);
        }
    }
    r->sheet = 0;
    return true;
}
