/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: read once and bounded, replaced at once. Directory listings are in dir.c. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/file_int.h"
#include "base/limits.h"

enum rc file_open_error(struct err *e, const char *path)
{
    if (errno == ENOENT || errno == ENOTDIR) {
        return err_set(e, RC_NOT_FOUND, "there is no %s", "没有 %s", path);
    }
    if (errno == EACCES || errno == EPERM) {
        return err_set(e, RC_DENIED, "no permission for %s", "没有权限访问 %s", path);
    }
    return err_set_errno(e, RC_IO, "cannot open %s", "打不开 %s", path);
}

static enum rc changed(struct err *e, const char *path)
{
    enum rc rc =
        err_set(e, RC_CHANGED, "%s changed while it was being read", "读取时 %s 发生了变化", path);
    err_hint(e, "Run again when nobody is writing it.", "请在无人写入时重试。");
    return rc;
}

struct want {
    uint32_t max_bytes;
    bool secret;
};

/* read(2) until n bytes are there or the file ends; -1 on failure. */
static ssize_t read_full(int fd, char *to, size_t n)
{
    size_t got = 0;
    while (got < n) {
        size_t want = n - got < SIZE_FILE_CHUNK ? n - got : SIZE_FILE_CHUNK;
        /* The last byte asked for is one that should not be there. */
        bool shrunk = got + 1 < n && FAULT(SHRINK);
        ssize_t now = FAULT(READ) ? -1 : shrunk ? 0 : read(fd, to + got, want);
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now < 0) {
            return -1;
        }
        if (now == 0) {
            break;
        }
        got += (size_t)now;
    }
    return (ssize_t)got;
}

static bool same_moment(const struct stat *x, const struct stat *y)
{
    return x->st_size == y->st_size && x->st_mtim.tv_sec == y->st_mtim.tv_sec &&
           x->st_mtim.tv_nsec == y->st_mtim.tv_nsec;
}

/* Reads exactly st->st_size bytes and makes sure that was all. */
static enum rc read_sized(struct arena *a, int fd, const char *path, const struct stat *st,
                          struct str *out, struct err *e)
{
    size_t size = (size_t)st->st_size;
    char *text = arena_try(a, size + 1);
    if (text == NULL) {
        return err_set(e, RC_LIMIT, "no memory for the %zu bytes of %s",
                       "没有内存放下 %zu 字节的 %s", size, path);
    }
    /* One byte more than expected, into the place of the NUL, tells whether the file grew. */
    ssize_t got = read_full(fd, text, size + 1);
    struct stat after;
    if (got < 0 || fstat(fd, &after) != 0) {
        return err_set_errno(e, RC_IO, "cannot read %s", "读不出 %s", path);
    }
    if ((size_t)got != size || !same_moment(st, &after)) {
        return changed(e, path);
    }
    *out = str_make(text, size);
    return RC_OK;
}

static enum rc not_regular(struct err *e, const char *path)
{
    return err_set(e, RC_INPUT, "%s is not a regular file", "%s 不是普通文件", path);
}

static enum rc not_secret(struct err *e, const char *path)
{
    enum rc rc = err_set(e, RC_DENIED, "others may read %s, which is secret",
                         "%s 应当保密，但可被他人读取", path);
    err_hint(e, "Make it the program's own, and nobody else's: chown, chmod 600.",
             "请限制为仅本程序的用户可读：chown、chmod 600。");
    return rc;
}

static bool is_secret(const struct stat *st)
{
    return (st->st_mode & (S_IRWXG | S_IRWXO)) == 0 && (st->st_uid == geteuid() || st->st_uid == 0);
}

static enum rc read_open(struct arena *a, int fd, const char *path, struct want want,
                         struct str *out, struct err *e)
{
    const uint32_t max_bytes = want.max_bytes;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return err_set_errno(e, RC_IO, "cannot look at %s", "看不到 %s 的信息", path);
    }
    if (!S_ISREG(st.st_mode)) {
        return not_regular(e, path);
    }
    if (want.secret && !is_secret(&st)) {
        return not_secret(e, path);
    }
    if (st.st_size > (off_t)max_bytes) {
        return err_set(e, RC_LIMIT, "%s is larger than %u bytes", "%s 超过 %u 字节", path,
                       max_bytes);
    }
    return read_sized(a, fd, path, &st, out, e);
}

static enum rc read_file(struct arena *a, const char *path, struct want want, struct str *out,
                         struct err *e)
{
    ASSERT(want.max_bytes <= LIMIT_STR_BYTES);
    /* Without O_NONBLOCK opening a pipe would wait for a writer. */
    const int how = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (want.secret ? O_NOFOLLOW : 0);
    int fd = FAULT(OPEN) ? -1 : open(path, how);
    if (fd < 0) {
        return want.secret && errno == ELOOP ? not_regular(e, path) : file_open_error(e, path);
    }
    enum rc rc = read_open(a, fd, path, want, out, e);
    (void)close(fd);
    return rc;
}

enum rc file_read(struct arena *a, const char *path, uint32_t max_bytes, struct str *out,
                  struct err *e)
{
    return read_file(a, path, (struct want){max_bytes, false}, out, e);
}

enum rc file_read_secret(struct arena *a, const char *path, uint32_t max_bytes, struct str *out,
                         struct err *e)
{
    return read_file(a, path, (struct want){max_bytes, true}, out, e);
}

static bool write_full(int fd, struct str text)
{
    uint32_t done = 0;
    while (done < text.n) {
        if (done == 0 && text.n > 1 && FAULT(SHORT)) {
            (void)!write(fd, text.p, text.n / 2); /* as a disk that fills up in the middle */
            return false;
        }
        ssize_t now = FAULT(WRITE) ? -1 : write(fd, text.p + done, text.n - done);
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now <= 0) {
            return false;
        }
        done += (uint32_t)now;
    }
    return true;
}

/* The rename is safe only once the directory that records it is on disk. */
static bool sync_parent(const char *path)
{
    char dir[LIMIT_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - path);
    if (n >= sizeof dir) {
        return false;
    }
    memcpy(dir, path, n);
    dir[n] = '\0';
    const char *name = slash == NULL ? "." : (n == 0 ? "/" : dir);
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && !FAULT(SYNC) && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return ok;
}

/* Flushes and closes the temporary file, then puts it in place. */
static bool put_in_place(int fd, const char *temp, const char *path, bool good)
{
    struct stat old;
    mode_t mode = stat(path, &old) == 0 ? old.st_mode & 0777 : 0644;
    bool ok = good && fchmod(fd, mode) == 0 && !FAULT(SYNC) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    return ok && !FAULT(WRITE) && rename(temp, path) == 0;
}

static enum rc placed(bool done, const char *temp, const char *path, struct err *e)
{
    if (!done) {
        enum rc rc = err_set_errno(e, RC_IO, "cannot write %s", "写不了 %s", path);
        (void)unlink(temp);
        return rc;
    }
    if (!sync_parent(path)) {
        return err_set_errno(e, RC_IO, "cannot flush the folder of %s", "无法把 %s 所在目录落盘",
                             path);
    }
    return RC_OK;
}

/* A new file beside path, open. */
static enum rc make_temp(const char *path, char temp[LIMIT_PATH_BYTES], int *fd, struct err *e)
{
    int n = snprintf(temp, LIMIT_PATH_BYTES, "%s.XXXXXX", path);
    if (n < 0 || n >= LIMIT_PATH_BYTES) {
        return err_set(e, RC_LIMIT, "the path is too long: %s", "路径太长：%s", path);
    }
    *fd = FAULT(OPEN) ? -1 : mkstemp(temp);
    return *fd < 0 ? file_open_error(e, path) : RC_OK;
}

enum rc file_write(const char *path, struct str text, struct err *e)
{
    char temp[LIMIT_PATH_BYTES];
    int fd = -1;
    TRY(make_temp(path, temp, &fd, e));
    errno = 0;
    return placed(put_in_place(fd, temp, path, write_full(fd, text)), temp, path, e);
}

enum rc file_reserve(const char *path, struct err *e)
{
    int fd = FAULT(OPEN) ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return err_set_errno(e, errno == EEXIST ? RC_CONFLICT : RC_IO, "%s cannot be made anew",
                             "无法新建 %s", path);
    }
    (void)close(fd);
    return RC_OK;
}

enum rc file_begin(const char *path, char temp[LIMIT_PATH_BYTES], struct err *e)
{
    int fd = -1;
    TRY(make_temp(path, temp, &fd, e));
    (void)close(fd);
    return RC_OK;
}

enum rc file_finish(const char *temp, const char *path, struct err *e)
{
    int fd = FAULT(OPEN) ? -1 : open(temp, O_RDWR | O_CLOEXEC);
    return placed(fd >= 0 && put_in_place(fd, temp, path, true), temp, path, e);
}

void file_drop(const char *temp)
{
    (void)unlink(temp);
}

enum rc file_make_dir(const char *path, struct err *e)
{
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && file_is_dir(path))) {
        return RC_OK;
    }
    return err_set_errno(e, RC_IO, "cannot make the folder %s", "建不了目录 %s", path);
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *path_join(struct arena *a, const char *dir, const char *name)
{
    struct str left = str_from_cstr(dir);
    bool slash = left.n > 0 && !str_ends(left, STR("/"));
    struct str with = slash ? str_cat(a, left, STR("/")) : left;
    return str_to_cstr(a, str_cat(a, with, str_from_cstr(name)));
}
