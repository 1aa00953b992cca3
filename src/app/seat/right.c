/* SPDX-License-Identifier: Apache-2.0 */
/* The decision about a right. Knows the four axes and the table, and nothing else. */
#include "app/seat/right.h"

const struct seat_word seat_ops[OP__N] = {
#define OP(name, word, facts, en, zh) [OP_##name] = {word, {(en), (zh)}, (facts)},
#include "app/seat/op.def"
};

const struct seat_word seat_roles[ROLE__N] = {
#define ROLE(name, word, admin, en, zh) [ROLE_##name] = {word, {(en), (zh)}, (admin)},
#include "app/seat/role.def"
};

const struct seat_word seat_relations[RELATION__N] = {
#define RELATION(name, word, en, zh) [RELATION_##name] = {word, {(en), (zh)}, false},
#include "app/seat/relation.def"
};

const struct seat_word seat_classes[SEAT_CLASSES] = {
#define CLASS(name, word, en, zh) [CLASS_##name] = {word, {(en), (zh)}, false},
#include "app/seat/class.def"
};

static const char rights[OP__N][ROLE__N][RELATION__N + 1] = {
// In brackets it would initialise no array: NOLINTNEXTLINE(bugprone-macro-parentheses)
#define RIGHT(op, role, classes) [OP_##op][ROLE_##role] = classes,
#include "app/seat/right.def"
};

uint32_t seat_word_of(const struct seat_word *table, uint32_t n, struct str word)
{
    uint32_t i = 0;
    while (i < n && !str_eq(word, str_from_cstr(table[i].word)) &&
           !str_eq(word, str_from_cstr(table[i].text[1]))) {
        i++;
    }
    return i;
}

uint32_t seat_right(enum seat_op op, enum seat_role role, enum seat_relation relation)
{
    /* What has no row is all NUL, and that is in none of these. */
    static const char letters[SEAT_CLASSES] = {'p', 'i', 's', 'x'};
    char c = rights[op][role][relation];
    for (uint32_t i = 0; i < SEAT_CLASSES; i++) {
        if (letters[i] == c) {
            return i + 1;
        }
    }
    return 0;
}

/* RI3 */
static bool leaves_its_unit(const struct seat_ask *q)
{
    return q->op == OP_COUNT_READ && q->relation == RELATION_CHILD && q->count >= SEAT_COUNT_MIN;
}

bool seat_allows(const struct seat_ask *q)
{
    if ((unsigned)q->op >= OP__N || (unsigned)q->role >= ROLE__N ||
        (unsigned)q->ceiling >= SEAT_CLASSES || (unsigned)q->relation >= RELATION__N ||
        (unsigned)q->class >= SEAT_CLASSES) {
        return false;
    }
    if (q->class > q->ceiling || (unsigned)q->class >= seat_right(q->op, q->role, q->relation)) {
        return false;
    }
    if (seat_roles[q->role].mark && seat_ops[q->op].mark) {
        return false; /* RI4, whatever the table says */
    }
    return q->class != CLASS_SEALED || q->relation == RELATION_OWN || leaves_its_unit(q);
}
