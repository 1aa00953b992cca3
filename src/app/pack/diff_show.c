/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison of two packs as text, JSON and CSV. */
#include "app/pack/diff.h"
#include "app/print.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "io/csv.h"

#define INDENT 4

static const char *kind_word(enum diff_kind k, bool chinese)
{
    static const char *const words[2][3] = {{"removed", "added", "changed"},
                                            {"删除", "新增", "改变"}};
    return words[chinese][k];
}

/* ---- one side of a row ---------------------------------------------------------------------- */

static struct str state_text(const struct diff *d, const struct verdict *v)
{
    if (!v) {
        return STR("–");
    }
    return str_from_cstr(d->chinese ? state_zh(v->state) : state_name(v->state));
}

static struct str figure_text(const struct diff *d, int side, const struct verdict *v)
{
    struct printer p;
    printer_init(&p, d->a, d->plan[side], d->chinese);
    return v ? print_measure(&p, v) : STR("");
}

/* The row that names target, part, unit and year: the first pack's where it has one. */
static const struct verdict *key_row(const struct diff_row *r, int *side)
{
    *side = r->a ? 0 : 1;
    return r->a ? r->a : r->b;
}

static struct str target_id(const struct diff *d, const struct diff_row *r)
{
    int side = 0;
    const struct verdict *v = key_row(r, &side);
    return d->plan[side]->commitments[v->commitment].id;
}

static struct str unit_code(const struct diff *d, const struct diff_row *r)
{
    int side = 0;
    const struct verdict *v = key_row(r, &side);
    return v->unit == NONE ? STR("") : d->answer[side].tree->units[v->unit].code;
}

static struct str unit_name(const struct diff *d, const struct diff_row *r)
{
    int side = 0;
    const struct verdict *v = key_row(r, &side);
    return answer_unit_name(d->answer[side].tree, v->unit, v->snapshot);
}

/* ---- text ----------------------------------------------------------------------------------- */

static void change_head(const struct diff *d, const struct diff_change *c, struct buf *out)
{
    const char *sort = diff_sort_name(c->sort, d->chinese);
    buf_printf(out, "%s%s%.*s", sort, c->id.n > 0 ? " " : "", PS(c->id));
    if (c->name.n > 0 && !str_eq(c->name, c->id) && c->sort == DIFF_commitment) {
        buf_printf(out, " %.*s", PS(c->name));
    }
    buf_putc(out, '\n');
}

static void change_line(const struct diff *d, const struct diff_change *c, struct buf *out)
{
    struct str text = STR("");
    if (c->part.n > 0) {
        text = str_cat(d->a, c->part, STR(" · "));
    }
    if (c->kind == DIFF_CHANGED) {
        text = str_cat(d->a, text, str_from_cstr(diff_prop_name(c->prop, d->chinese)));
        text = str_cat(d->a, text, d->chinese ? STR("：") : STR(": "));
        text = str_cat(d->a, text, c->from.n > 0 ? c->from : STR("–"));
        text = str_cat(d->a, text, STR(" → "));
        text = str_cat(d->a, text, c->to.n > 0 ? c->to : STR("–"));
    } else {
        struct str what = c->kind == DIFF_REMOVED ? c->from : c->to;
        text = str_cat(d->a, text, str_from_cstr(kind_word(c->kind, d->chinese)));
        if (what.n > 0) {
            text = str_cat(d->a, text, d->chinese ? STR("：") : STR(": "));
            text = str_cat(d->a, text, what);
        }
    }
    text_print(text, INDENT, d->width, out);
}

void diff_changes_text(const struct diff *d, struct buf *out)
{
    for (uint32_t i = 0; i < d->changes.list.n; i++) {
        const struct diff_change *c = &d->changes.list.items[i];
        const struct diff_change *b = i > 0 ? &d->changes.list.items[i - 1] : NULL;
        if (!b || b->sort != c->sort || !str_eq(b->id, c->id)) {
            change_head(d, c, out);
        }
        change_line(d, c, out);
    }
}

#define COLUMNS 6

static void cells_of(const struct diff *d, const struct diff_row *r, struct str out[COLUMNS])
{
    int side = 0;
    const struct verdict *v = key_row(r, &side);
    out[0] = target_id(d, r);
    if (v->part.n > 0) {
        out[0] = str_cat(d->a, str_cat(d->a, out[0], STR("/")), v->part);
    }
    out[1] = unit_name(d, r);
    out[2] = rat_frac_str(d->a, rat_int(v->year));
    out[3] = str_cat(d->a, str_cat(d->a, state_text(d, r->a), STR(" → ")), state_text(d, r->b));
    out[4] = figure_text(d, 0, r->a);
    out[5] = figure_text(d, 1, r->b);
}

static void rows_text(const struct diff *d, struct buf *out)
{
    static const char *const headers[2][COLUMNS] = {
        {"target", "unit", "year", "state", "figure before", "figure after"},
        {"目标", "机构", "年度", "结论", "原数值", "新数值"},
    };
    struct table t = table_new(d->a, COLUMNS);
    struct str cells[COLUMNS];
    for (uint32_t k = 0; k < COLUMNS; k++) {
        cells[k] = str_from_cstr(headers[d->chinese][k]);
    }
    table_row(&t, cells);
    for (uint32_t i = 0; i < d->rows.n; i++) {
        cells_of(d, &d->rows.items[i], cells);
        table_row(&t, cells);
    }
    if (d->rows.n > 0) {
        table_print(&t, d->width, out);
    }
}

static void foreign_text(const struct diff *d, struct buf *out)
{
    for (uint32_t i = 0; i < d->foreign.n; i++) {
        const struct diff_foreign *f = &d->foreign.items[i];
        buf_printf(out,
                   d->chinese ? "%s 读不了 %u 行数据：%s %.*s（首见 %.*s:%u）\n"
                              : "%s cannot read %u rows of data: %s %.*s (first at %.*s:%u)\n",
                   f->pack == 0 ? "A" : "B", f->n, load_fault_code(f->fault), PS(f->name),
                   PS(f->file), f->line);
    }
}

void diff_text(const struct diff *d, struct buf *out)
{
    diff_changes_text(d, out);
    buf_printf(out, d->chinese ? "%s声明有 %u 处不同\n" : "%s%u differences in what is declared\n",
               d->changes.list.n > 0 ? "\n" : "", d->changes.list.n);
    if (!d->judged) {
        buf_puts(out, d->chinese ? "没有数据，未比较结论\n"
                                 : "there are no data: verdicts were not compared\n");
        return;
    }
    if (d->rows.n > 0) {
        buf_putc(out, '\n');
    }
    rows_text(d, out);
    buf_printf(out, d->chinese ? "%s结论有 %u 行不同\n" : "%s%u verdicts differ\n",
               d->rows.n > 0 ? "\n" : "", d->rows.n);
    foreign_text(d, out);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

void diff_changes_json(const struct diff *d, struct json *j)
{
    json_key(j, "changes");
    json_arr_begin(j);
    for (uint32_t i = 0; i < d->changes.list.n; i++) {
        const struct diff_change *c = &d->changes.list.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "sort", diff_sort_name(c->sort, false));
        json_kv_str(j, "id", c->id);
        json_kv_str(j, "name", c->name);
        json_kv_str(j, "part", c->part);
        json_kv_cstr(j, "change", kind_word(c->kind, false));
        json_kv_cstr(j, "property", c->kind == DIFF_CHANGED ? diff_prop_name(c->prop, false) : "");
        json_kv_str(j, "from", c->from);
        json_kv_str(j, "to", c->to);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void json_side(const struct diff *d, struct json *j, const char *key, int side,
                      const struct verdict *v)
{
    json_key(j, key);
    if (!v) {
        json_null(j);
        return;
    }
    json_obj_begin(j);
    json_kv_cstr(j, "state", state_name(v->state));
    json_kv_str(j, "text", figure_text(d, side, v));
    json_kv_str(j, "definition", v->definition);
    json_obj_end(j);
}

static void json_rows(const struct diff *d, struct json *j)
{
    json_key(j, "verdicts");
    json_arr_begin(j);
    for (uint32_t i = 0; i < d->rows.n; i++) {
        const struct diff_row *r = &d->rows.items[i];
        int side = 0;
        const struct verdict *v = key_row(r, &side);
        json_obj_begin(j);
        json_kv_str(j, "target", target_id(d, r));
        json_kv_str(j, "part", v->part);
        json_kv_str(j, "unit", unit_code(d, r));
        json_kv_str(j, "unit_name", unit_name(d, r));
        json_kv_int(j, "year", v->year);
        json_side(d, j, "from", 0, r->a);
        json_side(d, j, "to", 1, r->b);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void json_foreign(const struct diff *d, struct json *j)
{
    json_key(j, "unread");
    json_arr_begin(j);
    for (uint32_t i = 0; i < d->foreign.n; i++) {
        const struct diff_foreign *f = &d->foreign.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "pack", f->pack == 0 ? "a" : "b");
        json_kv_cstr(j, "code", load_fault_code(f->fault));
        json_kv_str(j, "name", f->name);
        json_kv_int(j, "rows", f->n);
        json_kv_str(j, "file", f->file);
        json_kv_int(j, "line", f->line);
        json_obj_end(j);
    }
    json_arr_end(j);
}

void diff_json(const struct diff *d, struct buf *out)
{
    struct json j;
    char day[DATE_TEXT_BYTES];
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "a", d->plan[0]->id);
    json_kv_str(&j, "b", d->plan[1]->id);
    json_kv_bool(&j, "judged", d->judged);
    json_kv_str(&j, "as_of", d->judged ? date_text(d->answer[0].as_of, day) : STR(""));
    diff_changes_json(d, &j);
    json_rows(d, &j);
    json_foreign(d, &j);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static void csv_line(struct csv_writer *w, const struct str *cells, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        csv_write_field(w, cells[i]);
    }
    csv_write_end(w);
}

void diff_csv(const struct diff *d, struct csv_writer *w)
{
    static const char *const headers[2][8] = {
        {"what", "id", "part", "unit", "year", "property", "from", "to"},
        {"类别", "编号", "部分", "机构", "年度", "属性", "原", "新"},
    };
    struct str cells[8];
    for (uint32_t k = 0; k < 8; k++) {
        cells[k] = str_from_cstr(headers[d->chinese][k]);
    }
    csv_line(w, cells, 8);
    for (uint32_t i = 0; i < d->changes.list.n; i++) {
        const struct diff_change *c = &d->changes.list.items[i];
        const char *how = c->kind == DIFF_CHANGED ? diff_prop_name(c->prop, d->chinese)
                                                  : kind_word(c->kind, d->chinese);
        const struct str line[8] = {str_from_cstr(diff_sort_name(c->sort, d->chinese)),
                                    c->id,
                                    c->part,
                                    STR(""),
                                    STR(""),
                                    str_from_cstr(how),
                                    c->from,
                                    c->to};
        csv_line(w, line, 8);
    }
    for (uint32_t i = 0; i < d->rows.n; i++) {
        const struct diff_row *r = &d->rows.items[i];
        int side = 0;
        const struct verdict *v = key_row(r, &side);
        struct str from =
            str_cat(d->a, str_cat(d->a, state_text(d, r->a), STR(" ")), figure_text(d, 0, r->a));
        struct str to =
            str_cat(d->a, str_cat(d->a, state_text(d, r->b), STR(" ")), figure_text(d, 1, r->b));
        const struct str line[8] = {
            d->chinese ? STR("结论") : STR("verdict"), target_id(d, r), v->part, unit_code(d, r),
            rat_frac_str(d->a, rat_int(v->year)),      STR(""),         from,    to};
        csv_line(w, line, 8);
    }
}
