/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain blocks over units that are asked about their own cells: known measures come in runs, become
 * a byte each, and the block a column of rows (model/verdict_row.h). Every other unit is judged as
 * always; its row stands whole.
 */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "engine/judge_int.h"

#ifdef TIZHI_SHAKE
#define RUN_UNITS 7u
#else
#define RUN_UNITS 2048u /* of a run: its columns stay in the cache */
#endif
#define CODES 256

/* A block at work. */
struct work {
    struct judge *j;
    const struct block *b;
    struct plain *p;
    struct share *shares;
    struct known_run now, who, before; /* of the run at work */
    uint8_t code[4][4][2];             /* by truth of the measure, what holds, non-binding */
    struct share share[CODES];         /* by code */
    bool only_truth;                   /* a code follows from the truth of the measure: */
    uint8_t of_truth[8];               /* then of KNOWN_SILENT and a truth */
    struct row_column column;
    uint8_t *codes; /* those of the column */
    int64_t *x, *y;
    struct found found; /* at one unit; its room is kept */
};

/* ---- one run -------------------------------------------------------------------------------- */

static enum truth holds_at(const struct work *w, const struct known_run *v, uint32_t i)
{
    if (v->is_bool || v->t[i] != T_YES) {
        return (enum truth)v->t[i];
    }
    return judge_plain_order(w->b, w->p, v->x[i], v->y[i]);
}

/* The baseline year satisfies it (judge_plain.c). */
static bool bound_at(const struct work *w, uint32_t i)
{
    return w->p->has_baseline && w->before.expected > 0 && holds_at(w, &w->before, i) == T_YES;
}

/* Whole: somebody else has to say. */
static uint8_t code_at(const struct work *w, uint32_t unit, uint32_t i)
{
    enum truth who = w->who.t ? (enum truth)w->who.t[i] : T_YES;
    bool sure = !w->b->units.unsure.items[unit] && who != T_UNKNOWN;
    if (sure && who != T_YES) {
        return ROW_CODE_ABSENT;
    }
    bool known = w->now.t[i] != T_UNKNOWN && (!w->p->has_baseline || w->before.t[i] != T_UNKNOWN);
    return sure && known ? w->code[w->now.t[i]][holds_at(w, &w->now, i)][bound_at(w, i)]
                         : (uint8_t)ROW_CODE_WHOLE;
}

static void read_codes(struct work *w)
{
    const struct block *b = w->b;
    for (uint32_t t = 0; t < 4; t++) {
        for (uint32_t holds = 0; holds < 4; holds++) {
            enum mval_kind kind = w->now.is_bool ? MV_BOOL : t == T_NA ? MV_NONE : MV_NUMBER;
            enum truth truth = w->now.is_bool ? (enum truth)t : T_NA;
            enum state state = judge_state((enum truth)holds, T_YES, true);
            bool finding = !b->c && holds == T_NO && b->k->kind == CK_CHECK;
            for (uint32_t bound = 0; bound < 2; bound++) {
                uint8_t code = row_code(kind, truth, state, bound != 0);
                uint32_t flags = w->p->row.flags | (bound != 0 ? (uint32_t)VF_NON_BINDING : 0u);
                struct said said = {
                    state, LIGHT_NONE,       flags, w->now.expected, w->now.expected,
                    T_YES, (enum truth)holds};
                w->code[t][holds][bound] = finding ? (uint8_t)ROW_CODE_WHOLE : code;
                w->share[code] = block_share_of(&said);
            }
        }
    }
}

static bool ask(struct work *w, struct cursor *c, struct unit_run r, struct known_run *out)
{
    const struct evaluator *ev = w->j->ev;
    return ev->known_run(ev->ctx, c, r, out);
}

/* A number is compared, a truth is not. */
static bool fits_asked(const struct work *w)
{
    bool compares = w->b->c && w->b->c->cmp != CMP_NONE;
    return compares ? !w->now.is_bool : w->now.is_bool;
}

static bool ask_run(struct work *w, struct unit_run r)
{
    if (w->who.t && (!ask(w, &w->p->who, r, &w->who) || !w->who.is_bool)) {
        return false;
    }
    if (w->p->has_baseline && (!ask(w, &w->p->before, r, &w->before) || w->before.is_bool)) {
        return false;
    }
    return ask(w, &w->p->now, r, &w->now) && fits_asked(w);
}

static void take_run(struct work *w, struct unit_run r)
{
    const struct known_run *now = &w->now;
    bool alike = now->expected == w->column.model.expected;
    if (w->only_truth && alike) {
        for (uint32_t i = 0; i < r.to - r.from; i++) {
            w->codes[r.from + i] = w->of_truth[now->t[i]];
        }
        return;
    }
    for (uint32_t i = 0; i < r.to - r.from; i++) {
        w->codes[r.from + i] = alike ? code_at(w, r.from + i, i) : (uint8_t)ROW_CODE_WHOLE;
    }
    if (!now->is_bool) {
        memcpy(&w->x[r.from], now->x, (r.to - r.from) * sizeof *w->x);
        memcpy(&w->y[r.from], now->y, (r.to - r.from) * sizeof *w->y);
    }
}

/* ---- whole rows ----------------------------------------------------------------------------- */

/* The next row that stands whole, from i on; n: there is none. */
static uint32_t next_whole(const struct work *w, uint32_t i, uint32_t n)
{
    const uint8_t *at = i < n ? memchr(w->codes + i, ROW_CODE_WHOLE, n - i) : NULL;
    return at ? (uint32_t)(at - w->codes) : n;
}

static enum rc judge_wholes(struct work *w, uint32_t n)
{
    struct arena *a = w->j->arena;
    uint32_t n_whole = 0;
    for (uint32_t i = next_whole(w, 0, n); i < n; i = next_whole(w, i + 1, n)) {
        n_whole++;
    }
    struct verdict_row *whole = ARENA_ARRAY(a, struct verdict_row, n_whole);
    uint32_t *whole_at = ARENA_ARRAY(a, uint32_t, n_whole);
    enum rc rc = RC_OK;
    n_whole = 0;
    for (uint32_t i = next_whole(w, 0, n); rc == RC_OK && i < n; i = next_whole(w, i + 1, n)) {
        rc = block_one(w->j, w->b, i, &w->found, &w->shares[i], &whole[n_whole]);
        whole_at[n_whole] = i;
        w->codes[i] = w->shares[i].there ? ROW_CODE_WHOLE : ROW_CODE_ABSENT;
        n_whole += w->shares[i].there;
    }
    w->column.whole = whole;
    w->column.whole_at = whole_at;
    w->column.n_whole = n_whole;
    return rc;
}

/* ---- the column ----------------------------------------------------------------------------- */

/* Rows that are not there leave no gap. */
static void close_gaps(struct work *w, uint32_t n)
{
    const uint32_t *listed = w->b->units.list.items;
    uint32_t *whole_at = (uint32_t *)(uintptr_t)w->column.whole_at;
    uint32_t *units = ARENA_RAW(w->j->arena, uint32_t, n);
    uint32_t to = 0;
    uint32_t n_whole = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (w->codes[i] == ROW_CODE_ABSENT) {
            continue;
        }
        if (w->codes[i] == ROW_CODE_WHOLE) {
            whole_at[n_whole++] = to;
        }
        units[to] = listed[i];
        w->codes[to] = w->codes[i];
        if (w->x) {
            w->x[to] = w->x[i];
            w->y[to] = w->y[i];
        }
        to++;
    }
    w->column.n = to;
    w->column.unit = units;
}

static void share_out(struct work *w, uint32_t n)
{
    for (uint32_t i = 0; w->b->above && i < n; i++) {
        if (w->codes[i] != ROW_CODE_WHOLE) {
            w->shares[i] = w->share[w->codes[i]];
        }
    }
}

/* Room for runs: of three measures, each with its numbers. */
static void make_room(struct work *w)
{
    struct known_run *runs[] = {&w->now, &w->who, &w->before};
    size_t each = (size_t)RUN_UNITS * (2 * sizeof(int64_t) + 1) + sizeof(int64_t);
    each -= each % sizeof(int64_t);
    char *room = judge_room(w->j, &w->j->runs, sizeof runs / sizeof *runs, each);
    for (uint32_t k = 0; k < sizeof runs / sizeof *runs; k++) {
        runs[k]->x = (int64_t *)(void *)(room + k * each);
        runs[k]->y = runs[k]->x + RUN_UNITS;
        runs[k]->t = (uint8_t *)(runs[k]->y + RUN_UNITS);
    }
    if (w->p->who.e == NONE || !w->b->c) {
        w->who.t = NULL;
    }
}

/* Nobody is left out, or in doubt; nothing is compared. */
static bool needs_only_truth(const struct work *w, uint32_t n)
{
    return !w->who.t && !w->p->has_baseline && w->now.is_bool &&
           !memchr(w->b->units.unsure.items, true, n);
}

/* After the first run was asked about. */
static void open_column(struct work *w, uint32_t n)
{
    struct arena *a = w->j->arena;
    bool number = !w->now.is_bool;
    read_codes(w);
    w->only_truth = needs_only_truth(w, n);
    ASSERT(w->only_truth || !w->now.silent_too);
    for (uint32_t t = 0; t < 4; t++) {
        enum state state = judge_state((enum truth)t, T_YES, true);
        w->of_truth[t] = t == T_UNKNOWN ? (uint8_t)ROW_CODE_WHOLE : w->code[t][t][0];
        w->of_truth[KNOWN_SILENT | t] =
            t == T_NO ? (uint8_t)ROW_CODE_WHOLE
                      : row_code(ROW_KIND_SILENT, (enum truth)t, state, false);
    }
    w->codes = ARENA_RAW(a, uint8_t, n);
    w->x = number ? ARENA_RAW(a, int64_t, n) : NULL;
    w->y = number ? ARENA_RAW(a, int64_t, n) : NULL;
    w->column = (struct row_column){.model = w->p->row,
                                    .n = n,
                                    .unit = w->b->units.list.items,
                                    .code = w->codes,
                                    .x = w->x,
                                    .y = w->y};
    w->column.model.reported = w->now.expected;
    w->column.model.expected = w->now.expected;
}

/* A code for every unit. false: its measures do not come in runs. */
static bool take_runs(struct work *w)
{
    const struct block *b = w->b;
    uint32_t n = b->units.list.n;
    if (!w->j->ev->known_run || n == 0) {
        return false;
    }
    make_room(w);
    /* Unknown is unknown once the check is due (C01). */
    w->now.silent_too = !b->c && b->k->kind == CK_CHECK && date_cmp(b->model.due, w->j->as_of) < 0;
    for (uint32_t from = 0; from < n; from += RUN_UNITS) {
        uint32_t to = n - from > RUN_UNITS ? from + RUN_UNITS : n;
        struct unit_run r = {b->units.list.items, from, to};
        if (!ask_run(w, r)) {
            return false;
        }
        if (from == 0) {
            open_column(w, n);
        }
        take_run(w, r);
    }
    return true;
}

bool judge_codes(struct judge *j, const struct block *b, struct plain *p, struct share *shares,
                 struct row_column *out, uint8_t **codes)
{
    struct work w = {.j = j, .b = b, .p = p, .shares = shares};
    if (!take_runs(&w)) {
        return false;
    }
    share_out(&w, b->units.list.n);
    *out = w.column;
    *codes = w.codes;
    return true;
}

enum rc judge_column(struct judge *j, const struct block *b, struct plain *p, struct share *shares,
                     bool *done)
{
    struct work w = {.j = j, .b = b, .p = p, .shares = shares};
    uint32_t n = b->units.list.n;
    *done = take_runs(&w);
    if (!*done) {
        return RC_OK;
    }
    enum rc rc = judge_wholes(&w, n);
    if (rc != RC_OK) {
        return rc;
    }
    share_out(&w, n);
    if (memchr(w.codes, ROW_CODE_ABSENT, n)) {
        close_gaps(&w, n);
    }
    struct row_column *kept = ARENA_NEW(j->arena, struct row_column);
    *kept = w.column;
    verdicts_put_column(j->arena, j->out, kept);
    return RC_OK;
}
