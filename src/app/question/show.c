/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of a book as text and as JSON. */
#include "app/inspect/inspect_int.h"
#include "app/question/question.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"

static struct str name_of(struct desk *d, struct str code)
{
    const struct inspect_view v = {.a = d->a, .tree = d->tree, .day = d->today};
    uint32_t unit = 0;
    return tree_unit_of_code(d->tree, code, &unit) ? inspect_name(&v, unit) : STR("");
}

static void say(struct desk *d, uint32_t width, struct buf *out, const char *en, const char *zh,
                bool chinese, struct str text)
{
    struct buf line;
    buf_init_in(&line, d->a, LIMIT_STR_BYTES);
    buf_printf(&line, "%s%.*s", chinese ? zh : en, PS(text));
    if (text.n > 0) {
        text_print(buf_view(&line), 4, width, out);
    }
}

void question_show(struct desk *d, const struct question_line *q, bool chinese, uint32_t width,
                   struct buf *out)
{
    const struct question_doc *x = &q->doc;
    char day[DATE_TEXT_BYTES];
    struct buf line;
    buf_init_in(&line, d->a, LIMIT_STR_BYTES);
    buf_printf(&line, chinese ? "%.*s  %.*s %.*s（%s）" : "%.*s  %.*s %.*s (%s)", PS(q->id),
               PS(x->put.unit), PS(name_of(d, x->put.unit)),
               question_state_text(x->state, chinese));
    text_print(buf_view(&line), 2, width, out);
    text_print(x->put.text[chinese], 4, width, out);
    say(d, width, out, "reply: ", "答复：", chinese, x->reply);
    say(d, width, out, "by ", "答复人：", chinese, x->replied_by);
    say(d, width, out, "evidence: ", "佐证：", chinese, x->file);
    say(d, width, out, "still open: ", "还需说明：", chinese, x->reason);
    buf_clear(&line);
    buf_printf(&line, chinese ? "%.*s %.*s；提交 %lld" : "%.*s, %.*s; commit %lld",
               PS(x->last_actor), PS(date_text(x->last_day, day)), (long long)q->seen);
    text_print(buf_view(&line), 4, width, out);
}

void question_list_show(struct desk *d, const struct question_lines *all, bool chinese,
                        uint32_t width, struct buf *out)
{
    for (uint32_t i = 0; i < all->list.n; i++) {
        question_show(d, &all->list.items[i], chinese, width, out);
    }
    buf_printf(out, chinese ? "疑问 %u 条\n" : "%u questions\n", all->list.n);
}

void question_list_json(struct desk *d, const struct question_lines *all, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct question_line *q = &all->list.items[i];
        const struct question_doc *x = &q->doc;
        json_obj_begin(&j);
        json_kv_str(&j, "question", q->id);
        json_kv_cstr(&j, "state", question_state_name(x->state));
        json_kv_str(&j, "detector", x->put.detector);
        json_kv_str(&j, "unit", x->put.unit);
        json_kv_str(&j, "name", name_of(d, x->put.unit));
        json_kv_str(&j, "what", x->put.what);
        json_kv_str(&j, "period", x->put.period);
        json_kv_str(&j, "en", x->put.text[0]);
        json_kv_str(&j, "zh", x->put.text[1]);
        json_kv_str(&j, "reply", x->reply);
        json_kv_str(&j, "replied_by", x->replied_by);
        json_kv_str(&j, "file", x->file);
        json_kv_str(&j, "reason", x->reason);
        json_kv_str(&j, "actor", x->last_actor);
        json_kv_day(&j, "day", x->last_day);
        json_kv_int(&j, "seen", q->seen);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
}

/* ---- counts --------------------------------------------------------------------------------- */

/* Of those settled the share that led to a correction; "": none is settled. */
static struct str precision(struct arena *a, const struct question_count *c)
{
    uint32_t right = c->of[QUESTION_CORRECTED];
    uint32_t all = right + c->of[QUESTION_ACCEPTED];
    return all == 0 ? STR("") : rat_dec_fixed(a, rat_frac(right, all), 2, RAT_NEAREST);
}

void question_stats_show(struct desk *d, const struct question_count *c, bool chinese,
                         uint32_t width, struct buf *out)
{
    const struct str zh[] = {STR("线索"),   STR("待答复"), STR("已答复"), STR("待补充"),
                             STR("已说明"), STR("已更正"), STR("查准率")};
    const struct str en[] = {STR("detector"),  STR("open"),      STR("replied"),  STR("again"),
                             STR("explained"), STR("corrected"), STR("precision")};
    struct table t = table_new(d->a, 7);
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        const struct str cells[] = {str_from_cstr(detector_name((enum detector)i, chinese)),
                                    count_text(d->a, c[i].of[QUESTION_OPEN]),
                                    count_text(d->a, c[i].of[QUESTION_REPLIED]),
                                    count_text(d->a, c[i].of[QUESTION_AGAIN]),
                                    count_text(d->a, c[i].of[QUESTION_ACCEPTED]),
                                    count_text(d->a, c[i].of[QUESTION_CORRECTED]),
                                    precision(d->a, &c[i])};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}

void question_stats_json(const struct question_count *c, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        json_obj_begin(&j);
        json_kv_cstr(&j, "detector", detector_word((enum detector)i));
        for (uint32_t s = QUESTION_OPEN; s < QUESTION__STATES; s++) {
            json_kv_int(&j, question_state_name((enum question_state)s), c[i].of[s]);
        }
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
}
