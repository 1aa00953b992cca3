/* SPDX-License-Identifier: Apache-2.0 */
/* Planted patterns: who, in which figures, and the line of the answer key. */
#include <math.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"

static const char *const names[DEMO_PATTERN__COUNT] = {[DEMO_COPIED] = "copied",
                                                       [DEMO_BUNCHED] = "bunched",
                                                       [DEMO_SHRUNK] = "shrunk",
                                                       [DEMO_LATE_EDIT] = "late_edit",
                                                       [DEMO_ALL_GOOD] = "all_good",
                                                       [DEMO_TITLE_BURST] = "title_burst",
                                                       [DEMO_DOUBLE_KEY] = "double_key",
                                                       [DEMO_OVERLAP] = "overlap",
                                                       [DEMO_SLIP] = "slip",
                                                       [DEMO_HEAPED] = "heaped",
                                                       [DEMO_ZEROED] = "zeroed",
                                                       [DEMO_MOVED] = "moved"};

bool demo_pattern_of(struct str name, uint32_t *out)
{
    for (*out = 0; *out < DEMO_PATTERN__COUNT; ++*out) {
        if (str_eq(name, str_from_cstr(names[*out]))) {
            return true;
        }
    }
    return false;
}

/* ---- who ------------------------------------------------------------------------------------ */

/* Units whose kind says what the pattern is about. */
static bool could(const struct demo *d, const struct demo_fraud *f, const struct demo_unit *u)
{
    const struct plan *p = d->plan;
    uint32_t kind = f->of.item != NONE    ? f->of.kind
                    : f->of.title != NONE ? p->titles[f->of.title].kind
                    : f->of.reg != NONE   ? p->regs[f->of.reg].owner_kind
                                          : NONE;
    return u->made && u->fraud == NONE && date_cmp(u->from, DATE_MIN) == 0 &&
           date_cmp(u->to, DATE_MAX) == 0 && (kind == NONE || plan_is_a(p, u->kind, kind));
}

static uint64_t lot(const struct demo *d, uint32_t fraud, const struct demo_unit *u)
{
    struct rng r = demo_rng(d, u->code, 5000 + fraud);
    return rng_u64(&r);
}

/* Two in one area, so that the second one has what the first one lacks. */
static bool in_one_area(const struct demo_fraud *f)
{
    return f->pattern == DEMO_MOVED;
}

static bool could_be_paired(const struct demo *d, const struct demo_fraud *f,
                            const struct demo_unit *u)
{
    for (uint32_t i = 0; i < d->units.n; i++) {
        const struct demo_unit *x = &d->units.items[i];
        if (x != u && x->parent == u->parent && could(d, f, x)) {
            return true;
        }
    }
    return false;
}

/* The unit with the smallest lot among those that are free; first: of its pair, or NULL. NONE:
 * nobody is left. */
static uint32_t next_one(const struct demo *d, uint32_t fraud, const struct demo_unit *first)
{
    const struct demo_fraud *f = &d->frauds.items[fraud];
    uint32_t best = NONE;
    for (uint32_t i = 0; i < d->units.n; i++) {
        const struct demo_unit *u = &d->units.items[i];
        bool fits = could(d, f, u) && (first == NULL || u->parent == first->parent) &&
                    (best == NONE || lot(d, fraud, u) < lot(d, fraud, &d->units.items[best]));
        if (fits && (first != NULL || !in_one_area(f) || could_be_paired(d, f, u))) {
            best = i;
        }
    }
    return best;
}

/* Made units only, each for one pattern. */
void demo_choose_frauds(struct demo *d)
{
    for (uint32_t f = 0; f < d->frauds.n; f++) {
        const struct demo_fraud *x = &d->frauds.items[f];
        bool paired = x->pattern == DEMO_DOUBLE_KEY || in_one_area(x);
        const struct demo_unit *last = NULL;
        for (uint32_t n = 0; n < (x->count & (paired ? ~1U : ~0U)); n++) {
            uint32_t i = next_one(d, f, in_one_area(x) && n % 2 != 0 ? last : NULL);
            if (i == NONE) {
                break;
            }
            d->units.items[i].fraud = f;
            d->units.items[i].nth = n;
            last = &d->units.items[i];
        }
    }
}

const struct demo_fraud *demo_fraud_of(const struct demo *d, const struct demo_unit *u)
{
    return u->fraud == NONE ? NULL : &d->frauds.items[u->fraud];
}

/* ---- what ----------------------------------------------------------------------------------- */

static void note(struct demo_year *w, uint32_t item, struct str what)
{
    struct str name = item == NONE ? what : w->d->plan->items[item].d.name;
    vec_push(w->d->a, &w->notes, (struct demo_note){item, name, w->year});
}

static void set(struct demo_year *w, uint32_t item, double x)
{
    w->values[item] = demo_rounded(&w->d->plan->items[item].d, x);
}

/* The year in which what is done once is done. */
static int32_t the_year(const struct plan *p)
{
    return p->last_year > p->first_year ? p->last_year - 1 : p->last_year;
}

static bool is_the_year(const struct demo_year *w)
{
    return w->year == the_year(w->d->plan) && w->year > w->d->plan->baseline_year;
}

static void copied(struct demo_year *w)
{
    if (is_the_year(w)) {
        for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
            w->values[i] = w->before[i];
        }
        note(w, NONE, STR(""));
    }
}

static void bunched(struct demo_year *w, const struct demo_fraud *f)
{
    const struct datum *x = &w->d->plan->items[f->of.item].d;
    double step = rat_to_double(x->factor) / pow(10, x->decimals);
    double base = f->base == NONE ? 1 : w->values[f->base];
    if (w->year >= w->d->plan->first_year && !isnan(base)) {
        set(w, f->of.item, ceil(f->threshold * base / step - 1e-9) * step);
        note(w, f->of.item, STR(""));
    }
}

static void shrunk(struct demo_year *w, const struct demo_fraud *f)
{
    double before = w->before[f->of.item];
    if (is_the_year(w) && !isnan(before)) {
        set(w, f->of.item, floor(0.7 * before));
        note(w, f->of.item, STR(""));
    }
}

static void all_good(struct demo_year *w)
{
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        const struct datum *x = &w->d->plan->items[i].d;
        const struct demo_figure *f = demo_figure_for(w->d, &w->d->items[i], w->u->kind);
        if (!isnan(w->values[i]) && x->type == VT_BOOL) {
            w->values[i] = !f->given || f->yes >= 0.5; /* what few say is nothing good */
        } else if (!isnan(w->values[i]) && x->type == VT_NUMBER && !rat_is_inf(x->hi)) {
            set(w, i, rat_to_double(x->hi));
        }
    }
    note(w, NONE, STR(""));
}

static void slip(struct demo_year *w, const struct demo_fraud *f)
{
    if (is_the_year(w)) {
        set(w, f->of.item, 10 * w->values[f->of.item]);
        note(w, f->of.item, STR(""));
    }
}

static void heaped(struct demo_year *w)
{
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        const struct datum *x = &w->d->plan->items[i].d;
        double ten = 10 * rat_to_double(x->factor);
        if (!isnan(w->values[i]) && x->type == VT_NUMBER && w->values[i] >= 10 * ten) {
            set(w, i, ten * round(w->values[i] / ten));
        }
    }
    note(w, NONE, STR(""));
}

static void zeroed(struct demo_year *w, const struct demo_fraud *f)
{
    if (w->year >= w->d->plan->first_year) {
        set(w, f->of.item, 0);
        note(w, f->of.item, STR(""));
    }
}

/* It stays so: the year after it is no news. */
static void moved(struct demo_year *w, const struct demo_fraud *f)
{
    double heads = f->threshold * rat_to_double(w->d->plan->items[f->of.item].d.factor);
    bool comes = w->u->nth % 2 != 0;
    if (w->year >= the_year(w->d->plan) && w->year > w->d->plan->baseline_year &&
        !isnan(w->values[f->of.item])) {
        set(w, f->of.item, fmax(0, w->values[f->of.item] + (comes ? heads : -heads)));
    }
    if (is_the_year(w)) {
        note(w, f->of.item, STR(""));
    }
}

void demo_plant_figures(struct demo_year *w)
{
    const struct demo_fraud *f = demo_fraud_of(w->d, w->u);
    vec_clear(&w->notes);
    switch (f ? (enum demo_pattern)f->pattern : DEMO_PATTERN__COUNT) {
    case DEMO_COPIED:
        copied(w);
        break;
    case DEMO_BUNCHED:
        bunched(w, f);
        break;
    case DEMO_SHRUNK:
        shrunk(w, f);
        break;
    case DEMO_ALL_GOOD:
        all_good(w);
        break;
    case DEMO_LATE_EDIT:
        if (demo_is_late(w, f->of.item)) {
            note(w, f->of.item, STR(""));
        }
        break;
    case DEMO_SLIP:
        slip(w, f);
        break;
    case DEMO_HEAPED:
        heaped(w);
        break;
    case DEMO_ZEROED:
        zeroed(w, f);
        break;
    case DEMO_MOVED:
        moved(w, f);
        break;
    case DEMO_TITLE_BURST: /* not a figure */
    case DEMO_DOUBLE_KEY:
    case DEMO_OVERLAP:
    case DEMO_PATTERN__COUNT:
        break;
    }
}

bool demo_is_late(const struct demo_year *w, uint32_t item)
{
    const struct demo_fraud *f = demo_fraud_of(w->d, w->u);
    return f && f->pattern == DEMO_LATE_EDIT && f->of.item == item &&
           w->year == w->d->plan->first_year;
}

/* ---- titles and rows ------------------------------------------------------------------------ */

void demo_plant_titles(struct demo_year *w)
{
    const struct demo_fraud *f = demo_fraud_of(w->d, w->u);
    int32_t last = w->d->plan->last_year;
    if (f && f->pattern == DEMO_TITLE_BURST) {
        struct date day = date_add_days(date_year_end(last), -(int32_t)(w->u->nth % 5));
        w->titles[f->of.title] = (struct demo_held){true, day, DATE_MAX};
    }
}

/* The keys of a row, so that the same thing stands in another one. */
static void same_key(struct demo_year *w, struct demo_entry *row, struct str key)
{
    const struct reg *g = &w->d->plan->regs[row->reg];
    for (uint32_t f = 0; f < g->n_fields; f++) {
        const struct field *x = &w->d->plan->fields[g->first_field + f];
        row->text[f] = x->key && x->d.type == VT_TEXT ? key : row->text[f];
    }
}

static struct str key_text(struct demo *d, const char *what, uint32_t n)
{
    return str_cat(d->a, str_from_cstr(what), rat_frac_str(d->a, rat_int((int64_t)n + 1)));
}

static void double_key(struct demo_year *w, const struct demo_fraud *f)
{
    struct demo_entry *row = demo_add_row(w, f->of.reg);
    struct str key = key_text(w->d, "示例-两处-", w->u->nth / 2);
    same_key(w, row, key);
    note(w, NONE, key);
}

static void overlap(struct demo_year *w, const struct demo_fraud *f)
{
    struct str key = key_text(w->d, "示例-重叠-", w->u->nth);
    for (int32_t i = 0; i < 2; i++) {
        struct demo_entry *row = demo_add_row(w, f->of.reg);
        same_key(w, row, key);
        row->date = row->from = date_add_days(date_year_start(w->year), 60 + 20 * i);
        row->to = date_add_days(row->from, 40);
    }
    note(w, NONE, key);
}

void demo_plant_rows(struct demo_year *w)
{
    const struct demo_fraud *f = demo_fraud_of(w->d, w->u);
    if (f && f->pattern == DEMO_DOUBLE_KEY && is_the_year(w)) {
        double_key(w, f);
    } else if (f && f->pattern == DEMO_OVERLAP && is_the_year(w)) {
        overlap(w, f);
    } else if (f && f->pattern == DEMO_TITLE_BURST && w->titles[f->of.title].held &&
               w->year == w->d->plan->last_year) {
        note(w, NONE, w->d->plan->titles[f->of.title].name);
    }
}

/* ---- the key -------------------------------------------------------------------------------- */

void demo_write_notes(struct demo_year *w)
{
    const struct demo_fraud *f = demo_fraud_of(w->d, w->u);
    for (uint32_t i = 0; f && i < w->notes.n; i++) {
        const struct demo_note *n = &w->notes.items[i];
        if (n->item == NONE || !isnan(w->values[n->item])) {
            demo_key(w->d, names[f->pattern], w->u, n->what,
                     rat_frac_str(w->d->a, rat_int(n->year)));
            w->d->sum->frauds++;
        }
    }
}
