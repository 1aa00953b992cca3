/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live engine: after every commit of random edits its rows are those of judging from scratch,
 * by columns (on one thread and on several) and by the reference, every field of every row.
 * TIZHI_SEED repeats or varies a run, TIZHI_ROUNDS makes it longer.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/live.h"
#include "engine/ref.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "tests/lib/random_pack.h"
#include "tests/lib/test.h"

#define ROUNDS  200
#define COMMITS 5
#define EDITS   24

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    i128 n = (i128)otherwise;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &n));
    return (uint64_t)n;
}

struct totals {
    uint64_t packs, refused, commits, edits, rows, changes, rebased, backs, told, trees;
    uint64_t judged, fresh; /* units: by the live, and all there are */
    uint64_t plans, kept;   /* nearly the same plan; units taken over by another base */
};

/* ---- from scratch --------------------------------------------------------------------------- */

static void judge_together(struct arena *a, const struct random_pack *pack, uint32_t threads,
                           struct verdicts *out)
{
    struct cells *cells = NULL;
    struct judge_query all = {NONE, NONE, 0};
    assert_int_equal(cells_make(a, pack->plan, pack->data, pack->as_of, &cells, NULL), RC_OK);
    assert_int_equal(judge_plan_on(a, cells, threads, all, out, NULL), RC_OK);
}

static void judge(struct arena *a, const struct random_pack *pack, bool reference,
                  struct verdicts *out)
{
    struct cells *cells = NULL;
    struct columns *k = NULL;
    struct evaluator ev;
    assert_int_equal(cells_make(a, pack->plan, pack->data, pack->as_of, &cells, NULL), RC_OK);
    if (reference) {
        assert_int_equal(ref_make(a, cells, &ev, NULL), RC_OK);
    } else {
        assert_int_equal(columns_make(a, cells, &k, &ev, NULL), RC_OK);
    }
    struct judge_query all = {NONE, NONE, 0};
    assert_int_equal(judge_plan(a, cells, &ev, all, out, NULL), RC_OK);
    if (k) {
        columns_release(k);
    }
}

static bool moments_eq(const struct moment *x, const struct moment *y)
{
    if (!x || !y) {
        return x == y;
    }
    return x->year == y->year && x->sub == y->sub && date_cmp(x->snapshot, y->snapshot) == 0 &&
           date_cmp(x->as_of, y->as_of) == 0 && x->since_year == y->since_year &&
           date_cmp(x->named, y->named) == 0 && date_cmp(x->rows_to, y->rows_to) == 0 &&
           x->category == y->category && x->by_key == y->by_key;
}

static void show(struct arena *a, const struct random_pack *pack, const char *who,
                 const struct verdict *v)
{
    print_message("%s: %.*s part '%.*s' unit %.*s year %d state %s light %s flags %x [%.*s, %.*s] "
                  "%u/%u counter %u undecided %u row %u proposals %u\n",
                  who, PS(pack->plan->commitments[v->commitment].id), PS(v->part),
                  PS(pack->data->tree->units[v->unit].code), (int)v->year, state_name(v->state),
                  light_name(v->light), v->flags, PS(rat_frac_str(a, v->measure.lo)),
                  PS(rat_frac_str(a, v->measure.hi)), v->measure.reported, v->measure.expected,
                  v->n_counter, v->n_undecided, v->row, v->n_proposals);
}

/* What the reader sees is what was judged. */
static void same_rows(struct arena *a, const struct random_pack *pack, const struct live_reader *r,
                      const struct verdicts *fresh, const char *who)
{
    struct live_rows x = live_rows(r, NONE, NONE);
    for (uint32_t i = 0; i < fresh->rows.n; i++) {
        struct verdict want = verdicts_at(fresh, i);
        bool there = live_next(&x);
        struct verdict have = there ? live_verdict(a, &x) : want;
        if (!there || !verdict_eq(&have, &want) ||
            (!want.for_all && !moments_eq(have.at, want.at))) {
            print_message("%.*s\n", PS(pack->text));
            show(a, pack, there ? "live" : "live: no row", &have);
            show(a, pack, who, &want);
            fail();
        }
    }
    assert_false(live_next(&x));
}

/* ---- one pack ------------------------------------------------------------------------------- */

/* Rows of two evaluations of one plan that differ, by their keys. */
static uint32_t differences(const struct verdicts *x, const struct verdicts *y)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < x->rows.n; i++) {
        struct verdict v = verdicts_at(x, i);
        struct verdict w = verdicts_at(y, i);
        v.n_counter = w.n_counter = v.n_undecided = w.n_undecided = 0; /* not of the row */
        n += !verdict_eq(&v, &w);
    }
    return n;
}

static bool same_keys(const struct verdicts *x, const struct verdicts *y)
{
    bool same = x->rows.n == y->rows.n;
    for (uint32_t i = 0; same && i < x->rows.n; i++) {
        uint32_t p = 0;
        uint32_t q = 0;
        struct row_key v = verdicts_key(x, i, &p);
        struct row_key w = verdicts_key(y, i, &q);
        same = v.unit == w.unit && v.head->commitment == w.head->commitment &&
               v.head->year == w.head->year && str_eq(v.head->part, w.head->part);
    }
    return same;
}

static void same_findings(const struct verdicts *x, const struct verdicts *y)
{
    assert_int_equal(x->findings.n, y->findings.n);
    for (uint32_t i = 0; i < x->findings.n; i++) {
        const struct finding *f = &x->findings.items[i];
        const struct finding *g = &y->findings.items[i];
        assert_true(f->kind == g->kind && f->commitment == g->commitment && f->unit == g->unit &&
                    f->item == g->item && f->year == g->year && str_eq(f->text, g->text) &&
                    f->line == g->line);
    }
}

static bool has_samples(const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (p->commitments[i].kind == CK_SAMPLE) {
            return true;
        }
    }
    return false;
}

static void commit(struct arena *a, struct chance *c, struct random_pack *pack, struct live *l,
                   struct live_reader *r, struct verdicts *before, struct totals *sum)
{
    struct edit edits[EDITS];
    struct live_changes changes;
    struct verdicts now;
    struct verdicts reference;
    uint32_t n = chance_pick(c, 6) == 0 ? EDITS : 1 + chance_pick(c, 3);
    for (uint32_t i = 0; i < n; i++) {
        edits[i] = random_edit(a, c, pack);
    }
    live_pin(r);
    assert_int_equal(live_apply(l, edits, n, &changes, NULL), RC_OK);
    same_rows(a, pack, r, before, "before"); /* of the version pinned */
    live_unpin(r);
    pack->data = random_grown(a, pack->data, edits, n);
    judge(a, pack, false, &now);
    judge(a, pack, true, &reference);
    if (chance_pick(c, 4) == 0) {
        struct verdicts together;
        judge_together(a, pack, 1 + chance_pick(c, 4), &together);
        same_findings(&now, &together);
        now = together;
    }
    live_pin(r);
    same_rows(a, pack, r, &now, "columns");
    same_rows(a, pack, r, &reference, "reference");
    live_unpin(r);
    if (same_keys(before, &now) && !has_samples(pack->plan)) {
        assert_int_equal(changes.n, differences(before, &now));
    }
    for (uint32_t i = 0; i < changes.n; i++) {
        assert_true(changes.items[i].from || changes.items[i].to);
    }
    *before = now;
    sum->commits++;
    sum->edits += n;
    sum->rows += now.rows.n;
    sum->fresh += now.rows.n;
    sum->changes += changes.n;
}

/* ---- another base --------------------------------------------------------------------------- */

static struct str key_text(struct arena *a, const struct random_pack *pack, const struct verdict *v)
{
    char year[32];
    (void)snprintf(year, sizeof year, "|%d|", (int)v->year);
    struct str key = str_cat(a, pack->plan->commitments[v->commitment].id, str_from_cstr(year));
    struct str code = v->unit == NONE ? STR("-") : pack->data->tree->units[v->unit].code;
    return str_cat(a, str_cat(a, str_cat(a, key, v->part), STR("|")), code);
}

/* Other numbers of the same things make no difference. */
static bool same_answer(const struct verdict *before, const struct verdict *after, bool same_plan)
{
    struct verdict v = *before;
    v.unit = after->unit;
    v.commitment = after->commitment;
    v.clause = same_plan ? v.clause : after->clause;
    v.n_counter = v.n_undecided = 0;
    struct verdict w = *after;
    w.n_counter = w.n_undecided = 0; /* not of the row */
    return verdict_eq(&v, &w);
}

/* What there is to be told: rows that differ, matched by their keys. */
static uint32_t to_be_told(struct arena *a, const struct random_pack *was,
                           const struct verdicts *before, const struct random_pack *is,
                           const struct verdicts *after)
{
    struct map index = {0};
    uint32_t n = 0;
    uint32_t met = 0;
    for (uint32_t i = 0; i < before->rows.n; i++) {
        struct verdict v = verdicts_at(before, i);
        map_put(a, &index, key_text(a, was, &v), i);
    }
    assert_int_equal(map_len(&index), before->rows.n);
    for (uint32_t i = 0; i < after->rows.n; i++) {
        uint32_t k = 0;
        struct verdict w = verdicts_at(after, i);
        bool there = map_get(&index, key_text(a, is, &w), &k);
        struct verdict v = there ? verdicts_at(before, k) : w;
        met += there;
        n += !there || !same_answer(&v, &w, was->plan == is->plan);
    }
    return n + before->rows.n - met;
}

enum another { ANOTHER_DAY, ANOTHER_TREE, ANOTHER_PLAN, NEARLY_ANOTHER_PLAN, ANOTHER_BOTH };

/* true: with a dataset of its own. */
static bool another(struct arena *a, struct chance *c, enum another what, struct random_pack *next,
                    struct totals *sum)
{
    struct dataset *d = ARENA_NEW(a, struct dataset);
    const struct tree *t = NULL;
    struct random_pack other;
    struct chance again = *c;
    if (what == ANOTHER_DAY) {
        next->as_of = chance_pick(c, 2) == 0
                          ? date_add_days(next->as_of, (int32_t)chance_pick(c, 200))
                          : random_day(2024 + (int32_t)chance_pick(c, 4), 7, 1);
        return chance_pick(c, 4) == 0;
    }
    if (what >= NEARLY_ANOTHER_PLAN) {
        sum->plans += random_other_plan(a, c, next);
    }
    *d = *next->data;
    if (what == ANOTHER_TREE || what == ANOTHER_BOTH) {
        t = random_other_tree(a, c, next);
        d->tree = t ? t : d->tree;
        sum->trees += t != NULL;
    }
    if (what == ANOTHER_PLAN && random_pack(a, &again, &other)) {
        next->plan = other.plan; /* of the same kinds, items and registers */
        next->text = other.text;
        d->n_evidence = 0; /* it names commitments */
    }
    next->data = d;
    if (chance_pick(c, 3) == 0) { /* which brings other data, too */
        struct edit edits[EDITS];
        uint32_t n = chance_pick(c, EDITS);
        for (uint32_t i = 0; i < n; i++) {
            edits[i] = random_edit(a, c, next);
        }
        next->data = random_grown(a, d, edits, n);
    }
    return true;
}

/* Another tree, day or plan takes the place of the one there is. true: what was known before can
 * still be asked for. */
static bool rebase(struct arena *a, struct chance *c, struct random_pack *pack, struct live *l,
                   struct live_reader *r, struct verdicts *before, struct totals *sum)
{
    struct live_changes changes;
    struct random_pack next = *pack;
    struct verdicts now;
    struct verdicts reference;
    bool own = another(a, c, (enum another)chance_pick(c, 5), &next, sum);
    uint64_t kept = live_stats(l).kept;
    live_pin(r);
    assert_int_equal(live_rebase(l, next.plan, own ? next.data : NULL, next.as_of, &changes, NULL),
                     RC_OK);
    same_rows(a, pack, r, before, "before");
    live_unpin(r);
    judge(a, &next, false, &now);
    judge(a, &next, true, &reference);
    live_pin(r);
    same_rows(a, &next, r, &now, "columns");
    same_rows(a, &next, r, &reference, "reference");
    live_unpin(r);
    if (!has_samples(pack->plan) && !has_samples(next.plan)) {
        assert_int_equal(changes.n, to_be_told(a, pack, before, &next, &now));
        sum->told += changes.n;
    }
    *pack = next;
    *before = now;
    sum->rebased++;
    sum->kept += live_stats(l).kept - kept;
    return !own;
}

/* ---- what was known before ------------------------------------------------------------------ */

/* What the live engine was told, commit by commit, since its last base. */
struct heard {
    uint64_t version;
    const struct dataset *data;
};

struct told {
    struct heard list[COMMITS + 1];
    uint32_t n;
};

static void remember(struct told *t, struct live_reader *r, const struct random_pack *pack)
{
    t->list[t->n++] = (struct heard){live_pin(r), pack->data};
    live_unpin(r);
}

struct going_back {
    struct live_past *past;
    struct live *then;
    enum rc rc;
};

static void *go_back(void *ctx)
{
    struct going_back *x = ctx;
    x->rc = live_past_make(x->past, 2, (size_t)1 << 30, &x->then, NULL);
    return NULL;
}

/* Some day and commit gone by, evaluated while the live engine commits. */
static void look_back(struct arena *a, struct chance *c, struct random_pack *pack, struct live *l,
                      struct live_reader *r, struct verdicts *before, struct told *t,
                      struct totals *sum)
{
    struct going_back x = {.past = NULL};
    struct random_pack past = *pack;
    struct verdicts fresh;
    pthread_t thread;
    const struct heard *k = &t->list[chance_pick(c, t->n)];
    past.data = k->data;
    past.as_of = random_day(2024 + (int32_t)chance_pick(c, 4), 1 + (int32_t)chance_pick(c, 12), 15);
    past.as_of = date_earlier(past.as_of, pack->as_of);
    assert_int_equal(live_past_take(l, past.as_of, k->version, &x.past, NULL), RC_OK);
    assert_int_equal(pthread_create(&thread, NULL, go_back, &x), 0);
    commit(a, c, pack, l, r, before, sum);
    if (chance_pick(c, 4) == 0) {
        t->n = rebase(a, c, pack, l, r, before, sum) ? t->n : 0;
    }
    remember(t, r, pack);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(x.rc, RC_OK);
    judge(a, &past, false, &fresh);
    struct live_reader *back = live_reader(x.then);
    live_pin(back);
    same_rows(a, &past, back, &fresh, "the past");
    live_reader_release(back);
    live_release(x.then);
    live_past_release(x.past);
    sum->backs++;
}

static void one_pack(uint64_t seed, struct totals *sum)
{
    struct told told = {.n = 0};
    struct arena a;
    struct random_pack pack;
    struct chance c = chance_of_seed(seed);
    struct live *l = NULL;
    struct verdicts before;
    arena_init(&a, (size_t)1 << 30, "pack");
    if (!random_pack(&a, &c, &pack)) {
        sum->refused++;
        if (sum->refused == 1) {
            print_message("# refused: %.*s\n", PS(pack.text));
        }
        arena_release(&a);
        return;
    }
    assert_int_equal(live_make_on(pack.plan, pack.data, pack.as_of, 1 + (uint32_t)(seed % 3),
                                  (size_t)1 << 30, &l, NULL),
                     RC_OK);
    struct live_reader *r = live_reader(l);
    assert_non_null(r);
    judge(&a, &pack, false, &before);
    struct live_reader *first = live_reader(l); /* sees the first version to the end */
    struct verdicts at_first = before;
    struct random_pack first_pack = pack;
    live_pin(first);
    same_rows(&a, &pack, first, &before, "columns");
    uint64_t made = live_stats(l).units;
    remember(&told, r, &pack);
    for (uint32_t i = 0; i < COMMITS; i++) {
        if (chance_pick(&c, 3) == 0) {
            look_back(&a, &c, &pack, l, r, &before, &told, sum);
            continue;
        }
        commit(&a, &c, &pack, l, r, &before, sum);
        if (chance_pick(&c, 3) == 0) {
            told.n = rebase(&a, &c, &pack, l, r, &before, sum) ? told.n : 0;
        }
        remember(&told, r, &pack);
    }
    struct live_past *none = NULL;
    assert_int_equal(live_past_take(l, date_add_days(pack.as_of, 1), UINT64_MAX, &none, NULL),
                     RC_USAGE);
    assert_int_equal(live_past_take(l, pack.as_of, 0, &none, NULL), RC_CONFLICT);
    same_rows(&a, &first_pack, first, &at_first, "the first version");
    live_reader_release(first);
    sum->packs++;
    sum->judged += live_stats(l).units - made;
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

static void test_as_from_scratch(void **state)
{
    (void)state;
    uint64_t seed = number_from("TIZHI_SEED", 20260101);
    uint64_t rounds = number_from("TIZHI_ROUNDS", ROUNDS);
    struct totals sum = {0};
    print_message("# TIZHI_SEED=%" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < rounds; i++) {
        one_pack(seed + i, &sum);
    }
    print_message("# %" PRIu64 " packs, %" PRIu64 " refused, %" PRIu64 " commits of %" PRIu64
                  " edits, %" PRIu64 " rows, %" PRIu64 " changes, %" PRIu64 " rebased (%" PRIu64
                  " trees, %" PRIu64 " plans), %" PRIu64 " looked back, %" PRIu64
                  " units judged again, %" PRIu64 " kept\n",
                  sum.packs, sum.refused, sum.commits, sum.edits, sum.rows, sum.changes,
                  sum.rebased, sum.trees, sum.plans, sum.backs, sum.judged, sum.kept);
    assert_true(sum.refused * 10 < rounds);
    assert_true(sum.changes > sum.commits && sum.told > 0 && sum.trees > 0);
    assert_true(sum.plans > 0 && sum.kept > sum.rebased);
}

/* ---- a region of known size ----------------------------------------------------------------- */

#define CITIES   4
#define COUNTIES 5
#define SCHOOLS  20

static const char region_text[] =
    "计划 r { 年度 2024 至 2026 基准年 2023 }\n"
    "层级 省 > 市 > 县 > 校\n"
    "对象 市 对象 县\n"
    "对象 校 { 数据 甲 : 个 每年 数据 乙 : 个 每年 数据 是甲 : 是否 每年 }\n"
    "目标 T1 { 每年 每个 县 求和(校.甲) 不低于 30个 }\n"
    "目标 T2 { 每年 每个 校 是甲 }\n"
    "目标 T3 { 每年 每个 市 求和(校.甲) / 求和(校.乙) 不低于 50% }\n"
    "目标 T4 { 到 2026年 求和(校.乙) 不低于 30个 }\n"
    "考核 Z1 { 对象 县 每年 项 T1 60分 项 T2 40分 合格 60分 }\n";

/* Codes of one letter are in order of their numbers. */
static struct tree_version version(struct arena *a, char letter, uint32_t n, uint32_t kind,
                                   struct str parent)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%c%05u", letter, n);
    struct str code = str_dup(a, str_from_cstr(text));
    return (struct tree_version){.code = code,
                                 .name = code,
                                 .parent = parent,
                                 .from = DATE_MIN,
                                 .to = DATE_MAX,
                                 .kind = kind};
}

struct region {
    struct random_pack pack;
    uint32_t first_school, n_schools;
};

/* moves: a school that stands below the first county from a day on; NONE: none does. */
static const struct tree *region_tree(struct arena *a, const struct plan *p, uint32_t moves,
                                      struct date day)
{
    struct tree_sink sink = {0};
    const struct tree *t = NULL;
    uint32_t kinds[4];
    VEC(struct tree_version) v = {0};
    for (uint32_t i = 0; i < p->n_kinds; i++) {
        assert_true(p->kinds[i].level < 4);
        kinds[p->kinds[i].level] = i;
    }
    vec_push(a, &v, version(a, 'R', 0, kinds[0], STR("")));
    struct str root = v.items[0].code;
    for (uint32_t i = 0; i < CITIES; i++) {
        struct tree_version city = version(a, 'A', i, kinds[1], root);
        vec_push(a, &v, city);
        for (uint32_t k = i * COUNTIES; k < (i + 1) * COUNTIES; k++) {
            struct tree_version county = version(a, 'B', k, kinds[2], city.code);
            vec_push(a, &v, county);
            for (uint32_t s = k * SCHOOLS; s < (k + 1) * SCHOOLS; s++) {
                struct tree_version school = version(a, 'C', s, kinds[3], county.code);
                struct tree_version after = school;
                after.parent = STR("B00000");
                after.from = day;
                if (s == moves) {
                    school.to = date_add_days(day, -1);
                    vec_push(a, &v, after);
                }
                vec_push(a, &v, school);
            }
        }
    }
    assert_int_equal(tree_build(a, v.items, v.n, NULL, 0, sink, &t, NULL), RC_OK);
    return t;
}

static const struct plan *region_plan(struct arena *a, struct str text)
{
    struct diags ds;
    struct lang lang;
    diags_init(&ds, a, NULL);
    assert_int_equal(lang_load_text(a, STR("r.plan"), text, &ds, &lang, NULL), RC_OK);
    return lang.plan;
}

static void region_make(struct arena *a, struct region *out)
{
    static const struct str files[1] = {{"region", 6}};
    struct str text = str_from_cstr(region_text);
    struct dataset *d = ARENA_NEW(a, struct dataset);
    out->pack = (struct random_pack){
        .text = text, .plan = region_plan(a, text), .data = d, .as_of = random_day(2025, 6, 1)};
    *d = (struct dataset){
        .tree = region_tree(a, out->pack.plan, NONE, DATE_MIN), .files = files, .n_files = 1};
    out->n_schools = CITIES * COUNTIES * SCHOOLS;
    out->first_school = CITIES + CITIES * COUNTIES; /* ids are in order of codes */
}

static struct edit fact_of(const struct region *g, uint32_t school, uint32_t item, int32_t year,
                           int64_t n)
{
    struct edit e = {.kind = EDIT_FACT};
    e.u.fact = (struct fact){.unit = g->first_school + school,
                             .item = item,
                             .period = {.kind = PERIOD_YEAR, .year = year, .index = 1},
                             .value = {.has = true, .num = rat_int(n), .text = STR("")},
                             .definition = STR(""),
                             .point = STR(""),
                             .from = {.recorded = DATE_MIN, .source = STR("")}};
    return e;
}

static struct live *region_live(const struct region *g, uint32_t threads)
{
    struct live *l = NULL;
    assert_int_equal(
        live_make_on(g->pack.plan, g->pack.data, g->pack.as_of, threads, (size_t)1 << 30, &l, NULL),
        RC_OK);
    return l;
}

static struct live_stats apply(struct live *l, const struct edit *edits, uint32_t n,
                               struct live_changes *changes)
{
    struct live_stats s = live_stats(l);
    assert_int_equal(live_apply(l, edits, n, changes, NULL), RC_OK);
    struct live_stats now = live_stats(l);
    return (struct live_stats){now.units - s.units, now.above - s.above, now.opened - s.opened,
                               now.rows - s.rows, now.kept - s.kept};
}

/* One fact is judged at the units above it and nowhere else. */
static void test_local(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    struct live_changes changes;
    struct verdicts fresh;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    struct live *l = region_live(&g, 1);
    struct edit edits[] = {fact_of(&g, 77, 0, 2024, 31), fact_of(&g, 77, 2, 2024, 1),
                           fact_of(&g, 140, 1, 2026, 5)};
    /* 甲 of 2024: T1 at the county and T3 at the city, then the card of the county. */
    struct live_stats s = apply(l, &edits[0], 1, &changes);
    assert_int_equal(s.units, 3);
    assert_true(s.above <= 3 && s.opened == 0);
    /* 是甲: T2 at the school and the rows above it, which the card of the county counts. */
    s = apply(l, &edits[1], 1, &changes);
    assert_int_equal(s.units, 2);
    assert_int_equal(s.above, 3);
    assert_true(changes.n >= 2);
    /* 乙 of 2026: T3 at the city; T4 is judged on the latest year that is closed (C02). */
    s = apply(l, &edits[2], 1, &changes);
    assert_int_equal(s.units, 1);
    /* The same again changes nothing. */
    s = apply(l, edits, 3, &changes);
    assert_int_equal(changes.n, 0);
    assert_int_equal(s.rows, 0);
    g.pack.data = random_grown(&a, g.pack.data, edits, 3);
    judge(&a, &g.pack, false, &fresh);
    struct live_reader *r = live_reader(l);
    live_pin(r);
    same_rows(&a, &g.pack, r, &fresh, "columns");
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

/* ---- another base of known size ------------------------------------------------------------- */

static struct live_stats based_on(struct arena *a, struct live *l, struct live_reader *r,
                                  struct random_pack *pack, bool grown)
{
    struct live_changes changes;
    struct verdicts fresh;
    struct live_stats s = live_stats(l);
    assert_int_equal(
        live_rebase(l, pack->plan, grown ? NULL : pack->data, pack->as_of, &changes, NULL), RC_OK);
    struct live_stats now = live_stats(l);
    judge(a, pack, false, &fresh);
    live_pin(r);
    same_rows(a, pack, r, &fresh, "columns");
    live_unpin(r);
    return (struct live_stats){
        .units = now.units - s.units, .opened = now.opened - s.opened, .kept = now.kept - s.kept};
}

static struct str changed(struct arena *a, struct str text, struct str from, struct str to)
{
    uint32_t at = str_find(text, from, 0);
    assert_true(at != STR_NONE);
    struct str tail = str_sub(text, at + (uint32_t)from.n, (uint32_t)text.n);
    return str_cat(a, str_cat(a, str_sub(text, 0, at), to), tail);
}

/* Only what is reached is judged: cards are 20 counties by 3 years, always. */
static void test_bases(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    const uint32_t cards = 3 * CITIES * COUNTIES;
    struct random_pack pack = g.pack;
    struct dataset d = *g.pack.data;
    struct live *l = region_live(&g, 2);
    struct live_reader *r = live_reader(l);
    uint64_t all = live_stats(l).units;
    /* What T1 asks for. */
    pack.text =
        changed(&a, pack.text, STR("不低于 30个 }\n目标 T2"), STR("不低于 31个 }\n目标 T2"));
    pack.plan = region_plan(&a, pack.text);
    struct live_stats s = based_on(&a, l, r, &pack, false);
    assert_int_equal(s.units, cards + 3 * CITIES * COUNTIES);
    assert_int_equal(s.units + s.kept, all);
    /* The bounds of 乙, which T3 reads (4 cities by 3 years) and T4. */
    pack.text = changed(&a, pack.text, STR("乙 : 个 每年"), STR("乙 : 个 每年 范围 0 至 90"));
    pack.plan = region_plan(&a, pack.text);
    s = based_on(&a, l, r, &pack, false);
    assert_int_equal(s.units, cards + 3 * CITIES + 1);
    /* A school moves at the end of 2026: in that year its line is judged, by T1 two counties, by
     * T2 the school, by T3 two cities; T4 looks at the year that is closed. */
    d.tree = region_tree(&a, pack.plan, 250, random_day(2026, 10, 1));
    pack.data = &d;
    s = based_on(&a, l, r, &pack, false);
    assert_true(s.units >= cards + 5 && s.units <= cards + 6);
    assert_int_equal(s.units + s.kept, all);
    /* The next day is a commit: the cards name it, and nothing else does. */
    pack.as_of = date_add_days(pack.as_of, 1);
    s = based_on(&a, l, r, &pack, true);
    assert_int_equal(s.units, cards);
    assert_int_equal(s.opened, 1);
    /* Once more, as a check. */
    s = based_on(&a, l, r, &pack, true);
    assert_int_equal(s.units, all);
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

/* What an indicator measures is asked where others refer to it, and nowhere else. */
static void test_definition(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    struct random_pack pack = g.pack;
    struct live *l = region_live(&g, 1);
    struct live_reader *r = live_reader(l);
    pack.text = str_cat(&a, pack.text,
                        STR("指标 D1 { 计算 求和(校.甲) }\n"
                            "目标 D2 { 每年 每个 县 D1 不低于 6个 }\n"));
    pack.plan = region_plan(&a, pack.text);
    (void)based_on(&a, l, r, &pack, false);
    pack.text = changed(&a, pack.text, STR("计算 求和(校.甲)"), STR("计算 求和(校.乙)"));
    pack.plan = region_plan(&a, pack.text);
    struct live_stats s = based_on(&a, l, r, &pack, false);
    assert_int_equal(s.units, 2 * 3 * CITIES * COUNTIES); /* and the cards */
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

/* T4 is pending at 10 of 30: the light turns with the days, and nothing else does (C42). */
static void test_lights(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    struct live_changes changes;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    struct edit *edits = ARENA_ARRAY(&a, struct edit, 2 * (size_t)g.n_schools);
    for (uint32_t i = 0; i < g.n_schools; i++) {
        edits[2 * i] = fact_of(&g, i, 1, 2023, 0);
        edits[2 * i + 1] = fact_of(&g, i, 1, 2024, i == 0 ? 10 : 0);
    }
    struct random_pack pack = g.pack;
    struct live *l = region_live(&g, 1);
    struct live_reader *r = live_reader(l);
    assert_int_equal(live_apply(l, edits, 2 * g.n_schools, &changes, NULL), RC_OK);
    pack.data = random_grown(&a, pack.data, edits, 2 * g.n_schools);
    static const enum light lights[] = {LIGHT_AMBER, LIGHT_RED};
    for (uint32_t i = 0; i < 2; i++) {
        pack.as_of = date_add_days(pack.as_of, i == 0 ? 1 : 60);
        struct live_stats s = based_on(&a, l, r, &pack, true);
        assert_int_equal(s.units, 3 * CITIES * COUNTIES + 1);
        live_pin(r);
        struct live_rows rows = live_rows(r, 3, NONE);
        assert_true(live_next(&rows) && rows.row->light == lights[i]);
        live_unpin(r);
    }
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

/* ---- large commits -------------------------------------------------------------------------- */

#define LARGE 400

static bool same_changes(const struct live_changes *x, const struct live_changes *y)
{
    bool same = x->n == y->n;
    for (uint32_t i = 0; same && i < x->n; i++) {
        const struct verdict_row *v = x->items[i].to;
        const struct verdict_row *w = y->items[i].to;
        struct verdict p = verdict_unpack(v);
        struct verdict q = verdict_unpack(w);
        same = verdict_eq(&p, &q);
    }
    return same;
}

/* Commits that are worth several threads: the same rows as from scratch, and told in the same
 * order as on one. */
static void test_large(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    struct live_changes changes[2];
    struct chance c = chance_of_seed(number_from("TIZHI_SEED", 20260101));
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    struct live *l[2] = {region_live(&g, 1), region_live(&g, 3)};
    struct live_reader *r = live_reader(l[1]);
    for (uint32_t k = 0; k < 4; k++) {
        struct verdicts fresh;
        struct edit *edits = ARENA_ARRAY(&a, struct edit, LARGE);
        for (uint32_t i = 0; i < LARGE; i++) {
            edits[i] = fact_of(&g, chance_pick(&c, g.n_schools), chance_pick(&c, 2),
                               2024 + (int32_t)chance_pick(&c, 3), chance_pick(&c, 9));
            if (i % 4 == 0) {
                edits[i] = fact_of(&g, chance_pick(&c, g.n_schools), 2, 2024, chance_pick(&c, 2));
            }
        }
        for (uint32_t i = 0; i < 2; i++) {
            assert_int_equal(live_apply(l[i], edits, LARGE, &changes[i], NULL), RC_OK);
        }
        assert_true(changes[0].n > 0 && same_changes(&changes[0], &changes[1]));
        g.pack.data = random_grown(&a, g.pack.data, edits, LARGE);
        judge(&a, &g.pack, false, &fresh);
        live_pin(r);
        same_rows(&a, &g.pack, r, &fresh, "columns");
        live_unpin(r);
    }
    live_reader_release(r);
    live_release(l[0]);
    live_release(l[1]);
    arena_release(&a);
}

/* ---- memory runs out ------------------------------------------------------------------------ */

/* A base that does not fit leaves the one before in place, which goes on; so does a day, but that
 * is the end of commits. */
static enum rc other_base(struct arena *a, struct random_pack *now, struct live *l,
                          struct live_reader *r, const struct verdicts *fresh, uint32_t *failed)
{
    struct live_changes changes;
    struct dataset d = *now->data;
    const struct tree *was = d.tree;
    d.tree = region_tree(a, now->plan, 250, random_day(2024, 10, 1));
    enum rc rc = live_rebase(l, now->plan, &d, now->as_of, &changes, NULL);
    if (rc != RC_OK) {
        *failed += 1;
        d.tree = was;
        live_pin(r);
        same_rows(a, now, r, fresh, "the base before");
        assert_int_equal(live_apply(l, NULL, 0, &changes, NULL), RC_OK);
        assert_int_equal(changes.n, 0);
        live_unpin(r);
        return rc;
    }
    rc = live_rebase(l, now->plan, NULL, date_add_days(now->as_of, 300), &changes, NULL);
    *failed += rc != RC_OK;
    return rc;
}

/* true: there was enough. What was there before stays, and nothing is lost. */
static bool within(struct arena *a, const struct region *g, uint32_t threads, size_t limit,
                   uint32_t *failed)
{
    struct live *l = NULL;
    struct live_changes changes;
    struct verdicts fresh;
    struct edit edits[200];
    enum rc rc = live_make_on(g->pack.plan, g->pack.data, g->pack.as_of, threads, limit, &l, NULL);
    if (rc != RC_OK) {
        *failed += 1;
        return false;
    }
    for (uint32_t i = 0; i < 200; i++) {
        edits[i] = fact_of(g, i, i % 3, 2024 + (int32_t)i % 2, 1);
    }
    struct live_reader *r = live_reader(l);
    judge(a, &g->pack, false, &fresh);
    for (uint32_t n = 0; rc == RC_OK && n < 4; n++) {
        rc = live_apply(l, edits + n * 50, 50, &changes, NULL);
    }
    if (rc == RC_OK) {
        struct random_pack now = g->pack;
        now.data = random_grown(a, now.data, edits, 200);
        judge(a, &now, false, &fresh);
        rc = other_base(a, &now, l, r, &fresh, failed);
    } else {
        *failed += 1;
        assert_int_equal(live_apply(l, edits, 1, &changes, NULL), RC_CONFLICT);
        live_pin(r);
        struct live_rows rows = live_rows(r, NONE, NONE);
        for (uint32_t i = 0; i < fresh.rows.n; i++) {
            assert_true(live_next(&rows)); /* the version before, whole */
        }
        assert_false(live_next(&rows));
    }
    live_reader_release(r);
    live_release(l);
    return rc == RC_OK;
}

static void test_memory(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        uint32_t failed = 0;
        size_t limit = (size_t)1 << 14;
        while (!within(&a, &g, threads, limit, &failed)) {
            limit += limit / 16;
        }
        assert_true(failed > 10);
    }
    arena_release(&a);
}

/* ---- readers beside the writer -------------------------------------------------------------- */

#define READERS 3
#define TURNS   60
#define AT_ONCE 32

struct looking {
    struct live *live;
    _Atomic bool *over;
    uint64_t rows, versions;
    bool wrong;
};

/* Of every version: a row above is missed exactly when a row below is, and its share of units that
 * comply is theirs. With half a commit it would not be so. */
static void look_once(struct looking *x, const struct live_reader *r, struct arena *a)
{
    for (struct live_rows rows = live_rows(r, 1, NONE); live_next(&rows);) {
        struct verdict v = live_verdict(a, &rows);
        x->rows++;
        if (!v.for_all || v.measure.kind != MV_NUMBER) {
            continue;
        }
        uint32_t n = v.measure.expected;
        struct rat least = rat_frac((int64_t)n - v.n_counter - v.n_undecided, n);
        bool missed = (v.state == ST_MISSED) == (v.n_counter > 0);
        x->wrong = x->wrong || !missed || !rat_eq(v.measure.lo, least);
    }
}

static void *look(void *ctx)
{
    struct looking *x = ctx;
    struct arena a;
    struct live_reader *r = live_reader(x->live);
    uint64_t last = 0;
    arena_init(&a, (size_t)1 << 28, "reader");
    do {
        uint64_t v = live_pin(r);
        x->wrong = x->wrong || v < last;
        x->versions += v != last;
        last = v;
        look_once(x, r, &a);
        live_unpin(r);
        arena_release(&a);
    } while (!atomic_load(x->over));
    live_reader_release(r);
    return NULL;
}

/* A school moves to and fro, days pass, and now and then all is judged anew. */
static void another_base(struct arena *a, struct live *l, const struct region *g,
                         const struct dataset *data, uint32_t n)
{
    struct live_changes changes;
    struct dataset *d = ARENA_NEW(a, struct dataset);
    struct date day = date_add_days(g->pack.as_of, (int32_t)(n / 3));
    *d = *data;
    d->tree = region_tree(a, g->pack.plan, n % 2 == 0 ? 250 : NONE, random_day(2024, 10, 1));
    if (n % 3 == 2) { /* the next day; then once more */
        day = date_add_days(day, 1);
        d = NULL;
    }
    assert_int_equal(live_rebase(l, g->pack.plan, d, day, &changes, NULL), RC_OK);
    if (n % 3 == 2) {
        assert_int_equal(live_rebase(l, g->pack.plan, NULL, day, &changes, NULL), RC_OK);
        assert_int_equal(changes.n, 0);
    }
}

/* Commits, and now and then another base, while readers look on. */
static void write_on(struct arena *a, struct live *l, const struct region *g, struct chance *c)
{
    struct live_changes changes;
    const struct dataset *data = g->pack.data;
    struct edit edits[AT_ONCE];
    for (uint32_t i = 0; i < TURNS; i++) {
        for (uint32_t k = 0; k < AT_ONCE; k++) {
            uint32_t school = chance_pick(c, 200) + chance_pick(c, 200);
            edits[k] = fact_of(g, school, 2, 2024, chance_pick(c, 2));
        }
        assert_int_equal(live_apply(l, edits, AT_ONCE, &changes, NULL), RC_OK);
        data = random_grown(a, data, edits, AT_ONCE);
        if (i % 6 == 5) {
            another_base(a, l, g, data, i / 6);
        }
    }
}

static void test_readers(void **state)
{
    (void)state;
    struct arena a;
    struct region g;
    _Atomic bool over = false;
    pthread_t threads[READERS];
    struct looking looking[READERS];
    struct chance c = chance_of_seed(number_from("TIZHI_SEED", 20260101));
    uint64_t versions = 0;
    arena_init(&a, (size_t)1 << 30, "region");
    region_make(&a, &g);
    struct live *l = region_live(&g, 2);
    for (uint32_t i = 0; i < READERS; i++) {
        looking[i] = (struct looking){.live = l, .over = &over};
        assert_int_equal(pthread_create(&threads[i], NULL, look, &looking[i]), 0);
    }
    write_on(&a, l, &g, &c);
    atomic_store(&over, true);
    for (uint32_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(looking[i].wrong);
        versions += looking[i].versions;
    }
    print_message("# %" PRIu64 " versions seen\n", versions);
    live_release(l);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_from_scratch), cmocka_unit_test(test_local),
        cmocka_unit_test(test_bases),           cmocka_unit_test(test_definition),
        cmocka_unit_test(test_lights),          cmocka_unit_test(test_large),
        cmocka_unit_test(test_memory),          cmocka_unit_test(test_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
