/* SPDX-License-Identifier: Apache-2.0 */
/* What tables are asked for, and the answers that people have given beforehand. */
#include "app/workbook/import.h"

#include "app/report/desk.h"
#include "base/err.h"

void import_ask_items(struct arena *a, const struct plan *p, uint32_t form, const uint32_t *items,
                      uint32_t n, struct import_asked *out)
{
    const struct datum **datums = ARENA_ARRAY(a, const struct datum *, n + 1U);
    struct str *ids = ARENA_ARRAY(a, struct str, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        const struct item *x = &p->items[items[i]];
        datums[i] = &x->d;
        ids[i] = str_cat(a, p->kinds[x->kind].name, STR("."));
        ids[i] = str_cat(a, ids[i], x->d.name);
    }
    out->plan = p;
    out->datums = datums;
    out->ids = ids;
    out->n_datums = n;
    out->title = p->commitments[form].name;
    out->form = p->commitments[form].id;
    out->kind = p->kinds[p->commitments[form].of_kind].name;
    out->within = NONE;
}

enum rc import_ask_round(struct desk *d, const struct round_view *v, struct import_asked *out,
                         struct err *e)
{
    TRY(import_allow(d, v, e));
    import_ask_items(d->a, d->plan, v->form, v->item, v->round.n_items, out);
    out->ids = v->round.items;
    out->round = v->round.id;
    out->tree = d->tree;
    out->units = v->units;
    out->n_units = v->n_units;
    out->period = v->round.period;
    return desk_tree(d, v->round.due, &out->snap, e);
}

static bool asks(struct arena *a, const struct import_asked *q, struct str item)
{
    bool known = false;
    for (uint32_t k = 0; k < q->n_datums; k++) {
        known |= str_eq(import_fold(a, q->datums[k]->name), import_fold(a, item));
    }
    return known;
}

enum rc import_answers(struct arena *a, const struct import_asked *q, struct err *e)
{
    for (uint32_t i = 0; i < q->n_match + q->n_percent; i++) {
        bool percent = i >= q->n_match;
        struct str rest = percent ? q->percent[i - q->n_match] : q->match[i];
        struct str name = STR("");
        (void)str_split(&rest, '=', &name);
        struct str item = percent ? name : rest;
        if (!asks(a, q, item)) {
            return err_set(e, RC_INPUT, "the form has no item %.*s", "报表没有数据项“%.*s”",
                           PS(item));
        }
        if (percent && !str_eq(rest, STR("share")) && !str_eq(rest, STR("hundred"))) {
            return err_set(e, RC_INPUT, "say share or hundred behind %.*s",
                           "须在“%.*s”之后写 share 或 hundred", PS(name));
        }
    }
    return RC_OK;
}
