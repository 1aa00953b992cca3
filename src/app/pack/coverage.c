/* SPDX-License-Identifier: Apache-2.0 */
/* Which declarations speak for which sentence. */
#include "app/pack/coverage.h"

#include <assert.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/map.h"

/* A reference to a clause that the text has. */
struct spoken {
    uint32_t commitment;
    uint32_t first, last; /* both 0: the whole clause */
};

/* References of a clause and where its sentences stand. */
struct of_clause {
    VEC(struct spoken) refs;
    VEC(uint32_t) sentences;
};

struct matcher {
    struct arena *a;
    struct coverage *c;
    const struct outline *o;
    struct map declared;      /* key of a path -> clause_codes */
    struct map clauses;       /* code, or key of an undeclared path -> clauses */
    uint32_t *of_section;     /* clause of each section, or NONE while it has no sentence */
    VEC(struct of_clause) by; /* parallel to clauses */
};

const char *coverage_state_name(enum coverage_state s)
{
    static const char *const names[] = {"covered", "unmeasurable", "open"};
    static_assert(sizeof names / sizeof *names == COVERAGE__COUNT, "a name per state");
    ASSERT(s < COVERAGE__COUNT);
    return names[s];
}

/* ---- sections to clauses -------------------------------------------------------------------- */

static uint32_t clause_of(struct matcher *m, struct str name, struct coverage_clause k)
{
    uint32_t ix = m->c->clauses.n;
    if (!map_get(&m->clauses, name, &ix)) {
        map_put(m->a, &m->clauses, name, ix);
        vec_push(m->a, &m->c->clauses, k);
        vec_push(m->a, &m->by, (struct of_clause){0});
    }
    return ix;
}

static bool declared(const struct matcher *m, uint32_t section, uint32_t *code)
{
    struct str key = clause_key(m->a, m->o->sections.items[section].path);
    return map_get(&m->declared, key, code);
}

/* Its own clause, else that of the nearest section around it that is declared. */
static uint32_t clause_of_section(struct matcher *m, uint32_t section)
{
    uint32_t code = 0;
    uint32_t s = section;
    while (s != OUTLINE_NONE && !declared(m, s, &code)) {
        s = m->o->sections.items[s].parent;
    }
    const struct outline_section *at = &m->o->sections.items[s == OUTLINE_NONE ? section : s];
    struct coverage_clause k = {.code = STR(""), .path = at->path, .title = at->title};
    if (s != OUTLINE_NONE) {
        k.code = m->c->plan->clause_codes[code].code;
    }
    return clause_of(m, s == OUTLINE_NONE ? clause_key(m->a, k.path) : k.code, k);
}

static void place_sections(struct matcher *m)
{
    const struct plan *p = m->c->plan;
    bool *there = ARENA_ARRAY(m->a, bool, (size_t)p->n_clause_codes + 1);
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        map_put(m->a, &m->declared, p->clause_codes[i].key, i);
    }
    m->of_section = ARENA_ARRAY(m->a, uint32_t, m->o->sections.n);
    uint32_t next = 0;
    for (uint32_t i = 0; i < m->o->sections.n; i++) {
        const struct outline_section *s = &m->o->sections.items[i];
        uint32_t code = 0;
        while (next < m->o->sentences.n && m->o->sentences.items[next].section < i) {
            next++;
        }
        bool has_text = next < m->o->sentences.n && m->o->sentences.items[next].section == i;
        bool is_declared = declared(m, i, &code);
        there[code] = there[code] || is_declared;
        m->of_section[i] = has_text || is_declared ? clause_of_section(m, i) : NONE;
        if (s->skipped > 0) {
            vec_push(m->a, &m->c->gaps, (struct coverage_gap){s->path, s->line, s->skipped});
        }
    }
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        if (!there[i]) {
            vec_push(m->a, &m->c->missing, i);
        }
    }
}

static void place_sentences(struct matcher *m)
{
    for (uint32_t i = 0; i < m->o->sentences.n; i++) {
        const struct outline_sentence *s = &m->o->sentences.items[i];
        uint32_t clause = m->of_section[s->section];
        struct of_clause *by = &m->by.items[clause];
        vec_push(m->a, &by->sentences, m->c->sentences.n);
        vec_push(m->a, &m->c->sentences,
                 (struct coverage_sentence){.text = s->text,
                                            .line = s->line,
                                            .clause = clause,
                                            .number = by->sentences.n,
                                            .state = COVERAGE_OPEN});
    }
}

/* ---- references ----------------------------------------------------------------------------- */

static void place_refs(struct matcher *m)
{
    const struct plan *p = m->c->plan;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        for (uint32_t j = 0; j < p->commitments[i].n_basis; j++) {
            const struct clause_ref *r = &p->commitments[i].basis[j];
            uint32_t clause = 0;
            if (!map_get(&m->clauses, r->code, &clause) &&
                !map_get(&m->clauses, clause_key(m->a, r->code), &clause)) {
                continue; /* said of the clause itself, or the pack declares none */
            }
            struct of_clause *by = &m->by.items[clause];
            vec_push(m->a, &by->refs, (struct spoken){i, r->first, r->last});
            if (r->last > by->sentences.n) {
                vec_push(m->a, &m->c->beyond, (struct coverage_beyond){i, r, by->sentences.n});
            }
        }
    }
}

/* Judged, filed or granted: a measure alone is not. */
static bool judges(const struct commitment *k)
{
    return k->kind != CK_UNMEASURABLE && !(k->kind == CK_INDICATOR && k->n_targets == 0);
}

static void speak(struct matcher *m, struct coverage_sentence *s, uint32_t commitment)
{
    for (uint32_t i = 0; i < s->by.n; i++) {
        if (s->by.items[i] == commitment) {
            return;
        }
    }
    const struct commitment *k = &m->c->plan->commitments[commitment];
    vec_push(m->a, &s->by, commitment);
    if (judges(k)) {
        s->state = COVERAGE_COVERED;
    } else if (k->kind == CK_UNMEASURABLE && s->state == COVERAGE_OPEN) {
        s->state = COVERAGE_UNMEASURABLE;
    }
}

static void hear_clause(struct matcher *m, const struct of_clause *by)
{
    for (uint32_t i = 0; i < by->refs.n; i++) {
        const struct spoken *r = &by->refs.items[i];
        for (uint32_t n = r->first; n > 0 && n <= r->last && n <= by->sentences.n; n++) {
            speak(m, &m->c->sentences.items[by->sentences.items[n - 1]], r->commitment);
        }
    }
    for (uint32_t n = 0; n < by->sentences.n; n++) {
        struct coverage_sentence *s = &m->c->sentences.items[by->sentences.items[n]];
        s->whole = s->by.n == 0;
        for (uint32_t i = 0; s->whole && i < by->refs.n; i++) {
            if (by->refs.items[i].first == 0) {
                speak(m, s, by->refs.items[i].commitment);
            }
        }
        s->whole = s->whole && s->by.n > 0;
    }
}

static void count(struct coverage *c)
{
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        const struct coverage_sentence *s = &c->sentences.items[i];
        struct coverage_clause *k = &c->clauses.items[s->clause];
        k->n_sentences++;
        k->n[s->state]++;
        k->n_whole += s->whole && s->state == COVERAGE_COVERED;
    }
}

/* ---- figures -------------------------------------------------------------------------------- */

static void compare_figures(struct matcher *m, const struct ast *ast)
{
    struct held held;
    held_make(m->a, m->c->plan, ast, &held);
    for (uint32_t i = 0; i < m->c->sentences.n; i++) {
        struct coverage_sentence *s = &m->c->sentences.items[i];
        figures printed = {0};
        if (s->state != COVERAGE_COVERED) {
            continue;
        }
        figures_of_text(m->a, s->text, &printed);
        for (uint32_t k = 0; k < printed.n; k++) {
            bool found = false;
            for (uint32_t j = 0; !found && j < s->by.n; j++) {
                found = held_has(&held, s->by.items[j], &printed.items[k]);
            }
            if (!found) {
                vec_push(m->a, &s->unheld, printed.items[k]);
            }
        }
    }
}

struct coverage *coverage_of(struct arena *a, const struct pack *p, const struct outline *o)
{
    struct coverage *c = ARENA_NEW(a, struct coverage);
    struct matcher m = {.a = a, .c = c, .o = o};
    *c = (struct coverage){.a = a,
                           .plan = p->plan,
                           .outline = o,
                           .dropped = o->dropped,
                           .n_automatic = o->n_automatic};
    place_sections(&m);
    place_sentences(&m);
    place_refs(&m);
    for (uint32_t i = 0; i < m.by.n; i++) {
        hear_clause(&m, &m.by.items[i]);
    }
    count(c);
    compare_figures(&m, p->lang.ast);
    return c;
}

enum rc coverage_make(struct arena *a, const struct pack *p, const char *path,
                      struct coverage **out, struct err *e)
{
    struct outline *o = ARENA_NEW(a, struct outline);
    TRY(outline_read(a, path, o, e));
    *out = coverage_of(a, p, o);
    return RC_OK;
}

enum rc coverage_status(const struct coverage *c)
{
    bool open = false;
    for (uint32_t i = 0; i < c->sentences.n; i++) {
        open = open || c->sentences.items[i].state == COVERAGE_OPEN;
    }
    return c->missing.n > 0 ? RC_INPUT : open || c->beyond.n > 0 ? RC_FINDINGS : RC_OK;
}
