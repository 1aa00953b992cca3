/* SPDX-License-Identifier: Apache-2.0 */
/* Private to offline_*.c. */
#ifndef APP_OFFLINE_OFFLINE_INT_H
#define APP_OFFLINE_OFFLINE_INT_H

#include "app/offline/offline.h"
#include "app/report/report_int.h"

#define OFFLINE_PART_BYTES (128U << 20)
#define CENTRE             STR("offline/centre")

struct parcels {
    VEC(struct store_parcel) list;
};

/* What a commit of the centre said of one key: a unit, or `round/ID`. */
struct offline_commit {
    int64_t seq;
    struct str key, actor, act;
    struct parcels parcels;
};
struct offline_commits {
    VEC(struct offline_commit) list;
};

/* Of a unit of a round package: the last commit that touched its submission at the centre, and the
 * last of a local book that the centre has taken in. */
struct offline_unit {
    struct str unit;
    int64_t seen;
    struct str book;
    int64_t seq;
};
struct offline_units {
    VEC(struct offline_unit) list;
};

/* A submission in an answer: what of the centre's it is based on, and its own commit. */
struct offline_report {
    struct str unit, doc;
    int64_t seen, seq;
    struct parcels figures;
};

/* Parts as text, and back; false: damaged. */
struct str offline_commits_write(struct arena *a, const struct offline_commits *c);
NODISCARD bool offline_commits_read(struct arena *a, struct str text, struct offline_commits *out);
struct str offline_units_write(struct arena *a, const struct offline_units *u);
NODISCARD bool offline_units_read(struct arena *a, struct str text, struct offline_units *out);
struct str offline_report_write(struct arena *a, const struct offline_report *r);
NODISCARD bool offline_report_read(struct arena *a, struct str text, struct offline_report *out);

/* The part of a package; "" when there is none. */
struct str offline_part(const struct package *p, struct str name);
/* NULL: the unit is not among them. */
const struct offline_unit *offline_unit_of(const struct offline_units *u, struct str unit);

/* ---- what a book knows of the other one ----------------------------------------------------- */

/* Of a local book (`offline/centre`): whose it is, up to which commit it was filled. */
struct offline_centre {
    struct str book, package, plan, round;
    int64_t seq; /* 0: filling has begun */
    struct date until;
};
/* *found: it is a local book. */
NODISCARD enum rc offline_centre_get(struct arena *a, struct store_reader *r, bool *found,
                                     struct offline_centre *out, struct err *e);

/* Beside a submission, `offline/unit/ROUND/UNIT`. At the centre: the last commit of which local
 * book was taken in, and by which package. In a local book: what of the centre's was seen. */
struct offline_mark {
    struct str book, package;
    int64_t seq;
    enum offline_choice choice;
};
struct str offline_mark_subject(struct arena *a, struct str round, struct str unit);
struct str offline_mark_write(struct arena *a, const struct offline_mark *m);
NODISCARD enum rc offline_mark_get(struct arena *a, struct store_reader *r, struct str subject,
                                   struct offline_mark *out, struct err *e);

/* One document, as a commit of its own, unless it says so already. */
NODISCARD enum rc offline_doc_put(struct arena *a, struct store *s, struct store_reader *r,
                                  struct str actor, const char *act, struct str subject,
                                  struct str body, int64_t *seq, struct err *e);
/* `offline/out/ID` */
struct str offline_out_subject(struct arena *a, struct str id);

/* The key of the package, known from now on. */
NODISCARD enum rc offline_accept_key(struct offline_in *in, struct err *e);
/* What a person has said about the unit. */
enum offline_choice offline_chosen(const struct offline_in *in, struct str unit);

NODISCARD enum rc offline_damaged(struct str part, struct err *e);

#endif
