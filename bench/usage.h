/* SPDX-License-Identifier: Apache-2.0 */
/* What a program has taken so far. */
#ifndef BENCH_USAGE_H
#define BENCH_USAGE_H

#include <stdint.h>

double cpu_seconds(void);
/* The most that was resident, as the kernel knows it of this program alone. */
uint64_t peak_kib(void);

#endif
