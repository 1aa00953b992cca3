/* SPDX-License-Identifier: Apache-2.0 */
/* Prints each sheet and cell of a workbook as its rows come, as text or JSON. */
#include "cli/sheet.h"

#include "base/json.h"
#include "base/map.h"
#include "cli/session.h"
#include "io/cell_clean.h"
#include "model/uom.h"

struct word {
    const char *en, *zh;
};

static const struct word kinds[] = {
    [WORKBOOK_XLSX] = {"xlsx", "xlsx"},
    [WORKBOOK_XLS] = {"xls", "xls"},
    [WORKBOOK_CSV] = {"csv", "csv"},
};
static const struct word states[] = {
    [WORKBOOK_VISIBLE] = {"visible", "可见"},
    [WORKBOOK_HIDDEN] = {"hidden", "隐藏"},
    [WORKBOOK_VERY_HIDDEN] = {"very hidden", "深度隐藏"},
};
static const struct word cell_kinds[] = {
    [CELL_BLANK] = {"blank", "空"},   [CELL_NUMBER] = {"number", "数字"},
    [CELL_TEXT] = {"text", "文本"},   [CELL_BOOL] = {"boolean", "是否"},
    [CELL_ERROR] = {"error", "错误"}, [CELL_DATE] = {"date", "日期"},
    [CELL_ODD] = {"odd", "无法识别"},
};
static const struct word formats[] = {
    [NF_GENERAL] = {"", ""},          [NF_NUMBER] = {"number", "数值"},
    [NF_SCALED] = {"scaled", "缩放"}, [NF_PERCENT] = {"percent", "百分比"},
    [NF_DATE] = {"date", "日期"},     [NF_TIME] = {"time", "时间"},
    [NF_TEXT] = {"text", "文本"},     [NF_MISLEADS] = {"misleading", "与值不符"},
    [NF_OTHER] = {"other", "其他"},
};
static const struct {
    uint8_t flag;
    struct word word;
} flags[] = {
    {CELL_FORMULA, {"formula", "公式"}},       {CELL_NO_CACHE, {"no value", "无结果"}},
    {CELL_EXTERNAL, {"external", "外部引用"}}, {CELL_APOSTROPHE, {"apostrophe", "前导单引号"}},
    {CELL_RICH, {"rich text", "多种字体"}},
};

#define LEN(table) (sizeof(table) / sizeof(table)[0])

struct printing {
    struct session *s;
    struct json j;
    bool json;
    const struct workbook *book;
    struct clean_ask ask;
    bool asked; /* --want was given */
    struct arena values;
    struct uom_table units;
    uint32_t n_sheets;
};

static const char *in(const struct printing *p, struct word w)
{
    return p->s->o.chinese ? w.zh : w.en;
}

/* ---- values --------------------------------------------------------------------------------- */

static const char *const state_words[] = {
    [CLEAN_VALUE] = "value",       [CLEAN_SILENT] = "silent",   [CLEAN_NOT_APPLICABLE] = "n/a",
    [CLEAN_QUESTION] = "question", [CLEAN_REFUSED] = "refused",
};

static void clean_json(struct printing *p, const struct clean_value *v)
{
    struct json *j = &p->j;
    json_key(j, "read");
    json_obj_begin(j);
    json_kv_cstr(j, "state", state_words[v->state]);
    if (v->state == CLEAN_VALUE) {
        json_kv_str(j, "value", sheet_value_text(&p->values, p->ask.want, v));
    }
    json_key(j, "did");
    json_arr_begin(j);
    for (uint32_t i = 0; i < CLEAN_DID__COUNT; i++) {
        if ((v->did >> i & 1) != 0) {
            json_cstr(j, clean_did_words((enum clean_did)i).word);
        }
    }
    json_arr_end(j);
    if (v->fault != CLEAN_FAULT_OK) {
        struct clean_words w = clean_fault_words(v->fault);
        json_kv_cstr(j, "fault", w.word);
        json_kv_cstr(j, "en", w.en);
        json_kv_cstr(j, "zh", w.zh);
        json_kv_cstr(j, "mend_en", w.mend_en);
        json_kv_cstr(j, "mend_zh", w.mend_zh);
        json_kv_str(j, "suggestion", v->suggestion);
    }
    json_obj_end(j);
}

static void clean_text(struct printing *p, const struct clean_value *v)
{
    static const struct word said[] = {
        [CLEAN_VALUE] = {"read as", "读作"},
        [CLEAN_SILENT] = {"nothing is said", "未填"},
        [CLEAN_NOT_APPLICABLE] = {"not applicable", "不适用"},
        [CLEAN_QUESTION] = {"a question", "需确认"},
        [CLEAN_REFUSED] = {"refused", "不接受"},
    };
    struct buf *out = &p->s->out;
    buf_printf(out, "    → %s", in(p, said[v->state]));
    if (v->state == CLEAN_VALUE) {
        buf_printf(out, " %.*s", PS(sheet_value_text(&p->values, p->ask.want, v)));
    }
    for (uint32_t i = 0; i < CLEAN_DID__COUNT; i++) {
        struct clean_words w = clean_did_words((enum clean_did)i);
        if ((v->did >> i & 1) != 0) {
            buf_printf(out, p->s->o.chinese ? "；%s" : "; %s", p->s->o.chinese ? w.zh : w.en);
        }
    }
    if (v->fault != CLEAN_FAULT_OK) {
        struct clean_words w = clean_fault_words(v->fault);
        buf_printf(out, p->s->o.chinese ? "：%s。建议：%s" : ": %s; hint: %s",
                   p->s->o.chinese ? w.zh : w.en, p->s->o.chinese ? w.mend_zh : w.mend_en);
    }
    if (v->suggestion.n > 0) {
        buf_printf(out, " [%.*s]", PS(v->suggestion));
    }
    buf_putc(out, '\n');
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void cell_json(struct printing *p, uint32_t row, const struct sheet_cell *c)
{
    char name[CELL_NAME_BYTES];
    struct json *j = &p->j;
    json_obj_begin(j);
    json_kv_cstr(j, "at", cell_name(row, c->column, name));
    json_kv_cstr(j, "kind", cell_kinds[c->kind].en);
    json_kv_str(j, "text", c->text);
    if (c->format != NF_GENERAL) {
        json_kv_cstr(j, "format", formats[c->format].en);
    }
    for (size_t i = 0; i < LEN(flags); i++) {
        if ((c->flags & flags[i].flag) != 0) {
            json_kv_bool(j, flags[i].word.en, true);
        }
    }
    if (p->asked) {
        struct clean_value v;
        cell_clean(&p->values, c, &p->ask, &v);
        clean_json(p, &v);
    }
    json_obj_end(j);
}

static void cell_text(struct printing *p, uint32_t row, const struct sheet_cell *c)
{
    char name[CELL_NAME_BYTES];
    struct buf *out = &p->s->out;
    buf_printf(out, "  %s\t%s\t%.*s", cell_name(row, c->column, name), in(p, cell_kinds[c->kind]),
               PS(c->text));
    if (c->format != NF_GENERAL) {
        buf_printf(out, p->s->o.chinese ? "\t%s格式" : "\t%s format", in(p, formats[c->format]));
    }
    for (size_t i = 0; i < LEN(flags); i++) {
        if ((c->flags & flags[i].flag) != 0) {
            buf_printf(out, "\t%s", in(p, flags[i].word));
        }
    }
    buf_putc(out, '\n');
    if (p->asked) {
        struct clean_value v;
        cell_clean(&p->values, c, &p->ask, &v);
        clean_text(p, &v);
    }
}

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct printing *p = ctx;
    struct arena_mark mark = arena_mark(&p->values);
    if (row->hidden && p->json) {
        json_obj_begin(&p->j);
        json_kv_int(&p->j, "hidden_row", (int64_t)row->row + 1);
        json_obj_end(&p->j);
    } else if (row->hidden) {
        buf_printf(&p->s->out, p->s->o.chinese ? "  第 %u 行隐藏\n" : "  row %u is hidden\n",
                   row->row + 1);
    }
    for (uint32_t i = 0; i < row->n; i++) {
        (p->json ? cell_json : cell_text)(p, row->row, &row->cells[i]);
    }
    arena_rewind(&p->values, mark);
    return p->s->out.overflow ? err_set(&p->s->e, RC_LIMIT, "the answer is too long to print",
                                        "结果过长，无法显示")
                              : RC_OK;
}

/* ---- sheets --------------------------------------------------------------------------------- */

static void book_json(struct printing *p, const struct workbook *w)
{
    struct json *j = &p->j;
    json_kv_cstr(j, "kind", kinds[w->kind].en);
    json_kv_bool(j, "date1904", w->date1904);
    json_kv_bool(j, "protected", w->protected);
    json_kv_bool(j, "macros", w->macros);
    json_kv_int(j, "external", w->n_external);
    if (w->kind == WORKBOOK_CSV) {
        json_kv_cstr(j, "encoding", w->encoding);
        json_kv_str(j, "separator", str_make(&w->separator, 1));
    }
    json_key(j, "sheets");
    json_arr_begin(j);
}

static void book_text(struct printing *p, const struct workbook *w)
{
    const struct {
        bool is;
        struct word word;
    } facts[] = {
        {w->date1904, {"dates count from 1904", "日期从 1904 年起计"}},
        {w->protected, {"structure protected", "结构受保护"}},
        {w->macros, {"has macros", "含宏"}},
        {w->n_external > 0, {"refers to other files", "引用其他文件"}},
    };
    buf_printf(&p->s->out, "%s%s%s", kinds[w->kind].en, w->encoding[0] != 0 ? " " : "",
               w->encoding);
    for (size_t i = 0; i < LEN(facts); i++) {
        if (facts[i].is) {
            buf_printf(&p->s->out, p->s->o.chinese ? "，%s" : ", %s", in(p, facts[i].word));
        }
    }
    buf_putc(&p->s->out, '\n');
}

static enum rc on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct printing *p = ctx;
    const struct workbook_sheet *s = &w->sheets[sheet];
    *skip = false;
    p->ask.date1904 = w->date1904;
    p->ask.csv = w->kind == WORKBOOK_CSV;
    if (p->n_sheets++ == 0) {
        (p->json ? book_json : book_text)(p, w);
    }
    if (p->json) {
        json_obj_begin(&p->j);
        json_kv_str(&p->j, "name", s->name);
        json_kv_cstr(&p->j, "state", states[s->visible].en);
        json_kv_bool(&p->j, "table", s->table);
        json_key(&p->j, "cells");
        json_arr_begin(&p->j);
    } else {
        buf_printf(&p->s->out, p->s->o.chinese ? "工作表「%.*s」，%s%s\n" : "sheet %.*s, %s%s\n",
                   PS(s->name), in(p, states[s->visible]),
                   s->table ? "" : in(p, (struct word){", no table", "，不是表格"}));
    }
    return RC_OK;
}

static void range_name(const struct workbook_range *r, struct buf *out)
{
    char first[CELL_NAME_BYTES];
    char last[CELL_NAME_BYTES];
    buf_printf(out, "%s:%s", cell_name(r->row, r->column, first),
               cell_name(r->last_row, r->last_column, last));
}

static void end_json(struct printing *p, const struct workbook_sheet *s)
{
    struct json *j = &p->j;
    struct buf name;
    json_arr_end(j);
    json_kv_bool(j, "protected", s->protected);
    json_key(j, "merged");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->merged.n; i++) {
        buf_init_in(&name, &p->values, 64);
        range_name(&s->merged.items[i], &name);
        json_str(j, buf_view(&name));
    }
    json_arr_end(j);
    json_kv_int(j, "hidden_columns", s->hidden_columns.n);
    json_obj_end(j);
}

static enum rc on_end(void *ctx, const struct workbook *w, uint32_t sheet)
{
    struct printing *p = ctx;
    const struct workbook_sheet *s = &w->sheets[sheet];
    struct arena_mark mark = arena_mark(&p->values);
    if (p->json) {
        end_json(p, s);
        arena_rewind(&p->values, mark);
        return RC_OK;
    }
    struct buf *out = &p->s->out;
    for (uint32_t i = 0; i < s->merged.n; i++) {
        buf_puts(out, p->s->o.chinese ? "  合并 " : "  merged ");
        range_name(&s->merged.items[i], out);
        buf_putc(out, '\n');
    }
    if (s->hidden_columns.n > 0) {
        buf_puts(out, p->s->o.chinese ? "  有隐藏列\n" : "  some columns are hidden\n");
    }
    if (s->protected) {
        buf_puts(out, p->s->o.chinese ? "  受保护\n" : "  protected\n");
    }
    return RC_OK;
}

/* ---- the command ---------------------------------------------------------------------------- */

int sheet_command(struct session *s)
{
    struct printing *p = ARENA_NEW(&s->arena, struct printing);
    struct workbook book;
    struct workbook_sink sink = {p, on_sheet, on_row, on_end};
    p->s = s;
    p->json = s->o.format == FORMAT_JSON;
    p->asked = s->o.want != NULL;
    if (p->asked && !sheet_want(s->o.want, &p->ask.want)) {
        return session_complain(
            s, 2, "--want 须为 数字、整数、日期、年月、年份、是否、编码、文本 之一",
            "--want is one of number, whole, date, month, year, yes-no, code, text", s->o.want);
    }
    if (s->o.annotate) {
        return sheet_annotate(s, p->asked ? &p->ask.want : NULL);
    }
    arena_init_below(&p->values, &s->arena, "values");
    uom_init(&s->arena, &p->units);
    p->ask.units = &p->units;
    s->phase = PHASE_TABLES;
    if (p->json) {
        json_init(&p->j, &s->out, true);
        json_obj_begin(&p->j);
    }
    enum rc rc = workbook_read(&s->arena, s->o.file, &sink, &book, &s->e);
    arena_release(&p->values);
    if (rc != RC_OK) {
        buf_clear(&s->out);
        return session_failed(s, rc);
    }
    if (p->json) {
        json_arr_end(&p->j);
        json_obj_end(&p->j);
        json_end(&p->j);
    }
    return 0;
}
