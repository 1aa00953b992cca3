/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts from scratch, and random acts. */
#include "tests/store/scratch.h"

#include "base/buf.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "store/load.h"
#include "store/units.h"

#define S(text)         str_from_cstr(text)
#define SUBMISSIONS_MAX 64
#define FIGURES_MAX     8

/* ---- from scratch --------------------------------------------------------------------------- */

void scratch_judge(struct arena *a, struct book *b, const struct question *q, bool reference,
                   struct verdicts *out, const struct tree **tree)
{
    struct book_state st;
    struct cells *cells = NULL;
    struct columns *k = NULL;
    struct evaluator ev;
    const struct judge_query all = {NONE, NONE, 0};
    const struct book_options o = {
        .plan = q->plan, .upto = q->upto, .pending = q->pending, .day = q->day};
    BOOK_OK(b, book_load(a, book_reader(b), &o, &st, &b->e));
    BOOK_OK(b, cells_make(a, q->plan, st.data, q->day, &cells, &b->e));
    if (reference) {
        BOOK_OK(b, ref_make(a, cells, &ev, &b->e));
    } else {
        BOOK_OK(b, columns_make(a, cells, &k, &ev, &b->e));
    }
    BOOK_OK(b, judge_plan(a, cells, &ev, all, out, &b->e));
    if (k) {
        columns_release(k);
    }
    *tree = st.tree;
}

static void show(struct arena *a, const struct standing *s, const char *who,
                 const struct verdict *v)
{
    print_message("%s: %.*s part '%.*s' unit %.*s year %d state %s flags %x [%.*s, %.*s] %u/%u\n",
                  who, PS(standing_plan(s)->commitments[v->commitment].id), PS(v->part),
                  PS(standing_tree(s)->units[v->unit].code), (int)v->year, state_name(v->state),
                  v->flags, PS(rat_frac_str(a, v->measure.lo)), PS(rat_frac_str(a, v->measure.hi)),
                  v->measure.reported, v->measure.expected);
}

void scratch_same(struct arena *a, const struct standing *s, const struct verdicts *want,
                  const char *who)
{
    struct live_reader *r = live_reader(standing_live(s));
    assert_non_null(r);
    assert_int_equal(standing_pin(s, r), standing_seq(s));
    struct live_rows x = live_rows(r, NONE, NONE);
    for (uint32_t i = 0; i < want->rows.n; i++) {
        struct verdict w = verdicts_at(want, i);
        bool there = live_next(&x);
        struct verdict have = there ? live_verdict(a, &x) : w;
        if (!there || !verdict_eq(&have, &w)) {
            show(a, s, there ? "standing" : "standing: no row", &have);
            show(a, s, who, &w);
            fail();
        }
    }
    assert_false(live_next(&x));
    live_reader_release(r);
}

static void row_text(struct arena *a, const struct verdict *v, struct buf *out)
{
    buf_printf(out, "%u %u %d %.*s %d %x %d %u/%u [%.*s %.*s %.*s]", v->commitment, v->unit,
               (int)v->year, PS(v->part), (int)v->state, v->flags, (int)v->light,
               v->measure.reported, v->measure.expected, PS(rat_frac_str(a, v->measure.lo)),
               PS(rat_frac_str(a, v->measure.hi)),
               PS(rat_frac_str(a, v->measure.has_value ? v->measure.value : rat_zero())));
    for (uint32_t i = 0; i < v->n_counter + v->n_undecided; i++) {
        buf_printf(out, " %u", i < v->n_counter ? v->counter[i] : v->undecided[i - v->n_counter]);
    }
    buf_putc(out, '\n');
}

struct str scratch_text(struct arena *a, const struct verdicts *v)
{
    struct buf out;
    buf_init_in(&out, a, 1U << 28);
    for (uint32_t i = 0; i < v->rows.n; i++) {
        struct verdict x = verdicts_at(v, i);
        row_text(a, &x, &out);
    }
    return buf_view(&out);
}

struct str scratch_live_text(struct arena *a, const struct standing *s)
{
    struct buf out;
    struct live_reader *r = live_reader(standing_live(s));
    assert_non_null(r);
    buf_init_in(&out, a, 1U << 28);
    (void)standing_pin(s, r);
    for (struct live_rows x = live_rows(r, NONE, NONE); live_next(&x);) {
        struct verdict v = live_verdict(a, &x);
        row_text(a, &v, &out);
    }
    live_reader_release(r);
    return buf_view(&out);
}

/* ---- acts ----------------------------------------------------------------------------------- */

struct actor_submission {
    uint32_t unit;
    struct str source;
    struct edit figures[FIGURES_MAX];
    uint32_t n;
};

static struct str token(struct actor *a)
{
    return S(book_text(a->b, "%s-%u", a->name, a->n));
}

static enum rc commit(struct actor *a, struct store_commit *c)
{
    struct store_receipt got;
    c->token = token(a);
    c->actor = S(a->name);
    err_clear(&a->b->e);
    enum rc rc = store_commit(&a->b->arena, a->b->store, c, &got, &a->b->e);
    a->last = rc == RC_OK ? got.seq : a->last;
    return rc;
}

static void commit_edits(struct actor *a, const char *act, const struct edit *edits, uint32_t n)
{
    struct book *b = a->b;
    struct store_commit c = {.act = S(act)};
    BOOK_OK(b, parcel_write(&b->arena, a->pack.plan, a->pack.data->tree, edits, n, &c.parcels,
                            &c.n_parcels, &b->e));
    BOOK_OK(b, commit(a, &c));
}

static void commit_document(struct actor *a)
{
    const struct store_parcel p = {.unit = STR("task/x"), .what = STORE_DOC, .body = STR("{}")};
    const struct store_expect x = {STR("task/x"), STORE_UNSEEN};
    struct store_commit c = {
        .act = STR("task.file"), .parcels = &p, .n_parcels = 1, .expects = &x, .n_expects = 1};
    BOOK_OK(a->b, commit(a, &c));
}

/* Days before the commit's are late news. */
static struct date some_day(struct actor *a)
{
    return chance_pick(&a->c, 3) > 0 ? DATE_MIN
                                     : random_day(2024 + (int32_t)chance_pick(&a->c, 3), 7, 1);
}

static void set_all(struct actor_submission *s, enum row_status status, struct date recorded)
{
    for (uint32_t i = 0; i < s->n; i++) {
        struct fact *f = &s->figures[i].u.fact;
        f->status = status;
        f->from.recorded = recorded;
        f->from.source = s->source;
        f->from.grade = 0;
    }
}

/* Figures of the unit of another draw, each cell once. */
static void draw(struct actor *a, struct actor_submission *s)
{
    s->n = 0;
    for (uint32_t tries = 0; tries < 200 && s->n < 1 + tries % FIGURES_MAX; tries++) {
        struct edit e = random_edit(&a->b->arena, &a->c, &a->pack);
        if (e.kind != EDIT_FACT) {
            continue;
        }
        s->unit = s->n == 0 ? e.u.fact.unit : s->unit;
        bool fits = e.u.fact.unit == s->unit;
        for (uint32_t i = 0; i < s->n; i++) {
            const struct fact *f = &s->figures[i].u.fact;
            fits = fits && (f->item != e.u.fact.item || !period_eq(f->period, e.u.fact.period));
        }
        if (fits) {
            s->figures[s->n++] = e;
        }
    }
}

static void submit(struct actor *a)
{
    struct actor_submission *s = &a->submissions[a->n_submissions % SUBMISSIONS_MAX];
    *s = (struct actor_submission){
        .source = S(book_text(a->b, "%s-r%u", a->name, chance_pick(&a->c, 3)))};
    draw(a, s);
    set_all(s, ROW_SUBMITTED, some_day(a));
    commit_edits(a, "report.submit", s->figures, s->n);
    a->n_submissions++;
}

/* Whatever may come of a submission, also out of turn. */
static void decide(struct actor *a)
{
    static const enum row_status to[] = {ROW_ACCEPTED, ROW_ACCEPTED, ROW_RETURNED, ROW_DRAFT,
                                         ROW_SUBMITTED};
    uint32_t n = a->n_submissions < SUBMISSIONS_MAX ? a->n_submissions : SUBMISSIONS_MAX;
    if (n == 0) {
        submit(a);
        return;
    }
    struct actor_submission s = a->submissions[chance_pick(&a->c, n)];
    enum row_status status = to[chance_pick(&a->c, 5)];
    if (chance_pick(&a->c, 6) == 0) {
        draw(a, &s);
    } else if (s.n > 1 && chance_pick(&a->c, 6) == 0) {
        s.n--; /* a cell is left out */
    }
    set_all(&s, status, some_day(a));
    commit_edits(a, "review", s.figures, s.n);
}

static void import(struct actor *a)
{
    struct edit edits[12];
    uint32_t n = 1 + chance_pick(&a->c, 12);
    for (uint32_t i = 0; i < n; i++) {
        edits[i] = random_edit(&a->b->arena, &a->c, &a->pack);
    }
    commit_edits(a, "facts.load", edits, n);
}

static void report_row(struct actor *a)
{
    static const enum row_status to[] = {ROW_SUBMITTED, ROW_SUBMITTED, ROW_ACCEPTED,
                                         ROW_RETURNED,  ROW_DRAFT,     ROW_WITHDRAWN};
    for (uint32_t tries = 0; tries < 100; tries++) {
        struct edit e = random_edit(&a->b->arena, &a->c, &a->pack);
        if (e.kind == EDIT_ROW && e.u.row.id.n > 0) {
            e.u.row.status = to[chance_pick(&a->c, 6)];
            commit_edits(a, "row.submit", &e, 1);
            return;
        }
    }
    commit_document(a);
}

static void change_unit(struct actor *a)
{
    const struct tree *t = a->pack.data->tree;
    struct book *b = a->b;
    struct str code = t->units[chance_pick(&a->c, t->n_units < 256 ? t->n_units : 256)].code;
    struct str other = t->units[chance_pick(&a->c, t->n_units < 256 ? t->n_units : 256)].code;
    struct date day = random_day(2023 + (int32_t)chance_pick(&a->c, 4), 9, 1);
    const struct unit_op ops[] = {
        {.act = UNIT_MOVE, .day = day, .code = code, .parent = other},
        {.act = UNIT_CLOSE, .day = day, .code = code},
        {.act = UNIT_RENAME, .day = day, .code = code, .name = S(book_text(b, "新%u", a->n))},
        {.act = UNIT_MERGE, .day = day, .code = code, .others = &other, .n_others = 1}};
    const struct store_commit words = {.token = token(a), .actor = S(a->name)};
    struct store_receipt got;
    err_clear(&b->e);
    enum rc rc = units_commit(&b->arena, b->store, book_reader(b), &ops[chance_pick(&a->c, 8) % 4],
                              1, &words, &got, &b->e);
    if (rc == RC_OK) {
        a->last = got.seq;
    } else if (a->keeps_count) {
        commit_document(a);
    }
}

void actor_begin(struct actor *a)
{
    const struct store_commit words = {.token = STR("tree"), .actor = STR("u")};
    struct book *b = a->b;
    struct store_receipt got;
    const struct dataset *d = a->pack.data;
    BOOK_OK(b, units_import(&b->arena, b->store, book_reader(b), d->tree, a->pack.plan, &words,
                            &got, &b->e));
    struct edit *edits = ARENA_ARRAY(&b->arena, struct edit, d->n_facts + d->n_attrs + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n_facts; i++) {
        edits[n++] = (struct edit){.kind = EDIT_FACT, .u.fact = d->facts[i]};
    }
    for (uint32_t i = 0; i < d->n_attrs; i++) {
        edits[n++] = (struct edit){.kind = EDIT_ATTR, .u.attr = d->attrs[i]};
    }
    commit_edits(a, "facts.load", edits, n);
    a->submissions = ARENA_ARRAY(&b->arena, struct actor_submission, SUBMISSIONS_MAX);
    a->n++;
}

void actor_act(struct actor *a)
{
    static void (*const acts[])(struct actor *) = {
        submit, submit, submit,     decide,     decide,      decide,         decide,
        import, import, report_row, report_row, change_unit, commit_document};
    if (a->submissions == NULL) {
        a->submissions = ARENA_ARRAY(&a->b->arena, struct actor_submission, SUBMISSIONS_MAX);
    }
    a->n++;
    acts[chance_pick(&a->c, sizeof acts / sizeof *acts)](a);
}
