/* SPDX-License-Identifier: Apache-2.0 */
/* SipHash-1-3: one round per 8 bytes, three to finish. */
#include "base/siphash_int.h"

/* "tizhi" and the digits of pi: any two numbers do, as long as they never change. */
#define KEY_0 0x74697a6869000001ULL
#define KEY_1 0x3141592653589793ULL

struct sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotl(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotl(s->v1, 13) ^ s->v0;
    s->v0 = rotl(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotl(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotl(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotl(s->v1, 17) ^ s->v2;
    s->v2 = rotl(s->v2, 32);
}

static uint64_t load_le(const unsigned char *p, size_t n)
{
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)p[i] << (8 * i);
    }
    return word;
}

static void sip_absorb(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

uint64_t siphash13(const void *p, size_t n)
{
    const unsigned char *bytes = p;
    struct sip s = {KEY_0 ^ 0x736f6d6570736575ULL, KEY_1 ^ 0x646f72616e646f6dULL,
                    KEY_0 ^ 0x6c7967656e657261ULL, KEY_1 ^ 0x7465646279746573ULL};
    size_t whole = n / 8 * 8;
    for (size_t i = 0; i < whole; i += 8) {
        sip_absorb(&s, load_le(bytes + i, 8));
    }
    uint64_t tail = n == whole ? 0 : load_le(bytes + whole, n - whole);
    sip_absorb(&s, tail | (uint64_t)n << 56);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(&s);
    }
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
