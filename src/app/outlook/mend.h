/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest change that would mend a verdict: by how much its figure has to move, and what that
 * means for what the figure is made of. Exact; rounded to what can be reported (whole persons,
 * hundredths of 万元) away from what there is, so that the amount that is told is enough (C36).
 *
 *     TRY(mend_of(&asking, &v, &m));
 *
 * Invariants
 *   ME1 A step alone, all else as it is, makes the row satisfied: of NUMERATOR, DENOMINATOR, UNITS
 *       and FIGURE. SILENT and AT_BEST say what silence leaves open.
 *   ME2 Where no amount can be named there is a reason, and no step.
 * Ownership: the arena given.
 */
#ifndef APP_OUTLOOK_MEND_H
#define APP_OUTLOOK_MEND_H

#include "app/print.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "engine/cells.h"
#include "engine/eval.h"

enum mend_sort {
#define STEP(name, word, more_en, more_zh, less_en, less_zh) MEND_##name,
#include "app/outlook/mend.def"
};

enum mend_silence {
#define SILENCE(name, word, en, zh) MEND_SAYS_##name,
#include "app/outlook/mend.def"
};

struct mend_step {
    enum mend_sort sort;
    bool less;
    struct rat exact;  /* what is lacking */
    struct rat amount; /* the same, up to what can be reported */
    uint32_t of;       /* whose figure it is: an expression; of UNITS the kind; NONE: the row's */
};

#define MEND_STEPS_MAX 3

struct mend {
    enum mend_silence silence;
    struct mend_step steps[MEND_STEPS_MAX];
    uint32_t n;
};

struct mend_asking {
    struct printer *printer;
    struct cells *cells;
    const struct evaluator *ev;
    /* Whether facts of this class may be told at the unit; sums over units are verdicts. */
    bool (*may)(void *ctx, uint32_t unit, enum data_class class_);
    void *ctx;
};

/* v: with the units that miss it (live_verdict). RC_LIMIT. */
NODISCARD enum rc mend_of(const struct mend_asking *q, const struct verdict *v, struct mend *out);
/* "numerator"; "" or "open" */
const char *mend_sort_name(enum mend_sort s);
const char *mend_silence_name(enum mend_silence s);
/* The amount in its unit: "12人". */
struct str mend_amount(const struct mend_asking *q, const struct verdict *v,
                       const struct mend_step *s);
/* A sentence of a step; what stands above them, or why there is none. */
struct str mend_says(const struct mend_asking *q, const struct verdict *v,
                     const struct mend_step *s);
struct str mend_why(const struct mend_asking *q, enum mend_silence s);

#endif
