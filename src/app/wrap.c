/* SPDX-License-Identifier: Apache-2.0 */
/* Running text in columns. */
#include "app/wrap.h"

#include "base/buf.h"
#include "base/utf8.h"

static bool is_closing(uint32_t cp)
{
    static const uint32_t marks[] = {0xff0c, 0x3002, 0x3001, 0xff1b, 0xff1a, 0xff01,
                                     0xff1f, 0xff09, 0x300d, 0x201d, 0x300b, ',',
                                     '.',    ';',    ')',    ':',    '%'};
    for (uint32_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i] == cp) {
            return true;
        }
    }
    return false;
}

static uint32_t cp_at(struct str s, uint32_t i, uint32_t *cp)
{
    *cp = 0;
    return i < s.n ? utf8_decode(s, i, cp) : 0;
}

/* The next piece that is not broken: a word, or an ideograph with what must follow it. */
static uint32_t piece(struct str s, uint32_t i)
{
    uint32_t cp = 0;
    uint32_t n = cp_at(s, i, &cp);
    bool wide = utf8_cp_width(cp) == 2 && !is_closing(cp);
    uint32_t end = i + n;
    for (;;) {
        n = cp_at(s, end, &cp);
        bool joins = n > 0 && cp != ' ' && (is_closing(cp) || (!wide && utf8_cp_width(cp) < 2));
        if (!joins) {
            return end;
        }
        wide = wide || utf8_cp_width(cp) == 2;
        end += n;
    }
}

void wrap_text(struct buf *out, struct str text, uint32_t at, uint32_t indent)
{
    bool space = false;
    for (uint32_t i = 0; i < text.n;) {
        if (text.p[i] == ' ') {
            space = true;
            i++;
            continue;
        }
        uint32_t end = piece(text, i);
        struct str part = str_sub(text, i, end);
        uint32_t width = utf8_width(part);
        if (at > indent && at + (space ? 1 : 0) + width > WRAP_COLUMNS) {
            buf_putc(out, '\n');
            buf_fill(out, ' ', indent);
            at = indent;
            space = false;
        }
        if (space && i > 0) {
            buf_putc(out, ' ');
            at++;
        }
        buf_str(out, part);
        at += width;
        space = false;
        i = end;
    }
}
