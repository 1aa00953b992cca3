/* SPDX-License-Identifier: Apache-2.0 */
/* The order of checking: nouns, then commitments by name, then what they say. */
#include "lang/check.h"

#include "base/arena.h"
#include "lang/check_int.h"

struct origin check_origin(const struct checker *c, struct span at)
{
    if (at.file >= c->sources->files.n) {
        return (struct origin){.file = STR("")};
    }
    const struct source *f = source_at(c->sources, at.file);
    struct place p = source_place(f, at.beg);
    return (struct origin){f->path, p.line, p.column};
}

/* ---- commitments by name -------------------------------------------------------------------- */

static const struct {
    enum decl_kind decl;
    enum commitment_kind kind;
} kinds[] = {
    {DECL_INDICATOR, CK_INDICATOR},
    {DECL_TARGET, CK_TARGET},
    {DECL_TASK, CK_TASK},
    {DECL_STAGES, CK_STAGES},
    {DECL_QUOTA, CK_QUOTA},
    {DECL_GATE, CK_GATE},
    {DECL_RULE, CK_RULE},
    {DECL_PROGRAMME, CK_PROGRAMME},
    {DECL_SCORECARD, CK_SCORECARD},
    {DECL_CHECK, CK_CHECK},
    {DECL_FORM, CK_FORM},
    {DECL_SAMPLE, CK_SAMPLE},
    {DECL_UNMEASURABLE, CK_UNMEASURABLE},
};

static bool commitment_kind_of(enum decl_kind decl, enum commitment_kind *out)
{
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].decl == decl) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static void unknown_clause(struct checker *c, const struct node_clause *ref)
{
    struct str *known = ARENA_ARRAY(c->a, struct str, c->clause_codes.n);
    for (uint32_t i = 0; i < c->clause_codes.n; i++) {
        known[i] = c->clause_codes.items[i].code;
    }
    struct diag *d = diag_add(c->ds, DIAG_unknown_clause, ref->path_at);
    diag_arg(c->ds, d, "name", ref->path);
    diag_suggest(c->ds, d, ref->path, known, c->clause_codes.n);
}

/* A declared clause by its code or path; any text while the pack declares none. */
static struct clause_ref read_ref(struct checker *c, const struct node *n)
{
    const struct node_clause *text = &n->u.clause;
    struct clause_ref ref = {text->path, text->first, text->last, check_origin(c, n->at)};
    uint32_t ix = 0;
    if (map_get(&c->clause_names, text->path, &ix) ||
        map_get(&c->clause_names, clause_key(c->a, text->path), &ix)) {
        ref.code = c->clause_codes.items[ix].code;
    } else if (c->clause_codes.n > 0) {
        unknown_clause(c, text);
    }
    return ref;
}

/* All references of 依据; several of them may stand in one declaration. */
static void read_basis(struct checker *c, const struct decl *d, struct commitment *m)
{
    VEC(struct clause_ref) refs = {0};
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct prop *p = d->items.items[i].u.prop;
        bool basis = d->items.items[i].kind == ITEM_PROP && p->kind == PROP_BASIS;
        for (uint32_t j = 0; basis && j < p->args.n; j++) {
            if (p->args.items[j]->kind == NODE_CLAUSE) {
                vec_push(c->a, &refs, read_ref(c, p->args.items[j]));
            }
        }
    }
    m->basis = refs.items;
    m->n_basis = refs.n;
}

/* Offices have no declaration: they are known by what they own. */
static void note_owners(struct checker *c)
{
    for (uint32_t i = 0; i < c->commitments.n; i++) {
        map_put(c->a, &c->owners, c->commitments.items[i].owner, i);
    }
}

static void unknown_co_owner(struct checker *c, const struct node *n, struct str name)
{
    VEC(struct str) known = {0};
    for (uint32_t i = 0; i < c->kinds.n; i++) {
        vec_push(c->a, &known, c->kinds.items[i].name);
    }
    for (uint32_t i = 0; i < c->lists.n; i++) {
        vec_push(c->a, &known, c->lists.items[i].name);
    }
    for (uint32_t i = 0; i < c->commitments.n; i++) {
        vec_push(c->a, &known, c->commitments.items[i].owner);
    }
    struct diag *d = diag_add(c->ds, DIAG_unknown_co_owner, n->at);
    diag_arg(c->ds, d, "name", name);
    diag_suggest(c->ds, d, name, known.items, known.n);
}

static struct co_owner read_co_owner(struct checker *c, const struct node *n)
{
    struct co_owner out = {.kind = NONE, .list = NONE};
    uint32_t owned = 0;
    if (n->kind == NODE_STRING) {
        out.name = n->u.text;
    } else if (n->kind == NODE_NAME) {
        out.name = ast_name_text(c->a, n);
        struct sym s = sym_global(c, out.name);
        if (s.kind == SYM_KIND) {
            out.kind = s.ix;
        } else if (s.kind == SYM_LIST && c->lists.items[s.ix].predicate == NONE) {
            out.list = s.ix;
        } else if (!map_get(&c->owners, out.name, &owned)) {
            unknown_co_owner(c, n, out.name);
        }
    }
    return out;
}

static void read_with(struct checker *c, uint32_t commitment)
{
    VEC(struct co_owner) with = {0};
    const struct prop *p = ast_prop(c->commitment_decls.items[commitment].decl, PROP_WITH);
    for (uint32_t i = 0; p && i < p->args.n; i++) {
        vec_push(c->a, &with, read_co_owner(c, p->args.items[i]));
    }
    c->commitments.items[commitment].with = with.items;
    c->commitments.items[commitment].n_with = with.n;
}

/* 采用 without 自 holds from the beginning. */
static struct definition read_variant(struct checker *c, const struct decl *d)
{
    const struct prop *adopted = ast_prop(d, PROP_ADOPTED);
    struct definition out = {.name = d->name,
                             .since_year = INT32_MIN,
                             .adopted = adopted != NULL,
                             .measure = NONE,
                             .previous = NONE};
    (void)check_year(c, ast_arg(adopted, 0), &out.since_year);
    return out;
}

static void check_adopted(struct checker *c, const struct decl *d, const struct definition *defs,
                          uint32_t n)
{
    uint32_t adopted = 0;
    bool clash = false;
    for (uint32_t i = 0; i < n; i++) {
        adopted += defs[i].adopted;
        for (uint32_t j = 0; j < i; j++) {
            clash = clash || (defs[i].adopted && defs[j].adopted &&
                              defs[i].since_year == defs[j].since_year);
        }
    }
    if (adopted == 0 || clash) {
        struct diag *g = diag_add(c->ds, DIAG_one_adopted, d->id.n > 0 ? d->id_at : d->name_at);
        diag_arg(c->ds, g, "name", ast_key(d));
    }
}

static void read_definitions(struct checker *c, const struct decl *d, struct commitment *m)
{
    VEC(struct definition) defs = {0};
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct decl *v = d->items.items[i].u.decl;
        if (d->items.items[i].kind == ITEM_DECL && v->kind == DECL_VARIANT) {
            vec_push(c->a, &defs, read_variant(c, v));
        }
    }
    if (defs.n > 0) {
        check_adopted(c, d, defs.items, defs.n);
    } else {
        vec_push(c->a, &defs,
                 (struct definition){.name = STR(""),
                                     .since_year = INT32_MIN,
                                     .adopted = true,
                                     .measure = NONE,
                                     .previous = NONE});
    }
    m->definitions = defs.items;
    m->n_definitions = defs.n;
}

static void declare_commitment(struct checker *c, const struct decl *d, enum commitment_kind kind)
{
    struct commitment m = {
        .kind = kind,
        .id = ast_key(d),
        .name = d->name.n > 0 ? d->name : d->id,
        .english = check_string(d, PROP_ENGLISH),
        .note = check_string(d, PROP_NOTE),
        .owner = check_string(d, PROP_OWNER),
        .source = check_string(d, PROP_SOURCE),
        .definition = check_string(d, PROP_DEFINITION),
        .evidence = check_string(d, PROP_EVIDENCE),
        .measure = NONE,
        .cap = NONE,
        .used = NONE,
        .per = NONE,
        .condition = NONE,
        .of_kind = NONE,
        .of_reg = NONE,
        .title = NONE,
        .fraction = rat_zero(),
        .draw = DATE_MIN,
        .strata_kind = NONE,
        .strata = NONE,
        .satisfying = NONE,
        .pass = rat_int(-1),
        .when = {.kind = WHEN_DEFAULT,
                 .from_year = c->plan->last_year,
                 .to_year = c->plan->last_year,
                 .event = NONE,
                 .day = DATE_MIN},
        .at = check_origin(c, d->at),
    };
    struct sym sym = {SYM_COMMITMENT, c->commitments.n, d->id.n > 0 ? d->id_at : d->name_at, false};
    read_basis(c, d, &m);
    m.has_point = check_point(d, PROP_POINT, &m.point);
    if (kind == CK_INDICATOR) {
        read_definitions(c, d, &m);
    }
    if (d->id.n > 0) {
        sym_declare(c, d->id, sym);
    }
    sym.at = d->name_at;
    /* Beside an id the name is a label: it gives way to whatever else bears it, and refers to
     * nothing when several labels are equal. */
    if (d->id.n > 0 && d->name.n > 0 && !str_eq(d->name, d->id)) {
        sym_label(c, d->name, sym);
    } else if (d->id.n == 0) {
        bool shared = kind == CK_PROGRAMME && sym_global(c, d->name).kind == SYM_TITLE;
        if (!shared) {
            sym_declare(c, d->name, sym);
        }
    }
    if (kind == CK_PROGRAMME) {
        const struct node *grants = ast_arg(ast_prop(d, PROP_GRANTS), 0);
        struct str title =
            grants && grants->kind == NODE_NAME ? ast_name_text(c->a, grants) : d->name;
        struct sym s = sym_global(c, title);
        m.title = s.kind == SYM_TITLE ? s.ix : NONE;
    }
    vec_push(c->a, &c->commitments, m);
    vec_push(c->a, &c->commitment_decls, (struct commitment_decl){d, MEASURE_TODO});
}

/* ---- measures of indicators ----------------------------------------------------------------- */

static void measure_circle(struct checker *c, uint32_t commitment, struct span from)
{
    VEC(struct str) members = {0};
    VEC(struct span) places = {0};
    uint32_t first = 0;
    while (c->open_measures.items[first] != commitment) {
        first++;
    }
    for (uint32_t i = first; i < c->open_measures.n; i++) {
        const struct decl *d = c->commitment_decls.items[c->open_measures.items[i]].decl;
        vec_push(c->a, &members, ast_key(d));
        vec_push(c->a, &places, d->id.n > 0 ? d->id_at : d->name_at);
    }
    check_circle(c, from, members.items[0], members.items, places.items, members.n);
}

/* The kind at which the first target judges; NONE when nothing says so. */
static struct grain measure_grain(struct checker *c, const struct decl *d)
{
    struct grain g = {NONE, NONE};
    for (uint32_t i = 0; i < d->items.n; i++) {
        if (d->items.items[i].kind == ITEM_TARGET) {
            return check_scope_grain(c, d->items.items[i].u.target);
        }
    }
    return g;
}

static void too_large(struct checker *c, struct span at, struct str name)
{
    struct diag *d = diag_add(c->ds, DIAG_too_large, at);
    diag_arg(c->ds, d, "name", name);
    diag_arg_int(c->ds, d, "size", LIMIT_EXTENT_SIZE);
    diag_arg_int(c->ds, d, "height", LIMIT_EXTENT_HEIGHT);
}

static uint32_t measure_at(struct checker *c, const struct decl *d, struct grain g)
{
    const struct prop *p = ast_prop(d, PROP_MEASURE);
    if (!p) {
        struct diag *m = diag_add(c->ds, DIAG_no_measure, d->id.n > 0 ? d->id_at : d->name_at);
        diag_arg(c->ds, m, "name", ast_key(d));
        return NONE;
    }
    uint32_t e = check_any(c, ast_arg(p, 0), g);
    if (e != NONE && (c->extents.items[e].size > LIMIT_EXTENT_SIZE ||
                      c->extents.items[e].height > LIMIT_EXTENT_HEIGHT)) {
        too_large(c, ast_arg(p, 0)->at, ast_key(d));
        return NONE;
    }
    return e;
}

static bool all_measures(struct checker *c, uint32_t commitment)
{
    const struct decl *d = c->commitment_decls.items[commitment].decl;
    const struct commitment *m = &c->commitments.items[commitment];
    struct definition *defs = ARENA_ARRAY(c->a, struct definition, m->n_definitions);
    struct grain g = measure_grain(c, d);
    uint32_t n = 0;
    bool ok = true;
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct decl *v = d->items.items[i].u.decl;
        if (d->items.items[i].kind == ITEM_DECL && v->kind == DECL_VARIANT) {
            defs[n] = m->definitions[n];
            defs[n].measure = measure_at(c, v, g);
            ok = ok && defs[n].measure != NONE;
            defs[n].previous = defs[n].measure == NONE ? NONE : check_previous(c, defs[n].measure);
            m = &c->commitments.items[commitment];
            n++;
        }
    }
    if (n == 0) {
        defs[0] = m->definitions[0];
        defs[0].measure = measure_at(c, d, g);
        ok = defs[0].measure != NONE;
    }
    c->commitments.items[commitment].definitions = defs;
    return ok;
}

bool check_measure_of(struct checker *c, uint32_t commitment, struct span from)
{
    struct commitment_decl *m = &c->commitment_decls.items[commitment];
    if (m->state == MEASURE_OPEN) {
        measure_circle(c, commitment, from);
        return false;
    }
    if (m->state == MEASURE_TODO && c->open_measures.n == LIMIT_EXTENT_HEIGHT) {
        too_large(c, from, ast_key(m->decl));
        return false;
    }
    if (m->state == MEASURE_TODO) {
        m->state = MEASURE_OPEN;
        vec_push(c->a, &c->open_measures, commitment);
        (void)all_measures(c, commitment);
        (void)vec_pop(&c->open_measures);
        c->commitment_decls.items[commitment].state = MEASURE_DONE;
    }
    const struct commitment *done = &c->commitments.items[commitment];
    for (uint32_t i = 0; i < done->n_definitions; i++) {
        if (done->definitions[i].measure == NONE) {
            return false;
        }
    }
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void check_commitments(struct checker *c)
{
    note_owners(c);
    for (uint32_t i = 0; i < c->commitments.n; i++) {
        enum commitment_kind kind = c->commitments.items[i].kind;
        read_with(c, i);
        if (kind == CK_INDICATOR) {
            (void)check_measure_of(c, i, c->commitment_decls.items[i].decl->at);
        }
        if (kind == CK_INDICATOR || kind == CK_TARGET) {
            check_targets(c, i);
        } else {
            check_other(c, i);
        }
    }
}

static void give_out(struct checker *c)
{
#define GIVE(array)                                                                                \
    do {                                                                                           \
        c->plan->array = c->array.items;                                                           \
        c->plan->n_##array = c->array.n;                                                           \
    } while (0)
    GIVE(kinds);
    GIVE(items);
    GIVE(attributes);
    GIVE(regs);
    GIVE(fields);
    GIVE(relations);
    GIVE(titles);
    GIVE(events);
    GIVE(lists);
    GIVE(exprs);
    GIVE(commitments);
    GIVE(clause_codes);
#undef GIVE
}

const struct plan *check_plan(struct arena *a, const struct sources *s, const struct ast *ast,
                              struct diags *ds)
{
    struct checker c = {.a = a, .sources = s, .ast = ast, .ds = ds};
    c.plan = ARENA_NEW(a, struct plan);
    uom_init(a, &c.uom);
    check_model(&c);
    for (uint32_t i = 0; i < ast->decls.n; i++) {
        const struct decl *d = ast->decls.items[i];
        enum commitment_kind kind = CK_TARGET;
        if (commitment_kind_of(d->kind, &kind) && ast_key(d).n > 0) {
            declare_commitment(&c, d, kind);
        }
    }
    check_model_late(&c);
    check_commitments(&c);
    give_out(&c);
    c.plan->uom = c.uom;
    return ds->n_errors == 0 ? c.plan : NULL;
}
