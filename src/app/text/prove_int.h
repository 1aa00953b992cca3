/* SPDX-License-Identifier: Apache-2.0 */
/* Private to proofs: which things of the plan the words around a figure name. */
#ifndef APP_TEXT_PROVE_INT_H
#define APP_TEXT_PROVE_INT_H

#include "app/text/prove.h"
#include "base/map.h"

/* A thing that has a figure: an item, or a commitment with a measure. */
struct thing {
    struct str name; /* canonical */
    uint32_t pairs;  /* different pairs of neighbouring characters in it */
    bool item;
    uint32_t ix;
    struct dim dim;
};

typedef VEC(uint32_t) thing_ids;

struct names {
    struct arena *a;
    const struct answer *answer;
    VEC(struct thing) things;
    struct map pairs;     /* a pair of characters -> which */
    VEC(thing_ids) which; /* things with it */
    struct map units;     /* name or alias -> unit; TREE_NONE: several */
    uint32_t longest;     /* bytes of a unit's name */
    uint32_t *hits;       /* by thing, of the text being matched */
};

void names_init(struct arena *a, const struct answer *x, struct names *out);
/* The things that text names best and whose dimension the figure may have (NULL: any); none: empty.
 */
void names_find(struct names *n, struct str text, const struct dim *dim, thing_ids *out);
/* Whether the short name of a thing may be but the end of a longer one in the text. */
bool names_loose(const struct thing *t, struct str text);
/* The unit named last in a text, and how long its name is there; TREE_NONE: none. */
uint32_t names_unit(const struct names *n, struct str text, struct date day, uint32_t *bytes);

#endif
