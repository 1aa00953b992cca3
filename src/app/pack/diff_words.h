/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan as a list of what is declared, each with its properties in canonical words
 * (app/pack/diff.h). Ownership: the arena.
 */
#ifndef APP_PACK_DIFF_WORDS_H
#define APP_PACK_DIFF_WORDS_H

#include "app/pack/diff.h"

struct facet {
    enum diff_prop prop;
    struct str text;
};

struct entity {
    enum diff_sort sort;
    struct str id, name;
    struct str group; /* those of one sort, id and group are alternatives of one another */
    struct str part;  /* as shown */
    VEC(struct facet) facets;
};

struct entities {
    VEC(struct entity) list;
};

void diff_words(struct arena *a, const struct plan *p, bool chinese, struct entities *out);

#endif
