/* SPDX-License-Identifier: Apache-2.0 */
/* Units: what stands today. */
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/unit_json.h"

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

struct units {
    struct ask *q;
    uint32_t from;
    struct str kind, name;
    uint32_t parent; /* TREE_NONE: any */
};

static void head(void *ctx, struct json *j)
{
    json_kv_day(j, "day", ((const struct units *)ctx)->q->seat.roster.day);
}

static bool shows(void *ctx, uint32_t i)
{
    const struct units *x = ctx;
    const struct tree_snap *t = x->q->seat.roster.snap;
    i += x->from;
    return (x->parent == TREE_NONE || t->parent[i] == x->parent) &&
           (x->kind.n == 0 || str_eq(x->kind, x->q->plan->kinds[t->kind[i]].name)) &&
           (x->name.n == 0 || str_find(tree_snap_name(t, i), x->name, 0) != STR_NONE ||
            str_find(tree_snap_code(t, i), x->name, 0) != STR_NONE);
}

static struct str key(void *ctx, uint32_t i)
{
    const struct units *x = ctx;
    return tree_snap_code(x->q->seat.roster.snap, x->from + i);
}

static uint32_t find(void *ctx, struct str code)
{
    const struct units *x = ctx;
    uint32_t at = place(x->q->seat.roster.snap, code);
    return at == TREE_NONE || at < x->from ? UINT32_MAX : at - x->from;
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct units *x = ctx;
    const struct tree_snap *t = x->q->seat.roster.snap;
    i += x->from;
    page_text(p, "code", tree_snap_code(t, i));
    page_text(p, "name", tree_snap_name(t, i));
    page_text(p, "kind", x->q->plan->kinds[t->kind[i]].name);
    page_text(p, "parent", i == 0 ? STR("") : tree_snap_code(t, t->parent[i]));
    page_int(p, "level", t->level[i]);
    page_int(p, "below", t->end[i] - i - 1);
}

void unit_json(struct ask *q, struct json *j, uint32_t i)
{
    page_row_json(q, SHAPE_UNIT, row, &(struct units){.q = q}, i, j);
}

enum rc do_units(struct ask *q)
{
    const struct tree_snap *t = q->seat.roster.snap;
    struct units x = {.q = q, .kind = ask_text(q, "kind"), .name = ask_text(q, "name")};
    struct str under = ask_text(q, "under");
    struct str parent = ask_text(q, "parent");
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    x.parent = parent.n > 0 ? place(t, parent) : TREE_NONE;
    if (parent.n > 0 && x.parent == TREE_NONE) {
        return no_unit(q, "?parent");
    }
    uint32_t root = under.n > 0 ? place(t, under) : 0;
    if (root == TREE_NONE) {
        return no_unit(q, "?under");
    }
    x.from = root;
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = t->end[root] - root,
                                              .title = {"units", "机构"},
                                              .head = head,
                                              .shows = shows,
                                              .key = key,
                                              .find = find,
                                              .row = row});
}

enum rc do_unit(struct ask *q)
{
    struct units x = {.q = q};
    TRY(ask_may(q, "unit.read", ask_word(q, 0), CLASS_PUBLIC));
    uint32_t at = place(q->seat.roster.snap, ask_word(q, 0));
    return at == TREE_NONE ? no_unit(q, "") : page_item(q, SHAPE_UNIT, row, &x, at);
}
