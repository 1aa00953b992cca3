/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan declares, in canonical words. */
#include "app/pack/diff_words.h"

#include "base/arena.h"
#include "lang/expr_text.h"

struct words {
    struct arena *a;
    const struct plan *p;
    bool chinese;
    struct entities *out;
    struct entity *now;
    struct speech say;
};

/* ---- making entities ------------------------------------------------------------------------ */

static struct str pick(const struct words *w, const char *zh, const char *en)
{
    return str_from_cstr(w->chinese ? zh : en);
}

static struct str join(struct words *w, struct str x, const char *sep, struct str y)
{
    return str_cat(w->a, str_cat(w->a, x, str_from_cstr(sep)), y);
}

/* Between the members of a list. */
static const char *comma(const struct words *w)
{
    return w->chinese ? "、" : ", ";
}

static void begin(struct words *w, enum diff_sort sort, struct str id, struct str name)
{
    struct entity e = {.sort = sort, .id = id, .name = name, .group = STR(""), .part = STR("")};
    vec_push(w->a, &w->out->list, e);
    w->now = &vec_last(&w->out->list);
}

/* A part of the commitment or kind begun before. */
static void begin_part(struct words *w, struct str group, struct str part)
{
    struct entity e = *w->now;
    e.group = group;
    e.part = part;
    e.facets.items = NULL;
    e.facets.n = e.facets.cap = 0;
    vec_push(w->a, &w->out->list, e);
    w->now = &vec_last(&w->out->list);
}

/* Empty texts are left out: not declared. */
static void put(struct words *w, enum diff_prop prop, struct str text)
{
    if (text.n > 0) {
        vec_push(w->a, &w->now->facets, (struct facet){prop, text});
    }
}

static void put_number(struct words *w, enum diff_prop prop, int64_t n)
{
    put(w, prop, n == 0 ? STR("") : rat_frac_str(w->a, rat_int(n)));
}

static void put_flag(struct words *w, enum diff_prop prop, bool on)
{
    put(w, prop, on ? pick(w, "是", "yes") : STR(""));
}

static void put_expr(struct words *w, enum diff_prop prop, uint32_t e)
{
    put(w, prop, expr_text(&w->say, e));
}

static struct str day_text(struct words *w, struct date d)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(d) ? STR("") : str_dup(w->a, date_text(d, text));
}

static struct str years_text(struct words *w, int32_t from, int32_t to)
{
    struct str last = rat_frac_str(w->a, rat_int(to));
    return from == to ? last : join(w, rat_frac_str(w->a, rat_int(from)), "–", last);
}

/* ---- times and scopes ----------------------------------------------------------------------- */

static struct str period_text_of(const struct words *w, enum period_kind kind)
{
    return w->chinese ? period_kind_zh(kind) : period_kind_en(kind);
}

static struct str when_words(struct words *w, const struct when *t)
{
    static const struct {
        const char *zh, *en;
    } kinds[] = {
        [WHEN_AT] = {"于", "at"},          [WHEN_BY] = {"到", "by"},
        [WHEN_EACH] = {"每", "each"},      [WHEN_HOLD] = {"保持", "hold"},
        [WHEN_MEAN] = {"年均", "mean of"}, [WHEN_CUMULATIVE] = {"累计", "cumulative"},
        [WHEN_UNTIL] = {"直到", "until"},  [WHEN_DEFAULT] = {"未写", "not written"},
    };
    struct str word = pick(w, kinds[t->kind].zh, kinds[t->kind].en);
    if (t->kind == WHEN_DEFAULT) {
        return word;
    }
    if (t->kind == WHEN_UNTIL) {
        return join(w, word, " ", w->p->events[t->event].name);
    }
    if (t->kind == WHEN_EACH) {
        word = join(w, word, w->chinese ? "" : " ", period_text_of(w, t->every));
    }
    struct str day = day_text(w, t->day);
    return join(w, word, " ", day.n > 0 ? day : years_text(w, t->from_year, t->to_year));
}

static struct str scope_words(struct words *w, const struct scope *s, uint32_t n)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < n; i++) {
        struct str one = pick(w, "全域", "overall");
        switch (s[i].kind) {
        case SCOPE_ROOT:
            break;
        case SCOPE_EACH_KIND:
            one = w->p->kinds[s[i].ref].name;
            break;
        case SCOPE_EACH_TITLE:
            one = w->p->titles[s[i].ref].name;
            break;
        case SCOPE_EACH_LIST:
            one = w->p->lists[s[i].ref].name;
            break;
        case SCOPE_EACH_CATEGORY:
            one = w->p->fields[s[i].ref].d.name;
            break;
        case SCOPE_EACH_NAMED:
            one = STR("");
            for (uint32_t k = 0; k < s[i].n_named; k++) {
                one = k == 0 ? s[i].named[0] : join(w, one, comma(w), s[i].named[k]);
            }
            break;
        }
        if (s[i].kind != SCOPE_ROOT) {
            one = join(w, pick(w, "每个", "each"), " ", one);
        }
        out = i == 0 ? one : join(w, out, comma(w), one);
    }
    return out;
}

static struct str point_text(struct words *w, bool has, struct time_point p)
{
    char text[PERIOD_TEXT_BYTES];
    return has ? str_dup(w->a, time_point_text(p, text)) : STR("");
}

static struct str modality_words(const struct words *w, enum modality m)
{
    static const char *const zh[] = {"必须", "力争", "鼓励", "探索"};
    return w->chinese ? str_from_cstr(zh[m]) : str_from_cstr(modality_name(m));
}

/* ---- clauses of targets --------------------------------------------------------------------- */

static struct str comparator_words(const struct words *w, const struct clause *c)
{
    static const char *const zh[] = {
        [CMP_NONE] = "条件",
        [CMP_GE] = "不低于",
        [CMP_REACH] = "达到",
        [CMP_BARE] = "定数",
        [CMP_LE] = "不超过",
        [CMP_GT] = "超过",
        [CMP_LT] = "低于",
        [CMP_EQ] = "等于",
        [CMP_NE] = "不等于",
        [CMP_ABOUT] = "左右",
        [CMP_BETWEEN] = "介于",
        [CMP_RISES] = "提高",
        [CMP_FALLS] = "降低",
        [CMP_NEVER_FALLS] = "只增不减",
        [CMP_NEVER_RISES] = "只减不增",
    };
    return w->chinese ? str_from_cstr(zh[c->cmp]) : str_from_cstr(comparator_name(c->cmp));
}

static void value_of(struct words *w, const struct clause *c, const struct rung *r)
{
    struct str value = expr_text(&w->say, r->value);
    if (r->value2 != NONE) {
        value = join(w, value, " – ", expr_text(&w->say, r->value2));
    }
    if (c->nearly) {
        value = join(w, pick(w, "基本", "nearly"), " ", value);
    }
    put(w, PROP_value, value);
}

static void clause(struct words *w, const struct clause *c, struct str label)
{
    uint32_t n = c->n_rungs > 0 ? c->n_rungs : 1;
    for (uint32_t i = 0; i < n; i++) {
        const struct rung *r = c->n_rungs > 0 ? &c->rungs[i] : NULL;
        const struct when *t = r ? &r->when : &c->when;
        if (r && r->interpolated) {
            continue;
        }
        struct str part = when_words(w, t);
        begin_part(w, join(w, STR("target "), "", label),
                   label.n > 0 ? join(w, label, " ", part) : part);
        put(w, PROP_modality, modality_words(w, r ? r->modality : c->modality));
        put(w, PROP_when, when_words(w, t));
        put(w, PROP_scope, scope_words(w, c->scopes, c->n_scopes));
        put_expr(w, PROP_condition, c->condition);
        put_expr(w, PROP_measure, c->measure);
        put(w, PROP_comparator, comparator_words(w, c));
        if (r) {
            value_of(w, c, r);
        }
        if (!rat_is_zero(c->tolerance)) {
            struct str t_text = amount_text(&w->say, c->tolerance, dim_none());
            put(w, PROP_tolerance,
                c->two_sided ? join(w, t_text, " ", pick(w, "双向", "two-sided")) : t_text);
        }
        put_expr(w, PROP_baseline, c->baseline);
    }
    for (uint32_t i = 0; i < c->n_nested; i++) {
        clause(w, &c->nested[i],
               label.n > 0 ? join(w, label, "/", c->nested[i].part) : c->nested[i].part);
    }
}

/* ---- commitments ---------------------------------------------------------------------------- */

static void common(struct words *w, const struct commitment *k)
{
    struct str basis = STR("");
    for (uint32_t i = 0; i < k->n_basis; i++) {
        struct str ref = clause_ref_text(w->a, k->basis[i], w->chinese);
        basis = i == 0 ? ref : join(w, basis, comma(w), ref);
    }
    put(w, PROP_sort, pick(w, commitment_kind_zh(k->kind), commitment_kind_name(k->kind)));
    put(w, PROP_name, k->name);
    put(w, PROP_english, k->english);
    put(w, PROP_basis, basis);
    put(w, PROP_owner, k->owner);
    put(w, PROP_with, co_owners_text(w->a, k));
    put(w, PROP_source, k->source);
    put(w, PROP_definition, k->definition);
    put(w, PROP_evidence, k->evidence);
    put(w, PROP_note, k->note);
    put(w, PROP_point, point_text(w, k->has_point && k->kind != CK_FORM, k->point));
}

static void definitions(struct words *w, const struct commitment *k)
{
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        const struct definition *d = &k->definitions[i];
        if (k->n_definitions == 1) {
            put_expr(w, PROP_measure, d->measure);
            return;
        }
    }
    struct str adopted = STR("");
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        const struct definition *d = &k->definitions[i];
        if (d->adopted) {
            struct str one =
                d->since_year == INT32_MIN
                    ? d->name
                    : join(w, d->name, " ", years_text(w, d->since_year, d->since_year));
            adopted = adopted.n == 0 ? one : join(w, adopted, comma(w), one);
        }
    }
    put(w, PROP_adopted, adopted);
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        struct str part = join(w, pick(w, "口径", "definition"), " ", k->definitions[i].name);
        begin_part(w, join(w, STR("definition "), "", k->definitions[i].name), part);
        put_expr(w, PROP_measure, k->definitions[i].measure);
    }
}

static void population(struct words *w, const struct commitment *k)
{
    if (k->of_kind != NONE) {
        put(w, PROP_population, w->p->kinds[k->of_kind].name);
    } else if (k->of_reg != NONE) {
        put(w, PROP_population, w->p->regs[k->of_reg].name);
    }
    put_expr(w, PROP_condition, k->condition);
}

static void work(struct words *w, const struct commitment *k)
{
    static const char *const verbs[2][3] = {{"deliver", "start", "conduct"},
                                            {"交付", "启动", "开展"}};
    put(w, PROP_modality, modality_words(w, k->modality));
    put(w, PROP_scope, scope_words(w, k->scopes, k->n_scopes));
    if (k->kind == CK_TASK) {
        put(w, PROP_when, when_words(w, &k->when));
        put(w, PROP_action, str_from_cstr(verbs[w->chinese][k->verb]));
        put_number(w, PROP_times, k->times);
        put_number(w, PROP_fresh, k->fresh_days);
    }
    for (uint32_t i = 0; k->kind == CK_STAGES && i < k->n_stages; i++) {
        begin_part(w, join(w, STR("stage "), "", k->stages[i].name), k->stages[i].name);
        put_number(w, PROP_times, (int64_t)i + 1);
        put(w, PROP_when, when_words(w, &k->stages[i].when));
    }
}

static struct str action_words(struct words *w, const struct action *a)
{
    if (a->item == NONE) {
        return a->days > 0 ? join(w, a->text, " ", rat_frac_str(w->a, rat_int(a->days))) : a->text;
    }
    const struct datum *d = a->is_field ? &w->p->fields[a->item].d : &w->p->items[a->item].d;
    struct str amount = amount_text(&w->say, a->amount, a->percent ? dim_none() : d->dim);
    struct str verb = a->sign < 0 ? pick(w, "调减", "reduce") : pick(w, "调增", "raise");
    struct str out = join(w, d->name, " ", join(w, verb, " ", amount));
    return a->next_year ? join(w, pick(w, "下年", "next year"), " ", out) : out;
}

static void rule(struct words *w, const struct commitment *k)
{
    static const char *const roundings[2][3] = {{"half away", "down", "up"},
                                                {"四舍五入", "向下", "向上"}};
    put(w, PROP_rounding, str_from_cstr(roundings[w->chinese][k->rounding]));
    put_flag(w, PROP_stacking, k->stacking);
    put_number(w, PROP_defence, k->defence_days);
    put_number(w, PROP_notice, k->notice_days);
    for (uint32_t i = 0; i < k->n_actions; i++) {
        struct str n = rat_frac_str(w->a, rat_int((int64_t)i + 1));
        begin_part(w, STR("action"), join(w, pick(w, "措施", "action"), " ", n));
        put(w, PROP_action, action_words(w, &k->actions[i]));
        put(w, PROP_times, k->actions[i].escalation ? pick(w, "再则", "then next") : STR(""));
    }
}

static void form(struct words *w, const struct commitment *k)
{
    struct str items = STR("");
    for (uint32_t i = 0; i < k->n_items; i++) {
        struct str name = w->p->items[k->items[i]].d.name;
        items = i == 0 ? name : join(w, items, comma(w), name);
    }
    for (uint32_t i = 0; i < k->n_scores; i++) {
        struct str id = w->p->commitments[k->scores[i].commitment].id;
        struct str one = join(w, id, " ", rat_frac_str(w->a, k->scores[i].points));
        items = i == 0 ? one : join(w, items, comma(w), one);
    }
    put(w, PROP_items, items);
    put(w, PROP_period, period_text_of(w, k->period));
    put(w, PROP_due, point_text(w, k->has_point, k->point));
    if (k->kind == CK_SCORECARD && rat_sign(k->pass) >= 0) {
        put(w, PROP_pass, rat_frac_str(w->a, k->pass));
    }
}

static void programme(struct words *w, const struct commitment *k)
{
    struct str steps = STR("");
    for (uint32_t i = 0; i < k->n_stages; i++) {
        steps = i == 0 ? k->stages[i].name : join(w, steps, " > ", k->stages[i].name);
    }
    put(w, PROP_grants, k->title == NONE ? STR("") : w->p->titles[k->title].name);
    put_number(w, PROP_value, k->times);
    put(w, PROP_text, steps);
    put_number(w, PROP_fresh, k->fresh_days);
}

static void sample(struct words *w, const struct commitment *k)
{
    put(w, PROP_when, when_words(w, &k->when));
    put(w, PROP_scope, scope_words(w, k->scopes, k->n_scopes));
    put(w, PROP_share, amount_text(&w->say, k->fraction, dim_none()));
    put(w, PROP_seed, k->seed);
    put(w, PROP_frozen, day_text(w, k->draw));
    put(w, PROP_strata,
        k->strata_kind != NONE ? w->p->kinds[k->strata_kind].name : expr_text(&w->say, k->strata));
    put_expr(w, PROP_satisfying, k->satisfying);
}

static void commitment(struct words *w, const struct commitment *k)
{
    begin(w, DIFF_commitment, k->id, k->name);
    common(w, k);
    put(w, PROP_text, k->deliverable);
    switch (k->kind) {
    case CK_TASK:
    case CK_STAGES:
        work(w, k);
        break;
    case CK_RULE:
        population(w, k);
        rule(w, k);
        break;
    case CK_GATE:
    case CK_CHECK:
        population(w, k);
        put(w, PROP_severity, k->soft ? pick(w, "软性", "soft") : STR(""));
        break;
    case CK_FORM:
    case CK_SCORECARD:
        population(w, k);
        form(w, k);
        break;
    case CK_PROGRAMME:
        population(w, k);
        programme(w, k);
        break;
    case CK_SAMPLE:
        population(w, k);
        sample(w, k);
        break;
    case CK_QUOTA:
        put(w, PROP_exempt, k->exempt ? day_text(w, k->exempt_before) : STR(""));
        break;
    case CK_INDICATOR:
        definitions(w, k);
        break;
    case CK_TARGET:
    case CK_UNMEASURABLE:
        break;
    }
    for (uint32_t i = 0; i < k->n_targets; i++) {
        clause(w, &k->targets[i], STR(""));
    }
}

/* ---- the model ------------------------------------------------------------------------------ */

static void datum(struct words *w, const struct datum *d)
{
    static const char *const types[2][5] = {{"number", "boolean", "choice", "text", "date"},
                                            {"数", "是否", "选项", "文本", "日期"}};
    static const char *const classes[2][4] = {{"public", "internal", "sensitive", "sealed"},
                                              {"公开", "内部", "敏感", "密封"}};
    struct str type = str_from_cstr(types[w->chinese][d->type]);
    for (uint32_t i = 0; i < d->n_choices; i++) {
        type = join(w, type, i == 0 ? " " : comma(w), d->choices[i]);
    }
    put(w, PROP_type, d->unit.n > 0 ? join(w, type, " ", d->unit) : type);
    if (d->type == VT_NUMBER) {
        struct str lo = amount_text(&w->say, d->lo, d->dim);
        put(w, PROP_bounds, join(w, lo, " – ", amount_text(&w->say, d->hi, d->dim)));
        put_number(w, PROP_decimals, d->decimals);
    }
    put(w, PROP_english, d->english);
    put(w, PROP_definition, d->definition);
    put(w, PROP_source, d->source);
    put(w, PROP_secrecy, str_from_cstr(classes[w->chinese][d->class_]));
}

static struct str dotted(struct words *w, struct str owner, struct str name)
{
    return join(w, owner, ".", name);
}

static void item(struct words *w, const struct item *i)
{
    char point[PERIOD_TEXT_BYTES];
    struct str versions = STR("");
    begin(w, DIFF_item, dotted(w, w->p->kinds[i->kind].name, i->d.name), i->d.name);
    datum(w, &i->d);
    put(w, PROP_period, period_text_of(w, i->period));
    put(w, PROP_point, str_dup(w->a, time_point_text(i->point, point)));
    for (uint32_t v = 0; v < i->n_versions; v++) {
        struct str since = i->versions[v].since_year == INT32_MIN
                               ? STR("")
                               : rat_frac_str(w->a, rat_int(i->versions[v].since_year));
        struct str one = join(w, i->versions[v].name, " ", since);
        versions = v == 0 ? one : join(w, versions, comma(w), one);
    }
    put(w, PROP_versions, versions);
}

static void kind(struct words *w, const struct kind *k)
{
    struct str general = STR("");
    begin(w, DIFF_kind, k->name, k->name);
    for (uint32_t g = 0; g < k->n_generals; g++) {
        struct str name = w->p->kinds[k->generals[g]].name;
        general = g == 0 ? name : join(w, general, comma(w), name);
    }
    put(w, PROP_english, k->english);
    put(w, PROP_in, k->in == NONE ? STR("") : w->p->levels[k->in]);
    put(w, PROP_is_a, general);
    put(w, PROP_filing, k->filed ? period_text_of(w, k->filing) : STR(""));
}

static void registers(struct words *w)
{
    for (uint32_t i = 0; i < w->p->n_regs; i++) {
        const struct reg *r = &w->p->regs[i];
        begin(w, DIFF_register, r->name, r->name);
        put(w, PROP_in, w->p->kinds[r->owner_kind].name);
        put(w, PROP_filing, r->filed ? period_text_of(w, r->filing) : STR(""));
    }
    for (uint32_t i = 0; i < w->p->n_fields; i++) {
        const struct field *f = &w->p->fields[i];
        begin(w, DIFF_field, dotted(w, w->p->regs[f->reg].name, f->d.name), f->d.name);
        datum(w, &f->d);
        put_flag(w, PROP_key, f->key);
    }
}

static struct str side(const struct words *w, uint32_t title, uint32_t kind_)
{
    return title != NONE ? w->p->titles[title].name : w->p->kinds[kind_].name;
}

static void relations(struct words *w)
{
    for (uint32_t i = 0; i < w->p->n_relations; i++) {
        const struct relation *r = &w->p->relations[i];
        begin(w, DIFF_relation, r->name, r->name);
        put(w, PROP_in,
            join(w, side(w, r->title_a, r->kind_a), " – ", side(w, r->title_b, r->kind_b)));
        put_flag(w, PROP_confirmed, r->confirmed);
        put_number(w, PROP_active, r->active_days);
    }
    for (uint32_t i = 0; i < w->p->n_titles; i++) {
        begin(w, DIFF_title, w->p->titles[i].name, w->p->titles[i].name);
        put(w, PROP_population, w->p->kinds[w->p->titles[i].kind].name);
    }
    for (uint32_t i = 0; i < w->p->n_events; i++) {
        begin(w, DIFF_event, w->p->events[i].name, w->p->events[i].name);
    }
}

static void lists(struct words *w)
{
    for (uint32_t i = 0; i < w->p->n_lists; i++) {
        const struct unit_list *l = &w->p->lists[i];
        struct str members = STR("");
        for (uint32_t m = 0; m < l->n_members; m++) {
            members = m == 0 ? l->members[0] : join(w, members, comma(w), l->members[m]);
        }
        begin(w, DIFF_list, l->name, l->name);
        put(w, PROP_population, w->p->kinds[l->kind].name);
        put(w, PROP_members, members);
        put_expr(w, PROP_condition, l->predicate);
        put(w, PROP_frozen, day_text(w, l->frozen));
    }
}

static struct str default_tolerance(struct words *w, struct rat t)
{
    return rat_sign(t) < 0 ? STR("–") : amount_text(&w->say, t, dim_none());
}

static void header(struct words *w)
{
    struct str levels = STR("");
    begin(w, DIFF_plan, STR(""), w->p->name);
    for (uint32_t i = 0; i < w->p->n_levels; i++) {
        levels = i == 0 ? w->p->levels[0] : join(w, levels, " > ", w->p->levels[i]);
    }
    put(w, PROP_name, w->p->name);
    put(w, PROP_docno, w->p->docno);
    put(w, PROP_issued, day_text(w, w->p->issued));
    put(w, PROP_years, years_text(w, w->p->first_year, w->p->last_year));
    put_number(w, PROP_baseline, w->p->baseline_year);
    put(w, PROP_levels, levels);
    put(w, PROP_defaults,
        join(w, default_tolerance(w, w->p->about), comma(w), default_tolerance(w, w->p->nearly)));
    for (uint32_t i = 0; i < w->p->n_clause_codes; i++) {
        begin(w, DIFF_clause, w->p->clause_codes[i].code, w->p->clause_codes[i].code);
        put(w, PROP_path, w->p->clause_codes[i].path);
    }
}

void diff_words(struct arena *a, const struct plan *p, bool chinese, struct entities *out)
{
    struct words w = {.a = a, .p = p, .chinese = chinese, .out = out, .say = {a, p, chinese}};
    header(&w);
    for (uint32_t i = 0; i < p->n_kinds; i++) {
        kind(&w, &p->kinds[i]);
    }
    for (uint32_t i = 0; i < p->n_items; i++) {
        item(&w, &p->items[i]);
    }
    for (uint32_t i = 0; i < p->n_attributes; i++) {
        const struct attribute *t = &p->attributes[i];
        begin(&w, DIFF_attribute, dotted(&w, p->kinds[t->kind].name, t->d.name), t->d.name);
        datum(&w, &t->d);
    }
    registers(&w);
    relations(&w);
    lists(&w);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        commitment(&w, &p->commitments[i]);
    }
}
