/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks and stages, judged on evidence (C01, C22). */
#include "base/arena.h"
#include "engine/judge_int.h"

/* Evidence of a task or stage at a unit that is known and dated within first..last. */
static uint32_t evidence(const struct judge *j, uint32_t commitment, uint32_t stage, uint32_t unit,
                         struct date first, struct date last, struct date *latest)
{
    const struct dataset *d = cells_dataset(j->cells);
    uint32_t n = 0;
    *latest = DATE_MIN;
    for (uint32_t i = 0; i < d->n_evidence; i++) {
        const struct evidence *x = &d->evidence[i];
        bool seen = x->commitment == commitment && x->stage == stage && x->unit == unit &&
                    date_cmp(x->from.recorded, j->as_of) <= 0 && date_cmp(x->day, j->as_of) <= 0 &&
                    date_cmp(first, x->day) <= 0 && date_cmp(x->day, last) <= 0;
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
    bool after;
    bool broken; /* out of order (C01) */
};

static void push(struct judge *j, struct verdict v, const struct unit_ids *units, uint32_t i,
                 struct record r, struct unit_rows *rows)
{
    enum truth applies = judge_belongs(units, i, T_YES);
    bool met = r.done && !r.broken;
    bool missed = applies == T_YES && (r.after || r.broken);
    v.unit = units->list.items[i];
    v.measure = on_record(r.done, r.after || r.broken);
    v.state = met ? ST_MET : missed ? ST_MISSED : r.after ? ST_UNKNOWN : ST_PENDING;
    v.flags |= v.state == ST_MET && !r.after ? VF_EARLY : 0;
    v.light = v.state == ST_PENDING ? LIGHT_GREY : LIGHT_NONE;
    judge_push(j, v);
    enum truth holds = met ? T_YES : r.after || r.broken ? T_NO : T_UNKNOWN;
    vec_push(j->arena, &rows->list,
             (struct unit_row){v.unit, applies, holds, v.state, v.light, v.flags,
                               v.measure.reported, 1});
}

/* A task in one period (or by one deadline), at every unit of its scope. */
static void task_once(struct judge *j, uint32_t commitment, const struct occasion *o,
                      struct date first, struct str part)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct date day = date_earlier(o->due, j->as_of);
    struct unit_ids units = judge_units(j, k->scopes, k->n_scopes, commitment, day, o->year);
    struct unit_rows rows = {0};
    struct verdict model = judge_blank(j, commitment, o->year);
    model.part = part;
    model.due = o->due;
    model.snapshot = day;
    model.flags = k->modality == MOD_MUST ? 0 : VF_STRIVE;
    for (uint32_t i = 0; i < units.list.n; i++) {
        struct date latest;
        uint32_t n = evidence(j, commitment, NONE, units.list.items[i], first, o->due, &latest);
        push(j, model, &units, i, (struct record){n >= k->times, o->after, false}, &rows);
    }
    if (!judge_only_root(k->scopes, k->n_scopes)) {
        judge_above(j, &units, &rows, day, &model, o->after, false, rat_zero());
    }
}

/* 新鲜: a standing duty; the latest evidence is at most n days old, n days ago included. */
static void task_fresh(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    int32_t year = date_year(j->as_of);
    year = year < j->plan->first_year ? j->plan->first_year : year;
    year = year > j->plan->last_year ? j->plan->last_year : year;
    struct unit_ids units = judge_units(j, k->scopes, k->n_scopes, commitment, j->as_of, year);
    struct unit_rows rows = {0};
    struct verdict model = judge_blank(j, commitment, year);
    model.flags = k->modality == MOD_MUST ? 0 : VF_STRIVE;
    struct date first = date_add_days(j->as_of, -k->fresh_days);
    for (uint32_t i = 0; i < units.list.n; i++) {
        struct date latest;
        uint32_t n = evidence(j, commitment, NONE, units.list.items[i], first, j->as_of, &latest);
        push(j, model, &units, i, (struct record){n > 0, true, false}, &rows);
    }
    if (!judge_only_root(k->scopes, k->n_scopes)) {
        judge_above(j, &units, &rows, j->as_of, &model, true, false, rat_zero());
    }
}

static void task_periods(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    bool whole = k->when.every == PERIOD_YEAR || k->when.every == PERIOD_SCHOOL_YEAR;
    for (int32_t y = k->when.from_year; y <= k->when.to_year; y++) {
        struct period all[PERIOD_PER_YEAR];
        int32_t n = period_all_of_year(k->when.every, y, all);
        for (int32_t i = 0; i < n; i++) {
            char text[PERIOD_TEXT_BYTES];
            struct occasion o = {
                .year = y, .measure = NONE, .when = k->when, .due = period_last(all[i])};
            o.after = date_cmp(j->as_of, o.due) > 0;
            task_once(j, commitment, &o, period_first(all[i]),
                      whole ? STR("") : str_dup(j->arena, period_text(all[i], text)));
        }
    }
}

static void stages(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    for (uint32_t s = 0; s < k->n_stages; s++) {
        struct occasion o = {
            .year = k->stages[s].when.to_year, .measure = NONE, .when = k->stages[s].when};
        if (!judge_due(j, k, &o)) {
            continue;
        }
        struct date day = date_earlier(o.due, j->as_of);
        struct unit_ids units = judge_units(j, k->scopes, k->n_scopes, commitment, day, o.year);
        struct unit_rows rows = {0};
        struct verdict model = judge_blank(j, commitment, o.year);
        model.part = k->stages[s].name;
        model.due = o.due;
        model.snapshot = day;
        model.flags = k->modality == MOD_MUST ? 0 : VF_STRIVE;
        for (uint32_t i = 0; i < units.list.n; i++) {
            uint32_t unit = units.list.items[i];
            struct date latest;
            struct date before;
            bool any = evidence(j, commitment, s, unit, DATE_MIN, DATE_MAX, &latest) > 0;
            bool done = evidence(j, commitment, s, unit, DATE_MIN, o.due, &latest) > 0;
            bool broken = false;
            for (uint32_t e = 0; any && e < s; e++) {
                struct date until = date_cmp(latest, DATE_MIN) == 0 ? DATE_MAX : latest;
                broken = broken || evidence(j, commitment, e, unit, DATE_MIN, until, &before) == 0;
            }
            if (broken) {
                judge_finding(j, (struct finding){.kind = FINDING_STAGE_OUT_OF_ORDER,
                                                  .commitment = commitment,
                                                  .unit = unit,
                                                  .item = NONE,
                                                  .year = o.year,
                                                  .text = k->stages[s].name});
            }
            push(j, model, &units, i, (struct record){done, o.after, broken}, &rows);
        }
        if (!judge_only_root(k->scopes, k->n_scopes)) {
            judge_above(j, &units, &rows, day, &model, o.after, false, rat_zero());
        }
    }
}

enum rc judge_tasks(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    if (k->kind == CK_STAGES) {
        stages(j, commitment);
    } else if (k->fresh_days > 0) {
        task_fresh(j, commitment);
    } else if (k->when.kind == WHEN_EACH) {
        task_periods(j, commitment);
    } else {
        struct occasion o = {.year = k->when.to_year, .measure = NONE, .when = k->when};
        if (judge_due(j, k, &o)) {
            task_once(j, commitment, &o, DATE_MIN, STR(""));
        }
    }
    return RC_OK;
}
