/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of a docx with comments at stretches of its text. Everything else stays as it is: runs are
 * cut where a comment begins and ends, each part in the format it had.
 */
#ifndef IO_DOCX_NOTE_H
#define IO_DOCX_NOTE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct text;

struct docx_note {
    uint32_t beg, end; /* of text.source (io/text.h) */
    struct str text;   /* of the comment */
};

struct docx_noted {
    struct str bytes;
    uint32_t n;         /* comments put in */
    uint32_t n_outside; /* left out: in text boxes, where no comment can stand */
};

/*
 * t: what text_read_bytes made of these bytes; notes ascend and do not overlap. RC_INPUT: no docx,
 * or damaged; RC_NO_SUPPORT: not in UTF-8; RC_LIMIT.
 */
NODISCARD enum rc docx_annotate(struct arena *a, const char *path, struct str bytes,
                                const struct text *t, const struct docx_note *notes, uint32_t n,
                                struct docx_noted *out, struct err *e);

#endif
