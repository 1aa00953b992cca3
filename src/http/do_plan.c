/* SPDX-License-Identifier: Apache-2.0 */
/* The plan and its commitments. */
#include "http/ask.h"
#include "http/handlers.h"

static enum rc anyone_seated(struct ask *q)
{
    return ask_may(q, "unit.read", STR(""), CLASS_PUBLIC);
}

static void clauses_json(const struct plan *p, struct json *j)
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

enum rc do_plan(struct ask *q)
{
    const struct plan *p = q->s->pack.plan;
    struct json j;
    TRY(anyone_seated(q));
    ask_json(q, &j);
    json_kv_str(&j, "id", p->id);
    json_kv_str(&j, "name", p->name);
    json_kv_int(&j, "first_year", p->first_year);
    json_kv_int(&j, "last_year", p->last_year);
    json_key(&j, "levels");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->n_levels; i++) {
        json_str(&j, p->levels[i]);
    }
    json_arr_end(&j);
    clauses_json(p, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_commitments(struct ask *q)
{
    const struct plan *p = q->s->pack.plan;
    struct json j;
    TRY(anyone_seated(q));
    ask_json(q, &j);
    json_kv_str(&j, "plan", p->id);
    json_key(&j, "commitments");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        json_obj_begin(&j);
        json_kv_str(&j, "id", k->id);
        json_kv_str(&j, "name", !q->chinese && k->english.n > 0 ? k->english : k->name);
        json_kv_cstr(&j, "kind", commitment_kind_name(k->kind));
        json_key(&j, "clauses");
        json_arr_begin(&j);
        for (uint32_t c = 0; c < k->n_basis; c++) {
            json_str(&j, clause_ref_text(q->a, k->basis[c], q->chinese));
        }
        json_arr_end(&j);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
