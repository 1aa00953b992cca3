/* SPDX-License-Identifier: Apache-2.0 */
/* A page of the log, newest first. */
#include "app/keep/keep.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "store/wire.h"

#define COLUMNS    6
#define CELL_BYTES 4096U

struct paging {
    struct arena *a;
    const struct keep_print *p;
    struct table table;
    struct json json;
    uint32_t n;
    int64_t last;
};

static struct str number(struct arena *a, int64_t n)
{
    struct buf b;
    buf_init_in(&b, a, CELL_BYTES);
    buf_printf(&b, "%lld", (long long)n);
    return buf_view(&b);
}

static struct str moment(struct arena *a, int64_t at)
{
    struct buf b;
    buf_init_in(&b, a, CELL_BYTES);
    keep_moment(&b, at);
    return buf_view(&b);
}

/*
 * The next text of a list of subjects; "": none that is news. Rows of registers are told by
 * register and unit: their ids may name persons, and how many they are is a count (C41).
 */
static struct str next_subject(struct arena *a, struct wire *w, struct str *before)
{
    struct str text = wire_text(a, w);
    struct str rest = text;
    struct str part;
    if (str_starts(text, STR("row/"))) {
        for (int i = 0; i < 3; i++) {
            (void)str_split(&rest, '/', &part);
        }
        text = str_cat(a, str_sub(text, 0, text.n - rest.n), STR("…"));
    }
    bool same = str_eq(text, *before);
    *before = text;
    return same ? STR("") : text;
}

/* The texts of a JSON list with commas between, as many as fit a cell. */
static struct str plain(struct arena *a, struct str list)
{
    struct buf b;
    struct wire w = wire_of(list);
    struct str before = STR("");
    buf_init_in(&b, a, CELL_BYTES);
    for (wire_open(&w); wire_more(&w);) {
        struct str text = next_subject(a, &w, &before);
        if (text.n == 0) {
            continue;
        }
        if (b.n + text.n + 8 > CELL_BYTES) {
            buf_puts(&b, ", …");
            break;
        }
        buf_puts(&b, b.n > 0 ? ", " : "");
        buf_str(&b, text);
    }
    return buf_view(&b);
}

static void list_json(struct arena *a, struct json *j, const char *key, struct str list)
{
    struct wire w = wire_of(list);
    struct str before = STR("");
    json_key(j, key);
    json_arr_begin(j);
    for (wire_open(&w); wire_more(&w);) {
        struct str text = next_subject(a, &w, &before);
        if (text.n > 0) {
            json_str(j, text);
        }
    }
    json_arr_end(j);
}

static void entry_json(struct arena *a, struct json *j, const struct log_entry *x, struct str time)
{
    json_obj_begin(j);
    json_kv_int(j, "commit", x->seq);
    json_kv_int(j, "at", x->at);
    json_kv_str(j, "time", time);
    json_kv_str(j, "actor", x->actor);
    json_kv_str(j, "act", x->act);
    json_kv_str(j, "note", x->note);
    list_json(a, j, "subjects", x->subjects);
    list_json(a, j, "files", x->files);
    json_obj_end(j);
}

static enum rc on_entry(void *ctx, const struct log_entry *x, struct err *e)
{
    struct paging *g = ctx;
    struct str time = moment(g->a, x->at);
    (void)e;
    g->n++;
    g->last = x->seq;
    if (g->p->json) {
        entry_json(g->a, &g->json, x, time);
        return RC_OK;
    }
    const struct str cells[COLUMNS] = {number(g->a, x->seq),     time,
                                       str_dup(g->a, x->actor),  str_dup(g->a, x->act),
                                       plain(g->a, x->subjects), str_dup(g->a, x->note)};
    table_row(&g->table, cells);
    return RC_OK;
}

enum rc keep_log(struct arena *a, struct store_reader *r, const struct log_filter *f,
                 const struct keep_print *p, struct err *e)
{
    static const struct str heads[2][COLUMNS] = {
        {STR_INIT("commit"), STR_INIT("time"), STR_INIT("actor"), STR_INIT("act"),
         STR_INIT("about"), STR_INIT("note")},
        {STR_INIT("提交"), STR_INIT("时间"), STR_INIT("人员"), STR_INIT("操作"), STR_INIT("事项"),
         STR_INIT("说明")}};
    struct paging g = {.a = a, .p = p, .table = table_new(a, COLUMNS)};
    if (p->json) {
        json_init(&g.json, p->out, true);
        json_arr_begin(&g.json);
    } else {
        table_row(&g.table, heads[p->chinese]);
    }
    TRY(store_log(r, f, on_entry, &g, e));
    if (p->json) {
        json_arr_end(&g.json);
        json_end(&g.json);
        return RC_OK;
    }
    table_print(&g.table, p->width, p->out);
    if (g.n == f->limit && g.last > 1) {
        buf_printf(p->out, p->chinese ? "更早的：--before %lld\n" : "earlier ones: --before %lld\n",
                   (long long)g.last);
    }
    return RC_OK;
}
