/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries that are opened when the benchmark runs, so that nobody needs them to build it. Only
 * what is called is declared, after the manuals of each.
 */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

#include <stddef.h>

#include "base/err.h"

/* A function of the library and where its address goes in the struct of its caller. */
struct symbol {
    const char *name;
    size_t offset;
};

/* Fills the pointers at base. RC_NO_SUPPORT: no such library, or a function is missing. */
enum rc library_open(const char *path, const struct symbol *symbols, size_t n, void *base,
                     struct err *e);

#endif
