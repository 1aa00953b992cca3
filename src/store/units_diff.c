/* SPDX-License-Identifier: Apache-2.0 */
/* An official list of units against the book: what would have to change. */
#include "base/arena.h"
#include "base/err.h"
#include "store/units.h"
#include "store/units_int.h"

struct diff {
    struct arena *a;
    struct units_said said;
    struct date day;
    struct map listed;
    VEC(struct unit_op) ops;
};

static struct unit_op *add(struct diff *x, enum unit_act act, struct str code)
{
    vec_push(x->a, &x->ops, (struct unit_op){.act = act, .day = x->day, .code = code});
    return &vec_last(&x->ops);
}

static void compare(struct diff *x, const struct unit_line *l)
{
    struct str v[UNIT__PROPERTIES];
    if (!units_said_at(&x->said, l->code, x->day, v)) {
        struct unit_op *op = add(x, UNIT_CREATE, l->code);
        op->name = l->name;
        op->kind = l->kind;
        op->parent = l->parent;
        op->alias = l->alias;
        return;
    }
    if (!units_stands(v)) {
        (void)add(x, UNIT_REOPEN, l->code);
    }
    if (!str_eq(v[UNIT_NAME], l->name) || (l->has_alias && !str_eq(v[UNIT_ALIAS], l->alias))) {
        struct unit_op *op = add(x, UNIT_RENAME, l->code);
        op->name = l->name;
        op->alias = l->has_alias ? l->alias : v[UNIT_ALIAS];
    }
    if (!str_eq(v[UNIT_KIND], l->kind)) {
        add(x, UNIT_CHANGE, l->code)->kind = l->kind;
    }
    if (!str_eq(v[UNIT_PARENT], l->parent)) {
        add(x, UNIT_MOVE, l->code)->parent = l->parent;
    }
}

/* By the tree of the day; a cycle, which the book cannot hold, would end with the units. */
static bool is_below(const struct diff *x, struct str code, struct str within)
{
    struct str v[UNIT__PROPERTIES];
    for (uint32_t hops = 0; hops < x->said.units.n; hops++) {
        if (!units_said_at(&x->said, code, x->day, v) || v[UNIT_PARENT].n == 0) {
            return false;
        }
        if (within.n == 0 || str_eq(v[UNIT_PARENT], within)) {
            return true;
        }
        code = v[UNIT_PARENT];
    }
    return false;
}

static void close_missing_units(struct diff *x, struct str within)
{
    for (uint32_t i = 0; i < x->said.units.n; i++) {
        struct str v[UNIT__PROPERTIES];
        struct str code = x->said.units.items[i].code;
        if (!map_get(&x->listed, code, NULL) && units_said_at(&x->said, code, x->day, v) &&
            units_stands(v) && is_below(x, code, within)) {
            (void)add(x, UNIT_CLOSE, code);
        }
    }
}

enum rc units_diff(struct arena *a, const struct units *u, const struct unit_line *lines,
                   uint32_t n, struct date day, bool close_missing, struct str within,
                   const struct unit_op **ops, uint32_t *n_ops, struct err *e)
{
    struct diff x = {.a = a, .said = units_said_of(a, u), .day = day};
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_line *l = &lines[i];
        if (l->code.n == 0 || l->name.n == 0 || l->kind.n == 0) {
            return err_set(e, RC_INPUT, "line %u lacks code, name or kind",
                           "第 %u 行缺少代码、名称或类别", i + 1);
        }
        if (map_get(&x.listed, l->code, NULL)) {
            return err_set(e, RC_INPUT, "line %u repeats the code %.*s", "第 %u 行的代码 %.*s 重复",
                           i + 1, PS(l->code));
        }
        map_put(a, &x.listed, l->code, i);
        compare(&x, l);
    }
    if (close_missing) {
        close_missing_units(&x, within);
    }
    *ops = x.ops.items;
    *n_ops = x.ops.n;
    return RC_OK;
}
