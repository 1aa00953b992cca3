/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens of single sign-on: the first line is one, the rest a set of keys. Any bytes come to an
 * end; what is accepted is accepted again, and not once a sign of it has changed.
 */
#include <string.h>

#include "base/arena.h"
#include "http/jose.h"
#include "tests/lib/test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum jose_result verify(struct arena *a, struct str token, struct str keys)
{
    const struct json_value *claims = NULL;
    enum jose_result got = jose_verify(a, token, keys, &claims);
    if (got == JOSE_GOOD && (claims == NULL || claims->sort != JSON_OBJECT)) {
        abort();
    }
    return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    if (size > 1U << 16) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 26, "fuzz");
    struct str keys = {(const char *)data, (uint32_t)size};
    struct str token;
    (void)str_split(&keys, '\n', &token);
    enum jose_result got = verify(&a, token, keys);
    if (verify(&a, token, keys) != got) {
        abort();
    }
    /* Up to the signature each sign is signed. */
    uint32_t dot = token.n;
    while (dot > 0 && token.p[dot - 1] != '.') {
        dot--;
    }
    for (uint32_t i = 0; got == JOSE_GOOD && i + 1 < dot; i += 7) {
        char *other = str_to_cstr(&a, token);
        other[i] = (char)(other[i] == 'A' ? 'B' : 'A');
        if (verify(&a, (struct str){other, token.n}, keys) == JOSE_GOOD) {
            abort();
        }
    }
    arena_release(&a);
    return 0;
}
