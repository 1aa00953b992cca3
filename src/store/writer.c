/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one writing thread. It takes what waits, records it as a group in one transaction, and
 * answers each when COMMIT has returned: many commits share one flush.
 *
 * A group that fails is tried once more on a new connection. That is safe after any failure, also
 * of COMMIT itself: what is there already is found by its token.
 */
#include <signal.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/store_int.h"

#define HASHED_BYTES (8U * 1024 * 1024)

/* The group at work. Everything hangs in the arena of the store and goes with it. */
struct group {
    struct store *s;
    struct pending *items[STORE_GROUP_MAX];
    uint32_t n;
    bool again; /* the second try */
    enum rc rc;
    struct err err;
    /* The end of the chain: as found, then as it will be. */
    struct str book;
    int64_t seq, at, parcels, first_seq;
    struct store_hex hash;
    /* Subjects of the group and the last commit of each. */
    struct map subjects;
    int64_t *heads;
};

static struct arena *arena_of(struct group *g)
{
    return &g->s->arena;
}

/* ---- looking -------------------------------------------------------------------------------- */

static enum rc on_chain(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct group *g = ctx;
    (void)call;
    (void)e;
    g->book = str_dup(arena_of(g), row[0].s);
    g->seq = row[1].n;
    if (row[2].s.n == STORE_HASH_CHARS) {
        memcpy(g->hash.z, row[2].s.p, STORE_HASH_CHARS);
    }
    g->at = row[3].n;
    g->parcels = row[4].n;
    return RC_OK;
}

/* Takes the turn to write: other processes wait for the row. */
static enum rc take_turn(struct group *g, struct err *e)
{
    bool found = false;
    TRY(db_one(&g->s->db, ST_chain_turn, NULL, on_chain, g, &found, e));
    if (!found) {
        return err_set(e, RC_DB, "the book has lost the row of its chain", "账本缺少链尾记录");
    }
    g->first_seq = g->seq + 1;
    return RC_OK;
}

static void refuse(struct pending *p, enum rc rc)
{
    p->state = PENDING_REFUSED;
    p->rc = rc;
}

static void token_taken(struct pending *p)
{
    refuse(p, err_set(&p->err, RC_CONFLICT, "the token %.*s was used for another commit",
                      "标识 %.*s 已用于另一次提交", PS(p->c->token)));
    err_hint(&p->err, "A new thing to record needs a new token.", "新的内容请使用新的标识。");
}

static enum rc on_token(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct group *g = ctx;
    struct pending *p = g->items[call];
    (void)e;
    if (str_eq(row[2].s, store_hex_str(&p->content))) {
        p->state = PENDING_BEFORE;
        /* Found by the second try only: it is the first one's work. */
        bool before = !g->again || p->receipt.before;
        p->receipt = (struct store_receipt){row[0].n, row[1].n, before};
    } else {
        token_taken(p);
    }
    return RC_OK;
}

/* Commits with a token that is in the book, or earlier in the group. */
static enum rc look_up_tokens(struct group *g, struct err *e)
{
    struct map seen = {0};
    struct db_value *tokens = ARENA_ARRAY(arena_of(g), struct db_value, g->n);
    for (uint32_t i = 0; i < g->n; i++) {
        tokens[i] = DB_S(g->items[i]->c->token);
    }
    TRY(db_run(&g->s->db, &(struct db_run){ST_event_of_token, tokens, g->n, on_token, g}, e));
    for (uint32_t i = 0; i < g->n; i++) {
        struct pending *p = g->items[i];
        uint32_t twin = 0;
        if (p->state != PENDING_NEW) {
            continue;
        }
        if (!map_get(&seen, p->c->token, &twin)) {
            map_put(arena_of(g), &seen, p->c->token, i);
        } else if (str_eq(store_hex_str(&g->items[twin]->content), store_hex_str(&p->content))) {
            p->state = PENDING_TWIN;
            p->twin = twin;
        } else {
            token_taken(p);
        }
    }
    return RC_OK;
}

static enum rc on_head(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct group *g = ctx;
    (void)e;
    g->heads[call] = row[0].n;
    return RC_OK;
}

static void add_subjects(struct group *g, const struct store_expect *x, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        if (!map_get(&g->subjects, x[k].subject, NULL)) {
            map_put(arena_of(g), &g->subjects, x[k].subject, map_len(&g->subjects));
        }
    }
}

static enum rc look_up_heads(struct group *g, struct err *e)
{
    for (uint32_t i = 0; i < g->n; i++) {
        if (g->items[i]->state == PENDING_NEW) {
            const struct store_commit *c = g->items[i]->c;
            add_subjects(g, c->expects, c->n_expects);
            add_subjects(g, c->looks, c->n_looks);
        }
    }
    uint32_t n = map_len(&g->subjects);
    struct db_value *keys = ARENA_ARRAY(arena_of(g), struct db_value, n + 1U);
    g->heads = ARENA_ARRAY(arena_of(g), int64_t, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        keys[i] = DB_S(g->subjects.entries[i].key);
    }
    return db_run(&g->s->db, &(struct db_run){ST_head_get, keys, n, on_head, g}, e);
}

/* ---- deciding ------------------------------------------------------------------------------- */

struct who {
    struct arena *a;
    struct str actor, act;
};

static enum rc on_who(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct who *w = ctx;
    (void)call;
    (void)e;
    w->actor = str_dup(w->a, row[1].s);
    w->act = str_dup(w->a, row[2].s);
    return RC_OK;
}

static enum rc refuse_stale(struct group *g, struct pending *p, struct str subject, int64_t head,
                            struct err *e)
{
    struct who w = {.a = arena_of(g)};
    if (head < g->first_seq) {
        const struct db_value key[] = {DB_N(head)};
        TRY(db_one(&g->s->db, ST_event_who, key, on_who, &w, NULL, e));
    }
    for (uint32_t i = 0; i < g->n && w.actor.n == 0; i++) {
        if (g->items[i]->state == PENDING_NEW && g->items[i]->receipt.seq == head) {
            w = (struct who){w.a, g->items[i]->c->actor, g->items[i]->c->act};
        }
    }
    refuse(p,
           err_set(&p->err, RC_CONFLICT, "%.*s was changed meanwhile by commit %lld (%.*s, %.*s)",
                   "“%.*s”已被第 %lld 次提交更改（%.*s，%.*s）", PS(subject), (long long)head,
                   PS(w.actor), PS(w.act)));
    err_hint(&p->err, "Look at the new state and decide again.", "请查看最新内容后重新决定。");
    return RC_OK;
}

/* Number, moment and hash of a commit that will be recorded. */
static enum rc number_it(struct group *g, struct pending *p, int64_t now, struct err *e)
{
    struct arena_mark m = arena_mark(arena_of(g));
    struct buf b;
    g->seq++;
    g->at = now > g->at ? now : g->at + 1;
    g->parcels += p->c->n_parcels;
    p->receipt = (struct store_receipt){g->seq, g->at, false};
    buf_init_in(&b, arena_of(g), HASHED_BYTES);
    chain_event_begin(&b, g->book, g->seq, g->at, store_hex_str(&p->content));
    for (uint32_t i = 0; i < p->c->n_parcels; i++) {
        struct date d = p->c->parcels[i].recorded;
        chain_event_parcel(&b, d.days == DATE_MIN.days ? store_day(g->at) : d);
    }
    chain_event_end(&b, store_hex_str(&g->hash));
    bool ok = !b.overflow && store_hash(buf_view(&b), &g->hash);
    arena_rewind(arena_of(g), m);
    return ok ? RC_OK : err_set(e, RC_NO_SUPPORT, "SM3 is missing", "缺少 SM3 算法");
}

/* The first one that was touched meanwhile; NULL: all are as they were seen. */
static const struct store_expect *stale(struct group *g, const struct store_expect *x, uint32_t n,
                                        int64_t *head)
{
    for (uint32_t k = 0; k < n; k++) {
        uint32_t at = 0;
        bool known = map_get(&g->subjects, x[k].subject, &at);
        ASSERT(known);
        *head = g->heads[at];
        if (x[k].seen != STORE_UNSEEN && x[k].seen != *head) {
            return &x[k];
        }
    }
    return NULL;
}

static enum rc decide(struct group *g, struct pending *p, int64_t now, struct err *e)
{
    const struct store_commit *c = p->c;
    int64_t head = 0;
    uint32_t at = 0;
    const struct store_expect *moved = stale(g, c->expects, c->n_expects, &head);
    moved = moved != NULL ? moved : stale(g, c->looks, c->n_looks, &head);
    if (moved != NULL) {
        return refuse_stale(g, p, moved->subject, head, e);
    }
    if (c->behind != 0 && c->behind != g->seq) {
        refuse(p, err_set(&p->err, RC_CONFLICT, "the book has gone on to commit %lld",
                          "账本已有第 %lld 次提交", (long long)g->seq));
        return RC_OK;
    }
    TRY(number_it(g, p, now, e));
    for (uint32_t k = 0; k < c->n_expects; k++) {
        (void)map_get(&g->subjects, c->expects[k].subject, &at);
        g->heads[at] = g->seq;
    }
    return RC_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Parameters of one statement over the whole group. */
struct params {
    struct db_value *v;
    uint32_t n; /* calls */
};

static struct params room(struct group *g, enum db_st st, uint32_t calls)
{
    size_t n = (size_t)calls * db_statements[st].n_params + 1;
    return (struct params){ARENA_ARRAY(arena_of(g), struct db_value, n), 0};
}

static void add(struct params *p, enum db_st st, const struct db_value *row)
{
    uint32_t n = db_statements[st].n_params;
    memcpy(p->v + (size_t)p->n * n, row, n * sizeof *row);
    p->n++;
}

static enum rc write_all(struct group *g, enum db_st st, const struct params *p, struct err *e)
{
    return db_run(&g->s->db, &(struct db_run){st, p->v, p->n, NULL, NULL}, e);
}

static uint32_t count_new(const struct group *g, uint32_t *n_parcels, uint32_t *n_files)
{
    uint32_t n = 0;
    *n_parcels = *n_files = 0;
    for (uint32_t i = 0; i < g->n; i++) {
        if (g->items[i]->state == PENDING_NEW) {
            n++;
            *n_parcels += g->items[i]->c->n_parcels;
            *n_files += g->items[i]->c->n_files;
        }
    }
    return n;
}

static void add_parcels(struct params *parcels, struct params *layouts, const struct pending *p)
{
    for (uint32_t i = 0; i < p->c->n_parcels; i++) {
        const struct store_parcel *x = &p->c->parcels[i];
        struct date day =
            x->recorded.days == DATE_MIN.days ? store_day(p->receipt.at) : x->recorded;
        struct str layout = store_hex_str(&p->layouts[i]);
        const struct db_value row[] = {
            DB_N(p->receipt.seq),
            DB_N(i),
            DB_S(x->area),
            DB_S(x->unit),
            DB_S(str_from_cstr(store_sort_text(x->what))),
            DB_S(str_from_cstr(store_status_text(x->status))),
            DB_N(day.days),
            DB_S(x->source),
            DB_S(((struct str){&x->grade, x->grade != 0})),
            DB_S(layout),
            DB_S(x->body),
        };
        add(parcels, ST_parcel_put, row);
        if (layout.n > 0) {
            const struct db_value kept[] = {DB_S(layout), DB_N(p->receipt.seq), DB_S(x->layout)};
            add(layouts, ST_layout_put, kept);
        }
    }
}

static void add_event(struct params *events, const struct pending *p, struct str prev,
                      struct str hash)
{
    const struct store_commit *c = p->c;
    const struct db_value row[] = {
        DB_N(p->receipt.seq), DB_N(p->receipt.at),
        DB_S(c->actor),       DB_S(c->act),
        DB_S(c->token),       DB_S(c->note),
        DB_S(p->subjects),    DB_S(p->files),
        DB_N(c->n_parcels),   DB_S(store_hex_str(&p->content)),
        DB_S(prev),           DB_S(hash),
    };
    add(events, ST_event_put, row);
}

static void add_files(struct params *files, const struct pending *p)
{
    for (uint32_t i = 0; i < p->c->n_files; i++) {
        const struct db_value row[] = {DB_S(p->c->files[i]), DB_N(p->receipt.seq),
                                       DB_N(p->file_size[i]), DB_S(p->file_type[i])};
        add(files, ST_file_put, row);
    }
}

static enum rc write_heads(struct group *g, struct err *e)
{
    uint32_t n = map_len(&g->subjects);
    struct params heads = room(g, ST_head_put, n);
    for (uint32_t i = 0; i < n; i++) {
        if (g->heads[i] >= g->first_seq) {
            const struct db_value row[] = {DB_S(g->subjects.entries[i].key), DB_N(g->heads[i])};
            add(&heads, ST_head_put, row);
        }
    }
    return write_all(g, ST_head_put, &heads, e);
}

static enum rc write_chain(struct group *g, struct err *e)
{
    const struct db_value row[] = {DB_N(g->seq), DB_S(store_hex_str(&g->hash)), DB_N(g->at),
                                   DB_N(g->parcels)};
    return db_run(&g->s->db, &(struct db_run){ST_chain_set, row, 1, NULL, NULL}, e);
}

/* Decides about each and writes those that stay. *any: there was one. */
static enum rc decide_and_write(struct group *g, bool *any, struct err *e)
{
    uint32_t n_parcels = 0;
    uint32_t n_files = 0;
    uint32_t n = count_new(g, &n_parcels, &n_files);
    struct params events = room(g, ST_event_put, n);
    struct params parcels = room(g, ST_parcel_put, n_parcels);
    struct params layouts = room(g, ST_layout_put, n_parcels);
    struct params files = room(g, ST_file_put, n_files);
    int64_t now = g->s->now(g->s->clock);
    for (uint32_t i = 0; i < g->n; i++) {
        struct pending *p = g->items[i];
        struct str prev = str_dup(arena_of(g), store_hex_str(&g->hash));
        if (p->state == PENDING_NEW) {
            TRY(decide(g, p, now, e));
        }
        if (p->state == PENDING_NEW) {
            add_event(&events, p, prev, str_dup(arena_of(g), store_hex_str(&g->hash)));
            add_parcels(&parcels, &layouts, p);
            add_files(&files, p);
        }
    }
    *any = events.n > 0;
    if (!*any) {
        return RC_OK;
    }
    TRY(write_all(g, ST_event_put, &events, e));
    TRY(write_all(g, ST_layout_put, &layouts, e));
    TRY(write_all(g, ST_parcel_put, &parcels, e));
    TRY(write_all(g, ST_file_put, &files, e));
    TRY(write_heads(g, e));
    TRY(write_chain(g, e));
    return db_announce(&g->s->db, e);
}

static enum rc record(struct group *g, struct err *e)
{
    struct store *s = g->s;
    bool any = false;
    if (!db_is_open(&s->db)) {
        TRY(db_open(&s->db, s->where, 0, e));
    }
    TRY(db_begin_write(&s->db, e));
    TRY(take_turn(g, e));
    TRY(look_up_tokens(g, e));
    TRY(look_up_heads(g, e));
    TRY(decide_and_write(g, &any, e));
    if (!any) {
        db_rollback(&s->db);
        return RC_OK;
    }
    TRY(db_commit(&s->db, e));
    anchor_keep(s, g->book, g->seq, g->at, store_hex_str(&g->hash));
    return RC_OK;
}

static void record_in_arena(void *ctx)
{
    struct group *g = ctx;
    g->rc = record(g, &g->err);
}

/* As if nothing had been tried yet. */
static void reset(struct group *g)
{
    g->rc = RC_OK;
    err_clear(&g->err);
    g->subjects = (struct map){0};
    for (uint32_t i = 0; i < g->n; i++) {
        struct pending *p = g->items[i];
        p->state = PENDING_NEW;
        p->rc = RC_OK;
        err_clear(&p->err);
    }
}

static void record_group(struct group *g)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        g->again = attempt > 0;
        reset(g);
        enum rc rc = arena_run(&g->s->arena, record_in_arena, g);
        if (rc != RC_OK) {
            g->rc =
                err_set(&g->err, rc, "no memory to record the commits", "内存不足，无法记入提交");
        }
        if (g->rc != RC_OK) {
            db_close(&g->s->db); /* rolls back; DB3 */
        }
        arena_release(&g->s->arena);
        if (g->rc == RC_OK || !rc_retryable(g->rc)) {
            return;
        }
    }
}

/* ---- the queue ------------------------------------------------------------------------------ */

static void answer(struct group *g)
{
    for (uint32_t i = 0; i < g->n; i++) {
        struct pending *p = g->items[i];
        if (g->rc != RC_OK) {
            p->rc = g->rc;
            p->err = g->err;
        } else if (p->state == PENDING_TWIN) {
            const struct pending *twin = g->items[p->twin];
            p->rc = twin->rc;
            p->err = twin->err;
            p->receipt = twin->receipt;
            p->receipt.before = true;
        }
    }
    (void)pthread_mutex_lock(&g->s->lock);
    for (uint32_t i = 0; i < g->n; i++) {
        g->items[i]->done = true;
        (void)pthread_cond_signal(&g->items[i]->wake);
    }
    if (g->rc == RC_OK) {
        g->s->recorded = g->seq;
        (void)pthread_cond_broadcast(&g->s->moved);
    }
    (void)pthread_mutex_unlock(&g->s->lock);
}

/* What waits, up to a group; the lock is held. */
static void take(struct store *s, struct group *g)
{
    uint64_t bytes = 0;
    while (s->first != NULL && g->n < STORE_GROUP_MAX && (g->n == 0 || bytes < STORE_GROUP_BYTES)) {
        struct pending *p = s->first;
        s->first = p->next;
        s->last = s->first != NULL ? s->last : NULL;
        bytes += p->bytes;
        g->items[g->n++] = p;
    }
}

void *writer_main(void *arg)
{
    struct store *s = arg;
    for (;;) {
        struct group g = {.s = s};
        (void)pthread_mutex_lock(&s->lock);
        while (s->first == NULL && !s->closing) {
            (void)pthread_cond_wait(&s->work, &s->lock);
        }
        take(s, &g);
        (void)pthread_mutex_unlock(&s->lock);
        if (g.n == 0) {
            return NULL; /* closing, and nobody waits */
        }
        record_group(&g);
        answer(&g);
    }
}

void writer_submit(struct store *s, struct pending *p)
{
    (void)pthread_cond_init(&p->wake, NULL);
    (void)pthread_mutex_lock(&s->lock);
    if (s->last != NULL) {
        s->last->next = p;
    } else {
        s->first = p;
    }
    s->last = p;
    (void)pthread_cond_signal(&s->work);
    while (!p->done) {
        (void)pthread_cond_wait(&p->wake, &s->lock);
    }
    (void)pthread_mutex_unlock(&s->lock);
    (void)pthread_cond_destroy(&p->wake);
}

bool writer_rest(struct store *s, int64_t after, int timeout_ms)
{
    const struct timespec until = clock_in_ms(timeout_ms);
    int late = 0;
    (void)pthread_mutex_lock(&s->lock);
    while (s->recorded <= after && late == 0) {
        late = pthread_cond_timedwait(&s->moved, &s->lock, &until);
    }
    bool moved = s->recorded > after;
    (void)pthread_mutex_unlock(&s->lock);
    return moved;
}
