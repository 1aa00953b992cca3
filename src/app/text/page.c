/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The living text as one page: no script, nothing from elsewhere, readable with keyboard, finger
 * and on paper. Everything that is not ours goes through html_put.
 */
#include "app/text/living.h"
#include "app/text/markup.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "model/plan.h"

#define CARD_ROWS   6  /* of a note in a card; the list below has all */
#define TITLE_CHARS 40 /* a longer paragraph is not shown as a heading */

extern const char page_css[], page_css_hash[];

struct page {
    const struct living *l;
    const struct outline *o;
    struct buf *out;
    struct buf line; /* texts on their way */
    uint32_t mark;   /* the next one */
    uint32_t card;   /* cards so far */
    uint32_t sentence;
    bool *anchored; /* by note: it can be jumped to */
};

static bool chinese(const struct page *p)
{
    return p->l->answer->chinese;
}

static const char *say(const struct page *p, const char *zh, const char *en)
{
    return chinese(p) ? zh : en;
}

static void put_line(struct page *p)
{
    html_put(p->out, buf_view(&p->line));
    buf_clear(&p->line);
}

/* ---- notes ---------------------------------------------------------------------------------- */

static void put_state(struct page *p, enum note_state s)
{
    buf_printf(p->out, "<span class=\"s-%s\">%s %s</span>", note_state_css(s), note_state_sign(s),
               note_state_words(s, chinese(p)));
}

static void put_rows(struct page *p, const struct living_note *n, uint32_t most)
{
    for (uint32_t i = 0; i < n->rows.n && i < most; i++) {
        const struct note_row *r = &n->rows.items[i];
        buf_printf(p->out, "<span class=\"r s-%s\">", note_state_css(r->state));
        living_row(p->l, r, &p->line);
        put_line(p);
        buf_puts(p->out, "</span>");
    }
    living_elsewhere(p->l, n, &p->line);
    if (buf_view(&p->line).n > 0) {
        buf_puts(p->out, "<span class=\"r\">");
        put_line(p);
        buf_puts(p->out, "</span>");
    }
}

static void put_note(struct page *p, const struct living_note *n, uint32_t most)
{
    const struct commitment *k = &p->l->answer->plan->commitments[n->commitment];
    char day[DATE_TEXT_BYTES];
    buf_puts(p->out, "<b>");
    html_put(p->out, k->id);
    buf_puts(p->out, " ");
    html_put(p->out, living_name(p->l, k));
    buf_puts(p->out, "</b> ");
    put_state(p, n->state);
    put_rows(p, n, most);
    buf_puts(p->out, "<span class=\"r f\">");
    if (n->sources.n > 0) {
        buf_puts(p->out, say(p, "来源：", "source: "));
        html_put(p->out, n->sources);
        buf_puts(p->out, say(p, "；", "; "));
    }
    buf_printf(p->out, chinese(p) ? "截至 %.*s" : "as of %.*s",
               PS(date_text(p->l->answer->as_of, day)));
}

static void put_card(struct page *p, const struct living_mark *m)
{
    buf_printf(p->out, "<span class=\"card\" role=\"tooltip\" id=\"c%u\">", p->card);
    for (uint32_t i = 0; i < m->notes.n; i++) {
        const struct living_note *n = &p->l->notes.items[m->notes.items[i]];
        buf_puts(p->out, "<span class=\"n\">");
        put_note(p, n, CARD_ROWS);
        buf_printf(p->out, " · <a href=\"#n%u\">%s %u</a></span></span>", n->number,
                   say(p, "注", "note"), n->number);
    }
    buf_puts(p->out, "</span>");
}

/* `12✓ 13✗ 未达`: the numbers of the notes, and the worst of them in words. */
static void put_tag(struct page *p, const struct living_mark *m)
{
    buf_puts(p->out, "<span class=\"tag\">");
    for (uint32_t i = 0; i < m->notes.n; i++) {
        uint32_t note = m->notes.items[i];
        const struct living_note *n = &p->l->notes.items[note];
        if (p->anchored[note]) {
            buf_printf(p->out, "%u%s ", n->number, note_state_sign(n->state));
        } else {
            buf_printf(p->out, "<span id=\"m%u\">%u%s</span> ", n->number, n->number,
                       note_state_sign(n->state));
        }
        p->anchored[note] = true;
    }
    buf_printf(p->out, "%s</span>", note_state_short(m->state, chinese(p)));
}

/* ---- the text ------------------------------------------------------------------------------- */

static void put_mark(struct page *p, const struct living_mark *m)
{
    struct str text = outline_source(p->o, m->beg, m->end);
    if (m->open) {
        html_span(p->out, "o", text);
        return;
    }
    buf_printf(p->out, "<span class=\"%s%s %s\"", m->silent ? "" : "m ", m->rest ? "rest" : "own",
               note_state_css(m->state));
    if (!m->silent) {
        buf_printf(p->out, " tabindex=\"0\" aria-describedby=\"c%u\"", ++p->card);
    }
    buf_puts(p->out, ">");
    html_span(p->out, "t", text);
    if (!m->silent) {
        put_tag(p, m);
        put_card(p, m);
    }
    buf_puts(p->out, "</span>");
}

static void put_paragraph(struct page *p, const struct outline_paragraph *q)
{
    struct str text = str_sub(p->o->text, q->beg, q->end);
    bool title = q->heading && !outline_ends_sentence(text) && utf8_count(text) <= TITLE_CHARS;
    uint32_t from = q->beg;
    buf_printf(p->out, "<p class=\"body%s%s\"%s>", title ? " head" : "", q->row ? " cells" : "",
               title ? " role=\"heading\" aria-level=\"3\"" : "");
    for (; p->mark < p->l->marks.n && p->l->marks.items[p->mark].beg < q->end; p->mark++) {
        const struct living_mark *m = &p->l->marks.items[p->mark];
        html_put(p->out, outline_source(p->o, from, m->beg));
        put_mark(p, m);
        from = m->end;
    }
    html_put(p->out, outline_source(p->o, from, q->end));
    buf_puts(p->out, "</p>\n");
}

/* The sentences that end in the paragraph and that nothing judges. */
static void put_margin(struct page *p, const struct outline_paragraph *q)
{
    const struct coverage *c = p->l->coverage;
    buf_puts(p->out, "<aside class=\"side\">");
    for (; p->sentence < c->sentences.n && p->o->sentences.items[p->sentence].end <= q->end;
         p->sentence++) {
        const struct coverage_sentence *s = &c->sentences.items[p->sentence];
        const struct coverage_clause *k = &c->clauses.items[s->clause];
        if (s->state == COVERAGE_COVERED) {
            continue;
        }
        buf_puts(p->out, "<p>");
        html_put(p->out, k->code.n > 0 ? k->code : k->path);
        buf_printf(p->out, chinese(p) ? " 第%u句：" : " sentence %u: ", s->number);
        living_open(p->l, s, &p->line);
        put_line(p);
        buf_puts(p->out, "</p>");
    }
    buf_puts(p->out, "</aside>");
}

static void put_text(struct page *p)
{
    for (uint32_t i = 0; i < p->o->paragraphs.n; i++) {
        const struct outline_paragraph *q = &p->o->paragraphs.items[i];
        buf_puts(p->out, "<div class=\"row\">");
        put_paragraph(p, q);
        put_margin(p, q);
        buf_puts(p->out, "</div>\n");
    }
}

/* ---- around it ------------------------------------------------------------------------------ */

static void put_basis(struct page *p, const struct commitment *k)
{
    for (uint32_t i = 0; i < k->n_basis; i++) {
        buf_puts(p->out, i > 0 ? say(p, "、", ", ") : " · ");
        html_put(p->out, clause_ref_text(p->l->a, k->basis[i], chinese(p)));
    }
    if (k->owner.n > 0) {
        buf_puts(p->out, say(p, " · 责任：", " · owner: "));
        html_put(p->out, k->owner);
    }
}

static void put_notes(struct page *p)
{
    buf_printf(p->out, "<h2>%s</h2>\n<ol class=\"notes\">\n", say(p, "注", "Notes"));
    for (uint32_t i = 0; i < p->l->notes.n; i++) {
        const struct living_note *n = &p->l->notes.items[p->l->order[i]];
        buf_printf(p->out, "<li id=\"n%u\">%u. ", n->number, n->number);
        put_note(p, n, UINT32_MAX);
        put_basis(p, &p->l->answer->plan->commitments[n->commitment]);
        buf_printf(p->out, " <a class=\"back\" href=\"#m%u\">%s</a></span></li>\n", n->number,
                   say(p, "回到原文", "back to the text"));
    }
    buf_puts(p->out, "</ol>\n");
}

static void put_legend(struct page *p)
{
    const struct coverage *c = p->l->coverage;
    uint32_t n[COVERAGE__COUNT] = {0};
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        n[c->sentences.items[i].state]++;
    }
    buf_puts(p->out, "<ul class=\"legend\">");
    for (uint32_t s = 0; s < NOTE__COUNT; s++) {
        if (p->l->n[s] > 0) {
            buf_printf(p->out,
                       "<li class=\"%s\"><span class=\"t\">%s</span><span class=\"tag\">%s %s"
                       "</span> %u</li>",
                       note_state_css((enum note_state)s),
                       note_state_words((enum note_state)s, chinese(p)),
                       note_state_sign((enum note_state)s),
                       note_state_short((enum note_state)s, chinese(p)), p->l->n[s]);
        }
    }
    buf_printf(p->out, "<li><span class=\"o\">%s</span> %u</li></ul>\n",
               say(p, "未落实或不由程序判定的句子", "sentences that nothing judges"),
               n[COVERAGE_OPEN] + n[COVERAGE_UNMEASURABLE]);
}

static void put_header(struct page *p)
{
    const struct plan *plan = p->l->answer->plan;
    struct str name = plan->name.n > 0 ? plan->name : plan->id;
    char day[DATE_TEXT_BYTES];
    buf_puts(p->out, "<header><h1>");
    html_put(p->out, name);
    buf_puts(p->out, "</h1>\n<p class=\"sub\">");
    html_put(p->out, plan->docno);
    buf_puts(p->out, plan->docno.n > 0 ? " · " : "");
    html_put(p->out, living_unit(p->l));
    buf_printf(p->out, chinese(p) ? " · 截至 %.*s · 数据：" : " · as of %.*s · facts: ",
               PS(date_text(p->l->answer->as_of, day)));
    html_put(p->out, p->l->facts);
    buf_puts(p->out, "</p>\n");
    if (p->l->demo) {
        buf_printf(p->out, "<p class=\"demo\">%s</p>\n",
                   say(p, "示例数据：由程序生成，不是真实数据。",
                       "Demonstration data (示例数据): made by a program, not real."));
    }
    put_legend(p);
    buf_puts(p->out, "</header>\n");
}

static void put_head(struct page *p)
{
    const struct plan *plan = p->l->answer->plan;
    buf_printf(p->out,
               "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src '%s'; base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
               chinese(p) ? "zh-CN" : "en", page_css_hash);
    html_put(p->out, plan->name.n > 0 ? plan->name : plan->id);
    buf_printf(p->out, "</title>\n<style>%s</style>\n</head>\n<body>\n", page_css);
}

void living_html(const struct living *l, struct buf *out)
{
    struct page p = {.l = l,
                     .o = l->coverage->outline,
                     .out = out,
                     .anchored = ARENA_ARRAY(l->a, bool, (size_t)l->notes.n + 1)};
    buf_init_in(&p.line, l->a, 1 << 20);
    put_head(&p);
    put_header(&p);
    buf_puts(out, "<main lang=\"zh-CN\">\n");
    put_text(&p);
    put_notes(&p);
    buf_printf(out, "</main>\n<footer>tizhi " TIZHI_VERSION " · %s</footer>\n</body>\n</html>\n",
               say(&p, "原文由使用者提供；结论按计划包和所列数据判定，不替代正式考核。",
                   "The text was supplied by the user; verdicts follow the plan pack and the facts "
                   "named above."));
}
