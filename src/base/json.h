/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON writer on a buf: commas, quotes, escapes and indentation in one place.
 *
 * Invariants
 *   J1  Misuse (a value without key in an object, unbalanced ends, depth) is a bug: ASSERT.
 *   J2  Text must be valid UTF-8; it is written as it is, only `"`, `\`, controls, U+2028 and
 *       U+2029 are escaped (the latter two break older script hosts).
 *   J3  The writer allocates nothing; overflow is the buf's.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/date.h"
#include "base/str.h"

struct json {
    struct buf *out;
    bool pretty;
    bool after_key;
    bool done; /* the one value of the document has begun */
    uint32_t depth;
    struct {
        bool is_object;
        bool has_items;
    } level[LIMIT_JSON_DEPTH];
};

/* out is borrowed until json_end. pretty: two-space indent, one item per line. */
void json_init(struct json *j, struct buf *out, bool pretty);
/* All levels are closed and one value was written; pretty output gets its final newline. */
void json_end(struct json *j);

void json_obj_begin(struct json *j);
void json_obj_end(struct json *j);
void json_arr_begin(struct json *j);
void json_arr_end(struct json *j);
/* Inside an object, before each value. */
void json_key(struct json *j, const char *key);
void json_key_str(struct json *j, struct str key);

void json_str(struct json *j, struct str s);
void json_cstr(struct json *j, const char *z);
void json_int(struct json *j, int64_t x);
void json_bool(struct json *j, bool x);
void json_null(struct json *j);
/* A value that a writer like this has written as a document of its own. */
void json_raw(struct json *j, struct str document);
/* A number already in JSON form, e.g. from rat_dec_str; asserts the form. */
void json_raw_num(struct json *j, struct str digits);

/* key and value in one */
void json_kv_str(struct json *j, const char *key, struct str s);
void json_kv_cstr(struct json *j, const char *key, const char *z);
void json_kv_int(struct json *j, const char *key, int64_t x);
void json_kv_bool(struct json *j, const char *key, bool x);
/* Left out when there is none: a sentinel, an empty text. */
void json_kv_day(struct json *j, const char *key, struct date d);
void json_kv_text(struct json *j, const char *key, struct str s);

#endif
