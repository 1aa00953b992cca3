/* SPDX-License-Identifier: Apache-2.0 */
/* Private to src/app/adopt. */
#ifndef APP_ADOPT_ADOPT_INT_H
#define APP_ADOPT_ADOPT_INT_H

#include "app/adopt/adopt.h"

/* The document that keeps a version's texts; its body "" when it is too large. */
struct str adopt_texts_subject(struct arena *a, struct str digest);
struct str adopt_texts_write(struct arena *a, const struct pack *p);
struct str adopt_version_write(struct arena *a, const struct adopt_version *v);

/* ---- compare.c ------------------------------------------------------------------------------ */

/* What a thing of the next plan would mean differently; its name "": nothing. */
struct adopt_change {
    struct str b[2]; /* English, Chinese */
};

/* By index of the next plan. */
struct adopt_changes {
    struct adopt_change *items, *attributes, *regs, *fields, *titles, *relations;
    bool any;  /* one of them is not empty */
    bool gone; /* something that rows name is gone, or another value is gone */
};
void adopt_compare(struct adopt_trial *t, struct adopt_changes *out);
/* `kind.name`, and of fields `register.name` */
struct str adopt_item_name(struct arena *a, const struct plan *p, uint32_t item);
struct str adopt_attribute_name(struct arena *a, const struct plan *p, uint32_t i);
struct str adopt_field_name(struct arena *a, const struct plan *p, uint32_t i);

/* ---- use.c ---------------------------------------------------------------------------------- */

/* What the rows of the book up to t->upto have of things that are gone or changed. */
struct adopt_rows *adopt_rows_new(struct adopt_trial *t);
NODISCARD enum rc adopt_use(struct adopt_trial *t, const struct tree *tree, struct err *e);

#endif
