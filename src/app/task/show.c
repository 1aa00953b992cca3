/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of tasks, as text and JSON. */
#include "app/print.h"
#include "app/report/desk.h"
#include "app/table.h"
#include "app/task/task.h"
#include "base/buf.h"
#include "base/json.h"

static struct str due_text(const struct desk *d, const struct task_line *t)
{
    char text[DATE_TEXT_BYTES];
    struct date due = date_is_sentinel(t->doc.due) ? t->due : t->doc.due;
    return str_dup(d->a, date_text(due, text));
}

static const char *task_role_text(bool shared, bool chinese)
{
    static const char *const text[2][2] = {{"owner", "牵头"}, {"co-owner", "协办"}};
    return text[shared][chinese];
}

uint32_t task_contributed(const struct task_doc *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->evidence.n; i++) {
        n += t->evidence.items[i].unit.n > 0;
    }
    return n;
}

struct table task_list_table(const struct desk *d, const struct task_lines *all, bool chinese)
{
    struct table t = table_new(d->a, 10);
    const struct str zh[] = {STR("期限"), STR("灯"),   STR("编号"), STR("名称"), STR("部分"),
                             STR("机构"), STR("角色"), STR("状态"), STR("责任"), STR("协办")};
    const struct str en[] = {STR("due"),   STR("light"),    STR("id"),   STR("name"),
                             STR("part"),  STR("unit"),     STR("role"), STR("state"),
                             STR("owner"), STR("co-owners")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct task_line *x = &all->list.items[i];
        const struct commitment *k = &d->plan->commitments[x->commitment];
        const struct str cells[] = {
            due_text(d, x),
            str_from_cstr(chinese ? light_zh(x->light) : light_name(x->light)),
            k->id,
            k->name,
            x->part,
            desk_code(d, x->unit),
            str_from_cstr(task_role_text(x->shared, chinese)),
            str_from_cstr(task_state_text(x->doc.state, chinese)),
            k->owner,
            co_owners_text(d->a, k)};
        table_row(&t, cells);
    }
    return t;
}

void task_list_show(const struct desk *d, const struct task_lines *all, bool chinese,
                    uint32_t width, struct buf *out)
{
    struct table t = task_list_table(d, all, chinese);
    table_print(&t, width, out);
}

void task_list_json(const struct desk *d, const struct task_lines *all, struct buf *out)
{
    char text[DATE_TEXT_BYTES];
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct task_line *x = &all->list.items[i];
        const struct commitment *k = &d->plan->commitments[x->commitment];
        uint32_t contributed = task_contributed(&x->doc);
        json_obj_begin(&j);
        json_kv_str(&j, "task", k->id);
        json_kv_int(&j, "year", x->year);
        json_kv_str(&j, "part", x->part);
        json_kv_str(&j, "unit", desk_code(d, x->unit));
        json_kv_cstr(&j, "role", x->shared ? "co-owner" : "owner");
        json_kv_str(&j, "owner", k->owner);
        co_owners_json(&j, k);
        json_kv_str(&j, "due", date_text(x->due, text));
        json_kv_str(&j, "extended",
                    date_is_sentinel(x->doc.due) ? STR("") : date_text(x->doc.due, text));
        json_kv_str(&j, "asked",
                    date_is_sentinel(x->doc.asked) ? STR("") : date_text(x->doc.asked, text));
        json_kv_cstr(&j, "state", task_state_name(x->doc.state));
        json_kv_cstr(&j, "light", light_name(x->light));
        json_kv_cstr(&j, "verdict", state_name(x->verdict));
        json_kv_int(&j, "evidence", x->doc.evidence.n - contributed);
        json_kv_int(&j, "contributed", contributed);
        json_kv_str(&j, "reason", x->doc.reason);
        json_kv_int(&j, "seen", x->seen);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
}
