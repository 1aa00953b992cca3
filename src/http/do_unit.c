/* SPDX-License-Identifier: Apache-2.0 */
/* Units: what stands today. */
#include "http/ask.h"
#include "http/handlers.h"
#include "http/unit_json.h"

#define PAGE 200

static enum rc no_unit(struct ask *q, const char *at)
{
    q->at = str_from_cstr(at);
    return err_set(&q->e, RC_NOT_FOUND, "there is no such unit today", "今天没有这个机构");
}

/* Place in the tree of today, or TREE_NONE. */
static uint32_t place(const struct tree_snap *t, struct str code)
{
    uint32_t id = 0;
    return tree_unit_of_code(t->tree, code, &id) ? t->index_of[id] : TREE_NONE;
}

void unit_json(struct ask *q, struct json *j, uint32_t i)
{
    const struct tree_snap *t = q->seat.roster.snap;
    json_obj_begin(j);
    json_kv_str(j, "code", tree_snap_code(t, i));
    json_kv_str(j, "name", tree_snap_name(t, i));
    json_kv_str(j, "kind", q->s->pack.plan->kinds[t->kind[i]].name);
    json_kv_str(j, "parent", i == 0 ? STR("") : tree_snap_code(t, t->parent[i]));
    json_kv_int(j, "level", t->level[i]);
    json_kv_int(j, "below", t->end[i] - i - 1);
    json_obj_end(j);
}

struct sieve {
    struct str kind, name;
    uint32_t parent; /* TREE_NONE: any */
};

static bool asked(const struct ask *q, uint32_t i, const struct sieve *s)
{
    const struct tree_snap *t = q->seat.roster.snap;
    struct str kind = s->kind;
    struct str name = s->name;
    return (s->parent == TREE_NONE || t->parent[i] == s->parent) &&
           (kind.n == 0 || str_eq(kind, q->s->pack.plan->kinds[t->kind[i]].name)) &&
           (name.n == 0 || str_find(tree_snap_name(t, i), name, 0) != STR_NONE ||
            str_find(tree_snap_code(t, i), name, 0) != STR_NONE);
}

/* From where to where: below `under`, behind `after`. */
static enum rc range(struct ask *q, uint32_t *from, uint32_t *to)
{
    const struct tree_snap *t = q->seat.roster.snap;
    struct str under = ask_text(q, "under");
    struct str after = ask_text(q, "after");
    uint32_t root = under.n > 0 ? place(t, under) : 0;
    if (root == TREE_NONE) {
        return no_unit(q, "?under");
    }
    *from = root;
    *to = t->end[root];
    if (after.n > 0) {
        uint32_t at = place(t, after);
        if (at == TREE_NONE || at < *from || at >= *to) {
            return no_unit(q, "?after");
        }
        *from = at + 1;
    }
    return RC_OK;
}

enum rc do_units(struct ask *q)
{
    struct json j;
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t from = 0;
    uint32_t to = 0;
    struct str parent = ask_text(q, "parent");
    struct sieve s = {ask_text(q, "kind"), ask_text(q, "name"), TREE_NONE};
    int64_t limit = ask_count(q, "limit", PAGE);
    int64_t n = 0;
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    TRY(range(q, &from, &to));
    if (parent.n > 0 && (s.parent = place(t, parent)) == TREE_NONE) {
        return no_unit(q, "?parent");
    }
    limit = limit < 1 ? 1 : limit > ASK_PAGE_MAX ? ASK_PAGE_MAX : limit;
    ask_json(q, &j);
    json_kv_day(&j, "day", q->seat.roster.day);
    json_key(&j, "units");
    json_arr_begin(&j);
    uint32_t last = TREE_NONE;
    for (; from < to && n < limit; from++) {
        if (asked(q, from, &s)) {
            unit_json(q, &j, from);
            last = from;
            n++;
        }
    }
    json_arr_end(&j);
    while (from < to && !asked(q, from, &s)) {
        from++;
    }
    json_key(&j, "next");
    if (from < to) {
        json_str(&j, tree_snap_code(t, last));
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_unit(struct ask *q)
{
    struct json j;
    TRY(ask_may(q, "unit.read", ask_word(q, 0), CLASS_PUBLIC));
    uint32_t at = place(q->seat.roster.snap, ask_word(q, 0));
    if (at == TREE_NONE) {
        return no_unit(q, "");
    }
    json_init(&j, q->out, false);
    unit_json(q, &j, at);
    json_end(&j);
    return RC_OK;
}
