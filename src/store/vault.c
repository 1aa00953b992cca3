/* SPDX-License-Identifier: Apache-2.0 */
/* One message per record, by libcrypto. */
#include "store/vault.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define MARK        "sealed-1:"
#define NONCE_BYTES 12
#define TAG_BYTES   16
#define FILE_BYTES  256U

/* ---- the key -------------------------------------------------------------------------------- */

static enum rc no_key_in(const char *path, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "%s is no key: 64 hexadecimal digits are wanted",
                         "%s 不是密钥：应为 64 位十六进制数字", path);
    err_hint(e, "Make one: openssl rand -hex 32 > FILE; chmod 600 FILE.",
             "生成方法：openssl rand -hex 32 > 文件；chmod 600 文件。");
    return rc;
}

static enum rc read_key(struct arena *a, struct vault *v, const char *path, struct err *e)
{
    struct str text;
    TRY(file_read_secret(a, path, FILE_BYTES, &text, e));
    struct str s = str_trim(text);
    char hex[2 * VAULT_KEY_BYTES + 1] = {0};
    size_t n = 0;
    if (s.n == sizeof hex - 1) {
        memcpy(hex, s.p, s.n);
        v->has_key =
            OPENSSL_hexstr2buf_ex(v->key, sizeof v->key, &n, hex, 0) == 1 && n == sizeof v->key;
        OPENSSL_cleanse(hex, sizeof hex);
    }
    OPENSSL_cleanse((void *)(uintptr_t)text.p, text.n);
    return v->has_key ? RC_OK : no_key_in(path, e);
}

enum rc vault_open(struct arena *a, struct vault *v, const char *path, struct err *e)
{
    *v = (struct vault){.has_key = false};
    return path == NULL || path[0] == 0 ? RC_OK : read_key(a, v, path, e);
}

void vault_close(struct vault *v)
{
    OPENSSL_cleanse(v, sizeof *v);
}

/* ---- sealing -------------------------------------------------------------------------------- */

static bool seal(const struct vault *v, struct str subject, struct str text, uint8_t *out)
{
    int n = 0;
    uint8_t *body = out + NONCE_BYTES;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c != NULL && RAND_bytes(out, NONCE_BYTES) == 1 &&
              EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, v->key, out) == 1 &&
              EVP_EncryptUpdate(c, NULL, &n, (const uint8_t *)subject.p, (int)subject.n) == 1 &&
              EVP_EncryptUpdate(c, body, &n, (const uint8_t *)text.p, (int)text.n) == 1 &&
              EVP_EncryptFinal_ex(c, body + text.n, &n) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, body + text.n) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok;
}

enum rc vault_seal(const struct vault *v, struct str subject, struct str text, struct buf *out,
                   struct err *e)
{
    if (!v->has_key || text.n == 0) {
        buf_str(out, text);
        return RC_OK;
    }
    size_t n = NONCE_BYTES + (size_t)text.n + TAG_BYTES;
    uint8_t *room = OPENSSL_zalloc(n + (n + 2) / 3 * 4 + 1); /* what base64 makes of it behind it */
    bool ok = room != NULL && seal(v, subject, text, room);
    if (ok) {
        int coded = EVP_EncodeBlock(room + n, room, (int)n);
        buf_puts(out, MARK);
        buf_put(out, room + n, (size_t)coded);
    }
    OPENSSL_free(room);
    return ok ? RC_OK : err_set(e, RC_NO_MEMORY, "a secret cannot be sealed", "密件无法加密");
}

/* ---- unsealing ------------------------------------------------------------------------------ */

static bool unseal(const struct vault *v, struct str subject, uint8_t *sealed, int n, uint8_t *out)
{
    int got = 0;
    uint8_t *body = sealed + NONCE_BYTES;
    int text_n = n - NONCE_BYTES - TAG_BYTES;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c != NULL && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, v->key, sealed) == 1 &&
              EVP_DecryptUpdate(c, NULL, &got, (const uint8_t *)subject.p, (int)subject.n) == 1 &&
              EVP_DecryptUpdate(c, out, &got, body, text_n) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, body + text_n) == 1 &&
              EVP_DecryptFinal_ex(c, out + text_n, &got) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok;
}

/* A last sign may have bits that are dropped: another one would be read as the same. */
static bool ends_as_coded(struct str coded, const uint8_t *bytes, int n)
{
    uint8_t last[5];
    int rest = (n - 1) % 3 + 1;
    (void)EVP_EncodeBlock(last, bytes + n - rest, rest);
    return memcmp(last, coded.p + coded.n - 4, 4) == 0;
}

/* Of base64 with its padding; -1: it is none, or too short. */
static int decode(struct str coded, uint8_t *out)
{
    if (coded.n % 4 != 0 || coded.n < (NONCE_BYTES + TAG_BYTES + 2) / 3 * 4) {
        return -1;
    }
    int n = EVP_DecodeBlock(out, (const uint8_t *)coded.p, (int)coded.n);
    for (uint32_t i = 1; i <= 2 && n > 0 && coded.p[coded.n - i] == '='; i++) {
        n--; /* the library counts padding as bytes */
    }
    return n >= NONCE_BYTES + TAG_BYTES && ends_as_coded(coded, out, n) ? n : -1;
}

static enum rc no_key(struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "the secrets of this book are sealed, and no key was given",
                         "本账本的密件已加密，而未提供密钥");
    err_hint(e, "Name the file of the key: the setting `key`, or TIZHI_KEY in the environment.",
             "请指明密钥文件：配置项 key，或环境变量 TIZHI_KEY。");
    return rc;
}

static enum rc wrong_key(struct err *e)
{
    enum rc rc = err_set(
        e, RC_DB,
        "a secret of this book cannot be unsealed: the key is another one, or it was changed",
        "本账本的密件无法解密：密钥不符，或内容被改动");
    err_hint(e,
             "Give the key by which it was sealed. Without it restore the secrets from the backup.",
             "请使用加密时的密钥；如已遗失，请从备份恢复密件。");
    return rc;
}

enum rc vault_unseal(const struct vault *v, struct str subject, struct str text, struct buf *out,
                     struct err *e)
{
    if (!str_starts(text, STR(MARK))) {
        buf_str(out, text); /* VT1 */
        return RC_OK;
    }
    if (!v->has_key) {
        return no_key(e);
    }
    struct str coded = str_sub(text, sizeof MARK - 1, text.n);
    size_t room_n = 2 * (size_t)coded.n; /* sealed, and plain behind it */
    uint8_t *room = OPENSSL_zalloc(room_n + 1);
    if (room == NULL) {
        return err_set(e, RC_NO_MEMORY, "no memory to unseal a secret", "内存不足，无法解密");
    }
    int n = decode(coded, room);
    bool ok = n >= 0 && unseal(v, subject, room, n, room + coded.n);
    if (ok) {
        buf_put(out, room + coded.n, (size_t)(n - NONCE_BYTES - TAG_BYTES));
    }
    OPENSSL_clear_free(room, room_n + 1);
    return ok ? RC_OK : wrong_key(e);
}
