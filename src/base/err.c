/* SPDX-License-Identifier: Apache-2.0 */
/* Filling and printing struct err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"

void err_clear(struct err *e)
{
    if (e != NULL) {
        /* The texts are empty when their first byte is; clearing 3 kB would cost more. */
        e->rc = RC_OK;
        e->saved_errno = 0;
        e->file = NULL;
        e->line = 0;
        e->primary_en[0] = e->primary_zh[0] = '\0';
        e->detail_en[0] = e->detail_zh[0] = '\0';
        e->hint_en[0] = e->hint_zh[0] = '\0';
    }
}

/* Formats behind the first `used` bytes of out, cut at a code point border (E3). */
static void write_text(char out[LIMIT_ERR_TEXT_BYTES], size_t used, const char *fmt, va_list ap)
    PRINTF_LIKE(3, 0);

static void write_text(char out[LIMIT_ERR_TEXT_BYTES], size_t used, const char *fmt, va_list ap)
{
    size_t room = LIMIT_ERR_TEXT_BYTES - used;
    int n = vsnprintf(out + used, room, fmt, ap);
    ASSERT(n >= 0);
    if ((size_t)n >= room) {
        /* The last character may be cut in the middle: find its first byte and look. */
        uint32_t end = LIMIT_ERR_TEXT_BYTES - 1;
        uint32_t lead = end - 1;
        while (lead > 0 && ((unsigned char)out[lead] & 0xc0U) == 0x80U) {
            lead--;
        }
        if (!utf8_valid((struct str){out + lead, end - lead}, NULL)) {
            out[lead] = '\0';
        }
    }
}

enum rc err_set_at(struct err *e, enum rc rc, int saved_errno, const char *file, int line,
                   const char *en, const char *zh, ...)
{
    ASSERT(rc != RC_OK);
    if (e == NULL || e->rc != RC_OK) {
        return rc; /* E1 */
    }
    err_clear(e);
    e->rc = rc;
    e->saved_errno = saved_errno;
    e->file = file;
    e->line = line;
    va_list ap;
    va_start(ap, zh);
    write_text(e->primary_en, 0, en, ap);
    va_end(ap);
    va_start(ap, zh);
    write_text(e->primary_zh, 0, zh, ap);
    va_end(ap);
    return rc;
}

/* Appends to a detail text, after "; " when it holds something already. */
static void append_detail(char out[LIMIT_ERR_TEXT_BYTES], const char *sep, const char *fmt,
                          va_list ap) PRINTF_LIKE(3, 0);

static void append_detail(char out[LIMIT_ERR_TEXT_BYTES], const char *sep, const char *fmt,
                          va_list ap)
{
    size_t used = strlen(out);
    size_t sep_n = used == 0 ? 0 : strlen(sep);
    if (used + sep_n + UTF8_MAX_BYTES >= LIMIT_ERR_TEXT_BYTES) {
        return; /* full: the innermost context is the useful one */
    }
    memcpy(out + used, sep, sep_n);
    write_text(out, used + sep_n, fmt, ap);
}

void err_ctx(struct err *e, const char *en, const char *zh, ...)
{
    if (e == NULL) {
        return;
    }
    va_list ap;
    va_start(ap, zh);
    append_detail(e->detail_en, "; ", en, ap);
    va_end(ap);
    va_start(ap, zh);
    append_detail(e->detail_zh, "；", zh, ap);
    va_end(ap);
}

void err_hint(struct err *e, const char *en, const char *zh, ...)
{
    if (e == NULL) {
        return;
    }
    va_list ap;
    va_start(ap, zh);
    write_text(e->hint_en, 0, en, ap);
    va_end(ap);
    va_start(ap, zh);
    write_text(e->hint_zh, 0, zh, ap);
    va_end(ap);
}

static void render_line(struct buf *out, const char *label, const char *text)
{
    if (text[0] != '\0') {
        buf_printf(out, "%s%s\n", label, text);
    }
}

void err_render(const struct err *e, enum err_lang lang, struct buf *out)
{
    bool zh = lang == ERR_LANG_ZH;
    const char *primary = zh ? e->primary_zh : e->primary_en;
    const char *general = zh ? rc_text_zh(e->rc) : rc_text_en(e->rc);
    buf_puts(out, zh ? "错误：" : "error: ");
    buf_puts(out, primary[0] != '\0' ? primary : general);
    if (e->saved_errno != 0) {
        char reason[LIMIT_ERR_TEXT_BYTES];
        /* The reason is the system's own, in English. */
        if (strerror_r(e->saved_errno, reason, sizeof reason) == 0) {
            buf_printf(out, zh ? "（%s）" : " (%s)", reason);
        }
    }
    buf_putc(out, '\n');
    render_line(out, zh ? "  经过：" : "  while ", zh ? e->detail_zh : e->detail_en);
    render_line(out, zh ? "  建议：" : "  hint: ", zh ? e->hint_zh : e->hint_en);
}
