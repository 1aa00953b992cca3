/* SPDX-License-Identifier: Apache-2.0 */
/* What was drafted, for people and for programs; and why. */
#include "app/draft/drafting.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

#define LOOK_AT_MAX 12 /* places named in the summary; the pack has all */

static const struct {
    const char *name, *en, *zh;
} kinds[] = {
    [DRAFTED_TARGET] = {"target", "targets", "目标"},
    [DRAFTED_TREND] = {"trend", "trends", "趋势目标"},
    [DRAFTED_TRUE] = {"true", "conditions to hold for each", "逐个落实的事项"},
    [DRAFTED_TASK] = {"task", "dated tasks", "有期限的任务"},
    [DRAFTED_GATE] = {"gate", "gates", "门槛"},
    [DRAFTED_RULE] = {"rule", "rules", "规则"},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static struct str words_of(const struct drafting *x, const struct drafted *f)
{
    return str_sub(x->o.sentences.items[f->sentence].text, f->beg, f->end);
}

static struct str path_of(const struct drafting *x, uint32_t sentence)
{
    return x->o.sections.items[x->o.sentences.items[sentence].section].path;
}

/* ---- summary -------------------------------------------------------------------------------- */

/* The first reasons for which something was not written. */
static void put_unsure(const struct drafting *x, bool chinese, struct buf *out)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < x->d.found.n && shown < LOOK_AT_MAX; i++) {
        const struct drafted *f = &x->d.found.items[i];
        if (f->confidence >= DRAFTED_WRITE) {
            continue;
        }
        buf_printf(out, chinese ? "  %.*s 第%u句 「%.*s」" : "  %.*s sentence %u 「%.*s」",
                   PS(path_of(x, f->sentence)), (unsigned)x->o.sentences.items[f->sentence].number,
                   PS(words_of(x, f)));
        for (uint32_t k = 0; k < f->steps.n; k++) {
            if (step_cost(f->steps.items[k].why) > 0) {
                buf_puts(out, chinese ? "；" : "; ");
                buf_str(out, step_text(x->d.a, f->steps.items[k], chinese));
            }
        }
        buf_puts(out, "\n");
        shown++;
    }
}

static void put_next(const struct drafting *x, const char *dir, bool chinese, struct buf *out)
{
    const struct drafting_counts *n = &x->n;
    const struct {
        uint32_t count;
        const char *en, *zh;
    } places[] = {
        {n->comments, "blocks that begin with #?: take it away to accept them",
         "段以 #? 开头：看后删去行首的 #? 即采纳"},
        {n->doubtful, "of them because a figure may be wrong", "段其中数字可疑：请对照原件"},
        {n->medium, "blocks of medium confidence (把握中)", "段把握为“中”"},
        {n->silent, "sentences of which nothing was drafted, at the end of each file",
         "句没有起草，列在各文件末尾"},
    };
    buf_puts(out, chinese ? "\n接下来请人看：\n" : "\nto look at next:\n");
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].count > 0) {
            buf_printf(out, "  %u %s\n", (unsigned)places[i].count,
                       chinese ? places[i].zh : places[i].en);
        }
    }
    buf_printf(out,
               chinese ? "  00-plan.plan 里的年度、层级和两个容差\n"
                         "  tizhi check --pack %s ，然后 tizhi lint --pack %s\n"
                       : "  years, levels and the two tolerances in 00-plan.plan\n"
                         "  tizhi check --pack %s, then tizhi lint --pack %s\n",
               dir, dir);
}

void drafting_text(const struct drafting *x, const char *dir, bool chinese, struct buf *out)
{
    const struct draft_frame *f = &x->d.frame;
    buf_printf(out, chinese ? "%.*s（%d—%d）\n" : "%.*s (%d-%d)\n",
               PS(f->title.n > 0 ? f->title : STR("?")), (int)f->from, (int)f->to);
    buf_printf(out,
               chinese ? "条款 %u，句 %u；已写入 %s：%u 个文件\n"
                       : "%u clauses, %u sentences; in %s: %u files\n",
               (unsigned)x->o.sections.n, (unsigned)x->o.sentences.n, dir, (unsigned)x->files.n);
    for (size_t i = 0; i < KINDS; i++) {
        if (x->n.kinds[i] > 0) {
            buf_printf(out, chinese ? "  %s %u\n" : "  %s: %u\n",
                       chinese ? kinds[i].zh : kinds[i].en, (unsigned)x->n.kinds[i]);
        }
    }
    if (f->years_guessed) {
        buf_puts(out, chinese ? "年度取自正文，题名没有写明；可用 --years 指定\n"
                              : "the years are taken from the text, the title has none; --years "
                                "sets them\n");
    }
    put_next(x, dir, chinese, out);
    if (x->n.comments > 0) {
        buf_puts(out, chinese ? "\n没有写成声明的：\n" : "\nnot written as declarations:\n");
        put_unsure(x, chinese, out);
    }
}

/* ---- why ------------------------------------------------------------------------------------ */

static void put_finding(const struct drafting *x, const struct drafted *f, bool chinese,
                        struct buf *out)
{
    buf_printf(out, "  %s %d 「%.*s」\n", chinese ? kinds[f->kind].zh : kinds[f->kind].name,
               (int)f->confidence, PS(words_of(x, f)));
    for (uint32_t i = 0; i < f->steps.n; i++) {
        int32_t cost = step_cost(f->steps.items[i].why);
        buf_puts(out, "    ");
        buf_str(out, step_text(x->d.a, f->steps.items[i], chinese));
        if (cost > 0) {
            buf_printf(out, " (-%d)", (int)cost);
        }
        buf_puts(out, "\n");
    }
}

void drafting_why(const struct drafting *x, bool chinese, struct buf *out)
{
    uint32_t found = 0;
    uint32_t refused = 0;
    for (uint32_t i = 0; i < x->o.sentences.n; i++) {
        const struct outline_sentence *s = &x->o.sentences.items[i];
        buf_printf(out, chinese ? "%.*s 第%u句：%.*s\n" : "%.*s sentence %u: %.*s\n",
                   PS(path_of(x, i)), (unsigned)s->number, PS(s->text));
        for (; found < x->d.found.n && x->d.found.items[found].sentence == i; found++) {
            put_finding(x, &x->d.found.items[found], chinese, out);
        }
        for (; refused < x->d.refused.n && x->d.refused.items[refused].sentence == i; refused++) {
            buf_puts(out, chinese ? "  不起草：" : "  not drafted: ");
            buf_str(out, step_text(x->d.a, x->d.refused.items[refused].step, chinese));
            buf_puts(out, "\n");
        }
    }
}

/* ---- json ----------------------------------------------------------------------------------- */

/* Names as `list` has them. */
static const char *comparator(const struct drafted *f)
{
    static const struct {
        enum word_value cmp;
        const char *name;
    } list[] = {{VALUE_AT_LEAST, "at_least"},
                {VALUE_REACH, "reach"},
                {VALUE_ABOVE, "above"},
                {VALUE_AT_MOST, "at_most"},
                {VALUE_BELOW, "below"},
                {VALUE_ABOUT, "about"},
                {VALUE_EQUALS, "equals"},
                {VALUE_NEVER_FALLS, "never_falls"},
                {VALUE_NEVER_RISES, "never_rises"},
                {VALUE_RISES, "rises"},
                {VALUE_FALLS, "falls"},
                {VALUE_DOUBLES, "doubles"}};
    if (f->kind == DRAFTED_TASK || f->kind == DRAFTED_TRUE) {
        return "none";
    }
    if (f->kind == DRAFTED_TARGET && f->amount.range) {
        return "between";
    }
    if (f->grow != VALUE_NONE && str_ends(f->amount.unit, STR("百分点"))) {
        return f->grow == VALUE_UP ? "rises" : "falls";
    }
    enum word_value cmp = f->kind == DRAFTED_RULE ? f->when.cmp : f->cmp;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].cmp == cmp) {
            return list[i].name;
        }
    }
    return f->kind == DRAFTED_RULE ? "none" : f->amount.kind == VALUE_SHARE ? "reach" : "bare";
}

static const char *time_name(enum time_kind k)
{
    static const char *const names[] = {
        [TIME_BY] = "by",      [TIME_AT] = "at",     [TIME_EACH] = "each",
        [TIME_HOLD] = "hold",  [TIME_MEAN] = "mean", [TIME_SUM] = "cumulative",
        [TIME_UNTIL] = "until"};
    return names[k];
}

static const char *modality(enum word_value v)
{
    return v == VALUE_STRIVE      ? "strive"
           : v == VALUE_ENCOURAGE ? "encourage"
           : v == VALUE_EXPLORE   ? "explore"
                                  : "must";
}

static void place_json(const struct drafting *x, struct json *j, uint32_t sentence, uint32_t beg,
                       uint32_t end)
{
    const struct outline_sentence *s = &x->o.sentences.items[sentence];
    struct draft_span span = draft_chars(&x->d, draft_span_of(&x->d, sentence, beg, end));
    json_kv_str(j, "clause", x->o.sections.items[s->section].code);
    json_kv_str(j, "path", x->o.sections.items[s->section].path);
    json_kv_int(j, "sentence", s->number);
    json_kv_int(j, "line", s->line);
    json_kv_int(j, "from_char", span.beg);
    json_kv_int(j, "to_char", span.end);
    json_kv_str(j, "words", str_sub(s->text, beg, end));
}

static void amount_json(const struct drafting *x, struct json *j, const struct amount *v)
{
    json_kv_str(j, "value", rat_frac_str(x->d.a, v->value));
    if (v->range || v->ratio) {
        json_kv_str(j, "value2", rat_frac_str(x->d.a, v->most));
    }
    json_kv_str(j, "unit", v->unit);
    json_kv_bool(j, "doubtful", v->doubtful);
}

static void finding_json(const struct drafting *x, struct json *j, const struct drafted *f,
                         bool chinese)
{
    json_obj_begin(j);
    json_kv_cstr(j, "kind", kinds[f->kind].name);
    place_json(x, j, f->sentence, f->beg, f->end);
    json_kv_int(j, "confidence", f->confidence);
    json_kv_bool(j, "written", f->confidence >= DRAFTED_WRITE);
    json_kv_str(j, "subject", f->subject);
    json_kv_text(j, "base", f->base);
    json_kv_cstr(j, "comparator", comparator(f));
    if (f->kind != DRAFTED_TASK && f->kind != DRAFTED_TRUE && f->kind != DRAFTED_TREND) {
        amount_json(x, j, &f->amount);
    }
    json_kv_cstr(j, "when", time_name(f->time.kind));
    json_kv_int(j, "from", f->time.from);
    json_kv_int(j, "year", f->time.to);
    json_kv_bool(j, "year_printed", f->time.printed);
    json_kv_text(j, "event", f->time.event);
    json_kv_text(j, "each", f->each);
    json_kv_text(j, "condition", f->when.subject);
    json_kv_cstr(j, "modality", modality(f->modality));
    json_kv_bool(j, "nested", f->of != DRAFTED_NONE);
    json_kv_text(j, "action", f->action);
    json_key(j, "why");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->steps.n; i++) {
        json_str(j, step_text(x->d.a, f->steps.items[i], chinese));
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void counts_json(const struct drafting *x, struct json *j)
{
    json_key(j, "summary");
    json_obj_begin(j);
    for (size_t i = 0; i < KINDS; i++) {
        json_kv_int(j, kinds[i].name, x->n.kinds[i]);
    }
    json_kv_int(j, "comments", x->n.comments);
    json_kv_int(j, "doubtful", x->n.doubtful);
    json_kv_int(j, "medium", x->n.medium);
    json_kv_int(j, "silent_sentences", x->n.silent);
    json_obj_end(j);
}

static void frame_json(const struct drafting *x, struct json *j)
{
    const struct draft_frame *f = &x->d.frame;
    json_kv_str(j, "title", f->title);
    json_kv_text(j, "docno", f->docno);
    json_kv_int(j, "from", f->from);
    json_kv_int(j, "to", f->to);
    json_kv_bool(j, "years_guessed", f->years_guessed);
    json_key(j, "levels");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->n_levels; i++) {
        json_str(j, f->levels[i]);
    }
    json_arr_end(j);
}

void drafting_json(const struct drafting *x, bool chinese, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    frame_json(x, &j);
    counts_json(x, &j);
    json_key(&j, "found");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->d.found.n; i++) {
        finding_json(x, &j, &x->d.found.items[i], chinese);
    }
    json_arr_end(&j);
    json_key(&j, "refused");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->d.refused.n; i++) {
        const struct refusal *r = &x->d.refused.items[i];
        json_obj_begin(&j);
        place_json(x, &j, r->sentence, r->beg, r->end);
        json_kv_str(&j, "why", step_text(x->d.a, r->step, chinese));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}
