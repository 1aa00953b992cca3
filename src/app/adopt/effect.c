/* SPDX-License-Identifier: Apache-2.0 */
/* The same book by two plans: how many verdicts go from which state to which. */
#include "app/adopt/adopt.h"
#include "app/answer.h"
#include "app/seal.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"

#define NO_ROW (ST_NA + 1)

/* Rows of one commitment by unit, year and part. */
struct rows {
    struct arena *a;
    struct map parts;
    struct map_u64 at;      /* -> place in states */
    VEC(uint8_t) states[2]; /* by side */
};

#define PART_BITS 23 /* of a key; the year takes the 9 above */

static uint32_t part_of(struct rows *r, struct str part)
{
    uint32_t i = map_len(&r->parts);
    if (!map_get(&r->parts, part, &i)) {
        map_put(r->a, &r->parts, part, i);
    }
    return i;
}

static void add_row(struct rows *r, const struct verdict_row *v, int side)
{
    uint32_t at = 0;
    uint64_t year = (uint64_t)(v->head->year - PERIOD_YEAR_MIN);
    uint64_t key = (uint64_t)v->unit << 32 | year << PART_BITS | part_of(r, v->head->part);
    if (!map_u64_get(&r->at, key, &at)) {
        at = r->states[0].n;
        map_u64_put(r->a, &r->at, key, at);
        vec_push(r->a, &r->states[0], (uint8_t)NO_ROW);
        vec_push(r->a, &r->states[1], (uint8_t)NO_ROW);
    }
    r->states[side].items[at] = v->state;
}

static void add_rows(struct rows *r, const struct adopt_side *s, uint32_t commitment, int side)
{
    for (struct live_rows x = live_rows(s->live, commitment, NONE);
         commitment != NONE && live_next(&x);) {
        add_row(r, x.row, side);
    }
}

static uint32_t place_of(const struct plan *p, struct str id)
{
    uint32_t i = 0;
    while (i < p->n_commitments && !str_eq(p->commitments[i].id, id)) {
        i++;
    }
    return i < p->n_commitments ? i : NONE;
}

static void add_moves(struct adopt_moves *to, const struct adopt_moves *x)
{
    for (int i = 0; i < ADOPT_STATES; i++) {
        for (int k = 0; k < ADOPT_STATES; k++) {
            to->n[i][k] += x->n[i][k];
        }
    }
    to->changed += x->changed;
}

/* places: of the commitment in either plan, or NONE. */
static struct adopt_moves moves_of(struct arena *a, const struct adopt_side sides[2],
                                   const uint32_t places[2])
{
    struct arena_mark m = arena_mark(a);
    struct rows r = {.a = a};
    struct adopt_moves out = {0};
    add_rows(&r, &sides[0], places[0], 0);
    add_rows(&r, &sides[1], places[1], 1);
    for (uint32_t i = 0; i < r.states[0].n; i++) {
        uint8_t from = r.states[0].items[i];
        uint8_t to = r.states[1].items[i];
        out.n[from][to]++;
        out.changed += from != to;
    }
    arena_rewind(a, m);
    return out;
}

/* How many rows a sealed register has is told to nobody (C41). */
static bool is_sealed(const struct plan *p, const struct commitment *k)
{
    return k->of_reg != NONE && seal_register(p, k->of_reg);
}

static void one(struct arena *a, const struct adopt_side sides[2], const struct commitment *k,
                struct adopt_effect *out)
{
    const uint32_t places[2] = {place_of(sides[0].plan, k->id), place_of(sides[1].plan, k->id)};
    struct adopt_moves moves = moves_of(a, sides, places);
    add_moves(&out->all, &moves);
    if (moves.changed > 0) {
        vec_push(a, &out->lines.list, (struct adopt_effect_line){k->id, k->name, moves});
    }
}

void adopt_effect(struct arena *a, const struct adopt_side sides[2], struct adopt_effect *out)
{
    const struct plan *now = sides[0].plan;
    const struct plan *next = sides[1].plan;
    out->all = (struct adopt_moves){0};
    out->lines.list.items = NULL;
    out->lines.list.n = out->lines.list.cap = 0;
    for (uint32_t i = 0; i < now->n_commitments; i++) {
        if (!is_sealed(now, &now->commitments[i])) {
            one(a, sides, &now->commitments[i], out);
        }
    }
    for (uint32_t i = 0; i < next->n_commitments; i++) {
        if (place_of(now, next->commitments[i].id) == NONE &&
            !is_sealed(next, &next->commitments[i])) {
            one(a, sides, &next->commitments[i], out);
        }
    }
}

/* ---- showing -------------------------------------------------------------------------------- */

static const char *state_word(int state, bool chinese)
{
    if (state == NO_ROW) {
        return chinese ? "无" : "none";
    }
    return chinese ? state_zh((enum state)state) : state_name((enum state)state);
}

static void moves_json(const struct adopt_moves *m, struct json *j)
{
    json_key(j, "moves");
    json_arr_begin(j);
    for (int i = 0; i < ADOPT_STATES; i++) {
        for (int k = 0; k < ADOPT_STATES; k++) {
            if (i != k && m->n[i][k] > 0) {
                json_obj_begin(j);
                json_kv_cstr(j, "from", i == NO_ROW ? "" : state_name((enum state)i));
                json_kv_cstr(j, "to", k == NO_ROW ? "" : state_name((enum state)k));
                json_kv_int(j, "n", (int64_t)m->n[i][k]);
                json_obj_end(j);
            }
        }
    }
    json_arr_end(j);
}

/* How many stand how, before or after. */
static uint64_t sum(const struct adopt_moves *m, int state, bool after)
{
    uint64_t n = 0;
    for (int k = 0; k < ADOPT_STATES; k++) {
        n += after ? m->n[k][state] : m->n[state][k];
    }
    return n;
}

static uint64_t rows_of(const struct adopt_moves *m, bool after)
{
    uint64_t n = 0;
    for (int i = 0; i < NO_ROW; i++) {
        n += sum(m, i, after);
    }
    return n;
}

static void states_json(const struct adopt_moves *m, const char *key, bool after, struct json *j)
{
    json_key(j, key);
    json_obj_begin(j);
    for (int i = 0; i < NO_ROW; i++) {
        json_kv_int(j, state_name((enum state)i), (int64_t)sum(m, i, after));
    }
    json_obj_end(j);
}

void adopt_effect_members(const struct adopt_effect *x, struct json *j)
{
    json_kv_int(j, "commit", x->seq);
    json_kv_day(j, "as_of", x->day);
    json_kv_int(j, "rows", (int64_t)rows_of(&x->all, true));
    json_kv_int(j, "changed", (int64_t)x->all.changed);
    states_json(&x->all, "before", false, j);
    states_json(&x->all, "after", true, j);
    moves_json(&x->all, j);
    json_key(j, "commitments");
    json_arr_begin(j);
    for (uint32_t i = 0; i < x->lines.list.n; i++) {
        const struct adopt_effect_line *l = &x->lines.list.items[i];
        json_obj_begin(j);
        json_kv_str(j, "target", l->target);
        json_kv_str(j, "name", l->name);
        json_kv_int(j, "changed", (int64_t)l->moves.changed);
        moves_json(&l->moves, j);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static struct str moves_text(struct arena *a, const struct adopt_moves *m, bool chinese)
{
    struct buf b;
    buf_init_in(&b, a, 4096);
    for (int i = 0; i < ADOPT_STATES; i++) {
        for (int k = 0; k < ADOPT_STATES; k++) {
            if (i != k && m->n[i][k] > 0) {
                buf_printf(&b, "%s%s → %s %llu", b.n > 0 ? (chinese ? "，" : ", ") : "",
                           state_word(i, chinese), state_word(k, chinese),
                           (unsigned long long)m->n[i][k]);
            }
        }
    }
    return buf_view(&b);
}

void adopt_effect_show(struct arena *a, const struct adopt_effect *x, bool chinese, uint32_t width,
                       struct buf *out)
{
    struct table t = table_new(a, 3);
    buf_printf(out,
               chinese ? "结论 %llu 项，将有 %llu 项改变\n" : "%llu verdicts, %llu would change\n",
               (unsigned long long)rows_of(&x->all, false), (unsigned long long)x->all.changed);
    if (x->lines.list.n == 0) {
        return;
    }
    const struct str head[] = {chinese ? STR("目标") : STR("target"),
                               chinese ? STR("名称") : STR("name"),
                               chinese ? STR("结论变化") : STR("verdicts")};
    table_row(&t, head);
    for (uint32_t i = 0; i < x->lines.list.n; i++) {
        const struct adopt_effect_line *l = &x->lines.list.items[i];
        const struct str cells[] = {l->target, l->name, moves_text(a, &l->moves, chinese)};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}
