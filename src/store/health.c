/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a book as a database and as a folder. */
#include "store/health.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "store/files.h"
#include "store/store_int.h"

#define SUB_FOLDERS 256U
#define HELD_SUFFIX ".swept"
#define US_PER_S    1000000LL

static enum rc on_version(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    (void)call;
    (void)e;
    *(int64_t *)ctx = row[0].n;
    return RC_OK;
}

static enum rc ask(struct store_reader *r, struct store_health *h, struct err *e)
{
    const struct db_driver *driver = r->db.driver;
    int64_t faults = 0;
    TRY(reader_run(r, ST_migration_list, NULL, on_version, &h->version, e));
    TRY(driver->number(&r->db, driver->size, &h->bytes, e));
    /* A database that cannot even be asked is not whole; the story is in the finding. */
    h->whole = driver->number(&r->db, driver->faults, &faults, NULL) == RC_OK && faults == 0;
    return RC_OK;
}

enum rc store_health(struct arena *a, struct store_reader *r, struct store_health *out,
                     struct err *e)
{
    const struct store *s = r->store;
    bool sqlite = db_engine_of(s->where) == DB_SQLITE;
    *out = (struct store_health){.engine = sqlite ? "SQLite" : "PostgreSQL",
                                 .files = s->files,
                                 .on_disk = sqlite,
                                 .where = str_to_cstr(a, db_shown(s->where))};
    TRY(store_begin(r, e));
    enum rc rc = ask(r, out, e);
    store_done(r);
    return rc;
}

/* ---- the folder ----------------------------------------------------------------------------- */

struct folder {
    struct arena *a;
    const char *path;
    int64_t before;
    struct map named; /* hash -> 0 */
    struct folder_health *out;
};

static enum rc on_file(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct folder *f = ctx;
    struct file_info info;
    struct str hash = str_dup(f->a, row[0].s);
    (void)call;
    (void)e;
    map_put(f->a, &f->named, hash, 0);
    f->out->named++;
    bool there = files_look(f->a, f->path, hash, &info, NULL) == RC_OK;
    f->out->wrong_size += there && info.size != row[2].n;
    if (!there || info.size != row[2].n) {
        f->out->gone += !there;
        f->out->gone_hash = hash;
        f->out->gone_seq = row[1].n;
    }
    return RC_OK;
}

static bool touched_since(const struct stat *st, int64_t before)
{
    return (int64_t)st->st_mtim.tv_sec * US_PER_S + st->st_mtim.tv_nsec / 1000 >= before;
}

/*
 * HE1. Put aside first, so that whoever puts the same content from now on writes it anew; who has
 * touched it just before is seen then, and it goes back.
 */
static bool remove_old(struct folder *f, const char *path)
{
    struct stat st;
    struct str held = str_cat(f->a, str_from_cstr(path), STR(HELD_SUFFIX));
    const char *aside = str_to_cstr(f->a, held);
    if (stat(path, &st) != 0 || touched_since(&st, f->before) || rename(path, aside) != 0) {
        return false;
    }
    if (stat(aside, &st) == 0 && touched_since(&st, f->before)) {
        /* Not over one that was written anew; where it cannot go back it stays aside, and whole. */
        if (link(aside, path) == 0 || errno == EEXIST) {
            (void)unlink(aside);
        }
        return false;
    }
    return unlink(aside) == 0;
}

static void look_at(struct folder *f, const char *sub, const char *name)
{
    struct stat st;
    const char *path = path_join(f->a, path_join(f->a, f->path, sub), name);
    struct str hash = str_cat(f->a, str_from_cstr(sub), str_from_cstr(name));
    if (map_get(&f->named, hash, NULL) || stat(path, &st) != 0) {
        return;
    }
    f->out->unnamed++;
    f->out->unnamed_bytes += st.st_size;
    f->out->removed += remove_old(f, path);
}

static enum rc look_in(struct folder *f, uint32_t i, struct err *e)
{
    char sub[8];
    struct dir_list files;
    (void)snprintf(sub, sizeof sub, "%02x", i);
    const char *path = path_join(f->a, f->path, sub);
    if (!file_is_dir(path)) {
        return RC_OK;
    }
    TRY(dir_list(f->a, path, STR(""), &files, e));
    for (uint32_t k = 0; k < files.n; k++) {
        look_at(f, sub, files.paths[k]);
    }
    return RC_OK;
}

static enum rc look_over(struct folder *f, struct store_reader *r, struct err *e)
{
    TRY(reader_run(r, ST_files, NULL, on_file, f, e));
    for (uint32_t i = 0; i < SUB_FOLDERS && f->path != NULL; i++) {
        TRY(look_in(f, i, e));
    }
    return RC_OK;
}

enum rc files_health(struct arena *a, struct store_reader *r, int64_t before,
                     struct folder_health *out, struct err *e)
{
    struct folder f = {.a = a, .path = r->store->files, .before = before, .out = out};
    *out = (struct folder_health){.gone_hash = STR("")};
    return look_over(&f, r, e);
}
