/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts packed and unpacked. */
#include "model/verdict_row.h"

#include "base/arena.h"

/* What few rows have. */
struct row_rare {
    const struct rat *limits; /* threshold, threshold2; NULL: those of the head */
    const struct rat *caps;   /* used, base, cap, remaining */
    const struct rat *points; /* score_lo, score_hi, score_base */
    const struct sample *sample;
    const struct alternative *alternatives;
    const struct proposal *proposals;
    const uint32_t *counter, *undecided;
    uint32_t n_alternatives, n_proposals, n_counter, n_undecided;
    uint32_t row;
};

enum row_bits {
    BIT_VALUE = 1u << 0,
    BIT_FOR_ALL = 1u << 1,
    BIT_THRESHOLD = 1u << 2,
    BIT_RULE = 1u << 3,
    BIT_CAP = 1u << 4,
    BIT_SCORE = 1u << 5,
};

/* ---- numbers -------------------------------------------------------------------------------- */

static bool fits(i128 x)
{
    return x >= INT64_MIN && x <= INT64_MAX;
}

static struct slim slim_of(struct arena *a, struct rat x)
{
    if (x.big == NULL && fits(x.n) && fits(x.d)) {
        return (struct slim){(int64_t)x.n, (int64_t)x.d};
    }
    struct rat *kept = ARENA_NEW(a, struct rat);
    *kept = rat_dup(a, x);
    return (struct slim){(int64_t)(intptr_t)kept, -1};
}

static struct rat slim_get(struct slim x)
{
    if (x.d >= 0) {
        return (struct rat){.n = x.n, .d = x.d};
    }
    return *(const struct rat *)(intptr_t)x.n; // NOLINT(performance-no-int-to-ptr)
}

static const struct rat *rats(struct arena *a, const struct rat *list, uint32_t n)
{
    struct rat *kept = ARENA_ARRAY(a, struct rat, n);
    for (uint32_t i = 0; i < n; i++) {
        kept[i] = rat_dup(a, list[i]);
    }
    return kept;
}

/* ---- packing -------------------------------------------------------------------------------- */

static bool limits_eq(const struct row_head *h, const struct verdict *v)
{
    return rat_eq(h->threshold, v->threshold) && rat_eq(h->threshold2, v->threshold2);
}

static bool shares(const struct row_head *h, const struct verdict *v)
{
    return h && h->commitment == v->commitment && h->year == v->year && str_eq(h->part, v->part) &&
           str_eq(h->definition, v->definition) && h->clause == v->clause && h->cmp == v->cmp &&
           date_cmp(h->due, v->due) == 0 && date_cmp(h->snapshot, v->snapshot) == 0 &&
           h->at == v->at && (h->has_threshold || !v->has_threshold);
}

static const struct row_head *head_of(struct arena *a, const struct verdict *v)
{
    struct row_head *h = ARENA_NEW(a, struct row_head);
    *h = (struct row_head){.commitment = v->commitment,
                           .year = v->year,
                           .part = v->part,
                           .definition = v->definition,
                           .clause = v->clause,
                           .cmp = v->cmp,
                           .due = v->due,
                           .snapshot = v->snapshot,
                           .at = v->at,
                           .has_threshold = v->has_threshold,
                           .threshold = rat_zero(),
                           .threshold2 = rat_zero()};
    if (v->has_threshold) {
        h->threshold = rat_dup(a, v->threshold);
        h->threshold2 = rat_dup(a, v->threshold2);
    }
    return h;
}

static const struct row_rare *rare_of(struct arena *a, const struct verdict *v, bool own_limits)
{
    if (!own_limits && !v->has_cap && !v->has_score && !v->sample && v->n_alternatives == 0 &&
        v->n_proposals == 0 && v->n_counter == 0 && v->n_undecided == 0 && v->row == NONE) {
        return NULL;
    }
    const struct rat limits[] = {v->threshold, v->threshold2};
    const struct rat caps[] = {v->used, v->base, v->cap, v->remaining};
    const struct rat points[] = {v->score_lo, v->score_hi, v->score_base};
    struct row_rare *x = ARENA_NEW(a, struct row_rare);
    *x = (struct row_rare){.limits = own_limits ? rats(a, limits, 2) : NULL,
                           .caps = v->has_cap ? rats(a, caps, 4) : NULL,
                           .points = v->has_score ? rats(a, points, 3) : NULL,
                           .sample = v->sample,
                           .alternatives = v->alternatives,
                           .n_alternatives = v->n_alternatives,
                           .proposals = v->proposals,
                           .n_proposals = v->n_proposals,
                           .counter = v->counter,
                           .n_counter = v->n_counter,
                           .undecided = v->undecided,
                           .n_undecided = v->n_undecided,
                           .row = v->row};
    return x;
}

struct verdict_row verdict_pack(struct arena *a, const struct verdict *v,
                                const struct row_head **last)
{
    if (!shares(*last, v)) {
        *last = head_of(a, v);
    }
    const struct mval *m = &v->measure;
    bool own_limits = v->has_threshold && !limits_eq(*last, v);
    return (struct verdict_row){
        .head = *last,
        .rare = rare_of(a, v, own_limits),
        .lo = slim_of(a, m->lo),
        .hi = slim_of(a, m->hi),
        .value = slim_of(a, m->has_value ? m->value : rat_zero()),
        .unit = v->unit,
        .reported = m->reported,
        .expected = m->expected,
        .flags = (uint16_t)v->flags,
        .mval_flags = (uint8_t)m->flags,
        .state = (uint8_t)v->state,
        .light = (uint8_t)v->light,
        .kind = (uint8_t)m->kind,
        .truth = (uint8_t)m->truth,
        .fires = (uint8_t)v->fires,
        .withheld = (uint8_t)v->withheld,
        .bits = (uint8_t)((m->has_value ? BIT_VALUE : 0) | (v->for_all ? BIT_FOR_ALL : 0) |
                          (v->has_threshold ? BIT_THRESHOLD : 0) | (v->is_rule ? BIT_RULE : 0) |
                          (v->has_cap ? BIT_CAP : 0) | (v->has_score ? BIT_SCORE : 0))};
}

void verdict_row_say(struct verdict_row *r, enum mval_kind kind, enum truth truth,
                     uint32_t mval_flags, enum state state, uint32_t flags)
{
    bool value = kind == MV_NUMBER || (kind == MV_BOOL && (truth == T_YES || truth == T_NO));
    r->kind = (uint8_t)kind;
    r->truth = (uint8_t)truth;
    r->mval_flags = (uint8_t)mval_flags;
    r->state = (uint8_t)state;
    r->flags = (uint16_t)flags;
    r->bits = (uint8_t)((r->bits & ~(unsigned)BIT_VALUE) | (value ? BIT_VALUE : 0u));
}

void verdict_row_withdraw_value(struct verdict_row *r)
{
    r->bits = (uint8_t)(r->bits & ~(unsigned)BIT_VALUE);
}

void verdict_row_number(struct verdict_row *r, enum mval_kind kind, enum truth truth, int64_t n,
                        int64_t d)
{
    struct slim x = {n, d};
    x = kind == MV_BOOL ? (struct slim){truth == T_YES, 1} : x;
    x = kind == MV_NONE || (kind == MV_BOOL && truth == T_NA) ? (struct slim){0, 1} : x;
    r->lo = x;
    r->hi = x;
    r->value = x;
}

static void add_rare(const struct row_rare *x, struct verdict *v)
{
    if (x->limits) {
        v->threshold = x->limits[0];
        v->threshold2 = x->limits[1];
    }
    if (x->caps) {
        v->used = x->caps[0];
        v->base = x->caps[1];
        v->cap = x->caps[2];
        v->remaining = x->caps[3];
    }
    if (x->points) {
        v->score_lo = x->points[0];
        v->score_hi = x->points[1];
        v->score_base = x->points[2];
    }
    v->sample = x->sample;
    v->alternatives = x->alternatives;
    v->n_alternatives = x->n_alternatives;
    v->proposals = x->proposals;
    v->n_proposals = x->n_proposals;
    v->counter = x->counter;
    v->n_counter = x->n_counter;
    v->undecided = x->undecided;
    v->n_undecided = x->n_undecided;
    v->row = x->row;
}

struct verdict verdict_unpack(const struct verdict_row *r)
{
    const struct row_head *h = r->head;
    bool has_threshold = (r->bits & BIT_THRESHOLD) != 0;
    struct verdict v = {.commitment = h->commitment,
                        .part = h->part,
                        .unit = r->unit,
                        .year = h->year,
                        .state = (enum state)r->state,
                        .light = (enum light)r->light,
                        .flags = r->flags,
                        .measure = {.kind = (enum mval_kind)r->kind,
                                    .truth = (enum truth)r->truth,
                                    .has_value = (r->bits & BIT_VALUE) != 0,
                                    .lo = slim_get(r->lo),
                                    .hi = slim_get(r->hi),
                                    .value = slim_get(r->value),
                                    .reported = r->reported,
                                    .expected = r->expected,
                                    .flags = r->mval_flags},
                        .definition = h->definition,
                        .clause = h->clause,
                        .cmp = h->cmp,
                        .has_threshold = has_threshold,
                        .threshold = has_threshold ? h->threshold : rat_zero(),
                        .threshold2 = has_threshold ? h->threshold2 : rat_zero(),
                        .for_all = (r->bits & BIT_FOR_ALL) != 0,
                        .due = h->due,
                        .snapshot = h->snapshot,
                        .at = h->at,
                        .withheld = (enum withheld)r->withheld,
                        .row = NONE,
                        .is_rule = (r->bits & BIT_RULE) != 0,
                        .fires = (enum truth)r->fires,
                        .has_cap = (r->bits & BIT_CAP) != 0,
                        .used = rat_zero(),
                        .base = rat_zero(),
                        .cap = rat_zero(),
                        .remaining = rat_zero(),
                        .has_score = (r->bits & BIT_SCORE) != 0,
                        .score_lo = rat_zero(),
                        .score_hi = rat_zero(),
                        .score_base = rat_zero()};
    if (r->rare) {
        add_rare(r->rare, &v);
    }
    return v;
}

static struct slim slim_move(struct arena *a, struct slim x)
{
    return x.d >= 0 ? x : slim_of(a, slim_get(x));
}

static bool of_its_base(const struct row_rare *x)
{
    return x->sample || x->n_alternatives > 0 || x->n_proposals > 0 || x->n_counter > 0 ||
           x->n_undecided > 0 || x->row != NONE;
}

bool verdict_row_move(struct arena *a, const struct verdict_row *from, const struct row_head *head,
                      uint32_t unit, struct verdict_row *out)
{
    if (from->rare && of_its_base(from->rare)) {
        return false;
    }
    *out = *from;
    out->head = head;
    out->unit = unit;
    out->lo = slim_move(a, from->lo);
    out->hi = slim_move(a, from->hi);
    out->value = slim_move(a, from->value);
    if (from->rare) {
        struct row_rare *x = ARENA_NEW(a, struct row_rare);
        *x = (struct row_rare){.limits = from->rare->limits ? rats(a, from->rare->limits, 2) : NULL,
                               .caps = from->rare->caps ? rats(a, from->rare->caps, 4) : NULL,
                               .points = from->rare->points ? rats(a, from->rare->points, 3) : NULL,
                               .row = NONE};
        out->rare = x;
    }
    return true;
}

/* ---- whole verdicts ------------------------------------------------------------------------- */

static void mval_move(struct arena *a, struct mval *m)
{
    m->lo = rat_dup(a, m->lo);
    m->hi = rat_dup(a, m->hi);
    m->value = m->has_value ? rat_dup(a, m->value) : rat_zero();
    m->basis = NULL;
    m->n_basis = 0;
}

static const uint32_t *ids_dup(struct arena *a, const uint32_t *ids, uint32_t n)
{
    uint32_t *kept = n > 0 ? ARENA_ARRAY(a, uint32_t, n) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        kept[i] = ids[i];
    }
    return kept;
}

static const struct sample *sample_dup(struct arena *a, const struct sample *s)
{
    struct sample *out = ARENA_NEW(a, struct sample);
    struct str *ids = ARENA_ARRAY(a, struct str, s->n);
    struct sample_stratum *strata = ARENA_ARRAY(a, struct sample_stratum, s->n_strata);
    for (uint32_t i = 0; i < s->n; i++) {
        ids[i] = str_dup(a, s->ids[i]);
    }
    for (uint32_t i = 0; i < s->n_strata; i++) {
        strata[i] = s->strata[i];
        strata[i].name = str_dup(a, s->strata[i].name);
    }
    *out = (struct sample){ids, s->n, s->population, strata, s->n_strata};
    return out;
}

static const struct alternative *alternatives_dup(struct arena *a, const struct verdict *v)
{
    struct alternative *list = ARENA_ARRAY(a, struct alternative, v->n_alternatives);
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        list[i] = v->alternatives[i];
        mval_move(a, &list[i].measure);
    }
    return list;
}

static const struct proposal *proposals_dup(struct arena *a, const struct verdict *v)
{
    struct proposal *list = ARENA_ARRAY(a, struct proposal, v->n_proposals);
    for (uint32_t i = 0; i < v->n_proposals; i++) {
        list[i] = v->proposals[i];
        list[i].from = rat_dup(a, list[i].from);
        list[i].to = rat_dup(a, list[i].to);
    }
    return list;
}

struct verdict verdict_dup(struct arena *a, const struct verdict *v)
{
    struct verdict out = *v;
    struct rat *numbers[] = {&out.threshold, &out.threshold2, &out.used,
                             &out.base,      &out.cap,        &out.remaining,
                             &out.score_lo,  &out.score_hi,   &out.score_base};
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = rat_dup(a, *numbers[i]);
    }
    mval_move(a, &out.measure);
    out.counter = ids_dup(a, v->counter, v->n_counter);
    out.undecided = ids_dup(a, v->undecided, v->n_undecided);
    out.sample = v->sample ? sample_dup(a, v->sample) : NULL;
    out.alternatives = v->n_alternatives > 0 ? alternatives_dup(a, v) : NULL;
    out.proposals = v->n_proposals > 0 ? proposals_dup(a, v) : NULL;
    return out;
}
