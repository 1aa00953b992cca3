/* SPDX-License-Identifier: Apache-2.0 */
/* Two plans side by side: what is declared differently, which verdicts change. */
#include "app/pack/diff.h"

#include <stdlib.h>

#include "app/pack/diff_words.h"
#include "base/arena.h"
#include "base/map.h"

/* ---- words ---------------------------------------------------------------------------------- */

const char *diff_sort_name(enum diff_sort s, bool chinese)
{
    static const char *const names[][2] = {
#define SORT(name, en, zh) {en, zh},
#include "app/pack/diff.def"
    };
    return names[s][chinese];
}

const char *diff_prop_name(enum diff_prop p, bool chinese)
{
    static const char *const names[][2] = {
#define PROP(name, en, zh) {en, zh},
#include "app/pack/diff.def"
    };
    return names[p][chinese];
}

/* ---- declarations --------------------------------------------------------------------------- */

/* Entities of one sort, id and group, of either plan. */
struct group {
    VEC(const struct entity *) of[2];
};

struct groups {
    struct map index; /* key -> groups */
    VEC(struct group) list;
};

static struct str key_of(struct arena *a, const struct entity *e)
{
    char sort[2] = {(char)('A' + e->sort), 0};
    struct str key = str_cat(a, str_dup(a, str_from_cstr(sort)), e->id);
    return str_cat(a, str_cat(a, key, STR("\n")), e->group);
}

static void sort_in(struct diff *d, struct groups *g, const struct entities *all, int side)
{
    for (uint32_t i = 0; i < all->list.n; i++) {
        struct str key = key_of(d->a, &all->list.items[i]);
        uint32_t ix = 0;
        if (!map_get(&g->index, key, &ix)) {
            ix = g->list.n;
            map_put(d->a, &g->index, key, ix);
            vec_push(d->a, &g->list, (struct group){0});
        }
        vec_push(d->a, &g->list.items[ix].of[side], &all->list.items[i]);
    }
}

static bool same_facets(const struct entity *x, const struct entity *y)
{
    bool same = x->facets.n == y->facets.n;
    for (uint32_t i = 0; same && i < x->facets.n; i++) {
        same = x->facets.items[i].prop == y->facets.items[i].prop &&
               str_eq(x->facets.items[i].text, y->facets.items[i].text);
    }
    return same;
}

static struct diff_change *change(struct diff *d, const struct entity *e, enum diff_kind kind)
{
    struct diff_change c = {.sort = e->sort,
                            .id = e->id,
                            .name = e->name,
                            .part = e->part,
                            .kind = kind,
                            .from = STR(""),
                            .to = STR("")};
    vec_push(d->a, &d->changes.list, c);
    return &vec_last(&d->changes.list);
}

static struct str facet_of(const struct entity *e, enum diff_prop p)
{
    for (uint32_t i = 0; i < e->facets.n; i++) {
        if (e->facets.items[i].prop == p) {
            return e->facets.items[i].text;
        }
    }
    return STR("");
}

static void compare(struct diff *d, const struct entity *x, const struct entity *y)
{
    for (int p = 0; p < DIFF__PROPS; p++) {
        struct str from = facet_of(x, (enum diff_prop)p);
        struct str to = facet_of(y, (enum diff_prop)p);
        if (!str_eq(from, to)) {
            struct diff_change *c = change(d, x, DIFF_CHANGED);
            c->prop = (enum diff_prop)p;
            c->from = from;
            c->to = to;
        }
    }
}

/* What was there or is there now, in short: requirement, measure or text. */
static struct str essence(struct diff *d, const struct entity *e)
{
    static const enum diff_prop props[] = {PROP_sort,       PROP_measure, PROP_condition,
                                           PROP_comparator, PROP_value,   PROP_action,
                                           PROP_text,       PROP_type};
    struct str out = STR("");
    for (uint32_t i = 0; i < sizeof props / sizeof *props; i++) {
        struct str text = facet_of(e, props[i]);
        if (text.n > 0) {
            out = out.n == 0 ? text : str_cat(d->a, str_cat(d->a, out, STR(" ")), text);
        }
    }
    return out;
}

static void lone(struct diff *d, const struct entity *e, enum diff_kind kind)
{
    struct diff_change *c = change(d, e, kind);
    *(kind == DIFF_REMOVED ? &c->from : &c->to) = essence(d, e);
}

/* Equal ones belong together whatever their order; of the others, the first to the first. */
static void pair_up(struct diff *d, const struct group *g)
{
    bool *used[2];
    for (int s = 0; s < 2; s++) {
        used[s] = ARENA_ARRAY(d->a, bool, g->of[s].n + 1);
    }
    for (uint32_t i = 0; i < g->of[0].n; i++) {
        for (uint32_t j = 0; j < g->of[1].n && !used[0][i]; j++) {
            if (!used[1][j] && same_facets(g->of[0].items[i], g->of[1].items[j])) {
                used[0][i] = used[1][j] = true;
            }
        }
    }
    uint32_t j = 0;
    for (uint32_t i = 0; i < g->of[0].n; i++) {
        if (used[0][i]) {
            continue;
        }
        while (j < g->of[1].n && used[1][j]) {
            j++;
        }
        if (j < g->of[1].n) {
            compare(d, g->of[0].items[i], g->of[1].items[j++]);
        } else {
            lone(d, g->of[0].items[i], DIFF_REMOVED);
        }
    }
    for (; j < g->of[1].n; j++) {
        if (!used[1][j]) {
            lone(d, g->of[1].items[j], DIFF_ADDED);
        }
    }
}

static int by_id(const void *x, const void *y)
{
    const struct diff_change *a = x;
    const struct diff_change *b = y;
    if (a->sort != b->sort) {
        return a->sort < b->sort ? -1 : 1;
    }
    int c = str_cmp(a->id, b->id);
    c = c != 0 ? c : str_cmp(a->part, b->part);
    return c != 0 ? c : (a->prop < b->prop ? -1 : a->prop > b->prop);
}

/* A commitment or kind that is gone as a whole is told once, without its parts. */
static void fold(struct diff *d)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->changes.list.n; i++) {
        const struct diff_change *c = &d->changes.list.items[i];
        const struct diff_change *whole = n > 0 ? &d->changes.list.items[n - 1] : NULL;
        bool part = whole && whole->part.n == 0 && whole->kind == c->kind &&
                    c->kind != DIFF_CHANGED && whole->sort == c->sort && str_eq(whole->id, c->id);
        if (!part) {
            d->changes.list.items[n++] = *c;
        }
    }
    d->changes.list.n = n;
}

void diff_plans(struct diff *d)
{
    struct entities all[2] = {0};
    struct groups g = {0};
    for (int s = 0; s < 2; s++) {
        diff_words(d->a, d->plan[s], d->chinese, &all[s]);
        sort_in(d, &g, &all[s], s);
    }
    for (uint32_t i = 0; i < g.list.n; i++) {
        pair_up(d, &g.list.items[i]);
    }
    if (d->changes.list.n > 1) {
        qsort(d->changes.list.items, d->changes.list.n, sizeof d->changes.list.items[0], by_id);
    }
    fold(d);
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static struct str verdict_key(struct diff *d, const struct answer *x, const struct verdict *v)
{
    struct arena *a = d->a;
    struct str unit = v->unit == NONE ? STR("") : x->tree->units[v->unit].code;
    struct str key = str_cat(a, x->plan->commitments[v->commitment].id, STR("\n"));
    key = str_cat(a, str_cat(a, key, v->part), STR("\n"));
    key = str_cat(a, str_cat(a, key, unit), STR("\n"));
    return str_cat(a, key, rat_frac_str(a, rat_int(v->year)));
}

static bool same_bounds(const struct mval *x, const struct mval *y)
{
    if (x->kind != y->kind || x->kind == MV_NONE) {
        return x->kind == y->kind;
    }
    if (x->kind == MV_BOOL && (x->truth == T_NA || y->truth == T_NA)) {
        return x->truth == y->truth;
    }
    return rat_eq(x->lo, y->lo) && rat_eq(x->hi, y->hi);
}

/* Withheld figures are compared as they are shown (C41). */
static bool same_verdict(const struct verdict *x, const struct verdict *y)
{
    bool shown = x->withheld == SHOWN && y->withheld == SHOWN;
    bool figure = shown ? same_bounds(&x->measure, &y->measure) : x->withheld == y->withheld;
    return x->state == y->state && figure && x->fires == y->fires;
}

static const struct verdict *unpacked(struct diff *d, const struct verdicts *vs, uint32_t i)
{
    struct verdict *v = ARENA_NEW(d->a, struct verdict);
    *v = verdicts_at(vs, i);
    return v;
}

void diff_verdicts(struct diff *d)
{
    struct map theirs = {0};
    const struct verdicts *a = &d->answer[0].verdicts;
    const struct verdicts *b = &d->answer[1].verdicts;
    bool *met = ARENA_ARRAY(d->a, bool, b->rows.n + 1);
    for (uint32_t i = 0; i < b->rows.n; i++) {
        struct verdict v = verdicts_at(b, i);
        map_put(d->a, &theirs, verdict_key(d, &d->answer[1], &v), i);
    }
    for (uint32_t i = 0; i < a->rows.n; i++) {
        struct verdict v = verdicts_at(a, i);
        uint32_t j = NONE;
        if (!map_get(&theirs, verdict_key(d, &d->answer[0], &v), &j)) {
            vec_push(d->a, &d->rows, (struct diff_row){unpacked(d, a, i), NULL});
            continue;
        }
        met[j] = true;
        struct verdict w = verdicts_at(b, j);
        if (!same_verdict(&v, &w)) {
            vec_push(d->a, &d->rows, (struct diff_row){unpacked(d, a, i), unpacked(d, b, j)});
        }
    }
    for (uint32_t i = 0; i < b->rows.n; i++) {
        if (!met[i]) {
            vec_push(d->a, &d->rows, (struct diff_row){NULL, unpacked(d, b, i)});
        }
    }
    d->judged = true;
}

/* ---- facts that one plan cannot read -------------------------------------------------------- */

static struct str place_key(struct arena *a, const struct problem *p)
{
    struct str key = str_cat(a, p->file, STR("\n"));
    return str_cat(a, key, rat_frac_str(a, rat_int(p->line)));
}

/* By what is not known: the name where one is missing, else the kind of fault. */
static void tell(struct diff *d, int pack, const struct problem *p)
{
    bool named = p->fault == LOAD_UNKNOWN_ITEM || p->fault == LOAD_UNKNOWN_NAME ||
                 p->fault == LOAD_UNKNOWN_ATTR || p->fault == LOAD_UNKNOWN_KIND ||
                 p->fault == LOAD_UNKNOWN_COLUMN || p->fault == LOAD_NOT_A_FIELD;
    struct str name = named ? p->a : STR("");
    for (uint32_t i = 0; i < d->foreign.n; i++) {
        struct diff_foreign *f = &d->foreign.items[i];
        if (f->pack == pack && f->fault == p->fault && str_eq(f->name, name)) {
            f->n++;
            return;
        }
    }
    struct diff_foreign f = {pack, p->fault, name, p->file, p->line, 1};
    vec_push(d->a, &d->foreign, f);
}

void diff_facts(struct diff *d, const struct problems left_out[2], struct problems *faults)
{
    struct map places[2] = {{0}, {0}};
    for (int s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < left_out[s].list.n; i++) {
            map_put(d->a, &places[s], place_key(d->a, &left_out[s].list.items[i]), i);
        }
    }
    for (int s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < left_out[s].list.n; i++) {
            const struct problem *p = &left_out[s].list.items[i];
            bool both = map_get(&places[1 - s], place_key(d->a, p), NULL);
            if (!both) {
                tell(d, s, p);
            } else if (s == 0) {
                vec_push(d->a, &faults->list, *p);
                faults->n++;
            }
        }
    }
}

bool diff_is_empty(const struct diff *d)
{
    return d->changes.list.n == 0 && d->rows.n == 0;
}
