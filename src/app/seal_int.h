/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the sealing of small counts: nodes, sums, and who shows what. */
#ifndef APP_SEAL_INT_H
#define APP_SEAL_INT_H

#include "app/seal.h"
#include "base/map.h"
#include "base/vec.h"

/* One sealed count: what (its family), where and when. */
struct seal_node {
    uint32_t family;
    uint32_t unit;
    struct date day; /* of the tree */
    struct rat size;
    bool small, hidden;
};

struct seal_uses {
    VEC(uint32_t) list; /* nodes */
};

/* A total over time, and what it adds up at the same unit. */
struct seal_sum {
    uint32_t total; /* node */
    VEC(uint32_t) parts;
};

enum seal_place { PLACE_MEASURE, PLACE_REQUIRED, PLACE_ALTERNATIVE, PLACE_PROPOSAL };

/* A figure of a row. */
struct seal_shown {
    uint32_t row;
    enum seal_place place;
    uint32_t k; /* which alternative or proposal */
    bool count; /* the figure is itself a count */
    struct seal_uses uses;
};

struct seal {
    struct arena *a;
    const struct plan *plan;
    struct cells *cells;
    const struct evaluator *ev;
    bool failed;
    struct map families;  /* key -> number */
    struct map_u64 index; /* family << 32 | unit -> node */
    VEC(struct seal_node) nodes;
    VEC(struct seal_sum) sums;
    VEC(struct seal_shown) shown;
};

/* ---- seal.c ---- */
struct str seal_item_key(struct seal *x, uint32_t item, struct period period);
uint32_t seal_node(struct seal *x, struct str key, uint32_t unit, struct date day, struct rat size,
                   bool small);
void seal_shows(struct seal *x, uint32_t e, uint32_t unit, struct moment m, struct seal_uses *out);
enum withheld seal_verdict(const struct seal *x, const struct seal_uses *u, bool count);

#endif
