/* SPDX-License-Identifier: Apache-2.0 */
/* A line per submission, under one lock, with a reader of its own. */
#include "app/report/roll.h"

#include <pthread.h>
#include <stdio.h>

#include "app/report/desk.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

#define KEPT_BYTES    ((size_t)512 << 20) /* a line takes 300 */
#define WORK_BYTES    ((size_t)64 << 20)
#define SUBJECT_BYTES 1024U

static const struct str prefix = STR_INIT("form/");

struct roll_line {
    struct submission_brief brief;
    int64_t seen;
};

struct roll {
    pthread_mutex_t lock;
    struct store *store;
    struct store_reader *reader; /* NULL: not opened yet */
    struct arena kept;           /* of the reader, and of all lines */
    struct arena work;           /* of one document */
    struct map names;            /* codes and rounds, each once */
    struct map index;            /* subject -> line */
    VEC(struct roll_line) lines;
    int64_t seq; /* they stand for this commit; -1: nothing is read yet */
    enum rc rc;
    struct err e;
};

/* The same text of the roll's own; tiers are few and come again and again. */
static struct str kept(struct roll *k, struct str text)
{
    uint32_t i = 0;
    if (!map_get(&k->names, text, &i)) {
        struct str own = str_dup(&k->kept, text);
        i = map_len(&k->names);
        map_put(&k->kept, &k->names, own, i);
    }
    return k->names.entries[i].key;
}

static struct roll_line *line_of(struct roll *k, struct str subject)
{
    uint32_t i = 0;
    if (!map_get(&k->index, subject, &i)) {
        i = k->lines.n;
        vec_push(&k->kept, &k->lines, (struct roll_line){.seen = 0});
        map_put(&k->kept, &k->index, str_dup(&k->kept, subject), i);
    }
    return &k->lines.items[i];
}

/* Documents of submissions; others are none of its business. */
static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct roll *k = ctx;
    struct submission s;
    if (p->what != STORE_DOC || !str_starts(p->unit, prefix)) {
        return RC_OK;
    }
    struct arena_mark m = arena_mark(&k->work);
    TRY(submission_read(&k->work, str_dup(&k->work, p->body), &s, e));
    struct roll_line *x = line_of(k, p->unit);
    x->brief = submission_brief(&s);
    x->brief.waits_for = kept(k, x->brief.waits_for);
    x->seen = p->seq;
    arena_rewind(&k->work, m);
    return RC_OK;
}

static enum rc follow(struct roll *k)
{
    struct store_end end;
    if (k->reader == NULL) {
        TRY(store_reader_open(&k->kept, k->store, &k->reader, &k->e));
    }
    TRY(store_end(&k->work, k->reader, &end, &k->e));
    if (end.seq > k->seq) {
        TRY(k->seq < 0 ? store_docs(k->reader, prefix, end.seq, on_parcel, k, &k->e)
                       : store_parcels(k->reader, k->seq + 1, end.seq, on_parcel, k, &k->e));
        k->seq = end.seq;
    }
    return RC_OK;
}

static void run(void *ctx)
{
    struct roll *k = ctx;
    k->rc = follow(k);
}

/* What a step that failed has taken in is as true as the rest, and is taken in again. */
static bool catch_up(struct roll *k)
{
    err_clear(&k->e);
    enum rc rc = arena_run_two(&k->kept, &k->work, run, k);
    arena_release(&k->work);
    return rc == RC_OK && k->rc == RC_OK;
}

struct roll *roll_open(struct arena *a, struct store *s)
{
    struct roll *k = ARENA_NEW(a, struct roll);
    *k = (struct roll){.store = s, .seq = -1};
    (void)pthread_mutex_init(&k->lock, NULL);
    arena_init(&k->kept, KEPT_BYTES, "roll");
    arena_init(&k->work, WORK_BYTES, "roll work");
    return k;
}

void roll_close(struct roll *k)
{
    if (k == NULL) {
        return;
    }
    if (k->reader != NULL) {
        store_reader_close(k->reader);
    }
    arena_release(&k->work);
    arena_release(&k->kept);
    (void)pthread_mutex_destroy(&k->lock);
}

static void fill_line(const struct roll *k, struct str subject, struct round_line *x)
{
    uint32_t i = 0;
    if (map_get(&k->index, subject, &i)) {
        struct str unit = x->brief.unit;
        x->brief = k->lines.items[i].brief;
        x->brief.unit = unit;
        x->seen = k->lines.items[i].seen;
    }
}

bool roll_fill(struct roll *k, struct str round, struct round_line *lines, uint32_t n)
{
    char subject[SUBJECT_BYTES];
    (void)pthread_mutex_lock(&k->lock);
    bool done = catch_up(k);
    for (uint32_t i = 0; done && i < n; i++) {
        int bytes = snprintf(subject, sizeof subject, "%.*s%.*s/%.*s", PS(prefix), PS(round),
                             PS(lines[i].brief.unit));
        done = bytes > 0 && bytes < (int)sizeof subject;
        if (done) {
            fill_line(k, str_make(subject, (uint32_t)bytes), &lines[i]);
        }
    }
    (void)pthread_mutex_unlock(&k->lock);
    return done;
}
