/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loops over columns that most time is spent in (kern_loop.def says what each means). Plain C,
 * compiled for what the machine has; out is no operand, unless a function says so.
 */
#ifndef ENGINE_KERN_LOOP_H
#define ENGINE_KERN_LOOP_H

#include <stdint.h>

#include "base/i128.h"

/* Members of a sum: halves of 32 bits are added up in 64. */
#define LOOP_SUM_MAX ((uint32_t)1 << 31)

#define LOOP_COMPARE(name, operator)                                                               \
    void loop_##name(const int64_t *x, const int64_t *y, uint32_t n, uint8_t *out);
#define LOOP_MAP(name, X, OUT, value)                                                              \
    void loop_##name(const X *x, const uint8_t *m, uint32_t n, OUT *out);
#define LOOP_SUM(name, value) i128 loop_##name(const int64_t *x, uint32_t n);
#include "engine/kern_loop.def"

#endif
