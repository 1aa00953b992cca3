/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the plan as formulas of a spreadsheet, as far as one can say them. */
#include "app/workbook/export_int.h"
#include "base/arena.h"

#define FORMULA_BYTES  4000U /* a spreadsheet takes 8,192 characters */
#define FORMULA_DEPTH  24    /* … and 64 levels, of which one of ours takes two */
#define LITERAL_PLACES 12

struct formula {
    struct arena *a;
    const struct plan *plan;
    formula_cell_fn *cell;
    void *ctx;
    struct buf filled; /* what must be filled in */
    struct buf b;
    int depth;
};

static bool put(struct formula *f, uint32_t ix);

static const char *const signs[EX__COUNT] = {
    [EX_ADD] = "+",
    [EX_SUB] = "-",
    [EX_MUL] = "*",
    [EX_DIV] = "/",
};
static const char *const compares[EX__COUNT] = {
    [EX_GE] = ">=0", [EX_LE] = "<=0", [EX_GT] = ">0",
    [EX_LT] = "<0",  [EX_EQ] = "=0",  [EX_NE] = "<>0",
};
static const char *const calls[EX__COUNT] = {
    [EX_NOT] = "NOT(",
    [EX_AND] = "AND(",
    [EX_OR] = "OR(",
    [EX_IF] = "IF(",
};

static void put_number(struct formula *f, struct rat x)
{
    bool exact = false;
    struct str text = rat_dec_str(f->a, x, LITERAL_PLACES, &exact);
    buf_printf(&f->b, "(%.*s)", PS(exact ? text : rat_frac_str(f->a, x)));
}

/* A text as a literal. */
static void put_text(struct formula *f, struct str s)
{
    buf_putc(&f->b, '"');
    for (uint32_t i = 0; i < s.n; i++) {
        buf_puts(&f->b, s.p[i] == '"' ? "\"" : "");
        buf_putc(&f->b, s.p[i]);
    }
    buf_putc(&f->b, '"');
}

static bool find_cell(struct formula *f, uint32_t ix, bool before, struct formula_cell *out)
{
    const struct expr *x = &f->plan->exprs[ix];
    if (x->op == EX_SHIFT && x->n == 1 && !before) {
        return find_cell(f, x->a, true, out);
    }
    if ((x->op != EX_ITEM && x->op != EX_FIELD) || !f->cell(f->ctx, x, before, out)) {
        return false;
    }
    bool number = out->of->type == VT_NUMBER;
    buf_printf(&f->filled, number ? "ISNUMBER(%.*s)," : "LEN(%.*s)>0,", PS(out->place));
    return true;
}

static bool put_cell(struct formula *f, uint32_t ix)
{
    struct formula_cell c;
    if (!find_cell(f, ix, false, &c)) {
        return false;
    }
    bool one = rat_eq(c.of->factor, rat_int(1)) || kit_is_percent(c.of);
    if (c.of->type == VT_BOOL) {
        buf_printf(&f->b, "OR(%.*s=\"是\",%.*s=\"yes\",%.*s=TRUE)", PS(c.place), PS(c.place),
                   PS(c.place));
    } else if (c.of->type == VT_NUMBER && one) {
        buf_str(&f->b, c.place);
    } else if (c.of->type == VT_NUMBER) {
        buf_printf(&f->b, "(%.*s*", PS(c.place));
        put_number(f, c.of->factor);
        buf_putc(&f->b, ')');
    }
    return c.of->type == VT_NUMBER || c.of->type == VT_BOOL;
}

/* One of the choices. */
static bool put_choices(struct formula *f, const struct expr *x)
{
    struct formula_cell c;
    if (!find_cell(f, x->a, false, &c) || c.of->type != VT_CHOICE) {
        return false;
    }
    buf_puts(&f->b, "OR(FALSE");
    for (uint32_t i = 0; i < c.of->n_choices; i++) {
        if ((x->choices >> i & 1) != 0) {
            buf_printf(&f->b, ",%.*s=", PS(c.place));
            put_text(f, c.of->choices[i]);
        }
    }
    buf_putc(&f->b, ')');
    return true;
}

/* ROUND((a)-(b)*t,9) and how it compares. */
static bool put_compare(struct formula *f, uint32_t a, uint32_t b, struct rat t, const char *how)
{
    buf_puts(&f->b, "ROUND((");
    bool said = put(f, a);
    buf_puts(&f->b, ")-(");
    said = said && put(f, b);
    buf_puts(&f->b, ")*");
    put_number(f, t);
    buf_printf(&f->b, ",9)%s", how);
    return said;
}

/* a within [b(1-t), c(1+t)] (C12, C13). */
static bool put_within(struct formula *f, const struct expr *x, uint32_t c)
{
    buf_puts(&f->b, "AND(");
    bool said = put_compare(f, x->a, x->b, rat_sub(f->a, rat_int(1), x->num), ">=0");
    buf_putc(&f->b, ',');
    said = said && put_compare(f, x->a, c, rat_add(f->a, rat_int(1), x->num), "<=0");
    buf_putc(&f->b, ')');
    return said;
}

static bool put_call(struct formula *f, const struct expr *x)
{
    buf_puts(&f->b, calls[x->op]);
    bool said = put(f, x->a);
    const uint32_t more[] = {x->b, x->c};
    for (uint32_t i = 0; i < 2 && said; i++) {
        if (more[i] != NONE) {
            buf_putc(&f->b, ',');
            said = put(f, more[i]);
        }
    }
    buf_putc(&f->b, ')');
    return said;
}

static bool put_binary(struct formula *f, const struct expr *x)
{
    buf_putc(&f->b, '(');
    bool said = put(f, x->a);
    buf_printf(&f->b, ")%s(", signs[x->op]);
    said = said && put(f, x->b);
    buf_putc(&f->b, ')');
    return said;
}

// Bounded by FORMULA_DEPTH: NOLINTNEXTLINE(misc-no-recursion)
static bool put_op(struct formula *f, uint32_t ix)
{
    const struct expr *x = &f->plan->exprs[ix];
    if (x->op == EX_NUM) {
        put_number(f, x->num);
        return true;
    }
    if (x->op == EX_BOOL) {
        buf_puts(&f->b, x->flag ? "TRUE" : "FALSE");
        return true;
    }
    if (x->op == EX_ITEM || x->op == EX_FIELD || x->op == EX_SHIFT) {
        return put_cell(f, ix);
    }
    if (x->op == EX_IN) {
        return put_choices(f, x);
    }
    if (x->op == EX_NEG) {
        buf_puts(&f->b, "-(");
        bool said = put(f, x->a);
        buf_putc(&f->b, ')');
        return said;
    }
    if (x->op == EX_ABOUT || x->op == EX_BETWEEN) {
        return put_within(f, x, x->op == EX_ABOUT ? x->b : x->c);
    }
    if (signs[x->op] != NULL) {
        return put_binary(f, x);
    }
    if (compares[x->op] != NULL) {
        return put_compare(f, x->a, x->b, rat_int(1), compares[x->op]);
    }
    return calls[x->op] != NULL && put_call(f, x);
}

// NOLINTNEXTLINE(misc-no-recursion)
static bool put(struct formula *f, uint32_t ix)
{
    f->depth++;
    bool said = f->depth <= FORMULA_DEPTH && put_op(f, ix);
    f->depth--;
    return said;
}

bool formula_broken(struct arena *a, const struct plan *p, uint32_t condition,
                    formula_cell_fn *cell, void *ctx, struct str *out)
{
    struct formula f = {.a = a, .plan = p, .cell = cell, .ctx = ctx};
    buf_init_in(&f.b, a, FORMULA_BYTES);
    buf_init_in(&f.filled, a, FORMULA_BYTES);
    *out = STR("");
    if (!put(&f, condition) || f.b.overflow || f.filled.overflow || f.filled.n == 0) {
        return false;
    }
    struct buf whole;
    buf_init_in(&whole, a, 2 * FORMULA_BYTES + 100);
    buf_printf(&whole, "=AND(%.*sNOT(%.*s))", PS(buf_view(&f.filled)), PS(buf_view(&f.b)));
    *out = buf_view(&whole);
    return out->n < FORMULA_BYTES;
}
