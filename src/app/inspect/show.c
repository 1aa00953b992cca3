/* SPDX-License-Identifier: Apache-2.0 */
/* Questions as text and as JSON. */
#include "app/inspect/inspect_int.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

struct str inspect_name(const struct inspect_view *v, uint32_t unit)
{
    const struct tree_unit *u = &v->tree->units[unit];
    const struct tree_version *last = &v->tree->versions[u->first];
    for (uint32_t i = 0; i < u->n; i++) {
        const struct tree_version *x = &v->tree->versions[u->first + i];
        last = date_cmp(x->from, v->day) <= 0 ? x : last;
    }
    return last->name;
}

static uint32_t count_of(const struct inspection *found, enum detector x)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < found->list.n; i++) {
        n += found->list.items[i].detector == x;
    }
    return n;
}

static void show_about(const struct inspect_view *v, const struct question *q, struct buf *line)
{
    for (uint32_t i = 0; i < q->n_about; i++) {
        buf_puts(line, i == 0 ? (v->chinese ? "涉及：" : "about: ") : v->chinese ? "、" : ", ");
        buf_printf(line, "%.*s %.*s", PS(v->tree->units[q->about[i]].code),
                   PS(inspect_name(v, q->about[i])));
    }
}

static void show_one(const struct inspect_view *v, const struct question *q, struct buf *out)
{
    struct buf line;
    buf_init_in(&line, v->a, LIMIT_STR_BYTES);
    buf_printf(&line, "%.*s  %.*s %.*s", PS(question_id(v->a, v->tree, q)),
               PS(v->tree->units[q->unit].code), PS(inspect_name(v, q->unit)));
    text_print(buf_view(&line), 2, v->width, out);
    text_print(q->text[v->chinese], 4, v->width, out);
    if (q->n_about > 0) {
        buf_clear(&line);
        show_about(v, q, &line);
        text_print(buf_view(&line), 4, v->width, out);
    }
}

void inspect_show(const struct inspect_view *v, const struct inspection *found, struct buf *out)
{
    for (uint32_t i = 0; i < found->list.n; i++) {
        const struct question *q = &found->list.items[i];
        if (i == 0 || found->list.items[i - 1].detector != q->detector) {
            struct buf line;
            buf_init_in(&line, v->a, LIMIT_STR_BYTES);
            buf_printf(&line, v->chinese ? "%s（%u）" : "%s (%u)",
                       detector_name(q->detector, v->chinese), count_of(found, q->detector));
            text_print(buf_view(&line), 0, v->width, out);
            buf_clear(&line);
            buf_printf(&line, v->chinese ? "通常的答复：%s" : "usually: %s",
                       detector_usual(q->detector, v->chinese));
            text_print(buf_view(&line), 2, v->width, out);
        }
        show_one(v, q, out);
    }
    buf_printf(out,
               v->chinese ? "疑问 %u 条，共查看 %u 个机构\n"
                          : "%u questions; %u units were looked at\n",
               found->list.n, found->n_units);
}

void inspect_json(const struct inspect_view *v, const struct inspection *found, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < found->list.n; i++) {
        const struct question *q = &found->list.items[i];
        json_obj_begin(j);
        json_kv_str(j, "question", question_id(v->a, v->tree, q));
        json_kv_cstr(j, "detector", detector_word(q->detector));
        json_kv_str(j, "unit", v->tree->units[q->unit].code);
        json_kv_str(j, "name", inspect_name(v, q->unit));
        json_kv_str(j, "what", q->what);
        json_kv_str(j, "period", q->period);
        json_kv_str(j, "weight",
                    rat_dec_str(v->a, rat_frac((int64_t)round(q->weight * 10), 10), 1, NULL));
        json_kv_str(j, "en", q->text[0]);
        json_kv_str(j, "zh", q->text[1]);
        json_key(j, "about");
        json_arr_begin(j);
        for (uint32_t k = 0; k < q->n_about; k++) {
            json_str(j, v->tree->units[q->about[k]].code);
        }
        json_arr_end(j);
        json_obj_end(j);
    }
    json_arr_end(j);
}
