/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks at the desk: what the plan asks beside what the book says, and one act as one commit. */
#include <stdlib.h>

#include "app/report/report_int.h"
#include "app/task/task.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/live.h"
#include "store/files.h"
#include "store/parcel.h"

#define FEW 200 /* documents that are asked for one by one, of thousands */

/* `task/ID/YEAR.PART/UNIT` */
static struct str subject_of(const struct desk *d, const struct task_line *t)
{
    struct buf b;
    buf_init_in(&b, d->a, STORE_TEXT_BYTES);
    buf_printf(&b, "task/%.*s/%d.%.*s/%.*s", PS(d->plan->commitments[t->commitment].id), t->year,
               PS(t->part), PS(desk_code(d, t->unit)));
    return buf_view(&b);
}

/* ---- listing -------------------------------------------------------------------------------- */

static bool is_task(const struct commitment *k)
{
    return k->kind == CK_TASK || k->kind == CK_STAGES;
}

/* Rows of the judge are who owes what by when: it knows scopes, periods and stages. */
static void add_row(struct desk *d, const struct verdict *v, struct task_lines *out)
{
    if (!v->for_all) {
        vec_push(
            d->a, &out->list,
            (struct task_line){.commitment = v->commitment,
                               .unit = v->unit,
                               .year = v->year,
                               .part = v->part,
                               .due = v->due,
                               .verdict = v->state,
                               .doc = {.due = DATE_MIN, .asked = DATE_MIN, .last_day = DATE_MIN}});
    }
}

static enum rc add_rows(struct desk *d, struct cells *cells, const struct evaluator *ev,
                        uint32_t commitment, struct task_lines *out, struct err *e)
{
    struct verdicts rows = {.commitment = NONE};
    TRY(judge_plan(d->a, cells, ev, (struct judge_query){commitment, NONE, 0}, &rows, e));
    for (uint32_t i = 0; i < rows.rows.n; i++) {
        struct verdict v = verdicts_at(&rows, i);
        add_row(d, &v, out);
    }
    return RC_OK;
}

struct reading {
    struct desk *d;
    struct map index; /* subject -> line */
    struct task_lines *lines;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading *r = ctx;
    uint32_t i = 0;
    if (!map_get(&r->index, p->unit, &i)) {
        return RC_OK; /* of a task that the plan has no more */
    }
    r->lines->list.items[i].seen = p->seq;
    return task_read(r->d->a, str_dup(r->d->a, p->body), &r->lines->list.items[i].doc, e);
}

static enum light light_of(const struct task_line *t, struct date today)
{
    struct date due = date_is_sentinel(t->doc.due) ? t->due : t->doc.due;
    if (t->doc.state == TASK_DONE || t->verdict == ST_MET) {
        return LIGHT_NONE;
    }
    if (date_cmp(today, due) > 0) {
        return LIGHT_RED;
    }
    return date_cmp(date_add_days(today, t->remind), due) >= 0 ? LIGHT_AMBER : LIGHT_GREEN;
}

static int line_cmp(const void *p, const void *q)
{
    const struct task_line *x = p;
    const struct task_line *y = q;
    int c = date_cmp(x->due, y->due);
    c = c != 0 ? c : (x->commitment > y->commitment) - (x->commitment < y->commitment);
    c = c != 0 ? c : (x->year > y->year) - (x->year < y->year);
    c = c != 0 ? c : str_cmp(x->part, y->part);
    return c != 0 ? c : (x->unit > y->unit) - (x->unit < y->unit);
}

// The language bounds nesting: NOLINTNEXTLINE(misc-no-recursion)
static bool reads_figures(const struct plan *p, uint32_t ix)
{
    if (ix == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[ix];
    return x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END ||
           x->op == EX_INDICATOR || reads_figures(p, x->a) || reads_figures(p, x->b) ||
           reads_figures(p, x->c);
}

/* Only lists by a predicate make tasks depend on figures. */
static bool needs_facts(const struct plan *p)
{
    for (uint32_t k = 0; k < p->n_commitments; k++) {
        const struct commitment *c = &p->commitments[k];
        for (uint32_t i = 0; is_task(c) && i < c->n_scopes; i++) {
            const struct scope *s = &c->scopes[i];
            if (s->kind == SCOPE_EACH_LIST && reads_figures(p, p->lists[s->ref].predicate)) {
                return true;
            }
        }
    }
    return false;
}

/* The book read and its tasks judged: the plain way. */
static enum rc rows_of_book(struct desk *d, const struct cells **roll, struct task_lines *out,
                            struct err *e)
{
    struct cells *cells = NULL;
    struct columns *columns = NULL;
    struct evaluator ev;
    TRY(desk_facts(d, e));
    struct dataset data = *d->data;
    /* Every judging looks over all facts for findings, which are not asked for here. */
    data.n_facts = needs_facts(d->plan) ? data.n_facts : 0;
    TRY(cells_make(d->a, d->plan, &data, d->today, &cells, e));
    TRY(columns_make(d->a, cells, &columns, &ev, e));
    enum rc rc = RC_OK;
    for (uint32_t k = 0; rc == RC_OK && k < d->plan->n_commitments; k++) {
        if (is_task(&d->plan->commitments[k])) {
            rc = add_rows(d, cells, &ev, k, out, e);
        }
    }
    columns_release(columns);
    *roll = cells;
    return rc;
}

/* ---- those that concern some units ---------------------------------------------------------- */

/* Who may own what concerns the units `at`: they themselves and those right below, for whom they
 * decide; with co-owners of a kind all above and below them, of a list anybody. */
struct owners {
    const bool *at; /* NULL: all */
    bool *near, *wide;
};

static void mark_owners(struct desk *d, const struct tree_snap *t, struct owners *o)
{
    o->near = ARENA_ARRAY(d->a, bool, d->tree->n_units + 1U);
    o->wide = ARENA_ARRAY(d->a, bool, d->tree->n_units + 1U);
    for (uint32_t i = 0; i < t->n; i++) {
        bool own = o->at[t->unit[i]];
        uint32_t up = t->parent[i];
        o->near[t->unit[i]] = own || (up != TREE_NONE && o->at[t->unit[up]]);
        o->wide[t->unit[i]] |= own || (up != TREE_NONE && o->wide[t->unit[up]]);
    }
    for (uint32_t i = t->n; i-- > 0;) { /* those above */
        for (uint32_t up = i; o->at[t->unit[i]] && up != TREE_NONE; up = t->parent[up]) {
            o->wide[t->unit[up]] = true;
        }
    }
}

/* NULL: any unit. */
static const bool *owners_of(const struct owners *o, const struct commitment *k)
{
    const bool *of = o->near;
    for (uint32_t i = 0; i < k->n_with && of != NULL; i++) {
        of = k->with[i].list != NONE ? NULL : k->with[i].kind != NONE ? o->wide : of;
    }
    return of;
}

/* The same rows as they stand. */
static enum rc rows_by_eye(struct desk *d, const struct owners *o, const struct cells **roll,
                           struct task_lines *out, struct err *e)
{
    struct live_reader *live = NULL;
    TRY(desk_look(d, &live, e));
    for (uint32_t k = 0; k < d->plan->n_commitments; k++) {
        const struct commitment *c = &d->plan->commitments[k];
        if (!is_task(c)) {
            continue;
        }
        const bool *of = owners_of(o, c);
        for (struct live_rows x = live_rows(live, k, NONE); live_next(&x);) {
            if (x.row->unit != NONE && (of == NULL || of[x.row->unit])) {
                struct verdict v = verdict_unpack(x.row);
                v.part = str_dup(d->a, v.part);
                add_row(d, &v, out);
            }
        }
    }
    *roll = live_cells(live);
    return RC_OK;
}

static void keep_owners(const struct desk *d, const struct owners *o, struct task_lines *all)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct task_line *t = &all->list.items[i];
        const bool *of = owners_of(o, &d->plan->commitments[t->commitment]);
        if (of == NULL || of[t->unit]) {
            all->list.items[n++] = *t;
        }
    }
    all->list.n = n;
}

static enum rc plan_rows(struct desk *d, const bool *at, struct task_lines *out, struct err *e)
{
    struct owners o = {.at = at};
    struct task_roll *roll = ARENA_NEW(d->a, struct task_roll);
    if (d->eye == NULL) {
        TRY(rows_of_book(d, &roll->cells, out, e)); /* first: it may load the tree anew */
    }
    TRY(desk_tree(d, d->today, &roll->tree, e));
    if (at != NULL) {
        mark_owners(d, roll->tree, &o);
    }
    if (d->eye != NULL) {
        TRY(rows_by_eye(d, &o, &roll->cells, out, e));
    } else {
        keep_owners(d, &o, out);
    }
    for (uint32_t i = 0; i < out->list.n; i++) {
        out->list.items[i].roll = roll;
    }
    return RC_OK;
}

static enum rc read_docs(struct desk *d, struct task_lines *out, struct err *e)
{
    struct reading r = {.d = d, .lines = out};
    for (uint32_t i = 0; i < out->list.n; i++) {
        map_put(d->a, &r.index, subject_of(d, &out->list.items[i]), i);
    }
    for (uint32_t i = 0; out->list.n <= FEW && i < out->list.n; i++) {
        TRY(store_doc(d->reader, subject_of(d, &out->list.items[i]), INT64_MAX, on_doc, &r, e));
    }
    return out->list.n > FEW ? store_docs(d->reader, STR("task/"), INT64_MAX, on_doc, &r, e)
                             : RC_OK;
}

enum rc task_list(struct desk *d, int32_t remind, const bool *at, struct task_lines *out,
                  struct err *e)
{
    *out = (struct task_lines){0};
    TRY(plan_rows(d, at, out, e));
    if (out->list.n > 1) {
        qsort(out->list.items, out->list.n, sizeof *out->list.items, line_cmp);
    }
    TRY(read_docs(d, out, e));
    for (uint32_t i = 0; i < out->list.n; i++) {
        struct task_line *t = &out->list.items[i];
        t->remind = remind;
        t->light = light_of(t, d->today);
    }
    return RC_OK;
}

enum rc task_find(struct desk *d, const struct task_lines *all, struct str id, struct str part,
                  struct str unit, int32_t year, struct task_line **out, struct err *e)
{
    uint32_t n = 0;
    uint32_t who = NONE;
    TRY(desk_unit(d, unit, &who, e));
    for (uint32_t i = 0; i < all->list.n; i++) {
        struct task_line *t = &all->list.items[i];
        const struct commitment *k = &d->plan->commitments[t->commitment];
        bool named = str_eq(k->id, id) || str_eq(k->name, id);
        if (named && t->unit == who && (part.n == 0 || str_eq(part, t->part)) &&
            (year == 0 || year == t->year)) {
            *out = t;
            n++;
        }
    }
    if (n == 1) {
        return RC_OK;
    }
    return n == 0 ? err_set(e, RC_NOT_FOUND, "%.*s has no such task %.*s", "%.*s 没有任务“%.*s”",
                            PS(unit), PS(id))
                  : err_set(e, RC_INPUT, "%.*s owes %.*s several times: say the year and part",
                            "%.*s 有多项任务“%.*s”，请写明年度和部分", PS(unit), PS(id));
}

/* ---- what was done -------------------------------------------------------------------------- */

struct looking_back {
    struct desk *d;
    struct task_moments *out;
};

static enum rc on_moment(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct looking_back *b = ctx;
    struct task_moment m = {.seq = p->seq};
    TRY(task_read(b->d->a, str_dup(b->d->a, p->body), &m.doc, e));
    vec_push(b->d->a, &b->out->list, m);
    return RC_OK;
}

enum rc task_history(struct desk *d, const struct task_line *t, struct task_moments *out,
                     struct err *e)
{
    struct looking_back b = {d, out};
    struct store_event ev;
    *out = (struct task_moments){0};
    TRY(store_parcels_of(d->reader, subject_of(d, t), STORE_DOC, on_moment, &b, e));
    for (uint32_t i = 0; i < out->list.n; i++) {
        TRY(store_who(d->a, d->reader, out->list.items[i].seq, &ev, e));
        out->list.items[i].at = ev.at;
    }
    return RC_OK;
}

/* ---- acting --------------------------------------------------------------------------------- */

enum rc task_place(struct desk *d, const struct task_line *t, enum task_act_kind act,
                   struct str *out, struct err *e)
{
    const struct tree_snap *s = NULL;
    bool own = act == TASK_ACT_FILE || act == TASK_ACT_CONTRIBUTE || act == TASK_ACT_EXTEND;
    TRY(desk_tree(d, d->today, &s, e));
    uint32_t i = s->index_of[t->unit];
    bool above = !own && i != TREE_NONE && s->parent[i] != TREE_NONE;
    *out = above ? tree_snap_code(s, s->parent[i]) : desk_code(d, t->unit);
    return RC_OK;
}

/* The co-owner that an act names. */
static enum rc co_owner(struct desk *d, const struct task_line *t, struct task_act *act,
                        struct str *out, struct err *e)
{
    uint32_t unit = NONE;
    const struct commitment *k = &d->plan->commitments[t->commitment];
    TRY(desk_unit(d, act->evidence.unit, &unit, e));
    if (!task_shares(d, t, unit)) {
        enum rc rc = err_set(e, RC_DENIED, "%.*s is no co-owner of %.*s of %.*s",
                             "%.*s 不是 %.*s（%.*s）的协办单位", PS(desk_code(d, unit)), PS(k->id),
                             PS(desk_code(d, t->unit)));
        err_hint(e, "The co-owners stand in the plan (协办); the owner files with task file.",
                 "协办单位见计划中的“协办”；牵头单位请用 task file 报送。");
        return rc;
    }
    act->evidence.unit = desk_code(d, unit);
    *out = act->evidence.unit;
    return RC_OK;
}

/* TK3: what was filed since the last sign-off. */
static enum rc signed_facts(struct desk *d, const struct task_line *t, const struct task_doc *now,
                            const struct store_parcel **out, uint32_t *n, struct err *e)
{
    const struct commitment *k = &d->plan->commitments[t->commitment];
    uint32_t stage = NONE;
    uint32_t n_edits = 0;
    struct edit *edits = ARENA_ARRAY(d->a, struct edit, now->evidence.n + 1U);
    for (uint32_t s = 0; s < k->n_stages; s++) {
        stage = str_eq(k->stages[s].name, t->part) ? s : stage;
    }
    for (uint32_t i = now->n_signed; i < now->evidence.n; i++) {
        const struct task_evidence *x = &now->evidence.items[i];
        if (x->unit.n == 0) { /* TK4 */
            edits[n_edits++] = (struct edit){.kind = EDIT_EVIDENCE,
                                             .u.evidence = {.commitment = t->commitment,
                                                            .stage = stage,
                                                            .unit = t->unit,
                                                            .day = x->day,
                                                            .document = x->document,
                                                            .from.recorded = DATE_MIN}};
        }
    }
    return parcel_write(d->a, d->plan, d->tree, edits, n_edits, out, n, e);
}

static enum rc record(struct desk *d, struct task_line *t, const struct task_doc *after,
                      const struct task_act *act, struct str operation, struct err *e)
{
    const struct store_parcel *facts = NULL;
    uint32_t n = 0;
    if (act->act == TASK_ACT_SIGN_OFF) {
        TRY(signed_facts(d, t, &t->doc, &facts, &n, e));
    }
    struct store_parcel *parcels = ARENA_ARRAY(d->a, struct store_parcel, n + 1U);
    struct str subject = subject_of(d, t);
    struct str body = task_write(d->a, after);
    parcels[0] = doc_parcel(subject, body);
    for (uint32_t i = 0; i < n; i++) {
        parcels[i + 1] = facts[i];
    }
    const struct store_expect expect = {subject, t->seen};
    struct store_commit c = {.actor = d->actor,
                             .act = operation,
                             .note = act->reason,
                             .expects = &expect,
                             .n_expects = 1,
                             .parcels = parcels,
                             .n_parcels = n + 1,
                             .files = &act->evidence.hash,
                             .n_files = act->evidence.hash.n > 0};
    struct store_receipt got;
    TRY(desk_token(d, operation.p, subject, t->seen, body, &c.token, e));
    TRY(desk_commit(d, &c, &got, e));
    t->doc = *after;
    t->seen = got.seq;
    t->light = light_of(t, d->today);
    return RC_OK;
}

static struct str operation_of(const struct desk *d, enum task_act_kind act)
{
    return str_cat(d->a, STR("task."), str_from_cstr(task_act_name(act)));
}

enum rc task_may(struct desk *d, const struct task_line *t, enum task_act_kind act,
                 uint32_t co_owner, bool *may, struct err *e)
{
    struct str unit = co_owner != NONE ? desk_code(d, co_owner) : STR("");
    if (act != TASK_ACT_CONTRIBUTE) {
        TRY(task_place(d, t, act, &unit, e));
    }
    *may = task_admits(&t->doc, act, d->actor) && unit.n > 0 &&
           d->may(d->may_ctx, d->actor, operation_of(d, act).p, unit, CLASS_INTERNAL);
    return RC_OK;
}

enum rc task_do(struct desk *d, struct task_line *t, struct task_act *act, int64_t seen,
                struct str content, struct err *e)
{
    struct str unit;
    struct task_doc after;
    struct file_info file = {0};
    struct str operation = operation_of(d, act->act);
    act->actor = d->actor;
    act->day = d->today;
    TRY(act->act == TASK_ACT_CONTRIBUTE ? co_owner(d, t, act, &unit, e)
                                        : task_place(d, t, act->act, &unit, e));
    TRY(desk_allow_at(d, operation.p, unit, CLASS_INTERNAL, e));
    if (seen != REPORT_JUST_READ && seen != t->seen) {
        return err_set(e, RC_CONFLICT, "%.*s did something with it in commit %lld",
                       "%.*s 已在提交 %lld 中办理", PS(t->doc.last_actor), (long long)t->seen);
    }
    TRY(task_step(d->a, &t->doc, t->due, act, &after, e));
    desk_look_away(d);
    if (act->act == TASK_ACT_FILE || act->act == TASK_ACT_CONTRIBUTE) {
        /* The file first, durably: a name in the book has its file (FI1). */
        TRY(files_put(d->a, d->store, content, &file, e));
        act->evidence.hash = file.hash;
        TRY(task_step(d->a, &t->doc, t->due, act, &after, e));
    }
    return record(d, t, &after, act, operation, e);
}
