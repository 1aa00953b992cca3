/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands against rows of a register: keys that would stand twice (RK4), and the plan's checks
 * on what is proposed, as if it were accepted (docs/internals/reporting.md, decision 35).
 */
#include <stdlib.h>

#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "engine/live.h"
#include "engine/ref.h"

#define FINDINGS_MAX 1000U /* more are not told at once */

/* ---- keys ----------------------------------------------------------------------------------- */

struct keyed_row {
    struct str key, id;
    struct row_days days;
    bool touched; /* by a line at work */
};

static int keyed_cmp(const void *p, const void *q)
{
    const struct keyed_row *x = p;
    const struct keyed_row *y = q;
    int c = str_cmp(x->key, y->key);
    c = c != 0 ? c : date_cmp(x->days.first, y->days.first);
    return c != 0 ? c : str_cmp(x->id, y->id);
}

struct keying {
    struct desk *d;
    const struct register_view *v;
    VEC(struct keyed_row) rows;
};

static void add_row(struct keying *k, const struct reg_row *row, struct str id, bool touched)
{
    struct keyed_row x = {.id = id, .touched = touched};
    if (row == NULL) {
        return;
    }
    x.key = row_key(k->d, k->v, row);
    x.days = row_days(row);
    if (x.key.n > 0 && date_cmp(x.days.first, x.days.last) <= 0) {
        vec_push(k->d->a, &k->rows, x);
    }
}

/* The content of the row after a line; NULL: it does not stand. */
static const struct reg_row *after_line(const struct register_view *v,
                                        const struct register_line *l)
{
    const struct entry *t = l->entry == NONE ? NULL : &v->rows.items[l->entry];
    if (l->act == ENTRY_ACT_STRIKE) {
        return NULL;
    }
    if (l->act == ENTRY_ACT_UNDO) {
        return t != NULL && t->doc.stands > 0 ? &t->stands : NULL;
    }
    return &l->row;
}

static void tell_twice(struct keying *k, struct report_findings *found)
{
    const struct keyed_row *last = NULL; /* of the key, the one that stands longest */
    for (uint32_t i = 0; i < k->rows.n && found->list.n < FINDINGS_MAX; i++) {
        const struct keyed_row *x = &k->rows.items[i];
        bool same = last != NULL && str_eq(last->key, x->key);
        if (same && date_cmp(x->days.first, last->days.last) <= 0 &&
            (x->touched || last->touched)) {
            found_add(k->d, found, FAULT_SAME_KEY, x->touched ? x->id : last->id,
                      x->touched ? last->id : x->id);
        }
        if (!same || date_cmp(x->days.last, last->days.last) > 0) {
            last = x;
        }
    }
}

void register_keys(struct desk *d, const struct register_view *v, const struct register_lines *l,
                   struct report_findings *found)
{
    struct keying k = {.d = d, .v = v};
    const struct register_line **of =
        ARENA_ARRAY(d->a, const struct register_line *, v->rows.n + 1U);
    for (uint32_t i = 0; i < v->rows.n; i++) {
        of[i] = NULL;
    }
    for (uint32_t i = 0; i < l->list.n; i++) {
        const struct register_line *x = &l->list.items[i];
        if (x->entry != NONE) {
            of[x->entry] = x;
        } else {
            add_row(&k, after_line(v, x), x->id, true);
        }
    }
    for (uint32_t i = 0; i < v->rows.n; i++) {
        const struct entry *t = &v->rows.items[i];
        bool touched = of[i] != NULL && of[i]->sort != LINE_UNCHANGED;
        bool struck = t->doc.strike && entry_pending(t->doc.state);
        add_row(&k, touched ? after_line(v, of[i]) : struck ? NULL : entry_row(t), t->id, touched);
    }
    if (k.rows.n > 1) {
        qsort(k.rows.items, k.rows.n, sizeof *k.rows.items, keyed_cmp);
    }
    tell_twice(&k, found);
}

/* ---- which checks --------------------------------------------------------------------------- */

// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
static bool reads_register(const struct plan *p, uint32_t ix, uint32_t reg)
{
    if (ix == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[ix];
    bool found = (x->op == EX_AGG && x->over == OVER_REGISTER && x->over_ref == reg) ||
                 reads_register(p, x->a, reg) || reads_register(p, x->b, reg) ||
                 reads_register(p, x->c, reg);
    if (x->op == EX_INDICATOR) {
        const struct commitment *k = &p->commitments[x->ref];
        for (uint32_t i = 0; i < k->n_definitions && !found; i++) {
            found = reads_register(p, k->definitions[i].measure, reg);
        }
    }
    return found;
}

/* Of the owner as a whole. */
static bool over_owner(const struct desk *d, const struct register_view *v,
                       const struct commitment *k)
{
    const struct tree_version *now = tree_version_at(d->tree, v->unit, d->today);
    return k->kind == CK_CHECK && k->of_reg == NONE && k->of_kind != NONE && now != NULL &&
           plan_is_a(d->plan, now->kind, k->of_kind) &&
           reads_register(d->plan, k->condition, v->reg);
}

static bool over_rows(const struct register_view *v, const struct commitment *k)
{
    return k->kind == CK_CHECK && k->of_reg == v->reg;
}

/* ---- judging -------------------------------------------------------------------------------- */

struct judging {
    struct desk *d;
    const struct register_view *v;
    const struct register_review *s; /* n of them */
    uint32_t n;
    uint32_t first; /* of the rows that are judged, in the dataset */
    struct evaluator ev;
    struct report_findings *found;
    bool untold; /* also what the actor may not read */
};

/* The book with what is proposed in it as accepted, and the statement filed. */
static struct dataset *as_accepted(const struct judging *j, const struct dataset *from,
                                   const struct period *period)
{
    struct desk *d = j->d;
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->n; i++) {
        n += j->s[i].rows.n;
    }
    struct dataset *out = ARENA_NEW(d->a, struct dataset);
    struct reg_row *rows = ARENA_ARRAY(d->a, struct reg_row, (size_t)from->n_rows + n + 1U);
    struct filing *filings = ARENA_ARRAY(d->a, struct filing, from->n_filings + 1U);
    for (uint32_t i = 0; i < from->n_rows; i++) {
        rows[i] = from->rows[i];
    }
    struct reg_row *next = rows + from->n_rows;
    for (uint32_t i = 0; i < j->n; i++) {
        for (uint32_t k = 0; k < j->s[i].rows.n; k++) {
            const struct entry *t = &j->v->rows.items[j->s[i].rows.items[k]];
            *next = t->pending;
            next->status = t->doc.strike ? ROW_WITHDRAWN : ROW_ACCEPTED;
            next++->from = (struct provenance){.recorded = d->today};
        }
    }
    for (uint32_t i = 0; i < from->n_filings; i++) {
        filings[i] = from->filings[i];
    }
    *out = *from;
    out->rows = rows;
    out->n_rows = from->n_rows + n;
    if (period != NULL) {
        filings[out->n_filings++] = (struct filing){.reg = j->v->reg,
                                                    .form = NONE,
                                                    .roll = NONE,
                                                    .unit = j->v->unit,
                                                    .period = *period,
                                                    .from.recorded = d->today};
    }
    out->filings = filings;
    return out;
}

/* The year in which a row is judged: when it happened, else this one as far as it stands. */
static int32_t year_of(const struct desk *d, const struct reg_row *row)
{
    struct date day = row->dated ? row->day : date_later(d->today, row->since);
    day = row->dated ? day : date_earlier(day, row->until);
    return date_year(date_is_sentinel(day) ? d->today : day);
}

static bool explained(const struct register_review *s, const struct commitment *k)
{
    return k->soft && report_note_of(&s->sheet.review.explained, k->id) != NULL;
}

static void tell(const struct judging *j, const struct commitment *k, struct str id)
{
    struct desk *d = j->d;
    struct str text = check_message(d, k);
    if (id.n > 0) {
        text = str_cat(d->a, str_cat(d->a, id, STR(": ")), text);
    }
    found_add(d, j->found, k->soft ? FAULT_SOFT : FAULT_HARD, k->id, text);
}

static enum rc judge_row(const struct judging *j, const struct commitment *k, uint32_t ix,
                         const struct entry *t, struct err *e)
{
    struct desk *d = j->d;
    struct moment m;
    struct mval v;
    if (t->doc.strike ||
        !moment_of_year(d->plan, k->condition, NULL, year_of(d, &t->pending), d->today, &m)) {
        return RC_OK;
    }
    enum rc rc = j->ev.measure_row(j->ev.ctx, d->a, k->condition, ix, m, &v);
    if (rc != RC_OK) {
        return err_set(e, rc, "the check %.*s cannot be computed", "校验 %.*s 无法计算", PS(k->id));
    }
    if (v.truth == T_NO) {
        tell(j, k, t->id);
    }
    return RC_OK;
}

static enum rc judge_rows(const struct judging *j, const struct commitment *k, struct err *e)
{
    uint32_t ix = j->first;
    for (uint32_t i = 0; i < j->n; i++) {
        const struct register_review *s = &j->s[i];
        for (uint32_t r = 0; r < s->rows.n; r++, ix++) {
            if (!explained(s, k) && j->found->list.n < FINDINGS_MAX) {
                TRY(judge_row(j, k, ix, &j->v->rows.items[s->rows.items[r]], e));
            }
        }
    }
    return RC_OK;
}

static enum rc judge_owner(const struct judging *j, const struct commitment *k, int32_t year,
                           struct err *e)
{
    struct desk *d = j->d;
    struct moment m;
    struct mval v;
    if (!moment_of_year(d->plan, k->condition, NULL, year, d->today, &m)) {
        return RC_OK;
    }
    enum rc rc = j->ev.measure(j->ev.ctx, d->a, k->condition, j->v->unit, m, &v);
    if (rc != RC_OK) {
        return err_set(e, rc, "the check %.*s cannot be computed", "校验 %.*s 无法计算", PS(k->id));
    }
    if (v.truth == T_NO) {
        tell(j, k, STR(""));
    }
    return RC_OK;
}

static enum rc judge_all(struct judging *j, const struct dataset *from, const struct period *period,
                         struct err *e)
{
    struct desk *d = j->d;
    struct cells *cells = NULL;
    int32_t year =
        period != NULL ? period_plan_year(*period, TIME_POINT_NONE) : date_year(d->today);
    j->first = from->n_rows;
    TRY(cells_make(d->a, d->plan, as_accepted(j, from, period), d->today, &cells, e));
    TRY(ref_make(d->a, cells, &j->ev, e));
    for (uint32_t i = 0; i < d->plan->n_commitments; i++) {
        const struct commitment *k = &d->plan->commitments[i];
        if (!check_may_tell(d, j->v->unit, k, "register.read", j->untold)) {
            continue;
        }
        if (over_rows(j->v, k)) {
            TRY(judge_rows(j, k, e));
        } else if (over_owner(d, j->v, k) && !explained(&j->s[0], k)) {
            TRY(judge_owner(j, k, year, e));
        }
    }
    return RC_OK;
}

/* How many checks there are, and whether a row is all that they read. */
static uint32_t count_checks(const struct desk *d, const struct register_view *v, bool *rows_alone)
{
    uint32_t n = 0;
    *rows_alone = true;
    for (uint32_t i = 0; i < d->plan->n_commitments; i++) {
        const struct commitment *k = &d->plan->commitments[i];
        bool rows = over_rows(v, k);
        if (rows || over_owner(d, v, k)) {
            *rows_alone &= rows && expr_made_of(d->plan, k->condition, EXPR_PLAIN | EXPR_OP(FIELD));
            n++;
        }
    }
    return n;
}

/* What is accepted: as it is now, not as the desk has met it before. */
static enum rc known(struct desk *d, const struct dataset **out, struct err *e)
{
    struct live_reader *live = NULL;
    if (d->eye != NULL) {
        TRY(desk_look(d, &live, e));
        *out = cells_dataset(live_cells(live));
        return RC_OK;
    }
    d->data = NULL;
    TRY(desk_facts(d, e));
    *out = d->data;
    return RC_OK;
}

enum rc register_judge(struct desk *d, const struct register_view *v,
                       const struct register_review *s, uint32_t n, const struct period *period,
                       bool untold, struct report_findings *found, struct err *e)
{
    static const struct str files[] = {STR_INIT("book")};
    struct judging j = {.d = d, .v = v, .s = s, .n = n, .found = found, .untold = untold};
    bool rows_alone = true;
    if (count_checks(d, v, &rows_alone) == 0) {
        return RC_OK;
    }
    if (rows_alone) {
        const struct dataset nothing = {.tree = d->tree, .files = files, .n_files = 1};
        return judge_all(&j, &nothing, period, e);
    }
    const struct dataset *all = NULL;
    TRY(known(d, &all, e));
    return judge_all(&j, all, period, e);
}
