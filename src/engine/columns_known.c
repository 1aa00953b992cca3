/* SPDX-License-Identifier: Apache-2.0 */
/* Measures at many units in turn: what is looked up once, and what a unit then takes. */
#include "base/arena.h"
#include "engine/columns_int.h"

bool columns_same_unit(struct columns *k, const struct moment *m)
{
    const struct tree *t = cells_dataset(k->cells)->tree;
    const struct tree_snap *named = NULL;
    const struct tree_snap *then = NULL;
    if (date_is_sentinel(m->named) || date_cmp(m->named, m->snapshot) == 0) {
        return true;
    }
    return t->n_into == 0 && t->n_out_of == 0 && cells_tree(k->cells, m->named, &named) == RC_OK &&
           cells_tree(k->cells, m->snapshot, &then) == RC_OK && named == then;
}

static struct sheet *sheet_for(struct columns *k, uint32_t e, const struct moment *m)
{
    struct arena_mark mark = arena_mark(&k->scratch);
    struct walk w = {.k = k, .a = &k->scratch};
    struct sheet *s = columns_sheet(&w, e, *m);
    bool ok = s && !s->one_by_one && sheet_mend(&k->scratch, s) && sheet_build(&k->scratch, s);
    arena_rewind(&k->scratch, mark);
    return ok ? s : NULL;
}

static void look(struct columns *k, struct cursor *c)
{
    const struct expr *x = &k->plan->exprs[c->e];
    bool rolls_up = x->op == EX_AGG || x->op == EX_ADD || x->op == EX_SUB || x->op == EX_DIV;
    c->looked = k->made;
    c->stretch = NULL;
    c->sheet = NULL;
    if (!date_is_sentinel(c->m.granted) || !columns_same_unit(k, &c->m)) {
        return;
    }
    c->ratio = columns_is_ratio(x);
    c->stretch = columns_stretch(k, c->e, &c->m);
    c->sheet = !c->stretch && rolls_up ? sheet_for(k, c->e, &c->m) : NULL;
}

/* n / d in lowest terms; d > 0. */
static void reduce(struct known *v)
{
    int64_t g = (int64_t)u128_gcd((u128)(v->n < 0 ? -(i128)v->n : v->n), (u128)v->d);
    if (g > 1) {
        v->n /= g;
        v->d /= g;
    }
}

bool columns_known(void *ctx, struct cursor *c, uint32_t unit, struct known *out)
{
    struct columns *k = ctx;
    if (c->looked != k->made) { /* the sheets may have been dropped since (COLUMNS_BYTES) */
        look(k, c);
    }
    k->stats.asked++;
    bool ok = false;
    if (c->stretch) {
        ok = columns_own_known(k, c->stretch, c->e, unit, out);
    } else if (c->sheet) {
        struct sheet *s = c->sheet;
        uint32_t i = s->frame->tree->index_of[unit];
        ok = i != TREE_NONE && sheet_known(s, i, c->ratio, out);
    }
    if (ok && out->kind == MV_NUMBER) {
        reduce(out);
    }
    return ok;
}

bool columns_known_run(void *ctx, struct cursor *c, struct unit_run r, struct known_run *out)
{
    struct columns *k = ctx;
    if (c->looked != k->made) {
        look(k, c);
    }
    k->stats.asked += r.to - r.from;
    return c->stretch && columns_own_run(k, c->stretch, c->e, r, out);
}
