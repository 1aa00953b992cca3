/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of a unit's own cells, worked out for a stretch of units when they are asked in turn. */
#include <string.h>

#include "base/arena.h"
#include "engine/batch.h"
#include "engine/columns_int.h"
#include "engine/kern_loop.h"

#define OWN_MEMBERS 512u

/* What an expression gives for members [from, from + n) of its kind. */
struct own_stretch {
    struct moment moment;
    struct frame *frame;
    uint64_t edits; /* state of the columns it was made in */
    uint32_t next;  /* the member after the last one asked for */
    uint32_t from, n;
    struct read_table table;
    struct kcol value;
    int64_t x[OWN_MEMBERS], y[OWN_MEMBERS];
    uint8_t t[OWN_MEMBERS], open[OWN_MEMBERS], flags[OWN_MEMBERS];
    struct unit_reads reads[OWN_MEMBERS];
    struct own_stretch *others; /* of the expression, at other moments */
    struct corner_form form;    /* of a comparison; made when it is first wanted */
    bool has_form;
};

static struct own_stretch *stretch_of(struct columns *k, uint32_t e, const struct moment *m)
{
    if (!k->own) {
        k->own = ARENA_ARRAY(&k->sheets, struct own_stretch *, k->plan->n_exprs);
    }
    for (struct own_stretch *s = k->own[e]; s; s = s->others) {
        if (columns_same_moment(&s->moment, m)) {
            return s;
        }
    }
    struct own_stretch *s = ARENA_NEW(&k->sheets, struct own_stretch);
    s->moment = *m;
    s->frame = columns_frame(k, OVER_KIND, k->plan->exprs[e].grain_kind, *m);
    s->next = NONE;
    s->others = k->own[e];
    k->own[e] = s;
    return s;
}

void columns_own_day(struct columns *k, struct date day)
{
    for (uint32_t e = 0; k->own && e < k->plan->n_exprs; e++) {
        for (struct own_stretch *s = k->own[e]; s; s = s->others) {
            s->moment.as_of = day;
        }
    }
}

static void copy(struct own_stretch *s, const struct kcol *v, const struct kern *kern,
                 const struct member_reads *reads)
{
    s->value = *v;
    for (uint32_t i = 0; i < s->n; i++) {
        s->t[i] = v->t[i];
        s->open[i] = kern->open[i];
        s->x[i] = v->is_bool ? 0 : v->x[i];
        s->y[i] = v->y ? v->y[i] : v->den;
        s->flags[i] = v->flags ? v->flags[i] : 0;
        s->reads[i] = member_reads_at(reads, i);
    }
}

static void fill(struct columns *k, struct own_stretch *s, uint32_t e, uint32_t from)
{
    struct arena *a = &k->scratch;
    struct arena_mark mark = arena_mark(a);
    s->from = from;
    s->n = s->frame->n - from < OWN_MEMBERS ? s->frame->n - from : OWN_MEMBERS;
    struct kern kern = {a, s->n, ARENA_ARRAY(a, uint8_t, s->n)};
    struct member_reads reads = {.n_groups = 0};
    struct column_place p = {&kern, k->cells, s->frame, from, NULL, &s->table, &reads};
    struct kcol v;
    if (batch_run(&p, e, s->moment, &v) && !s->table.full) {
        copy(s, &v, &kern, &reads);
        s->edits = k->edits;
    } else {
        s->n = 0;
    }
    arena_rewind(a, mark);
}

/* Member of the unit, or NONE. */
static uint32_t member_of(const struct own_stretch *s, uint32_t unit)
{
    uint32_t t = s->frame ? s->frame->tree->index_of[unit] : TREE_NONE;
    uint32_t i = t == TREE_NONE ? NONE : s->frame->first[t];
    return i != NONE && i < s->frame->n && s->frame->at[i] == t ? i : NONE;
}

static void give(struct arena *a, const struct own_stretch *s, uint32_t i, struct mval *out)
{
    enum truth t = (enum truth)s->t[i];
    *out = s->value.is_bool ? mval_truth(t)
           : t == T_NA      ? mval_none()
                            : mval_known(rat_make(a, s->x[i], s->y[i]));
    out->flags = s->flags[i];
    out->has_value = mval_is_known(*out);
    out->value = out->has_value ? out->lo : rat_zero();
    reads_give(a, &s->table, reads_number(s->reads[i].read), 0, s->reads[i].basis, out);
}

/* Whether kernels take the expression at a unit: asked often, found out once. */
static bool is_own(struct columns *k, uint32_t e)
{
    enum { UNASKED, NO, YES };
    const struct expr *x = &k->plan->exprs[e];
    if (!k->is_own) {
        k->is_own = ARENA_ARRAY(&k->lasting, uint8_t, k->plan->n_exprs);
    }
    if (k->is_own[e] == UNASKED) {
        bool can = x->grain_kind != NONE && x->grain_reg == NONE && batch_can(k->plan, e, false);
        k->is_own[e] = can ? YES : NO;
    }
    return k->is_own[e] == YES;
}

struct own_stretch *columns_stretch(struct columns *k, uint32_t e, const struct moment *m)
{
    return is_own(k, e) ? stretch_of(k, e, m) : NULL;
}

static bool holds_member(const struct columns *k, const struct own_stretch *s, uint32_t i)
{
    return s->n > 0 && s->edits == k->edits && i >= s->from && i - s->from < s->n;
}

bool columns_own_known(struct columns *k, struct own_stretch *s, uint32_t e, uint32_t unit,
                       struct known *out)
{
    uint32_t i = member_of(s, unit);
    if (i == NONE) {
        return false;
    }
    if (!holds_member(k, s, i)) {
        fill(k, s, e, i);
    }
    uint32_t at = i - s->from;
    if (!holds_member(k, s, i) || s->open[at] != 0) {
        return false;
    }
    *out = (struct known){.kind = s->value.is_bool   ? MV_BOOL
                                  : s->t[at] == T_NA ? MV_NONE
                                                     : MV_NUMBER,
                          .truth = (enum truth)s->t[at],
                          .n = s->x[at],
                          .d = s->y[at],
                          .flags = s->flags[at],
                          .expected = reads_number(s->reads[at].read)};
    return true;
}

bool columns_own(struct columns *k, struct arena *a, uint32_t e, uint32_t unit,
                 const struct moment *m, struct mval *out)
{
    if (!is_own(k, e)) {
        return false;
    }
    struct own_stretch *s = stretch_of(k, e, m);
    uint32_t i = member_of(s, unit);
    bool in_turn = i != NONE && i == s->next;
    s->next = i == NONE ? NONE : i + 1;
    bool there =
        i != NONE && s->n > 0 && s->edits == k->edits && i >= s->from && i - s->from < s->n;
    if (!there && in_turn) {
        fill(k, s, e, i);
        there = s->n > 0;
    }
    if (!there || s->open[i - s->from] != 0) {
        return false;
    }
    give(a, s, i - s->from, out);
    return true;
}

/* ---- many at once --------------------------------------------------------------------------- */

/* The units are members, and stand in their order. */
static bool are_members(const struct frame *f, struct unit_run r)
{
    uint32_t other = 0;
    for (uint32_t i = r.from; r.to <= f->n && i < r.to; i++) {
        other |= f->tree->unit[f->at[i]] ^ r.units[i];
    }
    return r.to <= f->n && other == 0;
}

static uint32_t pairs_at(const struct member_reads *reads, uint32_t i)
{
    return reads_number(member_reads_at(reads, i).read);
}

/* Who is open, bears flags, or reads another number of pairs than the others is not told. */
static void tell(const struct kern *k, const struct kcol *v, const struct member_reads *reads,
                 struct known_run *out)
{
    bool alike = reads->n_groups == 0 && !reads->each;
    out->is_bool = v->is_bool;
    out->expected = k->n > 0 ? pairs_at(reads, 0) : 0;
    loop_or_open(v->t, k->open, k->n, out->t);
    for (uint32_t i = 0; v->flags && i < k->n; i++) {
        out->t[i] = v->flags[i] != 0 ? (uint8_t)T_UNKNOWN : out->t[i];
    }
    for (uint32_t i = 0; !alike && i < k->n; i++) {
        out->t[i] = pairs_at(reads, i) != out->expected ? (uint8_t)T_UNKNOWN : out->t[i];
    }
    if (!v->is_bool) {
        memcpy(out->x, v->x, k->n * sizeof *out->x);
    }
    for (uint32_t i = 0; !v->is_bool && i < k->n; i++) {
        out->y[i] = v->y ? v->y[i] : v->den;
    }
}

/* Who is silent, by bounds, where that is simple and no pair was reported. */
static void tell_silent(struct columns *k, struct own_stretch *s, uint32_t e, uint32_t from,
                        const struct kern *kern, struct known_run *out)
{
    const struct expr *x = &k->plan->exprs[e];
    struct chunk_place p = {k->cells, s->frame, NULL, &s->moment, &s->table};
    if (!s->has_form) {
        corner_form_compare(&p, x, &s->form);
        s->has_form = true;
    }
    corner_form_look(&p, &s->form);
    for (uint32_t i = 0; s->form.fits && i < kern->n; i++) {
        enum truth t;
        struct unit_reads r;
        if (kern->open[i] != 0 && corner_compare(kern->a, &s->form, &p, x, from + i, &t, &r) &&
            r.silent == r.read && reads_number(r.read) == out->expected) {
            out->t[i] = (uint8_t)(KNOWN_SILENT | t);
        }
    }
}

bool columns_own_run(struct columns *k, struct own_stretch *s, uint32_t e, struct unit_run r,
                     struct known_run *out)
{
    struct arena *a = &k->scratch;
    struct arena_mark mark = arena_mark(a);
    if (!s->frame || !are_members(s->frame, r)) {
        return false;
    }
    struct kern kern = {a, r.to - r.from, ARENA_ARRAY(a, uint8_t, r.to - r.from)};
    struct member_reads reads = {.n_groups = 0};
    struct column_place p = {&kern, k->cells, s->frame, r.from, NULL, &s->table, &reads};
    struct kcol v;
    bool ok = batch_run(&p, e, s->moment, &v) && !s->table.full;
    if (ok) {
        tell(&kern, &v, &reads, out);
    }
    if (ok && out->silent_too && v.is_bool) {
        tell_silent(k, s, e, r.from, &kern, out);
    }
    arena_rewind(a, mark);
    return ok;
}
