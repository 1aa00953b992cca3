/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users and seats as documents of the book, and back. The layout names the places of the body, so
 * that one of another program, with more places or in another order, is still read right.
 */
#include "app/seat/roster.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/i128.h"
#include "base/json.h"
#include "store/wire.h"

enum user_place { USER_NAME, USER_UNIT, USER_STATE, USER_LINK, USER__N };

static const char *const user_places[] = {"name", "unit", "state", "link"};

enum seat_place {
    SEAT_ROLE,
    SEAT_UNIT,
    SEAT_CLASS,
    SEAT_HOLDER,
    SEAT_FROM,
    SEAT_TO,
    SEAT_BEFORE,
    SEAT_BEFORE_FROM,
    SEAT_BEFORE_TO,
    SEAT_BEFORE_SEQ,
    SEAT__N
};

static const char *const seat_places[] = {"role",      "unit",      "class",  "holder",
                                          "from",      "to",        "before", "before from",
                                          "before to", "before seq"};

#define DUTIES "duties"
#define OPEN   "open"
#define CLOSED "closed"

_Static_assert(sizeof user_places / sizeof user_places[0] == USER__N, "one name per place");
_Static_assert(sizeof seat_places / sizeof seat_places[0] == SEAT__N, "one name per place");

typedef VEC(struct str) str_list;

/* ---- writing -------------------------------------------------------------------------------- */

static void put_list(struct json *j, const struct str *list, uint32_t n)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(j, list[i]);
    }
    json_arr_end(j);
}

/* An array of texts, behind it an array of its own where list is not NULL. */
static struct str body_of(struct arena *a, const struct str *texts, uint32_t n,
                          const struct str *list, uint32_t n_list)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(&j, texts[i]);
    }
    if (list != NULL) {
        put_list(&j, list, n_list);
    }
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static struct str layout_of(struct arena *a, const char *const *places, uint32_t n, bool duties)
{
    struct str names[SEAT__N + 1];
    for (uint32_t i = 0; i < n; i++) {
        names[i] = str_from_cstr(places[i]);
    }
    names[n] = STR(DUTIES);
    return body_of(a, names, n + (duties ? 1 : 0), NULL, 0);
}

/* "" for an open end. */
static struct str day_text(struct arena *a, struct date d)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(d) ? STR("") : str_dup(a, date_text(d, text));
}

static struct str seq_text(struct arena *a, int64_t seq)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    buf_printf(&b, "%lld", (long long)seq);
    return buf_view(&b);
}

struct store_parcel seat_user_parcel(struct arena *a, const struct seat_user *u)
{
    const struct str texts[USER__N] = {
        [USER_NAME] = u->name,
        [USER_UNIT] = u->unit,
        [USER_STATE] = u->closed ? STR(CLOSED) : STR(OPEN),
        [USER_LINK] = u->link,
    };
    return (struct store_parcel){.unit = str_cat(a, STR(SEAT_USER_PREFIX), u->id),
                                 .what = STORE_DOC,
                                 .recorded = DATE_MIN,
                                 .layout = layout_of(a, user_places, USER__N, false),
                                 .body = body_of(a, texts, USER__N, NULL, 0)};
}

struct store_parcel seat_parcel(struct arena *a, const struct seat *s)
{
    static const struct str none[1];
    bool before = s->before.holder.n > 0;
    const struct str texts[SEAT__N] = {
        [SEAT_ROLE] = str_from_cstr(seat_roles[s->role].word),
        [SEAT_UNIT] = s->unit,
        [SEAT_CLASS] = str_from_cstr(seat_classes[s->ceiling].word),
        [SEAT_HOLDER] = s->term.holder,
        [SEAT_FROM] = day_text(a, s->term.from),
        [SEAT_TO] = day_text(a, s->term.to),
        [SEAT_BEFORE] = s->before.holder,
        [SEAT_BEFORE_FROM] = before ? day_text(a, s->before.from) : STR(""),
        [SEAT_BEFORE_TO] = before ? day_text(a, s->before.to) : STR(""),
        [SEAT_BEFORE_SEQ] = seq_text(a, s->before_seq),
    };
    const struct str *duties = s->n_duties > 0 ? s->duties : none;
    return (struct store_parcel){.unit = str_cat(a, STR(SEAT_PREFIX), s->id),
                                 .what = STORE_DOC,
                                 .recorded = DATE_MIN,
                                 .layout = layout_of(a, seat_places, SEAT__N, true),
                                 .body = body_of(a, texts, SEAT__N, duties, s->n_duties)};
}

/* ---- reading -------------------------------------------------------------------------------- */

/* What a body says, by the names of its layout. */
struct doc {
    struct str texts[SEAT__N];
    str_list list;
};

static uint32_t place_of(const char *const *places, uint32_t n, struct str name)
{
    uint32_t i = 0;
    while (i < n && !str_eq(name, str_from_cstr(places[i]))) {
        i++;
    }
    return i;
}

static void read_list(struct arena *a, struct wire *w, str_list *out)
{
    wire_open(w);
    while (wire_more(w)) {
        struct str s = str_dup(a, wire_text(a, w));
        vec_push(a, out, s);
    }
}

static enum rc read_doc(struct arena *a, const struct store_parcel *p, const char *const *places,
                        uint32_t n, struct doc *out, struct err *e)
{
    struct wire names = wire_of(p->layout);
    struct wire body = wire_of(p->body);
    *out = (struct doc){0};
    wire_open(&names);
    wire_open(&body);
    while (wire_more(&names) && wire_more(&body)) {
        uint32_t at = place_of(places, n, wire_text(a, &names));
        if (!wire_is_text(&body)) {
            read_list(a, &body, &out->list);
        } else {
            struct str text = str_dup(a, wire_text(a, &body));
            if (at < n) {
                out->texts[at] = text;
            }
        }
    }
    if (!wire_done(&names) || wire_more(&body) || !wire_done(&body)) {
        return err_set(e, RC_DB, "the document %.*s of commit %lld is damaged",
                       "文档 %.*s（第 %lld 次提交）已损坏", PS(p->unit), (long long)p->seq);
    }
    return RC_OK;
}

static struct str id_of(struct arena *a, const struct store_parcel *p, struct str prefix)
{
    return str_dup(a, str_sub(p->unit, prefix.n, p->unit.n));
}

static bool read_day(struct str text, struct date open, struct date *out)
{
    *out = open;
    return text.n == 0 || date_parse(text, out);
}

static bool read_seq(struct str text, int64_t *out)
{
    i128 n = 0;
    bool ok = i128_parse(text, &n) && n >= 0 && n <= INT64_MAX;
    *out = ok ? (int64_t)n : 0;
    return ok;
}

static enum rc unreadable(const struct store_parcel *p, struct err *e)
{
    return err_set(e, RC_DB, "the document %.*s says what this program does not know",
                   "文档 %.*s 含有本程序不认识的内容", PS(p->unit));
}

enum rc seat_user_read(struct arena *a, const struct store_parcel *p, struct seat_user *out,
                       struct err *e)
{
    struct doc d;
    TRY(read_doc(a, p, user_places, USER__N, &d, e));
    *out = (struct seat_user){.id = id_of(a, p, STR(SEAT_USER_PREFIX)),
                              .name = d.texts[USER_NAME],
                              .unit = d.texts[USER_UNIT],
                              .link = d.texts[USER_LINK],
                              .closed = !str_eq(d.texts[USER_STATE], STR(OPEN)),
                              .seq = p->seq};
    return RC_OK;
}

enum rc seat_read(struct arena *a, const struct store_parcel *p, struct seat *out, struct err *e)
{
    struct doc d;
    TRY(read_doc(a, p, seat_places, SEAT__N, &d, e));
    uint32_t role = seat_word_of(seat_roles, ROLE__N, d.texts[SEAT_ROLE]);
    uint32_t ceiling = seat_word_of(seat_classes, SEAT_CLASSES, d.texts[SEAT_CLASS]);
    *out = (struct seat){.id = id_of(a, p, STR(SEAT_PREFIX)),
                         .unit = d.texts[SEAT_UNIT],
                         .term.holder = d.texts[SEAT_HOLDER],
                         .before.holder = d.texts[SEAT_BEFORE],
                         .duties = d.list.items,
                         .n_duties = d.list.n,
                         .seq = p->seq};
    bool ok = role < ROLE__N && ceiling < SEAT_CLASSES &&
              read_day(d.texts[SEAT_FROM], DATE_MIN, &out->term.from) &&
              read_day(d.texts[SEAT_TO], DATE_MAX, &out->term.to) &&
              read_day(d.texts[SEAT_BEFORE_FROM], DATE_MIN, &out->before.from) &&
              read_day(d.texts[SEAT_BEFORE_TO], DATE_MAX, &out->before.to) &&
              read_seq(d.texts[SEAT_BEFORE_SEQ], &out->before_seq);
    out->role = ok ? (enum seat_role)role : ROLE__N;
    out->ceiling = ok ? (enum data_class)ceiling : SEAT_CLASSES;
    return ok ? RC_OK : unreadable(p, e);
}
