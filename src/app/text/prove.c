/* SPDX-License-Identifier: Apache-2.0 */
/* What a printed figure may mean, what that is, and whether the two are the same. */
#include "app/text/prove_int.h"

#include "base/arena.h"
#include "base/err.h"
#include "engine/ref.h"
#include "model/dataset.h"
#include "model/plan.h"

#define PAST_DAYS                                                                                  \
    8 /* ends of quarters back from the day, on which a figure may have been right                 \
       */
#define ABOUT_USUAL     rat_frac(1, 20) /* of 约, where the plan declares nothing */
#define MATCHES_MAX     6
#define CHANGE_DECIMALS 4
#define FIGURES_MAX     20000U

struct prover {
    struct proofs *out;
    struct arena *a;
    const struct explain *x;
    uint32_t unit;
    struct names names;
    struct printer printer;
    struct map_u64 rows; /* commitment and unit -> number of its first row, from 1 */
    struct date days[PAST_DAYS];
    struct cells *past[PAST_DAYS];
    struct evaluator past_ev[PAST_DAYS];
    struct err *e;
};

/* A figure on its way to a verdict. */
struct claim {
    const struct stated *s;
    struct rat factor; /* of its unit */
    struct dim dim;
    struct rat printed, most, step; /* in base units */
};

/* ---- the same? ------------------------------------------------------------------------------ */

/* x to whole steps of the last printed digit, half away from zero (C26). */
static struct rat rounded(struct arena *a, struct rat x, struct rat step)
{
    return rat_mul(a, rat_round_half_away(a, rat_div(a, x, step)), step);
}

static bool about(struct prover *p, const struct claim *c, struct rat x)
{
    const struct plan *plan = p->out->answer->plan;
    struct rat t = rat_sign(plan->about) >= 0 ? plan->about : ABOUT_USUAL;
    struct rat slack = rat_mul(p->a, c->printed, t);
    return rat_cmp(rat_sub(p->a, c->printed, slack), x) <= 0 &&
           rat_cmp(x, rat_add(p->a, c->printed, slack)) <= 0;
}

static bool same(struct prover *p, const struct claim *c, struct rat x)
{
    if (rat_is_inf(x)) {
        return false;
    }
    if (c->s->range) {
        return rat_cmp(c->printed, x) <= 0 && rat_cmp(x, c->most) <= 0;
    }
    switch (c->s->relation) {
    case STATED_AT_LEAST:
        return rat_cmp(x, c->printed) >= 0;
    case STATED_AT_MOST:
        return rat_cmp(x, c->printed) <= 0;
    case STATED_ABOUT:
        return about(p, c, x);
    case STATED_EQUALS:
        break;
    }
    return rat_eq(rounded(p->a, x, c->step), c->printed);
}

/* ---- items ---------------------------------------------------------------------------------- */

/* All digits that are held: it is what somebody will write in place of a wrong figure. */
static struct str item_text(struct prover *p, const struct datum *d, struct rat x)
{
    struct str s = rat_dec_str(p->a, rat_div(p->a, x, d->factor), PRINT_DECIMALS_MAX, NULL);
    return str_cat(p->a, s, d->unit);
}

static bool may_item(const struct prover *p, uint32_t item, uint32_t unit)
{
    const struct explain_book *k = p->x->book;
    struct str code = p->out->answer->tree->units[unit].code;
    return !k || k->may(k->ctx, "fact.read", code, p->out->answer->plan->items[item].d.class_);
}

/* An earlier version of the fact was the printed one. */
static void item_stale(struct prover *p, const struct claim *c, struct proof_match *m,
                       const struct cell *cell)
{
    const struct dataset *d = cells_dataset(p->x->cells);
    char day[DATE_TEXT_BYTES];
    if (cell->fact == NONE) {
        return;
    }
    const struct fact *now = &d->facts[cell->fact];
    for (uint32_t i = cell->fact; i-- > 0;) {
        const struct fact *f = &d->facts[i];
        if (f->item != now->item || f->unit != now->unit || !period_eq(f->period, now->period)) {
            return;
        }
        if (f->value.has && f->status == ROW_ACCEPTED && same(p, c, f->value.num)) {
            m->stale = str_dup(p->a, date_text(f->from.recorded, day));
            return;
        }
    }
}

static bool item_value(struct prover *p, const struct claim *c, struct proof_match *m)
{
    const struct item *item = &p->out->answer->plan->items[m->ix];
    struct period period;
    char day[DATE_TEXT_BYTES];
    m->sealed = item->d.class_ == CLASS_SEALED;
    if (m->sealed || !may_item(p, m->ix, m->unit) ||
        !period_make(item->period, m->year, period_count(item->period, m->year), &period)) {
        return false;
    }
    struct cell cell = cells_item(p->a, p->x->cells, m->ix, m->unit, period);
    if (!cell.known) {
        return false;
    }
    m->there = true;
    m->lo = m->hi = m->value = cell.lo;
    m->text = item_text(p, &item->d, cell.lo);
    if (cell.fact != NONE) {
        struct date recorded = cells_dataset(p->x->cells)->facts[cell.fact].from.recorded;
        m->recorded =
            date_cmp(recorded, DATE_MIN) == 0 ? STR("") : str_dup(p->a, date_text(recorded, day));
    }
    m->fits = same(p, c, cell.lo);
    if (!m->fits) {
        item_stale(p, c, m, &cell);
    }
    return true;
}

/* ---- measures ------------------------------------------------------------------------------- */

static uint64_t row_name(uint32_t commitment, uint32_t unit)
{
    return (uint64_t)commitment << 32 | unit;
}

/* The row of eval; false: there is none. */
static bool row_of(struct prover *p, const struct proof_match *m, struct verdict *out)
{
    const struct verdicts *vs = &p->out->answer->verdicts;
    uint32_t first = 0;
    uint32_t page = 0;
    bool any = map_u64_get(&p->rows, row_name(m->ix, m->unit), &first);
    for (uint32_t i = first - 1; any && i < vs->rows.n; i++) {
        struct row_key key = verdicts_key(vs, i, &page);
        if (key.head->commitment != m->ix) {
            break;
        }
        if (key.unit == m->unit && key.head->year == m->year && key.head->part.n == 0) {
            *out = verdicts_at(vs, i);
            return !out->for_all && out->at && out->measure.kind == MV_NUMBER;
        }
    }
    return false;
}

static bool may_measure(const struct prover *p, uint32_t unit)
{
    const struct explain_book *k = p->x->book;
    struct str code = p->out->answer->tree->units[unit].code;
    return !k || k->may(k->ctx, "verdict.read", code, CLASS_INTERNAL);
}

/* A year that is not judged is measured all the same, as explain would; false: it cannot be. */
static enum rc measured(struct prover *p, const struct proof_match *m, struct verdict *out,
                        bool *there)
{
    const struct plan *plan = p->out->answer->plan;
    const struct commitment *k = &plan->commitments[m->ix];
    const struct definition *d = definition_in_force(k, m->year);
    struct clause *clause = ARENA_NEW(p->a, struct clause);
    struct moment *at = ARENA_NEW(p->a, struct moment);
    uint32_t e = d ? d->measure : k->n_targets > 0 ? k->targets[0].measure : NONE;
    *there = e != NONE && may_measure(p, m->unit) &&
             moment_of_year(plan, e, k->has_point ? &k->point : NULL, m->year,
                            p->out->answer->as_of, at);
    if (!*there) {
        return RC_OK;
    }
    clause->measure = e;
    *out = (struct verdict){
        .commitment = m->ix, .unit = m->unit, .year = m->year, .clause = clause, .at = at};
    out->withheld = seal_figure(p->x->seal, e, m->unit, *at);
    return p->x->ev->measure(p->x->ev->ctx, p->a, e, m->unit, *at, &out->measure);
}

/* Known in part at least. */
static bool has_figure(const struct verdict *v)
{
    const struct mval *x = &v->measure;
    return (x->flags & MF_ROOT) == 0 && x->kind == MV_NUMBER && x->has_value && x->reported > 0;
}

/* Rounded as printed, the figure would stand on the other side of what is required. */
static bool contradicts(const struct claim *c, const struct verdict *v, struct rat x)
{
    bool floor = v->cmp == CMP_GE || v->cmp == CMP_REACH || v->cmp == CMP_GT || v->cmp == CMP_BARE;
    bool ceiling = v->cmp == CMP_LE || v->cmp == CMP_LT;
    if (!v->has_threshold || c->s->relation != STATED_EQUALS || c->s->range) {
        return false;
    }
    int32_t really = rat_cmp(x, v->threshold);
    int32_t printed = rat_cmp(c->printed, v->threshold);
    return (floor && really < 0 && printed >= 0) || (ceiling && really > 0 && printed <= 0);
}

/* The cells of the plan on an earlier day, made when they are first wanted. */
static enum rc past_of(struct prover *p, uint32_t i)
{
    if (p->past[i]) {
        return RC_OK;
    }
    const struct plan *plan = p->out->answer->plan;
    TRY(cells_make(p->a, plan, cells_dataset(p->x->cells), p->days[i], &p->past[i], p->e));
    return ref_make(p->a, p->past[i], &p->past_ev[i], p->e);
}

/* On an earlier day the measure was the printed one. */
static enum rc measure_stale(struct prover *p, const struct claim *c, struct proof_match *m,
                             const struct verdict *v)
{
    uint32_t e = print_measure_of(p->out->answer->plan, v);
    char day[DATE_TEXT_BYTES];
    for (uint32_t i = 0; i < PAST_DAYS && e != NONE && m->stale.n == 0; i++) {
        struct moment then = *v->at;
        struct mval x = {0};
        TRY(past_of(p, i));
        then.as_of = p->days[i];
        TRY(p->past_ev[i].measure(p->past_ev[i].ctx, p->a, e, v->unit, then, &x));
        if (x.kind == MV_NUMBER && x.has_value && (x.flags & MF_SEALED) == 0 &&
            same(p, c, x.value)) {
            m->stale = str_dup(p->a, date_text(p->days[i], day));
        }
    }
    return RC_OK;
}

static enum rc measure_value(struct prover *p, const struct claim *c, struct proof_match *m)
{
    struct verdict v;
    bool there = row_of(p, m, &v);
    if (!there) {
        TRY(measured(p, m, &v, &there));
    }
    m->sealed = there && (v.withheld != SHOWN || (v.measure.flags & MF_SEALED) != 0); /* PV1 */
    if (!there || m->sealed || !has_figure(&v)) {
        return RC_OK;
    }
    m->there = true;
    m->lo = v.measure.lo;
    m->hi = v.measure.hi;
    m->value = v.measure.value;
    m->partly = !rat_eq(m->lo, m->hi);
    m->text = print_figure(&p->printer, &v, m->value, v.has_threshold ? &v.threshold : NULL);
    m->contradicts = contradicts(c, &v, m->value);
    m->fits = same(p, c, m->value) && !m->contradicts;
    return m->fits || m->contradicts ? RC_OK : measure_stale(p, c, m, &v);
}

/* ---- one figure ----------------------------------------------------------------------------- */

static enum rc value_in(struct prover *p, const struct claim *c, struct proof_match *m,
                        int32_t year)
{
    m->year = year;
    if (m->item) {
        (void)item_value(p, c, m);
        return RC_OK;
    }
    return measure_value(p, c, m);
}

/* 提高2个百分点: against the year before. */
static enum rc change_in(struct prover *p, const struct claim *c, struct proof_match *m,
                         int32_t year)
{
    struct proof_match before = *m;
    TRY(value_in(p, c, m, year));
    TRY(value_in(p, c, &before, year - 1));
    m->there = m->there && before.there && !m->partly && !before.partly;
    m->contradicts = false;
    m->stale = STR("");
    if (m->there) {
        m->value = m->lo = m->hi = rat_sub(p->a, m->value, before.value);
        struct rat shown = rat_div(p->a, m->value, c->factor);
        m->text = str_cat(p->a, rat_dec_str(p->a, shown, CHANGE_DECIMALS, NULL), c->s->unit);
        m->fits = same(p, c, m->value);
    }
    return RC_OK;
}

/* Of the year that is said; else of the latest one with a figure, and an earlier one is stale. */
static enum rc value_of(struct prover *p, const struct claim *c, struct proof_match *m)
{
    const struct plan *plan = p->out->answer->plan;
    int32_t last = date_year(p->out->answer->as_of);
    last = last < plan->last_year || m->item ? last : plan->last_year;
    if (c->s->change) {
        return change_in(p, c, m, c->s->year != 0 ? c->s->year : last);
    }
    if (c->s->year != 0) {
        return value_in(p, c, m, c->s->year);
    }
    for (int32_t year = last; year >= plan->baseline_year && !m->there; year--) {
        TRY(value_in(p, c, m, year));
    }
    int32_t found = m->year;
    for (int32_t year = found - 1;
         m->there && !m->fits && m->stale.n == 0 && !m->contradicts && year >= plan->baseline_year;
         year--) {
        struct proof_match earlier = *m;
        earlier.there = false;
        TRY(value_in(p, c, &earlier, year));
        if (earlier.there && earlier.fits) {
            m->stale = rat_frac_str(p->a, rat_int(year));
        }
    }
    return RC_OK;
}

static enum proof_state state_of(const struct proof *f)
{
    uint32_t there = 0;
    uint32_t different = 0;
    const struct proof_match *first = NULL;
    for (uint32_t i = 0; i < f->matches.n; i++) {
        const struct proof_match *m = &f->matches.items[i];
        if (m->sealed) {
            return PROOF_SEALED;
        }
        if (!m->there) {
            continue;
        }
        if (m->fits) {
            return PROOF_SAME;
        }
        first = first ? first : m;
        different += there > 0 && !rat_eq(m->value, first->value);
        there++;
    }
    if (f->matches.n == 0) {
        return PROOF_UNKNOWN;
    }
    if (there == 0) {
        return PROOF_NO_DATA;
    }
    return different > 0 || first->loose ? PROOF_SEVERAL
           : first->stale.n > 0          ? PROOF_STALE
                                         : PROOF_WRONG;
}

static void scale(struct arena *a, struct claim *c, struct rat factor)
{
    c->factor = factor;
    c->printed = rat_mul(a, c->s->value, factor);
    c->most = rat_mul(a, c->s->most, factor);
    c->step = rat_mul(a, c->s->step, factor);
}

/* The claim in base units; false: its unit is none of the plan. A measure word that the plan does
 * not know counts things. */
static bool make_claim(struct prover *p, const struct stated *s, struct claim *c)
{
    *c = (struct claim){.s = s, .factor = rat_one(), .dim = dim_of(DIM_THING)};
    struct dim dim = dim_none();
    struct rat factor = rat_one();
    if (uom_parse_suffix(p->a, &p->out->answer->plan->uom, s->unit, &factor, &dim, NULL)) {
        c->dim = dim_settle(dim);
        c->factor = factor;
    }
    scale(p->a, c, c->factor);
    return rat_sign(c->step) > 0;
}

/* What stands nearest: in the phrase; in the sentence so far, where the phrase names but a unit; in
 * the table. */
static void find_things(struct prover *p, const struct stated *s, const struct dim *dim,
                        thing_ids *out)
{
    uint32_t unit_bytes = 0;
    (void)names_unit(&p->names, s->phrase, p->out->answer->as_of, &unit_bytes);
    bool bare = s->noun_bytes <= unit_bytes;
    struct str before = bare ? str_cat(p->a, s->before, s->phrase) : STR("");
    const struct str places[] = {s->phrase, before, str_cat(p->a, s->row, s->column)};
    for (uint32_t i = 0; i < sizeof places / sizeof *places && out->n == 0; i++) {
        names_find(&p->names, places[i], dim, out);
    }
}

static uint32_t unit_of(struct prover *p, const struct stated *s)
{
    struct date day = p->out->answer->as_of;
    const struct str places[] = {s->phrase, s->before, s->row, s->column};
    uint32_t unit = TREE_NONE;
    uint32_t bytes = 0;
    for (uint32_t i = 0; i < sizeof places / sizeof *places && unit == TREE_NONE; i++) {
        unit = names_unit(&p->names, places[i], day, &bytes);
    }
    return unit == TREE_NONE ? p->unit : unit;
}

/* In a table a bare figure is in the unit of the thing; a rate in percent. */
static void scale_cell(struct prover *p, struct claim *c, const struct thing *t)
{
    bool rate = dim_is_none(t->dim) && str_find(t->name, STR("率"), 0) != STR_NONE;
    struct rat percent = rat_frac(1, 100);
    struct rat own = t->item ? p->out->answer->plan->items[t->ix].d.factor : rat_one();
    scale(p->a, c, rate && !t->item ? percent : own);
}

static enum rc add_matches(struct prover *p, struct claim *c, struct proof *f)
{
    thing_ids things = {0};
    uint32_t unit = unit_of(p, c->s);
    bool cell = c->s->row.n > 0 && c->s->unit.n == 0;
    find_things(p, c->s, cell ? NULL : &c->dim, &things);
    for (uint32_t i = 0; i < things.n && i < MATCHES_MAX; i++) {
        const struct thing *t = &p->names.things.items[things.items[i]];
        struct proof_match m = {.item = t->item, .ix = t->ix, .unit = unit};
        m.text = m.recorded = m.stale = STR("");
        m.loose = names_loose(t, c->s->phrase);
        if (cell) {
            scale_cell(p, c, t);
        }
        TRY(value_of(p, c, &m));
        vec_push(p->a, &f->matches, m);
    }
    return RC_OK;
}

static enum rc prove_figure(struct prover *p, const struct stated *s)
{
    struct claim c;
    struct outline_line at = outline_line_at(p->out->outline, s->beg);
    struct proof f = {.stated = s,
                      .printed = str_trim(outline_source(p->out->outline, s->beg, s->end)),
                      .line = at.number,
                      .page = at.page};
    if (!make_claim(p, s, &c)) {
        return RC_OK;
    }
    if (!s->doubtful) {
        TRY(add_matches(p, &c, &f));
    }
    f.state = s->doubtful ? PROOF_DOUBT : state_of(&f);
    if (f.state == PROOF_UNKNOWN && s->chinese) {
        p->out->n_passed_over++;
        return RC_OK;
    }
    p->out->n[f.state]++;
    vec_push(p->a, &p->out->list, f);
    return RC_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void index_rows(struct prover *p)
{
    const struct verdicts *vs = &p->out->answer->verdicts;
    uint32_t page = 0;
    uint32_t have = 0;
    for (uint32_t i = 0; i < vs->rows.n; i++) {
        struct row_key key = verdicts_key(vs, i, &page);
        uint64_t name = row_name(key.head->commitment, key.unit);
        if (!map_u64_get(&p->rows, name, &have)) {
            map_u64_put(p->a, &p->rows, name, i + 1);
        }
    }
}

/* The ends of the quarters before the day, the latest first. */
static void past_days(struct prover *p)
{
    struct period quarter;
    struct date day = p->out->answer->as_of;
    bool any = period_containing(PERIOD_QUARTER, day, &quarter);
    for (uint32_t i = 0; i < PAST_DAYS; i++) {
        any = any && period_prev(quarter, &quarter);
        p->days[i] = any ? period_last(quarter) : day;
    }
}

enum rc prove(struct arena *a, const struct explain *x, uint32_t unit, const struct outline *o,
              const stated_list *stated, struct proofs **out, struct err *e)
{
    struct prover p = {.a = a, .x = x, .unit = unit, .e = e};
    if (stated->n > FIGURES_MAX) {
        enum rc rc = err_set(e, RC_LIMIT, "the document has more than %u figures",
                             "文件中的数字超过 %u 个", FIGURES_MAX);
        err_hint(e, "Split it.", "请拆分文件。");
        return rc;
    }
    p.out = ARENA_NEW(a, struct proofs);
    *p.out = (struct proofs){.a = a, .answer = &x->answer, .outline = o};
    printer_init(&p.printer, a, x->answer.plan, x->answer.chinese);
    names_init(a, &x->answer, &p.names);
    index_rows(&p);
    past_days(&p);
    for (uint32_t i = 0; i < stated->n; i++) {
        TRY(prove_figure(&p, &stated->items[i]));
    }
    *out = p.out;
    return RC_OK;
}
