/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of tables to items of a form, to units, and to the words around them. Nothing is taken by
 * likeness: a text is a name, folded, or it is refused with what may be meant
 * (docs/internals/import.md, decisions 2 to 5).
 *
 *     struct import_names *n = import_names_new(a, &asked);
 *     struct import_label label;
 *     import_label(a, n, STR("（3）在校生数（人）"), &label);     // 在校生数, unit 人
 *     struct import_column c = import_item(a, n, &label, 1);
 *     struct import_whom w = import_unit(a, n, STR("赛罕区 第一小学"), NONE);
 *
 * Ownership: what import_names_new makes lies in its arena; answers in the arena of the call.
 */
#ifndef APP_WORKBOOK_IMPORT_NAME_H
#define APP_WORKBOOK_IMPORT_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "model/plan.h"
#include "model/tree.h"

struct arena;

/* What is asked, of whom. */
struct import_asked {
    const struct plan *plan;
    const struct tree *tree;
    const struct tree_snap *snap;      /* of the day on which the units stand */
    const struct datum *const *datums; /* items of the form, or fields of the register */
    const struct str *ids;             /* of each: `kind.item`; NULL: none */
    uint32_t n_datums;
    struct str title;      /* of the form or register */
    struct str form;       /* its id */
    struct str round;      /* "": none */
    struct str kind;       /* of the units */
    const uint32_t *units; /* who owes */
    uint32_t n_units;
    struct period period;
    uint32_t within; /* only units below this one, and it; NONE: all */
    /* Answers: a header means an item; how a column of percentages is written. */
    const struct str *match; /* `header=item` */
    uint32_t n_match;
    const struct str *percent; /* `item=share`, `item=hundred` */
    uint32_t n_percent;
};

enum import_word {
    IMPORT_UNIT,
    IMPORT_CODE,
    IMPORT_AREA,
    IMPORT_MEASURE,
    IMPORT_EITHER,
    IMPORT_ITEM,
    IMPORT_VALUE,
    IMPORT_PERIOD,
    IMPORT_ASIDE,
    IMPORT_SUM,
    IMPORT_GENERAL,
    IMPORT_BEFORE,
    IMPORT_NOTE,
    IMPORT_SIGN
};
#define IMPORT_BIT(word) (1U << IMPORT_##word)

struct import_names;

struct import_names *import_names_new(struct arena *a, const struct import_asked *asked);
const struct import_asked *import_asked_of(const struct import_names *n);

/* Without white space and punctuation, ordinary widths, small letters; 第十二 as 第12. */
struct str import_fold(struct arena *a, struct str text);

/* A header or label taken apart. */
struct import_label {
    struct str shown;   /* as written, in one line */
    struct str key;     /* folded, without number of a list, unit and remarks in brackets */
    struct str whole;   /* folded, with all of it */
    struct str measure; /* unit of measure behind it; "": none */
    uint32_t words;     /* set of IMPORT_BIT: what words the key is */
    bool item;          /* the name of an item, whatever stands above it */
    bool timed;         /* names a period … */
    bool now;           /* … the one that is asked */
};
/* `text` must live as long as *out. */
void import_label(struct arena *a, const struct import_names *n, struct str text,
                  struct import_label *out);

enum import_column_is {
    IMPORT_COLUMN_UNKNOWN, /* no item */
    IMPORT_COLUMN_ITEM,
    IMPORT_COLUMN_OTHER,   /* an item, of another period */
    IMPORT_COLUMN_MANY,    /* several items bear the name */
    IMPORT_COLUMN_NARROWED /* what stands above an item's name may narrow it */
};
struct import_column {
    enum import_column_is is;
    uint32_t datum;     /* ITEM, OTHER, NARROWED: which */
    bool loose;         /* told: without 人数 or 数 */
    struct str measure; /* of the lowest label that has one */
};
/* The name of an item that is most like it; "": none. */
struct str import_item_near(const struct import_names *n, struct str text);
/* path: labels from the top down. */
struct import_column import_item(struct arena *a, const struct import_names *n,
                                 const struct import_label *path, uint32_t n_path);

enum import_whom_is {
    IMPORT_WHOM_NONE,
    IMPORT_WHOM_ONE,
    IMPORT_WHOM_MANY,     /* units: those of the name, with codes */
    IMPORT_WHOM_NOT_ASKED /* a unit, but not one that owes */
};
struct import_whom {
    enum import_whom_is is;
    uint32_t unit;
    bool former;       /* told: by a name it had */
    bool partly;       /* told: without or with the name of a unit above, or as its office */
    struct str others; /* MANY: "A (1), B (2)" */
};
/* By code or name, below the unit `area` where one is named. */
struct import_whom import_unit(struct arena *a, const struct import_names *n, struct str text,
                               uint32_t area);
/* The name or code that is most like it, of who owes; "": none. Slow: for what is told. */
struct str import_unit_near(const struct import_names *n, struct str text);
/* A unit that has units below it, by its name; NONE. */
uint32_t import_area(struct arena *a, const struct import_names *n, struct str text);
bool import_below(const struct import_names *n, uint32_t unit, uint32_t area);
struct str import_unit_name(const struct import_names *n, uint32_t unit);

/* Years that a text names: which is asked, and whether others are. */
struct import_years {
    bool any, now;
};
struct import_years import_years_of(struct arena *a, const struct import_names *n, struct str text);

#endif
