/* SPDX-License-Identifier: Apache-2.0 */
/* `sheet --annotate`: each cell is read as the type asked for, and what cleaning says stands as
 * notes in a copy. */
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/vec.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "io/cell_note.h"
#include "model/uom.h"

/* Types a cell can be read as, by --want. */
static const struct {
    const char *en, *zh;
    enum clean_want want;
} wants[] = {
    {"number", "数字", CLEAN_NUMBER}, {"whole", "整数", CLEAN_WHOLE},
    {"date", "日期", CLEAN_DATE},     {"month", "年月", CLEAN_MONTH},
    {"year", "年份", CLEAN_YEAR},     {"yes-no", "是否", CLEAN_BOOL},
    {"code", "编码", CLEAN_CODE},     {"text", "文本", CLEAN_TEXT},
};

#define LEN(table) (sizeof(table) / sizeof(table)[0])
#define TONES      4

bool sheet_want(const char *word, enum clean_want *out)
{
    struct str want = str_from_cstr(word);
    for (size_t i = 0; i < LEN(wants); i++) {
        if (str_eq(want, str_from_cstr(wants[i].en)) || str_eq(want, str_from_cstr(wants[i].zh))) {
            *out = wants[i].want;
            return true;
        }
    }
    return false;
}

struct str sheet_value_text(struct arena *a, enum clean_want want, const struct clean_value *v)
{
    char date[DATE_TEXT_BYTES];
    switch (want) {
    case CLEAN_NUMBER:
    case CLEAN_WHOLE:
        return rat_dec_str(a, v->number, LIMIT_RAT_DECIMALS, NULL);
    case CLEAN_DATE:
    case CLEAN_MONTH:
    case CLEAN_YEAR:
        return str_dup(a, date_text(v->date, date));
    case CLEAN_BOOL:
        return v->yes ? STR("1") : STR("0");
    case CLEAN_CODE:
    case CLEAN_TEXT:
    case CLEAN_CHOICE:
    case CLEAN__WANTS:
        break;
    }
    return v->text;
}

/* ---- notes ---------------------------------------------------------------------------------- */

struct noting {
    struct session *s;
    struct clean_ask ask;
    struct uom_table units;
    VEC(struct workbook_note) notes;
    uint32_t counts[TONES]; /* of all sheets */
    uint32_t sheet, in_sheet[TONES];
    uint32_t summary; /* note of the sheet's first cell */
};

static enum rc on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct noting *n = ctx;
    *skip = false;
    n->sheet = sheet;
    n->ask.date1904 = w->date1904;
    n->ask.csv = w->kind == WORKBOOK_CSV;
    for (int tone = 0; tone < TONES; tone++) {
        n->in_sheet[tone] = 0;
    }
    n->summary = n->notes.n;
    if (w->sheets[sheet].table) {
        struct workbook_note note = {.sheet = sheet};
        vec_push(&n->s->arena, &n->notes, note);
    }
    return RC_OK;
}

static struct str shown(struct noting *n, const struct clean_value *v)
{
    bool zh = n->s->o.chinese;
    if (v->state != CLEAN_VALUE) {
        return STR(""); /* what was done says it */
    }
    if (n->ask.want == CLEAN_BOOL) {
        return v->yes ? (zh ? STR("是") : STR("yes")) : (zh ? STR("否") : STR("no"));
    }
    return sheet_value_text(&n->s->arena, n->ask.want, v);
}

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct noting *n = ctx;
    struct arena *a = &n->s->arena;
    for (uint32_t i = 0; i < row->n; i++) {
        struct clean_value v;
        struct workbook_note note = {
            .sheet = n->sheet, .row = row->row, .column = row->cells[i].column};
        struct arena_mark mark = arena_mark(a);
        cell_clean(a, &row->cells[i], &n->ask, &v);
        if (cell_note(a, &v, shown(n, &v), n->s->o.chinese, &note)) {
            n->in_sheet[note.tone]++;
            n->counts[note.tone]++;
            vec_push(a, &n->notes, note);
        } else {
            arena_rewind(a, mark);
        }
        if (n->notes.n > WORKBOOK_NOTES_MAX) {
            return RC_OK; /* workbook_annotate says so */
        }
    }
    return RC_OK;
}

static void counts_text(bool zh, const uint32_t counts[TONES], struct buf *b)
{
    buf_printf(b,
               zh ? "不接受（红）%u 格，需确认（黄）%u 格，已清洗（绿）%u 格"
                  : "refused (red): %u, questions (amber): %u, cleaned (green): %u",
               counts[NOTE_RED], counts[NOTE_AMBER], counts[NOTE_GREEN]);
}

/* The first cell of a sheet with notes says how many there are. */
static enum rc on_end(void *ctx, const struct workbook *w, uint32_t sheet)
{
    struct noting *n = ctx;
    struct buf b;
    if (!w->sheets[sheet].table ||
        n->in_sheet[NOTE_RED] + n->in_sheet[NOTE_AMBER] + n->in_sheet[NOTE_GREEN] == 0) {
        return RC_OK;
    }
    buf_init_in(&b, &n->s->arena, WORKBOOK_NOTE_TEXT_MAX);
    counts_text(n->s->o.chinese, n->in_sheet, &b);
    n->notes.items[n->summary].text = buf_view(&b);
    return RC_OK;
}

/* ---- the command ---------------------------------------------------------------------------- */

static void tell(struct session *s, const struct noting *n, const struct annotated *copy)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_cstr(&j, "copy", s->o.annotate);
        json_kv_bool(&j, "converted", copy->converted);
        json_kv_int(&j, "refused", n->counts[NOTE_RED]);
        json_kv_int(&j, "questions", n->counts[NOTE_AMBER]);
        json_kv_int(&j, "cleaned", n->counts[NOTE_GREEN]);
        json_obj_end(&j);
        json_end(&j);
        return;
    }
    counts_text(s->o.chinese, n->counts, &s->out);
    buf_printf(&s->out, s->o.chinese ? "。\n副本：%s\n" : ".\ncopy: %s\n", s->o.annotate);
    if (copy->converted) {
        buf_puts(&s->out, s->o.chinese ? "原文件不能带批注，副本已转为 .xlsx。\n"
                                       : "The original cannot hold notes; the copy is an .xlsx.\n");
    }
    if (copy->was_signed) {
        buf_puts(&s->out, s->o.chinese ? "原文件带有数字签名，对副本无效。\n"
                                       : "The signature of the original does not hold for it.\n");
    }
}

static bool ends_in(const char *path, const char *extension)
{
    return str_ends(str_from_cstr(path), str_from_cstr(extension));
}

static int annotate(struct session *s, struct noting *n)
{
    struct str bytes;
    struct workbook book;
    struct annotated copy;
    struct workbook_sink sink = {n, on_sheet, on_row, on_end};
    s->phase = PHASE_TABLES;
    enum rc rc = file_read(&s->arena, s->o.file, WORKBOOK_BYTES_MAX, &bytes, &s->e);
    rc = rc != RC_OK ? rc : workbook_read_bytes(&s->arena, s->o.file, bytes, &sink, &book, &s->e);
    struct note_list list = {n->notes.items, n->notes.n, s->o.chinese};
    rc = rc != RC_OK ? rc : workbook_annotate(&s->arena, s->o.file, bytes, &list, &copy, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (!ends_in(s->o.annotate, copy.extension)) {
        return session_complain(s, 2, "副本的文件名须以此结尾", "the name of the copy must end so",
                                copy.extension);
    }
    rc = file_write(s->o.annotate, copy.bytes, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    tell(s, n, &copy);
    return 0;
}

int sheet_annotate(struct session *s, const enum clean_want *want)
{
    struct noting *n = ARENA_NEW(&s->arena, struct noting);
    if (!want) {
        return session_complain(s, 2, "--annotate 须与 --want 同用", "--annotate wants --want, too",
                                s->o.annotate);
    }
    if (file_exists(s->o.annotate)) {
        return session_complain(s, 3, "已有此文件，请换一个名称",
                                "it is there already: choose another name", s->o.annotate);
    }
    n->s = s;
    n->ask.want = *want;
    uom_init(&s->arena, &n->units);
    n->ask.units = &n->units;
    return annotate(s, n);
}
