/* SPDX-License-Identifier: Apache-2.0 */
/* One unit's form as a workbook: items down the rows. */
#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"

#define LABEL_WIDTH 42.0
#define VALUE_WIDTH 24.0

enum { AT_LABEL, AT_MEASURE, AT_BEFORE, AT_VALUE, AT_EXPLAIN, AT_COLUMNS };

static struct str whose_line(const struct kit *k, const struct export_values *v)
{
    struct buf b;
    buf_init_in(&b, k->a, LIMIT_STR_BYTES);
    buf_str(&b, kit_say(k, "填报单位：", "unit: "));
    buf_str(&b, v != NULL ? v->name : STR("____________________"));
    if (v != NULL) {
        buf_printf(&b, "（%.*s）", PS(v->code));
    }
    return buf_view(&b);
}

static struct str unit_measure(const struct kit *k, const struct datum *of)
{
    return kit_is_percent(of) ? kit_say(k, "%（填95即95%）", "% (95 is 95%)") : kit_measure(k, of);
}

static const struct value no_value;

static const struct value *value_at(const struct value *values, uint32_t i)
{
    return values != NULL ? &values[i] : &no_value;
}

/* Why it came back stands with the explanation that is wanted. */
static enum rc put_returned(struct kit *k, const struct export_page *p,
                            const struct export_values *v, uint32_t i, uint32_t row, struct err *e)
{
    const struct report_note *back =
        v != NULL && v->returned != NULL ? report_note_of(v->returned, p->names[i]) : NULL;
    if (back == NULL) {
        return RC_OK;
    }
    struct str text = str_cat(k->a, kit_say(k, "退回：", "returned: "), back->text);
    return workbook_put_note(k->w, k->main, row, AT_VALUE, text, e);
}

static enum rc put_item(struct kit *k, const struct export_page *p, const struct export_values *v,
                        uint32_t i, uint32_t row, struct err *e)
{
    const struct datum *of = page_datum(p, i);
    const struct write_style label = {.look = LOOK_LABEL};
    const struct write_style words = {.look = LOOK_WORDS, .show = SHOW_TEXT};
    const struct write_style shut = {.look = LOOK_SEALED};
    const struct workbook_range at = {row, AT_VALUE, row, AT_VALUE};
    TRY(kit_put(k, row, AT_LABEL, workbook_text(page_label(p, i), label), e));
    TRY(workbook_put_note(k->w, k->main, row, AT_LABEL, kit_note(k, of, p->basis[i]), e));
    TRY(kit_put(k, row, AT_MEASURE, workbook_text(unit_measure(k, of), label), e));
    if (values_hidden(v, i)) {
        struct write_cell sealed = workbook_text(kit_say(k, "密封", "sealed"), shut);
        for (uint32_t c = AT_BEFORE; c < AT_COLUMNS; c++) {
            TRY(kit_put(k, row, c, c == AT_VALUE ? sealed : workbook_blank(shut), e));
        }
        return kit_row_end(k, row, e);
    }
    const struct value *before = value_at(v != NULL ? v->before : NULL, i);
    const struct value *now = value_at(v != NULL ? v->cells : NULL, i);
    TRY(kit_put(k, row, AT_BEFORE, kit_cell(k, of, before, LOOK_BEFORE), e));
    TRY(kit_put(k, row, AT_VALUE, kit_cell(k, of, now, LOOK_INPUT), e));
    TRY(kit_put(k, row, AT_EXPLAIN, workbook_text(values_explanation(v, p->names[i]), words), e));
    TRY(put_returned(k, p, v, i, row, e));
    TRY(kit_row_end(k, row, e));
    return kit_rule(k, of, at, e);
}

static enum rc put_item_line(struct kit *k, const struct export_page *p,
                             const struct export_values *v, uint32_t i, uint32_t row, struct err *e)
{
    const struct datum *of = page_datum(p, i);
    const struct str values[AT_COLUMNS] = {
        [AT_LABEL] = STR(""),
        [AT_MEASURE] = STR(""),
        [AT_BEFORE] = cell_text(k->a, of, value_at(v != NULL ? v->cells : NULL, i)),
        [AT_VALUE] = values_explanation(v, p->names[i])};
    const struct form_line line = {.row = row,
                                   .unit = v != NULL ? v->code : STR(""),
                                   .name = p->names[i],
                                   .measure = of->type == VT_NUMBER ? of->unit : STR(""),
                                   .seen = v != NULL ? v->seen : 0,
                                   .label = page_label(p, i),
                                   .values = values};
    return values_hidden(v, i) ? RC_OK : form_write_line(&k->fw, &line, e);
}

static enum rc unit_table(struct kit *k, const struct str *heads, uint32_t header, uint32_t n,
                          struct err *e)
{
    struct form_table t = {.sheet = k->main_name,
                           .lines_are = FORM_LINES_ITEMS,
                           .header = header,
                           .first_free = header + 1 + n};
    static const struct {
        uint32_t column;
        enum form_role role;
    } columns[] = {{AT_LABEL, FORM_ROLE_LABEL},
                   {AT_BEFORE, FORM_ROLE_BEFORE},
                   {AT_VALUE, FORM_ROLE_VALUE},
                   {AT_EXPLAIN, FORM_ROLE_EXPLAIN}};
    for (uint32_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        vec_push(k->a, &t.columns,
                 (struct form_column){.column = columns[i].column,
                                      .role = columns[i].role,
                                      .head = heads[columns[i].column]});
    }
    return form_write_table(&k->fw, &t, e);
}

static struct write_paper unit_paper(const struct kit *k, const struct export_page *p,
                                     struct write_width *widths, uint32_t header)
{
    double label = 16;
    double value = 16;
    for (uint32_t i = 0; i < p->n_items; i++) {
        label = kit_width(page_label(p, i), label, LABEL_WIDTH);
        for (uint32_t c = 0; c < page_datum(p, i)->n_choices; c++) {
            value = kit_width(page_datum(p, i)->choices[c], value, VALUE_WIDTH);
        }
    }
    const double all[AT_COLUMNS] = {label, 16, value, value, 36};
    for (uint32_t c = 0; c < AT_COLUMNS; c++) {
        widths[c] = (struct write_width){c, c, all[c], false};
    }
    return (struct write_paper){.name = k->main_name,
                                .locked = true,
                                .widths = widths,
                                .n_widths = AT_COLUMNS,
                                .freeze_rows = header + 1,
                                .freeze_columns = 1,
                                .repeat_first = header,
                                .repeat_last = header,
                                .footer = page_footer(k, p),
                                .landscape = true};
}

static enum rc unit_rows(struct kit *k, const struct export_page *p, const struct export_values *v,
                         uint32_t header, struct err *e)
{
    const struct str heads[AT_COLUMNS] = {kit_say(k, "指标", "item"), kit_say(k, "单位", "unit"),
                                          kit_say(k, "上期", "before"), kit_say(k, "本期", "now"),
                                          kit_say(k, "说明", "explanation")};
    struct form_sheet f = page_sheet(k, p, FORM_LAYOUT_UNIT);
    TRY(kit_row(k, k->main, header, heads, AT_COLUMNS, LOOK_HEAD, e));
    TRY(kit_machine(k, &f, e));
    TRY(unit_table(k, heads, header, p->n_items, e));
    for (uint32_t i = 0; i < p->n_items; i++) {
        TRY(put_item(k, p, v, i, header + 1 + i, e));
        TRY(put_item_line(k, p, v, i, header + 1 + i, e));
    }
    return page_signatures(k, header + 2 + p->n_items, AT_COLUMNS, e);
}

static enum rc unit_checks(struct kit *k, const struct export_page *p,
                           const struct export_values *v, uint32_t header, uint32_t sheet,
                           struct str name, struct err *e)
{
    uint32_t *at = ARENA_ARRAY(k->a, uint32_t, 2 * p->n_items + 1U);
    struct kit_check *checks = NULL;
    uint32_t n = 0;
    struct form_table table;
    for (uint32_t i = 0; i < p->n_items; i++) {
        at[i] = AT_VALUE;
        at[p->n_items + i] = AT_BEFORE;
    }
    struct cells_of c = {.a = k->a,
                         .p = p,
                         .v = v,
                         .down = true,
                         .row = header + 1,
                         .at = at,
                         .before = at + p->n_items};
    TRY(page_colour_checks(k, &c, v, 0, &checks, &n, e));
    TRY(kit_checks(k, sheet, name, checks, n, v != NULL ? v->code : STR(""),
                   v != NULL ? v->seen : 0, &table, e));
    TRY(form_write_table(&k->fw, &table, e));
    for (uint32_t i = 0; i < table.lines.n; i++) {
        TRY(form_write_line(&k->fw, &table.lines.items[i], e));
    }
    return RC_OK;
}

enum rc export_unit(struct export_work *x, const struct export_page *page,
                    const struct export_values *v, const char *path, struct err *e)
{
    struct kit k;
    struct export_page own = *page;
    const struct export_page *p = &own;
    own.demo |= v != NULL && v->demo;
    struct write_width widths[AT_COLUMNS];
    uint32_t checks = 0;
    TRY(page_begin(&k, x, p, path, e));
    struct str name = page_other_name(&k, "校验", "checks");
    const struct page_lines lines = {page_title(p), whose_line(&k, v),
                                     page_about(&k, p, v != NULL ? v->state : STR("")),
                                     page_how(&k, FORM_LAYOUT_UNIT)};
    uint32_t header = page_head_rows(p, &lines);
    const struct write_paper paper = unit_paper(&k, p, widths, header);
    const struct write_paper second = kit_checks_paper(name);
    k.widths = widths;
    TRY(workbook_add_sheet(k.w, &paper, &k.main, e));
    if (p->n_checks > 0) {
        TRY(workbook_add_sheet(k.w, &second, &checks, e));
    }
    TRY(page_lists(&k, p, e));
    TRY(page_head(&k, p, &lines, AT_COLUMNS, e));
    TRY(unit_rows(&k, p, v, header, e));
    if (p->n_checks > 0) {
        TRY(unit_checks(&k, p, v, header, checks, name, e));
    }
    TRY(form_write_end(&k.fw, e));
    workbook_show_sheet(k.w, k.main, header + 1, AT_VALUE);
    TRY(workbook_finish(k.w, e));
    workbook_drop(k.w);
    return RC_OK;
}
