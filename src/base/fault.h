/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deterministic fault injection.
 *
 * Code asks `if (FAULT(READ)) { ...fail as read(2) would... }`. In normal builds that
 * is `false` and costs nothing. In the fault build (meson -Dfault=true) the nth arrival at
 * an armed point fails, once. A test runs a scenario with n = 0, 1, 2, … until fault_fired()
 * says that the scenario ended before the nth arrival: then every failure was seen.
 *
 * The counter is process-wide and atomic: the one sanctioned mutable global.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
#define FAULT_POINT(name, text) FAULT_##name,
#include "base/fault.def"
    FAULT__COUNT
};

#define FAULT_ANY FAULT__COUNT /* fault_arm: arrivals at all points count together */

/* true in the fault build: tests skip themselves otherwise. */
bool fault_enabled(void);
/* From now on the nth (from 0) arrival at `point` fails, once. */
void fault_arm(enum fault point, uint32_t nth);
void fault_disarm(void);
/* The armed failure happened. */
bool fault_fired(void);
const char *fault_name(enum fault point);

/* Use FAULT. */
bool fault_hit(enum fault point);

#ifdef TIZHI_FAULT
#define FAULT(name) fault_hit(FAULT_##name)
#else
#define FAULT(name) false
#endif

#endif
