/* SPDX-License-Identifier: Apache-2.0 */
/* What the public may know. */
#include "app/publish.h"

#include "app/class.h"
#include "app/print.h"
#include "app/seal.h"
#include "model/verdict.h"

/* Rows of these are about a row of a register, or about the data and no promise. */
static bool is_promise(const struct commitment *k)
{
    return k->of_reg == NONE && k->kind != CK_CHECK && k->kind != CK_FORM && k->kind != CK_SAMPLE;
}

enum publish_extent publish_extent(const struct plan *p, uint32_t commitment)
{
    if (!is_promise(&p->commitments[commitment])) {
        return PUBLISH_NEVER;
    }
    enum data_class reads = class_of_commitment(p, commitment);
    return reads == CLASS_SEALED      ? PUBLISH_WORDS
           : reads == CLASS_SENSITIVE ? PUBLISH_COUNTS
                                      : PUBLISH_FIGURES;
}

static bool counts_persons(struct dim d)
{
    d = dim_settle(d);
    return dim_eq(d, dim_of(DIM_PERSON)) || dim_eq(d, dim_of(DIM_PERSON_TIME));
}

static bool is_small(const struct mval *m)
{
    struct rat limit = rat_int(SMALL_COUNT);
    return rat_cmp(m->lo, limit) < 0 || (m->has_value && rat_cmp(m->value, limit) < 0);
}

bool publish_figure(const struct plan *p, enum publish_extent extent, const struct verdict *v)
{
    uint32_t e = print_measure_of(p, v);
    bool number = v->measure.kind == MV_NUMBER && !v->for_all && e != NONE;
    if (v->withheld != SHOWN || (v->measure.flags & MF_SEALED) != 0) {
        return false; /* PU1 holds it back already */
    }
    if (extent == PUBLISH_COUNTS) {
        return number && seal_is_count(p, e) && !is_small(&v->measure);
    }
    return extent == PUBLISH_FIGURES &&
           !(number && counts_persons(p->exprs[e].dim) && is_small(&v->measure));
}
