/* SPDX-License-Identifier: Apache-2.0 */
/* How little would mend a verdict. */
#include "app/outlook/mend.h"

#include "app/need.h"
#include "app/seal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/expr_text.h"

/* A row at work, whose figure has to reach `goal`. */
struct mending {
    const struct mend_asking *q;
    struct arena *a;
    const struct plan *p;
    const struct verdict *v;
    struct need goal;
    struct mend *out;
};

/* ---- amounts -------------------------------------------------------------------------------- */

/* People and things come whole, however their facts are written. */
static bool comes_whole(struct dim d)
{
    static const enum dim_base whole[] = {DIM_COUNT, DIM_PERSON, DIM_PERSON_TIME, DIM_THING,
                                          DIM_VOLUME};
    for (uint32_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        if (dim_eq(d, dim_of(whole[i]))) {
            return true;
        }
    }
    return false;
}

/* The least by which the figure of an expression moves, as its facts are written; 0: by nothing. */
static struct rat grain(const struct mending *w, uint32_t e)
{
    const struct expr *x = &w->p->exprs[e];
    if (x->op == EX_ITEM || x->op == EX_FIELD) {
        const struct datum *d = x->op == EX_ITEM ? &w->p->items[x->ref].d : &w->p->fields[x->ref].d;
        struct rat g = d->type == VT_NUMBER ? d->factor : rat_zero();
        for (uint8_t i = 0; i < d->decimals; i++) {
            g = rat_div(w->a, g, rat_int(10));
        }
        return comes_whole(d->dim) ? rat_max(g, rat_one()) : g;
    }
    if (x->op == EX_AGG && x->agg == AGG_SUM && x->a != NONE) {
        return grain(w, x->a);
    }
    bool counts = x->op == EX_AGG && (x->agg == AGG_COUNT || x->agg == AGG_DISTINCT);
    return counts ? rat_one() : rat_zero();
}

/* Away from what there is: up, and one grain beyond where reaching the end is not enough. */
static struct rat rounded(const struct mending *w, struct rat exact, struct rat g)
{
    if (rat_is_zero(g)) {
        return exact;
    }
    struct rat n = rat_ceil(w->a, rat_div(w->a, exact, g));
    struct rat up = rat_mul(w->a, n, g);
    return w->goal.beyond && rat_eq(up, exact) ? rat_add(w->a, up, g) : up;
}

static void add_step(struct mending *w, enum mend_sort sort, bool less, struct rat exact,
                     uint32_t of, struct rat g)
{
    struct mend_step s = {sort, less, exact, rounded(w, exact, g), of};
    if (rat_sign(s.amount) > 0) {
        w->out->steps[w->out->n++] = s;
    }
}

/* ---- what a quotient is made of ------------------------------------------------------------- */

struct sides {
    struct rat n, d;
    uint32_t n_of, d_of; /* expressions; n_of NONE: units of a kind are counted */
    uint32_t kind;
    bool within; /* what is above is a part of what is below */
};

static enum rc ask(const struct mending *w, uint32_t e, uint32_t unit, struct mval *out)
{
    return w->q->ev->measure(w->q->ev->ctx, w->a, e, unit, *w->v->at, out);
}

static enum rc truth_of(const struct mending *w, uint32_t e, uint32_t unit, enum truth *out)
{
    struct mval m = {.truth = T_YES};
    if (e != NONE) {
        TRY(ask(w, e, unit, &m));
    }
    *out = m.truth;
    return RC_OK;
}

/* Of 占比 over units: how many there are, and how many satisfy it. */
static enum rc count_units(const struct mending *w, const struct expr *x, struct sides *s)
{
    const struct tree_snap *t = NULL;
    int64_t n[2] = {0};
    TRY(cells_tree(w->q->cells, w->v->at->snapshot, &t));
    uint32_t top = t->index_of[w->v->unit];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        enum truth in = T_NO;
        enum truth also = T_NO;
        if (plan_is_a(w->p, t->kind[i], x->over_ref)) {
            TRY(truth_of(w, x->b, t->unit[i], &in));
            TRY(truth_of(w, x->c, t->unit[i], &also));
        }
        n[0] += in == T_YES && also == T_YES;
        n[1] += in == T_YES && also != T_NA;
    }
    *s = (struct sides){rat_int(n[0]), rat_int(n[1]), NONE, NONE, x->over_ref, true};
    return RC_OK;
}

static bool same_sum(const struct plan *p, uint32_t a, uint32_t b)
{
    const struct expr *x = &p->exprs[a];
    const struct expr *y = &p->exprs[b];
    bool units = x->op == EX_AGG && y->op == EX_AGG && x->agg == y->agg && x->over == y->over &&
                 x->over_ref == y->over_ref;
    bool alike = units && x->a != NONE && y->a != NONE && p->exprs[x->a].op == EX_ITEM &&
                 p->exprs[y->a].op == EX_ITEM && p->exprs[x->a].ref == p->exprs[y->a].ref;
    return units && (x->agg == AGG_COUNT || alike);
}

/* The definition behind an indicator that is measured by name. */
static uint32_t formula(const struct mending *w)
{
    uint32_t e = print_measure_of(w->p, w->v);
    while (e != NONE && w->p->exprs[e].op == EX_INDICATOR) {
        const struct commitment *k = &w->p->commitments[w->p->exprs[e].ref];
        const struct definition *d = definition_in_force(k, w->v->at->year);
        e = d != NULL ? d->measure : NONE;
    }
    return e;
}

static bool may_tell(const struct mending *w, uint32_t e)
{
    const struct expr *x = &w->p->exprs[e];
    return x->op != EX_ITEM || w->q->may == NULL ||
           w->q->may(w->q->ctx, w->v->unit, w->p->items[x->ref].d.class_);
}

/* *found: the figure of the row is just this quotient. */
static enum rc sides_of(const struct mending *w, struct sides *s, bool *found)
{
    uint32_t e = formula(w);
    const struct expr *x = e == NONE ? NULL : &w->p->exprs[e];
    *s = (struct sides){.n = rat_zero(), .d = rat_zero()};
    if (x != NULL && x->op == EX_DIV && may_tell(w, x->a) && may_tell(w, x->b)) {
        struct mval n;
        struct mval d;
        TRY(ask(w, x->a, w->v->unit, &n));
        TRY(ask(w, x->b, w->v->unit, &d));
        bool known = n.kind == MV_NUMBER && d.kind == MV_NUMBER && rat_eq(n.lo, n.hi) &&
                     rat_eq(d.lo, d.hi) && !rat_is_inf(n.lo) && !rat_is_inf(d.lo);
        if (known) {
            *s = (struct sides){n.lo, d.lo, x->a, x->b, NONE, same_sum(w->p, x->a, x->b)};
        }
    } else if (x != NULL && x->op == EX_AGG && x->agg == AGG_SHARE && x->over == OVER_KIND &&
               x->n <= 1) {
        TRY(count_units(w, x, s));
    }
    *found = rat_sign(s->d) > 0 && rat_eq(rat_div(w->a, s->n, s->d), w->v->measure.lo);
    return RC_OK;
}

/* n / d is to be t: n by t·d - n, or d by n / t - d; either sign. */
static void of_quotient(struct mending *w, const struct sides *s)
{
    bool down = w->goal.down;
    struct rat t = w->goal.end;
    struct rat n = rat_sub(w->a, rat_mul(w->a, t, s->d), s->n);
    n = down ? rat_neg(w->a, n) : n;
    if (s->n_of == NONE) {
        add_step(w, MEND_UNITS, down, n, s->kind, rat_one());
        return;
    }
    add_step(w, MEND_NUMERATOR, down, n, s->n_of, grain(w, s->n_of));
    if (!s->within && rat_sign(t) > 0) {
        struct rat d = rat_sub(w->a, rat_div(w->a, s->n, t), s->d);
        d = down ? d : rat_neg(w->a, d);
        struct rat g = grain(w, s->d_of);
        if (down || rat_cmp(rounded(w, d, g), s->d) < 0) {
            add_step(w, MEND_DENOMINATOR, !down, d, s->d_of, g);
        }
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* The figure is known. */
static enum rc of_figure(struct mending *w)
{
    struct sides s;
    bool quotient = false;
    uint32_t e = print_measure_of(w->p, w->v);
    struct rat gap = rat_sub(w->a, w->goal.end, w->v->measure.lo);
    TRY(sides_of(w, &s, &quotient));
    add_step(w, MEND_FIGURE, w->goal.down, w->goal.down ? rat_neg(w->a, gap) : gap, NONE,
             e != NONE ? grain(w, e) : rat_zero());
    if (quotient) {
        of_quotient(w, &s);
    }
    return RC_OK;
}

/* Somebody is silent: what the best of them would leave, or what a sum still has to get. */
static void of_interval(struct mending *w)
{
    const struct mval *m = &w->v->measure;
    bool down = w->goal.down;
    uint32_t e = print_measure_of(w->p, w->v);
    struct rat g = e != NONE ? grain(w, e) : rat_zero();
    struct rat best = down ? m->lo : m->hi;
    struct rat reported = m->has_value ? m->value : rat_zero();
    struct rat left = rat_sub(w->a, w->goal.end, reported);
    if (!rat_is_inf(best) && rat_cmp(best, w->goal.end) == (down ? 1 : -1)) {
        struct rat gap = rat_sub(w->a, w->goal.end, best);
        add_step(w, MEND_AT_BEST, down, down ? rat_neg(w->a, gap) : gap, NONE, g);
    } else if (!rat_is_zero(g) && !down) {
        add_step(w, MEND_SILENT, false, left, NONE, g);
    } else if (!rat_is_zero(g) && !w->goal.beyond && rat_sign(left) >= 0) {
        struct rat n = rat_floor(w->a, rat_div(w->a, left, g));
        w->out->steps[w->out->n++] =
            (struct mend_step){MEND_SILENT, true, left, rat_mul(w->a, n, g), NONE};
    }
    w->out->silence = w->out->n > 0 ? MEND_SAYS_NOTHING : MEND_SAYS_OPEN;
}

/* Of 基本 some may miss it: as many as the tolerance has room for, of known ones. */
static enum mend_silence of_units(struct mending *w)
{
    const struct verdict *v = w->v;
    struct rat n = rat_int(v->n_counter);
    if (v->clause != NULL && v->clause->nearly) {
        struct rat rest = rat_sub(w->a, rat_one(), v->measure.lo);
        if (v->n_undecided > 0 || rat_sign(rest) <= 0) {
            return MEND_SAYS_OPEN;
        }
        struct rat base = rat_div(w->a, n, rest);
        struct rat room = rat_floor(w->a, rat_mul(w->a, base, v->clause->tolerance));
        n = rat_sub(w->a, n, room);
    }
    add_step(w, MEND_EACH, false, n, NONE, rat_zero());
    return w->out->n > 0 ? MEND_SAYS_NOTHING : MEND_SAYS_OPEN;
}

static enum mend_silence without_figure(const struct mending *w)
{
    enum commitment_kind kind = w->p->commitments[w->v->commitment].kind;
    return kind == CK_TASK || kind == CK_STAGES ? MEND_SAYS_EVIDENCE : MEND_SAYS_FORM;
}

enum rc mend_of(const struct mend_asking *q, const struct verdict *v, struct mend *out)
{
    struct mending w = {.q = q, .a = q->printer->a, .p = q->printer->plan, .v = v, .out = out};
    const struct mval *m = &v->measure;
    *out = (struct mend){0};
    if (v->state == ST_MET || v->state == ST_NA) {
        out->silence = v->state == ST_MET ? MEND_SAYS_DONE : MEND_SAYS_NA;
    } else if (v->withheld != SHOWN || (m->flags & MF_SEALED) != 0 ||
               seal_records(w.p, v->commitment)) {
        out->silence = MEND_SAYS_SEALED;
    } else if (v->for_all) {
        out->silence = of_units(&w);
    } else if (!need_goal(v, &w.goal) || (m->flags & MF_ROOT) != 0 || v->at == NULL) {
        out->silence = without_figure(&w);
    } else if (!rat_eq(m->lo, m->hi)) {
        of_interval(&w);
    } else if (!rat_is_inf(m->lo)) {
        TRY(of_figure(&w));
        out->silence = out->n > 0 ? MEND_SAYS_NOTHING : MEND_SAYS_DONE;
    } else {
        out->silence = MEND_SAYS_FORM;
    }
    return RC_OK;
}

/* ---- in words ------------------------------------------------------------------------------- */

static const struct {
    const char *word, *say[2][2]; /* of less; English, Chinese */
} steps[] = {
#define STEP(name, word, more_en, more_zh, less_en, less_zh)                                       \
    {word, {{more_en, more_zh}, {less_en, less_zh}}},
#include "app/outlook/mend.def"
};

static const struct {
    const char *word, *say[2];
} silences[] = {
#define SILENCE(name, word, en, zh) {word, {en, zh}},
#include "app/outlook/mend.def"
};

const char *mend_sort_name(enum mend_sort s)
{
    return steps[s].word;
}

const char *mend_silence_name(enum mend_silence s)
{
    return silences[s].word;
}

struct str mend_amount(const struct mend_asking *q, const struct verdict *v,
                       const struct mend_step *s)
{
    struct printer *p = q->printer;
    if (s->sort == MEND_UNITS || s->sort == MEND_EACH) {
        return rat_frac_str(p->a, s->amount);
    }
    if (s->of == NONE) {
        return print_enough(p, v, s->amount);
    }
    /* As a figure of that expression alone: plain numbers are none that are percents. */
    struct clause c = {.measure = s->of};
    struct verdict like = {.clause = &c,
                           .commitment = v->commitment,
                           .measure = {.kind = MV_NUMBER, .lo = s->amount, .hi = s->amount},
                           .has_threshold = true,
                           .threshold = rat_int(2)};
    return print_enough(p, &like, s->amount);
}

struct words {
    struct str of, by;
};

static bool word(const void *ctx, struct str key, struct buf *out)
{
    const struct words *w = ctx;
    bool of = str_eq(key, STR("of"));
    if (of || str_eq(key, STR("by"))) {
        buf_str(out, of ? w->of : w->by);
        return true;
    }
    return false;
}

struct str mend_says(const struct mend_asking *q, const struct verdict *v,
                     const struct mend_step *s)
{
    struct printer *p = q->printer;
    struct speech speech = {p->a, p->plan, p->chinese};
    struct words w = {STR(""), mend_amount(q, v, s)};
    struct buf out;
    if (s->sort == MEND_UNITS) {
        const struct kind *k = &p->plan->kinds[s->of];
        w.of = !p->chinese && k->english.n > 0 ? k->english : k->name;
    } else if (s->of != NONE) {
        w.of = expr_text(&speech, s->of);
    }
    buf_init_in(&out, p->a, 1 << 16);
    buf_template(&out, str_from_cstr(steps[s->sort].say[s->less][p->chinese]), word, &w);
    return buf_view(&out);
}

struct str mend_why(const struct mend_asking *q, enum mend_silence s)
{
    return str_from_cstr(silences[s].say[q->printer->chinese]);
}
