/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a package, as text and JSON. */
#include "app/offline/offline_int.h"
#include "base/buf.h"
#include "base/json.h"

static const char *const outcomes[OFFLINE__OUTCOMES][2] = {
#define OUTCOME(name, word, open, en, zh) [OFFLINE_##name] = {(en), (zh)},
#include "app/offline/offline.def"
};

static void show_row(const struct offline_row *x, bool chinese, struct buf *out)
{
    char day[DATE_TEXT_BYTES];
    buf_printf(out, "%.*s  %s", PS(x->unit), outcomes[x->outcome][chinese]);
    if (x->outcome == OFFLINE_CONFLICT) {
        buf_printf(out,
                   chinese ? "：本账自上次往来后已有改动，%.*s 于 %.*s（提交 %lld，%.*s）"
                           : ": moved here since, by %.*s on %.*s (commit %lld, %.*s)",
                   PS(x->who), PS(date_text(x->day, day)), (long long)x->seq, PS(x->act));
    } else if (x->seq > 0) {
        buf_printf(out, chinese ? "，提交 %lld" : ", commit %lld", (long long)x->seq);
    }
    if (x->why[chinese].n > 0) {
        buf_printf(out, chinese ? "：%.*s" : ": %.*s", PS(x->why[chinese]));
    }
    buf_putc(out, '\n');
    for (uint32_t i = 0; i < x->cells.list.n; i++) {
        const struct offline_cell *c = &x->cells.list.items[i];
        buf_printf(out,
                   chinese ? "    %.*s：数据包 %.*s，本账 %.*s\n"
                           : "    %.*s: theirs %.*s, ours %.*s\n",
                   PS(c->item), PS(c->theirs), PS(c->ours));
    }
    report_findings_text(&x->found, chinese, out);
}

void offline_show(const struct offline_result *r, bool chinese, struct buf *out)
{
    char day[DATE_TEXT_BYTES];
    bool conflict = false;
    buf_printf(out,
               chinese ? "轮次 %.*s，数据包 %.*s，收入至 %.*s\n密钥 %.*s\n"
                       : "round %.*s, package %.*s, taken in until %.*s\nkey %.*s\n",
               PS(r->round), PS(str_sub(r->id, 0, 12)), PS(date_text(r->until, day)),
               PS(r->fingerprint));
    for (uint32_t i = 0; i < r->rows.n; i++) {
        show_row(&r->rows.items[i], chinese, out);
        conflict |= r->rows.items[i].outcome == OFFLINE_CONFLICT;
    }
    if (conflict) {
        buf_puts(out,
                 chinese
                     ? "请决定：--take 机构=theirs（采用数据包）或 --take 机构=ours（保留本账）\n"
                     : "decide: --take UNIT=theirs (the package) or UNIT=ours (what is here)\n");
    }
}

static void row_json(struct json *j, const struct offline_row *x)
{
    json_obj_begin(j);
    json_kv_str(j, "unit", x->unit);
    json_kv_cstr(j, "outcome", offline_outcome_word(x->outcome));
    json_kv_int(j, "commit", x->seq);
    json_kv_text(j, "who", x->who);
    json_kv_text(j, "act", x->act);
    json_kv_day(j, "day", x->day);
    json_kv_text(j, "en", x->why[0]);
    json_kv_text(j, "zh", x->why[1]);
    json_key(j, "cells");
    json_arr_begin(j);
    for (uint32_t i = 0; i < x->cells.list.n; i++) {
        const struct offline_cell *c = &x->cells.list.items[i];
        json_obj_begin(j);
        json_kv_str(j, "item", c->item);
        json_kv_str(j, "theirs", c->theirs);
        json_kv_str(j, "ours", c->ours);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_key(j, "findings");
    report_findings_json(&x->found, j);
    json_obj_end(j);
}

void offline_json(const struct offline_result *r, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "package", r->id);
    json_kv_str(&j, "fingerprint", r->fingerprint);
    json_kv_str(&j, "round", r->round);
    json_kv_day(&j, "until", r->until);
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < r->rows.n; i++) {
        row_json(&j, &r->rows.items[i]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}
