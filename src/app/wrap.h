/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running text in columns: lines are broken at spaces and between ideographs, and no line begins
 * with a closing mark.
 */
#ifndef APP_WRAP_H
#define APP_WRAP_H

#include <stdint.h>

#include "base/str.h"

struct buf;

#define WRAP_COLUMNS 96

/*
 * Writes text so that it ends at WRAP_COLUMNS; the cursor stands at column `at`, further lines
 * begin at column `indent`. Ends without newline.
 */
void wrap_text(struct buf *out, struct str text, uint32_t at, uint32_t indent);

#endif
