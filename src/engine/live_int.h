/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the live engine. A core is everything for one plan, tree and day; it has an edition
 * per commitment, an edition has blocks, a block has slots (its units, then the nodes above them),
 * a slot has the rows found there. Cores, editions and rows stand in chains, the newest first: a
 * reader of version v takes the first that is not newer.
 *
 * A core has hands, one for each thread. A commitment belongs to the hand that opened it first:
 * that one has its sheets, and mends its blocks. Hands work at the same time (live_hands_work), and
 * take memory from their own arenas only.
 */
#ifndef ENGINE_LIVE_INT_H
#define ENGINE_LIVE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "engine/block.h"
#include "engine/columns.h"
#include "engine/deps.h"
#include "engine/judge_int.h"
#include "engine/live.h"
#include "engine/twin.h"
#include "model/progress.h"

/* The rows of a slot in some versions. */
struct live_row {
    struct live_row *older;
    uint64_t since;     /* version */
    struct arena *deep; /* what the rows point to, when they have it to themselves; or NULL */
    uint32_t n;
    uint32_t room; /* class of the pool, or NONE: it lies in an edition */
    struct verdict_row v[];
};

typedef _Atomic(struct live_row *) live_slot;

/* Slots come by the page: most say nothing, the column speaks for them. */
#define LIVE_PAGE_SLOTS 64u
struct live_slots {
    live_slot slot[LIVE_PAGE_SLOTS];
};
typedef _Atomic(struct live_slots *) live_page;

struct live_block {
    struct block b;
    struct arena *arena; /* of its edition */
    const struct tree_snap *tree;
    const struct row_head *head;
    uint32_t at; /* among the blocks of its edition */
    uint32_t n_slots;
    live_page *pages; /* slots: units in order of the block, then the nodes above in pre-order */
    /* By slot: rows of slots where nothing else stands. Codes NULL: no such rows. */
    struct row_column column;
    uint8_t *codes;      /* those of the column: absent, or as they were first judged; */
    int64_t *numbers[2]; /* and its numbers, while it is made */
    struct share *shares;
    /* Rows above. */
    const struct shape *shape;
    struct tally *tallies; /* by node */
    uint32_t *own;
    uint32_t *top;      /* by node: slot of the row above, or NONE */
    uint32_t *top_node; /* by row above: node */
    /* In a commit. */
    bool dirty_all;
    VEC(uint32_t) dirty;
    VEC(uint32_t) dirty_nodes;
    /* While another base is made. */
    bool *stale;   /* by slot: to be judged there; NULL: none */
    bool *carried; /* by slot: these rows stand in both; NULL: none */
};

struct live_edition {
    struct live_edition *older;
    uint64_t since;
    uint32_t serial;
    uint32_t commitment;
    bool flat; /* one block of one slot that holds all rows: judged whole */
    struct arena arena;
    VEC(struct live_block *) blocks;
};

typedef _Atomic(struct live_edition *) live_editions;

/* Who reads a thing. */
struct live_watch {
    struct dep dep;
    uint32_t commitment, block, serial; /* NONE, NONE: whichever blocks there are */
    uint32_t next;
};

struct id_list {
    VEC(uint32_t) list;
};

/* Seen by no version from `at` on. */
struct live_retired {
    uint64_t at;
    struct live_edition *edition; /* or */
    struct live_row *row;
};

/* Units that stand one behind the other in two lists, in the same doubt. */
struct live_run {
    uint32_t was, is, n;
};
struct live_runs {
    const uint32_t *was, *is; /* the lists */
    VEC(struct live_run) list;
};

struct live_hand {
    struct live_core *core;
    struct arena arena, scratch;
    struct arena commit; /* until the next one */
    struct arena fresh;  /* what the row at work points to */
    struct cells *cells; /* a view of the core's */
    struct columns *columns;
    struct evaluator ev;
    struct judge judge;
    struct verdicts out;          /* of the judge at work */
    struct live_row *pool[32];    /* free ones, by class */
    VEC(struct arena *) spare;    /* empty ones, for what rows point to */
    struct live_edition *opening; /* not yet in place */
    VEC(struct live_retired) retired;
    VEC(struct live_change) changes; /* since they were gathered */
    struct twin_figures other;       /* while another base is made: figures that differ */
    VEC(struct live_runs) runs;      /* and lists of units that go over */
    VEC(struct live_due) due;        /* while it goes to a later day */
    struct live_stats stats;
    /* At work. */
    pthread_t thread;
    void (*work)(struct live_hand *h);
    enum rc rc;
    struct err e;
};

/* How many rows were known in a version. */
struct live_known {
    uint64_t version;
    struct table_counts counts;
};

/* What a base that is being made takes over from the one before. */
struct live_carry {
    struct twin twin;
    struct live_core *core, *from;
};

/* The day of some versions. */
struct live_day {
    struct live_day *older;
    uint64_t since;
    struct date day;
};

/* A slot to be judged again because the day is another one. */
struct live_due {
    struct live_block *block;
    uint32_t slot;
};

struct live_core {
    struct live_core *older;
    uint64_t since;
    struct live *live;
    struct arena_budget budget;          /* of its arenas and those of its hands */
    struct arena arena, scratch, commit; /* commit: until the next one */
    const struct plan *plan;
    struct cells *cells;
    struct live_hand *hands;
    uint32_t n_hands;
    uint32_t *hand_of; /* by commitment */
    bool rules_stack;  /* then one hand has all rules: each reads those before it */
    uint32_t first_rule;
    _Atomic uint32_t next; /* place in the order, of the commitment to be opened first */
    _Atomic uint32_t opened;
    const struct progress *progress; /* while it is made: who hears of those opened; or NULL */
    _Atomic bool stopped;            /* a hand has failed */
    struct lines lines;
    bool of_past; /* what came later was left out */
    _Atomic(struct live_day *) days;
    struct date was; /* while it goes to a later day: the one before */
    VEC(struct live_known) history;
    _Atomic uint32_t pasts; /* what was lent and not given back */
    struct map_u64 watched; /* thing << 32 | id -> watch */
    VEC(struct live_watch) watches;
    live_editions *editions; /* by commitment */
    uint32_t *order;         /* commitments in the order of judging */
    uint32_t n_cards;        /* at its end */
    struct id_list *cards;   /* by commitment: the scorecards that count it */
    _Atomic uint32_t serials;
    uint32_t free_watch; /* chain of unused ones */
    /* In a commit. */
    const struct edit *edits;
    uint32_t n_edits;
    uint32_t asked; /* the one commitment that a hand is to mend */
    VEC(struct live_block *) dirty;
    bool *whole;              /* by commitment: to be opened anew */
    struct live_carry *carry; /* while it is made, or NULL; */
    struct live_carry *heir;  /* and of the one that takes over from it */
    VEC(struct live_change) changes;
};

struct live_reader {
    struct live *live;
    _Atomic bool taken;
    _Atomic uint64_t pinned; /* LIVE_IDLE: none */
};

#define LIVE_IDLE UINT64_MAX

struct live_past {
    struct arena arena;
    struct live_core *core;
    struct cells_lent lent;
    struct table_counts counts;
    struct date day;
};

struct live_gone {
    uint64_t at;
    struct live_core *core;
};

struct live {
    struct arena arena;
    size_t limit;
    uint32_t threads;
    bool failed;
    _Atomic(struct live_core *) core;
    _Atomic uint64_t version;
    struct live_reader readers[LIVE_READERS_MAX];
    VEC(struct live_gone) gone; /* cores that were replaced */
    struct live_stats stats;    /* of cores that are no more */
};

/* ---- live_row.c: rows and their versions ---- */
/* The chain of a slot; NULL: none. */
static inline struct live_row *live_chain(const struct live_block *b, uint32_t slot)
{
    const struct live_slots *p =
        atomic_load_explicit(&b->pages[slot / LIVE_PAGE_SLOTS], memory_order_acquire);
    return p ? atomic_load_explicit(&p->slot[slot % LIVE_PAGE_SLOTS], memory_order_acquire) : NULL;
}
/* Room for so many slots. */
void live_pages_make(struct live_block *b, uint32_t n);
/* The slot, to write to. */
live_slot *live_slot_of_page(struct live_block *b, uint32_t slot);
/* So many of its units that the block is better judged as a whole, in runs. */
static inline bool live_is_most(const struct live_block *b, uint32_t n)
{
    return n > b->b.units.list.n / 4 + 16;
}
#define LIVE_NEWEST UINT64_MAX
/* The rows of a slot as a version sees them. Not to be copied. */
struct live_seen {
    const struct verdict_row *v;
    uint32_t n;
    struct verdict_row own; /* of a column: made here */
};
void live_see(const struct live_block *b, uint32_t slot, uint64_t version, struct live_seen *out);
const struct live_edition *live_edition_at(const live_editions *e, uint64_t version);
/* The rows of an edition that nobody sees yet. */
void live_row_first(struct live_edition *e, struct live_block *b, uint32_t slot,
                    const struct verdict *rows, uint32_t n);
/* The same of one row that is packed and points to nothing but the edition's. */
void live_row_plain(struct live_edition *e, struct live_block *b, uint32_t slot,
                    const struct verdict_row *row);
/* The slot has these rows from the next version on, unless it has them already: false. */
bool live_row_set(struct live_hand *h, struct live_block *b, uint32_t slot,
                  const struct verdict *rows, uint32_t n);
void live_row_release(struct live_hand *h, struct live_row *r);
void live_tell(struct live_hand *h, const struct verdict_row *from, const struct verdict_row *to);
void live_retire(struct live_hand *h, struct live_retired x);
/* Gives back what no reader can see any more. */
void live_reclaim(struct live *l);
/* When there are no readers: all but the newest core. */
void live_reclaim_all(struct live *l);
/* What a hand has retired, whoever may see it. */
void live_let_go(struct live_hand *h);

/* ---- live_hand.c: threads ---- */
enum rc live_hands_make(struct live_core *c, uint32_t n, struct err *e);
void live_hands_release(struct live_core *c);
/* Between commits. */
void live_hands_rest(struct live_core *c, size_t most);
/* work(h) of each hand, apart: at the same time. Gives the first failure in their order. */
enum rc live_hands_work(struct live_core *c, void (*work)(struct live_hand *h), bool apart,
                        struct err *e);
/* work(h) of one hand. */
enum rc live_hand_work(struct live_hand *h, void (*work)(struct live_hand *h), struct err *e);
/* Begins a commit: the hand hears of its edits. */
void live_hand_catch_up(struct live_hand *h);

/* ---- live_core.c: everything for one plan, tree and day ---- */
/* Judges all that does not stand in `from`, if there is one; it has cells. */
enum rc live_core_make(struct live_core *c, struct live_core *from, const struct progress *progress,
                       struct err *e);
/* Takes edits, judges what they touch; nothing is published yet. */
enum rc live_core_apply(struct live_core *c, const struct edit *edits, uint32_t n, struct err *e);
/* Forgets what was marked. */
void live_core_clean(struct live_core *c);
/* Goes to a later day; nothing is published yet. */
enum rc live_core_advance(struct live_core *c, struct date day, struct err *e);
void live_core_release(struct live_core *c);
struct live_stats live_core_stats(const struct live_core *c);

/* ---- live_block.c: editions ---- */
/* All blocks of a commitment, judged; not yet in place. */
enum rc live_open(struct live_hand *h, uint32_t commitment, uint64_t since,
                  struct live_edition **out);
void live_edition_release(struct live_hand *h, struct live_edition *e);
/* The blocks of a commitment as they would be opened now; nothing is judged. Let go of at once. */
enum rc live_look(struct live_hand *h, uint32_t commitment, struct live_edition **out);
void live_look_away(struct live_hand *h, struct live_edition *e);
/* Judges what is dirty in a block. */
enum rc live_mend(struct live_hand *h, struct live_block *b);
/* Slot of a unit (row of its own or above), or NONE. */
uint32_t live_slot_of(const struct live_block *b, uint32_t unit);
/* j->rows_at of the live rows. */
void live_rows_at(struct judge *j, uint32_t commitment, uint32_t unit, int32_t year,
                  struct row_list *out);

/* ---- live_watch.c: who reads what ---- */
void live_watch_scopes(struct live_core *c, uint32_t commitment);
void live_watch_edition(struct live_core *c, const struct live_edition *e);
void live_mark_slot(struct live_core *c, struct live_block *b, uint32_t slot);
/* Marks what an edit may change. */
void live_mark(struct live_core *c, const struct edit *e);
/* Marks what the trees of c->heir may change. */
void live_mark_trees(struct live_core *c);

/* Marks the scorecards that count changed rows, from changes[from] on. */
void live_mark_cards(struct live_core *c, uint32_t from);

/* ---- live_day.c: a later day ---- */
struct date live_day_at(const struct live_core *c, uint64_t version);
/* From a version on. */
void live_day_begin(struct live_core *c, uint64_t since, struct date day);
/* A hand looks at its commitments: those that ask for other things on the new day are to be opened
 * anew, and slots go to h->due. */
void live_day_look(struct live_hand *h);

/* ---- live_carry.c: rows taken over ---- */
/* Finds out what stays as it was; c has cells and lines. After all is made: live_carry_end. */
void live_carry_begin(struct live_core *c, struct live_core *from);
/* c NULL: it came to nothing. */
void live_carry_end(struct live_core *c, struct live_core *from);
/* The block takes over what stays, to be told by b->carried; false: it does not. */
bool live_take_over(struct live_hand *h, struct live_edition *e, struct live_block *b);

/* ---- live_diff.c: rows before and after ---- */
/* The same commitment in two editions, told by the hand. */
void live_diff_editions(struct live_hand *h, const struct live_edition *from,
                        const struct live_edition *to);
/* All rows of another core and of that of the hand, which tells. */
void live_diff_cores(const struct live_core *from, struct live_hand *h);

#endif
