/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as a living text, over tables or a book. */
#include "cli/text.h"

#include "app/text/living.h"
#include "base/buf.h"
#include "base/file.h"
#include "cli/session.h"
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
