/* SPDX-License-Identifier: Apache-2.0 */
/* The monotonic clock of the system. */
#include "base/clock.h"

#include <time.h>

double seconds_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
