/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in running text: 普惠性幼儿园覆盖率 is named by a phrase in which most pairs of its
 * neighbouring characters stand. The name with most pairs wins; names as good as it are all given.
 */
#include "app/text/prove_int.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "model/plan.h"

#define SHARE_NUM   3 /* so much of a name must stand in the text */
#define SHARE_DEN   4
#define LOOSE_PAIRS 3 /* a name with more says enough */

/* ---- pairs ---------------------------------------------------------------------------------- */

/* The pair of characters that begins at byte i; its length, 0 at the end. */
static uint32_t pair_at(struct str s, uint32_t i, uint32_t *first)
{
    uint32_t cp = 0;
    *first = utf8_decode(s, i, &cp);
    return i + *first < s.n ? *first + utf8_decode(s, i + *first, &cp) : 0;
}

static bool seen_before(struct str s, uint32_t i, struct str pair)
{
    return str_find(s, pair, 0) < i;
}

static void index_name(struct names *n, uint32_t thing)
{
    struct thing *t = &n->things.items[thing];
    uint32_t step = 0;
    for (uint32_t i = 0; i < t->name.n; i += step) {
        uint32_t len = pair_at(t->name, i, &step);
        struct str pair = str_sub(t->name, i, i + len);
        uint32_t which = n->which.n;
        if (len == 0 || seen_before(t->name, i, pair)) {
            continue;
        }
        if (!map_get(&n->pairs, pair, &which)) {
            map_put(n->a, &n->pairs, pair, which);
            vec_push(n->a, &n->which, (thing_ids){0});
        }
        vec_push(n->a, &n->which.items[which], thing);
        t->pairs++;
    }
}

/* ---- what has a name ------------------------------------------------------------------------ */

/* Letters in brackets and spaces aside, as the text spells it. */
static struct str canonical(struct arena *a, struct str name)
{
    struct str form = name;
    return utf8_nfkc(a, name, &form) ? form : name;
}

static void add_thing(struct names *n, struct str name, bool item, uint32_t ix, struct dim dim)
{
    struct thing t = {
        .name = canonical(n->a, name), .item = item, .ix = ix, .dim = dim_settle(dim)};
    if (utf8_count(t.name) >= 2) {
        vec_push(n->a, &n->things, t);
        index_name(n, n->things.n - 1);
    }
}

/* Sealed things too: their names must be known, that none of their parts is taken for another. */
static void add_things(struct names *n)
{
    const struct plan *p = n->answer->plan;
    for (uint32_t i = 0; i < p->n_items; i++) {
        const struct datum *d = &p->items[i].d;
        if (d->type == VT_NUMBER) {
            add_thing(n, d->name, true, i, d->dim);
        }
    }
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        uint32_t e = k->n_definitions > 0 ? k->definitions[0].measure
                     : k->n_targets > 0   ? k->targets[0].measure
                                          : NONE;
        if (e != NONE && !p->exprs[e].is_bool) {
            add_thing(n, k->name, false, i, p->exprs[e].dim);
        }
    }
}

static void add_unit(struct names *n, struct str name, uint32_t unit)
{
    uint32_t have = unit;
    if (utf8_count(name) < 2) {
        return;
    }
    name = canonical(n->a, name);
    bool other = map_get(&n->units, name, &have) && have != unit;
    map_put(n->a, &n->units, name, other ? TREE_NONE : unit);
    n->longest = name.n > n->longest ? name.n : n->longest;
}

void names_init(struct arena *a, const struct answer *x, struct names *out)
{
    *out = (struct names){.a = a, .answer = x};
    add_things(out);
    out->hits = ARENA_ARRAY(a, uint32_t, (size_t)out->things.n + 1);
    for (uint32_t i = 0; i < x->tree->n_versions; i++) {
        const struct tree_version *v = &x->tree->versions[i];
        add_unit(out, v->name, v->unit);
        add_unit(out, v->alias, v->unit);
    }
}

/* ---- finding -------------------------------------------------------------------------------- */

/* Persons are counted like things; persons and turns of persons are not the same. */
static bool fits_dim(struct dim thing, struct dim figure)
{
    struct dim things = dim_of(DIM_THING);
    return dim_eq(thing, figure) ||
           (dim_eq(thing, things) &&
            (dim_eq(figure, dim_of(DIM_PERSON)) || dim_eq(figure, dim_of(DIM_PERSON_TIME))));
}

static void count_hits(struct names *n, struct str text)
{
    uint32_t step = 0;
    for (uint32_t i = 0; i < n->things.n; i++) {
        n->hits[i] = 0;
    }
    for (uint32_t i = 0; i < text.n; i += step) {
        uint32_t len = pair_at(text, i, &step);
        struct str pair = str_sub(text, i, i + len);
        uint32_t which = 0;
        if (len == 0 || seen_before(text, i, pair) || !map_get(&n->pairs, pair, &which)) {
            continue;
        }
        for (uint32_t k = 0; k < n->which.items[which].n; k++) {
            n->hits[n->which.items[which].items[k]]++;
        }
    }
}

void names_find(struct names *n, struct str text, const struct dim *dim, thing_ids *out)
{
    uint32_t best = 0;
    count_hits(n, text);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < n->things.n; i++) {
            const struct thing *t = &n->things.items[i];
            bool named = n->hits[i] * SHARE_DEN >= t->pairs * SHARE_NUM && n->hits[i] > 0 &&
                         (!dim || fits_dim(t->dim, *dim));
            /* Of names as long as each other the one that stands there whole is meant. */
            uint32_t rank = 2 * n->hits[i] + (n->hits[i] == t->pairs);
            best = pass == 0 && named && rank > best ? rank : best;
            if (pass == 1 && named && rank == best) {
                vec_push(n->a, out, i);
            }
        }
    }
}

/* Characters before a name that begin nothing longer: of a time, a place, a list, a verb. */
static bool begins_anew(struct str before)
{
    static const struct str ends[] = {
        STR_INIT("年"), STR_INIT("月"), STR_INIT("的"), STR_INIT("有"), STR_INIT("共"),
        STR_INIT("区"), STR_INIT("省"), STR_INIT("市"), STR_INIT("县"), STR_INIT("旗"),
        STR_INIT("校"), STR_INIT("和"), STR_INIT("及"), STR_INIT("与"), STR_INIT("是"),
        STR_INIT("中"), STR_INIT("国"), STR_INIT("州")};
    for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends(before, ends[i])) {
            return true;
        }
    }
    return false;
}

bool names_loose(const struct thing *t, struct str text)
{
    uint32_t at = str_find(text, t->name, 0);
    uint32_t cp = 0;
    if (t->pairs > LOOSE_PAIRS || at == STR_NONE || at < STR("年").n) {
        return false;
    }
    (void)utf8_decode(text, at - STR("年").n, &cp);
    return utf8_is_han(cp) && !begins_anew(str_sub(text, 0, at));
}

uint32_t names_unit(const struct names *n, struct str text, struct date day, uint32_t *bytes)
{
    uint32_t found = TREE_NONE;
    *bytes = 0;
    for (uint32_t i = 0, step = 0; i < text.n; i += step) {
        uint32_t cp = 0;
        step = utf8_decode(text, i, &cp);
        for (uint32_t len = text.n - i < n->longest ? text.n - i : n->longest; len > step; len--) {
            uint32_t unit = TREE_NONE;
            if (map_get(&n->units, str_sub(text, i, i + len), &unit) && unit != TREE_NONE &&
                tree_version_at(n->answer->tree, unit, day)) {
                found = unit;
                *bytes = len;
                step = len;
                break;
            }
        }
    }
    return found;
}
