/* SPDX-License-Identifier: Apache-2.0 */
/* A report beside the period before and beside its peers. */
#include "app/report/beside.h"

#include "app/answer.h"
#include "app/inspect/inspect.h"
#include "base/arena.h"
#include "http/do/report.h"
#include "http/handlers.h"

struct beside {
    struct desk d;
    struct report r;
    const struct report_peers *peers;
    struct json j;
};

static void text_if(struct json *j, const char *key, struct str s)
{
    if (s.n > 0) {
        json_kv_str(j, key, s);
    }
}

/* Quarters of whole numbers are exact; of others no more places are told than they have. */
static struct str figure(const struct desk *d, const struct datum *of, struct rat x)
{
    uint32_t decimals = of->decimals > 2 ? of->decimals : 2;
    return rat_dec_str(d->a, rat_div(d->a, x, of->factor), (int)decimals, NULL);
}

static void found_json(struct beside *x, const struct report_peers *p, uint32_t item)
{
    static const char *const names[] = {"low", "middle", "high"};
    const struct datum *of = &x->d.plan->items[x->r.round.item[item]].d;
    json_kv_str(&x->j, "area", desk_code(&x->d, p->area));
    json_kv_str(&x->j, "area_name", answer_unit_name(x->d.tree, p->area, x->d.today));
    if (of->type == VT_BOOL) {
        json_kv_int(&x->j, "yes", p->n_yes);
        return;
    }
    for (uint32_t k = 0; k < 3; k++) {
        json_kv_str(&x->j, names[k], figure(&x->d, of, p->at[k]));
    }
    text_if(&x->j, "place", report_place(x->d.a, p, &x->r.cells[item]));
}

static void peers_json(struct beside *x, uint32_t item)
{
    char period[PERIOD_TEXT_BYTES];
    const struct report_peers *p = &x->peers[item];
    json_key(&x->j, "peers");
    json_obj_begin(&x->j);
    json_kv_str(&x->j, "period", period_text(p->period, period));
    json_kv_int(&x->j, "units", p->n_units);
    json_kv_int(&x->j, "said", p->n);
    if (p->area != NONE) {
        found_json(x, p, item);
    }
    json_obj_end(&x->j);
}

static void item_json(struct beside *x, uint32_t item)
{
    const struct report_change c = report_change(&x->d, &x->r, item);
    json_obj_begin(&x->j);
    json_kv_str(&x->j, "item", x->r.round.round.items[item]);
    text_if(&x->j, "before", report_cell_text(&x->d, &x->r, item, &x->r.before[item]));
    text_if(&x->j, "by", c.by);
    text_if(&x->j, "percent", c.percent);
    if (report_compares(&x->d, &x->r, item)) {
        peers_json(x, item);
    }
    json_obj_end(&x->j);
}

enum rc do_report_beside(struct ask *q)
{
    struct beside *x = ARENA_NEW(q->a, struct beside);
    uint32_t least = (uint32_t)inspect_param(PARAM_PEERS_MIN);
    TRY(ask_report(q, &x->d, &x->r));
    TRY(report_before(&x->d, &x->r, &q->e));
    struct report_peers *peers =
        ARENA_ARRAY(q->a, struct report_peers, x->r.round.round.n_items + 1U);
    TRY(report_peers(&x->d, &x->r, least, peers, &q->e));
    x->peers = peers;
    ask_json(q, &x->j);
    json_kv_day(&x->j, "as_of", x->d.today);
    json_kv_int(&x->j, "seen", x->r.seen);
    json_kv_int(&x->j, "least", least);
    json_key(&x->j, "items");
    json_arr_begin(&x->j);
    for (uint32_t i = 0; i < x->r.round.round.n_items; i++) {
        item_json(x, i);
    }
    json_arr_end(&x->j);
    json_obj_end(&x->j);
    json_end(&x->j);
    return RC_OK;
}
