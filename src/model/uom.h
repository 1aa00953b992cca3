/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units of measure and the dimensions behind them.
 *
 * A dimension is a product of powers of base dimensions: 元/人 is MONEY^1 PERSON^-1. A unit is a
 * name for factor × dimension. Units of one dimension convert into each other; different
 * dimensions neither add nor compare.
 *
 * Invariants
 *   U1  Every spelling names at most one unit of a table; the built-in ones come from uom.def.
 *   U2  factor > 0 and finite; an amount in base units is number × factor, exactly.
 *   U3  |exponent| <= DIM_EXP_MAX; an operation that would pass it is refused.
 *   U4  Base dimensions beyond DIM__BUILTIN belong to the pack, in order of declaration.
 *
 * Counts. What 计数 and 去重 yield has the dimension DIM_COUNT, a wildcard: it compares with
 * persons, person-times and things. In sums it is things (dim_settle). As a divisor it may also
 * be read as nothing, because an average over schools is written 100人 as well as 100人/所.
 *
 * Ownership: everything is in the arena given to uom_init. Names are copied.
 */
#ifndef MODEL_UOM_H
#define MODEL_UOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/map.h"
#include "base/rat.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;

enum dim_base {
#define UOM_DIM(name, zh, en) DIM_##name,
#include "model/uom.def"
    DIM__BUILTIN
};

#define UOM_PACK_DIMS  16   /* base dimensions a pack may add */
#define UOM_PACK_UNITS 1000 /* units a pack may add */
#define UOM_NAME_BYTES 480  /* 120 characters */
#define UOM_PARTS_MAX  8    /* parts of a compound unit: a/b/c has three */
#define DIM_MAX        (DIM__BUILTIN + UOM_PACK_DIMS)
#define DIM_EXP_MAX    100

/* Plain value; the zero value is dimensionless. */
struct dim {
    int8_t exp[DIM_MAX];
};

struct uom_unit {
    struct str name;   /* the spelling looked up */
    struct rat factor; /* in base units */
    struct dim dim;
};

struct uom_dim_name {
    struct str zh;
    struct str en;
};

struct uom_table {
    struct arena *arena;
    struct map index; /* spelling -> units */
    VEC(struct uom_unit) units;
    struct uom_dim_name dims[DIM_MAX];
    uint32_t n_dims;
    uint32_t n_builtin_units;
};

enum uom_lang { UOM_ZH, UOM_EN };

/* A table with the built-in units. */
void uom_init(struct arena *a, struct uom_table *t);

/* The unit spelled exactly s; false when there is none. No scale, no compound. */
NODISCARD bool uom_lookup(const struct uom_table *t, struct str s, struct uom_unit *out);

/*
 * The suffix of a number literal, or the type of an item: empty, a unit, a scale, a scale with a
 * unit, or several of those divided by `/` (`万元/人`). A declared unit wins over a scale prefix:
 * 百册 is the unit when the pack declares it. A scale alone stands only in the first place.
 * Limbs of *factor are in a. On false *bad (may be NULL) is the part that is no unit.
 */
NODISCARD bool uom_parse_suffix(struct arena *a, const struct uom_table *t, struct str suffix,
                                struct rat *factor, struct dim *dim, struct str *bad);

/* Whether a literal with this suffix is a bare number: nothing, or a scale alone (`40万`). */
NODISCARD bool uom_is_bare(const struct uom_table *t, struct str suffix);

/*
 * 单位 NAME: a new base dimension. RC_CONFLICT: the name is taken; RC_INPUT: empty, or contains
 * `/`; RC_LIMIT: too many, or too long.
 */
NODISCARD enum rc uom_declare_base(struct uom_table *t, struct str name, struct err *e);
/* 单位 NAME = factor × (unit_factor × dim), as uom_parse_suffix gives it. RC_INPUT: factor <= 0. */
NODISCARD enum rc uom_declare(struct uom_table *t, struct str name, struct rat factor,
                              struct dim dim, struct err *e);

struct dim dim_none(void);
/* base < DIM_MAX, to the first power. */
struct dim dim_of(uint32_t base);
bool dim_eq(struct dim x, struct dim y);
bool dim_is_none(struct dim x);
/* Counts read as things. */
struct dim dim_settle(struct dim x);
/* The dimension of x + y and x - y; false when they do not add. */
NODISCARD bool dim_add(struct dim x, struct dim y, struct dim *out);
/* x * y and x / y; false when an exponent would pass DIM_EXP_MAX. */
NODISCARD bool dim_mul(struct dim x, struct dim y, struct dim *out);
NODISCARD bool dim_div(struct dim x, struct dim y, struct dim *out);
/* May amounts of x and y be compared? Symmetric. */
bool dim_comparable(struct dim x, struct dim y);

/* "元/人", "平方米", "米^2/天", "1/天"; empty when dimensionless. NUL-terminated, in a. */
struct str dim_text(struct arena *a, const struct uom_table *t, struct dim x, enum uom_lang lang);
/* A figure with a unit by its name, for people: "12人", "95%", "100 Mbps". */
struct str uom_amount(struct arena *a, struct str figure, struct str unit);
/*
 * A figure with its unit in English, for people: "70 persons", "1 person", "45 persons each" (a
 * thing), "23.5 yuan per person". Things alone are not named: "12".
 */
struct str dim_amount_en(struct arena *a, const struct uom_table *t, struct str figure,
                         struct dim x);

#endif
