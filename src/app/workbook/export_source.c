/* SPDX-License-Identifier: Apache-2.0 */
/* Where the values of a form come from: a round of a book, or the tables of a pack. */
#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"

/* ---- a round --------------------------------------------------------------------------------- */

/* Its kind on the due day; NONE: it does not stand. */
static uint32_t kind_on(const struct tree *t, uint32_t unit, struct date day)
{
    const struct tree_version *x = tree_version_at(t, unit, day);
    return x != NULL ? x->kind : NONE;
}

static bool *told_at(struct desk *d, const struct export_page *p, uint32_t unit)
{
    uint32_t kind = kind_on(d->tree, unit, p->due);
    bool *told = page_told(p, d->a, kind == NONE ? p->kind : kind);
    for (uint32_t i = 0; i < p->n_checks; i++) {
        const struct commitment *k = &p->plan->commitments[p->checks[i]];
        told[i] = told[i] && check_may_tell(d, unit, k, "report.read", false);
    }
    return told;
}

static void values_of(struct desk *d, const struct export_page *p, const struct report *r,
                      struct export_values *out)
{
    const struct tree_version *x = tree_version_at(d->tree, r->unit, p->due);
    struct str code = desk_code(d, r->unit);
    *out =
        (struct export_values){.code = code,
                               .name = x != NULL ? x->name : code,
                               .state = str_from_cstr(report_state_text(r->doc.state, p->chinese)),
                               .seen = r->seen,
                               .cells = r->cells,
                               .before = r->before,
                               .hidden = r->hidden,
                               .explained = &r->doc.explained,
                               .returned = &r->doc.returned,
                               .told = told_at(d, p, r->unit),
                               .demo = r->demo};
}

static enum rc round_values(void *ctx, struct arena *step, uint32_t ix, struct export_values *out,
                            struct err *e)
{
    struct export_round *x = ctx;
    struct desk *d = ARENA_NEW(step, struct desk);
    struct report *r = ARENA_NEW(step, struct report);
    *d = *x->d;
    d->a = step; /* names have an arena of their own, which lasts */
    TRY(report_open_in(d, x->v, x->units[ix], r, e));
    TRY(report_before(d, r, e));
    values_of(d, x->page, r, out);
    return RC_OK;
}

static bool may_read(struct desk *d, const struct round_view *v, uint32_t unit)
{
    return d->may(d->may_ctx, d->actor, "report.read", desk_code(d, unit), round_open_class(d, v));
}

void export_from_units(struct export_round *x, const uint32_t *units, uint32_t n,
                       struct export_source *out)
{
    struct desk *d = x->d;
    bool *told = ARENA_ARRAY(d->a, bool, x->page->n_checks + 1U);
    (void)desk_names(d); /* beside the memory of a unit, which is used again */
    for (uint32_t k = 0; k < x->page->n_checks; k++) {
        told[k] = true;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(d->a);
        const bool *here = told_at(d, x->page, units[i]);
        for (uint32_t k = 0; k < x->page->n_checks; k++) {
            told[k] = told[k] && here[k];
        }
        arena_rewind(d->a, mark);
    }
    x->units = units;
    *out = (struct export_source){.n = n, .told = told, .ctx = x, .values = round_values};
}

enum rc export_from_round(struct export_round *x, uint32_t within, struct export_source *out,
                          struct err *e)
{
    struct desk *d = x->d;
    const struct tree_snap *s = NULL;
    TRY(desk_tree(d, x->v->round.due, &s, e));
    uint32_t top = within == NONE ? 0 : s->index_of[within];
    uint32_t *units = ARENA_ARRAY(d->a, uint32_t, x->v->n_units + 1U);
    uint32_t n = 0;
    uint32_t denied = 0;
    for (uint32_t i = 0; i < x->v->n_units; i++) {
        uint32_t at = s->index_of[x->v->units[i]];
        bool below = top != TREE_NONE && at != TREE_NONE && at >= top && at < s->end[top];
        bool may = below && may_read(d, x->v, x->v->units[i]);
        denied += below && !may;
        if (may) {
            units[n++] = x->v->units[i];
        }
    }
    export_from_units(x, units, n, out);
    if (n > 0) {
        return RC_OK;
    }
    return denied > 0
               ? err_set(e, RC_DENIED, "you may not read these reports", "没有查阅这些报表的权限")
               : err_set(e, RC_NOT_FOUND, "nobody there owes this form",
                         "该范围内没有机构在本轮填报");
}

/* ---- a pack ---------------------------------------------------------------------------------- */

/* Of the versions of a cell, which stand together, the last accepted one. */
static const struct value *known(const struct dataset *data, uint32_t item, uint32_t unit,
                                 struct period period)
{
    const struct value *found = NULL;
    uint32_t lo = 0;
    uint32_t hi = data->n_facts;
    while (lo < hi) { /* D2: by item and unit */
        uint32_t mid = lo + (hi - lo) / 2;
        const struct fact *f = &data->facts[mid];
        bool below = f->item < item || (f->item == item && f->unit < unit);
        lo = below ? mid + 1 : lo;
        hi = below ? hi : mid;
    }
    for (; lo < data->n_facts && data->facts[lo].item == item && data->facts[lo].unit == unit;
         lo++) {
        const struct fact *f = &data->facts[lo];
        if (f->status == ROW_ACCEPTED && period_eq(f->period, period)) {
            found = &f->value;
        }
    }
    return found;
}

static const struct value *all_known(const struct export_pack *x, struct arena *step, uint32_t unit,
                                     const struct period *period)
{
    const struct export_page *p = x->page;
    struct value *out = ARENA_ARRAY(step, struct value, p->n_items + 1U);
    for (uint32_t i = 0; i < p->n_items && period != NULL; i++) {
        const struct value *v = known(x->data, p->items[i], unit, *period);
        out[i] = v != NULL ? *v : (struct value){.has = false};
    }
    return out;
}

static bool made_up(const struct dataset *data)
{
    for (uint32_t i = 0; i < data->n_facts; i++) {
        if (str_eq(data->facts[i].from.source, STR(DEMO_SOURCE))) {
            return true;
        }
    }
    return false;
}

static enum rc pack_values(void *ctx, struct arena *step, uint32_t ix, struct export_values *out,
                           struct err *e)
{
    struct export_pack *x = ctx;
    const struct export_page *p = x->page;
    uint32_t unit = x->units[ix];
    struct period before = p->period;
    bool past = p->has_period && period_prev(before, &before);
    uint32_t kind = kind_on(x->tree, unit, p->today);
    (void)e;
    *out =
        (struct export_values){.code = x->codes[ix],
                               .name = x->names[ix],
                               .cells = all_known(x, step, unit, p->has_period ? &p->period : NULL),
                               .before = all_known(x, step, unit, past ? &before : NULL),
                               .told = page_told(p, step, kind == NONE ? p->kind : kind),
                               .demo = x->demo};
    return RC_OK;
}

enum rc export_from_pack(struct export_pack *x, uint32_t within, bool one,
                         struct export_source *out, struct err *e)
{
    const struct export_page *p = x->page;
    const struct tree_snap *s = NULL;
    TRY(tree_at(p->a, x->tree, p->today, &s, e));
    uint32_t top = s->n == 0 ? TREE_NONE : within == NONE ? 0 : s->index_of[within];
    uint32_t end = top == TREE_NONE ? 0 : one ? top + 1 : s->end[top];
    VEC(uint32_t) units = {0};
    VEC(struct str) codes = {0};
    VEC(struct str) names = {0};
    for (uint32_t i = top; i < end; i++) {
        if (plan_is_a(p->plan, s->kind[i], p->kind)) {
            vec_push(p->a, &units, s->unit[i]);
            vec_push(p->a, &codes, tree_snap_code(s, i));
            vec_push(p->a, &names, tree_snap_name(s, i));
        }
    }
    x->units = units.items;
    x->codes = codes.items;
    x->names = names.items;
    x->demo = made_up(x->data);
    *out = (struct export_source){
        .n = units.n, .told = page_told(p, p->a, p->kind), .ctx = x, .values = pack_values};
    return units.n > 0 ? RC_OK
                       : err_set(e, RC_NOT_FOUND, "no unit there is asked this form",
                                 "该范围内没有须填此表的机构");
}
