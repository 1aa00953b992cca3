/* SPDX-License-Identifier: Apache-2.0 */
/* Books for tests. */
#include "tests/store/fixture.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "tests/lib/tmpdir.h"
#include "tests/store/server.h"

#define ARENA_BYTES (2UL * 1024 * 1024 * 1024)
#define CLOCK_START 1735660800000000LL /* 2025-01-01 in China */
#define CLOCK_STEP  1000000LL

static struct {
    struct arena arena;
    struct server server;
    enum db_engine engine;
} group;

int book_group_sqlite(void **state)
{
    (void)state;
    arena_init(&group.arena, ARENA_BYTES, "group");
    group.engine = DB_SQLITE;
    return 0;
}

int book_group_postgres(void **state)
{
    (void)state;
    arena_init(&group.arena, ARENA_BYTES, "group");
    group.engine = DB_POSTGRES;
    server_start(&group.arena, &group.server);
    return 0;
}

int book_group_end(void **state)
{
    (void)state;
    if (group.engine == DB_POSTGRES) {
        server_stop(&group.server);
    }
    arena_release(&group.arena);
    return 0;
}

struct server *book_server(void)
{
    return group.engine == DB_POSTGRES ? &group.server : NULL;
}

static int64_t tick(void *ctx)
{
    int64_t *clock = ctx;
    return __atomic_add_fetch(clock, CLOCK_STEP, __ATOMIC_RELAXED);
}

const char *book_text(struct book *b, const char *fmt, ...)
{
    struct buf t;
    va_list ap;
    buf_init_in(&t, &b->arena, 1U << 24);
    va_start(ap, fmt);
    buf_vprintf(&t, fmt, ap);
    va_end(ap);
    return buf_view(&t).p;
}

void book_ok(struct book *b, enum rc rc)
{
    if (rc != RC_OK) {
        struct buf t;
        buf_init_in(&t, &b->arena, 65536);
        b->e.rc = rc;
        err_render(&b->e, ERR_LANG_EN, &t);
        print_error("%s: %s", rc_name(rc), buf_view(&t).p);
        _fail(b->e.file != NULL ? b->e.file : __FILE__, b->e.line);
    }
}

const char *book_place(struct book *b)
{
    static uint32_t n;
    return b->engine == DB_POSTGRES ? server_place(&group.server)
                                    : book_text(b, "%s/%u.book", b->dir, n++);
}

void book_open(struct book *b)
{
    struct store_options o = {
        .where = b->where, .files = b->files, .create = true, .now = tick, .clock = &b->clock};
    BOOK_OK(b, store_open(&b->arena, &o, &b->store, &b->e));
}

struct store_reader *book_reader(struct book *b)
{
    if (b->reader == NULL) {
        struct err e = {0};
        b->e = e;
        book_ok(b, store_reader_open(&b->arena, b->store, &b->reader, &b->e));
    }
    return b->reader;
}

void book_close(struct book *b)
{
    store_reader_close(b->reader);
    b->reader = NULL;
    store_close(b->store);
    b->store = NULL;
}

int book_setup(void **state)
{
    struct book *b = test_malloc(sizeof *b);
    *b = (struct book){.engine = group.engine, .clock = CLOCK_START};
    arena_init(&b->arena, ARENA_BYTES, "book");
    b->dir = tmpdir_make(&b->arena);
    b->where = book_place(b);
    b->files = path_join(&b->arena, b->dir, "files");
    book_open(b);
    *state = b;
    return 0;
}

int book_teardown(void **state)
{
    struct book *b = *state;
    book_close(b);
    tmpdir_remove(b->dir);
    arena_release(&b->arena);
    test_free(b);
    return 0;
}

static void sqlite_sql(struct book *b, const char *sql)
{
    static const char *const triggers[] = {"event_update",  "event_delete",  "parcel_update",
                                           "parcel_delete", "layout_update", "layout_delete"};
    sqlite3 *c = NULL;
    char *text = NULL;
    assert_int_equal(sqlite3_open(b->where, &c), SQLITE_OK);
    for (uint32_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
        const char *drop = book_text(b, "DROP TRIGGER IF EXISTS %s", triggers[i]);
        assert_int_equal(sqlite3_exec(c, drop, NULL, NULL, NULL), SQLITE_OK);
    }
    if (sqlite3_exec(c, sql, NULL, NULL, &text) != SQLITE_OK) {
        print_error("%s: %s\n", sql, text);
        fail();
    }
    (void)sqlite3_close(c);
}

void book_sql(struct book *b, const char *sql)
{
    if (b->engine == DB_SQLITE) {
        sqlite_sql(b, sql);
        return;
    }
    server_sql(&group.server, b->where,
               book_text(b,
                         "SET client_min_messages = warning;"
                         "DROP TRIGGER IF EXISTS event_kept ON event;"
                         "DROP TRIGGER IF EXISTS parcel_kept ON parcel;"
                         "DROP TRIGGER IF EXISTS layout_kept ON layout; %s",
                         sql));
}
