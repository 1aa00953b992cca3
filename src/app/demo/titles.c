/* SPDX-License-Identifier: Apache-2.0 */
/* Titles and register rows of one unit: drawn, then (mended and) written. */
#include <math.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"

#define ROWS_A_YEAR 2.0 /* of an owner and register, on average */
#define TITLE_SHARE 0.2 /* of the eligible */

/* ---- titles --------------------------------------------------------------------------------- */

static struct demo_held drawn_title(struct demo_year *w, uint32_t title)
{
    const struct plan *p = w->d->plan;
    const struct demo_figure *f = &w->d->titles[title];
    struct rng r = demo_rng(w->d, str_cat(w->d->a, w->u->code, p->titles[title].name), 6);
    int32_t years = p->last_year - p->baseline_year + 1;
    struct demo_held none = {.held = false, .since = DATE_MAX, .revoked = DATE_MAX};
    double share = f->given ? f->yes + f->trend * (years - 1) : TITLE_SHARE;
    if ((p->titles[title].kind != NONE && !plan_is_a(p, w->u->kind, p->titles[title].kind)) ||
        !demo_chance(&r, share + 0.5 * share * (1 - share) * w->u->quality)) {
        return none;
    }
    bool before = f->given && demo_chance(&r, f->yes / fmax(share, 1e-9));
    int32_t year =
        before ? p->baseline_year : p->baseline_year + (int32_t)rng_below(&r, (uint64_t)years);
    struct demo_held t = {true, demo_in_year(&r, year, 60, 270), DATE_MAX};
    t.revoked = demo_chance(&r, 0.03) ? date_add_days(t.since, 300) : DATE_MAX;
    return demo_stands(w->u, t.since) ? t : none;
}

void demo_draw_titles(struct demo_year *w)
{
    for (uint32_t t = 0; t < w->d->plan->n_titles; t++) {
        w->titles[t] = drawn_title(w, t);
    }
}

void demo_write_titles(struct demo_year *w)
{
    struct demo *d = w->d;
    for (uint32_t t = 0; t < d->plan->n_titles; t++) {
        const struct demo_held *x = &w->titles[t];
        if (!x->held) {
            continue;
        }
        const struct str fields[] = {d->plan->titles[t].name, w->u->code,
                                     demo_day(d, x->since),   STR(""),
                                     demo_day(d, x->revoked), demo_day(d, x->since),
                                     STR("示例数据"),         STR("D")};
        d->sum->titles += demo_row(d, TABLE_titles, fields, sizeof fields / sizeof *fields);
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

static double drawn_number(const struct datum *x, const struct demo_figure *f, struct rng *r)
{
    double lo = rat_is_inf(x->lo) ? 0 : rat_to_double(x->lo);
    double hi = rat_is_inf(x->hi) ? 0 : rat_to_double(x->hi);
    double factor = rat_to_double(x->factor);
    if (f->given) {
        return demo_rounded(x, f->mean * factor * (1 + f->spread * demo_normal(r)));
    }
    hi = hi > lo ? hi : dim_is_none(x->dim) ? 1 : 60 * factor;
    return demo_rounded(x, lo + (hi - lo) * (0.3 + 0.7 * demo_uniform(r)));
}

static double drawn_field(struct demo_year *w, uint32_t field, struct rng *r)
{
    const struct datum *x = &w->d->plan->fields[field].d;
    const struct demo_figure *f = &w->d->fields[field];
    switch (x->type) {
    case VT_BOOL:
        return demo_chance(r, f->given ? f->yes + f->trend * (w->year - w->d->plan->baseline_year)
                                       : 0.8);
    case VT_CHOICE:
        return (double)rng_below(r, x->n_choices > 0 ? x->n_choices : 1);
    case VT_NUMBER:
        return drawn_number(x, f, r);
    case VT_DATE:
        return (double)rng_below(r, 365);
    case VT_TEXT:
        break;
    }
    return 0;
}

static struct str drawn_text(struct demo *d, const struct demo_unit *u, struct rng *r)
{
    struct str number = rat_frac_str(d->a, rat_int((int64_t)rng_below(r, 900000) + 100000));
    return str_cat(d->a, str_cat(d->a, STR("示例-"), u->code), str_cat(d->a, STR("-"), number));
}

static struct demo_entry draw_row(struct demo_year *w, uint32_t reg, struct rng *r)
{
    struct demo *d = w->d;
    const struct reg *g = &d->plan->regs[reg];
    struct demo_entry row = {
        .reg = reg, .date = demo_in_year(r, w->year, 0, 365), .from = DATE_MIN, .to = DATE_MIN};
    row.num = ARENA_ARRAY(d->a, double, g->n_fields + 1);
    row.text = ARENA_ARRAY(d->a, struct str, g->n_fields + 1);
    for (uint32_t f = 0; f < g->n_fields; f++) {
        bool text = d->plan->fields[g->first_field + f].d.type == VT_TEXT;
        row.num[f] = drawn_field(w, g->first_field + f, r);
        row.text[f] = text ? drawn_text(d, w->u, r) : STR("");
    }
    return row;
}

struct demo_entry *demo_add_row(struct demo_year *w, uint32_t reg)
{
    struct rng r = demo_rng(w->d, w->u->code, 8500 + w->rows.n);
    vec_push(w->d->a, &w->rows, draw_row(w, reg, &r));
    return &w->rows.items[w->rows.n - 1];
}

void demo_draw_rows(struct demo_year *w)
{
    struct demo *d = w->d;
    vec_clear(&w->rows);
    for (uint32_t g = 0; g < d->plan->n_regs; g++) {
        const struct demo_figure *f = &d->regs[g];
        struct rng r =
            demo_rng(d, str_cat(d->a, w->u->code, d->plan->regs[g].name), 8000 + (uint64_t)w->year);
        double mean =
            f->given ? f->mean * w->u->size * (1 + f->trend * (w->year - d->plan->baseline_year))
                     : ROWS_A_YEAR;
        bool here = w->year >= d->rows_from[g] &&
                    plan_is_a(d->plan, w->u->kind, d->plan->regs[g].owner_kind);
        double n = here ? floor(2 * fmax(mean, 0) * demo_uniform(&r) + 0.5) : 0;
        for (; n > 0; n--) {
            struct demo_entry row = draw_row(w, g, &r);
            if (demo_stands(w->u, row.date)) {
                vec_push(d->a, &w->rows, row);
            }
        }
    }
    w->rows_known = true;
}

static void write_row(struct demo_year *w, const struct demo_entry *row)
{
    struct demo *d = w->d;
    const struct reg *g = &d->plan->regs[row->reg];
    struct str *fields = ARENA_ARRAY(d->a, struct str, COL_rows__COUNT + d->plan->n_fields);
    uint32_t n = COL_rows__COUNT;
    for (uint32_t i = 0; i < COL_rows__COUNT + d->plan->n_fields; i++) {
        fields[i] = STR("");
    }
    fields[COL_rows_register] = g->name;
    fields[COL_rows_owner] = w->u->code;
    bool span = !date_is_sentinel(row->from);
    fields[COL_rows_date] = span ? STR("") : demo_day(d, row->date);
    fields[COL_rows_from] = demo_day(d, row->from);
    fields[COL_rows_to] = demo_day(d, row->to);
    fields[COL_rows_recorded] = demo_day(d, date_add_days(row->date, 10));
    fields[COL_rows_source] = STR("示例数据");
    fields[COL_rows_grade] = STR("D");
    for (uint32_t f = 0; f < g->n_fields; f++) {
        const struct datum *x = &d->plan->fields[g->first_field + f].d;
        fields[d->columns[g->first_field + f]] =
            x->type == VT_TEXT ? row->text[f] : demo_text(d, x, row->num[f], w->year);
    }
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        n = d->columns[f] + 1 > n ? d->columns[f] + 1 : n;
    }
    d->sum->rows += demo_row(d, TABLE_rows, fields, n);
}

void demo_write_rows(struct demo_year *w)
{
    for (uint32_t i = 0; i < w->rows.n; i++) {
        if (!w->rows.items[i].gone) {
            write_row(w, &w->rows.items[i]);
        }
    }
}
