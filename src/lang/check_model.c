/* SPDX-License-Identifier: Apache-2.0 */
/* The nouns of a plan: header, levels, kinds with items, registers, relations, lists, titles. */
#include "base/arena.h"
#include "lang/check_int.h"

#define YEAR_FIRST     1950
#define YEAR_LAST      2150
#define PLAN_YEARS_MAX 50
#define CHOICES_MAX    64

/* ---- values of properties ------------------------------------------------------------------- */

struct str check_string(const struct decl *d, enum prop_kind kind)
{
    const struct node *n = ast_arg(ast_prop(d, kind), 0);
    if (!n) {
        return STR("");
    }
    return n->kind == NODE_STRING ? n->u.text : n->kind == NODE_NAME ? n->u.name.parts[0] : STR("");
}

bool check_year(struct checker *c, const struct node *n, int32_t *out)
{
    int64_t year = 0;
    if (!n || n->kind == NODE_ERROR) {
        return false;
    }
    bool plain = n->kind == NODE_NUMBER &&
                 (n->u.number.suffix.n == 0 || str_eq(n->u.number.suffix, STR("年")));
    if (n->kind == NODE_DATE) {
        year = date_year(n->u.date);
    } else if (!plain || !rat_to_int64(n->u.number.value, &year)) {
        year = 0;
    }
    if (year < YEAR_FIRST || year > YEAR_LAST) {
        struct diag *d = diag_add(c->ds, DIAG_bad_year, n->at);
        diag_arg(c->ds, d, "text", source_text(c->sources, n->at));
        diag_arg_int(c->ds, d, "min", YEAR_FIRST);
        diag_arg_int(c->ds, d, "max", YEAR_LAST);
        return false;
    }
    *out = (int32_t)year;
    return true;
}

bool check_count(struct checker *c, const struct node *n, enum tok word, int64_t min, int64_t max,
                 int64_t *out)
{
    int64_t v = 0;
    if (!n || n->kind == NODE_ERROR) {
        return false;
    }
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    bool read = n->kind == NODE_NUMBER &&
                uom_parse_suffix(c->a, &c->uom, n->u.number.suffix, &factor, &dim, NULL) &&
                rat_to_int64(rat_mul(c->a, n->u.number.value, factor), &v);
    if (!read || v < min || v > max) {
        struct diag *d = diag_add(c->ds, DIAG_bad_count, n->at);
        diag_arg2(c->ds, d, "word", tok_text(word, false), tok_text(word, true));
        diag_arg_int(c->ds, d, "min", min);
        diag_arg_int(c->ds, d, "max", max);
        return false;
    }
    *out = v;
    return true;
}

bool check_tolerance(struct checker *c, const struct node *n, struct rat *out)
{
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    if (!n || n->kind != NODE_NUMBER) {
        return false;
    }
    bool read = uom_parse_suffix(c->a, &c->uom, n->u.number.suffix, &factor, &dim, NULL) &&
                dim_is_none(dim);
    struct rat v = rat_mul(c->a, n->u.number.value, factor);
    if (!read || rat_sign(v) < 0 || rat_cmp(v, rat_one()) >= 0) {
        (void)diag_add(c->ds, DIAG_bad_tolerance, n->at);
        return false;
    }
    *out = v;
    return true;
}

bool check_point(const struct decl *d, enum prop_kind kind, struct time_point *out)
{
    static const struct time_point named[] = {
        [POINT_YEAR_END] = {12, 31},
        [POINT_YEAR_START] = {1, 1},
        [POINT_SCHOOL_YEAR_START] = {9, 1},
        [POINT_SCHOOL_YEAR_END] = {8, 31},
    };
    const struct node *n = ast_arg(ast_prop(d, kind), 0);
    if (!n || n->kind != NODE_POINT) {
        return false;
    }
    *out = n->u.point.kind == POINT_MONTH_DAY
               ? (struct time_point){n->u.point.month, n->u.point.day}
               : named[n->u.point.kind];
    return true;
}

enum period_kind check_period(const struct prop *p, uint32_t arg)
{
    static const enum period_kind periods[] = {
        [WORD_EACH_YEAR] = PERIOD_YEAR,   [WORD_EACH_SCHOOL_YEAR] = PERIOD_SCHOOL_YEAR,
        [WORD_EACH_TERM] = PERIOD_TERM,   [WORD_EACH_QUARTER] = PERIOD_QUARTER,
        [WORD_EACH_MONTH] = PERIOD_MONTH, [WORD_EACH_WEEK] = PERIOD_WEEK,
    };
    const struct node *n = ast_arg(p, arg);
    bool word = n && n->kind == NODE_WORD && n->u.word <= WORD_EACH_WEEK;
    return word ? periods[n->u.word] : PERIOD_YEAR;
}

/* ---- header and levels ---------------------------------------------------------------------- */

/* The only declaration of a kind; further ones are reported. NULL without one. */
static const struct decl *only(struct checker *c, enum decl_kind kind)
{
    const struct decl *first = NULL;
    for (uint32_t i = 0; i < c->ast->decls.n; i++) {
        const struct decl *d = c->ast->decls.items[i];
        if (d->kind != kind) {
            continue;
        }
        if (first) {
            struct diag *g = diag_add(c->ds, DIAG_two_plans, d->at);
            enum tok kw = ast_decl_kw(kind);
            diag_arg2(c->ds, g, "decl", tok_text(kw, false), tok_text(kw, true));
            diag_label(c->ds, g, first->at, "first declared here", "首次声明在此");
        } else {
            first = d;
        }
    }
    return first;
}

static struct span start_of_pack(void)
{
    return (struct span){0, 0, 0};
}

static void header_years(struct checker *c, const struct decl *d)
{
    const struct prop *years = ast_prop(d, PROP_YEARS);
    struct plan *p = c->plan;
    if (!years) {
        struct diag *g = diag_add(c->ds, DIAG_missing_property, d->at);
        diag_arg2(c->ds, g, "decl", STR("plan"), STR("计划"));
        diag_arg(c->ds, g, "name", ast_key(d));
        diag_arg2(c->ds, g, "word", STR("years"), STR("年度"));
        return;
    }
    if (check_year(c, ast_arg(years, 0), &p->first_year) &&
        check_year(c, ast_arg(years, 1), &p->last_year) &&
        (p->last_year < p->first_year || p->last_year - p->first_year >= PLAN_YEARS_MAX)) {
        struct diag *g = diag_add(c->ds, DIAG_bad_years, years->at);
        diag_arg_int(c->ds, g, "max", PLAN_YEARS_MAX);
        p->last_year = p->first_year;
    }
    p->baseline_year = p->first_year - 1;
    (void)check_year(c, ast_arg(ast_prop(d, PROP_BASE_YEAR), 0), &p->baseline_year);
}

static void header(struct checker *c)
{
    const struct decl *d = only(c, DECL_PLAN);
    struct plan *p = c->plan;
    p->about = rat_int(-1);
    p->nearly = rat_int(-1);
    if (!d) {
        (void)diag_add(c->ds, DIAG_no_plan, start_of_pack());
        return;
    }
    p->id = ast_key(d);
    p->name = check_string(d, PROP_TITLE);
    if (p->name.n == 0) {
        p->name = d->name.n > 0 ? d->name : d->id;
    }
    p->docno = check_string(d, PROP_DOCNO);
    const struct node *issued = ast_arg(ast_prop(d, PROP_ISSUED), 0);
    p->issued = issued && issued->kind == NODE_DATE ? issued->u.date : DATE_MIN;
    header_years(c, d);
    (void)check_tolerance(c, ast_arg(ast_prop(d, PROP_ABOUT), 0), &p->about);
    (void)check_tolerance(c, ast_arg(ast_prop(d, PROP_NEARLY), 0), &p->nearly);
}

static void units_of_measure(struct checker *c)
{
    for (uint32_t i = 0; i < c->ast->decls.n; i++) {
        const struct decl *d = c->ast->decls.items[i];
        if (d->kind != DECL_UNIT) {
            continue;
        }
        struct err e = {0};
        enum rc rc = RC_OK;
        const struct prop *eq = ast_prop(d, PROP_EQUALS);
        const struct node *n = ast_arg(eq, 0);
        if (n && n->kind == NODE_NUMBER) {
            const struct node *of = ast_arg(eq, 1);
            struct str suffix = of && of->kind == NODE_TYPE ? of->u.type.unit : n->u.number.suffix;
            struct rat factor = rat_one();
            struct dim dim = dim_none();
            rc = uom_parse_suffix(c->a, &c->uom, suffix, &factor, &dim, NULL)
                     ? uom_declare(&c->uom, d->name, rat_mul(c->a, n->u.number.value, factor), dim,
                                   &e)
                     : err_set(&e, RC_INPUT, "%.*s is no unit", "“%.*s”不是计量单位", PS(suffix));
        } else if (!eq) {
            rc = uom_declare_base(&c->uom, d->name, &e);
        }
        if (rc != RC_OK) {
            struct diag *g = diag_add(c->ds, DIAG_unit_of_measure, d->name_at);
            diag_arg(c->ds, g, "name", d->name);
            diag_arg2(c->ds, g, "text", str_from_cstr(e.primary_en), str_from_cstr(e.primary_zh));
        }
    }
}

static void levels(struct checker *c)
{
    const struct decl *d = only(c, DECL_LEVELS);
    const struct prop *p = d ? ast_prop(d, PROP_LEVEL_LIST) : NULL;
    if (!p) {
        (void)diag_add(c->ds, DIAG_no_levels, start_of_pack());
        return;
    }
    struct str *names = ARENA_ARRAY(c->a, struct str, p->args.n + 1);
    for (uint32_t i = 0; i < p->args.n; i++) {
        const struct node *n = p->args.items[i];
        if (n->kind == NODE_NAME) {
            names[c->plan->n_levels++] = ast_name_text(c->a, n);
        }
    }
    c->plan->levels = names;
}

/* ---- kinds ---------------------------------------------------------------------------------- */

enum { GENERALS_MAX = 64 };

/* A kind while the order is found (P5): what is declared of it in all places together. */
struct kind_decl {
    VEC(const struct decl *) decls; /* empty: a level without a declaration of its own */
    struct str name;
    struct span at;         /* where it is said what it is; else where it first stands */
    VEC(uint32_t) generals; /* indices among the kinds */
    uint32_t final;
    enum measure_state state;
};

struct kind_decls {
    VEC(struct kind_decl) list;
    struct map by_name;
};

/* Says what the kind is (属于, 是), so that another one that does is a duplicate. */
static bool defines_kind(const struct decl *d)
{
    return ast_prop(d, PROP_OF) || ast_prop(d, PROP_IS_A);
}

/* The first property of that sort in any declaration of the kind, or NULL. */
static const struct prop *kind_prop(const struct kind_decl *k, enum prop_kind kind)
{
    const struct prop *p = NULL;
    for (uint32_t i = 0; !p && i < k->decls.n; i++) {
        p = ast_prop(k->decls.items[i], kind);
    }
    return p;
}

/* A further declaration continues the kind, unless it says again what has been said. */
static bool continues_kind(struct checker *c, const struct kind_decl *k, const struct decl *d)
{
    if (defines_kind(d) && (kind_prop(k, PROP_OF) || kind_prop(k, PROP_IS_A))) {
        struct diag *g = diag_add(c->ds, DIAG_duplicate, d->name_at);
        diag_arg(c->ds, g, "name", d->name);
        diag_label(c->ds, g, k->at, "first declared here", "首次声明在此");
        return false;
    }
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        const struct prop *first =
            d->items.items[i].kind == ITEM_PROP ? kind_prop(k, p->kind) : NULL;
        if (first && p->kind != PROP_NOTE) {
            enum tok kw = ast_prop_kw(p->kind);
            struct diag *g = diag_add(c->ds, DIAG_repeated, p->at);
            diag_arg2(c->ds, g, "word", tok_text(kw, false), tok_text(kw, true));
            diag_label(c->ds, g, first->at, "first given here", "首次出现在此");
        }
    }
    return true;
}

static void note_kind(struct checker *c, struct kind_decls *ks, const struct decl *d)
{
    uint32_t ix = ks->list.n;
    if (!map_get(&ks->by_name, d->name, &ix)) {
        map_put(c->a, &ks->by_name, d->name, ix);
        vec_push(c->a, &ks->list,
                 (struct kind_decl){.name = d->name, .at = d->name_at, .final = NONE});
    }
    struct kind_decl *k = &ks->list.items[ix];
    if (continues_kind(c, k, d)) {
        vec_push(c->a, &k->decls, d);
        k->at = defines_kind(d) ? d->name_at : k->at;
    }
}

static void collect_generals(struct checker *c, const struct kind_decls *ks, struct kind_decl *k,
                             const struct str *names)
{
    const struct prop *is = kind_prop(k, PROP_IS_A);
    for (uint32_t i = 0; ast_arg(is, i); i++) {
        const struct node *general = ast_arg(is, i);
        struct str name = general->kind == NODE_NAME ? ast_name_text(c->a, general) : STR("");
        uint32_t ix = 0;
        if (map_get(&ks->by_name, name, &ix)) {
            vec_push(c->a, &k->generals, ix);
        } else if (name.n > 0) {
            struct diag *g = diag_add(c->ds, DIAG_unknown_name, general->at);
            diag_arg(c->ds, g, "name", name);
            sym_sort_arg(c, g, "sort", SYM_KIND);
            diag_suggest(c->ds, g, name, names, ks->list.n);
        }
    }
}

static void collect_kinds(struct checker *c, struct kind_decls *ks)
{
    for (uint32_t i = 0; i < c->ast->decls.n; i++) {
        const struct decl *d = c->ast->decls.items[i];
        if (d->kind == DECL_KIND && d->name.n > 0) {
            note_kind(c, ks, d);
        }
    }
    for (uint32_t i = 0; i < c->plan->n_levels; i++) {
        struct str name = c->plan->levels[i];
        if (!map_get(&ks->by_name, name, NULL)) {
            map_put(c->a, &ks->by_name, name, ks->list.n);
            vec_push(c->a, &ks->list,
                     (struct kind_decl){.name = name, .at = start_of_pack(), .final = NONE});
        }
    }
    struct str *names = ARENA_ARRAY(c->a, struct str, ks->list.n + 1);
    for (uint32_t i = 0; i < ks->list.n; i++) {
        names[i] = ks->list.items[i].name;
    }
    for (uint32_t i = 0; i < ks->list.n; i++) {
        collect_generals(c, ks, &ks->list.items[i], names);
    }
}

uint32_t check_level_of(const struct checker *c, struct str name)
{
    for (uint32_t i = 0; i < c->plan->n_levels; i++) {
        if (str_eq(c->plan->levels[i], name)) {
            return i;
        }
    }
    return NONE;
}

void check_circle(struct checker *c, struct span at, struct str name, const struct str *members,
                  const struct span *places, uint32_t n)
{
    struct str text = name;
    for (uint32_t i = 1; i < n; i++) {
        text = str_cat(c->a, str_cat(c->a, text, STR(" → ")), members[i]);
    }
    text = str_cat(c->a, str_cat(c->a, text, STR(" → ")), name);
    struct diag *d = diag_add(c->ds, DIAG_circular, at);
    diag_arg(c->ds, d, "name", name);
    diag_arg(c->ds, d, "members", text);
    for (uint32_t i = 1; i < n; i++) {
        diag_label(c->ds, d, places[i], "which leads here", "由此引出");
    }
}

/* A kind being ordered, and the next of its generals to see. */
struct kind_step {
    uint32_t kind, next;
};

typedef VEC(struct kind_step) kind_path;

static void kind_circle(struct checker *c, struct kind_decls *ks, const kind_path *path,
                        uint32_t from)
{
    VEC(struct str) members = {0};
    VEC(struct span) places = {0};
    for (uint32_t i = 0; i < path->n; i++) {
        uint32_t k = path->items[i].kind;
        if (members.n > 0 || k == from) {
            vec_push(c->a, &members, ks->list.items[k].name);
            vec_push(c->a, &places, ks->list.items[k].at);
        }
    }
    check_circle(c, ks->list.items[from].at, members.items[0], members.items, places.items,
                 members.n);
}

/* The generals of a kind, each followed by its own, none twice; all of them are ordered already. */
static void list_generals(struct checker *c, const struct kind_decls *ks, const struct kind_decl *k,
                          struct kind *out)
{
    VEC(uint32_t) all = {0};
    for (uint32_t i = 0; i < k->generals.n; i++) {
        uint32_t g = ks->list.items[k->generals.items[i]].final;
        const struct kind *general = &c->kinds.items[g];
        for (uint32_t m = 0; m <= general->n_generals; m++) {
            uint32_t one = m == 0 ? g : general->generals[m - 1];
            bool seen = false;
            for (uint32_t s = 0; !seen && s < all.n; s++) {
                seen = all.items[s] == one;
            }
            if (!seen) {
                vec_push(c->a, &all, one);
            }
        }
    }
    if (all.n > GENERALS_MAX) {
        struct diag *d = diag_add(c->ds, DIAG_too_deep, k->at);
        diag_arg_int(c->ds, d, "max", GENERALS_MAX);
        all.n = GENERALS_MAX;
    }
    out->generals = all.items;
    out->n_generals = all.n;
}

static void append_kind(struct checker *c, struct kind_decls *ks, uint32_t i)
{
    struct kind_decl *k = &ks->list.items[i];
    uint32_t level = check_level_of(c, k->name);
    const struct node *english = ast_arg(kind_prop(k, PROP_ENGLISH), 0);
    struct kind kind = {
        .name = k->name,
        .english = english && english->kind == NODE_STRING ? english->u.text : STR(""),
        .level = level == NONE ? 0 : level,
        .in = level == NONE || level == 0 ? NONE : level - 1,
        .is_level = level != NONE,
        .at = check_origin(c, k->at),
    };
    const struct prop *filing = kind_prop(k, PROP_FILING);
    kind.filed = filing != NULL;
    kind.filing = check_period(filing, 0);
    list_generals(c, ks, k, &kind);
    k->final = c->kinds.n;
    k->state = MEASURE_DONE;
    vec_push(c->a, &c->kinds, kind);
    sym_declare(c, k->name, (struct sym){SYM_KIND, k->final, k->at, false});
}

/* One step of the walk: up to a general kind that is not ordered yet, or the kind is done. */
static void order_step(struct checker *c, struct kind_decls *ks, kind_path *path)
{
    struct kind_step *at = &vec_last(path);
    struct kind_decl *k = &ks->list.items[at->kind];
    if (at->next == k->generals.n) {
        append_kind(c, ks, at->kind);
        (void)vec_pop(path);
        return;
    }
    uint32_t general = k->generals.items[at->next];
    struct kind_decl *g = &ks->list.items[general];
    if (g->state == MEASURE_OPEN) {
        kind_circle(c, ks, path, general);
        k->generals.items[at->next] = vec_pop(&k->generals);
        return;
    }
    at->next++;
    if (g->state == MEASURE_TODO) {
        g->state = MEASURE_OPEN;
        vec_push(c->a, path, (struct kind_step){general, 0});
    }
}

/* General kinds first; walks upwards without recursion. */
static void order_kinds(struct checker *c, struct kind_decls *ks)
{
    kind_path path = {0};
    for (uint32_t i = 0; i < ks->list.n; i++) {
        if (ks->list.items[i].state == MEASURE_TODO) {
            ks->list.items[i].state = MEASURE_OPEN;
            vec_push(c->a, &path, (struct kind_step){i, 0});
        }
        while (path.n > 0) {
            order_step(c, ks, &path);
        }
    }
}

/* A kind of which nothing says what it is: perhaps the name of another one is meant. */
static void homeless(struct checker *c, const struct kind_decls *ks, const struct kind_decl *k)
{
    struct str *others = ARENA_ARRAY(c->a, struct str, ks->list.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < ks->list.n; i++) {
        if (&ks->list.items[i] != k) {
            others[n++] = ks->list.items[i].name;
        }
    }
    struct diag *g = diag_add(c->ds, DIAG_kind_needs_parent, k->at);
    diag_arg(c->ds, g, "name", k->name);
    diag_suggest(c->ds, g, k->name, others, n);
}

/* Where the units of a kind hang: 属于, else its level, else like its general kind. */
static void place_kinds(struct checker *c, struct kind_decls *ks)
{
    uint32_t *decl_of = ARENA_ARRAY(c->a, uint32_t, ks->list.n + 1);
    for (uint32_t i = 0; i < ks->list.n; i++) {
        decl_of[ks->list.items[i].final] = i;
    }
    for (uint32_t k = 0; k < c->kinds.n; k++) {
        const struct kind_decl *d = &ks->list.items[decl_of[k]];
        struct kind *kind = &c->kinds.items[k];
        const struct node *in = ast_arg(kind_prop(d, PROP_OF), 0);
        if (in) {
            uint32_t parent = sym_kind_of(c, in);
            if (parent != NONE && !kind->is_level) {
                kind->in = c->kinds.items[parent].level;
                kind->level = kind->in + 1;
            }
        } else if (!kind->is_level && kind->n_generals > 0) {
            kind->in = c->kinds.items[kind->generals[0]].in;
            kind->level = c->kinds.items[kind->generals[0]].level;
        } else if (!kind->is_level) {
            homeless(c, ks, d);
        }
    }
}

/* ---- items, attributes, fields -------------------------------------------------------------- */

static void read_choices(struct checker *c, const struct node *t, struct datum *out)
{
    struct str *names = ARENA_ARRAY(c->a, struct str, t->u.type.options.n + 1);
    struct map seen = {0};
    for (uint32_t i = 0; i < t->u.type.options.n; i++) {
        const struct node *n = t->u.type.options.items[i];
        bool twice = n->kind == NODE_STRING && map_get(&seen, n->u.text, NULL);
        if (twice || out->n_choices == CHOICES_MAX) {
            struct diag *d = diag_add(c->ds, DIAG_many_choices, n->at);
            diag_arg_int(c->ds, d, "max", CHOICES_MAX);
            return;
        }
        if (n->kind == NODE_STRING) {
            map_put(c->a, &seen, n->u.text, i);
            names[out->n_choices++] = n->u.text;
        }
    }
    out->choices = names;
}

static void read_type(struct checker *c, const struct decl *d, struct datum *out)
{
    static const enum value_type types[] = {
        [TYPE_NUMBER] = VT_NUMBER, [TYPE_BOOL] = VT_BOOL, [TYPE_CHOICE] = VT_CHOICE,
        [TYPE_TEXT] = VT_TEXT,     [TYPE_DATE] = VT_DATE,
    };
    const struct node *t = ast_arg(ast_prop(d, PROP_TYPE), 0);
    out->factor = rat_one();
    out->lo = rat_zero();
    out->hi = rat_inf(1);
    if (!t || t->kind != NODE_TYPE) {
        return;
    }
    out->type = types[t->u.type.kind];
    if (out->type == VT_CHOICE) {
        read_choices(c, t, out);
    } else if (out->type == VT_BOOL) {
        out->hi = rat_one();
    } else if (out->type == VT_NUMBER) {
        struct str bad = STR("");
        out->unit = t->u.type.unit;
        if (!uom_parse_suffix(c->a, &c->uom, out->unit, &out->factor, &out->dim, &bad)) {
            struct diag *g = diag_add(c->ds, DIAG_unknown_unit, t->at);
            diag_arg(c->ds, g, "name", bad);
        }
    }
}

/* An end of 范围: a literal in the unit of the item, or a bare number of that unit. */
static bool bound(struct checker *c, const struct node *n, const struct datum *of, struct rat *out)
{
    if (!n) {
        return false;
    }
    const struct node *lit = n->kind == NODE_UNARY ? n->u.unary.operand : n;
    struct rat factor = rat_one();
    struct dim dim = dim_none();
    if (lit->kind != NODE_NUMBER ||
        !uom_parse_suffix(c->a, &c->uom, lit->u.number.suffix, &factor, &dim, NULL) ||
        (lit->u.number.suffix.n > 0 && !dim_is_none(dim) && !dim_comparable(dim, of->dim))) {
        if (n->kind != NODE_ERROR) {
            (void)diag_add(c->ds, DIAG_bad_literal, n->at);
        }
        return false;
    }
    if (lit->u.number.suffix.n == 0) {
        factor = of->factor;
    }
    *out = rat_mul(c->a, lit->u.number.value, factor);
    if (n->kind == NODE_UNARY) {
        *out = rat_neg(c->a, *out);
    }
    return true;
}

static void read_bounds(struct checker *c, const struct decl *d, struct datum *out)
{
    const struct prop *p = ast_prop(d, PROP_BOUNDS);
    if (!p || out->type != VT_NUMBER) {
        return;
    }
    if (!bound(c, ast_arg(p, 0), out, &out->lo)) {
        out->lo = ast_arg(p, 0) ? out->lo : rat_zero();
    }
    (void)bound(c, ast_arg(p, 1), out, &out->hi);
    if (rat_cmp(out->lo, out->hi) > 0) {
        (void)diag_add(c->ds, DIAG_bad_bounds, p->at);
    }
}

static struct datum read_datum(struct checker *c, const struct decl *d)
{
    struct datum out = {
        .name = d->name,
        .english = check_string(d, PROP_ENGLISH),
        .definition = check_string(d, PROP_DEFINITION),
        .source = check_string(d, PROP_SOURCE),
        .decimals = 4,
        .at = check_origin(c, d->name_at),
    };
    read_type(c, d, &out);
    read_bounds(c, d, &out);
    int64_t decimals = 4;
    if (check_count(c, ast_arg(ast_prop(d, PROP_DECIMALS), 0), KW_DECIMALS, 0, 4, &decimals)) {
        out.decimals = (uint8_t)decimals;
    }
    const struct node *class = ast_arg(ast_prop(d, PROP_CLASS), 0);
    if (class && class->kind == NODE_WORD) {
        out.class_ = (enum data_class)(class->u.word - WORD_PUBLIC);
    }
    return out;
}

static void read_versions(struct checker *c, const struct decl *d, struct item *out)
{
    VEC(struct version) list = {0};
    vec_push(c->a, &list, (struct version){INT32_MIN, STR("1")});
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        if (d->items.items[i].kind != ITEM_PROP || p->kind != PROP_VERSION) {
            continue;
        }
        const struct node *name = ast_arg(p, 0);
        int32_t year = 0;
        if (!name || name->kind != NODE_STRING || !check_year(c, ast_arg(p, 1), &year)) {
            continue;
        }
        uint32_t at = list.n;
        vec_push(c->a, &list, (struct version){year, name->u.text});
        for (; list.items[at - 1].since_year > year; at--) {
            list.items[at] = list.items[at - 1];
        }
        list.items[at] = (struct version){year, name->u.text};
    }
    out->versions = list.items;
    out->n_versions = list.n;
}

static void read_item(struct checker *c, const struct decl *d, uint32_t kind)
{
    struct item item = {.d = read_datum(c, d), .kind = kind};
    item.period = check_period(ast_prop(d, PROP_PERIOD), 0);
    (void)check_point(d, PROP_POINT, &item.point);
    read_versions(c, d, &item);
    sym_declare_member(c, kind, d->name, (struct sym){SYM_ITEM, c->items.n, d->name_at, false});
    vec_push(c->a, &c->items, item);
}

static void read_members(struct checker *c, const struct decl *d, uint32_t kind)
{
    for (uint32_t j = 0; j < d->items.n; j++) {
        if (d->items.items[j].kind != ITEM_DECL) {
            continue;
        }
        const struct decl *m = d->items.items[j].u.decl;
        if (m->kind == DECL_ITEM) {
            read_item(c, m, kind);
        } else if (m->kind == DECL_ATTRIBUTE) {
            sym_declare_member(c, kind, m->name,
                               (struct sym){SYM_ATTRIBUTE, c->attributes.n, m->name_at, false});
            vec_push(c->a, &c->attributes, (struct attribute){read_datum(c, m), kind});
        }
    }
}

static void all_members(struct checker *c, const struct kind_decls *ks)
{
    for (uint32_t i = 0; i < ks->list.n; i++) {
        const struct kind_decl *k = &ks->list.items[i];
        for (uint32_t j = 0; j < k->decls.n; j++) {
            read_members(c, k->decls.items[j], k->final);
        }
    }
}

/* A member that a kind of several generals has from two of them at once would be ambiguous. */
static void mixed_member(struct checker *c, const struct kind_decl *k, uint32_t owner,
                         struct str name, struct span at)
{
    if (!check_is_a(c, k->final, owner)) {
        return;
    }
    struct sym s = sym_member(c, k->final, name);
    uint32_t other =
        s.kind == SYM_ITEM ? c->items.items[s.ix].kind : c->attributes.items[s.ix].kind;
    if (!check_is_a(c, other, owner)) {
        struct diag *g = diag_add(c->ds, DIAG_duplicate, k->at);
        diag_arg(c->ds, g, "name", name);
        diag_label(c->ds, g, s.at, "declared here", "声明在此");
        diag_label(c->ds, g, at, "and here", "又声明在此");
    }
}

static void mixed_members(struct checker *c, const struct kind_decls *ks)
{
    for (uint32_t i = 0; i < ks->list.n; i++) {
        const struct kind_decl *k = &ks->list.items[i];
        for (uint32_t s = 0; k->generals.n > 1 && s < c->syms.n; s++) {
            struct sym sym = c->syms.items[s];
            if (sym.kind == SYM_ITEM) {
                mixed_member(c, k, c->items.items[sym.ix].kind, c->texts.items[s], sym.at);
            } else if (sym.kind == SYM_ATTRIBUTE) {
                mixed_member(c, k, c->attributes.items[sym.ix].kind, c->texts.items[s], sym.at);
            }
        }
    }
}

/* ---- registers, relations, events, titles, lists, clauses ------------------------------------ */

static void read_register(struct checker *c, const struct decl *d)
{
    uint32_t ix = c->regs.n;
    struct reg reg = {.name = d->name, .first_field = c->fields.n, .owner_kind = NONE};
    reg.at = check_origin(c, d->name_at);
    const struct node *of = ast_arg(ast_prop(d, PROP_OF), 0);
    if (of) {
        reg.owner_kind = sym_kind_of(c, of);
    } else {
        struct diag *g = diag_add(c->ds, DIAG_missing_property, d->at);
        diag_arg2(c->ds, g, "decl", STR("register"), STR("台账"));
        diag_arg(c->ds, g, "name", d->name);
        diag_arg2(c->ds, g, "word", STR("in KIND"), STR("属于 对象"));
    }
    const struct prop *filing = ast_prop(d, PROP_FILING);
    reg.filed = filing != NULL;
    reg.filing = check_period(filing, 0);
    for (uint32_t i = 0; i < d->items.n; i++) {
        if (d->items.items[i].kind == ITEM_DECL) {
            const struct decl *m = d->items.items[i].u.decl;
            sym_declare_field(c, ix, m->name,
                              (struct sym){SYM_FIELD, c->fields.n, m->name_at, false});
            vec_push(c->a, &c->fields,
                     (struct field){read_datum(c, m), ix, ast_prop(m, PROP_KEY) != NULL});
            reg.n_fields++;
        }
    }
    vec_push(c->a, &c->regs, reg);
    sym_declare(c, d->name, (struct sym){SYM_REGISTER, ix, d->name_at, false});
}

/* One end of a relation: a kind, or the holders of a title. */
static void relation_end(struct checker *c, const struct node *n, uint32_t *kind, uint32_t *title)
{
    *kind = NONE;
    *title = NONE;
    if (!n || n->kind != NODE_NAME) {
        return;
    }
    struct sym s = sym_global(c, ast_name_text(c->a, n));
    if (s.kind == SYM_TITLE) {
        *title = s.ix;
        *kind = c->titles.items[s.ix].kind;
    } else {
        *kind = sym_kind_of(c, n);
    }
}

static void read_relation(struct checker *c, const struct decl *d)
{
    struct relation r = {.name = d->name, .at = check_origin(c, d->name_at)};
    const struct prop *ends = ast_prop(d, PROP_BETWEEN);
    relation_end(c, ast_arg(ends, 0), &r.kind_a, &r.title_a);
    relation_end(c, ast_arg(ends, 1), &r.kind_b, &r.title_b);
    r.confirmed = ast_prop(d, PROP_CONFIRMED) != NULL;
    int64_t days = 0;
    (void)check_count(c, ast_arg(ast_prop(d, PROP_ACTIVE), 0), KW_ACTIVE, 1, 100000, &days);
    r.active_days = (int32_t)days;
    sym_declare(c, d->name, (struct sym){SYM_RELATION, c->relations.n, d->name_at, false});
    vec_push(c->a, &c->relations, r);
}

/* The title a programme grants, by default one of its own name. */
static void read_title(struct checker *c, const struct decl *d)
{
    const struct node *grants = ast_arg(ast_prop(d, PROP_GRANTS), 0);
    struct str name = grants && grants->kind == NODE_NAME ? ast_name_text(c->a, grants) : d->name;
    const struct node *kind = ast_arg(ast_prop(d, PROP_POPULATION), 0);
    struct title t = {.name = name, .kind = NONE, .at = check_origin(c, d->name_at)};
    if (kind) {
        t.kind = sym_kind_of(c, kind);
    } else {
        struct diag *g = diag_add(c->ds, DIAG_missing_property, d->at);
        diag_arg2(c->ds, g, "decl", STR("programme"), STR("创建"));
        diag_arg(c->ds, g, "name", ast_key(d));
        diag_arg2(c->ds, g, "word", STR("kind"), STR("对象"));
    }
    /* Several programmes may grant one title: of several rounds. */
    struct sym s = sym_global(c, name);
    if (s.kind != SYM_TITLE) {
        sym_declare(c, name,
                    (struct sym){SYM_TITLE, c->titles.n, grants ? grants->at : d->name_at, false});
        vec_push(c->a, &c->titles, t);
    }
}

static void read_list(struct checker *c, const struct decl *d)
{
    struct unit_list l = {.name = d->name, .predicate = NONE, .frozen = DATE_MAX};
    const struct prop *entries = ast_prop(d, PROP_ENTRIES);
    const struct node *frozen = ast_arg(ast_prop(d, PROP_FROZEN), 0);
    const struct node *over = ast_arg(ast_prop(d, PROP_OVER), 0);
    l.kind = over ? sym_kind_of(c, over) : NONE;
    if (frozen && frozen->kind == NODE_DATE) {
        l.frozen = frozen->u.date;
    }
    if (entries) {
        struct str *names = ARENA_ARRAY(c->a, struct str, entries->args.n + 1);
        for (uint32_t i = 0; i < entries->args.n; i++) {
            const struct node *n = entries->args.items[i];
            names[l.n_members++] = n->kind == NODE_STRING ? n->u.text
                                   : n->kind == NODE_NAME ? ast_name_text(c->a, n)
                                                          : STR("");
        }
        l.members = names;
    } else if (!ast_prop(d, PROP_WHERE) || !frozen) {
        struct diag *g = diag_add(c->ds, DIAG_list_shape, d->name_at);
        diag_arg(c->ds, g, "name", d->name);
    }
    sym_declare(c, d->name, (struct sym){SYM_LIST, c->lists.n, d->name_at, false});
    vec_push(c->a, &c->lists, l);
}

static void name_clause(struct checker *c, struct str name, struct span at)
{
    uint32_t ix = 0;
    if (map_get(&c->clause_names, name, &ix)) {
        struct diag *d = diag_add(c->ds, DIAG_duplicate, at);
        diag_arg(c->ds, d, "name", name);
        diag_label(c->ds, d, c->clause_places.items[ix], "first declared here", "首次声明在此");
        return;
    }
    map_put(c->a, &c->clause_names, name, c->clause_codes.n);
}

/* A code stands for one path, and a path for one code. */
static void read_clause(struct checker *c, const struct decl *d)
{
    const struct node *path = ast_arg(ast_prop(d, PROP_PATH), 0);
    struct clause_code k = {
        .code = ast_key(d), .path = STR(""), .key = STR(""), .at = check_origin(c, d->at)};
    name_clause(c, k.code, d->id.n > 0 ? d->id_at : d->name_at);
    if (path && path->kind == NODE_TEXT) {
        k.path = path->u.text;
        k.key = clause_key(c->a, k.path);
        name_clause(c, k.key, path->at);
    }
    vec_push(c->a, &c->clause_places, d->at);
    vec_push(c->a, &c->clause_codes, k);
}

static void each_decl(struct checker *c, enum decl_kind kind,
                      void (*read)(struct checker *c, const struct decl *d))
{
    for (uint32_t i = 0; i < c->ast->decls.n; i++) {
        const struct decl *d = c->ast->decls.items[i];
        if (d->kind == kind && ast_key(d).n > 0) {
            read(c, d);
        }
    }
}

static void read_event(struct checker *c, const struct decl *d)
{
    sym_declare(c, d->name, (struct sym){SYM_EVENT, c->events.n, d->name_at, false});
    vec_push(c->a, &c->events, (struct event){d->name});
}

/* Predicates need every other name: after all declarations. */
void check_model_late(struct checker *c)
{
    for (uint32_t i = 0; i < c->ast->decls.n; i++) {
        const struct decl *d = c->ast->decls.items[i];
        const struct node *where =
            d->kind == DECL_LIST ? ast_arg(ast_prop(d, PROP_WHERE), 0) : NULL;
        struct sym s = sym_global(c, d->name);
        if (where && s.kind == SYM_LIST) {
            struct grain g = {c->lists.items[s.ix].kind, NONE};
            uint32_t predicate = check_bool(c, where, g);
            c->lists.items[s.ix].predicate = predicate;
        }
    }
}

void check_model(struct checker *c)
{
    struct kind_decls ks = {0};
    units_of_measure(c);
    header(c);
    levels(c);
    collect_kinds(c, &ks);
    order_kinds(c, &ks);
    place_kinds(c, &ks);
    all_members(c, &ks);
    mixed_members(c, &ks);
    each_decl(c, DECL_CLAUSE, read_clause);
    each_decl(c, DECL_EVENT, read_event);
    each_decl(c, DECL_REGISTER, read_register);
    each_decl(c, DECL_PROGRAMME, read_title);
    each_decl(c, DECL_RELATION, read_relation);
    each_decl(c, DECL_LIST, read_list);
}
