/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One accepted row on its way into a dataset that is in use. A commit is a list of edits that are
 * seen together or not at all.
 *
 * Invariants
 *   ED1 What holds for the rows of a dataset holds for the row of an edit (D1, D3, D4).
 *   ED2 Edits append: a correction is a later row (C30), a withdrawal a row without value (C38).
 * Ownership: texts and fields of the row are not copied; they live as long as the dataset.
 */
#ifndef MODEL_EDIT_H
#define MODEL_EDIT_H

#include "model/dataset.h"

enum edit_kind {
    EDIT_FACT,
    EDIT_ATTR,
    EDIT_ROW,
    EDIT_TITLE,
    EDIT_RELATION,
    EDIT_ACTIVITY,
    EDIT_EVENT,
    EDIT_EVIDENCE,
    EDIT_FILING
};
#define EDIT_KINDS (EDIT_FILING + 1)

struct edit {
    enum edit_kind kind;
    union {
        struct fact fact;
        struct attr_value attr;
        struct reg_row row;
        struct title_row title;
        struct relation_row relation;
        struct activity activity;
        struct event_row event;
        struct evidence evidence;
        struct filing filing;
    } u;
};

#endif
