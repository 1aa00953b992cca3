/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts for handlers: what is asked about, who may see it, what is told. */
#include "http/verdict.h"

#include <string.h>

#include "app/seal.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/tree.h"
#include "model/verdict_row.h"

/* ---- what is asked about -------------------------------------------------------------------- */

enum rc verdict_unknown(struct ask *q, const char *at, const char *en, const char *zh)
{
    q->at = str_from_cstr(at);
    return err_set(&q->e, RC_NOT_FOUND, "%s%.0s", "%.0s%s", en, zh);
}

enum rc verdict_target(struct ask *q, struct str id, const char *at, uint32_t *out)
{
    const struct plan *p = q->plan;
    *out = NONE;
    for (uint32_t i = 0; id.n > 0 && i < p->n_commitments; i++) {
        if (str_eq(p->commitments[i].id, id)) {
            *out = i;
        }
    }
    return id.n == 0 || *out != NONE
               ? RC_OK
               : verdict_unknown(q, at, "the plan has no such commitment", "计划中没有这项承诺");
}

enum rc verdict_unit(struct ask *q, const struct tree *tree, struct str code, const char *at,
                     uint32_t *out)
{
    *out = NONE;
    return code.n == 0 || tree_unit_of_code(tree, code, out)
               ? RC_OK
               : verdict_unknown(q, at, "there is no such unit", "没有这个机构");
}

enum rc verdict_reach(struct ask *q)
{
    int64_t since = ask_count(q, "since", 0);
    TRY(since > 0 ? service_reach(q->s, since, &q->e) : RC_OK);
    return standing_seq(q->footing->standing) >= since
               ? RC_OK
               : err_set(&q->e, RC_BUSY, "another plan has just been adopted: ask again",
                         "刚刚采用了新的计划，请重新查询");
}

/* The board may be ahead of the version: an answer is never named by a change that it has not. */
bool verdict_unchanged(struct ask *q, int64_t pinned, const struct board_rows *rows)
{
    int64_t changed = board_changed(q->footing->board, rows);
    return ask_unchanged(q, changed < pinned ? changed : pinned);
}

/* ---- who may see it ------------------------------------------------------------------------- */

struct verdict_eyes verdict_eyes(struct ask *q, const struct tree *tree)
{
    return (struct verdict_eyes){q, tree, q->plan, ARENA_ARRAY(q->a, uint8_t, tree->n_units + 1U)};
}

bool verdict_may_unit(struct verdict_eyes *x, uint32_t unit)
{
    if (unit == NONE) {
        return ask_allows(x->q, "verdict.read", STR(""), CLASS_INTERNAL);
    }
    if (x->units[unit] == 0) {
        struct str code = x->tree->units[unit].code;
        x->units[unit] = ask_allows(x->q, "verdict.read", code, CLASS_INTERNAL) ? 2 : 1;
    }
    return x->units[unit] == 2;
}

bool verdict_may(struct verdict_eyes *x, const struct verdict_row *r)
{
    const struct plan *p = x->plan;
    uint32_t reg = p->commitments[r->head->commitment].of_reg;
    return verdict_may_unit(x, r->unit) &&
           (reg == NONE || !seal_register(p, reg) ||
            ask_allows(x->q, "fact.read", x->tree->units[r->unit].code, CLASS_SEALED));
}

/* ---- what is told --------------------------------------------------------------------------- */

bool verdict_is_sealed(const struct plan *p, const struct verdict *v)
{
    return (v->measure.flags & MF_SEALED) != 0 || seal_records(p, v->commitment);
}

void verdict_withhold(struct arena *a, struct verdict *v)
{
    struct proposal *proposals = ARENA_ARRAY(a, struct proposal, v->n_proposals + 1U);
    struct alternative *others = ARENA_ARRAY(a, struct alternative, v->n_alternatives + 1U);
    for (uint32_t i = 0; i < v->n_proposals; i++) {
        proposals[i] = v->proposals[i];
        proposals[i].has_amount = false;
    }
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        others[i] = v->alternatives[i];
        others[i].withheld = WITHHELD_OTHER;
    }
    v->withheld = WITHHELD_OTHER;
    v->proposals = proposals;
    v->alternatives = others;
    v->has_cap = false;
}

void verdict_states_json(struct json *j, const uint32_t *n)
{
    json_obj_begin(j);
    for (uint32_t s = 0; s < BOARD_STATES; s++) {
        json_kv_int(j, state_name((enum state)s), n[s]);
    }
    json_obj_end(j);
}
