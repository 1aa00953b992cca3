/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions nobody calls. Force-included before every file (-include base/banned.h); using one
 * is a compile error whose undeclared name tells the replacement.
 *
 * The declaring headers are included first: the macros must not reach their prototypes. The
 * #undef is for C libraries that make some of these macros themselves.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#define strcpy(...) banned__use_buf_h_or_arena_strndup
#undef strncpy
#define strncpy(...) banned__use_buf_h_or_arena_strndup
#undef stpcpy
#define stpcpy(...) banned__use_buf_h_or_arena_strndup
#undef strcat
#define strcat(...) banned__use_buf_h
#undef strncat
#define strncat(...) banned__use_buf_h
#undef sprintf
#define sprintf(...) banned__use_buf_printf
#undef vsprintf
#define vsprintf(...) banned__use_buf_vprintf
#undef strdup
#define strdup(...) banned__use_str_dup
#undef strndup
#define strndup(...) banned__use_arena_strndup
#undef strtok
#define strtok(...) banned__use_str_split
#undef strtok_r
#define strtok_r(...) banned__use_str_split
#undef gets
#define gets(...) banned__use_file_read
#undef scanf
#define scanf(...) banned__use_a_parser
#undef sscanf
#define sscanf(...) banned__use_a_parser
#undef fscanf
#define fscanf(...) banned__use_a_parser

#undef atoi
#define atoi(...) banned__use_i128_parse
#undef atol
#define atol(...) banned__use_i128_parse
#undef atoll
#define atoll(...) banned__use_i128_parse
#undef atof
#define atof(...) banned__use_rat_parse_decimal
#undef strtol
#define strtol(...) banned__use_i128_parse
#undef strtoul
#define strtoul(...) banned__use_i128_parse
#undef strtoll
#define strtoll(...) banned__use_i128_parse
#undef strtoull
#define strtoull(...) banned__use_i128_parse
#undef strtod
#define strtod(...) banned__use_rat_parse_decimal
#undef strtof
#define strtof(...) banned__use_rat_parse_decimal

#undef localtime
#define localtime(...) banned__use_date_h
#undef localtime_r
#define localtime_r(...) banned__use_date_h
#undef gmtime
#define gmtime(...) banned__use_date_h
#undef ctime
#define ctime(...) banned__use_date_h
#undef ctime_r
#define ctime_r(...) banned__use_date_h
#undef asctime
#define asctime(...) banned__use_date_h
#undef asctime_r
#define asctime_r(...) banned__use_date_h
#undef mktime
#define mktime(...) banned__use_date_h
#undef strftime
#define strftime(...) banned__use_date_h

#undef rand
#define rand(...) banned__use_rng_h
#undef rand_r
#define rand_r(...) banned__use_rng_h
#undef srand
#define srand(...) banned__use_rng_h
#undef random
#define random(...) banned__use_rng_h
#undef system
#define system(...) banned__start_no_shell
#undef popen
#define popen(...) banned__start_no_shell
#undef signal
#define signal(...) banned__use_sigaction
#undef tmpnam
#define tmpnam(...) banned__use_file_write
#undef mktemp
#define mktemp(...) banned__use_file_write
#undef setlocale
#define setlocale(...) banned__texts_do_not_depend_on_the_locale

/* Raw memory lives in src/base only; its build defines TIZHI_RAW_MEMORY. */
#ifndef TIZHI_RAW_MEMORY
#undef malloc
#define malloc(...) banned__use_an_arena
#undef calloc
#define calloc(...) banned__use_an_arena
#undef realloc
#define realloc(...) banned__use_an_arena
#undef free
#define free(...) banned__use_an_arena
#endif

#endif
