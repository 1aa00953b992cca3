/* SPDX-License-Identifier: Apache-2.0 */
/* Two undecided sides: of several populations, or of cells that have nothing to do with each other.
 */
#include "base/arena.h"
#include "engine/columns_int.h"

#define SIDE_DEPTH_MAX 100

/* ---- quotients over several populations ----------------------------------------------------- */

static bool add_population(struct walk *w, uint32_t e, uint32_t first, const struct terms *t,
                           uint32_t unit, struct moment m, struct region *g, uint32_t *flags)
{
    struct sheet *s = columns_population(w, e, first, t, m);
    uint32_t i = s ? s->frame->tree->index_of[unit] : TREE_NONE;
    return i != TREE_NONE && sheet_add(w->a, s, i, w->silent, g, flags);
}

/* As the reference does it (ref_several): all members in one region. */
bool columns_several(struct walk *w, uint32_t e, uint32_t unit, struct moment m, struct mval plain,
                     struct mval *out)
{
    struct terms t;
    struct terms of_one;
    struct region g;
    bool apart;
    uint32_t flags = 0;
    if (m.by_key || !linear_several(w->a, w->k->plan, e, m.year, &t, &apart)) {
        return false;
    }
    *out = plain;
    region_init(&g);
    region_known(w->a, &g, t.n0, t.d0);
    for (uint32_t i = 0; apart && i < t.n; i++) {
        if (linear_population(w->k->plan, &t, i, &of_one) &&
            !add_population(w, e, i, &of_one, unit, m, &g, &flags)) {
            w->failed = true;
            return true;
        }
    }
    if (apart && region_ratio(w->a, &g, out)) {
        out->flags |= mval_is_known(*out) ? flags & ~(uint32_t)MF_WIDE : flags;
        return true;
    }
    *out = plain;
    out->flags |= mval_is_known(*out) ? 0u : (uint32_t)MF_WIDE;
    return true;
}

/* ---- cells that have nothing to do with each other ------------------------------------------ */

enum side_tag { SIDE_ITEM, SIDE_GROUP, SIDE_ATTR, SIDE_FIELD };

/* Something that is read: at units of a kind, or NONE: at whichever. */
struct seen {
    enum side_tag tag;
    uint32_t id, kind;
};

struct side {
    struct columns *k;
    struct arena *a;
    VEC(struct seen) list;
    uint32_t kind; /* of the units at which is read what is looked at; NONE: of any */
    bool moved;    /* at another time than the rest: they may have been of another kind then */
    bool odd;      /* reads what is not told here */
    uint32_t depth;
};

static void see(struct side *s, enum side_tag t, uint32_t id)
{
    uint32_t kind = s->moved || t == SIDE_FIELD ? NONE : s->kind;
    for (uint32_t i = 0; i < s->list.n; i++) {
        const struct seen *x = &s->list.items[i];
        if (x->tag == t && x->id == id && x->kind == kind) {
            return;
        }
    }
    vec_push(s->a, &s->list, (struct seen){t, id, kind});
}

static void look(struct side *s, uint32_t e);

static void look_leaf(struct side *s, const struct expr *x)
{
    const struct commitment *c;
    uint32_t group;
    switch ((unsigned)x->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        see(s, SIDE_ITEM, x->ref);
        group = cells_check_group(s->k->cells, x->ref);
        if (group != NONE) {
            see(s, SIDE_GROUP, group);
        }
        break;
    case EX_ATTR:
        see(s, SIDE_ATTR, x->ref);
        break;
    case EX_FIELD:
        see(s, SIDE_FIELD, x->ref);
        break;
    case EX_INDICATOR:
        c = &s->k->plan->commitments[x->ref];
        s->moved = s->moved || c->has_point;
        for (uint32_t i = 0; i < c->n_definitions; i++) {
            look(s, c->definitions[i].measure);
        }
        break;
    case EX_AGG:
        s->odd = s->odd || x->over == OVER_LIST || x->over == OVER_RELATION;
        s->kind = x->over == OVER_KIND ? x->over_ref : NONE;
        break;
    case EX_SHIFT:
    case EX_BASELINE:
    case EX_CONSECUTIVE:
        s->moved = true;
        break;
    case EX_LIST:
    case EX_RANK:
    case EX_DEGREE:
    case EX_PARENT:
        s->odd = true;
        break;
    default:
        break;
    }
}

static void look(struct side *s, uint32_t e)
{
    if (e == NONE || s->odd) {
        return;
    }
    const struct expr *x = &s->k->plan->exprs[e];
    uint32_t kind = s->kind;
    bool moved = s->moved;
    s->odd = s->depth >= SIDE_DEPTH_MAX;
    s->depth++;
    look_leaf(s, x);
    look(s, x->a);
    look(s, x->b);
    look(s, x->c);
    s->depth--;
    s->kind = kind;
    s->moved = moved;
}

static bool may_be_one(const struct plan *p, const struct seen *x, const struct seen *y)
{
    return x->tag == y->tag && x->id == y->id &&
           (x->kind == NONE || y->kind == NONE || !linear_kinds_apart(p, x->kind, y->kind));
}

/* tied: what a check ties counts as shared. */
static bool nothing_shared(struct columns *k, struct arena *a, const struct expr *x, bool tied)
{
    struct side left = {.k = k, .a = a, .kind = NONE};
    struct side right = {.k = k, .a = a, .kind = NONE};
    look(&left, x->a);
    look(&right, x->b);
    for (uint32_t i = 0; i < left.list.n; i++) {
        const struct seen *l = &left.list.items[i];
        for (uint32_t j = 0; j < right.list.n && (tied || l->tag != SIDE_GROUP); j++) {
            if (may_be_one(k->plan, l, &right.list.items[j])) {
                return false;
            }
        }
    }
    return !left.odd && !right.odd;
}

/* Asked often, found out once. */
static bool remembered(struct walk *w, uint8_t **list, uint32_t e, bool tied)
{
    enum { UNASKED, NO, YES };
    struct columns *k = w->k;
    if (!*list) {
        *list = ARENA_ARRAY(&k->lasting, uint8_t, k->plan->n_exprs);
    }
    if ((*list)[e] == UNASKED) {
        (*list)[e] = nothing_shared(k, w->a, &k->plan->exprs[e], tied) ? YES : NO;
    }
    return (*list)[e] == YES;
}

bool columns_unrelated(struct walk *w, uint32_t e)
{
    return remembered(w, &w->k->unrelated, e, true);
}

bool columns_apart(struct walk *w, uint32_t e)
{
    return remembered(w, &w->k->apart, e, false);
}
