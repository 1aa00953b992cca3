/* SPDX-License-Identifier: Apache-2.0 */
/* The door of cleaning: what holds for every type, and the types that need little. */
#include "io/cell_clean.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "io/cell_clean_int.h"
#include "model/uom.h"

static const struct clean_words did_words[] = {
#define CELL_DID(name, word, en, zh) {word, en, zh, "", ""},
#include "io/cell_did.def"
};
static const struct clean_words fault_words[] = {
    {"", "", "", "", ""},
#define CELL_FAULT(name, state, word, en, zh, mend_en, mend_zh) {word, en, zh, mend_en, mend_zh},
#include "io/cell_fault.def"
};
static const enum clean_state fault_states[] = {
    CLEAN_VALUE,
#define CELL_FAULT(name, state, word, en, zh, mend_en, mend_zh) CLEAN_##state,
#include "io/cell_fault.def"
};

static_assert(CLEAN_DID__COUNT <= 32, "clean_value.did has a bit for each");

struct clean_words clean_did_words(enum clean_did did)
{
    ASSERT(did < CLEAN_DID__COUNT);
    return did_words[did];
}

struct clean_words clean_fault_words(enum clean_fault fault)
{
    ASSERT(fault < CLEAN_FAULT__COUNT);
    return fault_words[fault];
}

enum clean_state clean_fault_state(enum clean_fault fault)
{
    ASSERT(fault < CLEAN_FAULT__COUNT);
    return fault_states[fault];
}

void clean_did(struct cleaning *c, enum clean_did did)
{
    c->out->did |= 1U << did;
}

void clean_did_if(struct cleaning *c, bool happened, enum clean_did did)
{
    c->out->did |= happened ? 1U << did : 0;
}

void clean_suggest(struct cleaning *c, enum clean_fault fault, struct str suggestion)
{
    c->out->state = fault_states[fault];
    c->out->fault = fault;
    c->out->suggestion = suggestion;
}

void clean_fault(struct cleaning *c, enum clean_fault fault)
{
    clean_suggest(c, fault, STR(""));
}

/* ---- yes or no ------------------------------------------------------------------------------ */

static const struct {
    struct str word;
    bool yes;
} yes_words[] = {
    {STR_INIT("是"), true},    {STR_INIT("否"), false},    {STR_INIT("有"), true},
    {STR_INIT("无"), false},   {STR_INIT("没有"), false},  {STR_INIT("√"), true},
    {STR_INIT("✓"), true},     {STR_INIT("✔"), true},      {STR_INIT("☑"), true},
    {STR_INIT("×"), false},    {STR_INIT("✗"), false},     {STR_INIT("✘"), false},
    {STR_INIT("✕"), false},    {STR_INIT("✖"), false},     {STR_INIT("Y"), true},
    {STR_INIT("N"), false},    {STR_INIT("YES"), true},    {STR_INIT("NO"), false},
    {STR_INIT("TRUE"), true},  {STR_INIT("FALSE"), false}, {STR_INIT("T"), true},
    {STR_INIT("F"), false},    {STR_INIT("对"), true},     {STR_INIT("错"), false},
    {STR_INIT("不是"), false}, {STR_INIT("X"), false},     {STR_INIT("1"), true},
    {STR_INIT("0"), false},
};

static struct str upper(struct cleaning *c, struct str s)
{
    char *p = arena_alloc(c->a, (size_t)s.n + 1);
    for (uint32_t i = 0; i < s.n; i++) {
        p[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    }
    return str_make(p, s.n);
}

static void bool_text(struct cleaning *c, struct str s)
{
    struct str word = upper(c, s);
    for (size_t i = 0; i < sizeof yes_words / sizeof yes_words[0]; i++) {
        if (str_eq(word, yes_words[i].word)) {
            c->out->yes = yes_words[i].yes;
            clean_did_if(c, i >= 2, CLEAN_DID_YES_NO); /* 是 and 否 are the plain ones */
            return;
        }
    }
    clean_fault(c, CLEAN_FAULT_NOT_YES_NO);
}

/* ---- text, codes and choices ---------------------------------------------------------------- */

/* hh:mm:ss of the part of a day behind the point. */
static struct str time_of(struct cleaning *c, struct str part)
{
    uint64_t n = 0;
    uint64_t power = 1;
    for (uint32_t i = 0; i < part.n && i < SHOWN_DIGITS - 2; i++) {
        n = n * 10 + (uint64_t)(part.p[i] - '0');
        power *= 10;
    }
    uint64_t seconds = (n * 86400 + power / 2) / power;
    seconds = seconds < 86400 ? seconds : 86399;
    struct buf b;
    buf_init_in(&b, c->a, 32);
    buf_printf(&b, "%02u:%02u:%02u", (uint32_t)(seconds / 3600), (uint32_t)(seconds / 60 % 60),
               (uint32_t)(seconds % 60));
    return buf_view(&b);
}

/* A number with the format of a date or time, as a date or time; false: it is none. */
static bool moment_text(struct cleaning *c, struct str *out)
{
    char text[DATE_TEXT_BYTES];
    struct date date;
    i128 serial = 0;
    uint32_t point = str_find(*out, STR("."), 0);
    struct str part = point == STR_NONE ? STR("") : str_sub(*out, point + 1, out->n);
    if (!i128_parse(str_sub(*out, 0, point), &serial)) {
        return false;
    }
    if (c->cell->format == NF_TIME) {
        *out = serial == 0 ? time_of(c, part) : *out;
        return serial == 0;
    }
    if (!clean_serial(c, (int64_t)(serial < INT32_MAX ? serial : -1), &date)) {
        return false;
    }
    *out = str_dup(c->a, date_text(date, text));
    *out = part.n > 0 ? str_cat(c->a, str_cat(c->a, *out, STR(" ")), time_of(c, part)) : *out;
    return true;
}

/* A number by its format: what the cell shows, where the figure alone would be something else. */
static void formatted(struct cleaning *c, const struct decimal *d, struct str *out)
{
    struct decimal hundred = *d;
    enum clean_did did = CLEAN_DID_FROM_NUMBER;
    uint8_t format = c->cell->format;
    if ((format == NF_DATE || format == NF_TIME) && moment_text(c, out)) {
        did = CLEAN_DID_SERIAL;
    } else if (format == NF_PERCENT) {
        hundred.exponent += 2;
        did = decimal_text(c->a, &hundred, out) ? CLEAN_DID_PERCENT : did;
        *out = did == CLEAN_DID_PERCENT ? str_cat(c->a, *out, STR("%")) : *out;
    } else if (format == NF_SCALED || format == NF_MISLEADS) {
        did = CLEAN_DID_OTHER_SCALE;
    }
    while (c->cell->zeros > out->n && clean_digits(*out, 0) == out->n) {
        *out = str_cat(c->a, STR("0"), *out); /* 000123, where 123 is stored */
    }
    clean_did(c, did);
}

/* What a cell of any kind shows, as text; false: a fault is set. */
static bool shown_text(struct cleaning *c, struct str *out)
{
    const struct sheet_cell *cell = c->cell;
    struct decimal d;
    *out = cell->text;
    if (cell->kind == CELL_BOOL) {
        *out = str_eq(cell->text, STR("1")) ? STR("TRUE") : STR("FALSE");
        return true;
    }
    if (cell->kind != CELL_NUMBER) {
        return true;
    }
    if (!clean_shown(c, &d)) {
        return false;
    }
    if (!decimal_text(c->a, &d, out)) {
        clean_fault(c, CLEAN_FAULT_TOO_LONG);
        return false;
    }
    formatted(c, &d, out);
    return true;
}

/* Text in the form in which choices are compared. */
static struct str folded(struct cleaning *c, struct str s)
{
    struct str out = s;
    struct clean_value kept = *c->out;
    if (utf8_nfkc(c->a, s, &out)) {
        out = upper(c, clean_dense(c, out));
    }
    *c->out = kept;
    return out;
}

static struct str all_choices(struct cleaning *c)
{
    struct buf b;
    buf_init_in(&b, c->a, WORKBOOK_TEXT_MAX);
    for (uint32_t i = 0; i < c->ask->n_choices && i < 8; i++) {
        buf_puts(&b, i > 0 ? " | " : "");
        buf_str(&b, c->ask->choices[i]);
    }
    return buf_view(&b);
}

static void choice_text(struct cleaning *c, struct str s)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < c->ask->n_choices; i++) {
        if (str_eq(c->ask->choices[i], s)) {
            c->out->choice = i;
            return;
        }
    }
    struct str mine = folded(c, s);
    for (uint32_t i = 0; i < c->ask->n_choices; i++) {
        if (str_eq(folded(c, c->ask->choices[i]), mine)) {
            c->out->choice = i;
            found++;
        }
    }
    if (found == 1) {
        clean_did(c, CLEAN_DID_CHOICE);
    } else {
        clean_suggest(c, CLEAN_FAULT_NOT_CHOICE, all_choices(c));
    }
}

/* 1.50E+17: what a spreadsheet shows of a number too long for its column. */
static bool is_scientific(struct str s)
{
    uint32_t i = clean_digits(s, 0);
    if (i == 0 || i == s.n) {
        return false;
    }
    if (s.p[i] == '.') {
        i += 1 + clean_digits(s, i + 1);
    }
    return i + 2 < s.n && (s.p[i] == 'E' || s.p[i] == 'e') &&
           (s.p[i + 1] == '+' || s.p[i + 1] == '-') && i + 2 + clean_digits(s, i + 2) == s.n;
}

/* 16 digits and more whose tail a spreadsheet would have made zero. */
static bool maybe_lost(struct str s)
{
    bool zeros = s.n > SHOWN_DIGITS && clean_digits(s, 0) == s.n;
    for (uint32_t i = SHOWN_DIGITS; zeros && i < s.n; i++) {
        zeros = s.p[i] == '0';
    }
    return zeros;
}

static void check_code(struct cleaning *c, struct str s)
{
    uint32_t digits = clean_digits(s, 0);
    bool point = digits > 0 && digits < s.n && s.p[digits] == '.';
    bool signed_one = s.n > 1 && (s.p[0] == '-' || s.p[0] == '+');
    c->out->text = s;
    if (is_scientific(s)) {
        clean_fault(c, CLEAN_FAULT_SCIENTIFIC);
    } else if ((point && digits + 1 + clean_digits(s, digits + 1) == s.n) || signed_one) {
        clean_suggest(c, CLEAN_FAULT_CODE_FORM, point ? str_sub(s, 0, digits) : STR(""));
    } else if (c->ask->code_digits > 0 && utf8_count(s) != c->ask->code_digits) {
        clean_fault(c, CLEAN_FAULT_CODE_LENGTH);
    } else if (maybe_lost(s)) {
        clean_suggest(c, CLEAN_FAULT_MAYBE_LOST, s);
    }
}

static void code_cell(struct cleaning *c)
{
    const struct sheet_cell *cell = c->cell;
    struct str s = cell->text;
    bool fault = false;
    if (cell->kind == CELL_NUMBER) {
        if (str_find(s, STR("E"), 0) != STR_NONE || str_find(s, STR("e"), 0) != STR_NONE) {
            clean_fault(c, CLEAN_FAULT_SCIENTIFIC);
            return;
        }
        if (cell->format == NF_DATE || cell->format == NF_TIME) {
            clean_fault(c, CLEAN_FAULT_IS_DATE); /* 1-2 was typed, and became a day */
            return;
        }
        if (!shown_text(c, &s)) {
            return;
        }
        if (cell->format == NF_MISLEADS || cell->format == NF_SCALED) {
            clean_suggest(c, CLEAN_FAULT_SHOWS_OTHER, s);
            return;
        }
    } else {
        s = clean_dense(c, clean_text(c, s, true));
        (void)clean_unquote(c, &s, &fault);
    }
    if (!fault && !clean_says_nothing(c, s)) {
        check_code(c, s);
    }
}

/* ---- by type -------------------------------------------------------------------------------- */

static bool is_number(enum clean_want want)
{
    return want == CLEAN_NUMBER || want == CLEAN_WHOLE;
}

static bool is_date(enum clean_want want)
{
    return want == CLEAN_DATE || want == CLEAN_MONTH || want == CLEAN_YEAR;
}

/* A cell of text whose type is a number, date or yes/no. */
static void narrow_text(struct cleaning *c)
{
    struct str s = clean_text(c, c->cell->text, true);
    enum clean_want want = c->ask->want;
    if (clean_says_nothing(c, s)) {
        return;
    }
    if (s.p[0] == '#') {
        bool hashes = clean_text(c, s, false).n > 1 && s.p[1] == '#';
        clean_fault(c, hashes ? CLEAN_FAULT_HASHES : CLEAN_FAULT_ERROR);
    } else if (is_number(want)) {
        clean_number_text(c, s);
    } else if (is_date(want)) {
        clean_date_text(c, s, false);
    } else {
        bool_text(c, s);
    }
}

static void number_cell(struct cleaning *c)
{
    enum clean_want want = c->ask->want;
    struct str s;
    if (is_number(want)) {
        clean_number_cell(c);
    } else if (is_date(want)) {
        clean_date_cell(c);
    } else if (shown_text(c, &s)) {
        c->out->did &= ~(1U << CLEAN_DID_FROM_NUMBER | 1U << CLEAN_DID_OTHER_SCALE);
        bool_text(c, s);
    }
}

static void bool_cell(struct cleaning *c)
{
    if (c->ask->want == CLEAN_BOOL) {
        c->out->yes = str_eq(c->cell->text, STR("1"));
    } else {
        clean_fault(c, CLEAN_FAULT_IS_YES_NO);
    }
}

static void date_cell(struct cleaning *c)
{
    if (is_date(c->ask->want)) {
        clean_date_text(c, c->cell->text, true);
    } else {
        clean_fault(c, is_number(c->ask->want) ? CLEAN_FAULT_IS_DATE : CLEAN_FAULT_NOT_YES_NO);
    }
}

static void typed(struct cleaning *c)
{
    switch ((enum cell_kind)c->cell->kind) {
    case CELL_NUMBER:
        number_cell(c);
        break;
    case CELL_BOOL:
        bool_cell(c);
        break;
    case CELL_DATE:
        date_cell(c);
        break;
    case CELL_TEXT:
        narrow_text(c);
        break;
    case CELL_BLANK:
    case CELL_ERROR:
    case CELL_ODD:
        UNREACHABLE();
    }
}

static void worded(struct cleaning *c)
{
    struct str s;
    if (c->ask->want == CLEAN_CODE) {
        code_cell(c);
        return;
    }
    if (!shown_text(c, &s)) {
        return;
    }
    s = clean_text(c, s, false);
    if (s.n == 0) {
        c->out->state = CLEAN_SILENT;
    } else if (c->ask->want == CLEAN_CHOICE && !clean_says_nothing(c, s)) {
        choice_text(c, s);
    } else if (c->ask->want == CLEAN_TEXT) {
        c->out->text = s;
    }
}

void cell_clean(struct arena *a, const struct sheet_cell *cell, const struct clean_ask *ask,
                struct clean_value *out)
{
    struct cleaning c = {a, ask, cell, out};
    *out = (struct clean_value){.state = CLEAN_VALUE, .number = rat_zero()};
    if (!cell) {
        out->state = CLEAN_SILENT;
        return;
    }
    clean_did_if(&c, cell->flags & CELL_FORMULA, CLEAN_DID_FORMULA);
    clean_did_if(&c, cell->flags & CELL_EXTERNAL, CLEAN_DID_EXTERNAL);
    if (cell->kind == CELL_ERROR || cell->kind == CELL_ODD) {
        clean_fault(&c, cell->kind == CELL_ERROR ? CLEAN_FAULT_ERROR : CLEAN_FAULT_ODD);
    } else if (cell->kind == CELL_BLANK) {
        out->state = CLEAN_SILENT;
        if (cell->flags & CELL_NO_CACHE) {
            clean_fault(&c, CLEAN_FAULT_NO_CACHE);
        }
    } else if (ask->want == CLEAN_TEXT || ask->want == CLEAN_CODE || ask->want == CLEAN_CHOICE) {
        worded(&c);
    } else {
        typed(&c);
    }
}

/* ---- headers -------------------------------------------------------------------------------- */

/* The unit within s, if the table knows it. */
static struct str known_unit(struct arena *a, const struct uom_table *units, struct str s)
{
    struct rat factor;
    struct dim dim;
    s = str_trim(s);
    return s.n > 0 && uom_parse_suffix(a, units, s, &factor, &dim, NULL) ? s : STR("");
}

struct str clean_header_unit(struct arena *a, const struct uom_table *units, struct str header)
{
    struct clean_value out = {.state = CLEAN_VALUE};
    struct clean_ask ask = {.want = CLEAN_TEXT};
    struct cleaning c = {a, &ask, NULL, &out};
    struct str s = clean_text(&c, header, true);
    static const struct str labels[] = {STR_INIT("单位:"), STR_INIT("单位"), STR_INIT("计量单位:")};
    if (s.n > 2 && s.p[s.n - 1] == ')') {
        uint32_t open = s.n - 1;
        while (open > 0 && s.p[open] != '(') {
            open--;
        }
        s = s.p[open] == '(' ? str_sub(s, open + 1, s.n - 1) : STR("");
    } else if (str_find(s, labels[0], 0) == STR_NONE) {
        return STR("");
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        uint32_t at = str_find(s, labels[i], 0);
        s = at != STR_NONE ? str_sub(s, at + labels[i].n, s.n) : s;
    }
    return known_unit(a, units, s);
}
