/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a cell says, and the same in 16 bytes: a region has a million fields of register rows.
 *
 * Invariants
 *   VA1 value_unpack of what value_pack made is the value.
 * Ownership: a packed value has the text of the value, and what else it needs in the arena.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/str.h"

struct arena;

/* A number, boolean (0/1) or choice index; text as is. Absent: has == false. */
struct value {
    bool has;
    struct rat num;
    struct str text;
};

enum packed_kind { PACKED_ABSENT, PACKED_INT, PACKED_TEXT, PACKED_WHOLE };

struct packed_value {
    union {
        int64_t n;
        const char *text;
        const struct value *whole; /* a fraction, a large number, both */
    } u;
    uint32_t text_n;
    enum packed_kind kind;
};

/* All zero bytes: absent. */
struct packed_value value_pack(struct arena *a, const struct value *v);
struct value value_unpack(const struct packed_value *v);
/* Those of a row, in the arena. */
const struct packed_value *values_pack(struct arena *a, const struct value *v, uint32_t n);

#endif
