/* SPDX-License-Identifier: Apache-2.0 */
/* Open duties, found in rounds, reports, registers, questions and tasks. */
#include "app/seat/duty.h"

#include <stdlib.h>

#include "app/question/question.h"
#include "app/register/desk.h"
#include "app/report/report_int.h"
#include "app/seat/act.h"
#include "app/task/task.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

static const struct {
    const char *word;
    enum seat_op op;
    const char *text[2]; /* English, Chinese */
} kinds[DUTY__N] = {
#define DUTY(name, word, op, en, zh) [DUTY_##name] = {word, OP_##op, {(en), (zh)}},
#include "app/seat/duty.def"
};

const char *duty_word(enum duty_kind k)
{
    return kinds[k].word;
}

const char *duty_text(enum duty_kind k, bool chinese)
{
    return kinds[k].text[chinese];
}

/* ---- finding -------------------------------------------------------------------------------- */

struct search {
    struct desk *d;
    int32_t remind;
    const uint32_t *at; /* by unit: duties that are wanted there; NULL: all everywhere */
    const bool *below; /* the same: where one of papers is wanted, or ever stood below such a one */
    struct duties *out;
};

static enum light light_of(const struct search *f, struct date due)
{
    if (date_cmp(f->d->today, due) > 0) {
        return LIGHT_RED;
    }
    return date_cmp(date_add_days(f->d->today, f->remind), due) >= 0 ? LIGHT_AMBER : LIGHT_GREEN;
}

#define BIT(kind) (1U << DUTY_##kind)
#define PAPERS                                                                                     \
    (BIT(FILL) | BIT(ANSWER) | BIT(SIGN1) | BIT(SIGN2) | BIT(SIGN3) | BIT(REVIEW) | BIT(CHECK))
#define TASKS (BIT(TASK) | BIT(CONTRIBUTE) | BIT(SIGN_OFF) | BIT(DECIDE))

static bool is_at(const struct search *f, enum duty_kind kind, uint32_t unit)
{
    return f->at == NULL || (f->at[unit] >> kind & 1) != 0;
}

static void add(struct search *f, struct duty x)
{
    if (!is_at(f, x.kind, x.at)) {
        return;
    }
    x.light = light_of(f, x.due);
    vec_push(f->d->a, &f->out->list, x);
}

static void exclude(struct search *f, struct duty *x, struct str actor)
{
    vec_push(f->d->a, &x->excluded.list, actor);
}

/* RE3 */
static void exclude_signers(struct search *f, struct duty *x, const struct submission *s)
{
    for (uint32_t i = 0; i < s->signatures.list.n; i++) {
        exclude(f, x, s->signatures.list.items[i].actor);
    }
    for (uint32_t i = 0; i < s->decisions.list.n; i++) {
        exclude(f, x, s->decisions.list.items[i].actor);
    }
}

/* What a report waits for beside its review. */
static void add_own(struct search *f, struct duty x, const struct round *r,
                    const struct submission *s)
{
    uint32_t there = s->signatures.list.n;
    x.at = x.about;
    x.kind = s->state == REPORT_RETURNED ? DUTY_ANSWER : DUTY_FILL;
    add(f, x);
    if (there > 0 && there < report_signatures(r, s)) { /* before that it is the filler's */
        x.kind = (enum duty_kind)(DUTY_SIGN1 + there);
        exclude_signers(f, &x, s);
        add(f, x);
    }
}

/* Documents say who is excluded; they are read of reports that wait for somebody whom it is asked
 * about. */
static enum rc add_line(struct search *f, struct duty x, const struct round_view *v,
                        const struct round_line *l, struct err *e)
{
    struct submission s = {.state = REPORT_NONE};
    int64_t seen = 0;
    if (l->brief.state == REPORT_SUBMITTED) {
        x.kind = DUTY_REVIEW;
        TRY(desk_unit(f->d, l->brief.waits_for, &x.at, e));
        if (is_at(f, x.kind, x.at)) {
            TRY(round_doc(f->d, v, l->unit, &s, &seen, e));
            exclude_signers(f, &x, &s);
            add(f, x);
        }
    } else if (l->brief.state != REPORT_ACCEPTED && l->brief.state != REPORT_LOCKED) {
        bool signed_ = l->brief.signatures > 0;
        TRY(signed_ ? round_doc(f->d, v, l->unit, &s, &seen, e) : RC_OK);
        s.state = l->brief.state;
        s.version = l->brief.version;
        add_own(f, x, &v->round, &s);
    }
    return RC_OK;
}

/* Leaves those out whose reports are done and reviewed elsewhere. */
static void keep_below(const struct search *f, struct round_view *v)
{
    uint32_t *kept = ARENA_ARRAY(f->d->a, uint32_t, v->n_units + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n_units; i++) {
        if (f->below[v->units[i]]) {
            kept[n++] = v->units[i];
        }
    }
    v->units = kept;
    v->n_units = n;
}

static enum rc add_round(struct search *f, struct round_view *v, struct err *e)
{
    struct desk *d = f->d;
    struct round_status s;
    uint32_t locked = 0;
    struct duty x = {
        .id = v->round.id, .due = v->round.until, .class_ = round_class(d, v), .kind = DUTY_ROUND};
    TRY(desk_unit(d, v->round.opened.unit, &x.at, e));
    if (!is_at(f, DUTY_ROUND, x.at)) { /* who follows it sees all of it */
        keep_below(f, v);
    }
    TRY(round_all_lines(d, v, &s, e));
    for (uint32_t i = 0; i < s.n; i++) {
        x.about = s.lines[i].unit;
        TRY(add_line(f, x, v, &s.lines[i], e));
        locked += s.lines[i].brief.state == REPORT_LOCKED;
    }
    TRY(desk_unit(d, v->round.opened.unit, &x.at, e));
    x.about = x.at;
    x.class_ = CLASS_INTERNAL; /* an issuer asks for figures and sees none */
    if (locked < s.n) {
        add(f, x);
    }
    return RC_OK;
}

/* ---- registers ------------------------------------------------------------------------------ */

/* `filing/NAME/PERIOD/UNIT`, `review/NAME/ROW/UNIT` */
struct sheet_subject {
    struct str name, middle, unit;
    bool statement;
};

static struct sheet_subject subject_of(struct str subject)
{
    struct sheet_subject x = {.statement = str_starts(subject, STR("filing/"))};
    struct str part = STR("");
    (void)str_split(&subject, '/', &part);
    (void)str_split(&subject, '/', &x.name);
    while (str_split(&subject, '/', &part) && subject.n > 0) {
        x.middle = part; /* a row's id may hold more of them, and is not told */
    }
    x.unit = part;
    return x;
}

static bool is_among(const struct duty_actors *who, struct str actor)
{
    for (uint32_t i = 0; i < who->list.n; i++) {
        if (str_eq(who->list.items[i], actor)) {
            return true;
        }
    }
    return false;
}

/* The same duty among the last `back` ones; NULL. */
static struct duty *same(const struct search *f, const struct duty *x, uint32_t back)
{
    uint32_t n = f->out->list.n;
    for (uint32_t i = n; i-- > 0 && n - i <= back;) {
        struct duty *y = &f->out->list.items[i];
        if (y->kind == x->kind && y->at == x->at && y->about == x->about && str_eq(y->id, x->id)) {
            return y;
        }
    }
    return NULL;
}

/* Rows of one owner that wait for the same person are one duty: who can do one of them has it. */
static bool told(const struct search *f, const struct duty *x)
{
    struct duty *last = same(f, x, 1);
    uint32_t kept = 0;
    if (last == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < last->excluded.list.n; i++) {
        struct str actor = last->excluded.list.items[i];
        if (is_among(&x->excluded, actor)) {
            last->excluded.list.items[kept++] = actor;
        }
    }
    last->excluded.list.n = kept;
    return true;
}

static enum rc add_sheet(struct search *f, struct duty x, const struct submission *s, struct err *e)
{
    bool sealed = x.class_ == CLASS_SEALED;
    if (s->state == REPORT_SUBMITTED) {
        x.kind = sealed ? DUTY_CHECK : DUTY_REVIEW;
        exclude_signers(f, &x, s);
        TRY(desk_unit(f->d, s->tiers[s->at], &x.at, e));
    } else if (s->state != REPORT_RETURNED) {
        return RC_OK;
    }
    if (!told(f, &x)) {
        add(f, x);
    }
    return RC_OK;
}

/* A statement or a row under review, or returned. It has no due day. */
static enum rc on_sheet(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct search *f = ctx;
    struct desk *d = f->d;
    struct sheet_subject at = subject_of(p->unit);
    struct duty x = {.kind = DUTY_ANSWER, .due = DATE_MAX};
    struct register_sheet sheet;
    struct err unknown = {0};
    uint32_t reg = 0;
    if (!tree_unit_of_code(d->tree, at.unit, &x.about) ||
        register_find(d, at.name, &reg, &unknown) != RC_OK ||
        (f->below != NULL && !f->below[x.about])) {
        return RC_OK; /* plan or tree do not know it any more, or it is elsewhere */
    }
    x.at = x.about;
    x.class_ = register_class(d->plan, reg);
    x.reg = str_dup(d->a, at.name);
    x.id = x.reg;
    if (at.statement) {
        x.period = str_dup(d->a, at.middle);
        x.id = str_cat(d->a, str_cat(d->a, x.reg, STR(" ")), x.period);
    }
    TRY(register_sheet_read(d->a, str_dup(d->a, p->body), &sheet, e));
    return add_sheet(f, x, &sheet.review, e);
}

/*
 * `offer/NAME/TO/OWNER/ROW`: it waits for who may take it, once declined for the owner again. What
 * two owners have to do with each other comes together, as these two kinds.
 */
static enum rc on_offer(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct search *f = ctx;
    struct desk *d = f->d;
    struct offer_doc o;
    struct duty x = {.due = DATE_MAX};
    struct str rest = p->unit;
    struct str part[4]; /* offer, NAME, TO, OWNER */
    struct err unknown = {0};
    uint32_t reg = 0;
    for (int i = 0; i < 4; i++) {
        part[i] = STR("");
        (void)str_split(&rest, '/', &part[i]);
    }
    TRY(offer_read(d->a, p->body, &o, e));
    if (!o.open || !tree_unit_of_code(d->tree, part[2], &x.at) ||
        !tree_unit_of_code(d->tree, part[3], &x.about) ||
        register_find(d, part[1], &reg, &unknown) != RC_OK) {
        return RC_OK; /* settled, or plan or tree do not know it any more */
    }
    if (o.declined) {
        uint32_t by = x.at;
        x.at = x.about;
        x.about = by;
    }
    x.kind = o.declined ? DUTY_ANSWER : DUTY_TAKE;
    x.class_ = register_class(d->plan, reg);
    x.reg = str_dup(d->a, part[1]);
    x.id = x.reg;
    if (same(f, &x, 2) == NULL) {
        add(f, x);
    }
    return RC_OK;
}

/* ---- tasks ---------------------------------------------------------------------------------- */

static struct str task_id(const struct desk *d, const struct task_line *t)
{
    struct buf b;
    buf_init_in(&b, d->a, STORE_TEXT_BYTES);
    buf_printf(&b, "%.*s/%d%s%.*s", PS(d->plan->commitments[t->commitment].id), t->year,
               t->part.n > 0 ? "." : "", PS(t->part));
    return buf_view(&b);
}

static bool has_contributed(const struct task_doc *t, struct str unit)
{
    for (uint32_t i = 0; i < t->evidence.n; i++) {
        if (str_eq(t->evidence.items[i].unit, unit)) {
            return true;
        }
    }
    return false;
}

static void add_contributions(struct search *f, const struct task_line *t, struct duty x)
{
    struct task_units with = task_sharers(f->d, t);
    x.kind = DUTY_CONTRIBUTE;
    for (uint32_t i = 0; i < with.list.n; i++) {
        x.at = with.list.items[i];
        if (is_at(f, DUTY_CONTRIBUTE, x.at) && !has_contributed(&t->doc, desk_code(f->d, x.at))) {
            add(f, x);
        }
    }
}

static enum rc add_task(struct search *f, const struct task_line *t, struct err *e)
{
    struct duty x = {.about = t->unit,
                     .at = t->unit,
                     .class_ = CLASS_INTERNAL,
                     .due = date_is_sentinel(t->doc.due) ? t->due : t->doc.due,
                     .kind = DUTY_TASK};
    struct str above = STR("");
    if (t->doc.state == TASK_DONE || t->verdict == ST_MET) {
        return RC_OK;
    }
    x.id = task_id(f->d, t);
    if (t->doc.state != TASK_FILED) {
        add(f, x);
        add_contributions(f, t, x);
    }
    TRY(task_place(f->d, t, TASK_ACT_SIGN_OFF, &above, e));
    TRY(desk_unit(f->d, above, &x.at, e));
    if (t->doc.state == TASK_FILED) {
        x.kind = DUTY_SIGN_OFF;
        for (uint32_t i = t->doc.n_signed; i < t->doc.evidence.n; i++) { /* TK2 */
            exclude(f, &x, t->doc.evidence.items[i].actor);
        }
        add(f, x);
    }
    if (!date_is_sentinel(t->doc.asked)) {
        x.kind = DUTY_DECIDE;
        x.excluded = (struct duty_actors){0};
        exclude(f, &x, t->doc.asked_by);
        add(f, x);
    }
    return RC_OK;
}

/* ---- questions ------------------------------------------------------------------------------ */

/* A question has no due day. */
static enum rc on_question(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct search *f = ctx;
    struct desk *d = f->d;
    struct question_doc q;
    struct str at = STR("");
    TRY(question_read(d->a, str_dup(d->a, p->body), &q, e));
    bool replied = q.state == QUESTION_REPLIED;
    struct duty x = {.kind = replied ? DUTY_WEIGH : DUTY_REPLY,
                     .id = str_dup(d->a, str_sub(p->unit, sizeof "question/" - 1, p->unit.n)),
                     .class_ = q.put.class_,
                     .due = DATE_MAX};
    if (q.state == QUESTION_ACCEPTED || q.state == QUESTION_CORRECTED ||
        !tree_unit_of_code(d->tree, q.put.unit, &x.about)) {
        return RC_OK;
    }
    TRY(question_place(d, &q, replied ? QUESTION_ACT_ACCEPT : QUESTION_ACT_REPLY, &at, e));
    TRY(desk_unit(d, at, &x.at, e));
    if (replied) {
        exclude(f, &x, q.replied_by); /* QU2 */
    }
    add(f, x);
    return RC_OK;
}

static int duty_cmp(const void *p, const void *q)
{
    const struct duty *x = p;
    const struct duty *y = q;
    int c = date_cmp(x->due, y->due);
    c = c != 0 ? c : (int)x->kind - (int)y->kind;
    c = c != 0 ? c : str_cmp(x->id, y->id);
    c = c != 0 ? c : (x->about > y->about) - (x->about < y->about);
    return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

/* Where one of these duties is wanted; NULL: everywhere. */
static bool *wanted(const struct search *f, uint32_t duties)
{
    bool *at = ARENA_ARRAY(f->d->a, bool, f->d->tree->n_units + 1U);
    for (uint32_t i = 0; f->at != NULL && i < f->d->tree->n_units; i++) {
        at[i] = (f->at[i] & duties) != 0;
    }
    return f->at != NULL ? at : NULL;
}

/* With who ever stood below one of them: whose papers may wait there. */
static const bool *under(const struct desk *d, bool *below)
{
    const struct tree *t = d->tree;
    for (bool more = below != NULL; more;) {
        more = false;
        for (uint32_t i = 0; i < t->n_units; i++) {
            for (uint32_t k = 0; !below[i] && k < t->units[i].n; k++) {
                uint32_t up = NONE;
                struct str parent = t->versions[t->units[i].first + k].parent;
                below[i] = parent.n > 0 && tree_unit_of_code(t, parent, &up) && below[up];
                more = more || below[i];
            }
        }
    }
    return below;
}

enum rc duty_find(struct desk *d, int32_t remind, const uint32_t *at, struct duties *out,
                  struct err *e)
{
    struct search f = {.d = d, .remind = remind, .at = at, .out = out};
    struct task_lines tasks;
    struct round_views rounds;
    *out = (struct duties){0};
    TRY(task_list(d, remind, wanted(&f, TASKS), &tasks, e)); /* first: it may load the tree anew */
    f.below = under(d, wanted(&f, PAPERS));
    TRY(round_views(d, &rounds, e));
    for (uint32_t i = 0; i < rounds.list.n; i++) {
        TRY(add_round(&f, &rounds.list.items[i], e));
    }
    TRY(store_docs(d->reader, STR("filing/"), INT64_MAX, on_sheet, &f, e));
    TRY(store_docs(d->reader, STR("review/"), INT64_MAX, on_sheet, &f, e));
    TRY(store_docs(d->reader, STR("offer/"), INT64_MAX, on_offer, &f, e));
    TRY(store_docs(d->reader, STR("question/"), INT64_MAX, on_question, &f, e));
    for (uint32_t i = 0; i < tasks.list.n; i++) {
        TRY(add_task(&f, &tasks.list.items[i], e));
    }
    if (out->list.n > 1) {
        qsort(out->list.items, out->list.n, sizeof *out->list.items, duty_cmp);
    }
    return RC_OK;
}

/* ---- whose they are ------------------------------------------------------------------------- */

static struct seat_want want_of(const struct desk *d, const struct duty *x)
{
    return (struct seat_want){
        .op = kinds[x->kind].op, .unit = desk_code(d, x->at), .class = x->class_};
}

/* That something is pending in a sealed register is told to who can do it, and to nobody else. */
static bool is_private(const struct duty *x)
{
    return date_is_sentinel(x->due) && x->class_ == CLASS_SEALED;
}

/* What the table of rights lets a seat of the role do at such a unit. */
static uint32_t duties_of(enum seat_role role, enum seat_relation to)
{
    uint32_t bits = 0;
    for (uint32_t k = 0; k < DUTY__N; k++) {
        bits |= seat_right(kinds[k].op, role, to) > 0 ? 1U << k : 0;
    }
    return bits;
}

const uint32_t *duty_places(const struct desk *d, const struct seat_roster *r, struct str user)
{
    uint32_t *at = ARENA_ARRAY(d->a, uint32_t, d->tree->n_units + 1U);
    for (uint32_t k = 0; k < r->seats.n; k++) {
        const struct seat *s = &r->seats.items[k];
        for (uint32_t i = 0; i < d->tree->n_units && str_eq(seat_holder(s, r->day), user); i++) {
            at[i] |= duties_of(s->role, seat_relation_of(r, s->unit, desk_code(d, i)));
        }
    }
    return at;
}

struct duties duty_of_seat(const struct desk *d, const struct seat_roster *r, const struct seat *s,
                           const struct duties *all)
{
    struct duties out = {0};
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct seat_want want = want_of(d, &all->list.items[i]);
        if (seat_covers(r, s, &want) && !is_private(&all->list.items[i])) {
            vec_push(d->a, &out.list, all->list.items[i]);
        }
    }
    return out;
}

static bool is_excluded(const struct desk *d, const struct duty *x, struct str user)
{
    return x->excluded.list.n > 0 && is_among(&x->excluded, str_cat(d->a, STR("user/"), user));
}

struct duties duty_of_user(const struct desk *d, const struct seat_roster *r, struct str user,
                           const struct duties *all)
{
    struct duties out = {0};
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct seat_want want = want_of(d, &all->list.items[i]);
        if (seat_may(r, user, &want) != NULL && !is_excluded(d, &all->list.items[i], user)) {
            vec_push(d->a, &out.list, all->list.items[i]);
        }
    }
    return out;
}

struct str duty_line(const struct desk *d, const struct duty *x)
{
    char due[DATE_TEXT_BYTES];
    struct buf b;
    buf_init_in(&b, d->a, STORE_TEXT_BYTES);
    buf_printf(&b, "%s %.*s %.*s", kinds[x->kind].word, PS(x->id), PS(desk_code(d, x->about)));
    if (!date_is_sentinel(x->due)) {
        buf_printf(&b, " %.*s", PS(date_text(x->due, due)));
    }
    return buf_view(&b);
}

const struct str *duty_lines(const struct desk *d, const struct duties *list, uint32_t *n)
{
    uint32_t all = list->list.n;
    struct str *out = ARENA_ARRAY(d->a, struct str, SEAT_DUTIES_MAX + 1U);
    struct buf b;
    *n = all <= SEAT_DUTIES_MAX ? all : SEAT_DUTIES_MAX;
    for (uint32_t i = 0; i < *n; i++) {
        out[i] = duty_line(d, &list->list.items[i]);
    }
    if (all > *n) {
        buf_init_in(&b, d->a, 64);
        buf_printf(&b, "+ %u", all - *n + 1);
        out[*n - 1] = buf_view(&b);
    }
    return out;
}

enum rc duty_collect(struct arena *a, struct desk *d, const struct seat_roster *r,
                     const struct seat *s, const struct duty_told *told, const struct str **out,
                     uint32_t *n, struct err *e)
{
    struct duties all;
    uint32_t found = 0;
    const struct str *known = NULL;
    struct str holder = seat_holder(s, r->day);
    if (d != NULL) { /* where he has seats, this one among them */
        TRY(duty_find(d, 0, holder.n > 0 ? duty_places(d, r, holder) : NULL, &all, e));
        const struct duties his = duty_of_seat(d, r, s, &all);
        known = duty_lines(d, &his, &found);
    }
    struct str *list = ARENA_ARRAY(a, struct str, found + told->n + 1U);
    for (uint32_t i = 0; i < found; i++) {
        list[i] = known[i];
    }
    for (uint32_t i = 0; i < told->n; i++) {
        list[found + i] = told->list[i];
    }
    *out = list;
    *n = found + told->n;
    return RC_OK;
}

/* ---- reminding ------------------------------------------------------------------------------ */

struct seats_at {
    VEC(const struct seat *) list;
};

struct reminding {
    struct desk *d;
    const struct seat_roster *r;
    struct seats_at *at;  /* by unit */
    struct reminder **of; /* by unit; NULL: nothing yet */
    int8_t *visible;      /* by unit; 0: not asked yet, 1: yes, -1: no */
};

static void place_seats(struct reminding *m)
{
    for (uint32_t i = 0; i < m->r->seats.n; i++) {
        const struct seat *s = &m->r->seats.items[i];
        struct str code =
            s->unit.n > 0 || m->r->snap == NULL ? s->unit : tree_snap_code(m->r->snap, 0);
        uint32_t unit = NONE;
        if (tree_unit_of_code(m->d->tree, code, &unit)) {
            vec_push(m->d->a, &m->at[unit].list, s);
        }
    }
}

/* Of the seats at the unit itself: what is done elsewhere by a seat above is not in the table. */
static struct str holders_of(const struct reminding *m, const struct duty *x)
{
    struct buf b;
    const struct seat_want want = want_of(m->d, x);
    buf_init_in(&b, m->d->a, STORE_NOTE_BYTES);
    for (uint32_t i = 0; i < m->at[x->at].list.n; i++) {
        const struct seat *s = m->at[x->at].list.items[i];
        struct str who = seat_holder(s, m->r->day);
        if (who.n > 0 && seat_covers(m->r, s, &want) && seat_may(m->r, who, &want) != NULL &&
            !is_excluded(m->d, x, who)) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? " " : "", PS(who));
        }
    }
    return buf_view(&b);
}

static bool is_visible(struct reminding *m, uint32_t unit)
{
    struct desk *d = m->d;
    if (m->visible[unit] == 0) {
        bool may = d->may(d->may_ctx, d->actor, "round.read", desk_code(d, unit), CLASS_INTERNAL);
        m->visible[unit] = may ? 1 : -1;
    }
    return m->visible[unit] > 0;
}

static void remind_of(struct reminding *m, const struct duty *x)
{
    struct reminder *r = m->of[x->at];
    if (r == NULL) {
        r = ARENA_ARRAY(m->d->a, struct reminder, 1);
        r->unit = x->at;
        m->of[x->at] = r;
    }
    vec_push(m->d->a, &r->duties.list, *x);
    r->n_over += x->light == LIGHT_RED;
}

static void name_holders(const struct reminding *m, struct reminder *r)
{
    struct str *who = ARENA_ARRAY(m->d->a, struct str, r->duties.list.n + 1U);
    for (uint32_t i = 0; i < r->duties.list.n; i++) {
        who[i] = holders_of(m, &r->duties.list.items[i]);
    }
    r->holders = who;
}

/* At and below a unit, as the tree is today. */
static const uint32_t *at_and_below(const struct desk *d, const struct seat_roster *r,
                                    uint32_t within)
{
    const struct tree_snap *t = r->snap;
    uint32_t *at = ARENA_ARRAY(d->a, uint32_t, d->tree->n_units + 1U);
    uint32_t top = t->index_of[within];
    for (uint32_t i = top; top != TREE_NONE && i < t->end[top]; i++) {
        at[t->unit[i]] = UINT32_MAX;
    }
    return at;
}

enum rc duty_remind(struct desk *d, const struct seat_roster *r, int32_t days, uint32_t within,
                    struct reminders *out, struct err *e)
{
    struct duties all;
    *out = (struct reminders){0};
    TRY(duty_find(d, days, within != NONE ? at_and_below(d, r, within) : NULL, &all, e));
    uint32_t n = d->tree->n_units;
    struct reminding m = {.d = d,
                          .r = r,
                          .at = ARENA_ARRAY(d->a, struct seats_at, n + 1U),
                          .of = ARENA_ARRAY(d->a, struct reminder *, n + 1U),
                          .visible = ARENA_ARRAY(d->a, int8_t, n + 1U)};
    bool any = false;
    place_seats(&m);
    for (uint32_t i = 0; i < n; i++) {
        any = is_visible(&m, i) || any;
    }
    if (!any) {
        return desk_allow_at(d, "round.read", STR(""), CLASS_INTERNAL, e);
    }
    for (uint32_t i = 0; i < all.list.n; i++) {
        const struct duty *x = &all.list.items[i];
        if (x->light != LIGHT_GREEN && is_visible(&m, x->at)) {
            remind_of(&m, x);
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (m.of[i] != NULL) {
            name_holders(&m, m.of[i]);
            vec_push(d->a, &out->list, *m.of[i]);
        }
    }
    return RC_OK;
}
