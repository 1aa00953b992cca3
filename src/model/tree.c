/* SPDX-License-Identifier: Apache-2.0 */
/* Building the tree of units from its rows, with all its checks; see tree.h. */
#include "model/tree.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "model/tree_int.h"

/* Steps the search for cycles may take: units times the days on which they change places. */
#ifdef TIZHI_SHAKE
#define CYCLE_STEPS_MAX 100000U
#else
#define CYCLE_STEPS_MAX 100000000U
#endif

static const char *const FAULT_NAME[] = {
#define TREE_FAULT(name, en, zh) #name,
#include "model/tree.def"
};

static const char *const FAULT_EN[] = {
#define TREE_FAULT(name, en, zh) en,
#include "model/tree.def"
};

static const char *const FAULT_ZH[] = {
#define TREE_FAULT(name, en, zh) zh,
#include "model/tree.def"
};

const char *tree_fault_name(enum tree_fault f)
{
    ASSERT(f < TREE_FAULT__COUNT);
    return FAULT_NAME[f];
}

const char *tree_fault_en(enum tree_fault f)
{
    ASSERT(f < TREE_FAULT__COUNT);
    return FAULT_EN[f];
}

const char *tree_fault_zh(enum tree_fault f)
{
    ASSERT(f < TREE_FAULT__COUNT);
    return FAULT_ZH[f];
}

/* What the steps of the build share. */
struct builder {
    struct arena *a;
    struct tree *t;
    struct tree_sink sink;
    uint32_t n_faults;
};

static void report(struct builder *b, struct tree_finding f)
{
    b->n_faults++;
    if (b->sink.found != NULL) {
        b->sink.found(b->sink.ctx, &f);
    }
}

static void report_version(struct builder *b, enum tree_fault fault, const struct tree_version *v,
                           const struct tree_version *other, struct date day)
{
    report(b, (struct tree_finding){
                  .fault = fault,
                  .row = v->row,
                  .code = v->code,
                  .other_row = other != NULL ? other->row : TREE_NONE,
                  .other = other != NULL ? other->code : v->parent,
                  .day = day,
              });
}

/* -- versions and units --------------------------------------------------------------------------
 */

static int cmp_versions(const void *px, const void *py)
{
    const struct tree_version *x = px;
    const struct tree_version *y = py;
    int c = str_cmp(x->code, y->code);
    c = c != 0 ? c : date_cmp(x->from, y->from);
    c = c != 0 ? c : date_cmp(x->to, y->to);
    return c != 0 ? c : (x->row > y->row) - (x->row < y->row);
}

/* Copies the rows that can be placed at all, sorted. */
static bool take_versions(struct builder *b, const struct tree_version *rows, uint32_t n)
{
    struct tree *t = b->t;
    t->versions = ARENA_TRY_ARRAY(b->a, struct tree_version, n);
    if (t->versions == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (rows[i].code.n == 0) {
            report_version(b, TREE_FAULT_EMPTY_CODE, &rows[i], NULL, DATE_MIN);
        } else if (date_cmp(rows[i].from, rows[i].to) > 0) {
            report_version(b, TREE_FAULT_FROM_AFTER_TO, &rows[i], NULL, DATE_MIN);
        } else {
            t->versions[t->n_versions] = rows[i];
            t->versions[t->n_versions++].parent_unit = TREE_NONE;
        }
    }
    if (t->n_versions > 1) {
        qsort(t->versions, t->n_versions, sizeof *t->versions, cmp_versions);
    }
    return true;
}

static bool name_units(struct builder *b)
{
    struct tree *t = b->t;
    t->units = ARENA_TRY_ARRAY(b->a, struct tree_unit, t->n_versions);
    if (t->units == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < t->n_versions; i++) {
        struct tree_version *v = &t->versions[i];
        if (i == 0 || !str_eq(v->code, t->versions[i - 1].code)) {
            if (!map_try_put(b->a, &t->codes, v->code, t->n_units)) {
                return false;
            }
            t->units[t->n_units++] = (struct tree_unit){.code = v->code, .first = i};
        }
        v->unit = t->n_units - 1;
        t->units[v->unit].n++;
    }
    return true;
}

static void check_overlaps(struct builder *b)
{
    struct tree *t = b->t;
    for (uint32_t i = 1; i < t->n_versions; i++) {
        const struct tree_version *x = &t->versions[i - 1];
        const struct tree_version *y = &t->versions[i];
        if (x->unit != y->unit || date_cmp(x->to, y->from) < 0) {
            continue;
        }
        bool same = date_cmp(x->from, y->from) == 0 && date_cmp(x->to, y->to) == 0;
        report_version(b, same ? TREE_FAULT_DUPLICATE : TREE_FAULT_OVERLAP, y, x, y->from);
    }
}

struct date tree_day_after(struct date d)
{
    return date_add_days(d, 1);
}

/* Backwards: a version is followed without a gap, or its own end is the end of the run. */
static void cover(struct tree *t)
{
    for (uint32_t i = t->n_versions; i-- > 0;) {
        struct tree_version *v = &t->versions[i];
        v->cover_to = v->to;
        if (i + 1 < t->n_versions && t->versions[i + 1].unit == v->unit &&
            date_cmp(tree_day_after(v->to), t->versions[i + 1].from) >= 0) {
            v->cover_to = t->versions[i + 1].cover_to;
        }
    }
}

static void check_parents(struct builder *b)
{
    struct tree *t = b->t;
    for (uint32_t i = 0; i < t->n_versions; i++) {
        struct tree_version *v = &t->versions[i];
        if (v->parent.n == 0) {
            continue;
        }
        if (!map_get(&t->codes, v->parent, &v->parent_unit)) {
            report_version(b, TREE_FAULT_UNKNOWN_PARENT, v, NULL, v->from);
            continue;
        }
        const struct tree_version *p = tree_version_at(t, v->parent_unit, v->from);
        if (p == NULL) {
            report_version(b, TREE_FAULT_PARENT_GAP, v, NULL, v->from);
        } else if (date_cmp(p->cover_to, v->to) < 0) {
            report_version(b, TREE_FAULT_PARENT_GAP, v, NULL, tree_day_after(p->cover_to));
        }
    }
}

static int cmp_from(const void *px, const void *py)
{
    const struct tree_version *x = *(const struct tree_version *const *)px;
    const struct tree_version *y = *(const struct tree_version *const *)py;
    int c = date_cmp(x->from, y->from);
    return c != 0 ? c : cmp_versions(x, y);
}

/* In order of their beginning, each root must end before the next one begins. */
static bool check_roots(struct builder *b)
{
    struct tree *t = b->t;
    const struct tree_version **roots =
        ARENA_TRY_ARRAY(b->a, const struct tree_version *, t->n_versions);
    if (roots == NULL) {
        return false;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n_versions; i++) {
        if (t->versions[i].parent.n == 0) {
            roots[n++] = &t->versions[i];
        }
    }
    if (n > 1) {
        qsort(roots, n, sizeof *roots, cmp_from);
    }
    const struct tree_version *longest = n > 0 ? roots[0] : NULL;
    for (uint32_t i = 1; i < n; i++) {
        if (roots[i]->unit != longest->unit && date_cmp(longest->to, roots[i]->from) >= 0) {
            report_version(b, TREE_FAULT_TWO_ROOTS, roots[i], longest, roots[i]->from);
        }
        if (date_cmp(roots[i]->to, longest->to) > 0) {
            longest = roots[i];
        }
    }
    return true;
}

/* -- cycles --------------------------------------------------------------------------------------
 */

/*
 * A cycle on some day is a cycle of the graph of all parents ever. Units outside every such cycle
 * are peeled off from both ends; usually nothing remains. On what remains each day on which a
 * version begins is walked: a cycle that exists has begun on one of them.
 */
struct peel {
    uint32_t *degree; /* edges left */
    uint32_t *first;  /* by unit: start of its neighbours, n_units + 1 */
    uint32_t *to;     /* neighbours */
    uint32_t *queue;
    bool *gone;
};

/* Removes, again and again, units without a parent left (up) or without a child left. */
static void peel_off(const struct tree *t, struct peel *p, bool up)
{
    for (uint32_t u = 0; u <= t->n_units; u++) {
        p->first[u] = 0;
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        p->degree[u] = 0;
    }
    /* Neighbours of x are those whose degree falls when x goes: children when peeling from above.
     */
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < t->n_versions; i++) {
            uint32_t child = t->versions[i].unit;
            uint32_t parent = t->versions[i].parent_unit;
            if (parent == TREE_NONE || p->gone[child] || p->gone[parent]) {
                continue;
            }
            uint32_t x = up ? parent : child;
            uint32_t y = up ? child : parent;
            if (pass == 0) {
                p->first[x]++;
                p->degree[y]++;
            } else {
                p->to[--p->first[x]] = y;
            }
        }
        if (pass == 0) {
            for (uint32_t u = 0; u < t->n_units; u++) {
                p->first[u + 1] += p->first[u];
            }
        }
    }
    uint32_t head = 0;
    uint32_t tail = 0;
    for (uint32_t u = 0; u < t->n_units; u++) {
        if (!p->gone[u] && p->degree[u] == 0) {
            p->gone[u] = true;
            p->queue[tail++] = u;
        }
    }
    while (head < tail) {
        uint32_t x = p->queue[head++];
        for (uint32_t k = p->first[x]; k < p->first[x + 1]; k++) {
            uint32_t y = p->to[k];
            if (--p->degree[y] == 0) {
                p->gone[y] = true;
                p->queue[tail++] = y;
            }
        }
    }
}

/* Walks upwards from each unit left on one day; mark[] says in which walk a unit was met. */
struct walk {
    const uint32_t *left;
    uint32_t n_left;
    uint32_t *mark;
    uint32_t walk_no;
    bool *reported;
    struct str *members;
};

static void report_cycle(struct builder *b, struct walk *w, uint32_t start, struct date day)
{
    const struct tree_version *first = NULL;
    uint32_t n = 0;
    uint32_t u = start;
    bool known = false;
    do {
        const struct tree_version *v = tree_version_at(b->t, u, day);
        ASSERT(v != NULL);
        first = first == NULL ? v : first;
        known = known || w->reported[u];
        w->reported[u] = true;
        w->members[n++] = v->code;
        u = v->parent_unit;
    } while (u != start);
    if (!known) {
        report(b, (struct tree_finding){.fault = TREE_FAULT_CYCLE,
                                        .row = first->row,
                                        .code = first->code,
                                        .other_row = TREE_NONE,
                                        .other = first->parent,
                                        .day = day,
                                        .members = w->members,
                                        .n_members = n});
    }
}

static void walk_day(struct builder *b, struct walk *w, struct date day)
{
    uint32_t first_walk = w->walk_no + 1;
    for (uint32_t i = 0; i < w->n_left; i++) {
        uint32_t me = ++w->walk_no;
        uint32_t u = w->left[i];
        while (u != TREE_NONE && w->mark[u] < first_walk) {
            const struct tree_version *v = tree_version_at(b->t, u, day);
            w->mark[u] = me;
            u = v != NULL ? v->parent_unit : TREE_NONE;
        }
        if (u != TREE_NONE && w->mark[u] == me) {
            report_cycle(b, w, u, day);
        }
    }
}

static int cmp_dates(const void *px, const void *py)
{
    return date_cmp(*(const struct date *)px, *(const struct date *)py);
}

/* Sorts and removes repetitions; the new count. */
static uint32_t sort_dates(struct date *d, uint32_t n)
{
    if (n > 1) {
        qsort(d, n, sizeof *d, cmp_dates);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || date_cmp(d[kept - 1], d[i]) != 0) {
            d[kept++] = d[i];
        }
    }
    return kept;
}

/* Walks all days on which a unit left begins a version. */
static bool walk_left(struct builder *b, struct peel *p)
{
    struct tree *t = b->t;
    uint32_t *left = p->queue; /* the peeling is over */
    struct walk w = {.left = left,
                     .mark = p->degree,
                     .reported = ARENA_TRY_ARRAY(b->a, bool, t->n_units),
                     .members = ARENA_TRY_ARRAY(b->a, struct str, t->n_units)};
    struct date *days = ARENA_TRY_ARRAY(b->a, struct date, t->n_versions);
    if (w.reported == NULL || w.members == NULL || days == NULL) {
        return false;
    }
    uint32_t n_days = 0;
    for (uint32_t u = 0; u < t->n_units; u++) {
        w.mark[u] = 0;
        if (p->gone[u]) {
            continue;
        }
        left[w.n_left++] = u;
        for (uint32_t k = 0; k < t->units[u].n; k++) {
            days[n_days++] = t->versions[t->units[u].first + k].from;
        }
    }
    n_days = sort_dates(days, n_days);
    if ((uint64_t)n_days * w.n_left > CYCLE_STEPS_MAX) {
        report_version(b, TREE_FAULT_TANGLED, &t->versions[t->units[left[0]].first], NULL,
                       DATE_MIN);
        return true;
    }
    for (uint32_t i = 0; i < n_days; i++) {
        walk_day(b, &w, days[i]);
    }
    return true;
}

static bool check_cycles(struct builder *b)
{
    struct tree *t = b->t;
    struct peel p = {
        .degree = ARENA_TRY_ARRAY(b->a, uint32_t, t->n_units),
        .first = ARENA_TRY_ARRAY(b->a, uint32_t, (size_t)t->n_units + 1),
        .to = ARENA_TRY_ARRAY(b->a, uint32_t, t->n_versions),
        .queue = ARENA_TRY_ARRAY(b->a, uint32_t, t->n_units),
        .gone = ARENA_TRY_ARRAY(b->a, bool, t->n_units),
    };
    if (p.degree == NULL || p.first == NULL || p.to == NULL || p.queue == NULL || p.gone == NULL) {
        return false;
    }
    peel_off(t, &p, true);
    peel_off(t, &p, false);
    for (uint32_t u = 0; u < t->n_units; u++) {
        if (!p.gone[u]) {
            return walk_left(b, &p);
        }
    }
    return true;
}

/* -- lineage, changes ----------------------------------------------------------------------------
 */

static int cmp_into(const void *px, const void *py)
{
    const struct tree_lineage *x = px;
    const struct tree_lineage *y = py;
    int c = (x->to_unit > y->to_unit) - (x->to_unit < y->to_unit);
    c = c != 0 ? c : date_cmp(x->date, y->date);
    return c != 0 ? c : (x->row > y->row) - (x->row < y->row);
}

static int cmp_out_of(const void *px, const void *py)
{
    const struct tree_lineage *x = px;
    const struct tree_lineage *y = py;
    int c = (x->from_unit > y->from_unit) - (x->from_unit < y->from_unit);
    c = c != 0 ? c : date_cmp(x->date, y->date);
    return c != 0 ? c : (x->row > y->row) - (x->row < y->row);
}

static bool known_unit(struct builder *b, const struct tree_lineage *l, struct str code,
                       uint32_t *id)
{
    if (map_get(&b->t->codes, code, id)) {
        return true;
    }
    report(b, (struct tree_finding){.fault = TREE_FAULT_LINEAGE_UNIT,
                                    .row = l->row,
                                    .code = code,
                                    .other_row = TREE_NONE,
                                    .day = l->date});
    return false;
}

static bool take_lineage(struct builder *b, const struct tree_lineage *rows, uint32_t n)
{
    struct tree *t = b->t;
    t->into = ARENA_TRY_ARRAY(b->a, struct tree_lineage, n);
    t->out_of = ARENA_TRY_ARRAY(b->a, struct tree_lineage, n);
    if (t->into == NULL || t->out_of == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct tree_lineage l = rows[i];
        if (date_is_sentinel(l.date)) {
            report(b, (struct tree_finding){.fault = TREE_FAULT_LINEAGE_DATE,
                                            .row = l.row,
                                            .code = l.to,
                                            .other_row = TREE_NONE,
                                            .other = l.from,
                                            .day = DATE_MIN});
            continue;
        }
        bool from_known = known_unit(b, &l, l.from, &l.from_unit);
        bool to_known = known_unit(b, &l, l.to, &l.to_unit);
        if (from_known && to_known) {
            t->into[t->n_into++] = l;
            if (l.is_split) {
                t->out_of[t->n_out_of++] = l;
            }
        }
    }
    if (t->n_into > 1) {
        qsort(t->into, t->n_into, sizeof *t->into, cmp_into);
    }
    if (t->n_out_of > 1) {
        qsort(t->out_of, t->n_out_of, sizeof *t->out_of, cmp_out_of);
    }
    return true;
}

static bool list_changes(struct builder *b)
{
    struct tree *t = b->t;
    t->changes = ARENA_TRY_ARRAY(b->a, struct date, 2 * (size_t)t->n_versions);
    if (t->changes == NULL) {
        return false;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n_versions; i++) {
        const struct tree_version *v = &t->versions[i];
        if (!date_is_sentinel(v->from)) {
            t->changes[n++] = v->from;
        }
        if (!date_is_sentinel(v->to)) {
            t->changes[n++] = tree_day_after(v->to);
        }
    }
    t->n_changes = sort_dates(t->changes, n);
    return true;
}

/* Everything that may run out of memory, in the order in which findings are wanted. */
static bool build(struct builder *b, const struct tree_version *versions, uint32_t n_versions,
                  const struct tree_lineage *lineage, uint32_t n_lineage)
{
    if (!take_versions(b, versions, n_versions) || !name_units(b)) {
        return false;
    }
    check_overlaps(b);
    cover(b->t);
    check_parents(b);
    return check_roots(b) && check_cycles(b) && take_lineage(b, lineage, n_lineage) &&
           list_changes(b) && tree_index_names(b->a, b->t);
}

enum rc tree_build(struct arena *a, const struct tree_version *versions, uint32_t n_versions,
                   const struct tree_lineage *lineage, uint32_t n_lineage, struct tree_sink sink,
                   const struct tree **out, struct err *e)
{
    *out = NULL;
    if (n_versions > TREE_VERSIONS_MAX || n_lineage > TREE_VERSIONS_MAX) {
        return err_set(e, RC_LIMIT, "more than %u rows of units", "机构超过 %u 行",
                       TREE_VERSIONS_MAX);
    }
    struct builder b = {.a = a, .t = arena_try(a, sizeof(struct tree)), .sink = sink};
    if (b.t == NULL || !build(&b, versions, n_versions, lineage, n_lineage)) {
        return err_set(e, RC_LIMIT, "not enough memory for %u rows of units",
                       "内存不足以容纳 %u 行机构", n_versions);
    }
    if (b.n_faults > 0) {
        return err_set(e, RC_FINDINGS, "the table of units has %u faults", "机构表有 %u 处错误",
                       b.n_faults);
    }
    *out = b.t;
    return RC_OK;
}
