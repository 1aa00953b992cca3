/* SPDX-License-Identifier: Apache-2.0 */
/* The plan and its commitments. */
#include "http/do/plan.h"

#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"

static enum rc anyone_seated(struct ask *q)
{
    return ask_may(q, "unit.read", STR(""), CLASS_PUBLIC);
}

void plan_clauses_json(const struct plan *p, struct json *j)
{
    json_key(j, "clauses");
    json_arr_begin(j);
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        json_obj_begin(j);
        json_kv_str(j, "code", p->clause_codes[i].code);
        json_kv_str(j, "path", p->clause_codes[i].path);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void coming_json(struct service_coming x, struct json *j)
{
    json_key(j, "coming");
    if (x.commit == 0) {
        json_null(j);
        return;
    }
    json_obj_begin(j);
    json_kv_int(j, "commit", x.commit);
    json_kv_cstr(j, "counted", progress_name(x.counted));
    json_kv_int(j, "done", x.done);
    json_kv_int(j, "of", x.of);
    json_obj_end(j);
}

enum rc do_plan(struct ask *q)
{
    const struct plan *p = q->plan;
    struct json j;
    TRY(anyone_seated(q));
    ask_json(q, &j);
    json_kv_str(&j, "id", p->id);
    json_kv_str(&j, "name", p->name);
    json_kv_str(&j, "digest", q->footing->digest);
    json_kv_int(&j, "adopted", q->footing->adopted);
    json_kv_int(&j, "first_year", p->first_year);
    json_kv_int(&j, "last_year", p->last_year);
    coming_json(service_coming(q->s), &j);
    json_key(&j, "levels");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->n_levels; i++) {
        json_str(&j, p->levels[i]);
    }
    json_arr_end(&j);
    json_key(&j, "kinds");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->n_kinds; i++) {
        json_str(&j, p->kinds[i].name);
    }
    json_arr_end(&j);
    plan_clauses_json(p, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static void head(void *ctx, struct json *j)
{
    json_kv_str(j, "plan", ((const struct ask *)ctx)->plan->id);
}

static struct str key(void *ctx, uint32_t i)
{
    return ((const struct ask *)ctx)->plan->commitments[i].id;
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct ask *q = ctx;
    const struct commitment *k = &q->plan->commitments[i];
    struct str *clauses = ARENA_ARRAY(q->a, struct str, k->n_basis + 1U);
    for (uint32_t c = 0; c < k->n_basis; c++) {
        clauses[c] = clause_ref_text(q->a, k->basis[c], q->chinese);
    }
    page_text(p, "id", k->id);
    page_text(p, "name", !q->chinese && k->english.n > 0 ? k->english : k->name);
    page_text(p, "kind", str_from_cstr(commitment_kind_name(k->kind)));
    page_texts(p, "clauses", clauses, k->n_basis);
}

enum rc do_commitments(struct ask *q)
{
    TRY(anyone_seated(q));
    return page_answer(q, &(struct page_list){.ctx = q,
                                              .n = q->plan->n_commitments,
                                              .title = {"commitments", "承诺"},
                                              .head = head,
                                              .key = key,
                                              .row = row});
}
