/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping, character by character. */
#include "app/text/markup.h"

#include "base/buf.h"
#include "base/utf8.h"

static const char *entity(uint32_t cp)
{
    switch (cp) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return " ";
    default:
        return utf8_is_control(cp) || utf8_is_bidi_control(cp) ? "" : NULL;
    }
}

void html_put(struct buf *out, struct str text)
{
    for (uint32_t i = 0, n = 0; i < text.n; i += n) {
        uint32_t cp = 0;
        n = utf8_decode(text, i, &cp);
        const char *instead = entity(cp);
        if (instead) {
            buf_puts(out, instead);
        } else {
            buf_put(out, text.p + i, n);
        }
    }
}

void html_span(struct buf *out, const char *css, struct str text)
{
    buf_printf(out, "<span class=\"%s\">", css);
    html_put(out, text);
    buf_puts(out, "</span>");
}
