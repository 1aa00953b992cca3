/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds: who owes what by when, what may be asked at all, what it costs, where it stands. */
#include "app/explain/said.h"
#include "app/report/report_int.h"
#include "app/report/roll.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/live.h"
#include "lang/diag.h"

#define ID_BYTES   100
#define ROUNDS     "rounds" /* subject of whoever opens one */
#define ROUND_READ "round.read"
#define FEW        64 /* documents that are asked for one by one, of thousands */

/* ---- names ---------------------------------------------------------------------------------- */

enum rc plan_form(struct arena *a, const struct plan *p, struct str text, uint32_t *out,
                  struct err *e)
{
    struct str *known = ARENA_ARRAY(a, struct str, p->n_commitments + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        if (k->kind != CK_FORM) {
            continue;
        }
        if (str_eq(k->id, text) || str_eq(k->name, text)) {
            *out = i;
            return RC_OK;
        }
        known[n++] = k->id;
    }
    uint32_t near = diag_nearest(text, known, n);
    enum rc rc =
        err_set(e, RC_NOT_FOUND, "the plan has no form %.*s", "计划中没有报表“%.*s”", PS(text));
    if (near < n) {
        err_hint(e, "Did you mean %.*s?", "是否指“%.*s”？", PS(known[near]));
    }
    return rc;
}

static bool names_item(const struct desk *d, struct str text, uint32_t item)
{
    return str_eq(text, d->plan->items[item].d.name) || str_eq(text, desk_item_name(d, item));
}

uint32_t round_item_of(const struct desk *d, const struct round_view *v, struct str text)
{
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        if (names_item(d, text, v->item[i])) {
            return i;
        }
    }
    return NONE;
}

/* Items of the round's document in the plan of today. */
static enum rc bind_items(struct desk *d, struct round_view *v, struct err *e)
{
    const struct commitment *form = &d->plan->commitments[v->form];
    v->item = ARENA_ARRAY(d->a, uint32_t, v->round.n_items + 1U);
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        uint32_t k = 0;
        while (k < form->n_items && !names_item(d, v->round.items[i], form->items[k])) {
            k++;
        }
        if (k == form->n_items) {
            return err_set(e, RC_CONFLICT, "the form %.*s has no item %.*s any more",
                           "报表 %.*s 已没有数据项“%.*s”", PS(v->round.form),
                           PS(v->round.items[i]));
        }
        v->item[i] = form->items[k];
    }
    return RC_OK;
}

/* ---- population ----------------------------------------------------------------------------- */

static bool is_named(const struct round *r, struct str code)
{
    bool named = r->n_only == 0;
    for (uint32_t i = 0; i < r->n_only; i++) {
        named |= str_eq(r->only[i], code);
    }
    return named;
}

enum rc round_population(struct desk *d, const struct round *r, uint32_t of_kind,
                         const uint32_t **units, uint32_t *n, struct err *e)
{
    const struct tree_snap *s = NULL;
    uint32_t within = NONE;
    VEC(uint32_t) all = {0};
    TRY(desk_tree(d, r->due, &s, e));
    TRY(desk_unit(d, r->within, &within, e));
    uint32_t top = s->index_of[within];
    for (uint32_t i = top; top != TREE_NONE && i < s->end[top]; i++) {
        if (plan_is_a(d->plan, s->kind[i], of_kind) && is_named(r, tree_snap_code(s, i))) {
            vec_push(d->a, &all, s->unit[i]);
        }
    }
    *units = all.items;
    *n = all.n;
    return RC_OK;
}

enum rc round_bind(struct desk *d, struct round_view *v, struct err *e)
{
    TRY(plan_form(d->a, d->plan, v->round.form, &v->form, e));
    TRY(bind_items(d, v, e));
    return round_population(d, &v->round, d->plan->commitments[v->form].of_kind, &v->units,
                            &v->n_units, e);
}

/* ---- the wish ------------------------------------------------------------------------------- */

static enum rc wish_words(struct desk *d, const struct round_wish *w, struct round *r,
                          struct err *e)
{
    if (w->id.n == 0 || w->id.n > ID_BYTES || str_find(w->id, STR("/"), 0) != STR_NONE) {
        return err_set(e, RC_INPUT, "a round needs an id without `/`, not %.*s",
                       "轮次编号不能为空或含“/”：%.*s", PS(w->id));
    }
    if (!date_parse(w->due, &r->due)) {
        return err_set(e, RC_INPUT, "the due day is a date such as 2025-10-15, not %.*s",
                       "截止日须为日期，如 2025-10-15，不能是 %.*s", PS(w->due));
    }
    r->until = r->due;
    if (w->minutes == 0) {
        return err_set(e, RC_INPUT, "say how many minutes a figure takes: the cost is shown by it",
                       "请写明每个数据项填报所需的分钟数，用于估算填报负担");
    }
    if (w->signatures > SIGNER__COUNT) {
        return err_set(e, RC_INPUT, "at most %u signatures", "签字至多 %u 个",
                       (unsigned)SIGNER__COUNT);
    }
    r->id = w->id;
    r->minutes = w->minutes;
    r->signatures = w->signatures;
    r->opened = (struct report_mark){.act = ACT_SAVE, .actor = d->actor, .day = d->today};
    return period_parse(w->period, &r->period, e);
}

static enum rc wish_units(struct desk *d, const struct round_wish *w, struct round *r,
                          struct err *e)
{
    const struct tree_snap *s = NULL;
    uint32_t unit = NONE;
    struct str *only = ARENA_ARRAY(d->a, struct str, w->n_only + 1U);
    TRY(desk_tree(d, r->due, &s, e));
    if (s->n == 0) {
        return err_set(e, RC_INPUT, "nobody stands on the due day", "截止日没有存续的机构");
    }
    r->opened.unit = tree_snap_code(s, 0);
    r->within = r->opened.unit;
    if (w->within.n > 0) {
        TRY(desk_unit(d, w->within, &unit, e));
        r->within = desk_code(d, unit);
    }
    for (uint32_t i = 0; i < w->n_only; i++) {
        TRY(desk_unit(d, w->only[i], &unit, e));
        only[i] = desk_code(d, unit);
    }
    r->only = only;
    r->n_only = w->n_only;
    return RC_OK;
}

static bool left_out(const struct desk *d, const struct round_wish *w, uint32_t item,
                     uint32_t *used)
{
    bool out = false;
    for (uint32_t i = 0; i < w->n_without; i++) {
        bool hit = names_item(d, w->without[i], item);
        *used += hit;
        out |= hit;
    }
    return out;
}

static enum rc wish_items(struct desk *d, const struct round_wish *w, struct round_view *v,
                          struct err *e)
{
    const struct commitment *form = &d->plan->commitments[v->form];
    struct str *items = ARENA_ARRAY(d->a, struct str, form->n_items + 1U);
    uint32_t used = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < form->n_items; i++) {
        const struct item *item = &d->plan->items[form->items[i]];
        if (left_out(d, w, form->items[i], &used)) {
            continue;
        }
        if (item->period != v->round.period.kind) {
            return err_set(e, RC_INPUT, "%.*s is not reported for periods like this one",
                           "“%.*s”的报送周期与本轮时期不符", PS(item->d.name));
        }
        items[n++] = desk_item_name(d, form->items[i]);
    }
    if (used < w->n_without) {
        return err_set(e, RC_INPUT, "the form %.*s does not have all items to leave out",
                       "报表 %.*s 没有全部要去掉的数据项", PS(form->id));
    }
    if (n == 0) {
        return err_set(e, RC_INPUT, "nothing is left to ask", "没有要采集的数据项");
    }
    v->round.items = items;
    v->round.n_items = n;
    v->round.form = form->id;
    return RC_OK;
}

/* ---- never ask twice ------------------------------------------------------------------------ */

static struct str place_of(const struct desk *d, const struct commitment *k)
{
    struct buf b;
    buf_init_in(&b, d->a, 4096);
    buf_printf(&b, "%.*s (%.*s:%u)", PS(k->id), PS(k->at.file), k->at.line);
    return buf_view(&b);
}

/* Another form of the plan, whose units may be the same. */
static void asked_by_forms(struct desk *d, struct round_view *v)
{
    const struct plan *p = d->plan;
    uint32_t kind = p->commitments[v->form].of_kind;
    for (uint32_t c = 0; c < p->n_commitments; c++) {
        const struct commitment *k = &p->commitments[c];
        if (k->kind != CK_FORM || c == v->form ||
            (!plan_is_a(p, k->of_kind, kind) && !plan_is_a(p, kind, k->of_kind))) {
            continue;
        }
        for (uint32_t i = 0; i < k->n_items; i++) {
            for (uint32_t j = 0; j < v->round.n_items; j++) {
                if (k->items[i] == v->item[j]) {
                    found_add(d, &v->against, FAULT_ASKED_BY_FORM, v->round.items[j],
                              place_of(d, k));
                }
            }
        }
    }
}

/* A register that the expression counts, and nothing else: literals and arithmetic aside. NONE. */
// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
static uint32_t counts_register(const struct plan *p, uint32_t ix, bool *other)
{
    if (ix == NONE) {
        return NONE;
    }
    const struct expr *x = &p->exprs[ix];
    if (x->op == EX_AGG && x->over == OVER_REGISTER) {
        return x->over_ref;
    }
    uint32_t found = NONE;
    if (x->op == EX_INDICATOR) {
        const struct commitment *k = &p->commitments[x->ref];
        for (uint32_t i = 0; i < k->n_definitions; i++) {
            found = counts_register(p, k->definitions[i].measure, other);
        }
        return found;
    }
    *other |= ((EXPR_OP(NUM) | EXPR_OP(NEG) | EXPR_OP(ADD) | EXPR_OP(SUB) | EXPR_OP(MUL) |
                EXPR_OP(DIV)) >>
                   x->op &
               1) == 0;
    const uint32_t operands[] = {x->a, x->b, x->c};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t one = counts_register(p, operands[i], other);
        found = one != NONE ? one : found;
    }
    return found;
}

/* `ITEM = what a register counts`, either way round: the register; NONE: it says something else. */
static uint32_t answers(const struct plan *p, const struct commitment *k, uint32_t item)
{
    if (k->kind != CK_CHECK || k->soft || k->condition == NONE ||
        p->exprs[k->condition].op != EX_EQ) {
        return NONE;
    }
    const struct expr *eq = &p->exprs[k->condition];
    bool left = p->exprs[eq->a].op == EX_ITEM && p->exprs[eq->a].ref == item;
    bool right = p->exprs[eq->b].op == EX_ITEM && p->exprs[eq->b].ref == item;
    bool other = !left && !right;
    uint32_t reg = other ? NONE : counts_register(p, left ? eq->b : eq->a, &other);
    return other ? NONE : reg;
}

/* A hard check ties the item to a register: whoever keeps its rows has answered. */
static void in_registers(struct desk *d, struct round_view *v)
{
    const struct plan *p = d->plan;
    for (uint32_t c = 0; c < p->n_commitments; c++) {
        const struct commitment *k = &p->commitments[c];
        for (uint32_t j = 0; j < v->round.n_items; j++) {
            uint32_t reg = answers(p, k, v->item[j]);
            if (reg != NONE) {
                struct str place = str_cat(d->a, p->regs[reg].name, STR(", "));
                found_add(d, &v->against, FAULT_IN_REGISTER, v->round.items[j],
                          str_cat(d->a, place, place_of(d, k)));
            }
        }
    }
}

struct looking {
    struct desk *d;
    struct round_view *v;
    bool *owes; /* by unit */
};

static bool meets(const struct looking *l, const struct round_view *other)
{
    for (uint32_t i = 0; i < other->n_units; i++) {
        if (l->owes[other->units[i]]) {
            return true;
        }
    }
    return false;
}

static enum rc on_other_round(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct looking *l = ctx;
    struct desk *d = l->d;
    struct str subject = str_dup(d->a, p->unit);
    struct round_view other = {.round.id = str_sub(subject, 6, subject.n)}; /* `round/` */
    struct err unbound = {0};
    TRY(round_read(d->a, str_dup(d->a, p->body), &other.round, e));
    if (str_eq(other.round.id, l->v->round.id)) {
        return err_set(e, RC_CONFLICT, "there is a round %.*s already", "已有轮次 %.*s",
                       PS(other.round.id));
    }
    if (!period_eq(other.round.period, l->v->round.period) ||
        round_bind(d, &other, &unbound) != RC_OK || !meets(l, &other)) {
        return RC_OK; /* what the plan does not know any more asks for nothing */
    }
    for (uint32_t i = 0; i < other.round.n_items; i++) {
        for (uint32_t j = 0; j < l->v->round.n_items; j++) {
            if (other.item[i] == l->v->item[j]) {
                found_add(d, &l->v->against, FAULT_ASKED_BY_ROUND, l->v->round.items[j],
                          other.round.id);
            }
        }
    }
    return RC_OK;
}

/* first: the figure of the lowest unit that has one; n: how many units have. */
static void held_at(const struct looking *l, uint32_t j, uint32_t unit,
                    const struct provenance *from, uint32_t n)
{
    struct desk *d = l->d;
    struct buf b;
    if (d->plan->items[l->v->item[j]].d.class_ > CLASS_INTERNAL) {
        /* That somebody holds one is all an issuer may know of it. */
        found_add(d, &l->v->against, FAULT_HELD, l->v->round.items[j], STR("–"));
        return;
    }
    buf_init_in(&b, d->a, 4096);
    buf_printf(&b, "%.*s, #%u", PS(desk_code(d, unit)), from->line);
    if (from->source.n > 0) {
        buf_printf(&b, ", %.*s", PS(from->source));
    }
    if (n > 1) {
        buf_printf(&b, " (+%u)", n - 1);
    }
    found_add(d, &l->v->against, FAULT_HELD, l->v->round.items[j], buf_view(&b));
}

/* Of the versions of a cell, from facts[i] on, the accepted one that counts (C30); NULL: none does.
 * *end: the next cell. */
static const struct fact *counting(const struct dataset *data, uint32_t i, uint32_t *end)
{
    const struct fact *first = &data->facts[i];
    const struct fact *found = NULL;
    for (; i < data->n_facts; i++) {
        const struct fact *f = &data->facts[i];
        if (f->item != first->item || f->unit != first->unit ||
            !period_eq(f->period, first->period)) {
            break;
        }
        found = f->status == ROW_ACCEPTED ? f : found;
    }
    *end = i;
    return found;
}

/* Figures of the period that somebody who would owe has already. */
static void held_in_facts(const struct looking *l)
{
    const struct dataset *data = l->d->data;
    for (uint32_t j = 0; j < l->v->round.n_items; j++) {
        const struct fact *first = NULL;
        uint32_t n = 0;
        for (uint32_t i = 0; i < data->n_facts;) {
            const struct fact *f = counting(data, i, &i);
            if (f != NULL && f->item == l->v->item[j] && f->value.has && l->owes[f->unit] &&
                period_eq(f->period, l->v->round.period)) {
                first = first != NULL ? first : f;
                n++;
            }
        }
        if (n > 0) {
            held_at(l, j, first->unit, &first->from, n);
        }
    }
}

/* The same of the live cells; who said the first one is read from the book. */
static enum rc held_in_cells(const struct looking *l, struct err *e)
{
    struct desk *d = l->d;
    struct live_reader *live = NULL;
    TRY(desk_look(d, &live, e));
    const struct said_options so = {
        .reader = d->reader, .plan = d->plan, .tree = d->tree, .upto = INT64_MAX, .day = d->today};
    struct said *said = said_make(d->a, &so);
    for (uint32_t j = 0; j < l->v->round.n_items; j++) {
        uint32_t first = NONE;
        uint32_t n = 0;
        for (uint32_t i = 0; i < d->tree->n_units; i++) {
            struct period period = l->v->round.period;
            if (l->owes[i] && cells_item(d->a, live_cells(live), l->v->item[j], i, period).known) {
                first = first != NONE ? first : i;
                n++;
            }
        }
        struct provenance from = {0};
        if (n > 0) {
            (void)said_by(said, l->v->item[j], first, l->v->round.period, &from);
            held_at(l, j, first, &from, n);
        }
    }
    desk_look_away(d);
    return RC_OK;
}

/* ---- what earlier rounds of the form took ---------------------------------------------------- */

static enum rc on_earlier(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct looking *l = ctx;
    struct submission s = {0};
    TRY(submission_read(l->d->a, str_dup(l->d->a, p->body), &s, e));
    if (s.minutes > 0) {
        l->v->earlier_minutes += s.minutes;
        l->v->earlier_reports++;
    }
    return RC_OK;
}

static enum rc on_form_round(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct looking *l = ctx;
    struct desk *d = l->d;
    struct round r = {0};
    struct str id = str_dup(d->a, str_sub(p->unit, 6, p->unit.n));
    TRY(round_read(d->a, str_dup(d->a, p->body), &r, e));
    if (!str_eq(r.form, l->v->round.form)) {
        return RC_OK;
    }
    struct str prefix = submission_subject(d->a, id, STR(""));
    return store_docs(d->reader, prefix, INT64_MAX, on_earlier, l, e);
}

/* The subjects of all rounds first: a reader does one thing at a time. */
struct subjects {
    struct arena *a;
    VEC(struct store_parcel) list;
};

static enum rc on_subject(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct subjects *s = ctx;
    (void)e;
    struct store_parcel copy = *p;
    copy.unit = str_dup(s->a, p->unit);
    copy.body = str_dup(s->a, p->body);
    vec_push(s->a, &s->list, copy);
    return RC_OK;
}

enum rc round_each(struct desk *d, store_parcel_fn *fn, void *ctx, struct err *e)
{
    struct subjects all = {.a = d->a};
    TRY(store_docs(d->reader, STR("round/"), INT64_MAX, on_subject, &all, e));
    for (uint32_t i = 0; i < all.list.n; i++) {
        TRY(fn(ctx, &all.list.items[i], e));
    }
    return RC_OK;
}

/* ---- trying and opening --------------------------------------------------------------------- */

enum rc round_try(struct desk *d, const struct round_wish *w, struct round_view *out, struct err *e)
{
    struct looking l = {.d = d, .v = out};
    *out = (struct round_view){0};
    TRY(wish_words(d, w, &out->round, e));
    if (d->eye == NULL) {
        TRY(desk_facts(d, e)); /* first: it loads the tree anew */
    }
    TRY(wish_units(d, w, &out->round, e));
    TRY(plan_form(d->a, d->plan, w->form, &out->form, e));
    TRY(wish_items(d, w, out, e));
    TRY(round_bind(d, out, e));
    TRY(desk_allow_at(d, "round.try", out->round.opened.unit, CLASS_INTERNAL, e));
    l.owes = ARENA_ARRAY(d->a, bool, d->tree->n_units + 1U);
    for (uint32_t i = 0; i < out->n_units; i++) {
        l.owes[out->units[i]] = true;
    }
    if (out->n_units == 0 || (w->n_only > 0 && out->n_units < w->n_only)) {
        return err_set(e, RC_INPUT, "%u units would owe this form, not all that were named",
                       "只有 %u 个机构属于填报对象，与点名的不符", out->n_units);
    }
    TRY(store_head(d->reader, STR(ROUNDS), &out->seen, e));
    asked_by_forms(d, out);
    in_registers(d, out);
    TRY(round_each(d, on_other_round, &l, e));
    if (d->eye != NULL) {
        TRY(held_in_cells(&l, e));
    } else {
        held_in_facts(&l);
    }
    return round_each(d, on_form_round, &l, e);
}

enum rc round_open(struct desk *d, struct round_view *v, struct err *e)
{
    struct str subject = round_subject(d->a, v->round.id);
    struct str body = round_write(d->a, &v->round);
    /* Of two who open rounds at once, one looks again: each may ask what the other asks. */
    const struct store_expect expects[] = {{subject, 0}, {STR(ROUNDS), v->seen}};
    const struct store_parcel parcel = doc_parcel(subject, body);
    struct store_commit c = {.actor = d->actor,
                             .act = STR("round.open"),
                             .expects = expects,
                             .n_expects = 2,
                             .parcels = &parcel,
                             .n_parcels = 1};
    struct store_receipt got;
    TRY(desk_allow_at(d, "round.open", v->round.opened.unit, CLASS_INTERNAL, e));
    if (v->against.list.n > 0) {
        return RC_FINDINGS;
    }
    TRY(desk_token(d, "round.open", subject, v->seen, body, &c.token, e));
    TRY(desk_commit(d, &c, &got, e));
    v->seen = got.seq;
    return RC_OK;
}

enum rc round_extend(struct desk *d, struct round_view *v, struct date until, struct str cause,
                     struct err *e)
{
    struct round after = v->round;
    struct store_receipt got;
    char day[DATE_TEXT_BYTES];
    TRY(desk_allow_at(d, "round.extend", v->round.opened.unit, CLASS_INTERNAL, e));
    if (str_trim(cause).n == 0) {
        return err_set(e, RC_INPUT, "say why it is extended", "请写明延期原因");
    }
    if (date_cmp(until, v->round.until) <= 0 || date_cmp(until, d->today) < 0) {
        return err_set(e, RC_INPUT, "the new due day is after %.*s and not over yet",
                       "新的截止日须晚于 %.*s 且不早于今天", PS(date_text(v->round.until, day)));
    }
    after.until = until;
    after.cause = cause;
    after.by = (struct report_mark){
        .act = ACT_SAVE, .actor = d->actor, .unit = v->round.opened.unit, .day = d->today};
    struct str subject = round_subject(d->a, v->round.id);
    struct str body = round_write(d->a, &after);
    const struct store_expect expect = {subject, v->seen};
    const struct store_parcel parcel = doc_parcel(subject, body);
    struct store_commit c = {.actor = d->actor,
                             .act = STR("round.extend"),
                             .note = cause,
                             .expects = &expect,
                             .n_expects = 1,
                             .parcels = &parcel,
                             .n_parcels = 1};
    TRY(desk_token(d, "round.extend", subject, v->seen, body, &c.token, e));
    TRY(desk_commit(d, &c, &got, e));
    v->round = after;
    v->seen = got.seq;
    return RC_OK;
}

struct rounds {
    struct desk *d;
    struct round_views *out;
};

struct finding_round {
    struct desk *d;
    struct round *round;
    int64_t seq;
};

static enum rc on_round(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct finding_round *f = ctx;
    f->seq = p->seq;
    return round_read(f->d->a, str_dup(f->d->a, p->body), f->round, e);
}

enum rc round_find(struct desk *d, struct str id, struct round_view *out, struct err *e)
{
    struct finding_round f = {.d = d, .round = &out->round};
    *out = (struct round_view){.round.id = id};
    TRY(store_doc(d->reader, round_subject(d->a, id), INT64_MAX, on_round, &f, e));
    out->seen = f.seq;
    if (f.seq == 0) {
        return err_set(e, RC_NOT_FOUND, "there is no round %.*s", "没有轮次 %.*s", PS(id));
    }
    return round_bind(d, out, e);
}

static enum rc on_view(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct rounds *x = ctx;
    struct round_view v = {.round.id = str_sub(p->unit, 6, p->unit.n), .seen = p->seq};
    struct err unbound = {0};
    TRY(round_read(x->d->a, p->body, &v.round, e));
    if (round_bind(x->d, &v, &unbound) == RC_OK) {
        vec_push(x->d->a, &x->out->list, v);
    }
    return RC_OK;
}

enum rc round_views(struct desk *d, struct round_views *out, struct err *e)
{
    struct rounds x = {d, out};
    *out = (struct round_views){0};
    return round_each(d, on_view, &x, e);
}

enum rc round_narrow(struct desk *d, struct round_view *v, uint32_t unit, struct err *e)
{
    const struct tree_snap *s = NULL;
    uint32_t *kept = ARENA_ARRAY(d->a, uint32_t, v->n_units + 1U);
    uint32_t n = 0;
    TRY(desk_tree(d, v->round.due, &s, e));
    uint32_t top = s->index_of[unit];
    for (uint32_t i = 0; top != TREE_NONE && i < v->n_units; i++) {
        uint32_t at = s->index_of[v->units[i]];
        if (at >= top && at < s->end[top]) {
            kept[n++] = v->units[i];
        }
    }
    v->units = kept;
    v->n_units = n;
    return RC_OK;
}

struct rat round_hours(struct arena *a, const struct round_view *v)
{
    struct rat figures = rat_mul(a, rat_int(v->n_units), rat_int(v->round.n_items));
    return rat_mul(a, figures, rat_make(a, v->round.minutes, 60));
}

/* ---- where it stands ------------------------------------------------------------------------ */

struct lining {
    struct desk *d;
    struct round_status *s;
    struct map index; /* code -> line */
    uint32_t skip;    /* bytes of the prefix */
};

static enum rc on_report(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct lining *l = ctx;
    uint32_t i = 0;
    struct submission doc;
    struct str code = str_sub(p->unit, l->skip, p->unit.n);
    if (!map_get(&l->index, code, &i)) {
        return RC_OK; /* owed by nobody any more: the tree has changed */
    }
    TRY(submission_read(l->d->a, str_dup(l->d->a, p->body), &doc, e));
    doc.unit = l->s->lines[i].brief.unit;
    l->s->lines[i].brief = submission_brief(&doc);
    l->s->lines[i].seen = p->seq;
    return RC_OK;
}

/* The plain way: a few documents one by one, else all of the round. */
static enum rc read_lines(struct desk *d, struct str round, struct round_status *out, struct err *e)
{
    struct str prefix = submission_subject(d->a, round, STR(""));
    struct lining l = {.d = d, .s = out, .skip = prefix.n};
    for (uint32_t i = 0; i < out->n; i++) {
        map_put(d->a, &l.index, out->lines[i].brief.unit, i);
    }
    for (uint32_t i = 0; out->n <= FEW && i < out->n; i++) {
        struct str subject = str_cat(d->a, prefix, out->lines[i].brief.unit);
        TRY(store_doc(d->reader, subject, INT64_MAX, on_report, &l, e));
    }
    return out->n > FEW ? store_docs(d->reader, prefix, INT64_MAX, on_report, &l, e) : RC_OK;
}

enum rc round_all_lines(struct desk *d, const struct round_view *v, struct round_status *out,
                        struct err *e)
{
    *out = (struct round_status){.n = v->n_units};
    out->lines = ARENA_ARRAY(d->a, struct round_line, v->n_units + 1U);
    for (uint32_t i = 0; i < v->n_units; i++) {
        out->lines[i].unit = v->units[i];
        out->lines[i].brief = (struct submission_brief){
            .unit = desk_code(d, v->units[i]), .waits_for = STR(""), .submitted = DATE_MIN};
    }
    if (d->roll == NULL || !roll_fill(d->roll, v->round.id, out->lines, out->n)) {
        TRY(read_lines(d, v->round.id, out, e));
    }
    for (uint32_t i = 0; i < out->n; i++) {
        struct round_line *x = &out->lines[i];
        bool never = date_is_sentinel(x->brief.submitted);
        x->late = date_cmp(never ? d->today : x->brief.submitted, v->round.until) > 0;
        out->n_late += x->late;
        out->of_state[x->brief.state]++;
    }
    return RC_OK;
}

struct one_doc {
    struct desk *d;
    struct submission *out;
    int64_t *seen;
};

static enum rc on_one(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct one_doc *x = ctx;
    *x->seen = p->seq;
    return submission_read(x->d->a, str_dup(x->d->a, p->body), x->out, e);
}

enum rc round_doc(struct desk *d, const struct round_view *v, uint32_t unit, struct submission *out,
                  int64_t *seen, struct err *e)
{
    struct one_doc x = {d, out, seen};
    *seen = 0;
    *out = (struct submission){
        .round = v->round.id, .unit = desk_code(d, unit), .submitted = DATE_MIN};
    struct str subject = submission_subject(d->a, v->round.id, out->unit);
    return store_doc(d->reader, subject, INT64_MAX, on_one, &x, e);
}

void round_see(const struct desk *d, struct round_view *v, int8_t *asked)
{
    uint32_t *seen = ARENA_ARRAY(d->a, uint32_t, v->n_units + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n_units; i++) {
        uint32_t unit = v->units[i];
        if (asked[unit] == 0) {
            bool may = d->may(d->may_ctx, d->actor, ROUND_READ, desk_code(d, unit), CLASS_INTERNAL);
            asked[unit] = may ? 1 : -1;
        }
        if (asked[unit] > 0) {
            seen[n++] = unit;
        }
    }
    v->units = seen;
    v->n_units = n;
}

enum rc round_lines(struct desk *d, struct round_view *v, struct round_status *out, struct err *e)
{
    round_see(d, v, ARENA_ARRAY(d->a, int8_t, d->tree->n_units + 1U));
    if (v->n_units == 0) {
        TRY(desk_allow_at(d, ROUND_READ, STR(""), CLASS_INTERNAL, e));
    }
    return round_all_lines(d, v, out, e);
}

enum rc round_waiting(struct desk *d, struct str at, struct round_status *s, struct err *e)
{
    uint32_t tier = 0;
    uint32_t n = 0;
    TRY(desk_unit(d, at, &tier, e));
    TRY(desk_allow_at(d, ROUND_READ, desk_code(d, tier), CLASS_INTERNAL, e));
    for (uint32_t i = 0; i < s->n; i++) {
        if (str_eq(s->lines[i].brief.waits_for, desk_code(d, tier))) {
            s->lines[n++] = s->lines[i];
        }
    }
    s->n = n;
    return RC_OK;
}

/* ---- locking -------------------------------------------------------------------------------- */

struct locking {
    VEC(struct store_expect) expects;
    VEC(struct store_parcel) parcels;
};

static enum rc lock_one(struct desk *d, const struct round_view *v, uint32_t unit,
                        struct locking *l, struct err *e)
{
    struct submission now;
    struct submission after;
    int64_t seen = 0;
    struct report_act act = {
        .act = ACT_LOCK, .actor = d->actor, .unit = v->round.opened.unit, .day = d->today};
    TRY(round_doc(d, v, unit, &now, &seen, e));
    if (now.state != REPORT_ACCEPTED) {
        return RC_OK; /* it was a moment ago */
    }
    struct store_expect expect = {submission_subject(d->a, v->round.id, now.unit), 0};
    TRY(report_step(d->a, &v->round, &now, &act, &after, e));
    TRY(store_head(d->reader, expect.subject, &expect.seen, e));
    vec_push(d->a, &l->expects, expect);
    vec_push(d->a, &l->parcels, doc_parcel(expect.subject, submission_write(d->a, &after)));
    return RC_OK;
}

static enum rc lock_lines(struct desk *d, const struct round_view *v, struct locking *l,
                          struct err *e)
{
    struct round_status s;
    TRY(round_all_lines(d, v, &s, e));
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.lines[i].brief.state == REPORT_ACCEPTED) {
            TRY(lock_one(d, v, s.lines[i].unit, l, e));
        }
    }
    return RC_OK;
}

enum rc round_lock(struct desk *d, const struct round_view *v, uint32_t *n, struct err *e)
{
    struct locking l = {0};
    struct store_receipt got;
    TRY(desk_allow_at(d, "report.lock", v->round.opened.unit, CLASS_INTERNAL, e));
    TRY(store_begin(d->reader, e));
    enum rc rc = lock_lines(d, v, &l, e);
    store_done(d->reader);
    *n = l.parcels.n;
    if (rc != RC_OK || *n == 0) {
        return rc;
    }
    struct store_commit c = {.actor = d->actor,
                             .act = STR("report.lock"),
                             .expects = l.expects.items,
                             .n_expects = l.expects.n,
                             .parcels = l.parcels.items,
                             .n_parcels = l.parcels.n};
    struct buf all;
    buf_init_in(&all, d->a, STORE_COMMIT_BYTES);
    for (uint32_t i = 0; i < l.expects.n; i++) {
        const struct store_expect *x = &l.expects.items[i];
        buf_printf(&all, "%.*s %lld;", PS(x->subject), (long long)x->seen);
    }
    TRY(desk_token(d, "report.lock", round_subject(d->a, v->round.id), 0, buf_view(&all), &c.token,
                   e));
    return desk_commit(d, &c, &got, e);
}
