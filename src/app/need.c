/* SPDX-License-Identifier: Apache-2.0 */
/* How far a figure is from what is asked. */
#include "app/need.h"

#include "base/arena.h"
#include "base/json.h"

bool need_goal(const struct verdict *v, struct need *out)
{
    bool above = rat_cmp(v->measure.lo, v->threshold) > 0;
    *out = (struct need){.end = v->threshold, .down = above, .gap = rat_zero(), .pace = rat_zero()};
    out->beyond =
        v->cmp == CMP_GT || v->cmp == CMP_LT || v->cmp == CMP_RISES || v->cmp == CMP_FALLS;
    if (v->for_all || !v->has_threshold || v->measure.kind != MV_NUMBER) {
        return false;
    }
    switch (v->cmp) {
    case CMP_GT:
    case CMP_RISES:
    case CMP_GE:
    case CMP_REACH:
    case CMP_BARE:
    case CMP_NEVER_FALLS:
        out->down = false;
        break;
    case CMP_LT:
    case CMP_FALLS:
    case CMP_LE:
    case CMP_NEVER_RISES:
        out->down = true;
        break;
    case CMP_ABOUT:
    case CMP_BETWEEN:
        out->end = above ? v->threshold2 : v->threshold; /* the nearer end */
        break;
    case CMP_EQ:
        break;
    case CMP_NONE:
    case CMP_NE:
        return false;
    }
    return !rat_is_inf(out->end);
}

bool need_of(struct arena *a, const struct verdict *v, struct date today, struct need *out)
{
    const struct mval *m = &v->measure;
    if (v->withheld != SHOWN || !need_goal(v, out) || (m->flags & MF_ROOT) != 0 ||
        rat_is_inf(m->lo) || !rat_eq(m->lo, m->hi)) {
        return false;
    }
    out->gap = out->down ? rat_sub(a, m->lo, out->end) : rat_sub(a, out->end, m->lo);
    out->days = v->due.days - today.days; /* as a light counts them (C42) */
    out->has_days = !date_is_sentinel(v->due) && out->days > 0;
    if (out->has_days) {
        out->pace = rat_div(a, rat_mul(a, out->gap, rat_int(NEED_DAYS)), rat_int(out->days));
    }
    return rat_sign(out->gap) > 0;
}

void need_json(struct json *j, struct printer *p, const struct verdict *v, const struct need *n)
{
    json_obj_begin(j);
    json_kv_str(j, "exact", rat_frac_str(p->a, n->gap));
    json_kv_str(j, "text", print_enough(p, v, n->gap));
    json_key(j, "days");
    if (n->has_days) {
        json_int(j, n->days);
    } else {
        json_null(j);
    }
    json_kv_str(j, "pace", n->has_days ? print_enough(p, v, n->pace) : STR(""));
    json_obj_end(j);
}
