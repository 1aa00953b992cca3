/* SPDX-License-Identifier: Apache-2.0 */
/* Private to units*.c. */
#ifndef STORE_UNITS_INT_H
#define STORE_UNITS_INT_H

#include "store/units.h"

/* What the steps, in the order in which they were said, give for a unit on a day. false: none is of
 * this unit. */
bool units_values_said(const struct unit_step *steps, uint32_t n, struct str code, struct date day,
                       struct str values[UNIT__PROPERTIES]);
bool units_stands(const struct str values[UNIT__PROPERTIES]);
const char *unit_property_text(enum unit_property p);

#endif
