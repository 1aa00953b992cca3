/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that cannot be carried out as they stand; registers and rolls that cannot be counted. */
#include "base/arena.h"
#include "lang/lint_int.h"

/* ---- actions that a gate forbids ------------------------------------------------------------ */

static bool meets(struct lint *x, const struct commitment *rule, const struct commitment *gate)
{
    if (rule->of_reg != NONE || gate->of_reg != NONE) {
        return rule->of_reg == gate->of_reg;
    }
    return rule->of_kind != NONE && gate->of_kind != NONE &&
           lint_kinds_overlap(x, rule->of_kind, gate->of_kind);
}

/* The rule asks for what the gate asks for. */
static bool guarantees(struct lint *x, const struct commitment *rule, const struct commitment *gate)
{
    expr_list asked = {0};
    expr_list needed = {0};
    lint_conjuncts(x, rule->condition, &asked);
    lint_conjuncts(x, gate->condition, &needed);
    for (uint32_t i = 0; i < needed.n; i++) {
        bool found = false;
        for (uint32_t j = 0; j < asked.n; j++) {
            found = found || lint_same(x, asked.items[j], needed.items[i]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static void action_barred(struct lint *x, uint32_t r, uint32_t g)
{
    const struct commitment *rule = &x->p->commitments[r];
    const struct commitment *gate = &x->p->commitments[g];
    if (gate->kind != CK_GATE || gate->deliverable.n == 0 || !meets(x, rule, gate)) {
        return;
    }
    for (uint32_t i = 0; i < rule->n_actions; i++) {
        if (str_find(rule->actions[i].text, gate->deliverable, 0) != STR_NONE &&
            !guarantees(x, rule, gate)) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_action_barred);
            lint_place(x->a, x->p, f, r, rule->at);
            lint_place(x->a, x->p, f, g, gate->at);
            lint_arg_text(f, "action", gate->deliverable);
            lint_arg_expr(x, f, "what", gate->condition);
            return;
        }
    }
}

/* ---- what a rule leaves open ---------------------------------------------------------------- */

static bool is_consecutive(struct lint *x, const struct commitment *k)
{
    expr_list reads = {0};
    bool found = false;
    lint_reads(x, k->condition, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        found = found || x->p->exprs[reads.items[i]].op == EX_CONSECUTIVE;
    }
    return found;
}

static void consecutive_one(struct lint *x, uint32_t i, uint32_t j)
{
    const struct commitment *k = &x->p->commitments[i];
    const struct commitment *l = &x->p->commitments[j];
    if (l->kind == CK_RULE && lint_one_clause(x, i, j) && is_consecutive(x, k) &&
        !is_consecutive(x, l)) {
        struct lint_finding *f = lint_add(x->a, x->out, LINT_consecutive_one);
        lint_place(x->a, x->p, f, i, k->at);
        lint_place(x->a, x->p, f, j, l->at);
        lint_arg_places(x, f, "list");
    }
}

static void rule_open(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    bool proposes = false;
    for (uint32_t a = 0; a < k->n_actions; a++) {
        proposes = proposes || k->actions[a].item != NONE;
    }
    const struct {
        bool open;
        struct str zh, en;
    } lacks[] = {
        {proposes && !k->rounding_said, STR("舍入"), STR("rounding")},
        {proposes && !k->stacking_said, STR("叠加"), STR("stacking")},
        {!k->defence_said, STR("申辩期"), STR("time for a defence")},
    };
    struct str zh = STR("");
    struct str en = STR("");
    for (uint32_t n = 0; n < sizeof lacks / sizeof *lacks; n++) {
        if (lacks[n].open) {
            zh = lint_join(x, zh, lacks[n].zh);
            en = lint_join(x, en, lacks[n].en);
        }
    }
    if (zh.n > 0) {
        struct lint_finding *f = lint_add(x->a, x->out, LINT_rule_open);
        lint_place(x->a, x->p, f, i, k->at);
        lint_arg(f, "list", zh, en);
    }
}

/* Some other part of the condition compares what is divided by. */
static bool has_floor(struct lint *x, const expr_list *reads, uint32_t den)
{
    for (uint32_t i = 0; i < reads->n; i++) {
        const struct expr *n = &x->p->exprs[reads->items[i]];
        if (n->op >= EX_GE && n->op <= EX_LT && lint_same(x, lint_strip(x, n->a), den)) {
            return true;
        }
    }
    return false;
}

static void small_base(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    expr_list reads = {0};
    lint_reads(x, k->condition, &reads);
    for (uint32_t r = 0; r < reads.n; r++) {
        const struct expr *n = &x->p->exprs[reads.items[r]];
        uint32_t num = NONE;
        uint32_t den = NONE;
        bool below = (n->op == EX_LT || n->op == EX_LE) && lint_is_rate(x, lint_strip(x, n->a)) &&
                     lint_quotient(x, n->a, &num, &den);
        if (below && dim_eq(x->p->exprs[den].dim, dim_of(DIM_PERSON)) &&
            !has_floor(x, &reads, den)) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_small_base);
            lint_place(x->a, x->p, f, i, k->at);
            return;
        }
    }
}

/* ---- registers and rolls -------------------------------------------------------------------- */

static bool has_key(const struct lint *x, const struct reg *r)
{
    bool key = false;
    for (uint32_t i = 0; i < r->n_fields; i++) {
        key = key || x->p->fields[r->first_field + i].key;
    }
    return key;
}

static void registers(struct lint *x, const struct ask *q)
{
    expr_list reads = {0};
    bool open = false;
    lint_reads(x, q->measure, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        if (n->op != EX_AGG) {
            continue;
        }
        struct str what = STR("");
        uint32_t rolls[PLAN_ROLLS_MAX];
        if (n->over == OVER_REGISTER && n->agg == AGG_COUNT &&
            !has_key(x, &x->p->regs[n->over_ref])) {
            struct lint_finding *f = lint_found(x, LINT_no_key, q);
            lint_arg_text(f, "what", x->p->regs[n->over_ref].name);
        }
        if (n->over == OVER_REGISTER && x->p->regs[n->over_ref].filed) {
            what = x->p->regs[n->over_ref].name;
        } else if (n->over == OVER_KIND && plan_rolls(x->p, n->over_ref, rolls) > 0) {
            what = x->p->kinds[n->over_ref].name;
        }
        bool limit = lint_is_ceiling(q->c->cmp) || q->c->cmp == CMP_EQ || q->c->cmp == CMP_BETWEEN;
        if (what.n > 0 && limit && !open && dim_is_none(x->p->exprs[q->measure].dim) == false) {
            struct lint_finding *f = lint_found(x, LINT_open_roll, q);
            lint_arg_text(f, "what", what);
            open = true;
        }
    }
}

void lint_rules(struct lint *x)
{
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        if (x->p->commitments[i].kind != CK_RULE) {
            continue;
        }
        for (uint32_t j = 0; j < x->p->n_commitments; j++) {
            action_barred(x, i, j);
            consecutive_one(x, i, j);
        }
        rule_open(x, i);
        small_base(x, i);
    }
    for (uint32_t i = 0; i < x->asks.n; i++) {
        registers(x, &x->asks.items[i]);
    }
}
