/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book of demonstration with people in it: the generated region (demo.h), accounts of every role
 * with one password that everybody may know, rounds to fill in, and one report that waits for its
 * review. For a service that is looked at (`tizhi serve --demo`), never for data that count.
 *
 *     struct demo_town t = {.a = a, .pack = &pack, .store = store, .reader = reader, .now = now};
 *     TRY(demo_town_fill(&t, e));
 *
 * Invariants
 *   DT1 A book that has users already is not touched: RC_CONFLICT.
 *   DT2 Everything is done by the use cases that people use, with their rights.
 */
#ifndef APP_DEMO_TOWN_H
#define APP_DEMO_TOWN_H

#include <stdint.h>

#include "app/pack/pack.h"
#include "app/seat/roster.h"
#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "store/store.h"

#define DEMO_PASSWORD "Grassland-2026"

struct demo_town {
    struct arena *a;
    const struct pack *pack; /* with the tables of the region */
    struct store *store;
    struct store_reader *reader;
    int64_t now; /* microseconds since 1970 */
};

NODISCARD enum rc demo_town_fill(struct demo_town *t, struct err *e);
/* The users that a demonstration may have, from the root down, then the administrators; NULL: no
 * more.
 */
const char *demo_town_user(uint32_t i);

#endif
