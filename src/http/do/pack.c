/* SPDX-License-Identifier: Apache-2.0 */
/* The plan itself: what is wrong with its policy, how another text of it differs, and what of the
 * official text it holds. */
#include "http/do/pack.h"

#include "app/adopt/adopt.h"
#include "app/pack/coverage.h"
#include "app/pack/diff.h"
#include "app/pack/lint.h"
#include "base/arena.h"
#include "base/buf.h"
#include "draft/outline.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/upload.h"
#include "io/text.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "lang/source.h"

enum rc do_lint(struct ask *q)
{
    struct lint_answer x = {.a = q->a, .plan = q->plan, .chinese = q->chinese};
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    lint_plan(q->a, x.plan, &x.findings);
    lint_json(&x, q->out);
    return RC_OK;
}

/* ---- errors of a pack ------------------------------------------------------------------------ */

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

void pack_findings_json(const void *ctx, struct json *j)
{
    const struct diags *ds = ctx;
    json_arr_begin(j);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        diag_json(ds, ds->list.items[i], j);
    }
    json_arr_end(j);
}

/* ---- a pack that is sent -------------------------------------------------------------------- */

enum rc pack_read(struct arena *a, const struct json_value *body, struct pack *out, struct err *e)
{
    const struct json_value *files = json_get(body, "files");
    struct lang_text *texts = ARENA_ARRAY(a, struct lang_text, json_count(files) + 1U);
    uint32_t n = 0;
    for (const struct json_value *x = json_items(files); x != NULL; x = x->next) {
        texts[n++] =
            (struct lang_text){json_text(json_get(x, "name")), json_text(json_get(x, "text"))};
    }
    TRY(adopt_check_texts(a, texts, n, e));
    return pack_open_texts(a, texts, n, out, e);
}

enum rc pack_no_plan(struct ask *q, const struct pack *p)
{
    q->against = pack_findings_json;
    q->against_ctx = &p->diags;
    q->head.status = 422;
    err_clear(&q->e);
    return err_set(&q->e, RC_INPUT, "the pack has errors: it is no plan",
                   "该计划包有错误，不能作为计划");
}

/* ---- another text --------------------------------------------------------------------------- */

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
        q->against = pack_findings_json;
        q->against_ctx = ds;
        return err_set(&q->e, RC_INPUT, "the text is no plan: it has errors",
                       "该文本有错误，不能作为计划");
    }
    TRY(rc);
    struct diff d = {.a = q->a, .plan = {q->plan, other.plan}, .chinese = q->chinese};
    diff_plans(&d);
    diff_json(&d, q->out);
    return RC_OK;
}

/* ---- the official text ---------------------------------------------------------------------- */

enum rc do_plan_text(struct ask *q)
{
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    buf_str(q->out, q->footing->official[q->chinese]);
    return RC_OK;
}

/* Nothing of it is kept. Readers of PDF are too large to be shown what anybody sends. */
enum rc do_plan_coverage(struct ask *q)
{
    struct outline *o = ARENA_NEW(q->a, struct outline);
    struct str name = q->upload->name.n > 0 ? q->upload->name : STR("upload.txt");
    struct str bytes = q->upload->bytes;
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    if (str_starts(bytes, STR("%PDF-"))) {
        enum rc rc = err_set(&q->e, RC_INPUT, "a PDF is not taken here", "此处不收 PDF");
        err_hint(&q->e, "Send the text, or a docx.", "请发送文本或 docx 文件。");
        return rc;
    }
    if (bytes.n > TEXT_BYTES_MAX) {
        return err_set(&q->e, RC_LIMIT, "a text has at most %u bytes", "文本不得超过 %u 字节",
                       TEXT_BYTES_MAX);
    }
    TRY(outline_read_bytes(q->a, str_to_cstr(q->a, name), bytes, o, &q->e));
    coverage_json(coverage_of(q->a, q->footing->pack, o), q->out);
    return RC_OK;
}
