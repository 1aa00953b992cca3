/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping a book: is it untouched, who did what in it, anchors to file away, copies and what was
 * secret beside it (docs/internals/keeping.md). Doctor is in keep/doctor.h.
 *
 * Invariants
 *   KE1 Nothing here changes what was committed; that it was done (a backup, an anchor taken) is a
 *       commit of its own, after it was done.
 *   KE2 A copy is verified before it is called one.
 * Ownership: everything in the arena given; one thread.
 */
#ifndef APP_KEEP_KEEP_H
#define APP_KEEP_KEEP_H

#include "app/seat/pass.h"
#include "base/vec.h"
#include "store/audit.h"
#include "store/log.h"
#include "store/store.h"

struct buf;
struct csv_writer;
struct json;

/* How answers are printed. */
struct keep_print {
    bool json, chinese;
    uint32_t width; /* of the terminal; 0: as wide as it gets */
    struct buf *out;
    struct csv_writer *rows; /* as these instead; NULL: no */
};

/* `2026-11-26 10:44:03`, in UTC+8. */
void keep_moment(struct buf *b, int64_t at);

/* ---- audit (keep/audit.c) ------------------------------------------------------------------- */

#define KEEP_FINDINGS_MAX 1000U /* listed; further ones are counted */

struct keep_row {
    struct str unit, sort; /* of a document: its subject */
};

/* A commit as far as it can still be read. */
struct keep_commit {
    int64_t seq, at; /* seq 0: it is not there */
    struct str actor, act;
    VEC(struct keep_row) rows; /* the first of what it is about */
};

struct keep_finding {
    struct audit_finding f;
    struct keep_commit commit;
    struct keep_commit before; /* where the commit is gone: the last one before it */
};

struct keep_audit {
    VEC(struct keep_finding) list;
    struct audit_result result;
    struct store_end end;
};

/* As audit_verify, with the places. */
NODISCARD enum rc keep_audit(struct arena *a, struct store_reader *r, const struct audit_options *o,
                             struct keep_audit *out, struct err *e);
/* outside: anchors from elsewhere were given. */
void keep_audit_print(struct arena *a, const struct keep_audit *x, bool outside,
                      const struct keep_print *p);

/* When a day begins, in UTC+8: microseconds since 1970. */
int64_t keep_day_at(struct date day);

/* ---- the log (keep/log.c) ------------------------------------------------------------------- */

#define KEEP_LOG_PAGE 50U /* entries, when nothing else is asked for */

/*
 * What a commit was about, as people may know it: rows of registers by register and unit alone,
 * since their ids may name persons and their number is a count (C41). list: of a log entry.
 */
const struct str *keep_log_subjects(struct arena *a, struct str list, uint32_t *n);
/* A page of the log. */
NODISCARD enum rc keep_log(struct arena *a, struct store_reader *r, const struct log_filter *f,
                           const struct keep_print *p, struct err *e);

/* ---- anchors (keep/anchor.c, keep/key.c)
 * ---------------------------------------------------------------- */

/*
 * A pair of keys for signing anchors: `path`, which only its owner may read, and `path`.pub.
 * Ed25519 by libsodium. RC_CONFLICT: there is such a file.
 */
NODISCARD enum rc keep_key_make(struct arena *a, const char *path, struct err *e);
/* The line, followed by ` ed25519 PUBLIC SIGNATURE`. */
NODISCARD enum rc keep_anchor_sign(struct arena *a, struct str line, const char *key_path,
                                   struct str *out, struct err *e);

struct keep_anchors {
    VEC(struct str) lines; /* as audit_verify wants them */
};
/*
 * Anchors as given: each a line, or a file of lines (empty ones and those with # are left out).
 * With `public_path` each must be signed by that key. RC_INPUT: not one, or not so signed.
 */
NODISCARD enum rc keep_anchors_read(struct arena *a, const char *const *given, uint32_t n,
                                    const char *public_path, struct keep_anchors *out,
                                    struct err *e);

/* ---- marks: what was done to the book as a whole -------------------------------------------- */

enum keep_what { KEEP_ANCHOR, KEEP_BACKUP };

struct keep_mark {
    int64_t seq, at; /* up to which commit, and the moment of the mark; at 0: never */
};
/* Says in the book that up to commit seq an anchor was taken, a backup made. */
NODISCARD enum rc keep_mark(struct arena *a, struct store *s, enum keep_what what, struct str actor,
                            int64_t seq, struct str note, struct err *e);
NODISCARD enum rc keep_mark_read(struct store_reader *r, enum keep_what what, struct keep_mark *out,
                                 struct err *e);

/* ---- copies (keep/copy.c) ------------------------------------------------------------------- */

struct keep_copied {
    struct store_end before; /* what was at the target: seq 0 nothing */
    struct store_end end;    /* what is there now, or would be */
    struct audit_result audit;
};

/* What the target has, and whether a copy could go there (CP3): RC_CONFLICT. Writes nothing. */
NODISCARD enum rc keep_copy_try(struct arena *a, struct store_reader *from, const char *where,
                                const char *files, struct keep_copied *out, struct err *e);
/* Copies and verifies what is there then (KE2), as `how` says. RC_DB: the copy does not verify. */
NODISCARD enum rc keep_copy(struct arena *a, struct store_reader *from, const char *where,
                            const char *files, const struct audit_options *how,
                            struct keep_copied *out, struct err *e);

/* ---- secrets (keep/secret.c) ---------------------------------------------------------------- */

#define KEEP_PHRASE_CHARS 12U /* of a passphrase, at least */

/*
 * All secrets of a book (hashes of passwords, one-time secrets) in one file: encrypted by
 * secretstream, bound to the id of the book, under a key that argon2id makes from the passphrase
 * at this cost. The old file is replaced. RC_INPUT: the passphrase is too short.
 */
NODISCARD enum rc keep_secrets_write(struct arena *a, struct store_reader *r, const char *path,
                                     struct str phrase, struct seat_cost cost, uint32_t *n,
                                     struct err *e);
/* The content of such a file, which keep_secrets_put wants. RC_DENIED: another passphrase, of
 * another book than `book`, or the file was changed. */
NODISCARD enum rc keep_secrets_open(struct arena *a, const char *path, struct str book,
                                    struct str phrase, struct str *plain, struct err *e);
/* Into a book; a user who has a record there already keeps it. *n: how many were put. */
NODISCARD enum rc keep_secrets_put(struct arena *a, struct store *s, struct store_reader *r,
                                   struct str plain, uint32_t *n, struct err *e);
/* Whether anybody has a password: without one nobody can log in. */
NODISCARD enum rc keep_secrets_any(struct arena *a, struct store_reader *r, bool *any,
                                   struct err *e);

#endif
