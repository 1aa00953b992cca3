/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage as tables for people, JSON and CSV. */
#include "app/pack/coverage.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "io/csv.h"

#define SHOWN_BYTES 120 /* of a sentence, for people */

static const char *const states[2][COVERAGE__COUNT] = {
    {"covered", "unmeasurable", "open"},
    {"已落实", "不可测", "未落实"},
};

struct face {
    const struct coverage *c;
    struct arena *a;
    bool chinese;
    uint32_t width; /* of the terminal, 0: unlimited */
    struct buf *out;
};

static const char *pick(const struct face *f, const char *zh, const char *en)
{
    return f->chinese ? zh : en;
}

static struct str number(struct arena *a, uint32_t n)
{
    return rat_frac_str(a, rat_int(n));
}

static struct str name_of(const struct coverage_clause *k)
{
    return k->code.n > 0 ? k->code : k->path;
}

/* `B13 第2句` */
static struct str ref_of(const struct face *f, const struct coverage_sentence *s)
{
    struct clause_ref r = {
        .code = name_of(&f->c->clauses.items[s->clause]), .first = s->number, .last = s->number};
    return clause_ref_text(f->a, r, f->chinese);
}

static struct str ids_of(const struct face *f, const struct coverage_sentence *s)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < s->by.n; i++) {
        out = i > 0 ? str_cat(f->a, out, STR(" ")) : out;
        out = str_cat(f->a, out, f->c->plan->commitments[s->by.items[i]].id);
    }
    return out;
}

static struct str figures_text(const struct face *f, const struct coverage_sentence *s)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < s->unheld.n; i++) {
        out = i > 0 ? str_cat(f->a, out, STR(" ")) : out;
        out = str_cat(f->a, out, s->unheld.items[i].text);
    }
    return out;
}

static struct str shortened(struct arena *a, struct str s)
{
    struct str cut = utf8_cut(s, SHOWN_BYTES);
    return cut.n < s.n ? str_cat(a, cut, STR("…")) : s;
}

/* ---- for people ----------------------------------------------------------------------------- */

#define SENTENCE_COLUMNS 4
#define CLAUSE_COLUMNS   7

static const char *const sentence_headers[2][SENTENCE_COLUMNS] = {
    {"sentence", "state", "by", "text"},
    {"句", "状态", "承诺", "原文"},
};

static const char *const clause_headers[2][CLAUSE_COLUMNS] = {
    {"clause", "sentences", "covered", "unmeasurable", "open", "path", "title"},
    {"条款", "句数", "已落实", "不可测", "未落实", "位置", "标题"},
};

static struct table new_table(const struct face *f, const char *const *headers, uint32_t n_columns)
{
    struct table t = table_new(f->a, n_columns);
    struct str *cells = ARENA_ARRAY(f->a, struct str, n_columns);
    for (uint32_t i = 0; i < n_columns; i++) {
        cells[i] = str_from_cstr(headers[i]);
    }
    table_row(&t, cells);
    return t;
}

static void sentence_table(const struct face *f)
{
    struct table t = new_table(f, sentence_headers[f->chinese], SENTENCE_COLUMNS);
    for (uint32_t i = 0; i < f->c->sentences.n; i++) {
        const struct coverage_sentence *s = &f->c->sentences.items[i];
        const char *whole = s->whole ? pick(f, "（整条）", " (whole clause)") : "";
        const struct str row[SENTENCE_COLUMNS] = {
            ref_of(f, s), str_from_cstr(states[f->chinese][s->state]),
            str_cat(f->a, ids_of(f, s), str_from_cstr(whole)), shortened(f->a, s->text)};
        table_row(&t, row);
    }
    table_print(&t, f->width, f->out);
}

static void clause_table(const struct face *f)
{
    struct table t = new_table(f, clause_headers[f->chinese], CLAUSE_COLUMNS);
    for (uint32_t i = 0; i < f->c->clauses.n; i++) {
        const struct coverage_clause *k = &f->c->clauses.items[i];
        const struct str row[CLAUSE_COLUMNS] = {
            k->code.n > 0 ? k->code : STR("-"),
            number(f->a, k->n_sentences),
            number(f->a, k->n[COVERAGE_COVERED]),
            number(f->a, k->n[COVERAGE_UNMEASURABLE]),
            number(f->a, k->n[COVERAGE_OPEN]),
            k->path,
            k->title,
        };
        table_row(&t, row);
    }
    table_print(&t, f->width, f->out);
}

/* A line of a list, or a note; broken at the width of the terminal. */
static struct buf line_begin(const struct face *f)
{
    struct buf b;
    buf_init_in(&b, f->a, LIMIT_STR_BYTES);
    return b;
}

static void line_end(const struct face *f, const struct buf *b, uint32_t indent)
{
    text_print(buf_view(b), indent, f->width, f->out);
}

static void heading(const struct face *f, const char *zh, const char *en)
{
    buf_putc(f->out, '\n');
    buf_puts(f->out, pick(f, zh, en));
    buf_putc(f->out, '\n');
}

static void figure_warnings(const struct face *f)
{
    bool any = false;
    for (uint32_t i = 0; i < f->c->sentences.n; i++) {
        const struct coverage_sentence *s = &f->c->sentences.items[i];
        if (s->unheld.n == 0) {
            continue;
        }
        if (!any) {
            heading(f, "警告：原文的数字，所依据的承诺中没有",
                    "Warning: figures of the text that no declaration for the sentence holds");
        }
        any = true;
        struct buf b = line_begin(f);
        buf_printf(&b, "%.*s: %.*s (%.*s)", PS(ref_of(f, s)), PS(figures_text(f, s)),
                   PS(ids_of(f, s)));
        line_end(f, &b, 2);
    }
}

static void missing_clauses(const struct face *f)
{
    if (f->c->missing.n > 0) {
        heading(f, "原文中没有的条款（文本不全，或条款的路径有误）",
                "Clauses the text does not have (it is incomplete, or their path is wrong)");
    }
    for (uint32_t i = 0; i < f->c->missing.n; i++) {
        const struct clause_code *k = &f->c->plan->clause_codes[f->c->missing.items[i]];
        struct buf b = line_begin(f);
        buf_printf(&b, "%.*s  %.*s  %.*s:%u", PS(k->code), PS(k->path), PS(k->at.file), k->at.line);
        line_end(f, &b, 2);
    }
}

static void lost_references(const struct face *f)
{
    if (f->c->beyond.n > 0) {
        heading(f, "条款没有这么多句", "References beyond the last sentence of the clause");
    }
    for (uint32_t i = 0; i < f->c->beyond.n; i++) {
        const struct coverage_beyond *r = &f->c->beyond.items[i];
        struct buf b = line_begin(f);
        buf_printf(&b,
                   f->chinese ? "%.*s  %.*s，只有 %u 句  %.*s:%u"
                              : "%.*s  %.*s, which has %u  %.*s:%u",
                   PS(f->c->plan->commitments[r->commitment].id),
                   PS(clause_ref_text(f->a, *r->ref, f->chinese)), r->n_sentences,
                   PS(r->ref->at.file), r->ref->at.line);
        line_end(f, &b, 2);
    }
}

static void notes(const struct face *f)
{
    const struct text_dropped *d = &f->c->dropped;
    for (uint32_t i = 0; i < f->c->gaps.n; i++) {
        const struct coverage_gap *g = &f->c->gaps.items[i];
        struct buf b = line_begin(f);
        buf_printf(&b,
                   f->chinese ? "注意：%.*s（第 %u 行）之前缺少 %u 个编号"
                              : "note: before %.*s (line %u) %u numbers are left out",
                   PS(g->path), g->line, g->skipped);
        line_end(f, &b, 0);
    }
    if (d->duplicates > 0) {
        struct buf b = line_begin(f);
        buf_printf(&b,
                   f->chinese ? "注意：第 %u 行起有 %u 行重复，只计一次"
                              : "note: from line %u on %u lines stand there twice and count once",
                   d->first_duplicate, d->duplicates);
        line_end(f, &b, 0);
    }
    if (d->page_numbers + d->headers > 0) {
        struct buf b = line_begin(f);
        buf_printf(&b,
                   f->chinese ? "注意：略去 %u 行页码、%u 行页眉页脚"
                              : "note: left out %u page numbers and %u running headers",
                   d->page_numbers, d->headers);
        line_end(f, &b, 0);
    }
    if (f->c->n_automatic > 0) {
        struct buf b = line_begin(f);
        buf_printf(&b,
                   f->chinese
                       ? "注意：有 %u 段由文字处理软件自动编号，编号不在文字中；请另存为纯文本"
                       : "note: %u paragraphs are numbered by the word processor and not in "
                         "their text; save it as plain text",
                   f->c->n_automatic);
        line_end(f, &b, 0);
    }
}

static void open_sentences(const struct face *f)
{
    bool any = false;
    for (uint32_t i = 0; i < f->c->sentences.n; i++) {
        const struct coverage_sentence *s = &f->c->sentences.items[i];
        if (s->state != COVERAGE_OPEN) {
            continue;
        }
        if (!any) {
            heading(f, "未落实的句", "Open sentences");
        }
        any = true;
        struct buf b = line_begin(f);
        buf_printf(&b, f->chinese ? "%.*s（第 %u 行）%.*s" : "%.*s (line %u) %.*s",
                   PS(ref_of(f, s)), s->line, PS(shortened(f->a, s->text)));
        line_end(f, &b, 2);
    }
}

static void totals(const struct coverage *c, uint32_t n[COVERAGE__COUNT], uint32_t *whole)
{
    *whole = 0;
    for (uint32_t i = 0; i < c->clauses.n; i++) {
        for (uint32_t s = 0; s < COVERAGE__COUNT; s++) {
            n[s] += c->clauses.items[i].n[s];
        }
        *whole += c->clauses.items[i].n_whole;
    }
}

void coverage_text(const struct coverage *c, bool chinese, uint32_t width, struct buf *out)
{
    struct face f = {c, c->a, chinese, width, out};
    uint32_t n[COVERAGE__COUNT] = {0};
    uint32_t whole = 0;
    totals(c, n, &whole);
    sentence_table(&f);
    buf_putc(out, '\n');
    clause_table(&f);
    figure_warnings(&f);
    missing_clauses(&f);
    lost_references(&f);
    open_sentences(&f);
    buf_putc(out, '\n');
    notes(&f);
    buf_printf(
        out,
        chinese ? "共 %u 句：已落实 %u（其中只由整条依据的 %u），不可测 %u，未落实 %u\n"
                : "%u sentences: %u covered (%u of them only by references to the whole clause), "
                  "%u unmeasurable, %u open\n",
        c->sentences.n, n[COVERAGE_COVERED], whole, n[COVERAGE_UNMEASURABLE], n[COVERAGE_OPEN]);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void json_counts(struct json *j, uint32_t sentences, const uint32_t n[COVERAGE__COUNT],
                        uint32_t whole)
{
    json_kv_int(j, "sentences", sentences);
    for (uint32_t s = 0; s < COVERAGE__COUNT; s++) {
        json_kv_int(j, coverage_state_name((enum coverage_state)s), n[s]);
    }
    json_kv_int(j, "whole", whole);
}

static void json_sentence(struct json *j, const struct face *f, const struct coverage_sentence *s)
{
    const struct coverage_clause *k = &f->c->clauses.items[s->clause];
    json_obj_begin(j);
    json_kv_str(j, "clause", k->code);
    json_kv_str(j, "path", k->path);
    json_kv_int(j, "sentence", s->number);
    json_kv_int(j, "line", s->line);
    json_kv_cstr(j, "state", coverage_state_name(s->state));
    json_kv_bool(j, "whole", s->whole);
    json_key(j, "by");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->by.n; i++) {
        json_str(j, f->c->plan->commitments[s->by.items[i]].id);
    }
    json_arr_end(j);
    json_key(j, "figures");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->unheld.n; i++) {
        json_str(j, s->unheld.items[i].text);
    }
    json_arr_end(j);
    json_kv_str(j, "text", s->text);
    json_obj_end(j);
}

static void json_clauses(struct json *j, const struct coverage *c)
{
    json_key(j, "clauses");
    json_arr_begin(j);
    for (uint32_t i = 0; i < c->clauses.n; i++) {
        const struct coverage_clause *k = &c->clauses.items[i];
        json_obj_begin(j);
        json_kv_str(j, "clause", k->code);
        json_kv_str(j, "path", k->path);
        json_kv_str(j, "title", k->title);
        json_counts(j, k->n_sentences, k->n, k->n_whole);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void json_faults(struct json *j, const struct face *f)
{
    json_key(j, "missing");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->c->missing.n; i++) {
        json_str(j, f->c->plan->clause_codes[f->c->missing.items[i]].code);
    }
    json_arr_end(j);
    json_key(j, "beyond");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->c->beyond.n; i++) {
        const struct coverage_beyond *b = &f->c->beyond.items[i];
        json_obj_begin(j);
        json_kv_str(j, "id", f->c->plan->commitments[b->commitment].id);
        json_kv_str(j, "clause", b->ref->code);
        json_kv_int(j, "sentence", b->ref->last);
        json_kv_int(j, "sentences", b->n_sentences);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_key(j, "left_out");
    json_obj_begin(j);
    json_kv_int(j, "page_numbers", f->c->dropped.page_numbers);
    json_kv_int(j, "headers", f->c->dropped.headers);
    json_kv_int(j, "duplicate_lines", f->c->dropped.duplicates);
    json_obj_end(j);
}

void coverage_json(const struct coverage *c, struct buf *out)
{
    struct json j;
    struct face f = {c, c->a, false, 0, out};
    uint32_t n[COVERAGE__COUNT] = {0};
    uint32_t whole = 0;
    totals(c, n, &whole);
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_key(&j, "summary");
    json_obj_begin(&j);
    json_counts(&j, c->sentences.n, n, whole);
    json_obj_end(&j);
    json_clauses(&j, c);
    json_key(&j, "sentences");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        json_sentence(&j, &f, &c->sentences.items[i]);
    }
    json_arr_end(&j);
    json_faults(&j, &f);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

#define CSV_COLUMNS 8

static const char *const csv_headers[2][CSV_COLUMNS] = {
    {"clause", "path", "sentence", "line", "state", "by", "figures", "text"},
    {"条款", "位置", "句", "行", "状态", "承诺", "未落实数字", "原文"},
};

void coverage_csv(const struct coverage *c, bool chinese, struct csv_writer *w)
{
    struct face f = {c, c->a, chinese, 0, NULL};
    for (uint32_t k = 0; k < CSV_COLUMNS; k++) {
        csv_write_field(w, str_from_cstr(csv_headers[chinese][k]));
    }
    csv_write_end(w);
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        const struct coverage_sentence *s = &c->sentences.items[i];
        const struct str row[CSV_COLUMNS] = {
            c->clauses.items[s->clause].code,
            c->clauses.items[s->clause].path,
            number(c->a, s->number),
            number(c->a, s->line),
            str_from_cstr(states[chinese][s->state]),
            ids_of(&f, s),
            figures_text(&f, s),
            s->text,
        };
        for (uint32_t k = 0; k < CSV_COLUMNS; k++) {
            csv_write_field(w, row[k]);
        }
        csv_write_end(w);
    }
}
