/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables: chains of commitments by unit for the unit itself, as most units have rows of few of
 * them; by inner node and commitment for what is below. */
#include "app/standing/board.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/plan.h"
#include "model/tree.h"

typedef uint32_t states[BOARD_STATES];

/* Rows of a unit itself. */
struct own {
    uint32_t commitment, next; /* NONE: the last one of the unit */
    states n;
};

/* The commits that changed rows of a unit last, and of it or of units below it. */
struct change {
    int64_t own, below;
};

struct board {
    struct arena a;
    struct arena table; /* of all below */
    const struct plan *plan;
    pthread_rwlock_t lock;
    int64_t seq;
    uint32_t n_units;
    uint32_t
        *above;     /* by unit: the one above it on the day, NONE: the root, or it does not stand */
    uint32_t *node; /* by unit: its place in `below`, NONE: nothing is below it */
    uint32_t *first; /* by unit: in `own`, NONE: it has no rows */
    VEC(struct own) own;
    states *below;          /* by node and commitment */
    struct change *changed; /* by unit */
    int64_t *changed_at;    /* by commitment */
    int64_t changed_any;
};

/* ---- counting ------------------------------------------------------------------------------- */

/* The newest one stands first, where counting in the order of the plan finds it at once. */
static struct own *own_of(struct board *b, uint32_t unit, uint32_t commitment)
{
    for (uint32_t i = b->first[unit]; i != NONE; i = b->own.items[i].next) {
        if (b->own.items[i].commitment == commitment) {
            return &b->own.items[i];
        }
    }
    const struct own fresh = {.commitment = commitment, .next = b->first[unit]};
    if (!vec_try_push(&b->table, &b->own, fresh)) {
        return NULL;
    }
    b->first[unit] = b->own.n - 1;
    return &b->own.items[b->own.n - 1];
}

/* false: there is no room. */
static bool add(struct board *b, const struct verdict_row *r, int by)
{
    if (r == NULL || r->unit == NONE || r->unit >= b->n_units) {
        return true;
    }
    struct own *own = own_of(b, r->unit, r->head->commitment);
    if (own == NULL) {
        return false;
    }
    own->n[r->state] += (uint32_t)by;
    for (uint32_t u = b->above[r->unit]; u != NONE; u = b->above[u]) {
        size_t at = (size_t)b->node[u] * b->plan->n_commitments + r->head->commitment;
        b->below[at][r->state] += (uint32_t)by;
    }
    return true;
}

/* BO3. */
static void mark(struct board *b, const struct verdict_row *r, int64_t seq)
{
    if (r == NULL) {
        return;
    }
    b->changed_at[r->head->commitment] = seq;
    if (r->unit == NONE || r->unit >= b->n_units) {
        return;
    }
    b->changed[r->unit].own = seq;
    for (uint32_t u = r->unit; u != NONE; u = b->above[u]) {
        b->changed[u].below = seq;
    }
}

static void mark_all(struct board *b, int64_t seq)
{
    for (uint32_t u = 0; u < b->n_units; u++) {
        b->changed[u] = (struct change){seq, seq};
    }
    for (uint32_t k = 0; k < b->plan->n_commitments; k++) {
        b->changed_at[k] = seq;
    }
    b->changed_any = seq;
}

/* ---- the tables ----------------------------------------------------------------------------- */

struct counting {
    struct board *b;
    const struct tree *tree;
    struct date day;
    struct err *e;
    enum rc rc;
};

static enum rc lay_out(struct counting *c)
{
    struct board *b = c->b;
    const struct tree_snap *t = NULL;
    uint32_t n_nodes = 0;
    TRY(tree_at(&b->table, c->tree, c->day, &t, c->e));
    b->n_units = c->tree->n_units;
    b->above = ARENA_ARRAY(&b->table, uint32_t, b->n_units + 1U);
    b->node = ARENA_ARRAY(&b->table, uint32_t, b->n_units + 1U);
    b->first = ARENA_ARRAY(&b->table, uint32_t, b->n_units + 1U);
    for (uint32_t u = 0; u < b->n_units; u++) {
        b->above[u] = NONE;
        b->node[u] = NONE;
        b->first[u] = NONE;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        b->above[t->unit[i]] = t->parent[i] == TREE_NONE ? NONE : t->unit[t->parent[i]];
        if (t->end[i] > i + 1) {
            b->node[t->unit[i]] = n_nodes++;
        }
    }
    size_t n = b->plan->n_commitments;
    b->below = arena_array(&b->table, (size_t)n_nodes * n + 1U, sizeof *b->below);
    b->changed = ARENA_ARRAY(&b->table, struct change, b->n_units + 1U);
    b->changed_at = ARENA_ARRAY(&b->table, int64_t, n + 1U);
    return RC_OK;
}

static void run(void *ctx)
{
    struct counting *c = ctx;
    c->rc = lay_out(c);
}

static enum rc no_room(enum rc rc, struct err *e)
{
    return err_set(e, rc, "no room for the overview", "内存不足，无法汇总");
}

enum rc board_count(struct board *b, struct live *live, const struct tree *tree, struct date day,
                    int64_t seq, struct err *e)
{
    struct counting c = {.b = b, .tree = tree, .day = day, .e = e};
    struct live_reader *r = live_reader(live);
    if (r == NULL) {
        return err_set(e, RC_LIMIT, "too many readers", "读取方过多");
    }
    (void)pthread_rwlock_wrlock(&b->lock);
    b->n_units = 0;
    memset(&b->own, 0, sizeof b->own);
    arena_release(&b->table);
    enum rc rc = arena_run(&b->table, run, &c);
    rc = rc == RC_OK ? c.rc : no_room(rc, e);
    if (rc == RC_OK) {
        (void)live_pin(r);
        for (struct live_rows x = live_rows(r, NONE, NONE); rc == RC_OK && live_next(&x);) {
            rc = add(b, x.row, 1) ? RC_OK : no_room(RC_LIMIT, e);
        }
    }
    if (rc == RC_OK) {
        b->seq = seq;
        mark_all(b, seq);
    } else {
        b->n_units = 0;
    }
    (void)pthread_rwlock_unlock(&b->lock);
    live_reader_release(r);
    return rc;
}

bool board_take(struct board *b, const struct live_changes *changes, int64_t seq)
{
    bool room = true;
    (void)pthread_rwlock_wrlock(&b->lock);
    for (uint32_t i = 0; i < changes->n; i++) {
        room = add(b, changes->items[i].from, -1) && add(b, changes->items[i].to, 1) && room;
        mark(b, changes->items[i].from, seq);
        mark(b, changes->items[i].to, seq);
    }
    b->seq = seq;
    b->changed_any = changes->n > 0 ? seq : b->changed_any;
    (void)pthread_rwlock_unlock(&b->lock);
    return room;
}

bool board_read(struct board *b, uint32_t unit, struct board_line *lines, int64_t *seq)
{
    size_t n = b->plan->n_commitments;
    (void)pthread_rwlock_rdlock(&b->lock);
    bool there = unit < b->n_units;
    memset(lines, 0, n * sizeof *lines);
    for (size_t k = 0; there && b->node[unit] != NONE && k < n; k++) {
        memcpy(lines[k].below, b->below[b->node[unit] * n + k], sizeof(states));
    }
    for (uint32_t i = there ? b->first[unit] : NONE; i != NONE; i = b->own.items[i].next) {
        memcpy(lines[b->own.items[i].commitment].own, b->own.items[i].n, sizeof(states));
    }
    *seq = b->seq;
    (void)pthread_rwlock_unlock(&b->lock);
    return there;
}

int64_t board_changed(struct board *b, const struct board_rows *rows)
{
    (void)pthread_rwlock_rdlock(&b->lock);
    int64_t seq = b->changed_any;
    if (rows->unit < b->n_units) {
        const struct change *c = &b->changed[rows->unit];
        int64_t there = rows->below ? c->below : c->own;
        seq = there < seq ? there : seq;
    }
    if (rows->commitment < b->plan->n_commitments && b->n_units > 0) {
        int64_t of_it = b->changed_at[rows->commitment];
        seq = of_it < seq ? of_it : seq;
    }
    (void)pthread_rwlock_unlock(&b->lock);
    return seq;
}

/* ---- opening -------------------------------------------------------------------------------- */

enum rc board_open(const struct plan *plan, size_t limit, struct board **out, struct err *e)
{
    struct arena a;
    arena_init(&a, limit, "board");
    struct board *b = arena_try(&a, sizeof *b);
    if (b == NULL) {
        return no_room(RC_NO_MEMORY, e);
    }
    *b = (struct board){.a = a, .plan = plan};
    arena_init(&b->table, limit, "board-table");
    (void)pthread_rwlock_init(&b->lock, NULL);
    *out = b;
    return RC_OK;
}

void board_close(struct board *b)
{
    if (b == NULL) {
        return;
    }
    (void)pthread_rwlock_destroy(&b->lock);
    arena_release(&b->table);
    struct arena own = b->a;
    arena_release(&own);
}
