/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the readers of texts. */
#ifndef IO_TEXT_INT_H
#define IO_TEXT_INT_H

#include "io/text.h"

/*
 * Appends the line raw, which stands in the source from byte `at` on, in canonical form, unless
 * nothing is left of it. RC_LIMIT beyond the limits and when memory is out: callers may hold
 * something (arena.h, A5).
 */
NODISCARD enum rc text_add_line(struct arena *a, struct text *t, const char *path, struct str raw,
                                uint32_t at, struct text_line line, struct err *e);
/* The paragraphs of word/document.xml, when it is at hand. */
NODISCARD enum rc docx_read_part(struct arena *a, const char *path, struct str xml,
                                 struct text *out, struct err *e);
/* The paragraphs of a docx. */
NODISCARD enum rc docx_read(struct arena *a, const char *path, struct str bytes, struct text *out,
                            struct err *e);

/* The text of a pdf as UTF-8, a form feed after each page; RC_NO_SUPPORT: nothing here reads it. */
NODISCARD enum rc pdf_text(struct arena *a, const char *path, struct str bytes, struct str *out,
                           struct err *e);

/* word/document.xml with comments at the notes, numbered from first_id; placed: by note. */
struct docx_note;
struct str docx_note_part(struct arena *a, struct str xml, const struct text *t,
                          const struct docx_note *notes, uint32_t n, uint32_t first_id,
                          bool *placed);

#endif
