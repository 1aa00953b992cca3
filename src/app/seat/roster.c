/* SPDX-License-Identifier: Apache-2.0 */
/* The roster of a day: who holds what, and what he may. */
#include "app/seat/roster.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/units.h"

/* ---- loading -------------------------------------------------------------------------------- */

static enum rc on_user(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct seat_roster *r = ctx;
    struct seat_user u;
    TRY(seat_user_read(r->a, p, &u, e));
    map_put(r->a, &r->user_of, u.id, r->users.n);
    vec_push(r->a, &r->users, u);
    return RC_OK;
}

static enum rc on_seat(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct seat_roster *r = ctx;
    struct seat s;
    TRY(seat_read(r->a, p, &s, e));
    map_put(r->a, &r->seat_of, s.id, r->seats.n);
    vec_push(r->a, &r->seats, s);
    return RC_OK;
}

static enum rc load_units(struct seat_roster *r, struct store_reader *reader, int64_t upto,
                          struct err *e)
{
    struct units u;
    const struct tree *tree = NULL;
    TRY(units_load(r->a, reader, upto, &u, e));
    if (u.steps.n == 0) {
        return RC_OK;
    }
    TRY(units_tree(r->a, &u, NULL, (struct tree_sink){0}, &tree, e));
    return tree_at(r->a, tree, r->day, &r->snap, e);
}

static enum rc load_people(struct seat_roster *r, struct store_reader *reader, int64_t upto,
                           struct err *e)
{
    TRY(store_docs(reader, STR(SEAT_USER_PREFIX), upto, on_user, r, e));
    return store_docs(reader, STR(SEAT_PREFIX), upto, on_seat, r, e);
}

enum rc seat_roster_load(struct arena *a, struct store_reader *reader, int64_t upto,
                         struct date day, struct seat_roster *out, struct err *e)
{
    *out = (struct seat_roster){.a = a, .day = day, .seq = upto};
    TRY(load_people(out, reader, upto, e));
    return load_units(out, reader, upto, e);
}

enum rc seat_roster_load_on(struct arena *a, struct store_reader *reader, int64_t upto,
                            struct date day, const struct tree *tree, struct seat_roster *out,
                            struct err *e)
{
    *out = (struct seat_roster){.a = a, .day = day, .seq = upto};
    TRY(load_people(out, reader, upto, e));
    return tree_at(a, tree, day, &out->snap, e);
}

/* ---- looking -------------------------------------------------------------------------------- */

const struct seat_user *seat_user_find(const struct seat_roster *r, struct str id)
{
    uint32_t at = 0;
    return map_get(&r->user_of, id, &at) ? &r->users.items[at] : NULL;
}

const struct seat *seat_find(const struct seat_roster *r, struct str id)
{
    uint32_t at = 0;
    return map_get(&r->seat_of, id, &at) ? &r->seats.items[at] : NULL;
}

static bool overlaps(const struct seat_term *t, struct date from, struct date to)
{
    return t->holder.n > 0 && date_cmp(t->from, to) <= 0 && date_cmp(from, t->to) <= 0;
}

struct str seat_holder(const struct seat *s, struct date day)
{
    if (overlaps(&s->term, day, day)) {
        return s->term.holder;
    }
    return overlaps(&s->before, day, day) ? s->before.holder : STR("");
}

bool seat_is_held(const struct seat *s, struct str user, struct date from, struct date to)
{
    return (str_eq(s->term.holder, user) && overlaps(&s->term, from, to)) ||
           (str_eq(s->before.holder, user) && overlaps(&s->before, from, to));
}

struct versions {
    struct arena *a;
    struct seat_versions *out;
};

static enum rc on_version(void *ctx, const struct store_parcel *parcel, struct err *e)
{
    struct versions *v = ctx;
    struct seat s;
    TRY(seat_read(v->a, parcel, &s, e));
    vec_push(v->a, &v->out->list, s);
    return RC_OK;
}

enum rc seat_versions(struct arena *a, struct store_reader *r, struct str id,
                      struct seat_versions *out, struct err *e)
{
    struct versions v = {a, out};
    *out = (struct seat_versions){0};
    return store_parcels_of(r, str_cat(a, STR(SEAT_PREFIX), id), STORE_DOC, on_version, &v, e);
}

/* ---- how units are related ------------------------------------------------------------------ */

/* RO3. TREE_NONE: it does not stand. */
static uint32_t index_of(const struct seat_roster *r, struct str unit)
{
    uint32_t id = 0;
    if (r->snap == NULL || r->snap->n == 0) {
        return TREE_NONE;
    }
    if (unit.n == 0) {
        return 0;
    }
    return tree_unit_of_code(r->snap->tree, unit, &id) ? r->snap->index_of[id] : TREE_NONE;
}

bool seat_unit_stands(const struct seat_roster *r, struct str unit)
{
    return unit.n == 0 || index_of(r, unit) != TREE_NONE;
}

enum seat_relation seat_relation_of(const struct seat_roster *r, struct str seat_unit,
                                    struct str unit)
{
    const struct tree_snap *t = r->snap;
    uint32_t own = index_of(r, seat_unit);
    uint32_t that = index_of(r, unit);
    if (seat_unit.n == 0 && unit.n == 0) {
        return RELATION_OWN;
    }
    if (own == TREE_NONE || that == TREE_NONE) {
        return RELATION_OTHER;
    }
    if (own == that) {
        return RELATION_OWN;
    }
    if (that > own && that < t->end[own]) {
        return RELATION_CHILD;
    }
    if (own > that && own < t->end[that]) {
        return RELATION_PARENT;
    }
    return t->parent[own] == t->parent[that] ? RELATION_SIBLING : RELATION_OTHER;
}

/* ---- what somebody may ---------------------------------------------------------------------- */

static bool acts(const struct seat_roster *r, struct str user)
{
    const struct seat_user *u = seat_user_find(r, user);
    return u != NULL && !u->closed; /* RO2 */
}

bool seat_covers(const struct seat_roster *r, const struct seat *s, const struct seat_want *want)
{
    const struct seat_ask q = {.op = want->op,
                               .role = s->role,
                               .ceiling = s->ceiling,
                               .relation = seat_relation_of(r, s->unit, want->unit),
                               .class = want->class,
                               .count = want->count};
    return seat_allows(&q);
}

const struct seat *seat_may(const struct seat_roster *r, struct str user,
                            const struct seat_want *want)
{
    for (uint32_t i = 0; acts(r, user) && i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (str_eq(seat_holder(s, r->day), user) && seat_covers(r, s, want)) {
            return s;
        }
    }
    return NULL;
}

const struct seat *seat_admin(const struct seat_roster *r, struct str user, enum seat_role but,
                              struct str unit)
{
    for (uint32_t i = 0; acts(r, user) && i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        enum seat_relation relation = seat_relation_of(r, s->unit, unit);
        bool over = relation == RELATION_OWN || relation == RELATION_CHILD;
        if (seat_roles[s->role].mark && s->role != but && over &&
            str_eq(seat_holder(s, r->day), user)) {
            return s;
        }
    }
    return NULL;
}
