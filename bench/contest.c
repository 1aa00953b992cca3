/* SPDX-License-Identifier: Apache-2.0 */
/* Where answers stand. */
#include "bench/contest.h"

#include <unistd.h>

size_t answers_areas(const struct workload *w)
{
    return (size_t)w->n_targets * YEARS * w->n_areas;
}

size_t answers_schools(const struct workload *w)
{
    return (size_t)w->n_school_targets * YEARS * w->shape.schools;
}

struct answer *answer_of_area(const struct workload *w, struct answers *s, uint32_t target,
                              uint32_t year, uint32_t node)
{
    return &s->areas[((size_t)target * YEARS + year) * w->n_areas + node];
}

struct answer *answer_of_school(const struct workload *w, struct answers *s, uint32_t target,
                                uint32_t year, uint32_t school)
{
    uint32_t k = target - (w->n_targets - w->n_school_targets);
    return &s->schools[((size_t)k * YEARS + year) * w->shape.schools + school];
}

size_t memory_limit(void)
{
    return (size_t)sysconf(_SC_PHYS_PAGES) / 2 * (size_t)sysconf(_SC_PAGESIZE);
}
