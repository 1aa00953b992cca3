/* SPDX-License-Identifier: Apache-2.0 */
/* What has become otherwise in the verdicts of a unit since a commit. */
#include "app/answer.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/verdict.h"
#include "http/view.h"
#include "model/verdict_row.h"

#define KEY_BYTES 4096U

/* A verdict then and now; it may be there at one of them alone. */
struct changed {
    struct str key;
    bool there[2];
    struct verdict of[2];
    bool sealed;
};

struct changes {
    struct ask *q;
    struct view view[2]; /* then, now */
    struct map at;       /* keys -> list */
    VEC(struct changed) list;
    struct printer p[2];
};

static struct str key_of(struct ask *q, const struct plan *p, const struct verdict *v)
{
    struct buf b;
    buf_init_in(&b, q->a, KEY_BYTES);
    buf_printf(&b, "%.*s/%.*s/%d", PS(p->commitments[v->commitment].id), PS(v->part), (int)v->year);
    return buf_view(&b);
}

static struct changed *entry(struct changes *x, struct str key)
{
    uint32_t i = x->list.n;
    if (!map_get(&x->at, key, &i)) {
        map_put(x->q->a, &x->at, key, i);
        vec_push(x->q->a, &x->list, (struct changed){.key = key});
    }
    return &x->list.items[i];
}

static void collect(struct changes *x, int when)
{
    const struct view *w = &x->view[when];
    struct verdict_eyes eyes = verdict_eyes(x->q, w->tree);
    uint32_t unit = NONE;
    eyes.plan = w->plan;
    if (!tree_unit_of_code(w->tree, ask_word(x->q, 0), &unit)) {
        return; /* it has come since, or it is gone */
    }
    for (struct live_rows r = live_rows(w->live, NONE, unit); live_next(&r);) {
        if (verdict_may(&eyes, r.row)) {
            struct verdict v = verdict_unpack(r.row);
            struct changed *c = entry(x, key_of(x->q, w->plan, &v));
            c->there[when] = true;
            c->of[when] = v;
            c->sealed |= verdict_is_sealed(w->plan, &v);
        }
    }
}

/* Of figures that are not told it is not told either that they have changed. */
static bool is_otherwise(const struct changed *c)
{
    const struct verdict *a = &c->of[0];
    const struct verdict *b = &c->of[1];
    if (c->there[0] != c->there[1] || a->state != b->state || a->light != b->light) {
        return true;
    }
    return !c->sealed &&
           (a->measure.kind != b->measure.kind || a->measure.truth != b->measure.truth ||
            rat_cmp(a->measure.lo, b->measure.lo) != 0 ||
            rat_cmp(a->measure.hi, b->measure.hi) != 0 ||
            a->measure.reported != b->measure.reported ||
            a->measure.expected != b->measure.expected);
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void head(void *ctx, struct json *j)
{
    const struct changes *x = ctx;
    json_kv_str(j, "unit", ask_word(x->q, 0));
    json_kv_int(j, "since", x->view[0].seq);
    view_json(&x->view[1], j);
}

static bool shows(void *ctx, uint32_t i)
{
    return is_otherwise(&((const struct changes *)ctx)->list.items[i]);
}

static struct str key(void *ctx, uint32_t i)
{
    return ((const struct changes *)ctx)->list.items[i].key;
}

static void side(struct changes *x, const struct changed *c, int when, struct page *p)
{
    static const char *const names[2][2] = {{"state_then", "text_then"}, {"state", "text"}};
    const struct verdict *v = &c->of[when];
    bool there = c->there[when];
    page_word(p, names[when][0], there ? state_name(v->state) : "",
              there ? state_zh(v->state) : "");
    page_text(p, names[when][1], there && !c->sealed ? print_measure(&x->p[when], v) : STR(""));
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    struct changes *x = ctx;
    const struct changed *c = &x->list.items[i];
    const int when = c->there[1] ? 1 : 0;
    const struct verdict *v = &c->of[when];
    page_text(p, "target", x->view[when].plan->commitments[v->commitment].id);
    page_text(p, "part", v->part);
    page_int(p, "year", v->year);
    side(x, c, 0, p);
    side(x, c, 1, p);
}

enum rc do_changes(struct ask *q)
{
    struct changes *x = ARENA_NEW(q->a, struct changes);
    const int64_t since = ask_count(q, "since", 0);
    uint32_t unit = NONE;
    x->q = q;
    TRY(ask_may(q, "verdict.read", ask_word(q, 0), CLASS_INTERNAL));
    if (since < 1) {
        q->at = STR("?since");
        return err_set(&q->e, RC_INPUT, "say since which commit", "请写明自第几次提交以来");
    }
    TRY(view_open(q, &x->view[1]));
    TRY(verdict_unit(q, x->view[1].tree, ask_word(q, 0), "", &unit));
    TRY(view_open_after(q, since, &x->view[0]));
    for (int when = 0; when < 2; when++) {
        printer_init(&x->p[when], q->a, x->view[when].plan, q->chinese);
        collect(x, when);
    }
    return page_answer(q, &(struct page_list){.ctx = x,
                                              .n = x->list.n,
                                              .title = {"changes", "变化"},
                                              .head = head,
                                              .shows = shows,
                                              .key = key,
                                              .row = row});
}
