/* SPDX-License-Identifier: Apache-2.0 */
/* What a program has taken so far. */
#include "bench/usage.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

double cpu_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

uint64_t peak_kib(void)
{
    char line[256];
    uint64_t kib = 0;
    FILE *f = fopen("/proc/self/status", "re");
    while (f && fgets(line, sizeof line, f)) {
        for (const char *p = line; strncmp(line, "VmHWM:", 6) == 0 && *p != 0; p++) {
            kib = *p >= '0' && *p <= '9' ? kib * 10 + (uint64_t)(*p - '0') : kib;
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return kib;
}
