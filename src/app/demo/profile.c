/* SPDX-License-Identifier: Apache-2.0 */
/* The profile: demo/units.csv, figures.csv and frauds.csv of a pack. All may be missing. */
#include <stdlib.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define PROFILE_BYTES (16U * 1024 * 1024)
#define PROFILE_UNITS 1000000U

enum {
    UNITS_kind,
    UNITS_below,
    UNITS_total,
    UNITS_by,
    UNITS_code,
    UNITS_name,
    UNITS_closing,
    UNITS_merging,
    UNITS__N
};
static const struct csv_column unit_columns[UNITS__N] = {
    {"kind", "对象", true},     {"below", "上级", true},   {"total", "总数", true},
    {"by", "按", false},        {"code", "代码", true},    {"name", "名称", true},
    {"closing", "撤并", false}, {"merging", "合并", false}};

enum {
    FIGURES_figure,
    FIGURES_like,
    FIGURES_mean,
    FIGURES_spread,
    FIGURES_trend,
    FIGURES_yes,
    FIGURES__N
};
static const struct csv_column figure_columns[FIGURES__N] = {
    {"figure", "数据", true},  {"like", "依", false},    {"mean", "均值", false},
    {"spread", "离散", false}, {"trend", "趋势", false}, {"yes", "是", false}};

enum { FRAUDS_pattern, FRAUDS_figure, FRAUDS_base, FRAUDS_threshold, FRAUDS_count, FRAUDS__N };
static const struct csv_column fraud_columns[FRAUDS__N] = {{"pattern", "手法", true},
                                                           {"figure", "数据", false},
                                                           {"base", "基数", false},
                                                           {"threshold", "门槛", false},
                                                           {"count", "个数", true}};

/* One table at work. */
struct sheet_in {
    struct demo *d;
    struct csv_reader r;
    uint32_t index[UNITS__N];
    struct csv_row row;
};

typedef enum rc (*line_fn)(struct sheet_in *s);

static const struct csv_field *at(const struct sheet_in *s, uint32_t column)
{
    return s->index[column] == CSV_ABSENT ? NULL : &s->row.fields[s->index[column]];
}

static struct str text_at(const struct sheet_in *s, uint32_t column)
{
    const struct csv_field *f = at(s, column);
    return f ? csv_trim(f->text) : STR("");
}

static enum rc wrong(struct sheet_in *s, uint32_t column)
{
    const struct csv_field *f = at(s, column);
    uint32_t line = f ? f->line : s->row.line;
    return err_set(s->d->e, RC_INPUT, "%s:%u:%u: %.*s is not known in this plan, or no number here",
                   "%s:%u:%u：本计划中没有“%.*s”，或此处应为数字", s->r.path, line,
                   f ? f->column : 1, PS(text_at(s, column)));
}

/* A number, `otherwise` when the field is empty. */
static enum rc number_at(struct sheet_in *s, uint32_t column, double otherwise, double *out)
{
    struct str text = text_at(s, column);
    struct rat x;
    *out = otherwise;
    if (text.n == 0) {
        return RC_OK;
    }
    if (!rat_parse_decimal(s->d->a, text, &x)) {
        return wrong(s, column);
    }
    *out = rat_to_double(x);
    return RC_OK;
}

static enum rc count_at(struct sheet_in *s, uint32_t column, uint32_t most, uint32_t *out)
{
    double x;
    TRY(number_at(s, column, 0, &x));
    if (x < 0 || x > most) {
        return wrong(s, column);
    }
    *out = (uint32_t)x;
    return RC_OK;
}

static bool kind_named(const struct demo *d, struct str name, uint32_t *out)
{
    for (*out = 0; *out < d->plan->n_kinds; ++*out) {
        if (str_eq(d->plan->kinds[*out].name, name)) {
            return true;
        }
    }
    return false;
}

static const struct demo_name nothing = {NONE, NONE, NONE, NONE, NONE, NONE};

/* A title or register by its name alone. */
static bool whole_named(const struct demo *d, struct str text, struct demo_name *out)
{
    *out = nothing;
    for (uint32_t t = 0; t < d->plan->n_titles; t++) {
        out->title = str_eq(d->plan->titles[t].name, text) ? t : out->title;
    }
    for (uint32_t g = 0; g < d->plan->n_regs && out->title == NONE; g++) {
        out->reg = str_eq(d->plan->regs[g].name, text) ? g : out->reg;
    }
    return out->title != NONE || out->reg != NONE;
}

static bool field_named(const struct demo *d, struct str reg, struct str name, uint32_t *out)
{
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        if (str_eq(d->plan->fields[f].d.name, name) &&
            str_eq(d->plan->regs[d->plan->fields[f].reg].name, reg)) {
            *out = f;
        }
    }
    return *out != NONE;
}

/* `KIND.figure`, an item or attribute; `REGISTER.field`; a title or register. */
static bool figure_named(const struct demo *d, struct str text, struct demo_name *out)
{
    uint32_t dot = str_find(text, STR("."), 0);
    uint32_t kind;
    *out = nothing;
    if (dot == STR_NONE) {
        return whole_named(d, text, out);
    }
    struct str name = str_sub(text, dot + 1, text.n);
    if (!kind_named(d, str_sub(text, 0, dot), &kind)) {
        return field_named(d, str_sub(text, 0, dot), name, &out->field);
    }
    out->kind = kind;
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        if (str_eq(d->plan->items[i].d.name, name) &&
            plan_is_a(d->plan, kind, d->plan->items[i].kind)) {
            out->item = i;
        }
    }
    for (uint32_t i = 0; i < d->plan->n_attributes; i++) {
        if (str_eq(d->plan->attributes[i].d.name, name) &&
            plan_is_a(d->plan, kind, d->plan->attributes[i].kind)) {
            out->attr = i;
        }
    }
    return out->item != NONE || out->attr != NONE;
}

/* ---- the three tables ----------------------------------------------------------------------- */

static enum rc unit_line(struct sheet_in *s)
{
    struct demo *d = s->d;
    struct demo_sort x = {
        .by = NONE, .code = text_at(s, UNITS_code), .name = text_at(s, UNITS_name)};
    struct demo_name by = nothing;
    if (!kind_named(d, text_at(s, UNITS_kind), &x.kind)) {
        return wrong(s, UNITS_kind);
    }
    if (!kind_named(d, text_at(s, UNITS_below), &x.below)) {
        return wrong(s, UNITS_below);
    }
    if (text_at(s, UNITS_by).n > 0 &&
        (!figure_named(d, text_at(s, UNITS_by), &by) || by.attr == NONE)) {
        return wrong(s, UNITS_by);
    }
    x.by = by.attr;
    TRY(count_at(s, UNITS_total, PROFILE_UNITS, &x.total));
    TRY(count_at(s, UNITS_closing, 1000, &x.closing));
    TRY(count_at(s, UNITS_merging, 1000, &x.merging));
    vec_push(d->a, &d->sorts, x);
    return RC_OK;
}

/* Where the figure of the line is kept. */
static struct demo_figure *figure_of(struct demo *d, struct demo_name of)
{
    return of.item != NONE    ? &d->items[of.item]
           : of.attr != NONE  ? &d->attrs[of.attr]
           : of.field != NONE ? &d->fields[of.field]
           : of.title != NONE ? &d->titles[of.title]
                              : &d->regs[of.reg];
}

static enum rc figure_line(struct sheet_in *s)
{
    struct demo *d = s->d;
    struct demo_figure x = {.given = true, .like = nothing};
    struct demo_name of;
    if (!figure_named(d, text_at(s, FIGURES_figure), &of)) {
        return wrong(s, FIGURES_figure);
    }
    if (text_at(s, FIGURES_like).n > 0 && (!figure_named(d, text_at(s, FIGURES_like), &x.like) ||
                                           (x.like.item == NONE && x.like.attr == NONE))) {
        return wrong(s, FIGURES_like);
    }
    TRY(number_at(s, FIGURES_mean, 1, &x.mean));
    TRY(number_at(s, FIGURES_spread, 0.15, &x.spread));
    TRY(number_at(s, FIGURES_trend, 0, &x.trend));
    TRY(number_at(s, FIGURES_yes, 0.8, &x.yes));
    struct demo_figure *last = figure_of(d, of);
    x.kind = of.kind;
    if (last->given) {
        struct demo_figure *before = ARENA_NEW(d->a, struct demo_figure);
        *before = *last;
        x.next = before;
    }
    *last = x;
    return RC_OK;
}

const struct demo_figure *demo_figure_for(const struct demo *d, const struct demo_figure *lines,
                                          uint32_t kind)
{
    static const struct demo_figure none = {.given = false};
    const struct demo_figure *best = NULL;
    for (const struct demo_figure *f = lines; f && f->given; f = f->next) {
        bool fits = f->kind == NONE || plan_is_a(d->plan, kind, f->kind);
        bool nearer = !best || (f->kind != best->kind && plan_is_a(d->plan, f->kind, best->kind));
        best = fits && nearer ? f : best;
    }
    return best ? best : &none;
}

/* What a pattern is about: nothing, an item, a title or a register. */
static bool is_about(uint32_t pattern, struct demo_name of)
{
    switch ((enum demo_pattern)pattern) {
    case DEMO_COPIED:
    case DEMO_ALL_GOOD:
    case DEMO_HEAPED:
        return true;
    case DEMO_BUNCHED:
    case DEMO_SHRUNK:
    case DEMO_LATE_EDIT:
    case DEMO_SLIP:
    case DEMO_ZEROED:
    case DEMO_MOVED:
        return of.item != NONE;
    case DEMO_TITLE_BURST:
        return of.title != NONE;
    case DEMO_DOUBLE_KEY:
    case DEMO_OVERLAP:
        return of.reg != NONE;
    case DEMO_PATTERN__COUNT:
        break;
    }
    return false;
}

static enum rc fraud_line(struct sheet_in *s)
{
    struct demo *d = s->d;
    struct demo_fraud x = {.of = nothing, .base = NONE};
    struct demo_name base = nothing;
    if (!demo_pattern_of(text_at(s, FRAUDS_pattern), &x.pattern)) {
        return wrong(s, FRAUDS_pattern);
    }
    if ((text_at(s, FRAUDS_figure).n > 0 && !figure_named(d, text_at(s, FRAUDS_figure), &x.of)) ||
        !is_about(x.pattern, x.of)) {
        return wrong(s, FRAUDS_figure);
    }
    if (text_at(s, FRAUDS_base).n > 0 &&
        (!figure_named(d, text_at(s, FRAUDS_base), &base) || base.item == NONE)) {
        return wrong(s, FRAUDS_base);
    }
    x.base = base.item;
    TRY(number_at(s, FRAUDS_threshold, 0, &x.threshold));
    TRY(count_at(s, FRAUDS_count, PROFILE_UNITS, &x.count));
    vec_push(d->a, &d->frauds, x);
    return RC_OK;
}

static enum rc read_table(struct demo *d, const char *dir, const char *name,
                          const struct csv_column *columns, uint32_t n, line_fn line)
{
    struct sheet_in s = {.d = d};
    const char *path = path_join(d->a, dir, name);
    struct csv_table table = {name, name, columns, n};
    if (!file_exists(path)) {
        return RC_OK;
    }
    TRY(csv_open(d->a, &s.r, path, PROFILE_BYTES, d->e));
    TRY(csv_bind(&s.r, &table, NULL, s.index, d->e));
    for (;;) {
        TRY(csv_next(&s.r, &s.row, d->e));
        if (s.row.n == 0) {
            return RC_OK;
        }
        TRY(line(&s));
    }
}

enum rc demo_profile(struct demo *d, const char *pack_dir)
{
    const char *dir = path_join(d->a, pack_dir, "demo");
    d->items = ARENA_ARRAY(d->a, struct demo_figure, d->plan->n_items + 1);
    d->attrs = ARENA_ARRAY(d->a, struct demo_figure, d->plan->n_attributes + 1);
    d->fields = ARENA_ARRAY(d->a, struct demo_figure, d->plan->n_fields + 1);
    d->regs = ARENA_ARRAY(d->a, struct demo_figure, d->plan->n_regs + 1);
    d->titles = ARENA_ARRAY(d->a, struct demo_figure, d->plan->n_titles + 1);
    TRY(read_table(d, dir, "units.csv", unit_columns, UNITS__N, unit_line));
    TRY(read_table(d, dir, "figures.csv", figure_columns, FIGURES__N, figure_line));
    return read_table(d, dir, "frauds.csv", fraud_columns, FRAUDS__N, fraud_line);
}
