/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds and submissions as text and JSON. */
#include "app/report/report_int.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/json.h"

static const struct {
    const char *code;
    const char *text[2]; /* English, Chinese */
} faults[REPORT_FAULT__COUNT] = {
#define REPORT_FAULT(id, word, en, zh) [FAULT_##id] = {word, {(en), (zh)}},
#include "app/report/report.def"
};

#define VIA_CHARS 12 /* shown of the id of a package */

const char *report_fault_code(enum report_fault f)
{
    ASSERT(f < REPORT_FAULT__COUNT);
    return faults[f].code;
}

/* ---- findings ------------------------------------------------------------------------------- */

static bool fill(const void *ctx, struct str key, struct buf *out)
{
    const struct report_finding *f = ctx;
    bool a = str_eq(key, STR("a"));
    bool known = a || str_eq(key, STR("b"));
    if (known) {
        buf_str(out, a ? f->a : f->b);
    }
    return known;
}

static void say(const struct report_finding *f, bool chinese, struct buf *out)
{
    buf_template(out, str_from_cstr(faults[f->fault].text[chinese]), fill, f);
}

void report_findings_text(const struct report_findings *f, bool chinese, struct buf *out)
{
    for (uint32_t i = 0; i < f->list.n; i++) {
        const struct report_finding *x = &f->list.items[i];
        buf_printf(out, "%s%s: ", chinese ? "问题 " : "finding ", faults[x->fault].code);
        say(x, chinese, out);
        buf_putc(out, '\n');
    }
}

void report_findings_items(const struct report_findings *f, struct json *j)
{
    struct buf text;
    for (uint32_t i = 0; i < f->list.n; i++) {
        const struct report_finding *x = &f->list.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "code", faults[x->fault].code);
        json_kv_str(j, "about", x->a);
        json_kv_str(j, "detail", x->b);
        for (int zh = 0; zh < 2; zh++) {
            buf_init(&text, STORE_NOTE_BYTES);
            say(x, zh == 1, &text);
            json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
            buf_release(&text);
        }
        json_obj_end(j);
    }
}

void report_findings_json(const struct report_findings *f, struct json *j)
{
    json_arr_begin(j);
    report_findings_items(f, j);
    json_arr_end(j);
}

/* ---- rounds --------------------------------------------------------------------------------- */

static struct str hours_text(const struct desk *d, const struct round_view *v)
{
    return rat_dec_str(d->a, round_hours(d->a, v), 1, NULL);
}

void round_show(const struct desk *d, const struct round_view *v, bool chinese, struct buf *out)
{
    char period[PERIOD_TEXT_BYTES];
    char due[DATE_TEXT_BYTES];
    const struct round *r = &v->round;
    buf_printf(out,
               chinese ? "轮次 %.*s：报表 %.*s，时期 %.*s，截止 %.*s\n"
                       : "round %.*s: form %.*s, period %.*s, due %.*s\n",
               PS(r->id), PS(r->form), PS(period_text(r->period, period)),
               PS(date_text(r->until, due)));
    buf_printf(out,
               chinese ? "填报机构 %u 个，数据项 %u 个，签字 %u 个\n"
                       : "%u units owe it, %u items, %u signatures\n",
               v->n_units, r->n_items, r->signatures);
    buf_printf(out,
               chinese ? "填报负担 %.*s 小时（每项申报 %lld 分钟）\n"
                       : "cost %.*s hours (declared: %lld minutes a figure)\n",
               PS(hours_text(d, v)), (long long)r->minutes);
    if (v->earlier_reports > 0) {
        struct rat mean = rat_make(d->a, v->earlier_minutes, v->earlier_reports);
        buf_printf(out,
                   chinese ? "此前 %lld 份填报自报平均每份 %.*s 分钟\n"
                           : "%lld earlier reports of the form took %.*s minutes each on average\n",
                   (long long)v->earlier_reports, PS(rat_dec_str(d->a, mean, 1, NULL)));
    }
    report_findings_text(&v->against, chinese, out);
}

struct table round_status_table(const struct desk *d, const struct round_view *v,
                                const struct round_status *s, bool chinese)
{
    struct table t = table_new(d->a, 5);
    const struct str zh[] = {STR("机构"), STR("名称"), STR("状态"), STR("审核单位"), STR("逾期")};
    const struct str en[] = {STR("unit"), STR("name"), STR("state"), STR("waits for"), STR("late")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct round_line *x = &s->lines[i];
        const struct tree_version *now = tree_version_at(d->tree, x->unit, v->round.due);
        const struct str cells[] = {x->brief.unit, now != NULL ? now->name : STR(""),
                                    str_from_cstr(report_state_text(x->brief.state, chinese)),
                                    x->brief.waits_for,
                                    !x->late  ? STR("")
                                    : chinese ? STR("逾期")
                                              : STR("late")};
        table_row(&t, cells);
    }
    return t;
}

void round_status_show(const struct desk *d, const struct round_view *v,
                       const struct round_status *s, bool chinese, uint32_t width, struct buf *out)
{
    round_show(d, v, chinese, out);
    for (uint32_t i = 0; i < REPORT__STATES; i++) {
        if (s->of_state[i] > 0) {
            buf_printf(out, "%s %u  ", report_state_text((enum report_state)i, chinese),
                       s->of_state[i]);
        }
    }
    buf_printf(out, chinese ? "逾期 %u\n" : "late %u\n", s->n_late);
    struct table t = round_status_table(d, v, s, chinese);
    table_print(&t, width, out);
}

/* ---- a submission --------------------------------------------------------------------------- */

struct str report_note_text(const struct report_note *n)
{
    return n != NULL ? n->text : STR("");
}

/* Why a cell was returned; the figure that was, once another one stands there. */
static struct str returned_text(const struct desk *d, const struct report *r, uint32_t i)
{
    const struct report_note *n = report_note_of(&r->doc.returned, r->round.round.items[i]);
    struct str now = cell_text(d->a, &d->plan->items[r->round.item[i]].d, &r->cells[i]);
    if (n == NULL || str_eq(now, n->was)) {
        return report_note_text(n);
    }
    struct str was = n->was.n > 0 ? n->was : STR("–");
    return str_cat(d->a, str_cat(d->a, n->text, STR(" ← ")), was);
}

static void show_marks(const struct desk *d, const struct report_marks *marks, bool roles,
                       bool chinese, struct buf *out)
{
    (void)d;
    char day[DATE_TEXT_BYTES];
    for (uint32_t i = 0; i < marks->list.n; i++) {
        const struct report_mark *m = &marks->list.items[i];
        const char *what = roles && i < SIGNER__COUNT
                               ? report_role_text((enum report_role)i, chinese)
                               : report_act_text(m->act, chinese);
        buf_printf(out, "  %s %.*s, %.*s, %.*s", what, PS(m->actor), PS(m->unit),
                   PS(date_text(m->day, day)));
        if (m->via.n > 0) {
            buf_printf(out, chinese ? "（据数据包 %.*s）" : " (as package %.*s states)",
                       PS(str_sub(m->via, 0, VIA_CHARS)));
        }
        buf_putc(out, '\n');
    }
}

void report_show(const struct desk *d, const struct report *r, bool chinese, uint32_t width,
                 struct buf *out)
{
    const struct submission *s = &r->doc;
    buf_printf(out,
               chinese ? "%.*s，轮次 %.*s：%s，第 %lld 版，提交号 %lld\n"
                       : "%.*s, round %.*s: %s, version %lld, commit %lld\n",
               PS(s->unit), PS(r->round.round.id), report_state_text(s->state, chinese),
               (long long)s->version, (long long)r->seen);
    if (s->cause.n > 0) {
        buf_printf(out, chinese ? "更正原因：%.*s\n" : "corrected because: %.*s\n", PS(s->cause));
    }
    if (s->state == REPORT_SUBMITTED) {
        buf_printf(out, chinese ? "待 %.*s 审核\n" : "waits for %.*s\n", PS(report_waits_for(s)));
    }
    show_marks(d, &s->signatures, true, chinese, out);
    show_marks(d, &s->decisions, false, chinese, out);
    struct table t = table_new(d->a, 5);
    const struct str zh[] = {STR("数据项"), STR("值"), STR("单位"), STR("说明"), STR("退回理由")};
    const struct str en[] = {STR("item"), STR("value"), STR("measure"), STR("explained"),
                             STR("returned")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        struct str name = r->round.round.items[i];
        const struct datum *of = &d->plan->items[r->round.item[i]].d;
        const struct str hidden[] = {name, STR(""), of->unit, chinese ? STR("密封") : STR("sealed"),
                                     STR("")};
        const struct str cells[] = {name, cell_shown(d->a, of, &r->cells[i], chinese), of->unit,
                                    report_note_text(report_note_of(&s->explained, name)),
                                    returned_text(d, r, i)};
        table_row(&t, r->hidden[i] ? hidden : cells);
    }
    table_print(&t, width, out);
}
