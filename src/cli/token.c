/* SPDX-License-Identifier: Apache-2.0 */
/* Token files: made private before anything is in them, looked at before they are believed. */
#include "cli/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/seat/act.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define LINE_BYTES (SEAT_ID_BYTES + SEAT_TOKEN_TEXT + 2)

/* ---- where ---------------------------------------------------------------------------------- */

static const char *variable(const char *name)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char *z = getenv(name);
    return z != NULL && z[0] == '/' ? z : NULL;
}

/* One that is there already is as good; if it cannot be made, writing into it will say so. */
static const char *folder(struct arena *a, const char *above, const char *name)
{
    const char *path = path_join(a, above, name);
    (void)mkdir(above, S_IRWXU);
    (void)mkdir(path, S_IRWXU);
    return path;
}

enum rc token_path(struct arena *a, struct str book, const char **path, struct err *e)
{
    const char *state = variable("XDG_STATE_HOME");
    const char *home = variable("HOME");
    if (state == NULL && home == NULL) {
        enum rc rc = err_set(e, RC_INPUT, "there is no folder for the session: HOME is not set",
                             "没有存放会话的目录：未设置 HOME");
        err_hint(e, "Name a file with --session.", "请用 --session 指定文件。");
        return rc;
    }
    state = state != NULL ? state : folder(a, folder(a, home, ".local"), "state");
    const char *name = str_to_cstr(a, str_cat(a, book, STR(".session")));
    *path = path_join(a, folder(a, state, "tizhi"), name);
    return RC_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

enum rc token_write(struct arena *a, const char *path, const struct token *t, struct err *e)
{
    struct str line = str_cat(a, t->user, STR(" "));
    line = str_cat(a, str_cat(a, line, t->secret), STR("\n"));
    /* file_write keeps the mode of the file it replaces. */
    int fd = open(path, O_CREAT | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool ok = fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0;
    if (fd >= 0) {
        ok = close(fd) == 0 && ok;
    }
    return ok ? file_write(path, line, e)
              : err_set_errno(e, RC_IO, "cannot write %s", "写不了 %s", path);
}

enum rc token_remove(const char *path, struct err *e)
{
    return unlink(path) == 0 || errno == ENOENT
               ? RC_OK
               : err_set_errno(e, RC_IO, "cannot remove %s", "无法删除 %s", path);
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum rc no_token(const char *path, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "%s holds no session", "%s 不是会话文件", path);
    err_hint(e, "Log in again: tizhi user login.", "请重新登录：tizhi user login。");
    return rc;
}

/* TF2 */
static enum rc read_private(struct arena *a, const char *path, struct str *text, struct err *e)
{
    enum rc rc = file_read_secret(a, path, LINE_BYTES, text, e);
    if (rc != RC_NOT_FOUND && rc != RC_INPUT && rc != RC_LIMIT) {
        return rc;
    }
    err_clear(e);
    return rc == RC_NOT_FOUND
               ? err_set(e, RC_NOT_FOUND, "there is no session %s", "没有会话 %s", path)
               : no_token(path, e);
}

static bool are_signs(struct str s, bool token)
{
    for (uint32_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = c >= 'a' && c <= 'z';
        bool digit = c >= '0' && c <= '9';
        bool base32 = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
        bool id = letter || digit || c == '.' || c == '_' || c == '-';
        if (!(token ? base32 : id)) {
            return false;
        }
    }
    return s.n > 0;
}

enum rc token_read(struct arena *a, const char *path, struct token *out, struct err *e)
{
    struct str text = STR("");
    *out = (struct token){STR(""), STR("")};
    TRY(read_private(a, path, &text, e));
    if (!str_split(&text, ' ', &out->user) || !str_ends(text, STR("\n"))) {
        return no_token(path, e);
    }
    out->secret = str_sub(text, 0, text.n - 1);
    return are_signs(out->user, false) && are_signs(out->secret, true) &&
                   out->secret.n == SEAT_TOKEN_TEXT
               ? RC_OK
               : no_token(path, e);
}
