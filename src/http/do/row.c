/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a register: kept one by one, and as tables in and out. */
#include "app/workbook/export.h"
#include "app/workbook/import.h"
#include "base/arena.h"
#include "http/do/register.h"
#include "http/do/report.h"
#include "http/found.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/upload.h"
#include "io/csv.h"

#define TOUCHED_MAX 200U

struct row_work {
    struct keeping k;
    struct register_words w;
    struct register_lines lines;
    struct problems problems;
    struct report_findings found;
};

static enum rc open_row(struct ask *q, struct row_work *x)
{
    bool bad = false;
    *x = (struct row_work){0};
    TRY(keeping_open(q, (struct right){"register.keep", false}, &x->k));
    x->w = (struct register_words){.cause = ask_member(q, "cause"),
                                   .to = ask_member(q, "to"),
                                   .day = json_day(json_get(q->body, "day"), &bad),
                                   .seen = keeping_seen(q),
                                   .id = q->words.n > 2 ? ask_word(q, 2) : ask_member(q, "id")};
    return RC_OK;
}

/* What went wrong, with its findings. */
static enum rc refuse(struct ask *q, const struct row_work *x, enum rc rc)
{
    if (rc == RC_FINDINGS) {
        return ask_refuse_found(q, &x->found);
    }
    bool table = x->problems.list.n > 0 || x->found.list.n > 0;
    return rc == RC_INPUT && table ? ask_refuse_table(q, &x->problems, &x->found) : rc;
}

static enum rc kept(struct ask *q, struct row_work *x)
{
    struct json j;
    ask_json(q, &j);
    json_kv_int(&j, "commit", x->k.v.touched);
    json_key(&j, "rows");
    keeping_touched_json(&x->k, &j, TOUCHED_MAX);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static enum rc keep(struct ask *q, struct row_work *x)
{
    enum rc rc = register_keep(&x->k.d, &x->k.v, &x->lines, &x->found, &q->e);
    return rc == RC_OK ? kept(q, x) : refuse(q, x, rc);
}

/* ---- one row -------------------------------------------------------------------------------- */

/* Columns of the body as a table of one line. */
static struct str table_of(struct ask *q)
{
    struct csv_writer w;
    struct buf b;
    buf_init_in(&b, q->a, LIMIT_STR_BYTES);
    csv_write_init(&w, &b, false, false);
    for (int part = 0; part < 2; part++) {
        const char *member = part == 0 ? "column" : "value";
        for (const struct json_value *x = json_items(json_get(q->body, "set")); x; x = x->next) {
            csv_write_field(&w, json_text(json_get(x, member)));
        }
        csv_write_end(&w);
    }
    return buf_view(&b);
}

static enum rc write_row(struct ask *q, bool fresh)
{
    struct row_work x;
    bool bad = false;
    TRY(open_row(q, &x));
    x.w.fresh = fresh;
    x.w.day = json_day(json_get(q->body, "from"), &bad);
    enum rc rc = register_read_text(&x.k.d, &x.k.v, "/set", table_of(q), x.w, &x.lines, &x.problems,
                                    &x.found, &q->e);
    if (rc == RC_OK && !date_is_sentinel(x.w.day)) {
        rc = register_follow(&x.k.d, &x.k.v, x.w, &x.lines, &q->e);
    }
    return rc == RC_OK ? keep(q, &x) : refuse(q, &x, rc);
}

enum rc do_row_add(struct ask *q)
{
    return write_row(q, true);
}

enum rc do_row_change(struct ask *q)
{
    return write_row(q, false);
}

static enum rc act_on_row(struct ask *q, enum entry_act_kind act)
{
    struct row_work x;
    TRY(open_row(q, &x));
    TRY(register_plan(&x.k.d, &x.k.v, act, x.w, &x.lines, &q->e));
    return keep(q, &x);
}

enum rc do_row_end(struct ask *q)
{
    return act_on_row(q, ENTRY_ACT_END);
}

enum rc do_row_strike(struct ask *q)
{
    return act_on_row(q, ENTRY_ACT_STRIKE);
}

enum rc do_row_undo(struct ask *q)
{
    return act_on_row(q, ENTRY_ACT_UNDO);
}

enum rc do_row_offer(struct ask *q)
{
    return act_on_row(q, ENTRY_ACT_OFFER);
}

enum rc do_row_take(struct ask *q)
{
    struct row_work x;
    TRY(open_row(q, &x));
    x.w.id = ask_member(q, "row");
    enum rc rc = register_take(&x.k.d, &x.k.v, ask_member(q, "of"), x.w, &x.found, &q->e);
    return rc == RC_OK ? kept(q, &x) : refuse(q, &x, rc);
}

enum rc do_row_decline(struct ask *q)
{
    struct row_work x;
    TRY(open_row(q, &x));
    x.w.id = ask_member(q, "row");
    TRY(register_decline(&x.k.d, &x.k.v, ask_member(q, "of"), x.w, &q->e));
    return kept(q, &x);
}

/* ---- tables in ------------------------------------------------------------------------------ */

static enum rc read_table(struct ask *q, struct row_work *x)
{
    struct str name = q->upload->name.n > 0 ? q->upload->name : STR("table.csv");
    struct str csv = q->upload->bytes;
    if (import_is_workbook(name)) {
        struct import_run *run = ARENA_NEW(q->a, struct import_run);
        q->hand->import = run;
        TRY(import_register(&x->k.d, &x->k.v, q->upload->path, run, &csv, &q->e));
    }
    return register_read_table(&x->k.d, &x->k.v, str_to_cstr(q->a, name), csv, x->w, &x->lines,
                               &x->problems, &x->found, &q->e);
}

/* What of a workbook was refused: none of it is kept. */
static void notes_json(const void *ctx, struct json *j)
{
    const struct import_run *run = ctx;
    json_arr_begin(j);
    for (uint32_t f = 0; f < run->files.n; f++) {
        for (uint32_t i = 0; i < run->files.items[f].notes.n; i++) {
            const struct import_note *n = &run->files.items[f].notes.items[i];
            json_obj_begin(j);
            json_kv_cstr(j, "code", import_says_code(n));
            json_kv_str(j, "about", import_note_place(run, f, n, run->a));
            for (int zh = 0; zh < 2; zh++) {
                struct buf text;
                buf_init_in(&text, run->a, LIMIT_STR_BYTES);
                import_note_text(run, n, zh == 1, &text);
                json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
            }
            json_obj_end(j);
        }
    }
    json_arr_end(j);
}

static enum rc refuse_workbook(struct ask *q)
{
    q->against = notes_json;
    q->against_ctx = q->hand->import;
    q->head.status = 422;
    return err_set(&q->e, RC_FINDINGS, "some of it cannot be taken; nothing is kept",
                   "部分内容无法接受，均未保存");
}

static enum rc rows_in(struct ask *q, struct row_work *x)
{
    struct json j;
    ask_json(q, &j);
    json_kv_int(&j, "commit", x->k.v.touched);
    register_lines_json(&x->k.d, &x->k.v, &x->lines, &j);
    json_key(&j, "findings");
    report_findings_json(&x->found, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_rows_in(struct ask *q)
{
    struct row_work x;
    struct str ended = ask_text(q, "ended");
    bool dry = str_eq(ask_text(q, "dry"), STR("yes"));
    TRY(open_row(q, &x));
    x.w.id = STR("");
    x.w.seen = REPORT_JUST_READ;
    x.w.day = DATE_MIN;
    (void)(ended.n > 0 && date_parse(ended, &x.w.day)); /* its kind is checked already */
    enum rc rc = read_table(q, &x);
    if (rc == RC_FINDINGS) {
        return refuse_workbook(q);
    }
    if (rc == RC_OK && !dry) {
        rc = register_keep(&x.k.d, &x.k.v, &x.lines, &x.found, &q->e);
    } else if (rc == RC_OK) {
        register_keys(&x.k.d, &x.k.v, &x.lines, &x.found);
    }
    return rc == RC_OK ? rows_in(q, &x) : refuse(q, &x, rc);
}

/* ---- tables out ----------------------------------------------------------------------------- */

static enum rc workbook_out(struct ask *q, struct keeping *k)
{
    struct store_end end;
    const char *path = NULL;
    struct export_work *work = ARENA_NEW(q->a, struct export_work);
    TRY(store_end(q->a, q->hand->reader, &end, &q->e));
    TRY(ask_place(q, &path));
    const struct export_rows r = {.plan = k->d.plan,
                                  .reg = k->v.reg,
                                  .d = &k->d,
                                  .v = &k->v,
                                  .today = k->d.today,
                                  .book = end.seq,
                                  .chinese = q->chinese};
    q->hand->export = work;
    export_begin(work, q->a);
    TRY(export_register(work, &r, path, &q->e));
    ask_file(q, path, PAGE_TYPE_XLSX);
    return RC_OK;
}

enum rc do_rows_out(struct ask *q)
{
    struct keeping k;
    TRY(keeping_open(q, (struct right){"register.export", false}, &k));
    bool book = str_eq(ask_text(q, "workbook"), STR("yes"));
    struct str name = str_cat(q->a, ask_word(q, 0), STR("-"));
    q->head.name = str_cat(q->a, str_cat(q->a, name, desk_code(&k.d, k.v.unit)),
                           book ? STR(".xlsx") : STR(".csv"));
    if (book) {
        return workbook_out(q, &k);
    }
    q->head.type = PAGE_TYPE_CSV;
    register_write_csv(&k.d, &k.v, q->chinese, q->out);
    return RC_OK;
}
