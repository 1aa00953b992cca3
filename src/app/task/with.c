/* SPDX-License-Identifier: Apache-2.0 */
/* Co-owners of tasks, and who sees which task. */
#include "app/report/report_int.h"
#include "app/task/task.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/cells.h"

static bool is_below(const struct tree_snap *s, uint32_t i, uint32_t of)
{
    return i >= of && i < s->end[of];
}

static bool names(const struct desk *d, const struct task_roll *roll, const struct co_owner *w,
                  uint32_t owner, uint32_t i)
{
    const struct tree_snap *s = roll->tree;
    if (w->list != NONE) {
        return cells_listed(roll->cells, w->list, s->unit[i]);
    }
    return w->kind != NONE && plan_is_a(d->plan, s->kind[i], w->kind) && owner != TREE_NONE &&
           (is_below(s, i, owner) || is_below(s, owner, i));
}

/* i: index in the tree. */
static bool shares(const struct desk *d, const struct task_line *t, uint32_t i)
{
    const struct commitment *k = &d->plan->commitments[t->commitment];
    uint32_t owner = t->roll->tree->index_of[t->unit];
    bool found = false;
    for (uint32_t w = 0; i != owner && !found && w < k->n_with; w++) {
        found = names(d, t->roll, &k->with[w], owner, i);
    }
    return found;
}

bool task_shares(const struct desk *d, const struct task_line *t, uint32_t unit)
{
    uint32_t i = t->roll->tree->index_of[unit];
    return i != TREE_NONE && shares(d, t, i);
}

struct task_units task_sharers(struct desk *d, const struct task_line *t)
{
    struct task_units out = {0};
    const struct commitment *k = &d->plan->commitments[t->commitment];
    bool units = false;
    for (uint32_t w = 0; w < k->n_with; w++) {
        units = units || k->with[w].kind != NONE || k->with[w].list != NONE;
    }
    for (uint32_t i = 0; units && i < t->roll->tree->n; i++) {
        if (shares(d, t, i)) {
            vec_push(d->a, &out.list, t->roll->tree->unit[i]);
        }
    }
    return out;
}

/* ---- who sees what -------------------------------------------------------------------------- */

struct seeing {
    struct desk *d;
    int8_t *may; /* by unit; 0: not asked yet, 1: yes, -1: no */
};

static bool may_read(struct seeing *s, uint32_t unit)
{
    struct desk *d = s->d;
    if (s->may[unit] == 0) {
        bool may = d->may(d->may_ctx, d->actor, "task.read", desk_code(d, unit), CLASS_INTERNAL);
        s->may[unit] = may ? 1 : -1;
    }
    return s->may[unit] > 0;
}

/* As owner, or else as co-owner. */
static bool sees(struct seeing *s, const struct task_line *t, uint32_t unit, bool *shared)
{
    *shared = false;
    if ((unit == NONE || unit == t->unit) && may_read(s, t->unit)) {
        return true;
    }
    *shared = true;
    if (unit != NONE) {
        return task_shares(s->d, t, unit) && may_read(s, unit);
    }
    struct task_units all = task_sharers(s->d, t);
    bool found = false;
    for (uint32_t i = 0; !found && i < all.list.n; i++) {
        found = may_read(s, all.list.items[i]);
    }
    return found;
}

enum rc task_seen(struct desk *d, const struct task_lines *all, uint32_t unit,
                  struct task_lines *out, struct err *e)
{
    struct str asked = unit != NONE ? desk_code(d, unit) : STR("");
    struct seeing s = {d, ARENA_ARRAY(d->a, int8_t, d->tree->n_units + 1U)};
    bool any = d->may(d->may_ctx, d->actor, "task.read", asked, CLASS_INTERNAL);
    *out = (struct task_lines){0};
    for (uint32_t i = 0; i < all->list.n; i++) {
        struct task_line t = all->list.items[i];
        if (sees(&s, &t, unit, &t.shared)) {
            vec_push(d->a, &out->list, t);
            any = true;
        }
    }
    /* Who may look anywhere is told that there is nothing; others that they may not look. */
    for (uint32_t u = 0; !any && unit == NONE && u < d->tree->n_units; u++) {
        any = may_read(&s, u);
    }
    return any ? RC_OK : desk_allow_at(d, "task.read", asked, CLASS_INTERNAL, e);
}
