/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols: what a name means, and what to say when it means nothing. */
#include <assert.h>

#include "base/arena.h"
#include "lang/check_int.h"

#define OWNER_REGISTER 0x80000000U

static const struct {
    struct str en, zh;
} sorts[] = {
    [SYM_NONE] = {STR_INIT("name"), STR_INIT("名称")},
    [SYM_KIND] = {STR_INIT("kind"), STR_INIT("对象")},
    [SYM_REGISTER] = {STR_INIT("register"), STR_INIT("台账")},
    [SYM_RELATION] = {STR_INIT("relation"), STR_INIT("关系")},
    [SYM_TITLE] = {STR_INIT("title"), STR_INIT("称号")},
    [SYM_LIST] = {STR_INIT("list"), STR_INIT("名单")},
    [SYM_EVENT] = {STR_INIT("event"), STR_INIT("事件")},
    [SYM_COMMITMENT] = {STR_INIT("commitment"), STR_INIT("指标或任务")},
    [SYM_ITEM] = {STR_INIT("item"), STR_INIT("数据")},
    [SYM_ATTRIBUTE] = {STR_INIT("attribute"), STR_INIT("属性")},
    [SYM_FIELD] = {STR_INIT("field"), STR_INIT("字段")},
};
static_assert(sizeof sorts / sizeof *sorts == SYM_FIELD + 1, "a word per sort");

static const struct sym nothing = {.kind = SYM_NONE, .ix = NONE};

void sym_sort_arg(struct checker *c, struct diag *d, const char *key, enum sym_kind kind)
{
    diag_arg2(c->ds, d, key, sorts[kind].en, sorts[kind].zh);
}

struct sym sym_global(const struct checker *c, struct str name)
{
    uint32_t ix = 0;
    return map_get(&c->globals, name, &ix) ? c->syms.items[ix] : nothing;
}

static struct sym of_owner(const struct checker *c, uint32_t owner, struct str name)
{
    uint32_t number = 0;
    uint32_t ix = 0;
    if (!map_get(&c->names, name, &number) ||
        !map_u64_get(&c->members, (uint64_t)owner << 32 | number, &ix)) {
        return nothing;
    }
    return c->syms.items[ix];
}

struct sym sym_member(const struct checker *c, uint32_t kind, struct str name)
{
    if (kind == NONE) {
        return nothing;
    }
    const struct kind *k = &c->kinds.items[kind];
    struct sym s = of_owner(c, kind, name);
    for (uint32_t i = 0; s.kind == SYM_NONE && i < k->n_generals; i++) {
        s = of_owner(c, k->generals[i], name);
    }
    return s;
}

struct sym sym_field(const struct checker *c, uint32_t reg, struct str name)
{
    return of_owner(c, OWNER_REGISTER | reg, name);
}

static uint32_t keep(struct checker *c, struct str name, struct sym sym)
{
    vec_push(c->a, &c->syms, sym);
    vec_push(c->a, &c->texts, name);
    return c->syms.n - 1;
}

static void duplicate(struct checker *c, struct str name, struct span at, struct span first)
{
    struct diag *d = diag_add(c->ds, DIAG_duplicate, at);
    diag_arg(c->ds, d, "name", name);
    diag_label(c->ds, d, first, "first declared here", "首次声明在此");
}

void sym_declare(struct checker *c, struct str name, struct sym sym)
{
    uint32_t ix = 0;
    if (map_get(&c->globals, name, &ix) && c->syms.items[ix].label) {
        c->syms.items[ix] = sym;
        return;
    }
    if (map_get(&c->globals, name, &ix)) {
        duplicate(c, name, sym.at, c->syms.items[ix].at);
        return;
    }
    map_put(c->a, &c->globals, name, keep(c, name, sym));
}

void sym_label(struct checker *c, struct str name, struct sym sym)
{
    uint32_t ix = 0;
    if (!map_get(&c->globals, name, &ix)) {
        sym.label = true;
        map_put(c->a, &c->globals, name, keep(c, name, sym));
    } else if (c->syms.items[ix].label) {
        c->syms.items[ix].kind = SYM_NONE;
    }
}

static void declare_in(struct checker *c, uint32_t owner, struct str name, struct sym sym)
{
    uint32_t number = c->names.n_entries;
    if (!map_get(&c->names, name, &number)) {
        map_put(c->a, &c->names, name, number);
    }
    uint64_t key = (uint64_t)owner << 32 | number;
    uint32_t ix = 0;
    if (map_u64_get(&c->members, key, &ix)) {
        duplicate(c, name, sym.at, c->syms.items[ix].at);
        return;
    }
    map_u64_put(c->a, &c->members, key, keep(c, name, sym));
}

void sym_declare_member(struct checker *c, uint32_t kind, struct str name, struct sym sym)
{
    declare_in(c, kind, name, sym);
}

void sym_declare_field(struct checker *c, uint32_t reg, struct str name, struct sym sym)
{
    declare_in(c, OWNER_REGISTER | reg, name, sym);
}

static bool glued(struct checker *c, const struct node *name, struct str text)
{
    struct str split;
    if (name->u.name.n != 1 || !lex_split_glued(c->a, text, &split)) {
        return false;
    }
    struct diag *d = diag_add(c->ds, DIAG_glued_keywords, name->at);
    diag_arg(c->ds, d, "name", text);
    diag_arg(c->ds, d, "split", split);
    diag_fix(c->ds, d, name->at, split);
    return true;
}

/* Candidates for "did you mean": what is visible at the grain, then everything declared. */
static void suggest(struct checker *c, struct diag *d, struct str text, struct grain g)
{
    VEC(struct str) near = {0};
    for (uint32_t i = 0; i < c->syms.n; i++) {
        struct sym s = c->syms.items[i];
        bool visible = s.kind != SYM_ITEM && s.kind != SYM_ATTRIBUTE && s.kind != SYM_FIELD;
        visible = visible || (s.kind == SYM_FIELD && c->fields.items[s.ix].reg == g.reg);
        visible = visible || (g.kind != NONE && s.kind != SYM_FIELD &&
                              sym_member(c, g.kind, c->texts.items[i]).ix == s.ix);
        if (visible) {
            vec_push(c->a, &near, c->texts.items[i]);
        }
    }
    if (diag_nearest(text, near.items, near.n) < near.n) {
        diag_suggest(c->ds, d, text, near.items, near.n);
    } else {
        diag_suggest(c->ds, d, text, c->texts.items, c->texts.n);
    }
}

void sym_unknown(struct checker *c, const struct node *name, struct grain g, enum sym_kind want)
{
    struct str text = ast_name_text(c->a, name);
    if (glued(c, name, text)) {
        return;
    }
    struct diag *d = diag_add(c->ds, DIAG_unknown_name, name->at);
    diag_arg(c->ds, d, "name", text);
    sym_sort_arg(c, d, "sort", want);
    suggest(c, d, text, g);
}

static void wrong_sort(struct checker *c, const struct node *name, struct sym s, enum sym_kind want)
{
    struct diag *d = diag_add(c->ds, DIAG_wrong_sort, name->at);
    diag_arg(c->ds, d, "name", ast_name_text(c->a, name));
    sym_sort_arg(c, d, "sort", s.kind);
    sym_sort_arg(c, d, "want", want);
    diag_label(c->ds, d, s.at, "declared here", "声明在此");
}

struct sym sym_resolve(struct checker *c, const struct node *name, enum sym_kind want)
{
    if (!name || name->kind != NODE_NAME) {
        return nothing; /* reported by the parser */
    }
    struct sym s = sym_global(c, ast_name_text(c->a, name));
    if (s.kind == SYM_NONE) {
        sym_unknown(c, name, (struct grain){NONE, NONE}, want);
    } else if (want != SYM_NONE && s.kind != want) {
        wrong_sort(c, name, s, want);
        return nothing;
    }
    return s;
}

uint32_t sym_kind_of(struct checker *c, const struct node *name)
{
    return sym_resolve(c, name, SYM_KIND).ix;
}
