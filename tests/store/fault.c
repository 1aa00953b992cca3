/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every fault point fails in turn (./x fault): open, evidence, commits, reading, audit; then people
 * at desks, a new user, a backup and its secrets. Afterwards every acknowledged commit is there, no
 * submission is half, the audit finds nothing, and the program goes on.
 */
#include "base/fault.h"

#include <stdio.h>
#include <string.h>

#include "app/keep/keep.h"
#include "store/copy.h"
#include "store/files.h"
#include "store/store_int.h"
#include "tests/store/crash_desk.h"
#include "tests/store/fixture.h"

#define S(text) str_from_cstr(text)
#define COMMITS 3
#define ROOM    (1UL << 26)

struct scenario {
    struct book *b;
    struct arena arena; /* what the failing calls work in */
    struct store *store;
    struct store_reader *reader;
    uint32_t acked; /* a bit per commit */
    enum rc rc;     /* the first failure */
    const char *copy;
};

static void note(struct scenario *s, enum rc rc)
{
    s->rc = s->rc == RC_OK ? rc : s->rc;
}

static enum rc commit(struct arena *a, struct store *s, uint32_t n, struct store_receipt *got)
{
    static const char *const bodies[COMMITS] = {"[0]", "[1]", "[2]"};
    struct file_info info = {.hash = STR("")};
    struct store_parcel p = {.unit = STR("u"),
                             .what = STORE_DOC,
                             .recorded = {0},
                             .layout = S(bodies[n]),
                             .body = S(bodies[n])};
    struct store_expect x = {STR("all"), STORE_UNSEEN};
    TRY(files_put(a, s, S(bodies[n]), &info, NULL));
    struct store_commit c = {.token = S(bodies[n]),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .expects = &x,
                             .n_expects = 1,
                             .parcels = &p,
                             .n_parcels = 1,
                             .files = &info.hash,
                             .n_files = 1};
    return store_commit(a, s, &c, got, NULL);
}

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    (void)e;
    (void)p;
    *(int64_t *)ctx = ev->seq;
    return RC_OK;
}

static void on_finding(void *ctx, const struct audit_finding *f)
{
    (void)f;
    ++*(uint32_t *)ctx;
}

static void read_all(struct scenario *s)
{
    int64_t last = 0;
    uint32_t n = 0;
    struct audit_result result;
    enum rc rc = store_reader_open(&s->arena, s->store, &s->reader, NULL);
    note(s, rc);
    if (rc != RC_OK) {
        return;
    }
    note(s, store_feed(s->reader, 1, INT64_MAX, on_event, &last, NULL));
    note(s, audit_verify(&s->arena, s->reader, &(struct audit_options){.skip_files = true},
                         on_finding, &n, &result, NULL));
    note(s, store_wait(s->reader, 0, 0, &last, NULL));
    struct store_end end;
    note(s, store_copy(&s->arena, s->reader, s->copy, NULL, &end, NULL));
}

static void work(void *ctx)
{
    struct scenario *s = ctx;
    struct store_options o = {.where = s->b->where, .files = s->b->files, .create = true};
    enum rc rc = store_open(&s->arena, &o, &s->store, NULL);
    note(s, rc);
    if (rc != RC_OK) {
        return;
    }
    for (uint32_t n = 0; n < COMMITS; n++) {
        struct store_receipt got;
        rc = commit(&s->arena, s->store, n, &got);
        note(s, rc);
        s->acked |= (uint32_t)(rc == RC_OK) << n;
    }
    read_all(s);
}

/* A copy that failed is gone on with, and is the same book. */
static void check_copy(struct scenario *s)
{
    struct book *b = s->b;
    struct audit_result result;
    uint32_t n_findings = 0;
    struct store_end end;
    BOOK_OK(b, store_copy(&b->arena, book_reader(b), s->copy, NULL, &end, &b->e));
    assert_int_equal(end.seq, COMMITS);
    book_close(b);
    b->where = s->copy;
    b->files = book_text(b, "%s.files", s->copy);
    book_open(b);
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding,
                            &n_findings, &result, &b->e));
    assert_int_equal(result.events, COMMITS);
    assert_int_equal(n_findings, 0);
}

static void check(struct scenario *s, const char *point, uint32_t nth)
{
    struct book *b = s->b;
    struct audit_result result;
    uint32_t n_findings = 0;
    book_open(b);
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding,
                            &n_findings, &result, &b->e));
    assert_int_equal(n_findings, 0);
    for (uint32_t n = 0; n < COMMITS; n++) {
        struct store_receipt got;
        BOOK_OK(b, commit(&b->arena, b->store, n, &got));
        if ((s->acked >> n & 1) != 0 && !got.before) {
            print_error("%s %u: commit %u was acknowledged and is lost\n", point, nth, n);
            fail();
        }
    }
    check_copy(s);
    book_close(b);
}

/* true: the point was reached. */
static bool one_fault(struct book *b, enum fault point, uint32_t nth)
{
    struct scenario s = {.b = b};
    b->where = book_place(b);
    b->files = book_text(b, "%s/%s-%u.files", b->dir, fault_name(point), nth);
    s.copy = book_text(b, "%s/%s-%u.copy", b->dir, fault_name(point), nth);
    arena_init(&s.arena, ROOM, "scenario");
    fault_arm(point, nth);
    enum rc rc = arena_run(&s.arena, work, &s);
    bool fired = fault_fired();
    fault_disarm();
    note(&s, rc);
    store_reader_close(s.reader);
    store_close(s.store);
    arena_release(&s.arena);
    if (!fired) {
        assert_int_equal(s.rc, RC_OK);
        assert_int_equal(s.acked, (1U << COMMITS) - 1);
    }
    check(&s, fault_name(point), nth);
    return fired;
}

static void test_faults(void **state)
{
    struct book *b = *state;
    if (!fault_enabled()) {
        skip();
    }
    book_close(b);
    for (int point = 0; point < FAULT__COUNT; point++) {
        /* Allocations are many and alike: a sample of them. */
        uint32_t by = point == FAULT_FULL || point == FAULT_ALLOC ? 9 : 1;
        uint32_t nth = 0;
        while (one_fault(b, (enum fault)point, nth)) {
            nth += by;
        }
        print_message("# %s: %u\n", fault_name((enum fault)point), nth / by);
    }
}

/* ---- at desks ------------------------------------------------------------------------------- */

#define FORM_STEPS 7 /* a report through save, submit and its tiers, with a return among them */
#define STEPS      (FORM_STEPS + sizeof ids / sizeof *ids)
#define PHRASE     STR("three wise cranes above the marsh")

/* Then a row of a register up to its acceptance, and a user. */
static const uint32_t ids[] = {DESK_CLERKS, DESK_CLERKS, DESK_CLERKS, DESK_CLERKS, DESK_CLERKS + 1};

struct office {
    struct book *b;
    const struct desk_plan *plan;
    struct arena arena; /* what the failing calls work in */
    struct store *store;
    struct store_reader *reader;
    int64_t acked; /* the last commit that was acknowledged */
    enum rc rc;    /* the first failure */
    const char *copy, *secrets;
};

static void fail_with(struct office *o, enum rc rc)
{
    o->rc = o->rc == RC_OK ? rc : o->rc;
}

static void keep_all(struct office *o, struct arena *a, struct store_reader *r)
{
    struct keep_copied copied;
    uint32_t n = 0;
    fail_with(o, keep_copy(a, r, o->copy, NULL, &(struct audit_options){0}, &copied, NULL));
    fail_with(o, keep_secrets_write(a, r, o->secrets, PHRASE, seat_cost_cheap(), &n, NULL));
}

static void work_at_desks(void *ctx)
{
    struct office *o = ctx;
    struct store_options so = {.where = o->b->where, .files = o->b->files};
    enum rc rc = store_open(&o->arena, &so, &o->store, NULL);
    rc = rc == RC_OK ? store_reader_open(&o->arena, o->store, &o->reader, NULL) : rc;
    fail_with(o, rc);
    for (uint32_t i = 0; i < STEPS && rc == RC_OK; i++) {
        const struct desk_worker w = {
            .store = o->store, .plan = o->plan, .id = i < FORM_STEPS ? 0 : ids[i - FORM_STEPS]};
        int64_t seq = 0;
        fail_with(o, desk_step(&o->arena, o->reader, &w, &seq));
        o->acked = seq > o->acked ? seq : o->acked;
    }
    if (rc == RC_OK) {
        keep_all(o, &o->arena, o->reader);
    }
}

static enum rc on_desk_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                             struct err *e)
{
    (void)e;
    desk_check_event(ctx, ev, p);
    return RC_OK;
}

/* A backup and its secrets that failed are made again; what is there of them is never torn. */
static void check_kept(struct office *o)
{
    struct book *b = o->b;
    struct str plain;
    struct store_end end;
    BOOK_OK(b, store_end(&b->arena, book_reader(b), &end, &b->e));
    o->rc = RC_OK;
    keep_all(o, &b->arena, book_reader(b));
    assert_int_equal(o->rc, RC_OK);
    BOOK_OK(b, keep_secrets_open(&b->arena, o->secrets, end.book, PHRASE, &plain, &b->e));
    assert_true(plain.n > 2);
}

static void check_office(struct office *o, const char *point, uint32_t nth)
{
    struct book *b = o->b;
    struct audit_result result;
    uint32_t n_findings = 0;
    book_open(b);
    BOOK_OK(b, store_feed(book_reader(b), 1, INT64_MAX, on_desk_event, b, &b->e));
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding,
                            &n_findings, &result, &b->e));
    assert_int_equal(n_findings, 0);
    if (result.events < o->acked) {
        print_error("%s %u: commit %lld was acknowledged and is lost\n", point, nth,
                    (long long)o->acked);
        fail();
    }
    desk_check_book(b, o->plan);
    for (uint32_t id = 0; id < DESK_WORKERS; id++) {
        const struct desk_worker w = {.store = b->store, .plan = o->plan, .id = id, .round = 1};
        int64_t seq = 0;
        BOOK_OK(b, desk_step(&b->arena, book_reader(b), &w, &seq));
        assert_true(seq > o->acked);
    }
    check_kept(o);
    book_close(b);
}

static bool one_desk_fault(struct book *b, const struct desk_plan *plan, enum fault point,
                           uint32_t nth)
{
    struct office o = {.b = b, .plan = plan};
    b->where = book_place(b);
    b->files = book_text(b, "%s/desk-%s-%u.files", b->dir, fault_name(point), nth);
    o.copy = book_text(b, "%s/desk-%s-%u.copy", b->dir, fault_name(point), nth);
    o.secrets = book_text(b, "%s.secrets", o.copy);
    book_open(b);
    desk_setup(b, plan);
    book_close(b);
    arena_init(&o.arena, ROOM, "office");
    fault_arm(point, nth);
    enum rc rc = arena_run(&o.arena, work_at_desks, &o);
    bool fired = fault_fired();
    fault_disarm();
    fail_with(&o, rc);
    store_reader_close(o.reader);
    store_close(o.store);
    arena_release(&o.arena);
    assert_true(fired || o.rc == RC_OK);
    check_office(&o, fault_name(point), nth);
    return fired;
}

static void test_desk_faults(void **state)
{
    struct book *b = *state;
    if (!fault_enabled()) {
        skip();
    }
    const struct desk_plan *plan = desk_plan_make(b);
    book_close(b);
    for (int point = 0; point < FAULT__COUNT; point++) {
        /* Of the many that are alike a sample. */
        bool memory = point == FAULT_FULL || point == FAULT_ALLOC || point == FAULT_BUF;
        uint32_t by = memory ? 61 : point == FAULT_DB ? 5 : 1;
        uint32_t nth = 0;
        while (one_desk_fault(b, plan, (enum fault)point, nth)) {
            nth += by;
        }
        print_message("# desks, %s: %u\n", fault_name((enum fault)point), nth / by);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_desk_faults),
        BOOK_TEST(test_faults),
    };
    return BOOK_RUN(tests);
}
