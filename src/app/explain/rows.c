/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of registers, rolls and filings, titles and evidence: with their sources, or missing. */
#include "app/explain/explain_int.h"
#include "app/seal.h"
#include "app/unfiled.h"

static struct str number(struct builder *b, uint32_t n)
{
    return rat_frac_str(b->a, rat_int(n));
}

static void and_more(struct builder *b, struct tree_node *parent, uint32_t n, const char *zh,
                     const char *en)
{
    if (n > EXPLAIN_MEMBERS) {
        struct str rest =
            why_join(b, number(b, n - EXPLAIN_MEMBERS), STR(" "), why_pick(b, zh, en));
        (void)why_node(b, parent, why_join(b, why_pick(b, "另有", "and"), STR(" "), rest));
    }
}

/* ---- rows of a register --------------------------------------------------------------------- */

static struct str field_text(struct builder *b, const struct datum *d, const struct value *v)
{
    int64_t k = 0;
    if (!v->has) {
        return why_pick(b, "缺", "missing");
    }
    switch (d->type) {
    case VT_BOOL:
        return rat_is_zero(v->num) ? why_pick(b, "否", "no") : why_pick(b, "是", "yes");
    case VT_CHOICE:
        return rat_to_int64(v->num, &k) && k >= 0 && k < d->n_choices ? d->choices[k] : STR("");
    case VT_NUMBER:
        return str_cat(b->a, rat_dec_str(b->a, rat_div(b->a, v->num, d->factor), d->decimals, NULL),
                       d->unit);
    case VT_TEXT:
    case VT_DATE:
        break;
    }
    return v->text;
}

/* "day or span, field value, field value"; sealed fields stay with the owner (C41). */
static struct str row_text(struct builder *b, const struct reg_row *r)
{
    const struct plan *p = b->x->answer.plan;
    const struct reg *g = &p->regs[r->reg];
    char day[DATE_TEXT_BYTES];
    struct str out = r->id;
    if (r->dated) {
        struct str text = str_dup(b->a, date_text(r->day, day));
        out = out.n > 0 ? why_join(b, out, STR(" "), text) : text;
    }
    for (uint32_t i = 0; i < g->n_fields; i++) {
        const struct datum *d = &p->fields[g->first_field + i].d;
        if (d->class_ != CLASS_SEALED) {
            const struct value v = reg_row_value(r, i);
            struct str text = why_join(b, d->name, STR(" "), field_text(b, d, &v));
            out = out.n > 0 ? why_join(b, out, why_pick(b, "，", ", "), text) : text;
        }
    }
    return out;
}

/* The highest of the fields that are shown. */
static enum data_class class_of_row(const struct builder *b, const struct reg_row *r)
{
    const struct plan *p = b->x->answer.plan;
    const struct reg *g = &p->regs[r->reg];
    enum data_class most = CLASS_PUBLIC;
    for (uint32_t i = 0; i < g->n_fields; i++) {
        enum data_class c = p->fields[g->first_field + i].d.class_;
        most = c != CLASS_SEALED && c > most ? c : most;
    }
    return most;
}

void why_row(struct builder *b, struct tree_node *parent, uint32_t row)
{
    const struct dataset *d = cells_dataset(b->x->cells);
    const struct reg_row *r = &d->rows[row];
    struct str owner =
        answer_unit_name(b->x->answer.tree, r->owner, r->dated ? r->day : cells_as_of(b->x->cells));
    bool may = why_may(b, r->owner, class_of_row(b, r));
    struct str text = may ? row_text(b, r) : why_denied(b);
    struct tree_node *n = why_node(b, parent, why_join(b, owner, STR(" · "), text));
    if (may) {
        why_source(b, n, &r->from);
    }
}

/* On a book, a row with a sealed field is a sealed record: how many there are is not shown either.
 */
static bool stays_in(const struct builder *b, uint32_t reg, uint32_t unit)
{
    return b->x->book != NULL && seal_register(b->x->answer.plan, reg) &&
           !why_may(b, unit, CLASS_SEALED);
}

void why_rows(struct builder *b, struct tree_node *parent, const struct expr *x, uint32_t unit,
              struct moment m)
{
    const struct tree_snap *t = NULL;
    struct date first;
    struct date last;
    uint32_t shown = 0;
    bool sealed = false;
    if (x->over != OVER_REGISTER || cells_tree(b->x->cells, m.snapshot, &t) != RC_OK) {
        return;
    }
    moment_rows(m, &first, &last);
    bool span = m.since_year < m.year; /* 累计 (C17) */
    first = span ? date_year_start(m.since_year) : first;
    uint32_t top = t->index_of[unit];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        const uint32_t *rows = NULL;
        if (stays_in(b, x->over_ref, t->unit[i])) {
            sealed = true;
            continue;
        }
        uint32_t n = (span ? cells_rows_within : cells_rows)(
            b->a, b->x->cells, x->over_ref, t->unit[i], first, last, m.snapshot, &rows);
        for (uint32_t k = 0; k < n; k++) {
            if (shown++ < EXPLAIN_MEMBERS) {
                why_row(b, parent, rows[k]);
            }
        }
    }
    and_more(b, parent, shown, "行", "rows");
    if (sealed) {
        (void)why_node(
            b, parent,
            why_pick(b, "密封台账的明细不出本单位", "rows with sealed fields stay in their unit"));
    }
}

/* ---- what is not on file -------------------------------------------------------------------- */

struct unfiled_list {
    struct builder *b;
    struct tree_node *parent;
    struct date day;
    uint32_t shown;
};

static void unfiled_node(void *ctx, const struct unfiled *u)
{
    struct unfiled_list *l = ctx;
    struct builder *b = l->b;
    const struct plan *p = b->x->answer.plan;
    char text[PERIOD_TEXT_BYTES];
    if (l->shown++ >= EXPLAIN_MEMBERS) {
        return;
    }
    struct str what =
        u->roll ? why_join(b, p->kinds[u->ref].name, STR(""), why_pick(b, "名册", " roll"))
                : p->regs[u->ref].name;
    struct str name = answer_unit_name(b->x->answer.tree, u->unit, l->day);
    struct str when = why_join(b, what, STR(" "), str_dup(b->a, period_text(u->period, text)));
    struct tree_node *n = why_node(b, l->parent, why_join(b, name, STR(" · "), when));
    n->missing = true;
    n->source = why_pick(b, "缺：尚未报送", "missing: not filed");
}

void why_unfiled(struct builder *b, struct tree_node *parent, const struct expr *x, uint32_t unit,
                 struct moment m)
{
    struct unfiled_list l = {b, parent, m.snapshot, 0};
    unfiled_each(b->x->answer.plan, b->x->cells, x, unit, m, unfiled_node, &l);
    and_more(b, parent, l.shown, "项未报送", "not filed");
}

/* ---- titles and evidence -------------------------------------------------------------------- */

void why_title(struct builder *b, struct tree_node *n, uint32_t title, uint32_t unit,
               struct date day)
{
    const struct dataset *d = cells_dataset(b->x->cells);
    for (uint32_t i = 0; i < d->n_titles; i++) {
        const struct title_row *t = &d->titles[i];
        bool known =
            t->status == ROW_ACCEPTED && date_cmp(t->from.recorded, cells_as_of(b->x->cells)) <= 0;
        if (known && t->title == title && t->unit == unit && date_cmp(t->since, day) <= 0 &&
            date_cmp(day, t->until) <= 0 && date_cmp(day, t->revoked) < 0) {
            why_source(b, n, &t->from);
        }
    }
}

void why_evidence(struct builder *b, struct tree_node *parent, const struct verdict *v)
{
    const struct dataset *d = cells_dataset(b->x->cells);
    const struct commitment *k = &b->x->answer.plan->commitments[v->commitment];
    uint32_t n = 0;
    if ((k->kind != CK_TASK && k->kind != CK_STAGES) || v->for_all) {
        return;
    }
    for (uint32_t i = 0; i < d->n_evidence; i++) {
        const struct evidence *x = &d->evidence[i];
        char day[DATE_TEXT_BYTES];
        /* The number of a stage means nothing in another commitment. */
        bool mine = x->commitment == v->commitment &&
                    (x->stage == NONE || str_eq(k->stages[x->stage].name, v->part));
        if (!mine || x->unit != v->unit ||
            date_cmp(x->from.recorded, cells_as_of(b->x->cells)) > 0) {
            continue;
        }
        if (n++ < EXPLAIN_MEMBERS) {
            struct str when = str_dup(b->a, date_text(x->day, day));
            struct str text = why_join(b, why_pick(b, "佐证", "evidence"), STR(" "), when);
            struct tree_node *e = why_node(
                b, parent, x->document.n > 0 ? why_join(b, text, STR(" "), x->document) : text);
            why_source(b, e, &x->from);
        }
    }
    if (n == 0) {
        struct tree_node *e = why_node(b, parent, why_pick(b, "佐证", "evidence"));
        e->missing = true;
        e->source = why_pick(b, "缺：没有登记", "missing: not on record");
    }
    and_more(b, parent, n, "件佐证", "pieces of evidence");
}
