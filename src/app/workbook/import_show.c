/* SPDX-License-Identifier: Apache-2.0 */
/* What came of an import: a line a workbook, first reasons, units; JSON; a table of notes. */
#include "app/workbook/import_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "io/csv.h"

#define SHOWN_NOTES 8U  /* of a workbook */
#define SHOWN_TOLD  3U  /* the same, of what is only told */
#define SHOWN_UNITS 20U /* that could not be saved */

static const struct {
    const char *word, *en, *zh;
} levels[] = {
    [IMPORT_TOLD] = {"told", "told", "提示"},
    [IMPORT_CLEANED] = {"cleaned", "cleaned", "已清洗"},
    [IMPORT_ASKED] = {"asked", "to be answered", "需确认"},
    [IMPORT_REFUSED] = {"refused", "refused", "未采纳"},
};

static const char *const fates[] = {
    [IMPORT_FATE_NONE] = "none",
    [IMPORT_FATE_SAVED] = "saved",
    [IMPORT_FATE_SAME] = "same",
    [IMPORT_FATE_FAILED] = "failed",
};

static bool is_bad(const struct import_file *f)
{
    return f->rc != RC_OK || f->n_of[IMPORT_ASKED] + f->n_of[IMPORT_REFUSED] > 0;
}

struct totals {
    uint32_t files, bad, unread, values, cleaned, refused, units[IMPORT_FATE_FAILED + 1], clash;
};

static struct totals count(const struct import_run *run)
{
    struct totals t = {.files = run->files.n};
    for (uint32_t i = 0; i < run->files.n; i++) {
        const struct import_file *f = &run->files.items[i];
        t.unread += f->rc != RC_OK ? 1 : 0;
        t.bad += f->rc == RC_OK && is_bad(f) ? 1 : 0;
        t.values += f->n_values;
        t.cleaned += f->n_of[IMPORT_CLEANED];
        t.refused += f->n_of[IMPORT_ASKED] + f->n_of[IMPORT_REFUSED];
    }
    for (uint32_t i = 0; i < run->entries.n; i++) {
        const struct import_entry *e = &run->entries.items[i];
        t.clash += e->clash ? 1 : 0;
        if (!e->clash && !e->joined) {
            t.units[e->fate]++;
        }
    }
    return t;
}

bool import_has_findings(const struct import_run *run)
{
    struct totals t = count(run);
    return t.bad + t.unread + t.clash + t.units[IMPORT_FATE_FAILED] > 0;
}

struct str import_note_place(const struct import_run *run, uint32_t file,
                             const struct import_note *n, struct arena *a)
{
    return import_place_text(run, file, n->at, false, a);
}

/* ---- text ----------------------------------------------------------------------------------- */

static void put_note(const struct import_run *run, uint32_t file, const struct import_note *n,
                     bool chinese, struct buf *out)
{
    struct buf mend;
    struct str place = import_note_place(run, file, n, run->a);
    buf_init_in(&mend, run->a, 1 << 16);
    import_note_mend(run, n, chinese, &mend);
    buf_printf(out, "    %.*s%s", PS(place), place.n > 0 ? "  " : "");
    import_note_text(run, n, chinese, out);
    if (buf_view(&mend).n > 0) {
        buf_printf(out, chinese ? "。%.*s" : ". %.*s", PS(buf_view(&mend)));
    }
    buf_putc(out, '\n');
}

/* The gravest notes first, and how many more there are. */
static void put_notes(const struct import_run *run, uint32_t file, bool chinese, struct buf *out)
{
    const struct import_file *f = &run->files.items[file];
    uint32_t shown = 0;
    uint32_t grave = 0;
    for (int pass = 0; pass < 2; pass++) {
        uint32_t told = 0;
        for (uint32_t i = 0; i < f->notes.n; i++) {
            const struct import_note *n = &f->notes.items[i];
            bool is_grave = n->level >= IMPORT_ASKED;
            if (is_grave != (pass == 0) || n->level == IMPORT_CLEANED || shown >= SHOWN_NOTES ||
                (pass == 1 && told >= SHOWN_TOLD)) {
                continue;
            }
            put_note(run, file, n, chinese, out);
            shown++;
            told += pass == 1 ? 1 : 0;
            grave += is_grave ? 1 : 0;
        }
    }
    uint32_t more = f->n_of[IMPORT_ASKED] + f->n_of[IMPORT_REFUSED] - grave;
    if (more > 0) {
        buf_printf(out, chinese ? "    …另有 %u 处\n" : "    … and %u more\n", more);
    }
}

static void put_file(const struct import_run *run, uint32_t file, bool chinese, struct buf *out)
{
    const struct import_file *f = &run->files.items[file];
    buf_printf(out, "%s %.*s", is_bad(f) ? "✗" : "✓", PS(f->path));
    if (f->rc != RC_OK) {
        buf_printf(out, chinese ? "  无法读取：%.*s\n" : "  not read: %.*s\n",
                   PS(chinese ? f->why_zh : f->why));
        return;
    }
    uint32_t refused = f->n_of[IMPORT_ASKED] + f->n_of[IMPORT_REFUSED];
    buf_printf(out, chinese ? "  %u 个机构，读取 %u 项" : "  %u units, %u figures taken",
               f->n_units, f->n_values);
    if (f->n_of[IMPORT_CLEANED] > 0) {
        buf_printf(out, chinese ? "，清洗 %u 处" : ", %u cells cleaned", f->n_of[IMPORT_CLEANED]);
    }
    if (refused > 0) {
        buf_printf(out, chinese ? "，未采纳 %u 处" : ", %u places refused", refused);
    }
    buf_putc(out, '\n');
    put_notes(run, file, chinese, out);
}

static void put_failed(const struct import_run *run, bool chinese, struct buf *out)
{
    uint32_t shown = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i < run->entries.n; i++) {
        const struct import_entry *e = &run->entries.items[i];
        if (e->fate != IMPORT_FATE_FAILED) {
            continue;
        }
        all++;
        if (shown < SHOWN_UNITS) {
            shown++;
            buf_printf(out, "    %.*s (%.*s)%s%.*s\n", PS(import_unit_name(run->names, e->unit)),
                       PS(import_asked_of(run->names)->tree->units[e->unit].code),
                       chinese ? "：" : ": ", PS(chinese ? e->why_zh : e->why));
        }
    }
    if (all > shown) {
        buf_printf(out, chinese ? "    …另有 %u 个\n" : "    … and %u more\n", all - shown);
    }
}

void import_show(const struct import_run *run, struct import_view_words w, struct buf *out)
{
    struct totals t = count(run);
    bool zh = w.chinese;
    for (uint32_t i = 0; i < run->files.n; i++) {
        put_file(run, i, zh, out);
    }
    buf_printf(out,
               zh ? "共 %u 个工作簿：%u 个无误，%u 个有问题，%u 个无法读取；读取 %u 项，清洗 %u "
                    "处，未采纳 %u 处\n"
                  : "%u workbooks: %u clean, %u with findings, %u not read; %u figures taken, %u "
                    "cells cleaned, %u places refused\n",
               t.files, t.files - t.bad - t.unread, t.bad, t.unread, t.values, t.cleaned,
               t.refused);
    if (run->n_skipped > 0) {
        buf_printf(out, zh ? "另有 %u 个文件不是表格，未读取\n" : "%u other files are no tables\n",
                   run->n_skipped);
    }
    if (t.clash > 0) {
        buf_printf(out,
                   zh ? "%u 处同一机构的数据互相矛盾，均未采纳\n"
                      : "%u entries contradict another one of their unit: none is taken\n",
                   t.clash);
    }
    if (w.book) {
        buf_printf(out,
                   zh ? "草稿：%s %u 份，不变 %u 份，未成 %u 份\n"
                      : "drafts: %s %u, unchanged %u, failed %u\n",
                   zh ? (w.dry ? "将保存" : "已保存") : (w.dry ? "to be saved" : "saved"),
                   t.units[IMPORT_FATE_SAVED], t.units[IMPORT_FATE_SAME],
                   t.units[IMPORT_FATE_FAILED]);
        put_failed(run, zh, out);
    }
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void both(struct json *j, const struct import_run *run, const struct import_note *n,
                 const char *en, const char *zh, bool mend)
{
    for (int k = 0; k < 2; k++) {
        struct buf b;
        buf_init_in(&b, run->a, 1 << 16);
        if (mend) {
            import_note_mend(run, n, k == 1, &b);
        } else {
            import_note_text(run, n, k == 1, &b);
        }
        json_kv_str(j, k == 1 ? zh : en, buf_view(&b));
    }
}

static void json_note(struct json *j, const struct import_run *run, uint32_t file,
                      const struct import_note *n)
{
    const struct import_asked *q = import_asked_of(run->names);
    json_obj_begin(j);
    json_kv_cstr(j, "level", levels[n->level].word);
    json_kv_cstr(j, "code", import_says_code(n));
    json_kv_str(j, "at", import_note_place(run, file, n, run->a));
    if (n->unit != NONE) {
        json_kv_str(j, "unit", q->tree->units[n->unit].code);
    }
    if (n->datum != NONE) {
        json_kv_str(j, "item", q->datums[n->datum]->name);
    }
    both(j, run, n, "en", "zh", false);
    both(j, run, n, "mend_en", "mend_zh", true);
    json_obj_end(j);
}

static void json_file(struct json *j, const struct import_run *run, uint32_t file)
{
    const struct import_file *f = &run->files.items[file];
    json_obj_begin(j);
    json_kv_str(j, "path", f->path);
    json_kv_cstr(j, "status", f->rc != RC_OK ? "unread" : is_bad(f) ? "findings" : "clean");
    if (f->rc != RC_OK) {
        json_kv_str(j, "en", f->why);
        json_kv_str(j, "zh", f->why_zh);
    }
    json_kv_bool(j, "exported", f->exported);
    json_kv_int(j, "units", f->n_units);
    json_kv_int(j, "values", f->n_values);
    json_kv_int(j, "blank", f->n_blank);
    json_kv_int(j, "cleaned", f->n_of[IMPORT_CLEANED]);
    json_kv_int(j, "refused", f->n_of[IMPORT_REFUSED]);
    json_kv_int(j, "asked", f->n_of[IMPORT_ASKED]);
    json_key(j, "notes");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->notes.n; i++) {
        json_note(j, run, file, &f->notes.items[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void json_cell(struct json *j, const struct import_run *run, const struct import_entry *e,
                      uint32_t k)
{
    static const char *const states[] = {
        [IMPORT_CELL_ABSENT] = "absent",   [IMPORT_CELL_BLANK] = "blank",
        [IMPORT_CELL_VALUE] = "value",     [IMPORT_CELL_NOT_FOR_US] = "not-applicable",
        [IMPORT_CELL_CLEARED] = "cleared", [IMPORT_CELL_REFUSED] = "refused",
    };
    const struct import_asked *q = import_asked_of(run->names);
    const struct import_kept *c = &e->cells[k];
    struct value value = import_value(c);
    if (c->is == IMPORT_CELL_ABSENT) {
        return;
    }
    json_obj_begin(j);
    json_kv_str(j, "item", q->datums[k]->name);
    json_kv_cstr(j, "state", states[e->clash ? IMPORT_CELL_REFUSED : c->is]);
    if (c->is == IMPORT_CELL_VALUE && !e->clash) {
        json_kv_str(j, "value", cell_shown(run->a, q->datums[k], &value, false));
    }
    json_kv_str(j, "at", import_place_text(run, e->file, c->at, false, run->a));
    json_obj_end(j);
}

static void json_entry(struct json *j, const struct import_run *run, const struct import_entry *e)
{
    const struct import_asked *q = import_asked_of(run->names);
    json_obj_begin(j);
    json_kv_str(j, "unit", q->tree->units[e->unit].code);
    json_kv_str(j, "name", import_unit_name(run->names, e->unit));
    json_kv_str(j, "file", run->files.items[e->file].path);
    json_kv_cstr(j, "fate", e->clash ? "clash" : e->joined ? "joined" : fates[e->fate]);
    json_kv_int(j, "changed", e->n_changed);
    if (e->fate == IMPORT_FATE_FAILED) {
        json_kv_str(j, "en", e->why);
        json_kv_str(j, "zh", e->why_zh);
    }
    json_key(j, "cells");
    json_arr_begin(j);
    for (uint32_t k = 0; k < q->n_datums; k++) {
        json_cell(j, run, e, k);
    }
    json_arr_end(j);
    json_obj_end(j);
}

void import_json(const struct import_run *run, struct import_view_words w, struct buf *out)
{
    struct totals t = count(run);
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_bool(&j, "dry_run", w.dry);
    json_kv_int(&j, "workbooks", t.files);
    json_kv_int(&j, "clean", t.files - t.bad - t.unread);
    json_kv_int(&j, "findings", t.bad);
    json_kv_int(&j, "unread", t.unread);
    json_kv_int(&j, "skipped", run->n_skipped);
    json_kv_int(&j, "values", t.values);
    json_kv_int(&j, "saved", t.units[IMPORT_FATE_SAVED]);
    json_kv_int(&j, "same", t.units[IMPORT_FATE_SAME]);
    json_kv_int(&j, "failed", t.units[IMPORT_FATE_FAILED]);
    json_kv_int(&j, "clashes", t.clash);
    json_key(&j, "files");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < run->files.n; i++) {
        json_file(&j, run, i);
    }
    json_arr_end(&j);
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < run->entries.n; i++) {
        json_entry(&j, run, &run->entries.items[i]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- a table of notes ----------------------------------------------------------------------- */

void import_csv(const struct import_run *run, bool chinese, struct buf *out)
{
    static const char *const names[2][8] = {
        {"file", "at", "level", "code", "unit", "item", "says", "mend"},
        {"文件", "位置", "级别", "代码", "机构", "数据项", "说明", "改法"}};
    const struct import_asked *q = import_asked_of(run->names);
    struct csv_writer w;
    csv_write_init(&w, out, true, true);
    for (uint32_t i = 0; i < 8; i++) {
        csv_write_field(&w, str_from_cstr(names[chinese][i]));
    }
    csv_write_end(&w);
    for (uint32_t i = 0; i < run->files.n; i++) {
        const struct import_file *f = &run->files.items[i];
        for (uint32_t k = 0; k < f->notes.n; k++) {
            const struct import_note *n = &f->notes.items[k];
            struct buf says;
            struct buf mend;
            buf_init_in(&says, run->a, 1 << 16);
            buf_init_in(&mend, run->a, 1 << 16);
            import_note_text(run, n, chinese, &says);
            import_note_mend(run, n, chinese, &mend);
            csv_write_field(&w, f->path);
            csv_write_field(&w, import_note_place(run, i, n, run->a));
            csv_write_field(&w, str_from_cstr(chinese ? levels[n->level].zh : levels[n->level].en));
            csv_write_field(&w, str_from_cstr(import_says_code(n)));
            csv_write_field(&w, n->unit != NONE ? q->tree->units[n->unit].code : STR(""));
            csv_write_field(&w, n->datum != NONE ? q->datums[n->datum]->name : STR(""));
            csv_write_field(&w, buf_view(&says));
            csv_write_field(&w, buf_view(&mend));
            csv_write_end(&w);
        }
    }
}
