/* SPDX-License-Identifier: Apache-2.0 */
/* A mark is three bytes; a blank beside it goes where Chinese brackets need none. */
#include "model/mark.h"

#include <stdbool.h>

#include "base/buf.h"
#include "base/limits.h"

#define MARK_BYTES 3U

static const struct {
    struct str mark;
    const char *zh, *en;
} marks[] = {
    {STR_INIT("[T]"), "（原文）", "(in the text)"},
    {STR_INIT("[V]"), "（公开网页）", "(seen on a public page)"},
    {STR_INIT("[K]"), "（待核实）", "(to be verified)"},
};

static const char *words_at(struct str text, uint32_t at, bool chinese)
{
    for (uint32_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (str_starts(str_sub(text, at, text.n), marks[i].mark)) {
            return chinese ? marks[i].zh : marks[i].en;
        }
    }
    return NULL;
}

static bool is_chinese(struct str text)
{
    for (uint32_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] >= 0x80U) {
            return true;
        }
    }
    return false;
}

static bool is_blank(struct str text, uint32_t at)
{
    return at < text.n && text.p[at] == ' ';
}

struct str mark_words(struct arena *a, struct str text)
{
    const bool chinese = is_chinese(text);
    struct buf b;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < text.n;) {
        const uint32_t blank = chinese && is_blank(text, i);
        const char *words = words_at(text, i + blank, chinese);
        if (words == NULL) {
            buf_putc(&b, text.p[i]);
            i++;
            continue;
        }
        buf_puts(&b, words);
        i += blank + MARK_BYTES;
        i += chinese && is_blank(text, i);
    }
    return buf_view(&b);
}
