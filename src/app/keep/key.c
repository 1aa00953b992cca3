/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of keys: Ed25519 by libsodium, in files of one line. */
#include "app/keep/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "app/keep/keep.h"
#include "app/report/report_int.h"
#include "app/seat/pass.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define KEY_HEAD     "tizhi-key-1 "
#define PUBLIC_HEAD  "tizhi-public-1 "
#define TEXT_BYTES   4096U
#define BASE64       sodium_base64_VARIANT_ORIGINAL
#define BASE64_CHARS 128 /* of a secret key, with NUL: 89 */
#define PRINT_GROUPS 8U  /* of 4 digits: 128 bits of the hash */

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

enum rc key_read_public(struct arena *a, const char *path, struct str *out, struct err *e)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    if (sodium_init() < 0) {
        return err_set(e, RC_NO_SUPPORT, "no signature can be checked", "无法核验签名");
    }
    TRY(read_key(a, path, STR(PUBLIC_HEAD), key, sizeof key, e));
    *out = base64(a, key, sizeof key);
    return RC_OK;
}

/* ---- signatures ----------------------------------------------------------------------------- */

enum rc key_sign(struct arena *a, struct str text, const char *path, struct key_signature *out,
                 struct err *e)
{
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    if (sodium_init() < 0) {
        return err_set(e, RC_NO_SUPPORT, "nothing can be signed", "无法签名");
    }
    TRY(read_key(a, path, STR(KEY_HEAD), secret_key, sizeof secret_key, e));
    int failed = crypto_sign_detached(signature, NULL, (const uint8_t *)text.p, text.n, secret_key);
    (void)crypto_sign_ed25519_sk_to_pk(public_key, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    *out = (struct key_signature){base64(a, public_key, sizeof public_key),
                                  base64(a, signature, sizeof signature)};
    return failed == 0 ? RC_OK : err_set(e, RC_NO_SUPPORT, "nothing can be signed", "无法签名");
}

bool key_verifies(struct str text, struct key_signature by)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    return sodium_init() >= 0 && of_base64(by.public_key, key, sizeof key) &&
           of_base64(by.signature, signature, sizeof signature) &&
           crypto_sign_verify_detached(signature, (const uint8_t *)text.p, text.n, key) == 0;
}

enum rc key_fingerprint(struct arena *a, struct str public_key, struct str *out, struct err *e)
{
    struct str hash;
    struct buf b;
    TRY(hex_sm3(a, public_key, &hash, e));
    buf_init_in(&b, a, TEXT_BYTES);
    for (uint32_t i = 0; i < PRINT_GROUPS; i++) {
        buf_printf(&b, "%s%.*s", i > 0 ? "-" : "", PS(str_sub(hash, 4 * i, 4 * i + 4)));
    }
    *out = buf_view(&b);
    return RC_OK;
}
