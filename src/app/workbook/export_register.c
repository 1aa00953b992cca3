/* SPDX-License-Identifier: Apache-2.0 */
/* A unit's register as a workbook: a row for each that stands or is proposed, then empty ones. */
#include "app/workbook/export_int.h"
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/err.h"

#define ROWS_FREE   50 /* to add rows in */
#define FIELD_WIDTH 30.0
#define HEAD_HEIGHT 36

/* What a row has beside its fields. */
enum row_part { PART_ID, PART_DATE, PART_FROM, PART_TO, PART_REVOKED, PART_STATE, PART_FIELD };

static const struct {
    const char *word, *zh, *en;
} parts[] = {
    [PART_ID] = {"id", "编号", "id"},
    [PART_DATE] = {"date", "日期", "date"},
    [PART_FROM] = {"from", "起", "from"},
    [PART_TO] = {"to", "止", "to"},
    [PART_REVOKED] = {"revoked", "撤销日", "revoked"},
    [PART_STATE] = {"state", "登记状态", "state"},
};

struct rows_column {
    enum row_part part;
    uint32_t field; /* PART_FIELD: of the register */
};

struct rows_sheet {
    struct kit k;
    struct export_page p; /* language, day, demo */
    struct desk *d;
    const struct register_view *v; /* NULL: of nobody */
    const struct reg *reg;
    uint32_t ix;
    struct str title, code;
    VEC(struct rows_column) columns;
    uint32_t header, n_rows;
};

static const struct field *field_at(const struct rows_sheet *s, uint32_t i)
{
    return &s->p.plan->fields[s->reg->first_field + i];
}

/* A field of that name is the day of the row, too (register/csv.c): it has one column. */
static bool is_field(const struct rows_sheet *s, enum row_part part)
{
    bool found = false;
    for (uint32_t i = 0; i < s->reg->n_fields; i++) {
        struct str name = field_at(s, i)->d.name;
        found |= str_eq(name, str_from_cstr(parts[part].zh)) ||
                 str_eq(name, str_from_cstr(parts[part].word));
    }
    return found;
}

static void find_columns(struct rows_sheet *s)
{
    struct arena *a = s->k.a;
    vec_push(a, &s->columns, (struct rows_column){.part = PART_ID});
    for (uint32_t i = 0; i < s->reg->n_fields; i++) {
        vec_push(a, &s->columns, (struct rows_column){PART_FIELD, i});
    }
    for (enum row_part part = PART_DATE; part <= PART_STATE; part++) {
        if (part == PART_STATE || !is_field(s, part)) {
            vec_push(a, &s->columns, (struct rows_column){.part = part});
        }
    }
}

static struct str head_of(const struct rows_sheet *s, const struct rows_column *c)
{
    if (c->part != PART_FIELD) {
        return kit_say(&s->k, parts[c->part].zh, parts[c->part].en);
    }
    const struct field *f = field_at(s, c->field);
    struct buf b;
    buf_init_in(&b, s->k.a, 4096);
    buf_printf(&b, "%.*s%s\n（%.*s）", PS(f->d.name), f->key ? "*" : "",
               PS(kit_measure(&s->k, &f->d)));
    return buf_view(&b);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static struct date day_of(const struct reg_row *r, enum row_part part)
{
    return part == PART_DATE   ? (r->dated ? r->day : DATE_MIN)
           : part == PART_FROM ? r->since
           : part == PART_TO   ? r->until
                               : r->revoked;
}

/* row NULL: one to add. */
static struct write_cell row_cell(const struct rows_sheet *s, const struct rows_column *c,
                                  const struct entry *t, const struct reg_row *row)
{
    const struct write_style label = {.look = LOOK_LABEL, .show = SHOW_TEXT};
    const struct write_style input = {.look = LOOK_INPUT, .show = SHOW_TEXT};
    if (c->part == PART_FIELD) {
        const struct value v =
            row != NULL ? reg_row_value(row, c->field) : (struct value){.has = false};
        return kit_cell(&s->k, &field_at(s, c->field)->d, &v, LOOK_INPUT);
    }
    if (c->part == PART_ID) {
        return row != NULL ? workbook_text(t->id, label) : workbook_blank(input);
    }
    if (c->part == PART_STATE) {
        return row != NULL ? workbook_text(
                                 str_from_cstr(entry_state_text(t->doc.state, s->p.chinese)), label)
                           : workbook_blank(label);
    }
    return kit_day(row != NULL ? day_of(row, c->part) : DATE_MIN, LOOK_INPUT);
}

/* As exported: what import compares with. */
static struct str row_value_text(const struct rows_sheet *s, const struct rows_column *c,
                                 const struct reg_row *row)
{
    char text[DATE_TEXT_BYTES];
    if (c->part == PART_FIELD) {
        const struct value v = reg_row_value(row, c->field);
        return cell_text(s->k.a, &field_at(s, c->field)->d, &v);
    }
    if (c->part == PART_ID || c->part == PART_STATE) {
        return STR("");
    }
    struct date day = day_of(row, c->part);
    return date_is_sentinel(day) ? STR("") : str_dup(s->k.a, date_text(day, text));
}

static enum rc put_row(struct rows_sheet *s, uint32_t at, const struct entry *t, struct err *e)
{
    struct kit *k = &s->k;
    const struct reg_row *row = t != NULL ? entry_row(t) : NULL;
    struct str *values = ARENA_ARRAY(k->a, struct str, s->columns.n);
    for (uint32_t c = 0; c < s->columns.n; c++) {
        struct write_cell cell = row_cell(s, &s->columns.items[c], t, row);
        TRY(kit_put(k, at, c, cell, e));
        values[c] = row != NULL ? row_value_text(s, &s->columns.items[c], row) : STR("");
    }
    TRY(kit_row_end(k, at, e));
    if (row == NULL) {
        return RC_OK;
    }
    const struct form_line line = {.row = at,
                                   .unit = s->code,
                                   .name = t->id,
                                   .seen = t->seen,
                                   .label = t->id,
                                   .values = values};
    return form_write_line(&k->fw, &line, e);
}

static enum rc put_rows(struct rows_sheet *s, struct export_work *x, struct err *e)
{
    enum rc rc = RC_OK;
    uint32_t at = s->header + 1;
    s->k.a = &x->step; /* what a row takes is given back */
    for (uint32_t i = 0; s->v != NULL && i < s->v->rows.n && rc == RC_OK; i++) {
        if (entry_row(&s->v->rows.items[i]) != NULL) {
            rc = put_row(s, at++, &s->v->rows.items[i], e);
            arena_release(&x->step);
        }
    }
    for (uint32_t i = 0; i < ROWS_FREE && rc == RC_OK; i++) {
        rc = put_row(s, at++, NULL, e);
    }
    s->k.a = &x->whole;
    return rc == RC_OK ? page_signatures(&s->k, at + 1, s->columns.n, e) : rc;
}

/* ---- the table ------------------------------------------------------------------------------- */

static enum rc put_table(struct rows_sheet *s, struct err *e)
{
    struct kit *k = &s->k;
    struct form_table t = {.sheet = k->main_name,
                           .lines_are = FORM_LINES_ROWS,
                           .header = s->header,
                           .first_free = s->header + 1 + s->n_rows,
                           .n_free = ROWS_FREE};
    for (uint32_t i = 0; i < s->columns.n; i++) {
        const struct rows_column *c = &s->columns.items[i];
        bool field = c->part == PART_FIELD;
        const struct datum *of = field ? &field_at(s, c->field)->d : NULL;
        vec_push(
            k->a, &t.columns,
            (struct form_column){.column = i,
                                 .role = field                ? FORM_ROLE_VALUE
                                         : c->part == PART_ID ? FORM_ROLE_LABEL
                                                              : FORM_ROLE_ROW,
                                 .name = field ? of->name : str_from_cstr(parts[c->part].word),
                                 .measure = field && of->type == VT_NUMBER ? of->unit : STR(""),
                                 .head = head_of(s, c)});
    }
    return form_write_table(&k->fw, &t, e);
}

static enum rc put_heads(struct rows_sheet *s, struct err *e)
{
    struct kit *k = &s->k;
    const struct write_style head = {.look = LOOK_HEAD};
    TRY(workbook_row_height(k->w, k->main, s->header, HEAD_HEIGHT, e));
    for (uint32_t i = 0; i < s->columns.n; i++) {
        const struct rows_column *c = &s->columns.items[i];
        TRY(workbook_put(k->w, k->main, s->header, i, workbook_text(head_of(s, c), head), e));
        if (c->part == PART_FIELD) {
            TRY(workbook_put_note(k->w, k->main, s->header, i,
                                  kit_note(k, &field_at(s, c->field)->d, STR("")), e));
        }
    }
    return RC_OK;
}

static enum rc put_rules(struct rows_sheet *s, struct err *e)
{
    static const struct datum day = {.type = VT_DATE};
    for (uint32_t i = 0; i < s->columns.n; i++) {
        const struct rows_column *c = &s->columns.items[i];
        const struct workbook_range r = {s->header + 1, i, s->header + s->n_rows + ROWS_FREE, i};
        bool field = c->part == PART_FIELD;
        if (field || (c->part != PART_ID && c->part != PART_STATE)) {
            struct datum of = field ? field_at(s, c->field)->d : day;
            of.name = field ? of.name : head_of(s, c);
            TRY(kit_rule(&s->k, &of, r, e));
        }
    }
    return RC_OK;
}

/* ---- checks ---------------------------------------------------------------------------------- */

struct row_cells {
    struct rows_sheet *s;
    bool *used; /* per column */
};

static bool find_field(void *ctx, const struct expr *x, bool before, struct formula_cell *out)
{
    struct row_cells *r = ctx;
    const struct rows_sheet *s = r->s;
    for (uint32_t i = 0; x->op == EX_FIELD && !before && i < s->columns.n; i++) {
        const struct rows_column *c = &s->columns.items[i];
        if (c->part == PART_FIELD && s->reg->first_field + c->field == x->ref) {
            out->of = &field_at(s, c->field)->d;
            out->place = kit_place(s->k.a, s->header + 1, i);
            r->used[i] = true;
            return true;
        }
    }
    return false;
}

/* Colours the columns that the check reads; names them. */
static enum rc colour(struct rows_sheet *s, const struct commitment *check, struct str *where,
                      struct err *e)
{
    struct row_cells r = {s, ARENA_ARRAY(s->k.a, bool, s->columns.n + 1U)};
    struct str broken;
    struct buf b;
    buf_init_in(&b, s->k.a, 4096);
    *where = STR("");
    if (!formula_broken(s->k.a, s->p.plan, check->condition, find_field, &r, &broken)) {
        return RC_OK;
    }
    for (uint32_t i = 0; i < s->columns.n; i++) {
        const struct workbook_range at = {s->header + 1, i, s->header + s->n_rows + ROWS_FREE, i};
        if (r.used[i]) {
            TRY(workbook_put_colour(s->k.w, s->k.main, at, broken,
                                    check->soft ? COLOUR_AMBER : COLOUR_RED, e));
            struct str column = kit_place(s->k.a, UINT32_MAX, i);
            buf_printf(&b, "%s%.*s", b.n > 0 ? "、" : "", PS(str_sub(column, 1, column.n)));
        }
    }
    *where = buf_view(&b);
    return RC_OK;
}

static enum rc put_checks(struct rows_sheet *s, uint32_t sheet, struct str name, struct err *e)
{
    const struct plan *p = s->p.plan;
    VEC(struct kit_check) all = {0};
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        struct str where = STR("");
        bool told = k->kind == CK_CHECK && k->of_reg == s->ix &&
                    (s->v == NULL || check_may_tell(s->d, s->v->unit, k, "register.read", false));
        if (told) {
            TRY(colour(s, k, &where, e));
            vec_push(s->k.a, &all, (struct kit_check){.k = k, .where = where});
        }
    }
    return kit_checks(&s->k, sheet, name, all.items, all.n, s->code, 0, NULL, e);
}

/* ---- the workbook ---------------------------------------------------------------------------- */

static struct str whose_line(const struct rows_sheet *s)
{
    const struct kit *k = &s->k;
    struct buf b;
    buf_init_in(&b, k->a, 4096);
    buf_str(&b, kit_say(k, "填报单位：", "unit: "));
    if (s->v == NULL) {
        buf_puts(&b, "____________________");
        return buf_view(&b);
    }
    const struct tree_version *x = tree_version_at(s->d->tree, s->v->unit, s->p.today);
    buf_printf(&b, "%.*s（%.*s）", PS(x != NULL ? x->name : s->code), PS(s->code));
    return buf_view(&b);
}

static struct write_paper paper_of(struct rows_sheet *s)
{
    struct write_width *widths = ARENA_ARRAY(s->k.a, struct write_width, s->columns.n);
    for (uint32_t i = 0; i < s->columns.n; i++) {
        const struct rows_column *c = &s->columns.items[i];
        double w = c->part == PART_ID ? 18 : 12;
        if (c->part == PART_FIELD) {
            const struct datum *of = &field_at(s, c->field)->d;
            w = kit_width(of->name, of->type == VT_TEXT ? 20 : 12, FIELD_WIDTH);
            for (uint32_t o = 0; o < of->n_choices; o++) {
                w = kit_width(of->choices[o], w, FIELD_WIDTH);
            }
        }
        widths[i] = (struct write_width){i, i, w, false};
    }
    return (struct write_paper){.name = s->k.main_name,
                                .locked = true,
                                .widths = widths,
                                .n_widths = s->columns.n,
                                .freeze_rows = s->header + 1,
                                .freeze_columns = 1,
                                .repeat_first = s->header,
                                .repeat_last = s->header,
                                .footer = s->title,
                                .landscape = true};
}

static struct form_sheet sheet_of(const struct rows_sheet *s, int64_t book)
{
    char day[DATE_TEXT_BYTES];
    return (struct form_sheet){.layout = FORM_LAYOUT_REGISTER,
                               .plan = s->p.plan->id,
                               .reg = s->reg->name,
                               .book = book > 0 ? rat_frac_str(s->k.a, rat_int(book)) : STR(""),
                               .made = str_dup(s->k.a, date_text(s->p.today, day)),
                               .demo = s->p.demo ? STR("yes") : STR("")};
}

static enum rc write_rows(struct rows_sheet *s, struct export_work *x, int64_t book, struct err *e)
{
    struct kit *k = &s->k;
    uint32_t checks = 0;
    const struct datum **of = ARENA_ARRAY(k->a, const struct datum *, s->reg->n_fields + 1U);
    for (uint32_t i = 0; i < s->reg->n_fields; i++) {
        of[i] = &field_at(s, i)->d;
    }
    find_columns(s);
    const struct page_lines lines = {s->title, whose_line(s), STR(""),
                                     page_how(k, FORM_LAYOUT_REGISTER)};
    struct str name = page_other_name(k, "校验", "checks");
    s->header = page_head_rows(&s->p, &lines);
    struct form_sheet f = sheet_of(s, book);
    const struct write_paper paper = paper_of(s);
    const struct write_paper second = kit_checks_paper(name);
    k->widths = paper.widths;
    TRY(workbook_add_sheet(k->w, &paper, &k->main, e));
    TRY(workbook_add_sheet(k->w, &second, &checks, e));
    TRY(kit_lists(k, of, s->reg->n_fields, e));
    TRY(kit_machine(k, &f, e));
    TRY(page_head(k, &s->p, &lines, s->columns.n, e));
    TRY(put_heads(s, e));
    TRY(put_rules(s, e));
    TRY(put_table(s, e));
    TRY(put_rows(s, x, e));
    return put_checks(s, checks, name, e);
}

static bool made_up(const struct register_view *v)
{
    for (uint32_t i = 0; v != NULL && i < v->rows.n; i++) {
        const struct reg_row *row = entry_row(&v->rows.items[i]);
        if (row != NULL && str_eq(row->from.source, STR(DEMO_SOURCE))) {
            return true;
        }
    }
    return false;
}

enum rc export_register(struct export_work *x, const struct export_rows *r, const char *path,
                        struct err *e)
{
    struct rows_sheet s = {.d = r->d, .v = r->v, .ix = r->reg, .reg = &r->plan->regs[r->reg]};
    s.k = (struct kit){.a = &x->whole, .w = &x->writer, .plan = r->plan, .chinese = r->chinese};
    s.p = (struct export_page){.a = &x->whole,
                               .plan = r->plan,
                               .chinese = r->chinese,
                               .today = r->today,
                               .demo = made_up(r->v)};
    s.code = r->v != NULL ? desk_code(r->d, r->v->unit) : STR("");
    s.title = s.p.demo ? str_cat(s.k.a, s.reg->name, kit_say(&s.k, "（示例数据）", " (demo)"))
                       : s.reg->name;
    s.k.main_name = workbook_sheet_name(s.k.a, s.title, NULL, 0);
    for (uint32_t i = 0; r->v != NULL && i < r->v->rows.n; i++) {
        s.n_rows += entry_row(&r->v->rows.items[i]) != NULL;
    }
    TRY(workbook_begin(s.k.w, path, r->today, s.title, e));
    TRY(write_rows(&s, x, r->book, e));
    TRY(form_write_end(&s.k.fw, e));
    workbook_show_sheet(s.k.w, s.k.main, s.header + 1 + s.n_rows, 1);
    TRY(workbook_finish(s.k.w, e));
    workbook_drop(s.k.w);
    return RC_OK;
}
