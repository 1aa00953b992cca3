/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks for measuring and for waiting: nothing that is decided depends on them. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <time.h>

/* Seconds since some moment; it never goes back. */
double seconds_now(void);
/* So many milliseconds from now, as pthread_cond_timedwait counts. */
struct timespec clock_in_ms(int ms);

#endif
