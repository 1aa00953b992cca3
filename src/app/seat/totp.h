/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-time codes by the clock: RFC 6238 over RFC 4226, HMAC-SHA1, 6 digits, 30 seconds, which is
 * what every authenticator does.
 *
 * Invariants
 *   TP1 A code is good in its own 30 seconds and in those before and after (clocks differ).
 *   TP2 No step is good twice: what was seen over a shoulder is worth nothing.
 */
#ifndef APP_SEAT_TOTP_H
#define APP_SEAT_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct arena;

#define SEAT_TOTP_KEY    20 /* bytes: 160 bits, as RFC 4226 advises */
#define SEAT_TOTP_DIGITS 6
#define SEAT_TOTP_S      30

/* The code of a step in so many digits (at most 9). false: this libcrypto has no SHA-1. */
NODISCARD bool seat_hotp(const uint8_t *key, uint32_t n, uint64_t step, uint32_t digits,
                         uint32_t *out);
/*
 * Whether the text is the code of a step around now (seconds since 1970) that lies after *last;
 * *last is then that step.
 */
NODISCARD bool seat_totp_check(const uint8_t *key, uint32_t n, int64_t now_s, struct str code,
                               int64_t *last);

/* RFC 4648 without padding. */
struct str seat_base32(struct arena *a, const uint8_t *p, uint32_t n);
/* Of at most max bytes; small letters, spaces and dashes are taken too. false: it is none. */
NODISCARD bool seat_base32_read(struct str text, uint8_t *out, uint32_t max, uint32_t *n);

/* What an authenticator reads: `otpauth://totp/…`. The label is made of plain signs. */
struct str seat_totp_url(struct arena *a, struct str user, struct str secret);

#endif
