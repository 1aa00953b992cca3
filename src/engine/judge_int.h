/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the judge: its state, and a function per family of commitments. */
#ifndef ENGINE_JUDGE_INT_H
#define ENGINE_JUDGE_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "engine/block.h"
#include "engine/judge.h"
#include "engine/mval.h"

/* Memory that is used again. */
struct room {
    void *p;
    size_t bytes;
};

/* The rows judged so far, by commitment and unit: extended when it is asked. */
struct row_index {
    struct map_u64 first; /* commitment << 32 | unit -> the first of them */
    VEC(uint32_t) next;   /* by row: another one, or NONE */
};

/* Rows that were judged before. */
struct row_list {
    VEC(const struct verdict_row *) list;
};

/* The units of some kinds in a tree, and the root if it is asked for. */
#define UNITS_KINDS_MAX 8
struct units_of {
    const struct tree_snap *tree;
    uint32_t kinds[UNITS_KINDS_MAX];
    uint32_t n;
    bool root;
    struct unit_ids ids;
};

struct judge {
    struct arena *arena;
    const struct plan *plan;
    struct cells *cells;
    const struct evaluator *ev;
    struct date as_of;
    struct judge_query query;
    struct verdicts *out;
    struct err *e;
    struct arena *keeps; /* holds what is made once: `arena`, unless that is for one row */
    struct shapes shapes;
    struct {
        struct map_u64 first; /* commitment << 32 | unit -> the newest piece */
        VEC(uint32_t) next;   /* by piece: an older one, or NONE */
    } evidence;
    bool quiet; /* findings are not asked for */
    struct {
        struct map_u64 first; /* hash -> the newest finding of it */
        VEC(uint32_t) next;   /* by finding: an older one, or NONE */
    } told;
    struct room shares, tallies, own, above; /* of the block at work */
    struct room runs;                        /* of known measures */
    struct arena *scratch;                   /* for rows that are judged alone; NULL: `arena` */
    VEC(struct units_of) units_of;           /* lists that blocks share */
    /* What becomes of a block that was opened: it is judged (block_judge), or kept. */
    enum rc (*each)(struct judge *j, const struct block *b);
    void *each_ctx;
    /* The rows of a commitment at a unit and year, for scorecards. */
    void (*rows_at)(struct judge *j, uint32_t commitment, uint32_t unit, int32_t year,
                    struct row_list *out);
    void *rows_ctx;
};

/* What was found at one unit, before it becomes a row. */
struct outcome {
    struct mval measure;
    enum truth holds;
    enum truth applies; /* 当 (C08) */
    uint32_t flags;     /* enum verdict_flags */
    bool has_threshold;
    struct rat threshold, threshold2;
    struct moment at;   /* the moment that decided */
    bool decided_early; /* a violation that no later fact repairs (C01) */
    bool kept;          /* 保持: in every year that is over */
};

/* ---- judge_time.c ---- */
bool judge_due(const struct judge *j, const struct commitment *c, struct occasion *o);
/* The moment at which a measure is read for a plan year. */
bool judge_moment(const struct judge *j, const struct commitment *c, uint32_t measure,
                  const struct occasion *o, int32_t year, struct moment *out);
/* The moment of the baseline year at the unit of `now`: it follows the lineage (C29). */
bool judge_baseline_moment(const struct judge *j, const struct commitment *c, uint32_t measure,
                           const struct occasion *o, struct moment now, struct moment *out);
/* The latest year up to `year` whose snapshot day has come; `year` itself when there is none (C02).
 */
int32_t judge_closed_year(const struct judge *j, const struct commitment *c, uint32_t measure,
                          const struct occasion *o, int32_t year);
/* The day of an event as known at as_of; false when it is not registered. */
bool judge_event(const struct judge *j, uint32_t event, struct date *day);

/* ---- judge_scope.c ---- */
/* Units of the scopes on a day; reports listed units that are gone (C39). */
struct unit_ids judge_units(struct judge *j, const struct scope *scopes, uint32_t n,
                            uint32_t commitment, struct date day, int32_t year);
/* The units of a kind; shared, like all lists that are of kinds alone. */
struct unit_ids judge_units_of_kind(struct judge *j, const struct tree_snap *t, uint32_t kind);
/* Names units that are gone from the lists an expression goes over (C39). */
void judge_lists_of(struct judge *j, uint32_t e, struct date day, uint32_t commitment,
                    int32_t year);
/* Whether unit i of the scope must comply, its 当 being `condition` (C08). */
enum truth judge_belongs(const struct unit_ids *units, uint32_t i, enum truth condition);
/* One row at the root, and nothing above it. */
bool judge_only_root(const struct scope *scopes, uint32_t n);
/* The tree of a day, as blocks see it. */
enum rc judge_tree(struct judge *j, struct date day, const struct tree_snap **out);
enum state judge_state(enum truth holds, enum truth applies, bool after);
struct verdict judge_blank(const struct judge *j, uint32_t commitment, int32_t year);
/* n elements, not cleared. */
void *judge_room(struct judge *j, struct room *r, size_t n, size_t size);
/* A copy to point to. */
const struct moment *judge_keep(struct judge *j, struct moment m);
void judge_finding(struct judge *j, struct finding f);
/* Flags of a measure as flags of a verdict. */
uint32_t judge_flags(uint32_t mval_flags);
/* Marks of facts that were read beside the measure: provisional, disputed. */
uint32_t judge_marks(uint32_t mval_flags);

/* ---- judge_compare.c ---- */
/* Compares a measure with a rung; sets holds, threshold and under/over. */
bool judge_compare(struct judge *j, const struct clause *c, const struct rung *r, uint32_t unit,
                   struct moment m, struct outcome *out);
/* An item that both read was measured by another version or at another time point (C19). */
bool judge_definition_changed(struct mval x, struct mval y);
/* The measure against that of the year before. */
bool judge_trend(struct judge *j, const struct clause *c, const struct rung *r, uint32_t unit,
                 struct moment m, struct outcome *out);

/* ---- judge_clause.c ---- */
/* Whether the unit must comply: its 当 (C08). */
enum truth judge_applies(struct judge *j, const struct clause *c, uint32_t unit, struct moment m,
                         uint32_t *flags);

/* ---- judge_span.c ---- */
/* The moment of a verdict over a span: that of its last year, at the unit of that year. */
bool judge_span_moment(const struct judge *j, const struct commitment *k, const struct rung *r,
                       uint32_t measure, const struct occasion *o, struct moment *out);
bool judge_span(struct judge *j, const struct commitment *k, const struct clause *c,
                const struct rung *r, uint32_t measure, uint32_t unit, const struct occasion *o,
                struct outcome *out);

/* No later fact changes what holds of a span now (C01): it is met whatever the years to come
 * bring, or a floor is reached (a ceiling broken) by what only adds up. */
bool judge_is_final(const struct plan *p, const struct clause *c, enum when_kind k,
                    uint32_t measure, enum truth holds);
/* 累计 of figures or rows: before the span there is nothing. Titles stand at the date (C17). */
bool judge_starts_at_zero(const struct plan *p, enum when_kind k, uint32_t measure);

/* ---- judge_plain.c ---- */
/* A block whose rows can mostly be written down at once. */
struct plain {
    struct rat asked;
    bool has_baseline;
    struct cursor now, who, before;
    struct verdict_row row; /* what they share */
};
/* Whether the block is one; it must be open. */
bool judge_plain(struct judge *j, const struct block *b, struct plain *out);
/* Unit i. A share that is not there: there is no row. false: judge it as always. */
bool judge_plain_row(struct judge *j, const struct block *b, struct plain *p, uint32_t i,
                     struct verdict_row *row, struct share *share);

/* By numbers of the measure: does it satisfy, and is it known to? y > 0. */
enum truth judge_plain_order(const struct block *b, const struct plain *p, int64_t x, int64_t y);

/* ---- judge_column.c ---- */
/*
 * All units of a plain block as one column of rows, onto the end of j->out; what they add to the
 * rows above into `shares`, by unit. *done false: judge it unit by unit.
 */
enum rc judge_column(struct judge *j, const struct block *b, struct plain *p, struct share *shares,
                     bool *done);
/*
 * The same by unit, with gaps: who must not comply is absent, and units that are whole are still to
 * be judged. shares: of all others. *codes: those of the column, to be written.
 */
bool judge_codes(struct judge *j, const struct block *b, struct plain *p, struct share *shares,
                 struct row_column *out, uint8_t **codes);

/* ---- judge_light.c ---- */
enum light judge_light(struct judge *j, const struct commitment *k, const struct clause *c,
                       const struct occasion *o, uint32_t measure, uint32_t unit,
                       const struct outcome *x);

/* ---- judge.c ---- */
/* A judge with empty hands: *out is emptied, *seen is its own. */
struct judge judge_new(struct arena *a, struct cells *c, const struct evaluator *ev,
                       struct judge_query q, struct verdicts *out, struct row_index *seen);
/* The query needs the commitment, which is a scorecard or not. */
bool judge_is_asked(const struct judge *j, uint32_t commitment, bool card);
/* After all others, of which rc came: scorecards, findings, the query; says what went wrong. */
enum rc judge_finish(struct judge *j, enum rc rc);
/* Opens and judges (j->each) a commitment of any family. */
enum rc judge_commitment(struct judge *j, uint32_t commitment);

/* One family each: they open the blocks of a commitment and hand each to j->each, whatever the
 * query (judge.c filters at the end). */
enum rc judge_targets(struct judge *j, uint32_t commitment); /* indicators and targets */
enum rc judge_tasks(struct judge *j, uint32_t commitment);   /* tasks and stages (C22) */
void judge_evidence(struct judge *j); /* first, and when there is more: indexes it */
enum rc judge_quota(struct judge *j, uint32_t commitment); /* C33 */
enum rc judge_gate(struct judge *j, uint32_t commitment);  /* C25 */
enum rc judge_rule(struct judge *j, uint32_t commitment);  /* C25, C26 */
enum rc judge_check(struct judge *j, uint32_t commitment);
enum rc judge_sample(struct judge *j, uint32_t commitment);
/* After all others: reads the rows of the commitments it scores (j->rows_at). */
enum rc judge_scorecard(struct judge *j, uint32_t commitment);

#endif
