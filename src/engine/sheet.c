/* SPDX-License-Identifier: Apache-2.0 */
/* Sums per node: made in one pass, mended along a path, and asked for. */
#include "engine/sheet.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "engine/ref.h"

#define CHUNK_MEMBERS  4096u              /* of several runs; a longer run is one chunk */
#define FACTOR_MAX     ((int64_t)1 << 40) /* so that 2^20 members of 63 bits stay within i128 */
#define CORNERS_UNUSED 4096u

bool sheet_can(const struct plan *p, const struct terms *t, struct moment m)
{
    const struct expr *first = &p->exprs[t->items[0].agg];
    for (uint32_t k = 0; k < t->n; k++) {
        enum agg_op op = p->exprs[t->items[k].agg].agg;
        if (op != AGG_SUM && op != AGG_COUNT && !agg_is_ratio(op)) {
            return false;
        }
    }
    bool rows = first->over == OVER_REGISTER;
    /* Keys are counted one by one; rows of a span, also of 近 N年, stand in several trees (C17). */
    bool special =
        rows && (m.by_key || m.category_field != NONE || m.since_year != m.year || first->n > 1);
    return !special && frame_can(p, first->over, first->over_ref) && (!rows || chunk_can(p, t));
}

enum rc sheet_make(struct arena *keep, struct arena *a, struct cells *c,
                   const struct evaluator *ref, const struct terms *t, struct moment m,
                   struct frame *frame, const struct spine *spine,
                   const struct sheet_source *source, struct sheet *out, bool *can)
{
    *out = (struct sheet){.cells = c,
                          .ref = ref,
                          .terms = *t,
                          .moment = m,
                          .frame = frame,
                          .spine = spine,
                          .keep = keep,
                          .one_by_one = !chunk_can(cells_plan(c), t)};
    sheet_find_rolls(out);
    out->source = *source;
    enum rc rc = out->one_by_one ? sheet_each_fill(a, out) : RC_OK;
    *can = rc == RC_OK && !out->broken;
    return rc;
}

/* ---- denominators --------------------------------------------------------------------------- */

/* den := the least common multiple; false: too large. */
static bool widen(int64_t *den, int64_t by)
{
    int64_t g = (int64_t)u128_gcd((u128)*den, (u128)by);
    return !__builtin_mul_overflow(*den, by / g, den) && *den < FACTOR_MAX;
}

/* Integers of a term times its factor are over the denominator of its side. */
static bool scale(struct sheet *s, const struct chunk *c)
{
    int64_t den[2] = {1, 1};
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct term *t = &s->terms.items[k];
        if (t->coef.big || rat_is_inf(t->coef) || t->coef.d >= FACTOR_MAX) {
            return false;
        }
        i128 d = t->coef.d * (i128)c->columns[k].den;
        if (d >= FACTOR_MAX || !widen(&den[t->below], (int64_t)d)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct term *t = &s->terms.items[k];
        i128 f = t->coef.n * (den[t->below] / ((int64_t)t->coef.d * c->columns[k].den));
        if (f >= FACTOR_MAX || f <= -FACTOR_MAX) {
            return false;
        }
        s->factor[k] = (int64_t)f;
    }
    s->den[0] = den[0];
    s->den[1] = den[1];
    return true;
}

static struct chunk_place place_of(struct sheet *s)
{
    return (struct chunk_place){s->cells, s->frame, &s->terms, &s->moment, &s->table};
}

/* What is known with the first chunk only. */
static bool prepare(struct arena *a, struct sheet *s, const struct chunk *c)
{
    struct chunk_place p = place_of(s);
    if (s->den[0] != 0) {
        return true;
    }
    corner_form_make(a, &p, &s->form);
    return scale(s, c) && !s->table.full;
}

/* Members [from, to) in columns; false: the sheet is broken. */
static bool cut(struct arena *a, struct sheet *s, uint32_t from, uint32_t to, struct chunk *c)
{
    struct chunk_place p = place_of(s);
    bool ok = !s->broken && chunk_make(a, &p, from, to, c) && prepare(a, s, c);
    s->broken = !ok;
    return ok;
}

/* ---- loose members -------------------------------------------------------------------------- */

uint32_t sheet_loose_from(const struct sheet *s, uint32_t member)
{
    uint32_t lo = 0;
    uint32_t hi = s->loose.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->loose.items[mid].member < member) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

struct loose_member sheet_rationals(struct sheet *s, uint32_t member, const struct region *g)
{
    struct loose_member x = {
        .member = member, .rational = true, .known = g->corners.n == 0, .from = s->rationals.n};
    if (x.known) {
        vec_push(s->keep, &s->rationals,
                 (struct corner){rat_dup(s->keep, g->n), rat_dup(s->keep, g->d), false});
    }
    for (uint32_t k = 0; k < g->corners.n; k++) {
        const struct corner *c = &g->corners.items[k];
        vec_push(s->keep, &s->rationals,
                 (struct corner){rat_dup(s->keep, c->n), rat_dup(s->keep, c->d), c->ray});
    }
    x.to = s->rationals.n;
    return x;
}

static bool by_reference(struct arena *a, struct sheet *s, uint32_t member, uint32_t unit,
                         struct loose_member *out)
{
    struct region g;
    struct ref_reads reads;
    uint32_t row = s->frame->row ? s->frame->row[member] : NONE;
    region_init(&g);
    if (ref_complete(s->ref, a, &s->terms, unit, row, s->moment, &g, &reads) != RC_OK) {
        return false;
    }
    *out = sheet_rationals(s, member, &g);
    out->flags = reads.flags;
    return read_ref(&s->table, &reads, unit, &out->reads);
}

static bool by_corners(struct arena *a, struct sheet *s, uint32_t member, struct loose_member *out)
{
    struct chunk_place p = place_of(s);
    *out = (struct loose_member){.member = member, .from = s->ints.list.n};
    bool ok = corner_complete(a, &s->form, &p, s->factor, member, s->keep, &s->ints, &out->known,
                              &out->reads);
    out->to = s->ints.list.n;
    return ok;
}

/* Completes a member at place l of the list. */
static bool complete(struct arena *a, struct sheet *s, uint32_t member, uint32_t l)
{
    struct arena_mark mark = arena_mark(a);
    struct loose_member x;
    uint32_t unit = s->frame->tree->unit[s->frame->at[member]];
    bool ok = by_corners(a, s, member, &x) || by_reference(a, s, member, unit, &x);
    if (ok) {
        vec_push(s->keep, &s->loose, x);
        for (uint32_t k = s->loose.n - 1; k > l; k--) {
            s->loose.items[k] = s->loose.items[k - 1];
        }
        s->loose.items[l] = x;
    }
    s->broken = s->broken || !ok || s->table.full;
    arena_rewind(a, mark);
    return !s->broken;
}

/* Every open member of the chunk is on the list of loose ones. */
static bool complete_open(struct arena *a, struct sheet *s, const struct chunk *c)
{
    uint32_t l = sheet_loose_from(s, c->from);
    struct chunk_place p = place_of(s);
    corner_form_look(&p, &s->form);
    for (uint32_t k = 0; k < c->opened.n; k++) {
        uint32_t member = c->from + c->opened.items[k];
        while (l < s->loose.n && s->loose.items[l].member < member) {
            l++;
        }
        bool listed = l < s->loose.n && s->loose.items[l].member == member;
        if (!listed && !complete(a, s, member, l)) {
            return false;
        }
    }
    return true;
}

static void forget_loose(struct sheet *s, uint32_t from, uint32_t to)
{
    uint32_t l = sheet_loose_from(s, from);
    uint32_t end = sheet_loose_from(s, to);
    if (end > l) {
        memmove(&s->loose.items[l], &s->loose.items[end],
                (s->loose.n - end) * sizeof *s->loose.items);
        s->loose.n -= end - l;
    }
}

/* ---- nodes ---------------------------------------------------------------------------------- */

static void add_reads(struct sheet_node *n, struct unit_reads u)
{
    n->expected += reads_number(u.read);
    n->silent += reads_number(u.silent);
    n->own_basis |= u.basis;
}

/* What is read at tree index j: by its members, by the loose ones, of what must be filed. */
static struct unit_reads reads_at(struct sheet *s, const struct chunk *c, uint32_t j, uint32_t *l,
                                  uint32_t *open)
{
    struct unit_reads u = {0};
    *open = s->may_be_open ? sheet_open_at(s, j, &u) : 0;
    for (uint32_t m = s->frame->first[j]; m < s->frame->first[j + 1]; m++) {
        unit_reads_unite(&u, member_reads_at(&c->reads, m - c->from));
        if (*l < s->loose.n && s->loose.items[*l].member == m) {
            unit_reads_unite(&u, s->loose.items[(*l)++].reads);
        }
    }
    return u;
}

static void add_sums(const struct sheet *s, const struct chunk *c, uint32_t from, uint32_t to,
                     struct sheet_node *n)
{
    uint32_t first = chunk_opened_from(c, from);
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct term_column *t = &c->columns[k];
        i128 sum = kern_sum(t->x, from, to);
        uint32_t counted = t->counted ? kern_count(t->counted, from, to) : 0;
        for (uint32_t q = first; q < c->opened.n && c->opened.items[q] < to; q++) { /* CK1 */
            uint32_t i = c->opened.items[q];
            sum -= t->x[i];
            counted -= t->counted && t->counted[i] != 0;
        }
        n->sum[s->terms.items[k].below] += sum * s->factor[k];
        n->counted += counted;
    }
}

/* Bits of groups that overlap would be counted twice. */
static bool groups_apart(const struct member_reads *r)
{
    uint32_t seen = r->all.read;
    for (uint32_t g = 0; g < r->n_groups; g++) {
        uint32_t more = r->groups[g].bits.read & ~r->all.read;
        if ((more & seen) != 0) {
            return false;
        }
        seen |= more;
    }
    return true;
}

/* Reads of members [from, to) by numbers: units that have no rows, and file nothing. */
static void add_reads_at_once(struct sheet *s, const struct chunk *c, uint32_t from, uint32_t to,
                              struct sheet_node *n)
{
    const struct member_reads *r = &c->reads;
    n->expected += (to - from) * reads_number(r->all.read);
    n->own_basis |= to > from ? r->all.basis : 0;
    for (uint32_t g = 0; g < r->n_groups; g++) {
        uint32_t number = kern_count(r->groups[g].mask, from, to);
        n->expected += number * reads_number(r->groups[g].bits.read & ~r->all.read);
        n->own_basis |= number > 0 ? r->groups[g].bits.basis : 0;
    }
    for (uint32_t l = sheet_loose_from(s, c->from + from);
         l < s->loose.n && s->loose.items[l].member < c->from + to; l++) {
        struct unit_reads u = member_reads_at(r, s->loose.items[l].member - c->from);
        n->expected -= reads_number(u.read);
        unit_reads_unite(&u, s->loose.items[l].reads);
        add_reads(n, u);
    }
}

/* A run of tree indexes into its node. */
static void add_run(struct sheet *s, const struct chunk *c, const struct spine_run *run,
                    struct sheet_node *n)
{
    uint32_t from = s->frame->first[run->from] - c->from;
    uint32_t to = s->frame->first[run->to] - c->from;
    uint32_t l = sheet_loose_from(s, c->from + from);
    add_sums(s, c, from, to, n);
    for (uint32_t i = from; c->flags && i < to; i++) {
        n->own_flags |= c->flags[i];
    }
    bool at_once = !s->may_be_open && !s->frame->row && !c->reads.each && groups_apart(&c->reads);
    if (at_once) {
        add_reads_at_once(s, c, from, to, n);
    }
    for (uint32_t j = run->from; !at_once && j < run->to; j++) {
        uint32_t open = 0;
        if (s->may_be_open || s->frame->first[j] < s->frame->first[j + 1]) {
            add_reads(n, reads_at(s, c, j, &l, &open));
            n->open += open;
        }
    }
    n->flags |= n->own_flags;
    n->basis |= n->own_basis;
}

/* Adds the difference of two states of a node below to the sums above. */
static void add_node(struct sheet_node *to, const struct sheet_node *now,
                     const struct sheet_node *before)
{
    for (uint32_t k = 0; k < 2; k++) {
        to->sum[k] += now->sum[k] - before->sum[k];
    }
    to->counted += now->counted - before->counted;
    to->expected += now->expected - before->expected;
    to->silent += now->silent - before->silent;
    to->open += now->open - before->open;
    to->flags |= now->flags;
    to->basis |= now->basis;
}

static const struct sheet_node nothing = {.sum = {0, 0}};

/* Runs [k, *end) make one chunk. */
static uint32_t group(const struct sheet *s, uint32_t k)
{
    const struct spine_run *runs = s->spine->runs;
    uint32_t from = s->frame->first[runs[k].from];
    uint32_t end = k + 1;
    while (end < s->spine->n_runs && s->frame->first[runs[end].to] - from <= CHUNK_MEMBERS) {
        end++;
    }
    return end;
}

static bool fill_nodes(struct arena *a, struct sheet *s)
{
    const struct spine *spine = s->spine;
    for (uint32_t k = 0; k < spine->n_runs;) {
        struct arena_mark mark = arena_mark(a);
        struct chunk c;
        uint32_t end = group(s, k);
        uint32_t from = s->frame->first[spine->runs[k].from];
        bool ok = cut(a, s, from, s->frame->first[spine->runs[end - 1].to], &c) &&
                  complete_open(a, s, &c);
        for (; ok && k < end; k++) {
            add_run(s, &c, &spine->runs[k], &s->nodes[spine->runs[k].home]);
        }
        arena_rewind(a, mark);
        if (!ok) {
            return false;
        }
    }
    for (uint32_t r = spine->n; r-- > 1;) {
        add_node(&s->nodes[spine->up[r]], &s->nodes[r], &nothing);
    }
    return !s->table.full;
}

static bool build(struct arena *a, struct sheet *s)
{
    if (!s->nodes) {
        s->nodes = ARENA_ARRAY(s->keep, struct sheet_node, (size_t)s->spine->n + 1);
    }
    memset(s->nodes, 0, s->spine->n * sizeof *s->nodes);
    s->broken = s->broken || !fill_nodes(a, s);
    s->built = !s->broken;
    return s->built;
}

bool sheet_build(struct arena *a, struct sheet *s)
{
    return s->built || build(a, s);
}

static bool start_again(struct arena *a, struct sheet *s)
{
    s->loose.n = 0;
    s->ints.list.n = 0;
    s->rationals.n = 0;
    s->dirty.n = 0;
    return !s->built || build(a, s);
}

/* ---- mending -------------------------------------------------------------------------------- */

bool sheet_touch(struct sheet *s, uint32_t unit)
{
    if (s->one_by_one) {
        return sheet_each_touch(s, unit);
    }
    uint32_t i = s->frame->tree->index_of[unit];
    if ((s->built || s->loose.n > 0) && i != TREE_NONE) {
        vec_push(s->keep, &s->dirty, i);
    }
    return true;
}

/* Its own run anew, and what is below it as it stands. */
static bool node_anew(struct arena *a, struct sheet *s, uint32_t r, struct sheet_node *out)
{
    const struct spine *p = s->spine;
    *out = nothing;
    for (uint32_t k = p->first_of[r]; k < p->first_of[r + 1]; k++) {
        struct arena_mark mark = arena_mark(a);
        struct chunk c;
        const struct spine_run *run = &p->runs[p->of[k]];
        bool ok = cut(a, s, s->frame->first[run->from], s->frame->first[run->to], &c) &&
                  complete_open(a, s, &c);
        if (ok) {
            add_run(s, &c, run, out);
        }
        arena_rewind(a, mark);
        if (!ok) {
            return false;
        }
    }
    for (uint32_t below = r + 1; below < p->end[r]; below = p->end[below]) {
        add_node(out, &s->nodes[below], &nothing);
    }
    return true;
}

/* Bits do not subtract: they are united again from what is below. */
static void unite_bits(struct sheet *s, uint32_t r)
{
    struct sheet_node *n = &s->nodes[r];
    n->flags = n->own_flags;
    n->basis = n->own_basis;
    for (uint32_t below = r + 1; below < s->spine->end[r]; below = s->spine->end[below]) {
        n->flags |= s->nodes[below].flags;
        n->basis |= s->nodes[below].basis;
    }
}

static bool mend_node(struct arena *a, struct sheet *s, uint32_t r)
{
    struct sheet_node before = s->nodes[r];
    struct sheet_node now;
    if (!node_anew(a, s, r, &now)) {
        return false;
    }
    s->nodes[r] = now;
    for (uint32_t up = s->spine->up[r]; up != TREE_NONE; up = s->spine->up[up]) {
        add_node(&s->nodes[up], &now, &before);
        unite_bits(s, up);
    }
    return true;
}

static bool is_first_of_home(const struct sheet *s, uint32_t k)
{
    uint32_t home = spine_home(s->spine, s->dirty.items[k]);
    for (uint32_t j = 0; j < k; j++) {
        if (spine_home(s->spine, s->dirty.items[j]) == home) {
            return false;
        }
    }
    return true;
}

/* Corners of members that have been completed again since. */
static bool unused_corners(const struct sheet *s)
{
    return s->ints.list.n + s->rationals.n > 6 * (size_t)s->loose.n + CORNERS_UNUSED;
}

/* Each home once; when most have changed, everything anew. */
bool sheet_mend(struct arena *a, struct sheet *s)
{
    uint32_t n = s->dirty.n;
    if (n == 0 || s->broken) {
        return !s->broken;
    }
    if (s->one_by_one) {
        s->broken = !sheet_each_mend(a, s);
        s->dirty.n = 0;
        return !s->broken;
    }
    if (n > s->spine->n || unused_corners(s)) {
        return start_again(a, s);
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = s->dirty.items[k];
        forget_loose(s, s->frame->first[i], s->frame->first[i + 1]);
    }
    for (uint32_t k = 0; s->built && k < n; k++) {
        if (is_first_of_home(s, k) && !mend_node(a, s, spine_home(s->spine, s->dirty.items[k]))) {
            s->broken = true;
            return false;
        }
    }
    s->dirty.n = 0;
    return true;
}

/* ---- answers -------------------------------------------------------------------------------- */

/* A node for tree index i, made on the spot where none is kept. */
static bool kept_node(struct arena *a, struct sheet *s, uint32_t i, struct sheet_node *out)
{
    uint32_t r = s->spine->rank[i];
    if (r != TREE_NONE) {
        bool ok = s->built || build(a, s);
        *out = ok ? s->nodes[r] : nothing;
        return ok;
    }
    struct arena_mark mark = arena_mark(a);
    struct chunk c;
    struct spine_run run = {i, i + 1, 0};
    *out = nothing;
    bool ok = cut(a, s, s->frame->first[i], s->frame->first[i + 1], &c);
    ok = ok && complete_open(a, s, &c);
    if (ok) {
        add_run(s, &c, &run, out);
    }
    arena_rewind(a, mark);
    return ok;
}

/* The known members without the units that are silent somewhere. */
static bool node_without(struct arena *a, struct sheet *s, uint32_t i, const struct reads *silent,
                         struct sheet_node *out)
{
    struct arena_mark mark = arena_mark(a);
    struct chunk c;
    uint32_t from = s->frame->first[i];
    *out = nothing;
    bool ok =
        cut(a, s, from, s->frame->first[s->frame->tree->end[i]], &c) && complete_open(a, s, &c);
    if (ok) {
        uint8_t *left_out = ARENA_ARRAY(a, uint8_t, c.n);
        for (uint32_t m = 0; m < c.n; m++) {
            left_out[m] = reads_is_silent(silent, s->frame->tree->unit[s->frame->at[from + m]]);
        }
        chunk_leave_out(a, &c, s->terms.n, left_out);
        add_sums(s, &c, 0, c.n, out);
    }
    arena_rewind(a, mark);
    return ok;
}

bool sheet_node_at(struct arena *a, struct sheet *s, uint32_t i, const struct reads *without,
                   struct sheet_node *out)
{
    return without ? node_without(a, s, i, without, out) : kept_node(a, s, i, out);
}

/* ---- reads, unit by unit ------------------------------------------------------------------ */

/* Bits of every unit from tree index i on. */
static bool unit_bits(struct arena *a, struct sheet *s, uint32_t i, struct unit_reads *units)
{
    struct arena_mark mark = arena_mark(a);
    struct chunk c;
    uint32_t end = s->frame->tree->end[i];
    bool ok = cut(a, s, s->frame->first[i], s->frame->first[end], &c) && complete_open(a, s, &c);
    uint32_t l = sheet_loose_from(s, s->frame->first[i]);
    for (uint32_t j = i; ok && j < end; j++) {
        uint32_t open;
        units[j - i] = reads_at(s, &c, j, &l, &open);
    }
    arena_rewind(a, mark);
    return ok;
}

bool sheet_reads(struct arena *a, struct sheet *s, uint32_t i, struct reads *r)
{
    const struct tree_snap *t = s->frame->tree;
    uint32_t n = t->end[i] - i;
    if (!sheet_mend(a, s)) {
        return false;
    }
    if (s->one_by_one) {
        sheet_each_reads(a, s, i, r);
        return true;
    }
    struct unit_reads *units = ARENA_ARRAY(a, struct unit_reads, n);
    if (!unit_bits(a, s, i, units)) {
        return false;
    }
    reads_unite(r, &s->table, t, i, n, units);
    return !s->table.full;
}
