/* SPDX-License-Identifier: Apache-2.0 */
/* What store.h promises, on both engines. */
#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "store/files.h"
#include "store/secret.h"
#include "store/store_int.h"
#include "tests/store/fixture.h"
#include "tests/store/server.h"

#define S(text) str_from_cstr(text)

/* ---- making commits ------------------------------------------------------------------------- */

static struct store_parcel parcel(const char *unit, const char *body)
{
    return (struct store_parcel){.area = STR("150100"),
                                 .unit = S(unit),
                                 .what = STORE_DOC,
                                 .status = ROW_ACCEPTED,
                                 .recorded = DATE_MIN,
                                 .source = STR("test"),
                                 .grade = 'A',
                                 .layout = STR("[\"x\"]"),
                                 .body = S(body)};
}

static enum rc commit(struct book *b, const char *token, const char *subject, int64_t seen,
                      const char *body, struct store_receipt *got)
{
    struct store_parcel p = parcel("150102", body);
    struct store_expect x = {S(subject), seen};
    struct store_commit c = {.token = S(token),
                             .actor = STR("user/1"),
                             .act = STR("test.put"),
                             .note = STR("注"),
                             .expects = &x,
                             .n_expects = *subject != '\0',
                             .parcels = &p,
                             .n_parcels = 1};
    err_clear(&b->e);
    return store_commit(&b->arena, b->store, &c, got, &b->e);
}

static int64_t put(struct book *b, const char *token, const char *body)
{
    struct store_receipt got = {0};
    BOOK_OK(b, commit(b, token, "", 0, body, &got));
    return got.seq;
}

/* ---- reading them back ---------------------------------------------------------------------- */

struct seen {
    struct book *b;
    uint32_t n_events, n_parcels;
    struct str bodies; /* all, joined by ; */
    int64_t last, last_at;
};

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct seen *s = ctx;
    (void)e;
    assert_int_equal(ev->seq, s->last + 1);
    assert_true(ev->at > s->last_at);
    s->last = ev->seq;
    s->last_at = ev->at;
    s->n_events++;
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        assert_int_equal(p[i].part, i);
        assert_int_equal(p[i].seq, ev->seq);
        s->n_parcels++;
        s->bodies = str_cat(&s->b->arena, s->bodies, str_cat(&s->b->arena, p[i].body, STR(";")));
    }
    return RC_OK;
}

static struct seen read_all(struct book *b)
{
    struct seen s = {.b = b};
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, store_feed(r, 1, INT64_MAX, on_event, &s, &b->e));
    return s;
}

static void test_statements(void **state)
{
    struct book *b = *state;
    struct db db;
    BOOK_OK(b, db_open(&db, b->where, DB_READER, &b->e));
    for (int i = 0; i < ST__COUNT; i++) {
        BOOK_OK(b, db_prepare(&db, (enum db_st)i, &b->e));
    }
    db_close(&db);
}

static void test_empty(void **state)
{
    struct book *b = *state;
    struct store_end end;
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, store_end(&b->arena, r, &end, &b->e));
    assert_int_equal(end.seq, 0);
    assert_int_equal(end.parcels, 0);
    assert_int_equal(end.book.n, 32);
    assert_int_equal(read_all(b).n_events, 0);
}

static enum rc check_first(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                           struct err *e)
{
    (void)e;
    *(bool *)ctx = true;
    ASSERT_STR(ev->actor, "user/1");
    ASSERT_STR(ev->act, "test.put");
    ASSERT_STR(ev->token, "t1");
    ASSERT_STR(ev->note, "注");
    ASSERT_STR(ev->subjects, "[\"form/\\\"甲\\\"\"]");
    ASSERT_STR(ev->files, "[]");
    assert_int_equal(ev->n_parcels, 1);
    ASSERT_STR(p->area, "150100");
    ASSERT_STR(p->unit, "150102");
    assert_int_equal(p->what, STORE_DOC);
    assert_int_equal(p->status, ROW_ACCEPTED);
    ASSERT_STR(p->source, "test");
    assert_int_equal(p->grade, 'A');
    ASSERT_STR(p->layout, "[\"x\"]");
    ASSERT_STR(p->body, "[\"乙\",1]");
    char day[DATE_TEXT_BYTES];
    ASSERT_STR(date_text(p->recorded, day), "2025-01-01");
    return RC_OK;
}

static void test_round_trip(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    BOOK_OK(b, commit(b, "t1", "form/\"甲\"", 0, "[\"乙\",1]", &got));
    assert_int_equal(got.seq, 1);
    assert_false(got.before);
    bool called = false;
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, store_feed(r, 1, 1, check_first, &called, &b->e));
    assert_true(called);
    int64_t head = 0;
    BOOK_OK(b, store_head(r, S("form/\"甲\""), &head, &b->e));
    assert_int_equal(head, 1);
    BOOK_OK(b, store_head(r, S("other"), &head, &b->e));
    assert_int_equal(head, 0);
}

static void test_tokens(void **state)
{
    struct book *b = *state;
    struct store_receipt first;
    struct store_receipt again;
    BOOK_OK(b, commit(b, "t", "s", 0, "[1]", &first));
    /* Although the expectation no longer holds: it is the same commit. */
    BOOK_OK(b, commit(b, "t", "s", 0, "[1]", &again));
    assert_true(again.before);
    assert_int_equal(again.seq, first.seq);
    assert_int_equal(again.at, first.at);
    assert_int_equal(commit(b, "t", "s", 0, "[2]", &again), RC_CONFLICT);
    assert_non_null(strstr(b->e.primary_en, "token"));
    assert_int_equal(read_all(b).n_events, 1);
}

static void test_expectations(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    BOOK_OK(b, commit(b, "1", "form/a", 0, "[1]", &got));
    assert_int_equal(commit(b, "2", "form/a", 0, "[2]", &got), RC_CONFLICT);
    assert_non_null(strstr(b->e.primary_en, "form/a"));
    assert_non_null(strstr(b->e.primary_en, "user/1"));
    BOOK_OK(b, commit(b, "3", "form/a", 1, "[3]", &got));
    assert_int_equal(commit(b, "4", "form/a", 1, "[4]", &got), RC_CONFLICT);
    assert_int_equal(commit(b, "5", "form/b", 1, "[5]", &got), RC_CONFLICT);
    BOOK_OK(b, commit(b, "6", "form/a", STORE_UNSEEN, "[6]", &got));
    assert_int_equal(got.seq, 3);
    /* A refused commit leaves no trace, and its token is free. */
    BOOK_OK(b, commit(b, "2", "form/a", 3, "[7]", &got));
    ASSERT_STR(read_all(b).bodies, "[1];[3];[6];[7];");
}

/* Who only looks is refused as who touches, and leaves the subject as it was. */
static void test_looks(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    struct store_parcel p = parcel("150102", "[1]");
    struct store_expect x = {STR("plan"), 0};
    struct store_commit c = {.token = STR("1"),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .looks = &x,
                             .n_looks = 1,
                             .parcels = &p,
                             .n_parcels = 1};
    int64_t head = -1;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
    BOOK_OK(b, store_head(book_reader(b), x.subject, &head, &b->e));
    assert_int_equal(head, 0);
    BOOK_OK(b, commit(b, "2", "plan", 0, "[2]", &got));
    c.token = STR("3");
    assert_int_equal(store_commit(&b->arena, b->store, &c, &got, &b->e), RC_CONFLICT);
    assert_non_null(strstr(b->e.primary_en, "plan"));
    x.seen = 2;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
    BOOK_OK(b, commit(b, "4", "plan", 2, "[4]", &got));
    ASSERT_STR(read_all(b).bodies, "[1];[2];[1];[4];");
}

static void test_behind(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    struct store_parcel p = parcel("150102", "[9]");
    struct store_commit c = {.token = STR("n"),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .behind = 1,
                             .parcels = &p,
                             .n_parcels = 1};
    put(b, "1", "[1]");
    put(b, "2", "[2]");
    assert_int_equal(store_commit(&b->arena, b->store, &c, &got, &b->e), RC_CONFLICT);
    c.behind = 2;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
    assert_int_equal(got.seq, 3);
    ASSERT_STR(read_all(b).bodies, "[1];[2];[9];");
}

static void test_refusals(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    char large[STORE_TEXT_BYTES + 2];
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = '\0';
    assert_int_equal(commit(b, "", "", 0, "[1]", &got), RC_INPUT);
    assert_int_equal(commit(b, large, "", 0, "[1]", &got), RC_INPUT);
    assert_int_equal(commit(b, "a\nb", "", 0, "[1]", &got), RC_INPUT);
    assert_int_equal(commit(b, "a", large, 0, "[1]", &got), RC_INPUT);
    assert_int_equal(commit(b, "a", "", 0, "", &got), RC_INPUT);
    assert_int_equal(commit(b, "a", "", 0, "[\"\xff\"]", &got), RC_INPUT);
    struct store_parcel p = parcel("u", "[1]");
    assert_true(date_make(2025, 1, 2, &p.recorded)); /* tomorrow */
    struct store_commit c = {
        .token = STR("a"), .actor = STR("u"), .act = STR("x"), .parcels = &p, .n_parcels = 1};
    assert_int_equal(store_commit(&b->arena, b->store, &c, &got, &b->e), RC_INPUT);
    struct str file = STR("0123456789012345678901234567890123456789012345678901234567890123");
    c = (struct store_commit){
        .token = STR("a"), .actor = STR("u"), .act = STR("x"), .files = &file, .n_files = 1};
    err_clear(&b->e);
    assert_int_equal(store_commit(&b->arena, b->store, &c, &got, &b->e), RC_NOT_FOUND);
    assert_int_equal(read_all(b).n_events, 0);
}

static void test_reopen(void **state)
{
    struct book *b = *state;
    assert_int_equal(put(b, "1", "[1]"), 1);
    book_close(b);
    book_open(b);
    assert_int_equal(put(b, "2", "[2]"), 2);
    assert_int_equal(put(b, "1", "[1]"), 1);
    ASSERT_STR(read_all(b).bodies, "[1];[2];");
}

static void test_clock_back(void **state)
{
    struct book *b = *state;
    struct store_receipt first;
    struct store_receipt second;
    BOOK_OK(b, commit(b, "1", "", 0, "[1]", &first));
    b->clock -= 3600 * US_PER_SECOND;
    BOOK_OK(b, commit(b, "2", "", 0, "[2]", &second));
    assert_int_equal(second.at, first.at + 1);
}

static void test_read_only(void **state)
{
    struct book *b = *state;
    struct store_receipt got;
    (void)put(b, "1", "[1]");
    book_close(b);
    struct store_options o = {.where = b->where, .files = b->files, .read_only = true};
    BOOK_OK(b, store_open(&b->arena, &o, &b->store, &b->e));
    assert_int_equal(commit(b, "2", "", 0, "[2]", &got), RC_DENIED);
    ASSERT_STR(read_all(b).bodies, "[1];");
}

static void test_no_book(void **state)
{
    struct book *b = *state;
    struct store *s = NULL;
    struct store_options o = {.where = book_place(b), .files = b->files};
    assert_int_equal(store_open(&b->arena, &o, &s, &b->e), RC_NOT_FOUND);
    o.read_only = true;
    err_clear(&b->e);
    assert_int_equal(store_open(&b->arena, &o, &s, &b->e), RC_NOT_FOUND);
}

static void test_newer_book(void **state)
{
    struct book *b = *state;
    struct store *s = NULL;
    struct store_options o = {.where = b->where, .files = b->files, .create = true};
    book_sql(b, "INSERT INTO migration (version, name, at) VALUES (999, 'future', 0)");
    assert_int_equal(store_open(&b->arena, &o, &s, &b->e), RC_NO_SUPPORT);
    assert_non_null(strstr(b->e.hint_en, "newer program"));
}

/* ---- documents ------------------------------------------------------------------------------ */

static void put_doc(struct book *b, const char *subject, int64_t seen, const char *body)
{
    struct store_parcel p = parcel(subject, body);
    struct store_expect x = {S(subject), seen};
    struct store_commit c = {.token = S(book_text(b, "%s %s", subject, body)),
                             .actor = STR("u"),
                             .act = STR("doc"),
                             .expects = &x,
                             .n_expects = 1,
                             .parcels = &p,
                             .n_parcels = 1};
    struct store_receipt got;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
}

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct buf *t = ctx;
    (void)e;
    buf_printf(t, "%.*s=%.*s@%lld;", PS(p->unit), PS(p->body), (long long)p->seq);
    return RC_OK;
}

static void expect_docs(struct book *b, const char *key, int64_t upto, const char *want)
{
    struct buf t;
    bool is_prefix = key[strlen(key) - 1] == '/';
    buf_init_in(&t, &b->arena, 65536);
    BOOK_OK(b,
            (is_prefix ? store_docs : store_doc)(book_reader(b), S(key), upto, on_doc, &t, &b->e));
    ASSERT_STR(buf_view(&t), want);
}

static void test_docs(void **state)
{
    struct book *b = *state;
    put_doc(b, "user/2", 0, "[\"b\"]");
    put_doc(b, "user/10", 0, "[\"a\"]");
    put_doc(b, "user/2", 1, "[\"B\"]");
    put_doc(b, "users", 0, "[1]");
    put_doc(b, "user/名", 0, "[2]");
    struct store_receipt got; /* touched, but no new state */
    BOOK_OK(b, commit(b, "t", "user/2", 3, "[9]", &got));
    expect_docs(b, "user/2", INT64_MAX, "user/2=[\"B\"]@3;");
    expect_docs(b, "user/2", 2, "user/2=[\"b\"]@1;");
    expect_docs(b, "user/3", INT64_MAX, "");
    expect_docs(b, "user/", INT64_MAX, "user/10=[\"a\"]@2;user/2=[\"B\"]@3;user/名=[2]@5;");
    expect_docs(b, "user/", 2, "user/10=[\"a\"]@2;user/2=[\"b\"]@1;");
    expect_docs(b, "seat/", INT64_MAX, "");
}

/* A commit with many parcels of many layouts, and bodies of some size. */
static void test_large(void **state)
{
    struct book *b = *state;
    enum { N = 1000 };
    struct store_parcel *p = ARENA_ARRAY(&b->arena, struct store_parcel, N);
    char *body = arena_alloc(&b->arena, 100001);
    memset(body, '1', 100000);
    for (uint32_t i = 0; i < N; i++) {
        p[i] = parcel("u", i % 100 == 0 ? body : "[1]");
        p[i].layout = str_from_cstr(book_text(b, "[%u]", i % 7));
    }
    struct store_commit c = {
        .token = STR("t"), .actor = STR("u"), .act = STR("x"), .parcels = p, .n_parcels = N};
    struct store_receipt got;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
    struct seen s = read_all(b);
    assert_int_equal(s.n_parcels, N);
    assert_int_equal(s.bodies.n, 10 * 100001 + 990 * 4);
}

/* ---- many at once --------------------------------------------------------------------------- */

#define THREADS 16
#define EACH    20

struct client {
    pthread_t thread;
    struct book *b;
    struct store *store;
    uint32_t id;
    uint32_t n_ok, n_conflict, n_other;
    int64_t seqs[EACH];
};

/* Each writes its own subject, and all fight for one. */
static void *client_main(void *arg)
{
    struct client *k = arg;
    struct arena a;
    arena_init(&a, 1U << 26, "client");
    for (uint32_t i = 0; i < EACH; i++) {
        char token[64];
        char body[64];
        (void)snprintf(token, sizeof token, "c%u/%u", k->id, i);
        (void)snprintf(body, sizeof body, "[%u]", i);
        struct store_parcel p = parcel("u", body);
        struct store_expect x = {STR("contested"), i % 4 == 0 ? 0 : STORE_UNSEEN};
        struct store_commit c = {.token = S(token),
                                 .actor = STR("u"),
                                 .act = STR("x"),
                                 .expects = &x,
                                 .n_expects = i % 2 == 0,
                                 .parcels = &p,
                                 .n_parcels = 1};
        struct store_receipt got = {0};
        enum rc rc = store_commit(&a, k->store, &c, &got, NULL);
        k->n_ok += rc == RC_OK;
        k->n_conflict += rc == RC_CONFLICT;
        k->n_other += rc != RC_OK && rc != RC_CONFLICT;
        k->seqs[i] = rc == RC_OK ? got.seq : 0;
    }
    arena_release(&a);
    return NULL;
}

/* Half of the clients use another handle, as another process would. */
static void test_concurrent(void **state)
{
    struct book *b = *state;
    struct client *k = ARENA_ARRAY(&b->arena, struct client, THREADS);
    struct store *other = NULL;
    struct store_options o = {.where = b->where, .files = b->files};
    BOOK_OK(b, store_open(&b->arena, &o, &other, &b->e));
    for (uint32_t i = 0; i < THREADS; i++) {
        k[i] = (struct client){.b = b, .store = i % 2 == 0 ? b->store : other, .id = i};
        assert_int_equal(pthread_create(&k[i].thread, NULL, client_main, &k[i]), 0);
    }
    struct map_u64 all = {0};
    uint32_t n_first = 0;
    uint32_t n_ok = 0;
    for (uint32_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(k[i].thread, NULL), 0);
        assert_int_equal(k[i].n_other, 0);
        n_ok += k[i].n_ok;
        for (uint32_t n = 0; n < EACH; n++) {
            n_first += n % 4 == 0 && k[i].seqs[n] != 0;
            assert_false(k[i].seqs[n] != 0 && map_u64_get(&all, (uint64_t)k[i].seqs[n], NULL));
            map_u64_put(&b->arena, &all, (uint64_t)k[i].seqs[n], 1);
        }
    }
    store_close(other);
    assert_in_range(n_first, 0, 1); /* of those who expected nobody, at most one was first */
    struct seen s = read_all(b);
    assert_int_equal(s.n_events, n_ok);
    assert_int_equal(s.last, n_ok);
}

/* ---- one group ------------------------------------------------------------------------------ */

enum { TWINS = 4, RIVALS = 4, FIGHTERS = 4, GROUP = TWINS + RIVALS + FIGHTERS };

struct member {
    pthread_t thread;
    struct store *store;
    char token[16], body[16], subject[16];
    enum rc rc;
    struct store_receipt got;
};

static void *member_main(void *arg)
{
    struct member *k = arg;
    struct arena a;
    arena_init(&a, 1U << 20, "member");
    struct store_parcel p = parcel("u", k->body);
    struct store_expect x = {S(k->subject), 0};
    struct store_commit c = {.token = S(k->token),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .expects = &x,
                             .n_expects = k->subject[0] != '\0',
                             .parcels = &p,
                             .n_parcels = 1};
    k->rc = store_commit(&a, k->store, &c, &k->got, NULL);
    arena_release(&a);
    return NULL;
}

static void start(struct book *b, struct member *k, const char *token, uint32_t body,
                  const char *subject)
{
    *k = (struct member){.store = b->store};
    (void)snprintf(k->token, sizeof k->token, "%s", token);
    (void)snprintf(k->body, sizeof k->body, "[%u]", body);
    (void)snprintf(k->subject, sizeof k->subject, "%s", subject);
    assert_int_equal(pthread_create(&k->thread, NULL, member_main, k), 0);
}

static uint32_t count(const struct member *k, uint32_t n, enum rc rc)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        found += k[i].rc == rc;
    }
    return found;
}

static void check_twins(const struct member *k)
{
    uint32_t n_before = 0;
    for (uint32_t i = 0; i < TWINS; i++) {
        assert_int_equal(k[i].rc, RC_OK);
        assert_int_equal(k[i].got.seq, k[0].got.seq);
        n_before += k[i].got.before;
    }
    assert_int_equal(n_before, TWINS - 1);
}

/* While somebody else holds the book, all of these queue up and become one group. */
static void test_group(void **state)
{
    struct book *b = *state;
    struct member k[GROUP + 1];
    struct db other;
    const struct timespec pause = {0, 100000000};
    BOOK_OK(b, db_open(&other, b->where, 0, &b->e));
    BOOK_OK(b, db_begin_write(&other, &b->e));
    BOOK_OK(b, db_run(&other, &(struct db_run){ST_chain_turn, NULL, 1, NULL, NULL}, &b->e));
    start(b, &k[GROUP], "first", 0, "");
    (void)nanosleep(&pause, NULL); /* it alone is with the writer, which waits */
    for (uint32_t i = 0; i < GROUP; i++) {
        char own[16];
        (void)snprintf(own, sizeof own, "own%u", i);
        bool twin = i < TWINS;
        bool rival = !twin && i < TWINS + RIVALS;
        start(b, &k[i],
              twin    ? "twin"
              : rival ? "rival"
                      : own,
              twin ? 0 : i, twin || rival ? "" : "prize");
    }
    (void)nanosleep(&pause, NULL);
    db_rollback(&other);
    db_close(&other);
    for (uint32_t i = 0; i <= GROUP; i++) {
        assert_int_equal(pthread_join(k[i].thread, NULL), 0);
    }
    check_twins(k);
    assert_int_equal(count(k + TWINS, RIVALS, RC_OK), 1); /* one token, different contents */
    assert_int_equal(count(k + TWINS, RIVALS, RC_CONFLICT), RIVALS - 1);
    assert_int_equal(count(k + TWINS + RIVALS, FIGHTERS, RC_OK), 1);
    assert_int_equal(count(k + TWINS + RIVALS, FIGHTERS, RC_CONFLICT), FIGHTERS - 1);
    assert_int_equal(read_all(b).n_events, 4);
}

/* ---- following ------------------------------------------------------------------------------ */

static void *put_later(void *arg)
{
    struct book *b = arg;
    struct arena a;
    const struct timespec pause = {0, 200000000};
    arena_init(&a, 1U << 20, "later");
    (void)nanosleep(&pause, NULL);
    struct store_parcel p = parcel("u", "[1]");
    struct store_commit c = {
        .token = STR("later"), .actor = STR("u"), .act = STR("x"), .parcels = &p, .n_parcels = 1};
    struct store_receipt got;
    enum rc rc = store_commit(&a, b->store, &c, &got, NULL);
    arena_release(&a);
    return rc == RC_OK ? b : NULL;
}

static void test_wait(void **state)
{
    struct book *b = *state;
    pthread_t t;
    void *done = NULL;
    int64_t last = 0;
    struct store *other = NULL;
    struct store_options o = {.where = b->where, .files = b->files, .read_only = true};
    BOOK_OK(b, store_open(&b->arena, &o, &other, &b->e));
    struct store_reader *r = NULL;
    BOOK_OK(b, store_reader_open(&b->arena, other, &r, &b->e));
    BOOK_OK(b, store_wait(r, 0, 0, &last, &b->e));
    assert_int_equal(last, 0);
    assert_int_equal(pthread_create(&t, NULL, put_later, b), 0);
    BOOK_OK(b, store_wait(r, 0, 60000, &last, &b->e));
    assert_int_equal(last, 1);
    assert_int_equal(pthread_join(t, &done), 0);
    assert_ptr_equal(done, b);
    store_reader_close(r);
    store_close(other);
}

/* What wakes a waiting connection is the commit, not the clock. */
static void test_wake(void **state)
{
    struct book *b = *state;
    struct db db;
    bool woken = true;
    BOOK_OK(b, db_open(&db, b->where, DB_READER, &b->e));
    BOOK_OK(b, db_listen(&db, &b->e));
    while (woken) {
        BOOK_OK(b, db_wait(&db, 0, &woken, &b->e));
    }
    (void)put(b, "1", "[1]");
    BOOK_OK(b, db_wait(&db, 60000, &woken, &b->e));
    assert_true(woken);
    db_close(&db);
}

/* ---- secrets -------------------------------------------------------------------------------- */

static struct secret secret_of(struct book *b, struct str subject)
{
    struct secret s;
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, secret_get(&b->arena, r, subject, &s, &b->e));
    return s;
}

static void test_secrets(void **state)
{
    struct book *b = *state;
    const struct str u = STR("user/1");
    assert_int_equal(secret_of(b, u).version, 0);
    BOOK_OK(b, secret_put(b->store, u, STR("a"), 0, &b->e));
    ASSERT_STR(secret_of(b, u).body, "a");
    /* SE1: who has seen an older state is refused, also where none was seen. */
    assert_int_equal(secret_put(b->store, u, STR("b"), 0, NULL), RC_CONFLICT);
    BOOK_OK(b, secret_put(b->store, u, STR("b"), 1, &b->e));
    assert_int_equal(secret_put(b->store, u, STR("c"), 1, NULL), RC_CONFLICT);
    /* SE2 */
    BOOK_OK(b, secret_put(b->store, u, STR(""), 2, &b->e));
    assert_int_equal(secret_of(b, u).version, 3);
    assert_int_equal(secret_put(b->store, u, STR("d"), 0, NULL), RC_CONFLICT);
    assert_int_equal(secret_of(b, u).body.n, 0);
    assert_int_equal(secret_of(b, STR("user/")).version, 0);
    /* It is no part of the book. */
    struct store_end end;
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, store_end(&b->arena, r, &end, &b->e));
    assert_int_equal(end.seq, 0);
    char large[SECRET_BYTES + 1];
    memset(large, 'x', sizeof large);
    assert_int_equal(secret_put(b->store, u, str_make(large, sizeof large), 3, NULL), RC_LIMIT);
    /* SE3, and after it reading only. */
    BOOK_OK(b, secret_put(b->store, u, STR("e"), 3, &b->e));
    book_close(b);
    book_open(b);
    ASSERT_STR(secret_of(b, u).body, "e");
    struct store *s = NULL;
    struct store_options o = {.where = b->where, .files = b->files, .read_only = true};
    BOOK_OK(b, store_open(&b->arena, &o, &s, &b->e));
    assert_int_equal(secret_put(s, u, STR("f"), 4, NULL), RC_DENIED);
    store_close(s);
}

/* ---- versions ------------------------------------------------------------------------------- */

static void test_migrations(void **state)
{
    struct book *b = *state;
    for (uint32_t v = 1; v <= db_n_migrations; v++) {
        struct db db;
        book_close(b);
        b->where = book_place(b);
        BOOK_OK(b, db_open(&db, b->where, DB_CREATE, &b->e));
        BOOK_OK(b, store_migrate(&db, true, v, 1, &b->e));
        db_close(&db);
        if (v < db_n_migrations) {
            struct store *s = NULL;
            struct store_options o = {.where = b->where, .files = b->files, .read_only = true};
            err_clear(&b->e);
            assert_int_equal(store_open(&b->arena, &o, &s, &b->e), RC_NO_SUPPORT);
        }
        book_open(b);
        assert_int_equal(put(b, "1", "[1]"), 1);
        ASSERT_STR(read_all(b).bodies, "[1];");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_statements), BOOK_TEST(test_empty),        BOOK_TEST(test_round_trip),
        BOOK_TEST(test_tokens),     BOOK_TEST(test_expectations), BOOK_TEST(test_refusals),
        BOOK_TEST(test_reopen),     BOOK_TEST(test_clock_back),   BOOK_TEST(test_read_only),
        BOOK_TEST(test_no_book),    BOOK_TEST(test_newer_book),   BOOK_TEST(test_docs),
        BOOK_TEST(test_large),      BOOK_TEST(test_concurrent),   BOOK_TEST(test_group),
        BOOK_TEST(test_wait),       BOOK_TEST(test_wake),         BOOK_TEST(test_migrations),
        BOOK_TEST(test_secrets),    BOOK_TEST(test_looks),        BOOK_TEST(test_behind),
    };
    return BOOK_RUN(tests);
}
