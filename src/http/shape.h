/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes of JSON: what a request must look like, and the schemas of OpenAPI 3.1.
 *
 *     struct shape_fault f;
 *     if (!shape_fits(SHAPE_LOGIN, body, &f)) { refuse(f.at, f.text[chinese]); }
 *
 * Invariants
 *   SH1 What shape_fits lets through is what shape_schema says, and has no other members.
 *   SH2 The first fault is told, with its place: /cells/3/item.
 *   SH3 The fields of a shape stand together.
 */
#ifndef HTTP_SHAPE_H
#define HTTP_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/json_tree.h"

enum shape {
#define SHAPE(name, word, en, zh) SHAPE_##name,
#include "http/table/shape.def"
    SHAPE__N
};

enum field_sort {
    FIELD_TEXT,
    FIELD_COUNT,
    FIELD_INT,
    FIELD_NUMBER,
    FIELD_DECIMAL,
    FIELD_BOOL,
    FIELD_DAY,
    FIELD_OBJECT,
    FIELD_LIST,
    FIELD_TEXTS,
    FIELD_ANY
};
enum field_need { NEED_MUST, NEED_MAY, NEED_NULL };

struct shape_field {
    enum shape of;
    const char *name;
    enum field_sort sort;
    enum shape item;
    enum field_need need;
    uint32_t limit;
    const char *text[2]; /* English, Chinese */
};

#define SHAPE_PLACE_BYTES 256

struct shape_fault {
    char at[SHAPE_PLACE_BYTES];
    const char *text[2]; /* English, Chinese */
};

/* value NULL: there is none. */
bool shape_fits(enum shape s, const struct json_value *value, struct shape_fault *fault);
/* "login" */
const char *shape_name(enum shape s);
/* SH3. NULL: it has none. */
const struct shape_field *shape_fields(enum shape s, uint32_t *n);
/* The schema as a JSON value; other shapes are referred to as #/components/schemas/NAME. */
void shape_schema(enum shape s, struct json *j);

#endif
