/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of what somebody is in by; no secret is in them. */
#include "http/proof_json.h"

#include "app/keep/keep.h"
#include "app/seat/session.h"
#include "app/seat/token.h"

void proof_moment(struct json *j, const char *key, int64_t at)
{
    struct buf b;
    buf_init(&b, 64);
    if (at > 0) {
        keep_moment(&b, at);
    }
    json_kv_str(j, key, buf_view(&b));
    buf_release(&b);
}

enum rc proof_sessions(struct ask *q, struct str user)
{
    struct json j;
    struct seat_sessions list;
    TRY(seat_session_list(&q->seat, user, &list, &q->e));
    ask_json(q, &j);
    json_key(&j, "sessions");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct seat_session *s = &list.list[i];
        json_obj_begin(&j);
        json_kv_str(&j, "id", str_sub(s->hash, 0, SEAT_SESSION_ID));
        json_kv_bool(&j, "own", str_eq(s->hash, q->seat.session.hash));
        json_kv_cstr(&j, "by", seat_by_word(s->by));
        json_kv_str(&j, "address", s->at.address);
        json_kv_str(&j, "agent", s->at.agent);
        proof_moment(&j, "since", s->since);
        proof_moment(&j, "last", s->last);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* Parts of a text between signs as a list; empty ones are left out. */
static void parts_json(struct json *j, const char *key, struct str text, char sep)
{
    struct str part;
    json_key(j, key);
    json_arr_begin(j);
    while (text.n > 0 && str_split(&text, sep, &part)) {
        if (part.n > 0) {
            json_str(j, part);
        }
    }
    json_arr_end(j);
}

enum rc proof_tokens(struct ask *q, struct str user)
{
    struct json j;
    struct seat_tokens list;
    TRY(seat_token_list(&q->seat, user, &list, &q->e));
    ask_json(q, &j);
    json_key(&j, "tokens");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct seat_token *t = &list.list[i];
        json_obj_begin(&j);
        json_kv_str(&j, "name", t->name);
        parts_json(&j, "operations", seat_scope_words(q->a, &t->scope), ' ');
        parts_json(&j, "units", t->scope.units, '\n');
        json_kv_day(&j, "until", t->until);
        json_kv_bool(&j, "over", date_cmp(t->until, seat_desk_today(&q->seat)) < 0);
        proof_moment(&j, "since", t->since);
        proof_moment(&j, "last", t->last);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
