/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of a table as findings. */
#include "http/found.h"

#include "base/arena.h"

struct table_faults {
    struct arena *a;
    struct problems problems;
    struct report_findings found;
};

static void fault_json(const struct table_faults *t, const struct problem *p, struct json *j)
{
    struct buf text;
    buf_init_in(&text, t->a, LIMIT_STR_BYTES);
    buf_printf(&text, "%.*s:%u", PS(p->file), p->line);
    json_obj_begin(j);
    json_kv_cstr(j, "code", load_fault_code(p->fault));
    json_kv_str(j, "about", buf_view(&text));
    for (int zh = 0; zh < 2; zh++) {
        buf_clear(&text);
        problem_text(p, zh == 1, &text);
        json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
    }
    json_obj_end(j);
}

static void table_json(const void *ctx, struct json *j)
{
    const struct table_faults *t = ctx;
    json_arr_begin(j);
    for (uint32_t i = 0; i < t->problems.list.n; i++) {
        fault_json(t, &t->problems.list.items[i], j);
    }
    report_findings_items(&t->found, j);
    json_arr_end(j);
}

enum rc ask_refuse_table(struct ask *q, const struct problems *problems,
                         const struct report_findings *found)
{
    struct table_faults *t = ARENA_NEW(q->a, struct table_faults);
    *t = (struct table_faults){q->a, *problems, *found};
    q->against = table_json;
    q->against_ctx = t;
    return err_set(&q->e, RC_INPUT, "some of it cannot be taken; nothing is kept",
                   "部分内容无法接受，均未保存");
}
