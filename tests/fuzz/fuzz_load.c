/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a pack with its tables, in the form of a conformance case: sections that begin with
 * a line "== NAME", where NAME is `plan`, the file name of a table, or ends in a day to judge at.
 * What loads is judged by the columns and by the reference, which must agree (S3), and printed in
 * every form. Nothing may crash, or leave more behind than the arena.
 */
#include <stdint.h>
#include <stdlib.h>

#include "app/answer.h"
#include "app/explain/explain.h"
#include "app/load/load.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "io/csv.h"
#include "lang/diag.h"
#include "lang/lang.h"

#define ARENA_BYTES  ((size_t)192 << 20)
#define OUTPUT_BYTES (64U << 20)
#define INPUT_BYTES  (64U << 10)
#define TABLES_MAX   24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Outside of the work, so that stopping it loses nothing (base/arena.h, A5). */
struct work {
    struct arena a;
    struct str plan;
    struct str texts[TABLES_MAX];
    const char *names[TABLES_MAX];
    uint32_t n;
    struct date as_of;
    struct columns *columns;
    struct buf out;
};

static void section(struct work *w, struct str name, struct str text)
{
    struct date day;
    if (str_eq(name, STR("plan"))) {
        w->plan = text;
    } else if (name.n > 10 && date_parse(str_sub(name, name.n - 10, name.n), &day)) {
        w->as_of = day;
    } else if (w->n < TABLES_MAX) {
        w->names[w->n] = str_to_cstr(&w->a, name);
        w->texts[w->n++] = text;
    }
}

static void split(struct work *w, struct str all)
{
    while (str_starts(all, STR("== "))) {
        uint32_t line = str_find(all, STR("\n"), 0);
        line = line == STR_NONE ? all.n : line + 1;
        uint32_t next = str_find(all, STR("\n== "), line > 0 ? line - 1 : 0);
        next = next == STR_NONE ? all.n : next + 1;
        section(w, str_trim(str_sub(all, 3, line)), str_sub(all, line, next));
        all = str_sub(all, next, all.n);
    }
}

static bool same_figures(const struct mval *x, const struct mval *y)
{
    return x->kind == y->kind && x->truth == y->truth && x->has_value == y->has_value &&
           (x->kind != MV_NUMBER || (rat_eq(x->lo, y->lo) && rat_eq(x->hi, y->hi))) &&
           (!x->has_value || rat_eq(x->value, y->value)) && x->reported == y->reported &&
           x->expected == y->expected;
}

static void compare(const struct verdicts *x, const struct verdicts *y)
{
    if (x->rows.n != y->rows.n) {
        abort();
    }
    for (uint32_t i = 0; i < x->rows.n; i++) {
        const struct verdict v = verdicts_at(x, i);
        const struct verdict r = verdicts_at(y, i);
        if (v.state != r.state || v.unit != r.unit || v.year != r.year || v.flags != r.flags ||
            !same_figures(&v.measure, &r.measure)) {
            abort();
        }
    }
}

static void print_all(struct work *w, struct explain *x)
{
    answer_json(&x->answer, &w->out);
    buf_clear(&w->out);
    struct csv_writer rows;
    csv_write_init(&rows, &w->out, false, true);
    answer_csv(&x->answer, &rows);
    buf_clear(&w->out);
    for (int zh = 0; zh < 2; zh++) {
        x->answer.chinese = zh == 1;
        x->answer.width = zh == 1 ? 80 : 0;
        answer_text(&x->answer, &w->out);
        buf_clear(&w->out);
        ASSERT(explain_text(x, &w->out) == RC_OK || w->a.failed);
        buf_clear(&w->out);
        list_text(x->answer.plan, &w->a, zh == 1, x->answer.width, &w->out);
        buf_clear(&w->out);
    }
    ASSERT(explain_json(x, &w->out) == RC_OK || w->a.failed);
}

static void judge(struct work *w, const struct plan *plan, const struct tree *tree,
                  const struct dataset *data)
{
    struct judge_query all = {NONE, NONE, 0};
    struct evaluator fast;
    struct evaluator slow;
    struct verdicts reference;
    struct explain x = {.answer = {.a = &w->a, .plan = plan, .tree = tree, .as_of = w->as_of},
                        .ev = &fast};
    if (cells_make(&w->a, plan, data, w->as_of, &x.cells, NULL) != RC_OK ||
        columns_make(&w->a, x.cells, &w->columns, &fast, NULL) != RC_OK ||
        ref_make(&w->a, x.cells, &slow, NULL) != RC_OK ||
        judge_plan(&w->a, x.cells, &fast, all, &x.answer.verdicts, NULL) != RC_OK ||
        judge_plan(&w->a, x.cells, &slow, all, &reference, NULL) != RC_OK) {
        return;
    }
    compare(&x.answer.verdicts, &reference);
    ASSERT(!seal_needed(plan) ||
           seal_apply(&w->a, x.cells, &fast, &x.answer.verdicts, &x.seal) == RC_OK || w->a.failed);
    print_all(w, &x);
}

static void run(void *ctx)
{
    struct work *w = ctx;
    struct diags ds;
    struct lang l;
    struct problems problems = {0};
    const struct tree *tree = NULL;
    const struct dataset *data = NULL;
    diags_init(&ds, &w->a, NULL);
    if (lang_load_text(&w->a, STR("a.plan"), w->plan, &ds, &l, NULL) != RC_OK) {
        return;
    }
    struct err e;
    err_clear(&e);
    struct load_input in = {
        .plan = l.plan, .paths = w->names, .names = w->names, .texts = w->texts, .n = w->n};
    if (load_tables(&w->a, &in, &problems, &tree, &data, &e) == RC_OK) {
        judge(w, l.plan, tree, data);
        return;
    }
    struct json j;
    json_init(&j, &w->out, true);
    problems_json(&problems, &j);
    json_end(&j);
    problems_render(&problems, true, &w->out);
    problems_render(&problems, false, &w->out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct work w = {.as_of = DATE_MIN};
    if (size > INPUT_BYTES) {
        return 0;
    }
    arena_init(&w.a, ARENA_BYTES, "fuzz");
    buf_init(&w.out, OUTPUT_BYTES);
    split(&w, str_make((const char *)data, size));
    enum rc rc = arena_run(&w.a, run, &w);
    ASSERT(rc == RC_OK || rc == RC_NO_MEMORY || rc == RC_LIMIT);
    if (w.columns) {
        columns_release(w.columns);
    }
    buf_release(&w.out);
    arena_release(&w.a);
    return 0;
}
