/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Robust statistics and exact tails, in doubles and in a fixed order.
 *
 *     double m = stat_median(x, n);
 *     double s = 1.4826 * stat_spread(x, n, m);   // of a normal distribution its deviation
 */
#ifndef APP_INSPECT_STAT_H
#define APP_INSPECT_STAT_H

#include <stdint.h>

#define STAT_NORMAL 1.4826 /* 1 / Φ⁻¹(3/4) */

/* The middle one, of an even number the mean of both. x is reordered; no NAN. n > 0. */
double stat_median(double *x, uint32_t n);
/* Median of the distances from m; x becomes these distances. n > 0. */
double stat_spread(double *x, uint32_t n, double m);
/* P(X >= k) of n tries that succeed with p each. */
double stat_tail(uint32_t n, uint32_t k, double p);

#endif
