/* SPDX-License-Identifier: Apache-2.0 */
/* Registers as documents of the book: canonical JSON, readable by people. */
#include "app/register/register.h"

#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"

/* ---- subjects ------------------------------------------------------------------------------- */

/* `first/second/…`, up to the first part that is empty, which leaves a prefix. */
static struct str path(struct arena *a, const struct str *parts, uint32_t n)
{
    struct buf b;
    buf_init_in(&b, a, STORE_TEXT_BYTES * 4);
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(&b, i > 0 ? "/" : "");
        buf_str(&b, parts[i]);
        if (parts[i].n == 0) {
            break;
        }
    }
    return buf_view(&b);
}

#define PATH(a, ...)                                                                               \
    path((a), (const struct str[]){__VA_ARGS__},                                                   \
         sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

struct str register_subject(struct arena *a, struct str name, struct str unit)
{
    return unit.n > 0 ? PATH(a, STR("register"), name, unit) : PATH(a, STR("register"), name);
}

struct str entry_subject(struct arena *a, struct str name, struct str unit, struct str id)
{
    return PATH(a, STR("row"), name, unit, id);
}

struct str statement_subject(struct arena *a, struct str name, struct str period, struct str unit)
{
    return PATH(a, STR("filing"), name, period, unit);
}

struct str entry_review_subject(struct arena *a, struct str name, struct str id, struct str unit)
{
    return PATH(a, STR("review"), name, id, unit);
}

struct str offer_subject(struct arena *a, struct str name, struct str to, struct str owner,
                         struct str id)
{
    return PATH(a, STR("offer"), name, to, owner, id);
}

/* ---- writing -------------------------------------------------------------------------------- */

struct str entry_write(struct arena *a, const struct entry_doc *t)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_cstr(&j, "state", entry_state_name(t->state));
    json_kv_int(&j, "version", t->version);
    json_kv_int(&j, "stands", t->stands);
    json_kv_bool(&j, "strike", t->strike);
    json_kv_bool(&j, "transfer", t->transfer);
    json_kv_text(&j, "cause", t->cause);
    json_kv_text(&j, "before", t->before);
    json_kv_text(&j, "after", t->after);
    json_kv_text(&j, "offered", t->offered);
    json_kv_day(&j, "from", t->from);
    json_kv_text(&j, "declined", t->declined);
    json_kv_text(&j, "statement", t->statement);
    json_kv_cstr(&j, "act", entry_act_name(t->last.act));
    json_kv_str(&j, "actor", t->last.actor);
    json_kv_str(&j, "unit", t->last.unit);
    json_kv_day(&j, "day", t->last.day);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

struct str offer_write(struct arena *a, const struct offer_doc *o)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_bool(&j, "open", o->open);
    json_kv_bool(&j, "declined", o->declined);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

struct str register_sheet_write(struct arena *a, const struct register_sheet *s)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_bool(&j, "nil", s->nil);
    json_kv_int(&j, "rows", s->rows);
    json_key(&j, "review");
    submission_put(&j, &s->review);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

struct str register_how_write(struct arena *a, const struct register_how *h)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_bool(&j, "by_row", h->by_row);
    json_kv_int(&j, "signatures", h->signatures);
    json_key(&j, "set");
    report_mark_put(&j, &h->set);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

/* ---- reading -------------------------------------------------------------------------------- */

static uint32_t state_of(struct str name)
{
    uint32_t i = 0;
    while (i < ENTRY__STATES && !str_eq(name, str_from_cstr(entry_state_name(i)))) {
        i++;
    }
    return i;
}

static uint32_t act_of(struct str name)
{
    uint32_t i = 0;
    while (i < ENTRY_ACT__COUNT && !str_eq(name, str_from_cstr(entry_act_name(i)))) {
        i++;
    }
    return i;
}

static enum rc damaged(struct err *e)
{
    return err_set(e, RC_DB, "a document of a register in the book is damaged",
                   "账本中的台账文档已损坏");
}

enum rc entry_read(struct arena *a, struct str json, struct entry_doc *out, struct err *e)
{
    const struct json_value *v = json_read(a, json);
    uint32_t state = state_of(json_text(json_get(v, "state")));
    uint32_t act = act_of(json_text(json_get(v, "act")));
    bool bad = state == ENTRY__STATES || act == ENTRY_ACT__COUNT;
    struct entry_doc t = {.state = bad ? ENTRY_NONE : (enum entry_state)state,
                          .version = json_number(json_get(v, "version")),
                          .stands = json_number(json_get(v, "stands")),
                          .strike = json_truth(json_get(v, "strike")),
                          .transfer = json_truth(json_get(v, "transfer")),
                          .cause = json_text(json_get(v, "cause")),
                          .before = json_text(json_get(v, "before")),
                          .after = json_text(json_get(v, "after")),
                          .offered = json_text(json_get(v, "offered")),
                          .declined = json_text(json_get(v, "declined")),
                          .statement = json_text(json_get(v, "statement")),
                          .last = {bad ? ENTRY_ACT_ADD : (enum entry_act_kind)act,
                                   json_text(json_get(v, "actor")), json_text(json_get(v, "unit")),
                                   DATE_MIN}};
    t.from = json_day(json_get(v, "from"), &bad);
    t.last.day = json_day(json_get(v, "day"), &bad);
    bad |= t.version < 1 || t.stands < 0 || t.stands > t.version; /* RG3 */
    bad |=
        (t.state == ENTRY_STANDING && t.stands == 0) || (t.state == ENTRY_STRUCK && t.stands > 0);
    *out = t;
    return bad ? damaged(e) : RC_OK;
}

enum rc offer_read(struct arena *a, struct str json, struct offer_doc *out, struct err *e)
{
    const struct json_value *v = json_read(a, json);
    out->open = json_truth(json_get(v, "open"));
    out->declined = json_truth(json_get(v, "declined"));
    return json_get(v, "open") != NULL && (out->open || !out->declined) ? RC_OK : damaged(e);
}

enum rc register_sheet_read(struct arena *a, struct str json, struct register_sheet *out,
                            struct err *e)
{
    const struct json_value *v = json_read(a, json);
    out->nil = json_truth(json_get(v, "nil"));
    out->rows = json_number(json_get(v, "rows"));
    return submission_get(a, json_get(v, "review"), &out->review) ? RC_OK : damaged(e);
}

enum rc register_how_read(struct arena *a, struct str json, struct register_how *out, struct err *e)
{
    const struct json_value *v = json_read(a, json);
    int64_t n = json_number(json_get(v, "signatures"));
    bool bad = n < 0 || n > 3;
    out->by_row = json_truth(json_get(v, "by_row"));
    out->signatures = bad ? 0 : (uint32_t)n;
    return report_mark_get(a, json_get(v, "set"), &out->set) && !bad ? RC_OK : damaged(e);
}
