/* SPDX-License-Identifier: Apache-2.0 */
/* Private to export_*.c. */
#ifndef APP_WORKBOOK_EXPORT_INT_H
#define APP_WORKBOOK_EXPORT_INT_H

#include "app/demo/demo.h"
#include "app/workbook/export.h"
#include "app/report/report_int.h"
#include "base/buf.h"
#include "io/workbook_write.h"

/* ---- checks as formulas (workbook/export_formula.c)
 * -------------------------------------------------- */

struct formula_cell {
    const struct datum *of;
    struct str place; /* `$D7` */
};
/* The cell of an item or field, or of the item in the period before; false: it is not there. */
typedef bool formula_cell_fn(void *ctx, const struct expr *x, bool before,
                             struct formula_cell *out);
/*
 * A formula that is true where all that the condition reads is filled in and the condition does not
 * hold; false: a spreadsheet cannot say it. It works in binary numbers, rounded to nine decimals,
 * so it is a hint: what decides is the program.
 */
NODISCARD bool formula_broken(struct arena *a, const struct plan *p, uint32_t condition,
                              formula_cell_fn *cell, void *ctx, struct str *out);

/* ---- what all workbooks of forms are made of (workbook/export_kit.c)
 * ---------------------------------- */

struct kit_list {
    const struct str *choices;
    uint32_t n;
    uint32_t column; /* of the sheet of lists */
};

/* A workbook at work. */
struct kit {
    struct arena *a; /* lasts as long as the workbook is written */
    struct workbook_writer *w;
    const struct plan *plan;
    bool chinese;
    uint32_t main, lists, machine; /* sheets */
    struct str main_name;
    const struct write_width *widths; /* of the main sheet: one per column */
    double tall;                      /* points that the row at work needs */
    uint32_t machine_row;
    struct form_writer fw;
    VEC(struct kit_list) choices;
};

static inline struct str kit_say(const struct kit *k, const char *zh, const char *en)
{
    return str_from_cstr(k->chinese ? zh : en);
}
/* Sheets of the kit, in their order behind those of the caller. */
NODISCARD enum rc kit_lists(struct kit *k, const struct datum *const *of, uint32_t n,
                            struct err *e);
NODISCARD enum rc kit_machine(struct kit *k, const struct form_sheet *f, struct err *e);

bool kit_is_percent(const struct datum *of);
/* `人`, `是/否` … */
struct str kit_measure(const struct kit *k, const struct datum *of);
/* A cell with the value, to look like that. */
struct write_cell kit_cell(const struct kit *k, const struct datum *of, const struct value *v,
                           enum write_look look);
/* The same of a day; a sentinel is blank. */
struct write_cell kit_day(struct date d, enum write_look look);
/* Input rules and what is told about them. */
NODISCARD enum rc kit_rule(struct kit *k, const struct datum *of, struct workbook_range range,
                           struct err *e);
/* Definition, source and clauses of it. */
struct str kit_note(const struct kit *k, const struct datum *of, struct str basis);
/* A cell of the main sheet, and the end of its row, which is then as tall as its texts need. */
NODISCARD enum rc kit_put(struct kit *k, uint32_t row, uint32_t column, struct write_cell cell,
                          struct err *e);
NODISCARD enum rc kit_row_end(struct kit *k, uint32_t row, struct err *e);
/* A row of texts in one look; texts may be empty. */
NODISCARD enum rc kit_row(struct kit *k, uint32_t sheet, uint32_t row, const struct str *texts,
                          uint32_t n, enum write_look look, struct err *e);
/* A line over all columns. */
NODISCARD enum rc kit_line(struct kit *k, uint32_t sheet, uint32_t row, uint32_t columns,
                           struct str text, enum write_look look, struct err *e);
double kit_width(struct str text, double least, double most);
/* `$D7`; `D` when row is UINT32_MAX. */
struct str kit_place(struct arena *a, uint32_t row, uint32_t column);

/* A check in words: where its figures stand, or that the program looks at it. */
struct kit_check {
    const struct commitment *k;
    struct str where;
    struct str explained;
};
/*
 * The sheet of checks. table: where explanations of soft ones are filled in, for the machine sheet;
 * NULL: they are not.
 */
NODISCARD enum rc kit_checks(struct kit *k, uint32_t sheet, struct str name,
                             const struct kit_check *checks, uint32_t n, struct str unit,
                             int64_t seen, struct form_table *table, struct err *e);
/* Its paper. */
struct write_paper kit_checks_paper(struct str name);

/* ---- a form as a page (workbook/export_form.c)
 * ---------------------------------------------------------
 */

struct str page_title(const struct export_page *p);
struct str page_about(const struct kit *k, const struct export_page *p, struct str state);
struct str page_footer(const struct kit *k, const struct export_page *p);
const struct datum *page_datum(const struct export_page *p, uint32_t i);
/* An item by its own name, where no other of the form has it. */
struct str page_label(const struct export_page *p, uint32_t i);
NODISCARD enum rc page_begin(struct kit *k, struct export_work *x, const struct export_page *p,
                             const char *path, struct err *e);
/* A name for a further sheet. */
struct str page_other_name(struct kit *k, const char *zh, const char *en);
/* The lines above a table; "": there is none. And one that says that the data are made up. */
struct page_lines {
    struct str title, whose, about, how;
};
struct str page_how(const struct kit *k, enum form_layout layout);
uint32_t page_head_rows(const struct export_page *p, const struct page_lines *l);
NODISCARD enum rc page_head(struct kit *k, const struct export_page *p, const struct page_lines *l,
                            uint32_t columns, struct err *e);
/* Below a table: who fills in, reviews and is responsible. */
NODISCARD enum rc page_signatures(struct kit *k, uint32_t row, uint32_t columns, struct err *e);
struct form_sheet page_sheet(const struct kit *k, const struct export_page *p,
                             enum form_layout layout);
NODISCARD enum rc page_lists(struct kit *k, const struct export_page *p, struct err *e);
/* Per check whether it is about units of a kind. In a. */
bool *page_told(const struct export_page *p, struct arena *a, uint32_t kind);
struct str values_explanation(const struct export_values *v, struct str about);
bool values_hidden(const struct export_values *v, uint32_t i);

/* Where items stand: down the rows of one column, or across the columns of each row. */
struct cells_of {
    struct arena *a;
    const struct export_page *p;
    const struct export_values *v; /* NULL: nothing is hidden */
    bool down;
    uint32_t row;                /* of the first item, or of the first unit */
    const uint32_t *at, *before; /* columns per item; UINT32_MAX: none */
    bool *used;                  /* per item; by the callee */
};
/* Colours what the checks read that may be told, and gives them in words. */
NODISCARD enum rc page_colour_checks(struct kit *k, struct cells_of *c,
                                     const struct export_values *v, uint32_t last_row,
                                     struct kit_check **out, uint32_t *n, struct err *e);

#endif
