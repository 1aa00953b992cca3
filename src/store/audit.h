/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the book what was committed? Recomputes every hash of the chain, compares what is derived from
 * it, and looks at the files. docs/internals/book.md says what can be found and what cannot: a
 * tamperer who may write everything, and whom no anchor outlives, leaves no trace.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct store_reader;

enum audit_fault {
#define AUDIT(name, code, en, zh, do_en, do_zh) AUDIT_##name,
#include "store/audit.def"
    AUDIT__COUNT
};

struct audit_finding {
    enum audit_fault fault;
    int64_t seq; /* where; 0: nowhere in particular */
    uint32_t part;
    struct str text;
};

const char *audit_code(enum audit_fault f);
const char *audit_text(enum audit_fault f, bool chinese);
/* What to do about it: one sentence. */
const char *audit_remedy(enum audit_fault f, bool chinese);

struct audit_options {
    const struct str *anchors; /* lines of store_anchor, kept elsewhere */
    uint32_t n_anchors;
    bool skip_files;                 /* do not read the evidence */
    const struct progress *progress; /* of the book, then files; NULL: nobody hears */
};

struct audit_result {
    int64_t events, parcels, files, anchors; /* looked at */
    uint32_t n_findings;
};

typedef void audit_fn(void *ctx, const struct audit_finding *f);
/*
 * Reads the whole book once, in the state of one moment. Findings in order of their commit where
 * they have one. The anchor beside the book counts by itself. RC_OK also when there are findings;
 * RC_INPUT: an anchor is not one, or of another book.
 */
NODISCARD enum rc audit_verify(struct arena *a, struct store_reader *r,
                               const struct audit_options *o, audit_fn *fn, void *ctx,
                               struct audit_result *out, struct err *e);

#endif
