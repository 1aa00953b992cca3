/* SPDX-License-Identifier: Apache-2.0 */
/* Quickselect with a fixed choice of pivots: no recursion, and the same steps everywhere. */
#include "app/inspect/stat.h"

#include <math.h>

static void swap(double *x, double *y)
{
    double z = *x;
    *x = *y;
    *y = z;
}

/* x[k] is then what it would be if x were sorted, with nothing larger before it. */
static double select_nth(double *x, uint32_t n, uint32_t k)
{
    uint32_t lo = 0;
    uint32_t hi = n - 1;
    while (lo < hi) {
        double pivot = x[lo + (hi - lo) / 2];
        uint32_t i = lo;
        uint32_t j = hi;
        for (;;) { /* Hoare's partition: it halves runs of equal values, too */
            while (x[i] < pivot) {
                i++;
            }
            while (x[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            swap(&x[i++], &x[j--]);
        }
        if (k <= j) {
            hi = j;
        } else {
            lo = j + 1;
        }
    }
    return x[k];
}

double stat_median(double *x, uint32_t n)
{
    double high = select_nth(x, n, n / 2);
    if (n % 2 != 0) {
        return high;
    }
    double low = x[0];
    for (uint32_t i = 1; i < n / 2; i++) {
        low = x[i] > low ? x[i] : low;
    }
    return (low + high) / 2;
}

double stat_spread(double *x, uint32_t n, double m)
{
    for (uint32_t i = 0; i < n; i++) {
        x[i] = fabs(x[i] - m);
    }
    return stat_median(x, n);
}

/* log of n over k; without lgamma, which keeps a sign in a place of all threads */
static double log_choose(uint32_t n, uint32_t k)
{
    double sum = 0;
    for (uint32_t i = 1; i <= k; i++) {
        sum += log((double)(n - k + i) / i);
    }
    return sum;
}

/* Each term from the one before, so that large n do no harm. */
double stat_tail(uint32_t n, uint32_t k, double p)
{
    if (k == 0 || p >= 1) {
        return 1;
    }
    if (k > n || p <= 0) {
        return 0;
    }
    double term = log_choose(n, k) + k * log(p) + (n - k) * log1p(-p);
    double sum = 0;
    for (uint32_t i = k; i <= n; i++) {
        sum += exp(term);
        term += log((double)(n - i) / (i + 1.0)) + log(p) - log1p(-p);
    }
    return sum < 1 ? sum : 1;
}
