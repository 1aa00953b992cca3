/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals as a spreadsheet stores and shows them, without a binary number in between. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "io/cell_clean_int.h"

#define TEXT_DIGITS  40
#define EXPONENT_MAX 400

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Adds a digit of the mantissa; digits too many to keep make it false. */
static bool add_digit(struct decimal *d, char c)
{
    if (d->n == 0 && c == '0') {
        return true;
    }
    if (d->n == DECIMAL_DIGITS) {
        return false;
    }
    d->digits[d->n++] = c;
    return true;
}

static void trim(struct decimal *d)
{
    while (d->n > 0 && d->digits[d->n - 1] == '0') {
        d->n--;
        d->exponent++;
    }
    if (d->n == 0) {
        d->exponent = 0;
        d->negative = false;
    }
}

/* The exponent at i: E, an optional sign, digits to the end. */
static bool read_exponent(struct str s, uint32_t i, struct decimal *d)
{
    int32_t e = 0;
    bool negative = false;
    i++;
    if (i < s.n && (s.p[i] == '+' || s.p[i] == '-')) {
        negative = s.p[i] == '-';
        i++;
    }
    uint32_t from = i;
    for (; i < s.n && is_digit(s.p[i]) && e < 10000; i++) {
        e = e * 10 + (s.p[i] - '0');
    }
    d->exponent += negative ? -e : e;
    return i == s.n && i > from;
}

bool decimal_read(struct str s, struct decimal *out)
{
    uint32_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    uint32_t seen = 0;
    bool point = false;
    *out = (struct decimal){.negative = i == 1};
    for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !point)); i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        seen++;
        out->exponent -= point ? 1 : 0;
        if (!add_digit(out, s.p[i])) {
            return false;
        }
    }
    bool whole = i == s.n;
    if (!whole && (s.p[i] == 'E' || s.p[i] == 'e')) {
        whole = read_exponent(s, i, out);
    }
    trim(out);
    return whole && seen > 0 && out->exponent > -EXPONENT_MAX && out->exponent < EXPONENT_MAX;
}

void decimal_shown(struct decimal *d)
{
    if (d->n <= SHOWN_DIGITS) {
        return;
    }
    bool up = d->digits[SHOWN_DIGITS] >= '5';
    d->exponent += d->n - SHOWN_DIGITS;
    d->n = SHOWN_DIGITS;
    uint8_t i = SHOWN_DIGITS;
    while (up && i > 0) {
        i--;
        up = d->digits[i] == '9';
        d->digits[i] = up ? '0' : (char)(d->digits[i] + 1);
    }
    if (up) { /* 999… became 1000… */
        d->digits[0] = '1';
        d->n = 1;
        d->exponent += SHOWN_DIGITS;
    }
    trim(d);
}

int32_t decimal_whole_digits(const struct decimal *d)
{
    int32_t n = d->n + d->exponent;
    return n > 0 ? n : 0;
}

bool decimal_is_whole(const struct decimal *d)
{
    return d->exponent >= 0;
}

/* Writes it in full; p has room for the digits, |exponent| zeros, sign and point. */
static uint32_t write(const struct decimal *d, char *p)
{
    uint32_t n = 0;
    int32_t point = d->n + d->exponent; /* digits before it */
    if (d->negative) {
        p[n++] = '-';
    }
    if (point <= 0) {
        p[n++] = '0';
    }
    for (int32_t i = point < 0 ? point : 0; i < d->n || i < point; i++) {
        if (i == point) {
            p[n++] = '.';
        }
        p[n++] = i >= 0 && i < d->n ? d->digits[i] : '0';
    }
    return n;
}

static struct str in_full(struct arena *a, const struct decimal *d)
{
    if (d->n == 0) {
        return STR("0");
    }
    char *p = arena_alloc(a, DECIMAL_DIGITS + EXPONENT_MAX + 4);
    return str_make(p, write(d, p));
}

bool decimal_text(struct arena *a, const struct decimal *d, struct str *out)
{
    if (d->n + d->exponent > TEXT_DIGITS || d->exponent < -TEXT_DIGITS) {
        return false;
    }
    *out = in_full(a, d);
    return true;
}

bool decimal_rat(struct arena *a, const struct decimal *d, struct rat *out)
{
    ASSERT(d->exponent > -EXPONENT_MAX && d->exponent < EXPONENT_MAX);
    return rat_parse_decimal(a, in_full(a, d), out);
}

/* Whether both are the same binary number: then the shorter one is what was meant. */
static bool same_binary(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    struct rat p;
    struct rat q;
    return decimal_rat(a, x, &p) && decimal_rat(a, y, &q) &&
           rat_to_double(p) == rat_to_double(q); /* NOLINT: the same bits are asked for */
}

bool clean_shown(struct cleaning *c, struct decimal *out)
{
    if (!decimal_read(c->cell->text, out)) {
        clean_fault(c, CLEAN_FAULT_TOO_LONG);
        return false;
    }
    struct decimal stored = *out;
    if (decimal_is_whole(out) && decimal_whole_digits(out) > SHOWN_DIGITS) {
        clean_fault(c, CLEAN_FAULT_LOST_DIGITS);
        return false;
    }
    decimal_shown(out);
    clean_did_if(c, stored.n > SHOWN_DIGITS && !same_binary(c->a, &stored, out), CLEAN_DID_NOISE);
    return true;
}
