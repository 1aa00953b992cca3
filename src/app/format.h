/* SPDX-License-Identifier: Apache-2.0 */
/* Respelling the plan files of a pack in Chinese or English (lang/fmt.h). */
#ifndef APP_FORMAT_H
#define APP_FORMAT_H

#include "app/pack.h"

/*
 * Formats all files of a pack. write: in place, one after the other, each atomically; else their
 * texts go to out. Nothing is written when a file does not parse: RC_INPUT, faults in diags.
 */
NODISCARD enum rc format_pack(struct arena *a, const char *pack_dir, enum diag_lang lang,
                              bool write, struct pack *pack, struct buf *out, struct err *e);

#endif
