/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the columns: the cache of sheets, and the walk over what stands above them. */
#ifndef ENGINE_COLUMNS_INT_H
#define ENGINE_COLUMNS_INT_H

#include "base/arena.h"
#include "engine/columns.h"
#include "engine/sheet.h"

/* A sheet of a roll-up (by its expression) at a moment. */
struct sheet_entry {
    uint32_t e;
    uint32_t population; /* the terms from this one on that share one; NONE: all */
    struct moment moment;
    struct sheet *sheet; /* NULL: not for sheets */
    bool aside;          /* its members look at units that are not below them */
    bool days;           /* it counts days up to that of the evaluation */
    struct sheet_entry *next;
};

/* A population; one that depends on the tree alone is shared. */
struct kind_frame {
    uint32_t kind; /* NONE: of a title, list or register */
    struct frame *frame;
};

/* Who must hear of an edit; those of one thing are chained. */
struct watch {
    struct sheet_entry *entry;
    bool dropped;  /* the sheet is dropped, not mended */
    bool directly; /* an item it reads: only edits of the periods read matter */
    uint32_t next; /* NONE: the last */
};

struct watches {
    struct map_u64 heads; /* enum thing << 32 | id -> list */
    VEC(struct watch) list;
};

enum thing {
    THING_ITEM,
    THING_GROUP,
    THING_ATTR,
    THING_TITLE,
    THING_REG,
    THING_ROLL,
    THING_RELATION
};

struct columns {
    struct cells *cells;
    const struct plan *plan;
    struct evaluator ref;
    struct arena lasting;       /* populations of kinds, and what is found out about expressions */
    struct arena sheets;        /* entries and what they hold */
    struct arena scratch;       /* of one measure */
    struct sheet_entry **cache; /* by expression; in `sheets`, NULL: empty */
    VEC(struct kind_frame) frames;
    VEC(struct spine *) spines;
    struct watches watches;
    struct own_stretch **own; /* by expression; in `sheets`, NULL: none yet */
    uint8_t *apart;           /* by expression: whether its sides share no cell, */
    uint8_t *unrelated;       /* nor such as a check ties */
    uint8_t *is_own;          /* by expression: whether it may stand there */
    uint64_t made;            /* how often the sheets were begun; what they hold is of one time */
    uint64_t edits;           /* heard of so far, and one */
    struct columns_stats stats;
};

/* One measure at work. */
struct walk {
    struct columns *k;
    struct arena *a;
    struct reads *reads;        /* NULL: nothing is noted */
    uint32_t unit;              /* what is asked about, and the day: its units have their places */
    struct date day;            /* when something is read for the first time */
    const struct reads *silent; /* units left out (C32), or NULL */
    struct sheet *only;         /* all that was read so far is what this sheet reads at only_at; */
    uint32_t only_at;           /* with silent: it is what is left out */
    uint32_t depth;
    bool failed; /* ask the reference */
    bool full;   /* memory is out */
};

/* The value at a unit; w->failed: the answer must come from the reference. */
struct mval walk_at(struct walk *w, uint32_t e, uint32_t unit, struct moment m);
/* What was read, unit by unit (w->only is resolved). */
void walk_resolve(struct walk *w);

/* ---- columns_cache.c ---- */
/* The sheet of a roll-up; NULL: it has none, or memory is out (w->full). */
struct sheet *columns_sheet(struct walk *w, uint32_t e, struct moment m);
/* The same of the terms over one of several populations: those of term `first`. */
struct sheet *columns_population(struct walk *w, uint32_t e, uint32_t first, const struct terms *t,
                                 struct moment m);
/* The same, but only when it has been made. */
struct sheet *columns_standing(struct columns *k, uint32_t e, const struct moment *m);
/* The unit of the day the moment names is the unit of its snapshot day, certainly (C29). */
bool columns_same_unit(struct columns *k, const struct moment *m);
bool columns_same_moment(const struct moment *x, const struct moment *y);
/* The population; NULL: memory is out. */
struct frame *columns_frame(struct columns *k, enum over over, uint32_t ref, struct moment m);
/* ---- columns_several.c ---- */
/*
 * A quotient over several populations, both sides undecided; plain: the sides divided. false: it is
 * none. May fail (w->failed).
 */
bool columns_several(struct walk *w, uint32_t e, uint32_t unit, struct moment m, struct mval plain,
                     struct mval *out);
/* The sides of an operation read no common cell; */
bool columns_apart(struct walk *w, uint32_t e);
/* nor such as a check ties (C05). */
bool columns_unrelated(struct walk *w, uint32_t e);
/* ---- columns_own.c ---- */
/*
 * A measure of a unit's own cells, all of them known, asked after that of the unit before it.
 * false: it is to be worked out.
 */
bool columns_own(struct columns *k, struct arena *a, uint32_t e, uint32_t unit,
                 const struct moment *m, struct mval *out);
/* Another day: no figure of a unit is another one by that. */
void columns_own_day(struct columns *k, struct date day);
struct own_stretch;
/* Where measures of own cells stand; NULL: this is none. */
struct own_stretch *columns_stretch(struct columns *k, uint32_t e, const struct moment *m);
bool columns_own_known(struct columns *k, struct own_stretch *s, uint32_t e, uint32_t unit,
                       struct known *out);
bool columns_own_run(struct columns *k, struct own_stretch *s, uint32_t e, struct unit_run r,
                     struct known_run *out);
/* ---- columns_known.c ---- */
bool columns_known(void *ctx, struct cursor *c, uint32_t unit, struct known *out);
bool columns_known_run(void *ctx, struct cursor *c, struct unit_run r, struct known_run *out);
/* ---- columns_watch.c ---- */
void columns_watch(struct columns *k, struct sheet_entry *x);
void columns_drop(struct columns *k, struct sheet_entry *x);
/* For members of sheets that are asked one by one. */
struct sheet_source columns_source(struct columns *k);
/* Answered as a quotient of sums. */
bool columns_is_ratio(const struct expr *x);

#endif
