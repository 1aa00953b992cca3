/* SPDX-License-Identifier: Apache-2.0 */
/* Packing: a round out of the centre's book, the answer out of a local one. */
#include <stdlib.h>

#include "app/offline/offline_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/source.h"
#include "store/parcel.h"
#include "store/units.h"

#define PLAN_NAME_BYTES 32U

enum rc offline_plan(struct arena *a, const struct sources *s, struct str *out, struct err *e)
{
    struct buf b;
    buf_init_in(&b, a, LIMIT_PACK_BYTES + (1U << 20));
    for (uint32_t i = 0; i < s->files.n; i++) {
        buf_printf(&b, "%u:", s->files.items[i].text.n);
        buf_str(&b, s->files.items[i].text);
    }
    return hex_sm3(a, buf_view(&b), out, e);
}

/* ---- gathering ------------------------------------------------------------------------------ */

struct gathering {
    struct desk *d;
    struct str round;
    struct map units; /* codes of the tree that is packed */
    struct map index; /* `seq key` -> commits */
    struct offline_commits commits;
    /* The unit at hand. */
    struct str unit;
    enum data_class most; /* that may be read there */
    struct str source;
    enum row_status status;
    VEC(struct edit) edits;
};

static struct offline_commit *commit_of(struct gathering *g, int64_t seq, struct str key)
{
    struct buf b;
    uint32_t i = 0;
    buf_init_in(&b, g->d->a, STORE_TEXT_BYTES + 64);
    buf_printf(&b, "%lld %.*s", (long long)seq, PS(key));
    if (!map_get(&g->index, buf_view(&b), &i)) {
        i = g->commits.list.n;
        map_put(g->d->a, &g->index, buf_view(&b), i);
        vec_push(g->d->a, &g->commits.list,
                 (struct offline_commit){.seq = seq, .key = str_dup(g->d->a, key)});
    }
    return &g->commits.list.items[i];
}

static void add(struct gathering *g, struct str key, const struct store_parcel *p)
{
    struct arena *a = g->d->a;
    struct store_parcel own = *p;
    own.area = str_dup(a, p->area);
    own.unit = str_dup(a, p->unit);
    own.source = str_dup(a, p->source);
    own.layout = str_dup(a, p->layout);
    own.body = str_dup(a, p->body);
    vec_push(a, &commit_of(g, p->seq, key)->parcels.list, own);
}

/* ---- the tree ------------------------------------------------------------------------------- */

static bool is_parent_step(const struct unit_step *s)
{
    return s->property == UNIT_PARENT && !s->is_void && s->value.n > 0;
}

/* Adds whose parent, at any time, is among them (down), or their parents (up). */
static void close_over(struct gathering *g, const struct units *u, bool down)
{
    bool more = true;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < u->steps.n; i++) {
            const struct unit_step *s = &u->steps.items[i];
            struct str from = down ? s->value : s->code;
            struct str to = down ? s->code : s->value;
            if (is_parent_step(s) && map_get(&g->units, from, NULL) &&
                !map_get(&g->units, to, NULL)) {
                map_put(g->d->a, &g->units, to, 1);
                more = true;
            }
        }
    }
}

/* A merger or split is told when all who take part are. */
static bool ties_fit(struct gathering *g, const struct store_parcel *p, struct err *e)
{
    struct units one = {0};
    if (units_add(g->d->a, &one, p, e) != RC_OK) {
        return false;
    }
    for (uint32_t i = 0; i < one.ties.n; i++) {
        if (!map_get(&g->units, one.ties.items[i].from, NULL) ||
            !map_get(&g->units, one.ties.items[i].to, NULL)) {
            return false;
        }
    }
    return true;
}

static enum rc on_tree(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    if (map_get(&g->units, p->unit, NULL) && (p->what == STORE_UNIT || ties_fit(g, p, e))) {
        add(g, p->unit, p);
    }
    return RC_OK;
}

static enum rc tree_of(struct gathering *g, const struct offline_units *units, struct err *e)
{
    struct units u;
    TRY(units_load(g->d->a, g->d->reader, INT64_MAX, &u, e));
    for (uint32_t i = 0; i < units->list.n; i++) {
        map_put(g->d->a, &g->units, units->list.items[i].unit, 1);
    }
    close_over(g, &u, true);
    close_over(g, &u, false);
    return store_parcels_of_tree(g->d->reader, 1, INT64_MAX, on_tree, g, e);
}

/* ---- what is known of a unit ---------------------------------------------------------------- */

static void on_edit(void *ctx, const struct edit *x)
{
    struct gathering *g = ctx;
    const struct plan *p = g->d->plan;
    enum data_class class_ = x->kind == EDIT_FACT   ? p->items[x->u.fact.item].d.class_
                             : x->kind == EDIT_ATTR ? p->attributes[x->u.attr.attribute].d.class_
                                                    : CLASS_PUBLIC;
    if (class_ <= g->most) { /* OF3 */
        vec_push(g->d->a, &g->edits, *x);
    }
}

/* What is accepted, and what was ever said in the round. */
static enum rc on_known(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    const struct parcel_sink sink = {on_edit, NULL, g};
    const struct store_parcel *parcels = NULL;
    uint32_t n = 0;
    if (p->status != ROW_ACCEPTED && !str_eq(p->source, g->round)) {
        return RC_OK;
    }
    g->edits.n = 0;
    TRY(parcel_read(desk_names(g->d), p, &sink, e));
    TRY(parcel_write(g->d->a, g->d->plan, g->d->tree, g->edits.items, g->edits.n, &parcels, &n, e));
    for (uint32_t i = 0; i < n; i++) {
        struct store_parcel own = parcels[i];
        own.seq = p->seq;
        own.recorded = p->recorded;
        add(g, g->unit, &own);
    }
    return RC_OK;
}

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    (void)e;
    add(g, str_starts(p->unit, STR("round/")) ? p->unit : g->unit, p);
    return RC_OK;
}

static enum data_class most_at(const struct desk *d, struct str unit)
{
    enum data_class most = CLASS_PUBLIC;
    for (int c = CLASS_PUBLIC; c <= CLASS_SEALED; c++) {
        bool may = d->may(d->may_ctx, d->actor, "fact.read", unit, (enum data_class)c);
        most = may ? (enum data_class)c : most;
    }
    return most;
}

/* The form itself goes with who may pack it; the rest as he may read. */
static enum rc unit_out(struct gathering *g, const struct report *r, struct err *e)
{
    static const enum store_sort sorts[] = {STORE_FACT, STORE_ATTR, STORE_TITLE};
    struct desk *d = g->d;
    enum data_class of_form = round_class(d, &r->round);
    g->unit = r->doc.unit;
    g->most = most_at(d, g->unit);
    g->most = of_form > g->most ? of_form : g->most;
    for (uint32_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        TRY(store_parcels_of(d->reader, g->unit, sorts[i], on_known, g, e));
    }
    return store_doc(d->reader, submission_subject(d->a, g->round, g->unit), INT64_MAX, on_doc, g,
                     e);
}

/* By commit; in one the tree first, then the round, then units. */
static int commit_cmp(const void *p, const void *q)
{
    const struct offline_commit *x = p;
    const struct offline_commit *y = q;
    if (x->seq != y->seq) {
        return x->seq < y->seq ? -1 : 1;
    }
    bool tree = x->parcels.list.items[0].what == STORE_UNIT;
    bool other = y->parcels.list.items[0].what == STORE_UNIT;
    return tree != other ? (tree ? -1 : 1) : str_cmp(x->key, y->key);
}

static enum rc name_commits(struct gathering *g, struct err *e)
{
    struct store_event ev = {0};
    struct offline_commits *c = &g->commits;
    if (c->list.n > 1) {
        qsort(c->list.items, c->list.n, sizeof *c->list.items, commit_cmp);
    }
    for (uint32_t i = 0; i < c->list.n; i++) {
        if (ev.seq != c->list.items[i].seq) {
            TRY(store_who(g->d->a, g->d->reader, c->list.items[i].seq, &ev, e));
        }
        c->list.items[i].actor = ev.actor;
        c->list.items[i].act = ev.act;
    }
    return RC_OK;
}

/* ---- a round -------------------------------------------------------------------------------- */

static void add_part(struct desk *d, struct package *p, struct str name, struct str content)
{
    vec_push(d->a, &p->parts, (struct package_part){name, content});
}

static void add_plan(struct desk *d, struct package *p, const struct sources *s)
{
    for (uint32_t i = 0; i < s->files.n; i++) {
        struct buf name;
        buf_init_in(&name, d->a, PLAN_NAME_BYTES);
        buf_printf(&name, "plan/%04u", i + 1);
        add_part(d, p, buf_view(&name), s->files.items[i].text);
    }
}

static enum rc unit_row(struct desk *d, const struct report *r, struct offline_units *units,
                        struct err *e)
{
    struct offline_mark m;
    TRY(offline_mark_get(d->a, d->reader,
                         offline_mark_subject(d->a, r->round.round.id, r->doc.unit), &m, e));
    vec_push(d->a, &units->list, (struct offline_unit){r->doc.unit, r->seen, m.book, m.seq});
    return RC_OK;
}

static enum rc round_parts(struct desk *d, const struct offline_wish *w, struct package *p,
                           struct offline_result *out, struct err *e)
{
    struct gathering g = {.d = d, .round = w->round};
    struct offline_units units = {0};
    for (uint32_t i = 0; i < w->n_units; i++) {
        struct report r;
        TRY(report_open(d, w->round, w->units[i], &r, e));
        TRY(desk_allow(d, "offline.out", r.doc.unit, &r.round, e));
        if (offline_unit_of(&units, r.doc.unit) != NULL) {
            continue;
        }
        TRY(unit_row(d, &r, &units, e));
        TRY(unit_out(&g, &r, e));
        vec_push(
            d->a, &out->rows,
            (struct offline_row){.unit = r.doc.unit, .outcome = OFFLINE_PACKED, .seq = r.seen});
    }
    TRY(tree_of(&g, &units, e));
    TRY(store_doc(d->reader, round_subject(d->a, w->round), INT64_MAX, on_doc, &g, e));
    TRY(name_commits(&g, e));
    add_plan(d, p, w->plan);
    add_part(d, p, STR("units"), offline_units_write(d->a, &units));
    add_part(d, p, STR("commits"), offline_commits_write(d->a, &g.commits));
    return RC_OK;
}

static enum rc wish_fits(const struct desk *d, const struct offline_wish *w, struct err *e)
{
    if (w->n_units == 0) {
        return err_set(e, RC_USAGE, "say which units: --unit CODE", "请写明机构：--unit 代码");
    }
    if (date_is_sentinel(w->until)) {
        return err_set(e, RC_USAGE, "say until when it is taken in: --until DATE",
                       "请写明数据包的最后收入日：--until 日期");
    }
    return date_cmp(w->until, d->today) >= 0
               ? RC_OK
               : err_set(e, RC_INPUT, "the last day lies in the past", "最后收入日已过");
}

static struct str out_body(struct desk *d, const struct package *p, const struct offline_result *r)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, d->a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "round", p->round);
    json_kv_day(&j, "until", p->until);
    json_kv_str(&j, "plan", p->plan);
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < r->rows.n; i++) {
        json_str(&j, r->rows.items[i].unit);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static enum rc pack_round(struct desk *d, const struct offline_wish *w, struct package *p,
                          struct str *bytes, struct offline_result *out, struct err *e)
{
    int64_t seq = 0;
    p->until = w->until;
    TRY(wish_fits(d, w, e));
    TRY(round_parts(d, w, p, out, e));
    TRY(package_write(d->a, p, w->key, bytes, e));
    return offline_doc_put(d->a, d->store, d->reader, d->actor, "offline.out",
                           offline_out_subject(d->a, p->id), out_body(d, p, out), &seq, e);
}

/* ---- an answer ------------------------------------------------------------------------------ */

static enum rc report_part(struct desk *d, const struct report *r, struct package *p, struct err *e)
{
    struct offline_mark m;
    const struct store_parcel *figures = NULL;
    uint32_t n = 0;
    struct str unit = r->doc.unit;
    struct offline_report x = {
        .unit = unit, .seq = r->seen, .doc = submission_write(d->a, &r->doc)};
    TRY(offline_mark_get(d->a, d->reader, offline_mark_subject(d->a, p->round, unit), &m, e));
    x.seen = m.seq;
    TRY(parcel_write(d->a, d->plan, d->tree, report_facts(d, r, ROW_SUBMITTED),
                     r->round.round.n_items, &figures, &n, e));
    for (uint32_t i = 0; i < n; i++) {
        vec_push(d->a, &x.figures.list, figures[i]);
    }
    add_part(d, p, str_cat(d->a, STR("report/"), unit), offline_report_write(d->a, &x));
    return RC_OK;
}

static enum rc answer_unit(struct desk *d, struct str unit, struct package *p,
                           struct offline_result *out, struct err *e)
{
    struct report r;
    TRY(report_open(d, p->round, unit, &r, e));
    TRY(desk_allow(d, "offline.out", r.doc.unit, &r.round, e));
    bool ready = r.doc.state == REPORT_SUBMITTED;
    vec_push(d->a, &out->rows,
             (struct offline_row){.unit = r.doc.unit,
                                  .outcome = ready ? OFFLINE_PACKED : OFFLINE_LEFT_OUT,
                                  .seq = r.seen});
    return ready ? report_part(d, &r, p, e) : RC_OK;
}

struct marked {
    struct desk *d;
    VEC(struct str) units;
};

static enum rc on_mark(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct marked *m = ctx;
    struct str rest = p->unit;
    struct str last = rest;
    (void)e;
    while (str_split(&rest, '/', &last)) {
    }
    vec_push(m->d->a, &m->units, str_dup(m->d->a, last));
    return RC_OK;
}

static enum rc pack_answer(struct desk *d, const struct offline_wish *w,
                           const struct offline_centre *c, struct package *p, struct str *bytes,
                           struct offline_result *out, struct err *e)
{
    struct marked m = {.d = d};
    p->sort = PACKAGE_ANSWER;
    p->until = c->until;
    p->to = c->book;
    p->answers = c->package;
    p->round = p->round.n > 0 ? p->round : c->round;
    if (w->n_units == 0) {
        struct str all = offline_mark_subject(d->a, p->round, STR(""));
        TRY(store_docs(d->reader, all, INT64_MAX, on_mark, &m, e));
    }
    for (uint32_t i = 0; i < w->n_units; i++) {
        vec_push(d->a, &m.units, w->units[i]);
    }
    for (uint32_t i = 0; i < m.units.n; i++) {
        TRY(answer_unit(d, m.units.items[i], p, out, e));
    }
    if (p->parts.n == 0) {
        enum rc rc = err_set(e, RC_FINDINGS, "nothing of round %.*s is submitted in this book",
                             "本账中轮次 %.*s 没有已提交的报表", PS(p->round));
        err_hint(e, "Submit first: tizhi report submit.", "请先提交：tizhi report submit。");
        return rc;
    }
    return package_write(d->a, p, w->key, bytes, e);
}

enum rc offline_pack(struct desk *d, const struct offline_wish *w, struct str *bytes,
                     struct offline_result *out, struct err *e)
{
    struct store_end end;
    struct offline_centre centre;
    bool local = false;
    *out = (struct offline_result){0};
    TRY(store_end(d->a, d->reader, &end, e));
    TRY(offline_centre_get(d->a, d->reader, &local, &centre, e));
    struct package p = {.book = end.book, .seq = end.seq, .at = w->now, .round = w->round};
    TRY(offline_plan(d->a, w->plan, &p.plan, e));
    TRY(local ? pack_answer(d, w, &centre, &p, bytes, out, e)
              : pack_round(d, w, &p, bytes, out, e));
    out->id = p.id;
    out->fingerprint = p.fingerprint;
    out->round = p.round;
    out->until = p.until;
    return RC_OK;
}
