/* SPDX-License-Identifier: Apache-2.0 */
/* Commitments that are no target clauses: tasks, stages, quotas, gates, rules, checks, forms. */
#include "base/arena.h"
#include "lang/check_int.h"

#define DAYS_MAX 100000

static void missing(struct checker *c, const struct decl *d, enum tok word)
{
    struct diag *g = diag_add(c->ds, DIAG_missing_property, d->at);
    enum tok kw = ast_decl_kw(d->kind);
    diag_arg2(c->ds, g, "decl", tok_text(kw, false), tok_text(kw, true));
    diag_arg(c->ds, g, "name", ast_key(d));
    diag_arg2(c->ds, g, "word", tok_text(word, false), tok_text(word, true));
}

static int32_t days(struct checker *c, const struct decl *d, enum prop_kind kind)
{
    int64_t n = 0;
    (void)check_count(c, ast_arg(ast_prop(d, kind), 0), ast_prop_kw(kind), 0, DAYS_MAX, &n);
    return (int32_t)n;
}

/* 对象 of a rule, gate, check, sample, form or scorecard; 台账 of a rule, gate, check or sample. */
static struct grain population(struct checker *c, const struct decl *d, struct commitment *m)
{
    const struct node *kind = ast_arg(ast_prop(d, PROP_POPULATION), 0);
    const struct node *reg = ast_arg(ast_prop(d, PROP_REGISTER_OF), 0);
    if (kind) {
        m->of_kind = sym_kind_of(c, kind);
    }
    if (reg) {
        struct sym s = sym_resolve(c, reg, SYM_REGISTER);
        m->of_reg = s.kind == SYM_REGISTER ? s.ix : NONE;
    }
    if (!kind && !reg) {
        missing(c, d, KW_KIND);
    }
    return (struct grain){m->of_reg == NONE ? m->of_kind : NONE, m->of_reg};
}

/* Times, scopes and modality that stand in the body of a task or stages. */
static void timing(struct checker *c, const struct decl *d, struct commitment *m)
{
    VEC(struct node *) scopes = {0};
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        if (d->items.items[i].kind != ITEM_PROP) {
            continue;
        }
        if (p->kind == PROP_WHEN) {
            (void)check_when(c, ast_arg(p, 0), &m->when);
        } else if (p->kind == PROP_SCOPE && ast_arg(p, 0)) {
            vec_push(c->a, &scopes, ast_arg(p, 0));
        } else if (p->kind == PROP_MODALITY) {
            const struct node *w = ast_arg(p, 0);
            m->modality =
                w && w->kind == NODE_WORD ? (enum modality)(w->u.word - WORD_MUST) : MOD_MUST;
        }
    }
    check_scopes(c, scopes.items, scopes.n, &m->scopes, &m->n_scopes);
}

static void task(struct checker *c, const struct decl *d, struct commitment *m)
{
    static const enum task_verb verbs[] = {
        [WORD_DELIVER] = TASK_DELIVER, [WORD_START] = TASK_START, [WORD_HOLD] = TASK_HOLD};
    timing(c, d, m);
    const struct prop *deed = ast_prop(d, PROP_DO);
    const struct node *verb = ast_arg(deed, 0);
    m->times = 1;
    if (!deed) {
        missing(c, d, KW_DELIVER);
        return;
    }
    m->verb = verb && verb->kind == NODE_WORD ? verbs[verb->u.word] : TASK_DELIVER;
    int64_t times = 1;
    (void)check_count(c, ast_arg(deed, 1), KW_CONDUCT, 1, DAYS_MAX, &times);
    m->times = (uint32_t)times;
    const struct node *what = ast_arg(deed, 2);
    if (what && what->kind == NODE_STRING) {
        m->deliverable = what->u.text;
    }
    m->fresh_days = days(c, d, PROP_FRESH);
}

static void stages(struct checker *c, const struct decl *d, struct commitment *m)
{
    timing(c, d, m);
    VEC(struct stage) list = {0};
    struct map seen = {0};
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        if (d->items.items[i].kind != ITEM_PROP || p->kind != PROP_STAGE || !ast_arg(p, 0) ||
            ast_arg(p, 0)->kind != NODE_NAME) {
            continue;
        }
        struct stage s = {.name = ast_name_text(c->a, ast_arg(p, 0))};
        (void)check_when(c, ast_arg(p, 1), &s.when);
        if (map_get(&seen, s.name, NULL)) {
            struct diag *g = diag_add(c->ds, DIAG_duplicate, p->at);
            diag_arg(c->ds, g, "name", s.name);
        }
        map_put(c->a, &seen, s.name, i);
        if (list.n > 0 && s.when.to_year < vec_last(&list).when.to_year) {
            (void)diag_add(c->ds, DIAG_stage_order, p->at);
        }
        vec_push(c->a, &list, s);
    }
    if (list.n == 0) {
        struct diag *g = diag_add(c->ds, DIAG_no_clause, d->at);
        diag_arg2(c->ds, g, "decl", STR("stages"), STR("阶段"));
        diag_arg(c->ds, g, "name", ast_key(d));
    }
    m->stages = list.items;
    m->n_stages = list.n;
}

static const struct target *only_clause(const struct decl *d)
{
    for (uint32_t i = 0; i < d->items.n; i++) {
        if (d->items.items[i].kind == ITEM_TARGET) {
            return d->items.items[i].u.target;
        }
    }
    return NULL;
}

/* A cap is written as a target clause: measure, 不超过, value. */
static void quota(struct checker *c, const struct decl *d, struct commitment *m)
{
    const struct target *t = only_clause(d);
    if (!t) {
        struct diag *g = diag_add(c->ds, DIAG_no_clause, d->at);
        diag_arg2(c->ds, g, "decl", STR("quota"), STR("名额"));
        diag_arg(c->ds, g, "name", ast_key(d));
        return;
    }
    if (t->cmp != AST_CMP_AT_MOST && t->cmp != AST_CMP_BELOW && t->cmp != AST_CMP_BARE) {
        struct diag *g = diag_add(c->ds, DIAG_not_a_target, t->at);
        enum tok kw = ast_cmp_kw(t->cmp);
        diag_arg2(c->ds, g, "word", kw == TOK_EOF ? STR("a condition") : kw_text(kw, false),
                  kw == TOK_EOF ? STR("条件") : kw_text(kw, true));
        diag_arg2(c->ds, g, "decl", STR("quota"), STR("名额"));
        return;
    }
    struct clause *clause = ARENA_NEW(c->a, struct clause);
    if (!check_clause(c, t, NONE, clause)) {
        return;
    }
    m->targets = clause;
    m->n_targets = 1;
    m->when = clause->when;
    m->modality = clause->modality;
    m->scopes = clause->scopes;
    m->n_scopes = clause->n_scopes;
    m->measure = clause->measure;
    m->cap = clause->rungs[0].value;
    check_ratio_of(c, m->measure, t->at, &m->used, &m->per);
    m->condition_text[0] = clause->measure_text[0];
    m->condition_text[1] = clause->measure_text[1];
    const struct prop *exempt = ast_prop(d, PROP_EXEMPT);
    const struct node *day = ast_arg(exempt, 0);
    m->exempt = exempt != NULL;
    m->exempt_before = day && day->kind == NODE_DATE ? day->u.date : c->plan->issued;
}

static void condition(struct checker *c, const struct decl *d, enum prop_kind kind, struct grain g,
                      struct commitment *m)
{
    const struct node *n = ast_arg(ast_prop(d, kind), 0);
    if (!n) {
        missing(c, d, kind == PROP_ASSERTION ? KW_AT_LEAST : ast_prop_kw(kind));
        return;
    }
    m->condition = check_bool(c, n, g);
    check_text(c, n, m->condition_text);
}

static bool proposal(struct checker *c, const struct node_outcome *o, struct grain g,
                     struct action *out)
{
    if (!o->item || o->item->kind != NODE_NAME) {
        return false;
    }
    struct typed t = check_name(c, o->item, g);
    if (t.ix == NONE) {
        return false;
    }
    enum expr_op op = c->exprs.items[t.ix].op;
    if (t.type != VT_NUMBER || (op != EX_ITEM && op != EX_FIELD)) {
        struct diag *d = diag_add(c->ds, DIAG_no_fit, o->item->at);
        diag_arg(c->ds, d, "word", source_text(c->sources, o->item->at));
        return false;
    }
    out->item = c->exprs.items[t.ix].ref;
    out->is_field = op == EX_FIELD;
    out->sign = o->raise ? 1 : -1;
    /* 10% of the figure, or an amount in its own unit. */
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    const struct node *n = o->amount;
    if (!n || n->kind != NODE_NUMBER ||
        !uom_parse_suffix(c->a, &c->uom, n->u.number.suffix, &factor, &dim, NULL) ||
        !(dim_is_none(dim) || dim_comparable(dim, t.datum->dim))) {
        (void)diag_add(c->ds, DIAG_bad_literal, n ? n->at : o->item->at);
        return false;
    }
    out->percent =
        dim_is_none(dim) && !uom_is_bare(&c->uom, n->u.number.suffix) && !dim_is_none(t.datum->dim);
    if (n->u.number.suffix.n == 0) {
        factor = t.datum->factor;
    }
    out->amount = rat_mul(c->a, n->u.number.value, factor);
    return true;
}

static bool outcome(struct checker *c, const struct prop *p, struct grain g, struct action *out)
{
    const struct node *n = ast_arg(p, 0);
    if (!n || n->kind != NODE_OUTCOME) {
        return false;
    }
    const struct node_outcome *o = &n->u.outcome;
    *out = (struct action){.next_year = o->next_year,
                           .item = NONE,
                           .amount = rat_zero(),
                           .escalation = p->kind == PROP_THEN_NEXT};
    if (o->text) {
        out->text = o->text->kind == NODE_STRING ? o->text->u.text : STR("");
        int64_t limit = 0;
        (void)check_count(c, o->limit, KW_DEADLINE, 0, DAYS_MAX, &limit);
        out->days = (int32_t)limit;
        return true;
    }
    return proposal(c, o, g, out);
}

static void rule(struct checker *c, const struct decl *d, struct commitment *m)
{
    struct grain g = population(c, d, m);
    if (g.kind == NONE && g.reg == NONE) {
        return;
    }
    condition(c, d, PROP_IF, g, m);
    VEC(struct action) list = {0};
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        struct action a;
        if (d->items.items[i].kind == ITEM_PROP &&
            (p->kind == PROP_THEN || p->kind == PROP_THEN_NEXT) && outcome(c, p, g, &a)) {
            vec_push(c->a, &list, a);
        }
    }
    if (!ast_prop(d, PROP_THEN)) {
        missing(c, d, KW_THEN);
    }
    m->actions = list.items;
    m->n_actions = list.n;
    const struct node *rounding = ast_arg(ast_prop(d, PROP_ROUNDING), 0);
    if (rounding && rounding->kind == NODE_WORD) {
        m->rounding = (enum rounding)(rounding->u.word - WORD_HALF_AWAY);
    }
    const struct node *stacking = ast_arg(ast_prop(d, PROP_STACKING), 0);
    m->stacking = stacking && stacking->kind == NODE_BOOL && stacking->u.boolean;
    m->rounding_said = rounding != NULL;
    m->stacking_said = stacking != NULL;
    m->defence_said = ast_prop(d, PROP_DEFENCE) != NULL;
    m->defence_days = days(c, d, PROP_DEFENCE);
    m->notice_days = days(c, d, PROP_NOTICE);
}

static void gate(struct checker *c, const struct decl *d, struct commitment *m)
{
    struct grain g = population(c, d, m);
    if (g.kind != NONE || g.reg != NONE) {
        condition(c, d, PROP_UNLESS, g, m);
    }
    m->deliverable = check_string(d, PROP_FORBIDS);
}

static void check(struct checker *c, const struct decl *d, struct commitment *m)
{
    struct grain g = population(c, d, m);
    if (g.kind != NONE || g.reg != NONE) {
        condition(c, d, PROP_ASSERTION, g, m);
    }
    m->soft = ast_prop(d, PROP_SOFT) != NULL;
    m->deliverable = check_string(d, PROP_MESSAGE);
}

static void form(struct checker *c, const struct decl *d, struct commitment *m)
{
    struct grain g = population(c, d, m);
    VEC(uint32_t) items = {0};
    m->period = check_period(ast_prop(d, PROP_PERIOD), 0);
    for (uint32_t i = 0; i < d->items.n && g.kind != NONE; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        if (d->items.items[i].kind != ITEM_PROP || p->kind != PROP_ITEMS) {
            continue;
        }
        for (uint32_t j = 0; j < p->args.n; j++) {
            const struct node *n = p->args.items[j];
            struct typed t =
                n->kind == NODE_NAME ? check_name(c, n, g) : (struct typed){.ix = NONE};
            if (t.ix != NONE && c->exprs.items[t.ix].op == EX_ITEM) {
                vec_push(c->a, &items, c->exprs.items[t.ix].ref);
            } else if (t.ix != NONE) {
                struct diag *w = diag_add(c->ds, DIAG_no_fit, n->at);
                diag_arg(c->ds, w, "word", source_text(c->sources, n->at));
            }
        }
    }
    if (!ast_prop(d, PROP_ITEMS)) {
        missing(c, d, KW_ITEMS);
    }
    m->items = items.items;
    m->n_items = items.n;
    m->has_point = check_point(d, PROP_DUE, &m->point);
}

static void scorecard(struct checker *c, const struct decl *d, struct commitment *m)
{
    VEC(struct score_item) scores = {0};
    (void)population(c, d, m);
    m->period = check_period(ast_prop(d, PROP_PERIOD), 0);
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        if (d->items.items[i].kind != ITEM_PROP || p->kind != PROP_SCORE) {
            continue;
        }
        for (uint32_t j = 0; j + 1 < p->args.n; j += 2) {
            struct sym s = sym_resolve(c, p->args.items[j], SYM_COMMITMENT);
            const struct node *points = p->args.items[j + 1];
            if (s.kind == SYM_COMMITMENT && points && points->kind == NODE_NUMBER) {
                vec_push(c->a, &scores, (struct score_item){s.ix, points->u.number.value});
            }
        }
    }
    if (!ast_prop(d, PROP_SCORE)) {
        missing(c, d, KW_ITEMS);
    }
    m->scores = scores.items;
    m->n_scores = scores.n;
    const struct node *pass = ast_arg(ast_prop(d, PROP_PASS), 0);
    if (pass && pass->kind == NODE_NUMBER) {
        m->pass = pass->u.number.value;
    }
}

static void programme(struct checker *c, const struct decl *d, struct commitment *m)
{
    int64_t n = 0;
    const struct node *kind = ast_arg(ast_prop(d, PROP_POPULATION), 0);
    m->of_kind = kind ? sym_kind_of(c, kind) : NONE;
    (void)check_count(c, ast_arg(ast_prop(d, PROP_PLACES), 0), KW_QUOTA, 0, DAYS_MAX, &n);
    m->times = (uint32_t)n;
    n = 0;
    (void)check_count(c, ast_arg(ast_prop(d, PROP_RECHECK), 0), KW_RECHECK, 0, DAYS_MAX, &n);
    m->fresh_days = (int32_t)n;
    const struct prop *steps = ast_prop(d, PROP_STEPS);
    struct stage *list = ARENA_ARRAY(c->a, struct stage, steps ? steps->args.n + 1 : 1);
    for (uint32_t i = 0; steps && i < steps->args.n; i++) {
        if (steps->args.items[i]->kind == NODE_NAME) {
            list[m->n_stages].name = ast_name_text(c->a, steps->args.items[i]);
            (void)check_when(c, NULL, &list[m->n_stages++].when);
        }
    }
    m->stages = list;
}

/* 分层: a kind of unit above, or a field or attribute of what is drawn. */
static void strata(struct checker *c, const struct decl *d, struct grain g, struct commitment *m)
{
    const struct node *n = ast_arg(ast_prop(d, PROP_STRATA), 0);
    if (!n || n->kind != NODE_NAME) {
        return;
    }
    struct sym s = sym_global(c, ast_name_text(c->a, n));
    if (s.kind == SYM_KIND) {
        m->strata_kind = s.ix;
        return;
    }
    struct typed t = check_name(c, n, g);
    enum expr_op op = t.ix == NONE ? EX_NUM : c->exprs.items[t.ix].op;
    bool tells = (op == EX_FIELD || op == EX_ATTR) && t.type != VT_NUMBER && t.type != VT_DATE;
    if (t.ix != NONE && !tells) {
        struct diag *w = diag_add(c->ds, DIAG_no_fit, n->at);
        diag_arg(c->ds, w, "word", source_text(c->sources, n->at));
    }
    m->strata = tells ? t.ix : NONE;
}

/* Above 0 and at most 1. */
static void fraction(struct checker *c, const struct decl *d, struct commitment *m)
{
    const struct node *n = ast_arg(ast_prop(d, PROP_FRACTION), 0);
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    if (!n || n->kind != NODE_NUMBER) {
        return;
    }
    bool read = uom_parse_suffix(c->a, &c->uom, n->u.number.suffix, &factor, &dim, NULL);
    m->fraction = rat_mul(c->a, n->u.number.value, factor);
    if (!read || !dim_is_none(dim) || rat_sign(m->fraction) <= 0 ||
        rat_cmp(m->fraction, rat_one()) > 0) {
        (void)diag_add(c->ds, DIAG_bad_fraction, n->at);
    }
}

/* A draw is made once: by or at a deadline, on a day that is not after it. */
static void draw_day(struct checker *c, const struct decl *d, struct commitment *m)
{
    const struct node *n = ast_arg(ast_prop(d, PROP_FROZEN), 0);
    const struct prop *when = ast_prop(d, PROP_WHEN);
    m->draw = n && n->kind == NODE_DATE ? n->u.date : DATE_MIN;
    if (m->when.kind != WHEN_AT && m->when.kind != WHEN_BY && m->when.kind != WHEN_DEFAULT) {
        struct diag *w = diag_add(c->ds, DIAG_no_fit, when->at);
        diag_arg(c->ds, w, "word", source_text(c->sources, when->at));
    }
    bool named = date_cmp(m->when.day, DATE_MIN) != 0;
    struct date due = named ? m->when.day : date_year_end(m->when.to_year);
    if (n && date_cmp(m->draw, due) > 0) {
        (void)diag_add(c->ds, DIAG_late_draw, n->at);
    }
}

static void sample(struct checker *c, const struct decl *d, struct commitment *m)
{
    static const struct {
        enum prop_kind prop;
        enum tok word;
    } needed[] = {{PROP_FRACTION, KW_SHARE}, {PROP_SEED, KW_SEED}};
    struct grain g = population(c, d, m);
    timing(c, d, m);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct node *n = ast_arg(ast_prop(d, needed[i].prop), 0);
        if (!n || (n->kind == NODE_STRING && n->u.text.n == 0)) {
            missing(c, d, needed[i].word);
        }
    }
    fraction(c, d, m);
    m->seed = check_string(d, PROP_SEED);
    draw_day(c, d, m);
    if (g.kind == NONE && g.reg == NONE) {
        return;
    }
    strata(c, d, g, m);
    if (ast_prop(d, PROP_IF)) {
        condition(c, d, PROP_IF, g, m);
    }
    const struct node *done = ast_arg(ast_prop(d, PROP_SATISFYING), 0);
    m->satisfying = done ? check_bool(c, done, g) : NONE;
}

static void unmeasurable(struct checker *c, const struct decl *d, struct commitment *m)
{
    m->deliverable = check_string(d, PROP_REASON);
    if (!ast_prop(d, PROP_REASON)) {
        missing(c, d, KW_REASON);
    }
}

void check_other(struct checker *c, uint32_t commitment)
{
    static void (*const readers[])(struct checker *, const struct decl *, struct commitment *) = {
        [CK_TASK] = task,
        [CK_STAGES] = stages,
        [CK_QUOTA] = quota,
        [CK_GATE] = gate,
        [CK_RULE] = rule,
        [CK_PROGRAMME] = programme,
        [CK_SCORECARD] = scorecard,
        [CK_CHECK] = check,
        [CK_FORM] = form,
        [CK_SAMPLE] = sample,
        [CK_UNMEASURABLE] = unmeasurable,
    };
    const struct decl *d = c->commitment_decls.items[commitment].decl;
    /* A copy: checking may append to the vector. */
    struct commitment m = c->commitments.items[commitment];
    readers[m.kind](c, d, &m);
    c->commitments.items[commitment] = m;
}
