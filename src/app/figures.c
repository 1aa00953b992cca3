/* SPDX-License-Identifier: Apache-2.0 */
/* Printed figures against the literals of declarations. */
#include "app/figures.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/utf8.h"
#include "lang/ast.h"
#include "model/plan.h"
#include "model/uom.h"

#define YEAR_FIRST 1900
#define YEAR_LAST  2199

/* ---- in a sentence -------------------------------------------------------------------------- */

static bool digit(struct str s, uint32_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static bool letter(struct str s, uint32_t at)
{
    char c = at < s.n ? s.p[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool follows(struct str s, uint32_t at, struct str word)
{
    return str_starts(str_sub(s, at, s.n), word);
}

static const struct {
    struct str sign;
    int64_t num, den;
} scales[] = {
    {STR_INIT("%"), 1, 100},
    {STR_INIT("‰"), 1, 1000},
    {STR_INIT("万亿"), 1000000000000, 1},
    {STR_INIT("亿"), 100000000, 1},
    {STR_INIT("万"), 10000, 1},
    {STR_INIT("千"), 1000, 1},
    {STR_INIT("百"), 100, 1},
};

static bool year_follows(struct str s, uint32_t at)
{
    static const struct str after[] = {STR_INIT("年"), STR_INIT("-"), STR_INIT("至"),
                                       STR_INIT("、")};
    for (uint32_t i = 0; i < sizeof after / sizeof *after; i++) {
        if (follows(s, at, after[i])) {
            return true;
        }
    }
    return false;
}

/* The figure whose digits begin at `at`; returns where it ends. */
static uint32_t read_figure(struct arena *a, struct str s, uint32_t at, figures *out)
{
    struct figure f = {0};
    uint32_t end = at;
    while (digit(s, end) || (follows(s, end, STR(".")) && digit(s, end + 1))) {
        end++;
    }
    bool read = rat_parse_decimal(a, str_sub(s, at, end), &f.value);
    bool day = follows(s, end, STR("月")) || follows(s, end, STR("日"));
    int64_t whole = 0;
    f.year = end - at == 4 && read && rat_to_int64(f.value, &whole) && whole >= YEAR_FIRST &&
             whole <= YEAR_LAST && year_follows(s, end);
    for (uint32_t i = 0; !f.year && i < sizeof scales / sizeof *scales; i++) {
        if (follows(s, end, scales[i].sign)) {
            f.value = rat_mul(a, f.value, rat_frac(scales[i].num, scales[i].den));
            end += scales[i].sign.n;
            break;
        }
    }
    f.text = str_sub(s, at, end);
    if (read && !day && !letter(s, end)) {
        vec_push(a, out, f);
    }
    return end;
}

void figures_of_text(struct arena *a, struct str sentence, figures *out)
{
    uint32_t quotes = 0;
    for (uint32_t i = 0; i < sentence.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(sentence, i, &cp);
        quotes += cp == 0x201c || cp == 0x300a;
        quotes -= quotes > 0 && (cp == 0x201d || cp == 0x300b);
        bool name = i > 0 && letter(sentence, i - 1); /* a digit of a name: so are those after it */
        if (quotes == 0 && digit(sentence, i) && !name) {
            i = read_figure(a, sentence, i, out);
        } else {
            i += n;
            while (name && digit(sentence, i - 1) && digit(sentence, i)) {
                i++;
            }
        }
    }
}

/* ---- in a declaration ----------------------------------------------------------------------- */

struct held_numbers {
    VEC(struct rat) list;
};

struct collector {
    struct arena *a;
    struct uom_table uom;
    struct held_numbers *to;
};

/* Both as written (20 of 20万人) and at its scale. */
static void hold_number(struct collector *c, const struct node_number *n)
{
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    vec_push(c->a, &c->to->list, n->value);
    if (n->suffix.n > 0 && uom_parse_suffix(c->a, &c->uom, n->suffix, &factor, &dim, NULL)) {
        vec_push(c->a, &c->to->list, rat_mul(c->a, n->value, factor));
    }
}

static void hold_node(struct collector *c, const struct node *n)
{
    if (!n) {
        return;
    }
    if (n->kind == NODE_NUMBER) {
        hold_number(c, &n->u.number);
    } else if (n->kind == NODE_DATE) {
        vec_push(c->a, &c->to->list, rat_int(date_year(n->u.date)));
    }
    struct node *kid = NULL;
    for (uint32_t i = 0; ast_child(n, i, &kid); i++) {
        hold_node(c, kid);
    }
}

static void hold_nodes(struct collector *c, const struct node_list *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        hold_node(c, list->items[i]);
    }
}

static void hold_target(struct collector *c, const struct target *t)
{
    hold_nodes(c, &t->whens);
    hold_nodes(c, &t->scopes);
    hold_node(c, t->condition);
    hold_node(c, t->expr);
    hold_node(c, t->tolerance);
    hold_node(c, t->baseline);
    for (uint32_t i = 0; i < t->rungs.n; i++) {
        hold_node(c, t->rungs.items[i].when);
        hold_node(c, t->rungs.items[i].value);
        hold_node(c, t->rungs.items[i].high);
    }
    for (uint32_t i = 0; i < t->nested.n; i++) {
        hold_target(c, t->nested.items[i].clause);
    }
}

static void hold_decl(struct collector *c, const struct decl *d)
{
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct ast_item *it = &d->items.items[i];
        if (it->kind == ITEM_PROP) {
            hold_nodes(c, &it->u.prop->args);
        } else if (it->kind == ITEM_TARGET) {
            hold_target(c, it->u.target);
        } else {
            hold_decl(c, it->u.decl);
        }
    }
}

void held_make(struct arena *a, const struct plan *p, const struct ast *ast, struct held *out)
{
    struct map by_id = {0};
    struct collector c = {.a = a};
    uom_init(a, &c.uom);
    *out = (struct held){p, ARENA_ARRAY(a, struct held_numbers, (size_t)p->n_commitments + 1)};
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        map_put(a, &by_id, p->commitments[i].id, i);
    }
    for (uint32_t i = 0; i < ast->decls.n; i++) {
        uint32_t ix = 0;
        const struct decl *d = ast->decls.items[i];
        bool commitment = d->kind >= DECL_PROGRAMME && map_get(&by_id, ast_key(d), &ix);
        if (commitment) {
            c.to = &out->numbers[ix];
            hold_decl(&c, d);
        }
    }
}

static bool covers_year(const struct when *w, int64_t year)
{
    return w->from_year <= year && year <= w->to_year;
}

static bool clause_covers(const struct clause *c, int64_t year)
{
    bool found = covers_year(&c->when, year);
    for (uint32_t i = 0; !found && i < c->n_rungs; i++) {
        found = covers_year(&c->rungs[i].when, year);
    }
    for (uint32_t i = 0; !found && i < c->n_nested; i++) {
        found = clause_covers(&c->nested[i], year);
    }
    return found;
}

static bool speaks_of_year(const struct commitment *k, int64_t year)
{
    bool found = k->n_targets == 0 && k->kind != CK_STAGES && covers_year(&k->when, year);
    for (uint32_t i = 0; !found && i < k->n_targets; i++) {
        found = clause_covers(&k->targets[i], year);
    }
    for (uint32_t i = 0; !found && i < k->n_stages; i++) {
        found = covers_year(&k->stages[i].when, year);
    }
    return found;
}

bool held_has(const struct held *h, uint32_t commitment, const struct figure *f)
{
    const struct held_numbers *numbers = &h->numbers[commitment];
    int64_t year = 0;
    for (uint32_t i = 0; i < numbers->list.n; i++) {
        if (rat_eq(numbers->list.items[i], f->value)) {
            return true;
        }
    }
    return f->year && rat_to_int64(f->value, &year) &&
           speaks_of_year(&h->plan->commitments[commitment], year);
}
