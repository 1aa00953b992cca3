/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Immutable text views, passed by value.
 *
 * Invariants
 *   S1  p points at n readable bytes; p may be NULL only when n is 0.
 *   S2  Not NUL-terminated, unless the function that made it says so.
 *   S3  After the border (file, command line, network) the bytes are valid UTF-8.
 * Ownership: a str owns nothing; the bytes belong to an arena, a buf or a literal.
 *
 * All comparisons are bytewise, which for UTF-8 is code point order.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
    const char *p;
    uint32_t n; /* bytes */
};

#define STR_NONE UINT32_MAX /* str_find: not there */

/* A literal. The "" glues only to literals, so that a pointer does not compile. */
#define STR(lit) ((struct str){"" lit, (uint32_t)(sizeof("" lit) - 1)})
/* The same for static initialisers, where a compound literal is not constant. */
#define STR_INIT(lit)                                                                              \
    {                                                                                              \
        "" lit, (uint32_t)(sizeof("" lit) - 1)                                                     \
    }

/* printf("%.*s", PS(s)) */
#define PS(s) (int)(s).n, ((s).p ? (s).p : "")

/* View of a C string; NULL gives the empty str. Asserts the length limit. */
struct str str_from_cstr(const char *z);
/* View of n bytes. Asserts the length limit. */
struct str str_make(const char *p, size_t n);
/* Copy in the arena, NUL-terminated. */
struct str str_dup(struct arena *a, struct str s);
/* The same as a C string; bytes from an embedded NUL on are invisible to C. */
char *str_to_cstr(struct arena *a, struct str s);
/* x followed by y, in the arena, NUL-terminated. */
struct str str_cat(struct arena *a, struct str x, struct str y);

bool str_eq(struct str x, struct str y);
/* <0, 0, >0; a prefix sorts before the longer text. */
int str_cmp(struct str x, struct str y);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte offset of the first needle at or after `from`, or STR_NONE. Empty needle: from. */
uint32_t str_find(struct str s, struct str needle, uint32_t from);
/* Bytes [beg, end); offsets are clamped into the text. */
struct str str_sub(struct str s, uint32_t beg, uint32_t end);
/* Without ASCII white space and U+3000, U+00A0 at both ends. */
struct str str_trim(struct str s);
/* "at_least" → "at least": an identifier as words. */
struct str str_words(struct arena *a, struct str identifier);
/* Takes the text before the next sep into *part and moves *rest behind it; false at the end. */
bool str_split(struct str *rest, char sep, struct str *part);
/* SipHash-1-3 under a fixed key: the same on every machine and run. */
uint64_t str_hash(struct str s);

#endif
