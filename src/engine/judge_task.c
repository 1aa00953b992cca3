/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks and stages, judged on evidence (C01, C22). */
#include "base/arena.h"
#include "base/map.h"
#include "engine/judge_int.h"

static uint64_t evidence_key(uint32_t commitment, uint32_t unit)
{
    return (uint64_t)commitment << 32 | unit;
}

void judge_evidence(struct judge *j)
{
    const struct dataset *d = cells_dataset(j->cells);
    for (uint32_t i = j->evidence.next.n; i < d->n_evidence; i++) {
        uint64_t key = evidence_key(d->evidence[i].commitment, d->evidence[i].unit);
        uint32_t before = NONE;
        (void)map_u64_get(&j->evidence.first, key, &before);
        vec_push(j->keeps, &j->evidence.next, before);
        map_u64_put(j->keeps, &j->evidence.first, key, i);
    }
}

/* Evidence of a task or stage at a unit that is known and dated within first..last. */
static uint32_t evidence(const struct judge *j, uint32_t commitment, uint32_t stage, uint32_t unit,
                         struct date first, struct date last, struct date *latest)
{
    const struct dataset *d = cells_dataset(j->cells);
    uint32_t n = 0;
    uint32_t i = NONE;
    *latest = DATE_MIN;
    (void)map_u64_get(&j->evidence.first, evidence_key(commitment, unit), &i);
    for (; i != NONE; i = j->evidence.next.items[i]) {
        const struct evidence *x = &d->evidence[i];
        bool seen = x->stage == stage && date_cmp(x->from.recorded, j->as_of) <= 0 &&
                    date_cmp(x->day, j->as_of) <= 0 && date_cmp(first, x->day) <= 0 &&
                    date_cmp(x->day, last) <= 0;
        if (seen) {
            n++;
            *latest = date_later(*latest, x->day);
        }
    }
    return n;
}

/* Nothing on record after the deadline is missed, before it pending (C22). */
static struct mval on_record(bool done, bool after)
{
    struct mval v = mval_truth(done ? T_YES : after ? T_NO : T_UNKNOWN);
    v.expected = 1;
    v.reported = done;
    return v;
}

/* What is on record of unit i of a scope. */
struct record {
    bool done;
    bool broken; /* out of order (C01) */
};

static void row_of(struct judge *j, const struct block *b, uint32_t i, struct record r,
                   struct found *out)
{
    struct verdict v = b->model;
    bool after = b->o.after;
    bool met = r.done && !r.broken;
    out->applies = judge_belongs(&b->units, i, T_YES);
    out->holds = met ? T_YES : after || r.broken ? T_NO : T_UNKNOWN;
    bool missed = out->applies == T_YES && (after || r.broken);
    v.unit = b->units.list.items[i];
    v.measure = on_record(r.done, after || r.broken);
    v.state = met ? ST_MET : missed ? ST_MISSED : after ? ST_UNKNOWN : ST_PENDING;
    v.flags |= v.state == ST_MET && !after ? VF_EARLY : 0;
    v.light = v.state == ST_PENDING ? LIGHT_GREY : LIGHT_NONE;
    vec_push(j->arena, &out->rows, v);
}

/* A task in one period (or by one deadline), or 新鲜: a standing duty. */
static enum rc task_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    struct date latest;
    bool fresh = b->k->fresh_days > 0;
    uint32_t unit = b->units.list.items[i];
    uint32_t n = evidence(j, b->commitment, NONE, unit, b->first, b->o.due, &latest);
    row_of(j, b, i, (struct record){fresh ? n > 0 : n >= b->k->times, false}, out);
    return RC_OK;
}

static enum rc stage_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    uint32_t unit = b->units.list.items[i];
    uint32_t s = b->stage;
    struct date latest;
    struct date before;
    bool any = evidence(j, b->commitment, s, unit, DATE_MIN, DATE_MAX, &latest) > 0;
    bool done = evidence(j, b->commitment, s, unit, DATE_MIN, b->o.due, &latest) > 0;
    bool broken = false;
    for (uint32_t e = 0; any && e < s; e++) {
        struct date until = date_cmp(latest, DATE_MIN) == 0 ? DATE_MAX : latest;
        broken = broken || evidence(j, b->commitment, e, unit, DATE_MIN, until, &before) == 0;
    }
    if (broken) {
        judge_finding(j, (struct finding){.kind = FINDING_STAGE_OUT_OF_ORDER,
                                          .commitment = b->commitment,
                                          .unit = unit,
                                          .item = NONE,
                                          .year = b->o.year,
                                          .text = b->k->stages[s].name});
    }
    row_of(j, b, i, (struct record){done, broken}, out);
    return RC_OK;
}

/* At every unit of the scope, on the day that it is due or known of. */
static enum rc open(struct judge *j, struct block *b, struct str part)
{
    b->day = date_earlier(b->o.due, j->as_of);
    b->units = judge_units(j, b->k->scopes, b->k->n_scopes, b->commitment, b->day, b->o.year);
    b->model = judge_blank(j, b->commitment, b->o.year);
    b->model.part = part;
    b->model.due = b->o.due;
    b->model.snapshot = b->day;
    b->model.flags = b->k->modality == MOD_MUST ? 0 : VF_STRIVE;
    b->above = !judge_only_root(b->k->scopes, b->k->n_scopes);
    return j->each(j, b);
}

static struct block task(const struct judge *j, uint32_t commitment, struct occasion o)
{
    return (struct block){.commitment = commitment,
                          .k = &j->plan->commitments[commitment],
                          .o = o,
                          .measure = NONE,
                          .first = DATE_MIN,
                          .tolerance = rat_zero(),
                          .unit = task_of_unit};
}

/* The latest evidence is at most n days old, n days ago included. */
static enum rc task_fresh(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    int32_t year = date_year(j->as_of);
    year = year < j->plan->first_year ? j->plan->first_year : year;
    year = year > j->plan->last_year ? j->plan->last_year : year;
    struct occasion o = {.year = year, .measure = NONE, .due = j->as_of, .after = true};
    struct block b = task(j, commitment, o);
    b.first = date_add_days(j->as_of, -k->fresh_days);
    return open(j, &b, STR(""));
}

static enum rc task_periods(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    bool whole = k->when.every == PERIOD_YEAR || k->when.every == PERIOD_SCHOOL_YEAR;
    enum rc rc = RC_OK;
    for (int32_t y = k->when.from_year; y <= k->when.to_year; y++) {
        struct period all[PERIOD_PER_YEAR];
        int32_t n = period_all_of_year(k->when.every, y, all);
        for (int32_t i = 0; rc == RC_OK && i < n; i++) {
            char text[PERIOD_TEXT_BYTES];
            struct occasion o = {
                .year = y, .measure = NONE, .when = k->when, .due = period_last(all[i])};
            o.after = date_cmp(j->as_of, o.due) > 0;
            struct block b = task(j, commitment, o);
            b.first = period_first(all[i]);
            rc = open(j, &b, whole ? STR("") : str_dup(j->arena, period_text(all[i], text)));
        }
    }
    return rc;
}

static enum rc stages(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    enum rc rc = RC_OK;
    for (uint32_t s = 0; rc == RC_OK && s < k->n_stages; s++) {
        struct occasion o = {
            .year = k->stages[s].when.to_year, .measure = NONE, .when = k->stages[s].when};
        if (!judge_due(j, k, &o)) {
            continue;
        }
        struct block b = task(j, commitment, o);
        b.stage = s;
        b.unit = stage_of_unit;
        rc = open(j, &b, k->stages[s].name);
    }
    return rc;
}

enum rc judge_tasks(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    if (k->kind == CK_STAGES) {
        return stages(j, commitment);
    }
    if (k->fresh_days > 0) {
        return task_fresh(j, commitment);
    }
    if (k->when.kind == WHEN_EACH) {
        return task_periods(j, commitment);
    }
    struct occasion o = {.year = k->when.to_year, .measure = NONE, .when = k->when};
    if (!judge_due(j, k, &o)) {
        return RC_OK;
    }
    struct block b = task(j, commitment, o);
    return open(j, &b, STR(""));
}
