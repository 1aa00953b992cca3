/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layouts of tables as text (tests/workbooks/layout), and what must come of each. A file:
 *     # what it is about
 *     @file NAME   @folder NAME   @match HEAD=ITEM   @percent ITEM=share   @within CODE
 *     @sheet NAME [hidden]   @merge A1:B2   @hidden-row N   @hidden-column L   @csv
 *     cells of a row, with tabs between; 12.5 is a number, '12.5 a text, \n a new line
 *     =
 *     S1 在校生数 500        a value        S1 在校生数 ?   refused        S1 在校生数 /  not
 * applicable ! code [PLACE]         a question or refusal        ~ code [PLACE]   told Whatever
 * value, question or refusal comes without a line fails the test: nothing silent.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/workbook/import.h"
#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

#define FOLDER "tests/workbooks/layout"

static const char plan_text[] =
    "计划 t { 年度 2024 至 2026 }\n"
    "层级 自治区 > 盟市 > 旗县\n"
    "对象 学校 属于 旗县 {\n"
    "  数据 在校生数 : 人 每年 小数 0  数据 女生数 : 人 每年 小数 0\n"
    "  数据 专任教师数 : 人 每年 小数 0  数据 公用经费 : 万元 每年 小数 2\n"
    "  数据 升学率 : % 每年 小数 2 范围 0 至 100%  数据 有食堂 : 是否 每年\n"
    "  数据 校长姓名 : 文本 每年  数据 建校日期 : 日期 每年\n"
    "  数据 办学类型 : 选项(\"公办\",\"民办\") 每年\n"
    "}\n"
    "报表 F1 学校基本情况 { 对象 学校 每年 项 在校生数, 女生数, 专任教师数, 公用经费, 升学率, "
    "有食堂, "
    "校长姓名, 建校日期, 办学类型  截止 12-31 }\n";

#define OLD                                                                                        \
    {                                                                                              \
        19000                                                                                      \
    }
#define UNIT(c, nm, al, k, p)                                                                      \
    {                                                                                              \
        .code = STR_INIT(c), .name = STR_INIT(nm), .alias = STR_INIT(al), .kind = (k),             \
        .parent = STR_INIT(p), .from = {INT32_MIN}, .to = {                                        \
            INT32_MAX                                                                              \
        }                                                                                          \
    }

struct desk_of_test {
    struct arena a;
    struct lang lang;
    const struct tree *tree;
    const struct tree_snap *snap;
    uint32_t *units;
    uint32_t n_units;
    const struct datum **datums;
    struct str *ids;
    uint32_t n_datums;
    struct err e;
};

static uint32_t kind_named(const struct plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_kinds; i++) {
        if (str_eq(p->kinds[i].name, str_from_cstr(name))) {
            return i;
        }
    }
    fail();
    return 0;
}

static void make_tree(struct desk_of_test *t)
{
    const struct plan *p = t->lang.plan;
    uint32_t region = kind_named(p, "自治区");
    uint32_t city = kind_named(p, "盟市");
    uint32_t county = kind_named(p, "旗县");
    uint32_t school = kind_named(p, "学校");
    struct tree_version v[] = {
        UNIT("15", "内蒙古自治区", "", region, ""),
        UNIT("1501", "呼和浩特市", "", city, "15"),
        UNIT("C1", "赛罕区", "", county, "1501"),
        UNIT("C2", "新城区", "", county, "1501"),
        UNIT("S1", "第一小学", "一小", school, "C1"),
        UNIT("S2", "第二小学", "", school, "C1"),
        UNIT("S3", "实验小学", "", school, "C1"),
        UNIT("S4", "实验小学", "", school, "C2"),
        UNIT("S5", "新城区育才中学（北校区）", "", school, "C2"),
        UNIT("S6", "大学路小学", "", school, "C2"), /* until OLD: 师专附小 */
        UNIT("S6", "师专附小", "", school, "C2"),
        UNIT("S7", "第一小学附属幼儿园", "", school, "C1"),
        UNIT("0123456789", "第十二中学", "", school, "C1"),
    };
    uint32_t n = sizeof v / sizeof *v;
    v[9].from = (struct date)OLD;
    v[10].to = (struct date){19000 - 1};
    struct tree_version *kept = ARENA_ARRAY(&t->a, struct tree_version, n);
    memcpy(kept, v, sizeof v);
    assert_int_equal(tree_build(&t->a, kept, n, NULL, 0, (struct tree_sink){0}, &t->tree, &t->e),
                     RC_OK);
    assert_int_equal(tree_at(&t->a, t->tree, (struct date){20088}, &t->snap, &t->e), RC_OK);
    t->units = ARENA_ARRAY(&t->a, uint32_t, t->tree->n_units + 1U);
    for (uint32_t i = 0; i < t->snap->n; i++) {
        if (t->snap->kind[i] == school) {
            t->units[t->n_units++] = t->snap->unit[i];
        }
    }
}

static void open_test(struct desk_of_test *t)
{
    struct diags ds;
    *t = (struct desk_of_test){.n_units = 0};
    arena_init(&t->a, (size_t)1 << 30, "import test");
    diags_init(&ds, &t->a, NULL);
    const char *dir = tmpdir_make(&t->a);
    (void)tmpdir_write(&t->a, dir, "a.plan", str_from_cstr(plan_text));
    enum rc rc = lang_open(&t->a, dir, &ds, &t->lang, &t->e);
    tmpdir_remove(dir);
    assert_int_equal(rc, RC_OK);
    const struct plan *p = t->lang.plan;
    const struct commitment *form = NULL;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        form = p->commitments[i].kind == CK_FORM ? &p->commitments[i] : form;
    }
    assert_non_null(form);
    t->datums = ARENA_ARRAY(&t->a, const struct datum *, form->n_items + 1U);
    t->ids = ARENA_ARRAY(&t->a, struct str, form->n_items + 1U);
    for (uint32_t i = 0; i < form->n_items; i++) {
        const struct datum *d = &p->items[form->items[i]].d;
        t->datums[i] = d;
        t->ids[i] = str_cat(&t->a, STR("学校."), d->name);
    }
    t->n_datums = form->n_items;
    make_tree(t);
}

/* ---- a layout ------------------------------------------------------------------------------- */

struct layout {
    struct desk_of_test *t;
    struct str file, folder;
    struct import_asked asked;
    VEC(struct str) match, percent, wanted;
    struct grid grid;
    VEC(struct workbook_sheet) sheets;
    VEC(struct grid_sheet) grids;
    bool csv;
};

static struct str unescape(struct arena *a, struct str s)
{
    char *p = ARENA_ARRAY(a, char, s.n + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        bool line = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';
        p[n++] = line ? '\n' : s.p[i];
        i += line ? 1 : 0;
    }
    return str_make(p, n);
}

static void add_sheet(struct layout *l, struct str words)
{
    struct str name = STR("");
    (void)str_split(&words, ' ', &name);
    struct workbook_sheet s = {.name = name, .table = true};
    s.visible = str_eq(words, STR("hidden")) ? WORKBOOK_HIDDEN : WORKBOOK_VISIBLE;
    vec_push(&l->t->a, &l->sheets, s);
    vec_push(&l->t->a, &l->grids, (struct grid_sheet){.rows = {0}});
}

static void add_row(struct layout *l, struct str line)
{
    struct arena *a = &l->t->a;
    struct grid_sheet *g = &vec_last(&l->grids);
    struct str part;
    VEC(struct sheet_cell) cells = {0};
    uint32_t column = 0;
    while (str_split(&line, '\t', &part)) {
        struct rat number;
        struct sheet_cell c = {.column = column++, .kind = CELL_TEXT, .text = part};
        bool formula = str_starts(part, STR("=="));
        bool figure = rat_parse_decimal(a, part, &number);
        c.kind = figure && !l->csv ? CELL_NUMBER : CELL_TEXT;
        c.kind = str_starts(part, STR("#")) && part.n > 1 ? CELL_ERROR : c.kind;
        if (str_starts(part, STR("'"))) {
            c.text = str_sub(part, 1, part.n);
        } else if (formula) {
            c = (struct sheet_cell){.column = c.column,
                                    .kind = CELL_NUMBER,
                                    .flags = CELL_FORMULA,
                                    .text = str_sub(part, 2, part.n)};
        } else if (str_ends(part, STR("%%"))) {
            c.kind = CELL_NUMBER;
            c.format = NF_PERCENT;
            c.text = str_sub(part, 0, part.n - 2);
        }
        c.text = unescape(a, c.text);
        if (c.text.n > 0) {
            vec_push(a, &cells, c);
        }
    }
    uint32_t row = g->rows.n;
    vec_push(a, &g->rows, (struct workbook_row){cells.items, cells.n, row, false});
}

static struct workbook_range range_of(struct str s)
{
    struct str rest = s;
    struct str one = STR("");
    struct workbook_range r = {0};
    (void)str_split(&rest, ':', &one);
    assert_true(cell_parse_name(one, &r.row, &r.column));
    assert_true(cell_parse_name(rest, &r.last_row, &r.last_column));
    return r;
}

static uint32_t number_of(struct str s)
{
    i128 n = 0;
    assert_true(i128_parse(s, &n));
    return (uint32_t)n;
}

static void directive(struct layout *l, struct str line)
{
    struct arena *a = &l->t->a;
    struct str name = STR("");
    (void)str_split(&line, ' ', &name);
    if (str_eq(name, STR("@file"))) {
        l->file = line;
    } else if (str_eq(name, STR("@folder"))) {
        l->folder = line;
    } else if (str_eq(name, STR("@match"))) {
        vec_push(a, &l->match, line);
    } else if (str_eq(name, STR("@percent"))) {
        vec_push(a, &l->percent, line);
    } else if (str_eq(name, STR("@within"))) {
        assert_true(tree_unit_of_code(l->t->tree, line, &l->asked.within));
    } else if (str_eq(name, STR("@csv"))) {
        l->csv = true;
    } else if (str_eq(name, STR("@sheet"))) {
        add_sheet(l, line);
    } else if (str_eq(name, STR("@merge"))) {
        vec_push(a, &vec_last(&l->sheets).merged, range_of(line));
    } else if (str_eq(name, STR("@hidden-column"))) {
        uint32_t column = (uint32_t)(line.p[0] - 'A');
        struct workbook_range r = {0, column, WORKBOOK_ROWS_MAX - 1, column};
        vec_push(a, &vec_last(&l->sheets).hidden_columns, r);
    } else if (str_eq(name, STR("@hidden-row"))) {
        uint32_t row = number_of(line) - 1;
        /* Rows come later: kept as a wish in the texts wanted. */
        struct buf b;
        buf_init_in(&b, a, 64);
        buf_printf(&b, "@%u", row);
        vec_push(a, &l->wanted, buf_view(&b));
    } else {
        print_error("%.*s\n", PS(name));
        fail();
    }
}

static void hide_rows(struct layout *l)
{
    for (uint32_t i = 0; i < l->wanted.n; i++) {
        struct str s = l->wanted.items[i];
        uint32_t row = s.n > 1 && s.p[0] == '@' ? number_of(str_sub(s, 1, s.n)) : NONE;
        if (row != NONE) {
            l->grids.items[0].rows.items[row].hidden = true;
            l->wanted.items[i] = STR("");
        }
    }
}

static void read_layout(struct layout *l, struct str text)
{
    struct str line;
    bool wanted = false;
    while (str_split(&text, '\n', &line)) {
        if (str_starts(line, STR("# ")) || (wanted && line.n == 0)) {
            continue;
        }
        if (wanted) {
            vec_push(&l->t->a, &l->wanted, line);
        } else if (str_starts(line, STR("@"))) {
            if (l->sheets.n == 0 &&
                (str_starts(line, STR("@merge")) || str_starts(line, STR("@hidden")))) {
                add_sheet(l, STR("Sheet1"));
            }
            directive(l, line);
        } else if (str_eq(line, STR("="))) {
            wanted = true;
        } else {
            if (l->sheets.n == 0) {
                add_sheet(l, STR("Sheet1"));
            }
            add_row(l, line);
        }
    }
    hide_rows(l);
    l->grid = (struct grid){.book = {.kind = l->csv ? WORKBOOK_CSV : WORKBOOK_XLSX,
                                     .sheets = l->sheets.items,
                                     .n_sheets = l->sheets.n},
                            .sheets = l->grids.items};
}

/* ---- what came of it ------------------------------------------------------------------------ */

static void put_value(struct buf *b, struct arena *a, const struct datum *d,
                      const struct import_kept *c)
{
    struct value v = import_value(c);
    char day[DATE_TEXT_BYTES];
    int64_t days = 0;
    switch (d->type) {
    case VT_NUMBER:
        buf_str(b, rat_dec_str(a, rat_div(a, v.num, d->factor), 6, NULL));
        break;
    case VT_BOOL:
        buf_puts(b, rat_is_zero(v.num) ? "否" : "是");
        break;
    case VT_DATE:
        assert_true(rat_to_int64(v.num, &days));
        buf_str(b, date_text((struct date){(int32_t)days}, day));
        break;
    case VT_CHOICE:
    case VT_TEXT:
        buf_str(b, v.text);
        break;
    }
}

static struct str cell_line(struct layout *l, const struct import_entry *e, uint32_t k)
{
    const struct datum *d = l->t->datums[k];
    const struct import_kept *c = &e->cells[k];
    struct buf b;
    if (c->is == IMPORT_CELL_ABSENT || c->is == IMPORT_CELL_BLANK) {
        return STR("");
    }
    buf_init_in(&b, &l->t->a, 4096);
    buf_printf(&b, "%.*s %.*s ", PS(l->t->tree->units[e->unit].code), PS(d->name));
    if (c->is == IMPORT_CELL_REFUSED || e->clash) {
        buf_puts(&b, "?");
    } else if (c->is == IMPORT_CELL_NOT_FOR_US) {
        buf_puts(&b, "/");
    } else {
        put_value(&b, &l->t->a, d, c);
    }
    return buf_view(&b);
}

static struct str note_line(struct layout *l, const struct import_note *n, bool place)
{
    char cell[CELL_NAME_BYTES];
    struct buf b;
    buf_init_in(&b, &l->t->a, 4096);
    buf_printf(&b, "%s %s", n->level >= IMPORT_ASKED ? "!" : "~", import_says_code(n));
    if (place && n->at.row != NONE) {
        buf_printf(&b, " %s", cell_name(n->at.row, n->at.column == NONE ? 0 : n->at.column, cell));
    }
    return buf_view(&b);
}

/* Takes a line off those that are wanted. */
static bool wanted(struct layout *l, struct str line)
{
    for (uint32_t i = 0; i < l->wanted.n; i++) {
        if (str_eq(l->wanted.items[i], line)) {
            l->wanted.items[i] = STR("");
            return true;
        }
    }
    return false;
}

static bool compare(struct layout *l, const char *name, const struct import_run *run)
{
    bool fits = true;
    for (uint32_t i = 0; i < run->entries.n; i++) {
        for (uint32_t k = 0; k < l->t->n_datums; k++) {
            struct str line = cell_line(l, &run->entries.items[i], k);
            if (line.n > 0 && !wanted(l, line)) {
                print_error("%s: not wanted: %.*s\n", name, PS(line));
                fits = false;
            }
        }
    }
    const struct import_file *f = &run->files.items[0];
    for (uint32_t i = 0; i < f->notes.n; i++) {
        const struct import_note *n = &f->notes.items[i];
        bool known = wanted(l, note_line(l, n, true)) || wanted(l, note_line(l, n, false));
        if (!known && n->level >= IMPORT_ASKED) {
            struct buf b;
            buf_init_in(&b, &l->t->a, 8192);
            import_note_text(run, n, true, &b);
            print_error("%s: not wanted: %.*s (%.*s)\n", name, PS(note_line(l, n, true)),
                        PS(buf_view(&b)));
            fits = false;
        }
    }
    for (uint32_t i = 0; i < l->wanted.n; i++) {
        if (l->wanted.items[i].n > 0) {
            print_error("%s: did not come: %.*s\n", name, PS(l->wanted.items[i]));
            fits = false;
        }
    }
    if (!fits && getenv("IMPORT_NOTES") != NULL) { // NOLINT(concurrency-mt-unsafe)
        for (uint32_t i = 0; i < f->notes.n; i++) {
            print_error("   has %.*s\n", PS(note_line(l, &f->notes.items[i], true)));
        }
    }
    return fits;
}

/* ---- short cuts ----------------------------------------------------------------------------- */

static void same_text(struct arena *a, const struct import_names *n, struct str text)
{
    struct import_label got;
    struct import_label want;
    import_label(a, n, text, &got);
    import_label_plain(a, n, text, &want);
    assert_true(str_eq(got.shown, want.shown) && str_eq(got.key, want.key));
    assert_true(str_eq(got.whole, want.whole) && str_eq(got.measure, want.measure));
    assert_true(got.words == want.words && got.item == want.item);
    assert_true(got.timed == want.timed && got.now == want.now);
    struct import_whom w = import_unit(a, n, text, NONE);
    struct import_whom plain = import_unit_plain(a, n, text, NONE);
    assert_true(w.is == plain.is && w.unit == plain.unit && w.former == plain.former);
    assert_true(w.partly == plain.partly && str_eq(w.others, plain.others));
}

/* Each text of a layout, parts of it, and numbers, twice: as one that knows no short cut. */
static void same_texts(struct layout *l, const struct import_names *n, struct arena *work)
{
    static const char *const numbers[] = {"1",    "12",     "-3.5",  "2024", "2024.5", "2024-",
                                          "0.0",  "12345.", "5.-1",  "-",    ".",      "-2024",
                                          "1990", "20245",  "1.2.3", "007",  "12%",    "１２"};
    for (uint32_t i = 0; i < 2 * sizeof numbers / sizeof *numbers; i++) {
        same_text(work, n, str_from_cstr(numbers[i / 2]));
    }
    for (uint32_t s = 0; s < l->grids.n; s++) {
        for (uint32_t r = 0; r < l->grids.items[s].rows.n; r++) {
            const struct workbook_row *row = &l->grids.items[s].rows.items[r];
            for (uint32_t c = 0; c < 2 * row->n; c++) {
                struct str text = str_trim(row->cells[c / 2].text);
                struct str other = str_trim(row->cells[(c + r) % row->n].text);
                same_text(work, n, text);
                same_text(work, n, str_cat(work, text, other));
                same_text(work, n, str_cat(work, other, STR("（1.5）")));
            }
        }
    }
}

/* The same with room among the texts of all workbooks, and with none left. */
static void check_short_cuts(struct layout *l)
{
    struct arena work;
    arena_init(&work, (size_t)64 << 20, "texts");
    for (uint32_t k = 0; k < 2; k++) {
        struct import_names *n = import_names_new(&l->t->a, &l->asked);
        if (k == 1) {
            n->cache->all.a = NULL; /* as when it is full */
            n->cache->here.a = &work;
        }
        same_texts(l, n, &work);
    }
    arena_release(&work);
}

static bool check_layout(struct desk_of_test *t, const char *name, struct str text)
{
    struct layout l = {.t = t, .file = STR("表.xlsx")};
    l.asked = (struct import_asked){.plan = t->lang.plan,
                                    .tree = t->tree,
                                    .snap = t->snap,
                                    .datums = t->datums,
                                    .ids = t->ids,
                                    .n_datums = t->n_datums,
                                    .title = STR("学校基本情况"),
                                    .kind = STR("学校"),
                                    .units = t->units,
                                    .n_units = t->n_units,
                                    .within = NONE};
    assert_true(period_make(PERIOD_YEAR, 2024, 1, &l.asked.period));
    read_layout(&l, text);
    l.asked.match = l.match.items;
    l.asked.n_match = l.match.n;
    l.asked.percent = l.percent.items;
    l.asked.n_percent = l.percent.n;
    check_short_cuts(&l);
    struct import_run run = {.a = &t->a, .names = import_names_new(&t->a, &l.asked)};
    enum rc rc = import_grid(&run, str_to_cstr(&t->a, l.file), &l.grid, l.folder, &t->e);
    import_drop(&run);
    assert_int_equal(rc, RC_OK);
    import_settle(&run);
    return compare(&l, name, &run);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void test_layouts(void **state)
{
    struct desk_of_test t;
    char *names[500];
    uint32_t n = 0;
    uint32_t bad = 0;
    struct dirent *d;
    (void)state;
    open_test(&t);
    DIR *dir = opendir(FOLDER);
    assert_non_null(dir);
    while ((d = readdir(dir)) != NULL) { // NOLINT(concurrency-mt-unsafe)
        if (str_ends(str_from_cstr(d->d_name), STR(".txt")) && n < 500) {
            names[n++] = str_to_cstr(&t.a, str_from_cstr(d->d_name));
        }
    }
    (void)closedir(dir);
    qsort(names, n, sizeof *names, by_name);
    for (uint32_t i = 0; i < n; i++) {
        struct buf path;
        struct str text;
        buf_init_in(&path, &t.a, 4096);
        buf_printf(&path, "%s/%s", FOLDER, names[i]);
        assert_int_equal(file_read(&t.a, buf_view(&path).p, 1 << 20, &text, &t.e), RC_OK);
        bad += check_layout(&t, names[i], text) ? 0 : 1;
    }
    print_message("# %u layouts\n", n);
    arena_release(&t.a);
    assert_int_equal(bad, 0);
    assert_true(n > 0);
}

/* What is kept of a cell gives back what was put in, whatever its size. */
static void test_kept(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, (size_t)1 << 20, "kept");
    struct rat huge = rat_mul(&a, rat_int(INT64_MAX), rat_int(INT64_MAX));
    struct rat numbers[] = {rat_zero(),
                            rat_int(-1),
                            rat_frac(1, 3),
                            rat_int(INT64_MAX),
                            rat_int(INT64_MIN),
                            huge,
                            rat_div(&a, rat_one(), huge),
                            rat_mul(&a, huge, huge)};
    static const struct str texts[] = {STR_INIT(""), STR_INIT("公办")};
    for (uint32_t i = 0; i < 2 * sizeof numbers / sizeof *numbers; i++) {
        struct import_cell c = {.is = IMPORT_CELL_VALUE,
                                .value = {true, numbers[i / 2], texts[i % 2]},
                                .at = {1, 2, 3},
                                .was = texts[i % 2]};
        struct import_kept k = import_keep(&a, &c);
        struct value v = import_value(&k);
        assert_true(v.has && rat_eq(v.num, numbers[i / 2]) && str_eq(v.text, texts[i % 2]));
        assert_true(k.at.row == 2 && k.is == c.is);
        assert_true(str_eq(k.was != NULL ? *k.was : STR(""), c.was));
        c.is = IMPORT_CELL_REFUSED;
        k = import_keep(&a, &c);
        assert_false(import_value(&k).has);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_layouts), cmocka_unit_test(test_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
