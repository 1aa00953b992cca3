/* SPDX-License-Identifier: Apache-2.0 */
/* Registers: which there are, a unit's own with its rows, where the owners stand. */
#include "http/do/register.h"

#include "app/answer.h"
#include "base/arena.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"
#include "http/verdict.h"

/* ---- those of the plan ---------------------------------------------------------------------- */

struct registers {
    struct desk d;
    struct register_how *how;
};

static struct str register_key(void *ctx, uint32_t i)
{
    return ((const struct registers *)ctx)->d.plan->regs[i].name;
}

static void register_row(void *ctx, uint32_t i, struct page *p)
{
    const struct registers *x = ctx;
    const struct reg *g = &x->d.plan->regs[i];
    enum data_class class_ = register_class(x->d.plan, i);
    page_text(p, "register", g->name);
    page_text(p, "owners", register_owners(&x->d, i));
    page_text(p, "filed", g->filed ? period_kind_en(g->filing) : STR(""));
    page_word(p, "review", x->how[i].by_row ? "rows" : "state",
              x->how[i].by_row ? "逐行" : "随报送");
    page_int(p, "signatures", x->how[i].signatures);
    page_word(p, "class", register_class_name(class_, false), register_class_name(class_, true));
    struct json *j = page_json(p, "fields");
    if (j != NULL) {
        register_fields_json(&x->d, i, j);
    }
}

enum rc do_registers(struct ask *q)
{
    struct registers x;
    TRY(ask_desk(q, &x.d));
    TRY(desk_allow_at(&x.d, "register.list", STR(""), CLASS_PUBLIC, &q->e));
    x.how = ARENA_ARRAY(q->a, struct register_how, x.d.plan->n_regs + 1U);
    for (uint32_t i = 0; i < x.d.plan->n_regs; i++) {
        TRY(register_how_of(&x.d, i, &x.how[i], &q->e));
    }
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.d.plan->n_regs,
                                              .title = {"registers", "台账"},
                                              .key = register_key,
                                              .row = register_row});
}

enum rc do_register_set(struct ask *q)
{
    struct desk d;
    struct json j;
    uint32_t reg = 0;
    struct register_how how;
    struct str review = ask_member(q, "review");
    bool by_row = str_eq(review, STR("rows"));
    if (!by_row && !str_eq(review, STR("state"))) {
        q->at = STR("/review");
        return err_set(&q->e, RC_INPUT, "review is rows or state", "审核方式须为 rows 或 state");
    }
    TRY(ask_desk(q, &d));
    TRY(register_find(&d, ask_word(q, 0), &reg, &q->e));
    TRY(register_set(&d, reg, by_row, (uint32_t)json_number(json_get(q->body, "signatures")),
                     &q->e));
    TRY(register_how_of(&d, reg, &how, &q->e));
    ask_json(q, &j);
    json_kv_cstr(&j, "review", how.by_row ? "rows" : "state");
    json_kv_int(&j, "signatures", how.signatures);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- a unit's ------------------------------------------------------------------------------- */

static enum rc may_open(struct keeping *k, struct right right)
{
    struct ask *q = k->q;
    uint32_t reg = 0;
    uint32_t unit = 0;
    TRY(register_find(&k->d, ask_word(q, 0), &reg, &q->e));
    TRY(desk_unit(&k->d, ask_word(q, 1), &unit, &q->e));
    enum data_class class_ = register_class(k->d.plan, reg);
    struct str code = desk_code(&k->d, unit);
    return right_ask(q, right, code, class_);
}

enum rc keeping_open(struct ask *q, struct right right, struct keeping *k)
{
    *k = (struct keeping){.q = q};
    TRY(ask_desk(q, &k->d));
    TRY(may_open(k, right));
    TRY(register_open(&k->d, ask_word(q, 0), ask_word(q, 1), &k->v, &q->e));
    return RC_OK;
}

int64_t keeping_seen(const struct ask *q)
{
    const struct json_value *seen = json_get(q->body, "seen");
    return seen != NULL ? json_number(seen) : REPORT_JUST_READ;
}

static void counts_json(const struct keeping *k, struct json *j)
{
    uint32_t standing = k->v.unnamed;
    uint32_t pending = 0;
    for (uint32_t i = 0; i < k->v.rows.n; i++) {
        standing += k->v.rows.items[i].doc.stands > 0;
        pending += entry_pending(k->v.rows.items[i].doc.state);
    }
    json_kv_int(j, "standing", standing);
    json_kv_int(j, "pending", pending);
    json_kv_int(j, "unnamed", k->v.unnamed);
}

enum rc do_register(struct ask *q)
{
    struct keeping k;
    struct json j;
    struct register_review s;
    struct str period = ask_text(q, "period");
    TRY(keeping_open(q, KEEPING_READ, &k));
    TRY(period.n > 0 ? register_statement(&k.d, &k.v, period, &s, &q->e) : RC_OK);
    ask_json(q, &j);
    json_kv_str(&j, "register", k.d.plan->regs[k.v.reg].name);
    json_kv_str(&j, "unit", desk_code(&k.d, k.v.unit));
    json_kv_str(&j, "unit_name", answer_unit_name(k.d.tree, k.v.unit, k.d.today));
    json_kv_cstr(&j, "review", k.v.how.by_row ? "rows" : "state");
    json_kv_int(&j, "signatures", k.v.how.signatures);
    json_kv_cstr(&j, "class", register_class_name(k.v.class_, false));
    json_kv_int(&j, "commit", k.v.touched);
    counts_json(&k, &j);
    json_key(&j, "fields");
    register_fields_json(&k.d, k.v.reg, &j);
    if (period.n > 0) {
        json_key(&j, "statement");
        register_statement_json(&s, &j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void content(struct page *p, const struct desk *d, const struct register_view *v,
                    const char *name, const struct reg_row *row)
{
    struct json *j = page_json(p, name);
    if (j != NULL) {
        register_row_json(d, v, row, j);
    }
}

/* "" of a code that nobody has. */
static struct str named(const struct desk *d, struct str code)
{
    uint32_t unit = NONE;
    return tree_unit_of_code(d->tree, code, &unit) ? answer_unit_name(d->tree, unit, d->today)
                                                   : STR("");
}

static void row_cells(void *ctx, uint32_t i, struct page *p)
{
    struct keeping *k = ctx;
    const struct entry *t = &k->v.rows.items[i];
    const struct reg_row *row = entry_row(t);
    const struct submission r = register_review_of(&k->carrier, i);
    page_text(p, "id", t->id);
    page_word(p, "state", entry_state_name(t->doc.state), entry_state_text(t->doc.state, true));
    page_text(p, "when", row != NULL ? register_when(&k->d, row) : STR(""));
    page_text(p, "content",
              row != NULL ? register_content(&k->d, &k->v, row, k->q->chinese) : STR(""));
    page_int(p, "version", t->doc.version);
    page_int(p, "stands", t->doc.stands);
    page_bool(p, "strike", t->doc.strike);
    page_text(p, "cause", t->doc.cause);
    page_text(p, "before", t->doc.before);
    page_text(p, "after", t->doc.after);
    page_bool(p, "transfer", t->doc.transfer);
    page_text(p, "offered", t->doc.offered);
    page_text(p, "offered_name", named(&k->d, t->doc.offered));
    page_day(p, "offered_from", t->doc.from);
    page_text(p, "declined", t->doc.declined);
    page_text(p, "waits_for", register_waits_for(&r));
    page_int(p, "seen", t->seen);
    if (t->doc.stands > 0) {
        content(p, &k->d, &k->v, "standing", &t->stands);
    }
    if (entry_pending(t->doc.state)) {
        content(p, &k->d, &k->v, "proposed", &t->pending);
    }
    struct json *j = page_json(p, "returned");
    if (j != NULL) {
        register_notes_json(&k->d, &r.returned, t->id, j);
    }
}

static struct str row_key(void *ctx, uint32_t i)
{
    return ((const struct keeping *)ctx)->v.rows.items[i].id;
}

static uint32_t row_find(void *ctx, struct str key)
{
    uint32_t i = 0;
    return map_get(&((const struct keeping *)ctx)->v.index, key, &i) ? i : UINT32_MAX;
}

static bool row_shows(void *ctx, uint32_t i)
{
    const struct keeping *k = ctx;
    struct str state = ask_text(k->q, "state");
    enum entry_state is = k->v.rows.items[i].doc.state;
    return state.n == 0 || str_eq(state, str_from_cstr(entry_state_name(is)));
}

static void rows_head(void *ctx, struct json *j)
{
    const struct keeping *k = ctx;
    json_kv_str(j, "register", k->d.plan->regs[k->v.reg].name);
    json_kv_str(j, "unit", desk_code(&k->d, k->v.unit));
    json_kv_int(j, "commit", k->v.touched);
}

enum rc do_rows(struct ask *q)
{
    struct keeping k;
    TRY(keeping_open(q, KEEPING_READ, &k));
    k.carrier = register_carrier_of(&k.d, &k.v);
    return page_answer(q, &(struct page_list){.ctx = &k,
                                              .n = k.v.rows.n,
                                              .title = {"rows", "台账"},
                                              .head = rows_head,
                                              .shows = row_shows,
                                              .key = row_key,
                                              .find = row_find,
                                              .row = row_cells});
}

enum rc do_row(struct ask *q)
{
    struct keeping k;
    uint32_t ix = 0;
    TRY(keeping_open(q, KEEPING_READ, &k));
    TRY(register_entry(&k.v, ask_word(q, 2), &ix, &q->e));
    k.carrier = register_carrier_of(&k.d, &k.v);
    return page_item(q, SHAPE_ROW, row_cells, &k, ix);
}

static void moment_json(const struct keeping *k, const struct entry_moment *m, struct json *j)
{
    const struct entry_doc *t = &m->doc;
    bool declined = t->last.act == ENTRY_ACT_DECLINE;
    bool proposed = t->last.act <= ENTRY_ACT_STRIKE; /* register.def: add, change, end, strike */
    json_obj_begin(j);
    json_kv_int(j, "commit", m->seq);
    json_kv_int(j, "at", m->at);
    people_actor_json(k->q, m->actor, j);
    json_kv_cstr(j, "act", m->acted ? entry_act_name(t->last.act) : "");
    if (m->acted) {
        json_kv_str(j, "unit", t->last.unit);
        json_kv_cstr(j, "state", entry_state_name(t->state));
        json_kv_int(j, "version", t->version);
        json_kv_text(j, "cause", declined ? t->declined : proposed ? t->cause : STR(""));
        json_kv_text(j, "to", named(&k->d, t->offered));
    }
    if (m->told) {
        json_key(j, "content");
        register_row_json(&k->d, &k->v, &m->row, j);
    }
    json_obj_end(j);
}

enum rc do_row_history(struct ask *q)
{
    struct keeping k;
    struct json j;
    struct entry_moments all;
    TRY(keeping_open(q, KEEPING_READ, &k));
    TRY(register_history(&k.d, &k.v, ask_word(q, 2), &all, &q->e));
    ask_json(q, &j);
    json_key(&j, "moments");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < all.list.n; i++) {
        moment_json(&k, &all.list.items[i], &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

void keeping_touched_json(struct keeping *k, struct json *j, uint32_t most)
{
    k->carrier = register_carrier_of(&k->d, &k->v); /* as it is after the act */
    json_arr_begin(j);
    for (uint32_t i = 0, n = 0; i < k->v.rows.n && n < most; i++) {
        if (k->v.rows.items[i].seen == k->v.touched) {
            page_row_json(k->q, SHAPE_ROW, row_cells, k, i, j);
            n++;
        }
    }
    json_arr_end(j);
}

/* ---- what others offer ---------------------------------------------------------------------- */

struct offered {
    struct keeping k;
    struct register_offers offers;
};

static struct str offer_key(void *ctx, uint32_t i)
{
    const struct offered *x = ctx;
    const struct register_offer *o = &x->offers.list.items[i];
    struct str owner = str_cat(x->k.q->a, desk_code(&x->k.d, o->of.unit), STR("/"));
    return str_cat(x->k.q->a, owner, o->of.rows.items[o->ix].id);
}

static void offers_head(void *ctx, struct json *j)
{
    rows_head(&((struct offered *)ctx)->k, j);
}

static void offer_cells(void *ctx, uint32_t i, struct page *p)
{
    const struct offered *x = ctx;
    const struct desk *d = &x->k.d;
    const struct register_view *of = &x->offers.list.items[i].of;
    const struct entry *t = &of->rows.items[x->offers.list.items[i].ix];
    page_text(p, "of", desk_code(d, of->unit));
    page_text(p, "of_name", answer_unit_name(d->tree, of->unit, d->today));
    page_text(p, "row", t->id);
    page_day(p, "from", t->doc.from);
    page_text(p, "when", register_when(d, &t->stands));
    page_text(p, "content", register_content(d, of, &t->stands, x->k.q->chinese));
    page_int(p, "seen", t->seen);
    content(p, d, of, "standing", &t->stands);
}

enum rc do_offers(struct ask *q)
{
    struct offered x;
    TRY(keeping_open(q, KEEPING_READ, &x.k));
    TRY(register_offers(&x.k.d, &x.k.v, &x.offers, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.offers.list.n,
                                              .title = {"offers", "待接收"},
                                              .head = offers_head,
                                              .key = offer_key,
                                              .row = offer_cells});
}

/* ---- where the owners stand ----------------------------------------------------------------- */

struct owners {
    struct desk d;
    uint32_t reg;
    struct str period;
    struct register_status s;
};

static void owners_head(void *ctx, struct json *j)
{
    const struct owners *x = ctx;
    json_kv_str(j, "register", x->d.plan->regs[x->reg].name);
    json_kv_str(j, "period", x->period);
    json_kv_bool(j, "sealed", x->s.sealed);
    json_key(j, "rows");
    if (x->s.hidden) {
        json_null(j);
    } else {
        json_int(j, x->s.standing);
    }
    if (!x->s.sealed) {
        json_kv_int(j, "pending", x->s.pending);
    }
    if (x->period.n > 0) {
        json_key(j, "states");
        json_obj_begin(j);
        for (uint32_t i = 0; i < REPORT__STATES; i++) {
            json_kv_int(j, i == REPORT_NONE ? "silent" : report_state_name((enum report_state)i),
                        x->s.of_state[i]);
        }
        json_obj_end(j);
    }
}

static struct str owner_key(void *ctx, uint32_t i)
{
    const struct owners *x = ctx;
    return desk_code(&x->d, x->s.lines[i].unit);
}

static void owner_row(void *ctx, uint32_t i, struct page *p)
{
    const struct owners *x = ctx;
    const struct register_status_line *l = &x->s.lines[i];
    const struct submission *r = &l->sheet.review;
    page_text(p, "unit", desk_code(&x->d, l->unit));
    page_text(p, "unit_name", answer_unit_name(x->d.tree, l->unit, x->d.today));
    page_word(p, "state", r->state == REPORT_NONE ? "silent" : report_state_name(r->state),
              report_state_text(r->state, true));
    page_int(p, "version", r->version);
    page_text(p, "waits_for", register_waits_for(r));
    page_number(p, "rows", l->hidden ? STR("") : rat_frac_str(x->d.a, rat_int(l->standing)));
    page_bool(p, "suppressed", l->hidden);
    if (!x->s.sealed) {
        page_bool(p, "nil", l->sheet.nil);
        page_int(p, "pending", l->pending);
    }
}

enum rc do_register_status(struct ask *q)
{
    struct owners x = {.period = ask_text(q, "period")};
    TRY(ask_desk(q, &x.d));
    TRY(register_find(&x.d, ask_word(q, 0), &x.reg, &q->e));
    TRY(register_status_of(&x.d, x.reg, x.period, ask_text(q, "unit"), &x.s, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.s.n,
                                              .title = {"register", "台账情况"},
                                              .head = owners_head,
                                              .key = owner_key,
                                              .row = owner_row});
}
