/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a drafted pack: a frame, and a file for each chapter of the document. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "draft/pack_int.h"
#include "model/uom.h"

#define EXCERPT_CHARS 60
#define REST_CHARS    40

/* ---- names ---------------------------------------------------------------------------------- */

static struct str key_of(struct pack_writer *w, struct str kind, struct str name)
{
    return str_cat(w->a, str_cat(w->a, kind, STR("\n")), name);
}

static struct named *named_at(struct pack_writer *w, struct str kind, struct str name)
{
    uint32_t ix = 0;
    return map_get(&w->index, key_of(w, kind, name), &ix) ? &w->all.items[ix] : NULL;
}

static void name_new(struct pack_writer *w, struct named x)
{
    map_put(w->a, &w->index, key_of(w, x.kind, x.name), w->all.n);
    vec_push(w->a, &w->all, x);
}

/* The n-th name to try: as wanted, with its clause, with its clause and a number. */
static struct str candidate(struct pack_writer *w, struct str wanted, uint32_t section, uint32_t n)
{
    struct buf out;
    buf_init_in(&out, w->a, LIMIT_STR_BYTES);
    buf_str(&out, wanted);
    if (n > 0) {
        bool coded = section < w->d->o->sections.n;
        struct str code = coded ? w->d->o->sections.items[section].code : STR("另");
        buf_printf(&out, "（%.*s）", PS(code));
    }
    if (n > 1) {
        buf_printf(&out, "%u", (unsigned)n);
    }
    return buf_view(&out);
}

static bool is_same(const struct named *x, struct str type, uint32_t section)
{
    return x && x->accepted && str_eq(x->type, type) &&
           (section == UINT32_MAX || x->section == section);
}

struct str pack_item(struct pack_writer *w, bool accepted, struct str kind, struct str wanted,
                     struct str type, uint32_t section)
{
    if (kind.n > 0 && named_at(w, STR(""), wanted)) {
        wanted = str_cat(w->a, wanted, STR("数")); /* a kind or a title has the name */
    }
    struct str series = candidate(w, str_cat(w->a, key_of(w, kind, wanted), type), section, 1);
    uint32_t n = 0;
    for (; n < 2; n++) {
        struct str name = candidate(w, wanted, section, n);
        if (is_same(named_at(w, kind, name), type, section)) {
            return name;
        }
    }
    n = 0;
    (void)map_get(&w->tried, series, &n);
    struct str name = candidate(w, wanted, section, n);
    while (named_at(w, kind, name)) {
        name = candidate(w, wanted, section, ++n);
    }
    map_put(w->a, &w->tried, series, n);
    name_new(w, (struct named){kind, name, type, section, accepted, false});
    return name;
}

bool pack_declares(struct pack_writer *w, struct str kind, struct str name)
{
    struct named *x = named_at(w, kind, name);
    bool first = x && !x->declared;
    if (first) {
        x->declared = true;
    }
    return first;
}

/* ---- kinds ---------------------------------------------------------------------------------- */

/* The class of the word that ends a noun: 自治区级示范园 has none. */
static enum word_value last_word(const struct pack_writer *w, struct str noun, enum word_class c)
{
    for (uint32_t at = 0; at < noun.n; at++) {
        uint32_t word = words_match_class(w->d->w, noun, at, c);
        if (word != WORD_NONE && at + w->d->w->all.items[word].text.n == noun.n) {
            return words_value(w->d->w, word, c);
        }
    }
    return VALUE_NONE;
}

static uint32_t level_of(const struct draft_frame *f, enum word_value tier)
{
    for (uint32_t i = 0; i < f->n_levels; i++) {
        if (tier != VALUE_NONE && f->tiers[i] == tier) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* Whom units of a kind hang from: a school from what is above schools, a college from the top. */
static struct str parent_of(const struct draft_frame *f, enum word_value place,
                            enum word_value kind)
{
    uint32_t county = level_of(f, VALUE_COUNTY);
    uint32_t school = level_of(f, VALUE_SCHOOL);
    if (place != VALUE_NONE && county != UINT32_MAX) {
        return f->levels[county];
    }
    if (kind == VALUE_SCHOOL && school != UINT32_MAX && school > 0) {
        return f->levels[school - 1];
    }
    return f->levels[0];
}

/* 每校, 每园: nouns of one sign. */
static struct str whole_name(struct str noun)
{
    static const struct {
        struct str sign, name;
    } list[] = {{STR_INIT("校"), STR_INIT("学校")},
                {STR_INIT("园"), STR_INIT("幼儿园")},
                {STR_INIT("班"), STR_INIT("班级")}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (str_eq(noun, list[i].sign)) {
            return list[i].name;
        }
    }
    return noun;
}

/* The level or kind that a noun means; NULL text: the whole. */
static struct str kind_of(struct pack_writer *w, struct str noun)
{
    const struct draft_frame *f = &w->d->frame;
    uint32_t word = words_match_class(w->d->w, noun, 0, WORD_PLACE);
    bool place = word != WORD_NONE && w->d->w->all.items[word].text.n == noun.n;
    enum word_value tier = place ? words_value(w->d->w, word, WORD_PLACE) : VALUE_NONE;
    uint32_t level = level_of(f, tier);
    if (noun.n == 0) {
        return f->levels[0];
    }
    if (level != UINT32_MAX) {
        return f->levels[level];
    }
    struct str name = whole_name(plain_name(w->a, noun));
    for (uint32_t i = 0; i < f->n_levels; i++) {
        if (str_eq(name, f->levels[i])) {
            return name;
        }
    }
    if (!named_at(w, STR(""), name)) {
        name_new(w, (struct named){STR(""), name, STR("对象"), UINT32_MAX, false, true});
        map_put(w->a, &w->kinds, name, (uint32_t)tier << 16 | last_word(w, noun, WORD_KIND));
    }
    return name;
}

/* Who can hold a certification, by the end of its name; empty: nobody that has a roll. */
static struct str holder_of(struct pack_writer *w, struct str title)
{
    static const struct {
        struct str end;
        enum word_value tier;
    } ends[] = {{STR_INIT("学校"), VALUE_SCHOOL},   {STR_INIT("院校"), VALUE_SCHOOL},
                {STR_INIT("高中"), VALUE_SCHOOL},   {STR_INIT("幼儿园"), VALUE_SCHOOL},
                {STR_INIT("示范校"), VALUE_SCHOOL}, {STR_INIT("示范园"), VALUE_SCHOOL},
                {STR_INIT("特色校"), VALUE_SCHOOL}, {STR_INIT("实验校"), VALUE_SCHOOL},
                {STR_INIT("试点校"), VALUE_SCHOOL}, {STR_INIT("校园"), VALUE_SCHOOL},
                {STR_INIT("县"), VALUE_COUNTY},     {STR_INIT("县(市、区)"), VALUE_COUNTY},
                {STR_INIT("旗县"), VALUE_COUNTY}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        uint32_t level = level_of(&w->d->frame, ends[i].tier);
        if (level != UINT32_MAX && str_ends(title, ends[i].end) && title.n > ends[i].end.n) {
            return w->d->frame.levels[level];
        }
    }
    return STR("");
}

/* ---- clauses -------------------------------------------------------------------------------- */

/* A path that says which of several rows of numbers it is has a mark that begins a comment. */
static struct str plain_path(struct pack_writer *w, struct str path)
{
    uint32_t at = str_find(path, STR("#"), 0);
    return at == STR_NONE ? path
                          : str_cat(w->a, str_cat(w->a, str_sub(path, 0, at), STR("之")),
                                    str_sub(path, at + 1, path.n));
}

static struct str basis_of(struct pack_writer *w, uint32_t sentence)
{
    const struct outline *o = w->d->o;
    const struct outline_sentence *s = &o->sentences.items[sentence];
    struct buf out;
    buf_init_in(&out, w->a, LIMIT_STR_BYTES);
    buf_str(&out, o->sections.items[s->section].code);
    buf_printf(&out, " 第%u句", (unsigned)s->number);
    return buf_view(&out);
}

/* The chapter of a section: the outermost one around it, or the one below its annex. */
static uint32_t chapter_of(const struct outline *o, uint32_t section)
{
    uint32_t below = section;
    uint32_t at = section;
    while (o->sections.items[at].parent != OUTLINE_NONE) {
        below = at;
        at = o->sections.items[at].parent;
    }
    return str_starts(o->sections.items[at].path, STR("附件")) ? below : at;
}

/* ---- blocks --------------------------------------------------------------------------------- */

static struct str sure_word(int32_t confidence)
{
    return confidence >= DRAFTED_SURE    ? STR("高")
           : confidence >= DRAFTED_WRITE ? STR("中")
                                         : STR("低");
}

static struct str cut_chars(struct str s, uint32_t most, bool *cut)
{
    uint32_t at = 0;
    for (uint32_t n = 0; at < s.n && n < most; n++) {
        uint32_t cp = 0;
        at += utf8_decode(s, at, &cp);
    }
    *cut = at < s.n;
    return str_sub(s, 0, at);
}

/* Where it was read, how sure, the words, and what takes from its confidence. */
static void put_origin(struct pack_writer *w, const struct drafted *f, uint32_t n, struct buf *out)
{
    const struct outline_sentence *s = &w->d->o->sentences.items[f->sentence];
    const struct outline_section *sec = &w->d->o->sections.items[s->section];
    struct draft_span span =
        draft_chars(w->d, draft_span_of(w->d, f->sentence, f->beg, f[n - 1].end));
    bool cut = false;
    struct str words = cut_chars(str_sub(s->text, f->beg, f[n - 1].end), EXCERPT_CHARS, &cut);
    buf_printf(out, "# %.*s 第%u句 · 第%u—%u字 · 把握%.*s %d\n", PS(sec->path), (unsigned)s->number,
               (unsigned)span.beg, (unsigned)span.end, PS(sure_word(f->confidence)),
               (int)f->confidence);
    buf_printf(out, "#   原文：%.*s%s\n", PS(words), cut ? "…" : "");
    for (uint32_t i = 0; i < f->steps.n; i++) {
        if (step_cost(f->steps.items[i].why) > 0) {
            buf_printf(out, "#   请看：%.*s\n", PS(step_text(w->a, f->steps.items[i], true)));
        }
    }
}

static void comment_out(struct str text, struct buf *out)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        if (line.n > 0) {
            buf_printf(out, "#? %.*s\n", PS(line));
        }
    }
}

/* A further year of the same subject, in the same sentence, for the same units. */
static bool same_ladder(const struct drafted *x, const struct drafted *y)
{
    return y->kind == DRAFTED_TARGET && x->kind == DRAFTED_TARGET && y->sentence == x->sentence &&
           str_eq(x->subject, y->subject) && str_eq(x->base, y->base) && str_eq(x->each, y->each) &&
           str_eq(x->amount.unit, y->amount.unit) && y->time.to != x->time.to &&
           x->grow == VALUE_NONE && y->grow == VALUE_NONE && y->of == DRAFTED_NONE &&
           x->when.subject.n == 0 && y->when.subject.n == 0 && x->time.kind != TIME_EACH &&
           y->time.kind != TIME_EACH &&
           (x->confidence >= DRAFTED_WRITE) == (y->confidence >= DRAFTED_WRITE);
}

/* 其中 right behind its target, asked of the same, in words the language has. */
static const struct drafted *nested_in(const struct draft *d, uint32_t i)
{
    const struct drafted *f = &d->found.items[i];
    const struct drafted *y = i + 1 < d->found.n ? f + 1 : NULL;
    bool next = y && y->of == i && y->kind == DRAFTED_TARGET && f->kind == DRAFTED_TARGET &&
                y->confidence >= DRAFTED_WRITE && f->confidence >= DRAFTED_WRITE;
    if (!next || f->grow != VALUE_NONE || y->grow != VALUE_NONE || y->when.subject.n > 0) {
        return NULL;
    }
    bool both_counted = f->base.n == 0 && y->base.n == 0 && f->amount.kind == y->amount.kind &&
                        f->amount.kind != VALUE_SHARE && str_eq(f->amount.unit, y->amount.unit);
    bool both_shares = f->base.n > 0 && y->base.n > 0;
    return both_counted || both_shares ? y : NULL;
}

static bool is_title(struct pack_writer *w, const struct drafted *f, struct str *holder)
{
    bool certified = f->kind == DRAFTED_TARGET && f->verb == VALUE_CERTIFY &&
                     f->amount.kind == VALUE_COUNT && f->each.n == 0 && f->grow == VALUE_NONE &&
                     f->time.kind != TIME_EACH && f->of == DRAFTED_NONE &&
                     (str_eq(f->amount.unit, STR("所")) || str_eq(f->amount.unit, STR("个")));
    *holder = certified ? holder_of(w, f->subject) : STR("");
    return holder->n > 0;
}

/* The block of finding i; how many findings it took. */
static uint32_t put_block(struct pack_writer *w, uint32_t i, uint32_t number, struct buf *out)
{
    const struct draft *d = w->d;
    const struct drafted *f = &d->found.items[i];
    const struct outline_sentence *s = &d->o->sentences.items[f->sentence];
    const struct drafted *nested = nested_in(d, i);
    uint32_t n = 1;
    while (!nested && i + n < d->found.n && same_ladder(f, f + n) &&
           same_ladder(f + n - 1, f + n)) {
        n++;
    }
    struct buf text;
    struct buf id;
    buf_init_in(&text, w->a, LIMIT_STR_BYTES);
    buf_init_in(&id, w->a, LIMIT_STR_BYTES);
    for (uint32_t k = 0; k < d->o->sections.items[s->section].code.n; k++) {
        char c = d->o->sections.items[s->section].code.p[k];
        buf_putc(&id, c == '#' ? '_' : c);
    }
    buf_printf(&id, "-%u", (unsigned)number);
    struct block b = {.pack = w,
                      .a = w->a,
                      .out = &text,
                      .accepted = f->confidence >= DRAFTED_WRITE,
                      .section = s->section,
                      .id = buf_view(&id),
                      .basis = basis_of(w, f->sentence),
                      .kind = kind_of(w, f->each)};
    if (!nested && n == 1 && is_title(w, f, &b.title_kind)) {
        b.title = pack_item(w, b.accepted, STR(""), plain_name(w->a, f->subject), STR("称号"),
                            UINT32_MAX);
    }
    block_put(&b, f, n, nested);
    put_origin(w, f, nested ? 2 : n, out);
    if (b.accepted) {
        buf_str(out, buf_view(&text));
    } else {
        comment_out(buf_view(&text), out);
    }
    buf_puts(out, "\n");
    return nested ? 2 : n;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool has_found(const struct draft *d, uint32_t sentence, uint32_t *from)
{
    while (*from < d->found.n && d->found.items[*from].sentence < sentence) {
        ++*from;
    }
    return *from < d->found.n && d->found.items[*from].sentence == sentence;
}

/* The sentences of which nothing was drafted, so that nobody thinks they were. */
static void put_rest(struct pack_writer *w, uint32_t beg, uint32_t end, uint32_t from,
                     struct buf *out)
{
    const struct outline *o = w->d->o;
    bool first = true;
    for (uint32_t i = beg; i < end; i++) {
        const struct outline_sentence *s = &o->sentences.items[i];
        bool cut = false;
        if (has_found(w->d, i, &from)) {
            continue;
        }
        struct str text = cut_chars(s->text, REST_CHARS, &cut);
        buf_puts(out, first ? "# 以下句子没有可起草的数量、期限或规则，请人工判断：\n" : "");
        buf_printf(out, "#   %.*s 第%u句：%.*s%s\n", PS(o->sections.items[s->section].path),
                   (unsigned)s->number, PS(text), cut ? "…" : "");
        first = false;
    }
}

/* Without what the plan language does not take: damaged characters of the document. */
static struct str clean(struct pack_writer *w, struct str text)
{
    struct buf out;
    buf_init_in(&out, w->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < text.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(text, i, &cp);
        if (cp == '\n' || printable(cp)) {
            buf_put(&out, text.p + i, n);
        }
        i += n;
    }
    return buf_view(&out);
}

/* Sentences [beg, end) are those of one chapter. */
static void put_chapter(struct pack_writer *w, uint32_t beg, uint32_t end, draft_files *out)
{
    const struct draft *d = w->d;
    const struct outline_section *c =
        &d->o->sections.items[chapter_of(d->o, d->o->sentences.items[beg].section)];
    struct buf text;
    struct buf name;
    uint32_t first = w->done;
    buf_init_in(&text, w->a, LIMIT_STR_BYTES);
    buf_init_in(&name, w->a, LIMIT_STR_BYTES);
    buf_printf(&text, "# %.*s %.*s\n\n", PS(c->path), PS(c->title));
    while (w->done < d->found.n && d->found.items[w->done].sentence < end) {
        uint32_t own = d->o->sentences.items[d->found.items[w->done].sentence].section;
        struct str code = d->o->sections.items[own].code;
        uint32_t number = 0;
        (void)map_get(&w->numbers, code, &number);
        map_put(w->a, &w->numbers, code, number + 1);
        w->done += put_block(w, w->done, number + 1, &text);
    }
    put_rest(w, beg, end, first, &text);
    buf_printf(&name, "%u-%.*s.plan", 10U + out->n, PS(c->code));
    vec_push(w->a, out, (struct draft_file){buf_view(&name), clean(w, buf_view(&text))});
}

/* Measure words that the language does not have are declared. */
static void put_units(struct pack_writer *w, struct buf *out)
{
    struct uom_table t;
    struct map done = {0};
    uom_init(w->a, &t);
    for (uint32_t i = 0; i < w->d->found.n; i++) {
        const struct drafted *f = &w->d->found.items[i];
        struct str unit = unit_name(f, f->kind == DRAFTED_RULE ? &f->when.amount : &f->amount);
        struct str bad;
        struct rat factor;
        struct dim dim;
        if (f->kind != DRAFTED_TASK && f->kind != DRAFTED_TRUE && unit.n > 0 &&
            !uom_parse_suffix(w->a, &t, unit, &factor, &dim, &bad) && !map_get(&done, unit, NULL)) {
            map_put(w->a, &done, unit, 0);
            buf_printf(out, "单位 %.*s\n", PS(unit));
        }
    }
}

static void put_header(struct pack_writer *w, struct buf *out)
{
    const struct draft_frame *f = &w->d->frame;
    buf_puts(out, "# 由 tizhi draft 起草。每一段上方注明出处（条款、句、字）、把握和原文；"
                  "把握低的以 #? 开头，删去行首的 #? 即采纳。\n"
                  "# 约数和基本的容差是起草时填的，原文没有，须由人确定。\n");
    if (f->years_guessed) {
        buf_puts(out, "# 请看：题名没有写明年度，下面的年度取自正文。\n");
    }
    buf_printf(out, "计划 draft-%d {\n  名称 ", (int)f->from);
    put_text(out, w->a, f->title.n > 0 ? f->title : STR("未找到题名"));
    buf_puts(out, "\n");
    if (f->docno.n > 0) {
        buf_puts(out, "  文号 ");
        put_text(out, w->a, f->docno);
        buf_puts(out, "\n");
    }
    if (f->issued.year > 0) {
        buf_printf(out, "  印发 %04d-%02d-%02d\n", f->issued.year, f->issued.month, f->issued.day);
    }
    buf_printf(out, "  年度 %d 至 %d\n  约数 上下 5%%\n  基本 容差 5%%\n}\n层级 ", (int)f->from,
               (int)f->to);
    for (uint32_t i = 0; i < f->n_levels; i++) {
        buf_puts(out, i > 0 ? " > " : "");
        buf_str(out, f->levels[i]);
    }
    buf_puts(out, "\n");
}

static void put_kinds(struct pack_writer *w, struct buf *out)
{
    for (uint32_t i = 0; i < map_len(&w->kinds); i++) {
        const struct map_entry *k = &w->kinds.entries[i];
        buf_puts(out, "对象 ");
        put_name(out, k->key);
        buf_puts(out, " 属于 ");
        buf_str(out, parent_of(&w->d->frame, (enum word_value)(k->value >> 16),
                               (enum word_value)(k->value & 0xffffU)));
        buf_puts(out, " { }\n");
    }
}

static void put_clauses(struct pack_writer *w, struct buf *out)
{
    const struct outline *o = w->d->o;
    struct map done = {0};
    buf_puts(out, "\n");
    for (uint32_t i = 0; i < o->sections.n; i++) {
        const struct outline_section *s = &o->sections.items[i];
        if (!map_get(&done, s->code, NULL)) {
            map_put(w->a, &done, s->code, i);
            buf_printf(out, "条款 %.*s %.*s\n", PS(s->code), PS(plain_path(w, s->path)));
        }
    }
}

void draft_pack(const struct draft *d, draft_files *out)
{
    struct pack_writer w = {.d = d, .a = d->a};
    struct buf text;
    draft_files chapters = {0};
    buf_init_in(&text, d->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < d->frame.n_levels; i++) {
        name_new(&w,
                 (struct named){STR(""), d->frame.levels[i], STR("对象"), UINT32_MAX, false, true});
    }
    for (uint32_t i = 0; i < d->found.n; i++) {
        (void)kind_of(&w, d->found.items[i].each); /* before titles, which must not take them */
    }
    for (uint32_t beg = 0, i = 1; i <= d->o->sentences.n; i++) {
        const struct outline_sentence *s = d->o->sentences.items;
        if (i == d->o->sentences.n ||
            chapter_of(d->o, s[i].section) != chapter_of(d->o, s[beg].section)) {
            put_chapter(&w, beg, i, &chapters);
            beg = i;
        }
    }
    put_header(&w, &text);
    put_kinds(&w, &text);
    put_units(&w, &text);
    put_clauses(&w, &text);
    vec_push(d->a, out, (struct draft_file){STR("00-plan.plan"), clean(&w, buf_view(&text))});
    for (uint32_t i = 0; i < chapters.n; i++) {
        vec_push(d->a, out, chapters.items[i]);
    }
}
