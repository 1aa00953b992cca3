/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a commitment: its rows at the unit, how it stands by them, where figures come
 * from. */
#include "app/demo/demo.h"
#include "app/text/living_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "model/dataset.h"

#define SOURCES_MAX 4

static const struct {
    const char *css, *sign, *few[2], *words[2];
} states[] = {
#define STATE(name, css, sign, short_zh, short_en, zh, en)                                         \
    {css, sign, {short_en, short_zh}, {en, zh}},
#include "app/text/note_state.def"
};

const char *note_state_css(enum note_state s)
{
    return states[s].css;
}

const char *note_state_sign(enum note_state s)
{
    return states[s].sign;
}

const char *note_state_short(enum note_state s, bool chinese)
{
    return states[s].few[chinese];
}

const char *note_state_words(enum note_state s, bool chinese)
{
    return states[s].words[chinese];
}

static enum note_state state_of(const struct verdict *v)
{
    static const enum note_state by_state[] = {[ST_MET] = NOTE_MET,
                                               [ST_MISSED] = NOTE_MISSED,
                                               [ST_PENDING] = NOTE_GREY,
                                               [ST_UNKNOWN] = NOTE_UNKNOWN,
                                               [ST_NA] = NOTE_NA};
    static const enum note_state by_light[] = {[LIGHT_NONE] = NOTE_GREY,
                                               [LIGHT_GREEN] = NOTE_GREEN,
                                               [LIGHT_AMBER] = NOTE_AMBER,
                                               [LIGHT_RED] = NOTE_RED,
                                               [LIGHT_GREY] = NOTE_GREY};
    return v->state == ST_PENDING ? by_light[v->light] : by_state[v->state];
}

/* ---- sources -------------------------------------------------------------------------------- */

struct source_list {
    const struct explain *x;
    struct arena *a;
    uint32_t unit;
    uint32_t *seen; /* by expression: the note it was seen for, from 1 */
    uint32_t note;
    struct str items[SOURCES_MAX + 1];
    uint32_t n;
};

static void add_source(struct source_list *l, struct str s)
{
    for (uint32_t i = 0; i < l->n; i++) {
        if (str_eq(l->items[i], s)) {
            return;
        }
    }
    if (s.n > 0 && l->n <= SOURCES_MAX) {
        l->items[l->n++] = s;
    }
}

/* The first fact of an item at a unit or beyond; n_facts: none. D2 has them sorted. */
static uint32_t first_fact(const struct dataset *d, uint32_t item, uint32_t unit)
{
    uint32_t lo = 0;
    uint32_t hi = d->n_facts;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct fact *f = &d->facts[mid];
        bool before = f->item < item || (f->item == item && f->unit < unit);
        lo = before ? mid + 1 : lo;
        hi = before ? hi : mid;
    }
    return lo;
}

/* The newest fact of an item at the unit that is known on the day; NULL: none. */
static const struct fact *newest_fact(const struct source_list *l, uint32_t item)
{
    const struct dataset *d = cells_dataset(l->x->cells);
    const struct fact *found = NULL;
    for (uint32_t i = first_fact(d, item, l->unit);
         i < d->n_facts && d->facts[i].item == item && d->facts[i].unit == l->unit; i++) {
        bool known = date_cmp(d->facts[i].from.recorded, l->x->answer.as_of) <= 0;
        found = known ? &d->facts[i] : found;
    }
    return found;
}

static void add_fact(struct source_list *l, const struct fact *f)
{
    struct str s = f->from.source;
    char day[DATE_TEXT_BYTES];
    if (s.n > 0 && date_cmp(f->from.recorded, DATE_MIN) != 0) {
        s = str_cat(l->a, s, str_from_cstr(l->x->answer.chinese ? " 记录于 " : ", recorded "));
        s = str_cat(l->a, s, str_dup(l->a, date_text(f->from.recorded, day)));
    }
    add_source(l, s);
}

/* Of tables, where the unit's own figure was taken from, or that of a unit below; and where the
 * plan says it comes from. A book tells its sources one by one, to whom it may (explain). */
static void add_item(struct source_list *l, uint32_t item)
{
    const struct dataset *d = cells_dataset(l->x->cells);
    const struct fact *f = l->x->book ? NULL : newest_fact(l, item);
    uint32_t any = l->x->book ? d->n_facts : first_fact(d, item, 0);
    if (f) {
        add_fact(l, f);
    } else if (any < d->n_facts && d->facts[any].item == item) {
        add_source(l, d->facts[any].from.source);
    }
    add_source(l, l->x->answer.plan->items[item].d.source);
}

/* Of titles and registers, by their first row. */
static void add_roll(struct source_list *l, enum over over, uint32_t ref)
{
    const struct dataset *d = cells_dataset(l->x->cells);
    for (uint32_t i = 0; over == OVER_TITLE && !l->x->book && i < d->n_titles; i++) {
        if (d->titles[i].title == ref) {
            add_source(l, d->titles[i].from.source);
            return;
        }
    }
    for (uint32_t i = 0; over == OVER_REGISTER && !l->x->book && i < d->n_rows; i++) {
        if (d->rows[i].reg == ref) {
            add_source(l, d->rows[i].from.source);
            return;
        }
    }
}

static void add_expression(struct source_list *l, uint32_t e)
{
    const struct plan *p = l->x->answer.plan;
    if (e == NONE || l->seen[e] == l->note) {
        return;
    }
    l->seen[e] = l->note;
    const struct expr *x = &p->exprs[e];
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        add_item(l, x->ref);
    } else if (x->op == EX_FIELD) {
        add_source(l, p->fields[x->ref].d.source);
    } else if (x->op == EX_AGG) {
        add_roll(l, x->over, x->over_ref);
    } else if (x->op == EX_TITLE) {
        add_roll(l, OVER_TITLE, x->ref);
    } else if (x->op == EX_INDICATOR) {
        const struct commitment *k = &p->commitments[x->ref];
        for (uint32_t i = 0; i < k->n_definitions; i++) {
            add_expression(l, k->definitions[i].measure);
        }
    }
    add_expression(l, x->a);
    add_expression(l, x->b);
    add_expression(l, x->c);
}

static struct str sources_text(const struct source_list *l)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < l->n && i < SOURCES_MAX; i++) {
        out = out.n > 0 ? str_cat(l->a, out, STR("；")) : out;
        out = str_cat(l->a, out, l->items[i]);
    }
    return l->n > SOURCES_MAX ? str_cat(l->a, out, STR("……")) : out;
}

/* ---- rows ----------------------------------------------------------------------------------- */

struct noter {
    struct living *l;
    const struct explain *x;
    struct printer printer;
    uint32_t *note_of; /* by commitment, from 1 */
};

/* One that speaks for a sentence is a note. */
static void find_notes(struct noter *n)
{
    n->note_of = ARENA_ARRAY(n->l->a, uint32_t, (size_t)n->l->answer->plan->n_commitments + 1);
    const struct coverage *c = n->l->coverage;
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        for (uint32_t k = 0; k < c->sentences.items[i].by.n; k++) {
            uint32_t commitment = c->sentences.items[i].by.items[k];
            bool judged = n->l->answer->plan->commitments[commitment].kind != CK_UNMEASURABLE;
            if (judged && n->note_of[commitment] == 0) {
                vec_push(n->l->a, &n->l->notes,
                         (struct living_note){.commitment = commitment, .state = NOTE_NONE});
                n->note_of[commitment] = n->l->notes.n;
            }
        }
    }
}

static void add_row(struct noter *n, struct living_note *note, const struct verdict *v)
{
    enum { PART = 1, YEAR = 3, MEASURE = 6, REQUIRED = 7, REPORTED = 8, FLAGS = 9 };
    struct str cells[ANSWER_COLUMNS];
    char day[DATE_TEXT_BYTES];
    answer_cells(&n->x->answer, &n->printer, v, cells);
    struct note_row row = {.of = v->year,
                           .pending = v->state == ST_PENDING,
                           .year = cells[YEAR],
                           .part = cells[PART],
                           .state = state_of(v),
                           .figure = cells[MEASURE],
                           .required = cells[REQUIRED],
                           .reported = cells[REPORTED],
                           .flags = cells[FLAGS]};
    row.due = date_is_sentinel(v->due) ? STR("") : str_dup(n->l->a, date_text(v->due, day));
    vec_push(n->l->a, &note->rows, row);
}

/* The rows that matter now: of the latest year that is decided, and of the next one that is not.
 * The worst of them is how the commitment stands; without rows here, the worst elsewhere. */
static enum note_state stands(const struct living_note *note)
{
    enum note_state worst = NOTE_NONE;
    int32_t decided = INT32_MIN;
    int32_t next = INT32_MAX;
    for (uint32_t i = 0; i < note->rows.n; i++) {
        const struct note_row *r = &note->rows.items[i];
        decided = !r->pending && r->of > decided ? r->of : decided;
        next = r->pending && r->of < next ? r->of : next;
    }
    for (uint32_t i = 0; i < note->rows.n; i++) {
        const struct note_row *r = &note->rows.items[i];
        worst = r->of == (r->pending ? next : decided) && r->state < worst ? r->state : worst;
    }
    for (uint32_t s = NOTE__COUNT; note->rows.n == 0 && s-- > 0;) {
        worst = note->n_elsewhere[s] > 0 ? (enum note_state)s : worst;
    }
    return worst;
}

static void fill_rows(struct noter *n)
{
    const struct verdicts *vs = &n->x->answer.verdicts;
    uint32_t page = 0;
    for (uint32_t i = 0; i < vs->rows.n; i++) {
        struct row_key key = verdicts_key(vs, i, &page);
        uint32_t at = n->note_of[key.head->commitment];
        if (at == 0) {
            continue;
        }
        struct living_note *note = &n->l->notes.items[at - 1];
        struct verdict v = verdicts_at(vs, i);
        if (v.unit != n->l->unit) {
            note->n_elsewhere[state_of(&v)]++;
            continue;
        }
        add_row(n, note, &v);
        const struct commitment *k = &n->x->answer.plan->commitments[v.commitment];
        uint32_t e = v.clause ? print_measure_of(n->x->answer.plan, &v) : k->condition;
        vec_push(n->l->a, &note->measures, e);
    }
}

static void fill_sources(struct noter *n)
{
    const struct plan *p = n->x->answer.plan;
    struct source_list l = {.x = n->x,
                            .a = n->l->a,
                            .unit = n->l->unit,
                            .seen = ARENA_ARRAY(n->l->a, uint32_t, (size_t)p->n_exprs + 1)};
    for (uint32_t i = 0; i < n->l->notes.n; i++) {
        struct living_note *note = &n->l->notes.items[i];
        l.n = 0;
        l.note = i + 1;
        add_source(&l, p->commitments[note->commitment].source);
        for (uint32_t k = 0; k < note->measures.n; k++) {
            add_expression(&l, note->measures.items[k]);
        }
        if (l.n == 0 && note->rows.n > 0) {
            add_source(&l, n->l->facts);
        }
        note->sources = sources_text(&l);
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Demonstration data name their units so (demo/demo.h, DE2). */
static bool is_demo(const struct tree *t)
{
    bool found = false;
    for (uint32_t i = 0; i < t->n_versions && !found; i++) {
        found = str_starts(t->versions[i].name, STR("示例"));
    }
    return found;
}

void notes_make(struct living *l, const struct explain *x)
{
    struct noter n = {.l = l, .x = x};
    printer_init(&n.printer, l->a, x->answer.plan, x->answer.chinese);
    find_notes(&n);
    fill_rows(&n);
    fill_sources(&n);
    l->demo = is_demo(x->answer.tree);
    for (uint32_t i = 0; i < l->notes.n; i++) {
        l->notes.items[i].state = stands(&l->notes.items[i]);
        l->n[l->notes.items[i].state]++;
    }
}

void living_make(struct arena *a, const struct coverage *c, const struct ast *ast,
                 const struct explain *x, uint32_t unit, struct str facts, struct living **out)
{
    struct living *l = ARENA_NEW(a, struct living);
    *l = (struct living){.a = a, .coverage = c, .answer = &x->answer, .unit = unit, .facts = facts};
    notes_make(l, x);
    marks_place(l, ast);
    *out = l;
}

void living_place(struct arena *a, const struct coverage *c, const struct ast *ast,
                  const struct answer *answer, struct living **out)
{
    struct living *l = ARENA_NEW(a, struct living);
    struct noter n = {.l = l};
    *l = (struct living){.a = a, .coverage = c, .answer = answer, .unit = NONE};
    find_notes(&n);
    marks_place(l, ast);
    *out = l;
}
