/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs for people and programs. */
#include "app/text/prove.h"

#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/plan.h"

#define COLUMNS 4

static const struct {
    const char *name, *sign, *words[2];
} states[] = {
#define STATE(name, word, sign, zh, en) {word, sign, {en, zh}},
#include "app/text/proof_state.def"
};

/* ---- in words ------------------------------------------------------------------------------- */

static void say_name(const struct proofs *p, const struct proof_match *m, struct buf *out)
{
    const struct plan *plan = p->answer->plan;
    struct str unit = answer_unit_name(p->answer->tree, m->unit, p->answer->as_of);
    if (m->item) {
        buf_str(out, plan->items[m->ix].d.name);
    } else {
        const struct commitment *k = &plan->commitments[m->ix];
        buf_str(out, k->id);
        buf_printf(out, " %.*s", PS(k->name));
    }
    buf_printf(out, p->answer->chinese ? "，%.*s %d 年" : ", %.*s %d", PS(unit), (int)m->year);
}

static void say_match(const struct proofs *p, const struct proof_match *m, struct buf *out)
{
    bool zh = p->answer->chinese;
    char day[DATE_TEXT_BYTES];
    struct str as_of = date_text(p->answer->as_of, day);
    if (!m->there) {
        buf_puts(out, zh ? "没有数据（" : "no data (");
        say_name(p, m, out);
        buf_puts(out, zh ? "）" : ")");
        return;
    }
    buf_printf(out, zh ? "%.*s（" : "%.*s (", PS(m->text));
    say_name(p, m, out);
    buf_printf(out, zh ? "，截至 %.*s" : ", as of %.*s", PS(as_of));
    if (m->recorded.n > 0) {
        buf_printf(out, zh ? "，记录于 %.*s" : ", recorded %.*s", PS(m->recorded));
    }
    buf_puts(out, m->partly ? (zh ? "，仅含已报部分" : ", of those who reported") : "");
    buf_puts(out, zh ? "）" : ")");
    if (m->contradicts) {
        buf_puts(out, zh ? "；这样取整与判定相矛盾" : "; so rounded it contradicts the verdict");
    }
    if (m->stale.n > 0) {
        buf_printf(out, zh ? "；文中数字为 %.*s 时的数" : "; the printed one was right at %.*s",
                   PS(m->stale));
    }
}

void prove_say(const struct proofs *p, const struct proof *f, struct buf *out)
{
    bool zh = p->answer->chinese;
    buf_puts(out, states[f->state].words[zh]);
    const char *between = zh ? "：" : ": ";
    bool one = f->state != PROOF_SEVERAL;
    bool done = false;
    for (uint32_t i = 0; i < f->matches.n && !done; i++) {
        const struct proof_match *m = &f->matches.items[i];
        bool wanted = f->state == PROOF_SAME ? m->fits : m->there || f->state == PROOF_NO_DATA;
        wanted = wanted && f->state != PROOF_SEALED;
        if (wanted) {
            buf_puts(out, between);
            say_match(p, m, out);
            between = zh ? "；或 " : "; or ";
            done = one;
        }
    }
}

void prove_counts(const struct proofs *p, struct buf *out)
{
    bool zh = p->answer->chinese;
    buf_printf(out, zh ? "共 %u 个数字" : "%u figures", p->list.n);
    const char *between = zh ? "：" : ": ";
    for (uint32_t s = 0; s < PROOF__COUNT; s++) {
        if (p->n[s] > 0) {
            buf_printf(out, "%s%s %u", between, states[s].words[zh], p->n[s]);
            between = zh ? "，" : ", ";
        }
    }
    if (p->n_passed_over > 0) {
        buf_printf(out,
                   zh ? "；另有 %u 个汉字数字未对应到任何指标" : "; %u in characters match nothing",
                   p->n_passed_over);
    }
}

void prove_text(const struct proofs *p, struct buf *out)
{
    bool zh = p->answer->chinese;
    struct table t = table_new(p->a, COLUMNS);
    struct str head[COLUMNS] = {str_from_cstr(zh ? "行" : "line"),
                                str_from_cstr(zh ? "文中" : "printed"),
                                str_from_cstr(zh ? "核对" : "proof"), STR("")};
    struct buf say;
    table_row(&t, head);
    for (uint32_t i = 0; i < p->list.n; i++) {
        const struct proof *f = &p->list.items[i];
        buf_init(&say, 1 << 16);
        prove_say(p, f, &say);
        struct str row[COLUMNS] = {rat_frac_str(p->a, rat_int(f->line)), f->printed,
                                   str_from_cstr(states[f->state].sign), buf_move(p->a, &say)};
        table_row(&t, row);
    }
    table_print(&t, p->answer->width, out);
    if (p->demo) {
        buf_puts(out,
                 zh ? "\n示例数据：由程序生成，不是真实数据。" : "\nDemonstration data: not real.");
    }
    buf_putc(out, '\n');
    prove_counts(p, out);
    buf_putc(out, '\n');
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void match_json(struct json *j, const struct proofs *p, const struct proof_match *m)
{
    const struct plan *plan = p->answer->plan;
    json_obj_begin(j);
    json_kv_str(j, m->item ? "item" : "target",
                m->item ? plan->items[m->ix].d.name : plan->commitments[m->ix].id);
    json_kv_str(j, "unit", p->answer->tree->units[m->unit].code);
    json_kv_int(j, "year", m->year);
    json_kv_str(j, "text", m->text);
    json_kv_bool(j, "fits", m->fits);
    json_kv_bool(j, "partly", m->partly);
    json_kv_bool(j, "contradicts", m->contradicts);
    json_kv_str(j, "recorded", m->recorded);
    json_kv_str(j, "stale", m->stale);
    json_obj_end(j);
}

static void proof_json(struct json *j, const struct proofs *p, const struct proof *f)
{
    json_obj_begin(j);
    json_kv_int(j, "line", f->line);
    json_kv_int(j, "page", f->page + 1);
    json_kv_str(j, "printed", f->printed);
    json_kv_cstr(j, "state", states[f->state].name);
    json_key(j, "matches");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->matches.n; i++) {
        match_json(j, p, &f->matches.items[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

void prove_json(const struct proofs *p, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", p->answer->plan->id);
    json_kv_day(&j, "as_of", p->answer->as_of);
    json_kv_bool(&j, "demo", p->demo);
    json_key(&j, "summary");
    json_obj_begin(&j);
    for (uint32_t s = 0; s < PROOF__COUNT; s++) {
        json_kv_int(&j, states[s].name, p->n[s]);
    }
    json_kv_int(&j, "passed_over", p->n_passed_over);
    json_obj_end(&j);
    json_key(&j, "figures");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->list.n; i++) {
        proof_json(&j, p, &p->list.items[i]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- comments ------------------------------------------------------------------------------- */

enum rc prove_annotate(const struct proofs *p, const char *path, struct str bytes,
                       const struct text *t, struct docx_noted *out, struct err *e)
{
    struct docx_note *notes = ARENA_ARRAY(p->a, struct docx_note, (size_t)p->list.n + 1);
    uint32_t n = 0;
    struct buf say;
    for (uint32_t i = 0; i < p->list.n; i++) {
        const struct proof *f = &p->list.items[i];
        if (f->state == PROOF_SAME) {
            continue;
        }
        buf_init(&say, 1 << 16);
        buf_puts(&say,
                 p->demo ? (p->answer->chinese ? "【示例数据】" : "[demonstration data] ") : "");
        prove_say(p, f, &say);
        outline_origin(p->outline, f->stated->beg, f->stated->end, &notes[n].beg, &notes[n].end);
        notes[n++].text = buf_move(p->a, &say);
    }
    return docx_annotate(p->a, path, bytes, t, notes, n, out, e);
}

enum rc prove_status(const struct proofs *p)
{
    uint32_t bad = p->n[PROOF_WRONG] + p->n[PROOF_STALE] + p->n[PROOF_SEVERAL] + p->n[PROOF_DOUBT];
    return bad > 0 ? RC_FINDINGS : RC_OK;
}
