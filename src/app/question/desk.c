/* SPDX-License-Identifier: Apache-2.0 */
/* Questions at the desk: found in the book, asked and settled in one commit, answered one by one.
 */
#include "app/inspect/inspect_int.h"
#include "app/question/question.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/files.h"

/* ---- what the book has ----------------------------------------------------------------------- */

struct reading {
    struct desk *d;
    struct question_lines *out;
};

static const struct str prefix = STR_INIT("question/");

static struct str subject_of(const struct desk *d, struct str id)
{
    return str_cat(d->a, prefix, id);
}

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading *r = ctx;
    struct question_line q = {.id = str_dup(r->d->a, str_sub(p->unit, prefix.n, p->unit.n)),
                              .seen = p->seq};
    TRY(question_read(r->d->a, str_dup(r->d->a, p->body), &q.doc, e));
    vec_push(r->d->a, &r->out->list, q);
    return RC_OK;
}

enum rc question_all(struct desk *d, struct question_lines *out, struct err *e)
{
    struct reading r = {d, out};
    *out = (struct question_lines){0};
    return store_docs(d->reader, prefix, INT64_MAX, on_doc, &r, e);
}

static bool may_read(const struct desk *d, struct str unit, enum data_class class_)
{
    return d->may(d->may_ctx, d->actor, "question.read", unit, class_);
}

/* At the unit; of NONE at any: who may read somewhere sees an empty list, and no refusal. */
static enum rc may_look(struct desk *d, uint32_t unit, struct err *e)
{
    for (uint32_t i = 0; unit == NONE && i < d->tree->n_units; i++) {
        if (may_read(d, desk_code(d, i), CLASS_INTERNAL)) {
            return RC_OK;
        }
    }
    return desk_allow_at(d, "question.read", unit != NONE ? desk_code(d, unit) : STR(""),
                         CLASS_INTERNAL, e);
}

static bool is_settled(const struct question_line *q)
{
    return q->doc.state == QUESTION_ACCEPTED || q->doc.state == QUESTION_CORRECTED;
}

enum rc question_seen(struct desk *d, const struct question_lines *all, uint32_t unit, bool settled,
                      struct question_lines *out, struct err *e)
{
    *out = (struct question_lines){0};
    TRY(may_look(d, unit, e));
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct question_line *q = &all->list.items[i];
        bool of_it = unit == NONE || str_eq(q->doc.put.unit, desk_code(d, unit));
        if (of_it && (settled || !is_settled(q)) &&
            may_read(d, q->doc.put.unit, q->doc.put.class_)) {
            vec_push(d->a, &out->list, *q);
        }
    }
    return RC_OK;
}

enum rc question_find(struct desk *d, const struct question_lines *all, struct str id,
                      struct question_line **out, struct err *e)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->list.n && id.n > 0; i++) {
        struct question_line *q = &all->list.items[i];
        if (str_starts(q->id, id) && may_read(d, q->doc.put.unit, q->doc.put.class_)) {
            *out = q;
            n = str_eq(q->id, id) ? 1 : n + 1;
        }
    }
    if (n == 1) {
        return RC_OK;
    }
    enum rc rc = err_set(e, n == 0 ? RC_NOT_FOUND : RC_INPUT, "%s question %.*s%.0s",
                         "%.0s疑问“%.*s”%s", n == 0 ? "you see no" : "several begin like", PS(id),
                         n == 0 ? "不存在或无权查看" : "不止一条");
    err_hint(e, "List them: tizhi question list.", "请用 tizhi question list 查看。");
    return rc;
}

/* ---- finding -------------------------------------------------------------------------------- */

enum rc question_inspect(struct desk *d, uint32_t unit, const struct report *draft,
                         struct inspection *out, struct err *e)
{
    uint32_t n = 0;
    TRY(may_look(d, unit, e));
    TRY(question_look(d, &(struct question_wish){.unit = unit, .draft = draft}, out, e));
    for (uint32_t i = 0; i < out->list.n; i++) {
        const struct question *q = &out->list.items[i];
        if (may_read(d, desk_code(d, q->unit), q->class_)) {
            out->list.items[n++] = *q;
        }
    }
    out->list.n = n;
    return RC_OK;
}

/* ---- asking --------------------------------------------------------------------------------- */

struct asking {
    struct desk *d;
    struct question_lines known;
    struct map index; /* id -> line */
    struct map found; /* id */
    const struct tree_snap *tree;
    uint32_t within; /* index in the snapshot */
    int64_t end;     /* commits of the book */
    VEC(struct store_expect) expects;
    VEC(struct store_parcel) parcels;
    struct question_run *run;
};

static bool is_within(const struct asking *k, uint32_t unit)
{
    uint32_t i = k->tree->index_of[unit];
    return i != TREE_NONE && i >= k->within && i < k->tree->end[k->within];
}

static enum rc put(struct asking *k, struct str id, const struct question_line *line,
                   const struct question_act *act, struct err *e)
{
    static const struct question_doc nothing = {.last_day = {INT32_MIN}};
    struct question_doc after;
    TRY(question_step(line != NULL ? &line->doc : &nothing, act, &after, e));
    struct str subject = subject_of(k->d, id);
    vec_push(k->d->a, &k->expects, (struct store_expect){subject, line != NULL ? line->seen : 0});
    vec_push(k->d->a, &k->parcels, doc_parcel(subject, question_write(k->d->a, &after)));
    return RC_OK;
}

static enum rc ask_one(struct asking *k, const struct question *q, struct err *e)
{
    struct desk *d = k->d;
    struct str id = question_id(d->a, d->tree, q);
    uint32_t at = 0;
    const struct question_line *line =
        map_get(&k->index, id, &at) ? &k->known.list.items[at] : NULL;
    const struct question_put new = {.detector = str_from_cstr(detector_word(q->detector)),
                                     .unit = desk_code(d, q->unit),
                                     .what = q->what,
                                     .period = q->period,
                                     .text = {q->text[0], q->text[1]},
                                     .figures = q->figures,
                                     .class_ = q->class_,
                                     .known = k->end};
    map_put(d->a, &k->found, id, 0);
    if (line != NULL && !is_settled(line)) {
        k->run->left++;
        return RC_OK;
    }
    if (line != NULL && str_eq(line->doc.put.figures, q->figures)) {
        return RC_OK; /* QU3 */
    }
    k->run->asked += line == NULL;
    k->run->again += line != NULL;
    const struct question_act act = {
        .act = QUESTION_ACT_ASK, .actor = d->actor, .day = d->today, .put = &new};
    return put(k, id, line, &act, e);
}

/* ---- settling -------------------------------------------------------------------------------- */

struct later {
    int64_t than;
    bool any;
};

static enum rc on_later(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct later *l = ctx;
    (void)e;
    l->any |= p->seq > l->than && (p->status == ROW_ACCEPTED || p->status == ROW_WITHDRAWN);
    return RC_OK;
}

/* QU4: something of the unit counts that did not when it was asked. */
static enum rc accepted_since(struct asking *k, const struct question_doc *q, bool *yes,
                              struct err *e)
{
    static const enum store_sort sorts[] = {STORE_FACT, STORE_ROW, STORE_TITLE};
    struct later l = {q->put.known, false};
    for (uint32_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        TRY(store_parcels_of(k->d->reader, q->put.unit, sorts[i], on_later, &l, e));
    }
    *yes = l.any;
    return RC_OK;
}

static enum rc settle(struct asking *k, struct err *e)
{
    const struct question_act act = {
        .act = QUESTION_ACT_SETTLE, .actor = k->d->actor, .day = k->d->today};
    for (uint32_t i = 0; i < k->known.list.n; i++) {
        const struct question_line *q = &k->known.list.items[i];
        uint32_t unit = 0;
        bool yes = false;
        if (is_settled(q) || map_get(&k->found, q->id, NULL) ||
            !tree_unit_of_code(k->d->tree, q->doc.put.unit, &unit) || !is_within(k, unit)) {
            continue;
        }
        TRY(accepted_since(k, &q->doc, &yes, e));
        if (yes) {
            TRY(put(k, q->id, q, &act, e));
            k->run->settled++;
        }
    }
    return RC_OK;
}

static enum rc record(struct asking *k, struct err *e)
{
    struct store_receipt got;
    struct buf all;
    struct store_commit c = {.actor = k->d->actor,
                             .act = STR("question.ask"),
                             .expects = k->expects.items,
                             .n_expects = k->expects.n,
                             .parcels = k->parcels.items,
                             .n_parcels = k->parcels.n};
    if (k->parcels.n == 0) {
        return RC_OK;
    }
    if (k->parcels.n > STORE_PARCELS_MAX) {
        return err_set(e, RC_LIMIT, "too many questions at once: ask within a part of the units",
                       "疑问过多：请用 --within 分地区提出");
    }
    buf_init_in(&all, k->d->a, STORE_COMMIT_BYTES);
    for (uint32_t i = 0; i < k->expects.n; i++) {
        buf_printf(&all, "%.*s %lld;", PS(k->expects.items[i].subject),
                   (long long)k->expects.items[i].seen);
    }
    TRY(desk_token(k->d, "question.ask", prefix, k->end, buf_view(&all), &c.token, e));
    return desk_commit(k->d, &c, &got, e);
}

/* The code of a unit; of NONE that of the root. */
static enum rc code_of(struct desk *d, uint32_t unit, struct str *out, struct err *e)
{
    const struct tree_snap *s = NULL;
    TRY(desk_tree(d, d->today, &s, e));
    *out = unit != NONE ? desk_code(d, unit) : s->n > 0 ? tree_snap_code(s, 0) : STR("");
    return RC_OK;
}

enum rc question_ask(struct desk *d, uint32_t within, const struct progress *progress,
                     struct question_run *out, struct err *e)
{
    struct asking k = {.d = d, .run = out};
    struct inspection found;
    struct store_end end;
    struct str at = STR("");
    *out = (struct question_run){0};
    TRY(code_of(d, within, &at, e));
    TRY(desk_allow_at(d, "question.ask", at, CLASS_INTERNAL, e));
    TRY(store_end(d->a, d->reader, &end, e)); /* first: what comes meanwhile is later */
    TRY(d->eye != NULL ? d->eye->reach(d->eye->ctx, end.seq, e) : RC_OK);
    TRY(question_look(d, &(struct question_wish){.unit = NONE, .progress = progress}, &found, e));
    TRY(question_all(d, &k.known, e));
    TRY(desk_tree(d, d->today, &k.tree, e));
    k.end = end.seq;
    k.within = within != NONE ? k.tree->index_of[within] : 0;
    for (uint32_t i = 0; i < k.known.list.n; i++) {
        map_put(d->a, &k.index, k.known.list.items[i].id, i);
    }
    for (uint32_t i = 0; k.within != TREE_NONE && i < found.list.n; i++) {
        if (is_within(&k, found.list.items[i].unit)) {
            TRY(ask_one(&k, &found.list.items[i], e));
        }
    }
    if (k.within != TREE_NONE) {
        TRY(settle(&k, e));
    }
    return record(&k, e);
}

/* ---- answering ------------------------------------------------------------------------------- */

enum rc question_place(struct desk *d, const struct question_doc *q, enum question_act_kind act,
                       struct str *out, struct err *e)
{
    const struct tree_snap *s = NULL;
    uint32_t unit = 0;
    TRY(desk_tree(d, d->today, &s, e));
    TRY(desk_unit(d, q->put.unit, &unit, e));
    uint32_t i = s->index_of[unit];
    bool own = act == QUESTION_ACT_REPLY || q->put.class_ == CLASS_SEALED;
    bool above = !own && i != TREE_NONE && s->parent[i] != TREE_NONE;
    *out = above ? tree_snap_code(s, s->parent[i]) : q->put.unit;
    return RC_OK;
}

enum rc question_do(struct desk *d, struct question_line *q, struct question_act *act, int64_t seen,
                    struct str content, struct err *e)
{
    struct str unit;
    struct question_doc after;
    struct store_receipt got;
    struct file_info file = {0};
    struct str operation =
        str_cat(d->a, STR("question."), str_from_cstr(question_act_name(act->act)));
    act->actor = d->actor;
    act->day = d->today;
    TRY(question_place(d, &q->doc, act->act, &unit, e));
    TRY(desk_allow_at(d, operation.p, unit, q->doc.put.class_, e));
    if (seen != REPORT_JUST_READ && seen != q->seen) {
        return err_set(e, RC_CONFLICT, "%.*s did something with it in commit %lld",
                       "%.*s 已在提交 %lld 中办理", PS(q->doc.last_actor), (long long)q->seen);
    }
    TRY(question_step(&q->doc, act, &after, e));
    if (content.n > 0) { /* the file first, durably: a name in the book has its file (FI1) */
        TRY(files_put(d->a, d->store, content, &file, e));
        after.file = file.hash;
    }
    struct str subject = subject_of(d, q->id);
    struct str body = question_write(d->a, &after);
    const struct store_parcel parcel = doc_parcel(subject, body);
    const struct store_expect expect = {subject, q->seen};
    struct store_commit c = {.actor = d->actor,
                             .act = operation,
                             .expects = &expect,
                             .n_expects = 1,
                             .parcels = &parcel,
                             .n_parcels = 1,
                             .files = &file.hash,
                             .n_files = file.hash.n > 0};
    TRY(desk_token(d, operation.p, subject, q->seen, body, &c.token, e));
    TRY(desk_commit(d, &c, &got, e));
    q->doc = after;
    q->seen = got.seq;
    return RC_OK;
}

/* ---- counting -------------------------------------------------------------------------------- */

static enum detector detector_of(struct str word)
{
    uint32_t i = 0;
    while (i < DETECTOR__COUNT && !str_eq(word, str_from_cstr(detector_word((enum detector)i)))) {
        i++;
    }
    return (enum detector)i;
}

/* Those on sealed figures are their unit's own business, also in numbers (QU5). */
enum rc question_stats(struct desk *d, const struct question_lines *all,
                       struct question_count out[DETECTOR__COUNT], struct err *e)
{
    bool any = false;
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        out[i] = (struct question_count){0};
    }
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct question_doc *q = &all->list.items[i].doc;
        enum detector x = detector_of(q->put.detector);
        bool may = d->may(d->may_ctx, d->actor, "question.stats", q->put.unit, CLASS_INTERNAL);
        any |= may;
        if (may && x < DETECTOR__COUNT && q->put.class_ != CLASS_SEALED) {
            out[x].of[q->state]++;
        }
    }
    return any ? RC_OK : desk_allow_at(d, "question.stats", STR(""), CLASS_INTERNAL, e);
}
