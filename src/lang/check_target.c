/* SPDX-License-Identifier: Apache-2.0 */
/* Target clauses: times, scopes, comparators, ladders, nested targets. */
#include "base/arena.h"
#include "lang/check_int.h"

enum modality check_modality(enum ast_modality m)
{
    return (enum modality)m;
}

/* ---- when ----------------------------------------------------------------------------------- */

static bool span_of(struct checker *c, const struct node *n, struct when *out)
{
    const struct node_when *w = &n->u.when;
    out->from_year = c->plan->first_year;
    out->to_year = c->plan->last_year;
    bool ok = (!w->from || check_year(c, w->from, &out->from_year)) &&
              (!w->to || check_year(c, w->to, &out->to_year));
    if (ok && out->from_year > out->to_year) {
        struct diag *d = diag_add(c->ds, DIAG_bad_years, n->at);
        diag_arg_int(c->ds, d, "max", 50);
        return false;
    }
    return ok;
}

bool check_when(struct checker *c, const struct node *n, struct when *out)
{
    static const enum when_kind kinds[] = {
        [AST_WHEN_BY] = WHEN_BY,       [AST_WHEN_AT] = WHEN_AT,
        [AST_WHEN_EACH] = WHEN_EACH,   [AST_WHEN_HOLD] = WHEN_HOLD,
        [AST_WHEN_MEAN] = WHEN_MEAN,   [AST_WHEN_CUMULATIVE] = WHEN_CUMULATIVE,
        [AST_WHEN_UNTIL] = WHEN_UNTIL,
    };
    static const enum period_kind periods[] = {
        [EVERY_YEAR] = PERIOD_YEAR,   [EVERY_SCHOOL_YEAR] = PERIOD_SCHOOL_YEAR,
        [EVERY_TERM] = PERIOD_TERM,   [EVERY_QUARTER] = PERIOD_QUARTER,
        [EVERY_MONTH] = PERIOD_MONTH, [EVERY_WEEK] = PERIOD_WEEK,
    };
    *out = (struct when){.kind = WHEN_DEFAULT,
                         .from_year = c->plan->last_year,
                         .to_year = c->plan->last_year,
                         .every = PERIOD_YEAR,
                         .event = NONE,
                         .day = DATE_MIN};
    if (!n || n->kind != NODE_WHEN) {
        return n == NULL;
    }
    const struct node_when *w = &n->u.when;
    out->kind = kinds[w->kind];
    if (w->kind == AST_WHEN_EACH) {
        out->every = periods[w->every];
    }
    if (w->kind == AST_WHEN_UNTIL) {
        struct sym s = sym_resolve(c, w->event, SYM_EVENT);
        out->event = s.kind == SYM_EVENT ? s.ix : NONE;
        return s.kind == SYM_EVENT;
    }
    if (w->kind != AST_WHEN_BY && w->kind != AST_WHEN_AT) {
        return span_of(c, n, out);
    }
    if (w->to && w->to->kind == NODE_DATE) {
        out->day = w->to->u.date;
    }
    bool ok = check_year(c, w->to, &out->to_year);
    out->from_year = out->to_year;
    return ok;
}

/* ---- scope ---------------------------------------------------------------------------------- */

static uint32_t root_kind(const struct checker *c)
{
    for (uint32_t i = 0; i < c->kinds.n; i++) {
        if (c->kinds.items[i].is_level && c->kinds.items[i].level == 0) {
            return i;
        }
    }
    return NONE;
}

static bool each_scope(struct checker *c, const struct node *name, struct scope *out)
{
    if (!name || name->kind != NODE_NAME) {
        return false;
    }
    struct sym s = sym_global(c, ast_name_text(c->a, name));
    out->ref = s.ix;
    out->kind = s.kind == SYM_TITLE  ? SCOPE_EACH_TITLE
                : s.kind == SYM_LIST ? SCOPE_EACH_LIST
                                     : SCOPE_EACH_KIND;
    if (s.kind == SYM_TITLE || s.kind == SYM_LIST) {
        return true;
    }
    out->ref = sym_kind_of(c, name);
    return out->ref != NONE;
}

static bool category_scope(struct checker *c, const struct node *name, struct scope *out)
{
    if (!name || name->kind != NODE_NAME) {
        return false;
    }
    struct sym reg = sym_global(c, name->u.name.parts[0]);
    struct sym field = {.kind = SYM_NONE};
    if (reg.kind == SYM_REGISTER && name->u.name.n == 2) {
        field = sym_field(c, reg.ix, name->u.name.parts[1]);
    }
    if (field.kind == SYM_NONE || c->fields.items[field.ix].d.type != VT_CHOICE) {
        sym_unknown(c, name, (struct grain){NONE, reg.kind == SYM_REGISTER ? reg.ix : NONE},
                    SYM_FIELD);
        return false;
    }
    out->kind = SCOPE_EACH_CATEGORY;
    out->ref = field.ix;
    return true;
}

static bool read_scope(struct checker *c, const struct node *n, struct scope *out)
{
    *out = (struct scope){.kind = SCOPE_ROOT, .ref = NONE};
    if (n->kind != NODE_SCOPE) {
        return false;
    }
    const struct node_scope *s = &n->u.scope;
    switch (s->kind) {
    case AST_SCOPE_EACH:
        return each_scope(c, s->target, out);
    case AST_SCOPE_CATEGORY:
        return category_scope(c, s->target, out);
    case AST_SCOPE_NAMED: {
        struct str *names = ARENA_ARRAY(c->a, struct str, s->units.n + 1);
        for (uint32_t i = 0; i < s->units.n; i++) {
            const struct node *u = s->units.items[i];
            names[i] = u->kind == NODE_STRING ? u->u.text
                       : u->kind == NODE_NAME ? ast_name_text(c->a, u)
                                              : STR("");
        }
        out->kind = SCOPE_EACH_NAMED;
        out->named = names;
        out->n_named = s->units.n;
        return true;
    }
    case AST_SCOPE_OVERALL:
    case AST_SCOPE__COUNT:
        break;
    }
    return true;
}

void check_scopes(struct checker *c, struct node *const *nodes, uint32_t n,
                  const struct scope **out, uint32_t *n_out)
{
    struct scope *list = ARENA_ARRAY(c->a, struct scope, n + 1);
    uint32_t k = 0;
    bool units = false;
    for (uint32_t i = 0; i < n; i++) {
        if (read_scope(c, nodes[i], &list[k])) {
            units = units || list[k].kind != SCOPE_EACH_CATEGORY;
            k++;
        }
    }
    if (!units) {
        list[k++] = (struct scope){.kind = SCOPE_ROOT, .ref = NONE};
    }
    *out = list;
    *n_out = k;
}

static uint32_t kind_of_scope(const struct checker *c, const struct scope *s)
{
    switch (s->kind) {
    case SCOPE_ROOT:
        return root_kind(c);
    case SCOPE_EACH_KIND:
        return s->ref;
    case SCOPE_EACH_TITLE:
        return c->titles.items[s->ref].kind;
    case SCOPE_EACH_LIST:
        return c->lists.items[s->ref].kind;
    case SCOPE_EACH_NAMED:
    case SCOPE_EACH_CATEGORY:
        break;
    }
    return NONE;
}

/* Units of every scope are of the kind. */
static bool holds_for_all(const struct checker *c, const struct scope *scopes, uint32_t n,
                          uint32_t kind)
{
    bool all = true;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = kind_of_scope(c, &scopes[i]);
        all = all && (at == NONE || check_is_a(c, at, kind));
    }
    return all;
}

/* The most special kind of which all scopes are cases (general kinds come first, P5); if there is
 * none, that of the first scope. */
struct grain check_grain_of(const struct checker *c, const struct scope *scopes, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && scopes[i].kind == SCOPE_EACH_CATEGORY) {
        i++;
    }
    uint32_t first = i < n ? kind_of_scope(c, &scopes[i]) : NONE;
    for (uint32_t k = first == NONE ? 0 : first + 1; k > 0; k--) {
        if (check_is_a(c, first, k - 1) && holds_for_all(c, scopes, n, k - 1)) {
            return (struct grain){k - 1, NONE};
        }
    }
    return (struct grain){first, NONE};
}

/* Quietly: the scopes are reported when the clause itself is checked. */
struct grain check_scope_grain(struct checker *c, const struct target *t)
{
    for (uint32_t i = 0; i < t->scopes.n; i++) {
        const struct node *n = t->scopes.items[i];
        if (n->kind != NODE_SCOPE || n->u.scope.kind == AST_SCOPE_CATEGORY) {
            continue;
        }
        if (n->u.scope.kind != AST_SCOPE_EACH) {
            return (struct grain){n->u.scope.kind == AST_SCOPE_OVERALL ? root_kind(c) : NONE, NONE};
        }
        const struct node *name = n->u.scope.target;
        struct sym s = name && name->kind == NODE_NAME ? sym_global(c, ast_name_text(c->a, name))
                                                       : (struct sym){.kind = SYM_NONE};
        return (struct grain){s.kind == SYM_KIND    ? s.ix
                              : s.kind == SYM_TITLE ? c->titles.items[s.ix].kind
                              : s.kind == SYM_LIST  ? c->lists.items[s.ix].kind
                                                    : NONE,
                              NONE};
    }
    return (struct grain){root_kind(c), NONE};
}

/* ---- values --------------------------------------------------------------------------------- */

static const enum comparator comparators[] = {
    [AST_CMP_NONE] = CMP_NONE,
    [AST_CMP_BARE] = CMP_BARE,
    [AST_CMP_AT_LEAST] = CMP_GE,
    [AST_CMP_REACH] = CMP_REACH,
    [AST_CMP_AT_MOST] = CMP_LE,
    [AST_CMP_ABOVE] = CMP_GT,
    [AST_CMP_BELOW] = CMP_LT,
    [AST_CMP_EQ] = CMP_EQ,
    [AST_CMP_NE] = CMP_NE,
    [AST_CMP_ABOUT] = CMP_ABOUT,
    [AST_CMP_BETWEEN] = CMP_BETWEEN,
    [AST_CMP_RISES] = CMP_RISES,
    [AST_CMP_FALLS] = CMP_FALLS,
    [AST_CMP_NEVER_FALLS] = CMP_NEVER_FALLS,
    [AST_CMP_NEVER_RISES] = CMP_NEVER_RISES,
};

/* "不低于 10%": how it compares, and with what, in the spelling of the pack. */
static struct str spelled(struct checker *c, enum ast_cmp_op op, const struct ast_rung *r,
                          bool chinese)
{
    enum tok kw = ast_cmp_kw(op);
    struct str text = kw == TOK_EOF ? STR("") : kw_text(kw, chinese);
    if (r == NULL || r->value == NULL) {
        return text;
    }
    struct span at = r->high ? span_join(r->value->at, r->high->at) : r->value->at;
    text = text.n > 0 ? str_cat(c->a, text, STR(" ")) : text;
    return str_cat(c->a, text, source_text(c->sources, at));
}

static void clause_texts(struct checker *c, const struct target *t, struct clause *out)
{
    if (t->expr) {
        check_text(c, t->expr, out->measure_text);
    }
    if (t->condition) {
        check_text(c, t->condition, out->condition_text);
    }
    for (int lang = 0; lang < 2; lang++) {
        const struct ast_rung *first = t->rungs.n > 0 ? &t->rungs.items[0] : NULL;
        out->value_text[lang] = spelled(c, t->cmp, first, lang == 0);
    }
}

static bool tolerance_of(struct checker *c, const struct target *t, struct clause *out)
{
    bool about = out->cmp == CMP_ABOUT || out->about;
    out->tolerance = about ? c->plan->about : out->nearly ? c->plan->nearly : rat_zero();
    bool idle = t->tolerance && !about && !out->nearly;
    if (idle || (t->two_sided && !about && out->cmp != CMP_BETWEEN)) {
        enum tok word = idle ? KW_TOLERANCE : KW_TWO_SIDED;
        struct diag *d = diag_add(c->ds, DIAG_idle_option, idle ? t->tolerance->at : t->at);
        diag_arg2(c->ds, d, "word", kw_text(word, false), kw_text(word, true));
        return false;
    }
    if (t->tolerance) {
        out->own_tolerance = true;
        return check_tolerance(c, t->tolerance, &out->tolerance);
    }
    if (rat_sign(out->tolerance) < 0) {
        (void)diag_add(c->ds, DIAG_no_tolerance, t->at);
        return false;
    }
    return true;
}

/* A step of 提高 is in the measure's own dimension, or in percentage points. */
static bool read_rung(struct checker *c, enum ast_cmp_op op, const struct ast_rung *r,
                      uint32_t measure, const struct clause *of, struct rung *out)
{
    *out = (struct rung){.when = of->when,
                         .modality = r->has_modality ? check_modality(r->modality) : of->modality,
                         .value = NONE,
                         .value2 = NONE,
                         .text = spelled(c, op, r, true)};
    struct grain g = {NONE, NONE};
    bool ok = !r->when || check_when(c, r->when, &out->when);
    if (r->value) {
        out->value = check_value(c, r->value, measure, g);
        ok = ok && out->value != NONE;
    }
    if (r->high) {
        out->value2 = check_value(c, r->high, measure, g);
        ok = ok && out->value2 != NONE;
    }
    return ok;
}

/* The rung of a year between two others, on the straight line (C16). */
static struct rung between(struct checker *c, const struct rung *x, const struct rung *y,
                           int32_t year)
{
    struct rung out = *x;
    out.when.from_year = year;
    out.when.to_year = year;
    out.interpolated = true;
    out.text = STR("");
    struct expr v = c->exprs.items[x->value];
    struct rat step = rat_frac(year - x->when.to_year, y->when.to_year - x->when.to_year);
    struct rat rise = rat_sub(c->a, c->exprs.items[y->value].num, v.num);
    v.num = rat_add(c->a, v.num, rat_mul(c->a, rise, step));
    out.value = check_push(c, v);
    return out;
}

static bool is_literal(const struct checker *c, uint32_t x)
{
    return x != NONE && c->exprs.items[x].op == EX_NUM;
}

static struct rung condition_rung(const struct clause *of)
{
    return (struct rung){.when = of->when,
                         .modality = of->modality,
                         .value = NONE,
                         .value2 = NONE,
                         .text = of->value_text[0]};
}

/* Several deadlines of one value or condition are a rung each; nothing else comes twice. */
static bool several_times(struct checker *c, const struct target *t, const struct clause *out,
                          uint32_t n_rungs)
{
    bool ok = n_rungs <= 1 && !out->ladder;
    for (uint32_t i = 0; i < t->whens.n; i++) {
        struct when w = out->when;
        (void)check_when(c, t->whens.items[i], &w);
        ok = ok && (w.kind == WHEN_AT || w.kind == WHEN_BY || w.kind == WHEN_CUMULATIVE);
    }
    if (!ok) {
        struct diag *d = diag_add(c->ds, DIAG_repeated, t->whens.items[1]->at);
        diag_arg(c->ds, d, "word", source_text(c->sources, t->whens.items[1]->at));
    }
    return ok;
}

static void read_rungs(struct checker *c, const struct target *t, uint32_t measure,
                       struct clause *out, bool *ok)
{
    VEC(struct rung) list = {0};
    for (uint32_t i = 0; i < t->rungs.n; i++) {
        const struct ast_rung *r = &t->rungs.items[i];
        struct rung rung;
        *ok = read_rung(c, t->cmp, r, measure, out, &rung) && *ok;
        out->ladder = out->ladder || r->when != NULL;
        out->about = out->about || r->about;
        out->nearly = out->nearly || r->nearly;
        bool gap = t->interpolate && list.n > 0 && *ok && is_literal(c, rung.value) &&
                   is_literal(c, vec_last(&list).value);
        struct rung before = gap ? vec_last(&list) : rung;
        for (int32_t y = before.when.to_year + 1; gap && y < rung.when.to_year; y++) {
            vec_push(c->a, &list, between(c, &before, &rung, y));
        }
        vec_push(c->a, &list, rung);
    }
    if (t->whens.n > 1) {
        *ok = several_times(c, t, out, list.n) && *ok;
        struct rung one = list.n > 0 ? list.items[0] : condition_rung(out);
        list.n = 0;
        for (uint32_t i = 0; i < t->whens.n; i++) {
            *ok = check_when(c, t->whens.items[i], &one.when) && *ok;
            vec_push(c->a, &list, one);
        }
        out->ladder = true;
    }
    out->rungs = list.items;
    out->n_rungs = list.n;
}

/* ---- one clause ----------------------------------------------------------------------------- */

static bool fits_scopes(struct checker *c, const struct target *t, const struct clause *out,
                        uint32_t x)
{
    uint32_t kind = c->exprs.items[x].grain_kind;
    for (uint32_t i = 0; kind != NONE && i < out->n_scopes; i++) {
        uint32_t at = kind_of_scope(c, &out->scopes[i]);
        if (at != NONE && !check_is_a(c, at, kind)) {
            struct diag *d = diag_add(c->ds, DIAG_scope_mismatch,
                                      i < t->scopes.n ? t->scopes.items[i]->at : t->at);
            diag_arg2(c->ds, d, "name", STR("this measure"), STR("该指标"));
            diag_arg(c->ds, d, "kind", c->kinds.items[kind].name);
            return false;
        }
    }
    return true;
}

static bool comparison_fits(struct checker *c, const struct target *t, uint32_t measure)
{
    bool is_bool = c->exprs.items[measure].is_bool;
    if (is_bool && t->cmp != AST_CMP_NONE) {
        struct diag *d = diag_add(c->ds, DIAG_needs_number, t->at);
        enum tok kw = ast_cmp_kw(t->cmp);
        diag_arg2(c->ds, d, "word", kw == TOK_EOF ? STR("a count") : kw_text(kw, false),
                  kw == TOK_EOF ? STR("数量") : kw_text(kw, true));
        return false;
    }
    if (!is_bool && t->cmp == AST_CMP_NONE) {
        (void)diag_add(c->ds, DIAG_needs_value, t->at);
        return false;
    }
    return true;
}

/* Everything but nested targets. `like` gives a nested clause what it does not say itself. */
static bool plain_clause(struct checker *c, const struct target *t, const struct clause *like,
                         struct clause *out)
{
    *out = (struct clause){.condition = NONE,
                           .measure = NONE,
                           .baseline = NONE,
                           .base = NONE,
                           .previous = NONE,
                           .cmp = comparators[t->cmp],
                           .two_sided = t->two_sided,
                           .nearly = t->nearly,
                           .own_time = like && t->whens.n > 0,
                           .tolerance = rat_zero(),
                           .at = check_origin(c, t->at)};
    bool ok = true;
    out->modality = t->has_modality ? check_modality(t->modality)
                    : like          ? like->modality
                                    : MOD_MUST;
    if (t->whens.n > 0 || !like) {
        ok = check_when(c, t->whens.n > 0 ? t->whens.items[0] : NULL, &out->when);
    } else {
        out->when = like->when;
    }
    if (t->scopes.n > 0 || !like) {
        check_scopes(c, t->scopes.items, t->scopes.n, &out->scopes, &out->n_scopes);
    } else {
        out->scopes = like->scopes;
        out->n_scopes = like->n_scopes;
    }
    if (t->condition) {
        out->condition = check_bool(c, t->condition, check_grain_of(c, out->scopes, out->n_scopes));
        ok = ok && out->condition != NONE;
    } else if (like) {
        out->condition = like->condition;
        out->condition_text[0] = like->condition_text[0];
        out->condition_text[1] = like->condition_text[1];
    }
    clause_texts(c, t, out);
    return ok;
}

uint32_t check_previous(struct checker *c, uint32_t measure)
{
    struct expr x = c->exprs.items[measure];
    x.op = EX_SHIFT;
    x.a = measure;
    x.b = x.c = NONE;
    x.n = 1;
    return check_push(c, x);
}

/* For comparisons with the year before. */
static void read_previous(struct checker *c, uint32_t measure, struct clause *out)
{
    if (out->cmp >= CMP_RISES) {
        out->previous = check_previous(c, measure);
    }
}

static bool check_nested(struct checker *c, const struct target *t, uint32_t outer,
                         struct clause *out);

bool check_clause(struct checker *c, const struct target *t, uint32_t measure, struct clause *out)
{
    bool ok = plain_clause(c, t, NULL, out);
    uint32_t x = measure;
    if (t->expr) {
        x = check_any(c, t->expr, check_grain_of(c, out->scopes, out->n_scopes));
        out->measure = x;
    } else if (x == NONE) {
        (void)diag_add(c->ds, DIAG_needs_value, t->at);
    }
    if (x == NONE || !comparison_fits(c, t, x) || !fits_scopes(c, t, out, x)) {
        return false;
    }
    read_rungs(c, t, x, out, &ok);
    read_previous(c, x, out);
    if (t->baseline) {
        out->baseline = check_value(c, t->baseline, x, (struct grain){NONE, NONE});
        ok = ok && out->baseline != NONE;
    }
    ok = tolerance_of(c, t, out) && ok;
    return check_nested(c, t, x, out) && ok;
}

/* ---- nested targets (C37) ------------------------------------------------------------------- */

/* Its label or 其中; a second one of the name is numbered. */
static struct str nested_part(struct checker *c, const struct target *t, uint32_t i)
{
    struct str label = t->nested.items[i].label;
    uint32_t twin = label.n == 0 ? i + 1 : 1;
    for (uint32_t k = 0; label.n > 0 && k < i; k++) {
        twin += str_eq(t->nested.items[k].label, label);
    }
    struct str part = label.n > 0 ? label : STR("其中");
    return twin == 1 ? part : str_cat(c->a, part, rat_frac_str(c->a, rat_int(twin)));
}

static bool one_nested(struct checker *c, const struct target *t, uint32_t numerator,
                       const struct clause *outer, struct clause *out)
{
    bool ok = plain_clause(c, t, outer, out);
    if (!t->expr) {
        (void)diag_add(c->ds, DIAG_needs_value, t->at);
        return false;
    }
    out->measure = check_nested_measure(c, t, numerator, out);
    out->base = numerator;
    if (out->measure == NONE || !comparison_fits(c, t, out->measure) ||
        !fits_scopes(c, t, out, out->measure)) {
        return false;
    }
    read_rungs(c, t, out->measure, out, &ok);
    read_previous(c, out->measure, out);
    return tolerance_of(c, t, out) && ok;
}

static bool check_nested(struct checker *c, const struct target *t, uint32_t outer,
                         struct clause *out)
{
    if (t->nested.n == 0) {
        return true;
    }
    if (c->exprs.items[outer].is_bool) {
        struct diag *d = diag_add(c->ds, DIAG_no_fit, t->nested.items[0].at);
        diag_arg2(c->ds, d, "word", STR("of_which"), STR("其中"));
        return false;
    }
    uint32_t numerator = NONE; /* what the outer measure counts or adds up */
    uint32_t per = NONE;
    check_ratio_of(c, outer, t->at, &numerator, &per);
    struct clause *list = ARENA_ARRAY(c->a, struct clause, t->nested.n);
    bool ok = true;
    for (uint32_t i = 0; i < t->nested.n; i++) {
        const struct nested *n = &t->nested.items[i];
        if (!n->clause || !one_nested(c, n->clause, numerator, out, &list[i])) {
            ok = false;
        }
        list[i].part = nested_part(c, t, i);
    }
    out->nested = list;
    out->n_nested = t->nested.n;
    return ok;
}

/* ---- all clauses of a commitment ------------------------------------------------------------ */

static bool has_deadline(const struct clause *c)
{
    return c->when.kind == WHEN_AT || c->when.kind == WHEN_BY || c->when.kind == WHEN_CUMULATIVE;
}

static bool falls_in(const struct clause *c, int32_t year)
{
    bool in = (has_deadline(c) || c->ladder) && c->when.to_year == year;
    for (uint32_t i = 0; c->ladder && i < c->n_rungs; i++) {
        in = in || c->rungs[i].when.to_year == year;
    }
    return in;
}

/* 1, and one more for each earlier clause that has this year too. */
static uint32_t twins_in(const struct clause *list, uint32_t i, int32_t year)
{
    uint32_t twin = 1;
    for (uint32_t j = 0; j < i; j++) {
        twin += falls_in(&list[j], year);
    }
    return twin;
}

/* What is nested carries the number of its clause, and the year of a deadline of its own. */
static void tell_nested(struct checker *c, struct clause *k, uint32_t number)
{
    struct clause *nested = ARENA_ARRAY(c->a, struct clause, k->n_nested + 1);
    k->part = number > 1 ? rat_frac_str(c->a, rat_int(number)) : k->part;
    for (uint32_t i = 0; i < k->n_nested; i++) {
        struct clause *x = &nested[i];
        *x = k->nested[i];
        x->ladder = x->ladder || (k->ladder && x->own_time && has_deadline(x));
        if (number > 1) {
            x->part = str_cat(c->a, str_cat(c->a, k->part, STR("/")), x->part);
        }
    }
    k->nested = nested;
}

/* Clauses of one commitment must not share a key: deadlines are told apart by their years, others
 * by their number. */
static void tell_apart(struct checker *c, struct clause *list, uint32_t n)
{
    uint32_t others = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct clause *k = &list[i];
        k->ladder = k->ladder || (n > 1 && has_deadline(k));
        uint32_t twin = k->ladder ? twins_in(list, i, k->when.to_year) : ++others;
        for (uint32_t r = 0; k->ladder && r < k->n_rungs; r++) {
            uint32_t t = twins_in(list, i, k->rungs[r].when.to_year);
            twin = t > twin ? t : twin;
        }
        tell_nested(c, k, twin);
    }
}

/* The indicator's measure as its clauses see it: with several definitions, the one in force. */
static uint32_t own_measure(struct checker *c, uint32_t commitment)
{
    const struct commitment *k = &c->commitments.items[commitment];
    if (k->n_definitions == 1) {
        return k->definitions[0].measure;
    }
    struct expr x = c->exprs.items[check_adopted_measure(c, commitment)];
    x.op = EX_INDICATOR;
    x.ref = commitment;
    x.a = x.b = x.c = NONE;
    return check_push(c, x);
}

void check_targets(struct checker *c, uint32_t commitment)
{
    const struct decl *d = c->commitment_decls.items[commitment].decl;
    bool indicator = c->commitments.items[commitment].kind == CK_INDICATOR;
    uint32_t measure = NONE;
    if (indicator) {
        if (!check_measure_of(c, commitment, d->at)) {
            return;
        }
        measure = own_measure(c, commitment);
    }
    struct clause *list = ARENA_ARRAY(c->a, struct clause, d->items.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->items.n; i++) {
        if (d->items.items[i].kind == ITEM_TARGET) {
            struct clause *out = &list[n];
            n += check_clause(c, d->items.items[i].u.target, measure, out);
        }
    }
    if (n == 0 && !indicator && c->ds->n_errors == 0) {
        struct diag *g = diag_add(c->ds, DIAG_no_clause, d->at);
        diag_arg2(c->ds, g, "decl", STR("target"), STR("目标"));
        diag_arg(c->ds, g, "name", ast_key(d));
    }
    tell_apart(c, list, n);
    c->commitments.items[commitment].targets = list;
    c->commitments.items[commitment].n_targets = n;
}
