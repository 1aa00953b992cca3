/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random commits go to SQLite, to PostgreSQL and to a plain model in memory: the three give the
 * same answers, and in the end hold the same commits, parcels and heads. Tokens are used again,
 * with the same content and with other; expectations hold, are stale, or are of nobody; books are
 * closed and opened.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/rng.h"
#include "store/store_int.h"
#include "tests/store/fixture.h"

#define S(text)  str_from_cstr(text)
#define ROUNDS   250
#define SUBJECTS 6
#define EXPECTS  3
#define PARCELS  4

/* ---- the model ------------------------------------------------------------------------------ */

struct sent {
    struct str token;
    uint32_t content; /* what was drawn for it; equal: the same commit */
    struct store_expect expects[EXPECTS];
    uint32_t n_expects;
    struct store_parcel parcels[PARCELS];
    uint32_t n_parcels;
};

struct model {
    struct arena *a;
    VEC(struct sent) commits;
    struct map tokens; /* -> commits */
    int64_t heads[SUBJECTS];
};

static const char *const subjects[SUBJECTS] = {"units",  "form/甲/1", "form/甲/2",
                                               "user/1", "名",        "a\"b\\c"};

static int64_t *model_head(struct model *m, struct str subject)
{
    for (uint32_t i = 0; i < SUBJECTS; i++) {
        if (str_eq(subject, S(subjects[i]))) {
            return &m->heads[i];
        }
    }
    fail();
    return NULL;
}

static enum rc model_commit(struct model *m, const struct sent *x, struct store_receipt *out)
{
    uint32_t at = 0;
    if (map_get(&m->tokens, x->token, &at)) {
        *out = (struct store_receipt){.seq = at + 1, .before = true};
        return m->commits.items[at].content == x->content ? RC_OK : RC_CONFLICT;
    }
    for (uint32_t i = 0; i < x->n_expects; i++) {
        int64_t head = *model_head(m, x->expects[i].subject);
        if (x->expects[i].seen != STORE_UNSEEN && x->expects[i].seen != head) {
            return RC_CONFLICT;
        }
    }
    map_put(m->a, &m->tokens, x->token, m->commits.n);
    vec_push(m->a, &m->commits, *x);
    for (uint32_t i = 0; i < x->n_expects; i++) {
        *model_head(m, x->expects[i].subject) = m->commits.n;
    }
    *out = (struct store_receipt){.seq = m->commits.n};
    return RC_OK;
}

/* ---- what is drawn -------------------------------------------------------------------------- */

static struct str random_text(struct rng *g)
{
    static const char *const texts[] = {"", "x", "旗县", "a\"b", "\\", "𠮷", "null", "0"};
    return S(texts[rng_below(g, sizeof texts / sizeof texts[0])]);
}

static struct store_parcel random_parcel(struct book *b, struct rng *g)
{
    struct store_parcel p = {
        .area = random_text(g),
        .unit = random_text(g),
        .what = (enum store_sort)rng_below(g, STORE__SORTS),
        .status = (enum row_status)rng_below(g, ROW_WITHDRAWN + 1),
        .recorded =
            rng_one_in(g, 3) ? DATE_MIN : (struct date){(int32_t)rng_range(g, -20000, 20000)},
        .source = random_text(g),
        .grade = rng_one_in(g, 2) ? '\0' : 'C',
        .layout =
            rng_one_in(g, 2) ? STR("") : S(book_text(b, "[\"l%u\"]", (unsigned)rng_below(g, 9))),
        .body = S(book_text(b, "[%llu]", (unsigned long long)rng_u64(g))),
    };
    return p;
}

static struct sent random_commit(struct book *b, struct rng *g, struct model *m)
{
    struct sent x = {.content = (uint32_t)rng_u64(g)};
    if (m->commits.n > 0 && rng_one_in(g, 6)) {
        x = m->commits.items[rng_below(g, m->commits.n)]; /* sent again */
        if (rng_one_in(g, 2)) {
            x.content++; /* but not the same */
            x.parcels[0] = random_parcel(b, g);
            x.n_parcels += x.n_parcels == 0;
        }
        return x;
    }
    x.token = S(book_text(b, "t%u-%u", m->commits.n, x.content));
    uint32_t first = (uint32_t)rng_below(g, SUBJECTS);
    x.n_expects = (uint32_t)rng_below(g, EXPECTS + 1);
    for (uint32_t i = 0; i < x.n_expects; i++) {
        struct str s = S(subjects[(first + i) % SUBJECTS]);
        int64_t head = *model_head(m, s);
        x.expects[i] = (struct store_expect){s, rng_one_in(g, 3)   ? STORE_UNSEEN
                                                : rng_one_in(g, 5) ? head - 1
                                                                   : head};
        if (x.expects[i].seen < STORE_UNSEEN) {
            x.expects[i].seen = 0;
        }
    }
    x.n_parcels = (uint32_t)rng_below(g, PARCELS + 1);
    for (uint32_t i = 0; i < x.n_parcels; i++) {
        x.parcels[i] = random_parcel(b, g);
    }
    return x;
}

static struct store_commit commit_of(const struct sent *x)
{
    return (struct store_commit){.token = x->token,
                                 .actor = STR("u"),
                                 .act = STR("x"),
                                 .note = STR("n"),
                                 .expects = x->expects,
                                 .n_expects = x->n_expects,
                                 .parcels = x->parcels,
                                 .n_parcels = x->n_parcels};
}

/* ---- what is held --------------------------------------------------------------------------- */

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct buf *t = ctx;
    (void)e;
    /* All but what hangs on the random id of the book. */
    buf_printf(t, "%lld %lld %.*s %.*s %.*s %.*s %.*s %u %.*s\n", (long long)ev->seq,
               (long long)ev->at, PS(ev->actor), PS(ev->act), PS(ev->token), PS(ev->note),
               PS(ev->subjects), ev->n_parcels, PS(ev->content));
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        buf_printf(t, " %u %.*s|%.*s|%s|%s|%d|%.*s|%c|%.*s|%.*s\n", p[i].part, PS(p[i].area),
                   PS(p[i].unit), store_sort_text(p[i].what), store_status_text(p[i].status),
                   p[i].recorded.days, PS(p[i].source), p[i].grade != 0 ? p[i].grade : '-',
                   PS(p[i].layout), PS(p[i].body));
    }
    return RC_OK;
}

static struct str dump(struct book *b, int64_t from, int64_t to)
{
    struct buf t;
    buf_init(&t, 1U << 28);
    BOOK_OK(b, store_feed(book_reader(b), from, to, on_event, &t, &b->e));
    return buf_move(&b->arena, &t);
}

static void compare_heads(struct book *b, struct model *m)
{
    for (uint32_t i = 0; i < SUBJECTS; i++) {
        int64_t seq = 0;
        BOOK_OK(b, store_head(book_reader(b), S(subjects[i]), &seq, &b->e));
        assert_int_equal(seq, m->heads[i]);
    }
}

struct check {
    const struct model *m;
    uint32_t commit, part;
};

/* Parcels in order, against the model. */
static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct check *c = ctx;
    (void)e;
    while (c->part >= c->m->commits.items[c->commit].n_parcels) {
        c->commit++;
        c->part = 0;
    }
    const struct store_parcel *want = &c->m->commits.items[c->commit].parcels[c->part];
    assert_int_equal(p->seq, c->commit + 1);
    assert_int_equal(p->part, c->part);
    assert_true(str_eq(p->area, want->area) && str_eq(p->unit, want->unit) &&
                p->what == want->what && p->status == want->status &&
                str_eq(p->source, want->source) && p->grade == want->grade &&
                str_eq(p->layout, want->layout) && str_eq(p->body, want->body));
    c->part++;
    return RC_OK;
}

static void compare_parcels(struct book *b, const struct model *m)
{
    struct check c = {.m = m};
    struct store_end end;
    uint64_t n = 0;
    BOOK_OK(b, store_parcels(book_reader(b), 1, INT64_MAX, on_parcel, &c, &b->e));
    BOOK_OK(b, store_end(&b->arena, book_reader(b), &end, &b->e));
    for (uint32_t i = 0; i < m->commits.n; i++) {
        n += m->commits.items[i].n_parcels;
    }
    assert_int_equal(end.seq, m->commits.n);
    assert_int_equal(end.parcels, n);
}

static void on_finding(void *ctx, const struct audit_finding *f)
{
    (void)ctx;
    print_error("%s at %lld\n", audit_code(f->fault), (long long)f->seq);
}

static void audit(struct book *b)
{
    struct audit_result result;
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding, NULL,
                            &result, &b->e));
    assert_int_equal(result.n_findings, 0);
}

/* ---- both ----------------------------------------------------------------------------------- */

static void one_round(struct book *b, const struct sent *x, enum rc want,
                      const struct store_receipt *receipt)
{
    struct store_commit c = commit_of(x);
    struct store_receipt got = {0};
    err_clear(&b->e);
    enum rc rc = store_commit(&b->arena, b->store, &c, &got, &b->e);
    if (rc != want) {
        print_error("%s: %s, the model says %s: %s\n", b->where, rc_name(rc), rc_name(want),
                    b->e.primary_en);
    }
    assert_int_equal(rc, want);
    if (rc == RC_OK) {
        assert_int_equal(got.seq, receipt->seq);
        assert_int_equal(got.before, receipt->before);
    }
}

static void open_second(struct book *sqlite, struct book *b)
{
    *sqlite = (struct book){.engine = DB_SQLITE, .clock = b->clock, .dir = b->dir};
    arena_init(&sqlite->arena, 1UL << 30, "second");
    sqlite->where = book_text(b, "%s/second.book", b->dir);
    sqlite->files = path_join(&b->arena, b->dir, "second.files");
    book_open(sqlite);
}

static void test_random(void **state)
{
    struct book *b = *state;
    struct book sqlite;
    struct rng g;
    struct model m = {.a = &b->arena};
    rng_seed(&g, 7);
    open_second(&sqlite, b);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct store_receipt receipt = {0};
        struct sent x = random_commit(b, &g, &m);
        enum rc want = model_commit(&m, &x, &receipt);
        sqlite.clock = b->clock; /* the moments are compared too */
        one_round(&sqlite, &x, want, &receipt);
        one_round(b, &x, want, &receipt);
        if (rng_one_in(&g, 25)) {
            book_close(b);
            book_open(b);
            book_close(&sqlite);
            book_open(&sqlite);
        }
    }
    assert_true(m.commits.n > ROUNDS / 4);
    int64_t middle = m.commits.n / 2;
    assert_true(str_eq(dump(b, 1, INT64_MAX), dump(&sqlite, 1, INT64_MAX)));
    assert_true(str_eq(dump(b, middle, middle + 3), dump(&sqlite, middle, middle + 3)));
    compare_heads(b, &m);
    compare_heads(&sqlite, &m);
    compare_parcels(b, &m);
    compare_parcels(&sqlite, &m);
    audit(b);
    audit(&sqlite);
    book_close(&sqlite);
    arena_release(&sqlite.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_random),
    };
    return cmocka_run_group_tests_name("both", tests, book_group_postgres, book_group_end);
}
