/* SPDX-License-Identifier: Apache-2.0 */
/* A map under a lock. */
#include "store/shelf.h"

#include <string.h>

#include "base/err.h"

#define SHELF_BYTES ((size_t)1 << 30)

void shelf_init(struct shelf *s)
{
    *s = (struct shelf){.upto = 0};
    (void)pthread_rwlock_init(&s->lock, NULL);
    arena_init(&s->a, SHELF_BYTES, "layouts");
}

void shelf_release(struct shelf *s)
{
    arena_release(&s->a);
    (void)pthread_rwlock_destroy(&s->lock);
}

static bool copy(struct arena *a, struct str from, struct str *to)
{
    char *p = arena_try(a, from.n + 1U);
    if (p == NULL) {
        return false;
    }
    memcpy(p, from.p, from.n);
    *to = (struct str){p, from.n};
    return true;
}

/* The lock is held: nothing may stop here (arena.h, A5). */
static enum rc on_layout(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct shelf *s = ctx;
    struct shelf_layout l;
    (void)call;
    if (map_get(&s->index, row[0].s, NULL)) {
        return RC_OK; /* a reader before was stopped behind it */
    }
    bool ok = copy(&s->a, row[0].s, &l.hash) && copy(&s->a, row[1].s, &l.body) &&
              vec_try_push(&s->a, &s->bodies, l.body) &&
              map_try_put(&s->a, &s->index, l.hash, s->bodies.n - 1);
    return ok ? RC_OK
              : err_set(e, RC_LIMIT, "the book has too many layouts", "账本中的排列格式过多");
}

enum rc shelf_learn(struct shelf *s, struct db *db, int64_t last, struct err *e)
{
    enum rc rc = RC_OK;
    (void)pthread_rwlock_rdlock(&s->lock);
    bool known = last <= s->upto;
    (void)pthread_rwlock_unlock(&s->lock);
    if (known) {
        return RC_OK;
    }
    (void)pthread_rwlock_wrlock(&s->lock);
    if (last > s->upto) {
        const struct db_value after[] = {DB_N(s->upto)};
        rc = db_run(db, &(struct db_run){ST_layouts, after, 1, on_layout, s}, e);
        s->upto = rc == RC_OK ? last : s->upto;
    }
    (void)pthread_rwlock_unlock(&s->lock);
    return rc;
}

bool shelf_find(struct shelf *s, struct str hash, struct shelf_layout *out)
{
    uint32_t at = 0;
    (void)pthread_rwlock_rdlock(&s->lock);
    bool found = map_get(&s->index, hash, &at);
    if (found) {
        *out = (struct shelf_layout){s->index.entries[at].key, s->bodies.items[at]};
    }
    (void)pthread_rwlock_unlock(&s->lock);
    return found;
}
