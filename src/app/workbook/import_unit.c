/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to units: code, names now and before, with and without names of units above. */
#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "lang/diag.h"

#define NEARBY_MAX 20000U /* units among which likeness is looked for */
#define OTHERS_MAX 6U     /* candidates that are shown */
#define ABOVE_MAX  8U     /* names of units in front of a name */

/* ---- the index ------------------------------------------------------------------------------ */

static uint32_t first_of(struct str key)
{
    uint32_t cp = 0;
    (void)utf8_decode(key, 0, &cp);
    return cp % IMPORT_FIRSTS;
}

/* Every way of finding a unit looks for a name that the key begins with, or is. */
static bool may_bear(const struct import_names *n, struct str key)
{
    uint32_t begins = key.n > 0 ? first_of(key) : 0;
    return key.n > 0 && (n->firsts[begins / 64] >> begins % 64 & 1) != 0;
}

static void put_bearer(struct arena *a, struct import_names *n, struct map *m, struct str key,
                       struct import_bearer b)
{
    uint32_t first = 0;
    if (key.n == 0) {
        return;
    }
    (void)map_get(m, key, &first);
    /* Versions of one unit come in a row (TR2), so that only the last bearer can be the same. */
    struct import_bearer *known = first > 0 ? &n->bearers.items[first - 1] : NULL;
    if (known && known->unit == b.unit) {
        known->former = known->former && b.former;
        return;
    }
    uint32_t begins = first_of(key);
    n->firsts[begins / 64] |= (uint64_t)1 << begins % 64;
    b.next = first;
    vec_push(a, &n->bearers, b);
    map_put(a, m, key, n->bearers.n);
}

/* The name without those of the units above that it begins with. */
static void put_short(struct arena *a, struct import_names *n, struct str key,
                      struct import_bearer b)
{
    const struct tree_snap *s = n->asked->snap;
    uint32_t at = s->index_of[b.unit];
    for (uint32_t i = at != TREE_NONE ? s->parent[at] : TREE_NONE; i != TREE_NONE;
         i = s->parent[i]) {
        struct str above = import_fold(a, tree_snap_name(s, i));
        if (above.n > 0 && above.n < key.n && str_starts(key, above)) {
            put_bearer(a, n, &n->shorts, str_sub(key, above.n, key.n), b);
        }
    }
}

static void index_version(struct arena *a, struct import_names *n, const struct tree_version *v)
{
    const struct tree_snap *s = n->asked->snap;
    uint32_t at = s->index_of[v->unit];
    bool now = at != TREE_NONE && &n->asked->tree->versions[s->version[at]] == v;
    struct import_bearer b = {.unit = v->unit, .former = !now};
    struct str names[] = {import_fold(a, v->name), import_fold(a, v->alias)};
    for (uint32_t i = 0; i < 2; i++) {
        put_bearer(a, n, &n->units, names[i], b);
        put_short(a, n, names[i], b);
    }
}

void import_index_units(struct arena *a, struct import_names *n)
{
    const struct import_asked *q = n->asked;
    n->owes = ARENA_ARRAY(a, bool, q->tree->n_units + 1U);
    for (uint32_t i = 0; i < q->n_units; i++) {
        bool inside = q->within == NONE || import_below(n, q->units[i], q->within);
        n->owes[q->units[i]] = inside;
    }
    for (uint32_t i = 0; i < q->tree->n_versions; i++) {
        index_version(a, n, &q->tree->versions[i]);
    }
    for (uint32_t i = 0; i < q->tree->n_units; i++) {
        struct str code = q->tree->units[i].code;
        n->code_firsts[code.n > 0 ? (unsigned char)code.p[0] : 0] = true;
    }
    struct str *near = ARENA_ARRAY(a, struct str, (size_t)2 * q->n_units + 1);
    for (uint32_t i = 0; i < q->n_units && q->n_units <= NEARBY_MAX; i++) {
        if (n->owes[q->units[i]]) {
            near[n->n_nearby++] = import_unit_name(n, q->units[i]);
            near[n->n_nearby++] = q->tree->units[q->units[i]].code;
        }
    }
    n->nearby = near;
}

bool import_below(const struct import_names *n, uint32_t unit, uint32_t area)
{
    const struct tree_snap *s = n->asked->snap;
    uint32_t at = s->index_of[unit];
    uint32_t of = s->index_of[area];
    return at != TREE_NONE && of != TREE_NONE && at >= of && at < s->end[of];
}

struct str import_unit_name(const struct import_names *n, uint32_t unit)
{
    const struct tree *t = n->asked->tree;
    uint32_t at = n->asked->snap->index_of[unit];
    if (at != TREE_NONE) {
        return tree_snap_name(n->asked->snap, at);
    }
    const struct tree_unit *u = &t->units[unit];
    return t->versions[u->first + u->n - 1].name;
}

/* ---- finding -------------------------------------------------------------------------------- */

/* Units that bear a name, as they are found. */
struct bearing {
    struct arena *a;
    const struct import_names *n;
    uint32_t area; /* all are below it; NONE: any */
    VEC(struct import_bearer) list;
    bool partly;
};

static void add_bearers(struct bearing *f, const struct map *m, struct str key, uint32_t area)
{
    uint32_t i = 0;
    (void)map_get(m, key, &i);
    for (; i > 0; i = f->n->bearers.items[i - 1].next) {
        struct import_bearer b = f->n->bearers.items[i - 1];
        bool inside = (area == NONE || import_below(f->n, b.unit, area)) &&
                      (f->area == NONE || import_below(f->n, b.unit, f->area));
        for (uint32_t k = 0; inside && k < f->list.n; k++) {
            inside = f->list.items[k].unit != b.unit;
        }
        if (inside) {
            vec_push(f->a, &f->list, b);
        }
    }
}

/* The key as names of units above, nearest last, and a name below all of them. */
static void add_below(struct bearing *f, struct str key, uint32_t area, uint32_t depth)
{
    for (uint32_t i = 0; i < key.n && depth < ABOVE_MAX;) {
        uint32_t cp = 0;
        uint32_t k = 0;
        i += utf8_decode(key, i, &cp);
        struct str rest = str_sub(key, i, key.n);
        (void)map_get(&f->n->units, str_sub(key, 0, i), &k);
        for (; k > 0 && rest.n > 0; k = f->n->bearers.items[k - 1].next) {
            uint32_t of = f->n->bearers.items[k - 1].unit;
            if (area == NONE || import_below(f->n, of, area)) {
                add_bearers(f, &f->n->units, rest, of);
                add_bearers(f, &f->n->shorts, rest, of);
                add_below(f, rest, of, depth + 1);
            }
        }
    }
}

/* 赛罕区教育局 reports for 赛罕区. */
static struct str without_office(struct str key)
{
    static const struct str offices[] = {STR_INIT("教育局"),     STR_INIT("教体局"),
                                         STR_INIT("教育体育局"), STR_INIT("教育和体育局"),
                                         STR_INIT("教育科技局"), STR_INIT("教育科学技术局"),
                                         STR_INIT("人民政府"),   STR_INIT("教科局")};
    for (uint32_t i = 0; i < sizeof offices / sizeof *offices; i++) {
        if (str_ends(key, offices[i]) && key.n > offices[i].n) {
            return str_sub(key, 0, key.n - offices[i].n);
        }
    }
    return STR("");
}

static struct str candidates(struct bearing *f)
{
    struct buf b;
    buf_init_in(&b, f->a, 1 << 16);
    for (uint32_t i = 0; i < f->list.n && i < OTHERS_MAX; i++) {
        struct str name = import_unit_name(f->n, f->list.items[i].unit);
        struct str code = f->n->asked->tree->units[f->list.items[i].unit].code;
        buf_printf(&b, "%s%.*s (%.*s)", i > 0 ? ", " : "", PS(name), PS(code));
    }
    buf_puts(&b, f->list.n > OTHERS_MAX ? " …" : "");
    return buf_view(&b);
}

/*
 * One of several. Who owes comes before who does not, and then a name in force before a former
 * one; but a unit that only bore the name gives way to any that bears it now.
 */
static struct import_whom choose(struct bearing *f)
{
    uint32_t of[2][2] = {{0, 0}, {0, 0}}; /* owes, former */
    uint32_t one[2][2] = {{NONE, NONE}, {NONE, NONE}};
    for (uint32_t i = 0; i < f->list.n; i++) {
        const struct import_bearer *b = &f->list.items[i];
        bool owes = f->n->owes[b->unit];
        of[owes][b->former]++;
        one[owes][b->former] = b->unit;
    }
    struct import_whom w = {.is = IMPORT_WHOM_MANY, .unit = NONE, .partly = f->partly};
    bool former = of[1][0] == 0;
    if (f->list.n == 0) {
        w.is = IMPORT_WHOM_NONE;
    } else if (of[1][0] + of[1][1] == 0) {
        w.is = IMPORT_WHOM_NOT_ASKED;
        w.unit = one[0][0] != NONE ? one[0][0] : one[0][1];
        w.others = candidates(f);
    } else if (of[1][former] == 1 && !(former && of[0][0] > 0)) {
        w.is = IMPORT_WHOM_ONE;
        w.unit = one[1][former];
        w.former = former;
    } else {
        w.others = candidates(f);
    }
    return w;
}

struct str import_unit_near(const struct import_names *n, struct str text)
{
    uint32_t near = diag_nearest(text, n->nearby, n->n_nearby);
    return near < n->n_nearby ? n->nearby[near] : STR("");
}

static struct import_whom with_parts(struct bearing *f, struct str key)
{
    f->partly = true;
    add_below(f, key, NONE, 0);
    if (f->list.n == 0 && (f->area != NONE || f->n->asked->within != NONE)) {
        uint32_t area = f->area != NONE ? f->area : f->n->asked->within;
        add_bearers(f, &f->n->shorts, key, area);
    }
    if (f->list.n == 0 && key.n > 2 && key.p[key.n - 1] == ')') {
        /* 第一小学（赛罕区） */
        uint32_t open = str_find(key, STR("("), 0);
        struct str within = str_sub(key, open + 1, key.n - 1);
        uint32_t area = open != STR_NONE ? import_area(f->a, f->n, within) : NONE;
        if (area != NONE) {
            add_bearers(f, &f->n->units, str_sub(key, 0, open), area);
            add_bearers(f, &f->n->shorts, str_sub(key, 0, open), area);
        }
    }
    struct str office = f->list.n == 0 ? without_office(key) : STR("");
    if (office.n > 0) {
        add_bearers(f, &f->n->units, office, NONE);
        if (f->list.n == 0) {
            add_below(f, office, NONE, 0);
        }
    }
    return choose(f);
}

/* quick: by how names begin, before any is looked up. */
static struct import_whom find_unit(struct arena *a, const struct import_names *n, struct str text,
                                    uint32_t area, bool quick)
{
    struct bearing f = {.a = a, .n = n, .area = area};
    struct str key = import_fold(a, text);
    struct str code = str_trim(text);
    uint32_t id = NONE;
    bool coded = !quick || n->code_firsts[code.n > 0 ? (unsigned char)code.p[0] : 0];
    if (coded && tree_unit_of_code(n->asked->tree, code, &id)) {
        struct import_whom w = {.is = IMPORT_WHOM_ONE, .unit = id};
        w.is = !n->owes[id] ? IMPORT_WHOM_NOT_ASKED : w.is;
        return w;
    }
    if (key.n == 0) {
        return (struct import_whom){.is = IMPORT_WHOM_NONE, .unit = NONE};
    }
    if (quick && !may_bear(n, key)) {
        return (struct import_whom){.is = IMPORT_WHOM_NONE, .unit = NONE, .partly = true};
    }
    add_bearers(&f, &n->units, key, NONE);
    struct import_whom w = choose(&f);
    if (w.is != IMPORT_WHOM_NONE) {
        return w;
    }
    return with_parts(&f, key);
}

static bool known_unit(const struct import_texts *t, struct str text, struct import_whom *w)
{
    uint32_t at = 0;
    bool known = map_get(&t->units, text, &at);
    if (known) {
        *w = t->whom.items[at];
    }
    return known;
}

struct import_whom import_unit_plain(struct arena *a, const struct import_names *n, struct str text,
                                     uint32_t area)
{
    return find_unit(a, n, text, area, false);
}

struct import_whom import_unit(struct arena *a, const struct import_names *n, struct str text,
                               uint32_t area)
{
    struct import_cache *c = n->cache;
    struct import_whom w;
    /* Figures are many and soon told apart; they would leave no room for what is met again. */
    if (area != NONE || import_is_decimal(text)) {
        return find_unit(a, n, text, area, true);
    }
    if (known_unit(&c->all, text, &w) || known_unit(&c->here, text, &w)) {
        return w;
    }
    struct import_texts *keep = import_texts_for(c, text);
    w = find_unit(keep != NULL ? keep->a : a, n, text, area, true);
    if (keep != NULL) {
        map_put(keep->a, &keep->units, str_dup(keep->a, text), keep->whom.n);
        vec_push(keep->a, &keep->whom, w);
    }
    return w;
}

uint32_t import_area(struct arena *a, const struct import_names *n, struct str text)
{
    const struct tree_snap *s = n->asked->snap;
    struct bearing f = {.a = a, .n = n, .area = NONE};
    struct str key = import_fold(a, text);
    struct str office = without_office(key);
    if (!may_bear(n, key)) {
        return NONE;
    }
    add_bearers(&f, &n->units, key, NONE);
    if (f.list.n == 0 && office.n > 0) {
        add_bearers(&f, &n->units, office, NONE);
    }
    if (f.list.n == 0) {
        add_below(&f, key, NONE, 0);
    }
    uint32_t found = NONE;
    for (uint32_t i = 0; i < f.list.n; i++) {
        uint32_t at = s->index_of[f.list.items[i].unit];
        if (at != TREE_NONE && s->end[at] > at + 1) {
            found = found == NONE ? f.list.items[i].unit : IMPORT_SEVERAL;
        }
    }
    return found == IMPORT_SEVERAL ? NONE : found;
}
