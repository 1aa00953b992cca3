/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: one of a kind at a time, looked at while they go on, cancelled; what came of the last one
 * stays. Another plan may take its place under them. */
#include <pthread.h>

#include "app/adopt/adopt.h"
#include "app/ledger.h"
#include "http/job.h"
#include "http/service.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

static const char plan[] = "计划 p { 年度 2024 至 2026 }\n层级 省 > 县\n条款 A 附件1\n"
                           "对象 县 属于 省 { 数据 人口 : 人 每年 }\n";
static const char units[] = "code,name,kind,parent\nR,省,省,\nD,甲县,县,R\n";

static struct {
    struct arena a;
    const char *dir;
    struct service s;
    struct err e;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    bool at_work, go_on;
} town;

static void fill(const char *pack_dir, const char *book)
{
    struct pack p;
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    const struct store_options so = {.where = book, .create = true};
    assert_int_equal(pack_open_plan(&town.a, pack_dir, &p, &town.e), RC_OK);
    assert_int_equal(pack_open_tables(&town.a, pack_dir, NULL, 0, &p, &town.e), RC_OK);
    assert_int_equal(store_open(&town.a, &so, &store, &town.e), RC_OK);
    assert_int_equal(store_reader_open(&town.a, store, &reader, &town.e), RC_OK);
    assert_int_equal(ledger_units(&town.a, store, reader, &p, STR("t"), &town.e), RC_OK);
    store_reader_close(reader);
    store_close(store);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&town.a, (size_t)256 << 20, "test");
    town.dir = tmpdir_make(&town.a);
    (void)tmpdir_write(&town.a, town.dir, "pack/a.plan", str_from_cstr(plan));
    (void)tmpdir_write(&town.a, town.dir, "pack/units.csv", str_from_cstr(units));
    struct str dir = str_from_cstr(town.dir);
    const char *pack_dir = str_to_cstr(&town.a, str_cat(&town.a, dir, STR("/pack")));
    const char *book = str_to_cstr(&town.a, str_cat(&town.a, dir, STR("/book")));
    fill(pack_dir, book);
    const struct service_options o = {.pack = pack_dir,
                                      .book = book,
                                      .web = "",
                                      .temp = town.dir,
                                      .origin = STR(""),
                                      .plain = true,
                                      .memory = (size_t)256 << 20,
                                      .memory_ask = (size_t)16 << 20};
    (void)pthread_mutex_init(&town.lock, NULL);
    (void)pthread_cond_init(&town.turned, NULL);
    assert_int_equal(service_open(&town.s, &o, &town.e), RC_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    service_close(&town.s);
    (void)pthread_cond_destroy(&town.turned);
    (void)pthread_mutex_destroy(&town.lock);
    tmpdir_remove(town.dir);
    arena_release(&town.a);
    return 0;
}

/* Begins, and waits until it is let go on; then it tells how far it is. */
static enum rc held(struct job_work *w, struct err *e)
{
    (void)pthread_mutex_lock(&town.lock);
    town.at_work = true;
    (void)pthread_cond_broadcast(&town.turned);
    while (!town.go_on) {
        (void)pthread_cond_wait(&town.turned, &town.lock);
    }
    town.at_work = town.go_on = false;
    (void)pthread_mutex_unlock(&town.lock);
    TRY(progress_tell(&w->progress, PROGRESS_UNITS, 1, 2, e));
    buf_str(w->out, str_cat(w->a, str_cat(w->a, w->by, w->unit), w->sent));
    return RC_OK;
}

static enum rc faulty(struct job_work *w, struct err *e)
{
    (void)w;
    return err_set(e, RC_INPUT, "wrong", "有误");
}

static void turn(bool *what, bool to)
{
    (void)pthread_mutex_lock(&town.lock);
    *what = to;
    (void)pthread_cond_broadcast(&town.turned);
    (void)pthread_mutex_unlock(&town.lock);
}

static void wait_for_work(void)
{
    (void)pthread_mutex_lock(&town.lock);
    while (!town.at_work) {
        (void)pthread_cond_wait(&town.turned, &town.lock);
    }
    (void)pthread_mutex_unlock(&town.lock);
}

static struct job_look look(struct str *answer)
{
    struct job_look x;
    struct buf b;
    buf_init(&b, JOB_ANSWER_BYTES);
    jobs_look(town.s.jobs, JOB_AUDIT, &x, &b);
    *answer = str_dup(&town.a, buf_view(&b));
    buf_release(&b);
    return x;
}

static struct job_look ended(struct str *answer)
{
    struct job_look x = look(answer);
    while (x.state == JOB_RUNNING) {
        x = look(answer);
    }
    return x;
}

static enum rc start(job_fn *fn)
{
    err_clear(&town.e);
    const struct job_order o = {STR("li"), STR("D"), STR("!"), fn};
    return jobs_start(town.s.jobs, JOB_AUDIT, &o, &town.e);
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    struct str answer;
    assert_int_equal(look(&answer).state, JOB_NONE);
    assert_int_equal(start(held), RC_OK);
    wait_for_work();
    assert_int_equal(look(&answer).state, JOB_RUNNING);
    assert_int_equal(start(held), RC_CONFLICT); /* JB1 */
    turn(&town.go_on, true);
    struct job_look x = ended(&answer);
    assert_int_equal(x.state, JOB_DONE);
    assert_true(x.of == 2 && x.done == 2 && x.counted == PROGRESS_UNITS &&
                str_eq(answer, STR("liD!")));
    assert_int_equal(look(&answer).state, JOB_DONE); /* JB2 */
    assert_true(str_eq(str_from_cstr(x.unit), STR("D")));
}

static void test_cancelled(void **state)
{
    (void)state;
    struct str answer;
    jobs_cancel(town.s.jobs, JOB_AUDIT); /* of none at work nothing */
    assert_int_equal(start(held), RC_OK);
    wait_for_work();
    jobs_cancel(town.s.jobs, JOB_AUDIT);
    turn(&town.go_on, true);
    struct job_look x = ended(&answer);
    assert_int_equal(x.state, JOB_CANCELLED);
    assert_true(x.done == 1 && answer.n == 0);
    assert_int_equal(start(faulty), RC_OK);
    x = ended(&answer);
    assert_int_equal(x.state, JOB_FAILED);
    assert_string_equal(x.why.primary_en, "wrong");
}

/* ---- another plan meanwhile ------------------------------------------------------------------ */

static bool anybody(void *ctx, struct str actor, const char *operation, struct str unit,
                    enum data_class class_)
{
    (void)ctx, (void)actor, (void)operation, (void)unit, (void)class_;
    return true;
}

static void adopt(const struct footing *f, struct store_reader *reader, const struct pack *next)
{
    const struct hall *hall = NULL;
    struct adopt_version made;
    const struct adopt_now now = {.pack = f->pack, .digest = f->digest, .seq = f->adopted};
    const struct adopt_words words = {.seen = REPORT_JUST_READ, .reason = STR("why")};
    assert_int_equal(halls_enter(f->halls, 0, &hall, &town.e), RC_OK);
    struct adopt_trial t = {
        .a = &town.a, .reader = reader, .now = &now, .next = next, .today = hall->roster.day};
    struct desk d = {.a = &town.a,
                     .store = town.s.store,
                     .reader = reader,
                     .plan = f->pack->plan,
                     .plan_seen = f->pack->seen,
                     .actor = STR("user/li"),
                     .today = hall->roster.day,
                     .may = anybody,
                     .tree = hall->tree,
                     .snap = hall->roster.snap};
    assert_int_equal(desk_open(&d, &town.e), RC_OK);
    assert_int_equal(adopt_try(&t, &town.e), RC_OK);
    assert_int_equal(adopt_commit(&d, &t, &words, &made, &town.e), RC_OK);
    halls_leave(f->halls, hall);
}

static int64_t commit_more(void)
{
    struct store_receipt got;
    const struct store_expect x = {STR("thing"), 0};
    const struct store_parcel p = {
        .unit = STR("thing"), .what = STORE_DOC, .recorded = DATE_MIN, .body = STR("{}")};
    const struct store_commit c = {.token = STR("more"),
                                   .actor = STR("user/li"),
                                   .act = STR("x"),
                                   .expects = &x,
                                   .n_expects = 1,
                                   .parcels = &p,
                                   .n_parcels = 1};
    assert_int_equal(store_commit(&town.a, town.s.store, &c, &got, &town.e), RC_OK);
    return got.seq;
}

static void wait_for(const struct footing *before)
{
    for (const struct footing *now = before; now == before;) {
        struct footing *f = footing_enter(&town.s);
        now = f;
        footing_leave(f);
    }
}

/* Held; then it wants to know what the book says by now. */
static enum rc late(struct job_work *w, struct err *e)
{
    const struct hall *hall = NULL;
    struct halls *halls = w->hand->footing->halls;
    TRY(held(w, e));
    TRY(halls_enter(halls, service_seq(w->hand->s), &hall, e));
    halls_leave(halls, hall);
    return RC_OK;
}

/* Whoever stands on a plan that another one has replaced hears of what has been committed since. */
static void test_replaced(void **state)
{
    (void)state;
    struct str answer;
    struct pack next;
    struct store_reader *reader = NULL;
    struct str text = str_cat(&town.a, str_from_cstr(plan), STR("条款 B 附件2\n"));
    const struct lang_text file = {STR("a.plan"), text};
    assert_int_equal(pack_open_texts(&town.a, &file, 1, &next, &town.e), RC_OK);
    assert_int_equal(store_reader_open(&town.a, town.s.store, &reader, &town.e), RC_OK);
    struct footing *f = footing_enter(&town.s);
    assert_int_equal(start(late), RC_OK);
    wait_for_work();
    adopt(f, reader, &next);
    wait_for(f);
    footing_leave(f);
    assert_int_equal(service_reach(&town.s, commit_more(), &town.e), RC_OK);
    turn(&town.go_on, true);
    assert_int_equal(ended(&answer).state, JOB_DONE);
    store_reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_at_a_time),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_replaced),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
