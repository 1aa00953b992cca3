/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics for a terminal and as JSON. */
#include "lang/diag.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

#define SHOWN_COLUMNS   160  /* of a source line; longer ones are cut around the place */
#define CONTEXT_COLUMNS 60   /* kept before the place when a line is cut */
#define MESSAGE_MAX     8192 /* bytes of one rendered text */

static const char *const severity_words[DIAG_SEV__COUNT][2] = {
    [DIAG_SEV_ERROR] = {"错误", "error"},
    [DIAG_SEV_WARNING] = {"警告", "warning"},
};

static const char *const severity_colours[DIAG_SEV__COUNT] = {"\x1b[1;31m", "\x1b[1;33m"};

struct out {
    struct buf *b;
    enum diag_lang lang;
    bool colour;
};

static const char *pick(const struct out *o, const char *zh, const char *en)
{
    return o->lang == DIAG_ZH ? zh : en;
}

static void paint(const struct out *o, const char *escape)
{
    if (o->colour) {
        buf_puts(o->b, escape);
    }
}

/* Columns of a character that begins at display column `col` (from 0). */
static uint32_t columns_of(uint32_t cp, uint32_t col)
{
    return cp == '\t' ? SOURCE_TAB_WIDTH - col % SOURCE_TAB_WIDTH : utf8_cp_width(cp);
}

/* A line of the file in display columns, with the part that is shown. */
struct shown {
    struct str line;
    uint32_t beg_col; /* the place, in columns of the whole line */
    uint32_t end_col;
    uint32_t from; /* shown: columns [from, from + SHOWN_COLUMNS) */
};

static struct shown shown_make(const struct source *f, struct span at, uint32_t line_no)
{
    struct shown s = {.line = source_line(f, line_no)};
    uint32_t base = f->line_beg[line_no];
    uint32_t col = 0;
    for (uint32_t i = 0; i < s.line.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s.line, i, &cp);
        col += columns_of(cp, col);
        i += n;
        s.beg_col = base + i <= at.beg ? col : s.beg_col;
        s.end_col = base + i <= at.end ? col : s.end_col;
    }
    if (s.end_col <= s.beg_col) {
        s.end_col = s.beg_col + 1; /* an empty place still gets its caret */
    }
    s.from = col > SHOWN_COLUMNS && s.beg_col > CONTEXT_COLUMNS ? s.beg_col - CONTEXT_COLUMNS : 0;
    return s;
}

/* Whether a character may be printed: bad text is shown too, but never its controls. */
static bool is_printable(uint32_t cp)
{
    return !utf8_is_control(cp) && !utf8_is_bidi_control(cp);
}

/* The shown part of the line and, below it, the carets. Returns nothing; writes two lines. */
static void draw_line(const struct out *o, const struct shown *s, uint32_t line_no,
                      const char *mark, const char *remark)
{
    uint32_t gutter = o->b->n;
    buf_printf(o->b, "%5u | ", (unsigned)(line_no + 1));
    gutter = o->b->n - gutter;
    bool cut_left = s->from > 0;
    bool cut_right = false;
    uint32_t lead = cut_left ? 3 : 0; /* columns written before the first caret */
    buf_puts(o->b, cut_left ? "..." : "");
    uint32_t col = 0;
    uint32_t first = UINT32_MAX; /* column of the first character shown */
    for (uint32_t i = 0; i < s->line.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s->line, i, &cp);
        uint32_t width = columns_of(cp, col);
        cut_right = col + width > s->from + SHOWN_COLUMNS;
        if (cut_right) {
            break;
        }
        if (col >= s->from) {
            first = first == UINT32_MAX ? col : first;
            if (cp == '\t') {
                buf_fill(o->b, ' ', width);
            } else if (is_printable(cp) && cp != UTF8_REPLACEMENT) {
                buf_put(o->b, s->line.p + i, n);
            } else {
                buf_fill(o->b, '?', width);
            }
        }
        col += width;
        i += n;
    }
    first = first == UINT32_MAX ? s->from : first;
    buf_puts(o->b, cut_right ? "...\n" : "\n");
    buf_fill(o->b, ' ', gutter - 2);
    buf_puts(o->b, "| ");
    uint32_t beg = s->beg_col > first ? s->beg_col - first : 0;
    uint32_t end = s->end_col < s->from + SHOWN_COLUMNS ? s->end_col : s->from + SHOWN_COLUMNS;
    uint32_t carets = end > s->beg_col ? end - s->beg_col : 1;
    buf_fill(o->b, ' ', lead + beg);
    paint(o, mark[0] == '^' ? "\x1b[1;31m" : "\x1b[1;34m");
    buf_fill(o->b, mark[0], carets);
    paint(o, "\x1b[0m");
    buf_printf(o->b, "%s%s\n", remark[0] ? " " : "", remark);
}

static void draw_labels(const struct out *o, const struct diags *ds, const struct diag *d)
{
    for (uint32_t i = 0; i < d->n_labels; i++) {
        const struct diag_label *label = &d->labels[i];
        const struct source *f = source_at(ds->sources, label->at.file);
        uint32_t line = source_line_of(f, label->at.beg);
        struct shown s = shown_make(f, label->at, line);
        if (label->at.file != d->at.file) {
            buf_printf(o->b, "  --> %.*s:%u\n", PS(f->path), (unsigned)(line + 1));
        }
        draw_line(o, &s, line, "-", pick(o, label->zh, label->en));
    }
}

static void draw(const struct out *o, const struct diags *ds, const struct diag *d)
{
    const struct source *f = source_at(ds->sources, d->at.file);
    struct place p = source_place(f, d->at.beg);
    enum diag_severity sev = diag_severity_of(d->code);
    paint(o, "\x1b[1m");
    buf_printf(o->b, "%.*s:%u:%u: ", PS(f->path), (unsigned)p.line, (unsigned)p.column);
    paint(o, severity_colours[sev]);
    buf_printf(o->b, "%s %s", severity_words[sev][o->lang], diag_code_text(d->code));
    paint(o, "\x1b[0m");
    buf_puts(o->b, ": ");
    diag_message(d, o->lang, o->b);
    buf_putc(o->b, '\n');
    struct shown s = shown_make(f, d->at, p.line - 1);
    draw_line(o, &s, p.line - 1, "^", "");
    draw_labels(o, ds, d);
    if (d->suggestion.n > 0) {
        buf_puts(o->b, pick(o, "      = 是否指“", "      = did you mean "));
        buf_str(o->b, d->suggestion);
        buf_puts(o->b, pick(o, "”？\n", "?\n"));
    } else if (d->has_fix && d->fix_text.n > 0) {
        buf_puts(o->b, pick(o, "      = 可改为：", "      = write: "));
        buf_str(o->b, d->fix_text);
        buf_putc(o->b, '\n');
    }
    uint32_t before = o->b->n;
    buf_puts(o->b, pick(o, "      = 提示：", "      = hint: "));
    uint32_t empty = o->b->n;
    diag_hint(d, o->lang, o->b);
    if (o->b->n == empty) {
        buf_truncate(o->b, before);
    } else {
        buf_putc(o->b, '\n');
    }
}

static bool place_after(const struct diag *x, const struct diag *y)
{
    return x->at.file != y->at.file ? x->at.file > y->at.file : x->at.beg > y->at.beg;
}

/* The kept ones by file and place; those at one place stay in order of reporting. */
static struct diag **sorted(const struct diags *ds)
{
    struct diag **list = ARENA_ARRAY(ds->a, struct diag *, ds->list.n);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        uint32_t j = i;
        for (; j > 0 && place_after(list[j - 1], ds->list.items[i]); j--) {
            list[j] = list[j - 1];
        }
        list[j] = ds->list.items[i];
    }
    return list;
}

void diags_render_text(const struct diags *ds, enum diag_lang lang, bool colour, struct buf *out)
{
    struct out o = {.b = out, .lang = lang, .colour = colour};
    struct diag **list = sorted(ds);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        draw(&o, ds, list[i]);
    }
    uint32_t all = ds->n_errors + ds->n_warnings;
    if (all > ds->list.n) {
        buf_puts(out, pick(&o, "未列出的其他问题：", "more, not shown: "));
        buf_printf(out, "%u\n", (unsigned)(all - ds->list.n));
    }
}

static void json_span(struct json *j, const struct diags *ds, struct span at)
{
    const struct source *f = source_at(ds->sources, at.file);
    struct place beg = source_place(f, at.beg);
    struct place end = source_place(f, at.end);
    json_kv_str(j, "file", f->path);
    json_kv_int(j, "line", beg.line);
    json_kv_int(j, "column", beg.column);
    json_kv_int(j, "end_line", end.line);
    json_kv_int(j, "end_column", end.column);
}

typedef void text_fn(const struct diag *d, enum diag_lang lang, struct buf *out);

static void json_text(struct json *j, const char *key, const struct diag *d, enum diag_lang lang,
                      text_fn *text)
{
    struct buf b;
    buf_init(&b, MESSAGE_MAX);
    text(d, lang, &b);
    json_kv_str(j, key, buf_view(&b));
    buf_release(&b);
}

static void json_diag(struct json *j, const struct diags *ds, const struct diag *d)
{
    json_obj_begin(j);
    json_kv_cstr(j, "code", diag_code_text(d->code));
    json_kv_cstr(j, "name", diag_code_name(d->code));
    json_kv_cstr(j, "severity", severity_words[diag_severity_of(d->code)][DIAG_EN]);
    json_text(j, "message_zh", d, DIAG_ZH, diag_message);
    json_text(j, "message_en", d, DIAG_EN, diag_message);
    json_text(j, "hint_zh", d, DIAG_ZH, diag_hint);
    json_text(j, "hint_en", d, DIAG_EN, diag_hint);
    json_span(j, ds, d->at);
    json_kv_str(j, "suggestion", d->suggestion);
    json_key(j, "labels");
    json_arr_begin(j);
    for (uint32_t i = 0; i < d->n_labels; i++) {
        json_obj_begin(j);
        json_kv_cstr(j, "message_zh", d->labels[i].zh);
        json_kv_cstr(j, "message_en", d->labels[i].en);
        json_span(j, ds, d->labels[i].at);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_key(j, "fixit");
    if (d->has_fix) {
        json_obj_begin(j);
        json_kv_str(j, "text", d->fix_text);
        json_span(j, ds, d->fix_at);
        json_obj_end(j);
    } else {
        json_null(j);
    }
    json_obj_end(j);
}

void diags_render_json(const struct diags *ds, struct json *j)
{
    struct diag **list = sorted(ds);
    json_arr_begin(j);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        json_diag(j, ds, list[i]);
    }
    json_arr_end(j);
}
