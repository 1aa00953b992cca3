/* SPDX-License-Identifier: Apache-2.0 */
/* Private to cleaning: one value in the making, decimals, and text in canonical form. */
#ifndef IO_CELL_CLEAN_INT_H
#define IO_CELL_CLEAN_INT_H

#include "io/cell_clean.h"

struct cleaning {
    struct arena *a;
    const struct clean_ask *ask;
    const struct sheet_cell *cell;
    struct clean_value *out;
};

/* -- results (cell_clean.c) -- */

void clean_did(struct cleaning *c, enum clean_did did);
void clean_did_if(struct cleaning *c, bool happened, enum clean_did did);
void clean_fault(struct cleaning *c, enum clean_fault fault);
/* The same with what may be meant. */
void clean_suggest(struct cleaning *c, enum clean_fault fault, struct str suggestion);

/* -- text (cell_clean_text.c) -- */

/*
 * Without invisible characters and white space at the ends; every white space is ' '. narrow: full-
 * width characters are ordinary ones, and a leading apostrophe goes.
 */
struct str clean_text(struct cleaning *c, struct str text, bool narrow);
/* text without any white space */
struct str clean_dense(struct cleaning *c, struct str text);
/* Nothing known (silent) or not applicable: sets the result and is true. */
bool clean_says_nothing(struct cleaning *c, struct str text);
/* 约, 左右, > …: anything that makes a figure inexact. *rest is the text without it. */
bool clean_is_approximate(struct cleaning *c, struct str text, struct str *rest);
/* Only characters of Chinese figures. */
bool clean_is_numeral(struct str text);
/* Bytes at the beginning that are digits and powers of Chinese figures. */
uint32_t clean_numeral_length(struct str text);
/* Chinese figures as digits, 三百二十: 320, 百分之九十五: 95%; empty when they are not plain. */
struct str clean_numeral(struct arena *a, struct str text);
/* 二〇二四年九月: 2024-09; empty when it is no date. */
struct str clean_numeral_date(struct arena *a, struct str text);
/* `="0123"`: the text within, and true. A formula sets a fault; *fault tells. */
bool clean_unquote(struct cleaning *c, struct str *text, bool *fault);
/* Digits at `at`. */
uint32_t clean_digits(struct str s, uint32_t at);

/* -- decimals (cell_decimal.c) -- */

#define DECIMAL_DIGITS 64
#define SHOWN_DIGITS   15

/* ± digits × 10^exponent; no leading zero, n == 0: zero. */
struct decimal {
    bool negative;
    uint8_t n;
    char digits[DECIMAL_DIGITS];
    int32_t exponent;
};

/* A number as files store it; false when it is none or has too many digits. */
NODISCARD bool decimal_read(struct str s, struct decimal *out);
/* Rounds to SHOWN_DIGITS, half away from zero. */
void decimal_shown(struct decimal *d);
/* Without exponent: "0.000123"; false beyond 40 digits. */
NODISCARD bool decimal_text(struct arena *a, const struct decimal *d, struct str *out);
NODISCARD bool decimal_rat(struct arena *a, const struct decimal *d, struct rat *out);
bool decimal_is_whole(const struct decimal *d);
/* Digits before the point. */
int32_t decimal_whole_digits(const struct decimal *d);
/* The number of a cell, to the digits that are shown; false: the fault is set. */
NODISCARD bool clean_shown(struct cleaning *c, struct decimal *out);

/* -- by type -- */

void clean_number_cell(struct cleaning *c);
void clean_number_text(struct cleaning *c, struct str s);
void clean_date_cell(struct cleaning *c);
void clean_date_text(struct cleaning *c, struct str s, bool plain);
/* A day by its number in the system of the file; false when there is none. */
NODISCARD bool clean_serial(const struct cleaning *c, int64_t serial, struct date *out);

#endif
