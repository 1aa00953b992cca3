/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book looked over by somebody who has to know at three in the morning: what is wrong, how bad,
 * where, and what to do (docs/internals/keeping.md).
 *
 * Invariants
 *   DO1 Each part is looked at even if another one fails; what cannot be looked at is a finding.
 *   DO2 Nothing is changed beyond what opening a book does, but files that nobody names, when asked
 *       (store/health.h, HE1), and only while the chain verifies: the list of files is derived, and
 *       who has tampered with it must not get evidence removed.
 */
#ifndef APP_KEEP_DOCTOR_H
#define APP_KEEP_DOCTOR_H

#include "app/keep/keep.h"
#include "store/health.h"

struct plan;

enum doctor_severity { DOCTOR_NOTE, DOCTOR_WARNING, DOCTOR_ERROR };

enum doctor_fault {
#define DOCTOR(name, code, severity, en, zh, do_en, do_zh) DOCTOR_##name,
#include "app/keep/doctor.def"
    DOCTOR__COUNT
};

struct doctor_finding {
    enum doctor_fault fault;
    struct str a[2], b[2]; /* what is filled in: English, Chinese */
};

struct doctor {
    struct arena *a;
    struct store_reader *reader;
    const struct plan *plan;         /* NULL: not asked */
    int64_t now;                     /* microseconds since 1970 */
    uint32_t sweep_days;             /* 0: nothing is removed */
    const struct progress *progress; /* of book and files; NULL: nobody hears */
    /* MiB free at a place, less than 0: not known; NULL: as the system says. */
    int64_t (*free_at)(const char *path);
    /* What is found. */
    VEC(struct doctor_finding) list;
    bool opened, sound; /* sound: the chain verifies */
    bool cancelled;     /* while it looked at the chain: the rest was not looked at */
    struct store_health health;
    struct store_end end;
    int64_t first_at, free_mib; /* 0: not known */
    struct keep_mark anchor, backup;
};

/* The book could not be opened: that is the finding, and the only one. */
void doctor_cannot_open(struct doctor *d, const struct err *why);
/* The rest, of an open book. */
void doctor_run(struct doctor *d);
enum doctor_severity doctor_worst(const struct doctor *d);
void doctor_print(const struct doctor *d, const struct keep_print *p);

#endif
