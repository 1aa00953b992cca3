/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts as they are kept: a tenth of the bytes of struct verdict, which is how they are worked
 * with. What all rows of one occasion share stands once in a head, what few rows have behind a
 * pointer, numbers in 64 bits a side where they fit.
 *
 *     verdicts_push(a, &vs, &v);
 *     struct verdict v = verdicts_at(&vs, i);
 *
 * The rows of an occasion over many units, nearly all of whose measures are known, are a *column*:
 * a byte for each row, and its number as it was worked out; a row is made of it when somebody
 * looks.
 *
 * Invariants
 *   VR1 Unpacking gives what was packed, but for measure.basis, which no row is asked for, and the
 *       value of a measure that has none, which is 0.
 *   VR2 Equal numbers have equal forms (see base/rat.h), wherever they are kept: the numbers of a
 *       column are brought to lowest terms when its rows are made.
 *   VR3 A row of a column is the one that verdict_pack would have made.
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

/* What the rows of a column say, each in a byte (row_code). */
enum {
    ROW_CODE_WHOLE = 0xff,  /* it stands among the whole ones */
    ROW_CODE_ABSENT = 0xfe, /* while a column is made: there is no such row */
};
#define ROW_KIND_SILENT                                                                            \
    3u /* instead of enum mval_kind: a boolean, by bounds; nothing is reported */

struct row_column {
    struct verdict_row model; /* what all share: head, flags, counts */
    uint32_t n;
    const uint32_t *unit; /* by row; ascends with it in the order of the tree */
    const uint8_t *code;  /* by row */
    const int64_t *x, *y; /* the number of the row's measure: x / y, y > 0; NULL: a boolean */
    const uint32_t *whole_at;
    const struct verdict_row *whole; /* rows that say more than a byte, and where: ascending */
    uint32_t n_whole;
};

/* Row i, which says no more than a byte. */
struct verdict_row row_column_at(const struct row_column *c, uint32_t i);
/* A row in a byte: never one of the two above. truth: of a boolean measure. */
static inline uint8_t row_code(unsigned kind, enum truth truth, enum state state, bool non_binding)
{
    return (uint8_t)((unsigned)state | (unsigned)truth << 3 | kind << 5 |
                     (non_binding ? 0x80u : 0u));
}

/* *last: a head made before, tried first; the one used after. May start as NULL. */
struct verdict_row verdict_pack(struct arena *a, const struct verdict *v,
                                const struct row_head **last);
struct verdict verdict_unpack(const struct verdict_row *r);

/* Says of a row what its measure is and what follows; of its numbers see below. */
void verdict_row_say(struct verdict_row *r, enum mval_kind kind, enum truth truth,
                     uint32_t mval_flags, enum state state, uint32_t flags);
/* There is a measure, but no value over those who reported. */
void verdict_row_withdraw_value(struct verdict_row *r);
/* The number of a known measure, n / d in lowest terms; of a boolean it is that of its truth. */
void verdict_row_number(struct verdict_row *r, enum mval_kind kind, enum truth truth, int64_t n,
                        int64_t d);

/* The row of another base: of another head and unit, sharing nothing with the original. false: it
 * says more than numbers, which is of its own base. */
bool verdict_row_move(struct arena *a, const struct verdict_row *from, const struct row_head *head,
                      uint32_t unit, struct verdict_row *out);

/* A copy that shares nothing with the original but what is of the plan or the occasion: part, other
 * texts, clauses and moments. Takes memory only for what few rows have. */
struct verdict verdict_dup(struct arena *a, const struct verdict *v);
/* Every field, what is pointed to by its contents; `at` and bases of measures do not count. */
bool verdict_eq(const struct verdict *x, const struct verdict *y);

/* ---- many of them ---- */
/* What tells rows apart before they are made. */
struct row_key {
    const struct row_head *head;
    uint32_t unit;
};

struct verdict verdicts_at(const struct verdicts *vs, uint32_t i);
/* The same, packed. *page: for who goes over many, where the one before stood, 0 at first. */
struct verdict_row verdicts_row(const struct verdicts *vs, uint32_t i, uint32_t *page);
struct row_key verdicts_key(const struct verdicts *vs, uint32_t i, uint32_t *page);
/* Row i, to point to: it stays where it is. */
const struct verdict_row *verdicts_hold(struct arena *a, const struct verdicts *vs, uint32_t i);

void verdicts_push(struct arena *a, struct verdicts *vs, const struct verdict *v);
/* Appends a row that is packed. */
void verdicts_put(struct arena *a, struct verdicts *vs, struct verdict_row row);
/* Appends the rows of a column, which is kept as it is given. */
void verdicts_put_column(struct arena *a, struct verdicts *vs, const struct row_column *c);
void verdicts_set(struct arena *a, struct verdicts *vs, uint32_t i, const struct verdict *v);
/* Leaves only the rows that are asked for. */
void verdicts_filter(struct arena *a, struct verdicts *vs,
                     bool (*asked)(const void *ctx, struct row_key key), const void *ctx);
/* The next row begins a page. */
void verdicts_break(struct verdicts *vs);
/* Moves rows [from, from + n) of another to the end; they begin and end with pages
 * (verdicts_break). */
void verdicts_take(struct arena *a, struct verdicts *vs, const struct verdicts *other,
                   uint32_t from, uint32_t n);

#endif
