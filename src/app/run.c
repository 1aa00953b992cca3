/* SPDX-License-Identifier: Apache-2.0 */
/* How fast a figure has come, and has to come. */
#include "app/run.h"

#include "base/err.h"

static struct rat every(struct arena *a, struct rat way, int32_t days)
{
    return rat_div(a, rat_mul(a, way, rat_int(NEED_DAYS)), rat_int(days));
}

enum rc run_of(struct arena *a, struct pacer *by, const struct verdict *v, struct run *out,
               bool *there)
{
    TRY(judge_pace(by, v, &out->pace, there));
    if (*there) {
        out->observed = every(a, out->pace.done, out->pace.gone);
        out->required = every(a, out->pace.to_go, out->pace.left);
    }
    return RC_OK;
}

void run_print(struct printer *p, const struct verdict *v, const struct run *r,
               struct str *observed, struct str *required)
{
    print_rates(p, v, r->observed, r->required, observed, required);
}

struct str run_base(struct printer *p, const struct verdict *v, const struct run *r)
{
    struct verdict then = *v;
    then.measure = r->pace.base;
    then.has_threshold = false; /* it was not asked then */
    return print_measure(p, &then);
}
