/* SPDX-License-Identifier: Apache-2.0 */
/* Private to standings. */
#ifndef APP_STANDING_STANDING_INT_H
#define APP_STANDING_STANDING_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/standing/standing.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/figures.h"
#include "model/grow.h"
#include "store/load.h"

/* Commits of versions that readers may still ask for right after pinning. */
#define STANDING_RING 1024

/* Where the figures of a layout go, resolved once. */
struct base_place {
    uint32_t column; /* NONE: nowhere */
    const uint32_t *slot;
    int64_t den;
};
struct base_form {
    bool ready;
    bool fast; /* every place has a column or goes nowhere */
    struct base_place *places;
};

/* A submission, or what was one: a unit's figures of one source. */
struct waiting {
    uint32_t unit;
    struct str source;
    bool waits;
    int64_t seq;       /* its last submission */
    struct str layout; /* the same: of its parcel */
    uint32_t parcels;  /* the same: how many */
};

/* A unit's figures of a source that have to be worked out anew. */
struct affected {
    uint32_t unit;
    struct str source;
    bool all;  /* whatever the source */
    bool left; /* it waited and does so no more */
};
struct affected_list {
    VEC(struct affected) list;
};

/* Everything for one tree and day: what the engine borrows, and what the follower remembers. */
struct base {
    struct base *older;
    uint64_t until; /* versions before this one need it; UINT64_MAX: it is in use */
    struct standing *s;
    struct arena arena, scratch;
    struct arena tables;  /* of `grow`, while the book is read */
    struct arena layouts; /* those of `names`, and forms; let go of from time to time */
    const struct tree *tree;
    struct parcel_reader *names;
    struct figures figures;
    bool *kept;           /* by item: all versions are kept as rows (a sample reads it) */
    bool *kept_regs;      /* by register: a sample reads it */
    bool keeps;           /* some item is kept */
    struct date *newest;  /* by unit: the last recorded day of a figure that counts */
    struct map_u64 rowed; /* column and unit -> rows: figures that are no plain number */
    VEC(bool) has_rows;   /* by column; shorter: none */
    VEC(struct fact) rows;
    bool *late;          /* by unit: worked out anew in the end */
    int64_t parcels, of; /* read, of all in the book */
    VEC(struct base_form) forms;
    struct map submissions; /* unit and source -> subs */
    VEC(struct waiting) subs;
    struct map waiting_rows; /* register rows that wait: key -> recorded day + 1, 0: not */
    struct grow grow;
    struct dataset data;
    int64_t seq;
    uint64_t edits;
    enum rc rc; /* of growing */
};

/* A step on its way. */
struct step {
    struct standing *s;
    struct arena *a; /* the step's */
    int64_t to, seq;
    bool anew;
    VEC(struct edit) edits;
    struct affected_list affected;
    struct err *e;
    enum rc rc;
    struct live_changes changes;
    struct base *fresh;
};

/* Who looks at the cells at present. */
struct looks {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint32_t n;
    bool shut; /* the follower is changing them, or waits to */
};

struct standing {
    struct standing_options o;
    struct arena arena; /* all else is below it */
    struct store_reader *reader;
    struct live *live;
    struct base *base; /* the newest, then older ones that readers need */
    bool broken;       /* the last step failed: a new base */
    _Atomic int64_t seq;
    _Atomic int64_t ring[STANDING_RING]; /* by version */
    struct standing_stats stats;
    struct looks looks;
    bool shut; /* looks_open is due */
};

/* ---- standing/look.c ---- */
void looks_init(struct looks *k);
void looks_release(struct looks *k);
/* Waits until nobody looks; nobody comes in until looks_open. */
void looks_shut(struct looks *k);
void looks_open(struct looks *k);

/* ---- standing/load.c ---- */
/* The book up to a commit into columns and tables. b is zeroed but for s; its arena is ready. */
NODISCARD enum rc base_load(struct base *b, int64_t upto, struct err *e);
/* A figure as the one that counts, from a row. */
void base_put(struct base *b, const struct fact *f);
/* Lets go of layouts when there are many: between two parcels. */
void base_forget_layouts(struct base *b);
bool base_sees(const struct base *b, struct date recorded);
/* Whether facts of this status may count in the view. */
bool base_counts(const struct base *b, enum row_status status);

/* ---- standing/wait.c: what waits ---- */
/*
 * Takes note of the status of a parcel of facts. true: what its submission had waiting is out, and
 * not by the acceptance of just that.
 */
bool waiting_note(struct base *b, const struct store_parcel *p, uint32_t unit);
/* The commit of the rows that wait; 0: none do. */
int64_t waiting_seq(struct base *b, struct arena *scratch, uint32_t unit, struct str source);
/* Takes note of a version of a row of a register; its status becomes what it counts as. false: only
 * a new base can forget what waited. */
bool waiting_row(struct base *b, struct reg_row *r);

/* ---- standing/unit.c ---- */
typedef void unit_figure_fn(void *ctx, const struct fact *f);
/*
 * The history of a unit's figures, read from the book up to commit `upto`: of each cell that x
 * names the version that counts, or one without value. *kept: one of them is of an item that is
 * kept.
 */
NODISCARD enum rc unit_anew(struct base *b, struct arena *scratch, const struct affected *x,
                            int64_t upto, unit_figure_fn *fn, void *ctx, bool *kept, struct err *e);

/* ---- standing/feed.c ---- */
/* The edits of the commits after the base's up to x->to, or x->anew. */
NODISCARD enum rc step_read(struct step *x);

#endif
