/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often an address may ask: a bucket of tokens each, refilled at a rate. Of more addresses than
 * it can remember it forgets those that have asked least of late.
 *
 * Invariant
 *   GA1 In any span of t seconds no address is let in more than burst + rate × t times, as long as
 *       it is remembered; memory is fixed.
 */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

#include <stdint.h>

#include "base/str.h"

struct arena;
struct gate; /* opaque */

struct gate *gate_new(struct arena *a, uint32_t rate, uint32_t burst);
/* 0: it may; else in how many seconds to try again. now: microseconds. */
int gate_pass(struct gate *g, struct str address, int64_t now);

#endif
