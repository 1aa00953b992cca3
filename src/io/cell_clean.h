/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a cell to a value: exact, or a reason why not. Pure functions; nothing is guessed, and what
 * was cleaned is told. The rules are in docs/internals/workbooks.md.
 *
 *     struct clean_ask ask = {.want = CLEAN_NUMBER, .units = &t, .unit = STR("万元")};
 *     ask.header_unit = clean_header_unit(a, &t, STR("经费（元）"));
 *     cell_clean(a, cell, &ask, &v);
 *
 * Invariants
 *   C1  state CLEAN_VALUE has the member that `want` names, and fault CLEAN_FAULT_OK.
 *   C2  QUESTION and REFUSED have a fault, whose row in cell_fault.def has that state.
 *   C3  A value that differs from what the cell plainly says has a bit in `did`.
 */
#ifndef IO_CELL_CLEAN_H
#define IO_CELL_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/rat.h"
#include "base/str.h"
#include "io/workbook.h"

struct arena;
struct uom_table;

enum clean_want {
    CLEAN_NUMBER, /* number, in the item's unit */
    CLEAN_WHOLE,  /* the same, a whole number */
    CLEAN_DATE,   /* date: a day */
    CLEAN_MONTH,  /* date: the first of a month */
    CLEAN_YEAR,   /* date: the first of a year */
    CLEAN_BOOL,   /* yes */
    CLEAN_CHOICE, /* choice: index into choices */
    CLEAN_CODE,   /* text: all its digits */
    CLEAN_TEXT,   /* text */
    CLEAN__WANTS
};

/* How somebody has answered for a column of percentages. */
enum clean_percent { CLEAN_PERCENT_UNASKED, CLEAN_PERCENT_SHARE, CLEAN_PERCENT_HUNDRED };

struct clean_ask {
    enum clean_want want;
    const struct uom_table *units;
    struct str unit;        /* of the item; may be empty */
    struct str header_unit; /* empty: the header names none, so it is the item's */
    enum clean_percent percent;
    const struct str *choices;
    uint32_t n_choices;
    uint32_t code_digits; /* length of a code, 0: any */
    bool date1904;        /* struct workbook */
    bool csv;             /* from a table of text, where a number cannot but be text */
};

enum clean_state {
    CLEAN_VALUE,
    CLEAN_SILENT,         /* nothing is said; missing, never zero */
    CLEAN_NOT_APPLICABLE, /* said so */
    CLEAN_QUESTION,       /* two readings; somebody has to say which */
    CLEAN_REFUSED
};

enum clean_did {
#define CELL_DID(name, word, en, zh) CLEAN_DID_##name,
#include "io/cell_did.def"
    CLEAN_DID__COUNT
};

enum clean_fault {
    CLEAN_FAULT_OK,
#define CELL_FAULT(name, state, word, en, zh, mend_en, mend_zh) CLEAN_FAULT_##name,
#include "io/cell_fault.def"
    CLEAN_FAULT__COUNT
};

struct clean_value {
    enum clean_state state;
    struct rat number;
    struct date date;
    bool yes;
    uint32_t choice;
    struct str text;
    uint32_t did; /* set of 1 << enum clean_did */
    enum clean_fault fault;
    struct str suggestion; /* what may be meant, the likelier first, " | " between; may be empty */
};

/* cell may be NULL: nothing stands there. */
void cell_clean(struct arena *a, const struct sheet_cell *cell, const struct clean_ask *ask,
                struct clean_value *out);

/*
 * The unit that a header names: in brackets at its end (`经费（万元）`, `占比(%)`), or behind
 * `单位：`. Empty when there is none that the table knows.
 */
struct str clean_header_unit(struct arena *a, const struct uom_table *units, struct str header);

/* Texts of the tables. */
struct clean_words {
    const char *word, *en, *zh;
    const char *mend_en, *mend_zh; /* faults only */
};
struct clean_words clean_did_words(enum clean_did did);
struct clean_words clean_fault_words(enum clean_fault fault);
enum clean_state clean_fault_state(enum clean_fault fault);

#endif
