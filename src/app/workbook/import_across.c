/* SPDX-License-Identifier: Apache-2.0 */
/* Tables across: rows of headers, and below them a row for each unit (decisions 1, 2, 7, 8). */
#include "app/workbook/import_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "io/csv.h"

struct head {
    struct import_label path[IMPORT_PATH_MAX];
    uint32_t n;
    uint32_t words;   /* of its last label */
    uint32_t row;     /* of its last label */
    struct str shown; /* 学生/女 */
    struct import_column is;
    bool wide;  /* stands over several columns, of which this one is not certain */
    bool taken; /* its figures are read */
};

struct across {
    struct import_reader *r;
    uint32_t top, bottom;
    struct head *heads;          /* n_columns of the view */
    uint32_t n_items;            /* columns that have to do with items */
    uint32_t unit, code, period; /* columns, or NONE */
    uint32_t area_now;           /* unit above, as the rows so far say */
    uint32_t section;            /* the same, of a heading between rows */
    uint32_t first_item;
};

#define WHOSE (IMPORT_BIT(UNIT) | IMPORT_BIT(CODE))

/* ---- where headers are ---------------------------------------------------------------------- */

static bool is_year(const struct sheet_cell *c)
{
    struct str s = str_trim(c->text);
    return s.n == 4 && (str_starts(s, STR("19")) || str_starts(s, STR("20"))) && s.p[2] >= '0' &&
           s.p[2] <= '9' && s.p[3] >= '0' && s.p[3] <= '9';
}

static bool is_yes_no(struct str s)
{
    static const struct str words[] = {STR_INIT("是"), STR_INIT("否"), STR_INIT("有"),
                                       STR_INIT("无"), STR_INIT("√"),  STR_INIT("×")};
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(s, words[i])) {
            return true;
        }
    }
    return false;
}

/* What the cells of a row are, for telling headers from rows of figures. */
struct row_look {
    uint32_t n, n_items, n_figures, n_timed;
    uint32_t n_years; /* numbers that may be years */
    uint32_t words;
    uint32_t first, last_item;
};

static struct row_look look(const struct import_reader *r, uint32_t row)
{
    struct row_look l = {.first = NONE, .last_item = NONE};
    const struct workbook_row *cells = grid_row(r->v.sheet, row);
    struct arena_mark mark = arena_mark(r->work);
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct import_label label;
        struct str text = str_trim(cells->cells[i].text);
        if (text.n == 0) {
            continue;
        }
        l.n++;
        l.first = l.first == NONE ? cells->cells[i].column : l.first;
        import_label(r->work, r->n, text, &label);
        bool item = label.item;
        bool timed = (label.timed && label.key.n == 0) || is_year(&cells->cells[i]);
        l.n_items += item ? 1 : 0;
        l.last_item = item ? cells->cells[i].column : l.last_item;
        l.n_timed += timed ? 1 : 0;
        l.n_years += is_year(&cells->cells[i]) ? 1 : 0;
        l.words |= label.words;
        l.n_figures += !item && !timed && label.words == 0 &&
                       (view_is_figure(&cells->cells[i]) || is_yes_no(text));
    }
    arena_rewind(r->work, mark);
    return l;
}

/* A unit beside its label: 学校名称 | 第一小学 is no header. */
static bool names_a_unit(const struct import_reader *r, uint32_t row)
{
    const struct workbook_row *cells = grid_row(r->v.sheet, row);
    struct arena_mark mark = arena_mark(r->work);
    bool found = false;
    for (uint32_t i = 0; cells != NULL && i < cells->n && !found; i++) {
        struct str text = str_trim(cells->cells[i].text);
        struct import_label label;
        import_label(r->work, r->n, text, &label);
        if (text.n > 0 && label.words == 0 && !label.item) {
            enum import_whom_is is = import_unit(r->work, r->n, text, NONE).is;
            found = is == IMPORT_WHOM_ONE || is == IMPORT_WHOM_MANY;
        }
    }
    arena_rewind(r->work, mark);
    return found;
}

static uint32_t next_row(const struct import_reader *r, uint32_t row)
{
    do {
        row++;
    } while (row < r->v.n_rows && view_row_blank(&r->v, row));
    return row;
}

/* A header may begin here. Rows of labels with their values beside them do not. */
static bool may_start(const struct import_reader *r, uint32_t row, const struct row_look *l)
{
    bool whose = (l->words & (WHOSE | IMPORT_BIT(AREA) | IMPORT_BIT(EITHER))) != 0;
    if (l->n < 2 || l->n_figures > 0 || (!whose && l->n_years > 0) || names_a_unit(r, row)) {
        return false;
    }
    if (whose) {
        return true;
    }
    uint32_t below = next_row(r, row);
    struct row_look next = {.n = 0};
    if (below < r->v.n_rows) {
        next = look(r, below);
    }
    return l->n_items >= 1 && next.n_items == 0;
}

static bool has_colon(struct str s)
{
    return str_find(s, STR(":"), 0) != STR_NONE || str_find(s, STR("："), 0) != STR_NONE;
}

static bool is_title_text(struct str s)
{
    static const struct str ends[] = {STR_INIT("表"),   STR_INIT("统计"), STR_INIT("汇总"),
                                      STR_INIT("一览"), STR_INIT("台账"), STR_INIT("名单")};
    for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends(s, ends[i])) {
            return true;
        }
    }
    return has_colon(s);
}

/* The row above a header belongs to it: titles of groups of columns, not of the table. */
static bool is_group_row(const struct across *t, uint32_t row)
{
    const struct import_view *v = &t->r->v;
    const struct workbook_row *cells = grid_row(v->sheet, row);
    uint32_t n = 0;
    bool merged = false;
    bool timed = true;
    uint32_t first = NONE;
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        const struct sheet_cell *c = &cells->cells[i];
        struct str text = str_trim(c->text);
        const struct workbook_range *m = view_range(v, row, c->column);
        if (text.n == 0) {
            continue;
        }
        if (is_title_text(text)) {
            return false;
        }
        struct import_years y = import_years_of(t->r->work, t->r->n, text);
        n++;
        first = first == NONE ? c->column : first;
        merged |= m != NULL && m->last_column > m->column && m->column > v->first_column;
        timed &= y.any;
    }
    bool behind = first != NONE && first > v->first_column;
    return n > 0 && (merged || (behind && (n > 1 || timed)));
}

/* The range of a header cell goes on below the block. */
static uint32_t merged_bottom(const struct across *t)
{
    uint32_t bottom = t->bottom;
    for (uint32_t row = t->top; row <= t->bottom; row++) {
        for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
            const struct workbook_range *m = view_range(&t->r->v, row, c);
            if (m != NULL && m->row >= t->top && m->last_row > bottom &&
                m->last_row < t->top + IMPORT_PATH_MAX) {
                bottom = m->last_row;
            }
        }
    }
    return bottom;
}

/* Another row of headers: nothing in the columns of units, and no figures. */
static bool is_continued(const struct across *t, uint32_t row)
{
    const struct import_view *v = &t->r->v;
    struct row_look l = row < v->n_rows ? look(t->r, row) : (struct row_look){.n = 0};
    bool whose = false;
    bool years = l.n_timed == l.n;
    if (l.n == 0 || l.n_figures > 0 || (l.n_years > 0 && !years) ||
        row - t->top >= IMPORT_PATH_MAX || (l.n == 1 && (l.words & IMPORT_BIT(SUM)) != 0)) {
        return false;
    }
    for (uint32_t c = 0; c < v->n_columns; c++) {
        struct import_label label;
        import_label(t->r->work, t->r->n, view_shown_text(v, t->bottom, c), &label);
        if ((label.words & (WHOSE | IMPORT_BIT(AREA))) != 0) {
            whose = true;
            if (view_text(v, row, c).n > 0) {
                return false;
            }
        }
    }
    return whose || l.n_timed == l.n;
}

/* ---- headers -------------------------------------------------------------------------------- */

/* The cell that heads a column in a row of the block, also from the left (decision 2). */
static bool head_cell(const struct across *t, uint32_t row, uint32_t column, uint32_t *from_row,
                      uint32_t *from)
{
    const struct import_view *v = &t->r->v;
    const struct workbook_range *m = view_range(v, row, column);
    *from_row = m != NULL ? m->row : row;
    *from = m != NULL ? m->column : column;
    if (view_text(v, *from_row, *from).n > 0) {
        return true;
    }
    bool below = false;
    for (uint32_t k = row + 1; k <= t->bottom; k++) {
        below |= view_text(v, k, column).n > 0;
    }
    for (uint32_t c = column; m == NULL && below && c-- > 0;) {
        const struct workbook_range *left = view_range(v, row, c);
        if (left != NULL) {
            return false; /* what is merged says itself how far it goes */
        }
        if (view_text(v, row, c).n > 0) {
            struct import_label label;
            import_label(t->r->work, t->r->n, view_text(v, row, c), &label);
            *from = c;
            return (label.words & (WHOSE | IMPORT_BIT(AREA) | IMPORT_BIT(ASIDE))) == 0;
        }
    }
    return false;
}

static void read_head(const struct across *t, uint32_t column, struct head *h)
{
    struct buf b;
    uint32_t last_row = NONE;
    uint32_t last = NONE;
    *h = (struct head){.row = t->bottom, .is = {.datum = NONE}};
    buf_init_in(&b, t->r->work, 1 << 16);
    for (uint32_t row = t->top; row <= t->bottom && h->n < IMPORT_PATH_MAX; row++) {
        uint32_t from_row = 0;
        uint32_t from = 0;
        if (!head_cell(t, row, column, &from_row, &from) ||
            (from_row == last_row && from == last)) {
            continue;
        }
        last_row = from_row;
        last = from;
        struct import_label *label = &h->path[h->n];
        import_label(t->r->work, t->r->n, view_text(&t->r->v, from_row, from), label);
        buf_printf(&b, "%s%.*s", h->n > 0 ? "/" : "", PS(label->shown));
        h->words = label->words;
        h->row = from_row;
        h->n++;
    }
    h->shown = buf_view(&b);
    if (h->n > 0) {
        h->is = import_item(t->r->work, t->r->n, h->path, h->n);
    }
}

static void read_heads(struct across *t)
{
    t->heads = ARENA_ARRAY(t->r->work, struct head, t->r->v.n_columns + 1U);
    t->n_items = 0;
    t->first_item = NONE;
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        read_head(t, c, &t->heads[c]);
        bool item = t->heads[c].is.is == IMPORT_COLUMN_ITEM;
        t->n_items += t->heads[c].is.is != IMPORT_COLUMN_UNKNOWN ? 1 : 0;
        t->first_item = item && t->first_item == NONE ? c : t->first_item;
    }
}

/* A block of headers around `row`; false: none. */
static bool find_block(struct across *t, uint32_t row, const bool *taken)
{
    t->top = row;
    t->bottom = row;
    t->bottom = merged_bottom(t);
    while (t->bottom + 1 < t->r->v.n_rows && is_continued(t, t->bottom + 1)) {
        t->bottom++;
        t->bottom = merged_bottom(t);
    }
    while (t->top > 0 && t->bottom - t->top + 1 < IMPORT_PATH_MAX && !taken[t->top - 1] &&
           is_group_row(t, t->top - 1)) {
        t->top--;
    }
    read_heads(t);
    return t->n_items > 0;
}

/* ---- columns -------------------------------------------------------------------------------- */

static uint32_t body_end(const struct across *t)
{
    for (uint32_t row = t->bottom + 1; row < t->r->v.n_rows; row++) {
        struct row_look l = look(t->r, row);
        if (l.n >= 2 && l.n_figures + l.n_years == 0 &&
            (l.n_items >= 2 || (l.n_items >= 1 && (l.words & (WHOSE | IMPORT_BIT(AREA))) != 0))) {
            return row;
        }
    }
    return t->r->v.n_rows;
}

static uint32_t filled(const struct across *t, uint32_t column, uint32_t end)
{
    uint32_t n = 0;
    for (uint32_t row = t->bottom + 1; row < end; row++) {
        n += view_text(&t->r->v, row, column).n > 0 ? 1 : 0;
    }
    return n;
}

static bool has_figures(const struct across *t, uint32_t column, uint32_t end)
{
    for (uint32_t row = t->bottom + 1; row < end; row++) {
        if (view_is_figure(view_cell(&t->r->v, row, column))) {
            return true;
        }
    }
    return false;
}

/* How many cells of a column name units that are asked. */
static uint32_t names_units(const struct across *t, uint32_t column, uint32_t end)
{
    uint32_t n = 0;
    uint32_t seen = 0;
    for (uint32_t row = t->bottom + 1; row < end && seen < 50; row++) {
        struct str text = view_text(&t->r->v, row, column);
        struct arena_mark mark = arena_mark(t->r->work);
        if (text.n > 0) {
            struct import_whom w = import_unit(t->r->work, t->r->n, text, NONE);
            n += w.is == IMPORT_WHOM_ONE || w.is == IMPORT_WHOM_MANY ? 1 : 0;
            seen++;
        }
        arena_rewind(t->r->work, mark);
    }
    return n;
}

/*
 * Of the columns headed by a word for units the one that names most of them; without such a word
 * one beside the items that names some.
 */
static void find_whose(struct across *t, uint32_t end)
{
    uint32_t best[2] = {0, 0};
    t->unit = t->code = t->period = NONE;
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        const struct head *h = &t->heads[c];
        bool heads_units =
            (h->words & (IMPORT_BIT(UNIT) | IMPORT_BIT(EITHER) | IMPORT_BIT(AREA))) != 0;
        bool open = h->n == 0 || heads_units ||
                    (h->is.is == IMPORT_COLUMN_UNKNOWN && (h->words & IMPORT_BIT(ASIDE)) == 0);
        uint32_t which = (h->words & IMPORT_BIT(CODE)) != 0;
        uint32_t named = open || which == 1 ? names_units(t, c, end) : 0;
        named = named * 2 + ((h->words & IMPORT_BIT(UNIT)) != 0 ? 1 : 0);
        uint32_t *to = which == 1 ? &t->code : &t->unit;
        if (named > best[which] || (named > 0 && *to == NONE)) {
            best[which] = named;
            *to = c;
        }
        if ((h->words & IMPORT_BIT(PERIOD)) != 0 && h->is.is != IMPORT_COLUMN_ITEM) {
            t->period = c;
        }
    }
}

/* A header over several columns means one of them only when the others hold nothing. */
static void find_wide(struct across *t, uint32_t end)
{
    const struct import_view *v = &t->r->v;
    for (uint32_t c = 0; c < v->n_columns; c++) {
        struct head *h = &t->heads[c];
        const struct workbook_range *m = view_range(v, h->row, c);
        if (h->is.is != IMPORT_COLUMN_ITEM || h->n == 0) {
            continue;
        }
        if (m != NULL && m->last_column > m->column) {
            uint32_t n = 0;
            uint32_t only = m->column;
            for (uint32_t k = m->column; k <= m->last_column && k < v->n_columns; k++) {
                if (filled(t, k, end) > 0) {
                    only = k;
                    n++;
                }
            }
            h->wide = n > 1;
            h->is.is = n <= 1 && c != only ? IMPORT_COLUMN_OTHER : h->is.is;
            h->n = n <= 1 && c != only ? 0 : h->n;
        } else if (c + 1 < v->n_columns && t->heads[c + 1].n == 0 && c + 1 != t->unit &&
                   c + 1 != t->code && has_figures(t, c + 1, end)) {
            h->wide = true;
        }
    }
}

static void tell_head(struct across *t, uint32_t c, uint32_t end)
{
    struct import_reader *r = t->r;
    struct head *h = &t->heads[c];
    const struct datum *d = h->is.datum < import_asked_of(r->n)->n_datums
                                ? import_asked_of(r->n)->datums[h->is.datum]
                                : NULL;
    struct import_place at = import_at(r, h->row, c);
    bool around = (h->words & ~IMPORT_BIT(GENERAL) & ~IMPORT_BIT(BEFORE)) != 0 || c == t->unit;
    if (h->n == 0 || (filled(t, c, end) == 0 && h->is.is != IMPORT_COLUMN_ITEM)) {
        return;
    }
    switch (h->is.is) {
    case IMPORT_COLUMN_UNKNOWN:
        if (!around) {
            import_say(r, at, IMPORT_SAYS_COLUMN_UNKNOWN, h->shown,
                       import_item_near(r->n, h->path[h->n - 1].shown));
        }
        break;
    case IMPORT_COLUMN_OTHER:
        import_say(r, at, IMPORT_SAYS_COLUMN_OTHER, h->shown, STR(""));
        break;
    case IMPORT_COLUMN_MANY:
        import_say(r, at, IMPORT_SAYS_COLUMN_MANY, h->shown, STR(""));
        break;
    case IMPORT_COLUMN_NARROWED:
        import_say(r, at, IMPORT_SAYS_COLUMN_NARROWED, h->shown, d->name);
        break;
    case IMPORT_COLUMN_ITEM:
        if (h->wide) {
            import_say_of(r, at, IMPORT_SAYS_COLUMN_WIDE, h->shown, STR(""), NONE, h->is.datum);
            break;
        }
        h->taken = true;
        if (h->is.loose) {
            import_say(r, at, IMPORT_SAYS_COLUMN_LOOSE, h->shown, d->name);
        }
        if (view_column_hidden(&r->v, c)) {
            import_say(r, at, IMPORT_SAYS_HIDDEN_COLUMN, h->shown, STR(""));
        }
        break;
    }
}

static void tell_missing(struct across *t)
{
    const struct import_asked *q = import_asked_of(t->r->n);
    for (uint32_t i = 0; i < q->n_datums; i++) {
        bool there = false;
        for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
            there |= t->heads[c].is.datum == i && t->heads[c].n > 0;
        }
        if (!there) {
            import_say(t->r, import_at(t->r, NONE, NONE), IMPORT_SAYS_ITEM_MISSING,
                       q->datums[i]->name, STR(""));
        }
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Figures stand in columns that are read. */
static bool row_has_values(const struct across *t, uint32_t row)
{
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        if (t->heads[c].taken && view_text(&t->r->v, row, c).n > 0) {
            return true;
        }
    }
    return false;
}

static bool is_counter(struct str s)
{
    static const struct str letters =
        STR_INIT("甲 乙 丙 丁 戊 己 庚 辛 壬 癸 A B C D E 栏次 行次 — -");
    struct str rest = letters;
    struct str one = STR("");
    bool found = false;
    while (!found && str_split(&rest, ' ', &one)) {
        found = str_eq(s, one);
    }
    return found;
}

/* 甲 乙 1 2 3: numbers of columns below the header. */
static bool is_numbers_row(const struct across *t, uint32_t row)
{
    const struct workbook_row *cells = grid_row(t->r->v.sheet, row);
    int64_t last = 0;
    uint32_t n = 0;
    uint32_t letters = 0;
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct str s = str_trim(cells->cells[i].text);
        struct rat number;
        int64_t value = 0;
        if (s.n == 0) {
            continue;
        }
        bool within = s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')';
        s = within ? str_sub(s, 1, s.n - 1) : s;
        if (is_counter(s)) {
            letters++;
        } else if (!rat_parse_decimal(t->r->work, s, &number) || !rat_to_int64(number, &value) ||
                   (last > 0 && value != last + 1) || value > 500) {
            return false;
        } else {
            last = value;
            n++;
        }
    }
    struct str whose = t->unit != NONE ? view_text(&t->r->v, row, t->unit) : STR("");
    struct import_whom w = import_unit(t->r->work, t->r->n, whose, NONE);
    return n > 0 && w.is == IMPORT_WHOM_NONE && (n >= 2 || letters > 0);
}

static bool says_sum(struct import_reader *r, struct str text)
{
    static const struct str ends[] = {STR_INIT("合计"),   STR_INIT("小计"),   STR_INIT("总计"),
                                      STR_INIT("共计"),   STR_INIT("汇总"),   STR_INIT("平均"),
                                      STR_INIT("合计数"), STR_INIT("平均值"), STR_INIT("总和")};
    struct import_label label;
    if (text.n == 0) {
        return false;
    }
    import_label(r->work, r->n, text, &label);
    bool sum = (label.words & IMPORT_BIT(SUM)) != 0 || str_starts(label.key, STR("其中")) ||
               str_eq(label.key, STR("计"));
    for (uint32_t i = 0; !sum && i < sizeof ends / sizeof *ends; i++) {
        sum = str_ends(label.key, ends[i]) || str_starts(label.key, ends[i]);
    }
    return sum && import_unit(r->work, r->n, text, NONE).is == IMPORT_WHOM_NONE;
}

/* A summary row says so in a column before its figures. */
static bool is_sum_row(const struct across *t, uint32_t row, struct str *text)
{
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        bool label = c < t->first_item || c == t->unit || c == t->code;
        *text = view_text(&t->r->v, row, c);
        if (label && says_sum(t->r, *text)) {
            return true;
        }
    }
    return false;
}

/* 注：…, 填表人：…: remarks and signatures below a table. */
static bool is_remark_row(const struct across *t, uint32_t row)
{
    const struct workbook_row *cells = grid_row(t->r->v.sheet, row);
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct str text = str_trim(cells->cells[i].text);
        struct import_label label;
        uint32_t colon = 0;
        if (text.n == 0) {
            continue;
        }
        while (colon < text.n && text.p[colon] != ':' &&
               !str_starts(str_sub(text, colon, text.n), STR("："))) {
            colon++;
        }
        import_label(t->r->work, t->r->n, str_sub(text, 0, colon), &label);
        bool note = (label.words & IMPORT_BIT(NOTE)) != 0;
        bool sign = (label.words & IMPORT_BIT(SIGN)) != 0;
        return note || (sign && colon < text.n) || (sign && !row_has_values(t, row)) ||
               (str_starts(label.key, STR("注")) && label.key.n <= 6 && !row_has_values(t, row));
    }
    return false;
}

static void refuse_row(struct across *t, uint32_t row, enum import_says says, struct str a,
                       struct str b, uint32_t unit)
{
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        if (t->heads[c].taken && view_text(&t->r->v, row, c).n > 0) {
            import_say_of(t->r, import_at(t->r, row, c), says, a, b, unit, t->heads[c].is.datum);
        }
    }
}

static struct str code_text(const struct across *t, uint32_t row, enum clean_fault *fault)
{
    struct clean_value v;
    const struct clean_ask ask = {.want = CLEAN_CODE, .csv = t->r->grid->book.kind == WORKBOOK_CSV};
    *fault = CLEAN_FAULT_OK;
    if (t->code == NONE) {
        return STR("");
    }
    cell_clean(t->r->work, view_shown(&t->r->v, row, t->code), &ask, &v);
    *fault = v.fault;
    return v.state == CLEAN_VALUE ? v.text : STR("");
}

/* The unit above that the columns of a row name; t->area_now is of the rows so far. */
static uint32_t row_area(struct across *t, uint32_t row)
{
    uint32_t named = NONE;
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        const struct head *h = &t->heads[c];
        if (c == t->unit || (h->words & (IMPORT_BIT(AREA) | IMPORT_BIT(UNIT))) == 0 ||
            h->is.is == IMPORT_COLUMN_ITEM) {
            continue;
        }
        struct str text = view_shown_text(&t->r->v, row, c);
        uint32_t area = text.n > 0 ? import_area(t->r->work, t->r->n, text) : NONE;
        named = area != NONE ? area : named;
    }
    t->area_now = named != NONE ? named : t->area_now;
    return named;
}

/* Names that are alike by one being within the other. */
static bool names_fit(const struct across *t, struct str name, uint32_t unit)
{
    struct str written = import_fold(t->r->work, name);
    struct str known = import_fold(t->r->work, import_unit_name(t->r->n, unit));
    return str_find(known, written, 0) != STR_NONE || str_find(written, known, 0) != STR_NONE;
}

static bool say_whom(struct import_reader *r, struct import_place at, struct str text,
                     const struct import_whom *w, enum import_says *why, struct str *b)
{
    struct str name = w->unit != NONE ? import_unit_name(r->n, w->unit) : STR("");
    *b = w->others;
    switch (w->is) {
    case IMPORT_WHOM_ONE:
        if (w->former || w->partly) {
            import_say(r, at, w->former ? IMPORT_SAYS_UNIT_FORMER : IMPORT_SAYS_UNIT_PARTLY, text,
                       name);
        }
        return true;
    case IMPORT_WHOM_NONE:
        *why = IMPORT_SAYS_UNIT_UNKNOWN;
        break;
    case IMPORT_WHOM_MANY:
        *why = IMPORT_SAYS_UNIT_MANY;
        break;
    case IMPORT_WHOM_NOT_ASKED:
        *why = IMPORT_SAYS_UNIT_NOT_ASKED;
        break;
    }
    return false;
}

/* Whose row it is; NONE: refused, with why. */
static uint32_t row_unit(struct across *t, uint32_t row, enum import_says *why, struct str *a,
                         struct str *b)
{
    struct import_reader *r = t->r;
    enum clean_fault fault;
    uint32_t named = row_area(t, row);
    uint32_t area = t->area_now != NONE ? t->area_now : t->section != NONE ? t->section : r->area;
    struct str code = code_text(t, row, &fault);
    struct str name = t->unit != NONE ? view_shown_text(&r->v, row, t->unit) : STR("");
    struct import_place at = import_at(r, row, name.n > 0 ? t->unit : t->code);
    struct import_whom by_code = {.is = IMPORT_WHOM_NONE, .unit = NONE};
    struct import_whom w = {.is = IMPORT_WHOM_NONE, .unit = NONE};
    if (code.n > 0) {
        by_code = import_unit(r->work, r->n, code, NONE);
    }
    if (name.n > 0) {
        w = import_unit(r->work, r->n, name, NONE);
        /* A unit above, where several bear the name; one that a column names must fit. */
        w = w.is == IMPORT_WHOM_MANY && area != NONE ? import_unit(r->work, r->n, name, area) : w;
        w = w.is == IMPORT_WHOM_NONE && area != NONE ? import_unit(r->work, r->n, name, area) : w;
        if (w.is == IMPORT_WHOM_MANY && r->folder_area != NONE) {
            w = import_unit(r->work, r->n, name, r->folder_area);
        }
    }
    *a = name.n > 0 ? name : code;
    if (by_code.is == IMPORT_WHOM_ONE && name.n > 0 && w.unit != by_code.unit &&
        !(w.is != IMPORT_WHOM_ONE && names_fit(t, name, by_code.unit))) {
        *why = IMPORT_SAYS_UNIT_CODE;
        *b = import_unit_name(r->n, by_code.unit);
        return NONE;
    }
    bool coded = by_code.is == IMPORT_WHOM_ONE || (name.n == 0 && code.n > 0);
    if (!say_whom(r, at, *a, coded ? &by_code : &w, why, b)) {
        return NONE;
    }
    uint32_t unit = coded ? by_code.unit : w.unit;
    if (named != NONE && !import_below(r->n, unit, named) && !coded) {
        *why = IMPORT_SAYS_UNIT_AREA;
        *b = import_unit_name(r->n, named);
        return NONE;
    }
    return unit;
}

/* A figure merged over other rows or columns that are read; of one unit's own rows it is fine. */
static bool is_shared(const struct across *t, uint32_t row, uint32_t column)
{
    const struct workbook_range *m = view_range(&t->r->v, row, column);
    if (m == NULL) {
        return false;
    }
    const struct workbook_range *of = t->unit != NONE ? view_range(&t->r->v, row, t->unit) : NULL;
    bool own_rows = of != NULL && of->row == m->row && of->last_row == m->last_row;
    bool shared = m->row != m->last_row && !own_rows;
    for (uint32_t c = m->column; c <= m->last_column && c < t->r->v.n_columns; c++) {
        shared |= c != column && t->heads[c].taken;
    }
    return shared;
}

static void take_row(struct across *t, uint32_t row, uint32_t unit)
{
    struct import_place at = import_at(t->r, row, t->unit != NONE ? t->unit : t->first_item);
    (void)import_entry_of(t->r, unit, at);
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        const struct head *h = &t->heads[c];
        if (!h->taken) {
            continue;
        }
        if (is_shared(t, row, c)) {
            if (view_shown_text(&t->r->v, row, c).n > 0) {
                import_say_of(t->r, import_at(t->r, row, c), IMPORT_SAYS_MERGED, STR(""), STR(""),
                              unit, h->is.datum);
            }
            continue;
        }
        struct import_claim claim = {unit, h->is.datum, row, c, h->is.measure, NULL, NULL};
        import_take(t->r, &claim);
    }
}

/* The rows after the first of a unit that is merged over them, with nothing of their own. */
static bool belongs_above(const struct across *t, uint32_t row)
{
    const struct workbook_range *m = t->unit != NONE ? view_range(&t->r->v, row, t->unit) : NULL;
    bool own = false;
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        own |= t->heads[c].taken && view_text(&t->r->v, row, c).n > 0;
    }
    return m != NULL && m->row < row && !own;
}

static bool is_other_period(struct across *t, uint32_t row)
{
    struct import_label label;
    struct str text = t->period != NONE ? view_shown_text(&t->r->v, row, t->period) : STR("");
    if (text.n == 0) {
        return false;
    }
    import_label(t->r->work, t->r->n, text, &label);
    if (label.timed && !label.now) {
        import_say(t->r, import_at(t->r, row, t->period), IMPORT_SAYS_ROW_OTHER, text, STR(""));
    }
    return label.timed && !label.now;
}

/* A heading between rows: it may name the unit above those that follow. */
static void read_section(struct across *t, uint32_t row)
{
    const struct workbook_row *cells = grid_row(t->r->v.sheet, row);
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct str text = str_trim(cells->cells[i].text);
        if (text.n > 0) {
            struct import_label label;
            import_label(t->r->work, t->r->n, text, &label);
            t->section = import_area(t->r->work, t->r->n, label.key);
            import_say(t->r, import_at(t->r, row, cells->cells[i].column), IMPORT_SAYS_SECTION,
                       text, STR(""));
            return;
        }
    }
}

static void read_row(struct across *t, uint32_t row)
{
    struct import_reader *r = t->r;
    struct str text = STR("");
    struct str b = STR("");
    enum import_says why = IMPORT_SAYS_UNIT_NONE;
    bool values = row_has_values(t, row);
    struct str name = t->unit != NONE ? view_shown_text(&r->v, row, t->unit) : STR("");
    struct str code = t->code != NONE ? view_shown_text(&r->v, row, t->code) : STR("");
    if (is_sum_row(t, row, &text)) {
        import_say(r, import_at(r, row, NONE), IMPORT_SAYS_SUM_ROW, text, STR(""));
        return;
    }
    if (is_remark_row(t, row) || belongs_above(t, row) || is_other_period(t, row)) {
        return;
    }
    if (name.n == 0 && code.n == 0) {
        if (values) {
            refuse_row(t, row, IMPORT_SAYS_UNIT_NONE, STR(""), STR(""), NONE);
        } else {
            read_section(t, row);
        }
        return;
    }
    uint32_t unit = row_unit(t, row, &why, &text, &b);
    if (unit == NONE && !values && look(r, row).n == 1) {
        read_section(t, row);
        return;
    }
    if (view_row_hidden(&r->v, row)) {
        import_say(r, import_at(r, row, NONE), IMPORT_SAYS_HIDDEN_ROW, STR(""), STR(""));
    }
    if (unit == NONE) {
        import_say(r, import_at(r, row, name.n > 0 ? t->unit : t->code), why, text, b);
        refuse_row(t, row, why, text, b, NONE);
        return;
    }
    take_row(t, row, unit);
}

/* A table without a column of units is that of one unit, in one row. */
static void read_single(struct across *t, uint32_t end)
{
    uint32_t only = NONE;
    uint32_t n = 0;
    struct str text;
    for (uint32_t row = t->bottom + 1; row < end; row++) {
        bool numbers = n == 0 && is_numbers_row(t, row);
        if (row_has_values(t, row) && !numbers && !is_sum_row(t, row, &text) &&
            !is_remark_row(t, row)) {
            only = n == 0 ? row : only;
            n++;
        }
    }
    if (n == 1 && t->r->unit != NONE) {
        take_row(t, only, t->r->unit);
    } else if (n > 0) {
        for (uint32_t row = t->bottom + 1; row < end; row++) {
            refuse_row(t, row, n > 1 ? IMPORT_SAYS_UNIT_NONE : IMPORT_SAYS_UNIT_OF_WHOM, STR(""),
                       STR(""), NONE);
        }
    }
}

/* ---- rows of a register --------------------------------------------------------------------- */

/* The first text of a row says that it sums up others. */
static bool begins_with_sum(const struct across *t, uint32_t row)
{
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        struct str text = view_text(&t->r->v, row, c);
        if (text.n > 0) {
            return says_sum(t->r, text);
        }
    }
    return false;
}

static void put_entry(struct across *t, uint32_t row, struct csv_writer *w)
{
    struct import_reader *r = t->r;
    const struct import_asked *q = import_asked_of(r->n);
    for (uint32_t c = 0; c < r->v.n_columns; c++) {
        const struct head *h = &t->heads[c];
        if (!h->taken) {
            continue;
        }
        struct import_claim claim = {NONE, h->is.datum, row, c, h->is.measure, NULL, NULL};
        bool shared = is_shared(t, row, c) && view_shown_text(&r->v, row, c).n > 0;
        if (shared) {
            import_say_of(r, import_at(r, row, c), IMPORT_SAYS_MERGED, STR(""), STR(""), NONE,
                          h->is.datum);
        }
        struct import_cell cell = {.is = IMPORT_CELL_REFUSED};
        if (!shared) {
            cell = import_clean(r, &claim);
        }
        r->rows->bad |= cell.is == IMPORT_CELL_REFUSED;
        csv_write_field(w, cell.is == IMPORT_CELL_VALUE
                               ? cell_shown(r->work, q->datums[h->is.datum], &cell.value, false)
                               : STR(""));
    }
}

/* The table as CSV: its header, then its rows. */
static void read_entries(struct across *t, uint32_t end)
{
    const struct import_asked *q = import_asked_of(t->r->n);
    struct import_rows *x = t->r->rows;
    struct csv_writer w;
    csv_write_init(&w, x->csv, false, false);
    if (x->headed) {
        import_say(t->r, import_at(t->r, t->top, NONE), IMPORT_SAYS_HEADER_AGAIN, STR(""), STR(""));
        x->bad = true; /* two tables: which is meant cannot be told */
        return;
    }
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        if (t->heads[c].taken) {
            csv_write_field(&w, q->datums[t->heads[c].is.datum]->name);
            x->headed = true;
        }
        x->bad |= t->heads[c].wide || t->heads[c].is.is == IMPORT_COLUMN_MANY ||
                  t->heads[c].is.is == IMPORT_COLUMN_NARROWED;
    }
    csv_write_end(&w);
    for (uint32_t row = t->bottom + 1; row < end; row++) {
        bool numbers = x->n == 0 && is_numbers_row(t, row);
        if (!row_has_values(t, row) || numbers || is_remark_row(t, row)) {
            continue;
        }
        if (begins_with_sum(t, row)) {
            import_say(t->r, import_at(t->r, row, NONE), IMPORT_SAYS_SUM_ROW, STR(""), STR(""));
            continue;
        }
        put_entry(t, row, &w);
        csv_write_end(&w);
        x->n++;
    }
}

static void read_table(struct across *t, uint32_t end)
{
    bool first = true;
    find_wide(t, end);
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        tell_head(t, c, end);
    }
    t->r->found = true;
    if (t->r->rows != NULL) {
        read_entries(t, end);
        return;
    }
    tell_missing(t);
    if (t->unit == NONE && t->code == NONE) {
        read_single(t, end);
        return;
    }
    t->area_now = t->section = NONE;
    for (uint32_t row = t->bottom + 1; row < end; row++) {
        if (!view_row_blank(&t->r->v, row) && !(first && is_numbers_row(t, row))) {
            read_row(t, row);
        }
        first &= view_row_blank(&t->r->v, row);
    }
}

/* Something stands below an item. */
static bool has_body(const struct across *t, uint32_t end)
{
    for (uint32_t c = 0; c < t->r->v.n_columns; c++) {
        if (t->heads[c].is.is == IMPORT_COLUMN_ITEM && filled(t, c, end) > 0) {
            return true;
        }
    }
    return false;
}

void import_across(struct import_reader *r, bool *taken)
{
    for (uint32_t row = 0; row < r->v.n_rows; row++) {
        struct across t = {.r = r, .area_now = NONE, .section = NONE};
        struct row_look l = look(r, row);
        if (taken[row] || !may_start(r, row, &l) || !find_block(&t, row, taken)) {
            continue;
        }
        uint32_t end = body_end(&t);
        t.unit = t.code = t.period = NONE;
        if (r->rows == NULL) {
            find_whose(&t, end);
        }
        if (t.unit == NONE && t.code == NONE && !has_body(&t, end)) {
            continue; /* labels with their values beside them */
        }
        for (uint32_t i = t.top; i < end; i++) {
            taken[i] = true;
        }
        read_table(&t, end);
        row = end - 1;
    }
}
