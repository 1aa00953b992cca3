/* SPDX-License-Identifier: Apache-2.0 */
/* SM3: the two examples of GB/T 32905-2016. */
#include "base/sm3.h"

#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"

static void is_digest(struct str data, const char *hex)
{
    uint8_t out[SM3_BYTES];
    char text[2 * SM3_BYTES + 1] = "";
    assert_true(sm3(data, out));
    for (size_t i = 0; i < SM3_BYTES; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", out[i]);
    }
    assert_string_equal(text, hex);
}

static void examples(void **state)
{
    (void)state;
    is_digest(STR("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    is_digest(STR("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
              "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
