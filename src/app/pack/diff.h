/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two packs, or two versions of one: what is declared differently, and which verdicts change with
 * it on the same facts.
 *
 * Declarations are compared by sort and id, property by property, in canonical words: order,
 * files, spelling and comments make no difference. Several clauses of one commitment are paired:
 * equal ones first, the others in their order.
 *
 * Invariants
 *   DF1 Equal packs give no change; swapping the packs swaps added with removed, from with to.
 *   DF2 Changes come by sort, then id, then part; verdicts in order of the first pack, then what
 *       only the second has.
 * Ownership: the arena; the plans must outlive it.
 */
#ifndef APP_PACK_DIFF_H
#define APP_PACK_DIFF_H

#include "app/answer.h"
#include "app/load/load.h"

struct csv_writer;
struct json;

enum diff_sort {
#define SORT(name, en, zh) DIFF_##name,
#include "app/pack/diff.def"
    DIFF__SORTS
};

enum diff_prop {
#define PROP(name, en, zh) PROP_##name,
#include "app/pack/diff.def"
    DIFF__PROPS
};

enum diff_kind { DIFF_REMOVED, DIFF_ADDED, DIFF_CHANGED };

struct diff_change {
    enum diff_sort sort;
    struct str id, name;
    struct str part; /* a clause, definition, stage or action within it; empty: itself */
    enum diff_kind kind;
    enum diff_prop prop; /* CHANGED */
    struct str from, to; /* CHANGED; else what was removed or added, in `from` or `to` */
};

struct diff_changes {
    VEC(struct diff_change) list;
};

/* A row that one of the packs has otherwise or not at all. */
struct diff_row {
    const struct verdict *a, *b; /* NULL: no such row */
};

/* Facts that only one of the plans can read, by what is not known there. */
struct diff_foreign {
    int pack; /* that cannot read them: 0 the first, 1 the second */
    enum load_fault fault;
    struct str name;
    struct str file; /* of the first of them */
    uint32_t line, n;
};

struct diff {
    struct arena *a;
    const struct plan *plan[2];
    bool chinese;
    uint32_t width; /* of text; 0: as wide as it gets */
    struct diff_changes changes;
    bool judged; /* there were facts */
    struct answer answer[2];
    VEC(struct diff_row) rows;
    VEC(struct diff_foreign) foreign;
};

/* Fills changes. */
void diff_plans(struct diff *d);
/* Fills rows, from both answers. */
void diff_verdicts(struct diff *d);
/*
 * Fills foreign. What neither plan can read is no difference but a fault: it is added to
 * `faults` of the first.
 */
void diff_facts(struct diff *d, const struct problems left_out[2], struct problems *faults);
bool diff_is_empty(const struct diff *d);

const char *diff_sort_name(enum diff_sort s, bool chinese);
const char *diff_prop_name(enum diff_prop p, bool chinese);

void diff_text(const struct diff *d, struct buf *out);
void diff_json(const struct diff *d, struct buf *out);
/* What is declared differently, alone. */
void diff_changes_text(const struct diff *d, struct buf *out);
/* The member `changes` of an open object. */
void diff_changes_json(const struct diff *d, struct json *j);
void diff_csv(const struct diff *d, struct csv_writer *w);

#endif
