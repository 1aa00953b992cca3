/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every fault point fails in turn (./x fault): open, evidence, commits, reading, audit. Afterwards
 * every acknowledged commit is there, the audit finds nothing, and the program goes on.
 */
#include "base/fault.h"

#include <stdio.h>
#include <string.h>

#include "store/copy.h"
#include "store/files.h"
#include "store/store_int.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_faults),
    };
    return BOOK_RUN(tests);
}
