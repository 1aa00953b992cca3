/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row goes from one owner to another: one offers it, the other takes or declines it. Whoever may
 * take it finds it by a document of its own (`offer/…`); all there is to know of it stands in the
 * row of its owner.
 */
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/err.h"

/* ---- offers --------------------------------------------------------------------------------- */

static enum rc put_offer(struct desk *d, const struct register_view *v, struct register_record *r,
                         struct str id, struct str to, struct offer_doc doc, struct err *e)
{
    int64_t seen = 0;
    struct str subject =
        offer_subject(d->a, register_name(d, v->reg), to, desk_code(d, v->unit), id);
    TRY(store_head(d->reader, subject, &seen, e));
    record_doc(d, r, subject, seen, offer_write(d->a, &doc));
    return RC_OK;
}

enum rc record_offer(struct desk *d, const struct register_view *v, struct register_record *r,
                     const struct entry *t, const struct entry_doc *after, struct err *e)
{
    struct str before = t->doc.offered;
    struct str now = after->offered;
    bool declined = after->declined.n > 0;
    bool same = str_eq(before, now) && (t->doc.declined.n > 0) == declined;
    if (before.n > 0 && !str_eq(before, now)) {
        TRY(put_offer(d, v, r, t->id, before, (struct offer_doc){0}, e));
    }
    return now.n == 0 || same
               ? RC_OK
               : put_offer(d, v, r, t->id, now, (struct offer_doc){true, declined}, e);
}

struct finding_offers {
    struct desk *d;
    uint32_t skip;         /* bytes of the prefix */
    VEC(struct str) found; /* `OWNER/ID` */
};

static enum rc on_offer(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct finding_offers *f = ctx;
    struct offer_doc o;
    TRY(offer_read(f->d->a, p->body, &o, e));
    if (o.open && !o.declined) {
        vec_push(f->d->a, &f->found, str_dup(f->d->a, str_sub(p->unit, f->skip, p->unit.n)));
    }
    return RC_OK;
}

/* The register of the owner, read once for all that he offers: they come together. */
static enum rc view_of(struct desk *d, uint32_t reg, uint32_t unit,
                       const struct register_offers *there, struct register_view *out,
                       struct err *e)
{
    uint32_t n = there->list.n;
    if (n > 0 && there->list.items[n - 1].of.unit == unit) {
        *out = there->list.items[n - 1].of;
        return RC_OK;
    }
    return register_open_at(d, reg, unit, out, e);
}

enum rc register_offers(struct desk *d, const struct register_view *v, struct register_offers *out,
                        struct err *e)
{
    struct str code = desk_code(d, v->unit);
    struct str prefix = offer_subject(d->a, register_name(d, v->reg), code, STR(""), STR(""));
    struct finding_offers f = {.d = d, .skip = prefix.n};
    *out = (struct register_offers){0};
    TRY(store_docs(d->reader, prefix, INT64_MAX, on_offer, &f, e));
    for (uint32_t i = 0; i < f.found.n; i++) {
        struct str id = f.found.items[i];
        struct str owner = STR("");
        struct register_offer x;
        uint32_t unit = NONE;
        (void)str_split(&id, '/', &owner);
        if (!tree_unit_of_code(d->tree, owner, &unit)) {
            continue; /* the tree does not know it any more */
        }
        TRY(view_of(d, v->reg, unit, out, &x.of, e));
        if (map_get(&x.of.index, id, &x.ix) && entry_offered(&x.of.rows.items[x.ix].doc, code)) {
            vec_push(d->a, &out->list, x);
        }
    }
    return RC_OK;
}

/* ---- the answer ----------------------------------------------------------------------------- */

static struct str beyond(const struct desk *d, uint32_t unit, struct str id)
{
    return str_cat(d->a, str_cat(d->a, desk_code(d, unit), STR("/")), id);
}

/* What the answer of v->unit does to the row of its owner; row NULL: nothing to its content. */
static enum rc answer_there(struct desk *d, const struct register_offer *o,
                            const struct register_view *v, struct entry_act act,
                            const struct reg_row *row, struct register_record *r, struct err *e)
{
    const struct entry *t = &o->of.rows.items[o->ix];
    struct entry_doc after;
    act.actor = d->actor;
    act.unit = desk_code(d, v->unit);
    act.day = d->today;
    TRY(entry_step(desk_code(d, o->of.unit), &t->doc, &act, &after, e));
    record_entry(d, &o->of, r, t->id, t->seen, &after, row, ROW_DRAFT);
    vec_push(d->a, &r->expects,
             (struct store_expect){
                 register_subject(d->a, register_name(d, o->of.reg), desk_code(d, o->of.unit)),
                 o->of.touched});
    return record_offer(d, &o->of, r, t, &after, e);
}

/* The row that is offered to the owner of v; whether there are others is not told. */
static enum rc offered_row(struct desk *d, const struct register_view *v, struct str of,
                           struct register_words w, struct register_offer *out, struct err *e)
{
    uint32_t unit = NONE;
    TRY(register_allow(d, v, "register.keep", desk_code(d, v->unit), e));
    TRY(desk_unit(d, of, &unit, e));
    TRY(register_open_at(d, v->reg, unit, &out->of, e));
    if (map_get(&out->of.index, w.id, &out->ix) &&
        entry_offered(&out->of.rows.items[out->ix].doc, desk_code(d, v->unit))) {
        const struct entry *t = &out->of.rows.items[out->ix];
        return w.seen == REPORT_JUST_READ || w.seen == t->seen ? RC_OK
                                                               : register_stale(t, w.seen, e);
    }
    enum rc rc =
        err_set(e, RC_DENIED, "%.*s offers no row %.*s to %.*s", "%.*s 没有将行“%.*s”移交给 %.*s",
                PS(desk_code(d, unit)), PS(w.id), PS(desk_code(d, v->unit)));
    err_hint(e, "Its owner offers it first.", "请先由现登记单位办理移交。");
    return rc;
}

enum rc register_take(struct desk *d, struct register_view *v, struct str of,
                      struct register_words w, struct report_findings *found, struct err *e)
{
    struct register_offer o;
    struct register_record r = {0};
    struct register_lines lines = {0};
    TRY(offered_row(d, v, of, w, &o, e));
    const struct entry *t = &o.of.rows.items[o.ix];
    struct reg_row last = t->stands;
    struct register_line x = {.act = ENTRY_ACT_ADD,
                              .sort = LINE_ADDED,
                              .entry = NONE,
                              .id = t->id,
                              .row = t->stands,
                              .before = beyond(d, o.of.unit, t->id),
                              .from = DATE_MIN};
    last.until = date_add_days(t->doc.from, -1);
    TRY(answer_there(d, &o, v,
                     (struct entry_act){.act = ENTRY_ACT_TAKE, .after = beyond(d, v->unit, t->id)},
                     &last, &r, e));
    x.row.since = t->doc.from;
    (void)map_get(&v->index, t->id, &x.entry); /* struck here before: it begins again */
    vec_push(d->a, &lines.list, x);
    register_keys(d, v, &lines, found);
    if (found->list.n > 0) {
        return RC_FINDINGS;
    }
    TRY(record_line(d, v, &x, &r, e));
    return record_commit(d, v, &r, "register.take", STR(""), e);
}

enum rc register_decline(struct desk *d, struct register_view *v, struct str of,
                         struct register_words w, struct err *e)
{
    struct register_offer o;
    struct register_record r = {0};
    TRY(offered_row(d, v, of, w, &o, e));
    TRY(answer_there(d, &o, v, (struct entry_act){.act = ENTRY_ACT_DECLINE, .cause = w.cause}, NULL,
                     &r, e));
    return record_commit(d, v, &r, "register.decline", str_trim(w.cause), e);
}
