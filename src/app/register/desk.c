/* SPDX-License-Identifier: Apache-2.0 */
/* A unit's register as the book has it, and acts on its rows as one commit each. */
#include "app/register/desk.h"

#include <stdlib.h>

#include "app/class.h"
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/diag.h"
#include "store/parcel.h"

static const struct {
    const char *name;
    const char *text[2]; /* English, Chinese */
} sorts[LINE__SORTS] = {
#define SORT(id, word, en, zh) [LINE_##id] = {word, {(en), (zh)}},
#include "app/register/register.def"
};

const char *register_sort_name(enum register_sort s)
{
    return sorts[s].name;
}

const char *register_sort_text(enum register_sort s, bool chinese)
{
    return sorts[s].text[chinese];
}

/* ---- registers of the plan ------------------------------------------------------------------ */

struct str register_name(const struct desk *d, uint32_t reg)
{
    return d->plan->regs[reg].name;
}

const struct field *register_field(const struct desk *d, const struct register_view *v, uint32_t i)
{
    return &d->plan->fields[d->plan->regs[v->reg].first_field + i];
}

enum data_class register_class(const struct plan *p, uint32_t reg)
{
    enum data_class class_ = class_of_rows(p, reg);
    return class_ > CLASS_INTERNAL ? class_ : CLASS_INTERNAL;
}

enum rc register_find(struct desk *d, struct str name, uint32_t *reg, struct err *e)
{
    const struct plan *p = d->plan;
    struct str *known = ARENA_ARRAY(d->a, struct str, p->n_regs + 1U);
    for (uint32_t i = 0; i < p->n_regs; i++) {
        known[i] = p->regs[i].name;
        if (str_eq(name, known[i]) && str_find(name, STR("/"), 0) == STR_NONE) {
            *reg = i;
            return RC_OK;
        }
    }
    uint32_t near = diag_nearest(name, known, p->n_regs);
    enum rc rc =
        err_set(e, RC_NOT_FOUND, "the plan has no register %.*s", "计划中没有台账“%.*s”", PS(name));
    if (near < p->n_regs) {
        err_hint(e, "Did you mean %.*s?", "是否指“%.*s”？", PS(known[near]));
    }
    return rc;
}

struct reading_how {
    struct desk *d;
    struct register_how *how;
};

static enum rc on_how(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading_how *r = ctx;
    return register_how_read(r->d->a, str_dup(r->d->a, p->body), r->how, e);
}

enum rc register_how_of(struct desk *d, uint32_t reg, struct register_how *out, struct err *e)
{
    struct reading_how r = {d, out};
    *out = (struct register_how){.by_row = !d->plan->regs[reg].filed};
    return store_doc(d->reader, register_subject(d->a, register_name(d, reg), STR("")), INT64_MAX,
                     on_how, &r, e);
}

static enum rc root_code(struct desk *d, struct str *out, struct err *e)
{
    const struct tree_snap *s = NULL;
    TRY(desk_tree(d, d->today, &s, e));
    if (s->n == 0) {
        return err_set(e, RC_NOT_FOUND, "no unit stands today", "今天没有存续的机构");
    }
    *out = tree_snap_code(s, 0);
    return RC_OK;
}

enum rc register_set(struct desk *d, uint32_t reg, bool by_row, uint32_t signatures, struct err *e)
{
    struct register_how how = {.by_row = by_row || !d->plan->regs[reg].filed,
                               .signatures = signatures};
    struct str subject = register_subject(d->a, register_name(d, reg), STR(""));
    struct store_expect expect = {.subject = subject};
    struct store_commit c = {.actor = d->actor,
                             .act = STR("register.set"),
                             .expects = &expect,
                             .n_expects = 1,
                             .n_parcels = 1};
    struct store_receipt got;
    how.set = (struct report_mark){.actor = d->actor, .day = d->today};
    TRY(root_code(d, &how.set.unit, e));
    TRY(desk_allow_at(d, "register.set", how.set.unit, CLASS_INTERNAL, e));
    TRY(store_head(d->reader, subject, &expect.seen, e));
    struct str body = register_how_write(d->a, &how);
    const struct store_parcel parcel = doc_parcel(subject, body);
    c.parcels = &parcel;
    TRY(desk_token(d, "register.set", subject, expect.seen, body, &c.token, e));
    return desk_commit(d, &c, &got, e);
}

/* ---- a unit's rows -------------------------------------------------------------------------- */

struct loading {
    struct desk *d;
    struct register_view *v;
    uint32_t skip; /* bytes of the prefix of documents */
};

static struct entry *entry_of(struct loading *l, struct str id)
{
    uint32_t ix = 0;
    struct register_view *v = l->v;
    if (!map_get(&v->index, id, &ix)) {
        ix = v->rows.n;
        struct entry t = {.id = str_dup(l->d->a, id), .doc = {.from = DATE_MIN}};
        t.doc.last.day = DATE_MIN;
        t.stands.from.recorded = DATE_MIN;
        vec_push(l->d->a, &v->rows, t);
        map_put(l->d->a, &v->index, t.id, ix);
    }
    return &v->rows.items[ix];
}

/* Which version counts is the engine's rule (C30); what is proposed is what was recorded last. */
static void on_row(void *ctx, const struct edit *x)
{
    struct loading *l = ctx;
    if (x->kind != EDIT_ROW || x->u.row.reg != l->v->reg) {
        return;
    }
    const struct reg_row *r = &x->u.row;
    bool decided = r->status == ROW_ACCEPTED || r->status == ROW_WITHDRAWN;
    if (r->id.n == 0) {
        l->v->unnamed += r->status == ROW_ACCEPTED;
        return;
    }
    struct entry *t = entry_of(l, r->id);
    if (!decided) {
        t->pending = *r;
        t->doc.state = t->doc.state == ENTRY_NONE ? ENTRY_DRAFT : t->doc.state;
    } else if (date_cmp(r->from.recorded, t->stands.from.recorded) >= 0) {
        t->stands = *r;
        t->doc.stands = r->status == ROW_ACCEPTED;
        t->doc.state = r->status == ROW_ACCEPTED ? ENTRY_STANDING : ENTRY_STRUCK;
    }
    t->doc.version = 1; /* of rows that came from tables; a document says better */
}

static enum rc on_rows(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct loading *l = ctx;
    const struct parcel_sink sink = {on_row, NULL, l};
    return parcel_read(desk_names(l->d), p, &sink, e);
}

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct loading *l = ctx;
    struct entry *t = entry_of(l, str_sub(p->unit, l->skip, p->unit.n));
    t->seen = p->seq;
    return entry_read(l->d->a, str_dup(l->d->a, p->body), &t->doc, e);
}

static int entry_cmp(const void *p, const void *q)
{
    return str_cmp(((const struct entry *)p)->id, ((const struct entry *)q)->id);
}

static enum rc load_rows_of(struct desk *d, struct register_view *v, struct err *e)
{
    struct str code = desk_code(d, v->unit);
    struct str name = register_name(d, v->reg);
    struct str prefix = entry_subject(d->a, name, code, STR(""));
    struct loading l = {.d = d, .v = v, .skip = prefix.n};
    TRY(store_head(d->reader, register_subject(d->a, name, code), &v->touched, e));
    TRY(store_parcels_of(d->reader, code, STORE_ROW, on_rows, &l, e));
    TRY(store_docs(d->reader, prefix, INT64_MAX, on_doc, &l, e));
    if (v->rows.n > 1) {
        qsort(v->rows.items, v->rows.n, sizeof *v->rows.items, entry_cmp);
    }
    for (uint32_t i = 0; i < v->rows.n; i++) {
        map_put(d->a, &v->index, v->rows.items[i].id, i);
    }
    return RC_OK;
}

enum rc register_reload(struct desk *d, struct register_view *v, struct err *e)
{
    v->rows.n = 0;
    v->index = (struct map){0};
    v->unnamed = 0;
    TRY(store_begin(d->reader, e));
    enum rc rc = load_rows_of(d, v, e);
    store_done(d->reader);
    return rc;
}

static bool owns(const struct desk *d, const struct register_view *v)
{
    const struct tree_unit *u = &d->tree->units[v->unit];
    bool found = false;
    for (uint32_t i = 0; i < u->n; i++) {
        found |= plan_is_a(d->plan, d->tree->versions[u->first + i].kind,
                           d->plan->regs[v->reg].owner_kind);
    }
    return found;
}

enum rc register_allow(const struct desk *d, const struct register_view *v, const char *operation,
                       struct str unit, struct err *e)
{
    return desk_allow_at(d, operation, unit, v->class_, e);
}

enum rc register_open_at(struct desk *d, uint32_t reg, uint32_t unit, struct register_view *out,
                         struct err *e)
{
    *out = (struct register_view){.reg = reg, .unit = unit, .class_ = register_class(d->plan, reg)};
    if (!owns(d, out)) {
        return err_set(e, RC_INPUT, "%.*s is no owner of rows of %.*s", "%.*s 不登记台账“%.*s”",
                       PS(desk_code(d, unit)), PS(register_name(d, reg)));
    }
    TRY(register_how_of(d, reg, &out->how, e));
    return register_reload(d, out, e);
}

enum rc register_open(struct desk *d, struct str name, struct str unit, struct register_view *out,
                      struct err *e)
{
    uint32_t reg = 0;
    uint32_t u = 0;
    TRY(register_find(d, name, &reg, e));
    TRY(desk_unit(d, unit, &u, e));
    TRY(desk_allow_at(d, "register.read", desk_code(d, u), register_class(d->plan, reg), e));
    return register_open_at(d, reg, u, out, e);
}

enum rc register_entry(const struct register_view *v, struct str id, uint32_t *ix, struct err *e)
{
    if (map_get(&v->index, id, ix)) {
        return RC_OK;
    }
    enum rc rc =
        err_set(e, RC_NOT_FOUND, "the register has no row %.*s", "台账中没有行“%.*s”", PS(id));
    if (v->unnamed > 0) {
        err_hint(e, "%u rows came from tables without an id and cannot be changed here.",
                 "有 %u 行来自没有编号的数据表，不能在此变更。", v->unnamed);
    }
    return rc;
}

const struct reg_row *entry_row(const struct entry *t)
{
    return entry_pending(t->doc.state) ? &t->pending : t->doc.stands > 0 ? &t->stands : NULL;
}

/* ---- one commit ----------------------------------------------------------------------------- */

void record_doc(struct desk *d, struct register_record *r, struct str subject, int64_t seen,
                struct str body)
{
    vec_push(d->a, &r->expects, (struct store_expect){subject, seen});
    vec_push(d->a, &r->parcels, doc_parcel(subject, body));
}

void record_entry(struct desk *d, const struct register_view *v, struct register_record *r,
                  struct str id, int64_t seen, const struct entry_doc *doc,
                  const struct reg_row *row, enum row_status status)
{
    struct str name = register_name(d, v->reg);
    record_doc(d, r, entry_subject(d->a, name, desk_code(d, v->unit), id), seen,
               entry_write(d->a, doc));
    if (row != NULL) {
        struct edit x = {.kind = EDIT_ROW, .u.row = *row};
        x.u.row.reg = v->reg;
        x.u.row.owner = v->unit;
        x.u.row.id = id;
        x.u.row.status = status;
        x.u.row.from = (struct provenance){.recorded = DATE_MIN};
        vec_push(d->a, &r->edits, x);
    }
}

/* What makes the commit this one and no other: every document of it, and its rows. */
static enum rc token_of(const struct desk *d, const struct register_record *r, const char *act,
                        struct str subject, int64_t seen, struct str *out, struct err *e)
{
    struct buf b;
    buf_init_in(&b, d->a, STORE_COMMIT_BYTES);
    for (uint32_t i = 0; i < r->parcels.n; i++) {
        buf_str(&b, r->parcels.items[i].unit);
        buf_str(&b, r->parcels.items[i].body);
    }
    if (b.overflow) {
        return err_set(e, RC_LIMIT, "too much for one act", "一次办理的内容过多");
    }
    struct str hash;
    TRY(hex_sm3(d->a, buf_view(&b), &hash, e));
    return desk_token(d, act, subject, seen, hash, out, e);
}

enum rc record_commit(struct desk *d, struct register_view *v, struct register_record *r,
                      const char *act, struct str note, struct err *e)
{
    const struct store_parcel *rows = NULL;
    uint32_t n = 0;
    struct str subject = register_subject(d->a, register_name(d, v->reg), desk_code(d, v->unit));
    struct store_commit c = {.actor = d->actor, .act = str_from_cstr(act), .note = note};
    struct store_receipt got;
    vec_push(d->a, &r->expects, (struct store_expect){subject, v->touched});
    TRY(parcel_write(d->a, d->plan, d->tree, r->edits.items, r->edits.n, &rows, &n, e));
    for (uint32_t i = 0; i < n; i++) {
        vec_push(d->a, &r->parcels, rows[i]);
    }
    c.expects = r->expects.items;
    c.n_expects = r->expects.n;
    c.parcels = r->parcels.items;
    c.n_parcels = r->parcels.n;
    TRY(token_of(d, r, act, subject, v->touched, &c.token, e));
    desk_look_away(d);
    TRY(desk_commit(d, &c, &got, e));
    return register_reload(d, v, e);
}

/* ---- lines ---------------------------------------------------------------------------------- */

enum rc register_stale(const struct entry *t, int64_t seen, struct err *e)
{
    enum rc rc =
        err_set(e, RC_CONFLICT, "the row %.*s was changed after commit %lld: by %.*s, commit %lld",
                "行“%.*s”在提交 %lld 之后有改动：%.*s（提交 %lld）", PS(t->id), (long long)seen,
                PS(t->doc.last.actor), (long long)t->seen);
    err_hint(e, "Nothing of yours was recorded: look at it again and repeat.",
             "您的改动未记录：请重新查看后再办理。");
    return rc;
}

static enum rc end_row(const struct register_words *w, struct reg_row *row, struct err *e)
{
    if (row->dated) {
        return err_set(e, RC_INPUT, "what happened on a day does not end: correct or strike it",
                       "某日发生的事项没有终止：请更正或注销");
    }
    if (date_is_sentinel(w->day) || date_cmp(w->day, row->since) < 0) {
        return err_set(e, RC_INPUT, "say its last day, not before its first",
                       "请写明末日，且不早于首日");
    }
    row->until = w->day;
    return RC_OK;
}

static enum rc offer_row(struct desk *d, const struct register_view *v,
                         const struct register_words *w, struct register_line *x, struct err *e)
{
    uint32_t unit = NONE;
    if (w->to.n == 0) {
        return RC_OK; /* to nobody any more */
    }
    if (v->class_ == CLASS_SEALED) {
        enum rc rc =
            err_set(e, RC_DENIED, "sealed rows do not leave their unit", "密封的行不得离开本机构");
        err_hint(e, "End it here; the other unit enters its own.",
                 "请在此终止，由对方机构自行登记。");
        return rc;
    }
    TRY(desk_unit(d, w->to, &unit, e));
    struct register_view theirs = {.reg = v->reg, .unit = unit};
    if (!owns(d, &theirs)) {
        return err_set(e, RC_INPUT, "%.*s is no owner of rows of %.*s", "%.*s 不登记台账“%.*s”",
                       PS(w->to), PS(register_name(d, v->reg)));
    }
    if (x->row.dated || date_cmp(w->day, x->row.since) <= 0 || date_cmp(w->day, x->row.until) > 0) {
        return err_set(e, RC_INPUT,
                       "a row is handed over on a day on which it stands, after its first",
                       "移交日须在该行的有效期内，且晚于首日");
    }
    x->to = desk_code(d, unit);
    x->from = w->day;
    return RC_OK;
}

enum rc register_plan(struct desk *d, const struct register_view *v, enum entry_act_kind act,
                      struct register_words w, struct register_lines *out, struct err *e)
{
    struct register_line x = {.act = act, .sort = LINE_CHANGED, .cause = w.cause, .id = w.id};
    TRY(register_entry(v, w.id, &x.entry, e));
    const struct entry *t = &v->rows.items[x.entry];
    const struct reg_row *row = entry_row(t);
    if (w.seen != REPORT_JUST_READ && w.seen != t->seen) {
        return register_stale(t, w.seen, e);
    }
    x.row = row != NULL ? *row : t->stands;
    x.from = DATE_MIN;
    if (act == ENTRY_ACT_END) {
        x.sort = LINE_ENDED;
        TRY(end_row(&w, &x.row, e));
    } else if (act == ENTRY_ACT_OFFER) {
        TRY(offer_row(d, v, &w, &x, e));
    }
    vec_push(d->a, &out->list, x);
    out->of[x.sort]++;
    return RC_OK;
}

/* `ID+DAY`, whichever comes first that nobody has. */
static struct str next_id(const struct desk *d, const struct register_view *v, struct str id,
                          struct date day)
{
    char text[DATE_TEXT_BYTES];
    struct str base = str_sub(id, 0, str_find(id, STR("+"), 0));
    struct str next = str_cat(d->a, str_cat(d->a, base, STR("+")), date_text(day, text));
    while (map_get(&v->index, next, NULL)) {
        next = str_cat(d->a, next, STR("+"));
    }
    return next;
}

enum rc register_follow(struct desk *d, const struct register_view *v, struct register_words w,
                        struct register_lines *lines, struct err *e)
{
    struct register_line *now = lines->list.n == 1 ? &lines->list.items[0] : NULL;
    if (now == NULL || now->sort == LINE_UNCHANGED || now->entry == NONE) {
        return err_set(e, RC_INPUT, "nothing becomes different on that day", "该日没有任何变化");
    }
    const struct entry *t = &v->rows.items[now->entry];
    if (t->doc.state != ENTRY_STANDING || now->row.dated || date_cmp(w.day, t->stands.since) <= 0 ||
        date_cmp(w.day, t->stands.until) > 0) {
        return err_set(
            e, RC_INPUT,
            "only a row that stands, and on a day after its first, is followed by another",
            "只有在册的行、且自首日之后的某日起，才能由新行接续");
    }
    struct register_line next = *now;
    struct register_line last = *now;
    next.entry = NONE;
    next.act = ENTRY_ACT_ADD;
    next.sort = LINE_ADDED;
    next.row.since = w.day;
    next.row.until = t->stands.until;
    next.before = t->id;
    next.id = next_id(d, v, t->id, w.day);
    last.act = ENTRY_ACT_END;
    last.sort = LINE_ENDED;
    last.row = t->stands;
    last.row.until = date_add_days(w.day, -1);
    last.after = next.id;
    *lines = (struct register_lines){0};
    vec_push(d->a, &lines->list, last);
    vec_push(d->a, &lines->list, next);
    lines->of[LINE_ENDED] = 1;
    lines->of[LINE_ADDED] = 1;
    return RC_OK;
}

static struct entry_act act_of(const struct desk *d, const struct register_view *v,
                               const struct register_line *x)
{
    return (struct entry_act){.act = x->act,
                              .actor = d->actor,
                              .unit = desk_code(d, v->unit),
                              .day = d->today,
                              .cause = x->cause,
                              .before = x->before,
                              .transfer = str_find(x->before, STR("/"), 0) != STR_NONE,
                              .after = x->after,
                              .to = x->to,
                              .from = x->from};
}

enum rc record_line(struct desk *d, const struct register_view *v, const struct register_line *x,
                    struct register_record *r, struct err *e)
{
    static const struct entry_doc nothing = {.from = {INT32_MIN}, .last.day = {INT32_MIN}};
    const struct entry *t = x->entry == NONE ? NULL : &v->rows.items[x->entry];
    struct entry_act act = act_of(d, v, x);
    struct entry_doc after;
    bool content = x->act != ENTRY_ACT_UNDO && x->act != ENTRY_ACT_OFFER;
    enum rc rc = entry_step(act.unit, t != NULL ? &t->doc : &nothing, &act, &after, e);
    if (rc != RC_OK) {
        err_ctx(e, "row %.*s", "行“%.*s”", PS(x->id));
        return rc;
    }
    record_entry(d, v, r, x->id, t != NULL ? t->seen : 0, &after, content ? &x->row : NULL,
                 ROW_DRAFT);
    return t != NULL ? record_offer(d, v, r, t, &after, e) : RC_OK;
}

/* The name of an act over rows of one kind of line, else of a table. */
static const char *operation_of(const struct desk *d, const struct register_lines *l)
{
    bool one = true;
    for (uint32_t i = 1; i < l->list.n; i++) {
        one &= l->list.items[i].act == l->list.items[0].act;
    }
    struct str name =
        str_from_cstr(one && l->list.n > 0 ? entry_act_name(l->list.items[0].act) : "keep");
    return str_cat(d->a, STR("register."), name).p;
}

enum rc register_keep(struct desk *d, struct register_view *v, const struct register_lines *lines,
                      struct report_findings *found, struct err *e)
{
    struct register_record r = {0};
    struct str cause = lines->list.n > 0 ? lines->list.items[0].cause : STR("");
    TRY(register_allow(d, v, "register.keep", desk_code(d, v->unit), e));
    register_keys(d, v, lines, found);
    if (found->list.n > 0) {
        return RC_FINDINGS;
    }
    if (v->rows.n + lines->of[LINE_ADDED] > REGISTER_ROWS_MAX) {
        return err_set(e, RC_LIMIT, "a unit keeps at most %u rows of a register",
                       "一个机构的一本台账至多 %u 行", REGISTER_ROWS_MAX);
    }
    for (uint32_t i = 0; i < lines->list.n; i++) {
        if (lines->list.items[i].sort != LINE_UNCHANGED) {
            TRY(record_line(d, v, &lines->list.items[i], &r, e));
        }
    }
    return r.parcels.n > 0 ? record_commit(d, v, &r, operation_of(d, lines), cause, e) : RC_OK;
}
