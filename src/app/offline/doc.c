/* SPDX-License-Identifier: Apache-2.0 */
/* Commits and submissions as parts of a package; what a book knows of the other one. */
#include "app/offline/offline_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "base/utf8.h"

static const struct {
    const char *word;
    bool open;
} outcomes[OFFLINE__OUTCOMES] = {
#define OUTCOME(name, text, stands, en, zh) [OFFLINE_##name] = {(text), (stands)},
#include "app/offline/offline.def"
};

static const char *const choices[TAKE__N] = {
#define TAKE(name, word) [TAKE_##name] = (word),
#include "app/offline/offline.def"
};

const char *offline_outcome_word(enum offline_outcome o)
{
    return outcomes[o].word;
}

bool offline_is_open(const struct offline_result *r)
{
    for (uint32_t i = 0; i < r->rows.n; i++) {
        if (outcomes[r->rows.items[i].outcome].open) {
            return true;
        }
    }
    return false;
}

static bool choice_of(struct str word, enum offline_choice *out)
{
    for (int i = 0; i < TAKE__N; i++) {
        if (str_eq(word, str_from_cstr(choices[i]))) {
            *out = (enum offline_choice)i;
            return true;
        }
    }
    return false;
}

bool offline_take_of(struct str text, struct offline_take *out)
{
    return str_split(&text, '=', &out->unit) && out->unit.n > 0 && text.n > 0 &&
           choice_of(text, &out->choice);
}

enum rc offline_damaged(struct str part, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "the package holds what it cannot hold: %.*s",
                         "数据包含有不应有的内容：%.*s", PS(part));
    err_hint(e, "Nothing was taken in. Have it made anew with this version of the program.",
             "未收入任何内容。请用本版程序重新打包。");
    return rc;
}

/* ---- parcels -------------------------------------------------------------------------------- */

static void put_parcels(struct json *j, const struct parcels *all)
{
    json_key(j, "parcels");
    json_arr_begin(j);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct store_parcel *p = &all->list.items[i];
        char grade[2] = {p->grade, 0};
        json_obj_begin(j);
        json_kv_str(j, "area", p->area);
        json_kv_str(j, "unit", p->unit);
        json_kv_cstr(j, "what", store_sort_text(p->what));
        json_kv_cstr(j, "status", store_status_text(p->status));
        json_kv_day(j, "recorded", p->recorded);
        json_kv_text(j, "source", p->source);
        json_kv_text(j, "grade", str_from_cstr(grade));
        json_kv_text(j, "layout", p->layout);
        json_kv_str(j, "body", p->body);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static bool get_parcels(struct arena *a, const struct json_value *v, struct parcels *out)
{
    bool bad = false;
    for (const struct json_value *x = json_items(json_get(v, "parcels")); x; x = x->next) {
        struct str grade = json_text(json_get(x, "grade"));
        struct store_parcel p = {.area = json_text(json_get(x, "area")),
                                 .unit = json_text(json_get(x, "unit")),
                                 .recorded = json_day(json_get(x, "recorded"), &bad),
                                 .source = json_text(json_get(x, "source")),
                                 .grade = (char)(grade.n == 1 ? grade.p[0] : 0),
                                 .layout = json_text(json_get(x, "layout")),
                                 .body = json_text(json_get(x, "body"))};
        bad |= !store_sort_of(json_text(json_get(x, "what")), &p.what) ||
               !store_status_of(json_text(json_get(x, "status")), &p.status) || grade.n > 1;
        vec_push(a, &out->list, p);
    }
    return !bad;
}

static const struct json_value *whole(struct arena *a, struct str text)
{
    return utf8_valid(text, NULL) ? json_read(a, text) : NULL;
}

/* ---- parts ---------------------------------------------------------------------------------- */

struct str offline_commits_write(struct arena *a, const struct offline_commits *c)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, OFFLINE_PART_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < c->list.n; i++) {
        const struct offline_commit *x = &c->list.items[i];
        json_obj_begin(&j);
        json_kv_int(&j, "seq", x->seq);
        json_kv_str(&j, "key", x->key);
        json_kv_str(&j, "actor", x->actor);
        json_kv_str(&j, "act", x->act);
        put_parcels(&j, &x->parcels);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

bool offline_commits_read(struct arena *a, struct str text, struct offline_commits *out)
{
    const struct json_value *v = whole(a, text);
    bool fits = v != NULL && v->sort == JSON_ARRAY;
    *out = (struct offline_commits){0};
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        struct offline_commit c = {.seq = json_number(json_get(x, "seq")),
                                   .key = json_text(json_get(x, "key")),
                                   .actor = json_text(json_get(x, "actor")),
                                   .act = json_text(json_get(x, "act"))};
        fits = fits && c.seq > 0 && c.key.n > 0 && get_parcels(a, x, &c.parcels) &&
               c.parcels.list.n > 0;
        vec_push(a, &out->list, c);
    }
    return fits;
}

struct str offline_units_write(struct arena *a, const struct offline_units *u)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, OFFLINE_PART_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < u->list.n; i++) {
        const struct offline_unit *x = &u->list.items[i];
        json_obj_begin(&j);
        json_kv_str(&j, "unit", x->unit);
        json_kv_int(&j, "seen", x->seen);
        json_kv_text(&j, "book", x->book);
        json_kv_int(&j, "seq", x->seq);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

bool offline_units_read(struct arena *a, struct str text, struct offline_units *out)
{
    const struct json_value *v = whole(a, text);
    bool fits = v != NULL && v->sort == JSON_ARRAY && v->first != NULL;
    *out = (struct offline_units){0};
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        struct offline_unit u = {json_text(json_get(x, "unit")), json_number(json_get(x, "seen")),
                                 json_text(json_get(x, "book")), json_number(json_get(x, "seq"))};
        fits = fits && u.unit.n > 0 && u.seen >= 0 && u.seq >= 0;
        vec_push(a, &out->list, u);
    }
    return fits;
}

struct str offline_report_write(struct arena *a, const struct offline_report *r)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, OFFLINE_PART_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "unit", r->unit);
    json_kv_int(&j, "seen", r->seen);
    json_kv_int(&j, "seq", r->seq);
    json_kv_str(&j, "doc", r->doc);
    put_parcels(&j, &r->figures);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

bool offline_report_read(struct arena *a, struct str text, struct offline_report *out)
{
    const struct json_value *v = whole(a, text);
    *out = (struct offline_report){.unit = json_text(json_get(v, "unit")),
                                   .doc = json_text(json_get(v, "doc")),
                                   .seen = json_number(json_get(v, "seen")),
                                   .seq = json_number(json_get(v, "seq"))};
    return out->unit.n > 0 && out->doc.n > 0 && out->seen >= 0 && out->seq > 0 &&
           get_parcels(a, v, &out->figures);
}

struct str offline_part(const struct package *p, struct str name)
{
    for (uint32_t i = 0; i < p->parts.n; i++) {
        if (str_eq(p->parts.items[i].name, name)) {
            return p->parts.items[i].content;
        }
    }
    return STR("");
}

const struct offline_unit *offline_unit_of(const struct offline_units *u, struct str unit)
{
    for (uint32_t i = 0; i < u->list.n; i++) {
        if (str_eq(u->list.items[i].unit, unit)) {
            return &u->list.items[i];
        }
    }
    return NULL;
}

/* ---- what a book knows of the other one ----------------------------------------------------- */

struct kept {
    struct arena *a;
    struct str body;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct kept *k = ctx;
    (void)e;
    k->body = str_dup(k->a, p->body);
    return RC_OK;
}

enum rc offline_centre_get(struct arena *a, struct store_reader *r, bool *found,
                           struct offline_centre *out, struct err *e)
{
    struct kept k = {a, STR("")};
    bool bad = false;
    TRY(store_doc(r, CENTRE, INT64_MAX, on_doc, &k, e));
    const struct json_value *v = k.body.n > 0 ? json_read(a, k.body) : NULL;
    *found = k.body.n > 0;
    *out = (struct offline_centre){
        json_text(json_get(v, "book")),  json_text(json_get(v, "package")),
        json_text(json_get(v, "plan")),  json_text(json_get(v, "round")),
        json_number(json_get(v, "seq")), json_day(json_get(v, "until"), &bad)};
    return !bad ? RC_OK : err_set(e, RC_DB, "a document of the book is damaged", "账本文档已损坏");
}

struct str offline_mark_subject(struct arena *a, struct str round, struct str unit)
{
    struct str s = str_cat(a, str_cat(a, STR("offline/unit/"), round), STR("/"));
    return str_cat(a, s, unit);
}

struct str offline_out_subject(struct arena *a, struct str id)
{
    return str_cat(a, STR("offline/out/"), id);
}

struct str offline_mark_write(struct arena *a, const struct offline_mark *m)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_NOTE_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "book", m->book);
    json_kv_int(&j, "seq", m->seq);
    json_kv_str(&j, "package", m->package);
    json_kv_cstr(&j, "take", choices[m->choice]);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

enum rc offline_mark_get(struct arena *a, struct store_reader *r, struct str subject,
                         struct offline_mark *out, struct err *e)
{
    struct kept k = {a, STR("")};
    TRY(store_doc(r, subject, INT64_MAX, on_doc, &k, e));
    const struct json_value *v = k.body.n > 0 ? json_read(a, k.body) : NULL;
    *out = (struct offline_mark){.book = json_text(json_get(v, "book")),
                                 .package = json_text(json_get(v, "package")),
                                 .seq = json_number(json_get(v, "seq"))};
    return choice_of(json_text(json_get(v, "take")), &out->choice)
               ? RC_OK
               : err_set(e, RC_DB, "a document of the book is damaged", "账本文档已损坏");
}

enum rc offline_doc_put(struct arena *a, struct store *s, struct store_reader *r, struct str actor,
                        const char *act, struct str subject, struct str body, int64_t *seq,
                        struct err *e)
{
    struct kept k = {a, STR("")};
    struct store_receipt got;
    struct store_expect expect = {.subject = subject};
    const struct store_parcel parcel = doc_parcel(subject, body);
    const struct desk who = {.a = a, .actor = actor};
    struct store_commit c = {.actor = actor,
                             .act = str_from_cstr(act),
                             .expects = &expect,
                             .n_expects = 1,
                             .parcels = &parcel,
                             .n_parcels = 1};
    TRY(store_head(r, subject, &expect.seen, e));
    TRY(store_doc(r, subject, INT64_MAX, on_doc, &k, e));
    *seq = expect.seen;
    if (str_eq(k.body, body)) {
        return RC_OK; /* it says so already */
    }
    TRY(desk_token(&who, act, subject, expect.seen, body, &c.token, e));
    TRY(store_commit(a, s, &c, &got, e));
    *seq = got.seq;
    return RC_OK;
}
