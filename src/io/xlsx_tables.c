/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that cells point into: styles, of which only the number format counts, and strings. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/xlsx_int.h"

#define FORMATS_MAX 65536U

/* ---- styles --------------------------------------------------------------------------------- */

struct styles {
    struct map_u64 formats; /* declared number format -> enum number_format + 256 × its zeros */
    bool cell_styles;       /* within cellXfs */
};

static void declare_format(struct xlsx *x, const char **attributes)
{
    struct styles *s = x->ctx;
    uint32_t id = 0;
    if (!xlsx_number(xlsx_attribute(attributes, "numFmtId"), UINT32_MAX, &id)) {
        return;
    }
    if (map_u64_len(&s->formats) == FORMATS_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "number formats", "种数字格式", FORMATS_MAX));
        return;
    }
    struct str code = xlsx_attribute(attributes, "formatCode");
    uint32_t format = number_format_of(code) | (uint32_t)number_format_zeros(code) << 8;
    if (!map_u64_try_put(x->a, &s->formats, id, format)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static void add_style(struct xlsx *x, const char **attributes)
{
    const struct styles *s = x->ctx;
    uint32_t id = 0;
    uint32_t format = NF_GENERAL;
    if (xlsx_number(xlsx_attribute(attributes, "numFmtId"), UINT32_MAX, &id) &&
        !map_u64_get(&s->formats, id, &format)) {
        format = number_format_builtin(id);
    }
    struct xlsx_style style = {(uint8_t)format, (uint8_t)(format >> 8),
                               xlsx_is_true(xlsx_attribute(attributes, "quotePrefix"))};
    if (x->styles.n == WORKBOOK_STYLES_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "styles", "种样式", WORKBOOK_STYLES_MAX));
    } else if (!vec_try_push(x->a, &x->styles, style)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static void styles_start(struct xlsx *x, struct str name, const char **attributes)
{
    struct styles *s = x->ctx;
    if (x->depth == 2) {
        s->cell_styles = str_eq(name, STR("cellXfs"));
    } else if (x->depth == 3 && str_eq(name, STR("numFmt"))) {
        declare_format(x, attributes);
    } else if (x->depth == 3 && s->cell_styles && str_eq(name, STR("xf"))) {
        add_style(x, attributes);
    }
}

static void styles_end(struct xlsx *x, struct str name)
{
    (void)x;
    (void)name;
}

static const struct xlsx_handlers style_handlers = {styles_start, styles_end, NULL};

enum rc xlsx_styles_read(struct xlsx *x)
{
    struct styles s = {0};
    return x->styles_part.n > 0 && xlsx_zip_has(x, x->styles_part)
               ? xlsx_xml_read(x, x->styles_part, &style_handlers, &s)
               : RC_OK;
}

/* ---- strings -------------------------------------------------------------------------------- */

/*
 * sst / si / t, or si / r / t for text in several fonts. What stands in rPh is how to pronounce it
 * and no part of the text.
 */
static void strings_start(struct xlsx *x, struct str name, const char **attributes)
{
    bool *phonetic = x->ctx;
    (void)attributes;
    if (x->depth == 2) {
        buf_clear(&x->text);
    } else if (x->depth == 3) {
        *phonetic = str_eq(name, STR("rPh"));
    }
    if (str_eq(name, STR("t")) && (x->depth == 3 || (x->depth == 4 && !*phonetic))) {
        xlsx_collect(x);
    }
}

static void strings_end(struct xlsx *x, struct str name)
{
    (void)name;
    if (x->depth != 2) {
        return;
    }
    x->string_bytes += x->text.n;
    if (x->strings.n == WORKBOOK_STRINGS_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "shared strings", "个共享字符串", WORKBOOK_STRINGS_MAX));
        return;
    }
    if (x->string_bytes > WORKBOOK_STRING_BYTES_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "bytes of shared strings", "字节（共享字符串）",
                                   WORKBOOK_STRING_BYTES_MAX));
        return;
    }
    char *p = arena_try(x->a, x->text.n);
    if (p && x->text.n > 0) {
        memcpy(p, x->text.p, x->text.n);
    }
    struct str text = {p, p ? xlsx_unescape(p, x->text.n) : 0};
    if (!p || !vec_try_push(x->a, &x->strings, text)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static const struct xlsx_handlers string_handlers = {strings_start, strings_end, NULL};

enum rc xlsx_strings_read(struct xlsx *x)
{
    bool phonetic = false;
    return x->strings_part.n > 0 ? xlsx_xml_read(x, x->strings_part, &string_handlers, &phonetic)
                                 : RC_OK;
}
