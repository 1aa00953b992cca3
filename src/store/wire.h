/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads JSON as base/json.h writes it into the book: without spaces, strictly. Damage sets the
 * sticky `bad`, after which everything is empty; look once, at the end.
 *
 *     struct wire w = wire_of(body);
 *     wire_open(&w);
 *     while (wire_more(&w)) { struct str s = wire_text(a, &w); ... }
 *     if (!wire_done(&w)) { damaged }
 *
 * The writer is base/json.h.
 */
#ifndef STORE_WIRE_H
#define STORE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/str.h"

struct arena;

struct wire {
    const char *p, *end;
    bool fresh; /* just behind an opening bracket */
    bool bad;
};

struct wire wire_of(struct str json);
/* `[` */
void wire_open(struct wire *w);
/* Whether another item of the array follows; takes the comma or the closing bracket. */
bool wire_more(struct wire *w);
/* An array ends here. */
void wire_close(struct wire *w);
/* All was read and was right. */
bool wire_done(const struct wire *w);

/* Takes a null if there is one. */
bool wire_null(struct wire *w);
bool wire_is_text(const struct wire *w);
/* Views the input where nothing is escaped, else lies in a. */
struct str wire_text(struct arena *a, struct wire *w);
int64_t wire_int(struct wire *w);
bool wire_bool(struct wire *w);
/* A whole number, or "p/q" in quotes. */
struct rat wire_rat(struct arena *a, struct wire *w);

#endif
