/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that were filed as evidence for tasks: who may see which, and taking one out.
 *
 * Invariants
 *   EV1 A document is seen by whoever may `task.read` at the unit that owes the task, or at the
 *       co-owner that has brought it, and by nobody else: its hash alone opens nothing.
 *   EV2 What is taken out is what was filed: its content is checked against its name.
 * Ownership: the arena of the desk.
 */
#ifndef APP_TASK_EVIDENCE_H
#define APP_TASK_EVIDENCE_H

#include "app/keep/keep.h"
#include "app/task/task.h"
#include "store/files.h"

struct evidence_row {
    struct str unit, task, part; /* part: `YEAR.PART` of the task */
    struct task_evidence what;
    bool is_signed;        /* signed off by the tier above */
    struct file_info file; /* size 0: missing from the folder */
};

struct evidence_list {
    VEC(struct evidence_row) list;
};

/* unit "": all that the actor may see. RC_DENIED: none of the unit. Sorted as tasks are named. */
NODISCARD enum rc evidence_list(struct desk *d, struct str unit, struct evidence_list *out,
                                struct err *e);
/*
 * The document whose hash begins so, into a new file. RC_NOT_FOUND: none that the actor may see;
 * RC_INPUT: several; RC_CONFLICT: there is such a file; RC_DB: it was changed (EV2).
 */
NODISCARD enum rc evidence_get(struct desk *d, struct str hash, const char *path,
                               struct evidence_row *out, struct err *e);
void evidence_print(const struct desk *d, const struct evidence_list *x,
                    const struct keep_print *p);

#endif
