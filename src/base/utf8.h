/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8: checked once at the border, decoded cheaply afterwards.
 *
 * Lengths are bytes everywhere; code points appear only here, display columns only in
 * utf8_width. Valid means: no overlong form, no surrogate, nothing above U+10FFFF, nothing cut off.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

#define UTF8_MAX_BYTES   4
#define UTF8_REPLACEMENT 0xfffdU

/* true when s is valid; else *bad_at (may be NULL) is the offset of the first bad sequence. */
bool utf8_valid(struct str s, uint32_t *bad_at);

/*
 * Decodes the code point at byte `at` (at < s.n) into *cp and returns its length, 1 to 4.
 * On bad bytes gives U+FFFD and the length 1, so that loops always move on.
 */
uint32_t utf8_decode(struct str s, uint32_t at, uint32_t *cp);
/* Writes cp and returns the number of bytes. Asserts that cp is a scalar value. */
uint32_t utf8_encode(uint32_t cp, char out[UTF8_MAX_BYTES]);
/* 0..0x10FFFF without surrogates. */
bool utf8_is_scalar(uint32_t cp);
/* Code points in s. */
uint32_t utf8_count(struct str s);
/* The longest prefix of at most max_bytes that does not cut a code point. */
struct str utf8_cut(struct str s, uint32_t max_bytes);
/* s without a leading byte order mark. */
struct str utf8_strip_bom(struct str s);

/* Marks that reorder what the reader sees: U+061C, 200E/F, 202A-202E, 2066-2069. */
bool utf8_is_bidi_control(uint32_t cp);
/* C0 and C1 controls and DEL, tab and line ends included. */
bool utf8_is_control(uint32_t cp);
/* Private use. */
bool utf8_is_private(uint32_t cp);
/* Not assigned in the Unicode version of the library; non-characters included. */
bool utf8_is_unassigned(uint32_t cp);
/* Han ideographs of all blocks, with U+3007 〇. */
bool utf8_is_han(uint32_t cp);
/* Letter, mark or number by general category. */
bool utf8_is_alnum(uint32_t cp);

/* Columns on a terminal: 2 for wide and fullwidth, 0 for combining marks and controls. */
uint32_t utf8_cp_width(uint32_t cp);
uint32_t utf8_width(struct str s);

/* Normal form C of a valid text, in the arena. false at the arena limit. */
NODISCARD bool utf8_nfc(struct arena *a, struct str s, struct str *out);
/* Normal form KC: full-width and compatibility characters too become the ordinary ones. */
NODISCARD bool utf8_nfkc(struct arena *a, struct str s, struct str *out);

/*
 * GB18030 (hence GBK, GB2312) to UTF-8, strictly: RC_ENCODING names the offset of the first bad
 * byte, RC_LIMIT when the result would pass max_bytes.
 */
NODISCARD enum rc utf8_from_gb18030(struct arena *a, struct str s, uint32_t max_bytes,
                                    struct str *out, struct err *e);

#endif
