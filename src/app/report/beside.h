/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report beside others: how far it is from the period before, and from what units of its kind
 * near it say; for who reviews it.
 *
 *     struct report_peers *peers = ARENA_ARRAY(a, struct report_peers, r.round.round.n_items);
 *     TRY(report_peers(&d, &r, 20, peers, e));
 *
 * Invariants
 *   RB1 Only accepted figures are looked at; who is silent is counted as such and nothing else.
 *   RB2 Figures of others are told together or not at all: of `least` of them or more.
 *   RB3 A sealed item is held against nobody's.
 */
#ifndef APP_REPORT_BESIDE_H
#define APP_REPORT_BESIDE_H

#include "app/report/desk.h"

/* What others of the kind say of one item. */
struct report_peers {
    uint32_t area;        /* the nearest unit above with enough of them; NONE: there is none */
    struct period period; /* that of the round, or the one before where too few have said that */
    uint32_t n_units;     /* of the kind in that area (NONE: in all), but the unit itself */
    uint32_t n;           /* of them, with a figure */
    struct rat at[3];     /* of numbers: lower quartile, median, upper quartile */
    uint32_t n_yes;       /* of booleans */
};
/* Numbers and booleans that are not sealed (RB3). */
bool report_compares(const struct desk *d, const struct report *r, uint32_t item);
/* One of each item of the round; of what is not compared it says nothing. */
NODISCARD enum rc report_peers(struct desk *d, const struct report *r, uint32_t least,
                               struct report_peers *out, struct err *e);
/*
 * Where a number lies: far-below, below, within, above, far-above of the middle half; far is more
 * than three times its width away. "" where nothing is said.
 */
struct str report_place(struct arena *a, const struct report_peers *p, const struct value *v);
/* Differences to the period before, of numbers that are both known: in the declared unit, and (""
 * of percentages, and where nothing was there) in percent. */
struct report_change {
    struct str by, percent;
};
struct report_change report_change(const struct desk *d, const struct report *r, uint32_t item);

#endif
