/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers in three formats: the rows of eval, and the commitments of list
 * (docs/plan-language.md, section 9).
 */
#ifndef APP_ANSWER_H
#define APP_ANSWER_H

#include "app/pack/pack.h"
#include "app/print.h"
#include "model/verdict_row.h"

struct csv_writer;

struct json;

struct answer {
    struct arena *a;
    const struct plan *plan;
    const struct tree *tree;
    struct date as_of;
    struct verdicts verdicts;
    bool chinese;
    uint32_t width; /* text: columns of the terminal, 0: unbounded */
    bool decided;   /* text: only rows that are met, missed or n/a, without rules that do not fire
                      and checks that hold; the counts are of all */
};

void answer_json(const struct answer *x, struct buf *out);
/* The members of one verdict, inside an object; lists: with the units of it (C09). */
void answer_verdict_json(struct json *j, const struct answer *x, const struct verdict *v,
                         bool lists);
void answer_csv(const struct answer *x, struct csv_writer *w);
/* A table (app/table.h), with the counts per state below. */
void answer_text(const struct answer *x, struct buf *out);
/*
 * The cells of one row of it: target, part, unit, year, state, light, measure, required, reported,
 * flags.
 */
#define ANSWER_COLUMNS 10
void answer_cells(const struct answer *x, struct printer *p, const struct verdict *v,
                  struct str out[ANSWER_COLUMNS]);
/* One sentence per finding. */
void answer_findings(const struct answer *x, struct buf *out);
/* The member `flags` of a verdict, inside an object. */
void answer_flags_json(struct json *j, uint32_t flags);
struct str answer_unit_name(const struct tree *t, uint32_t unit, struct date day);

void list_json(const struct plan *p, struct arena *a, struct buf *out);
/* The rows of one commitment as an array, in words for people. */
void list_rows_json(const struct plan *p, struct arena *a, uint32_t commitment, bool chinese,
                    struct json *j);
/* words: for people, as list_text has them. */
void list_csv(const struct plan *p, struct arena *a, bool words, bool chinese,
              struct csv_writer *w);
void list_text(const struct plan *p, struct arena *a, bool chinese, uint32_t width,
               struct buf *out);

#endif
