/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves of expressions: literals, and what a name means at a grain. */
#include "base/arena.h"
#include "lang/check_int.h"

void check_dim_arg(struct checker *c, struct diag *d, const char *key, struct dim dim)
{
    struct str en = dim_text(c->a, &c->uom, dim, UOM_EN);
    struct str zh = dim_text(c->a, &c->uom, dim, UOM_ZH);
    diag_arg2(c->ds, d, key, en.n > 0 ? en : STR("a plain number"),
              zh.n > 0 ? zh : STR("无单位的数"));
}

bool check_is_a(const struct checker *c, uint32_t kind, uint32_t general)
{
    bool is = kind == general && kind != NONE;
    for (uint32_t i = 0; !is && kind != NONE && i < c->kinds.items[kind].n_generals; i++) {
        is = c->kinds.items[kind].generals[i] == general;
    }
    return is;
}

static void contain(struct checker *c, struct extent *whole, uint32_t part)
{
    if (part != NONE) {
        const struct extent *p = &c->extents.items[part];
        whole->size = p->size > UINT32_MAX - whole->size ? UINT32_MAX : whole->size + p->size;
        whole->height = p->height >= whole->height ? p->height + 1 : whole->height;
    }
}

uint32_t check_push(struct checker *c, struct expr x)
{
    struct extent all = {1, 1};
    contain(c, &all, x.a);
    contain(c, &all, x.b);
    contain(c, &all, x.c);
    if (x.op == EX_INDICATOR) {
        const struct commitment *k = &c->commitments.items[x.ref];
        for (uint32_t i = 0; i < k->n_definitions; i++) {
            contain(c, &all, k->definitions[i].measure);
        }
    }
    vec_push(c->a, &c->exprs, x);
    vec_push(c->a, &c->extents, all);
    return c->exprs.n - 1;
}

static struct expr leaf(const struct checker *c, enum expr_op op, uint32_t ref, struct span at)
{
    return (struct expr){.op = op,
                         .grain_kind = NONE,
                         .grain_reg = NONE,
                         .a = NONE,
                         .b = NONE,
                         .c = NONE,
                         .ref = ref,
                         .over_ref = NONE,
                         .num = rat_zero(),
                         .at = check_origin(c, at)};
}

uint32_t check_literal(struct checker *c, const struct node *n)
{
    struct expr x = leaf(c, EX_NUM, NONE, n->at);
    struct rat factor = rat_one();
    struct str bad = STR("");
    if (!uom_parse_suffix(c->a, &c->uom, n->u.number.suffix, &factor, &x.dim, &bad)) {
        struct diag *d = diag_add(c->ds, DIAG_unknown_unit, n->at);
        diag_arg(c->ds, d, "name", bad);
        return NONE;
    }
    x.num = rat_mul(c->a, n->u.number.value, factor); /* C34 */
    return check_push(c, x);
}

static const struct typed failed = {.ix = NONE, .type = VT_NUMBER};

static struct typed datum_leaf(struct checker *c, struct expr x, const struct datum *d)
{
    x.is_bool = d->type == VT_BOOL;
    x.dim = d->type == VT_NUMBER ? d->dim : dim_none();
    return (struct typed){check_push(c, x), d->type, d};
}

/* An item or attribute at a unit of `kind`. */
static struct typed member_leaf(struct checker *c, struct sym s, uint32_t kind, struct span at)
{
    struct expr x = leaf(c, s.kind == SYM_ITEM ? EX_ITEM : EX_ATTR, s.ix, at);
    x.grain_kind = kind;
    return datum_leaf(c, x,
                      s.kind == SYM_ITEM ? &c->items.items[s.ix].d : &c->attributes.items[s.ix].d);
}

static struct typed field_leaf(struct checker *c, struct sym s, uint32_t reg, struct span at)
{
    struct expr x = leaf(c, EX_FIELD, s.ix, at);
    x.grain_reg = reg;
    return datum_leaf(c, x, &c->fields.items[s.ix].d);
}

static void grain_args(struct checker *c, struct diag *d, struct grain g)
{
    if (g.reg != NONE) {
        diag_arg(c->ds, d, "here", c->regs.items[g.reg].name);
    } else if (g.kind != NONE) {
        diag_arg(c->ds, d, "here", c->kinds.items[g.kind].name);
    } else {
        diag_arg2(c->ds, d, "here", STR("any unit"), STR("任一机构"));
    }
}

static void grain_below(struct checker *c, const struct node *n, uint32_t kind, struct grain g)
{
    struct diag *d = diag_add(c->ds, DIAG_grain_below, n->at);
    diag_arg(c->ds, d, "name", ast_name_text(c->a, n));
    diag_arg(c->ds, d, "kind", c->kinds.items[kind].name);
    grain_args(c, d, g);
}

/* Titles, lists and indicators: known everywhere. */
static struct typed global_leaf(struct checker *c, struct sym s, const struct node *n,
                                struct grain g)
{
    if (s.kind == SYM_COMMITMENT && c->commitments.items[s.ix].kind == CK_INDICATOR) {
        if (!check_measure_of(c, s.ix, n->at)) {
            return failed;
        }
        struct expr x = leaf(c, EX_INDICATOR, s.ix, n->at);
        const struct expr *m = &c->exprs.items[c->commitments.items[s.ix].definitions[0].measure];
        x.dim = m->dim;
        x.is_bool = m->is_bool;
        x.grain_kind = m->grain_kind;
        if (m->grain_kind != NONE &&
            (g.reg != NONE || (g.kind != NONE && !check_is_a(c, g.kind, m->grain_kind)))) {
            grain_below(c, n, m->grain_kind, g);
            return failed;
        }
        return (struct typed){check_push(c, x), x.is_bool ? VT_BOOL : VT_NUMBER, NULL};
    }
    if ((s.kind == SYM_TITLE || s.kind == SYM_LIST) && g.reg == NONE) {
        struct expr x = leaf(c, s.kind == SYM_TITLE ? EX_TITLE : EX_LIST, s.ix, n->at);
        x.is_bool = true;
        x.grain_kind = g.kind;
        return (struct typed){check_push(c, x), VT_BOOL, NULL};
    }
    struct diag *d = diag_add(c->ds, DIAG_wrong_sort, n->at);
    diag_arg(c->ds, d, "name", ast_name_text(c->a, n));
    sym_sort_arg(c, d, "sort", s.kind);
    diag_arg2(c->ds, d, "want", STR("an item, indicator, title or list"),
              STR("数据、指标、称号或名单"));
    return failed;
}

static uint32_t member_kind(const struct checker *c, struct sym s)
{
    return s.kind == SYM_ITEM ? c->items.items[s.ix].kind : c->attributes.items[s.ix].kind;
}

/* The only kind that has a member of that name; reports when there are several. */
static bool only_kind(struct checker *c, const struct node *n, struct str name, uint32_t *kind,
                      struct sym *out)
{
    uint32_t found = 0;
    for (uint32_t k = 0; k < c->kinds.n; k++) {
        struct sym s = sym_member(c, k, name);
        bool inherited = s.kind != SYM_NONE && member_kind(c, s) != k;
        if (s.kind != SYM_NONE && !inherited) {
            found++;
            *kind = k;
            *out = s;
        }
    }
    if (found > 1) {
        struct diag *d = diag_add(c->ds, DIAG_ambiguous_item, n->at);
        diag_arg(c->ds, d, "name", name);
    }
    return found == 1;
}

static struct typed bare_name(struct checker *c, const struct node *n, struct grain g)
{
    struct str name = n->u.name.parts[0];
    struct sym s = {.kind = SYM_NONE};
    if (g.reg != NONE) {
        s = sym_field(c, g.reg, name);
        if (s.kind != SYM_NONE) {
            return field_leaf(c, s, g.reg, n->at);
        }
    } else if (g.kind != NONE) {
        s = sym_member(c, g.kind, name);
        if (s.kind != SYM_NONE) {
            return member_leaf(c, s, g.kind, n->at);
        }
    }
    s = sym_global(c, name);
    bool label = s.label && c->commitments.items[s.ix].kind != CK_INDICATOR;
    if (s.kind != SYM_NONE && !label) {
        return global_leaf(c, s, n, g);
    }
    uint32_t kind = NONE;
    uint32_t before = c->ds->n_errors;
    if (only_kind(c, n, name, &kind, &s)) {
        if (g.kind == NONE && g.reg == NONE) {
            return member_leaf(c, s, kind, n->at);
        }
        grain_below(c, n, kind, g);
    } else if (c->ds->n_errors == before) {
        sym_unknown(c, n, g, g.reg != NONE ? SYM_FIELD : SYM_ITEM);
    }
    return failed;
}

/* K.item, R.field */
static struct typed dotted_name(struct checker *c, const struct node *n, struct grain g)
{
    struct sym owner = sym_global(c, n->u.name.parts[0]);
    struct str name = n->u.name.parts[1];
    if (owner.kind == SYM_REGISTER && n->u.name.n == 2) {
        struct sym s = sym_field(c, owner.ix, name);
        if (s.kind != SYM_NONE && g.reg == owner.ix) {
            return field_leaf(c, s, g.reg, n->at);
        }
        if (s.kind != SYM_NONE) {
            (void)diag_add(c->ds, DIAG_no_population, n->at);
            return failed;
        }
    }
    uint32_t kind = owner.kind == SYM_TITLE  ? c->titles.items[owner.ix].kind
                    : owner.kind == SYM_LIST ? c->lists.items[owner.ix].kind
                    : owner.kind == SYM_KIND ? owner.ix
                                             : NONE;
    struct sym s = kind == NONE || n->u.name.n != 2 ? (struct sym){.kind = SYM_NONE}
                                                    : sym_member(c, kind, name);
    if (s.kind == SYM_NONE) {
        sym_unknown(c, n, (struct grain){kind, NONE}, SYM_ITEM);
        return failed;
    }
    if (g.reg != NONE || (g.kind != NONE && !check_is_a(c, g.kind, kind))) {
        grain_below(c, n, kind, g);
        return failed;
    }
    return member_leaf(c, s, g.kind != NONE ? g.kind : kind, n->at);
}

struct typed check_name(struct checker *c, const struct node *n, struct grain g)
{
    if (n->u.name.n == 1) {
        return bare_name(c, n, g);
    }
    struct sym whole = sym_global(c, ast_name_text(c->a, n)); /* an id such as B0.2 */
    return whole.kind == SYM_COMMITMENT ? global_leaf(c, whole, n, g) : dotted_name(c, n, g);
}
