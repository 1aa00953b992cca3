/* SPDX-License-Identifier: Apache-2.0 */
/* Detectors over versions of figures, titles, and rows of registers. */
#include <stdlib.h>

#include "app/class.h"
#include "app/inspect/inspect_int.h"
#include "app/inspect/stat.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ---- changed long afterwards ----------------------------------------------------------------- */

static bool same_cell(const struct fact *x, const struct fact *y)
{
    return x->item == y->item && x->unit == y->unit && period_eq(x->period, y->period);
}

static void ask_late(struct grid *g, const struct fact *first, const struct fact *last)
{
    const struct datum *d = &g->plan->items[first->item].d;
    char text[PERIOD_TEXT_BYTES];
    int32_t days = last->from.recorded.days - first->from.recorded.days;
    double was = rat_to_double(first->value.num);
    double is = rat_to_double(last->value.num);
    if (d->type != VT_NUMBER || days < inspect_param(PARAM_LATE_DAYS) ||
        fabs(is - was) <= inspect_param(PARAM_LATE_CHANGE) * fabs(was)) {
        return;
    }
    struct asked q = {.detector = DETECTOR_LATE_EDIT,
                      .unit = first->unit,
                      .what = d->name,
                      .period = str_dup(g->a, period_text(first->period, text)),
                      .weight = days,
                      .class_ = d->class_,
                      .a = BOTH(datum_text(g->a, d, is)),
                      .b = BOTH(datum_text(g->a, d, was)),
                      .c = BOTH(count_text(g->a, (uint64_t)days))};
    inspect_ask(g, &q);
}

/* What it says of the cell is what counts, and it has no day yet. */
static bool in_draft(const struct grid *g, const struct fact *f)
{
    for (uint32_t i = 0; i < g->wish.n_draft; i++) {
        if (same_cell(&g->wish.draft[i], f)) {
            return true;
        }
    }
    return false;
}

/* The first and the last version of each cell (D2). */
static void look_at_versions(struct grid *g, const struct fact *facts, uint32_t n)
{
    const struct fact *first = NULL;
    const struct fact *last = NULL;
    for (uint32_t i = 0; i <= n; i++) {
        const struct fact *f = i < n ? &facts[i] : NULL;
        if (first != NULL && (f == NULL || !same_cell(first, f))) {
            if (last != first && !in_draft(g, first)) {
                ask_late(g, first, last);
            }
            first = NULL;
        }
        if (f != NULL && f->status == ROW_ACCEPTED && f->value.has && inspect_seen(g, &f->from) &&
            !date_is_sentinel(f->from.recorded)) {
            first = first == NULL ? f : first;
            last = f;
        }
    }
}

enum rc inspect_late(struct grid *g, struct err *e)
{
    if (g->wish.history == NULL) {
        look_at_versions(g, g->data->facts, g->data->n_facts);
        return RC_OK;
    }
    bool one = g->wish.unit != NONE;
    uint32_t end = one ? g->wish.unit + 1 : g->tree->n_units;
    for (uint32_t u = one ? g->wish.unit : 0; u < end; u++) {
        const struct fact *facts = NULL;
        uint32_t n = 0;
        TRY(g->wish.history(g->wish.ctx, u, &facts, &n, e));
        look_at_versions(g, facts, n);
    }
    return RC_OK;
}

/* ---- titles just before the end of a year -----------------------------------------------------
 */

struct burst {
    uint32_t n, late;
};

static bool is_granted(const struct grid *g, const struct title_row *t)
{
    return t->status == ROW_ACCEPTED && inspect_seen(g, &t->from) && !date_is_sentinel(t->since) &&
           date_cmp(t->since, g->wish.as_of) <= 0;
}

static bool is_late(struct date day)
{
    int32_t left = date_year_end(date_year(day)).days - day.days;
    return left < inspect_param(PARAM_BURST_DAYS);
}

static uint32_t root_of(const struct grid *g)
{
    const struct tree *t = g->tree;
    for (uint32_t i = 0; i < t->n_versions; i++) {
        const struct tree_version *v = &t->versions[i];
        if (v->parent.n == 0 && date_cmp(v->from, g->wish.as_of) <= 0 &&
            date_cmp(g->wish.as_of, v->to) <= 0) {
            return v->unit;
        }
    }
    return NONE;
}

static void ask_burst(struct grid *g, uint32_t title, int32_t year, struct burst b, double usual)
{
    uint32_t *about = ARENA_ARRAY(g->a, uint32_t, b.late + 1U);
    struct rat expected = rat_frac((int64_t)round(usual * b.n * 10), 10);
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->data->n_titles; i++) {
        const struct title_row *t = &g->data->titles[i];
        if (t->title == title && is_granted(g, t) && date_year(t->since) == year &&
            is_late(t->since)) {
            about[n++] = t->unit;
        }
    }
    struct asked q = {.detector = DETECTOR_TITLE_BURST,
                      .unit = root_of(g),
                      .what = g->plan->titles[title].name,
                      .period = rat_frac_str(g->a, rat_int(year)),
                      .weight = -log(stat_tail(b.n, b.late, usual)),
                      .about = about,
                      .n_about = n,
                      .a = BOTH(count_text(g->a, b.late)),
                      .b = BOTH(count_text(g->a, b.n)),
                      .c = BOTH(count_text(g->a, (uint64_t)inspect_param(PARAM_BURST_DAYS))),
                      .d = BOTH(rat_dec_str(g->a, expected, 1, NULL))};
    if (q.unit != NONE) {
        inspect_ask(g, &q);
    }
}

/* The usual rate: an even one, moved by what the other years of the title show. */
static void burst_of(struct grid *g, uint32_t title, const struct burst *years, uint32_t n,
                     int32_t first)
{
    const double weight = 30; /* titles that the even rate is worth */
    struct burst all = {0};
    for (uint32_t y = 0; y < n; y++) {
        all.n += years[y].n;
        all.late += years[y].late;
    }
    for (uint32_t y = 0; y < n; y++) {
        const struct burst *b = &years[y];
        double even = inspect_param(PARAM_BURST_DAYS) / 365;
        double usual = (all.late - b->late + weight * even) / (all.n - b->n + weight);
        bool over = date_cmp(date_year_end(first + (int32_t)y), g->wish.as_of) <= 0;
        if (over && b->late >= inspect_param(PARAM_BURST_MIN) &&
            stat_tail(b->n, b->late, usual) <= inspect_param(PARAM_BURST_CHANCE)) {
            ask_burst(g, title, first + (int32_t)y, *b, usual);
        }
    }
}

void inspect_titles(struct grid *g)
{
    const uint32_t n_years = 50; /* up to the day */
    int32_t first = date_year(g->wish.as_of) - (int32_t)n_years + 1;
    size_t n = (size_t)g->plan->n_titles * n_years;
    struct burst *all = ARENA_ARRAY(g->a, struct burst, n + 1);
    for (uint32_t i = 0; i < g->data->n_titles; i++) {
        const struct title_row *t = &g->data->titles[i];
        if (is_granted(g, t) && date_year(t->since) >= first) {
            size_t at = t->title * (size_t)n_years + (size_t)(date_year(t->since) - first);
            all[at].n++;
            all[at].late += is_late(t->since);
        }
    }
    for (uint32_t t = 0; t < g->plan->n_titles; t++) {
        burst_of(g, t, &all[t * (size_t)n_years], n_years, first);
    }
}

/* ---- keys ----------------------------------------------------------------------------------- */

struct holding {
    const struct reg_row *row;
    struct str key;
    struct date from, to;
};

struct holdings {
    VEC(struct holding) list;
};

static struct str value_text(struct grid *g, const struct value *v)
{
    return v->text.n > 0 ? v->text : rat_frac_str(g->a, v->num);
}

/* "": some key field is blank. */
static struct str key_of(struct grid *g, const struct reg_row *row)
{
    const struct reg *r = &g->plan->regs[row->reg];
    struct str key = STR("");
    for (uint32_t i = 0; i < r->n_fields; i++) {
        if (!g->plan->fields[r->first_field + i].key) {
            continue;
        }
        const struct value v = reg_row_value(row, i);
        if (!v.has) {
            return STR("");
        }
        key = key.n > 0 ? str_cat(g->a, key, STR(" ")) : key;
        key = str_cat(g->a, key, value_text(g, &v));
    }
    return key;
}

static struct date later(struct date x, struct date y)
{
    return date_cmp(x, y) > 0 ? x : y;
}

static struct date earlier(struct date x, struct date y)
{
    return date_cmp(x, y) < 0 ? x : y;
}

/* A day, unless the row says that it lasted. */
static struct holding holding_of(struct grid *g, const struct reg_row *row)
{
    bool lasts = !row->dated || !date_is_sentinel(row->since) || !date_is_sentinel(row->until);
    struct date to = lasts ? row->until : row->day;
    struct date end = date_is_sentinel(row->revoked) ? to : date_add_days(row->revoked, -1);
    return (struct holding){row, key_of(g, row), lasts ? row->since : row->day, earlier(end, to)};
}

static int version_cmp(const void *p, const void *q)
{
    const struct holding *x = p;
    const struct holding *y = q;
    int c = (x->row->reg > y->row->reg) - (x->row->reg < y->row->reg);
    c = c != 0 ? c : (x->row->owner > y->row->owner) - (x->row->owner < y->row->owner);
    c = c != 0 ? c : str_cmp(x->row->id, y->row->id);
    c = c != 0 ? c : date_cmp(x->row->from.recorded, y->row->from.recorded);
    return c != 0 ? c : (x->row > y->row) - (x->row < y->row);
}

static int key_cmp(const void *p, const void *q)
{
    const struct holding *x = p;
    const struct holding *y = q;
    int c = (x->row->reg > y->row->reg) - (x->row->reg < y->row->reg);
    c = c != 0 ? c : str_cmp(x->key, y->key);
    c = c != 0 ? c : date_cmp(x->from, y->from);
    return c != 0 ? c : (x->row > y->row) - (x->row < y->row);
}

static void sort(struct holdings *h, int (*cmp)(const void *, const void *))
{
    if (h->list.n > 1) {
        qsort(h->list.items, h->list.n, sizeof *h->list.items, cmp);
    }
}

static bool same_row(const struct reg_row *x, const struct reg_row *y)
{
    return x->id.n > 0 && x->reg == y->reg && x->owner == y->owner && str_eq(x->id, y->id);
}

/* Of several versions of a row the last, and only when it stands. */
static void keep_standing(struct holdings *h)
{
    uint32_t n = 0;
    struct holding *list = h->list.items;
    sort(h, version_cmp);
    for (uint32_t i = 0; i < h->list.n; i++) {
        bool replaced = i + 1 < h->list.n && same_row(list[i].row, list[i + 1].row);
        if (!replaced && list[i].key.n > 0) {
            list[n++] = list[i];
        }
    }
    h->list.n = n;
}

static void take_holdings(struct grid *g, struct holdings *h)
{
    for (uint32_t i = 0; i < g->data->n_rows; i++) {
        const struct reg_row *row = &g->data->rows[i];
        bool counts = row->status == ROW_ACCEPTED || row->status == ROW_WITHDRAWN;
        if (counts && inspect_seen(g, &row->from) &&
            class_of_rows(g->plan, row->reg) != CLASS_SEALED) {
            struct holding x = holding_of(g, row);
            x.key = row->status == ROW_WITHDRAWN ? STR("") : x.key;
            vec_push(g->a, &h->list, x);
        }
    }
    keep_standing(h);
    sort(h, key_cmp);
}

/* At two owners in one year is enough, where rows are of a day. */
static bool meet(const struct holding *x, const struct holding *y)
{
    bool days = date_cmp(x->from, x->to) == 0 && date_cmp(y->from, y->to) == 0;
    if (days && x->row->owner != y->row->owner) {
        return date_year(x->from) == date_year(y->from);
    }
    return date_cmp(x->from, y->to) <= 0 && date_cmp(y->from, x->to) <= 0;
}

/* Holdings of one key in one register: [from, to). */
struct run {
    uint32_t from, to;
};

static struct run run_at(const struct holdings *h, uint32_t i)
{
    const struct holding *x = &h->list.items[i];
    struct run r = {i, i + 1};
    while (r.to < h->list.n && h->list.items[r.to].row->reg == x->row->reg &&
           str_eq(h->list.items[r.to].key, x->key)) {
        r.to++;
    }
    return r;
}

/* The first that meets holding i: of the same owner and behind it, or of another one. NONE. */
static uint32_t met(const struct holdings *h, struct run r, uint32_t i, bool same)
{
    const struct holding *x = &h->list.items[i];
    for (uint32_t j = same ? i + 1 : r.from; j < r.to; j++) {
        const struct holding *y = &h->list.items[j];
        if (j != i && meet(x, y) && (x->row->owner == y->row->owner) == same) {
            return j;
        }
    }
    return NONE;
}

static bool any_met(const struct holdings *h, struct run r, bool same)
{
    for (uint32_t i = r.from; i < r.to; i++) {
        if (met(h, r, i, same) != NONE) {
            return true;
        }
    }
    return false;
}

/* By register: keys, and those that stand twice at one owner or at several. */
struct usual {
    uint32_t n, twice[2];
};

static struct str day_text(struct grid *g, struct date day)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(day) ? STR("…") : str_dup(g->a, date_text(day, text));
}

static struct asked asked_of(struct grid *g, const struct holding *x, enum detector detector)
{
    struct date day = date_is_sentinel(x->from) ? g->wish.as_of : x->from;
    return (struct asked){.detector = detector,
                          .unit = x->row->owner,
                          .what = str_dup(g->a, x->key), /* the row may go */
                          .period = rat_frac_str(g->a, rat_int(date_year(day))),
                          .weight = 1,
                          .class_ = class_of_rows(g->plan, x->row->reg),
                          .a = BOTH(g->plan->regs[x->row->reg].name)};
}

static void ask_overlap(struct grid *g, const struct holdings *h, struct run r)
{
    for (uint32_t i = r.from; i < r.to; i++) {
        uint32_t j = met(h, r, i, true);
        if (j != NONE) {
            const struct holding *x = &h->list.items[i];
            const struct holding *y = &h->list.items[j];
            struct asked q = asked_of(g, x, DETECTOR_OVERLAP);
            SAY(&q, b, day_text(g, later(x->from, y->from)));
            SAY(&q, c, day_text(g, earlier(x->to, y->to)));
            inspect_ask(g, &q);
            return; /* one question a key and owner at a time is enough */
        }
    }
}

/* Each owner is asked, and told of the others. */
static void ask_double(struct grid *g, const struct holdings *h, struct run r,
                       const struct usual *usual)
{
    for (uint32_t i = r.from; i < r.to; i++) {
        const struct holding *x = &h->list.items[i];
        uint32_t *about = ARENA_ARRAY(g->a, uint32_t, r.to - r.from);
        uint32_t n = 0;
        for (uint32_t j = r.from; j < r.to; j++) {
            const struct holding *y = &h->list.items[j];
            bool known = false;
            for (uint32_t k = 0; k < n; k++) {
                known |= about[k] == y->row->owner;
            }
            if (y->row->owner != x->row->owner && meet(x, y) && !known) {
                about[n++] = y->row->owner;
            }
        }
        if (n > 0) {
            struct asked q = asked_of(g, x, DETECTOR_DOUBLE_KEY);
            q.about = about; /* where a person is besides, the tier above knows */
            q.n_about = q.class_ <= CLASS_INTERNAL ? n : 0;
            SAY(&q, b, count_text(g->a, n));
            SAY(&q, c, count_text(g->a, usual->n / usual->twice[0]));
            inspect_ask(g, &q);
        }
    }
}

static bool is_rare(const struct usual *u, bool same)
{
    return u->twice[same] <= 3 || u->twice[same] <= inspect_param(PARAM_KEY_SHARE) * u->n;
}

void inspect_keys(struct grid *g)
{
    struct holdings h = {0};
    struct usual *usual = ARENA_ARRAY(g->a, struct usual, g->plan->n_regs + 1U);
    take_holdings(g, &h);
    for (uint32_t pass = 0; pass < 2; pass++) { /* how usual it is, then who is asked */
        for (uint32_t i = 0; i < h.list.n;) {
            struct run r = run_at(&h, i);
            struct usual *u = &usual[h.list.items[i].row->reg];
            for (uint32_t same = 0; same < 2 && r.to - r.from > 1; same++) {
                bool twice = any_met(&h, r, same != 0);
                u->twice[same] += pass == 0 && twice;
                if (pass == 1 && twice && is_rare(u, same != 0)) {
                    if (same != 0) {
                        ask_overlap(g, &h, r);
                    } else {
                        ask_double(g, &h, r, u);
                    }
                }
            }
            u->n += pass == 0;
            i = r.to;
        }
    }
}
