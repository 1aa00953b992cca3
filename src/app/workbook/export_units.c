/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of many units: one workbook with a row each, or a workbook each in a folder. */
#include <string.h>

#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"

#define NOTES_FREE  200 /* rows for further explanations */
#define NAME_BYTES  200 /* of a file; names of 255 are the most there is */
#define NAME_WIDTH  30.0
#define HEAD_WIDTH  22.0
#define ABSENT      UINT32_MAX
#define HEAD_HEIGHT 48

enum { AT_CODE, AT_NAME, AT_FIRST };

/* Which columns there are: per item its figure, and the one before where somebody has one. */
struct units_plan {
    uint32_t n_columns;
    uint32_t *at, *before; /* per item; ABSENT: none */
    double code_width, name_width;
    uint32_t n_rows;
};

struct note {
    struct str unit, name, about, text;
    int64_t seen;
};

struct units {
    struct kit k;
    struct export_work *x;
    struct export_page p; /* demo: some unit has made-up figures */
    const struct export_source *from;
    struct units_plan plan;
    struct form_table table;
    uint32_t header;
    VEC(struct note) notes;
};

static void step_back(struct units *u)
{
    arena_release(&u->x->step);
}

static bool is_sealed(const struct export_page *p, uint32_t i)
{
    return page_datum(p, i)->class_ == CLASS_SEALED;
}

static double wider(double least, struct str text, double most)
{
    return kit_width(text, least, most);
}

/* One look at all of them: what was known before, and how wide their names are. */
static enum rc look_ahead(struct units *u, struct err *e)
{
    struct units_plan *w = &u->plan;
    uint32_t n = u->p.n_items;
    w->at = ARENA_ARRAY(u->k.a, uint32_t, n + 1U);
    w->before = ARENA_ARRAY(u->k.a, uint32_t, n + 1U);
    bool *known = ARENA_ARRAY(u->k.a, bool, n + 1U);
    w->code_width = 10;
    w->name_width = 16;
    for (uint32_t r = 0; r < u->from->n; r++) {
        struct export_values v = {0};
        TRY(u->from->values(u->from->ctx, &u->x->step, r, &v, e));
        w->code_width = wider(w->code_width, v.code, NAME_WIDTH);
        w->name_width = wider(w->name_width, v.name, NAME_WIDTH);
        u->p.demo |= v.demo;
        for (uint32_t i = 0; i < n && v.before != NULL; i++) {
            known[i] = known[i] || v.before[i].has;
        }
        step_back(u);
    }
    w->n_columns = AT_FIRST;
    for (uint32_t i = 0; i < n; i++) {
        bool shown = !is_sealed(&u->p, i);
        w->before[i] = shown && known[i] ? w->n_columns++ : ABSENT;
        w->at[i] = shown ? w->n_columns++ : ABSENT;
    }
    return RC_OK;
}

/* ---- the head -------------------------------------------------------------------------------- */

static struct str head_text(const struct kit *k, const struct export_page *p, uint32_t i,
                            bool before)
{
    const struct datum *of = page_datum(p, i);
    struct buf b;
    buf_init_in(&b, k->a, 4096);
    buf_str(&b, page_label(p, i));
    buf_printf(&b, "\n（%.*s）", PS(kit_measure(k, of)));
    if (before) {
        buf_str(&b, kit_say(k, "上期", " before"));
    }
    return buf_view(&b);
}

static const struct write_width *widths_of(const struct units *u)
{
    struct write_width *out = ARENA_ARRAY(u->k.a, struct write_width, u->plan.n_columns);
    out[AT_CODE] = (struct write_width){AT_CODE, AT_CODE, u->plan.code_width, false};
    out[AT_NAME] = (struct write_width){AT_NAME, AT_NAME, u->plan.name_width, false};
    for (uint32_t i = 0; i < u->p.n_items; i++) {
        uint32_t at = u->plan.at[i];
        uint32_t before = u->plan.before[i];
        double w = kit_width(page_label(&u->p, i), 12, HEAD_WIDTH);
        if (at != ABSENT) {
            out[at] = (struct write_width){at, at, w, false};
        }
        if (before != ABSENT) {
            out[before] = (struct write_width){before, before, 12, true};
        }
    }
    return out;
}

static void add_column(struct units *u, uint32_t column, enum form_role role, struct str name,
                       struct str measure, struct str head)
{
    vec_push(u->k.a, &u->table.columns, (struct form_column){column, role, name, measure, head});
}

static enum rc put_heads(struct units *u, struct err *e)
{
    struct kit *k = &u->k;
    const struct write_style head = {.look = LOOK_HEAD};
    const struct str first[] = {kit_say(k, "机构代码", "code"), kit_say(k, "机构", "unit")};
    TRY(kit_row(k, k->main, u->header, first, AT_FIRST, LOOK_HEAD, e));
    TRY(workbook_row_height(k->w, k->main, u->header, HEAD_HEIGHT, e));
    add_column(u, AT_CODE, FORM_ROLE_LABEL, STR(""), STR(""), first[AT_CODE]);
    for (uint32_t i = 0; i < u->p.n_items; i++) {
        const struct datum *of = page_datum(&u->p, i);
        struct str measure = of->type == VT_NUMBER ? of->unit : STR("");
        for (int before = 1; before >= 0; before--) {
            uint32_t at = before != 0 ? u->plan.before[i] : u->plan.at[i];
            if (at == ABSENT) {
                continue;
            }
            struct str text = head_text(k, &u->p, i, before != 0);
            TRY(workbook_put(k->w, k->main, u->header, at, workbook_text(text, head), e));
            TRY(workbook_put_note(k->w, k->main, u->header, at, kit_note(k, of, u->p.basis[i]), e));
            add_column(u, at, before != 0 ? FORM_ROLE_BEFORE : FORM_ROLE_VALUE, u->p.names[i],
                       measure, text);
        }
    }
    return RC_OK;
}

static enum rc put_rules(struct units *u, struct err *e)
{
    for (uint32_t i = 0; i < u->p.n_items && u->from->n > 0; i++) {
        uint32_t at = u->plan.at[i];
        const struct workbook_range r = {u->header + 1, at, u->header + u->from->n, at};
        if (at != ABSENT) {
            TRY(kit_rule(&u->k, page_datum(&u->p, i), r, e));
        }
    }
    return RC_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum rc put_figures(struct units *u, uint32_t row, const struct export_values *v,
                           struct str *exported, struct err *e)
{
    static const struct value none;
    struct kit *k = &u->k;
    uint32_t column = 1; /* of the table: the label stands first */
    exported[0] = STR("");
    for (uint32_t i = 0; i < u->p.n_items; i++) {
        const struct datum *of = page_datum(&u->p, i);
        if (u->plan.before[i] != ABSENT) {
            const struct value *x = v->before != NULL ? &v->before[i] : &none;
            struct write_cell cell = kit_cell(k, of, x, LOOK_BEFORE);
            TRY(kit_put(k, row, u->plan.before[i], cell, e));
            exported[column++] = STR("");
        }
        if (u->plan.at[i] != ABSENT) {
            struct write_cell cell = kit_cell(k, of, &v->cells[i], LOOK_INPUT);
            TRY(kit_put(k, row, u->plan.at[i], cell, e));
            exported[column++] = cell_text(k->a, of, &v->cells[i]);
        }
    }
    return RC_OK;
}

/* EX2: what is said of a sealed figure, or of a check that may not be told, is not shown either. */
static bool may_show(const struct export_page *p, const struct export_values *v, struct str about)
{
    for (uint32_t i = 0; i < p->n_items; i++) {
        if (str_eq(p->names[i], about)) {
            return !is_sealed(p, i) && !values_hidden(v, i);
        }
    }
    for (uint32_t i = 0; i < p->n_checks; i++) {
        if (str_eq(p->plan->commitments[p->checks[i]].id, about)) {
            return v->told != NULL && v->told[i];
        }
    }
    return false;
}

static void keep_notes(struct units *u, const struct export_values *v)
{
    struct arena *a = &u->x->whole;
    for (uint32_t i = 0; v->explained != NULL && i < v->explained->list.n; i++) {
        const struct report_note *n = &v->explained->list.items[i];
        if (!may_show(&u->p, v, n->about)) {
            continue;
        }
        vec_push(a, &u->notes,
                 (struct note){.unit = str_dup(a, v->code),
                               .name = str_dup(a, v->name),
                               .about = str_dup(a, n->about),
                               .text = str_dup(a, n->text),
                               .seen = v->seen});
    }
}

static enum rc put_unit(struct units *u, uint32_t r, struct err *e)
{
    struct kit *k = &u->k;
    struct export_values v = {0};
    uint32_t row = u->header + 1 + r;
    TRY(u->from->values(u->from->ctx, &u->x->step, r, &v, e));
    const struct str names[] = {v.code, v.name};
    struct str *exported = ARENA_ARRAY(k->a, struct str, u->table.columns.n + 1U);
    for (uint32_t c = 0; c < AT_FIRST; c++) {
        const struct write_style label = {.look = LOOK_LABEL};
        TRY(kit_put(k, row, c, workbook_text(names[c], label), e));
    }
    TRY(put_figures(u, row, &v, exported, e));
    const struct form_line line = {
        .row = row, .unit = v.code, .seen = v.seen, .label = v.code, .values = exported};
    TRY(form_write_line(&k->fw, &line, e));
    keep_notes(u, &v);
    return kit_row_end(k, row, e);
}

static enum rc put_units(struct units *u, struct err *e)
{
    u->table.sheet = u->k.main_name;
    u->table.lines_are = FORM_LINES_UNITS;
    u->table.header = u->header;
    u->table.first_free = u->header + 1 + u->from->n;
    struct form_sheet f = page_sheet(&u->k, &u->p, FORM_LAYOUT_UNITS);
    TRY(put_heads(u, e));
    TRY(put_rules(u, e));
    TRY(kit_machine(&u->k, &f, e));
    TRY(form_write_table(&u->k.fw, &u->table, e));
    enum rc rc = RC_OK;
    u->k.a = &u->x->step; /* EX3: what a row takes is given back */
    for (uint32_t r = 0; r < u->from->n && rc == RC_OK; r++) {
        rc = put_unit(u, r, e);
        step_back(u);
    }
    u->k.a = &u->x->whole;
    uint32_t below = u->header + 2 + u->from->n;
    return rc == RC_OK ? page_signatures(&u->k, below, u->plan.n_columns, e) : rc;
}

/* ---- explanations ---------------------------------------------------------------------------- */

enum { NOTE_CODE, NOTE_NAME, NOTE_ABOUT, NOTE_TEXT, NOTE_COLUMNS };

static struct write_paper notes_paper(struct str name)
{
    static const struct write_width widths[] = {
        {NOTE_CODE, NOTE_CODE, 16, false},
        {NOTE_NAME, NOTE_NAME, 26, false},
        {NOTE_ABOUT, NOTE_ABOUT, 30, false},
        {NOTE_TEXT, NOTE_TEXT, 60, false},
    };
    return (struct write_paper){.name = name,
                                .locked = true,
                                .widths = widths,
                                .n_widths = NOTE_COLUMNS,
                                .freeze_rows = 2,
                                .repeat_first = 1,
                                .repeat_last = 1,
                                .landscape = true};
}

static enum rc put_note(struct units *u, uint32_t sheet, uint32_t row, const struct note *n,
                        struct err *e)
{
    const struct str texts[] = {n->unit, n->name, n->about, n->text};
    for (uint32_t c = 0; c < NOTE_COLUMNS; c++) {
        const struct write_style s = {.look = c == NOTE_NAME ? LOOK_LABEL : LOOK_WORDS,
                                      .show = SHOW_TEXT};
        TRY(workbook_put(u->k.w, sheet, row, c, workbook_text(texts[c], s), e));
    }
    return RC_OK;
}

static enum rc put_notes(struct units *u, uint32_t sheet, struct str name, struct err *e)
{
    struct kit *k = &u->k;
    static const struct note blank;
    const struct str heads[] = {kit_say(k, "机构代码", "code"), kit_say(k, "机构", "unit"),
                                kit_say(k, "数据项或校验编号", "item or check"),
                                kit_say(k, "说明", "explanation")};
    struct form_table t = {.sheet = name,
                           .lines_are = FORM_LINES_NOTES,
                           .header = 1,
                           .first_free = 2 + u->notes.n,
                           .n_free = NOTES_FREE};
    static const enum form_role roles[] = {[NOTE_CODE] = FORM_ROLE_UNIT,
                                           [NOTE_ABOUT] = FORM_ROLE_ABOUT,
                                           [NOTE_TEXT] = FORM_ROLE_EXPLAIN};
    for (uint32_t c = 0; c < NOTE_COLUMNS; c++) {
        if (c != NOTE_NAME) {
            vec_push(k->a, &t.columns,
                     (struct form_column){.column = c, .role = roles[c], .head = heads[c]});
        }
    }
    TRY(kit_line(
        k, sheet, 0, NOTE_COLUMNS,
        kit_say(k, "没有数据的、软性校验不符的，在此写明机构代码、数据项（或校验编号）和原因。",
                "Why something is not known, or a soft check fails."),
        LOOK_QUIET, e));
    TRY(kit_row(k, sheet, 1, heads, NOTE_COLUMNS, LOOK_HEAD, e));
    TRY(form_write_table(&k->fw, &t, e));
    for (uint32_t i = 0; i < u->notes.n + NOTES_FREE; i++) {
        const struct note *n = i < u->notes.n ? &u->notes.items[i] : &blank;
        const struct str values[] = {n->unit, n->about, n->text};
        const struct form_line line = {
            .row = 2 + i, .unit = n->unit, .name = n->about, .seen = n->seen, .values = values};
        TRY(put_note(u, sheet, 2 + i, n, e));
        if (i < u->notes.n) {
            TRY(form_write_line(&k->fw, &line, e));
        }
    }
    return RC_OK;
}

static enum rc put_checks(struct units *u, uint32_t sheet, struct str name, struct err *e)
{
    struct cells_of c = {
        .a = u->k.a, .p = &u->p, .row = u->header + 1, .at = u->plan.at, .before = u->plan.before};
    struct kit_check *checks = NULL;
    uint32_t n = 0;
    const struct export_values all = {.told = u->from->told};
    TRY(page_colour_checks(&u->k, &c, &all, u->header + u->from->n, &checks, &n, e));
    return kit_checks(&u->k, sheet, name, checks, n, STR(""), 0, NULL, e);
}

/* ---- the workbook ---------------------------------------------------------------------------- */

static struct str units_line(const struct units *u)
{
    struct buf b;
    uint32_t sealed = 0;
    buf_init_in(&b, u->k.a, 256);
    buf_printf(&b, u->p.chinese ? "机构 %u 个" : "%u units", u->from->n);
    for (uint32_t i = 0; i < u->p.n_items; i++) {
        sealed += is_sealed(&u->p, i);
    }
    if (sealed > 0) {
        buf_printf(&b,
                   u->p.chinese ? "　　密封数据项 %u 个不在本表中，由各机构在本单位填报"
                                : "  %u sealed items are filled in at the units themselves",
                   sealed);
    }
    return buf_view(&b);
}

static enum rc write_units(struct units *u, struct err *e)
{
    struct kit *k = &u->k;
    uint64_t cells = 2 * (uint64_t)u->from->n * u->plan.n_columns; /* seen, and as exported */
    uint32_t checks = 0;
    uint32_t notes = 0;
    if (cells > WORKBOOK_CELLS_MAX || u->from->n > WORKBOOK_ROWS_MAX / 2) {
        enum rc rc =
            err_set(e, RC_LIMIT, "so many units and items cannot be read back (%u × %u)",
                    "机构和数据项过多，导出后无法再导入（%u × %u）", u->from->n, u->p.n_items);
        err_hint(e, "Export by county with --within, or a workbook for each with --each.",
                 "请用 --within 分地区导出，或用 --each 每个机构一本。");
        return rc;
    }
    bool checked = u->p.n_checks > 0 && u->from->n > 0;
    const struct page_lines lines = {page_title(&u->p), units_line(u),
                                     page_about(k, &u->p, STR("")), page_how(k, FORM_LAYOUT_UNITS)};
    struct str others[2] = {k->main_name, page_other_name(k, "校验", "checks")};
    struct str name = workbook_sheet_name(k->a, kit_say(k, "说明", "explanations"), others, 2);
    u->header = page_head_rows(&u->p, &lines);
    const struct write_paper paper = {.name = k->main_name,
                                      .locked = true,
                                      .widths = widths_of(u),
                                      .n_widths = u->plan.n_columns,
                                      .freeze_rows = u->header + 1,
                                      .freeze_columns = AT_FIRST,
                                      .repeat_first = u->header,
                                      .repeat_last = u->header,
                                      .footer = page_footer(k, &u->p),
                                      .landscape = true};
    const struct write_paper second = kit_checks_paper(others[1]);
    k->widths = paper.widths;
    const struct write_paper third = notes_paper(name);
    TRY(workbook_add_sheet(k->w, &paper, &k->main, e));
    if (checked) {
        TRY(workbook_add_sheet(k->w, &second, &checks, e));
    }
    TRY(workbook_add_sheet(k->w, &third, &notes, e));
    TRY(page_lists(k, &u->p, e));
    TRY(page_head(k, &u->p, &lines, u->plan.n_columns, e));
    TRY(put_units(u, e));
    TRY(put_notes(u, notes, name, e));
    return checked ? put_checks(u, checks, others[1], e) : RC_OK;
}

enum rc export_units(struct export_work *x, const struct export_page *page,
                     const struct export_source *from, const char *path, struct err *e)
{
    struct units u = {.x = x, .p = *page, .from = from};
    u.k = (struct kit){.a = &x->whole, .chinese = page->chinese};
    TRY(look_ahead(&u, e));
    TRY(page_begin(&u.k, x, &u.p, path, e));
    TRY(write_units(&u, e));
    TRY(form_write_end(&u.k.fw, e));
    workbook_show_sheet(u.k.w, u.k.main, u.header + 1, AT_FIRST);
    TRY(workbook_finish(u.k.w, e));
    workbook_drop(u.k.w);
    return RC_OK;
}

/* ---- a folder -------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* CON, PRN, AUX, NUL, COM1…, LPT1…, with whatever ending: names of devices. */
static bool is_device(struct str name)
{
    static const char *const words[] = {"CON", "PRN", "AUX", "NUL", "COM", "LPT"};
    struct str stem = str_sub(name, 0, str_find(name, STR("."), 0));
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool same = stem.n == (i < 4 ? 3 : 4);
        for (uint32_t k = 0; same && k < 3; k++) {
            same = upper(stem.p[k]) == words[i][k];
        }
        if (same && (i < 4 || (stem.p[3] >= '0' && stem.p[3] <= '9'))) {
            return true;
        }
    }
    return false;
}

struct str export_file_name(struct arena *a, struct str wanted, const char *ending)
{
    struct buf b;
    uint32_t cp = 0;
    uint32_t n = 0;
    uint32_t most = NAME_BYTES - str_from_cstr(ending).n;
    buf_init_in(&b, a, 1024);
    if (is_device(wanted)) {
        buf_putc(&b, '_');
    }
    for (uint32_t at = 0; at < wanted.n; at += n) {
        n = utf8_decode(wanted, at, &cp);
        bool odd = utf8_is_control(cp) || utf8_is_bidi_control(cp) || cp == 0xfffe ||
                   cp == 0xffff || (cp < 128 && strchr("<>:\"/\\|?*", (int)cp) != NULL);
        if (b.n + n > most) {
            break;
        }
        buf_put_cp(&b, odd ? '_' : cp);
    }
    struct str name = str_trim(buf_view(&b));
    while (name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' ')) {
        name.n--;
    }
    name = name.n == 0 || name.p[0] == '.' ? str_cat(a, STR("_"), name) : name;
    return str_cat(a, name, str_from_cstr(ending));
}

/* Names of files that differ in case alone are one. */
static struct str folded(struct arena *a, struct str s)
{
    char *out = arena_strndup(a, s.p, s.n);
    for (uint32_t i = 0; i < s.n; i++) {
        out[i] = upper(out[i]);
    }
    return str_make(out, s.n);
}

/* `150102 一小 招生报表.xlsx`, unlike all that are taken. */
static const char *name_for(struct arena *a, const struct export_page *p,
                            const struct export_values *v, struct map *taken)
{
    for (uint32_t turn = 1;; turn++) {
        struct buf b;
        buf_init_in(&b, a, LIMIT_STR_BYTES);
        buf_printf(&b, "%.*s ", PS(v->code));
        if (turn > 1) {
            buf_printf(&b, "(%u) ", turn);
        }
        buf_printf(&b, "%.*s %.*s", PS(v->name), PS(page_title(p)));
        struct str file = export_file_name(a, buf_view(&b), ".xlsx");
        if (!map_get(taken, folded(a, file), NULL)) {
            map_put(p->a, taken, folded(p->a, file), turn);
            return str_to_cstr(a, file);
        }
    }
}

enum rc export_each(struct export_work *x, const struct export_page *p,
                    const struct export_source *from, const char *dir, export_told_fn *told,
                    void *told_ctx, struct err *e)
{
    struct map taken = {0};
    TRY(file_make_dir(dir, e));
    for (uint32_t r = 0; r < from->n; r++) {
        struct export_values v = {0};
        TRY(from->values(from->ctx, &x->step, r, &v, e));
        const char *name = name_for(&x->step, p, &v, &taken);
        TRY(export_unit(x, p, &v, path_join(&x->step, dir, name), e));
        arena_release(&x->step);
        arena_release(&x->whole);
        told(told_ctx, r + 1, from->n);
    }
    return RC_OK;
}

/* ---- what is held ---------------------------------------------------------------------------- */

void export_begin(struct export_work *x, struct arena *above)
{
    arena_init_below(&x->whole, above, "workbook");
    arena_init_below(&x->step, above, "unit");
}

void export_drop(struct export_work *x)
{
    workbook_drop(&x->writer);
    if (x->whole.above != NULL) {
        arena_release(&x->step);
        arena_release(&x->whole);
    }
}
