/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence, by the tasks that name it. */
#include "app/task/evidence.h"

#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"

#define TASKS      STR("task/")
#define COLUMNS    9
#define CELL_BYTES 64U

struct gathering {
    struct desk *d;
    struct str unit;
    struct evidence_list *out;
};

static uint32_t last_slash(struct str s)
{
    uint32_t at = s.n;
    while (at > 0 && s.p[at - 1] != '/') {
        at--;
    }
    return at;
}

/* `task/ID/YEAR.PART/UNIT` */
static struct evidence_row named(struct str subject)
{
    struct str rest = str_sub(subject, TASKS.n, subject.n);
    uint32_t unit = last_slash(rest);
    struct str front = str_sub(rest, 0, unit > 0 ? unit - 1 : 0);
    uint32_t part = last_slash(front);
    return (struct evidence_row){.unit = str_sub(rest, unit, rest.n),
                                 .part = str_sub(front, part, front.n),
                                 .task = str_sub(front, 0, part > 0 ? part - 1 : 0)};
}

/* EV1, of the unit asked for. */
static bool may_see(const struct gathering *g, struct str unit)
{
    bool asked = g->unit.n == 0 || str_eq(g->unit, unit);
    return asked && g->d->may(g->d->may_ctx, g->d->actor, "task.read", unit, CLASS_INTERNAL);
}

static enum rc on_task(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    struct desk *d = g->d;
    struct task_doc doc;
    struct evidence_row row = named(str_dup(d->a, p->unit));
    bool all = may_see(g, row.unit);
    TRY(task_read(d->a, str_dup(d->a, p->body), &doc, e));
    for (uint32_t i = 0; i < doc.evidence.n; i++) {
        row.what = doc.evidence.items[i];
        row.is_signed = i < doc.n_signed;
        if (all || (row.what.unit.n > 0 && may_see(g, row.what.unit))) {
            vec_push(d->a, &g->out->list, row);
        }
    }
    return RC_OK;
}

/* Whoever may look anywhere is told that there is nothing; others that they may not look. */
static enum rc may_look(const struct desk *d, struct err *e)
{
    for (uint32_t u = 0; u < d->tree->n_units; u++) {
        if (d->may(d->may_ctx, d->actor, "task.read", desk_code(d, u), CLASS_INTERNAL)) {
            return RC_OK;
        }
    }
    return desk_allow_at(d, "task.read", STR(""), CLASS_INTERNAL, e);
}

enum rc evidence_list(struct desk *d, struct str unit, struct evidence_list *out, struct err *e)
{
    struct gathering g = {.d = d, .out = out, .unit = unit};
    *out = (struct evidence_list){0};
    if (unit.n > 0) {
        uint32_t id = 0;
        TRY(desk_unit(d, unit, &id, e));
        g.unit = desk_code(d, id);
        TRY(desk_allow_at(d, "task.read", g.unit, CLASS_INTERNAL, e));
    }
    TRY(store_docs(d->reader, TASKS, INT64_MAX, on_task, &g, e));
    TRY(out->list.n == 0 ? may_look(d, e) : RC_OK);
    for (uint32_t i = 0; i < out->list.n; i++) {
        struct evidence_row *row = &out->list.items[i];
        if (files_look_in(d->a, d->store, row->what.hash, &row->file, NULL) != RC_OK) {
            row->file = (struct file_info){.hash = row->what.hash, .size = 0, .type = FILE_TEXT};
        }
    }
    return RC_OK;
}

/* ---- taking one out ------------------------------------------------------------------------- */

static enum rc find(struct desk *d, const struct evidence_list *all, struct str hash,
                    struct evidence_row *out, struct err *e)
{
    uint32_t n = 0;
    (void)d;
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct evidence_row *row = &all->list.items[i];
        if (hash.n > 0 && str_starts(row->what.hash, hash)) {
            n += n == 0 || !str_eq(out->what.hash, row->what.hash);
            *out = *row;
        }
    }
    if (n == 1) {
        return RC_OK;
    }
    enum rc rc = n == 0
                     ? err_set(e, RC_NOT_FOUND, "there is no such document that you may see: %.*s",
                               "没有您可以查看的此文件：%.*s", PS(hash))
                     : err_set(e, RC_INPUT, "several documents begin with %.*s",
                               "有多个文件以 %.*s 开头", PS(hash));
    err_hint(e, "tizhi evidence list shows them with their hashes.",
             "可用 tizhi evidence list 查看文件及其标识。");
    return rc;
}

enum rc evidence_get(struct desk *d, struct str hash, const char *path, struct evidence_row *out,
                     struct err *e)
{
    struct evidence_list all;
    struct str content;
    TRY(evidence_list(d, STR(""), &all, e));
    TRY(find(d, &all, hash, out, e));
    TRY(files_get(d->a, d->store, out->what.hash, &content, e));
    TRY(file_reserve(path, e));
    return file_write(path, content, e);
}

/* ---- printing ------------------------------------------------------------------------------- */

static void row_json(struct json *j, const struct evidence_row *x, struct str day)
{
    json_obj_begin(j);
    json_kv_str(j, "hash", x->what.hash);
    json_kv_str(j, "document", x->what.document);
    json_kv_str(j, "unit", x->unit);
    json_kv_str(j, "task", x->task);
    json_kv_str(j, "part", x->part);
    json_kv_str(j, "day", day);
    json_kv_str(j, "actor", x->what.actor);
    json_kv_str(j, "of", x->what.unit);
    json_kv_bool(j, "signed", x->is_signed);
    json_kv_cstr(j, "type", x->file.size > 0 ? file_type_name(x->file.type) : "");
    json_kv_int(j, "size", x->file.size);
    json_kv_bool(j, "missing", x->file.size == 0);
    json_obj_end(j);
}

static struct str size_text(struct arena *a, const struct file_info *f, bool chinese)
{
    struct buf b;
    if (f->size == 0) {
        return chinese ? STR("缺失") : STR("missing");
    }
    buf_init_in(&b, a, CELL_BYTES);
    buf_printf(&b, "%s, %lld", file_type_name(f->type), (long long)f->size);
    return buf_view(&b);
}

void evidence_print(const struct desk *d, const struct evidence_list *x, const struct keep_print *p)
{
    static const struct str heads[2][COLUMNS] = {
        {STR_INIT("unit"), STR_INIT("task"), STR_INIT("part"), STR_INIT("day"),
         STR_INIT("document"), STR_INIT("filed by"), STR_INIT("co-owner"), STR_INIT("type, bytes"),
         STR_INIT("hash")},
        {STR_INIT("机构"), STR_INIT("任务"), STR_INIT("部分"), STR_INIT("日期"), STR_INIT("文件"),
         STR_INIT("报送人"), STR_INIT("协办单位"), STR_INIT("类型、字节"), STR_INIT("标识")}};
    struct table t = table_new(d->a, COLUMNS);
    struct json j;
    table_row(&t, heads[p->chinese]);
    if (p->json) {
        json_init(&j, p->out, true);
        json_arr_begin(&j);
    }
    for (uint32_t i = 0; i < x->list.n; i++) {
        const struct evidence_row *row = &x->list.items[i];
        char text[DATE_TEXT_BYTES];
        struct str day = str_dup(d->a, date_text(row->what.day, text));
        const struct str cells[COLUMNS] = {row->unit,
                                           row->task,
                                           row->part,
                                           day,
                                           row->what.document,
                                           row->what.actor,
                                           row->what.unit,
                                           size_text(d->a, &row->file, p->chinese),
                                           str_sub(row->what.hash, 0, 12)};
        if (p->json) {
            row_json(&j, row, day);
        } else {
            table_row(&t, cells);
        }
    }
    if (p->json) {
        json_arr_end(&j);
        json_end(&j);
    } else {
        table_print(&t, p->width, p->out);
    }
}
