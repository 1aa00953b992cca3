/* SPDX-License-Identifier: Apache-2.0 */
/* What the plan says: its clauses, and a commitment. */
#include "app/answer.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/commitment_json.h"
#include "http/handlers.h"
#include "http/verdict.h"
#include "engine/eval.h"
#include "lang/expr_text.h"
#include "model/mark.h"

/* ---- clauses -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The first step of a path in the form of clause_key: an annex whole, what stands in brackets, a
 * number, else what comes before the next of these. */
static struct str step_of(struct str path)
{
    bool annex = str_starts(path, STR("附"));
    bool number = is_digit(path.p[0]);
    bool closed = path.p[0] != '(';
    uint32_t n = 1;
    while (n < path.n && (!closed || path.p[n] != '(')) {
        bool digit = is_digit(path.p[n]);
        if (closed && !annex && digit != number) {
            break;
        }
        n++;
        if (!closed && path.p[n - 1] == ')') {
            break;
        }
    }
    return str_sub(path, 0, n);
}

/* An annex is parted from the rest by a blank: `附件1 二(一)1`. */
static void steps_json(struct ask *q, struct json *j, struct str path)
{
    struct str part;
    json_key(j, "steps");
    json_arr_begin(j);
    while (str_split(&path, ' ', &part)) {
        for (struct str rest = clause_key(q->a, part); rest.n > 0;) {
            struct str step = step_of(rest);
            json_str(j, step);
            rest = str_sub(rest, step.n, rest.n);
        }
    }
    json_arr_end(j);
}

static struct str name_of(const struct ask *q, const struct commitment *k)
{
    return !q->chinese && k->english.n > 0 ? k->english : k->name;
}

static void resting_json(struct ask *q, struct json *j, struct str code)
{
    const struct plan *p = q->plan;
    json_key(j, "commitments");
    json_arr_begin(j);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        for (uint32_t b = 0; b < k->n_basis; b++) {
            if (str_eq(k->basis[b].code, code)) {
                json_obj_begin(j);
                json_kv_str(j, "id", k->id);
                json_kv_str(j, "name", name_of(q, k));
                json_kv_cstr(j, "kind", commitment_kind_name(k->kind));
                json_kv_int(j, "first", k->basis[b].first);
                json_kv_int(j, "last", k->basis[b].last);
                json_obj_end(j);
            }
        }
    }
    json_arr_end(j);
}

enum rc do_clauses(struct ask *q)
{
    const struct plan *p = q->plan;
    struct json j;
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    ask_json(q, &j);
    json_kv_str(&j, "plan", p->id);
    json_key(&j, "clauses");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        json_obj_begin(&j);
        json_kv_str(&j, "code", p->clause_codes[i].code);
        json_kv_str(&j, "path", p->clause_codes[i].path);
        steps_json(q, &j, p->clause_codes[i].path);
        resting_json(q, &j, p->clause_codes[i].code);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- a commitment --------------------------------------------------------------------------- */

/* What is measured, or asked of it: of an indicator as adopted. */
static uint32_t formula_of(const struct commitment *k)
{
    uint32_t first = k->n_targets > 0 ? k->targets[0].measure : NONE;
    const uint32_t any[] = {commitment_measure(k), k->measure, first, k->condition};
    for (uint32_t i = 0; i < sizeof any / sizeof *any; i++) {
        if (any[i] != NONE) {
            return any[i];
        }
    }
    return NONE;
}

static void definitions_json(struct json *j, const struct speech *say, const struct commitment *k)
{
    json_key(j, "definitions");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        const struct definition *d = &k->definitions[i];
        json_obj_begin(j);
        json_kv_str(j, "name", d->name);
        json_key(j, "since");
        if (d->since_year == INT32_MIN) {
            json_null(j);
        } else {
            json_int(j, d->since_year);
        }
        json_kv_bool(j, "adopted", d->adopted);
        json_kv_str(j, "formula", expr_text(say, d->measure));
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void lists_json(struct ask *q, struct json *j, const struct commitment *k)
{
    const struct plan *p = q->plan;
    co_owners_json(j, k);
    json_key(j, "clauses");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        json_str(j, clause_ref_text(q->a, k->basis[i], q->chinese));
    }
    json_arr_end(j);
    json_key(j, "steps");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_stages; i++) {
        json_str(j, k->stages[i].name);
    }
    json_arr_end(j);
    json_key(j, "points");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_scores; i++) {
        json_obj_begin(j);
        json_kv_str(j, "id", p->commitments[k->scores[i].commitment].id);
        json_kv_str(j, "points", rat_frac_str(q->a, k->scores[i].points));
        json_obj_end(j);
    }
    json_arr_end(j);
    json_key(j, "requirements");
    list_rows_json(p, q->a, (uint32_t)(k - p->commitments), q->chinese, j);
}

static void texts_json(struct ask *q, struct json *j, const struct commitment *k)
{
    const char *kind = q->chinese ? commitment_kind_zh(k->kind) : commitment_kind_name(k->kind);
    json_kv_str(j, "id", k->id);
    json_kv_str(j, "name", name_of(q, k));
    json_kv_str(j, "chinese", k->name);
    json_kv_str(j, "english", k->english);
    json_kv_cstr(j, "kind", commitment_kind_name(k->kind));
    json_kv_cstr(j, "kind_text", kind);
    json_kv_str(j, "owner", k->owner);
    json_kv_str(j, "text", k->deliverable);
    json_kv_str(j, "explained", mark_words(q->a, k->definition));
    json_kv_str(j, "source", k->source);
    json_kv_str(j, "evidence", k->evidence);
    json_kv_str(j, "note", mark_words(q->a, k->note));
}

void commitment_json(struct ask *q, struct json *j, uint32_t target)
{
    const struct plan *p = q->plan;
    const struct speech say = {q->a, p, q->chinese};
    const struct commitment *k = &p->commitments[target];
    const struct definition *now = definition_in_force(k, date_year(q->seat.roster.day));
    texts_json(q, j, k);
    lists_json(q, j, k);
    json_kv_str(j, "formula", expr_text(&say, formula_of(k)));
    json_kv_str(j, "version", now != NULL ? now->name : STR(""));
    definitions_json(j, &say, k);
}

enum rc do_commitment(struct ask *q)
{
    struct json j;
    uint32_t target = NONE;
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    TRY(verdict_target(q, ask_word(q, 0), "", &target));
    ask_json(q, &j);
    commitment_json(q, &j, target);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
