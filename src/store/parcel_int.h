/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the readers of parcels. */
#ifndef STORE_PARCEL_INT_H
#define STORE_PARCEL_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "store/parcel.h"
#include "store/wire.h"

/* What one place of a body means. */
struct place {
    uint32_t ix; /* item, or field of the register; NONE: not known */
    struct period period;
    bool provisional, disputed;
    struct str definition, point;
    struct str name; /* as stored, for what is left out */
};

struct layout {
    struct place *places;
    uint32_t n;
    uint32_t reg; /* EDIT_ROW; NONE: not known */
    struct str name;
    bool bad;
    bool plain; /* figures that are numbers or booleans, with nothing beside them */
    struct parcel_form form;
};

struct parcel_reader {
    struct arena *a;
    struct arena *l; /* of layouts */
    const struct plan *plan;
    const struct tree *tree;
    struct map items, attributes, regs, titles, relations, events, commitments, kinds;
    struct map layouts; /* name, or where there is none text, -> known */
    VEC(struct layout) known;
    struct str last_layout;        /* the key found last, as neighbours mostly share it */
    uint32_t last_known;           /* its place in known */
    struct parcel_number *numbers; /* room for the figures of a parcel */
    uint32_t n_numbers;
    struct value *fields; /* room for those of a row */
    struct str last_source;
    /* The parcel at work. */
    const struct store_parcel *p;
    const struct parcel_sink *sink;
    struct wire w;
    uint32_t unit; /* NONE: of no unit */
    struct provenance from;
};

/* Of the parcel at work. */
struct layout *parcel_layout(struct parcel_reader *r);

#endif
