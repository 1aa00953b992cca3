/* SPDX-License-Identifier: Apache-2.0 */
/* Private to units*.c. */
#ifndef STORE_UNITS_INT_H
#define STORE_UNITS_INT_H

#include "base/map.h"
#include "store/units.h"

/* The steps of one unit, in the order in which they were said. */
struct unit_said {
    struct str code;
    VEC(struct unit_step) steps;
};
/* All units, found by code. */
struct units_said {
    struct map index;
    VEC(struct unit_said) units;
};
void units_said_add(struct arena *a, struct units_said *all, const struct unit_step *s);
struct units_said units_said_of(struct arena *a, const struct units *u);
/* NULL: unknown. Dies with the next units_said_add. */
const struct unit_said *units_said_find(const struct units_said *all, struct str code);
/* What holds on the day; false: the unit is unknown. */
bool units_said_at(const struct units_said *all, struct str code, struct date day,
                   struct str values[UNIT__PROPERTIES]);

/* What the steps, in the order in which they were said, give for a unit on a day. false: none is of
 * this unit. */
bool units_values_said(const struct unit_step *steps, uint32_t n, struct str code, struct date day,
                       struct str values[UNIT__PROPERTIES]);
bool units_stands(const struct str values[UNIT__PROPERTIES]);
const char *unit_property_text(enum unit_property p);

#endif
