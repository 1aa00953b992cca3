/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that come after a pack was made, and trees that take the place of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"
#include "tests/lib/random_pack.h"

static uint32_t pick(struct chance *c, uint32_t n)
{
    return chance_pick(c, n < 256 ? n : 256);
}

static int32_t any_year(struct chance *c)
{
    return 2023 + (int32_t)pick(c, 4);
}

/* A unit of a kind; any unit when there is none. Often one that has merged since. */
static uint32_t unit_of(struct chance *c, const struct random_pack *pack, uint32_t kind)
{
    const struct tree *t = pack->data->tree;
    bool merged = t->n_into > 0 && pick(c, 4) == 0;
    uint32_t unit = merged ? t->into[pick(c, t->n_into)].from_unit : pick(c, t->n_units);
    for (uint32_t n = 0; kind != NONE && n < t->n_units; n++) {
        const struct tree_version *v = &t->versions[t->units[unit].first];
        if (plan_is_a(pack->plan, v->kind, kind)) {
            return unit;
        }
        unit = (unit + 1) % t->n_units;
    }
    return unit;
}

static struct fact any_fact(struct arena *a, struct chance *c, const struct random_pack *pack)
{
    uint32_t item = pick(c, pack->plan->n_items);
    const struct item *x = &pack->plan->items[item];
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(x->period, any_year(c), all);
    uint32_t unit = unit_of(c, pack, x->kind);
    return random_fact(a, c, pack->plan, item, unit, all[pick(c, (uint32_t)n)]);
}

static struct attr_value any_attr(struct arena *a, struct chance *c, const struct random_pack *pack)
{
    uint32_t k = pick(c, pack->plan->n_attributes);
    const struct attribute *x = &pack->plan->attributes[k];
    bool dated = pick(c, 2) == 0;
    return (struct attr_value){
        .unit = unit_of(c, pack, x->kind),
        .attribute = k,
        .value = {.has = pick(c, 6) != 0, .num = random_figure(a, c, &x->d), .text = STR("")},
        .since = dated ? random_day(any_year(c), 4, 1) : DATE_MIN,
        .until = dated && pick(c, 2) == 0 ? random_day(2025, 12, 31) : DATE_MAX,
        .from = random_provenance(c)};
}

static struct title_row any_title(struct chance *c, const struct random_pack *pack)
{
    return (struct title_row){.title = 0,
                              .unit = unit_of(c, pack, pack->plan->titles[0].kind),
                              .since = random_day(any_year(c), 3, 1),
                              .until = DATE_MAX,
                              .revoked = pick(c, 3) == 0 ? random_day(2025, 6, 1) : DATE_MAX,
                              .status = pick(c, 5) == 0 ? ROW_WITHDRAWN : ROW_ACCEPTED,
                              .from = random_provenance(c)};
}

static struct relation_row any_relation(struct chance *c, const struct random_pack *pack)
{
    uint32_t kind = pack->plan->relations[0].kind_a;
    return (struct relation_row){.a = unit_of(c, pack, kind),
                                 .b = unit_of(c, pack, kind),
                                 .since = DATE_MIN,
                                 .until = DATE_MAX,
                                 .ended = pick(c, 4) == 0 ? random_day(2025, 1, 1) : DATE_MAX,
                                 .confirmed = true,
                                 .from = random_provenance(c)};
}

static struct activity any_activity(struct chance *c, const struct random_pack *pack)
{
    const struct dataset *d = pack->data;
    uint32_t k = d->n_relations > 0 ? pick(c, d->n_relations) : 0;
    return (struct activity){.a = d->n_relations > 0 ? d->relations[k].a : 0,
                             .b = d->n_relations > 0 ? d->relations[k].b : 0,
                             .day = random_day(any_year(c), 6, 1),
                             .from = random_provenance(c)};
}

/* Of a task or stages; false: the plan has none. */
static bool any_evidence(struct chance *c, const struct random_pack *pack, struct evidence *out)
{
    const struct plan *p = pack->plan;
    uint32_t k = pick(c, p->n_commitments);
    for (uint32_t n = 0; n < p->n_commitments; n++, k = (k + 1) % p->n_commitments) {
        if (p->commitments[k].kind == CK_TASK || p->commitments[k].kind == CK_STAGES) {
            *out = random_evidence(c, p, k, pick(c, pack->data->tree->n_units));
            return true;
        }
    }
    return false;
}

static struct filing any_filing(struct chance *c, const struct random_pack *pack)
{
    const struct plan *p = pack->plan;
    struct filing f = {NONE, NONE, NONE, 0, {0}, pick(c, 4) == 0, random_provenance(c)};
    if (pick(c, 2) == 0) {
        f.reg = 0;
        f.unit = unit_of(c, pack, p->regs[0].owner_kind);
    } else {
        for (uint32_t k = 0; k < p->n_kinds; k++) {
            f.roll = p->kinds[k].filed ? k : f.roll;
        }
        f.unit = unit_of(c, pack, NONE);
    }
    (void)!period_make(PERIOD_YEAR, any_year(c), 1, &f.period);
    return f;
}

struct edit random_edit(struct arena *a, struct chance *c, const struct random_pack *pack)
{
    struct edit e = {.kind = EDIT_FACT};
    uint32_t k = pick(c, 16);
    if (k == 0) {
        e.kind = EDIT_ATTR;
        e.u.attr = any_attr(a, c, pack);
    } else if (k == 1 || k == 2) {
        uint32_t reg = pick(c, pack->plan->n_regs);
        e.kind = EDIT_ROW;
        e.u.row =
            random_row(a, c, pack->plan, reg, unit_of(c, pack, pack->plan->regs[reg].owner_kind));
        e.u.row.status = e.u.row.id.n > 0 && pick(c, 4) == 0 ? ROW_WITHDRAWN : ROW_ACCEPTED;
    } else if (k == 3) {
        e.kind = EDIT_TITLE;
        e.u.title = any_title(c, pack);
    } else if (k == 4) {
        e.kind = EDIT_RELATION;
        e.u.relation = any_relation(c, pack);
    } else if (k == 5) {
        e.kind = EDIT_ACTIVITY;
        e.u.activity = any_activity(c, pack);
    } else if (k == 6) {
        e.kind = EDIT_EVENT;
        e.u.event = (struct event_row){0, random_day(any_year(c), 6, 1), random_provenance(c)};
    } else if (k == 7) {
        e.kind = EDIT_FILING;
        e.u.filing = any_filing(c, pack);
    } else if (k == 8 && any_evidence(c, pack, &e.u.evidence)) {
        e.kind = EDIT_EVIDENCE;
    } else {
        e.u.fact = any_fact(a, c, pack);
    }
    return e;
}

/* ---- the same from a loader ----------------------------------------------------------------- */

static void grow(struct arena *a, struct dataset *d, const struct edit *e)
{
    switch (e->kind) {
#define EDIT(name, member, table, type)                                                            \
    case EDIT_##name: {                                                                            \
        struct type *rows = ARENA_ARRAY(a, struct type, (size_t)d->n_##table + 1);                 \
        if (d->n_##table > 0) {                                                                    \
            memcpy(rows, d->table, d->n_##table * sizeof *rows);                                   \
        }                                                                                          \
        rows[d->n_##table++] = e->u.member;                                                        \
        d->table = rows;                                                                           \
        break;                                                                                     \
    }
#include "model/edit.def"
    }
}

const struct dataset *random_grown(struct arena *a, const struct dataset *d,
                                   const struct edit *edits, uint32_t n)
{
    struct dataset *out = ARENA_NEW(a, struct dataset);
    *out = *d;
    for (uint32_t i = 0; i < n; i++) {
        struct edit e = edits[i];
        if (e.kind == EDIT_FACT) {
            e.u.fact.from.line = out->n_facts;
        }
        grow(a, out, &e);
    }
    struct fact *facts = ARENA_ARRAY(a, struct fact, out->n_facts);
    if (out->n_facts > 0) {
        memcpy(facts, out->facts, out->n_facts * sizeof *facts);
        qsort(facts, out->n_facts, sizeof *facts, random_fact_cmp);
    }
    out->facts = facts;
    return out;
}

/* ---- another tree --------------------------------------------------------------------------- */

/* A tree on its way to another one. */
struct growth {
    struct arena *a;
    struct chance *c;
    const struct tree *t;
    VEC(struct tree_version) versions;
    VEC(struct tree_lineage) lineage;
};

/* A new unit beside another one; ids of codes that sort last move nobody else's. */
static struct str found(struct growth *g, const struct tree_version *beside, struct date from)
{
    char text[16];
    uint32_t n = g->t->n_units + g->versions.n;
    (void)snprintf(text, sizeof text, "Z%05u", n);
    struct tree_version v = *beside;
    v.code = v.name = str_dup(g->a, str_from_cstr(text));
    v.from = from;
    v.to = DATE_MAX;
    vec_push(g->a, &g->versions, v);
    return v.code;
}

/* Gone, merged into another one, or split into new ones. */
static void close_school(struct growth *g, struct tree_version *v)
{
    struct date day = random_day(2025, 3, 1);
    const struct tree_version *other = &g->t->versions[pick(g->c, g->t->n_versions)];
    struct tree_lineage l = {.date = day, .from = v->code};
    uint32_t what = pick(g->c, 3);
    v->to = random_day(2025, 2, 28);
    if (what == 0 && other->kind == v->kind && !str_eq(other->code, v->code)) {
        l.to = other->code;
        vec_push(g->a, &g->lineage, l);
    }
    for (uint32_t k = 0; what == 1 && k < 2; k++) {
        l.is_split = true;
        l.to = found(g, v, day);
        vec_push(g->a, &g->lineage, l);
    }
}

static void change_unit(struct growth *g, const struct tree_version *old)
{
    const struct tree *t = g->t;
    struct tree_version v = *old;
    const struct tree_version *parent = &t->versions[t->units[pick(g->c, t->n_units)].first];
    bool alone = t->units[v.unit].n == 1;
    bool school = alone && v.code.p[0] == 'C';
    bool sibling = v.parent_unit != TREE_NONE && alone &&
                   parent->kind == t->versions[t->units[v.parent_unit].first].kind &&
                   t->units[parent->unit].n == 1;
    uint32_t what = pick(g->c, 12);
    if (sibling && what < 4) {
        v.parent = parent->code;
    } else if (school && what == 4) {
        close_school(g, &v);
    } else if (school && sibling && what == 5) { /* moves on a day */
        struct tree_version after = v;
        v.to = random_day(2025, 8, 31);
        after.from = random_day(2025, 9, 1);
        after.parent = parent->code;
        vec_push(g->a, &g->versions, after);
    } else if (school && what == 6) {
        (void)found(g, &v, random_day(2025, 9, 1));
    }
    vec_push(g->a, &g->versions, v);
}

const struct tree *random_other_tree(struct arena *a, struct chance *c,
                                     const struct random_pack *pack)
{
    struct growth g = {.a = a, .c = c, .t = pack->data->tree};
    struct tree_sink sink = {0};
    const struct tree *out = NULL;
    for (uint32_t i = 0; i < g.t->n_into; i++) {
        if (pick(c, 5) > 0) { /* else it was none */
            vec_push(a, &g.lineage, g.t->into[i]);
        }
    }
    uint32_t one_in = pick(c, 3) == 0 ? 1 : 6; /* many changes, or few */
    for (uint32_t i = 0; i < g.t->n_versions; i++) {
        if (pick(c, one_in) == 0) {
            change_unit(&g, &g.t->versions[i]);
        } else {
            vec_push(a, &g.versions, g.t->versions[i]);
        }
    }
    enum rc rc = tree_build(a, g.versions.items, g.versions.n, g.lineage.items, g.lineage.n, sink,
                            &out, NULL);
    return rc == RC_OK ? out : NULL;
}
