/* SPDX-License-Identifier: Apache-2.0 */
/* A clock for measuring: nothing that is decided depends on it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since some moment; it never goes back. */
double seconds_now(void);

#endif
