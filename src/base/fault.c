/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fault counter. Armed state and countdown are separate atomics: arming happens
 * while nothing else runs, hits may come from any thread.
 */
#include "base/fault.h"

#include <errno.h>
#include <stdatomic.h>

#include "base/assert.h"

static const char *const names[] = {
#define FAULT_POINT(name, text) #name,
#include "base/fault.def"
};

_Static_assert(sizeof names / sizeof names[0] == FAULT__COUNT, "one name per point");

#define UNARMED (FAULT__COUNT + 1)

static atomic_int armed_point = UNARMED;
static atomic_llong arrivals_left; /* the arrival that finds 0 here fails */
static atomic_bool has_fired;

bool fault_enabled(void)
{
#ifdef TIZHI_FAULT
    return true;
#else
    return false;
#endif
}

void fault_arm(enum fault point, uint32_t nth)
{
    ASSERT((unsigned)point <= FAULT_ANY);
    atomic_store(&has_fired, false);
    atomic_store(&arrivals_left, (long long)nth);
    atomic_store(&armed_point, (int)point);
}

void fault_disarm(void)
{
    atomic_store(&armed_point, UNARMED);
}

bool fault_fired(void)
{
    return atomic_load(&has_fired);
}

const char *fault_name(enum fault point)
{
    ASSERT((unsigned)point < FAULT__COUNT);
    return names[point];
}

bool fault_hit(enum fault point)
{
    int armed = atomic_load(&armed_point);
    if (armed != (int)point && armed != (int)FAULT_ANY) {
        return false;
    }
    if (atomic_fetch_sub(&arrivals_left, 1) != 0) {
        return false;
    }
    atomic_store(&has_fired, true);
    errno = EIO; /* as the system call that "failed" would have left it */
    return true;
}
