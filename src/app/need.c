/* SPDX-License-Identifier: Apache-2.0 */
/* How far a figure is from what is asked. */
#include "app/need.h"

#include "base/arena.h"
#include "base/json.h"

/* Which end is to be reached, and whether from above; false: the way is not told by one figure. */
static bool goal(const struct verdict *v, struct rat *end, bool *down)
{
    *end = v->threshold;
    *down = rat_cmp(v->measure.lo, v->threshold) > 0;
    switch (v->cmp) {
    case CMP_GE:
    case CMP_REACH:
    case CMP_BARE:
    case CMP_GT:
    case CMP_NEVER_FALLS:
    case CMP_RISES:
        *down = false;
        return true;
    case CMP_LE:
    case CMP_LT:
    case CMP_NEVER_RISES:
    case CMP_FALLS:
        *down = true;
        return true;
    case CMP_ABOUT:
    case CMP_BETWEEN:
        *end = *down ? v->threshold2 : v->threshold; /* the nearer end */
        return true;
    case CMP_EQ:
        return true;
    case CMP_NONE:
    case CMP_NE:
        break;
    }
    return false;
}

bool need_of(struct arena *a, const struct verdict *v, struct date today, struct need *out)
{
    const struct mval *m = &v->measure;
    struct rat end = rat_zero();
    bool down = false;
    *out = (struct need){.gap = rat_zero(), .pace = rat_zero()};
    if (v->withheld != SHOWN || v->for_all || !v->has_threshold || m->kind != MV_NUMBER ||
        (m->flags & MF_ROOT) != 0 || rat_is_inf(m->lo) || !rat_eq(m->lo, m->hi) ||
        rat_is_inf(v->threshold) || !goal(v, &end, &down) || rat_is_inf(end)) {
        return false;
    }
    out->gap = down ? rat_sub(a, m->lo, end) : rat_sub(a, end, m->lo);
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
    json_kv_str(j, "text", print_figure(p, v, n->gap, NULL));
    json_key(j, "days");
    if (n->has_days) {
        json_int(j, n->days);
    } else {
        json_null(j);
    }
    json_kv_str(j, "pace", n->has_days ? print_figure(p, v, n->pace, NULL) : STR(""));
    json_obj_end(j);
}
