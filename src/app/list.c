/* SPDX-License-Identifier: Apache-2.0 */
/* The commitments of a plan: one row a clause, rung or stage. */
#include "app/answer.h"
#include "app/print.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "io/csv.h"
#include "lang/expr_text.h"

struct entry {
    const struct commitment *k;
    const struct clause *c; /* NULL: not a clause */
    const struct rung *r;   /* NULL: none */
    const struct clause *outer;
    struct str part;
    struct when when;
    enum modality modality;
};

typedef VEC(struct entry) entries;

static void add_clause(struct arena *a, entries *out, const struct commitment *k,
                       const struct clause *c, const struct clause *outer)
{
    struct entry e = {
        .k = k, .c = c, .outer = outer, .part = c->part, .when = c->when, .modality = c->modality};
    for (uint32_t i = 0; i < c->n_rungs; i++) {
        struct entry one = e;
        one.r = &c->rungs[i];
        one.when = one.r->when;
        one.modality = one.r->modality;
        one.part = clause_part(a, c, i, c->part);
        vec_push(a, out, one);
    }
    if (c->n_rungs == 0) {
        vec_push(a, out, e);
    }
    for (uint32_t i = 0; i < c->n_nested; i++) {
        add_clause(a, out, k, &c->nested[i], c);
    }
}

static void collect_one(struct arena *a, const struct commitment *k, entries *out)
{
    struct entry e = {.k = k, .part = STR(""), .when = k->when, .modality = k->modality};
    for (uint32_t t = 0; t < k->n_targets; t++) {
        add_clause(a, out, k, &k->targets[t], NULL);
    }
    for (uint32_t s = 0; k->kind == CK_STAGES && s < k->n_stages; s++) {
        e.part = k->stages[s].name;
        e.when = k->stages[s].when;
        vec_push(a, out, e);
    }
    if (k->n_targets == 0 && k->kind != CK_STAGES) {
        vec_push(a, out, e);
    }
}

static void collect(struct arena *a, const struct plan *p, entries *out)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        collect_one(a, &p->commitments[i], out);
    }
}

/* ---- words ---------------------------------------------------------------------------------- */

static bool literal(const struct plan *p, uint32_t e, struct rat *out)
{
    if (e == NONE || p->exprs[e].op != EX_NUM) {
        return false;
    }
    *out = p->exprs[e].num;
    return true;
}

static struct str unit_of(struct arena *a, const struct plan *p, const struct entry *e)
{
    uint32_t x = e->r ? e->r->value : NONE;
    return x == NONE ? STR("") : dim_text(a, &p->uom, dim_settle(p->exprs[x].dim), UOM_ZH);
}

static struct str kind_word(const struct plan *p, uint32_t kind, bool chinese)
{
    const struct kind *k = &p->kinds[kind];
    return !chinese && k->english.n > 0 ? k->english : k->name;
}

static struct str scope_text(struct arena *a, const struct plan *p, const struct scope *s,
                             bool chinese)
{
    struct str out = STR("");
    switch (s->kind) {
    case SCOPE_ROOT:
        return chinese ? STR("全域") : STR("overall");
    case SCOPE_EACH_KIND:
        return kind_word(p, s->ref, chinese);
    case SCOPE_EACH_TITLE:
        return p->titles[s->ref].name;
    case SCOPE_EACH_LIST:
        return p->lists[s->ref].name;
    case SCOPE_EACH_CATEGORY:
        return p->fields[s->ref].d.name;
    case SCOPE_EACH_NAMED:
        for (uint32_t i = 0; i < s->n_named; i++) {
            out = i > 0 ? str_cat(a, out, STR(",")) : out;
            out = str_cat(a, out, s->named[i]);
        }
        break;
    }
    return out;
}

static const struct scope *scopes_of(const struct entry *e, uint32_t *n)
{
    *n = e->c ? e->c->n_scopes : e->k->n_scopes;
    return e->c ? e->c->scopes : e->k->scopes;
}

static const char *quantifier(const struct entry *e)
{
    static const char *const words[] = {
        [SCOPE_ROOT] = "overall",    [SCOPE_EACH_KIND] = "each",
        [SCOPE_EACH_TITLE] = "each", [SCOPE_EACH_LIST] = "each",
        [SCOPE_EACH_NAMED] = "each", [SCOPE_EACH_CATEGORY] = "each_category",
    };
    uint32_t n = 0;
    const struct scope *s = scopes_of(e, &n);
    if (n == 0) {
        return e->k->of_kind != NONE || e->k->of_reg != NONE ? "each" : "overall";
    }
    return words[s[0].kind];
}

static struct str join_scopes(struct arena *a, const struct plan *p, const struct entry *e,
                              bool chinese, struct str between)
{
    uint32_t n = 0;
    const struct scope *s = scopes_of(e, &n);
    struct str out = STR("");
    for (uint32_t i = 0; i < n; i++) {
        out = i > 0 ? str_cat(a, out, between) : out;
        out = str_cat(a, out, scope_text(a, p, &s[i], chinese));
    }
    if (n == 0 && e->k->of_kind != NONE) {
        return kind_word(p, e->k->of_kind, chinese);
    }
    return out;
}

/* As JSON and CSV give them: the names of the plan. */
static struct str scopes_text(struct arena *a, const struct plan *p, const struct entry *e)
{
    return join_scopes(a, p, e, true, STR(","));
}

static struct str scopes_words(struct arena *a, const struct plan *p, const struct entry *e,
                               bool chinese)
{
    return join_scopes(a, p, e, chinese, chinese ? STR("、") : STR(", "));
}

static struct str when_text(struct arena *a, const struct plan *p, const struct when *w)
{
    struct str from = rat_frac_str(a, rat_int(w->from_year));
    struct str to = rat_frac_str(a, rat_int(w->to_year));
    struct str out = str_cat(a, str_from_cstr(when_name(w->kind)), STR(" "));
    if (w->kind == WHEN_UNTIL) {
        return str_cat(a, out, p->events[w->event].name);
    }
    if (w->kind == WHEN_EACH && w->every != PERIOD_YEAR) {
        out = str_cat(a, str_cat(a, out, period_kind_en(w->every)), STR(" "));
    }
    if (w->from_year != w->to_year) {
        out = str_cat(a, str_cat(a, out, from), STR("-"));
    }
    return str_cat(a, out, to);
}

/* No reference before it names the same clause. */
static bool first_of_clause(const struct commitment *k, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++) {
        if (str_eq(k->basis[j].code, k->basis[i].code)) {
            return false;
        }
    }
    return true;
}

/* For people: "到 2026年", "each quarter 2024-2026". */
static struct str when_words(struct arena *a, const struct plan *p, const struct entry *e,
                             bool chinese)
{
    const struct when *w = &e->when;
    char day[DATE_TEXT_BYTES];
    struct buf out;
    if (w->kind == WHEN_DEFAULT && !e->c) {
        return STR(""); /* rules, checks, forms: in each of their periods */
    }
    buf_init(&out, 1 << 16);
    buf_puts(&out, chinese ? when_zh(w->kind) : when_name(w->kind));
    if (w->kind == WHEN_EACH) {
        struct str every = chinese ? period_kind_zh(w->every) : period_kind_en(w->every);
        buf_printf(&out, chinese ? "%.*s" : " %.*s", PS(every));
    }
    if (w->kind == WHEN_UNTIL) {
        buf_printf(&out, " %.*s", PS(p->events[w->event].name));
    } else if (date_cmp(w->day, DATE_MIN) != 0) {
        buf_printf(&out, " %.*s", PS(date_text(w->day, day)));
    } else if (w->from_year != w->to_year) {
        buf_printf(&out, " %d-%d%s", w->from_year, w->to_year, chinese ? "年" : "");
    } else {
        buf_printf(&out, " %d%s", w->to_year, chinese ? "年" : "");
    }
    return buf_move(a, &out);
}

/* What is asked: as the pack spells it; in English from what it means, since units are Chinese. */
static struct str asked_words(struct arena *a, const struct plan *p, const struct entry *e,
                              bool chinese)
{
    const struct speech say = {a, p, chinese};
    struct rat low = rat_zero();
    struct rat high = rat_zero();
    if (!e->c || (chinese && (!e->r || !e->r->interpolated))) {
        return !e->c ? STR("") : e->r ? e->r->text : e->c->value_text[0];
    }
    struct str how = e->r && e->r->interpolated ? chinese ? STR("插值") : STR("interpolated")
                     : e->c->cmp == CMP_BARE || e->c->cmp == CMP_NONE
                         ? STR("")
                         : str_words(a, str_from_cstr(comparator_name(e->c->cmp)));
    if (!e->r || e->r->value == NONE) {
        return how;
    }
    struct dim dim = p->exprs[e->r->value].dim;
    bool plain = literal(p, e->r->value, &low);
    struct str what = plain ? amount_text(&say, low, dim) : expr_text(&say, e->r->value);
    if (literal(p, e->r->value2, &high)) {
        struct str to = str_cat(a, STR(" – "), amount_text(&say, high, dim));
        what = str_cat(a, what, to);
    }
    return how.n > 0 ? str_cat(a, str_cat(a, how, STR(" ")), what) : what;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void json_value(struct json *j, struct arena *a, const struct plan *p, const char *key,
                       uint32_t e)
{
    struct rat x;
    json_key(j, key);
    if (literal(p, e, &x)) {
        json_str(j, rat_dec_str(a, x, LIMIT_RAT_DECIMALS, NULL));
    } else {
        json_null(j);
    }
}

/* The clauses, each once, and what is named of their sentences. */
static void json_basis(struct json *j, struct arena *a, const struct commitment *k)
{
    json_key(j, "clauses");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        if (first_of_clause(k, i)) {
            json_str(j, k->basis[i].code);
        }
    }
    json_arr_end(j);
    json_key(j, "sentences");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        const struct clause_ref *r = &k->basis[i];
        for (uint32_t s = r->first; s > 0 && s <= r->last; s++) {
            struct str number = rat_frac_str(a, rat_int(s));
            json_str(j, str_cat(a, str_cat(a, r->code, STR(":")), number));
        }
    }
    json_arr_end(j);
}

/* How it is compared, and with what. */
static void json_required(struct json *j, struct arena *a, const struct plan *p,
                          const struct entry *e)
{
    const struct commitment *k = e->k;
    json_kv_cstr(j, "comparator",
                 e->c                   ? comparator_name(e->c->cmp)
                 : k->kind == CK_SAMPLE ? comparator_name(CMP_GE)
                                        : "none");
    if (k->kind == CK_SAMPLE) {
        json_kv_str(j, "value", rat_dec_str(a, k->fraction, LIMIT_RAT_DECIMALS, NULL));
    } else {
        json_value(j, a, p, "value", e->r ? e->r->value : k->kind == CK_QUOTA ? k->cap : NONE);
    }
    json_value(j, a, p, "value2", e->r ? e->r->value2 : NONE);
}

static void json_entry(struct json *j, struct arena *a, const struct plan *p, const struct entry *e)
{
    const struct commitment *k = e->k;
    json_obj_begin(j);
    json_kv_str(j, "id", k->id);
    json_basis(j, a, k);
    json_kv_cstr(j, "kind", commitment_kind_name(k->kind));
    json_kv_cstr(j, "modality", modality_name(e->modality));
    json_kv_str(j, "name", k->name);
    json_kv_str(j, "english", k->english);
    json_kv_str(j, "owner", k->owner);
    co_owners_json(j, k);
    json_kv_str(j, "part", e->part);
    json_required(j, a, p, e);
    json_kv_str(j, "value_text", asked_words(a, p, e, true));
    json_kv_str(j, "unit", unit_of(a, p, e));
    json_kv_str(j, "when", when_text(a, p, &e->when));
    json_kv_int(j, "year", e->when.to_year);
    json_kv_str(j, "scope", scopes_text(a, p, e));
    json_kv_cstr(j, "quantifier", quantifier(e));
    json_kv_str(j, "condition",
                e->c && e->c->condition != NONE ? e->c->condition_text[0] : k->condition_text[0]);
    json_kv_str(j, "measure", e->c ? e->c->measure_text[0] : STR(""));
    json_kv_str(j, "text", k->deliverable);
    json_obj_end(j);
}

void list_json(const struct plan *p, struct arena *a, struct buf *out)
{
    struct json j;
    entries list = {0};
    collect(a, p, &list);
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < list.n; i++) {
        json_entry(&j, a, p, &list.items[i]);
    }
    json_arr_end(&j);
    json_end(&j);
}

/* ---- tables --------------------------------------------------------------------------------- */

#define COLUMNS 8

static const char *const headers[2][COLUMNS] = {
    {"id", "clause", "kind", "modality", "name", "scope", "when", "requires"},
    {"编号", "条款", "类别", "力度", "名称", "范围", "时间", "要求"},
};

static void cells_of(struct arena *a, const struct plan *p, const struct entry *e, bool chinese,
                     struct str out[COLUMNS])
{
    const struct commitment *k = e->k;
    struct str clauses = STR("");
    for (uint32_t i = 0; i < k->n_basis; i++) {
        if (first_of_clause(k, i)) {
            clauses = clauses.n > 0 ? str_cat(a, clauses, STR(",")) : clauses;
            clauses = str_cat(a, clauses, k->basis[i].code);
        }
    }
    out[0] = e->part.n > 0 ? str_cat(a, str_cat(a, k->id, STR("/")), e->part) : k->id;
    out[1] = clauses;
    out[2] = str_from_cstr(commitment_kind_name(k->kind));
    out[3] = str_from_cstr(modality_name(e->modality));
    out[4] = !chinese && k->english.n > 0 ? k->english : k->name;
    out[5] = scopes_text(a, p, e);
    out[6] = when_text(a, p, &e->when);
    out[7] = e->c ? asked_words(a, p, e, chinese) : k->deliverable;
}

/* The same for people: in their language, and without what the plan does not say. */
static void words_of(struct arena *a, const struct plan *p, const struct entry *e, bool chinese,
                     struct str out[COLUMNS])
{
    cells_of(a, p, e, chinese, out);
    out[2] = str_from_cstr(chinese ? commitment_kind_zh(e->k->kind) : out[2].p);
    out[3] = str_from_cstr(chinese ? modality_zh(e->modality) : out[3].p);
    out[5] = scopes_words(a, p, e, chinese);
    out[6] = when_words(a, p, e, chinese);
}

void list_csv(const struct plan *p, struct arena *a, bool words, bool chinese, struct csv_writer *w)
{
    struct str cells[COLUMNS];
    entries list = {0};
    collect(a, p, &list);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        csv_write_field(w, str_from_cstr(headers[words && chinese][k]));
    }
    csv_write_end(w);
    for (uint32_t i = 0; i < list.n; i++) {
        (words ? words_of : cells_of)(a, p, &list.items[i], chinese || !words, cells);
        for (uint32_t k = 0; k < COLUMNS; k++) {
            csv_write_field(w, cells[k]);
        }
        csv_write_end(w);
    }
}

void list_rows_json(const struct plan *p, struct arena *a, uint32_t commitment, bool chinese,
                    struct json *j)
{
    const struct commitment *k = &p->commitments[commitment];
    entries list = {0};
    collect_one(a, k, &list);
    json_arr_begin(j);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct entry *e = &list.items[i];
        json_obj_begin(j);
        json_kv_str(j, "part", e->part);
        json_kv_cstr(j, "modality", modality_name(e->modality));
        json_kv_str(j, "scope", scopes_words(a, p, e, chinese));
        json_kv_str(j, "when", when_words(a, p, e, chinese));
        json_kv_int(j, "year", e->when.to_year);
        json_required(j, a, p, e);
        json_kv_str(j, "requires", asked_words(a, p, e, chinese));
        json_kv_str(j, "measure", e->c ? e->c->measure_text[!chinese] : STR(""));
        json_kv_str(j, "condition",
                    e->c && e->c->condition != NONE ? e->c->condition_text[!chinese]
                                                    : k->condition_text[!chinese]);
        json_obj_end(j);
    }
    json_arr_end(j);
}

void list_text(const struct plan *p, struct arena *a, bool chinese, uint32_t width, struct buf *out)
{
    entries list = {0};
    struct str cells[COLUMNS];
    struct table t = table_new(a, COLUMNS);
    collect(a, p, &list);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        cells[k] = str_from_cstr(headers[chinese][k]);
    }
    table_row(&t, cells);
    for (uint32_t i = 0; i < list.n; i++) {
        words_of(a, p, &list.items[i], chinese, cells);
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}
