/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts as they are kept: a tenth of the bytes of struct verdict, which is how they are worked
 * with. What all rows of one occasion share stands once in a head, what few rows have behind a
 * pointer, numbers in 64 bits a side where they fit.
 *
 *     verdicts_push(a, &vs, &v);
 *     struct verdict v = verdicts_at(&vs, i);
 *
 * Invariants
 *   VR1 Unpacking gives what was packed, but for measure.basis, which no row is asked for, and the
 *       value of a measure that has none, which is 0.
 *   VR2 Equal numbers have equal forms (see base/rat.h), wherever they are kept.
 * Ownership: the arena given. What the rare parts of a verdict point to is not copied by
 * verdict_pack; verdict_dup does that.
 */
#ifndef MODEL_VERDICT_ROW_H
#define MODEL_VERDICT_ROW_H

#include "model/verdict.h"

struct arena;

/* d > 0: n / d; d == 0: infinite by the sign of n; d < 0: n is the address of a struct rat. */
struct slim {
    int64_t n, d;
};

/* What the rows of one occasion share. */
struct row_head {
    uint32_t commitment;
    int32_t year;
    struct str part, definition;
    const struct clause *clause;
    enum comparator cmp;
    struct date due, snapshot;
    const struct moment *at;
    bool has_threshold;
    struct rat threshold, threshold2; /* of the rows that have no limits of their own */
};

struct row_rare; /* private */

struct verdict_row {
    const struct row_head *head;
    const struct row_rare *rare; /* NULL: nothing rare */
    struct slim lo, hi, value;
    uint32_t unit;
    uint32_t reported, expected;
    uint16_t flags;      /* enum verdict_flags */
    uint8_t mval_flags;  /* enum mval_flags */
    uint8_t state;       /* enum state */
    uint8_t light;       /* enum light */
    uint8_t kind, truth; /* enum mval_kind, enum truth: of the measure */
    uint8_t fires;       /* enum truth */
    uint8_t withheld;    /* enum withheld */
    uint8_t bits;        /* private */
};

/* *last: a head made before, tried first; the one used after. May start as NULL. */
struct verdict_row verdict_pack(struct arena *a, const struct verdict *v,
                                const struct row_head **last);
struct verdict verdict_unpack(const struct verdict_row *r);

/* Says of a row what its measure is and what follows; its numbers are set already. */
void verdict_row_say(struct verdict_row *r, enum mval_kind kind, enum truth truth,
                     uint32_t mval_flags, enum state state, uint32_t flags);

/* A copy that shares nothing with the original but what is of the plan or the occasion: part, other
 * texts, clauses and moments. Takes memory only for what few rows have. */
struct verdict verdict_dup(struct arena *a, const struct verdict *v);
/* Every field, what is pointed to by its contents; `at` and bases of measures do not count. */
bool verdict_eq(const struct verdict *x, const struct verdict *y);

/* Row i; it stays where it is. */
struct verdict_row *verdicts_row(const struct verdicts *vs, uint32_t i);
/* The same for who goes over many: *page is where the one before stood, 0 at first. */
struct verdict_row *verdicts_row_near(const struct verdicts *vs, uint32_t i, uint32_t *page);
/* The next row begins a page. */
void verdicts_break(struct verdicts *vs);
/* Moves rows [from, from + n) of another to the end; they begin and end with pages
 * (verdicts_break). */
void verdicts_take(struct arena *a, struct verdicts *vs, const struct verdicts *other,
                   uint32_t from, uint32_t n);
/* Appends a row that is packed. */
void verdicts_put(struct arena *a, struct verdicts *vs, struct verdict_row row);
void verdicts_push(struct arena *a, struct verdicts *vs, const struct verdict *v);
struct verdict verdicts_at(const struct verdicts *vs, uint32_t i);
void verdicts_set(struct arena *a, struct verdicts *vs, uint32_t i, const struct verdict *v);

#endif
