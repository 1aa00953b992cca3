/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook of a register's rows as the table that register/desk.h reads. */
#include "app/workbook/form_sheet.h"
#include "app/workbook/import_int.h"
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "io/workbook.h"

/* Columns of a row beside its fields (register/csv.c). */
static const struct {
    struct str name, english;
    enum value_type type;
} row_words[] = {
    {STR_INIT("编号"), STR_INIT("id"), VT_TEXT},
    {STR_INIT("日期"), STR_INIT("date"), VT_DATE},
    {STR_INIT("起"), STR_INIT("from"), VT_DATE},
    {STR_INIT("止"), STR_INIT("to"), VT_DATE},
    {STR_INIT("撤销日"), STR_INIT("revoked"), VT_DATE},
};
#define ROW_WORDS (sizeof row_words / sizeof *row_words)

static bool has_field(const struct desk *d, const struct register_view *v, struct str name)
{
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        if (str_eq(register_field(d, v, i)->d.name, name)) {
            return true;
        }
    }
    return false;
}

/* Fields, and the words of a row that no field is called. */
static void ask_fields(const struct desk *d, const struct register_view *v,
                       struct import_asked *out)
{
    const struct reg *reg = &d->plan->regs[v->reg];
    const struct datum **datums =
        ARENA_ARRAY(d->a, const struct datum *, reg->n_fields + ROW_WORDS + 1U);
    struct datum *extra = ARENA_ARRAY(d->a, struct datum, ROW_WORDS);
    *out = (struct import_asked){.plan = d->plan,
                                 .tree = d->tree,
                                 .datums = datums,
                                 .title = reg->name,
                                 .kind = d->plan->kinds[reg->owner_kind].name,
                                 .within = NONE};
    for (uint32_t i = 0; i < reg->n_fields; i++) {
        datums[out->n_datums++] = &register_field(d, v, i)->d;
    }
    for (uint32_t i = 0; i < ROW_WORDS; i++) {
        extra[i] = (struct datum){
            .name = row_words[i].name, .english = row_words[i].english, .type = row_words[i].type};
        if (!has_field(d, v, row_words[i].name)) {
            datums[out->n_datums++] = &extra[i];
        }
    }
}

/* Of an exported workbook only the sheet of the rows is one. */
static bool is_of_rows(const struct form_sheet *f, struct str sheet)
{
    bool rows = f->tables.n == 0;
    for (uint32_t i = 0; i < f->tables.n; i++) {
        rows |= f->tables.items[i].lines_are == FORM_LINES_ROWS &&
                str_eq(f->tables.items[i].sheet, sheet);
    }
    return rows;
}

static void read_sheets(struct import_reader *r)
{
    const struct workbook *w = &r->grid->book;
    struct form_sheet form = {.plan = STR("")};
    struct err e = {0};
    if (form_sheet_read(r->work, r->grid, &form, &e) != RC_OK) {
        form.tables.n = 0; /* as people make them */
    }
    for (r->sheet = 0; r->sheet < w->n_sheets; r->sheet++) {
        const struct grid_sheet *s = &r->grid->sheets[r->sheet];
        if (!w->sheets[r->sheet].table || w->sheets[r->sheet].visible != WORKBOOK_VISIBLE ||
            s->rows.n == 0 || !is_of_rows(&form, w->sheets[r->sheet].name)) {
            continue;
        }
        if (import_view_make(r->work, s, &w->sheets[r->sheet], &r->v) != RC_OK) {
            import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_TOO_MUCH, STR(""), STR(""));
            r->rows->bad = true;
            return;
        }
        import_across(r, ARENA_ARRAY(r->work, bool, r->v.n_rows + 1U));
    }
    if (!r->rows->headed) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_NOTHING, STR(""), STR(""));
        r->rows->bad = true;
    }
    r->sheet = 0;
}

struct rows_work {
    struct import_reader r;
    const char *path;
    struct err *e;
    enum rc rc;
};

static void read_rows(void *ctx)
{
    struct rows_work *x = ctx;
    struct import_run *run = x->r.run;
    struct grid *g = ARENA_NEW(&run->work, struct grid);
    struct str bytes;
    x->rc = file_read(&run->work, x->path, WORKBOOK_BYTES_MAX, &bytes, x->e);
    x->rc = x->rc == RC_OK ? grid_read_bytes(&run->work, x->path, bytes, g, x->e) : x->rc;
    if (x->rc == RC_OK) {
        x->r.work = &run->work;
        import_open(&x->r, g, STR(""));
        read_sheets(&x->r);
    }
}

bool import_is_workbook(struct str name)
{
    static const struct str ends[] = {STR_INIT(".xlsx"), STR_INIT(".xlsm"), STR_INIT(".xls"),
                                      STR_INIT(".et"),   STR_INIT(".XLSX"), STR_INIT(".XLS")};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends(name, ends[i])) {
            return true;
        }
    }
    return false;
}

enum rc import_register(struct desk *d, const struct register_view *v, const char *path,
                        struct import_run *run, struct str *csv, struct err *e)
{
    struct import_asked *asked = ARENA_NEW(d->a, struct import_asked);
    struct import_rows rows = {.headed = false};
    struct buf b;
    ask_fields(d, v, asked);
    TRY(desk_tree(d, d->today, &asked->snap, e));
    if (!period_containing(PERIOD_YEAR, d->today, &asked->period)) {
        return err_set(e, RC_INPUT, "there is no year of today", "今天不在可用的年度内");
    }
    buf_init_in(&b, d->a, WORKBOOK_BYTES_MAX);
    rows.csv = &b;
    run->a = d->a;
    run->names = import_names_new(d->a, asked);
    vec_push(d->a, &run->files, (struct import_file){.path = str_from_cstr(path)});
    struct rows_work x = {.r = {.run = run, .n = run->names, .rows = &rows}, .path = path, .e = e};
    import_begin(run);
    enum rc rc = arena_run(&run->work, read_rows, &x);
    rc = rc == RC_OK ? x.rc : rc;
    import_drop(run);
    *csv = buf_view(&b);
    return rc == RC_OK && rows.bad ? RC_FINDINGS : rc;
}
