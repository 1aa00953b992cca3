/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as text: validity agrees with decoding and encoding, NFC is stable. */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The offset of the first sequence that does not encode back to itself, or n. */
static uint32_t first_bad(struct str s)
{
    for (uint32_t at = 0; at < s.n;) {
        char out[UTF8_MAX_BYTES];
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, at, &cp);
        ASSERT(n >= 1 && n <= UTF8_MAX_BYTES && at + n <= s.n && utf8_is_scalar(cp));
        if (utf8_encode(cp, out) != n || memcmp(out, s.p + at, n) != 0) {
            return at;
        }
        (void)utf8_cp_width(cp);
        at += n;
    }
    return s.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct str nfc;
    struct str again;
    struct str utf8;
    uint32_t bad_at = (uint32_t)size;
    if (size > 1U << 16) {
        return 0;
    }
    arena_init(&arena, (size_t)1 << 26, "fuzz");
    struct str s = str_make((const char *)data, size);
    ASSERT(utf8_valid(s, &bad_at) == (first_bad(s) == s.n));
    ASSERT(bad_at == first_bad(s));
    if (bad_at == s.n && utf8_nfc(&arena, s, &nfc)) {
        ASSERT(utf8_valid(nfc, NULL));
        ASSERT(utf8_nfc(&arena, nfc, &again) && str_eq(nfc, again));
    }
    if (utf8_from_gb18030(&arena, s, 1U << 20, &utf8, NULL) == RC_OK) {
        ASSERT(utf8_valid(utf8, NULL));
    }
    arena_release(&arena);
    return 0;
}
