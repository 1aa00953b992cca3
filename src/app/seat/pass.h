/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords: which are accepted, and how they are kept (argon2id).
 *
 * Invariants
 *   PW1 A password is looked at, hashed and compared in normal form KC: full-width input and
 *       another way to type an accent are the same word.
 *   PW2 A hash cheaper than SEAT_COST_FLOOR_* matches nothing, unless the cost asked for is the
 *       cheap one: no hash made for a test holds in service.
 */
#ifndef APP_SEAT_PASS_H
#define APP_SEAT_PASS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

#define SEAT_PASS_CHARS_MIN 10
#define SEAT_PASS_BYTES_MAX 128
#define SEAT_PASS_OLD       5 /* the last ones are not taken again */
#define SEAT_PASS_DAYS      180

/* OWASP's least for argon2id. */
#define SEAT_COST_FLOOR_KIB    (19U * 1024)
#define SEAT_COST_FLOOR_PASSES 2U

struct seat_cost {
    uint32_t kib;
    uint32_t passes;
};

/* 64 MiB, 3 passes. */
struct seat_cost seat_cost_full(void);
/* The least there is: tests only (TIZHI_TEST_CHEAP_PASSWORDS). */
struct seat_cost seat_cost_cheap(void);

enum seat_pass_fault {
#define PASS(name, en, zh) PASS_##name,
#include "app/seat/pass.def"
    PASS__N
};

/* The first rule that a new password breaks; PASS__N: none. words: what it must not hold (the
 * user's id and name). PASS_USED is for the caller, who has the old hashes. */
enum seat_pass_fault seat_pass_check(struct arena *a, struct str password, const struct str *words,
                                     uint32_t n);
/* The rule as people read it. */
const char *seat_pass_text(enum seat_pass_fault f, bool chinese);
/* RC_INPUT with the text of the fault. */
NODISCARD enum rc seat_pass_refuse(enum seat_pass_fault f, struct err *e);

/* In the text form `$argon2id$v=19$m=…`, in a. RC_NO_MEMORY: there is none for the work. */
NODISCARD enum rc seat_pass_hash(struct arena *a, struct str password, struct seat_cost cost,
                                 struct str *out, struct err *e);
/* Takes as long as a match; an empty hash is compared with one of nobody's. */
NODISCARD bool seat_pass_matches(struct arena *a, struct str hash, struct str password,
                                 struct seat_cost cost);
/* Made with another cost: hash anew at the next login. */
bool seat_pass_is_outdated(struct str hash, struct seat_cost cost);

/* A password for one use: 16 signs of base 32, 80 bits. */
NODISCARD enum rc seat_pass_random(struct arena *a, struct str *out, struct err *e);
/* n bytes for secrets. */
NODISCARD enum rc seat_random(uint8_t *out, uint32_t n, struct err *e);
/* Forgets what was typed; the bytes lie in memory that may be written. */
void seat_wipe(struct str s);

#endif
