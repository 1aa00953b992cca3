/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of units and lineage to the tree; attributes in the table of units. */
#include "app/load/load_int.h"
#include "base/arena.h"
#include "base/buf.h"

struct tree_problems {
    struct loader *l;
    /* By `row` of the tree: place in the files. */
    const uint32_t *files;
    const struct csv_field *const *fields;
};

static bool code_of(const void *ctx, struct str key, struct buf *out)
{
    const struct tree_finding *f = ctx;
    bool other = str_eq(key, STR("other"));
    bool known = other || str_eq(key, STR("code"));
    if (known) {
        buf_str(out, other ? f->other : f->code);
    }
    return known;
}

/* A sentence of the tree. */
static struct str fill(struct arena *a, const char *sentence, const struct tree_finding *f)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_template(&text, str_from_cstr(sentence), code_of, f);
    return buf_move(a, &text);
}

static void found(void *ctx, const struct tree_finding *f)
{
    struct tree_problems *t = ctx;
    struct arena *a = t->l->a;
    struct str en = fill(a, tree_fault_en(f->fault), f);
    struct str zh = fill(a, tree_fault_zh(f->fault), f);
    for (uint32_t i = 0; i < f->n_members; i++) {
        struct str sep = i == 0 ? STR(": ") : STR(" → ");
        en = str_cat(a, str_cat(a, en, sep), f->members[i]);
        zh = str_cat(a, str_cat(a, zh, sep), f->members[i]);
    }
    const struct csv_field *at = t->fields[f->row];
    load_problem(t->l, t->files[f->row], at->line, at->column, LOAD_TREE, en, zh);
}

struct unit_rows {
    VEC(struct tree_version) versions;
    VEC(struct tree_lineage) lineage;
    VEC(uint32_t) files; /* by row number of the tree */
    VEC(const struct csv_field *) fields;
};

static uint32_t remember(struct loader *l, struct unit_rows *u, const struct row *r)
{
    vec_push(l->a, &u->files, r->s->file);
    vec_push(l->a, &u->fields, &r->fields[r->s->index[0] == CSV_ABSENT ? 0 : r->s->index[0]]);
    return u->files.n - 1;
}

static void unit_row(struct row *r, struct unit_rows *u)
{
    struct loader *l = r->l;
    struct tree_version v = {
        .code = row_text(r, COL_units_code),
        .name = row_text(r, COL_units_name),
        .alias = row_text(r, COL_units_alias),
        .parent = row_text(r, COL_units_parent),
        .from = row_date(r, COL_units_from, DATE_MIN),
        .to = row_date(r, COL_units_to, DATE_MAX),
    };
    struct str kind = row_text(r, COL_units_kind);
    if (!map_get(&l->kinds, kind, &v.kind)) {
        struct str *names = ARENA_ARRAY(l->a, struct str, l->plan->n_kinds + 1);
        for (uint32_t i = 0; i < l->plan->n_kinds; i++) {
            names[i] = l->plan->kinds[i].name;
        }
        row_problem(r, row_field(r, COL_units_kind), LOAD_UNKNOWN_KIND, kind,
                    load_nearest(l, kind, names, l->plan->n_kinds));
    }
    if (v.name.n == 0) {
        row_problem(r, row_field(r, COL_units_name), LOAD_EMPTY, STR("name"), STR("名称"));
    }
    if (!r->bad) {
        v.row = remember(l, u, r);
        vec_push(l->a, &u->versions, v);
    }
}

static void lineage_row(struct row *r, struct unit_rows *u)
{
    struct str event = row_text(r, COL_lineage_event);
    struct tree_lineage x = {
        .is_split = str_eq(event, STR("split")) || str_eq(event, STR("拆分")),
        .date = row_date(r, COL_lineage_date, DATE_MIN),
        .from = row_text(r, COL_lineage_from),
        .to = row_text(r, COL_lineage_to),
    };
    if (!x.is_split && !str_eq(event, STR("merge")) && !str_eq(event, STR("合并"))) {
        row_problem(r, row_field(r, COL_lineage_event), LOAD_BAD_EVENT, event, STR(""));
    }
    x.row = remember(r->l, u, r);
    vec_push(r->l->a, &u->lineage, x);
}

void load_units(struct loader *l, struct err *e, enum rc *rc)
{
    struct unit_rows u = {0};
    for (uint32_t i = 0; i < l->sheets.n; i++) {
        const struct sheet *s = &l->sheets.items[i];
        for (uint32_t k = 0; k < s->rows.n; k++) {
            struct row r = {l, s, s->rows.items[k], false};
            if (s->table == TABLE_units) {
                unit_row(&r, &u);
            } else if (s->table == TABLE_lineage) {
                lineage_row(&r, &u);
            }
        }
    }
    if (u.versions.n == 0) {
        load_problem(l, 0, 0, 0, LOAD_NO_UNITS, STR(""), STR(""));
    }
    if (l->problems->n > 0) {
        return;
    }
    struct tree_problems ctx = {l, u.files.items, u.fields.items};
    struct tree_sink sink = {found, &ctx};
    enum rc built = tree_build(l->a, u.versions.items, u.versions.n, u.lineage.items, u.lineage.n,
                               sink, &l->tree, e);
    *rc = built == RC_FINDINGS ? RC_OK : built;
}

/* ---- attributes as columns of the table of units -------------------------------------------- */

static void unit_attribute(struct row *r, uint32_t column, uint32_t unit, uint32_t kind)
{
    struct loader *l = r->l;
    const struct csv_field *f = &r->fields[column];
    struct str name = csv_trim(r->s->header[column].text);
    uint32_t ix = NONE;
    if (csv_trim(f->text).n == 0 || !map_get(&l->attributes.first, name, &ix)) {
        return; /* unknown names were reported with the header */
    }
    while (ix != NONE && !plan_is_a(l->plan, kind, l->plan->attributes[ix].kind)) {
        ix = l->attributes.next[ix];
    }
    if (ix == NONE) {
        row_problem(r, f, LOAD_UNKNOWN_ATTR, name, l->plan->kinds[kind].name);
        return;
    }
    struct attr_value v = {
        .unit = unit,
        .attribute = ix,
        .value = row_value(r, f, &l->plan->attributes[ix].d),
        .since = row_date(r, COL_units_from, DATE_MIN),
        .until = row_date(r, COL_units_to, DATE_MAX),
        .from = {.file = r->s->file, .line = f->line, .recorded = DATE_MIN},
    };
    if (!r->bad) {
        vec_push(l->a, &l->attrs, v);
    }
}

void load_unit_attributes(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        uint32_t unit = NONE;
        uint32_t kind = NONE;
        if (!tree_unit_of_code(l->tree, row_text(&r, COL_units_code), &unit) ||
            !map_get(&l->kinds, row_text(&r, COL_units_kind), &kind)) {
            continue;
        }
        for (uint32_t i = 0; i < s->extra.n; i++) {
            unit_attribute(&r, s->extra.items[i], unit, kind);
        }
    }
}
