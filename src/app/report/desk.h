/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reporting on a book: what people do at their desks (docs/internals/reporting.md).
 *
 *     struct desk d = {.a = a, .store = store, .reader = reader, .plan = plan, .today = today,
 *                      .actor = STR("user/17"), .may = may, .may_ctx = rights};
 *     TRY(desk_open(&d, e));
 *     TRY(report_open(&d, round, unit, &r, e));
 *     TRY(report_read_csv(&d, &r, "form.csv", &problems, e));
 *     TRY(report_do(&d, &r, ACT_SAVE, (struct report_words){.seen = REPORT_JUST_READ}, &found, e));
 *
 * Invariants
 *   RD1 What changes a submission is report_step, then one commit that expects the document as it
 *       was seen: of two who saw the same, one is recorded and the other gets RC_CONFLICT with who
 *       and when.
 *   RD2 A submission is accepted in the commit that makes its figures facts.
 *   RD3 Nothing is done that desk.may has not allowed.
 *   RD4 Sealed figures, and what is said of them, are shown within the unit alone; a reviewer above
 *       decides without them. A check that reads sealed figures says nothing to who may not.
 * Ownership: everything in desk.a; store and reader are the caller's. One thread.
 */
#ifndef APP_REPORT_DESK_H
#define APP_REPORT_DESK_H

#include "app/load/load.h"
#include "app/report/report.h"
#include "app/table.h"
#include "model/plan.h"
#include "store/store.h"

struct json;

/* operation: "report.submit", "round.open" … */
typedef bool desk_may_fn(void *ctx, struct str actor, const char *operation, struct str unit,
                         enum data_class class_);

struct live_reader;
struct roll;

/*
 * The book as a service has it already: its verdicts and the cells behind them (live_cells), pinned
 * and at rest from the first look until the eye is turned away. They may be some commits behind.
 */
struct desk_eye {
    enum rc (*look)(void *ctx, struct live_reader **out, struct err *e);
    void (*away)(void *ctx);
    /* What is seen from the next look on stands for this commit, at least. RC_BUSY: not in time. */
    enum rc (*reach)(void *ctx, int64_t seq, struct err *e);
    void *ctx;
};

struct desk {
    struct arena *a;
    struct store *store;
    struct store_reader *reader;
    const struct plan *plan;
    int64_t plan_seen; /* the last adoption that is known; another one refuses what is done here */
    struct str actor;
    struct date today;
    desk_may_fn *may;
    void *may_ctx;
    const struct tree *tree;      /* NULL: desk_open reads it from the book; else that of a hall */
    const struct desk_eye *eye;   /* NULL: what is asked of the book is read from it */
    struct roll *roll;            /* where submissions stand; NULL: their documents are read */
    const struct tree_snap *snap; /* of this tree on some day, NULL: none is at hand */
    /* private */
    struct parcel_reader *names; /* desk_names */
    struct tree_cache trees;     /* desk_tree */
    /* By desk_facts, when first needed. */
    const struct dataset *data;
};

/* RC_NOT_FOUND: the book has no units. */
NODISCARD enum rc desk_open(struct desk *d, struct err *e);
/* The tree of a day, made once. */
NODISCARD enum rc desk_tree(struct desk *d, struct date day, const struct tree_snap **out,
                            struct err *e);
/* By the eye. RC_BUSY: the list of units has just changed. */
NODISCARD enum rc desk_look(struct desk *d, struct live_reader **out, struct err *e);
/* Before what may wait for others, such as a commit; nothing that was seen is asked any more. */
void desk_look_away(struct desk *d);
/* What reads parcels by the plan and tree of the desk; made when first asked for. */
struct parcel_reader *desk_names(struct desk *d);
NODISCARD enum rc desk_facts(struct desk *d, struct err *e);
/* A unit by code or name. RC_NOT_FOUND. */
NODISCARD enum rc desk_unit(const struct desk *d, struct str text, uint32_t *unit, struct err *e);
struct str desk_code(const struct desk *d, uint32_t unit);
/* RD3. RC_DENIED. unit "": the root. */
NODISCARD enum rc desk_allow_at(const struct desk *d, const char *operation, struct str unit,
                                enum data_class class_, struct err *e);
/* `kind.item`, as the book writes it. */
struct str desk_item_name(const struct desk *d, uint32_t item);

/* ---- findings ------------------------------------------------------------------------------- */

enum report_fault {
#define REPORT_FAULT(name, code, en, zh) FAULT_##name,
#include "app/report/report.def"
    REPORT_FAULT__COUNT
};

/* What stands against a submission or a round. */
struct report_finding {
    enum report_fault fault;
    struct str a, b;
};
struct report_findings {
    VEC(struct report_finding) list;
};
const char *report_fault_code(enum report_fault f);

/* ---- rounds --------------------------------------------------------------------------------- */

/* As asked for; texts may be names. */
struct round_wish {
    struct str id, form, period, due, within;
    const struct str *only, *without;
    uint32_t n_only, n_without, signatures, minutes;
};

struct round_view {
    struct round round;
    int64_t seen;
    uint32_t form;  /* commitment */
    uint32_t *item; /* plan items, as round.items */
    const uint32_t *units;
    uint32_t n_units; /* who owes */
    /* By round_try. */
    struct report_findings against;
    int64_t earlier_minutes, earlier_reports; /* as fillers of the form declared */
};

/* What would be issued, and what stands against it. RC_INPUT, RC_NOT_FOUND: the wish is faulty. */
NODISCARD enum rc round_try(struct desk *d, const struct round_wish *w, struct round_view *out,
                            struct err *e);
/* RC_FINDINGS when something stands against it; RC_CONFLICT: the id is taken. */
NODISCARD enum rc round_open(struct desk *d, struct round_view *v, struct err *e);
NODISCARD enum rc round_find(struct desk *d, struct str id, struct round_view *out, struct err *e);
/* All whose form the plan still knows, in order of their ids. */
struct round_views {
    VEC(struct round_view) list;
};
NODISCARD enum rc round_views(struct desk *d, struct round_views *out, struct err *e);
/* Another due day, later, with a reason. Who owes stays as of the first one; who is late is judged
 * by the new one. RC_INPUT, RC_CONFLICT: the round was changed since v was read. */
NODISCARD enum rc round_extend(struct desk *d, struct round_view *v, struct date until,
                               struct str cause, struct err *e);
/* Leaves out who does not stand at or below the unit on the due day. */
NODISCARD enum rc round_narrow(struct desk *d, struct round_view *v, uint32_t unit, struct err *e);
/* Leaves out whose reports the actor may not follow (`round.read`). asked: by unit, 0 at first. */
void round_see(const struct desk *d, struct round_view *v, int8_t *asked);
/* Hours of people in all, exactly. */
struct rat round_hours(struct arena *a, const struct round_view *v);

/* Who owes, and where they stand. */
struct round_line {
    uint32_t unit;
    struct submission_brief brief; /* REPORT_NONE: silent */
    int64_t seen;                  /* commit that touched it last; 0: silent */
    bool late; /* first submitted after the due day, or not by now though it is over */
};
struct round_status {
    struct round_line *lines; /* in order of the tree */
    uint32_t n, n_late, of_state[REPORT__STATES];
};
/* Of the units whose reports the actor may follow (`round.read`): v is narrowed to them, so that
 * cost and counts are theirs too. RC_DENIED: there are none. */
NODISCARD enum rc round_lines(struct desk *d, struct round_view *v, struct round_status *out,
                              struct err *e);
/* The same, whoever asks. */
NODISCARD enum rc round_all_lines(struct desk *d, const struct round_view *v,
                                  struct round_status *out, struct err *e);
/* The submission of a unit, REPORT_NONE when it is silent; *seen as of round_line. */
NODISCARD enum rc round_doc(struct desk *d, const struct round_view *v, uint32_t unit,
                            struct submission *out, int64_t *seen, struct err *e);
/* Keeps the lines that wait for a review at the unit. */
NODISCARD enum rc round_waiting(struct desk *d, struct str at, struct round_status *s,
                                struct err *e);
/* Locks all that is accepted, in one commit. *n: how many. */
NODISCARD enum rc round_lock(struct desk *d, const struct round_view *v, uint32_t *n,
                             struct err *e);

/* ---- submissions ---------------------------------------------------------------------------- */

struct report {
    struct round_view round;
    uint32_t unit;
    struct submission doc;
    int64_t seen;         /* commit that touched it last */
    struct value *cells;  /* one per item of the round */
    struct value *before; /* accepted in the period before (copy-forward); see report_before */
    bool *hidden;         /* one per item: sealed, and the actor is not of the unit (RD4) */
    bool demo;            /* the unit has made-up figures; see report_before */
};

NODISCARD enum rc report_open(struct desk *d, struct str round, struct str unit, struct report *out,
                              struct err *e);
/* The same of a round that is at hand. */
NODISCARD enum rc report_open_in(struct desk *d, const struct round_view *v, uint32_t unit,
                                 struct report *out, struct err *e);
/* Fills in r->before. */
NODISCARD enum rc report_before(struct desk *d, struct report *r, struct err *e);
/*
 * A form as CSV (item, value, explain …) over what is there: rows that the file has not stay as
 * they are. RC_INPUT: see problems and found.
 */
NODISCARD enum rc report_read_csv(struct desk *d, struct report *r, const char *path,
                                  struct problems *problems, struct report_findings *found,
                                  struct err *e);
/* What somebody says of an item or a check. */
struct report_line {
    struct str about;
    struct str value, explain; /* "": blank, nothing more is said */
    bool values, explains;     /* they are said at all; else what is there stays */
};
/* The same of lines at hand; the line of a problem is its place among them, from 1. RC_INPUT. */
NODISCARD enum rc report_read_lines(struct desk *d, struct report *r,
                                    const struct report_line *lines, uint32_t n,
                                    struct problems *problems, struct report_findings *found);
/* The form to fill in: what is there, else what was in the period before, and says which. */
void report_write_csv(const struct desk *d, const struct report *r, bool chinese, struct buf *out);

#define REPORT_JUST_READ INT64_C(-1)

struct report_words {
    int64_t seen;  /* commit the actor has looked at, or REPORT_JUST_READ */
    struct str at; /* unit at which it is done; "": where it must be */
    struct str cause;
    struct report_notes cells; /* RETURN; items by name */
    int64_t minutes;
};
/*
 * One act, recorded; r is then as it is in the book. Saving what is there records nothing, nor does
 * an act that is repeated because its answer was lost. RC_FINDINGS: found says what a submission
 * lacks; RC_CONFLICT, RC_DENIED, RC_INPUT as report_step.
 */
NODISCARD enum rc report_do(struct desk *d, struct report *r, enum report_act_kind act,
                            struct report_words w, struct report_findings *found, struct err *e);
/* Whether the actor could do the act now: state, right, and what excludes him (RE3). */
bool report_may(const struct desk *d, const struct report *r, enum report_act_kind act);
/* The same findings without submitting. */
NODISCARD enum rc report_check(struct desk *d, const struct report *r,
                               struct report_findings *found, struct err *e);

/* ---- showing -------------------------------------------------------------------------------- */

void report_findings_text(const struct report_findings *f, bool chinese, struct buf *out);
/* As an array, and its items alone. */
void report_findings_json(const struct report_findings *f, struct json *j);
void report_findings_items(const struct report_findings *f, struct json *j);
void round_show(const struct desk *d, const struct round_view *v, bool chinese, struct buf *out);
/* Its lines as a table. */
struct table round_status_table(const struct desk *d, const struct round_view *v,
                                const struct round_status *s, bool chinese);
void round_status_show(const struct desk *d, const struct round_view *v,
                       const struct round_status *s, bool chinese, uint32_t width, struct buf *out);
void report_show(const struct desk *d, const struct report *r, bool chinese, uint32_t width,
                 struct buf *out);

/* Who did something, as an object of JSON. */
void report_mark_put(struct json *j, const struct report_mark *m);
/* Members of objects of JSON, which the caller begins and ends. */
void round_members(const struct desk *d, const struct round_view *v, struct json *j);
/* The same with what round_try found. */
void round_try_members(const struct desk *d, const struct round_view *v, struct json *j);
void round_counts_members(const struct round_status *s, struct json *j);
void round_line_members(const struct desk *d, const struct round_view *v,
                        const struct round_line *x, struct json *j);
/* A figure of the round's item for people; "": it is blank or hidden. */
struct str report_cell_text(const struct desk *d, const struct report *r, uint32_t item,
                            const struct value *v);
/* Where a report stands, without its figures; and all of it. */
void report_standing_members(const struct desk *d, const struct report *r, struct json *j);
void report_members(const struct desk *d, const struct report *r, struct json *j);

#endif
