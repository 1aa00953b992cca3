/* SPDX-License-Identifier: Apache-2.0 */
/* Small things about people that several subjects need. */
#include "http/people.h"

#include "app/seat/login.h"

enum rc people_second(struct ask *q)
{
    const struct json_value *second = json_get(q->body, "second");
    const struct seat_typed typed = {.password = json_text(json_get(second, "password")),
                                     .code = json_text(json_get(second, "code"))};
    struct seat_login got;
    if (second == NULL) {
        return RC_OK;
    }
    enum rc rc =
        seat_login(&q->seat, json_text(json_get(second, "user")), &typed, true, &got, &q->e);
    if (rc == RC_DENIED) {
        q->at = STR("/second");
    }
    return rc;
}

struct str people_unit_name(const struct ask *q, struct str code)
{
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t id = 0;
    uint32_t at = t == NULL || t->n == 0                  ? TREE_NONE
                  : code.n == 0                           ? 0
                  : tree_unit_of_code(t->tree, code, &id) ? t->index_of[id]
                                                          : TREE_NONE;
    return at != TREE_NONE ? tree_snap_name(t, at) : STR("");
}

struct str people_place(const struct ask *q, struct str unit)
{
    return seat_unit_stands(&q->seat.roster, unit) ? unit : STR("");
}

struct str people_name(const struct ask *q, struct str user)
{
    const struct seat_user *u = seat_user_find(&q->seat.roster, user);
    return u != NULL ? u->name : STR("");
}

struct str people_actor_name(const struct ask *q, struct str actor)
{
    struct str prefix = STR(SEAT_USER_PREFIX);
    bool person = str_starts(actor, prefix);
    return person ? people_name(q, str_sub(actor, prefix.n, actor.n)) : STR("");
}

void people_actor_json(const struct ask *q, struct str actor, struct json *j)
{
    json_kv_str(j, "actor", actor);
    json_kv_str(j, "actor_name", people_actor_name(q, actor));
}

/* So that a face shows what its holder may do; each act is asked for again. */
static void may_json(struct json *j, enum seat_role role)
{
    json_key(j, "may");
    json_arr_begin(j);
    for (uint32_t op = 0; op < OP__N; op++) {
        uint32_t any = 0;
        for (uint32_t r = 0; r < RELATION__N; r++) {
            any |= seat_right((enum seat_op)op, role, (enum seat_relation)r);
        }
        if (any != 0) {
            json_cstr(j, seat_ops[op].word);
        }
    }
    json_arr_end(j);
}

void people_seats_json(const struct ask *q, struct json *j, struct str user)
{
    const struct seat_roster *r = &q->seat.roster;
    json_key(j, "seats");
    json_arr_begin(j);
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (!str_eq(seat_holder(s, r->day), user)) {
            continue;
        }
        json_obj_begin(j);
        json_kv_str(j, "seat", s->id);
        json_kv_cstr(j, "role", seat_roles[s->role].word);
        json_kv_str(j, "unit", s->unit);
        json_kv_str(j, "unit_name", people_unit_name(q, s->unit));
        json_kv_cstr(j, "class", seat_classes[s->ceiling].word);
        may_json(j, s->role);
        json_obj_end(j);
    }
    json_arr_end(j);
}

bool people_sees(const struct page_list *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (list->shows(list->ctx, i)) {
            return true;
        }
    }
    return false;
}

struct date people_day(const struct ask *q, const char *member, struct date otherwise)
{
    bool bad = false;
    const struct json_value *v = json_get(q->body, member);
    return v != NULL ? json_day(v, &bad) : otherwise;
}

bool people_is_under(const struct ask *q, struct str unit, struct str under)
{
    enum seat_relation r =
        under.n > 0 ? seat_relation_of(&q->seat.roster, under, unit) : RELATION_OWN;
    return r == RELATION_OWN || r == RELATION_CHILD;
}
