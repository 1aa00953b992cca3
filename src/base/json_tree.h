/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON to a tree of values: for documents of a few kilobytes that are read as a whole.
 *
 *     const struct json_value *doc = json_read(a, text);
 *     if (!doc) { damaged }
 *     struct str state = json_text(json_get(doc, "state"));
 *
 * Invariants
 *   JT1 What base/json.h writes is read, and gives the same values. Beyond it white space and \u
 *       escapes are taken. Numbers are whole and fit in 64 bits; fractions are
 *       texts here as everywhere (S1).
 *   JT2 The accessors take NULL and values of another sort and give the empty answer: a reader
 *       checks what it needs once, not at every step.
 *   JT3 Of two members of one name the first counts; no more than LIMIT_JSON_DEPTH levels.
 * Ownership: the arena; texts without escapes view the input.
 */
#ifndef BASE_JSON_TREE_H
#define BASE_JSON_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/str.h"

struct arena;

enum json_sort { JSON_NULL, JSON_BOOL, JSON_INT, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    enum json_sort sort;
    struct str key;                        /* as member of an object */
    struct str text;                       /* JSON_TEXT */
    int64_t n;                             /* JSON_INT; JSON_BOOL: 0 or 1 */
    const struct json_value *first, *next; /* items or members; the next beside this one */
};

/* NULL: it is no JSON, or beyond JT1. */
const struct json_value *json_read(struct arena *a, struct str text);

/* A member of an object; NULL: there is none. */
const struct json_value *json_get(const struct json_value *object, const char *key);
struct str json_text(const struct json_value *v);
int64_t json_number(const struct json_value *v);
bool json_truth(const struct json_value *v);
/* DATE_MIN when there is none; *bad: there is something else. */
struct date json_day(const struct json_value *v, bool *bad);
/* The first item of an array or NULL; go on with ->next. */
const struct json_value *json_items(const struct json_value *v);
uint32_t json_count(const struct json_value *v);

#endif
