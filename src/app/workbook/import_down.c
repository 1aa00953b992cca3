/* SPDX-License-Identifier: Apache-2.0 */
/* Tables down: names of items with their values to the right (decisions 1, 2, 4, 6). */
#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "model/uom.h"

/* What a column beside the labels holds, by its header. */
enum side { SIDE_OPEN, SIDE_VALUE, SIDE_UNIT, SIDE_MEASURE, SIDE_ASIDE, SIDE_OTHER, SIDE_UNKNOWN };

struct column_side {
    enum side is;
    uint32_t unit; /* SIDE_UNIT */
};

struct down {
    struct import_reader *r;
    struct column_side *side; /* n_columns, by the header row so far */
    bool units;               /* columns are units */
    uint32_t whose;           /* column that names the unit of each row, or NONE */
    uint32_t unit;            /* of the row at hand, or NONE */
    struct str section;       /* the heading above; "": none */
    bool begun;               /* an item was met */
    struct str *above;        /* by column: the label to the left that goes on downwards */
};

/* Words of a heading that make what follows a part of the whole. */
static bool narrows(struct str heading, struct str item, struct str kind)
{
    static const struct str parts[] = {
        STR_INIT("学前"),   STR_INIT("幼儿"), STR_INIT("小学"),   STR_INIT("初中"),
        STR_INIT("高中"),   STR_INIT("中职"), STR_INIT("特教"),   STR_INIT("本科"),
        STR_INIT("专科"),   STR_INIT("高职"), STR_INIT("研究生"), STR_INIT("男"),
        STR_INIT("女"),     STR_INIT("民办"), STR_INIT("公办"),   STR_INIT("城区"),
        STR_INIT("城市"),   STR_INIT("县镇"), STR_INIT("镇区"),   STR_INIT("乡村"),
        STR_INIT("农村"),   STR_INIT("牧区"), STR_INIT("寄宿"),   STR_INIT("住宿"),
        STR_INIT("走读"),   STR_INIT("随迁"), STR_INIT("留守"),   STR_INIT("残疾"),
        STR_INIT("教学点"), STR_INIT("分校"), STR_INIT("校区"),   STR_INIT("本部"),
        STR_INIT("其中"),
    };
    for (uint32_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (str_find(heading, parts[i], 0) != STR_NONE && str_find(item, parts[i], 0) == STR_NONE &&
            str_find(kind, parts[i], 0) == STR_NONE) {
            return true;
        }
    }
    return false;
}

static bool is_measure_text(const struct import_reader *r, struct str s)
{
    struct rat factor;
    struct dim dim;
    struct str t = s;
    if (s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')') {
        t = str_sub(s, 1, s.n - 1);
    }
    return t.n > 0 &&
           uom_parse_suffix(r->work, &import_asked_of(r->n)->plan->uom, t, &factor, &dim, NULL);
}

/* ---- headers above the columns -------------------------------------------------------------- */

static struct column_side side_of(struct import_reader *r, struct str text)
{
    struct import_label label;
    struct column_side s = {SIDE_OPEN, NONE};
    if (text.n == 0) {
        return s;
    }
    import_label(r->work, r->n, text, &label);
    struct import_whom w = {.is = IMPORT_WHOM_NONE, .unit = NONE};
    if (label.words == 0 && !label.timed) {
        w = import_unit(r->work, r->n, text, r->area);
    }
    s.is = label.timed && !label.now                                         ? SIDE_OTHER
           : (label.words & IMPORT_BIT(BEFORE)) != 0                         ? SIDE_OTHER
           : label.timed && label.key.n == 0                                 ? SIDE_VALUE
           : (label.words & IMPORT_BIT(VALUE)) != 0                          ? SIDE_VALUE
           : (label.words & (IMPORT_BIT(MEASURE) | IMPORT_BIT(EITHER))) != 0 ? SIDE_MEASURE
           : label.words != 0                                                ? SIDE_ASIDE
           : w.is == IMPORT_WHOM_ONE                                         ? SIDE_UNIT
                                                                             : SIDE_UNKNOWN;
    s.unit = s.is == SIDE_UNIT ? w.unit : NONE;
    return s;
}

/* A row of headers: a word for items, or for figures, or two units and more; no item. */
static bool is_head_row(struct import_reader *r, uint32_t row)
{
    const struct workbook_row *cells = grid_row(r->v.sheet, row);
    uint32_t n[SIDE_UNKNOWN + 1] = {0};
    bool item_word = false;
    uint32_t all = 0;
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct str text = str_trim(cells->cells[i].text);
        struct import_label label;
        if (text.n == 0) {
            continue;
        }
        import_label(r->work, r->n, text, &label);
        if (label.item && (label.words & IMPORT_BIT(ITEM)) == 0) {
            return false;
        }
        item_word |= (label.words & IMPORT_BIT(ITEM)) != 0;
        n[side_of(r, text).is]++;
        all++;
    }
    return all >= 2 && (item_word || n[SIDE_VALUE] > 0 || n[SIDE_UNIT] >= 2 ||
                        (n[SIDE_MEASURE] > 0 && n[SIDE_UNKNOWN] == 0));
}

static void read_head_row(struct down *d, uint32_t row)
{
    struct import_reader *r = d->r;
    d->units = false;
    d->whose = NONE;
    for (uint32_t c = 0; c < r->v.n_columns; c++) {
        struct str text = view_shown_text(&r->v, row, c);
        d->side[c] = side_of(r, text);
        d->units |= d->side[c].is == SIDE_UNIT;
        struct import_label label;
        import_label(r->work, r->n, text, &label);
        bool whose = (label.words & (IMPORT_BIT(UNIT) | IMPORT_BIT(CODE))) != 0;
        d->whose = whose && d->whose == NONE ? c : d->whose;
    }
    for (uint32_t c = 0; c < r->v.n_columns; c++) {
        struct str text = view_text(&r->v, row, c);
        if (d->side[c].is == SIDE_OTHER) {
            import_say(r, import_at(r, row, c), IMPORT_SAYS_COLUMN_OTHER, text, STR(""));
        } else if (d->side[c].is == SIDE_UNKNOWN && d->units) {
            struct import_whom w = import_unit(r->work, r->n, text, r->area);
            import_say(r, import_at(r, row, c),
                       w.is == IMPORT_WHOM_MANY        ? IMPORT_SAYS_UNIT_MANY
                       : w.is == IMPORT_WHOM_NOT_ASKED ? IMPORT_SAYS_UNIT_NOT_ASKED
                                                       : IMPORT_SAYS_UNIT_UNKNOWN,
                       text, w.others);
        }
    }
}

/* ---- labels --------------------------------------------------------------------------------- */

static bool ends_span(struct import_reader *r, struct str text)
{
    struct import_label label;
    import_label(r->work, r->n, text, &label);
    const uint32_t labels = IMPORT_BIT(UNIT) | IMPORT_BIT(CODE) | IMPORT_BIT(SIGN);
    return label.item || (label.words & labels) != 0;
}

/* The figure beside a label: the columns from `from` up to `to`. */
struct span {
    uint32_t row, from, to;
};

static struct span span_of(struct down *d, uint32_t row, uint32_t column)
{
    struct import_reader *r = d->r;
    const struct workbook_range *m = view_range(&r->v, row, column);
    struct span s = {row, (m != NULL ? m->last_column : column) + 1, r->v.n_columns};
    for (uint32_t c = s.from; c < s.to; c++) {
        struct str text = view_text(&r->v, row, c);
        if (text.n > 0 && ends_span(r, text)) {
            s.to = c;
        }
    }
    return s;
}

static void take(struct down *d, const struct import_column *is, uint32_t unit, uint32_t row,
                 uint32_t column, struct str measure)
{
    struct import_reader *r = d->r;
    const struct workbook_range *m = view_range(&r->v, row, column);
    bool filled = view_shown_text(&r->v, row, column).n > 0;
    if (unit == NONE) {
        if (filled) {
            import_say_of(r, import_at(r, row, column), IMPORT_SAYS_UNIT_OF_WHOM, STR(""), STR(""),
                          NONE, is->datum);
        }
        return;
    }
    if (m != NULL && m->row != m->last_row && filled) {
        import_say_of(r, import_at(r, row, column), IMPORT_SAYS_MERGED, STR(""), STR(""), unit,
                      is->datum);
        return;
    }
    column = m != NULL ? m->column : column;
    struct import_claim claim = {
        unit, is->datum, row, column, is->measure.n > 0 ? is->measure : measure, NULL, NULL};
    import_take(r, &claim);
}

/* The unit of measure that a column for it says, or a cell that is nothing else. */
static struct str measure_beside(const struct down *d, struct span s)
{
    for (uint32_t c = s.from; c < s.to; c++) {
        struct str text = view_shown_text(&d->r->v, s.row, c);
        if (text.n > 0 && d->side[c].is == SIDE_MEASURE && is_measure_text(d->r, text)) {
            return text;
        }
    }
    return STR("");
}

/* The columns that may hold the figure; how many do. */
static uint32_t candidates(const struct down *d, struct span s, enum side is, uint32_t *one,
                           struct str *measure, bool number)
{
    uint32_t n = 0;
    *one = NONE;
    for (uint32_t c = s.from; c < s.to; c++) {
        struct str text = view_text(&d->r->v, s.row, c);
        if (d->side[c].is != is || text.n == 0) {
            continue;
        }
        if (is == SIDE_OPEN && number && is_measure_text(d->r, text) &&
            !view_is_figure(view_cell(&d->r->v, s.row, c))) {
            *measure = measure->n == 0 ? text : *measure;
            continue;
        }
        *one = *one == NONE ? c : *one;
        n++;
    }
    return n;
}

static uint32_t first_of(const struct down *d, struct span s, enum side is)
{
    uint32_t c = s.from;
    while (c < s.to && (d->side[c].is != is || view_text(&d->r->v, s.row, c).n > 0)) {
        c++;
    }
    return c < s.to ? c : NONE;
}

static void take_units(struct down *d, const struct import_column *is, struct span s,
                       struct str measure)
{
    for (uint32_t c = s.from; c < s.to; c++) {
        if (d->side[c].is == SIDE_UNIT) {
            take(d, is, d->side[c].unit, s.row, c, measure);
        } else if (d->side[c].is == SIDE_UNKNOWN && view_text(&d->r->v, s.row, c).n > 0) {
            import_say_of(d->r, import_at(d->r, s.row, c), IMPORT_SAYS_UNIT_OF_WHOM, STR(""),
                          STR(""), NONE, is->datum);
        }
    }
}

static void take_value(struct down *d, const struct import_column *is, struct str shown,
                       struct span s)
{
    struct import_reader *r = d->r;
    uint32_t one = NONE;
    struct str measure = measure_beside(d, s);
    bool number = import_asked_of(r->n)->datums[is->datum]->type == VT_NUMBER;
    bool headed = false;
    for (uint32_t c = s.from; c < s.to; c++) {
        headed |= d->side[c].is == SIDE_VALUE;
    }
    if (d->units) {
        take_units(d, is, s, measure);
        return;
    }
    enum side of = headed ? SIDE_VALUE : SIDE_OPEN;
    uint32_t n = candidates(d, s, of, &one, &measure, number);
    if (n == 0 && !headed) {
        n = candidates(d, s, SIDE_UNKNOWN, &one, &measure, number);
        if (n > 0) {
            import_say_of(r, import_at(r, s.row, one), IMPORT_SAYS_TWO_VALUES, shown, STR(""),
                          d->unit, is->datum);
            return;
        }
    }
    if (n > 1) {
        for (uint32_t c = s.from; c < s.to; c++) {
            if (d->side[c].is == of && view_text(&r->v, s.row, c).n > 0) {
                import_say_of(r, import_at(r, s.row, c), IMPORT_SAYS_TWO_VALUES, shown, STR(""),
                              d->unit, is->datum);
            }
        }
    } else if (one == NONE) {
        one = first_of(d, s, of); /* blank */
    }
    if (n <= 1 && one != NONE) {
        take(d, is, d->unit, s.row, one, measure);
    }
}

/* A label stands further left: what is beside it is its value. */
static bool label_before(struct import_reader *r, uint32_t row, uint32_t column)
{
    for (uint32_t c = 0; c < column; c++) {
        struct str text = view_text(&r->v, row, c);
        if (text.n > 0 && ends_span(r, text)) {
            return true;
        }
    }
    return false;
}

/* The label to the left that goes on over several rows: merged, or blank below it. */
static bool parent_of(struct down *d, uint32_t row, uint32_t column, struct import_label *out)
{
    struct import_reader *r = d->r;
    if (column == 0) {
        return false;
    }
    uint32_t left = column - 1;
    const struct workbook_range *m = view_range(&r->v, row, left);
    struct str text = view_shown_text(&r->v, row, left);
    bool tall = m != NULL && m->last_row > m->row;
    if (text.n == 0 && r->v.about->merged.n == 0) {
        text = d->above[left];
        tall = text.n > 0;
    } else if (text.n > 0 && !tall) {
        /* Alone it is the number of a line, or a label whose rows follow. */
        bool blank_below = view_text(&r->v, row + 1, left).n == 0;
        tall =
            blank_below && !label_before(r, row, left) && view_text(&r->v, row + 1, column).n > 0;
        d->above[left] = tall ? text : STR("");
    }
    struct sheet_cell c = {.text = text, .kind = CELL_TEXT};
    if (!tall || view_is_figure(&c) || text.n == 0) {
        return false;
    }
    import_label(r->work, r->n, text, out);
    return (out->words & (IMPORT_BIT(ASIDE) | IMPORT_BIT(UNIT))) == 0;
}

static void read_label(struct down *d, uint32_t row, uint32_t column,
                       const struct import_label *label)
{
    struct import_reader *r = d->r;
    const struct import_asked *q = import_asked_of(r->n);
    struct import_label path[2];
    uint32_t n = parent_of(d, row, column, &path[0]) ? 1 : 0;
    path[n++] = *label;
    struct import_column is = import_item(r->work, r->n, path, n);
    struct import_place at = import_at(r, row, column);
    r->found |= is.datum != NONE;
    if (is.is == IMPORT_COLUMN_ITEM && narrows(d->section, q->datums[is.datum]->name, q->kind)) {
        is.is = IMPORT_COLUMN_NARROWED;
    }
    switch (is.is) {
    case IMPORT_COLUMN_ITEM:
        if (is.loose) {
            import_say(r, at, IMPORT_SAYS_COLUMN_LOOSE, label->shown, q->datums[is.datum]->name);
        }
        if (view_row_hidden(&r->v, row)) {
            import_say(r, import_at(r, row, NONE), IMPORT_SAYS_HIDDEN_ROW, STR(""), STR(""));
        }
        take_value(d, &is, label->shown, span_of(d, row, column));
        break;
    case IMPORT_COLUMN_NARROWED:
        import_say(r, at, IMPORT_SAYS_COLUMN_NARROWED, label->shown, q->datums[is.datum]->name);
        break;
    case IMPORT_COLUMN_MANY:
        import_say(r, at, IMPORT_SAYS_COLUMN_MANY, label->shown, STR(""));
        break;
    case IMPORT_COLUMN_OTHER:
        import_say(r, at, IMPORT_SAYS_COLUMN_OTHER, label->shown, STR(""));
        break;
    case IMPORT_COLUMN_UNKNOWN:
        break;
    }
}

/* `在校生数：500人` in one cell; false: it is not that. */
static bool read_inline(struct down *d, uint32_t row, const struct sheet_cell *c)
{
    struct import_reader *r = d->r;
    struct str text = str_trim(c->text);
    struct import_label label;
    uint32_t colon = str_find(text, STR("："), 0);
    uint32_t wide = colon != STR_NONE ? 3 : 1;
    colon = colon != STR_NONE ? colon : str_find(text, STR(":"), 0);
    if (c->kind != CELL_TEXT || colon == STR_NONE || colon == 0 || text.n > 400) {
        return false;
    }
    struct str behind = str_trim(str_sub(text, colon + wide, text.n));
    import_label(r->work, r->n, str_sub(text, 0, colon), &label);
    if (!label.item) {
        return false;
    }
    if (behind.n == 0) {
        read_label(d, row, c->column, &label);
        return true;
    }
    struct import_column is = import_item(r->work, r->n, &label, 1);
    struct sheet_cell *part = ARENA_NEW(r->work, struct sheet_cell);
    *part = *c;
    part->text = behind;
    r->found = true;
    if (is.is != IMPORT_COLUMN_ITEM) {
        import_say(r, import_at(r, row, c->column), IMPORT_SAYS_COLUMN_OTHER, label.shown, STR(""));
    } else if (d->unit == NONE) {
        import_say_of(r, import_at(r, row, c->column), IMPORT_SAYS_UNIT_OF_WHOM, STR(""), STR(""),
                      NONE, is.datum);
    } else {
        struct import_claim claim = {d->unit, is.datum, row, c->column, is.measure, part, NULL};
        import_take(r, &claim);
    }
    return true;
}

/* A heading between rows; above all of them a title may stand, which is none. */
static bool is_section(const struct down *d, struct str text)
{
    struct import_label label;
    import_label(d->r->work, d->r->n, text, &label);
    bool numbered = label.key.n < label.whole.n;
    return d->begun || ((numbered || label.key.n <= 15) &&
                        import_unit(d->r->work, d->r->n, text, NONE).is == IMPORT_WHOM_NONE);
}

/* A row for each item of each unit: 学校名称 | 指标 | 数值. */
static uint32_t unit_of_row(const struct down *d, uint32_t row)
{
    struct import_reader *r = d->r;
    struct str text = d->whose != NONE ? view_shown_text(&r->v, row, d->whose) : STR("");
    if (d->whose == NONE) {
        return r->unit;
    }
    struct import_whom w = import_unit(r->work, r->n, text, NONE);
    return w.is == IMPORT_WHOM_ONE ? w.unit : NONE;
}

static void read_down_row(struct down *d, uint32_t row)
{
    struct import_reader *r = d->r;
    d->unit = unit_of_row(d, row);
    const struct workbook_row *cells = grid_row(r->v.sheet, row);
    uint32_t n = 0;
    bool item = false;
    struct str only = STR("");
    for (uint32_t i = 0; cells != NULL && i < cells->n; i++) {
        struct str text = str_trim(cells->cells[i].text);
        struct import_label label;
        if (text.n == 0) {
            continue;
        }
        n++;
        only = text;
        if (cells->cells[i].kind != CELL_TEXT || read_inline(d, row, &cells->cells[i])) {
            continue;
        }
        import_label(r->work, r->n, text, &label);
        if (label.item) {
            item = true;
            read_label(d, row, cells->cells[i].column, &label);
        }
    }
    d->begun |= item;
    if (n == 1 && !item && is_section(d, only)) {
        d->section = only;
    }
}

void import_down(struct import_reader *r, const bool *taken)
{
    struct down d = {.r = r, .section = STR(""), .whose = NONE};
    d.side = ARENA_ARRAY(r->work, struct column_side, r->v.n_columns + 1U);
    d.above = ARENA_ARRAY(r->work, struct str, r->v.n_columns + 1U);
    for (uint32_t row = 0; row < r->v.n_rows; row++) {
        if (taken[row] || view_row_blank(&r->v, row)) {
            continue;
        }
        if (is_head_row(r, row)) {
            read_head_row(&d, row);
            d.section = STR("");
        } else {
            read_down_row(&d, row);
        }
    }
}
