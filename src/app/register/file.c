/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reviews of a register: the statement for a period, or one row, carried through the tiers as a
 * submission of reporting (report_step). What carries differs, what is decided does not.
 */
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
    struct desk *d;
    struct register_review *s;
};

static enum rc on_sheet(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading *r = ctx;
    r->s->seen = p->seq;
    return register_sheet_read(r->d->a, str_dup(r->d->a, p->body), &r->s->sheet, e);
}

static enum rc read_review(struct desk *d, const struct register_view *v, struct str round,
                           struct register_review *s, struct err *e)
{
    struct reading r = {d, s};
    s->seen = 0;
    s->sheet = (struct register_sheet){
        .review = {.round = round, .unit = desk_code(d, v->unit), .submitted = DATE_MIN}};
    return store_doc(d->reader, s->subject, INT64_MAX, on_sheet, &r, e);
}

static enum rc period_of(const struct desk *d, const struct register_view *v, struct str text,
                         struct period *out, struct err *e)
{
    const struct reg *g = &d->plan->regs[v->reg];
    if (!g->filed) {
        return err_set(e, RC_INPUT,
                       "%.*s is not filed for periods: its rows are reviewed one by one",
                       "台账“%.*s”不按时期报送，逐行审核", PS(g->name));
    }
    TRY(period_parse(text, out, e));
    if (out->kind != g->filing) {
        return err_set(e, RC_INPUT, "%.*s is filed for another kind of period than %.*s",
                       "“%.*s”的报送周期与 %.*s 不符", PS(g->name), PS(text));
    }
    return RC_OK;
}

/* Rows that the statement carries, in the state they have before an act. */
static void carried(struct desk *d, const struct register_view *v, struct register_review *s)
{
    enum report_state state = s->sheet.review.state;
    s->rows.n = 0;
    for (uint32_t i = 0; i < v->rows.n; i++) {
        const struct entry_doc *t = &v->rows.items[i].doc;
        bool with = state == REPORT_SUBMITTED
                        ? t->state == ENTRY_SUBMITTED && str_eq(t->statement, s->period)
                        : t->state == ENTRY_DRAFT || t->state == ENTRY_RETURNED;
        if (with && (!v->how.by_row || state == REPORT_SUBMITTED)) {
            vec_push(d->a, &s->rows, i);
        }
    }
}

enum rc register_statement(struct desk *d, const struct register_view *v, struct str period,
                           struct register_review *out, struct err *e)
{
    char text[PERIOD_TEXT_BYTES];
    struct period p;
    struct str name = register_name(d, v->reg);
    TRY(period_of(d, v, period, &p, e));
    *out = (struct register_review){.period = str_dup(d->a, period_text(p, text))};
    out->subject = statement_subject(d->a, name, out->period, desk_code(d, v->unit));
    TRY(read_review(d, v, out->period, out, e));
    carried(d, v, out);
    return RC_OK;
}

enum rc register_entry_review(struct desk *d, const struct register_view *v, uint32_t ix,
                              struct register_review *out, struct err *e)
{
    struct str id = v->rows.items[ix].id;
    *out = (struct register_review){.period = STR("")};
    out->subject = entry_review_subject(d->a, register_name(d, v->reg), id, desk_code(d, v->unit));
    TRY(read_review(d, v, id, out, e));
    vec_push(d->a, &out->rows, ix);
    return RC_OK;
}

/* ---- an act --------------------------------------------------------------------------------- */

struct filing_act {
    struct desk *d;
    struct register_view *v;
    enum report_act_kind act;
    const struct register_filing *f;
    struct report_findings *found;
    struct round round; /* what report_step asks of one */
    struct register_record record;
    uint32_t n; /* reviews moved */
};

static bool touches(const struct reg_row *row, struct period p)
{
    struct row_days days = row_days(row);
    return date_cmp(days.first, period_last(p)) <= 0 && date_cmp(period_first(p), days.last) <= 0;
}

/* The row as the statement has it: what it carries, else what counts; NULL: neither. */
static const struct reg_row *stated(const struct filing_act *x, const struct entry *t)
{
    bool carries = !x->v->how.by_row && entry_pending(t->doc.state);
    if (carries && t->doc.strike) {
        return NULL;
    }
    return carries ? &t->pending : t->doc.stands > 0 ? &t->stands : NULL;
}

static int64_t count_of(const struct filing_act *x, struct period p)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < x->v->rows.n; i++) {
        const struct reg_row *row = stated(x, &x->v->rows.items[i]);
        n += row != NULL && touches(row, p);
    }
    return n;
}

static void put_notes(struct buf *b, const struct report_notes *notes)
{
    for (uint32_t i = 0; i < notes->list.n; i++) {
        const struct report_note *n = &notes->list.items[i];
        buf_printf(b, "%u:%.*s%u:%.*s", n->about.n, PS(n->about), n->text.n, PS(n->text));
    }
}

/* What signatures are of (RE4): the rows as stated, and what is said of them. */
static enum rc content_hash(const struct filing_act *x, const struct register_review *s, bool nil,
                            const struct report_notes *explained, struct str *out, struct err *e)
{
    struct desk *d = x->d;
    struct buf b;
    buf_init_in(&b, d->a, STORE_COMMIT_BYTES);
    buf_puts(&b, nil ? "nil" : "rows");
    bool statement = s->period.n > 0;
    uint32_t first = statement ? 0 : s->rows.items[0];
    uint32_t end = statement ? x->v->rows.n : first + 1;
    for (uint32_t i = first; i < end; i++) {
        const struct entry *t = &x->v->rows.items[i];
        const struct reg_row *row = statement                     ? stated(x, t)
                                    : entry_pending(t->doc.state) ? &t->pending
                                                                  : NULL;
        if (row != NULL) {
            struct str text = row_text_of(d, x->v, row);
            buf_printf(&b, "%u:%.*s%u:", t->id.n, PS(t->id), text.n);
            buf_str(&b, text);
            buf_puts(&b, t->doc.strike ? "-" : "+");
        }
    }
    put_notes(&b, explained);
    if (b.overflow) {
        return err_set(e, RC_LIMIT, "the register is too large to be stated", "台账过大，无法报送");
    }
    return hex_sm3(d->a, buf_view(&b), out, e);
}

/* Later words about a thing take the place of earlier ones. */
static struct report_notes merged(struct desk *d, const struct report_notes *before,
                                  const struct report_notes *more)
{
    struct report_notes all = {0};
    for (uint32_t i = 0; i < before->list.n; i++) {
        if (report_note_of(more, before->list.items[i].about) == NULL) {
            vec_push(d->a, &all.list, before->list.items[i]);
        }
    }
    for (uint32_t i = 0; i < more->list.n; i++) {
        struct report_note n = more->list.items[i];
        n.actor = d->actor;
        if (n.text.n > 0) {
            vec_push(d->a, &all.list, n);
        }
    }
    return all;
}

/* ---- what stands against submitting ---------------------------------------------------------- */

/* `ID`, `ID.field`: the row and its field (NONE: all of it). */
static bool row_about(const struct filing_act *x, struct str about, uint32_t *ix, uint32_t *field)
{
    const struct register_view *v = x->v;
    *field = NONE;
    if (map_get(&v->index, about, ix)) {
        return true;
    }
    for (uint32_t dot = str_find(about, STR("."), 0); dot != STR_NONE;
         dot = str_find(about, STR("."), dot + 1)) {
        struct str name = str_sub(about, dot + 1, about.n);
        if (!map_get(&v->index, str_sub(about, 0, dot), ix)) {
            continue;
        }
        for (uint32_t i = 0; i < x->d->plan->regs[v->reg].n_fields; i++) {
            if (str_eq(register_field(x->d, v, i)->d.name, name)) {
                *field = i;
                return true;
            }
        }
    }
    return false;
}

/* What is said to be returned, as text, so that a change can be told. */
static struct str text_about(const struct filing_act *x, const struct register_review *s,
                             struct str about)
{
    uint32_t ix = 0;
    uint32_t field = NONE;
    if (about.n == 0 || !row_about(x, about, &ix, &field)) {
        return s->sheet.review.figures;
    }
    const struct reg_row *row = entry_row(&x->v->rows.items[ix]);
    if (row == NULL) {
        return STR("");
    }
    if (field == NONE) {
        return row_text_of(x->d, x->v, row);
    }
    const struct value value = reg_row_value(row, field);
    return cell_text(x->d->a, &register_field(x->d, x->v, field)->d, &value);
}

static void find_unanswered(const struct filing_act *x, const struct register_review *s)
{
    const struct submission *r = &s->sheet.review;
    for (uint32_t i = 0; i < r->returned.list.n; i++) {
        const struct report_note *n = &r->returned.list.items[i];
        bool said = report_note_of(&r->explained, n->about) != NULL;
        if (!said && str_eq(n->was, text_about(x, s, n->about))) {
            found_add(x->d, x->found, FAULT_UNCHANGED,
                      n->about.n > 0 ? n->about : register_name(x->d, x->v->reg), n->text);
        }
    }
}

static void find_undecided(const struct filing_act *x, struct period p)
{
    for (uint32_t i = 0; x->v->how.by_row && i < x->v->rows.n; i++) {
        const struct entry *t = &x->v->rows.items[i];
        if (entry_pending(t->doc.state) && touches(&t->pending, p)) {
            found_add(x->d, x->found, FAULT_PENDING, t->id,
                      str_from_cstr(entry_state_name(t->doc.state)));
        }
    }
}

/* Reviews at work: the statement, or rows one by one. */
struct reviews {
    VEC(struct register_review) list;
};

static enum rc find_stated(const struct filing_act *x, const struct register_review *s,
                           struct period *p, struct err *e)
{
    struct str name = register_name(x->d, x->v->reg);
    TRY(period_parse(s->period, p, e));
    find_undecided(x, *p);
    if (s->sheet.nil && s->sheet.rows > 0) {
        found_add(x->d, x->found, FAULT_NOT_NIL, name,
                  rat_frac_str(x->d->a, rat_int(s->sheet.rows)));
    } else if (!s->sheet.nil && s->sheet.rows == 0) {
        found_add(x->d, x->found, FAULT_IS_NIL, name, STR(""));
    }
    return RC_OK;
}

static enum rc find_all(const struct filing_act *x, const struct reviews *all, bool untold,
                        struct err *e)
{
    struct period p;
    bool statement = all->list.n == 1 && all->list.items[0].period.n > 0;
    for (uint32_t i = 0; i < all->list.n; i++) {
        find_unanswered(x, &all->list.items[i]);
    }
    if (statement) {
        TRY(find_stated(x, &all->list.items[0], &p, e));
    }
    return all->list.n == 0 ? RC_OK
                            : register_judge(x->d, x->v, all->list.items, all->list.n,
                                             statement ? &p : NULL, untold, x->found, e);
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* A review that has done its work gives way to the next proposal of the row. */
static void begin_anew(struct register_review *s)
{
    if (s->period.n == 0 && s->sheet.review.state == REPORT_ACCEPTED) {
        struct submission *r = &s->sheet.review;
        *r = (struct submission){.round = r->round, .unit = r->unit, .submitted = DATE_MIN};
    }
}

static struct report_act act_of(const struct filing_act *x, enum report_act_kind act,
                                struct str unit)
{
    return (struct report_act){
        .act = act, .actor = x->d->actor, .unit = unit, .day = x->d->today, .cause = x->f->cause};
}

/* Signing and submitting are of what is there now: what has changed since is taken in first. */
static enum rc take_in(struct filing_act *x, struct register_review *s, struct err *e)
{
    struct period p;
    struct submission *r = &s->sheet.review;
    struct report_act save = act_of(x, ACT_SAVE, r->unit);
    bool statement = s->period.n > 0;
    begin_anew(s);
    s->sheet.rows = 1;
    s->sheet.nil = statement && x->f->nil;
    if (statement) {
        TRY(period_parse(s->period, &p, e));
        s->sheet.rows = count_of(x, p);
    }
    save.notes = merged(x->d, &r->explained, &x->f->explained);
    TRY(content_hash(x, s, s->sheet.nil, &save.notes, &save.figures, e));
    if (str_eq(save.figures, r->figures) && r->state != REPORT_NONE) {
        return RC_OK;
    }
    return report_step(x->d->a, &x->round, r, &save, r, e);
}

static enum rc return_notes(const struct filing_act *x, const struct register_review *s,
                            struct report_notes *out, struct err *e)
{
    for (uint32_t i = 0; i < x->f->cells.list.n; i++) {
        struct report_note n = x->f->cells.list.items[i];
        uint32_t ix = NONE;
        uint32_t field = NONE;
        bool whole = n.about.n == 0 && s->period.n > 0;
        if (!whole && !row_about(x, n.about, &ix, &field)) {
            return err_set(e, RC_INPUT, "the register has no row or field %.*s",
                           "台账中没有行或字段“%.*s”", PS(n.about));
        }
        if (s->period.n == 0 && ix != s->rows.items[0]) {
            continue; /* of another row, whose review takes it */
        }
        if (str_trim(n.text).n == 0) {
            return err_set(e, RC_INPUT, "%.*s: say why it is returned", "“%.*s”：请写明退回理由",
                           PS(n.about));
        }
        n.actor = x->d->actor;
        n.was = text_about(x, s, n.about);
        vec_push(x->d->a, &out->list, n);
    }
    return RC_OK;
}

/* Sealed rows are decided on where they are, by somebody else. */
static enum rc tiers_of(const struct filing_act *x, struct report_act *act, struct err *e)
{
    struct desk *d = x->d;
    if (x->v->class_ != CLASS_SEALED) {
        return desk_tiers(d, x->v->unit, &act->tiers, &act->n_tiers, e);
    }
    struct str *own = ARENA_ARRAY(d->a, struct str, 1);
    own[0] = desk_code(d, x->v->unit);
    act->tiers = own;
    act->n_tiers = 1;
    return RC_OK;
}

/* Each of the three signatures is a right of its own. */
static const char *signing(const struct filing_act *x, const struct submission *r)
{
    struct str role = str_from_cstr(report_role_name(report_signs_as(r, x->d->actor)));
    return str_cat(x->d->a, STR("register.sign."), role).p;
}

static const char *operation_of(const struct filing_act *x)
{
    bool decides = x->act == ACT_APPROVE || x->act == ACT_RETURN;
    const char *name = report_act_name(x->act);
    if (decides && x->v->class_ == CLASS_SEALED) {
        name = x->act == ACT_APPROVE ? "check" : "check-return";
    }
    return str_cat(x->d->a, STR("register."), str_from_cstr(name)).p;
}

/* What becomes of a row that the review carries. */
static enum rc move_row(struct filing_act *x, const struct register_review *s,
                        const struct report_notes *back, uint32_t ix, struct err *e)
{
    static const struct {
        enum entry_act_kind act;
        enum row_status status;
    } of[ACT__COUNT] = {
        [ACT_SUBMIT] = {ENTRY_ACT_SUBMIT, ROW_SUBMITTED},
        [ACT_WITHDRAW] = {ENTRY_ACT_WITHDRAW, ROW_DRAFT},
        [ACT_APPROVE] = {ENTRY_ACT_APPROVE, ROW_ACCEPTED},
        [ACT_RETURN] = {ENTRY_ACT_RETURN, ROW_RETURNED},
    };
    struct desk *d = x->d;
    const struct entry *t = &x->v->rows.items[ix];
    struct entry_act act = {.act = of[x->act].act,
                            .actor = d->actor,
                            .unit = desk_code(d, x->v->unit),
                            .day = d->today,
                            .statement = s->period};
    enum row_status status = of[x->act].status;
    bool named = x->act != ACT_RETURN;
    for (uint32_t i = 0; i < back->list.n && !named; i++) {
        uint32_t at = NONE;
        uint32_t field = NONE;
        named = row_about(x, back->list.items[i].about, &at, &field) && at == ix;
    }
    if (!named) { /* nothing is said against this row */
        act.act = ENTRY_ACT_WITHDRAW;
        status = ROW_DRAFT;
    }
    struct entry_doc after;
    TRY(entry_step(act.unit, &t->doc, &act, &after, e));
    status = status == ROW_ACCEPTED && t->doc.strike ? ROW_WITHDRAWN : status;
    record_entry(d, x->v, &x->record, t->id, t->seen, &after, &t->pending, status);
    return RC_OK;
}

static bool moves_rows(enum report_act_kind act, enum report_state after)
{
    return act == ACT_SUBMIT || act == ACT_WITHDRAW || act == ACT_RETURN ||
           (act == ACT_APPROVE && after == REPORT_ACCEPTED);
}

/* RK2: the statement is a filing once it is accepted. */
static enum rc record_filing(struct filing_act *x, const struct register_review *s, struct err *e)
{
    struct edit filing = {.kind = EDIT_FILING,
                          .u.filing = {.reg = x->v->reg,
                                       .form = NONE,
                                       .roll = NONE,
                                       .unit = x->v->unit,
                                       .nil = s->sheet.nil,
                                       .from.recorded = DATE_MIN}};
    TRY(period_parse(s->period, &filing.u.filing.period, e));
    vec_push(x->d->a, &x->record.edits, filing);
    return RC_OK;
}

static enum rc step(struct filing_act *x, struct register_review *s, struct err *e)
{
    struct desk *d = x->d;
    struct submission *r = &s->sheet.review;
    struct str at = x->f->at.n > 0 ? x->f->at : report_place_of(&x->round, r, x->act);
    struct report_act act = act_of(x, x->act, at.n > 0 ? at : r->unit);
    TRY(register_allow(d, x->v, x->act == ACT_SIGN ? signing(x, r) : operation_of(x), act.unit, e));
    if (x->act == ACT_RETURN) {
        TRY(return_notes(x, s, &act.notes, e));
    } else if (x->act == ACT_SUBMIT) {
        TRY(tiers_of(x, &act, e));
    }
    TRY(report_step(d->a, &x->round, r, &act, r, e));
    for (uint32_t i = 0; moves_rows(x->act, r->state) && i < s->rows.n; i++) {
        TRY(move_row(x, s, &act.notes, s->rows.items[i], e));
    }
    if (r->state == REPORT_ACCEPTED && x->act == ACT_APPROVE && s->period.n > 0) {
        TRY(record_filing(x, s, e));
    }
    record_doc(d, &x->record, s->subject, s->seen, register_sheet_write(d->a, &s->sheet));
    x->n++;
    return RC_OK;
}

/* ---- which reviews -------------------------------------------------------------------------- */

static enum rc stale(const struct register_review *s, int64_t seen, struct err *e)
{
    const struct report_mark *m = &s->sheet.review.last;
    enum rc rc = err_set(e, RC_CONFLICT, "it was changed after commit %lld: by %.*s, commit %lld",
                         "在提交 %lld 之后有改动：%.*s（提交 %lld）", (long long)seen, PS(m->actor),
                         (long long)s->seen);
    err_hint(e, "Nothing of yours was recorded: look at it again and repeat.",
             "您的改动未记录：请重新查看后再办理。");
    return rc;
}

/* What is signed or submitted is what is there now. */
static enum rc add_review(struct filing_act *x, struct register_review *s, struct reviews *all,
                          struct err *e)
{
    if (x->f->seen != REPORT_JUST_READ && x->f->seen != s->seen) {
        return stale(s, x->f->seen, e);
    }
    if (x->act == ACT_SIGN || x->act == ACT_SUBMIT) {
        TRY(take_in(x, s, e));
    }
    vec_push(x->d->a, &all->list, *s);
    return RC_OK;
}

/* Whether the row, if none is named, is one for the act. */
static bool is_open_to(const struct filing_act *x, const struct entry *t,
                       const struct register_review *s)
{
    const struct submission *r = &s->sheet.review;
    if (x->act == ACT_SIGN || x->act == ACT_SUBMIT) {
        return t->doc.state == ENTRY_DRAFT || t->doc.state == ENTRY_RETURNED;
    }
    bool waits = t->doc.state == ENTRY_SUBMITTED && t->doc.statement.n == 0;
    return waits && (x->f->at.n == 0 || (r->at < r->n_tiers && str_eq(r->tiers[r->at], x->f->at)));
}

static bool is_named(const struct filing_act *x, uint32_t ix)
{
    bool named = x->f->n_ids == 0 && x->act != ACT_RETURN;
    uint32_t at = NONE;
    uint32_t field = NONE;
    for (uint32_t i = 0; i < x->f->n_ids; i++) {
        named |= str_eq(x->f->ids[i], x->v->rows.items[ix].id);
    }
    for (uint32_t i = 0; x->act == ACT_RETURN && i < x->f->cells.list.n; i++) {
        named |= row_about(x, x->f->cells.list.items[i].about, &at, &field) && at == ix;
    }
    return named;
}

static enum rc pick_rows(struct filing_act *x, struct reviews *all, struct err *e)
{
    uint32_t ix = 0;
    if (!x->v->how.by_row) {
        return err_set(e, RC_INPUT,
                       "this register is reviewed with its statement: write the period",
                       "本台账随报送一并审核：请写明时期");
    }
    for (uint32_t i = 0; i < x->f->n_ids; i++) {
        TRY(register_entry(x->v, x->f->ids[i], &ix, e));
    }
    for (uint32_t i = 0; x->act == ACT_RETURN && i < x->f->cells.list.n; i++) {
        uint32_t field = NONE;
        if (!row_about(x, x->f->cells.list.items[i].about, &ix, &field)) {
            return err_set(e, RC_INPUT, "the register has no row or field %.*s",
                           "台账中没有行或字段“%.*s”", PS(x->f->cells.list.items[i].about));
        }
    }
    for (uint32_t i = 0; i < x->v->rows.n; i++) {
        struct register_review s;
        if (!is_named(x, i)) {
            continue;
        }
        TRY(register_entry_review(x->d, x->v, i, &s, e));
        if (x->f->n_ids > 0 || x->act == ACT_RETURN || is_open_to(x, &x->v->rows.items[i], &s)) {
            TRY(add_review(x, &s, all, e));
        }
    }
    return RC_OK;
}

static enum rc prepare(struct filing_act *x, struct err *e)
{
    const struct tree_snap *s = NULL;
    TRY(desk_tree(x->d, x->d->today, &s, e));
    x->round = (struct round){.id = register_name(x->d, x->v->reg),
                              .signatures = x->v->how.signatures,
                              .opened.unit = s->n > 0 ? tree_snap_code(s, 0) : STR("")};
    return RC_OK;
}

static enum rc pick(struct filing_act *x, struct reviews *all, struct err *e)
{
    struct register_review s;
    TRY(prepare(x, e));
    if (x->f->period.n == 0) {
        return pick_rows(x, all, e);
    }
    TRY(register_statement(x->d, x->v, x->f->period, &s, e));
    return add_review(x, &s, all, e);
}

/* Before anything is told: whether it is for the actor to submit at all. */
static enum rc may_submit(const struct filing_act *x, struct err *e)
{
    return register_allow(x->d, x->v, operation_of(x), desk_code(x->d, x->v->unit), e);
}

enum rc register_file(struct desk *d, struct register_view *v, enum report_act_kind act,
                      const struct register_filing *f, uint32_t *n, struct report_findings *found,
                      struct err *e)
{
    struct filing_act x = {.d = d, .v = v, .act = act, .f = f, .found = found};
    struct reviews all = {0};
    TRY(pick(&x, &all, e));
    if (act == ACT_SUBMIT) {
        TRY(may_submit(&x, e));
        TRY(find_all(&x, &all, true, e));
    }
    if (found->list.n > 0) {
        return RC_FINDINGS;
    }
    for (uint32_t i = 0; i < all.list.n; i++) {
        TRY(step(&x, &all.list.items[i], e));
    }
    *n = x.n;
    if (x.n == 0) {
        return err_set(e, RC_CONFLICT, "no row waits for that", "没有待办理的行");
    }
    return record_commit(d, v, &x.record, operation_of(&x), f->cause, e);
}

enum rc register_try(struct desk *d, struct register_view *v, const struct register_filing *f,
                     struct report_findings *found, struct err *e)
{
    struct filing_act x = {.d = d, .v = v, .act = ACT_SUBMIT, .f = f, .found = found};
    struct reviews all = {0};
    TRY(pick(&x, &all, e));
    return find_all(&x, &all, false, e);
}
