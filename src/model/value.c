/* SPDX-License-Identifier: Apache-2.0 */
/* Values in 16 bytes. */
#include "model/value.h"

#include "base/arena.h"

_Static_assert(sizeof(struct packed_value) == 16, "a region has a million of them");

struct packed_value value_pack(struct arena *a, const struct value *v)
{
    int64_t n = 0;
    bool is_int = rat_to_int64(v->num, &n);
    if (!v->has && is_int && n == 0 && v->text.n == 0) {
        return (struct packed_value){.kind = PACKED_ABSENT};
    }
    if (v->has && is_int && v->text.n == 0) {
        return (struct packed_value){.u.n = n, .kind = PACKED_INT};
    }
    if (v->has && is_int && n == 0) {
        return (struct packed_value){.u.text = v->text.p, .text_n = v->text.n, .kind = PACKED_TEXT};
    }
    struct value *whole = ARENA_NEW(a, struct value);
    *whole = *v;
    return (struct packed_value){.u.whole = whole, .kind = PACKED_WHOLE};
}

struct value value_unpack(const struct packed_value *v)
{
    switch (v->kind) {
    case PACKED_INT:
        return (struct value){.has = true, .num = rat_int(v->u.n), .text = STR("")};
    case PACKED_TEXT:
        return (struct value){.has = true, .num = rat_zero(), .text = {v->u.text, v->text_n}};
    case PACKED_WHOLE:
        return *v->u.whole;
    case PACKED_ABSENT:
        break;
    }
    return (struct value){.has = false, .num = rat_zero(), .text = STR("")};
}

const struct packed_value *values_pack(struct arena *a, const struct value *v, uint32_t n)
{
    struct packed_value *out = ARENA_ARRAY(a, struct packed_value, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        out[i] = value_pack(a, &v[i]);
    }
    return out;
}
