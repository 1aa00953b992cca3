/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits and internal sizes of base, gathered in one place.
 *
 * Two groups. *Limits* are promises towards hostile input and are the same in
 * every build. *Internal sizes* only tune growth; the shake build (-DTIZHI_SHAKE)
 * makes them tiny so that every growth, rehash and block change happens in every
 * test.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* Limits. */
#define LIMIT_STR_BYTES      0x7fffffffU /* longest str or buf: 2 GiB - 1 */
#define LIMIT_RAT_DIGITS     1000        /* digits in one decimal literal */
#define LIMIT_RAT_DECIMALS   1000        /* decimals asked of a printer */
#define LIMIT_RAT_BITS       (1U << 20)  /* of a numerator or denominator, before reducing */
#define LIMIT_JSON_DEPTH     64          /* nesting of written JSON */
#define LIMIT_DIR_DEPTH      16          /* levels below a listed directory */
#define LIMIT_DIR_ENTRIES    100000      /* entries looked at in one listing */
#define LIMIT_PATH_BYTES     4096        /* a path, with its final NUL */
#define LIMIT_ERR_TEXT_BYTES 512         /* each text of a struct err */

/* Internal sizes. */
#ifdef TIZHI_SHAKE
#define SIZE_ARENA_BLOCK     64
#define SIZE_ARENA_BLOCK_MAX 64
#define SIZE_MAP_INITIAL     1
#define SIZE_BUF_INITIAL     1
#define SIZE_VEC_INITIAL     1
#define SIZE_FILE_CHUNK      1
#else
#define SIZE_ARENA_BLOCK     4096
#define SIZE_ARENA_BLOCK_MAX (16 * 1024 * 1024)
#define SIZE_MAP_INITIAL     16
#define SIZE_BUF_INITIAL     256
#define SIZE_VEC_INITIAL     8
#define SIZE_FILE_CHUNK      65536
#endif

#endif
