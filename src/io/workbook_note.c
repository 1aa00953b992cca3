/* SPDX-License-Identifier: Apache-2.0 */
/* Annotated copies: what the file is, where its notes go, and the parts in turn. */
#include "io/workbook_note.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/utf8.h"
#include "io/note_int.h"
#include "io/workbook_int.h"

#define TEXTS_BYTES_MAX (64U * 1024 * 1024) /* of all notes */
#define COMPARISONS_MAX 500000000ULL        /* notes times merged ranges of a sheet */

/* ---- notes, one for each cell ---------------------------------------------------------------- */

struct placed {
    struct workbook_note note;
    uint32_t order;
};

static enum rc nowhere(const char *path, const struct workbook_note *note, struct err *e)
{
    return err_set(e, RC_INPUT, "%s has no place for a note on sheet %u, row %u, column %u",
                   "%s 中没有第 %u 个工作表第 %u 行第 %u 列，无法批注", path, note->sheet + 1,
                   note->row + 1, note->column + 1);
}

static enum rc too_many(const char *path, const char *en, const char *zh, uint32_t limit,
                        struct err *e)
{
    enum rc rc = err_set(e, RC_LIMIT, "%s: more than %u %s%.0s", "%s：超过上限：%u %.0s%s", path,
                         limit, en, zh);
    err_hint(e, "Mend the first ones, and try again.", "请先改正前面的问题，再重试。");
    return rc;
}

static enum rc check(const char *path, const struct workbook *book, const struct note_list *list,
                     struct err *e)
{
    uint64_t bytes = 0;
    if (list->n > WORKBOOK_NOTES_MAX) {
        return too_many(path, "notes", "条批注", WORKBOOK_NOTES_MAX, e);
    }
    for (uint32_t i = 0; i < list->n; i++) {
        const struct workbook_note *note = &list->items[i];
        if (note->sheet >= book->n_sheets || !book->sheets[note->sheet].table ||
            note->row >= WORKBOOK_ROWS_MAX || note->column >= WORKBOOK_COLUMNS_MAX) {
            return nowhere(path, note, e);
        }
        bytes += note->text.n;
    }
    return bytes > TEXTS_BYTES_MAX
               ? too_many(path, "bytes of notes", "字节（批注）", TEXTS_BYTES_MAX, e)
               : RC_OK;
}

/* To the first cell of the range that covers the cell. */
static void unmerge(const struct workbook_sheet *s, struct workbook_note *note)
{
    for (uint32_t i = 0; i < s->merged.n; i++) {
        const struct workbook_range *r = &s->merged.items[i];
        if (note->row >= r->row && note->row <= r->last_row && note->column >= r->column &&
            note->column <= r->last_column) {
            note->row = r->row;
            note->column = r->column;
            return;
        }
    }
}

static int by_place(const void *x, const void *y)
{
    const struct placed *a = x;
    const struct placed *b = y;
    const uint32_t left[] = {a->note.sheet, a->note.row, a->note.column, a->order};
    const uint32_t right[] = {b->note.sheet, b->note.row, b->note.column, b->order};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool same_cell(const struct workbook_note *a, const struct workbook_note *b)
{
    return a->sheet == b->sheet && a->row == b->row && a->column == b->column;
}

/* The texts of notes [i, end) of one cell. */
static struct str joined(struct arena *a, const struct placed *all, uint32_t i, uint32_t end)
{
    struct buf b;
    buf_init_in(&b, a, TEXTS_BYTES_MAX + WORKBOOK_NOTES_MAX);
    for (; i < end; i++) {
        if (b.n > 0 && all[i].note.text.n > 0) {
            buf_putc(&b, '\n');
        }
        buf_str(&b, all[i].note.text);
    }
    struct str text = buf_view(&b);
    if (text.n <= WORKBOOK_NOTE_TEXT_MAX) {
        return text;
    }
    buf_truncate(&b, utf8_cut(text, WORKBOOK_NOTE_TEXT_MAX - 3).n);
    buf_puts(&b, "…");
    return buf_view(&b);
}

typedef VEC(struct workbook_note) settled;

static enum rc settle(struct arena *a, const char *path, const struct workbook *book,
                      const struct note_list *list, settled *out, struct err *e)
{
    struct placed *all = ARENA_ARRAY(a, struct placed, list->n + 1);
    uint64_t comparisons = 0;
    TRY(check(path, book, list, e));
    for (uint32_t i = 0; i < list->n; i++) {
        const struct workbook_sheet *s = &book->sheets[list->items[i].sheet];
        all[i] = (struct placed){list->items[i], i};
        comparisons += s->merged.n;
        if (comparisons > COMPARISONS_MAX) {
            return too_many(path, "merged ranges", "个合并区域", WORKBOOK_RANGES_MAX, e);
        }
        unmerge(s, &all[i].note);
    }
    qsort(all, list->n, sizeof *all, by_place);
    for (uint32_t i = 0, end = 0; i < list->n; i = end) {
        struct workbook_note note = all[i].note;
        for (end = i + 1; end < list->n && same_cell(&note, &all[end].note); end++) {
            note.tone = all[end].note.tone > note.tone ? all[end].note.tone : note.tone;
        }
        note.text = joined(a, all, i, end);
        vec_push(a, out, note);
    }
    return RC_OK;
}

/* ---- the package ---------------------------------------------------------------------------- */

struct work {
    struct xlsx x;
    struct note_package p;
    struct str bytes;
    settled notes;
    struct workbook book;
    struct str out;
    enum rc rc;
};

static enum rc annotate_sheet(struct work *w, struct note_styles *styles, uint32_t sheet,
                              const struct workbook_note *notes, uint32_t n)
{
    struct note_sheet s = {.part = w->x.sheet_parts[sheet], .index = sheet, .notes = notes, .n = n};
    struct note_drawn drawn = {.fresh = {0}};
    xlsx_relations relations;
    struct str drawing;
    TRY(xlsx_relations_read(&w->x, s.part, &relations));
    bool before = map_u64_len(&styles->our_fills) > 0 ||
                  xlsx_relation_of_type(&relations, STR("comments")) != NULL;
    if (n == 0 && !before) {
        return RC_OK;
    }
    TRY(note_sheet_read(&w->p, styles, &s));
    TRY(note_comments(&w->p, &s, &relations, &drawn));
    TRY(note_boxes(&w->p, &s, &relations, &drawn, &drawing));
    note_sheet_write(&w->p, &s, drawing);
    return RC_OK;
}

static enum rc annotate(struct work *w)
{
    struct note_styles styles = {.part = STR("")};
    uint32_t at = 0;
    TRY(xlsx_zip_open(&w->x, w->bytes));
    TRY(xlsx_book_read(&w->x));
    styles.part = w->x.styles_part;
    TRY(note_styles_read(&w->p, &styles));
    for (uint32_t sheet = 0; sheet < w->book.n_sheets; sheet++) {
        uint32_t end = at;
        while (end < w->notes.n && w->notes.items[end].sheet == sheet) {
            end++;
        }
        if (w->book.sheets[sheet].table) {
            TRY(annotate_sheet(w, &styles, sheet, w->notes.items + at, end - at));
        }
        at = end;
    }
    TRY(note_styles_write(&w->p, &styles));
    return note_pack(&w->p, w->bytes, &w->out);
}

static void run(void *ctx)
{
    struct work *w = ctx;
    w->rc = annotate(w);
}

static enum rc work(struct work *w)
{
    buf_init(&w->x.text, WORKBOOK_TEXT_MAX);
    buf_init(&w->x.row_texts, 0);
    arena_init(&w->x.rows, 1, "rows of a sheet");
    w->x.book = &w->book;
    w->p.x = &w->x;
    enum rc rc = arena_run(w->x.a, run, w);
    note_release(&w->p);
    xlsx_release(&w->x);
    return rc != RC_OK
               ? err_set(w->x.e, rc, "no memory to annotate %s", "没有内存批注 %s", w->x.path)
               : w->rc;
}

static bool is_signed(const struct xlsx *x)
{
    for (uint32_t i = 0; i < x->parts.n_entries; i++) {
        if (str_starts(x->parts.entries[i].key, STR("_xmlsignatures/"))) {
            return true;
        }
    }
    return false;
}

/* ---- the door ------------------------------------------------------------------------------- */

static const struct {
    const char *en, *zh;
} converted_texts[] = {
    [WORKBOOK_XLS] =
        {"Converted from an .xls: values are as they were; formulas have become their "
         "results, and fonts, colours and pictures are left out.",
         "本副本由 .xls 转换而来：数值与原文件相同；公式已变为结果，字体、颜色和图片未保留。"},
    [WORKBOOK_CSV] = {"Converted from a table of text: every cell is text, as it was.",
                      "本副本由文本表格（csv）转换而来：单元格均为文本，内容与原文件相同。"},
};

/* The notes with one before them that says what the copy is. */
static struct note_list introduced(struct arena *a, const struct note_list *notes,
                                   const struct workbook *book)
{
    struct note_list list = {.chinese = notes->chinese};
    struct workbook_note *items = ARENA_ARRAY(a, struct workbook_note, notes->n + 1);
    if (book->n_sheets > 0 && book->sheets[0].table) {
        const char *text =
            notes->chinese ? converted_texts[book->kind].zh : converted_texts[book->kind].en;
        items[list.n++] = (struct workbook_note){.text = str_from_cstr(text)};
    }
    for (uint32_t i = 0; i < notes->n; i++) {
        items[list.n++] = notes->items[i];
    }
    list.items = items;
    return list;
}

/* An .xls or csv as the .xlsx it becomes. */
static enum rc convert(struct arena *a, const char *path, struct str *bytes, struct err *e)
{
    struct grid g;
    TRY(grid_read_bytes(a, path, *bytes, &g, e));
    return note_from_grid(a, path, &g, bytes, e);
}

enum rc workbook_annotate(struct arena *a, const char *path, struct str bytes,
                          const struct note_list *notes, struct annotated *out, struct err *e)
{
    struct workbook_sink sink = {.ctx = NULL};
    struct workbook book;
    struct note_list list = *notes;
    struct work *w = ARENA_NEW(a, struct work);
    *out = (struct annotated){.extension = ".xlsx"};
    TRY(workbook_read_bytes(a, path, bytes, &sink, &book, e));
    out->converted = book.kind != WORKBOOK_XLSX;
    if (out->converted) {
        list = introduced(a, notes, &book);
    }
    TRY(settle(a, path, &book, &list, &w->notes, e));
    if (out->converted) {
        TRY(convert(a, path, &bytes, e));
    }
    w->x.a = a;
    w->x.path = path;
    w->x.e = e;
    w->bytes = bytes;
    TRY(work(w));
    out->bytes = w->out;
    out->extension = book.macros ? ".xlsm" : ".xlsx";
    out->was_signed = is_signed(&w->x);
    out->n_cells = w->notes.n;
    return RC_OK;
}
