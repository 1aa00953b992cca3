/* SPDX-License-Identifier: Apache-2.0 */
/* The last layout, a second connection, and a map while a whole book is read. */
#include "store/layouts.h"

#include <string.h>

#include "base/err.h"
#include "store/store.h"

#define LAYOUTS_BYTES ((size_t)1 << 30)

void layouts_init(struct layouts *l, const char *where, struct db *own)
{
    *l = (struct layouts){.where = where, .own = own};
    buf_init(&l->hash, STORE_HASH_CHARS);
    buf_init(&l->body, STORE_BODY_BYTES);
    arena_init(&l->a, LAYOUTS_BYTES, "layouts");
}

void layouts_forget(struct layouts *l)
{
    arena_release(&l->a);
    l->index = (struct map){0};
    memset(&l->bodies, 0, sizeof l->bodies);
}

void layouts_release(struct layouts *l)
{
    layouts_forget(l);
    db_close(&l->side);
    buf_release(&l->hash);
    buf_release(&l->body);
}

/* A statement may run while rows of another one are read. */
static bool asks_within(const struct layouts *l)
{
    return db_engine_of(l->where) == DB_SQLITE;
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

/* A result is under way: nothing may stop here (arena.h, A5). */
enum rc layouts_keep(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct layouts *l = ctx;
    struct layout_text x;
    (void)call;
    bool ok = copy(&l->a, row[0].s, &x.hash) && copy(&l->a, row[1].s, &x.body) &&
              vec_try_push(&l->a, &l->bodies, x.body) &&
              map_try_put(&l->a, &l->index, x.hash, l->bodies.n - 1);
    return ok ? RC_OK
              : err_set(e, RC_LIMIT, "the book has too many layouts", "账本中的排列格式过多");
}

static enum rc on_body(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct layouts *l = ctx;
    (void)call;
    (void)e;
    buf_clear(&l->body);
    buf_str(&l->body, row[0].s);
    return RC_OK;
}

static enum rc ask(struct layouts *l, struct db *db, struct str hash, bool *found, struct err *e)
{
    const struct db_value key[] = {DB_S(hash)};
    TRY(db_is_open(db) ? RC_OK : db_open(db, l->where, DB_READER, e));
    return db_one(db, ST_layout_get, key, on_body, l, found, e);
}

static enum rc look_up(struct layouts *l, struct str hash, struct err *e)
{
    bool found = false;
    struct db *db = asks_within(l) ? l->own : &l->side;
    buf_clear(&l->hash); /* until it is there */
    enum rc rc = ask(l, db, hash, &found, e);
    if (rc != RC_OK && db == &l->side && !db_is_alive(db)) {
        /* The server has gone since it was asked last: that is found out by asking. */
        db_close(db);
        err_clear(e);
        rc = ask(l, db, hash, &found, e);
    }
    TRY(rc);
    buf_str(&l->hash, hash);
    if (!found || l->body.overflow || l->hash.overflow) {
        buf_clear(&l->hash);
        return err_set(e, RC_DB, "a layout is missing", "缺少一种排列格式");
    }
    return RC_OK;
}

enum rc layouts_find(struct layouts *l, struct str hash, struct layout_text *out, struct err *e)
{
    uint32_t at = 0;
    if (map_get(&l->index, hash, &at)) {
        *out = (struct layout_text){l->index.entries[at].key, l->bodies.items[at]};
        return RC_OK;
    }
    if (!str_eq(buf_view(&l->hash), hash)) { /* neighbours mostly share it */
        TRY(look_up(l, hash, e));
    }
    *out = (struct layout_text){buf_view(&l->hash), buf_view(&l->body)};
    return RC_OK;
}
