/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Killed under load, again and again: a child process commits from several threads and writes every
 * acknowledgement to a pipe; it gets SIGKILL at a random moment. Then the book is opened, and
 *     every acknowledged commit is there, with its number and all its parcels,
 *     no commit is there in part, and none that was refused,
 *     evidence files that are named are there,
 *     the audit finds nothing,
 *     what was sent without an answer can be sent again, and is recorded once,
 *     and the work of people at desks, which is a part of the load, is whole (crash_desk.h).
 * In every third round on PostgreSQL the server is killed as well, or instead.
 *
 * TIZHI_CRASHES sets how many rounds per engine (./x crash), TIZHI_SEED where they begin.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/i128.h"
#include "base/map.h"
#include "base/rng.h"
#include "store/files.h"
#include "store/store_int.h"
#include "tests/store/crash_desk.h"
#include "tests/store/fixture.h"
#include "tests/store/server.h"

#define S(text)        str_from_cstr(text)
#define ROUNDS_DEFAULT 8
#define THREADS        6
#define WORKERS        DESK_WORKERS
#define PARCELS_MAX    5
#define KILL_AFTER_US  120000 /* at most, from the first acknowledgement on */

/* What a thread tells its parent, in one write: pipes keep such writes whole. Of people at desks,
 * whose thread is THREADS or more, the commit alone. */
struct ack {
    uint32_t round, thread, n;
    uint32_t n_parcels;
    int64_t seq;
};

struct harness {
    struct book *b;
    const struct desk_plan *plan;
    struct rng rng;
    uint32_t round;
    VEC(struct ack) acks; /* of all rounds in this book */
    uint32_t n_killed_server, n_kept, n_desk;
};

/* ---- the load: in the child ----------------------------------------------------------------- */

struct load {
    pthread_t thread;
    struct store *store;
    uint32_t round, id;
    int pipe;
};

static uint32_t parcels_of(uint32_t round, uint32_t thread, uint32_t n)
{
    return 1 + (round * 7 + thread * 3 + n) % PARCELS_MAX;
}

/* Commit n of a thread: always the same, so that it can be sent again. */
static enum rc send_one(struct arena *a, struct store *s, const struct ack *id,
                        struct store_receipt *got, struct err *e)
{
    char token[64];
    char body[64];
    char subject[64];
    struct store_parcel p[PARCELS_MAX];
    struct str file = STR("");
    (void)snprintf(token, sizeof token, "r%u/t%u/%u", id->round, id->thread, id->n);
    (void)snprintf(body, sizeof body, "[%u,%u,%u]", id->round, id->thread, id->n);
    (void)snprintf(subject, sizeof subject, "chain/%u/%u", id->round, id->thread);
    for (uint32_t i = 0; i < id->n_parcels; i++) {
        p[i] = (struct store_parcel){.area = STR("a"),
                                     .unit = S(subject),
                                     .what = STORE_DOC,
                                     .recorded = {0},
                                     .layout = i % 2 == 0 ? STR("") : S(body),
                                     .body = S(body)};
    }
    if (id->n % 4 == 0) {
        struct file_info info;
        TRY(files_put(a, s, S(token), &info, e));
        file = info.hash;
    }
    const struct store_expect x = {S(subject), STORE_UNSEEN};
    const struct store_commit c = {.token = S(token),
                                   .actor = STR("load"),
                                   .act = STR("crash"),
                                   .expects = &x,
                                   .n_expects = 1,
                                   .parcels = p,
                                   .n_parcels = id->n_parcels,
                                   .files = &file,
                                   .n_files = file.n > 0};
    return store_commit(a, s, &c, got, e);
}

static void *load_main(void *arg)
{
    const struct load *l = arg;
    struct arena a;
    arena_init(&a, 1U << 26, "load");
    for (uint32_t n = 0;; n++) {
        struct ack k = {l->round, l->id, n, parcels_of(l->round, l->id, n), 0};
        struct store_receipt got = {0};
        /* The server may be killed too: then the same is sent again, for ever. */
        while (send_one(&a, l->store, &k, &got, NULL) != RC_OK) {
            const struct timespec pause = {0, 5000000};
            (void)nanosleep(&pause, NULL);
        }
        k.seq = got.seq;
        if (write(l->pipe, &k, sizeof k) != (ssize_t)sizeof k) {
            return NULL;
        }
        arena_release(&a);
    }
}

static bool tell(void *ctx, int64_t seq)
{
    const struct load *l = ctx;
    const struct ack k = {.round = l->round, .thread = l->id, .seq = seq};
    return write(l->pipe, &k, sizeof k) == (ssize_t)sizeof k;
}

static void start_workers(struct harness *h, struct store *s, int pipe)
{
    static struct load tells[WORKERS];
    static struct desk_worker workers[WORKERS];
    for (uint32_t i = 0; i < WORKERS; i++) {
        tells[i] = (struct load){.store = s, .round = h->round, .id = THREADS + i, .pipe = pipe};
        workers[i] = (struct desk_worker){
            .store = s, .plan = h->plan, .id = i, .round = h->round, .ack = tell, .ctx = &tells[i]};
        if (pthread_create(&tells[i].thread, NULL, desk_work, &workers[i]) != 0) {
            _exit(1);
        }
    }
}

NORETURN static void run_load(struct harness *h, int pipe)
{
    static struct load loads[THREADS];
    struct store *s = NULL;
    struct store_options o = {.where = h->b->where, .files = h->b->files};
    if (store_open(&h->b->arena, &o, &s, NULL) != RC_OK) {
        _exit(1);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        loads[i] = (struct load){.store = s, .round = h->round, .id = i, .pipe = pipe};
        if (pthread_create(&loads[i].thread, NULL, load_main, &loads[i]) != 0) {
            _exit(1);
        }
    }
    start_workers(h, s, pipe);
    for (;;) {
        (void)pause();
    }
}

/* ---- killing -------------------------------------------------------------------------------- */

/* Acknowledgements until the other end is gone. */
static void drain(struct harness *h, int fd)
{
    struct ack k;
    while (read(fd, &k, sizeof k) == (ssize_t)sizeof k) {
        vec_push(&h->b->arena, &h->acks, k);
    }
}

static void wait_for_first(struct harness *h, int fd)
{
    struct ack k;
    assert_int_equal(read(fd, &k, sizeof k), sizeof k);
    vec_push(&h->b->arena, &h->acks, k);
}

static void pause_us(uint64_t us)
{
    const struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    (void)nanosleep(&t, NULL);
}

static void kill_round(struct harness *h)
{
    int fds[2];
    struct server *server = book_server();
    bool with_server = server != NULL && h->round % 3 == 2;
    assert_int_equal(pipe(fds), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(fds[0]);
        run_load(h, fds[1]);
    }
    (void)close(fds[1]);
    wait_for_first(h, fds[0]);
    pause_us(rng_below(&h->rng, KILL_AFTER_US));
    if (with_server) {
        server_kill(server);
        h->n_killed_server++;
        if (rng_one_in(&h->rng, 2)) {
            /* The load lives on and finds the server again. */
            server_run(server);
            pause_us(rng_below(&h->rng, KILL_AFTER_US));
        }
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    drain(h, fds[0]);
    (void)close(fds[0]);
    if (server != NULL && server->pid == 0) {
        server_run(server);
    } else if (server != NULL) {
        server_quiet(server);
    }
}

/* ---- looking afterwards --------------------------------------------------------------------- */

struct look {
    struct harness *h;
    struct map seqs; /* token -> number */
    VEC(bool) desk;  /* per commit: of people at desks */
    uint32_t n;
};

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct look *l = ctx;
    struct str rest = ev->token;
    struct str word;
    uint32_t id[3];
    (void)e;
    assert_int_equal(ev->seq, ++l->n);
    vec_push(&l->h->b->arena, &l->desk, desk_is_theirs(ev));
    if (desk_is_theirs(ev)) {
        desk_check_event(l->h->b, ev, p);
        return RC_OK;
    }
    for (uint32_t i = 0; i < 3; i++) {
        i128 v = 0;
        assert_true(str_split(&rest, '/', &word));
        assert_true(i128_parse(i < 2 ? str_sub(word, 1, word.n) : word, &v));
        id[i] = (uint32_t)v;
    }
    assert_int_equal(ev->n_parcels, parcels_of(id[0], id[1], id[2]));
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        char body[64];
        (void)snprintf(body, sizeof body, "[%u,%u,%u]", id[0], id[1], id[2]);
        ASSERT_STR(p[i].body, body);
    }
    assert_int_equal(ev->files.n > 2, id[2] % 4 == 0);
    map_put(&l->h->b->arena, &l->seqs, str_dup(&l->h->b->arena, ev->token), (uint32_t)ev->seq);
    return RC_OK;
}

static void check_desk_ack(struct harness *h, const struct look *l, const struct ack *k)
{
    if (k->seq > l->n || !l->desk.items[k->seq - 1]) {
        print_error("round %u lost the acknowledged act of commit %lld\n", h->round,
                    (long long)k->seq);
        fail();
    }
    h->n_desk += k->round == h->round;
}

static void check_acks(struct harness *h, const struct look *l)
{
    for (uint32_t i = 0; i < h->acks.n; i++) {
        const struct ack *k = &h->acks.items[i];
        char token[64];
        uint32_t seq = 0;
        if (k->thread >= THREADS) {
            check_desk_ack(h, l, k);
            continue;
        }
        (void)snprintf(token, sizeof token, "r%u/t%u/%u", k->round, k->thread, k->n);
        if (!map_get(&l->seqs, S(token), &seq)) {
            print_error("round %u lost the acknowledged commit %s\n", h->round, token);
        }
        assert_int_equal(seq, k->seq);
    }
}

static void on_finding(void *ctx, const struct audit_finding *f)
{
    (void)ctx;
    print_error("%s at %lld\n", audit_code(f->fault), (long long)f->seq);
}

static void check_audit(struct book *b)
{
    struct audit_result result;
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding, NULL,
                            &result, &b->e));
    assert_int_equal(result.n_findings, 0);
}

/* The last one of each thread may have had no answer: again, and it is there once. */
static void send_again(struct harness *h, struct look *l)
{
    struct book *b = h->b;
    for (uint32_t t = 0; t < THREADS; t++) {
        uint32_t n = 0;
        uint32_t seq = 0;
        for (uint32_t i = 0; i < h->acks.n; i++) {
            const struct ack *k = &h->acks.items[i];
            n = k->round == h->round && k->thread == t && k->n >= n ? k->n + 1 : n;
        }
        struct ack k = {h->round, t, n, parcels_of(h->round, t, n), 0};
        struct store_receipt got;
        char token[64];
        BOOK_OK(b, send_one(&b->arena, b->store, &k, &got, &b->e));
        (void)snprintf(token, sizeof token, "r%u/t%u/%u", h->round, t, n);
        assert_int_equal(got.before, map_get(&l->seqs, S(token), &seq));
        assert_true(!got.before || got.seq == seq);
        k.seq = got.seq;
        vec_push(&b->arena, &h->acks, k);
    }
}

static void check_round(struct harness *h)
{
    struct book *b = h->b;
    struct look l = {.h = h};
    book_open(b);
    BOOK_OK(b, store_feed(book_reader(b), 1, INT64_MAX, on_event, &l, &b->e));
    check_acks(h, &l);
    check_audit(b);
    desk_check_book(b, h->plan);
    send_again(h, &l);
    book_close(b);
}

static uint32_t number_in_env(const char *name, uint32_t otherwise)
{
    i128 n = 0;
    const char *text = getenv(name);
    return text != NULL && i128_parse(S(text), &n) && n >= 0 && n < 1000000 ? (uint32_t)n
                                                                            : otherwise;
}

static void test_crashes(void **state)
{
    struct book *b = *state;
    struct harness h = {.b = b};
    uint32_t rounds = number_in_env("TIZHI_CRASHES", ROUNDS_DEFAULT);
    uint32_t seed = number_in_env("TIZHI_SEED", 1);
    rng_seed(&h.rng, seed);
    h.plan = desk_plan_make(b);
    desk_setup(b, h.plan);
    book_close(b);
    for (; h.round < rounds; h.round++) {
        kill_round(&h);
        check_round(&h);
        /* A book that grows without end would only make each look slower. */
        if (h.round % 25 == 24) {
            b->where = book_place(b);
            book_open(b);
            desk_setup(b, h.plan);
            book_close(b);
            h.n_kept += h.acks.n;
            vec_clear(&h.acks);
        }
    }
    h.n_kept += h.acks.n;
    print_message("# seed %u: %u kills (%u of the server), %u commits acknowledged and kept, %u of "
                  "them by people at desks\n",
                  seed, rounds, h.n_killed_server, h.n_kept, h.n_desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_crashes),
    };
    return BOOK_RUN(tests);
}
