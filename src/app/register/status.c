/* SPDX-License-Identifier: Apache-2.0 */
/* Where the owners of a register stand: statements, rows that count, rows that are pending. */
#include "app/register/register_int.h"
#include "app/seal.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/live.h"

struct standing {
    struct desk *d;
    uint32_t reg;
    struct register_status *out;
    struct map index; /* code -> line */
    uint32_t skip;    /* bytes of the prefix of documents */
};

static enum rc on_statement(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct standing *s = ctx;
    uint32_t i = 0;
    if (!map_get(&s->index, str_sub(p->unit, s->skip, p->unit.n), &i)) {
        return RC_OK; /* of who stands no more, or elsewhere */
    }
    return register_sheet_read(s->d->a, str_dup(s->d->a, p->body), &s->out->lines[i].sheet, e);
}

static enum rc on_row(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct standing *s = ctx;
    struct entry_doc t;
    uint32_t i = 0;
    struct str rest = str_sub(p->unit, s->skip, p->unit.n);
    struct str code = rest;
    (void)str_split(&rest, '/', &code);
    if (!map_get(&s->index, code, &i)) {
        return RC_OK;
    }
    TRY(entry_read(s->d->a, str_dup(s->d->a, p->body), &t, e));
    s->out->lines[i].pending += entry_pending(t.state);
    return RC_OK;
}

/* Rows of the period that count; of all times without one. */
static uint32_t count(const struct standing *s, const struct cells *c, const struct period *p,
                      uint32_t unit)
{
    const uint32_t *rows = NULL;
    struct date first = p != NULL ? period_first(*p) : date_year_start(DATE_YEAR_MIN);
    struct date last = p != NULL ? period_last(*p) : date_year_end(DATE_YEAR_MAX);
    return cells_rows_within(s->d->a, c, s->reg, unit, first, last, last, &rows);
}

/* Counts up the tree, and which of them may be shown (C41). */
static enum rc withhold(const struct standing *s, struct cells *c, const struct tree_snap *t,
                        const int64_t *own, bool *hidden)
{
    int64_t *size = ARENA_ARRAY(s->d->a, int64_t, t->n + 1U);
    for (uint32_t i = 0; i < t->n; i++) {
        size[i] = own[i];
    }
    for (uint32_t i = t->n; i-- > 1;) {
        uint32_t up = t->parent[i];
        if (size[i] >= 0 && up != TREE_NONE) {
            size[up] = size[up] < 0 ? size[i] : size[up] + size[i];
        }
    }
    return seal_counts(s->d->a, c, s->d->today, size, hidden);
}

/* Those of the eye, else of the book as it is now. */
static enum rc cells_of(struct desk *d, struct cells **out, struct err *e)
{
    struct live_reader *live = NULL;
    if (d->eye != NULL) {
        TRY(desk_look(d, &live, e));
        *out = cells_view(d->a, live_cells(live));
        return RC_OK;
    }
    d->data = NULL;
    TRY(desk_facts(d, e));
    return cells_make(d->a, d->plan, d->data, d->today, out, e);
}

static enum rc count_all(struct standing *s, const struct period *p, uint32_t top, struct err *e)
{
    struct desk *d = s->d;
    const struct tree_snap *t = NULL;
    struct cells *c = NULL;
    uint32_t kind = d->plan->regs[s->reg].owner_kind;
    TRY(cells_of(d, &c, e));
    TRY(desk_tree(d, d->today, &t, e));
    int64_t *own = ARENA_ARRAY(d->a, int64_t, t->n + 1U);
    bool *hidden = ARENA_ARRAY(d->a, bool, t->n + 1U);
    s->out->lines = ARENA_ARRAY(d->a, struct register_status_line, t->n + 1U);
    uint32_t from = top == NONE ? 0 : t->index_of[top];
    uint32_t end = from == TREE_NONE ? 0 : t->n > 0 ? t->end[from] : 0;
    for (uint32_t i = 0; i < t->n; i++) {
        bool owner = plan_is_a(d->plan, t->kind[i], kind);
        own[i] = owner ? (int64_t)count(s, c, p, t->unit[i]) : -1;
        hidden[i] = false;
    }
    if (s->out->sealed && withhold(s, c, t, own, hidden) != RC_OK) {
        return err_set(e, RC_LIMIT, "too many units", "机构过多");
    }
    for (uint32_t i = from; i < end; i++) {
        if (own[i] < 0) {
            continue;
        }
        struct register_status_line *l = &s->out->lines[s->out->n];
        *l = (struct register_status_line){
            .unit = t->unit[i], .standing = (uint32_t)own[i], .hidden = hidden[i]};
        map_put(d->a, &s->index, tree_snap_code(t, i), s->out->n++);
        s->out->standing += (uint32_t)own[i];
    }
    s->out->hidden = from != TREE_NONE && t->n > 0 && hidden[from];
    return RC_OK;
}

static enum rc read_docs(struct standing *s, struct str period, struct err *e)
{
    struct desk *d = s->d;
    struct str name = register_name(d, s->reg);
    if (period.n > 0) {
        struct str prefix = statement_subject(d->a, name, period, STR(""));
        s->skip = prefix.n;
        TRY(store_docs(d->reader, prefix, INT64_MAX, on_statement, s, e));
    }
    struct str prefix = entry_subject(d->a, name, STR(""), STR(""));
    s->skip = prefix.n;
    return store_docs(d->reader, prefix, INT64_MAX, on_row, s, e);
}

static enum rc who(struct desk *d, struct str within, uint32_t *top, struct str *code,
                   struct err *e)
{
    const struct tree_snap *t = NULL;
    *top = NONE;
    if (within.n > 0) {
        TRY(desk_unit(d, within, top, e));
        *code = desk_code(d, *top);
        return RC_OK;
    }
    TRY(desk_tree(d, d->today, &t, e));
    *code = t->n > 0 ? tree_snap_code(t, 0) : STR("");
    return RC_OK;
}

enum rc register_status_of(struct desk *d, uint32_t reg, struct str period, struct str within,
                           struct register_status *out, struct err *e)
{
    struct standing s = {.d = d, .reg = reg, .out = out};
    struct period p;
    char text[PERIOD_TEXT_BYTES];
    uint32_t top = NONE;
    struct str code = STR("");
    enum data_class class_ = register_class(d->plan, reg);
    *out = (struct register_status){.sealed = class_ == CLASS_SEALED};
    TRY(who(d, within, &top, &code, e));
    /* What is shown of a sealed register is fit to be shown (C41). */
    TRY(desk_allow_at(d, "register.status", code, class_ == CLASS_SEALED ? CLASS_SENSITIVE : class_,
                      e));
    if (period.n > 0) {
        TRY(period_parse(period, &p, e));
        period = str_dup(d->a, period_text(p, text));
    }
    TRY(count_all(&s, period.n > 0 ? &p : NULL, top, e));
    TRY(read_docs(&s, period, e));
    for (uint32_t i = 0; i < out->n; i++) {
        out->pending += out->lines[i].pending;
        out->of_state[out->lines[i].sheet.review.state]++;
    }
    return RC_OK;
}
