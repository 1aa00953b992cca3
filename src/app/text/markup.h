/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others inside HTML. */
#ifndef APP_TEXT_MARKUP_H
#define APP_TEXT_MARKUP_H

#include "base/str.h"

struct buf;

/* So that it is shown as it is, wherever it stands: marks of markup are escaped, what would steer
 * the reader's screen (controls, marks of direction) is left out. */
void html_put(struct buf *out, struct str text);
/* `<span class="x">text</span>` */
void html_span(struct buf *out, const char *css, struct str text);

#endif
