/* SPDX-License-Identifier: Apache-2.0 */
/* Respelling the plan files of a pack in Chinese or English (lang/fmt.h). */
#ifndef APP_PACK_FORMAT_H
#define APP_PACK_FORMAT_H

#include "app/pack/pack.h"

/*
 * Formats all files of a pack whose plan is open. write: in place, one after the other, each
 * atomically, once all are made; else their texts go to out. RC_LIMIT, RC_IO ...
 */
NODISCARD enum rc format_pack(struct arena *a, const char *pack_dir, enum diag_lang lang,
                              bool write, const struct pack *pack, struct buf *out, struct err *e);

#endif
