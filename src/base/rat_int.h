/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GMP side of rat, shared by rat.c, rat_big.c and rat_text.c.
 */
#ifndef BASE_RAT_INT_H
#define BASE_RAT_INT_H

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"

/* Limbs of a big form, least significant first: numerator, then denominator. */
struct rat_big {
    uint32_t n_limbs;
    uint32_t d_limbs;
    bool negative;
    mp_limb_t limbs[];
};

/*
 * Both sides of a finite rat as read-only integers. For the small form they point into
 * `store`, so a view must not be copied and lives no longer than its rat. Nothing to clear.
 */
struct rat_view {
    mpz_t n;
    mpz_t d;
    mp_limb_t store[4];
};

void rat_view_init(struct rat_view *v, struct rat x);

/* arena_alloc for one who holds integers: clears x, and y unless NULL, before it stops (A5). */
void *rat_alloc(struct arena *a, size_t bytes, mpz_ptr x, mpz_ptr y);
/*
 * n / d, d != 0, in its one form; n and d are changed. Big forms are allocated in a. Stops the
 * work (arena_stop) where the arena is full, or with RC_LIMIT beyond LIMIT_RAT_BITS; n and d are
 * cleared then, and must be all that the caller holds.
 */
struct rat rat_from_mpz(struct arena *a, mpz_t n, mpz_t d);
/* z := x */
void rat_mpz_set_u128(mpz_t z, u128 x);

/* The operations on finite operands of which the small form was too narrow. */
struct rat rat_big_add(struct arena *a, struct rat x, struct rat y);
struct rat rat_big_mul(struct arena *a, struct rat x, struct rat y);
/* y != 0 */
struct rat rat_big_div(struct arena *a, struct rat x, struct rat y);
int rat_big_cmp(struct rat x, struct rat y);
/* The same magnitude with the sign given. x is big. */
struct rat rat_big_with_sign(struct arena *a, struct rat x, bool negative);
/* To a whole number; x is big. */
struct rat rat_big_round(struct arena *a, struct rat x, enum rat_round mode);
bool rat_big_eq(const struct rat_big *x, const struct rat_big *y);
bool rat_big_is_int(const struct rat_big *x);
bool rat_big_check(struct rat x);

#endif
