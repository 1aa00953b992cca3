/* SPDX-License-Identifier: Apache-2.0 */
/* Aligned columns and broken lines. */
#include "app/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "io/csv.h"

#define GAP         2  /* columns between two cells */
#define NARROW      8  /* no cell is broken into less, */
#define WORD        20 /* and no word up to this length */
#define WIDTH_MIN   40 /* a terminal narrower than this is treated as this wide */
#define HANG        4
#define COLUMNS_MAX 16

struct table table_new(struct arena *a, uint32_t n_columns)
{
    return (struct table){.a = a, .n_columns = n_columns < COLUMNS_MAX ? n_columns : COLUMNS_MAX};
}

void table_row(struct table *t, const struct str *cells)
{
    struct str *copy = ARENA_ARRAY(t->a, struct str, t->n_columns);
    for (uint32_t k = 0; k < t->n_columns; k++) {
        copy[k] = cells[k];
    }
    vec_push(t->a, &t->rows, copy);
}

/* Takes from *rest what fits into `width` columns: up to the last space, or at least one character.
 */
static struct str take_line(struct str *rest, uint32_t width)
{
    uint32_t used = 0;
    uint32_t end = 0;
    uint32_t space = 0;
    while (end < rest->n) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(*rest, end, &cp);
        used += utf8_cp_width(cp);
        if (used > width && end > 0) {
            break;
        }
        space = cp == ' ' ? end : space;
        end += n;
    }
    if (end < rest->n && rest->p[end] != ' ' && space > 0) {
        end = space;
    }
    struct str line = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end, rest->n);
    while (line.n > 0 && line.p[line.n - 1] == ' ') {
        line.n--;
    }
    while (rest->n > 0 && rest->p[0] == ' ') {
        *rest = str_sub(*rest, 1, rest->n);
    }
    return line;
}

/* Columns that are empty below the header get 0. */
static void natural_widths(const struct table *t, uint32_t *widths)
{
    for (uint32_t k = 0; k < t->n_columns; k++) {
        uint32_t below = 0;
        for (uint32_t i = 1; i < t->rows.n; i++) {
            uint32_t w = utf8_width(t->rows.items[i][k]);
            below = w > below ? w : below;
        }
        uint32_t head = t->rows.n > 0 ? utf8_width(t->rows.items[0][k]) : 0;
        bool shown = below > 0 || t->rows.n == 1;
        widths[k] = !shown ? 0 : head > below ? head : below;
    }
}

/* The longest run of ASCII without a space: such a word is not broken. */
static uint32_t longest_word(struct str s)
{
    uint32_t longest = 0;
    uint32_t run = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        run = s.p[i] > ' ' && s.p[i] <= '~' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest < WORD ? longest : WORD;
}

static void least_widths(const struct table *t, uint32_t *least)
{
    for (uint32_t k = 0; k < t->n_columns; k++) {
        least[k] = NARROW;
        for (uint32_t i = 0; i < t->rows.n; i++) {
            uint32_t w = longest_word(t->rows.items[i][k]);
            least[k] = w > least[k] ? w : least[k];
        }
    }
}

static uint32_t total(const uint32_t *widths, uint32_t n)
{
    uint32_t sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        sum += widths[k] > 0 ? widths[k] + (sum > 0 ? GAP : 0) : 0;
    }
    return sum;
}

static void narrow(const struct table *t, uint32_t *widths, uint32_t width)
{
    uint32_t least[COLUMNS_MAX];
    least_widths(t, least);
    bool words = true; /* whole, as long as that can be had */
    while (total(widths, t->n_columns) > width) {
        uint32_t widest = UINT32_MAX;
        for (uint32_t k = 0; k < t->n_columns; k++) {
            bool can = widths[k] > (words ? least[k] : NARROW);
            widest = can && (widest == UINT32_MAX || widths[k] > widths[widest]) ? k : widest;
        }
        if (widest == UINT32_MAX && !words) {
            return;
        }
        if (widest == UINT32_MAX) {
            words = false;
        } else {
            widths[widest]--;
        }
    }
}

/* Spaces only where something follows. */
static void print_row(const struct table *t, uint32_t row, const uint32_t *widths, struct buf *out)
{
    struct str rest[COLUMNS_MAX];
    bool more = true;
    for (uint32_t k = 0; k < t->n_columns; k++) {
        rest[k] = t->rows.items[row][k];
    }
    while (more) {
        uint32_t pending = 0;
        more = false;
        for (uint32_t k = 0; k < t->n_columns; k++) {
            if (widths[k] == 0) {
                continue;
            }
            struct str line = take_line(&rest[k], widths[k]);
            uint32_t used = utf8_width(line);
            if (line.n > 0) {
                buf_fill(out, ' ', pending);
                buf_str(out, line);
                pending = 0;
            }
            pending += (used < widths[k] ? widths[k] - used : 0) + GAP;
            more = more || rest[k].n > 0;
        }
        buf_putc(out, '\n');
    }
}

void table_print(const struct table *t, uint32_t width, struct buf *out)
{
    uint32_t widths[COLUMNS_MAX];
    natural_widths(t, widths);
    if (width > 0) {
        narrow(t, widths, width < WIDTH_MIN ? WIDTH_MIN : width);
    }
    for (uint32_t i = 0; i < t->rows.n; i++) {
        print_row(t, i, widths, out);
    }
}

void table_write(const struct table *t, struct csv_writer *w)
{
    for (uint32_t i = 0; i < t->rows.n; i++) {
        for (uint32_t k = 0; k < t->n_columns; k++) {
            csv_write_field(w, t->rows.items[i][k]);
        }
        csv_write_end(w);
    }
}

void text_print(struct str text, uint32_t indent, uint32_t width, struct buf *out)
{
    uint32_t whole = width == 0 ? UINT32_MAX : width < WIDTH_MIN ? WIDTH_MIN : width;
    uint32_t at = indent < whole - NARROW - HANG ? indent : whole - NARROW - HANG;
    struct str line = take_line(&text, whole - at);
    buf_fill(out, ' ', at);
    buf_str(out, line);
    while (text.n > 0) {
        line = take_line(&text, whole - at - HANG);
        buf_putc(out, '\n');
        buf_fill(out, ' ', at + HANG);
        buf_str(out, line);
    }
    buf_putc(out, '\n');
}
