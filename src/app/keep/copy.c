/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a book: tried, made, verified. */
#include "app/keep/keep.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/copy.h"

/* The book at a place, open for reading; closed also when the work in it fails. */
struct there {
    struct arena *a;
    const struct store_options o;
    struct store *store;
    struct store_reader *reader;
    struct str common; /* its hash at the last number that both have */
};

static enum rc open_there(struct there *t, struct err *e)
{
    TRY(store_open(t->a, &t->o, &t->store, e));
    return store_reader_open(t->a, t->store, &t->reader, e);
}

struct work;
typedef enum rc work_fn(struct work *w);

struct work {
    struct there *t;
    work_fn *fn;
    struct keep_copied *c;
    struct audit_options audit; /* how it is verified */
    enum rc rc;
    struct err *e;
};

static void run(void *ctx)
{
    struct work *w = ctx;
    w->rc = open_there(w->t, w->e);
    w->rc = w->rc == RC_OK ? w->fn(w) : w->rc;
}

/* It holds a connection: closed also when the memory is out (base/arena.h, A5). */
static enum rc work_there(struct work w)
{
    enum rc rc = arena_run(w.t->a, run, &w);
    store_reader_close(w.t->reader);
    store_close(w.t->store);
    return rc == RC_OK
               ? w.rc
               : err_set(w.e, rc, "no memory to look at the copy", "内存不足，无法查看副本");
}

/* ---- trying --------------------------------------------------------------------------------- */

struct hash_ctx {
    struct arena *a;
    struct str hash;
};

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct hash_ctx *h = ctx;
    (void)p;
    (void)e;
    h->hash = str_dup(h->a, ev->hash);
    return RC_OK;
}

static enum rc another_way(const struct store_end *there, struct err *e)
{
    enum rc rc =
        err_set(e, RC_CONFLICT,
                "there is another book, or this one after it has gone another way "
                "(commit %lld)",
                "目标处是另一个账本，或已与来源分叉（第 %lld 次提交）", (long long)there->seq);
    err_hint(e, "Nothing was written. Choose a new place.", "未写入任何内容。请另选位置。");
    return rc;
}

static enum rc is_longer(const struct keep_copied *c, struct err *e)
{
    enum rc rc = err_set(e, RC_CONFLICT,
                         "what is there is longer: it goes on to commit %lld, the source to %lld",
                         "目标处的账本更长：已到第 %lld 次提交，来源只到第 %lld 次",
                         (long long)c->before.seq, (long long)c->end.seq);
    err_hint(e, "Nothing was written. To look at the older state, copy to a new place.",
             "未写入任何内容。如需查看较早的状态，请另选位置。");
    return rc;
}

/* The hash of a commit; "": it is not there. */
static enum rc hash_at(struct arena *a, struct store_reader *r, int64_t seq, struct str *out,
                       struct err *e)
{
    struct hash_ctx h = {.a = a, .hash = STR("")};
    TRY(store_feed(r, seq, seq, on_event, &h, e));
    *out = h.hash;
    return RC_OK;
}

static int64_t last_common(const struct keep_copied *c)
{
    return c->before.seq < c->end.seq ? c->before.seq : c->end.seq;
}

static enum rc compare(struct there *t, struct store_reader *from, const struct keep_copied *c,
                       struct err *e)
{
    struct str mine = STR("");
    if (c->before.seq == 0) {
        return RC_OK;
    }
    TRY(hash_at(t->a, from, last_common(c), &mine, e));
    if (!str_eq(c->before.book, c->end.book) || !str_eq(mine, t->common)) {
        return another_way(&c->before, e);
    }
    return c->before.seq > c->end.seq ? is_longer(c, e) : RC_OK;
}

static enum rc rethrow(const struct err *story, struct err *e)
{
    if (e != NULL) {
        *e = *story;
    }
    return story->rc;
}

static enum rc look(struct work *w)
{
    struct there *t = w->t;
    TRY(store_end(t->a, t->reader, &w->c->before, w->e));
    return hash_at(t->a, t->reader, last_common(w->c), &t->common, w->e);
}

enum rc keep_copy_try(struct arena *a, struct store_reader *from, const char *where,
                      const char *files, struct keep_copied *out, struct err *e)
{
    struct there t = {a, {.where = where, .files = files, .read_only = true}, NULL, NULL, STR("")};
    struct err story;
    err_clear(&story);
    *out = (struct keep_copied){0};
    TRY(store_end(a, from, &out->end, e));
    enum rc rc = work_there((struct work){.t = &t, .fn = look, .c = out, .e = &story});
    /* A copy of an older program is brought up to date by the copying. */
    if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_NO_SUPPORT) {
        return rethrow(&story, e);
    }
    return compare(&t, from, out, e);
}

/* ---- copying -------------------------------------------------------------------------------- */

static void ignore(void *ctx, const struct audit_finding *f)
{
    (void)ctx;
    (void)f;
}

/* KE2 */
static enum rc verify(struct work *w)
{
    struct audit_result *found = &w->c->audit;
    TRY(audit_verify(w->t->a, w->t->reader, &w->audit, ignore, NULL, found, w->e));
    if (found->n_findings == 0) {
        return RC_OK;
    }
    enum rc rc = err_set(w->e, RC_DB, "the copy does not verify: %u findings",
                         "副本核验不通过：%u 个问题", found->n_findings);
    err_hint(w->e, "Look at it: tizhi audit verify --book COPY. Do not rely on it.",
             "请查看：tizhi audit verify --book 副本。在此之前不可作为备份。");
    return rc;
}

enum rc keep_copy(struct arena *a, struct store_reader *from, const char *where, const char *files,
                  const struct audit_options *how, struct keep_copied *out, struct err *e)
{
    struct there t = {a, {.where = where, .files = files, .read_only = true}, NULL, NULL, STR("")};
    TRY(keep_copy_try(a, from, where, files, out, e));
    TRY(store_copy(a, from, where, files, &out->end, e));
    return work_there((struct work){.t = &t, .fn = verify, .c = out, .audit = *how, .e = e});
}
