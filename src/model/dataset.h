/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts as loaded: every table of a pack and its data folders, bound to the plan and
 * the unit tree. Rows keep their history: nothing is chosen by as-of here (the engine does).
 *
 * Invariants
 *   D1  Every index is valid in the plan or tree it names; unknown names never get this far.
 *   D2  facts are sorted by (item, unit, period, recorded, line); two facts of the same unit, item,
 *       period and recorded day never disagree.
 *   D3  Numbers are scaled by the item's unit and lie within its bounds; absent values withdraw.
 *   D4  Dates are complete: an empty from is DATE_MIN, an empty to or end is DATE_MAX, an unknown
 *       recorded day is DATE_MIN.
 * Ownership: one arena; immutable once bound; may be shared by threads.
 */
#ifndef MODEL_DATASET_H
#define MODEL_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/rat.h"
#include "base/str.h"
#include "model/period.h"
#include "model/tree.h"
#include "model/value.h"

/* Where a row came from, for explanations and findings. */
struct provenance {
    uint32_t file; /* index in dataset.files */
    uint32_t line;
    struct str source;
    char grade; /* 'A'..'D', 0: none */
    struct date recorded;
};

enum row_status { ROW_ACCEPTED, ROW_SUBMITTED, ROW_RETURNED, ROW_DRAFT, ROW_WITHDRAWN };

struct fact {
    uint32_t unit, item;
    struct period period;
    struct value value;
    enum row_status status;
    bool provisional, disputed;
    struct str definition; /* empty: the item's version in force */
    struct str point;      /* empty: the item's time point */
    struct provenance from;
};

struct attr_value {
    uint32_t unit, attribute;
    struct value value;
    struct date since, until; /* both inclusive (C23) */
    struct provenance from;
};

struct reg_row {
    uint32_t reg, owner;
    struct str id; /* empty: not versioned */
    bool dated;    /* happened on `day`; otherwise in force since..until */
    struct date day, since, until;
    struct date revoked; /* first day no longer valid (C23) */
    enum row_status status;
    const struct packed_value *fields; /* n_fields of the register, in its order */
    struct provenance from;
};

static inline struct value reg_row_value(const struct reg_row *r, uint32_t i)
{
    return value_unpack(&r->fields[i]);
}

struct title_row {
    uint32_t title, unit;
    struct date since, until, revoked;
    enum row_status status;
    struct provenance from;
};

struct relation_row {
    uint32_t relation, a, b;
    struct date since, until, ended;
    bool confirmed;
    struct provenance from;
};

struct activity {
    uint32_t relation, a, b;
    struct date day;
    struct provenance from;
};

struct event_row {
    uint32_t event;
    struct date day;
    struct provenance from;
};

struct evidence {
    uint32_t commitment;
    uint32_t stage; /* NONE: the whole */
    uint32_t unit;
    struct date day;
    struct str document;
    struct provenance from;
};

struct filing {
    uint32_t reg;  /* of a register; else NONE */
    uint32_t form; /* a commitment, or NONE */
    uint32_t roll; /* of the units of a kind below `unit`; else NONE */
    uint32_t unit;
    struct period period;
    bool nil;
    struct provenance from;
};

struct figures; /* model/figures.h */

struct dataset {
    const struct tree *tree;
    const struct figures *figures; /* known ever since, without rows of their own; NULL: none */
    const struct str *files;
    const struct fact *facts;
    const struct attr_value *attrs;
    const struct reg_row *rows;
    const struct title_row *titles;
    const struct relation_row *relations;
    const struct activity *activities;
    const struct event_row *events;
    const struct evidence *evidence;
    const struct filing *filings;
    uint32_t n_files, n_facts, n_attrs, n_rows, n_titles, n_relations, n_activities, n_events,
        n_evidence, n_filings;
};

#endif
