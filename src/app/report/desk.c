/* SPDX-License-Identifier: Apache-2.0 */
/* The desk: the book as reporting reads it, and one act as one commit. */
#include "app/report/desk.h"

#include "app/demo/demo.h"
#include "app/pack/pack.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sm3.h"
#include "engine/live.h"
#include "store/load.h"
#include "store/parcel.h"
#include "store/units.h"

enum rc desk_open(struct desk *d, struct err *e)
{
    enum rc rc = RC_OK;
    if (d->tree == NULL) {
        rc = book_tree(d->a, d->reader, d->plan, INT64_MAX, &d->tree, e);
    }
    if (rc == RC_NOT_FOUND) {
        err_hint(e, "Begin with `tizhi book init`.", "请先用 tizhi book init 建账。");
    }
    TRY(rc);
    tree_cache_init(&d->trees, d->a, d->tree);
    if (d->snap != NULL) {
        vec_push(d->a, &d->trees.snaps, d->snap);
    }
    return RC_OK;
}

enum rc desk_tree(struct desk *d, struct date day, const struct tree_snap **out, struct err *e)
{
    return tree_cache_at(&d->trees, day, out, e);
}

struct parcel_reader *desk_names(struct desk *d)
{
    d->names = d->names != NULL ? d->names : parcel_reader_new(d->a, d->plan, d->tree);
    return d->names;
}

static enum rc units_changed(struct err *e)
{
    return err_set(e, RC_BUSY, "the list of units has just changed", "机构名录刚刚发生变化");
}

enum rc desk_look(struct desk *d, struct live_reader **out, struct err *e)
{
    TRY(d->eye->look(d->eye->ctx, out, e));
    /* Codes are never given up (UN3): as many units are the same units, with the same numbers. */
    return live_tree(*out)->n_units == d->tree->n_units ? RC_OK : units_changed(e);
}

void desk_look_away(struct desk *d)
{
    if (d->eye != NULL) {
        d->eye->away(d->eye->ctx);
    }
}

enum rc desk_facts(struct desk *d, struct err *e)
{
    struct book_state b = {0};
    if (d->data != NULL) {
        return RC_OK;
    }
    TRY(book_load(d->a, d->reader, &(struct book_options){.plan = d->plan, .upto = INT64_MAX}, &b,
                  e));
    if (b.tree->n_units != d->tree->n_units) {
        return units_changed(e);
    }
    d->tree = b.tree;
    d->names = b.names;
    tree_cache_init(&d->trees, d->a, d->tree);
    d->data = b.data;
    return RC_OK;
}

enum rc desk_unit(const struct desk *d, struct str text, uint32_t *unit, struct err *e)
{
    switch (tree_find(d->tree, text, DATE_MIN, DATE_MAX, unit)) {
    case TREE_FOUND_ONE:
        return RC_OK;
    case TREE_FOUND_MANY:
        return err_set(e, RC_INPUT, "several units are called %.*s: write the code",
                       "有多个机构名为“%.*s”，请写代码", PS(text));
    case TREE_FOUND_NONE:
        break;
    }
    return err_set(e, RC_NOT_FOUND, "there is no unit %.*s", "没有机构“%.*s”", PS(text));
}

struct str desk_code(const struct desk *d, uint32_t unit)
{
    return d->tree->units[unit].code;
}

struct str desk_item_name(const struct desk *d, uint32_t item)
{
    const struct item *x = &d->plan->items[item];
    struct str s = str_cat(d->a, d->plan->kinds[x->kind].name, STR("."));
    return str_cat(d->a, s, x->d.name);
}

enum rc desk_allow_at(const struct desk *d, const char *operation, struct str unit,
                      enum data_class class_, struct err *e)
{
    ASSERT(d->may != NULL);
    if (d->may(d->may_ctx, d->actor, operation, unit, class_)) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_DENIED, "%.*s may not do %s%s%.*s", "%.*s 无权办理 %s%.0s %.*s",
                         PS(d->actor), operation, unit.n > 0 ? " at " : "", PS(unit));
    err_hint(e, "The table of rights says who may do what (tizhi seat rights).",
             "各岗位可办的事见权限表（tizhi seat rights）。");
    return rc;
}

static enum data_class highest(const struct desk *d, const struct round_view *v,
                               enum data_class most)
{
    enum data_class class_ = CLASS_INTERNAL;
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        enum data_class of = d->plan->items[v->item[i]].d.class_;
        class_ = of > class_ && of <= most ? of : class_;
    }
    return class_;
}

enum data_class round_class(const struct desk *d, const struct round_view *v)
{
    return highest(d, v, CLASS_SEALED);
}

enum data_class round_open_class(const struct desk *d, const struct round_view *v)
{
    return highest(d, v, CLASS_SENSITIVE);
}

enum rc desk_allow(const struct desk *d, const char *operation, struct str unit,
                   const struct round_view *v, struct err *e)
{
    return desk_allow_at(d, operation, unit, round_class(d, v), e);
}

void found_add(const struct desk *d, struct report_findings *f, enum report_fault fault,
               struct str a, struct str b)
{
    vec_push(d->a, &f->list, (struct report_finding){fault, a, b});
}

struct store_parcel doc_parcel(struct str subject, struct str body)
{
    return (struct store_parcel){
        .unit = subject, .what = STORE_DOC, .recorded = DATE_MIN, .body = body};
}

enum rc desk_commit(const struct desk *d, struct store_commit *c, struct store_receipt *got,
                    struct err *e)
{
    const struct store_expect plan = {STR(PLAN_SUBJECT), d->plan_seen};
    int64_t head = d->plan_seen;
    c->looks = &plan;
    c->n_looks = 1;
    enum rc rc = store_commit(d->a, d->store, c, got, e);
    if (rc != RC_CONFLICT || store_head(d->reader, plan.subject, &head, NULL) != RC_OK ||
        head == d->plan_seen) {
        return rc;
    }
    err_clear(e);
    rc = err_set(e, RC_CONFLICT, "another plan was adopted meanwhile (commit %lld)",
                 "其间已采用新的计划（第 %lld 次提交）", (long long)head);
    err_hint(e, "Nothing of yours was recorded: do it again under the new plan.",
             "您的操作未记录：请按新计划重新办理。");
    return rc;
}

enum rc hex_sm3(struct arena *a, struct str text, struct str *out, struct err *e)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t hash[SM3_BYTES];
    char *z = ARENA_ARRAY(a, char, 2 * SM3_BYTES + 1);
    if (!sm3(text, hash)) {
        return err_set(e, RC_NO_SUPPORT, "libcrypto has no SM3", "libcrypto 不支持 SM3");
    }
    for (uint32_t i = 0; i < SM3_BYTES; i++) {
        z[2 * i] = digits[hash[i] >> 4];
        z[2 * i + 1] = digits[hash[i] & 15];
    }
    *out = (struct str){z, 2 * SM3_BYTES};
    return RC_OK;
}

enum rc desk_token(const struct desk *d, const char *act, struct str subject, int64_t seen,
                   struct str body, struct str *out, struct err *e)
{
    struct buf b;
    struct str hash;
    buf_init_in(&b, d->a, STORE_BODY_BYTES * 2);
    buf_printf(&b, "%s %.*s %lld %.*s ", act, PS(subject), (long long)seen, PS(d->actor));
    buf_str(&b, body);
    TRY(hex_sm3(d->a, buf_view(&b), &hash, e));
    *out = str_cat(d->a, STR("report/"), hash);
    return RC_OK;
}

/* ---- cells ---------------------------------------------------------------------------------- */

struct str cell_text(struct arena *a, const struct datum *d, const struct value *v)
{
    char day[DATE_TEXT_BYTES];
    int64_t days = 0;
    if (!v->has) {
        return STR("");
    }
    switch (d->type) {
    case VT_NUMBER:
        return rat_frac_str(a, v->num);
    case VT_BOOL:
        return rat_is_zero(v->num) ? STR("false") : STR("true");
    case VT_DATE:
        return rat_to_int64(v->num, &days)
                   ? str_dup(a, date_text((struct date){(int32_t)days}, day))
                   : STR("");
    case VT_CHOICE:
    case VT_TEXT:
        break;
    }
    return v->text;
}

struct str cell_shown(struct arena *a, const struct datum *d, const struct value *v, bool chinese)
{
    if (v->has && d->type == VT_NUMBER) {
        return rat_dec_str(a, rat_div(a, v->num, d->factor), d->decimals, NULL);
    }
    if (v->has && d->type == VT_BOOL && chinese) {
        return rat_is_zero(v->num) ? STR("否") : STR("是");
    }
    return cell_text(a, d, v);
}

struct edit *report_facts(const struct desk *d, const struct report *r, enum row_status status)
{
    const struct round *round = &r->round.round;
    struct edit *out = ARENA_ARRAY(d->a, struct edit, round->n_items + 1U);
    for (uint32_t i = 0; i < round->n_items; i++) {
        out[i] = (struct edit){.kind = EDIT_FACT,
                               .u.fact = {.unit = r->unit,
                                          .item = r->round.item[i],
                                          .period = round->period,
                                          .value = r->cells[i],
                                          .status = status,
                                          .from = {.source = round->id, .recorded = DATE_MIN}}};
    }
    return out;
}

enum rc report_figures_hash(const struct desk *d, const struct report *r,
                            const struct report_notes *explained, struct str *out, struct err *e)
{
    struct buf b;
    buf_init_in(&b, d->a, STORE_BODY_BYTES);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        struct str text = cell_text(d->a, &d->plan->items[r->round.item[i]].d, &r->cells[i]);
        buf_printf(&b, "%u:", text.n);
        buf_str(&b, text);
    }
    for (uint32_t i = 0; i < explained->list.n; i++) {
        const struct report_note *n = &explained->list.items[i];
        buf_printf(&b, "%u:%.*s%u:%.*s", n->about.n, PS(n->about), n->text.n, PS(n->text));
    }
    return hex_sm3(d->a, buf_view(&b), out, e);
}

/* ---- opening -------------------------------------------------------------------------------- */

struct opening {
    struct desk *d;
    struct report *r;
    int64_t upto;   /* commit of the document */
    int64_t newest; /* commit of the figures found so far */
    enum rc rc;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct opening *o = ctx;
    o->upto = p->seq;
    return submission_read(o->d->a, str_dup(o->d->a, p->body), &o->r->doc, e);
}

static void on_cell(void *ctx, const struct edit *x)
{
    struct opening *o = ctx;
    const struct round_view *v = &o->r->round;
    if (x->kind != EDIT_FACT || !period_eq(x->u.fact.period, v->round.period)) {
        return;
    }
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        if (v->item[i] == x->u.fact.item) {
            o->r->cells[i] = x->u.fact.value;
        }
    }
}

/* The figures of a submission are those of its round recorded last, up to its document. */
static enum rc on_figures(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct opening *o = ctx;
    const struct parcel_sink sink = {on_cell, NULL, o};
    if (p->seq > o->upto || !str_eq(p->source, o->r->round.round.id)) {
        return RC_OK;
    }
    return parcel_read(desk_names(o->d), p, &sink, e);
}

static enum rc read_report(struct desk *d, struct report *r, struct err *e)
{
    struct opening o = {.d = d, .r = r};
    struct str code = desk_code(d, r->unit);
    struct str subject = submission_subject(d->a, r->round.round.id, code);
    TRY(store_head(d->reader, subject, &r->seen, e));
    TRY(store_doc(d->reader, subject, INT64_MAX, on_doc, &o, e));
    return o.upto > 0 ? store_parcels_of(d->reader, code, STORE_FACT, on_figures, &o, e) : RC_OK;
}

static struct value *blank_cells(const struct desk *d, const struct report *r)
{
    struct value *cells = ARENA_ARRAY(d->a, struct value, r->round.round.n_items + 1U);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        cells[i].num = rat_zero();
    }
    return cells;
}

/* Document, head and figures as they stand at one moment. */
static enum rc reopen(struct desk *d, struct report *r, struct err *e)
{
    r->doc = (struct submission){
        .round = r->round.round.id, .unit = desk_code(d, r->unit), .submitted = DATE_MIN};
    r->cells = blank_cells(d, r);
    TRY(store_begin(d->reader, e));
    enum rc rc = read_report(d, r, e);
    store_done(d->reader);
    return rc;
}

static bool owes(const struct round_view *v, uint32_t unit)
{
    for (uint32_t i = 0; i < v->n_units; i++) {
        if (v->units[i] == unit) {
            return true;
        }
    }
    return false;
}

/* RD4 */
static void hide(const struct desk *d, struct report *r)
{
    bool may = d->may(d->may_ctx, d->actor, "report.read", desk_code(d, r->unit), CLASS_SEALED);
    r->hidden = ARENA_ARRAY(d->a, bool, r->round.round.n_items + 1U);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        r->hidden[i] = !may && d->plan->items[r->round.item[i]].d.class_ == CLASS_SEALED;
    }
}

enum rc report_open_in(struct desk *d, const struct round_view *v, uint32_t unit,
                       struct report *out, struct err *e)
{
    *out = (struct report){.round = *v, .unit = unit};
    TRY(desk_allow_at(d, "report.read", desk_code(d, unit), round_open_class(d, v), e));
    hide(d, out);
    TRY(reopen(d, out, e));
    /* What was reported stays within reach, also when late news say that the unit owed nothing. */
    if (out->seen == 0 && !owes(v, unit)) {
        return err_set(e, RC_NOT_FOUND, "%.*s does not owe this form", "%.*s 不在本轮填报范围内",
                       PS(desk_code(d, unit)));
    }
    return RC_OK;
}

enum rc report_open(struct desk *d, struct str round, struct str unit, struct report *out,
                    struct err *e)
{
    struct round_view v;
    uint32_t ix = NONE;
    TRY(round_find(d, round, &v, e));
    TRY(desk_unit(d, unit, &ix, e));
    return report_open_in(d, &v, ix, out, e);
}

/* ---- the period before ------------------------------------------------------------------------
 */

struct looking_back {
    struct desk *d;
    struct report *r;
    struct period period;
    struct date *recorded; /* per item: of what is found so far */
};

/* Of two versions that of the later day counts, and of one day that of the later commit. */
static void on_past(void *ctx, const struct edit *x)
{
    struct looking_back *b = ctx;
    const struct fact *f = &x->u.fact;
    b->r->demo |= x->kind == EDIT_FACT && str_eq(f->from.source, STR(DEMO_SOURCE));
    if (x->kind != EDIT_FACT || f->status != ROW_ACCEPTED || !period_eq(f->period, b->period)) {
        return;
    }
    for (uint32_t i = 0; i < b->r->round.round.n_items; i++) {
        if (b->r->round.item[i] == f->item && date_cmp(b->recorded[i], f->from.recorded) <= 0) {
            b->r->before[i] = f->value;
            b->recorded[i] = f->from.recorded;
        }
    }
}

static enum rc on_past_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct looking_back *b = ctx;
    const struct parcel_sink sink = {on_past, NULL, b};
    return parcel_read(desk_names(b->d), p, &sink, e);
}

enum rc report_before(struct desk *d, struct report *r, struct err *e)
{
    struct looking_back b = {.d = d, .r = r, .period = r->round.round.period};
    r->before = blank_cells(d, r);
    if (!period_prev(b.period, &b.period)) {
        return RC_OK;
    }
    b.recorded = ARENA_ARRAY(d->a, struct date, r->round.round.n_items + 1U);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        b.recorded[i] = DATE_MIN;
    }
    return store_parcels_of(d->reader, desk_code(d, r->unit), STORE_FACT, on_past_parcel, &b, e);
}

/* ---- acts ----------------------------------------------------------------------------------- */

/* What of the figures an act records; the status, or none. */
static bool records(enum report_act_kind act, enum report_state after, enum row_status *status)
{
    static const struct {
        bool records;
        enum row_status status;
    } of[ACT__COUNT] = {
        [ACT_SAVE] = {true, ROW_DRAFT},       [ACT_SUBMIT] = {true, ROW_SUBMITTED},
        [ACT_WITHDRAW] = {true, ROW_DRAFT},   [ACT_RETURN] = {true, ROW_RETURNED},
        [ACT_APPROVE] = {true, ROW_ACCEPTED},
    };
    *status = of[act].status;
    return of[act].records && (act != ACT_APPROVE || after == REPORT_ACCEPTED);
}

enum rc desk_tiers(struct desk *d, uint32_t unit, const struct str **out, uint32_t *n,
                   struct err *e)
{
    VEC(struct str) tiers = {0};
    const struct tree_snap *s = NULL;
    TRY(desk_tree(d, d->today, &s, e));
    uint32_t i = s->index_of[unit];
    if (i == TREE_NONE) {
        return err_set(e, RC_CONFLICT, "%.*s does not stand any more", "%.*s 已不存续",
                       PS(desk_code(d, unit)));
    }
    for (i = s->parent[i]; i != TREE_NONE; i = s->parent[i]) {
        vec_push(d->a, &tiers, tree_snap_code(s, i));
    }
    if (tiers.n == 0) {
        vec_push(d->a, &tiers, desk_code(d, unit));
    }
    *out = tiers.items;
    *n = tiers.n;
    return RC_OK;
}

static enum rc return_cells(struct desk *d, const struct report *r, const struct report_notes *from,
                            struct report_notes *out, struct err *e)
{
    for (uint32_t i = 0; i < from->list.n; i++) {
        struct report_note n = from->list.items[i];
        uint32_t at = round_item_of(d, &r->round, n.about);
        if (at == NONE) {
            return err_set(e, RC_INPUT, "%.*s is not asked by this round", "本轮填报不采集“%.*s”",
                           PS(n.about));
        }
        if (str_trim(n.text).n == 0) {
            return err_set(e, RC_INPUT, "%.*s: say why it is returned", "“%.*s”：请写明退回理由",
                           PS(n.about));
        }
        n.about = r->round.round.items[at];
        n.actor = d->actor;
        n.was = cell_text(d->a, &d->plan->items[r->round.item[at]].d, &r->cells[at]);
        vec_push(d->a, &out->list, n);
    }
    return RC_OK;
}

static enum rc make_act(struct desk *d, struct report *r, struct report_words w,
                        struct report_act *out, struct err *e)
{
    out->actor = d->actor;
    out->day = d->today;
    out->cause = w.cause;
    out->minutes = w.minutes;
    if (out->act == ACT_SAVE) {
        out->notes = r->doc.explained;
        TRY(report_figures_hash(d, r, &out->notes, &out->figures, e));
    } else if (out->act == ACT_RETURN) {
        TRY(return_cells(d, r, &w.cells, &out->notes, e));
    } else if (out->act == ACT_SUBMIT) {
        TRY(desk_tiers(d, r->unit, &out->tiers, &out->n_tiers, e));
    }
    return RC_OK;
}

enum rc report_record(struct desk *d, struct report *r, const struct submission *after,
                      const struct report_entry *x, struct err *e)
{
    enum row_status status = ROW_DRAFT;
    const struct store_parcel *figures = NULL;
    uint32_t n = 0;
    struct str subject = submission_subject(d->a, after->round, after->unit);
    struct str body = submission_write(d->a, after);
    if (records(after->last.act, after->state, &status)) {
        const struct edit *facts = report_facts(d, r, status);
        TRY(parcel_write(d->a, d->plan, d->tree, facts, r->round.round.n_items, &figures, &n, e));
    }
    struct store_parcel *parcels = ARENA_ARRAY(d->a, struct store_parcel, n + 2U);
    parcels[0] = doc_parcel(subject, body);
    for (uint32_t i = 0; i < n; i++) {
        parcels[i + 1] = figures[i];
    }
    const struct store_expect expects[2] = {{subject, r->seen}, x->beside};
    bool beside = x->beside.subject.n > 0;
    if (beside) {
        parcels[n + 1] = doc_parcel(x->beside.subject, x->beside_body);
    }
    struct store_commit c = {.token = x->token,
                             .actor = d->actor,
                             .act = str_from_cstr(x->operation),
                             .note = x->note,
                             .expects = expects,
                             .n_expects = beside ? 2 : 1,
                             .parcels = parcels,
                             .n_parcels = n + (beside ? 2U : 1U)};
    struct store_receipt got;
    if (c.token.n == 0) {
        TRY(desk_token(d, x->operation, subject, r->seen, body, &c.token, e));
    }
    TRY(desk_commit(d, &c, &got, e));
    r->doc = *after;
    r->seen = got.seq;
    return RC_OK;
}

/* Somebody was faster than what the actor has looked at. */
static enum rc stale(const struct report *r, int64_t seen, struct err *e)
{
    char day[DATE_TEXT_BYTES];
    const struct report_mark *m = &r->doc.last;
    enum rc rc =
        err_set(e, RC_CONFLICT,
                "the report of %.*s was changed after commit %lld: %.*s %s it on %.*s "
                "(commit %lld)%.0s",
                "%.*s 的报表在提交 %lld 之后有改动：%.*s %.0s于 %.*s（提交 %lld）%s",
                PS(r->doc.unit), (long long)seen, PS(m->actor), report_act_text(m->act, false),
                PS(date_text(m->day, day)), (long long)r->seen, report_act_text(m->act, true));
    err_hint(e, "Nothing of yours was recorded: look at it again and repeat.",
             "您的改动未记录：请重新查看后再办理。");
    return rc;
}

/* Each of the three signatures is a right of its own: which is next says what is signed as. */
static struct str right_of(const struct desk *d, const struct report *r, enum report_act_kind act)
{
    struct str name = str_cat(d->a, STR("report."), str_from_cstr(report_act_name(act)));
    if (act != ACT_SIGN) {
        return name;
    }
    name = str_cat(d->a, name, STR("."));
    return str_cat(d->a, name, str_from_cstr(report_role_name(report_signs_as(&r->doc, d->actor))));
}

/*
 * The act that brought the report where it is, sent once more: its answer was lost. What a return
 * or a correction says may be another thing the second time, so these are not looked at.
 */
static enum rc repeated(struct desk *d, const struct report *r, const struct report_act *x,
                        struct str operation, int64_t seen, bool *yes, struct err *e)
{
    struct str token;
    struct store_receipt got = {0};
    struct str subject = submission_subject(d->a, r->doc.round, r->doc.unit);
    bool same = r->doc.last.act == x->act && str_eq(r->doc.last.actor, d->actor) &&
                x->act != ACT_RETURN && x->act != ACT_CORRECT &&
                (x->act != ACT_SAVE || str_eq(r->doc.figures, x->figures));
    *yes = false;
    if (!same) {
        return RC_OK;
    }
    TRY(desk_token(d, operation.p, subject, seen, submission_write(d->a, &r->doc), &token, e));
    TRY(store_find(d->reader, token, yes, &got, e));
    *yes = *yes && got.seq == r->seen;
    return RC_OK;
}

/* Saving what is there already; signatures stay (RE4). */
static bool nothing_new(const struct report *r, const struct report_act *x)
{
    return x->act == ACT_SAVE && r->doc.state != REPORT_NONE &&
           report_allows(r->doc.state, ACT_SAVE) && str_eq(r->doc.figures, x->figures) &&
           (x->minutes == 0 || x->minutes == r->doc.minutes);
}

bool report_may(const struct desk *d, const struct report *r, enum report_act_kind act)
{
    struct submission after;
    struct report_act x = {.act = act,
                           .actor = d->actor,
                           .unit = report_place_of(&r->round.round, &r->doc, act),
                           .day = d->today,
                           .cause = STR("?"),
                           .tiers = &r->doc.unit,
                           .n_tiers = 1};
    vec_push(d->a, &x.notes.list, (struct report_note){.text = STR("?")});
    return report_step(d->a, &r->round.round, &r->doc, &x, &after, NULL) == RC_OK &&
           d->may(d->may_ctx, d->actor, right_of(d, r, act).p, x.unit, round_class(d, &r->round));
}

enum rc report_do(struct desk *d, struct report *r, enum report_act_kind act, struct report_words w,
                  struct report_findings *found, struct err *e)
{
    struct report_act x = {.act = act};
    struct submission after;
    bool done = false;
    struct str operation = right_of(d, r, act);
    x.unit = w.at.n > 0 ? w.at : report_place_of(&r->round.round, &r->doc, act);
    x.unit = x.unit.n > 0 ? x.unit : r->doc.unit; /* no tier waits: to be refused */
    TRY(desk_allow(d, operation.p, x.unit, &r->round, e));
    TRY(make_act(d, r, w, &x, e));
    if (w.seen != REPORT_JUST_READ && w.seen != r->seen) {
        TRY(repeated(d, r, &x, operation, w.seen, &done, e));
        return done ? RC_OK : stale(r, w.seen, e);
    }
    if (nothing_new(r, &x)) {
        return RC_OK;
    }
    TRY(report_step(d->a, &r->round.round, &r->doc, &x, &after, e));
    if (act == ACT_SUBMIT) {
        TRY(report_check_all(d, r, found, e));
        desk_look_away(d);
        if (found->list.n > 0) {
            return RC_FINDINGS;
        }
    }
    const struct report_entry entry = {.operation = operation.p, .note = after.cause};
    return report_record(d, r, &after, &entry, e);
}
