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
#define EDIT(name, member, table, type) EDIT_##name,
#include "model/edit.def"
};
#define EDIT_KINDS (EDIT_FILING + 1)

struct edit {
    enum edit_kind kind;
    union {
// In brackets a name would be no member: NOLINTNEXTLINE(bugprone-macro-parentheses)
#define EDIT(name, member, table, type) struct type member;
#include "model/edit.def"
    } u;
};

#endif
