/* SPDX-License-Identifier: Apache-2.0 */
/* The plan itself: what is wrong with its policy, and how another text of it differs. */
#include "app/pack/diff.h"
#include "app/pack/lint.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/upload.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "lang/source.h"

enum rc do_lint(struct ask *q)
{
    struct lint_answer x = {.a = q->a, .plan = q->s->pack.plan, .chinese = q->chinese};
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    lint_plan(q->a, x.plan, &x.findings);
    lint_json(&x, q->out);
    return RC_OK;
}

/* ---- another text --------------------------------------------------------------------------- */

static void diag_json(const struct diags *ds, const struct diag *d, struct json *j)
{
    struct buf text;
    buf_init_in(&text, ds->a, LIMIT_STR_BYTES);
    const struct source *f = source_at(ds->sources, d->at.file);
    buf_printf(&text, "%.*s:%u", PS(f->path), source_place(f, d->at.beg).line);
    json_obj_begin(j);
    json_kv_cstr(j, "code", diag_code_text(d->code));
    json_kv_str(j, "about", buf_view(&text));
    buf_clear(&text);
    diag_message(d, DIAG_EN, &text);
    json_kv_str(j, "en", buf_view(&text));
    buf_clear(&text);
    diag_message(d, DIAG_ZH, &text);
    json_kv_str(j, "zh", buf_view(&text));
    json_obj_end(j);
}

static void diags_json(const void *ctx, struct json *j)
{
    const struct diags *ds = ctx;
    json_arr_begin(j);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        diag_json(ds, ds->list.items[i], j);
    }
    json_arr_end(j);
}

/* What would be otherwise: nothing is judged, and nothing kept. */
enum rc do_plan_diff(struct ask *q)
{
    struct lang other;
    struct diags *ds = ARENA_NEW(q->a, struct diags);
    struct str name = q->upload->name.n > 0 ? q->upload->name : STR("upload.plan");
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    diags_init(ds, q->a, NULL);
    enum rc rc = lang_load_text(q->a, name, q->upload->bytes, ds, &other, &q->e);
    if (rc == RC_INPUT) {
        q->against = diags_json;
        q->against_ctx = ds;
        return err_set(&q->e, RC_INPUT, "the text is no plan: it has errors",
                       "该文本有错误，不能作为计划");
    }
    TRY(rc);
    struct diff d = {.a = q->a, .plan = {q->s->pack.plan, other.plan}, .chinese = q->chinese};
    diff_plans(&d);
    diff_json(&d, q->out);
    return RC_OK;
}
