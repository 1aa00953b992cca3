/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tizhi-parts: parts of an evaluation, measured alone. One JSON object on stdout.
 *
 *     tizhi-parts kernels
 *     tizhi-parts rollup CITIES COUNTIES SCHOOLS ROUNDS
 */
#include "bench/parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/i128.h"
#include "base/str.h"
#include "app/bandwidth.h"

#define PARTS_BYTES ((size_t)1 << 30)

static int kernels(struct arena *a)
{
    struct kernel_time all[KERNELS];
    kernels_measure(a, all);
    printf("{\"kernels\": [");
    for (uint32_t k = 0; k < KERNELS; k++) {
        const struct kernel_time *t = &all[k];
        printf(
            "%s{\"name\": \"%s\", \"by_hand\": %s, \"made\": [%.3f, %.3f], \"hand\": [%.3f, %.3f]}",
            k > 0 ? ", " : "", t->name, t->by_hand_runs ? "true" : "false", t->made[0], t->made[1],
            t->hand[0], t->hand[1]);
    }
    printf("]}\n");
    return 0;
}

static uint32_t number(const char *text)
{
    i128 n = 0;
    bool ok = i128_parse(str_from_cstr(text), &n) && n > 0 && n <= 4000000;
    return ok ? (uint32_t)n : 0;
}

static int rollup(struct arena *a, char **argv)
{
    struct rollup_times t;
    struct err e = {0};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t threads = processors > BANDWIDTH_THREADS_MAX ? BANDWIDTH_THREADS_MAX
                       : processors > 0                   ? (uint32_t)processors
                                                          : 1;
    struct shape s = {.cities = number(argv[0]),
                      .counties = number(argv[1]),
                      .schools = number(argv[2]),
                      .items = 400,
                      .targets = 215,
                      .seed = 20240315};
    uint32_t rounds = number(argv[3]);
    if (s.cities == 0 || s.cities > s.counties || s.counties > s.schools || rounds == 0) {
        return 2;
    }
    if (rollup_measure(workload_make(a, s), threads, rounds, &t, &e) != RC_OK) {
        fprintf(stderr, "%s\n%s\n", e.primary_zh, e.primary_en);
        return 4;
    }
    printf("{\"sheets\": %u, \"figures\": %.0f, \"seconds\": %.6f, \"bandwidth\": %.0f,"
           " \"threads\": %u}\n",
           t.sheets, t.figures, t.seconds, t.bandwidth, threads);
    return 0;
}

int main(int argc, char **argv)
{
    struct arena a;
    int status = 2;
    arena_init(&a, PARTS_BYTES, "parts");
    if (argc == 2 && strcmp(argv[1], "kernels") == 0) {
        status = kernels(&a);
    } else if (argc == 6 && strcmp(argv[1], "rollup") == 0) {
        status = rollup(&a, argv + 2);
    }
    if (status == 2) {
        fprintf(stderr, "参数有误，见 bench/parts.c / wrong options, see bench/parts.c\n");
    }
    arena_release(&a);
    return status;
}
