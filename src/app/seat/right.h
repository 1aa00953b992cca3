/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May a seat do this? One pure function over one table (seat/right.def).
 *
 *     struct seat_ask q = {.op = OP_FACT_READ, .role = ROLE_REVIEWER, .ceiling = CLASS_SENSITIVE,
 *                          .relation = RELATION_CHILD, .class = CLASS_INTERNAL};
 *     if (!seat_allows(&q)) { RC_DENIED }
 *
 * Invariants
 *   RI1 What the table does not name is denied; so is what is no value of its axis.
 *   RI2 Whoever may for one class may for each more open one; a higher ceiling takes nothing away.
 *   RI3 Sealed data of another unit are denied, but for counts from SEAT_COUNT_MIN on, from above.
 *   RI4 No administrator may do anything that touches facts.
 */
#ifndef APP_SEAT_RIGHT_H
#define APP_SEAT_RIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"
#include "model/plan.h"

#define SEAT_COUNT_MIN 10 /* the smallest count of sealed records that leaves its unit (C41) */

enum seat_op {
#define OP(name, word, facts, en, zh) OP_##name,
#include "app/seat/op.def"
    OP__N
};

enum seat_role {
#define ROLE(name, word, admin, en, zh) ROLE_##name,
#include "app/seat/role.def"
    ROLE__N
};

enum seat_relation {
#define RELATION(name, word, en, zh) RELATION_##name,
#include "app/seat/relation.def"
    RELATION__N
};

/* The classes are those of the plan (model/plan.h). */
#define SEAT_CLASSES (CLASS_SEALED + 1)

/* A word of an axis, as it is stored and typed, and as people read it. */
struct seat_word {
    const char *word;
    const char *text[2]; /* English, Chinese */
    bool mark;           /* of an operation: touches facts; of a role: administrator */
};

extern const struct seat_word seat_ops[OP__N];
extern const struct seat_word seat_roles[ROLE__N];
extern const struct seat_word seat_relations[RELATION__N];
extern const struct seat_word seat_classes[SEAT_CLASSES];

/* Index of a word (or of its Chinese text) in such a table of n; n: there is none. */
uint32_t seat_word_of(const struct seat_word *table, uint32_t n, struct str word);

struct seat_ask {
    enum seat_op op;
    enum seat_role role;         /* of the seat */
    enum data_class ceiling;     /* of the seat */
    enum seat_relation relation; /* of the unit asked about to that of the seat */
    enum data_class class;       /* of the data asked about */
    uint64_t count;              /* OP_COUNT_READ: what the count is; else not looked at */
};

NODISCARD bool seat_allows(const struct seat_ask *q);

/* As the table says it: classes below this number are allowed. Without the ceiling and RI3. */
uint32_t seat_right(enum seat_op op, enum seat_role role, enum seat_relation relation);

#endif
