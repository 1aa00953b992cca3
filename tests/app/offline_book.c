/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds on a stick, the centre on either engine: there and back; taken in twice, taken in half and
 * gone on with; what has moved at both ends; what does not fit.
 */
#include "app/offline/offline.h"

#include "app/keep/keep.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "store/files.h"
#include "tests/app/office.h"

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 数据 教师 : 人 每年 小数 0 }\n"
    "报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }\n"
    "校验 K1 师生 { 对象 学校 教师 不超过 学生 硬性 提示 \"教师多于学生\" }\n";

#define SCHOOLS    2
#define ARENA_ROOM (64UL << 20)
#define UNTIL      date_year_end(2025)

static const struct str schools[SCHOOLS] = {STR_INIT("S1"), STR_INIT("S2")};

/* Both ends. */
struct world {
    struct office o;
    struct desk centre, school; /* school: after its book has a tree */
    struct store *store;        /* of the school */
    struct store_reader *reader;
    struct arena arena; /* what taking in works in */
    const char *key;
    struct str out; /* the round, packed once */
    struct offline_in in;
    struct package package;
    struct offline_result result;
    enum rc rc;
};

/* ---- the world ------------------------------------------------------------------------------ */

static void open_school(struct world *w)
{
    static uint32_t n;
    struct book *b = w->o.b;
    const struct store_options so = {.where = book_text(b, "%s/school%u.book", b->dir, n++),
                                     .create = true};
    BOOK_OK(b, store_open(w->o.a, &so, &w->store, &b->e));
    BOOK_OK(b, store_reader_open(w->o.a, w->store, &w->reader, &b->e));
}

static void close_world(struct world *w)
{
    rise(&w->centre);
    store_reader_close(w->reader);
    store_close(w->store);
    arena_release(&w->arena);
}

static struct world *begin(struct book *b)
{
    const struct round_wish wish = {.id = STR("R1"),
                                    .form = STR("F1"),
                                    .period = STR("2025"),
                                    .due = STR("2025-10-15"),
                                    .minutes = 2};
    struct round_view v;
    struct world *w = ARENA_NEW(&b->arena, struct world);
    w->o = office(b, plan_text);
    w->key = book_text(b, "%s/%lld.key", b->dir, (long long)b->clock);
    BOOK_OK(b, keep_key_make(w->o.a, w->key, &b->e));
    w->centre = sit(&w->o, "u");
    BOOK_OK(b, round_try(&w->centre, &wish, &v, &b->e));
    BOOK_OK(b, round_open(&w->centre, &v, &b->e));
    open_school(w);
    return w;
}

static struct str packed(struct world *w, struct desk *d, uint32_t n)
{
    struct str bytes;
    const struct offline_wish wish = {.round = STR("R1"),
                                      .units = schools,
                                      .n_units = n,
                                      .until = UNTIL,
                                      .key = w->key,
                                      .plan = w->o.lang.sources,
                                      .now = w->o.b->clock};
    BOOK_OK(w->o.b, offline_pack(d, &wish, &bytes, &w->result, &w->o.b->e));
    return bytes;
}

/* ---- taking in ------------------------------------------------------------------------------ */

static struct offline_in at(struct world *w, bool centre)
{
    return (struct offline_in){.a = &w->arena,
                               .store = centre ? w->centre.store : w->store,
                               .reader = centre ? w->centre.reader : w->reader,
                               .package = &w->package,
                               .actor = centre ? STR("carrier") : STR("tizhi"),
                               .today = TODAY,
                               .may = centre ? may : NULL,
                               .may_ctx = &w->o,
                               .fingerprint = w->package.fingerprint};
}

static void work(void *ctx)
{
    struct world *w = ctx;
    struct desk d = w->centre;
    struct str plan = STR("");
    err_clear(&w->o.b->e);
    if (w->package.sort == PACKAGE_ROUND) {
        w->rc = offline_take_round(&w->in, &w->result, &w->o.b->e);
        return;
    }
    d.a = &w->arena;
    d.actor = w->in.actor;
    w->rc = desk_open(&d, &w->o.b->e);
    w->rc = w->rc == RC_OK ? offline_plan(&w->arena, w->o.lang.sources, &plan, &w->o.b->e) : w->rc;
    w->rc = w->rc == RC_OK ? offline_take_answer(&w->in, &d, plan, &w->result, &w->o.b->e) : w->rc;
}

/* In so much memory. */
static enum rc take_in(struct world *w, size_t room)
{
    arena_release(&w->arena);
    arena_init(&w->arena, room, "taking");
    enum rc rc = arena_run(&w->arena, work, w);
    return rc == RC_OK ? w->rc : rc;
}

static enum rc take(struct world *w, struct str bytes, const struct offline_take *choice)
{
    BOOK_OK(w->o.b, package_read(w->o.a, bytes, &w->package, &w->o.b->e));
    w->in = at(w, w->package.sort == PACKAGE_ANSWER);
    w->in.takes = choice;
    w->in.n_takes = choice != NULL;
    return take_in(w, ARENA_ROOM);
}

static enum offline_outcome outcome(const struct world *w, uint32_t i)
{
    assert_true(i < w->result.rows.n);
    return w->result.rows.items[i].outcome;
}

/* The school's desk, with a look at its tree as it is. */
static struct desk *at_school(struct world *w)
{
    w->school = w->centre;
    w->school.store = w->store;
    w->school.reader = w->reader;
    w->school.actor = STR("li");
    BOOK_OK(w->o.b, desk_open(&w->school, &w->o.b->e));
    return &w->school;
}

static struct report seen(struct world *w, struct desk *d, uint32_t i)
{
    struct report r;
    BOOK_OK(w->o.b, report_open(d, STR("R1"), schools[i], &r, &w->o.b->e));
    return r;
}

static enum rc act(struct world *w, struct desk *d, struct report *r, enum report_act_kind what)
{
    struct report_findings found = {0};
    const struct report_words words = {.seen = REPORT_JUST_READ};
    err_clear(&w->o.b->e);
    return report_do(d, r, what, words, &found, &w->o.b->e);
}

static void fill(struct world *w, struct desk *d, uint32_t i, int64_t students, bool submit)
{
    struct report r = seen(w, d, i);
    r.cells[0] = (struct value){.has = true, .num = rat_int(students)};
    r.cells[1] = (struct value){.has = true, .num = rat_int(20)};
    BOOK_OK(w->o.b, act(w, d, &r, ACT_SAVE));
    if (submit) {
        BOOK_OK(w->o.b, act(w, d, &r, ACT_SUBMIT));
    }
}

/* ---- what a book holds ---------------------------------------------------------------------- */

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct buf *b = ctx;
    (void)e;
    buf_printf(b, "%.*s %d %d %.*s %.*s\n", PS(p->unit), (int)p->what, (int)p->status,
               PS(p->source), PS(p->body));
    return RC_OK;
}

static struct str held(struct world *w, struct store_reader *r)
{
    struct buf b;
    buf_init_in(&b, w->o.a, 1U << 24);
    BOOK_OK(w->o.b, store_parcels(r, 1, INT64_MAX, on_parcel, &b, &w->o.b->e));
    return buf_view(&b);
}

static int64_t last_of(struct world *w, struct store_reader *r)
{
    struct store_end end;
    BOOK_OK(w->o.b, store_end(w->o.a, r, &end, &w->o.b->e));
    return end.seq;
}

/* ---- there and back ------------------------------------------------------------------------- */

static void test_there_and_back(void **state)
{
    struct world *w = begin(*state);
    struct str out = packed(w, &w->centre, SCHOOLS);
    assert_int_equal(take(w, out, NULL), RC_OK);
    struct desk *d = at_school(w);
    fill(w, d, 0, 300, true);
    fill(w, d, 1, 200, false);
    struct str answer = packed(w, d, 0);
    assert_int_equal(outcome(w, 0), OFFLINE_PACKED);
    assert_int_equal(outcome(w, 1), OFFLINE_LEFT_OUT);
    assert_int_equal(take(w, answer, NULL), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_NEW);
    struct report r = seen(w, &w->centre, 0);
    assert_int_equal(r.doc.state, REPORT_SUBMITTED);
    assert_true(rat_eq(r.cells[0].num, rat_int(300)));
    assert_true(str_eq(r.doc.last.actor, STR("carrier")));
    /* Neither who carried it nor who submitted it there decides. */
    for (int i = 0; i < 2; i++) {
        struct desk who = w->centre;
        who.actor = i == 0 ? STR("carrier") : STR("li");
        r = seen(w, &who, 0);
        assert_int_equal(act(w, &who, &r, ACT_APPROVE), RC_DENIED);
    }
    /* OF1 */
    int64_t before = last_of(w, w->centre.reader);
    assert_int_equal(take(w, answer, NULL), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_HERE);
    assert_true(last_of(w, w->centre.reader) == before);
    before = last_of(w, w->reader);
    assert_int_equal(take(w, out, NULL), RC_OK);
    assert_true(last_of(w, w->reader) == before);
    assert_int_equal(seen(w, d, 0).doc.state, REPORT_SUBMITTED);
    close_world(w);
}

/* OF2 */
static void test_conflict(void **state)
{
    static const struct offline_take ours = {STR_INIT("S1"), TAKE_OURS};
    static const struct offline_take theirs = {STR_INIT("S1"), TAKE_THEIRS};
    struct world *w = begin(*state);
    assert_int_equal(take(w, packed(w, &w->centre, 1), NULL), RC_OK);
    fill(w, at_school(w), 0, 300, true);
    struct str answer = packed(w, &w->school, 0);
    fill(w, &w->centre, 0, 350, false);
    int64_t before = last_of(w, w->centre.reader);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(take(w, answer, NULL), RC_OK);
        assert_int_equal(outcome(w, 0), OFFLINE_CONFLICT);
        const struct offline_row *row = &w->result.rows.items[0];
        assert_true(str_eq(row->who, STR("u")) && row->cells.list.n == 1);
        assert_true(str_eq(row->cells.list.items[0].theirs, STR("300")));
        assert_true(str_eq(row->cells.list.items[0].ours, STR("350")));
    }
    /* The key is known since; nothing else. */
    assert_true(last_of(w, w->centre.reader) <= before + 1);
    assert_int_equal(take(w, answer, &ours), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_KEPT);
    assert_int_equal(take(w, answer, NULL), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_KEPT);
    assert_int_equal(seen(w, &w->centre, 0).doc.state, REPORT_DRAFT);
    assert_int_equal(take(w, answer, &theirs), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_NEW);
    assert_true(rat_eq(seen(w, &w->centre, 0).cells[0].num, rat_int(300)));
    close_world(w);
}

/* OF4: what would be refused directly is refused here, unit by unit. */
static void test_refused(void **state)
{
    struct world *w = begin(*state);
    struct str out = packed(w, &w->centre, SCHOOLS);
    assert_int_equal(take(w, out, NULL), RC_OK);
    fill(w, at_school(w), 0, 300, true);
    fill(w, &w->school, 1, 200, true);
    struct str answer = packed(w, &w->school, 0);
    w->o.denied = "offline.in";
    assert_int_equal(take(w, answer, NULL), RC_OK);
    assert_int_equal(outcome(w, 0), OFFLINE_REFUSED);
    assert_int_equal(outcome(w, 1), OFFLINE_REFUSED);
    assert_int_equal(seen(w, &w->centre, 0).doc.state, REPORT_NONE);
    w->o.denied = NULL;
    /* After its last day, before it was made, by a key nobody knows. */
    BOOK_OK(w->o.b, package_read(w->o.a, answer, &w->package, &w->o.b->e));
    w->in = at(w, true);
    w->in.today = date_add_days(UNTIL, 1);
    assert_int_equal(take_in(w, ARENA_ROOM), RC_INPUT);
    assert_text(w->o.b->e.primary_en, "until 2025-12-31");
    w->in.today = date_add_days(TODAY, -2);
    assert_int_equal(take_in(w, ARENA_ROOM), RC_INPUT);
    w->in = at(w, true);
    BOOK_OK(w->o.b, keep_key_make(w->o.a, w->key = book_text(w->o.b, "%s2", w->key), &w->o.b->e));
    answer = packed(w, &w->school, 0);
    BOOK_OK(w->o.b, package_read(w->o.a, answer, &w->package, &w->o.b->e));
    w->in = at(w, true);
    w->in.fingerprint = STR("");
    assert_int_equal(take_in(w, ARENA_ROOM), RC_DENIED);
    /* Dry: says it and does nothing. */
    int64_t before = last_of(w, w->centre.reader);
    w->in = at(w, true);
    w->in.dry_run = true;
    assert_int_equal(take_in(w, ARENA_ROOM), RC_OK);
    assert_int_equal(outcome(w, 1), OFFLINE_NEW);
    assert_true(last_of(w, w->centre.reader) == before);
    close_world(w);
}

/* ---- broken off ----------------------------------------------------------------------------- */

/* How taking in is broken off: by lack of memory, or (fault build) at an arrival. */
struct breaking {
    int64_t before;  /* the last commit then */
    uint32_t halves; /* how often something was taken in, and not all */
    bool by_fault;
    enum fault point;
    uint32_t nth;
    size_t room;
};

/* true: it was broken off. */
static bool broken(struct world *w, struct breaking *k)
{
    k->before = last_of(w, w->in.reader);
    if (k->by_fault) {
        fault_arm(k->point, k->nth);
    }
    enum rc rc = take_in(w, k->by_fault ? ARENA_ROOM : k->room);
    bool fired = k->by_fault ? fault_fired() : rc != RC_OK;
    if (k->by_fault) {
        fault_disarm();
    }
    return fired;
}

static void go_on(struct world *w, struct breaking *k)
{
    int64_t half = last_of(w, w->in.reader);
    assert_int_equal(take_in(w, ARENA_ROOM), RC_OK);
    if (k != NULL) {
        k->halves += half > k->before && half < last_of(w, w->in.reader);
    }
}

/* OF1: gone on with, both books hold what they hold after a run without a break. */
static bool one_break(struct world *w, struct breaking *k, bool answer, struct str *whole)
{
    struct book *b = w->o.b;
    bool fired = false;
    w->out = w->out.n > 0 ? w->out : packed(w, &w->centre, SCHOOLS);
    BOOK_OK(b, package_read(w->o.a, w->out, &w->package, &b->e));
    w->in = at(w, false);
    if (k != NULL && !answer) {
        fired = broken(w, k);
    }
    go_on(w, answer ? NULL : k);
    struct store_reader *r = w->reader;
    if (answer) {
        for (uint32_t i = 0; i < SCHOOLS; i++) {
            fill(w, at_school(w), i, 300 + i, true);
        }
        struct str back = packed(w, &w->school, 0);
        BOOK_OK(b, package_read(w->o.a, back, &w->package, &b->e));
        w->in = at(w, true);
        fired = k != NULL && broken(w, k);
        go_on(w, k);
        assert_int_equal(seen(w, &w->centre, 1).doc.state, REPORT_SUBMITTED);
        r = w->centre.reader;
    }
    /* Ids of books and packages differ; how much and of what does not. */
    struct str now = held(w, r);
    uint32_t lines = 0;
    for (uint32_t i = 0; i < now.n; i++) {
        lines += now.p[i] == '\n';
    }
    struct str shape = str_from_cstr(book_text(b, "%u lines, %u bytes", lines, now.n));
    shape = answer ? shape : now; /* of one package all of it is the same */
    if (whole->n > 0) {
        assert_true(str_eq(shape, *whole));
    }
    *whole = shape;
    return fired;
}

/* Another school, and for answers another centre, too. */
static struct world *anew(struct world *w, bool answer)
{
    struct book *b = w->o.b;
    if (!answer) {
        store_reader_close(w->reader);
        store_close(w->store);
        open_school(w);
        return w;
    }
    close_world(w);
    book_close(b);
    b->where = book_place(b);
    b->files = book_text(b, "%s.files", b->engine == DB_SQLITE ? b->where : b->dir);
    book_open(b);
    return begin(b);
}

static void test_broken_off(void **state)
{
    struct world *w = begin(*state);
    for (int answer = 0; answer < 2; answer++) {
        struct str whole = STR("");
        struct breaking k = {.room = 1U << 11};
        w = anew(w, answer != 0);
        (void)one_break(w, NULL, answer != 0, &whole);
        w = anew(w, answer != 0);
        while (one_break(w, &k, answer != 0, &whole)) {
            k.room += k.room / 4;
            w = anew(w, answer != 0);
        }
        assert_true(k.halves > 0);
    }
    close_world(w);
}

static void test_faults(void **state)
{
    static const enum fault points[] = {FAULT_DB, FAULT_LOST, FAULT_CONNECT, FAULT_SYNC};
    if (!fault_enabled()) {
        skip();
    }
    struct world *w = begin(*state);
    for (int answer = 0; answer < 2; answer++) {
        struct str whole = STR("");
        w = anew(w, answer != 0);
        (void)one_break(w, NULL, answer != 0, &whole);
        for (uint32_t i = 0; i < sizeof points / sizeof *points; i++) {
            struct breaking k = {.by_fault = true, .point = points[i]};
            w = anew(w, answer != 0);
            while (one_break(w, &k, answer != 0, &whole)) {
                k.nth += points[i] == FAULT_DB ? 7 : 1;
                w = anew(w, answer != 0);
            }
            print_message("# %s: %u\n", fault_name(points[i]), k.nth);
        }
    }
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_there_and_back), BOOK_TEST(test_conflict), BOOK_TEST(test_refused),
        BOOK_TEST(test_broken_off),     BOOK_TEST(test_faults),
    };
    return BOOK_RUN(tests);
}
