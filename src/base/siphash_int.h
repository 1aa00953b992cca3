/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SipHash-1-3 under one fixed key. Fixed, because results of the program must not
 * depend on the run; SipHash, because colliding keys cannot be written down by hand.
 */
#ifndef BASE_SIPHASH_INT_H
#define BASE_SIPHASH_INT_H

#include <stddef.h>
#include <stdint.h>

/* Hash of n bytes; p may be NULL when n is 0. Independent of byte order and alignment. */
uint64_t siphash13(const void *p, size_t n);

#endif
