/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 128-bit integers with checked arithmetic, gcd, decimal text, and the full 256-bit
 * product needed to compare fractions exactly.
 */
#ifndef BASE_I128_H
#define BASE_I128_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

#define U128_MAX (~(u128)0)
#define I128_MAX ((i128)(U128_MAX >> 1))
#define I128_MIN (-I128_MAX - 1)

#define I128_TEXT_BYTES 41 /* sign, 39 digits, NUL */

struct u256 {
    u128 hi;
    u128 lo;
};

/* false on overflow, and *out is then unspecified. */
NODISCARD bool i128_add(i128 x, i128 y, i128 *out);
NODISCARD bool i128_sub(i128 x, i128 y, i128 *out);
NODISCARD bool i128_mul(i128 x, i128 y, i128 *out);

/* |x|, right for I128_MIN too. */
u128 i128_abs(i128 x);
/* gcd(0, 0) is 0. */
u128 u128_gcd(u128 x, u128 y);
/* Number of bits needed, 0 for 0. */
unsigned u128_bits(u128 x);

struct u256 u128_mul_wide(u128 x, u128 y);
int u256_cmp(struct u256 x, struct u256 y);

/* Decimal text into out, NUL-terminated; the view of it. */
struct str i128_text(i128 x, char out[I128_TEXT_BYTES]);
struct str u128_text(u128 x, char out[I128_TEXT_BYTES]);
/* Digits with an optional sign and nothing else. false: not a number, or too big. */
NODISCARD bool i128_parse(struct str s, i128 *out);

#endif
