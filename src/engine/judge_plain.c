/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain blocks: a measure against a number, after the deadline. Where all that is read is known,
 * the row is written down at once; every other unit is judged as always (judge_clause.c), to the
 * same bits.
 */
#include "base/arena.h"
#include "engine/judge_int.h"
#include "engine/silence.h"

#define ASKED_MAX ((int64_t)1 << 40) /* of both sides of the number asked for */

/* By order of measure and number: -1, 0, 1. */
static const uint8_t orders[][3] = {
    [CMP_GE] = {T_NO, T_YES, T_YES}, [CMP_REACH] = {T_NO, T_YES, T_YES},
    [CMP_LE] = {T_YES, T_YES, T_NO}, [CMP_GT] = {T_NO, T_NO, T_YES},
    [CMP_LT] = {T_YES, T_NO, T_NO},  [CMP_EQ] = {T_NO, T_YES, T_NO},
    [CMP_NE] = {T_YES, T_NO, T_YES},
};

static bool small_number(const struct plan *p, uint32_t e, struct rat *out)
{
    if (e == NONE || p->exprs[e].op != EX_NUM) {
        return false;
    }
    *out = p->exprs[e].num;
    return !out->big && !rat_is_inf(*out) && out->n < ASKED_MAX && out->n > -ASKED_MAX &&
           out->d < ASKED_MAX;
}

static bool compares(const struct judge *j, const struct block *b, struct plain *p)
{
    const struct clause *c = b->c;
    bool plain = c->cmp == CMP_GE || c->cmp == CMP_REACH || c->cmp == CMP_LE || c->cmp == CMP_GT ||
                 c->cmp == CMP_LT || c->cmp == CMP_EQ || c->cmp == CMP_NE;
    if (c->cmp == CMP_NONE) {
        return true;
    }
    return plain && !c->nearly && b->rung->value2 == NONE &&
           small_number(j->plan, b->rung->value, &p->asked);
}

/* The baseline year may satisfy it already: then it is measured too. */
static bool baseline(struct judge *j, const struct block *b, struct plain *p)
{
    if (b->c->cmp == CMP_NONE || b->o.sub || !b->has_before) {
        return true;
    }
    p->has_baseline = !silence_is_certain(j->cells, b->measure, b->before);
    p->before = (struct cursor){.e = b->measure, .m = b->before};
    return b->c->baseline == NONE;
}

/* A gate or check over units: its condition, whatever the day (C25). */
static bool is_condition(const struct block *b)
{
    enum commitment_kind k = b->k->kind;
    return !b->c && (k == CK_GATE || k == CK_CHECK) && b->k->of_reg == NONE && !b->above;
}

static bool is_target(struct judge *j, const struct block *b, struct plain *p)
{
    enum when_kind k = b->c ? b->o.when.kind : WHEN_HOLD;
    bool one_time = k == WHEN_AT || k == WHEN_BY || k == WHEN_EACH || k == WHEN_DEFAULT;
    if (!b->c || !one_time || !b->o.after || b->o.category_field != NONE || b->c->base != NONE ||
        (b->c->measure == NONE && b->k->n_definitions > 1) || !compares(j, b, p) ||
        !baseline(j, b, p)) {
        return false;
    }
    p->who = (struct cursor){.e = b->c->condition, .m = b->m};
    return true;
}

bool judge_plain(struct judge *j, const struct block *b, struct plain *p)
{
    *p = (struct plain){.asked = rat_zero()};
    if (!j->ev->known || !(is_condition(b) || is_target(j, b, p))) {
        return false;
    }
    p->now = (struct cursor){.e = b->measure, .m = b->m};
    struct verdict v = b->model;
    v.measure = mval_none();
    v.has_threshold = b->c && b->c->cmp != CMP_NONE;
    v.threshold = v.has_threshold ? p->asked : rat_zero();
    p->row = verdict_pack(j->arena, &v, &j->out->head);
    return true;
}

/* ---- one unit ------------------------------------------------------------------------------- */

enum truth judge_plain_order(const struct block *b, const struct plain *p, int64_t x, int64_t y)
{
    i128 l = (i128)x * (int64_t)p->asked.d;
    i128 r = (i128)y * (int64_t)p->asked.n;
    return (enum truth)orders[b->c->cmp][(l > r) - (l < r) + 1];
}

static enum truth asked_of(const struct block *b, const struct plain *p, const struct known *v)
{
    if (!b->c || b->c->cmp == CMP_NONE) {
        return v->kind == MV_BOOL ? v->truth : T_NA;
    }
    if (v->kind == MV_NONE) {
        return T_NA;
    }
    return judge_plain_order(b, p, v->n, v->d);
}

/* Whether the unit must comply, when that is certain. */
static bool applies(struct judge *j, const struct block *b, struct plain *p, uint32_t i, bool *out)
{
    struct known v;
    *out = true;
    if (b->units.unsure.items[i]) {
        return false;
    }
    if (!b->c || b->c->condition == NONE) {
        return true;
    }
    if (!j->ev->known(j->ev->ctx, &p->who, b->units.list.items[i], &v) || v.flags != 0) {
        return false;
    }
    *out = v.kind == MV_BOOL && v.truth == T_YES;
    return true;
}

static bool non_binding(struct judge *j, const struct block *b, struct plain *p, uint32_t unit,
                        bool *out)
{
    struct known v;
    *out = false;
    if (!p->has_baseline) {
        return true;
    }
    if (!j->ev->known(j->ev->ctx, &p->before, unit, &v)) {
        return false;
    }
    *out = v.expected > 0 && v.kind != MV_NONE && asked_of(b, p, &v) == T_YES;
    return true;
}

bool judge_plain_row(struct judge *j, const struct block *b, struct plain *p, uint32_t i,
                     struct verdict_row *row, struct share *share)
{
    uint32_t unit = b->units.list.items[i];
    struct known v;
    bool must;
    bool bound;
    if (!applies(j, b, p, i, &must)) {
        return false;
    }
    *share = (struct share){.there = must};
    if (!must) {
        return true;
    }
    if (!j->ev->known(j->ev->ctx, &p->now, unit, &v) || !non_binding(j, b, p, unit, &bound)) {
        return false;
    }
    enum truth holds = asked_of(b, p, &v);
    if (!b->c && holds == T_NO && b->k->kind == CK_CHECK) {
        return false; /* a finding, too */
    }
    uint32_t flags = p->row.flags | judge_flags(v.flags) | (bound ? VF_NON_BINDING : 0);
    *row = p->row;
    verdict_row_number(row, v.kind, v.truth, v.n, v.d);
    row->unit = unit;
    row->reported = v.expected;
    row->expected = v.expected;
    enum truth truth = v.kind == MV_BOOL ? v.truth : mval_none().truth;
    verdict_row_say(row, v.kind, truth, v.flags, judge_state(holds, T_YES, true), flags);
    *share = block_share_of(&(struct said){.state = (enum state)row->state,
                                           .light = LIGHT_NONE,
                                           .flags = flags,
                                           .reported = v.expected,
                                           .expected = v.expected,
                                           .applies = T_YES,
                                           .holds = holds});
    return true;
}
