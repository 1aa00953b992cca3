/* SPDX-License-Identifier: Apache-2.0 */
/* A page of the log, newest first. */
#include "app/keep/keep.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/map.h"
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

/* From the last slash on. */
static struct str behind_last(struct str text)
{
    uint32_t at = text.n;
    while (at > 0 && text.p[at - 1] != '/') {
        at--;
    }
    return str_sub(text, at > 0 ? at - 1 : 0, text.n);
}

/* Rows of registers: see keep_log_subjects. */
static struct str shown(struct arena *a, struct str text)
{
    static const struct {
        struct str first;
        int parts; /* before the id */
        bool unit; /* behind it */
    } of_rows[] = {{STR_INIT("row/"), 3, false},
                   {STR_INIT("offer/"), 4, false},
                   {STR_INIT("review/"), 2, true}};
    for (size_t i = 0; i < sizeof of_rows / sizeof *of_rows; i++) {
        if (str_starts(text, of_rows[i].first)) {
            struct str rest = text;
            struct str part;
            for (int k = 0; k < of_rows[i].parts; k++) {
                (void)str_split(&rest, '/', &part);
            }
            struct str masked = str_cat(a, str_sub(text, 0, text.n - rest.n), STR("…"));
            return of_rows[i].unit ? str_cat(a, masked, behind_last(text)) : masked;
        }
    }
    return text;
}

const struct str *keep_log_subjects(struct arena *a, struct str list, uint32_t *n)
{
    VEC(struct str) out = {0};
    struct map told = {0}; /* once each: how often would be a count of rows */
    struct wire w = wire_of(list);
    for (wire_open(&w); wire_more(&w);) {
        struct str text = shown(a, str_dup(a, wire_text(a, &w)));
        if (!map_get(&told, text, NULL)) {
            map_put(a, &told, text, out.n);
            vec_push(a, &out, text);
        }
    }
    *n = out.n;
    return out.items;
}

/* The texts of a list with commas between, as many as fit a cell. */
static struct str plain(struct arena *a, struct str list)
{
    struct buf b;
    uint32_t n = 0;
    const struct str *texts = keep_log_subjects(a, list, &n);
    buf_init_in(&b, a, CELL_BYTES);
    for (uint32_t i = 0; i < n; i++) {
        if (b.n + texts[i].n + 8 > CELL_BYTES) {
            buf_puts(&b, ", …");
            break;
        }
        buf_puts(&b, b.n > 0 ? ", " : "");
        buf_str(&b, texts[i]);
    }
    return buf_view(&b);
}

static void list_json(struct arena *a, struct json *j, const char *key, struct str list)
{
    uint32_t n = 0;
    const struct str *texts = keep_log_subjects(a, list, &n);
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(j, texts[i]);
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
