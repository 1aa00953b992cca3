/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows through the book: random plans with random datasets are committed in random pieces and come
 * back the same, as a whole, as of each earlier commit, and as edits one commit after the other.
 */
#include "store/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/rng.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "store/store_int.h"
#include "store/units.h"
#include "tests/lib/random_pack.h"
#include "tests/store/fixture.h"

#define S(text)   str_from_cstr(text)
#define SEEDS     8
#define YEAR_2030 1893427200000000LL

/* ---- comparing ------------------------------------------------------------------------------ */

static bool same_day(struct date x, struct date y)
{
    return date_cmp(x, y) == 0;
}

/* Where a row was read is the book's affair; when it became known is not. */
static bool same_from(const struct provenance *x, const struct provenance *y)
{
    return str_eq(x->source, y->source) && x->grade == y->grade &&
           same_day(x->recorded, y->recorded);
}

static bool same_value(const struct datum *d, const struct value *x, const struct value *y)
{
    bool same = d->type == VT_TEXT ? str_eq(x->text, y->text) : rat_eq(x->num, y->num);
    return x->has == y->has && (!x->has || same);
}

static bool same_fact(const struct plan *p, const struct fact *x, const struct fact *y)
{
    return x->unit == y->unit && x->item == y->item && period_eq(x->period, y->period) &&
           same_value(&p->items[x->item].d, &x->value, &y->value) && x->status == y->status &&
           x->provisional == y->provisional && x->disputed == y->disputed &&
           str_eq(x->definition, y->definition) && str_eq(x->point, y->point) &&
           same_from(&x->from, &y->from);
}

static bool same_row(const struct plan *p, const struct reg_row *x, const struct reg_row *y)
{
    bool same = x->reg == y->reg && x->owner == y->owner && str_eq(x->id, y->id) &&
                x->dated == y->dated && (!x->dated || same_day(x->day, y->day)) &&
                same_day(x->since, y->since) && same_day(x->until, y->until) &&
                same_day(x->revoked, y->revoked) && x->status == y->status &&
                same_from(&x->from, &y->from);
    for (uint32_t i = 0; same && i < p->regs[x->reg].n_fields; i++) {
        const struct datum *d = &p->fields[p->regs[x->reg].first_field + i].d;
        const struct value v = reg_row_value(x, i);
        const struct value w = reg_row_value(y, i);
        same = same_value(d, &v, &w);
    }
    return same;
}

static bool same_edit(const struct plan *p, const struct edit *x, const struct edit *y)
{
    if (x->kind != y->kind) {
        return false;
    }
    switch (x->kind) {
    case EDIT_FACT:
        return same_fact(p, &x->u.fact, &y->u.fact);
    case EDIT_ATTR:
        return x->u.attr.unit == y->u.attr.unit && x->u.attr.attribute == y->u.attr.attribute &&
               same_value(&p->attributes[x->u.attr.attribute].d, &x->u.attr.value,
                          &y->u.attr.value) &&
               same_day(x->u.attr.since, y->u.attr.since) &&
               same_day(x->u.attr.until, y->u.attr.until) &&
               same_from(&x->u.attr.from, &y->u.attr.from);
    case EDIT_ROW:
        return same_row(p, &x->u.row, &y->u.row);
    case EDIT_TITLE:
        return x->u.title.title == y->u.title.title && x->u.title.unit == y->u.title.unit &&
               same_day(x->u.title.since, y->u.title.since) &&
               same_day(x->u.title.until, y->u.title.until) &&
               same_day(x->u.title.revoked, y->u.title.revoked) &&
               x->u.title.status == y->u.title.status &&
               same_from(&x->u.title.from, &y->u.title.from);
    case EDIT_RELATION:
        return x->u.relation.relation == y->u.relation.relation &&
               x->u.relation.a == y->u.relation.a && x->u.relation.b == y->u.relation.b &&
               same_day(x->u.relation.since, y->u.relation.since) &&
               same_day(x->u.relation.until, y->u.relation.until) &&
               same_day(x->u.relation.ended, y->u.relation.ended) &&
               x->u.relation.confirmed == y->u.relation.confirmed &&
               same_from(&x->u.relation.from, &y->u.relation.from);
    case EDIT_ACTIVITY:
        return x->u.activity.relation == y->u.activity.relation &&
               x->u.activity.a == y->u.activity.a && x->u.activity.b == y->u.activity.b &&
               same_day(x->u.activity.day, y->u.activity.day) &&
               same_from(&x->u.activity.from, &y->u.activity.from);
    case EDIT_EVENT:
        return x->u.event.event == y->u.event.event && same_day(x->u.event.day, y->u.event.day) &&
               same_from(&x->u.event.from, &y->u.event.from);
    case EDIT_EVIDENCE:
        return x->u.evidence.commitment == y->u.evidence.commitment &&
               x->u.evidence.stage == y->u.evidence.stage &&
               x->u.evidence.unit == y->u.evidence.unit &&
               same_day(x->u.evidence.day, y->u.evidence.day) &&
               str_eq(x->u.evidence.document, y->u.evidence.document) &&
               same_from(&x->u.evidence.from, &y->u.evidence.from);
    case EDIT_FILING:
        return x->u.filing.reg == y->u.filing.reg && x->u.filing.form == y->u.filing.form &&
               x->u.filing.roll == y->u.filing.roll && x->u.filing.unit == y->u.filing.unit &&
               period_eq(x->u.filing.period, y->u.filing.period) &&
               x->u.filing.nil == y->u.filing.nil &&
               same_from(&x->u.filing.from, &y->u.filing.from);
    }
    return false;
}

/* ---- a dataset as edits --------------------------------------------------------------------- */

typedef VEC(struct edit) edits_vec;

#define ADD_ALL(array, count, K, member)                                                           \
    for (uint32_t i = 0; i < (count); i++) {                                                       \
        struct edit x = {.kind = (K)};                                                             \
        x.u.member = (array)[i];                                                                   \
        vec_push(a, out, x);                                                                       \
    }

static void edits_of(struct arena *a, const struct dataset *d, edits_vec *out)
{
    ADD_ALL(d->facts, d->n_facts, EDIT_FACT, fact)
    ADD_ALL(d->attrs, d->n_attrs, EDIT_ATTR, attr)
    ADD_ALL(d->rows, d->n_rows, EDIT_ROW, row)
    ADD_ALL(d->titles, d->n_titles, EDIT_TITLE, title)
    ADD_ALL(d->relations, d->n_relations, EDIT_RELATION, relation)
    ADD_ALL(d->activities, d->n_activities, EDIT_ACTIVITY, activity)
    ADD_ALL(d->events, d->n_events, EDIT_EVENT, event)
    ADD_ALL(d->evidence, d->n_evidence, EDIT_EVIDENCE, evidence)
    ADD_ALL(d->filings, d->n_filings, EDIT_FILING, filing)
}

/* What is committed under a day that is not said is known from the day of the commit on. */
static struct provenance *from_of(struct edit *x)
{
    switch (x->kind) {
    case EDIT_FACT:
        return &x->u.fact.from;
    case EDIT_ATTR:
        return &x->u.attr.from;
    case EDIT_ROW:
        return &x->u.row.from;
    case EDIT_TITLE:
        return &x->u.title.from;
    case EDIT_RELATION:
        return &x->u.relation.from;
    case EDIT_ACTIVITY:
        return &x->u.activity.from;
    case EDIT_EVENT:
        return &x->u.event.from;
    case EDIT_EVIDENCE:
        return &x->u.evidence.from;
    case EDIT_FILING:
        return &x->u.filing.from;
    }
    return NULL;
}

static void shuffle(struct rng *g, edits_vec *v)
{
    for (uint32_t i = v->n; i > 1; i--) {
        uint32_t k = (uint32_t)rng_below(g, i);
        struct edit t = v->items[i - 1];
        v->items[i - 1] = v->items[k];
        v->items[k] = t;
    }
}

/* ---- through the book ----------------------------------------------------------------------- */

struct through {
    struct book *b;
    struct random_pack pack;
    edits_vec edits;
    VEC(uint32_t) upto; /* edits committed when commit i + 2 was made; 1 is the tree */
    edits_vec got;
    uint32_t n_left;
};

static void commit_tree(struct through *t)
{
    struct book *b = t->b;
    struct store_reader *r = book_reader(b);
    struct store_commit words = {.token = STR("tree"), .actor = STR("u"), .note = STR("")};
    struct store_receipt got;
    BOOK_OK(b, units_import(&b->arena, b->store, r, t->pack.data->tree, t->pack.plan, &words, &got,
                            &b->e));
}

static void commit_edits(struct through *t, struct rng *g)
{
    struct book *b = t->b;
    for (uint32_t at = 0; at < t->edits.n;) {
        uint32_t n = 1 + (uint32_t)rng_below(g, 60);
        n = n < t->edits.n - at ? n : t->edits.n - at;
        struct store_commit c = {
            .token = S(book_text(b, "e%u", at)), .actor = STR("u"), .act = STR("facts")};
        struct store_receipt got;
        BOOK_OK(b, parcel_write(&b->arena, t->pack.plan, t->pack.data->tree, t->edits.items + at, n,
                                &c.parcels, &c.n_parcels, &b->e));
        BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
        at += n;
        vec_push(&b->arena, &t->upto, at);
    }
}

static int key_cmp(const struct fact *x, const struct fact *y)
{
    int c = (x->item > y->item) - (x->item < y->item);
    c = c != 0 ? c : (x->unit > y->unit) - (x->unit < y->unit);
    c = c != 0 ? c : period_cmp(x->period, y->period);
    c = c != 0 ? c : date_cmp(x->from.recorded, y->from.recorded);
    return c != 0 ? c : (int)x->status - (int)y->status;
}

/* Then by the order of the commits, which the line stands for. */
static int fact_cmp(const void *p, const void *q)
{
    const struct fact *x = &((const struct edit *)p)->u.fact;
    const struct fact *y = &((const struct edit *)q)->u.fact;
    int c = key_cmp(x, y);
    return c != 0 ? c : (x->from.line > y->from.line) - (x->from.line < y->from.line);
}

/* Of versions of one cell and day the last (LD2). */
static void sort_facts(edits_vec *v)
{
    uint32_t n = 0;
    qsort(v->items, v->n, sizeof v->items[0], fact_cmp);
    for (uint32_t i = 0; i < v->n; i++) {
        if (i + 1 == v->n || key_cmp(&v->items[i].u.fact, &v->items[i + 1].u.fact) != 0) {
            v->items[n++] = v->items[i];
        }
    }
    v->n = n;
}

/* Edits 0..n-1 of one kind against what was loaded, in their order; facts sorted. */
static void compare(struct through *t, uint32_t n, const struct dataset *d)
{
    struct arena *a = &t->b->arena;
    edits_vec loaded = {0};
    edits_vec want = {0};
    edits_of(a, d, &loaded);
    for (int k = EDIT_FACT; k <= EDIT_FILING; k++) {
        for (uint32_t i = 0; i < n; i++) {
            if ((int)t->edits.items[i].kind == k) {
                vec_push(a, &want, t->edits.items[i]);
            }
        }
        if (k == EDIT_FACT && want.n > 0) {
            sort_facts(&want);
        }
    }
    assert_int_equal(loaded.n, want.n);
    for (uint32_t i = 0; i < want.n; i++) {
        bool same = same_edit(t->pack.plan, &want.items[i], &loaded.items[i]);
        if (!same) {
            print_error("row %u of %u, kind %d, file of the seed's line %u\n", i, want.n,
                        (int)want.items[i].kind, from_of(&want.items[i])->line);
        }
        assert_true(same);
    }
}

static void on_edit(void *ctx, const struct edit *x)
{
    struct through *t = ctx;
    vec_push(&t->b->arena, &t->got, *x);
}

static void on_left(void *ctx, const struct parcel_left *left)
{
    struct through *t = ctx;
    (void)left;
    t->n_left++;
}

static void load_at(struct through *t, struct store_reader *r, int64_t upto, struct book_state *out)
{
    struct book_options o = {.plan = t->pack.plan, .upto = upto, .left = on_left, .ctx = t};
    BOOK_OK(t->b, book_load(&t->b->arena, r, &o, out, &t->b->e));
}

/* On the day. Versions may be cut differently where nothing changes. */
static void same_units(const struct tree *x, const struct tree *y, struct date day)
{
    for (uint32_t i = 0; i < x->n_units; i++) {
        const struct tree_version *v = tree_version_at(x, i, day);
        const struct tree_version *w = tree_version_at(y, i, day);
        assert_true((v == NULL) == (w == NULL));
        assert_true(v == NULL || (str_eq(v->code, w->code) && str_eq(v->name, w->name) &&
                                  str_eq(v->alias, w->alias) && str_eq(v->parent, w->parent) &&
                                  v->kind == w->kind));
    }
}

static void same_trees(const struct tree *x, const struct tree *y)
{
    assert_int_equal(x->n_units, y->n_units);
    for (uint32_t i = 0; i < x->n_changes; i++) {
        same_units(x, y, x->changes[i]);
        same_units(x, y, date_add_days(x->changes[i], -1));
    }
    for (uint32_t i = 0; i < y->n_changes; i++) {
        same_units(x, y, y->changes[i]);
    }
    assert_int_equal(x->n_into, y->n_into);
    assert_int_equal(x->n_out_of, y->n_out_of);
    for (uint32_t i = 0; i < x->n_into; i++) {
        assert_true(same_day(x->into[i].date, y->into[i].date) &&
                    x->into[i].from_unit == y->into[i].from_unit &&
                    x->into[i].to_unit == y->into[i].to_unit);
    }
}

static void one_pack(struct book *b, uint64_t seed)
{
    struct through t = {.b = b};
    struct chance c = chance_of_seed(seed);
    struct rng g;
    rng_seed(&g, seed);
    if (!random_pack(&b->arena, &c, &t.pack)) {
        return;
    }
    edits_of(&b->arena, t.pack.data, &t.edits);
    shuffle(&g, &t.edits);
    book_close(b);
    b->where = book_place(b);
    b->clock = YEAR_2030;
    book_open(b);
    commit_tree(&t);
    commit_edits(&t, &g);
    for (uint32_t i = 0; i < t.edits.n; i++) {
        struct provenance *from = from_of(&t.edits.items[i]);
        from->line = i;
        if (date_is_sentinel(from->recorded)) {
            from->recorded = store_day(YEAR_2030);
        }
    }
    struct store_reader *r = book_reader(b);
    struct book_state all;
    load_at(&t, r, INT64_MAX, &all);
    same_trees(t.pack.data->tree, all.tree);
    compare(&t, t.edits.n, all.data);
    assert_int_equal(t.n_left, 0);
    /* As of an earlier commit, and from there by following. */
    struct book_state then;
    uint32_t k = (uint32_t)rng_below(&g, t.upto.n);
    load_at(&t, r, (int64_t)k + 2, &then);
    compare(&t, t.upto.items[k], then.data);
    const struct book_sink sink = {.rows = {on_edit, on_left, &t}};
    BOOK_OK(b, book_follow(r, &then, INT64_MAX, &sink, &b->e));
    assert_int_equal(then.seq, all.seq);
    assert_false(then.tree_changed);
    assert_int_equal(t.got.n, t.edits.n - t.upto.items[k]);
    for (uint32_t i = 0; i < t.got.n; i++) {
        assert_true(same_edit(t.pack.plan, &t.edits.items[t.upto.items[k] + i], &t.got.items[i]));
    }
}

static void test_round_trip(void **state)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        one_pack(*state, seed);
    }
}

/* ---- a plan that has changed ---------------------------------------------------------------- */

static const struct plan *plan_of(struct arena *a, const char *kinds)
{
    struct buf b;
    struct diags ds;
    struct lang l;
    buf_init_in(&b, a, 65536);
    buf_printf(&b, "计划 p { 年度 2024 至 2026 }\n层级 省 > 校\n%s\n", kinds);
    diags_init(&ds, a, NULL);
    assert_int_equal(lang_load_text(a, STR("p.plan"), buf_view(&b), &ds, &l, NULL), RC_OK);
    return l.plan;
}

static const struct tree *tree_of(struct arena *a, const struct plan *p)
{
    const struct tree *t = NULL;
    struct tree_version *v = ARENA_ARRAY(a, struct tree_version, 2);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t kind = 0;
        while (!str_eq(p->kinds[kind].name, i == 0 ? STR("省") : STR("校"))) {
            kind++;
        }
        v[i] = (struct tree_version){.code = i == 0 ? STR("S") : STR("x"),
                                     .name = STR("n"),
                                     .parent = i == 0 ? STR("") : STR("S"),
                                     .from = DATE_MIN,
                                     .to = DATE_MAX,
                                     .kind = kind};
    }
    assert_int_equal(tree_build(a, v, 2, NULL, 0, (struct tree_sink){0}, &t, NULL), RC_OK);
    return t;
}

static uint32_t item_named(const struct plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_items; i++) {
        if (str_eq(p->items[i].d.name, S(name))) {
            return i;
        }
    }
    fail();
    return 0;
}

static struct edit fact(const struct plan *p, const char *item, struct value v)
{
    struct edit x = {.kind = EDIT_FACT};
    x.u.fact =
        (struct fact){.unit = 1,
                      .item = item_named(p, item),
                      .period = {PERIOD_YEAR, 2024, 1},
                      .value = v,
                      .definition = STR(""),
                      .point = STR(""),
                      .from = {.recorded = {19000}, .source = STR("表\"一\""), .grade = 'B'}};
    return x;
}

struct changed {
    struct arena *a;
    edits_vec got;
    struct str left; /* "1 校.丙;" */
};

static void on_changed_edit(void *ctx, const struct edit *x)
{
    struct changed *c = ctx;
    vec_push(c->a, &c->got, *x);
}

static void on_changed_left(void *ctx, const struct parcel_left *left)
{
    struct changed *c = ctx;
    struct str line = str_cat(c->a, rat_frac_str(c->a, rat_int((int64_t)left->gap)), STR(" "));
    line = str_cat(c->a, line, str_cat(c->a, left->name, STR(";")));
    c->left = str_cat(c->a, c->left, line);
}

/* Each type of value; then what a later plan makes of them. */
static void test_other_plan(void **state)
{
    struct book *b = *state;
    struct arena *a = &b->arena;
    const struct plan *p =
        plan_of(a, "对象 校 { 数据 数 : 个 每年 小数 2 数据 选 : 选项(\"甲\",\"乙\") 每年 "
                   "数据 是 : 是否 每年 数据 去 : 个 每年 数据 变 : 个 每年 数据 周 : 个 每年 }");
    const struct tree *t = tree_of(a, p);
    const struct value none = {.has = false, .num = rat_zero(), .text = STR("")};
    const struct edit edits[] = {
        fact(p, "数", (struct value){.has = true, .num = rat_frac(-7, 3), .text = STR("")}),
        fact(p, "选", (struct value){.has = true, .num = rat_int(1), .text = STR("")}),
        fact(p, "是", (struct value){.has = true, .num = rat_int(1), .text = STR("")}),
        fact(p, "去", (struct value){.has = true, .num = rat_int(5), .text = STR("")}),
        fact(p, "变", (struct value){.has = true, .num = rat_int(6), .text = STR("")}),
        fact(p, "周", none),
    };
    const struct store_parcel *parcels = NULL;
    uint32_t n = 0;
    struct changed c = {.a = a};
    const struct parcel_sink sink = {on_changed_edit, on_changed_left, &c};
    BOOK_OK(b, parcel_write(a, p, t, edits, 6, &parcels, &n, &b->e));
    assert_int_equal(n, 1);
    ASSERT_STR(parcels->body, "[\"-7/3\",\"乙\",true,5,6,null]");
    ASSERT_STR(parcels->area, "x");
    BOOK_OK(b, parcel_read(parcel_reader_new(a, p, t), parcels, &sink, &b->e));
    assert_int_equal(c.got.n, 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_true(same_edit(p, &edits[i], &c.got.items[i]));
    }
    /* One item is gone, one is of another type, one of another period; a choice is no more. */
    const struct plan *q =
        plan_of(a, "对象 校 { 数据 周 : 个 每月 数据 变 : 是否 每年 数据 是 : 是否 每年 "
                   "数据 选 : 选项(\"甲\") 每年 数据 数 : 个 每年 小数 2 }");
    c = (struct changed){.a = a};
    BOOK_OK(b, parcel_read(parcel_reader_new(a, q, tree_of(a, q)), parcels, &sink, &b->e));
    ASSERT_STR(c.left, "2 校.选;1 校.去;2 校.变;1 校.周;");
    assert_int_equal(c.got.n, 2);
    assert_int_equal(c.got.items[0].u.fact.item, item_named(q, "数"));
    assert_true(rat_eq(c.got.items[0].u.fact.value.num, rat_frac(-7, 3)));
    assert_int_equal(c.got.items[1].u.fact.item, item_named(q, "是"));
}

/* ---- damage --------------------------------------------------------------------------------- */

static struct str damaged(struct arena *a, struct rng *g, struct str s)
{
    char *p = arena_strndup(a, s.p, s.n);
    static const char marks[] = "[]\",{}0tn\\";
    uint32_t n = s.n;
    for (uint32_t k = 1 + (uint32_t)rng_below(g, 3); k > 0 && n > 1; k--) {
        uint32_t at = (uint32_t)rng_below(g, n);
        if (rng_one_in(g, 3)) {
            memmove(p + at, p + at + 1, n - at - 1);
            n--;
        } else {
            p[at] = marks[rng_below(g, sizeof marks - 1)];
        }
    }
    return (struct str){p, n};
}

/* What is read in bulk is what the plain reader gives, row by row. */
static bool same_in_bulk(struct parcel_reader *r, const struct store_parcel *p, enum rc plain,
                         const edits_vec *rows)
{
    struct parcel_figures x;
    uint32_t n = 0;
    if (!parcel_figures(r, p, &x)) {
        return false;
    }
    assert_int_equal(plain, RC_OK);
    for (uint32_t i = 0; i < x.form->n; i++) {
        if (x.form->places[i].item == NONE) {
            continue;
        }
        const struct fact *f = &rows->items[n++].u.fact;
        assert_true(f->item == x.form->places[i].item);
        assert_true(period_eq(f->period, x.form->places[i].period));
        assert_true(f->value.has == (x.numbers[i].d != 0));
        assert_true(!f->value.has ||
                    rat_eq(f->value.num, rat_frac(x.numbers[i].n, x.numbers[i].d)));
        assert_true(!f->provisional && !f->disputed && f->definition.n == 0 && f->point.n == 0);
    }
    assert_int_equal(n, rows->n);
    return true;
}

/* Whatever stands in a parcel: it is read, or called damaged, and nothing worse. */
static void test_damage(void **state)
{
    struct book *b = *state;
    struct chance c = chance_of_seed(5);
    struct random_pack pack;
    struct rng g;
    edits_vec edits = {0};
    const struct store_parcel *parcels = NULL;
    uint32_t n = 0;
    uint32_t n_bad = 0;
    uint32_t in_bulk = 0;
    rng_seed(&g, 5);
    assert_true(random_pack(&b->arena, &c, &pack));
    edits_of(&b->arena, pack.data, &edits);
    shuffle(&g, &edits);
    BOOK_OK(b, parcel_write(&b->arena, pack.plan, pack.data->tree, edits.items, edits.n, &parcels,
                            &n, &b->e));
    for (uint32_t i = 0; i < 5000; i++) {
        struct arena a;
        struct store_parcel p = parcels[rng_below(&g, n)];
        struct changed got;
        arena_init(&a, 1U << 26, "damage");
        got = (struct changed){.a = &a};
        bool in_layout = p.layout.n > 0 && rng_one_in(&g, 3);
        p.layout = in_layout ? damaged(&a, &g, p.layout) : p.layout;
        p.body = in_layout || rng_one_in(&g, 3) ? p.body : damaged(&a, &g, p.body);
        const struct parcel_sink sink = {on_changed_edit, on_changed_left, &got};
        struct parcel_reader *r = parcel_reader_new(&a, pack.plan, pack.data->tree);
        enum rc rc = parcel_read(r, &p, &sink, NULL);
        assert_true(rc == RC_OK || rc == RC_DB);
        n_bad += rc == RC_DB;
        in_bulk += same_in_bulk(r, &p, rc, &got.got);
        arena_release(&a);
    }
    assert_true(n_bad > 1000);
    assert_true(in_bulk > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_round_trip),
        BOOK_TEST(test_other_plan),
        BOOK_TEST(test_damage),
    };
    return BOOK_RUN(tests);
}
