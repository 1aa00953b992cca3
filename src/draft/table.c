/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of indicators, as five-year plans have them: a head with years, then a name, perhaps a
 * measure word, and a figure for each year. The years before the plan say where it starts.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/draft_int.h"

#define COLUMNS_MAX 24

/* A cell of a row, in the text. */
struct cell {
    uint32_t beg, end;
    struct str text;
};

struct head {
    uint32_t n;                 /* columns; 0: no table has begun */
    int32_t years[COLUMNS_MAX]; /* 0: none */
    uint32_t unit;              /* the column of measure words; COLUMNS_MAX: none */
    uint32_t name;
};

static uint32_t cells_of(const struct outline *o, const struct outline_paragraph *p,
                         struct cell cells[COLUMNS_MAX])
{
    uint32_t n = 0;
    uint32_t beg = p->beg;
    for (uint32_t at = p->beg; at <= p->end && n < COLUMNS_MAX; at++) {
        if (at == p->end || o->text.p[at] == '\t') {
            cells[n++] = (struct cell){beg, at, str_sub(o->text, beg, at)};
            beg = at + 1;
        }
    }
    return n;
}

/* A row with a year in one of its cells, and no figure beside it. */
static bool read_head(const struct cell *cells, uint32_t n, struct head *out)
{
    bool dated = false;
    *out = (struct head){.n = n, .unit = COLUMNS_MAX};
    for (uint32_t i = 0; i < n; i++) {
        struct when w;
        struct str s = cells[i].text;
        bool year = when_scan(s, 0, &w) > 0 && w.to > 0 && !w.doubtful && utf8_count(s) <= 12;
        out->years[i] = year ? w.to : 0;
        dated |= year;
        out->unit = str_eq(s, STR("单位")) ? i : out->unit;
        out->name = str_starts(s, STR("指标")) ? i : out->name;
    }
    return dated && n >= 2;
}

/* 学前教育毛入园率(%): the name, and its measure word. */
static struct str split_name(struct str name, struct str *unit)
{
    uint32_t at = str_find(name, STR("("), 0);
    *unit = STR("");
    if (at != STR_NONE && at > 0 && str_ends(name, STR(")"))) {
        *unit = str_sub(name, at + 1, name.n - 1);
        return str_sub(name, 0, at);
    }
    return name;
}

/* A measure word that the table of words does not have would not be understood. */
static bool read_figure(struct draft *d, struct str text, struct str unit, struct amount *out)
{
    struct str signs[] = {STR("≥"), STR(">="), STR("≤"), STR("<="), STR(">"), STR("<")};
    enum word_value cmps[] = {VALUE_AT_LEAST, VALUE_AT_LEAST, VALUE_AT_MOST,
                              VALUE_AT_MOST,  VALUE_ABOVE,    VALUE_BELOW};
    enum word_value cmp = VALUE_NONE;
    uint32_t at = 0;
    for (size_t i = 0; i < sizeof cmps / sizeof cmps[0] && at == 0; i++) {
        if (str_starts(text, signs[i])) {
            cmp = cmps[i];
            at = signs[i].n;
        }
    }
    if (!amount_scan(d->a, d->w, text, at, out) || out->end < text.n) {
        return false;
    }
    out->post = cmp != VALUE_NONE ? cmp : out->post;
    struct amount named;
    struct str whole = str_cat(d->a, STR("1"), unit);
    if (out->kind == VALUE_NONE && unit.n > 0 && amount_scan(d->a, d->w, whole, 0, &named) &&
        named.end == whole.n) {
        out->unit = named.unit;
        out->kind = named.kind;
        if (!rat_eq(named.value, rat_one())) { /* 万人: the scale belongs to the figure */
            struct str scale = str_sub(named.low, 1, named.low.n);
            out->low = str_cat(d->a, out->low, scale);
            out->high = str_cat(d->a, out->high, scale);
            out->value = rat_mul(d->a, out->value, named.value);
            out->most = rat_mul(d->a, out->most, named.value);
        }
    }
    return true;
}

static void draft_cell(struct draft *d, struct reader *r, uint32_t sentence,
                       const struct cell *name, const struct cell *cell, struct str unit,
                       int32_t year)
{
    const struct outline_sentence *s = &d->o->sentences.items[sentence];
    if (name->beg < s->beg || cell->end > s->end) {
        return; /* a sentence ends within the row: its words are read as words (FI1) */
    }
    struct str own_unit;
    struct drafted f = {
        .kind = DRAFTED_TARGET, .sentence = sentence, .of = DRAFTED_NONE, .confidence = 100};
    f.subject = split_name(name->text, &own_unit);
    if (!read_figure(d, cell->text, own_unit.n > 0 ? own_unit : unit, &f.amount)) {
        return;
    }
    uint32_t beg = d->kept[cell->beg] - d->kept[s->beg];
    f.beg = d->kept[name->beg] - d->kept[s->beg];
    f.end = d->kept[cell->end] - d->kept[s->beg];
    f.amount.end += beg;
    f.amount.digits_end += beg;
    f.amount.beg += beg;
    f.cmp = f.amount.post;
    f.time = (struct time){.kind = TIME_BY, .from = r->from, .to = year, .printed = true};
    note(r, &f, WHY_TABLE, cell->text);
    if (f.amount.doubtful) {
        note(r, &f, WHY_DOUBTFUL, cell->text);
    }
    if (f.amount.kind == VALUE_NONE) {
        note(r, &f, WHY_NO_UNIT, cell->text);
    }
    (void)keep(r, &f);
}

static void read_row(struct draft *d, struct reader *r, uint32_t sentence, const struct head *h,
                     const struct cell *cells, uint32_t n)
{
    uint32_t shift = n < h->n ? h->n - n : 0; /* a group beside it was merged */
    uint32_t name = h->name >= shift ? h->name - shift : 0;
    for (uint32_t i = name + 1; i < n; i++) {
        uint32_t column = i + shift;
        struct str unit = h->unit < COLUMNS_MAX && h->unit >= shift && h->unit - shift < n
                              ? cells[h->unit - shift].text
                              : STR("");
        if (column < h->n && h->years[column] >= r->from) {
            draft_cell(d, r, sentence, &cells[name], &cells[i], unit, h->years[column]);
        }
    }
}

void table_read(struct draft *d, struct reader *r, uint32_t sentence)
{
    const struct outline_sentence *s = &d->o->sentences.items[sentence];
    struct cell cells[COLUMNS_MAX];
    struct head h = {0};
    uint32_t low = 0;
    uint32_t high = d->o->paragraphs.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = d->o->paragraphs.items[middle].end <= s->beg;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    for (; low < d->o->paragraphs.n && d->o->paragraphs.items[low].beg < s->end; low++) {
        const struct outline_paragraph *p = &d->o->paragraphs.items[low];
        struct head next;
        uint32_t n = p->row ? cells_of(d->o, p, cells) : 0;
        if (n > 0 && read_head(cells, n, &next)) {
            h = next;
        } else if (n > 1 && h.n > 0) {
            read_row(d, r, sentence, &h, cells, n);
        } else if (n == 0) {
            h.n = 0;
        }
    }
}
