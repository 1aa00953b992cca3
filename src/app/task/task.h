/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks (任务, 阶段) of the plan on a book: who owes which deliverable by when, who works on it
 * with him, the evidence filed for it, sign-off by the tier above, extensions, lights
 * (docs/internals/reporting.md, Tasks).
 *
 * Invariants
 *   TK1 task_step is pure.
 *   TK2 Who filed or contributed evidence or asked for an extension does not decide on it.
 *   TK3 Evidence of the owner becomes a fact of the plan in the commit that signs it off, with the
 *       day it is about; an extension moves the light and never the verdict.
 *   TK4 What a co-owner contributes never moves the state, and is no fact of the plan.
 * Ownership: the arena given; texts are not copied.
 */
#ifndef APP_TASK_TASK_H
#define APP_TASK_TASK_H

#include "app/table.h"
#include "app/report/desk.h"
#include "model/verdict.h"

enum task_state {
#define STATE(name, text, en, zh) TASK_##name,
#include "app/task/task.def"
    TASK__STATES
};

enum task_act_kind {
#define ACT(name, text, in, above, en, zh) TASK_ACT_##name,
#include "app/task/task.def"
    TASK_ACT__COUNT
};

struct task_evidence {
    struct date day; /* it is about */
    struct str document, hash, actor;
    struct str unit; /* the co-owner it comes from; "": the owner */
};

struct task_doc {
    enum task_state state;
    struct date due;   /* DATE_MIN: as the plan says; else as extended last */
    struct date asked; /* an extension until then is asked for; DATE_MIN: none */
    struct str asked_by;
    struct str reason; /* of the extension, or of what was decided last */
    VEC(struct task_evidence) evidence;
    uint32_t n_signed; /* of the evidence, those before the last sign-off */
    enum task_act_kind last_act;
    struct str last_actor;
    struct date last_day;
};

struct task_act {
    enum task_act_kind act;
    struct str actor;
    struct date day;
    struct str reason;
    struct date until;             /* EXTEND */
    struct task_evidence evidence; /* FILE, CONTRIBUTE */
};

/* due: the day of the plan. RC_CONFLICT, RC_DENIED, RC_INPUT. */
NODISCARD enum rc task_step(struct arena *a, const struct task_doc *now, struct date due,
                            const struct task_act *act, struct task_doc *out, struct err *e);
/* Whether it stands so that this actor could; what comes with the act may still be wanting. */
bool task_admits(const struct task_doc *t, enum task_act_kind act, struct str actor);
struct str task_write(struct arena *a, const struct task_doc *t);
NODISCARD enum rc task_read(struct arena *a, struct str json, struct task_doc *out, struct err *e);
const char *task_state_name(enum task_state s);
const char *task_state_text(enum task_state s, bool chinese);
const char *task_act_name(enum task_act_kind act);

/* ---- at the desk ---------------------------------------------------------------------------- */

struct tree_snap;
struct cells;
/* What says who the co-owners are: the tree of today, and named lists. */
struct task_roll {
    const struct tree_snap *tree;
    const struct cells *cells;
};

/* One deliverable of one unit. */
struct task_line {
    uint32_t commitment, unit;
    int32_t year;
    struct str part; /* period or stage; "": the whole */
    struct date due; /* of the plan */
    enum state verdict;
    struct task_doc doc;
    int64_t seen;
    enum light light; /* by date: done none, over red, within the days of reminding amber, green */
    int32_t remind;   /* those days */
    bool shared;      /* by task_seen: seen as co-owner */
    const struct task_roll *roll;
};
struct task_lines {
    VEC(struct task_line) list;
};

/*
 * Every one of them, to find one to act on. remind: days before the due day from which a task is
 * amber. Sorted by due day. at: by unit, those at which something may be done with it or NULL: what
 * concerns none of them may be left out.
 */
NODISCARD enum rc task_list(struct desk *d, int32_t remind, const bool *at, struct task_lines *out,
                            struct err *e);
/* Those the actor may read (`task.read`) at the owner or a co-owner, of one unit or (NONE) of all.
 * RC_DENIED: he may read none. */
NODISCARD enum rc task_seen(struct desk *d, const struct task_lines *all, uint32_t unit,
                            struct task_lines *out, struct err *e);
/* The one line; RC_NOT_FOUND, or RC_INPUT when part or year would have to be said. */
NODISCARD enum rc task_find(struct desk *d, const struct task_lines *all, struct str id,
                            struct str part, struct str unit, int32_t year, struct task_line **out,
                            struct err *e);
/* The unit is a co-owner of it. */
bool task_shares(const struct desk *d, const struct task_line *t, uint32_t unit);
/* All of them, in order of the tree. */
struct task_units {
    VEC(uint32_t) list;
};
struct task_units task_sharers(struct desk *d, const struct task_line *t);
/* Where an act is done: at the unit, or at the one above it (the root's own at the root); of a
 * contribution it is the co-owner. */
NODISCARD enum rc task_place(struct desk *d, const struct task_line *t, enum task_act_kind act,
                             struct str *out, struct err *e);
/* Whether the actor could do the act now: state, right, and what excludes him (TK2). co_owner: the
 * unit that he contributes for, else NONE. */
NODISCARD enum rc task_may(struct desk *d, const struct task_line *t, enum task_act_kind act,
                           uint32_t co_owner, bool *may, struct err *e);
/* seen: commit that was looked at, or REPORT_JUST_READ. content: of the document, FILE and
 * CONTRIBUTE. */
NODISCARD enum rc task_do(struct desk *d, struct task_line *t, struct task_act *act, int64_t seen,
                          struct str content, struct err *e);
/* What was done with it, commit by commit, oldest first. */
struct task_moment {
    int64_t seq, at; /* at: microseconds since 1970 */
    struct task_doc doc;
};
struct task_moments {
    VEC(struct task_moment) list;
};
NODISCARD enum rc task_history(struct desk *d, const struct task_line *t, struct task_moments *out,
                               struct err *e);
/* Of its evidence what co-owners have brought. */
uint32_t task_contributed(const struct task_doc *t);
struct table task_list_table(const struct desk *d, const struct task_lines *all, bool chinese);
void task_list_show(const struct desk *d, const struct task_lines *all, bool chinese,
                    uint32_t width, struct buf *out);
void task_list_json(const struct desk *d, const struct task_lines *all, struct buf *out);

#endif
