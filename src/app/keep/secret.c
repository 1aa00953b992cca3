/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in a file of their own. Layout: the head line, 4 bytes of KiB and 4 of passes (little
 * end first), the salt, the header of the stream, then its pieces; the first and every further one
 * authenticates the id of the book. The content is one JSON array: subject, body, subject, body …
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "app/keep/keep.h"
#include "app/seat/secret.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "store/secret.h"
#include "store/wire.h"

#define HEAD       "tizhi-secrets-1\n"
#define HEAD_BYTES (sizeof HEAD - 1)
#define COST_AT    HEAD_BYTES
#define SALT_AT    (COST_AT + 8)
#define STREAM_AT  (SALT_AT + crypto_pwhash_SALTBYTES)
#define PIECES_AT  (STREAM_AT + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define PIECE      65536U
#define OVERHEAD   crypto_secretstream_xchacha20poly1305_ABYTES
#define FILE_BYTES (1U << 30)
#define KIB_MAX    (1U << 20) /* what a file may ask us to spend */
#define PASSES_MAX 100U

typedef crypto_secretstream_xchacha20poly1305_state stream;

static void put_u32(uint8_t *p, uint32_t n)
{
    for (uint32_t i = 0; i < 4; i++) {
        p[i] = (uint8_t)(n >> 8 * i);
    }
}

static uint32_t get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* head: the bytes before the pieces, cost and salt set. */
static enum rc make_key(const uint8_t *head, struct str phrase,
                        uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES], struct err *e)
{
    size_t bytes = (size_t)get_u32(head + COST_AT) * 1024;
    return crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, phrase.p, phrase.n,
                         head + SALT_AT, get_u32(head + COST_AT + 4), bytes,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
               ? RC_OK
               : err_set(e, RC_NO_MEMORY, "no memory to make a key from the passphrase",
                         "内存不足，无法由口令生成密钥");
}

/* ---- writing -------------------------------------------------------------------------------- */

struct collecting {
    struct json json;
    uint32_t n;
};

static enum rc on_secret(void *ctx, struct str subject, struct str body, struct err *e)
{
    struct collecting *c = ctx;
    (void)e;
    json_str(&c->json, subject);
    json_str(&c->json, body);
    c->n++;
    return RC_OK;
}

static void seal(stream *s, struct str book, struct str plain, struct buf *out, uint8_t *room)
{
    for (uint32_t at = 0; at == 0 || at < plain.n; at += PIECE) {
        struct str piece = str_sub(plain, at, plain.n - at > PIECE ? at + PIECE : plain.n);
        bool last = at + piece.n == plain.n;
        (void)crypto_secretstream_xchacha20poly1305_push(
            s, room, NULL, (const uint8_t *)piece.p, piece.n, (const uint8_t *)book.p, book.n,
            last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        buf_put(out, room, piece.n + OVERHEAD);
    }
}

/* For its owner alone; file_write keeps the mode. */
static enum rc write_private(const char *path, struct str bytes, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return err_set_errno(e, RC_IO, "%s cannot be made", "无法建立 %s", path);
    }
    (void)close(fd);
    return file_write(path, bytes, e);
}

static enum rc check_phrase(struct str phrase, struct err *e)
{
    if (utf8_count(phrase) >= KEEP_PHRASE_CHARS) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_INPUT, "the passphrase has fewer than %u characters",
                         "口令少于 %u 个字符", KEEP_PHRASE_CHARS);
    err_hint(e, "Take several words, write them down, and keep them apart from the backup.",
             "请用若干词组成，写下并与备份分开保管。");
    return rc;
}

enum rc keep_secrets_write(struct arena *a, struct store_reader *r, const char *path,
                           struct str phrase, struct seat_cost cost, uint32_t *n, struct err *e)
{
    uint8_t head[PIECES_AT] = HEAD;
    uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    struct store_end end;
    struct collecting c = {.n = 0};
    struct buf plain;
    struct buf out;
    stream s;
    TRY(check_phrase(phrase, e));
    TRY(store_end(a, r, &end, e));
    buf_init_in(&plain, a, FILE_BYTES);
    json_init(&c.json, &plain, false);
    json_arr_begin(&c.json);
    TRY(secret_all(r, on_secret, &c, e));
    json_arr_end(&c.json);
    json_end(&c.json);
    put_u32(head + COST_AT, cost.kib);
    put_u32(head + COST_AT + 4, cost.passes);
    TRY(seat_random(head + SALT_AT, crypto_pwhash_SALTBYTES, e));
    TRY(make_key(head, phrase, key, e));
    (void)crypto_secretstream_xchacha20poly1305_init_push(&s, head + STREAM_AT, key);
    sodium_memzero(key, sizeof key);
    buf_init_in(&out, a, FILE_BYTES);
    buf_put(&out, head, sizeof head);
    seal(&s, end.book, str_trim(buf_view(&plain)), &out, arena_alloc(a, PIECE + OVERHEAD));
    seat_wipe(buf_view(&plain));
    *n = c.n;
    return write_private(path, buf_view(&out), e);
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum rc another(const char *path, struct err *e)
{
    enum rc rc =
        err_set(e, RC_DENIED, "%s does not open: another passphrase, of another book, or changed",
                "%s 打不开：口令不符、属于另一账本，或已被改动", path);
    err_hint(e, "Without it: restore without secrets, then tizhi user regain.",
             "若无法打开：不带密件恢复，再用 tizhi user regain 重新取得权限。");
    return rc;
}

/* All pieces, the last one marked as such. */
static bool open_pieces(stream *s, struct str book, struct str bytes, struct buf *out,
                        uint8_t *room)
{
    unsigned char tag = 0;
    for (uint32_t at = 0; at < bytes.n; at += PIECE + OVERHEAD) {
        uint32_t n = bytes.n - at > PIECE + OVERHEAD ? (uint32_t)(PIECE + OVERHEAD) : bytes.n - at;
        unsigned long long got = 0;
        if (n < OVERHEAD || crypto_secretstream_xchacha20poly1305_pull(
                                s, room, &got, &tag, (const uint8_t *)bytes.p + at, n,
                                (const uint8_t *)book.p, book.n) != 0) {
            return false;
        }
        buf_put(out, room, (size_t)got);
    }
    return tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

enum rc keep_secrets_open(struct arena *a, const char *path, struct str book, struct str phrase,
                          struct str *plain, struct err *e)
{
    uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    struct str file;
    struct buf out;
    stream st;
    TRY(file_read(a, path, FILE_BYTES, &file, e));
    const uint8_t *head = (const uint8_t *)file.p;
    if (file.n <= PIECES_AT || !str_starts(file, STR(HEAD)) || get_u32(head + COST_AT) > KIB_MAX ||
        get_u32(head + COST_AT + 4) > PASSES_MAX) {
        return another(path, e);
    }
    TRY(make_key(head, phrase, key, e));
    buf_init_in(&out, a, FILE_BYTES);
    bool fits = crypto_secretstream_xchacha20poly1305_init_pull(&st, head + STREAM_AT, key) == 0;
    sodium_memzero(key, sizeof key);
    if (!fits ||
        !open_pieces(&st, book, str_sub(file, PIECES_AT, file.n), &out, arena_alloc(a, PIECE))) {
        return another(path, e);
    }
    *plain = buf_view(&out);
    return RC_OK;
}

/* A record may be there that holds nothing but tries to log in. */
static bool is_usable(struct arena *a, struct str body)
{
    struct seat_secret s;
    return body.n > 0 && (!seat_secret_of(a, body, &s) || s.hash.n > 0);
}

static enum rc put_one(struct arena *a, struct store *s, struct store_reader *r, struct str subject,
                       struct str body, uint32_t *n, struct err *e)
{
    struct secret there;
    TRY(secret_get(a, r, subject, &there, e));
    if (is_usable(a, there.body)) {
        return RC_OK;
    }
    ++*n;
    return secret_put(s, subject, body, there.version, e);
}

enum rc keep_secrets_put(struct arena *a, struct store *s, struct store_reader *r, struct str plain,
                         uint32_t *n, struct err *e)
{
    struct wire w = wire_of(plain);
    *n = 0;
    for (wire_open(&w); wire_more(&w);) {
        struct str subject = wire_text(a, &w);
        struct str body = wire_more(&w) ? wire_text(a, &w) : STR("");
        TRY(put_one(a, s, r, subject, body, n, e));
    }
    return wire_done(&w) ? RC_OK : err_set(e, RC_DB, "the secrets are damaged", "密件已损坏");
}

struct any_ctx {
    struct arena *a;
    bool any;
};

static enum rc on_any(void *ctx, struct str subject, struct str body, struct err *e)
{
    struct any_ctx *c = ctx;
    (void)subject;
    (void)e;
    c->any |= is_usable(c->a, body);
    return RC_OK;
}

enum rc keep_secrets_any(struct arena *a, struct store_reader *r, bool *any, struct err *e)
{
    struct any_ctx c = {a, false};
    TRY(secret_all(r, on_any, &c, e));
    *any = c.any;
    return RC_OK;
}
