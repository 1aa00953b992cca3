/* SPDX-License-Identifier: Apache-2.0 */
/* Who can be tried out in a demonstration. */
#include "app/demo/town.h"
#include "http/ask.h"
#include "http/handlers.h"

static void account_json(struct ask *q, struct json *j, const struct seat_user *u,
                         const struct seat *s)
{
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t id = 0;
    uint32_t at = s->unit.n == 0                             ? 0
                  : tree_unit_of_code(t->tree, s->unit, &id) ? t->index_of[id]
                                                             : TREE_NONE;
    json_obj_begin(j);
    json_kv_str(j, "user", u->id);
    json_kv_str(j, "name", u->name);
    json_kv_cstr(j, "role", seat_roles[s->role].word);
    json_kv_cstr(j, "role_text", seat_roles[s->role].text[q->chinese]);
    json_kv_str(j, "unit", s->unit);
    json_kv_str(j, "unit_name", at != TREE_NONE ? tree_snap_name(t, at) : STR(""));
    json_obj_end(j);
}

/* Each has the one seat that bears his name, or that of his office. */
static const struct seat *seat_held(const struct seat_roster *r, struct str user)
{
    for (uint32_t i = 0; i < r->seats.n; i++) {
        if (str_eq(seat_holder(&r->seats.items[i], r->day), user)) {
            return &r->seats.items[i];
        }
    }
    return NULL;
}

enum rc do_demo(struct ask *q)
{
    struct json j;
    struct seat_desk_act none = {0};
    const char *user = NULL;
    if (!q->s->o.demo_town) {
        return err_set(&q->e, RC_NOT_FOUND, "there is nothing at this address", "没有这个地址");
    }
    TRY(seat_desk_begin(&q->seat, &none, &q->e));
    ask_json(q, &j);
    json_kv_cstr(&j, "password", DEMO_PASSWORD);
    json_key(&j, "accounts");
    json_arr_begin(&j);
    for (uint32_t i = 0; (user = demo_town_user(i)) != NULL; i++) {
        const struct seat_user *u = seat_user_find(&q->seat.roster, str_from_cstr(user));
        const struct seat *s = seat_held(&q->seat.roster, str_from_cstr(user));
        if (u != NULL && s != NULL && q->seat.roster.snap != NULL) {
            account_json(q, &j, u, s);
        }
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
