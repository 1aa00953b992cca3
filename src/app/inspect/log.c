/* SPDX-License-Identifier: Apache-2.0 */
/* Detectors over what only a book knows: who submitted when, and the documents behind claims. */
#include <stdlib.h>

#include "app/inspect/inspect_int.h"
#include "base/arena.h"

#define MINUTE INT64_C(60000000)

/* ---- many forms from one hand -----------------------------------------------------------------
 */

struct handed {
    const struct inspect_filing *of;
    uint32_t above; /* the unit above it on the day; NONE */
};

static int handed_cmp(const void *p, const void *q)
{
    const struct handed *x = p;
    const struct handed *y = q;
    int c = str_cmp(x->of->actor, y->of->actor);
    c = c != 0 ? c : str_cmp(x->of->round, y->of->round);
    c = c != 0 ? c : (x->above > y->above) - (x->above < y->above);
    c = c != 0 ? c : (x->of->at > y->of->at) - (x->of->at < y->of->at);
    return c != 0 ? c : (x->of->unit > y->of->unit) - (x->of->unit < y->of->unit);
}

/* By one person, for one round, below one unit, within the time. */
static bool together(const struct handed *first, const struct handed *x)
{
    return str_eq(first->of->actor, x->of->actor) && str_eq(first->of->round, x->of->round) &&
           first->above == x->above &&
           (double)(x->of->at - first->of->at) <=
               inspect_param(PARAM_SERIAL_MINUTES) * (double)MINUTE;
}

/* Units of list[from..to), each once. */
static uint32_t distinct(const struct handed *list, uint32_t from, uint32_t to, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++) {
        uint32_t k = 0;
        while (k < n && out[k] != list[i].of->unit) {
            k++;
        }
        out[k] = list[i].of->unit;
        n = k == n ? n + 1 : n;
    }
    return n;
}

static struct str day_of(struct grid *g, int64_t at)
{
    char text[DATE_TEXT_BYTES];
    return str_dup(g->a, date_text((struct date){(int32_t)(at / (MINUTE * 60 * 24))}, text));
}

static void ask_serial(struct grid *g, const struct handed *last, const uint32_t *units, uint32_t n)
{
    struct str day = day_of(g, last->of->at);
    struct asked q = {.detector = DETECTOR_SERIAL,
                      .unit = last->above,
                      .what = last->of->round,
                      .period = day,
                      .weight = n,
                      .about = units,
                      .n_about = n,
                      .a = BOTH(count_text(g->a, n)),
                      .b = BOTH(count_text(g->a, (uint64_t)inspect_param(PARAM_SERIAL_MINUTES))),
                      .c = BOTH(day)};
    inspect_ask(g, &q);
}

static uint32_t above_of(const struct grid *g, uint32_t unit)
{
    const struct tree_version *v = tree_version_at(g->tree, unit, g->wish.as_of);
    uint32_t above = NONE;
    return v != NULL && tree_unit_of_code(g->tree, v->parent, &above) ? above : NONE;
}

void inspect_filings(struct grid *g)
{
    const struct inspect_book *book = g->wish.book;
    struct handed *list = ARENA_ARRAY(g->a, struct handed, book->filings.n + 1U);
    uint32_t n = book->filings.n;
    for (uint32_t i = 0; i < n; i++) {
        const struct inspect_filing *f = &book->filings.items[i];
        list[i] = (struct handed){f, above_of(g, f->unit)};
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, handed_cmp);
    }
    for (uint32_t i = 0; i < n;) {
        uint32_t to = i + 1;
        while (to < n && together(&list[i], &list[to])) {
            to++;
        }
        uint32_t *units = ARENA_ARRAY(g->a, uint32_t, to - i);
        uint32_t many = distinct(list, i, to, units);
        bool serial = many >= inspect_param(PARAM_SERIAL_UNITS) && list[i].above != NONE;
        if (serial) {
            ask_serial(g, &list[to - 1], units, many);
        }
        i = serial ? to : i + 1;
    }
}

/* ---- one document for many claims -------------------------------------------------------------
 */

static int claim_cmp(const void *p, const void *q)
{
    const struct inspect_claim *x = p;
    const struct inspect_claim *y = q;
    int c = str_cmp(x->hash, y->hash);
    c = c != 0 ? c : (x->unit > y->unit) - (x->unit < y->unit);
    return c != 0 ? c : str_cmp(x->task, y->task);
}

static bool same_claim(const struct inspect_claim *x, const struct inspect_claim *y)
{
    return x->unit == y->unit && str_eq(x->task, y->task);
}

/* Claims list[from..to) of one document, sorted: each claim and each unit once. */
static void ask_evidence(struct grid *g, const struct inspect_claim *list, uint32_t from,
                         uint32_t to)
{
    uint32_t claims = 1;
    uint32_t units = 1;
    for (uint32_t i = from + 1; i < to; i++) {
        claims += !same_claim(&list[i - 1], &list[i]);
        units += list[i - 1].unit != list[i].unit;
    }
    for (uint32_t i = from; claims >= inspect_param(PARAM_EVIDENCE_CLAIMS) && i < to; i++) {
        if (i > from && list[i - 1].unit == list[i].unit) {
            continue;
        }
        struct asked q = {.detector = DETECTOR_EVIDENCE,
                          .unit = list[i].unit,
                          .what = str_sub(list[i].hash, 0, 12),
                          .weight = claims,
                          .a = BOTH(count_text(g->a, claims)),
                          .b = BOTH(count_text(g->a, units)),
                          .c = BOTH(list[i].document)};
        inspect_ask(g, &q);
    }
}

void inspect_claims(struct grid *g)
{
    const struct inspect_book *book = g->wish.book;
    uint32_t n = book->claims.n;
    struct inspect_claim *list = ARENA_ARRAY(g->a, struct inspect_claim, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        list[i] = book->claims.items[i];
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, claim_cmp);
    }
    for (uint32_t i = 0; i < n;) {
        uint32_t to = i + 1;
        while (to < n && str_eq(list[i].hash, list[to].hash)) {
            to++;
        }
        ask_evidence(g, list, i, to);
        i = to;
    }
}
