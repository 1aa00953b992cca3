/* SPDX-License-Identifier: Apache-2.0 */
/* A core: everything judged once, then kept up by commits. */
#include <stdlib.h>

#include "base/arena.h"
#include "engine/live_int.h"

/* Units to be judged by a commit from which on the hands work at the same time. */
#define LIVE_APART 256u

/* ---- making --------------------------------------------------------------------------------- */

static bool is_card(const struct live_core *c, uint32_t commitment)
{
    return c->plan->commitments[commitment].kind == CK_SCORECARD;
}

static bool stacks(const struct live_core *c, uint32_t commitment)
{
    const struct commitment *k = &c->plan->commitments[commitment];
    return k->kind == CK_RULE && k->stacking;
}

/* Scorecards come after all others, whose rows they count. */
static void put_in_order(struct live_core *c)
{
    const struct plan *p = c->plan;
    uint32_t n = 0;
    c->order = ARENA_ARRAY(&c->arena, uint32_t, p->n_commitments);
    c->cards = ARENA_ARRAY(&c->arena, struct id_list, p->n_commitments);
    for (int cards = 0; cards < 2; cards++) {
        c->n_cards = p->n_commitments - n;
        for (uint32_t i = 0; i < p->n_commitments; i++) {
            const struct commitment *k = &p->commitments[i];
            if (is_card(c, i) != (cards == 1)) {
                continue;
            }
            c->order[n++] = i;
            c->rules_stack = c->rules_stack || stacks(c, i);
            for (uint32_t s = 0; cards == 1 && s < k->n_scores; s++) {
                vec_push(&c->arena, &c->cards[k->scores[s].commitment].list, i);
            }
        }
    }
}

static struct live_edition *edition_of(const struct live_core *c, uint32_t commitment)
{
    return atomic_load_explicit(&c->editions[commitment], memory_order_relaxed);
}

static void put_in_place(struct live_hand *h, struct live_edition *e)
{
    h->opening = NULL;
    atomic_store_explicit(&h->core->editions[e->commitment], e, memory_order_release);
}

/* How many are judged. */
static enum rc tell(struct live_hand *h)
{
    struct live_core *c = h->core;
    uint32_t done = atomic_fetch_add(&c->opened, 1) + 1;
    return progress_tell(c->progress, PROGRESS_COMMITMENTS, done, c->plan->n_commitments, &h->e);
}

static enum rc open_first(struct live_hand *h, uint32_t commitment)
{
    struct live_edition *e = NULL;
    enum rc rc = live_open(h, commitment, h->core->since, &e);
    h->core->hand_of[commitment] = (uint32_t)(h - h->core->hands);
    if (rc == RC_OK) {
        put_in_place(h, e);
    }
    columns_rest(h->columns, COLUMNS_RESTING_BYTES);
    return rc == RC_OK ? tell(h) : rc;
}

/* All of them from place k on: each may read those before it. */
static enum rc open_rules(struct live_hand *h, uint32_t k)
{
    const struct live_core *c = h->core;
    enum rc rc = RC_OK;
    for (; rc == RC_OK && k < c->plan->n_commitments - c->n_cards; k++) {
        bool rule = c->plan->commitments[c->order[k]].kind == CK_RULE;
        rc = rule ? open_first(h, c->order[k]) : RC_OK;
    }
    return rc;
}

/* Each hand takes the next commitment that none has taken. */
static void open_some(struct live_hand *h)
{
    struct live_core *c = h->core;
    uint32_t n = c->plan->n_commitments - c->n_cards;
    while (h->rc == RC_OK && !atomic_load(&c->stopped)) {
        uint32_t k = atomic_fetch_add(&c->next, 1);
        if (k >= n) {
            return;
        }
        bool rule = c->plan->commitments[c->order[k]].kind == CK_RULE;
        if (!c->rules_stack || !rule) {
            h->rc = open_first(h, c->order[k]);
        } else if (c->order[k] == c->first_rule) {
            h->rc = open_rules(h, k);
        }
    }
}

static void open_cards(struct live_hand *h)
{
    const struct live_core *c = h->core;
    for (uint32_t k = c->plan->n_commitments - c->n_cards;
         h->rc == RC_OK && k < c->plan->n_commitments; k++) {
        h->rc = open_first(h, c->order[k]);
    }
}

static uint32_t first_rule(const struct plan *p)
{
    uint32_t i = 0;
    while (i < p->n_commitments && p->commitments[i].kind != CK_RULE) {
        i++;
    }
    return i;
}

enum rc live_core_make(struct live_core *c, struct live_core *from, const struct progress *progress,
                       struct err *e)
{
    const struct plan *p = c->plan;
    c->progress = progress;
    c->free_watch = NONE;
    c->first_rule = first_rule(p);
    lines_init(&c->lines, &c->arena, cells_dataset(c->cells)->tree);
    put_in_order(c);
    c->editions = ARENA_ARRAY(&c->arena, live_editions, p->n_commitments);
    c->whole = ARENA_ARRAY(&c->arena, bool, p->n_commitments);
    c->hand_of = ARENA_ARRAY(&c->arena, uint32_t, p->n_commitments);
    TRY(live_hands_make(c, c->live->threads, e));
    if (from) {
        live_carry_begin(c, from);
    }
    TRY(live_hands_work(c, open_some, true, e));
    TRY(live_hand_work(&c->hands[0], open_cards, e));
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        live_watch_edition(c, edition_of(c, c->order[i]));
        live_watch_scopes(c, c->order[i]);
    }
    return RC_OK;
}

void live_core_release(struct live_core *c)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        live_let_go(&c->hands[i]); /* rows before the editions that they may lie in */
    }
    for (uint32_t i = 0; c->editions && i < c->plan->n_commitments; i++) {
        struct live_edition *e = edition_of(c, i);
        if (e) {
            live_edition_release(&c->hands[c->hand_of[i]], e);
        }
    }
    live_hands_release(c);
    arena_release(&c->commit);
    arena_release(&c->scratch);
    arena_release(&c->arena);
}

struct live_stats live_core_stats(const struct live_core *c)
{
    struct live_stats s = {0};
    for (uint32_t i = 0; i < c->n_hands; i++) {
        const struct live_stats *x = &c->hands[i].stats;
        s.units += x->units;
        s.above += x->above;
        s.opened += x->opened;
        s.rows += x->rows;
        s.kept += x->kept;
    }
    return s;
}

/* ---- commits -------------------------------------------------------------------------------- */

static enum rc take(struct live_core *c, const struct edit *edits, uint32_t n)
{
    enum rc rc = RC_OK;
    c->edits = edits;
    c->n_edits = n;
    for (uint32_t i = 0; rc == RC_OK && i < n; i++) {
        uint32_t ix = 0;
        rc = cells_apply(c->cells, &edits[i], &ix);
        if (rc == RC_OK) {
            live_mark(c, &edits[i]);
        }
    }
    return rc;
}

/* The commitment is judged anew by its hand, and told where it differs. */
static enum rc anew(struct live_hand *h, uint32_t commitment)
{
    struct live_edition *e = NULL;
    struct live_edition *old = edition_of(h->core, commitment);
    uint64_t next = atomic_load_explicit(&h->core->live->version, memory_order_relaxed) + 1;
    enum rc rc = live_open(h, commitment, next, &e);
    if (rc == RC_OK) {
        e->older = old;
        live_diff_editions(h, old, e);
        live_retire(h, (struct live_retired){.at = e->since, .edition = old});
        put_in_place(h, e);
    }
    return rc;
}

static bool is_of(const struct live_hand *h, uint32_t commitment)
{
    return &h->core->hands[h->core->hand_of[commitment]] == h;
}

/* What is the hand's: dirty blocks, and commitments whose occasions or units may be others. Rules
 * that stack wait for those before them. */
static void mend_marked(struct live_hand *h)
{
    const struct live_core *c = h->core;
    for (uint32_t i = 0; h->rc == RC_OK && i < c->dirty.n; i++) {
        struct live_block *b = c->dirty.items[i];
        uint32_t k = b->b.commitment;
        if (is_of(h, k) && !c->whole[k] && !is_card(c, k)) {
            h->rc = live_mend(h, b);
        }
    }
    for (uint32_t i = 0; h->rc == RC_OK && i < c->plan->n_commitments; i++) {
        if (c->whole[i] && is_of(h, i) && !is_card(c, i) && !stacks(c, i)) {
            h->rc = anew(h, i);
        }
    }
}

static void mend(struct live_hand *h)
{
    live_hand_catch_up(h);
    mend_marked(h);
}

static void mend_one(struct live_hand *h)
{
    const struct live_core *c = h->core;
    if (!is_card(c, c->asked) || c->whole[c->asked]) {
        h->rc = anew(h, c->asked);
        return;
    }
    const struct live_edition *e = edition_of(c, c->asked);
    h->out.commitment = c->asked;
    for (uint32_t k = 0; h->rc == RC_OK && k < e->blocks.n; k++) {
        struct live_block *b = e->blocks.items[k];
        h->rc = b->dirty_all || b->dirty.n > 0 ? live_mend(h, b) : RC_OK;
    }
}

/* ---- what the hands tell -------------------------------------------------------------------- */

static void gather(struct live_core *c)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        struct live_hand *h = &c->hands[i];
        for (uint32_t k = 0; k < h->changes.n; k++) {
            vec_push(&c->commit, &c->changes, h->changes.items[k]);
        }
        h->changes.n = 0;
    }
}

static uint32_t commitment_of(const struct live_change *x)
{
    return (x->to ? x->to : x->from)->head->commitment;
}

static int u64_cmp(const void *x, const void *y)
{
    uint64_t p = *(const uint64_t *)x;
    uint64_t q = *(const uint64_t *)y;
    return p < q ? -1 : p > q;
}

/* In the order of the plan, however many hands there were. */
static void sort_changes(struct live_core *c)
{
    uint32_t n = c->changes.n;
    struct arena_mark mark = arena_mark(&c->scratch);
    uint64_t *keys = ARENA_ARRAY(&c->scratch, uint64_t, n);
    struct live_change *old = ARENA_ARRAY(&c->scratch, struct live_change, n);
    for (uint32_t i = 0; i < n; i++) {
        old[i] = c->changes.items[i];
        keys[i] = (uint64_t)commitment_of(&old[i]) << 32 | i;
    }
    if (n > 1) {
        qsort(keys, n, sizeof *keys, u64_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        c->changes.items[i] = old[(uint32_t)keys[i]];
    }
    arena_rewind(&c->scratch, mark);
}

static enum rc let_mend(struct live_core *c, uint32_t commitment, struct err *e)
{
    struct live_hand *h = &c->hands[c->hand_of[commitment]];
    const struct live_edition *opened = edition_of(c, commitment);
    c->asked = commitment;
    enum rc rc = live_hand_work(h, mend_one, e);
    gather(c);
    if (rc == RC_OK && opened != edition_of(c, commitment)) {
        live_watch_edition(c, edition_of(c, commitment));
    }
    return rc;
}

/* The first rule, in the order of the plan, one of whose rows has changed. */
static uint32_t first_changed(const struct live_core *c, uint32_t from, uint32_t least)
{
    for (uint32_t i = from; i < c->changes.n; i++) {
        uint32_t k = commitment_of(&c->changes.items[i]);
        least = c->plan->commitments[k].kind == CK_RULE && k < least ? k : least;
    }
    return least;
}

/* Rules on top of rules that have changed. */
static enum rc mend_rules(struct live_core *c, struct err *e)
{
    enum rc rc = RC_OK;
    uint32_t seen = 0;
    uint32_t rule = NONE;
    for (uint32_t i = 0; c->rules_stack && rc == RC_OK && i < c->plan->n_commitments; i++) {
        rule = first_changed(c, seen, rule);
        seen = c->changes.n;
        if (stacks(c, i) && (c->whole[i] || rule < i)) {
            rc = let_mend(c, i, e);
        }
    }
    return rc;
}

static enum rc mend_cards(struct live_core *c, struct err *e)
{
    enum rc rc = RC_OK;
    uint32_t marked = 0;
    for (uint32_t k = c->plan->n_commitments - c->n_cards;
         rc == RC_OK && k < c->plan->n_commitments; k++) {
        live_mark_cards(c, marked); /* cards may count cards before them */
        marked = c->changes.n;
        rc = let_mend(c, c->order[k], e);
    }
    return rc;
}

/* ---- a commit ------------------------------------------------------------------------------- */

/* Editions that took the place of others. */
static void watch_opened(struct live_core *c)
{
    for (uint32_t i = 0; i < c->plan->n_commitments; i++) {
        if (c->whole[i] && !is_card(c, i) && !stacks(c, i)) {
            live_watch_edition(c, edition_of(c, i));
        }
    }
}

/* Enough to be done that threads are worth it. */
static bool is_much(const struct live_core *c)
{
    uint64_t units = c->n_edits;
    for (uint32_t i = 0; i < c->dirty.n; i++) {
        const struct live_block *b = c->dirty.items[i];
        units += b->dirty_all ? b->b.units.list.n : b->dirty.n;
    }
    for (uint32_t i = 0; units < LIVE_APART && i < c->plan->n_commitments; i++) {
        units += c->whole[i] ? LIVE_APART : 0;
    }
    return units >= LIVE_APART;
}

/* Lists of the commit are dropped with its arena. */
void live_core_clean(struct live_core *c)
{
    for (uint32_t i = 0; i < c->dirty.n; i++) {
        struct live_block *b = c->dirty.items[i];
        b->dirty_all = false;
        b->dirty.items = NULL;
        b->dirty.n = b->dirty.cap = 0;
        b->dirty_nodes.items = NULL;
        b->dirty_nodes.n = b->dirty_nodes.cap = 0;
    }
    for (uint32_t i = 0; i < c->plan->n_commitments; i++) {
        c->whole[i] = false;
    }
    c->dirty.items = NULL;
    c->dirty.n = c->dirty.cap = 0;
}

static void begin(struct live_core *c)
{
    arena_release(&c->commit);
    c->changes.items = NULL;
    c->changes.n = c->changes.cap = 0;
}

/* After all hands have mended what is theirs. */
static enum rc finish(struct live_core *c, enum rc rc, struct err *e)
{
    if (rc == RC_OK) {
        gather(c);
        sort_changes(c);
        watch_opened(c);
    }
    rc = rc == RC_OK ? mend_rules(c, e) : rc;
    rc = rc == RC_OK ? mend_cards(c, e) : rc;
    live_core_clean(c);
    return rc;
}

enum rc live_core_apply(struct live_core *c, const struct edit *edits, uint32_t n, struct err *e)
{
    begin(c);
    enum rc rc = take(c, edits, n);
    rc = rc == RC_OK ? live_hands_work(c, mend, is_much(c), e) : rc;
    return finish(c, rc, e);
}

/* ---- a later day ---------------------------------------------------------------------------- */

static void mark_due(struct live_core *c)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        const struct live_hand *h = &c->hands[i];
        for (uint32_t k = 0; k < h->due.n; k++) {
            live_mark_slot(c, h->due.items[k].block, h->due.items[k].slot);
        }
    }
}

enum rc live_core_advance(struct live_core *c, struct date day, struct err *e)
{
    begin(c);
    c->was = cells_as_of(c->cells);
    enum rc rc = cells_advance(&c->commit, c->cells, day, &c->edits, &c->n_edits);
    for (uint32_t i = 0; rc == RC_OK && i < c->n_edits; i++) {
        live_mark(c, &c->edits[i]);
    }
    rc = rc == RC_OK ? live_hands_work(c, live_day_look, true, e) : rc;
    if (rc == RC_OK) {
        mark_due(c);
        rc = live_hands_work(c, mend_marked, is_much(c), e);
    }
    return finish(c, rc, e);
}
