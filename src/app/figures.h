/* SPDX-License-Identifier: Apache-2.0 */
/* Figures printed in a sentence, and the ones a declaration holds. */
#ifndef APP_FIGURES_H
#define APP_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct ast;
struct plan;

struct figure {
    struct str text; /* "93%", "20万" */
    struct rat value;
    bool year;
};
typedef VEC(struct figure) figures;

/*
 * The figures of a canonical sentence: digits with 百 千 万 亿 % ‰. Those of a name are none: after
 * a letter (IPv6), between quotation marks or title marks; so are days and months.
 */
void figures_of_text(struct arena *a, struct str sentence, figures *out);

/* What each commitment holds: its numbers and dates as written, and the years it speaks of. */
struct held {
    const struct plan *plan;
    struct held_numbers *numbers; /* by commitment */
};

void held_make(struct arena *a, const struct plan *p, const struct ast *ast, struct held *out);
bool held_has(const struct held *h, uint32_t commitment, const struct figure *f);

#endif
