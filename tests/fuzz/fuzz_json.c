/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as JSON: no crash, texts are UTF-8, and what was read is written and read again as the
 * same.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// As deep as the reader lets it be: NOLINTNEXTLINE(misc-no-recursion)
static void write_value(struct json *j, const struct json_value *v)
{
    switch (v->sort) {
    case JSON_NULL:
        json_null(j);
        break;
    case JSON_BOOL:
        json_bool(j, v->n != 0);
        break;
    case JSON_INT:
        json_int(j, v->n);
        break;
    case JSON_TEXT:
        ASSERT(utf8_valid(v->text, NULL));
        json_str(j, v->text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        v->sort == JSON_ARRAY ? json_arr_begin(j) : json_obj_begin(j);
        for (const struct json_value *x = v->first; x != NULL; x = x->next) {
            if (v->sort == JSON_OBJECT) {
                json_key_str(j, x->key);
            }
            write_value(j, x);
        }
        v->sort == JSON_ARRAY ? json_arr_end(j) : json_obj_end(j);
        break;
    }
}

// NOLINTNEXTLINE(misc-no-recursion)
static bool same(const struct json_value *x, const struct json_value *y)
{
    bool ok =
        x->sort == y->sort && x->n == y->n && str_eq(x->text, y->text) && str_eq(x->key, y->key);
    const struct json_value *b = y->first;
    for (const struct json_value *a = x->first; ok && a != NULL; a = a->next) {
        ok = b != NULL && same(a, b);
        b = b != NULL ? b->next : NULL;
    }
    return ok && b == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf out;
    struct json j;
    struct str text = str_make((const char *)data, size);
    arena_init(&a, 64U << 20, "fuzz");
    const struct json_value *v = utf8_valid(text, NULL) ? json_read(&a, text) : NULL;
    if (v != NULL) {
        buf_init(&out, 64U << 20);
        json_init(&j, &out, false);
        write_value(&j, v);
        json_end(&j);
        const struct json_value *again = json_read(&a, buf_view(&out));
        ASSERT(again != NULL && same(v, again));
        buf_release(&out);
    }
    arena_release(&a);
    return 0;
}
