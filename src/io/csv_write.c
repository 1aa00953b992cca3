/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV writer. */
#include "io/csv.h"

#include "base/buf.h"

/* Starts of a text that some spreadsheet takes for a formula. */
static const struct str formula_starts[] = {
    STR_INIT("="),  STR_INIT("+"),  STR_INIT("-"),  STR_INIT("@"),  STR_INIT("\t"),
    STR_INIT("\r"), STR_INIT("＝"), STR_INIT("＋"), STR_INIT("－"), STR_INIT("＠"),
};

/* An optional sign, digits, and at most one decimal point between digits. */
static bool is_plain_number(struct str s)
{
    uint32_t beg = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    bool point = false;
    bool digit = false; /* the byte before was one */
    for (uint32_t i = beg; i < s.n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!is_digit && (s.p[i] != '.' || point || !digit)) {
            return false;
        }
        point = point || !is_digit;
        digit = is_digit;
    }
    return digit;
}

static bool is_formula(struct str s)
{
    while (s.n > 0 && s.p[0] == '\'') {
        s = str_sub(s, 1, s.n);
    }
    for (uint32_t i = 0; i < sizeof formula_starts / sizeof *formula_starts; i++) {
        if (str_starts(s, formula_starts[i])) {
            return !is_plain_number(s);
        }
    }
    return false;
}

struct str csv_unguard(struct str field)
{
    bool guarded = field.n > 0 && field.p[0] == '\'' && is_formula(field);
    return guarded ? str_sub(field, 1, field.n) : field;
}

/*
 * White space at the ends is quoted too, because some readers trim what stands bare; so is a
 * leading U+FEFF, which at the start of the file would be taken for its byte order mark.
 */
static bool needs_quotes(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r') {
            return true;
        }
    }
    return str_trim(s).n != s.n || str_starts(s, STR("\xef\xbb\xbf"));
}

void csv_write_init(struct csv_writer *w, struct buf *out, bool bom, bool guard_formulas)
{
    *w = (struct csv_writer){.out = out, .guard_formulas = guard_formulas};
    if (bom) {
        buf_put_cp(out, 0xfeff);
    }
}

void csv_write_into(struct csv_writer *w, struct rows_sink *sink)
{
    *w = (struct csv_writer){.sink = sink};
}

void csv_write_number(struct csv_writer *w, struct str digits)
{
    if (w->sink != NULL) {
        w->sink->field(w->sink, digits, true);
    } else {
        csv_write_field(w, digits);
    }
}

void csv_write_field(struct csv_writer *w, struct str field)
{
    if (w->sink != NULL) {
        w->sink->field(w->sink, field, false);
        return;
    }
    if (w->n_fields > 0) {
        buf_putc(w->out, ',');
    }
    w->lone_empty = w->n_fields == 0 && field.n == 0;
    w->n_fields++;
    bool guard = w->guard_formulas && is_formula(field);
    if (!needs_quotes(field)) {
        buf_puts(w->out, guard ? "'" : "");
        buf_str(w->out, field);
        return;
    }
    buf_puts(w->out, guard ? "\"'" : "\"");
    for (uint32_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"') {
            buf_putc(w->out, '"');
        }
        buf_putc(w->out, field.p[i]);
    }
    buf_putc(w->out, '"');
}

void csv_write_end(struct csv_writer *w)
{
    if (w->sink != NULL) {
        w->sink->end(w->sink);
        return;
    }
    /* A row of one empty field would look like an empty line. */
    buf_puts(w->out, w->lone_empty ? "\"\"\r\n" : "\r\n");
    w->n_fields = 0;
    w->lone_empty = false;
}
