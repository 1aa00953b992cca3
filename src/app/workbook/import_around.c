/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around the tables: whose they are, of which period, in which unit of measure. */
#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "model/uom.h"

#define AROUND_ROWS 400U /* rows in which labels are looked for */
#define PARTS_MAX   32U

/* ---- parts of a text ------------------------------------------------------------------------ */

static bool separates(uint32_t cp, bool brackets)
{
    static const uint32_t opens[] = {'(', ')', '[', ']', 0xff08, 0xff09, 0x3010, 0x3011};
    static const uint32_t marks[] = {'-',    '_',    ' ',    '+',    '/',    ',',    '.',   '~',
                                     0x3000, 0x2014, 0x2013, 0xff0c, 0x3001, 0xff1a, ':',   0x00b7,
                                     0x300a, 0x300b, '#',    0x3014, 0x3015, 0x201c, 0x201d};
    for (uint32_t i = 0; brackets && i < sizeof opens / sizeof *opens; i++) {
        if (opens[i] == cp) {
            return true;
        }
    }
    for (uint32_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i] == cp) {
            return true;
        }
    }
    return cp < 0x20;
}

/* The year, with 年 behind it, that stands at `at`; its bytes. */
static uint32_t year_bytes(struct str s, uint32_t at)
{
    bool year = at + 4 <= s.n && (str_starts(str_sub(s, at, s.n), STR("20")) ||
                                  str_starts(str_sub(s, at, s.n), STR("19")));
    for (uint32_t i = at; year && i < at + 4; i++) {
        year = s.p[i] >= '0' && s.p[i] <= '9';
    }
    struct str rest = str_sub(s, at + 4, s.n);
    return !year ? 0 : str_starts(rest, STR("年")) ? 7 : 4;
}

struct parts {
    struct str list[PARTS_MAX];
    uint32_t n;
};

static void add_part(struct parts *p, struct str s)
{
    if (s.n > 0 && p->n < PARTS_MAX) {
        p->list[p->n++] = s;
    }
}

/* What stands between the first and the last bracket: 基本情况（第一学校（分校））. */
static struct str bracketed(struct str s)
{
    uint32_t narrow = str_find(s, STR("("), 0);
    uint32_t broad = str_find(s, STR("（"), 0);
    uint32_t from = narrow < broad ? narrow + 1 : broad + 3;
    uint32_t to = s.n;
    bool ascii = false;
    while (to > 0 && !ascii && !str_ends(str_sub(s, 0, to), STR("）"))) {
        ascii = s.p[to - 1] == ')';
        to--;
    }
    to -= ascii || to < 3 ? 0 : 3;
    bool any = narrow != STR_NONE || broad != STR_NONE;
    return any && from < to ? str_sub(s, from, to) : STR("");
}

/* The text between separators and years; brackets are such, or belong to a name. */
static struct parts parts_of(struct str s, bool brackets)
{
    struct parts p = {.n = 0};
    uint32_t from = 0;
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        uint32_t step = utf8_decode(s, i, &cp);
        uint32_t year = year_bytes(s, i);
        if (separates(cp, brackets) || year > 0) {
            add_part(&p, str_sub(s, from, i));
            from = i + (year > 0 ? year : step);
            i = from;
        } else {
            i += step;
        }
    }
    add_part(&p, str_sub(s, from, s.n));
    return p;
}

/* The one unit that parts of a text name; MANY: several. */
static struct import_whom unit_of_parts(struct import_reader *r, struct str text, bool brackets)
{
    struct import_whom w = {.is = IMPORT_WHOM_NONE, .unit = NONE};
    struct parts p = parts_of(text, brackets);
    if (brackets) {
        add_part(&p, bracketed(text));
    }
    uint32_t area = r->area != NONE ? r->area : r->folder_area;
    for (uint32_t i = 0; i < p.n; i++) {
        struct import_whom one = import_unit(r->work, r->n, p.list[i], NONE);
        if (one.is == IMPORT_WHOM_MANY && area != NONE) {
            one = import_unit(r->work, r->n, p.list[i], area);
        }
        bool another = w.is == IMPORT_WHOM_ONE && one.is == IMPORT_WHOM_ONE && one.unit != w.unit;
        if (another || one.is == IMPORT_WHOM_MANY) {
            return (struct import_whom){.is = IMPORT_WHOM_MANY, .unit = NONE};
        }
        w = one.is == IMPORT_WHOM_ONE ? one : w;
    }
    return w;
}

struct import_whom import_unit_within(struct import_reader *r, struct str text)
{
    struct import_whom w = import_unit(r->work, r->n, text, NONE);
    for (int k = 0; k < 2 && w.is != IMPORT_WHOM_ONE && w.is != IMPORT_WHOM_MANY; k++) {
        w = unit_of_parts(r, text, k == 1);
    }
    return w;
}

static uint32_t area_within(struct import_reader *r, struct str text)
{
    uint32_t found = import_area(r->work, r->n, text);
    struct parts p = parts_of(text, true);
    for (uint32_t i = 0; i < p.n && found == NONE; i++) {
        found = import_area(r->work, r->n, p.list[i]);
    }
    return found;
}

/* ---- labels around -------------------------------------------------------------------------- */

struct around {
    struct import_reader *r;
    uint32_t unit;
    struct import_place at; /* where the unit stands */
    struct str name;        /* as written there */
    bool two;
    bool any_year, now_year;
    struct str year_text;
    struct import_place year_at;
    bool tables; /* a row of items has been met */
    /* Of the row at hand; most rows are never asked. */
    const struct workbook_row *row;
    enum { OPEN, NO, YES } title, several; /* may be a title; names several units */
};

/* `人、万元` as a list of units of measure. */
static bool are_measures(struct import_reader *r, struct str text)
{
    struct str one;
    struct dim dim;
    bool all = text.n > 0;
    while (all && import_next_measure(r, &text, &one, &dim)) {
        all = one.n > 0;
    }
    return all;
}

static void meet_unit(struct around *x, struct str text, struct import_place at)
{
    struct import_reader *r = x->r;
    struct import_whom w = import_unit(r->work, r->n, text, NONE);
    uint32_t area = r->area != NONE ? r->area : r->folder_area;
    if (w.is == IMPORT_WHOM_MANY && area != NONE) {
        w = import_unit(r->work, r->n, text, area);
    }
    if (w.is != IMPORT_WHOM_ONE) {
        import_say(r, at,
                   w.is == IMPORT_WHOM_MANY        ? IMPORT_SAYS_UNIT_MANY
                   : w.is == IMPORT_WHOM_NOT_ASKED ? IMPORT_SAYS_UNIT_NOT_ASKED
                                                   : IMPORT_SAYS_UNIT_UNKNOWN,
                   text, w.others);
        x->two = true; /* somebody is named, but nobody known */
        return;
    }
    if (x->unit != NONE && x->unit != w.unit) {
        x->two = true;
        import_say(r, at, IMPORT_SAYS_UNIT_TWO, x->name, text);
        return;
    }
    if (w.former || w.partly) {
        import_say(r, at, w.former ? IMPORT_SAYS_UNIT_FORMER : IMPORT_SAYS_UNIT_PARTLY, text,
                   import_unit_name(r->n, w.unit));
    }
    x->unit = w.unit;
    x->at = at;
    x->name = text;
}

/* The first piece of what stands behind a label: `第一小学      填表人：张三`. */
static struct str piece(struct str s)
{
    s = str_trim(s);
    uint32_t two = str_find(s, STR("  "), 0);
    uint32_t wide = str_find(s, STR("　"), 0);
    uint32_t tab = str_find(s, STR("\t"), 0);
    uint32_t end = two < wide ? two : wide;
    return str_trim(str_sub(s, 0, tab < end ? tab : end));
}

static struct str beside(const struct import_reader *r, uint32_t row, uint32_t column, uint32_t *at)
{
    const struct workbook_range *m = view_range(&r->v, row, column);
    *at = (m != NULL ? m->last_column : column) + 1;
    return view_shown_text(&r->v, row, *at);
}

/* A label with a value behind it, in one cell or in the next one. */
static void meet_pair(struct around *x, uint32_t row, uint32_t column,
                      const struct import_label *label, struct str behind, bool inside)
{
    struct import_reader *r = x->r;
    uint32_t at = column;
    struct str value = piece(behind);
    if (value.n == 0) {
        value = beside(r, row, column, &at);
    }
    bool measures = are_measures(r, value);
    if ((label->words & (IMPORT_BIT(EITHER) | IMPORT_BIT(MEASURE))) != 0 && measures) {
        r->measures = inside || (label->words & IMPORT_BIT(MEASURE)) != 0 ? value : r->measures;
        return;
    }
    bool whose = (label->words & (IMPORT_BIT(UNIT) | IMPORT_BIT(CODE) | IMPORT_BIT(EITHER))) != 0;
    if (whose && value.n > 0) {
        enum import_whom_is is = import_unit(r->work, r->n, value, NONE).is;
        /* Beside a label without a colon may stand a header: only what is a unit is one. */
        if (inside || is == IMPORT_WHOM_ONE || is == IMPORT_WHOM_MANY) {
            meet_unit(x, value, import_at(r, row, at));
        }
    }
    if ((label->words & IMPORT_BIT(PERIOD)) != 0 && value.n > 0) {
        struct import_years y = import_years_of(r->work, r->n, value);
        x->any_year |= y.any;
        x->now_year |= y.now;
        x->year_text = y.any && !y.now ? value : x->year_text;
        x->year_at = y.any && !y.now ? import_at(r, row, at) : x->year_at;
    }
    if ((label->words & IMPORT_BIT(AREA)) != 0 && value.n > 0 && inside) {
        uint32_t area = import_area(r->work, r->n, value);
        r->area = area != NONE ? area : r->area;
    }
}

static uint32_t units_in_row(const struct import_reader *r, uint32_t row)
{
    const struct workbook_row *cells = grid_row(r->v.sheet, row);
    uint32_t n = 0;
    for (uint32_t i = 0; cells != NULL && i < cells->n && i < 40; i++) {
        struct str text = str_trim(cells->cells[i].text);
        struct arena_mark mark = arena_mark(r->work);
        n += text.n > 0 && import_unit(r->work, r->n, text, NONE).is == IMPORT_WHOM_ONE ? 1 : 0;
        arena_rewind(r->work, mark);
    }
    return n;
}

/* One text beside labels with a colon, and no header: `2023年统计表 | 单位：万元`. */
static bool may_be_title(const struct import_reader *r, const struct workbook_row *row)
{
    uint32_t n = 0;
    bool heads = false;
    struct arena_mark mark = arena_mark(r->work);
    for (uint32_t i = 0; i < row->n && n < 2; i++) {
        struct str text = str_trim(row->cells[i].text);
        struct import_label label;
        bool colon =
            str_find(text, STR("："), 0) != STR_NONE || str_find(text, STR(":"), 0) != STR_NONE;
        import_label(r->work, r->n, text, &label);
        heads |= !colon && (label.words != 0 || label.item);
        n += text.n > 0 && (!colon || i == 0) && label.words == 0 ? 1 : 0;
    }
    arena_rewind(r->work, mark);
    return n == 1 && !heads;
}

static bool names_several(struct around *x)
{
    if (x->several == OPEN) {
        x->several = units_in_row(x->r, x->row->row) > 1 ? YES : NO;
    }
    return x->several == YES;
}

static bool is_title(struct around *x)
{
    if (x->title == OPEN) {
        x->title = may_be_title(x->r, x->row) ? YES : NO;
    }
    return x->title == YES;
}

static void meet_title(struct around *x, uint32_t row, uint32_t column, struct str text)
{
    struct import_reader *r = x->r;
    if (x->tables || !is_title(x)) {
        return;
    }
    struct import_years y = import_years_of(r->work, r->n, text);
    x->any_year |= y.any;
    x->now_year |= y.now;
    if (y.any && !y.now) {
        x->year_text = text;
        x->year_at = import_at(r, row, column);
    }
    if (r->area == NONE) {
        r->area = area_within(r, text);
    }
}

static void meet_cell(struct around *x, uint32_t row, const struct sheet_cell *c)
{
    struct import_reader *r = x->r;
    struct str text = str_trim(c->text);
    struct import_label label;
    uint32_t wide = str_find(text, STR("："), 0);
    uint32_t colon = str_find(text, STR(":"), 0);
    uint32_t at = wide < colon ? wide : colon;
    if (text.n == 0 || text.n > 1000 || c->kind == CELL_NUMBER) {
        return;
    }
    import_label(r->work, r->n, str_sub(text, 0, at == STR_NONE ? text.n : at), &label);
    struct str behind = at == STR_NONE ? STR("") : str_sub(text, at + (at == wide ? 3 : 1), text.n);
    if (at == STR_NONE && label.item) {
        x->tables = true;
    } else if (at != STR_NONE && label.words != 0) {
        meet_pair(x, row, c->column, &label, behind, true);
    } else if (label.words != 0 && !names_several(x)) {
        meet_pair(x, row, c->column, &label, behind, false);
    } else if (label.words == 0) {
        meet_title(x, row, c->column, text);
    }
}

/* ---- names of sheet and file ---------------------------------------------------------------- */

static void unit_from_names(struct around *x)
{
    struct import_reader *r = x->r;
    const struct import_asked *q = import_asked_of(r->n);
    struct str names[] = {r->grid->book.sheets[r->sheet].name, r->stem};
    bool csv = r->grid->book.kind == WORKBOOK_CSV;
    if (q->within != NONE && r->n->owes[q->within]) {
        r->unit = q->within;
        return;
    }
    for (uint32_t i = csv ? 1 : 0; i < 2 && r->unit == NONE; i++) {
        struct import_whom w = import_unit_within(r, names[i]);
        if (w.is == IMPORT_WHOM_ONE) {
            r->unit = w.unit;
            import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_UNIT_OF_FILE, names[i],
                       import_unit_name(r->n, w.unit));
        }
    }
}

/* The file is called after another unit than the one its table names. */
static void compare_file(struct around *x)
{
    struct import_reader *r = x->r;
    struct import_whom w = import_unit_within(r, r->stem);
    if (r->unit != NONE && w.is == IMPORT_WHOM_ONE && w.unit != r->unit) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_OTHER_FILE, r->stem,
                   import_unit_name(r->n, r->unit));
    }
}

/* Whether another sheet bears the year that is asked. */
static bool other_sheet_fits(const struct import_reader *r)
{
    for (uint32_t i = 0; i < r->grid->book.n_sheets; i++) {
        if (i != r->sheet && import_years_of(r->work, r->n, r->grid->book.sheets[i].name).now) {
            return true;
        }
    }
    return false;
}

static bool fits_period(struct around *x)
{
    struct import_reader *r = x->r;
    struct str name = r->grid->book.sheets[r->sheet].name;
    struct import_years of_sheet = import_years_of(r->work, r->n, name);
    struct import_years of_file = import_years_of(r->work, r->n, r->stem);
    if (x->any_year && !x->now_year) {
        import_say(r, x->year_at, IMPORT_SAYS_PERIOD, x->year_text, STR(""));
        return false;
    }
    if (of_sheet.any && !of_sheet.now && !x->now_year && r->grid->book.kind != WORKBOOK_CSV) {
        import_say(r, import_at(r, NONE, NONE),
                   other_sheet_fits(r) ? IMPORT_SAYS_COLUMN_OTHER : IMPORT_SAYS_PERIOD, name,
                   STR(""));
        return false;
    }
    if (of_file.any && !of_file.now) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_PERIOD_FILE, r->stem, STR(""));
    }
    return true;
}

bool import_surroundings(struct import_reader *r)
{
    struct around x = {.r = r, .unit = NONE, .year_at = import_at(r, NONE, NONE)};
    r->unit = r->area = NONE;
    r->measures = STR("");
    if (r->grid->book.kind != WORKBOOK_CSV) {
        r->area = area_within(r, r->grid->book.sheets[r->sheet].name);
    }
    for (uint32_t i = 0; i < r->v.sheet->rows.n && i < AROUND_ROWS; i++) {
        const struct workbook_row *row = &r->v.sheet->rows.items[i];
        x.row = row;
        x.title = x.several = OPEN;
        for (uint32_t k = 0; k < row->n && k < 200; k++) {
            meet_cell(&x, row->row, &row->cells[k]);
        }
    }
    if (x.two) {
        r->unit = NONE;
    } else if (x.unit != NONE) {
        r->unit = x.unit;
        compare_file(&x);
    } else {
        unit_from_names(&x);
    }
    return fits_period(&x);
}
