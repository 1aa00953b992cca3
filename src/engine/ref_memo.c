/* SPDX-License-Identifier: Apache-2.0 */
/* Corners of one unit that are worked out once for all units of which the same is known. */
#include "engine/ref_memo.h"

#include "base/arena.h"

struct memo {
    struct memo_key keys[MEMO_SLOTS];
    struct memo_answer answers[MEMO_SLOTS];
    uint32_t n, next;
};

struct memo *memo_make(struct arena *a)
{
    return arena_try(a, sizeof(struct memo));
}

/* ---- keys ----------------------------------------------------------------------------------- */

static uint32_t period_of(const struct ref *r, const struct expr *x, struct moment m)
{
    struct period p = {0}; /* clang does not see that it is set */
    struct date day;
    bool has = x->op == EX_ITEM && moment_of_item(&r->plan->items[x->ref], m, &p, &day);
    return has ? period_code(p) : NONE;
}

static bool add_cell(struct ref *r, const struct expr *x, struct place at, struct moment m,
                     struct memo_key *key)
{
    for (uint32_t i = 0; i < key->n; i++) {
        if (key->cells[i].op == x->op && key->cells[i].ref == x->ref) {
            return true;
        }
    }
    if (key->n == MEMO_CELLS_MAX) {
        return false;
    }
    struct mval v = ref_leaf(r, x, at, m);
    key->cells[key->n++] = (struct memo_cell){.op = x->op,
                                              .ref = x->ref,
                                              .period = period_of(r, x, m),
                                              .kind = v.kind,
                                              .truth = v.truth,
                                              .flags = v.flags,
                                              .lo = v.lo,
                                              .hi = v.hi};
    return !v.lo.big && !v.hi.big;
}

static bool gather(struct ref *r, uint32_t e, struct place at, struct moment m,
                   struct memo_key *key)
{
    const struct expr *x = e == NONE ? NULL : &r->plan->exprs[e];
    if (!x) {
        return true;
    }
    switch ((unsigned)x->op) {
    case EX_NUM:
    case EX_BOOL:
        return true;
    case EX_ITEM:
    case EX_ATTR:
    case EX_TITLE:
        return add_cell(r, x, at, m, key);
    case EX_NEG:
    case EX_NOT:
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_DIV:
    case EX_AND:
    case EX_OR:
    case EX_GE:
    case EX_LE:
    case EX_GT:
    case EX_LT:
    case EX_EQ:
    case EX_NE:
    case EX_ABOUT:
    case EX_BETWEEN:
    case EX_IN:
    case EX_IF:
        return gather(r, x->a, at, m, key) && gather(r, x->b, at, m, key) &&
               gather(r, x->c, at, m, key);
    default:
        return false; /* looks beyond the unit and its moment */
    }
}

static uint64_t mixed(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9e3779b97f4a7c15U;
    return h ^ h >> 29;
}

static uint64_t hash_of(const struct memo_key *key)
{
    uint64_t h = mixed(key->e, key->n);
    for (uint32_t i = 0; i < key->n; i++) {
        const struct memo_cell *c = &key->cells[i];
        h = mixed(h, (uint64_t)c->ref << 32 | c->period);
        h = mixed(h, (uint64_t)c->lo.n);
        h = mixed(h, (uint64_t)c->hi.n);
    }
    return h;
}

bool memo_key_of(struct ref *r, uint32_t e, struct place at, struct moment m, struct memo_key *out)
{
    struct leaves *collect = r->collect;
    bool quiet = r->quiet;
    out->e = e;
    out->n = 0;
    if (at.n != 1) {
        return false; /* a row, or units that were merged since */
    }
    r->collect = NULL;
    r->quiet = true;
    bool ok = gather(r, e, at, m, out);
    r->quiet = quiet;
    r->collect = collect;
    out->hash = ok ? hash_of(out) : 0;
    return ok;
}

/* ---- what is kept --------------------------------------------------------------------------- */

static bool same_rat(struct rat x, struct rat y)
{
    return x.n == y.n && x.d == y.d; /* none is big */
}

static bool same_cell(const struct memo_cell *x, const struct memo_cell *y)
{
    return x->op == y->op && x->ref == y->ref && x->period == y->period && x->kind == y->kind &&
           x->truth == y->truth && x->flags == y->flags && same_rat(x->lo, y->lo) &&
           same_rat(x->hi, y->hi);
}

static bool same_key(const struct memo_key *x, const struct memo_key *y)
{
    bool same = x->hash == y->hash && x->e == y->e && x->n == y->n;
    for (uint32_t i = 0; same && i < x->n; i++) {
        same = same_cell(&x->cells[i], &y->cells[i]);
    }
    return same;
}

const struct memo_answer *memo_find(const struct memo *memo, const struct memo_key *key)
{
    for (uint32_t i = 0; memo && i < memo->n; i++) {
        if (same_key(&memo->keys[i], key)) {
            return &memo->answers[i];
        }
    }
    return NULL;
}

void memo_keep(struct memo *memo, const struct memo_key *key, const struct memo_answer *x)
{
    if (!memo || x->sharp.lo.big || x->sharp.hi.big) {
        return;
    }
    memo->keys[memo->next] = *key;
    memo->answers[memo->next] = *x;
    memo->next = (memo->next + 1) % MEMO_SLOTS;
    memo->n += memo->n < MEMO_SLOTS;
}
