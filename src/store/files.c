/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence by content: written beside, flushed, renamed, the folder flushed; then named. */
#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/utf8.h"
#include "store/store_int.h"

#define PREFIX_CHARS 2U
#define HEAD_BYTES   4096U

static const char *const names[] = {
#define FILE_TYPE(name, text) text,
#include "store/file_type.def"
};

_Static_assert(sizeof names / sizeof names[0] == FILE__TYPES, "one name per type");

static const struct magic {
    struct str bytes;
    enum file_type type;
} magics[] = {
    {STR_INIT("%PDF-"), FILE_PDF},
    {STR_INIT("\x89PNG\r\n\x1a\n"), FILE_PNG},
    {STR_INIT("\xff\xd8\xff"), FILE_JPEG},
    {STR_INIT("PK\x03\x04"), FILE_ZIP},
    {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FILE_OLE},
};

const char *file_type_name(enum file_type t)
{
    ASSERT((unsigned)t < FILE__TYPES);
    return names[t];
}

static bool is_plain(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return utf8_valid(s, NULL);
}

bool file_type_of(struct str content, enum file_type *out)
{
    for (uint32_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (str_starts(content, magics[i].bytes)) {
            *out = magics[i].type;
            return true;
        }
    }
    *out = FILE_TEXT;
    return content.n > 0 && is_plain(content);
}

static enum rc no_folder(struct err *e)
{
    return err_set(e, RC_NO_SUPPORT, "this book has no folder for files", "本账本未配置文件目录");
}

static const char *sub_folder(struct arena *a, const char *folder, struct str hash)
{
    return path_join(a, folder, str_to_cstr(a, str_sub(hash, 0, PREFIX_CHARS)));
}

static const char *path_of(struct arena *a, const char *folder, struct str hash)
{
    return path_join(a, sub_folder(a, folder, hash),
                     str_to_cstr(a, str_sub(hash, PREFIX_CHARS, hash.n)));
}

static bool flush_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && !FAULT(SYNC) && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return ok;
}

/* Makes a folder, and what records it durable. */
static bool make_folder(struct arena *a, const char *path)
{
    if (file_is_dir(path)) {
        return true;
    }
    struct str whole = str_from_cstr(path);
    uint32_t end = whole.n;
    while (end > 0 && whole.p[end - 1] != '/') {
        end--;
    }
    const char *parent = end == 0 ? "." : str_to_cstr(a, str_sub(whole, 0, end));
    return (mkdir(path, 0700) == 0 || errno == EEXIST) && flush_folder(parent);
}

enum rc files_put(struct arena *a, const struct store *s, struct str content, struct file_info *out,
                  struct err *e)
{
    return s->files != NULL ? files_put_in(a, s->files, content, out, e) : no_folder(e);
}

enum rc files_put_in(struct arena *a, const char *folder, struct str content, struct file_info *out,
                     struct err *e)
{
    struct store_hex hash;
    if (content.n > FILES_BYTES_MAX) {
        return err_set(e, RC_LIMIT, "a file may have at most %u bytes", "单个文件最大 %u 字节",
                       FILES_BYTES_MAX);
    }
    *out = (struct file_info){.size = content.n};
    if (!file_type_of(content, &out->type)) {
        enum rc rc =
            err_set(e, RC_INPUT, "the file is of no type that is accepted", "文件类型不被接受");
        err_hint(e, "Give a pdf, picture, office document or plain text.",
                 "请提供 PDF、图片、办公文档或纯文本。");
        return rc;
    }
    if (!store_hash(content, &hash)) {
        return err_set(e, RC_NO_SUPPORT, "this libcrypto has no SM3", "本机 libcrypto 不支持 SM3");
    }
    out->hash = str_dup(a, store_hex_str(&hash));
    const char *path = path_of(a, folder, out->hash);
    struct stat st;
    if (utimensat(AT_FDCWD, path, NULL, 0) == 0 && stat(path, &st) == 0 &&
        st.st_size == (off_t)content.n) {
        /* FI2, touched so that a sweep (health.h) leaves it. Whoever wrote it may not have flushed
         * the folder yet. */
        return flush_folder(sub_folder(a, folder, out->hash))
                   ? RC_OK
                   : err_set_errno(e, RC_IO, "cannot flush %s", "无法落盘 %s", path);
    }
    if (!make_folder(a, folder) || !make_folder(a, sub_folder(a, folder, out->hash))) {
        return err_set_errno(e, RC_IO, "cannot make the folder of %s", "无法建立 %s 所在目录",
                             path);
    }
    return file_write(path, content, e);
}

enum rc files_get(struct arena *a, const struct store *s, struct str hash, struct str *out,
                  struct err *e)
{
    struct store_hex now;
    if (s->files == NULL) {
        return no_folder(e);
    }
    TRY(file_read(a, path_of(a, s->files, hash), FILES_BYTES_MAX, out, e));
    if (!store_hash(*out, &now) || !str_eq(store_hex_str(&now), hash)) {
        return err_set(e, RC_DB, "the file %.*s was changed", "文件 %.*s 已被改动", PS(hash));
    }
    return RC_OK;
}

enum rc files_look_in(struct arena *a, const struct store *s, struct str hash,
                      struct file_info *out, struct err *e)
{
    return files_look(a, s->files, hash, out, e);
}

enum rc files_look(struct arena *a, const char *folder, struct str hash, struct file_info *out,
                   struct err *e)
{
    struct stat st;
    char head[HEAD_BYTES];
    if (folder == NULL) {
        return no_folder(e);
    }
    const char *path = path_of(a, folder, hash);
    int fd = FAULT(OPEN) ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return err_set(e, RC_NOT_FOUND, "there is no file %.*s", "没有文件 %.*s", PS(hash));
    }
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, head, sizeof head) : -1;
    (void)close(fd);
    if (n < 0) {
        return err_set_errno(e, RC_IO, "cannot read %s", "读不出 %s", path);
    }
    *out = (struct file_info){.hash = hash, .size = st.st_size, .type = FILE_TEXT};
    for (uint32_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (str_starts((struct str){head, (uint32_t)n}, magics[i].bytes)) {
            out->type = magics[i].type;
        }
    }
    return RC_OK;
}
