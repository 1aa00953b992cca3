/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in its sentences a commitment is printed. A sentence is cut at its commas, and at 、 where
 * that tells figures apart. A piece with a figure that a commitment holds is its place; of several
 * commitments that hold it, those whose words are printed there too. What has no figure stands
 * where most of its words do; where none do, the sentence as a whole carries it.
 */
#include "app/text/living_int.h"

#include "app/figures.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "model/plan.h"

#define PAIRS_MIN 2 /* pairs of characters in common that make a place */

struct piece {
    uint32_t beg, end;
    figures printed;
    VEC(uint32_t) notes;
};

typedef VEC(uint32_t) numbers;

struct cut_sentence {
    uint32_t first, n; /* pieces */
    numbers whole;     /* notes of the sentence as a whole */
};

struct placer {
    struct living *l;
    struct arena *a;
    struct held held;
    bool *placed;             /* by note */
    VEC(struct piece) pieces; /* of all sentences */
    struct cut_sentence *cut; /* by sentence */
    numbers *by;              /* by sentence: its notes */
    numbers *of;              /* by note: its sentences */
    struct str text;          /* of the outline */
};

/* ---- cutting -------------------------------------------------------------------------------- */

static int32_t nesting(uint32_t cp)
{
    static const uint32_t opening[] = {0x201c, 0x300a, 0x300c, '(', 0x3010};
    static const uint32_t closing[] = {0x201d, 0x300b, 0x300d, ')', 0x3011};
    for (uint32_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        if (cp == opening[i] || cp == closing[i]) {
            return cp == opening[i] ? 1 : -1;
        }
    }
    return 0;
}

static bool cuts(uint32_t cp, bool fine)
{
    return cp == ',' || cp == ';' || cp == ':' || cp == 0x3002 || (fine && cp == 0x3001);
}

static void add_piece(struct placer *p, uint32_t beg, uint32_t end)
{
    struct piece piece = {.beg = beg, .end = end};
    if (end > beg) {
        figures_of_text(p->a, str_sub(p->text, beg, end), &piece.printed);
        vec_push(p->a, &p->pieces, piece);
    }
}

/* fine: at 、 too. Line feeds and tabs cut always. */
static void cut(struct placer *p, uint32_t beg, uint32_t end, bool fine)
{
    int32_t depth = 0;
    uint32_t from = beg;
    for (uint32_t i = beg, n = 0; i < end; i += n) {
        uint32_t cp = 0;
        n = utf8_decode(p->text, i, &cp);
        depth += nesting(cp);
        depth = depth > 0 ? depth : 0;
        bool feed = cp == '\n' || cp == '\t';
        if (feed || (depth == 0 && cuts(cp, fine))) {
            add_piece(p, from, i);
            from = i + n;
            depth = feed ? 0 : depth;
        }
    }
    add_piece(p, from, end);
}

static uint32_t counted(const struct piece *piece)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < piece->printed.n; i++) {
        n += !piece->printed.items[i].year;
    }
    return n;
}

static void cut_sentence(struct placer *p, uint32_t sentence)
{
    const struct outline_sentence *s = &p->l->coverage->outline->sentences.items[sentence];
    struct cut_sentence *out = &p->cut[sentence];
    uint32_t first = p->pieces.n;
    cut(p, s->beg, s->end, false);
    uint32_t coarse = p->pieces.n;
    for (uint32_t i = first; i < coarse; i++) {
        struct piece piece = p->pieces.items[i];
        if (counted(&piece) < 2) {
            vec_push(p->a, &p->pieces, piece);
        } else {
            cut(p, piece.beg, piece.end, true);
        }
    }
    if (p->pieces.n == coarse) {
        add_piece(p, s->beg, s->end); /* marks alone */
    }
    *out = (struct cut_sentence){.first = coarse, .n = p->pieces.n - coarse};
}

/* ---- words in common ------------------------------------------------------------------------ */

/* Neighbouring characters of s that stand next to each other in t too. */
static uint32_t pairs(struct str s, struct str t)
{
    uint32_t found = 0;
    uint32_t cp = 0;
    for (uint32_t i = 0, n = 0; i < s.n; i += n) {
        n = utf8_decode(s, i, &cp);
        if (i + n < s.n && utf8_is_han(cp)) {
            uint32_t m = utf8_decode(s, i + n, &cp);
            found += utf8_is_han(cp) && str_find(t, str_sub(s, i, i + n + m), 0) != STR_NONE;
        }
    }
    return found;
}

static uint32_t words_in(const struct placer *p, uint32_t note, const struct piece *piece)
{
    const struct commitment *k =
        &p->l->answer->plan->commitments[p->l->notes.items[note].commitment];
    struct str s = str_sub(p->text, piece->beg, piece->end);
    return pairs(k->name, s) + pairs(k->deliverable, s);
}

/* ---- placing -------------------------------------------------------------------------------- */

static bool holds(const struct placer *p, uint32_t note, const struct piece *piece)
{
    for (uint32_t i = 0; i < piece->printed.n; i++) {
        const struct figure *f = &piece->printed.items[i];
        if (!f->year && held_has(&p->held, p->l->notes.items[note].commitment, f)) {
            return true;
        }
    }
    return false;
}

/* By figure: of those that hold one of the piece, who has most words there, or half as many. */
static void place_figures(struct placer *p, struct piece *piece, const uint32_t *notes, uint32_t n)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t words = holds(p, notes[i], piece) ? words_in(p, notes[i], piece) : 0;
        most = words > most ? words : most;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (holds(p, notes[i], piece) && 2 * words_in(p, notes[i], piece) >= most) {
            vec_push(p->a, &piece->notes, notes[i]);
            p->placed[notes[i]] = true;
        }
    }
}

/* By words, in any of its sentences; else with the first of them. */
static void place_words(struct placer *p, uint32_t note)
{
    struct piece *best = NULL;
    uint32_t most = PAIRS_MIN - 1;
    const numbers *of = &p->of[note];
    for (uint32_t k = 0; k < of->n; k++) {
        const struct cut_sentence *c = &p->cut[of->items[k]];
        for (uint32_t i = 0; i < c->n; i++) {
            uint32_t words = words_in(p, note, &p->pieces.items[c->first + i]);
            if (words > most) {
                most = words;
                best = &p->pieces.items[c->first + i];
            }
        }
    }
    if (best) {
        vec_push(p->a, &best->notes, note);
    } else {
        vec_push(p->a, &p->cut[of->items[0]].whole, note);
    }
}

static void find_places(struct placer *p, uint32_t n_sentences)
{
    for (uint32_t s = 0; s < n_sentences; s++) {
        for (uint32_t i = 0; i < p->cut[s].n && p->by[s].n > 0; i++) {
            struct piece *piece = &p->pieces.items[p->cut[s].first + i];
            if (counted(piece) > 0) {
                place_figures(p, piece, p->by[s].items, p->by[s].n);
            }
        }
    }
    for (uint32_t note = 0; note < p->l->notes.n; note++) {
        if (!p->placed[note] && p->of[note].n > 0) {
            place_words(p, note);
        }
    }
}

/* ---- marks ---------------------------------------------------------------------------------- */

static void show_notes(struct placer *p, struct living_mark *m, const numbers *notes)
{
    for (uint32_t i = 0; i < notes->n; i++) {
        enum note_state s = p->l->notes.items[notes->items[i]].state;
        m->state = s < m->state ? s : m->state;
        vec_push(p->a, &m->notes, notes->items[i]);
    }
}

static struct living_mark *add_mark(struct placer *p, const struct piece *piece)
{
    vec_push(p->a, &p->l->marks,
             (struct living_mark){.beg = piece->beg, .end = piece->end, .state = NOTE_NONE});
    return &vec_last(&p->l->marks);
}

/* The pieces with notes of their own; where the whole sentence has some, the others are its rest,
 * and the last of them shows these notes. All taken: the last piece shows them too. */
static void mark_sentence(struct placer *p, const struct cut_sentence *c)
{
    uint32_t last_rest = NONE;
    uint32_t first = p->l->marks.n;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct piece *piece = &p->pieces.items[c->first + i];
        const numbers own = {piece->notes.items, piece->notes.n, piece->notes.n};
        if (own.n == 0 && c->whole.n == 0) {
            continue;
        }
        struct living_mark *m = add_mark(p, piece);
        m->rest = own.n == 0;
        m->silent = m->rest;
        show_notes(p, m, m->rest ? &c->whole : &own);
        last_rest = m->rest ? p->l->marks.n - 1 : last_rest;
    }
    if (c->whole.n > 0 && last_rest != NONE) {
        p->l->marks.items[last_rest].silent = false;
    } else if (c->whole.n > 0 && p->l->marks.n > first) {
        show_notes(p, &vec_last(&p->l->marks), &c->whole);
    }
}

/* What nothing judges is shown as that, paragraph by paragraph. */
static void mark_open(struct placer *p, const struct cut_sentence *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        const struct piece *piece = &p->pieces.items[c->first + i];
        bool goes_on =
            i > 0 && p->text.p[piece->beg - 1] != '\n' && p->text.p[piece->beg - 1] != '\t';
        struct living_mark *m = goes_on ? &vec_last(&p->l->marks) : add_mark(p, piece);
        *m = (struct living_mark){
            .beg = m->beg, .end = piece->end, .open = true, .silent = true, .state = NOTE_NONE};
    }
}

/* Notes by their first mark. */
static void number_notes(struct placer *p)
{
    uint32_t n = 0;
    p->l->order = ARENA_ARRAY(p->a, uint32_t, (size_t)p->l->notes.n + 1);
    for (uint32_t i = 0; i < p->l->marks.n; i++) {
        const struct living_mark *m = &p->l->marks.items[i];
        for (uint32_t k = 0; k < m->notes.n && !m->silent; k++) {
            struct living_note *note = &p->l->notes.items[m->notes.items[k]];
            if (note->number == 0) {
                p->l->order[n] = m->notes.items[k];
                note->number = ++n;
            }
        }
    }
}

void marks_place(struct living *l, const struct ast *ast)
{
    const struct coverage *c = l->coverage;
    uint32_t n = c->sentences.n;
    struct placer p = {.l = l,
                       .a = l->a,
                       .placed = ARENA_ARRAY(l->a, bool, (size_t)l->notes.n + 1),
                       .cut = ARENA_ARRAY(l->a, struct cut_sentence, (size_t)n + 1),
                       .by = ARENA_ARRAY(l->a, numbers, (size_t)n + 1),
                       .of = ARENA_ARRAY(l->a, numbers, (size_t)l->notes.n + 1),
                       .text = c->outline->text};
    uint32_t *note_of = ARENA_ARRAY(l->a, uint32_t, (size_t)l->answer->plan->n_commitments + 1);
    held_make(l->a, l->answer->plan, ast, &p.held);
    for (uint32_t i = 0; i < l->notes.n; i++) {
        note_of[l->notes.items[i].commitment] = i + 1;
    }
    for (uint32_t s = 0; s < n; s++) {
        const struct coverage_sentence *sentence = &c->sentences.items[s];
        for (uint32_t i = 0; i < sentence->by.n; i++) {
            uint32_t note = note_of[sentence->by.items[i]];
            if (note > 0) {
                vec_push(l->a, &p.by[s], note - 1);
                vec_push(l->a, &p.of[note - 1], s);
            }
        }
        cut_sentence(&p, s);
    }
    find_places(&p, n);
    for (uint32_t s = 0; s < n; s++) {
        uint32_t before = l->marks.n;
        mark_sentence(&p, &p.cut[s]);
        if (l->marks.n == before && c->sentences.items[s].state != COVERAGE_COVERED) {
            mark_open(&p, &p.cut[s]);
        }
    }
    number_notes(&p);
}
