/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive directory listing. Folders are opened relative to their parent without following
 * links, so that a link swapped in meanwhile cannot lead out of the root.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/file_int.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

struct walk {
    struct arena *a;
    struct err *e;
    const char *root;
    struct str suffix;
    uint32_t seen; /* entries of any sort */
    VEC(const char *) paths;
};

static enum rc out_of_memory(struct walk *w)
{
    return err_set(w->e, RC_LIMIT, "no memory to list %s", "没有内存列出 %s", w->root);
}

/* rel / name, "" / name is name. NULL when the arena is full. */
static char *child_path(struct arena *a, const char *rel, const char *name)
{
    size_t rel_n = strlen(rel);
    size_t name_n = strlen(name);
    char *path = arena_try(a, rel_n + name_n + 2);
    if (path != NULL) {
        memcpy(path, rel, rel_n);
        size_t at = rel_n;
        if (rel_n > 0) {
            path[at++] = '/';
        }
        memcpy(path + at, name, name_n);
    }
    return path;
}

static enum rc walk_dir(struct walk *w, int fd, const char *rel, uint32_t depth);

static enum rc walk_child(struct walk *w, int parent_fd, const char *name, const char *rel,
                          uint32_t depth)
{
    if (depth >= LIMIT_DIR_DEPTH) {
        return err_set(w->e, RC_LIMIT, "%s/%s is more than %d folders deep",
                       "%s/%s 的目录层数超过 %d", w->root, rel, LIMIT_DIR_DEPTH);
    }
    int fd =
        FAULT(OPEN) ? -1 : openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return file_open_error(w->e, rel);
    }
    return walk_dir(w, fd, rel, depth + 1);
}

static enum rc walk_entry(struct walk *w, int fd, const char *rel, const char *name, uint32_t depth)
{
    if (++w->seen > LIMIT_DIR_ENTRIES) {
        return err_set(w->e, RC_LIMIT, "%s has more than %d entries", "%s 下的条目超过 %d 个",
                       w->root, LIMIT_DIR_ENTRIES);
    }
    if (name[0] == '.') {
        return RC_OK; /* hidden; and "." and ".." */
    }
    struct str name_str = str_from_cstr(name);
    char *path = child_path(w->a, rel, name);
    if (path == NULL) {
        return out_of_memory(w);
    }
    if (strlen(w->root) + strlen(path) + 2 > LIMIT_PATH_BYTES) {
        return err_set(w->e, RC_LIMIT, "a path below %s is too long", "%s 下有路径太长", w->root);
    }
    if (!utf8_valid(name_str, NULL)) {
        return err_set(w->e, RC_ENCODING, "a file name in %s/%s is not UTF-8",
                       "%s/%s 中有文件名不是 UTF-8", w->root, rel);
    }
    struct stat st;
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return file_open_error(w->e, path);
    }
    if (S_ISDIR(st.st_mode)) {
        return walk_child(w, fd, name, path, depth);
    }
    if (S_ISREG(st.st_mode) && str_ends(name_str, w->suffix) &&
        !vec_try_push(w->a, &w->paths, path)) {
        return out_of_memory(w);
    }
    return RC_OK;
}

/* Takes over fd. */
static enum rc walk_dir(struct walk *w, int fd, const char *rel, uint32_t depth)
{
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        (void)close(fd);
        return file_open_error(w->e, rel);
    }
    enum rc rc = RC_OK;
    while (rc == RC_OK) {
        bool injected = FAULT(READ);
        errno = injected ? EIO : 0;
        // The stream is ours alone: NOLINTNEXTLINE(concurrency-mt-unsafe)
        const struct dirent *ent = injected ? NULL : readdir(dir);
        if (ent == NULL) {
            rc = errno == 0 ? RC_OK
                            : err_set_errno(w->e, RC_IO, "cannot list %s/%s", "列不出 %s/%s",
                                            w->root, rel);
            break;
        }
        rc = walk_entry(w, dirfd(dir), rel, ent->d_name, depth);
    }
    (void)closedir(dir);
    return rc;
}

static int by_bytes(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

enum rc dir_list(struct arena *a, const char *root, struct str suffix, struct dir_list *out,
                 struct err *e)
{
    struct walk w = {.a = a, .e = e, .root = root, .suffix = suffix};
    int fd = FAULT(OPEN) ? -1 : open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOTDIR && file_exists(root)) {
            return err_set(e, RC_INPUT, "%s is not a folder", "%s 不是目录", root);
        }
        return file_open_error(e, root);
    }
    TRY(walk_dir(&w, fd, "", 0));
    if (w.paths.n > 0) {
        qsort(w.paths.items, w.paths.n, sizeof w.paths.items[0], by_bytes);
    }
    *out = (struct dir_list){w.paths.items, w.paths.n};
    return RC_OK;
}
