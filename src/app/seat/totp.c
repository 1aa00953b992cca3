/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes by HMAC of libcrypto. */
#include "app/seat/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"
#include "base/buf.h"

#define TOLERANCE 1 /* steps */

static const char digits32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

bool seat_hotp(const uint8_t *key, uint32_t n, uint64_t step, uint32_t digits, uint32_t *out)
{
    uint8_t text[8];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    for (uint32_t i = 0; i < 8; i++) {
        text[7 - i] = (uint8_t)(step >> (8 * i));
    }
    if (HMAC(EVP_sha1(), key, (int)n, text, sizeof text, mac, &len) == NULL || len != 20) {
        return false;
    }
    /* RFC 4226, 5.3: 31 bits from a place that the last half byte tells. */
    uint32_t at = mac[19] & 0xfU;
    uint32_t bits = (uint32_t)(mac[at] & 0x7fU) << 24 | (uint32_t)mac[at + 1] << 16 |
                    (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    uint32_t modulus = 1;
    for (uint32_t i = 0; i < digits; i++) {
        modulus *= 10;
    }
    *out = bits % modulus;
    return true;
}

bool seat_totp_check(const uint8_t *key, uint32_t n, int64_t now_s, struct str code, int64_t *last)
{
    uint32_t typed = 0;
    int64_t now = now_s / SEAT_TOTP_S;
    if (code.n != SEAT_TOTP_DIGITS) {
        return false;
    }
    for (uint32_t i = 0; i < code.n; i++) {
        if (code.p[i] < '0' || code.p[i] > '9') {
            return false;
        }
        typed = typed * 10 + (uint32_t)(code.p[i] - '0');
    }
    for (int64_t step = now - TOLERANCE; step <= now + TOLERANCE; step++) {
        uint32_t want = 0;
        if (step > *last && step >= 0 &&
            seat_hotp(key, n, (uint64_t)step, SEAT_TOTP_DIGITS, &want) && want == typed) {
            *last = step;
            return true;
        }
    }
    return false;
}

struct str seat_base32(struct arena *a, const uint8_t *p, uint32_t n)
{
    char *out = arena_alloc(a, (size_t)n * 8 / 5 + 2);
    uint32_t bits = 0;
    uint32_t held = 0;
    uint32_t len = 0;
    for (uint32_t i = 0; i < n; i++) {
        held = (held << 8 | p[i]) & 0xfffU;
        for (bits += 8; bits >= 5; bits -= 5) {
            out[len++] = digits32[held >> (bits - 5) & 31U];
        }
    }
    if (bits > 0) {
        out[len++] = digits32[held << (5 - bits) & 31U];
    }
    return (struct str){out, len};
}

/* 32: no digit. */
static uint32_t digit32(char c)
{
    char up = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    uint32_t i = 0;
    while (i < 32 && digits32[i] != up) {
        i++;
    }
    return i;
}

bool seat_base32_read(struct str text, uint8_t *out, uint32_t max, uint32_t *n)
{
    uint32_t bits = 0;
    uint32_t held = 0;
    *n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        uint32_t d = digit32(text.p[i]);
        if (text.p[i] == ' ' || text.p[i] == '-') {
            continue;
        }
        if (d == 32) {
            return false;
        }
        held = (held << 5 | d) & 0xfffU;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            if (*n == max) {
                return false;
            }
            out[(*n)++] = (uint8_t)(held >> bits);
        }
    }
    return true;
}

struct str seat_totp_url(struct arena *a, struct str user, struct str secret)
{
    struct buf b;
    buf_init_in(&b, a, 4096);
    buf_puts(&b, "otpauth://totp/tizhi:");
    for (uint32_t i = 0; i < user.n; i++) {
        unsigned char c = (unsigned char)user.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '_' || c == '.';
        buf_printf(&b, plain ? "%c" : "%%%02X", c);
    }
    buf_printf(&b, "?secret=%.*s&issuer=tizhi", PS(secret));
    return buf_view(&b);
}
