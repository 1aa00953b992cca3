/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the explanation: the tree that is printed, and who adds what to it. */
#ifndef APP_EXPLAIN_EXPLAIN_INT_H
#define APP_EXPLAIN_EXPLAIN_INT_H

#include "app/explain/explain.h"
#include "base/arena.h"
#include "base/vec.h"

#define EXPLAIN_DEPTH_MAX 12

struct tree_node {
    struct str text;   /* what it is */
    struct str figure; /* its value as printed */
    struct str source; /* of a fact: source, grade, day, file and line */
    bool missing;
    struct str unit, item; /* of a fact: whose it is, which one (学校.到班带宽, as reports say), */
    struct str round;      /* and the round that it was reported in; empty: in none */
    VEC(struct tree_node *) kids;
};

struct builder {
    const struct explain *x;
    struct arena *a;
    struct printer printer;
    struct pacer *pacer;
    bool failed;
    bool hides; /* below a sum of which a sealed part is small: no sealed part is shown (C41) */
};

/* ---- explain/walk.c: expressions down to facts ---- */
/* A node below parent (NULL: a root). */
struct tree_node *why_node(struct builder *b, struct tree_node *parent, struct str text);
struct str why_join(struct builder *b, struct str x, struct str sep, struct str y);
struct str why_pick(const struct builder *b, const char *zh, const char *en);
/* Whether the figure of a fact of this class at a unit may be shown. */
bool why_may(const struct builder *b, uint32_t unit, enum data_class class_);
/* Of the figure of an expression (C41). */
enum withheld why_withheld(struct builder *b, uint32_t e, uint32_t unit, struct moment m);
/* What stands in place of a figure that may not. */
struct str why_denied(const struct builder *b);
/* Source, grade, day, file and line (of a book: commit) as the source of a node. */
void why_source(struct builder *b, struct tree_node *n, const struct provenance *p);
void why_expression(struct builder *b, struct tree_node *parent, uint32_t e, uint32_t unit,
                    struct moment m, int depth);

/* ---- explain/rows.c: what stands in tables beside the facts ---- */
/* Rows of the register of an aggregate below a unit, each with its fields and source. */
void why_rows(struct builder *b, struct tree_node *parent, const struct expr *x, uint32_t unit,
              struct moment m);
/* Registers and rolls of its population that are not on file (C35). */
void why_unfiled(struct builder *b, struct tree_node *parent, const struct expr *x, uint32_t unit,
                 struct moment m);
/* One row, as the subject of a rule. */
void why_row(struct builder *b, struct tree_node *parent, uint32_t row);
/* The row by which a unit holds a title on a day, as the source of n. */
void why_title(struct builder *b, struct tree_node *n, uint32_t title, uint32_t unit,
               struct date day);
/* Evidence of a task or stages at a unit, or that there is none (C22). */
void why_evidence(struct builder *b, struct tree_node *parent, const struct verdict *v);

#endif
