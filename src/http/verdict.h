/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What handlers that answer with verdicts share: finding what is asked about, who may see which
 * row, what is told of it.
 */
#ifndef HTTP_VERDICT_H
#define HTTP_VERDICT_H

#include "http/ask.h"

struct plan;
struct tree;
struct verdict;
struct verdict_row;

/* ---- what is asked about -------------------------------------------------------------------- */

/* RC_NOT_FOUND, at the place of the request. */
enum rc verdict_unknown(struct ask *q, const char *at, const char *en, const char *zh);
/* "": NONE. RC_NOT_FOUND. */
enum rc verdict_target(struct ask *q, struct str id, const char *at, uint32_t *out);
enum rc verdict_unit(struct ask *q, const struct tree *tree, struct str code, const char *at,
                     uint32_t *out);
/* Waits until verdicts stand for the commit `since` of the query. RC_BUSY. */
enum rc verdict_reach(struct ask *q);

/* Whether the client has the answer over these rows already (ask_unchanged). pinned: the commit of
 * the version that is looked at. */
bool verdict_unchanged(struct ask *q, int64_t pinned, const struct board_rows *rows);

/* ---- who may see it ------------------------------------------------------------------------- */

/* Remembers by unit what was asked: 0 not asked yet, 1 no, 2 yes. */
struct verdict_eyes {
    struct ask *q;
    const struct tree *tree;
    const struct plan *plan; /* of the rows */
    uint8_t *units;
};

struct verdict_eyes verdict_eyes(struct ask *q, const struct tree *tree);
/* Verdicts of the unit; NONE: those of the root. */
bool verdict_may_unit(struct verdict_eyes *x, uint32_t unit);
/* A verdict on a row of a sealed register names it by its key: it stays in the unit. */
bool verdict_may(struct verdict_eyes *x, const struct verdict_row *r);

/* ---- what is told --------------------------------------------------------------------------- */

/* A figure that may give a sealed count away (C41) is not told. */
bool verdict_is_sealed(const struct plan *p, const struct verdict *v);
/* Takes its figures off it. The amounts of its proposals are copied into the arena. */
void verdict_withhold(struct arena *a, struct verdict *v);
/* n: BOARD_STATES of them. */
void verdict_states_json(struct json *j, const uint32_t *n);

#endif
