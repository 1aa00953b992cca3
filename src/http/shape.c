/* SPDX-License-Identifier: Apache-2.0 */
/* One table, walked in two ways: against a value, and as JSON Schema. */
#include "http/shape.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"

static const struct shape_field fields[] = {
#define FIELD(of, name, sort, item, need, limit, en, zh)                                           \
    {SHAPE_##of, name, FIELD_##sort, SHAPE_##item, NEED_##need, limit, {en, zh}},
#include "http/table/shape.def"
};

#define N_FIELDS (sizeof fields / sizeof fields[0])

static const struct {
    const char *name;
    const char *text[2];
} shapes[] = {
#define SHAPE(name, word, en, zh) [SHAPE_##name] = {word, {en, zh}},
#include "http/table/shape.def"
};

const char *shape_name(enum shape s)
{
    return shapes[s].name;
}

const struct shape_field *shape_fields(enum shape s, uint32_t *n)
{
    uint32_t first = 0;
    while (first < N_FIELDS && fields[first].of != s) {
        first++;
    }
    *n = 0;
    while (first + *n < N_FIELDS && fields[first + *n].of == s) {
        ++*n;
    }
    return *n > 0 ? &fields[first] : NULL;
}

/* ---- a value -------------------------------------------------------------------------------- */

enum why {
    WRONG_SORT,
    UNSEEN,
    TOO_LONG,
    TOO_LARGE,
    NEGATIVE,
    NO_DAY,
    MISSING,
    UNKNOWN,
    TWICE,
    TOO_MANY
};

static const char *const reasons[][2] = {
    [WRONG_SORT] = {"this is another sort of value", "值的类型不对"},
    [UNSEEN] = {"the text has control characters, or marks that turn the direction of others",
                "文字含控制字符或改变书写方向的字符"},
    [TOO_LONG] = {"the text is too long", "文字过长"},
    [TOO_LARGE] = {"the number is too large", "数值过大"},
    [NEGATIVE] = {"the number may not be negative", "数值不能为负"},
    [NO_DAY] = {"a day such as 2025-12-31 is wanted", "须为日期，如 2025-12-31"},
    [MISSING] = {"this is missing", "缺少此项"},
    [UNKNOWN] = {"this is not known here", "此处没有这一项"},
    [TWICE] = {"this is there twice", "此项重复"},
    [TOO_MANY] = {"there are too many", "项数过多"},
};

#define ITEMS_MAX 20000U /* of one list in a request */

/* Where in the document; the names of members are short, those of strangers are cut. */
struct place {
    struct shape_fault *fault;
    uint32_t n;
};

static struct place deeper(struct place p, struct str name)
{
    int room = (int)(SHAPE_PLACE_BYTES - p.n);
    int n = snprintf(p.fault->at + p.n, (size_t)room, "/%.*s", PS(name));
    p.n = n > 0 && n < room ? p.n + (uint32_t)n : p.n;
    return p;
}

static bool bad(struct place p, enum why why)
{
    p.fault->at[p.n] = 0;
    p.fault->text[0] = reasons[why][0];
    p.fault->text[1] = reasons[why][1];
    return false;
}

/* Nothing that makes a text look like another one; line ends and tabs are as typed. */
static bool is_seen(struct str text)
{
    for (uint32_t at = 0; at < text.n;) {
        uint32_t cp = 0;
        at += utf8_decode(text, at, &cp);
        bool typed = cp == '\t' || cp == '\n' || cp == '\r';
        if ((utf8_is_control(cp) && !typed) || utf8_is_bidi_control(cp)) {
            return false;
        }
    }
    return true;
}

static bool text_fits(const struct shape_field *f, const struct json_value *v, struct place p)
{
    if (v->sort != JSON_TEXT) {
        return bad(p, WRONG_SORT);
    }
    return (f->limit == 0 || v->text.n <= f->limit || bad(p, TOO_LONG)) &&
           (is_seen(v->text) || bad(p, UNSEEN));
}

static bool whole_fits(const struct shape_field *f, const struct json_value *v, struct place p)
{
    if (v->sort != JSON_INT) {
        return bad(p, WRONG_SORT);
    }
    if (f->sort == FIELD_COUNT && v->n < 0) {
        return bad(p, NEGATIVE);
    }
    return f->limit == 0 || v->n <= (int64_t)f->limit || bad(p, TOO_LARGE);
}

static bool object_fits(enum shape s, const struct json_value *v, struct place p);

// Lists of lists there are none, and shapes nest as the table does:
// NOLINTNEXTLINE(misc-no-recursion)
static bool items_fit(const struct shape_field *f, const struct json_value *v, struct place p)
{
    char at[12];
    uint32_t i = 0;
    if (v->sort != JSON_ARRAY) {
        return bad(p, WRONG_SORT);
    }
    for (const struct json_value *x = json_items(v); x != NULL; x = x->next) {
        (void)snprintf(at, sizeof at, "%u", i);
        struct place here = deeper(p, str_from_cstr(at));
        if (i++ == ITEMS_MAX) {
            return bad(p, TOO_MANY);
        }
        if (f->sort == FIELD_TEXTS ? !text_fits(f, x, here) : !object_fits(f->item, x, here)) {
            return false;
        }
    }
    return true;
}

static bool day_fits(const struct json_value *v, struct place p)
{
    struct date day;
    return (v->sort == JSON_TEXT && date_parse(v->text, &day)) || bad(p, NO_DAY);
}

// NOLINTNEXTLINE(misc-no-recursion): see items_fit
static bool value_fits(const struct shape_field *f, const struct json_value *v, struct place p)
{
    if (v->sort == JSON_NULL && f->need == NEED_NULL) {
        return true;
    }
    switch (f->sort) {
    case FIELD_TEXT:
    case FIELD_DECIMAL:
        return text_fits(f, v, p);
    case FIELD_COUNT:
    case FIELD_INT:
        return whole_fits(f, v, p);
    case FIELD_BOOL:
        return v->sort == JSON_BOOL || bad(p, WRONG_SORT);
    case FIELD_DAY:
        return day_fits(v, p);
    case FIELD_OBJECT:
        return object_fits(f->item, v, p);
    case FIELD_LIST:
    case FIELD_TEXTS:
        return items_fit(f, v, p);
    case FIELD_NUMBER:
    case FIELD_ANY:
        break;
    }
    return f->sort == FIELD_ANY || v->sort == JSON_INT || bad(p, WRONG_SORT);
}

static const struct shape_field *field_of(enum shape s, struct str name)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].of == s && str_eq(name, str_from_cstr(fields[i].name))) {
            return &fields[i];
        }
    }
    return NULL;
}

// NOLINTNEXTLINE(misc-no-recursion): see items_fit
static bool object_fits(enum shape s, const struct json_value *v, struct place p)
{
    if (v == NULL || v->sort != JSON_OBJECT) {
        return bad(p, WRONG_SORT);
    }
    for (const struct json_value *x = v->first; x != NULL; x = x->next) {
        const struct shape_field *f = field_of(s, x->key);
        struct place here = deeper(p, x->key);
        if (f == NULL) {
            return bad(here, UNKNOWN);
        }
        if (json_get(v, f->name) !=
            x) { /* the first one; who reads the last is told another thing */
            return bad(here, TWICE);
        }
        if (!value_fits(f, x, here)) {
            return false;
        }
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].of == s && fields[i].need != NEED_MAY &&
            json_get(v, fields[i].name) == NULL) {
            return bad(deeper(p, str_from_cstr(fields[i].name)), MISSING);
        }
    }
    return true;
}

bool shape_fits(enum shape s, const struct json_value *value, struct shape_fault *fault)
{
    struct place root = {fault, 0};
    *fault = (struct shape_fault){.at = ""};
    return object_fits(s, value, root);
}

/* ---- the schema ----------------------------------------------------------------------------- */

static void ref(struct json *j, enum shape s)
{
    char to[80];
    (void)snprintf(to, sizeof to, "#/components/schemas/%s", shapes[s].name);
    json_kv_cstr(j, "$ref", to);
}

static void type_of(struct json *j, const char *type, bool or_null)
{
    json_key(j, "type");
    if (!or_null) {
        json_cstr(j, type);
        return;
    }
    json_arr_begin(j);
    json_cstr(j, type);
    json_cstr(j, "null");
    json_arr_end(j);
}

static void list_of(struct json *j, const struct shape_field *f)
{
    json_key(j, "items");
    json_obj_begin(j);
    if (f->sort == FIELD_TEXTS) {
        type_of(j, "string", false);
    } else {
        ref(j, f->item);
    }
    json_obj_end(j);
}

/* The shape, or also null. */
static void object_of(struct json *j, const struct shape_field *f)
{
    if (f->need != NEED_NULL) {
        ref(j, f->item);
        return;
    }
    json_key(j, "anyOf");
    json_arr_begin(j);
    json_obj_begin(j);
    ref(j, f->item);
    json_obj_end(j);
    json_obj_begin(j);
    type_of(j, "null", false);
    json_obj_end(j);
    json_arr_end(j);
}

static void field_schema(struct json *j, const struct shape_field *f)
{
    static const char *const types[] = {
        [FIELD_TEXT] = "string",   [FIELD_COUNT] = "integer", [FIELD_INT] = "integer",
        [FIELD_NUMBER] = "number", [FIELD_BOOL] = "boolean",  [FIELD_DAY] = "string",
        [FIELD_LIST] = "array",    [FIELD_TEXTS] = "array",   [FIELD_DECIMAL] = "string"};
    struct buf text;
    buf_init(&text, 4096);
    json_obj_begin(j);
    if (f->sort == FIELD_OBJECT) {
        object_of(j, f);
    } else if (f->sort != FIELD_ANY) {
        type_of(j, types[f->sort], f->need == NEED_NULL);
    }
    if (f->sort == FIELD_DAY) {
        json_kv_cstr(j, "format", "date");
    } else if (f->sort == FIELD_LIST || f->sort == FIELD_TEXTS) {
        list_of(j, f);
    } else if (f->sort == FIELD_COUNT) {
        json_kv_int(j, "minimum", 0);
    }
    if (f->limit > 0 && f->sort != FIELD_TEXTS) {
        json_kv_int(j, f->sort == FIELD_TEXT ? "maxLength" : "maximum", f->limit);
    }
    buf_printf(&text, "%s / %s", f->text[1], f->text[0]);
    json_kv_str(j, "description", buf_view(&text));
    json_obj_end(j);
    buf_release(&text);
}

void shape_schema(enum shape s, struct json *j)
{
    json_obj_begin(j);
    type_of(j, "object", false);
    json_kv_cstr(j, "description", shapes[s].text[1]);
    json_kv_bool(j, "additionalProperties", false);
    json_key(j, "properties");
    json_obj_begin(j);
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].of == s) {
            json_key(j, fields[i].name);
            field_schema(j, &fields[i]);
        }
    }
    json_obj_end(j);
    json_key(j, "required");
    json_arr_begin(j);
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].of == s && fields[i].need != NEED_MAY) {
            json_cstr(j, fields[i].name);
        }
    }
    json_arr_end(j);
    json_obj_end(j);
}
