/* SPDX-License-Identifier: Apache-2.0 */
/* Rights at a unit, or at those above it. */
#include "http/right.h"

#include "base/arena.h"
#include "base/err.h"

static bool allows(struct ask *q, const char *operations, struct str unit, enum data_class class_)
{
    struct str rest = str_from_cstr(operations);
    struct str one = STR("");
    while (str_split(&rest, ' ', &one)) {
        if (ask_allows(q, str_to_cstr(q->a, one), unit, class_)) {
            return true;
        }
    }
    return false;
}

static bool allows_above(struct ask *q, const char *operations, struct str unit,
                         enum data_class class_)
{
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t id = 0;
    uint32_t at = tree_unit_of_code(t->tree, unit, &id) ? t->index_of[id] : TREE_NONE;
    while (at != TREE_NONE && !allows(q, operations, tree_snap_code(t, at), class_)) {
        at = t->parent[at];
    }
    return at != TREE_NONE;
}

enum rc right_ask(struct ask *q, struct right right, struct str unit, enum data_class class_)
{
    bool may = right.above ? allows_above(q, right.operations, unit, class_)
                           : allows(q, right.operations, unit, class_);
    return may ? RC_OK
               : err_set(&q->e, RC_DENIED, "you hold no seat that may do this: %s",
                         "您没有可以办理此事的岗位：%s", right.operations);
}
