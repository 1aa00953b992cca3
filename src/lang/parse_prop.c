/* SPDX-License-Identifier: Apache-2.0 */
/* Properties: how their arguments are written, shape by shape. */
#include "base/arena.h"
#include "base/assert.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

enum shape prop_shape(enum prop_kind kind)
{
    static const uint8_t shapes[] = {
#define PROP(name, kw, shape, args) SHAPE_##shape,
#include "lang/ast.def"
    };
    ASSERT(kind < PROP__COUNT);
    return (enum shape)shapes[kind];
}

static void push(struct parser *p, struct prop *prop, struct node *n)
{
    parse_push(p, &prop->args, n);
}

static void separated(struct parser *p, struct prop *prop, enum tok sep,
                      struct node *(*one)(struct parser *p))
{
    do {
        push(p, prop, one(p));
    } while (!p->panic && parse_accept(p, sep));
}

/* ---- words -------------------------------------------------------------------------------- */

bool parse_find_word(enum tok kind, enum word first, enum word last, enum word *out)
{
    for (int i = (int)first; i <= (int)last; i++) {
        if (ast_word_kw((enum word)i) == kind) {
            *out = (enum word)i;
            return true;
        }
    }
    return false;
}

static const struct {
    enum prop_kind prop;
    enum word first, last;
} word_ranges[] = {
    {PROP_PERIOD, WORD_EACH_YEAR, WORD_EACH_WEEK}, {PROP_FILING, WORD_EACH_YEAR, WORD_EACH_WEEK},
    {PROP_CLASS, WORD_PUBLIC, WORD_SEALED},        {PROP_ROUNDING, WORD_HALF_AWAY, WORD_UP},
    {PROP_MODALITY, WORD_MUST, WORD_EXPLORE},      {PROP_DO, WORD_DELIVER, WORD_HOLD},
};

static struct node *word(struct parser *p, enum prop_kind kind)
{
    struct node *n = parse_node(p, NODE_WORD, parse_tok(p)->at);
    for (uint32_t i = 0; i < sizeof word_ranges / sizeof *word_ranges; i++) {
        enum word w = WORD_EACH_YEAR;
        if (word_ranges[i].prop == kind &&
            parse_find_word(parse_tok(p)->kind, word_ranges[i].first, word_ranges[i].last, &w)) {
            (void)parse_next(p);
            n->u.word = w;
            return n;
        }
    }
    parse_expected(p, "one of the words of this property", "该属性的可选词");
    return parse_error_node(p);
}

/* ---- types -------------------------------------------------------------------------------- */

static void choices(struct parser *p, struct node *n)
{
    const struct token *open = parse_tok(p);
    if (!parse_expect(p, TOK_LPAREN)) {
        return;
    }
    do {
        parse_push(p, &n->u.type.options, parse_string(p));
    } while (!p->panic && parse_accept(p, TOK_COMMA));
    parse_close(p, TOK_RPAREN, open);
}

bool parse_at_unit(const struct token *t)
{
    return t->kind == TOK_IDENT || t->kind == TOK_QUOTED || t->kind == KW_ITEMS;
}

/* `人`, `元/人`, `平方米/人`: the tokens that belong together, as one text. */
static struct node *unit_type(struct parser *p, struct node *n)
{
    const struct token *t = parse_tok(p);
    if (!parse_at_unit(t)) {
        parse_expected(p, "a type: a unit of measure, boolean, choice, text or date",
                       "类型：计量单位、是否、选项、文本或日期");
        return parse_error_node(p);
    }
    struct str unit = parse_next(p)->text;
    while (parse_at(p, TOK_SLASH) && parse_at_unit(parse_ahead(p, 1))) {
        (void)parse_next(p);
        unit = str_cat(p->a, str_cat(p->a, unit, STR("/")), parse_next(p)->text);
    }
    n->u.type.unit = unit;
    return n;
}

struct node *parse_type(struct parser *p)
{
    static const struct {
        enum tok tok;
        enum type_kind kind;
    } words[] = {{KW_BOOLEAN, TYPE_BOOL},
                 {KW_CHOICE, TYPE_CHOICE},
                 {KW_TEXT, TYPE_TEXT},
                 {KW_DATE, TYPE_DATE}};
    struct node *n = parse_node(p, NODE_TYPE, parse_tok(p)->at);
    if (n->kind != NODE_TYPE) {
        return n;
    }
    n->u.type.kind = TYPE_NUMBER;
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (parse_accept(p, words[i].tok)) {
            n->u.type.kind = words[i].kind;
            if (words[i].kind == TYPE_CHOICE) {
                choices(p, n);
            }
            return parse_finish(p, n);
        }
    }
    n = unit_type(p, n);
    return p->panic ? n : parse_finish(p, n);
}

/* ---- time points -------------------------------------------------------------------------- */

static const struct {
    enum tok tok;
    enum point_kind kind;
} points[] = {
    {KW_YEAR_END, POINT_YEAR_END},
    {KW_YEAR_START, POINT_YEAR_START},
    {KW_SCHOOL_YEAR_START, POINT_SCHOOL_YEAR_START},
    {KW_SCHOOL_YEAR_END, POINT_SCHOOL_YEAR_END},
};

static bool whole_number(const struct token *t, int64_t *out)
{
    return t->kind == TOK_NUMBER && t->suffix.n == 0 && rat_to_int64(t->number, out);
}

/* `8-31`: two numbers with a dash. */
static void month_day(struct parser *p, struct node *n)
{
    const struct token *first = parse_tok(p);
    int64_t month = 0;
    int64_t day = 0;
    bool read = whole_number(first, &month);
    read = read && parse_next(p) && parse_accept(p, TOK_MINUS);
    read = read && whole_number(parse_tok(p), &day);
    if (!read) {
        parse_expected(p, "a time point: 08-31, year_end, school_year_start …",
                       "时点：08-31、年末、学年初等");
        return;
    }
    (void)parse_next(p);
    n->at = parse_end_here(p, n->at);
    struct date d = {0};
    if (month < 1 || month > 12 || day < 1 || day > 31 ||
        !date_make(2024, (int)month, (int)day, &d)) {
        struct diag *g = parse_fault(p, DIAG_bad_month_day, n->at);
        if (g) {
            diag_arg(p->ds, g, "text", source_text(p->sources, n->at));
        }
        return;
    }
    n->u.point = (struct node_point){POINT_MONTH_DAY, (uint8_t)month, (uint8_t)day};
}

static struct node *point(struct parser *p)
{
    struct node *n = parse_node(p, NODE_POINT, parse_tok(p)->at);
    for (uint32_t i = 0; i < sizeof points / sizeof *points; i++) {
        if (parse_accept(p, points[i].tok)) {
            n->u.point = (struct node_point){.kind = points[i].kind};
            return n;
        }
    }
    if (n->kind == NODE_POINT) {
        month_day(p, n);
    }
    return p->panic ? parse_error_node(p) : n;
}

/* ---- others ------------------------------------------------------------------------------- */

/* `[A] 至 [B]`; each end may be left out. */
static void range(struct parser *p, struct prop *prop)
{
    bool open_ends = prop->kind == PROP_BOUNDS;
    struct node *low = open_ends && parse_at(p, KW_TO) ? NULL : parse_sum(p);
    if (p->panic || !parse_expect(p, KW_TO)) {
        return;
    }
    bool has_high = !open_ends || parse_at(p, TOK_NUMBER) || parse_at(p, TOK_MINUS);
    push(p, prop, low);
    push(p, prop, has_high ? parse_sum(p) : NULL);
}

static void tolerance(struct parser *p, struct prop *prop)
{
    if (!parse_accept(p, KW_PLUS_MINUS) && !parse_accept(p, KW_TOLERANCE)) {
        parse_expected(p, "\"plus_minus\" or \"tolerance\"", "“上下”或“容差”");
        return;
    }
    push(p, prop, parse_number(p));
}

/* `"v2" 自 2025年`, `采用 [自 2025年]`, `存量不计 [自 2024-03-15]`. */
static void since(struct parser *p, struct prop *prop)
{
    bool required = prop->kind == PROP_VERSION;
    if (required) {
        push(p, prop, parse_string(p));
    }
    if (!p->panic && parse_accept(p, KW_SINCE)) {
        push(p, prop, parse_at(p, TOK_DAY) ? parse_day(p) : parse_number(p));
    } else if (required && !p->panic) {
        (void)parse_expect(p, KW_SINCE);
    } else {
        push(p, prop, NULL);
    }
}

static bool at_change(const struct parser *p)
{
    return parse_at(p, KW_REDUCE) || parse_at(p, KW_RAISE);
}

/* `[下年] ITEM 调减|调增 AMOUNT`, or `"text" [期限 N天]`. */
static void outcome(struct parser *p, struct prop *prop)
{
    struct node *n = parse_node(p, NODE_OUTCOME, parse_tok(p)->at);
    struct node_outcome o = {0};
    if (parse_at(p, TOK_STRING)) {
        o.text = parse_string(p);
        if (parse_accept(p, KW_DEADLINE)) {
            o.limit = parse_number(p);
        }
    } else {
        o.next_year = parse_accept(p, KW_NEXT_YEAR);
        o.item = parse_name(p, true);
        if (!p->panic && !at_change(p)) {
            parse_expected(p, "\"reduce\" or \"raise\"", "“调减”或“调增”");
        }
        if (!p->panic) {
            o.raise = parse_next(p)->kind == KW_RAISE;
            o.amount = parse_sum(p);
        }
    }
    if (p->panic) {
        return;
    }
    n->u.outcome = o;
    push(p, prop, parse_finish(p, n));
}

static void boolean(struct parser *p, struct prop *prop)
{
    struct node *n = parse_node(p, NODE_BOOL, parse_tok(p)->at);
    if (!parse_at(p, KW_YES) && !parse_at(p, KW_NO)) {
        parse_expected(p, "yes or no", "“是”或“否”");
        return;
    }
    n->u.boolean = parse_next(p)->kind == KW_YES;
    push(p, prop, n);
}

static void score(struct parser *p, struct prop *prop)
{
    do {
        push(p, prop, parse_name(p, false));
        push(p, prop, p->panic ? NULL : parse_number(p));
    } while (!p->panic && parse_accept(p, TOK_COMMA));
}

void parse_prop_args(struct parser *p, struct prop *prop)
{
    switch (prop_shape(prop->kind)) {
    case SHAPE_NONE:
    case SHAPE_SPECIAL:
        break;
    case SHAPE_NAME:
        push(p, prop, parse_name(p, true));
        break;
    case SHAPE_NAMES:
        separated(p, prop, TOK_COMMA, parse_plain_name);
        break;
    case SHAPE_CHAIN:
        separated(p, prop, TOK_GT, parse_any_name);
        break;
    case SHAPE_STRING:
        push(p, prop, parse_string(p));
        break;
    case SHAPE_LABEL:
        push(p, prop, parse_label(p));
        break;
    case SHAPE_LABELS:
        separated(p, prop, TOK_COMMA, parse_label);
        break;
    case SHAPE_NUMBER:
        push(p, prop, parse_number(p));
        break;
    case SHAPE_DATE:
        push(p, prop, parse_day(p));
        break;
    case SHAPE_BOOL:
        boolean(p, prop);
        break;
    case SHAPE_EXPR:
        push(p, prop, parse_expr(p));
        break;
    case SHAPE_WORD:
        push(p, prop, word(p, prop->kind));
        break;
    case SHAPE_RANGE:
        range(p, prop);
        break;
    case SHAPE_TOLERANCE:
        tolerance(p, prop);
        break;
    case SHAPE_SINCE:
        since(p, prop);
        break;
    case SHAPE_POINT:
        push(p, prop, point(p));
        break;
    case SHAPE_TEXTS:
        push(p, prop, parse_text(p));
        break;
    case SHAPE_CLAUSES:
        parse_clauses(p, &prop->args);
        break;
    case SHAPE_OUTCOME:
        outcome(p, prop);
        break;
    case SHAPE_SCORE:
        score(p, prop);
        break;
    }
}
