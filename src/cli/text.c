/* SPDX-License-Identifier: Apache-2.0 */
/* Documents held against verdicts: the plan as a living text, and proofs of figures. */
#include "cli/text.h"

#include "app/text/living.h"
#include "app/text/prove.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/session.h"
#include "draft/words.h"
#include "io/text.h"
#include "store/log.h"

#define PAGE_BYTES (256U * 1024 * 1024)

/* Without --unit the one that the whole tree hangs from on the day; NONE: there is none. */
static uint32_t unit_of(const struct session *s, const struct judge_query *q)
{
    const struct tree *t = s->pack.tree;
    if (q->unit != NONE) {
        return q->unit;
    }
    for (uint32_t i = 0; i < t->n_versions; i++) {
        const struct tree_version *v = &t->versions[i];
        if (v->parent_unit == TREE_NONE && date_cmp(v->from, s->x.answer.as_of) <= 0 &&
            date_cmp(s->x.answer.as_of, v->cover_to) <= 0) {
            return v->unit;
        }
    }
    return t->n_versions > 0 ? t->versions[0].unit : NONE;
}

/* Where the facts come from, as one line. */
static enum rc facts_of(struct session *s, struct str *out)
{
    struct buf line;
    struct store_end end;
    if (s->store == NULL) {
        *out = str_from_cstr(s->o.chinese ? "计划包的数据表" : "tables of the pack");
        return RC_OK;
    }
    TRY(store_end(&s->arena, s->reader, &end, &s->e));
    buf_init(&line, 256);
    buf_printf(&line, s->o.chinese ? "账本第 %lld 次提交" : "book, commit %lld",
               (long long)end.seq);
    *out = buf_move(&s->arena, &line);
    return RC_OK;
}

static int made(struct session *s, const struct judge_query *q, struct living **out)
{
    struct coverage *c = NULL;
    struct str facts = STR("");
    uint32_t unit = unit_of(s, q);
    if (unit == NONE) {
        return session_complain(s, 3, "没有机构：请先载入机构表", "there are no units", s->o.pack);
    }
    s->phase = PHASE_TEXT;
    enum rc rc = coverage_make(&s->arena, &s->pack, s->o.file, &c, &s->e);
    rc = rc == RC_OK ? facts_of(s, &facts) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    s->phase = PHASE_ANSWER;
    living_make(&s->arena, c, s->pack.lang.ast, &s->x, unit, facts, out);
    return 0;
}

static int write_page(struct session *s, const struct living *l)
{
    struct buf page;
    buf_init_in(&page, &s->arena, PAGE_BYTES);
    living_html(l, &page);
    enum rc rc = file_write(s->o.out, buf_view(&page), &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    buf_printf(&s->out,
               s->o.chinese ? "已写入 %s：%u 项承诺，%u 处标记\n"
                            : "%s written: %u commitments, %u marks\n",
               s->o.out, l->notes.n, l->marks.n);
    return 0;
}

int text_command(struct session *s)
{
    struct judge_query q = {NONE, NONE, 0};
    struct living *l = NULL;
    if (s->o.html != (s->o.out != NULL)) {
        return session_complain(s, 2, "网页须同时写 --html 和 --out 文件",
                                "a page wants both --html and --out FILE",
                                s->o.html ? "--html" : s->o.out);
    }
    int status = session_judged(s, &q);
    status = status == 0 ? made(s, &q, &l) : status;
    if (status != 0) {
        return status;
    }
    if (s->o.html) {
        return write_page(s, l);
    }
    (s->o.format == FORMAT_JSON ? living_json : living_text)(l, &s->out);
    return 0;
}

/* ---- proofs --------------------------------------------------------------------------------- */

/* A document on its way. */
struct document {
    struct str bytes;
    struct text text;
    struct outline outline;
    stated_list stated;
};

/* It need not have headings. */
static enum rc read_document(struct session *s, struct document *d)
{
    struct text_dropped dropped;
    struct vocabulary words;
    TRY(file_read(&s->arena, s->o.file, TEXT_BYTES_MAX, &d->bytes, &s->e));
    TRY(text_read_bytes(&s->arena, s->o.file, d->bytes, &d->text, &s->e));
    struct text *t = ARENA_NEW(&s->arena, struct text);
    *t = d->text;
    text_clean(&s->arena, t, &dropped);
    TRY(outline_make(&s->arena, t, s->o.file, &d->outline, &s->e));
    words_init(&s->arena, &words);
    stated_find(&s->arena, &d->outline, &words, date_year(s->x.answer.as_of), &d->stated);
    return RC_OK;
}

static enum rc proved(struct session *s, struct document *d, uint32_t unit, struct proofs **out)
{
    s->phase = PHASE_TEXT;
    TRY(read_document(s, d));
    s->phase = PHASE_JUDGE;
    return prove(&s->arena, &s->x, unit, &d->outline, &d->stated, out, &s->e);
}

/* The copy of --annotate, if it is asked for. */
static enum rc annotated(struct session *s, const struct document *d, const struct proofs *p)
{
    struct docx_noted copy;
    if (!s->o.annotate) {
        return RC_OK;
    }
    if (d->text.pieces.n == 0) {
        enum rc rc = err_set(&s->e, RC_INPUT, "%s is no docx: comments can only stand in one",
                             "%s 不是 docx，只有 docx 可以加批注", s->o.file);
        err_hint(&s->e, "Save it as .docx, or leave out --annotate.",
                 "请另存为 .docx，或不写 --annotate。");
        return rc;
    }
    TRY(prove_annotate(p, s->o.file, d->bytes, &d->text, &copy, &s->e));
    TRY(file_write(s->o.annotate, copy.bytes, &s->e));
    if (s->o.format != FORMAT_JSON) {
        buf_printf(&s->out, s->o.chinese ? "已写入 %s：%u 条批注" : "%s written: %u comments",
                   s->o.annotate, copy.n);
        if (copy.n_outside > 0) {
            buf_printf(&s->out,
                       s->o.chinese ? "；%u 处在文本框等处，无法加批注"
                                    : "; %u figures stand where no comment can",
                       copy.n_outside);
        }
        buf_putc(&s->out, '\n');
    }
    return RC_OK;
}

/* All units are judged, whoever the text is about; --unit is whom it means where it names nobody.
 */
static int judge_all(struct session *s, struct judge_query *q)
{
    struct judge_query all = {NONE, NONE, 0};
    struct date day = DATE_MIN;
    const char *unit = s->o.unit;
    s->o.unit = NULL;
    int status = session_judged(s, &all);
    s->o.unit = unit;
    return status == 0 ? session_query(s, q, &day) : status;
}

int prove_command(struct session *s)
{
    struct judge_query q = {NONE, NONE, 0};
    struct proofs *p = NULL;
    struct document *d = ARENA_NEW(&s->arena, struct document);
    int status = judge_all(s, &q);
    if (status != 0) {
        return status;
    }
    uint32_t unit = unit_of(s, &q);
    if (unit == NONE) {
        return session_complain(s, 3, "没有机构：请先载入机构表", "there are no units", s->o.pack);
    }
    enum rc rc = proved(s, d, unit, &p);
    if (rc == RC_OK) {
        s->phase = PHASE_ANSWER;
        (s->o.format == FORMAT_JSON ? prove_json : prove_text)(p, &s->out);
        rc = annotated(s, d, p);
    }
    if (rc != RC_OK) {
        buf_clear(&s->out);
        return session_failed(s, rc);
    }
    return rc_exit_status(prove_status(p));
}
