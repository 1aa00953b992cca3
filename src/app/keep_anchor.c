/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed anchors. A signature does not make the chain stronger: it lets an anchor be kept where
 * others could change it (a bulletin, a mail, the same machine), since without the key nobody can
 * make one that fits a rewritten log.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "app/keep.h"
#include "app/seat_pass.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define KEY_HEAD      "tizhi-key-1 "
#define PUBLIC_HEAD   "tizhi-public-1 "
#define ANCHOR_HEAD   "tizhi-anchor "
#define SIGNED_WORD   " ed25519 "
#define TEXT_BYTES    4096U
#define ANCHORS_BYTES (1U << 20)
#define BASE64        sodium_base64_VARIANT_ORIGINAL
#define BASE64_CHARS  128 /* of a secret key, with NUL: 89 */

static struct str base64(struct arena *a, const uint8_t *bytes, size_t n)
{
    char text[BASE64_CHARS];
    (void)sodium_bin2base64(text, sizeof text, bytes, n, BASE64);
    return str_dup(a, str_from_cstr(text));
}

static bool of_base64(struct str text, uint8_t *out, size_t n)
{
    size_t got = 0;
    return sodium_base642bin(out, n, text.p, text.n, NULL, &got, NULL, BASE64) == 0 && got == n;
}

/* ---- keys ----------------------------------------------------------------------------------- */

/* Makes a file that is not there yet, for its owner alone where it is secret. */
static enum rc write_new(struct arena *a, const char *path, const char *head, struct str key,
                         int mode, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        enum rc rc = file_exists(path) ? RC_CONFLICT : RC_IO;
        return err_set_errno(e, rc, "%s cannot be made anew", "无法新建 %s", path);
    }
    (void)close(fd);
    struct buf b;
    buf_init_in(&b, a, TEXT_BYTES);
    buf_printf(&b, "%s%.*s\n", head, PS(key));
    return file_write(path, buf_view(&b), e);
}

enum rc keep_key_make(struct arena *a, const char *path, struct err *e)
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    struct str public_path = str_cat(a, str_from_cstr(path), STR(".pub"));
    if (sodium_init() < 0 || crypto_sign_keypair(public_key, secret_key) != 0) {
        return err_set(e, RC_NO_SUPPORT, "no key can be made", "无法生成密钥");
    }
    struct str secret = base64(a, secret_key, sizeof secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    enum rc rc = write_new(a, path, KEY_HEAD, secret, 0600, e);
    seat_wipe(secret);
    return rc == RC_OK ? write_new(a, str_to_cstr(a, public_path), PUBLIC_HEAD,
                                   base64(a, public_key, sizeof public_key), 0644, e)
                       : rc;
}

static enum rc read_key(struct arena *a, const char *path, struct str head, uint8_t *out, size_t n,
                        struct err *e)
{
    struct str text;
    TRY(file_read(a, path, TEXT_BYTES, &text, e));
    struct str key = str_trim(str_sub(text, head.n, text.n));
    bool fits = str_starts(text, head) && of_base64(key, out, n);
    seat_wipe(text);
    return fits ? RC_OK
                : err_set(e, RC_INPUT, "%s is no such key (a line beginning with %.*s)",
                          "%s 不是此类密钥（应以 %.*s 开头）", path, PS(head));
}

enum rc keep_anchor_sign(struct arena *a, struct str line, const char *key_path, struct str *out,
                         struct err *e)
{
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    struct buf b;
    TRY(read_key(a, key_path, STR(KEY_HEAD), secret_key, sizeof secret_key, e));
    int failed = crypto_sign_detached(signature, NULL, (const uint8_t *)line.p, line.n, secret_key);
    (void)crypto_sign_ed25519_sk_to_pk(public_key, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    if (failed != 0) {
        return err_set(e, RC_NO_SUPPORT, "the anchor cannot be signed", "存证无法签名");
    }
    buf_init_in(&b, a, TEXT_BYTES);
    buf_printf(&b, "%.*s" SIGNED_WORD "%.*s %.*s", PS(line),
               PS(base64(a, public_key, sizeof public_key)),
               PS(base64(a, signature, sizeof signature)));
    *out = buf_view(&b);
    return RC_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
    struct arena *a;
    struct keep_anchors *out;
    bool is_signed; /* wanted: by public_key */
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
};

/* Whether the end of a line, `PUBLIC SIGNATURE`, is the key's signature of the line before. */
static bool is_signature(const struct reading *r, struct str line, struct str end)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    struct str rest = end;
    struct str word = STR("");
    return str_split(&rest, ' ', &word) && of_base64(word, key, sizeof key) &&
           of_base64(rest, signature, sizeof signature) &&
           sodium_memcmp(key, r->public_key, sizeof key) == 0 &&
           crypto_sign_verify_detached(signature, (const uint8_t *)line.p, line.n, key) == 0;
}

static enum rc add_line(struct reading *r, struct str text, struct err *e)
{
    struct str given = str_trim(text);
    uint32_t cut = str_find(given, STR(SIGNED_WORD), 0);
    struct str line = cut == STR_NONE ? given : str_sub(given, 0, cut);
    if (given.n == 0 || given.p[0] == '#') {
        return RC_OK;
    }
    if (r->is_signed &&
        (cut == STR_NONE ||
         !is_signature(r, line, str_sub(given, cut + (uint32_t)sizeof SIGNED_WORD - 1, given.n)))) {
        enum rc rc = err_set(e, RC_INPUT, "the anchor is not signed by this key: %.*s",
                             "存证不是由此密钥签名的：%.*s", PS(line));
        err_hint(e, "It proves nothing: find out where it comes from.",
                 "它不能作为证明：请查明来源。");
        return rc;
    }
    vec_push(r->a, &r->out->lines, line);
    return RC_OK;
}

static enum rc add_given(struct reading *r, const char *given, struct err *e)
{
    struct str rest = str_from_cstr(given);
    struct str line;
    if (!str_starts(rest, STR(ANCHOR_HEAD))) {
        TRY(file_read(r->a, given, ANCHORS_BYTES, &rest, e));
    }
    while (str_split(&rest, '\n', &line)) {
        TRY(add_line(r, line, e));
    }
    return RC_OK;
}

enum rc keep_anchors_read(struct arena *a, const char *const *given, uint32_t n,
                          const char *public_path, struct keep_anchors *out, struct err *e)
{
    struct reading r = {.a = a, .out = out, .is_signed = public_path != NULL};
    *out = (struct keep_anchors){0};
    if (sodium_init() < 0) {
        return err_set(e, RC_NO_SUPPORT, "no signature can be checked", "无法核验签名");
    }
    if (public_path != NULL) {
        TRY(read_key(a, public_path, STR(PUBLIC_HEAD), r.public_key, sizeof r.public_key, e));
    }
    for (uint32_t i = 0; i < n; i++) {
        TRY(add_given(&r, given[i], e));
    }
    return RC_OK;
}
