/* SPDX-License-Identifier: Apache-2.0 */
/* An answer into the centre's book: new, here already, or a conflict. */
#include "app/offline/offline_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/parcel.h"

struct answering {
    struct offline_in *in;
    struct desk *d;
    struct offline_result *out;
};

/* One submission at hand. */
struct part {
    struct answering *x;
    struct offline_report theirs;
    struct submission doc;
    struct value *cells; /* theirs, as of the round */
    struct report r;
    struct offline_row row;
};

static struct str token_of(const struct part *p)
{
    struct arena *a = p->x->in->a;
    struct str s = str_cat(a, STR("offline/"), p->x->in->package->id);
    return str_cat(a, str_cat(a, s, STR("/")), p->theirs.unit);
}

/* ---- what came ------------------------------------------------------------------------------ */

static void on_cell(void *ctx, const struct edit *x)
{
    struct part *p = ctx;
    const struct round_view *v = &p->r.round;
    if (x->kind != EDIT_FACT || !period_eq(x->u.fact.period, v->round.period)) {
        return;
    }
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        if (v->item[i] == x->u.fact.item) {
            p->cells[i] = x->u.fact.value;
        }
    }
}

static enum rc read_figures(struct part *p, struct err *e)
{
    const struct parcel_sink sink = {on_cell, NULL, p};
    struct desk *d = p->x->d;
    uint32_t n = p->r.round.round.n_items;
    p->cells = ARENA_ARRAY(d->a, struct value, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        p->cells[i].num = rat_zero();
    }
    for (uint32_t i = 0; i < p->theirs.figures.list.n; i++) {
        const struct store_parcel *f = &p->theirs.figures.list.items[i];
        if (f->what != STORE_FACT || !str_eq(f->unit, p->theirs.unit) ||
            !str_eq(f->source, p->r.round.round.id) ||
            parcel_read(desk_names(d), f, &sink, e) != RC_OK) {
            return offline_damaged(p->theirs.unit, e);
        }
    }
    return RC_OK;
}

/* Round and unit are those of the package, whatever the document says. */
static enum rc open_part(struct part *p, struct err *e)
{
    struct desk *d = p->x->d;
    TRY(report_open(d, p->x->in->package->round, p->theirs.unit, &p->r, e));
    TRY(desk_allow(d, "offline.in", p->r.doc.unit, &p->r.round, e));
    p->doc = (struct submission){.round = p->r.doc.round, .unit = p->r.doc.unit};
    if (submission_read(d->a, p->theirs.doc, &p->doc, e) != RC_OK) {
        return offline_damaged(p->theirs.unit, e);
    }
    return read_figures(p, e);
}

/* ---- conflicts ------------------------------------------------------------------------------ */

static void differences(struct part *p)
{
    struct desk *d = p->x->d;
    for (uint32_t i = 0; i < p->r.round.round.n_items; i++) {
        const struct datum *of = &d->plan->items[p->r.round.item[i]].d;
        struct str theirs = cell_text(d->a, of, &p->cells[i]);
        struct str ours = cell_text(d->a, of, &p->r.cells[i]);
        if (!str_eq(theirs, ours)) {
            const bool hidden = p->r.hidden[i];
            vec_push(d->a, &p->row.cells.list,
                     (struct offline_cell){
                         p->r.round.round.items[i],
                         hidden ? STR("") : cell_shown(d->a, of, &p->cells[i], false),
                         hidden ? STR("") : cell_shown(d->a, of, &p->r.cells[i], false)});
        }
    }
}

static void conflict(struct part *p)
{
    const struct report_mark *m = &p->r.doc.last;
    p->row.outcome = OFFLINE_CONFLICT;
    p->row.seq = p->r.seen;
    p->row.who = m->actor;
    p->row.act = str_from_cstr(report_act_name(m->act));
    p->row.day = m->day;
    differences(p);
}

/* ---- taking in ------------------------------------------------------------------------------ */

static struct offline_mark mark_of(const struct part *p, enum offline_choice choice)
{
    struct offline_mark m = {p->x->in->package->book, p->x->in->package->id, p->theirs.seq, choice};
    return m;
}

static enum rc carry(struct part *p, enum offline_choice choice, struct err *e)
{
    struct desk *d = p->x->d;
    struct buf note;
    struct str beside = offline_mark_subject(d->a, p->r.doc.round, p->r.doc.unit);
    const struct offline_mark m = mark_of(p, choice);
    struct report_carried c = {.doc = p->doc,
                               .cells = p->cells,
                               .via = p->x->in->package->id,
                               .over = choice == TAKE_THEIRS,
                               .entry = {.operation = "offline.in",
                                         .token = token_of(p),
                                         .beside.subject = beside,
                                         .beside_body = offline_mark_write(d->a, &m)}};
    buf_init_in(&note, d->a, STORE_NOTE_BYTES);
    buf_printf(&note, "package %.*s of book %.*s, its commit %lld", PS(m.package), PS(m.book),
               (long long)m.seq);
    c.entry.note = buf_view(&note);
    TRY(store_head(d->reader, beside, &c.entry.beside.seen, e));
    TRY(report_carry(d, &p->r, &c, &p->row.found, e));
    p->row.outcome = OFFLINE_NEW;
    p->row.seq = p->r.seen;
    return RC_OK;
}

static enum rc keep_ours(struct part *p, struct err *e)
{
    struct offline_in *in = p->x->in;
    const struct offline_mark m = mark_of(p, TAKE_OURS);
    p->row.outcome = OFFLINE_KEPT;
    return offline_doc_put(in->a, in->store, in->reader, in->actor, "offline.in",
                           offline_mark_subject(in->a, in->package->round, p->r.doc.unit),
                           offline_mark_write(in->a, &m), &p->row.seq, e);
}

/* Decided already: it stays as it was decided. */
static enum rc was_kept(struct part *p, bool *kept, struct err *e)
{
    struct offline_mark m;
    struct offline_in *in = p->x->in;
    struct str subject = offline_mark_subject(in->a, in->package->round, p->r.doc.unit);
    TRY(offline_mark_get(in->a, in->reader, subject, &m, e));
    *kept = m.choice == TAKE_OURS && str_eq(m.package, in->package->id);
    if (*kept) {
        p->row.outcome = OFFLINE_KEPT;
        TRY(store_head(in->reader, subject, &p->row.seq, e));
    }
    return RC_OK;
}

static enum rc take(struct part *p, struct err *e)
{
    struct offline_in *in = p->x->in;
    struct store_receipt got;
    bool there = false;
    bool kept = false;
    TRY(store_find(in->reader, token_of(p), &there, &got, e));
    if (there) {
        p->row.outcome = OFFLINE_HERE;
        p->row.seq = got.seq;
        return RC_OK;
    }
    enum offline_choice choice = offline_chosen(in, p->r.doc.unit);
    bool moved = p->r.seen != p->theirs.seen;
    if (choice != TAKE_THEIRS) {
        TRY(was_kept(p, &kept, e));
    }
    if (kept) {
        return RC_OK;
    }
    if (moved && choice == TAKE_NONE) {
        conflict(p);
        return RC_OK;
    }
    if (in->dry_run) {
        return RC_OK;
    }
    return choice == TAKE_OURS ? keep_ours(p, e) : carry(p, moved ? TAKE_THEIRS : TAKE_NONE, e);
}

/* Who may carry none of it accepts no key. */
static bool was_allowed(const struct offline_result *r)
{
    for (uint32_t i = 0; i < r->rows.n; i++) {
        if (r->rows.items[i].outcome != OFFLINE_REFUSED) {
            return true;
        }
    }
    return false;
}

/* What stands against one unit does not stop the others. */
static bool is_of_unit(enum rc rc)
{
    return rc == RC_FINDINGS || rc == RC_CONFLICT || rc == RC_DENIED || rc == RC_INPUT ||
           rc == RC_NOT_FOUND;
}

static enum rc take_part(struct answering *x, const struct package_part *from, struct err *e)
{
    struct part p = {.x = x, .row = {.outcome = OFFLINE_NEW, .day = DATE_MIN}};
    struct err story = {0};
    if (!offline_report_read(x->d->a, from->content, &p.theirs) ||
        !str_eq(from->name, str_cat(x->d->a, STR("report/"), p.theirs.unit))) {
        return offline_damaged(from->name, e);
    }
    p.row.unit = p.theirs.unit;
    enum rc rc = open_part(&p, &story);
    rc = rc == RC_OK ? take(&p, &story) : rc;
    if (rc != RC_OK && !is_of_unit(rc)) {
        if (e != NULL) {
            *e = story;
        }
        return rc;
    }
    if (rc != RC_OK) {
        p.row.outcome = OFFLINE_REFUSED;
        p.row.why[0] = str_dup(x->d->a, str_from_cstr(story.primary_en));
        p.row.why[1] = str_dup(x->d->a, str_from_cstr(story.primary_zh));
    }
    vec_push(x->d->a, &x->out->rows, p.row);
    return RC_OK;
}

enum rc offline_take_answer(struct offline_in *in, struct desk *d, struct str plan,
                            struct offline_result *out, struct err *e)
{
    struct answering x = {in, d, out};
    *out = (struct offline_result){.id = in->package->id,
                                   .fingerprint = in->package->fingerprint,
                                   .round = in->package->round,
                                   .until = in->package->until};
    TRY(offline_check(in, e));
    if (!str_eq(plan, in->package->plan)) {
        enum rc rc = err_set(e, RC_CONFLICT, "the answer is under another plan than that of --pack",
                             "回报所依据的计划与 --pack 的计划不同");
        err_hint(e, "Give the plan of the round; when it has changed since, pack the round anew.",
                 "请给出该轮次的计划；计划已变更的，请重新打出填报包。");
        return rc;
    }
    for (uint32_t i = 0; i < in->package->parts.n; i++) {
        TRY(take_part(&x, &in->package->parts.items[i], e));
    }
    return in->dry_run || !was_allowed(out) ? RC_OK : offline_accept_key(in, e);
}
