/* SPDX-License-Identifier: Apache-2.0 */
/* The living text on a terminal and as JSON, and the lines that all faces share. */
#include "app/table.h"
#include "app/text/living.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/plan.h"

struct str living_unit(const struct living *l)
{
    return answer_unit_name(l->answer->tree, l->unit, l->answer->as_of);
}

struct str living_name(const struct living *l, const struct commitment *k)
{
    return l->answer->chinese || k->english.n == 0 ? k->name : k->english;
}

void living_row(const struct living *l, const struct note_row *r, struct buf *out)
{
    bool zh = l->answer->chinese;
    buf_printf(out, "%.*s", PS(r->year));
    if (r->part.n > 0 && !str_eq(r->part, r->year)) { /* of a ladder the part is the year */
        buf_printf(out, " %.*s", PS(r->part));
    }
    buf_printf(out, " %s %s", note_state_sign(r->state), note_state_words(r->state, zh));
    if (r->figure.n > 0) {
        buf_printf(out, " %.*s", PS(r->figure));
    }
    if (r->required.n > 0) {
        buf_printf(out, zh ? "（要求 %.*s）" : " (required %.*s)", PS(r->required));
    }
    buf_printf(out, zh ? "，已报 %.*s" : ", reported %.*s", PS(r->reported));
    if (r->due.n > 0) {
        buf_printf(out, zh ? "，期限 %.*s" : ", due %.*s", PS(r->due));
    }
    if (r->flags.n > 0) {
        buf_printf(out, zh ? "，%.*s" : ", %.*s", PS(r->flags));
    }
}

void living_elsewhere(const struct living *l, const struct living_note *n, struct buf *out)
{
    bool zh = l->answer->chinese;
    const char *lead = zh ? "其他机构：" : "elsewhere: ";
    for (uint32_t s = 0; s < NOTE__COUNT && n->rows.n == 0; s++) {
        if (n->n_elsewhere[s] > 0) {
            buf_printf(out, "%s%s %u", lead, note_state_words((enum note_state)s, zh),
                       n->n_elsewhere[s]);
            lead = zh ? "，" : ", ";
        }
    }
}

void living_open(const struct living *l, const struct coverage_sentence *s, struct buf *out)
{
    bool zh = l->answer->chinese;
    if (s->state == COVERAGE_OPEN) {
        buf_puts(out, zh ? "尚未写成可判定的承诺" : "nothing that is judged speaks for it");
        return;
    }
    buf_puts(out, zh ? "不由程序判定" : "not judged by the program");
    for (uint32_t i = 0; i < s->by.n; i++) {
        const struct commitment *k = &l->answer->plan->commitments[s->by.items[i]];
        if (k->kind == CK_UNMEASURABLE && k->deliverable.n > 0) {
            buf_printf(out, zh ? "：%.*s" : ": %.*s", PS(k->deliverable));
            return;
        }
    }
}

/* ---- text ----------------------------------------------------------------------------------- */

static void note_text(const struct living *l, const struct living_note *n, struct buf *out)
{
    const struct commitment *k = &l->answer->plan->commitments[n->commitment];
    struct buf line;
    buf_init(&line, 1 << 20);
    buf_printf(&line, "[%u%s] %.*s %.*s: %s", n->number, note_state_sign(n->state), PS(k->id),
               PS(living_name(l, k)), note_state_words(n->state, l->answer->chinese));
    text_print(buf_view(&line), 0, l->answer->width, out);
    for (uint32_t i = 0; i < n->rows.n; i++) {
        buf_clear(&line);
        living_row(l, &n->rows.items[i], &line);
        text_print(buf_view(&line), 4, l->answer->width, out);
    }
    buf_clear(&line);
    living_elsewhere(l, n, &line);
    if (n->sources.n > 0) {
        buf_printf(&line, l->answer->chinese ? "来源：%.*s" : "source: %.*s", PS(n->sources));
    }
    if (buf_view(&line).n > 0) {
        text_print(buf_view(&line), 4, l->answer->width, out);
    }
    buf_release(&line);
}

/* One paragraph with the signs of its marks; *at: the next mark. */
static void paragraph_text(const struct living *l, const struct outline_paragraph *p, uint32_t *at,
                           struct buf *out)
{
    const struct outline *o = l->coverage->outline;
    uint32_t from = p->beg;
    for (; *at < l->marks.n && l->marks.items[*at].beg < p->end; ++*at) {
        const struct living_mark *m = &l->marks.items[*at];
        buf_str(out, outline_source(o, from, m->end));
        from = m->end;
        for (uint32_t i = 0; i < m->notes.n && !m->silent; i++) {
            const struct living_note *n = &l->notes.items[m->notes.items[i]];
            buf_printf(out, "[%u%s]", n->number, note_state_sign(n->state));
        }
    }
    buf_str(out, outline_source(o, from, p->end));
}

static void counts_text(const struct living *l, struct buf *out)
{
    bool zh = l->answer->chinese;
    buf_printf(out, zh ? "\n%u 项承诺：" : "\n%u commitments: ", l->notes.n);
    const char *between = "";
    for (uint32_t s = 0; s < NOTE__COUNT; s++) {
        if (l->n[s] > 0) {
            buf_printf(out, "%s%s %s %u", between, note_state_sign((enum note_state)s),
                       note_state_words((enum note_state)s, zh), l->n[s]);
            between = zh ? "，" : ", ";
        }
    }
    buf_putc(out, '\n');
}

void living_text(const struct living *l, struct buf *out)
{
    const struct outline *o = l->coverage->outline;
    struct buf line;
    uint32_t mark = 0;
    buf_init(&line, 1 << 26);
    for (uint32_t i = 0; i < o->paragraphs.n; i++) {
        buf_clear(&line);
        paragraph_text(l, &o->paragraphs.items[i], &mark, &line);
        text_print(buf_view(&line), 0, l->answer->width, out);
    }
    buf_release(&line);
    buf_putc(out, '\n');
    for (uint32_t i = 0; i < l->notes.n; i++) {
        note_text(l, &l->notes.items[l->order[i]], out);
    }
    counts_text(l, out);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void row_json(struct json *j, const struct note_row *r)
{
    json_obj_begin(j);
    json_kv_int(j, "year", r->of);
    json_kv_str(j, "part", r->part);
    json_kv_cstr(j, "state", note_state_css(r->state));
    json_kv_str(j, "text", r->figure);
    json_kv_str(j, "required", r->required);
    json_kv_str(j, "reported", r->reported);
    json_kv_str(j, "due", r->due);
    json_obj_end(j);
}

static void note_json(struct json *j, const struct living *l, const struct living_note *n)
{
    json_obj_begin(j);
    json_kv_int(j, "number", n->number);
    json_kv_str(j, "id", l->answer->plan->commitments[n->commitment].id);
    json_kv_cstr(j, "state", note_state_css(n->state));
    json_kv_str(j, "sources", n->sources);
    json_key(j, "rows");
    json_arr_begin(j);
    for (uint32_t i = 0; i < n->rows.n; i++) {
        row_json(j, &n->rows.items[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void mark_json(struct json *j, const struct living *l, const struct living_mark *m)
{
    json_obj_begin(j);
    json_kv_int(j, "line", outline_line_at(l->coverage->outline, m->beg).number);
    json_kv_str(j, "text", outline_source(l->coverage->outline, m->beg, m->end));
    json_kv_cstr(j, "state", m->open ? "open" : note_state_css(m->state));
    json_kv_bool(j, "rest", m->rest);
    json_key(j, "notes");
    json_arr_begin(j);
    for (uint32_t i = 0; i < m->notes.n; i++) {
        json_int(j, l->notes.items[m->notes.items[i]].number);
    }
    json_arr_end(j);
    json_obj_end(j);
}

void living_json(const struct living *l, struct buf *out)
{
    struct json j;
    char day[DATE_TEXT_BYTES];
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", l->answer->plan->id);
    json_kv_str(&j, "unit", l->answer->tree->units[l->unit].code);
    json_kv_str(&j, "as_of", date_text(l->answer->as_of, day));
    json_kv_bool(&j, "demo", l->demo);
    json_key(&j, "marks");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < l->marks.n; i++) {
        mark_json(&j, l, &l->marks.items[i]);
    }
    json_arr_end(&j);
    json_key(&j, "notes");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < l->notes.n; i++) {
        note_json(&j, l, &l->notes.items[l->order[i]]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}
