/* SPDX-License-Identifier: Apache-2.0 */
/* JSON writer; the state machine is the level stack of struct json. */
#include "base/json.h"

#include "base/assert.h"

#define INDENT       2
#define INT64_DIGITS 20U /* and a sign */

void json_init(struct json *j, struct buf *out, bool pretty)
{
    *j = (struct json){.out = out, .pretty = pretty};
}

void json_end(struct json *j)
{
    ASSERT(j->depth == 0 && !j->after_key && j->done); /* J1 */
    if (j->pretty) {
        buf_putc(j->out, '\n');
    }
}

static void new_line(struct json *j)
{
    if (j->pretty) {
        buf_putc(j->out, '\n');
        buf_fill(j->out, ' ', j->depth * INDENT);
    }
}

/* The comma and the line before an item of the innermost level. */
static void before_item(struct json *j)
{
    if (j->depth == 0) {
        ASSERT(!j->done); /* one value per document */
        j->done = true;
        return;
    }
    if (j->level[j->depth - 1].has_items) {
        buf_putc(j->out, ',');
    }
    j->level[j->depth - 1].has_items = true;
    new_line(j);
}

static void before_value(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    ASSERT(j->depth == 0 || !j->level[j->depth - 1].is_object); /* J1 */
    before_item(j);
}

static void begin(struct json *j, char bracket, bool is_object)
{
    before_value(j);
    ASSERT(j->depth < LIMIT_JSON_DEPTH);
    buf_putc(j->out, bracket);
    j->level[j->depth].is_object = is_object;
    j->level[j->depth].has_items = false;
    j->depth++;
}

static void end(struct json *j, char bracket, bool is_object)
{
    ASSERT(j->depth > 0 && j->level[j->depth - 1].is_object == is_object && !j->after_key);
    j->depth--;
    if (j->level[j->depth].has_items) {
        new_line(j);
    }
    buf_putc(j->out, bracket);
}

void json_obj_begin(struct json *j)
{
    begin(j, '{', true);
}

void json_obj_end(struct json *j)
{
    end(j, '}', true);
}

void json_arr_begin(struct json *j)
{
    begin(j, '[', false);
}

void json_arr_end(struct json *j)
{
    end(j, ']', false);
}

/* Characters with a short escape. */
static char short_escape(unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    for (uint32_t i = 0; i < sizeof from - 1; i++) {
        if ((unsigned char)from[i] == c) {
            return to[i];
        }
    }
    return '\0';
}

/* Length of the text at `at` that must be escaped as \uXXXX, 0 when it may stand. */
static uint32_t long_escape(struct str s, uint32_t at, unsigned *code)
{
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x20 || c == 0x7f) {
        *code = c;
        return 1;
    }
    struct str rest = str_sub(s, at, s.n);
    if (str_starts(rest, STR("\u2028")) || str_starts(rest, STR("\u2029"))) {
        *code = (unsigned char)rest.p[2] == 0xa8 ? 0x2028 : 0x2029;
        return 3;
    }
    return 0;
}

/* Bytes that never begin an escape: nearly all. (U+2028 and U+2029 begin with 0xe2.) */
static bool stands(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c != 0xe2;
}

static void quoted(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    uint32_t plain = 0; /* bytes from here to i stand as they are */
    for (uint32_t i = 0; i < s.n;) {
        unsigned code = 0;
        if (stands((unsigned char)s.p[i])) {
            i++;
            continue;
        }
        char brief = short_escape((unsigned char)s.p[i]);
        uint32_t n = brief != '\0' ? 1 : long_escape(s, i, &code);
        if (n == 0) {
            i++;
            continue;
        }
        buf_str(b, str_sub(s, plain, i));
        if (brief != '\0') {
            buf_putc(b, '\\');
            buf_putc(b, brief);
        } else {
            buf_printf(b, "\\u%04x", code);
        }
        i += n;
        plain = i;
    }
    buf_str(b, str_sub(s, plain, s.n));
    buf_putc(b, '"');
}

void json_key_str(struct json *j, struct str key)
{
    ASSERT(j->depth > 0 && j->level[j->depth - 1].is_object && !j->after_key); /* J1 */
    before_item(j);
    quoted(j->out, key);
    buf_puts(j->out, j->pretty ? ": " : ":");
    j->after_key = true;
}

void json_key(struct json *j, const char *key)
{
    json_key_str(j, str_from_cstr(key));
}

void json_str(struct json *j, struct str s)
{
    before_value(j);
    quoted(j->out, s);
}

void json_cstr(struct json *j, const char *z)
{
    json_str(j, str_from_cstr(z));
}

void json_int(struct json *j, int64_t x)
{
    char digits[INT64_DIGITS];
    uint32_t at = INT64_DIGITS;
    uint64_t left = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    before_value(j);
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (x < 0) {
        digits[--at] = '-';
    }
    buf_put(j->out, digits + at, INT64_DIGITS - at);
}

void json_bool(struct json *j, bool x)
{
    before_value(j);
    buf_puts(j->out, x ? "true" : "false");
}

void json_null(struct json *j)
{
    before_value(j);
    buf_puts(j->out, "null");
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)? : what the project's own printers give. */
static bool is_number(struct str s)
{
    uint32_t at = str_starts(s, STR("-")) ? 1 : 0;
    uint32_t whole = at;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        at++;
    }
    if (at == whole || (s.p[whole] == '0' && at > whole + 1)) {
        return false;
    }
    if (at == s.n) {
        return true;
    }
    uint32_t point = at++;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        at++;
    }
    return s.p[point] == '.' && at > point + 1 && at == s.n;
}

void json_raw_num(struct json *j, struct str digits)
{
    ASSERT(is_number(digits));
    before_value(j);
    buf_str(j->out, digits);
}

void json_raw(struct json *j, struct str document)
{
    ASSERT(document.n > 0);
    before_value(j);
    buf_str(j->out, str_trim(document));
}

void json_kv_str(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_kv_cstr(struct json *j, const char *key, const char *z)
{
    json_key(j, key);
    json_cstr(j, z);
}

void json_kv_int(struct json *j, const char *key, int64_t x)
{
    json_key(j, key);
    json_int(j, x);
}

void json_kv_bool(struct json *j, const char *key, bool x)
{
    json_key(j, key);
    json_bool(j, x);
}

void json_kv_day(struct json *j, const char *key, struct date d)
{
    char text[DATE_TEXT_BYTES];
    if (!date_is_sentinel(d)) {
        json_kv_str(j, key, date_text(d, text));
    }
}

void json_kv_text(struct json *j, const char *key, struct str s)
{
    if (s.n > 0) {
        json_kv_str(j, key, s);
    }
}
