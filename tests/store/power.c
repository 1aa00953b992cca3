/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite below itself: a file system that fails the nth operation, or loses its power there.
 *
 * The shim passes everything on to the real file system and remembers, per file, what was flushed
 * and what was written since. When the power goes, every later operation fails; afterwards a file
 * is what was flushed, plus any of the later writes, as a disk may have done some of them in any
 * order. The book must then hold every acknowledged commit. With a single failure (disk full, write
 * error, flush error) and the power on, the commit is repeated or refused, and the book is whole.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "base/vec.h"
#include "store/store_int.h"
#include "tests/lib/tmpdir.h"
#include "tests/store/fixture.h"

#define S(text)     str_from_cstr(text)
#define FILES_MAX   8
#define COMMITS     5
#define ARENA_BYTES (1UL << 30)

enum mode { MODE_COUNT, MODE_POWER, MODE_FULL, MODE_WRITE, MODE_SYNC };

struct written {
    sqlite3_int64 at;
    struct str bytes;
};

/* A file as the disk has it. */
struct disk_file {
    char path[512];
    bool used, deleted; /* deleted, but the folder is not flushed */
    struct str flushed;
    bool exists; /* was flushed at least once */
    VEC(struct written) since;
};

static struct disk {
    struct arena arena;
    sqlite3_vfs *real;
    enum mode mode;
    int64_t fail_at, n_ops; /* writes, flushes, truncations */
    bool dead;
    struct disk_file files[FILES_MAX];
} disk;

struct shim_file {
    sqlite3_file base;
    struct disk_file *disk; /* NULL: not kept track of */
    sqlite3_file *real;
};

static struct shim_file *shim(sqlite3_file *f)
{
    return (struct shim_file *)(void *)f;
}

/* Whether this operation fails, and how. */
static int strike(enum mode sort)
{
    int64_t n = disk.n_ops++;
    if (disk.dead) {
        return SQLITE_IOERR;
    }
    if (n < disk.fail_at || disk.mode == MODE_COUNT) {
        return SQLITE_OK;
    }
    if (disk.mode == MODE_POWER) {
        disk.dead = true;
        return SQLITE_IOERR;
    }
    if (disk.mode == sort || (disk.mode == MODE_FULL && sort == MODE_WRITE)) {
        enum mode was = disk.mode;
        disk.mode = MODE_COUNT; /* once */
        return was == MODE_FULL    ? SQLITE_FULL
               : sort == MODE_SYNC ? SQLITE_IOERR_FSYNC
                                   : SQLITE_IOERR_WRITE;
    }
    return SQLITE_OK;
}

static struct disk_file *disk_file(const char *path)
{
    struct disk_file *free_one = NULL;
    for (uint32_t i = 0; i < FILES_MAX; i++) {
        struct disk_file *d = &disk.files[i];
        if (d->used && strcmp(d->path, path) == 0) {
            return d;
        }
        free_one = free_one == NULL && !d->used ? d : free_one;
    }
    assert_non_null(free_one);
    *free_one = (struct disk_file){.used = true};
    (void)snprintf(free_one->path, sizeof free_one->path, "%s", path);
    return free_one;
}

/* ---- methods of files ----------------------------------------------------------------------- */

static int f_close(sqlite3_file *f)
{
    int rc = shim(f)->real->pMethods->xClose(shim(f)->real);
    sqlite3_free(shim(f)->real);
    return rc;
}

static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return disk.dead ? SQLITE_IOERR_READ : shim(f)->real->pMethods->xRead(shim(f)->real, to, n, at);
}

static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    struct disk_file *d = shim(f)->disk;
    int rc = strike(MODE_WRITE);
    if (rc == SQLITE_FULL && n > 1) {
        /* A disk that fills up takes a part. */
        (void)shim(f)->real->pMethods->xWrite(shim(f)->real, from, n / 2, at);
    }
    if (rc != SQLITE_OK) {
        return rc;
    }
    if (d != NULL) {
        struct str bytes = str_dup(&disk.arena, str_make(from, (size_t)n));
        vec_push(&disk.arena, &d->since, (struct written){at, bytes});
    }
    return shim(f)->real->pMethods->xWrite(shim(f)->real, from, n, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc = strike(MODE_WRITE);
    return rc != SQLITE_OK ? rc : shim(f)->real->pMethods->xTruncate(shim(f)->real, size);
}

static int f_sync(sqlite3_file *f, int flags)
{
    struct disk_file *d = shim(f)->disk;
    int rc = strike(MODE_SYNC);
    (void)flags; /* the real disk need not be flushed: this one is lost in a minute */
    if (rc == SQLITE_OK && d != NULL) {
        assert_int_equal(file_read(&disk.arena, d->path, 1U << 28, &d->flushed, NULL), RC_OK);
        d->exists = true;
        vec_clear(&d->since);
    }
    return rc;
}

static int f_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return shim(f)->real->pMethods->xFileSize(shim(f)->real, size);
}

static int f_lock(sqlite3_file *f, int how)
{
    return shim(f)->real->pMethods->xLock(shim(f)->real, how);
}

static int f_unlock(sqlite3_file *f, int how)
{
    return shim(f)->real->pMethods->xUnlock(shim(f)->real, how);
}

static int f_reserved(sqlite3_file *f, int *out)
{
    return shim(f)->real->pMethods->xCheckReservedLock(shim(f)->real, out);
}

static int f_control(sqlite3_file *f, int op, void *arg)
{
    return shim(f)->real->pMethods->xFileControl(shim(f)->real, op, arg);
}

static int f_sector(sqlite3_file *f)
{
    return shim(f)->real->pMethods->xSectorSize(shim(f)->real);
}

static int f_device(sqlite3_file *f)
{
    return shim(f)->real->pMethods->xDeviceCharacteristics(shim(f)->real);
}

static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return shim(f)->real->pMethods->xShmMap(shim(f)->real, page, size, extend, out);
}

static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return shim(f)->real->pMethods->xShmLock(shim(f)->real, offset, n, flags);
}

static void f_shm_barrier(sqlite3_file *f)
{
    shim(f)->real->pMethods->xShmBarrier(shim(f)->real);
}

static int f_shm_unmap(sqlite3_file *f, int remove)
{
    return shim(f)->real->pMethods->xShmUnmap(shim(f)->real, remove);
}

/* Version 2: no files in memory, whose writes could not be seen. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)v;
    struct shim_file *s = shim(f);
    bool kept = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
    *s = (struct shim_file){.real = sqlite3_malloc(disk.real->szOsFile)};
    int rc = disk.dead ? SQLITE_CANTOPEN : disk.real->xOpen(disk.real, name, s->real, flags, out);
    if (rc != SQLITE_OK) {
        sqlite3_free(s->real);
        return rc;
    }
    s->base.pMethods = &methods;
    s->disk = kept ? disk_file(name) : NULL;
    if (kept) {
        s->disk->deleted = false;
    }
    return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *v, const char *name, int sync)
{
    (void)v;
    int rc = strike(MODE_WRITE);
    if (rc == SQLITE_OK) {
        disk_file(name)->deleted = true;
        rc = disk.real->xDelete(disk.real, name, sync);
    }
    return rc;
}

static void disk_begin(enum mode mode, int64_t fail_at)
{
    static sqlite3_vfs vfs;
    disk = (struct disk){.real = disk.real, .mode = mode, .fail_at = fail_at};
    if (disk.real == NULL) {
        disk.real = sqlite3_vfs_find("unix");
    }
    arena_init(&disk.arena, ARENA_BYTES, "disk");
    vfs = *disk.real;
    vfs.pNext = NULL;
    vfs.zName = "power";
    vfs.szOsFile = (int)sizeof(struct shim_file);
    vfs.xOpen = v_open;
    vfs.xDelete = v_delete;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* The machine is up again, with what its disk has kept. */
static void restore(struct rng *g, const struct disk_file *d)
{
    if (!d->used || (d->deleted && rng_one_in(g, 2))) {
        return;
    }
    if (!d->exists && d->since.n == 0) {
        return;
    }
    int fd = open(d->path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, d->flushed.p, d->flushed.n, 0), d->flushed.n);
    uint32_t keep = (uint32_t)rng_below(g, 3); /* none, some, all */
    for (uint32_t i = 0; i < d->since.n; i++) {
        const struct written *w = &d->since.items[i];
        if (keep == 2 || (keep == 1 && rng_one_in(g, 2))) {
            assert_int_equal(pwrite(fd, w->bytes.p, w->bytes.n, w->at), w->bytes.n);
        }
    }
    assert_int_equal(close(fd), 0);
}

static void disk_end(struct book *b, struct rng *g, bool power_lost)
{
    assert_int_equal(sqlite3_vfs_unregister(sqlite3_vfs_find("power")), SQLITE_OK);
    assert_int_equal(sqlite3_vfs_register(disk.real, 1), SQLITE_OK);
    if (power_lost) {
        (void)unlink(book_text(b, "%s-shm", b->where));
        for (uint32_t i = 0; i < FILES_MAX; i++) {
            restore(g, &disk.files[i]);
        }
    }
    arena_release(&disk.arena);
}

/* ---- the scenario --------------------------------------------------------------------------- */

static enum rc commit(struct book *b, uint32_t n, struct store_receipt *got)
{
    const char *body = book_text(b, "[%u]", n);
    struct store_parcel p = {
        .unit = STR("u"), .what = STORE_DOC, .recorded = {0}, .layout = S(body), .body = S(body)};
    struct store_expect x = {STR("all"), STORE_UNSEEN};
    struct store_commit c = {.token = S(body),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .expects = &x,
                             .n_expects = 1,
                             .parcels = &p,
                             .n_parcels = 1};
    return store_commit(&b->arena, b->store, &c, got, NULL);
}

/* Opens, commits, closes; *acked has a bit per acknowledged commit. */
static void scenario(struct book *b, uint32_t *acked)
{
    struct store_options o = {.where = b->where, .files = b->files, .create = true};
    struct store *s = NULL;
    *acked = 0;
    if (store_open(&b->arena, &o, &s, NULL) != RC_OK) {
        return;
    }
    b->store = s;
    for (uint32_t n = 0; n < COMMITS; n++) {
        struct store_receipt got;
        *acked |= (uint32_t)(commit(b, n, &got) == RC_OK) << n;
    }
    book_close(b);
}

static void on_finding(void *ctx, const struct audit_finding *f)
{
    *(uint32_t *)ctx += f->fault != AUDIT__COUNT;
}

static void check(struct book *b, uint32_t acked, const char *what, int64_t n)
{
    uint32_t n_findings = 0;
    struct audit_result result;
    book_open(b);
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding,
                            &n_findings, &result, &b->e));
    for (uint32_t i = 0; i < COMMITS; i++) {
        struct store_receipt got;
        BOOK_OK(b, commit(b, i, &got));
        if ((acked >> i & 1) != 0 && !got.before) {
            print_error("%s at %lld: commit %u was acknowledged and is lost\n", what, (long long)n,
                        i);
            fail();
        }
    }
    assert_int_equal(n_findings, 0);
    book_close(b);
}

/* Every operation of the scenario in turn. */
static void each_operation(struct book *b, enum mode mode, const char *what, uint32_t every)
{
    struct rng g;
    rng_seed(&g, (uint64_t)mode);
    for (int64_t n = 0;; n += every) {
        uint32_t acked = 0;
        b->where = book_text(b, "%s/%s-%lld.book", b->dir, what, (long long)n);
        b->files = book_text(b, "%s/%s-%lld.files", b->dir, what, (long long)n);
        disk_begin(mode, n);
        scenario(b, &acked);
        bool over = disk.n_ops <= n;
        disk_end(b, &g, mode == MODE_POWER && disk.dead);
        disk_begin(MODE_COUNT, 0);
        check(b, acked, what, n);
        disk_end(b, &g, false);
        if (over) {
            assert_int_equal(acked, (1U << COMMITS) - 1);
            return;
        }
    }
}

static void test_power(void **state)
{
    book_close(*state);
    each_operation(*state, MODE_POWER, "power", 1);
}

static void test_full(void **state)
{
    book_close(*state);
    each_operation(*state, MODE_FULL, "full", 2);
}

static void test_write(void **state)
{
    book_close(*state);
    each_operation(*state, MODE_WRITE, "write", 2);
}

static void test_sync(void **state)
{
    book_close(*state);
    each_operation(*state, MODE_SYNC, "sync", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_power),
        BOOK_TEST(test_full),
        BOOK_TEST(test_write),
        BOOK_TEST(test_sync),
    };
    return cmocka_run_group_tests_name("sqlite", tests, book_group_sqlite, book_group_end);
}
