/* SPDX-License-Identifier: Apache-2.0 */
/* 128-bit integers. */
#include "base/i128.h"

#include "base/assert.h"

bool i128_add(i128 x, i128 y, i128 *out)
{
    return !__builtin_add_overflow(x, y, out);
}

bool i128_sub(i128 x, i128 y, i128 *out)
{
    return !__builtin_sub_overflow(x, y, out);
}

bool i128_mul(i128 x, i128 y, i128 *out)
{
    return !__builtin_mul_overflow(x, y, out);
}

u128 i128_abs(i128 x)
{
    return x < 0 ? -(u128)x : (u128)x;
}

unsigned u128_bits(u128 x)
{
    uint64_t hi = (uint64_t)(x >> 64);
    uint64_t lo = (uint64_t)x;
    if (hi != 0) {
        return 128U - (unsigned)__builtin_clzll(hi);
    }
    return lo == 0 ? 0 : 64U - (unsigned)__builtin_clzll(lo);
}

/* Trailing zero bits of x != 0. */
static unsigned low_zeros(u128 x)
{
    uint64_t lo = (uint64_t)x;
    return lo != 0 ? (unsigned)__builtin_ctzll(lo)
                   : 64U + (unsigned)__builtin_ctzll((uint64_t)(x >> 64));
}

/* Of odd numbers. Shifts and differences: a division costs more than several rounds of them. */
static uint64_t gcd64(uint64_t x, uint64_t y)
{
    while (x != y) {
        uint64_t low = x < y ? x : y;
        uint64_t rest = x < y ? y - x : x - y;
        x = low;
        y = rest >> __builtin_ctzll(rest);
    }
    return x;
}

u128 u128_gcd(u128 x, u128 y)
{
    if (x == 0 || y == 0) {
        return x | y;
    }
    /* Binary, until both fit one word: 128-bit division costs more than the shifts. */
    unsigned shift = low_zeros(x | y);
    x >>= low_zeros(x);
    y >>= low_zeros(y);
    while ((x | y) >> 64 != 0 && x != y) {
        if (x > y) {
            x -= y;
            x >>= low_zeros(x);
        } else {
            y -= x;
            y >>= low_zeros(y);
        }
    }
    u128 odd = x == y ? x : gcd64((uint64_t)x, (uint64_t)y);
    return odd << shift;
}

struct u256 u128_mul_wide(u128 x, u128 y)
{
    uint64_t x0 = (uint64_t)x;
    uint64_t x1 = (uint64_t)(x >> 64);
    uint64_t y0 = (uint64_t)y;
    uint64_t y1 = (uint64_t)(y >> 64);
    u128 low = (u128)x0 * y0;
    u128 mid = (u128)x0 * y1;
    u128 mid2 = (u128)x1 * y0;
    u128 high = (u128)x1 * y1;
    /* The middle column: three 64-bit terms, so its sum fits with room for the carry. */
    u128 column = (low >> 64) + (uint64_t)mid + (uint64_t)mid2;
    return (struct u256){high + (mid >> 64) + (mid2 >> 64) + (column >> 64),
                         column << 64 | (uint64_t)low};
}

int u256_cmp(struct u256 x, struct u256 y)
{
    if (x.hi != y.hi) {
        return x.hi > y.hi ? 1 : -1;
    }
    return (x.lo > y.lo) - (x.lo < y.lo);
}

static struct str signed_text(bool negative, u128 magnitude, char out[I128_TEXT_BYTES])
{
    char digits[I128_TEXT_BYTES];
    uint32_t n = 0;
    do {
        digits[n++] = (char)('0' + (int)(magnitude % 10));
        magnitude /= 10;
    } while (magnitude != 0);
    uint32_t len = 0;
    if (negative) {
        out[len++] = '-';
    }
    while (n > 0) {
        out[len++] = digits[--n];
    }
    ASSERT(len < I128_TEXT_BYTES);
    out[len] = '\0';
    return (struct str){out, len};
}

struct str i128_text(i128 x, char out[I128_TEXT_BYTES])
{
    return signed_text(x < 0, i128_abs(x), out);
}

struct str u128_text(u128 x, char out[I128_TEXT_BYTES])
{
    return signed_text(false, x, out);
}

bool i128_parse(struct str s, i128 *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    uint32_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (at == s.n) {
        return false;
    }
    i128 value = 0;
    for (; at < s.n; at++) {
        if (s.p[at] < '0' || s.p[at] > '9') {
            return false;
        }
        int digit = s.p[at] - '0';
        /* Counts down for negatives, so that I128_MIN is reachable. */
        if (!i128_mul(value, 10, &value) || !i128_add(value, negative ? -digit : digit, &value)) {
            return false;
        }
    }
    *out = value;
    return true;
}
