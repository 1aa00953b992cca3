/* SPDX-License-Identifier: Apache-2.0 */
/* One finding, or several years of one, as text of the plan language: what it needs, then itself.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "draft/pack_int.h"
#include "lang/kw.h"

/* ---- names and texts ------------------------------------------------------------------------ */

/* What the plan language takes in a file. */
bool printable(uint32_t cp)
{
    return !utf8_is_private(cp) && !utf8_is_unassigned(cp) && !utf8_is_control(cp) &&
           !utf8_is_bidi_control(cp);
}

/* Quotation marks would end a string or a name. */
static struct str without(struct arena *a, struct str s, const char *with_open,
                          const char *with_shut)
{
    struct buf out;
    bool shut = false;
    buf_init_in(&out, a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, i, &cp);
        if (cp == 0x201c || cp == 0x2018 || cp == 0x300c) {
            /* “甲”“乙” */
            buf_puts(&out, shut && with_shut[0] == 0 ? "、" : with_open);
        } else if (cp == 0x201d || cp == 0x2019 || cp == 0x300d) {
            buf_puts(&out, with_shut);
        } else if (cp != '"' && cp != '\\' && cp != '`' && printable(cp)) {
            buf_put(&out, s.p + i, n);
        }
        shut = cp == 0x201d || cp == 0x2019 || cp == 0x300d;
        i += n;
    }
    return buf_view(&out);
}

struct str plain_name(struct arena *a, struct str s)
{
    struct str name = without(a, s, "", "");
    return name.n > 0 ? name : STR("未名");
}

void put_text(struct buf *out, struct arena *a, struct str s)
{
    buf_puts(out, "\"");
    buf_str(out, without(a, s, "「", "」"));
    buf_puts(out, "\"");
}

/* Quoted where the language would read something else: a keyword, a number, a sign. */
void put_name(struct buf *out, struct str name)
{
    bool plain = kw_find(name) == TOK_IDENT && str_find(name, STR("分之"), 0) == STR_NONE &&
                 (name.p[0] < '0' || name.p[0] > '9');
    for (uint32_t i = 0; i < name.n;) {
        uint32_t cp = 0;
        i += utf8_decode(name, i, &cp);
        plain &= utf8_is_han(cp) || (cp < 0x80 && utf8_is_alnum(cp));
    }
    buf_puts(out, plain ? "" : "「");
    buf_str(out, name);
    buf_puts(out, plain ? "" : "」");
}

/* ---- figures -------------------------------------------------------------------------------- */

/* How the language spells a measure word. */
struct str unit_name(const struct drafted *f, const struct amount *x)
{
    if (x->ratio) {
        return STR("");
    }
    static const struct {
        struct str printed, name;
    } same[] = {{STR_INIT("个百分点"), STR_INIT("百分点")}, {STR_INIT("个月"), STR_INIT("月")},
                {STR_INIT("人口"), STR_INIT("人")},         {STR_INIT("个工作日"), STR_INIT("天")},
                {STR_INIT("工作日"), STR_INIT("天")},       {STR_INIT("元/生"), STR_INIT("元/人")},
                {STR_INIT("元每生"), STR_INIT("元/人")},    {STR_INIT("册/生"), STR_INIT("册/人")}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (str_eq(x->unit, same[i].printed)) {
            return same[i].name;
        }
    }
    bool each = f->per_head && x->kind == VALUE_AMOUNT;
    if (each && str_eq(x->unit, STR("元"))) {
        return STR("元/人");
    }
    if (each && str_eq(x->unit, STR("册"))) {
        return STR("册/人");
    }
    if (each && str_eq(x->unit, STR("平方米"))) {
        return STR("平方米/人");
    }
    return x->unit;
}

static void put_number(struct buf *out, struct str number, struct str unit)
{
    buf_str(out, number);
    buf_str(out, unit);
}

static bool plain_digits(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.') {
            return false;
        }
    }
    return true;
}

/* 3-5个, 介于 3万人 至 5万人, 1 / 18, 93%. */
static void put_value(struct buf *out, const struct drafted *f, const struct amount *x)
{
    struct str unit = unit_name(f, x);
    if (x->ratio) {
        buf_str(out, x->low);
        buf_puts(out, " / ");
        buf_str(out, x->high);
    } else if (!x->range) {
        put_number(out, x->low, unit);
    } else if (plain_digits(x->low) && plain_digits(x->high)) {
        buf_str(out, x->low);
        buf_puts(out, "-");
        put_number(out, x->high, unit);
    } else {
        buf_puts(out, "介于 ");
        put_number(out, x->low, unit);
        buf_puts(out, " 至 ");
        put_number(out, x->high, unit);
    }
}

/* A comparison with its value. */
void put_comparison(struct buf *out, const struct drafted *f, enum word_value cmp,
                    const struct amount *x)
{
    static const char *const words[VALUE__COUNT] = {
        [VALUE_AT_LEAST] = "不低于 ", [VALUE_REACH] = "达到 ", [VALUE_ABOVE] = "超过 ",
        [VALUE_AT_MOST] = "不超过 ",  [VALUE_BELOW] = "低于 ", [VALUE_EQUALS] = "等于 "};
    bool share = cmp == VALUE_NONE && !x->range &&
                 (x->kind == VALUE_SHARE || x->kind == VALUE_NONE || x->kind == VALUE_AMOUNT);
    if (!x->range) {
        buf_puts(out, share ? "达到 " : words[cmp] ? words[cmp] : "");
    }
    put_value(out, f, x);
    buf_puts(out, cmp == VALUE_ABOUT ? "左右" : "");
}

/* ---- times ---------------------------------------------------------------------------------- */

static void put_deadline(struct buf *out, const struct time *t)
{
    if (t->month == 0) {
        buf_printf(out, "%d年", (int)t->to);
        return;
    }
    int day = t->day > 0 ? t->day : date_month_days(t->to, t->month);
    int last = date_month_days(t->to, t->month);
    buf_printf(out, "%04d-%02d-%02d", (int)t->to, t->month, day < last ? day : last);
}

static const char *period_word(enum word_value period)
{
    static const struct {
        enum word_value period;
        const char *word;
    } list[] = {{VALUE_SCHOOL_YEAR, "每学年"},
                {VALUE_TERM, "每学期"},
                {VALUE_QUARTER, "每季"},
                {VALUE_MONTH, "每月"},
                {VALUE_WEEK, "每周"}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].period == period) {
            return list[i].word;
        }
    }
    return "每年";
}

void put_time(struct buf *out, const struct time *t)
{
    switch (t->kind) {
    case TIME_BY:
        buf_puts(out, "到 ");
        put_deadline(out, t);
        break;
    case TIME_AT:
        buf_puts(out, "于 ");
        put_deadline(out, t);
        break;
    case TIME_EACH:
        buf_printf(out, "%s %d 至 %d", period_word(t->period), (int)t->from, (int)t->to);
        break;
    case TIME_HOLD:
        buf_printf(out, "保持 %d 至 %d", (int)t->from, (int)t->to);
        break;
    case TIME_MEAN:
        buf_printf(out, "年均 %d 至 %d", (int)t->from, (int)t->to);
        break;
    case TIME_SUM:
        buf_printf(out, "累计 自 %d年 到 %d年", (int)t->from, (int)t->to);
        break;
    case TIME_UNTIL:
        buf_puts(out, "直到 ");
        put_name(out, t->event);
        break;
    }
    buf_puts(out, " ");
}

/* ---- items ---------------------------------------------------------------------------------- */

static bool has(struct str s, struct str what)
{
    return str_find(s, what, 0) != STR_NONE;
}

/* What the two sides of a share are counted in, by the words of their names. */
static struct str counted_in(struct str x, struct str y)
{
    static const struct {
        struct str sign, unit;
    } signs[] = {{STR_INIT("经费"), STR_INIT("元")}, {STR_INIT("支出"), STR_INIT("元")},
                 {STR_INIT("投入"), STR_INIT("元")}, {STR_INIT("资金"), STR_INIT("元")},
                 {STR_INIT("收入"), STR_INIT("元")}, {STR_INIT("人"), STR_INIT("人")},
                 {STR_INIT("教师"), STR_INIT("人")}, {STR_INIT("生"), STR_INIT("人")},
                 {STR_INIT("幼儿"), STR_INIT("人")}, {STR_INIT("职工"), STR_INIT("人")},
                 {STR_INIT("编制"), STR_INIT("人")}, {STR_INIT("面积"), STR_INIT("平方米")}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (has(x, signs[i].sign) || has(y, signs[i].sign)) {
            return signs[i].unit;
        }
    }
    return STR("个");
}

static struct str trend_unit(struct str subject)
{
    static const struct str shares[] = {STR_INIT("率"), STR_INIT("占比"), STR_INIT("比例"),
                                        STR_INIT("比重")};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        if (str_ends(subject, shares[i])) {
            return STR("%");
        }
    }
    return counted_in(subject, subject);
}

static bool says_share(struct str name)
{
    static const struct str signs[] = {STR_INIT("率"),     STR_INIT("比"),     STR_INIT("占"),
                                       STR_INIT("覆盖面"), STR_INIT("满意度"), STR_INIT("比重")};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (has(name, signs[i])) {
            return true;
        }
    }
    return false;
}

/* The name of the item that is asked for. */
static struct str item_name(struct block *b, const struct drafted *f)
{
    struct arena *a = b->a;
    struct str name = f->subject;
    if (f->kind == DRAFTED_TARGET && f->grow != VALUE_NONE &&
        !str_ends(f->amount.unit, STR("百分点"))) {
        bool up = f->grow == VALUE_UP;
        bool rate = f->amount.kind == VALUE_SHARE;
        name = str_cat(a, name,
                       rate ? up ? STR("增长率") : STR("下降率")
                       : up ? STR("增加量")
                            : STR("减少量"));
    } else if (f->kind == DRAFTED_TARGET && f->amount.kind == VALUE_SHARE && f->base.n == 0 &&
               !says_share(name)) {
        bool all = str_eq(f->amount.low, STR("100")) && !f->share && f->cmp == VALUE_REACH;
        name = str_cat(a, name, all ? STR("覆盖率") : STR("的比例"));
    }
    return plain_name(a, name);
}

static struct str type_name(const struct drafted *f)
{
    if (f->kind == DRAFTED_TRUE) {
        return STR("是否");
    }
    if (f->kind == DRAFTED_TREND) {
        return trend_unit(f->subject);
    }
    if (f->grow != VALUE_NONE && str_ends(f->amount.unit, STR("百分点"))) {
        return STR("%");
    }
    struct str unit = unit_name(f, &f->amount);
    return unit.n > 0 ? unit : STR("倍");
}

static void declare(struct block *b, struct str kind, struct str name, struct str type,
                    const struct time *t)
{
    if (!pack_declares(b->pack, kind, name)) {
        return;
    }
    struct buf *out = b->out;
    const char *period = t && t->kind == TIME_EACH ? period_word(t->period) : "每年";
    buf_puts(out, "对象 ");
    put_name(out, kind);
    buf_puts(out, " { 数据 ");
    put_name(out, name);
    buf_puts(out, " : ");
    buf_str(out, type);
    buf_printf(out, " %s }\n", period);
}

/* ---- measures ------------------------------------------------------------------------------- */

/* 教师交流人数 / 应交流人数, 计数(示范高中), or the item alone. */
static void put_measure(struct block *b, const struct drafted *f)
{
    struct buf *out = b->out;
    if (b->title.n > 0) {
        buf_puts(out, "计数(");
        put_name(out, b->title);
        buf_puts(out, ")");
        return;
    }
    put_name(out, b->item);
    if (f->base.n > 0) {
        buf_puts(out, " / ");
        put_name(out, b->base);
    }
}

/* 提高5个百分点: against the year before when it is yearly, else against the baseline year. */
static void put_change(struct block *b, const struct drafted *f)
{
    struct buf *out = b->out;
    bool up = f->grow == VALUE_UP;
    if (f->time.kind == TIME_EACH) {
        put_name(out, b->item);
        buf_puts(out, up ? " 提高 " : " 降低 ");
        put_value(out, f, &f->amount);
        return;
    }
    buf_puts(out, up ? "" : "基准(");
    put_name(out, b->item);
    buf_puts(out, up ? " - 基准(" : ") - ");
    put_name(out, b->item);
    buf_puts(out, up ? ") " : " ");
    enum word_value cmp = f->cmp == VALUE_NONE || f->cmp == VALUE_REACH ? VALUE_AT_LEAST : f->cmp;
    put_comparison(out, f, cmp, &f->amount);
}

static void put_trend(struct block *b, const struct drafted *f)
{
    static const struct {
        enum word_value trend;
        const char *words;
    } trends[] = {{VALUE_NEVER_FALLS, " 只增不减"},
                  {VALUE_NEVER_RISES, " 只减不增"},
                  {VALUE_RISES, " 提高"},
                  {VALUE_FALLS, " 降低"}};
    struct buf *out = b->out;
    put_name(out, b->item);
    for (size_t i = 0; i < sizeof trends / sizeof trends[0]; i++) {
        buf_puts(out, trends[i].trend == f->cmp ? trends[i].words : "");
    }
    if (f->cmp == VALUE_DOUBLES) {
        buf_puts(out, " / 基准(");
        put_name(out, b->item);
        buf_puts(out, ") 不低于 2");
    }
}

static bool changes(const struct drafted *f)
{
    return f->grow != VALUE_NONE && str_ends(f->amount.unit, STR("百分点"));
}

static void put_condition(struct block *b, const struct drafted *f)
{
    struct buf *out = b->out;
    if (f->when.subject.n > 0) {
        buf_puts(out, "当 ");
        put_name(out, b->cond);
        buf_puts(out, " ");
        put_comparison(out, f, f->when.cmp, &f->when.amount);
        buf_puts(out, " ");
    }
}

static void put_modality(struct buf *out, enum word_value modality)
{
    buf_puts(out, modality == VALUE_STRIVE      ? "力争 "
                  : modality == VALUE_ENCOURAGE ? "鼓励 "
                  : modality == VALUE_EXPLORE   ? "探索 "
                                                : "");
}

/* What a target says, from its modality to its value. */
static void put_clause(struct block *b, const struct drafted *f, bool with_measure)
{
    struct buf *out = b->out;
    struct time t = f->time;
    t.event = b->event;
    put_modality(out, f->modality);
    put_time(out, &t);
    if (f->each.n > 0) {
        buf_puts(out, "每个 ");
        put_name(out, b->kind);
        buf_puts(out, " ");
    }
    put_condition(b, f);
    if (f->kind == DRAFTED_TREND) {
        put_trend(b, f);
    } else if (f->kind == DRAFTED_TRUE) {
        put_name(out, b->item);
    } else if (changes(f)) {
        put_change(b, f);
    } else {
        if (with_measure) {
            put_measure(b, f);
            buf_puts(out, " ");
        }
        buf_puts(out, f->nearly ? "基本 " : "");
        put_comparison(out, f, f->cmp, &f->amount);
    }
}

/* ---- heads ---------------------------------------------------------------------------------- */

static void put_head(struct block *b, const char *word, struct str label)
{
    buf_printf(b->out, "%s %.*s ", word, PS(b->id));
    put_name(b->out, plain_name(b->a, label));
    buf_printf(b->out, " {\n  依据 %.*s", PS(b->basis));
    buf_puts(b->out, "\n");
}

static void declare_needs(struct block *b, const struct drafted *f)
{
    if (f->when.subject.n > 0 && f->kind != DRAFTED_RULE) {
        struct str type = unit_name(f, &f->when.amount);
        b->cond = pack_item(b->pack, b->accepted, b->kind, plain_name(b->a, f->when.subject),
                            type.n > 0 ? type : STR("人"), UINT32_MAX);
        declare(b, b->kind, b->cond, type.n > 0 ? type : STR("人"), NULL);
    }
    if (f->time.kind == TIME_UNTIL) {
        b->event = pack_item(b->pack, b->accepted, STR(""), plain_name(b->a, f->time.event),
                             STR("事件"), UINT32_MAX);
        if (pack_declares(b->pack, STR(""), b->event)) {
            buf_puts(b->out, "事件 ");
            put_name(b->out, b->event);
            buf_puts(b->out, "\n");
        }
    }
    if (b->title.n > 0) {
        return;
    }
    struct str type = type_name(f);
    if (f->base.n > 0) {
        type = counted_in(f->subject, f->base);
        b->base =
            pack_item(b->pack, b->accepted, b->kind, plain_name(b->a, f->base), type, b->section);
        declare(b, b->kind, b->base, type, &f->time);
    }
    b->item = pack_item(b->pack, b->accepted, b->kind, item_name(b, f), type, b->section);
    declare(b, b->kind, b->item, type, &f->time);
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* `其中`: within the target before it, when the language can say so. */
static void put_nested(struct block *b, const struct drafted *f)
{
    struct buf *out = b->out;
    buf_puts(out, "\n    其中 ");
    put_text(out, b->a, f->subject);
    buf_puts(out, " ");
    put_measure(b, f);
    buf_puts(out, " ");
    put_comparison(out, f, f->cmp, &f->amount);
}

static void put_target(struct block *b, const struct drafted *f, const struct drafted *nested)
{
    struct block inner = *b;
    declare_needs(b, f);
    if (nested) {
        inner.title = STR("");
        declare_needs(&inner, nested);
    }
    put_head(b, "目标", b->title.n > 0 ? f->subject : item_name(b, f));
    buf_puts(b->out, "  ");
    put_clause(b, f, true);
    if (nested) {
        put_nested(&inner, nested);
    }
    buf_puts(b->out, "\n}\n");
}

static void put_ladder(struct block *b, const struct drafted *f, uint32_t n)
{
    declare_needs(b, f);
    put_head(b, "指标", item_name(b, f));
    buf_puts(b->out, "  计算 ");
    put_measure(b, f);
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(b->out, "\n  目标 ");
        put_clause(b, &f[i], false);
    }
    buf_puts(b->out, "\n}\n");
}

static void put_task(struct block *b, const struct drafted *f)
{
    const char *verb = f->verb == VALUE_DELIVER ? "交付" : f->verb == VALUE_START ? "启动" : "开展";
    put_head(b, "任务", f->subject);
    buf_puts(b->out, "  ");
    put_time(b->out, &f->time);
    buf_printf(b->out, "%s ", verb);
    put_text(b->out, b->a, f->subject);
    buf_puts(b->out, "\n}\n");
}

static void put_gate(struct block *b, const struct drafted *f)
{
    declare_needs(b, f);
    put_head(b, "门槛", str_cat(b->a, f->action, STR("的门槛")));
    buf_puts(b->out, "  对象 ");
    put_name(b->out, b->kind);
    buf_puts(b->out, " 禁止 ");
    put_name(b->out, plain_name(b->a, f->action));
    buf_puts(b->out, "\n  除非 ");
    put_name(b->out, b->item);
    buf_puts(b->out, " ");
    put_comparison(b->out, f, f->cmp, &f->amount);
    buf_puts(b->out, "\n  说明 \"由句子读出，须人工核对\"\n}\n");
}

static void put_rule(struct block *b, const struct drafted *f)
{
    struct str type = unit_name(f, &f->when.amount);
    type = type.n > 0 ? type : STR("倍");
    b->item = pack_item(b->pack, b->accepted, b->kind, plain_name(b->a, f->when.subject), type,
                        b->section);
    declare(b, b->kind, b->item, type, NULL);
    put_head(b, "规则", f->subject);
    buf_puts(b->out, "  对象 ");
    put_name(b->out, b->kind);
    buf_puts(b->out, "\n  当 ");
    if (f->when.years > 1) {
        buf_printf(b->out, "连续 %u年 ", (unsigned)f->when.years);
    }
    put_name(b->out, b->item);
    buf_puts(b->out, " ");
    put_comparison(b->out, f, f->when.cmp, &f->when.amount);
    buf_puts(b->out, "\n  则 ");
    put_text(b->out, b->a, f->action);
    buf_puts(b->out, "\n  说明 \"由句子读出，须人工核对\"\n}\n");
}

/* A certification of schools: those that hold the title are counted. */
static void put_programme(struct block *b)
{
    if (pack_declares(b->pack, STR(""), b->title)) {
        buf_puts(b->out, "创建 ");
        put_name(b->out, b->title);
        buf_printf(b->out, " {\n  依据 %.*s\n  对象 ", PS(b->basis));
        put_name(b->out, b->title_kind);
        buf_puts(b->out, "\n}\n");
    }
}

void block_put(struct block *b, const struct drafted *f, uint32_t n, const struct drafted *nested)
{
    switch (f->kind) {
    case DRAFTED_TASK:
        put_task(b, f);
        return;
    case DRAFTED_GATE:
        put_gate(b, f);
        return;
    case DRAFTED_RULE:
        put_rule(b, f);
        return;
    case DRAFTED_TARGET:
        if (b->title.n > 0) {
            put_programme(b);
        }
        if (n > 1) {
            put_ladder(b, f, n);
        } else {
            put_target(b, f, nested);
        }
        return;
    case DRAFTED_TREND:
    case DRAFTED_TRUE:
        put_target(b, f, NULL);
    }
}
