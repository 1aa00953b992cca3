/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations on the tree of units. Each is checked against what the ones before it left, and says
 * its steps; the outcome as a whole is checked by building the tree.
 */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "model/plan.h"
#include "store/parcel.h"
#include "store/units.h"
#include "store/units_int.h"

struct apply {
    struct arena *a;
    struct units *u;
    struct units_said said;
    const struct unit_op *op; /* at work */
    struct date day;          /* of what is said */
    uint32_t n_before;        /* steps of u that the book knows already */
    uint32_t n_ties_before;
    struct err *e;
};

static void say(struct apply *x, struct str code, enum unit_property p, struct str value)
{
    const struct unit_step s = {
        .code = str_dup(x->a, code), .property = p, .from = x->day, .value = str_dup(x->a, value)};
    vec_push(x->a, &x->u->steps, s);
    units_said_add(x->a, &x->said, &s);
}

static void tie(struct apply *x, bool is_split, struct str from, struct str to)
{
    const struct unit_tie t = {is_split, x->day, str_dup(x->a, from), str_dup(x->a, to)};
    vec_push(x->a, &x->u->ties, t);
}

/* ---- what an operation asks for ------------------------------------------------------------- */

static enum rc must_stand(struct apply *x, struct str code)
{
    struct str v[UNIT__PROPERTIES];
    char day[DATE_TEXT_BYTES];
    if (!units_said_at(&x->said, code, x->op->day, v)) {
        return err_set(x->e, RC_NOT_FOUND, "there is no unit %.*s", "没有机构 %.*s", PS(code));
    }
    if (!units_stands(v)) {
        struct str on = date_text(x->op->day, day);
        return err_set(x->e, RC_CONFLICT, "the unit %.*s does not stand on %.*s",
                       "机构 %.*s 在 %.*s 不存在", PS(code), PS(on));
    }
    return RC_OK;
}

static enum rc must_be_said(struct apply *x, struct str value, const char *en, const char *zh)
{
    return value.n > 0 ? RC_OK
                       : err_set(x->e, RC_INPUT, "the unit %.*s needs a %s%.0s",
                                 "机构 %.*s 缺少%.0s%s", PS(x->op->code), en, zh);
}

static enum rc must_have_day(struct apply *x)
{
    return !date_is_sentinel(x->op->day)
               ? RC_OK
               : err_set(x->e, RC_INPUT, "the change of unit %.*s has no day",
                         "机构 %.*s 的变更没有日期", PS(x->op->code));
}

static enum rc must_have_others(struct apply *x)
{
    const struct unit_op *op = x->op;
    if (op->n_others == 0) {
        return err_set(x->e, RC_INPUT, "the merge or split of unit %.*s names no other unit",
                       "机构 %.*s 的合并或拆分未列出其他机构", PS(op->code));
    }
    for (uint32_t i = 0; i < op->n_others; i++) {
        TRY(must_stand(x, op->others[i]));
        for (uint32_t k = 0; k < i; k++) {
            if (str_eq(op->others[i], op->others[k])) {
                return err_set(x->e, RC_INPUT, "the unit %.*s is named twice", "机构 %.*s 重复列出",
                               PS(op->others[i]));
            }
        }
    }
    return RC_OK;
}

/* ---- the operations ------------------------------------------------------------------------- */

static enum rc do_create(struct apply *x)
{
    const struct unit_op *op = x->op;
    TRY(must_be_said(x, op->code, "code", "代码"));
    TRY(must_be_said(x, op->name, "name", "名称"));
    TRY(must_be_said(x, op->kind, "kind", "类别"));
    if (units_said_find(&x->said, op->code) != NULL) {
        enum rc rc = err_set(x->e, RC_CONFLICT, "the code %.*s is taken", "代码 %.*s 已被占用",
                             PS(op->code));
        err_hint(x->e, "A code names one unit for ever; a closed unit is reopened.",
                 "一个代码永久对应一个机构；已撤销的机构请用恢复。");
        return rc;
    }
    say(x, op->code, UNIT_STANDS, STR("yes"));
    say(x, op->code, UNIT_NAME, op->name);
    say(x, op->code, UNIT_KIND, op->kind);
    say(x, op->code, UNIT_PARENT, op->parent);
    if (op->alias.n > 0) {
        say(x, op->code, UNIT_ALIAS, op->alias);
    }
    return RC_OK;
}

static enum rc do_rename(struct apply *x)
{
    TRY(must_have_day(x));
    TRY(must_stand(x, x->op->code));
    TRY(must_be_said(x, x->op->name, "name", "名称"));
    say(x, x->op->code, UNIT_NAME, x->op->name);
    say(x, x->op->code, UNIT_ALIAS, x->op->alias);
    return RC_OK;
}

static enum rc do_move(struct apply *x)
{
    TRY(must_have_day(x));
    TRY(must_stand(x, x->op->code));
    /* Whether the parent stands is seen when all is said: it may come later in the same change. */
    say(x, x->op->code, UNIT_PARENT, x->op->parent);
    return RC_OK;
}

static enum rc do_change(struct apply *x)
{
    TRY(must_have_day(x));
    TRY(must_stand(x, x->op->code));
    TRY(must_be_said(x, x->op->kind, "kind", "类别"));
    say(x, x->op->code, UNIT_KIND, x->op->kind);
    return RC_OK;
}

static enum rc do_close(struct apply *x)
{
    TRY(must_have_day(x));
    TRY(must_stand(x, x->op->code));
    say(x, x->op->code, UNIT_STANDS, STR("no"));
    return RC_OK;
}

static enum rc do_reopen(struct apply *x)
{
    struct str v[UNIT__PROPERTIES];
    TRY(must_have_day(x));
    if (!units_said_at(&x->said, x->op->code, x->op->day, v)) {
        return must_stand(x, x->op->code); /* there is none */
    }
    if (units_stands(v)) {
        return err_set(x->e, RC_CONFLICT, "the unit %.*s stands", "机构 %.*s 并未撤销",
                       PS(x->op->code));
    }
    say(x, x->op->code, UNIT_STANDS, STR("yes"));
    return RC_OK;
}

static void move_children(struct apply *x, struct str from, struct str to)
{
    uint32_t n = x->said.units.n;
    for (uint32_t i = 0; i < n; i++) {
        struct str v[UNIT__PROPERTIES];
        struct str code = x->said.units.items[i].code;
        bool is_child = units_said_at(&x->said, code, x->op->day, v) && units_stands(v) &&
                        str_eq(v[UNIT_PARENT], from);
        if (is_child && !str_eq(code, to)) {
            say(x, code, UNIT_PARENT, to);
        }
    }
}

static enum rc do_merge(struct apply *x)
{
    const struct unit_op *op = x->op;
    TRY(must_have_day(x));
    TRY(must_stand(x, op->code));
    TRY(must_have_others(x));
    for (uint32_t i = 0; i < op->n_others; i++) {
        if (str_eq(op->others[i], op->code)) {
            return err_set(x->e, RC_INPUT, "the unit %.*s cannot be merged into itself",
                           "机构 %.*s 不能并入自身", PS(op->code));
        }
        move_children(x, op->others[i], op->code);
        say(x, op->others[i], UNIT_STANDS, STR("no"));
        tie(x, false, op->others[i], op->code);
    }
    return RC_OK;
}

static enum rc do_split(struct apply *x)
{
    const struct unit_op *op = x->op;
    bool stays = false;
    TRY(must_have_day(x));
    TRY(must_stand(x, op->code));
    TRY(must_have_others(x));
    for (uint32_t i = 0; i < op->n_others; i++) {
        stays |= str_eq(op->others[i], op->code);
        tie(x, true, op->code, op->others[i]);
    }
    if (!stays) {
        say(x, op->code, UNIT_STANDS, STR("no"));
    }
    return RC_OK;
}

static enum rc do_undo(struct apply *x)
{
    const struct unit_op *op = x->op;
    const struct unit_said *u = units_said_find(&x->said, op->code);
    const struct unit_step *said = NULL;
    for (uint32_t i = 0; u != NULL && i < u->steps.n; i++) {
        const struct unit_step *s = &u->steps.items[i];
        if (s->property == op->property && date_cmp(s->from, op->day) == 0) {
            said = s;
        }
    }
    if (said == NULL || said->is_void) {
        return err_set(x->e, RC_NOT_FOUND,
                       "nothing of this sort was said of unit %.*s for that day",
                       "机构 %.*s 当日没有这类变更", PS(op->code));
    }
    const struct unit_step s = {
        .code = u->code, .property = op->property, .from = op->day, .is_void = true};
    vec_push(x->a, &x->u->steps, s);
    units_said_add(x->a, &x->said, &s);
    return RC_OK;
}

static enum rc (*const acts[UNIT__ACTS])(struct apply *x) = {
    [UNIT_CREATE] = do_create, [UNIT_RENAME] = do_rename, [UNIT_MOVE] = do_move,
    [UNIT_CHANGE] = do_change, [UNIT_CLOSE] = do_close,   [UNIT_REOPEN] = do_reopen,
    [UNIT_MERGE] = do_merge,   [UNIT_SPLIT] = do_split,   [UNIT_UNDO] = do_undo,
};

/* ---- a whole history at once ---------------------------------------------------------------- */

/* What differs between a version and the one before it (NULL: it begins). */
static void say_version(struct apply *x, const struct plan *plan, const struct tree_version *v,
                        const struct tree_version *before)
{
    const struct str values[UNIT__PROPERTIES] = {[UNIT_STANDS] = STR("yes"),
                                                 [UNIT_NAME] = v->name,
                                                 [UNIT_ALIAS] = v->alias,
                                                 [UNIT_KIND] = plan->kinds[v->kind].name,
                                                 [UNIT_PARENT] = v->parent};
    x->day = v->from;
    for (int i = 0; i < UNIT__PROPERTIES; i++) {
        struct str old[UNIT__PROPERTIES];
        bool same = before != NULL && units_said_at(&x->said, v->code, v->from, old) &&
                    str_eq(old[i], values[i]);
        if (!same && (before != NULL || i != UNIT_ALIAS || v->alias.n > 0)) {
            say(x, v->code, (enum unit_property)i, values[i]);
        }
    }
}

static void say_end(struct apply *x, const struct tree_version *v)
{
    x->day = date_add_days(v->to, 1);
    say(x, v->code, UNIT_STANDS, STR("no"));
}

static void say_history(struct apply *x, const struct tree *t, const struct plan *plan)
{
    for (uint32_t u = 0; u < t->n_units; u++) {
        const struct tree_version *before = NULL;
        for (uint32_t i = 0; i < t->units[u].n; i++) {
            const struct tree_version *v = &t->versions[t->units[u].first + i];
            if (before != NULL && date_cmp(date_add_days(before->to, 1), v->from) != 0) {
                say_end(x, before);
            }
            say_version(x, plan, v, before);
            before = v;
        }
        if (before != NULL && date_cmp(before->to, DATE_MAX) != 0) {
            say_end(x, before);
        }
    }
}

/* Splits are in both lists of a tree, mergers in one. */
static void tie_history(struct apply *x, const struct tree *t)
{
    for (uint32_t i = 0; i < t->n_into; i++) {
        x->day = t->into[i].date;
        tie(x, t->into[i].is_split, t->into[i].from, t->into[i].to);
    }
}

/* ---- the outcome ---------------------------------------------------------------------------- */

struct first_fault {
    struct arena *a;
    bool any;
    enum tree_fault fault;
    struct str code, other;
};

static void on_fault(void *ctx, const struct tree_finding *f)
{
    struct first_fault *x = ctx;
    if (!x->any) {
        *x = (struct first_fault){x->a, true, f->fault, str_dup(x->a, f->code),
                                  str_dup(x->a, f->other)};
    }
}

static bool fault_value(const void *ctx, struct str key, struct buf *out)
{
    const struct first_fault *x = ctx;
    bool code = str_eq(key, STR("code"));
    if (!code && !str_eq(key, STR("other"))) {
        return false;
    }
    buf_str(out, code ? x->code : x->other);
    return true;
}

static struct str fault_text(const struct first_fault *x, const char *text)
{
    struct buf b;
    buf_init_in(&b, x->a, LIMIT_STR_BYTES);
    buf_template(&b, str_from_cstr(text), fault_value, x);
    return buf_view(&b);
}

static enum rc check_tree(struct apply *x, const struct tree **tree)
{
    struct first_fault f = {.a = x->a};
    struct err whole = {0}; /* "… has 2 faults": the first of them says more */
    enum rc rc = units_tree(x->a, x->u, NULL, (struct tree_sink){on_fault, &f}, tree, &whole);
    if (rc != RC_FINDINGS) {
        if (rc != RC_OK && x->e != NULL) {
            *x->e = whole;
        }
        return rc;
    }
    struct str en = fault_text(&f, tree_fault_en(f.fault));
    struct str zh = fault_text(&f, tree_fault_zh(f.fault));
    rc = err_set(x->e, RC_INPUT, "%s%.0s", "%.0s%s", en.p, zh.p);
    if (f.fault == TREE_FAULT_PARENT_GAP) {
        err_hint(x->e, "Move or close the units below it in the same change.",
                 "请在同一次变更中调整或撤销其下级机构。");
    }
    return rc;
}

static void put_step(struct json *j, const struct unit_step *s)
{
    char day[DATE_TEXT_BYTES];
    json_arr_begin(j);
    json_cstr(j, unit_property_text(s->property));
    if (date_is_sentinel(s->from)) {
        json_null(j);
    } else {
        json_str(j, date_text(s->from, day));
    }
    if (s->is_void) {
        json_null(j);
    } else {
        json_str(j, s->value);
    }
    json_arr_end(j);
}

static void put_tie(struct json *j, const struct unit_tie *t)
{
    char day[DATE_TEXT_BYTES];
    json_arr_begin(j);
    json_cstr(j, t->is_split ? "split" : "merge");
    json_str(j, date_text(t->day, day));
    json_str(j, t->from);
    json_str(j, t->to);
    json_arr_end(j);
}

static struct store_parcel parcel_of(struct apply *x, const struct tree *tree, struct str code,
                                     enum store_sort what, struct buf *body)
{
    uint32_t id = 0;
    struct store_parcel p = {.unit = code,
                             .what = what,
                             .status = ROW_ACCEPTED,
                             .recorded = DATE_MIN,
                             .body = str_dup(x->a, buf_view(body))};
    if (tree_unit_of_code(tree, code, &id)) {
        p.area = parcel_area(tree, id, DATE_MIN);
    }
    return p;
}

/* Steps in the order in which they were said; neighbours of one unit share a parcel. */
static void write_parcels(struct apply *x, const struct tree *tree, const struct store_parcel **out,
                          uint32_t *n_out)
{
    VEC(struct store_parcel) parcels = {0};
    struct buf b;
    buf_init_in(&b, x->a, LIMIT_STR_BYTES);
    const struct unit_step *s = x->u->steps.items;
    for (uint32_t i = x->n_before; i < x->u->steps.n;) {
        struct json j;
        struct str code = s[i].code;
        buf_clear(&b);
        json_init(&j, &b, false);
        json_arr_begin(&j);
        for (; i < x->u->steps.n && str_eq(s[i].code, code); i++) {
            put_step(&j, &s[i]);
        }
        json_arr_end(&j);
        json_end(&j);
        vec_push(x->a, &parcels, parcel_of(x, tree, code, STORE_UNIT, &b));
    }
    for (uint32_t i = x->n_ties_before; i < x->u->ties.n; i++) {
        struct json j;
        buf_clear(&b);
        json_init(&j, &b, false);
        json_arr_begin(&j);
        put_tie(&j, &x->u->ties.items[i]);
        json_arr_end(&j);
        json_end(&j);
        struct str code = x->u->ties.items[i].to;
        vec_push(x->a, &parcels, parcel_of(x, tree, code, STORE_LINEAGE, &b));
    }
    *out = parcels.items;
    *n_out = parcels.n;
}

enum rc units_apply(struct arena *a, struct units *u, const struct unit_op *ops, uint32_t n,
                    const struct store_parcel **parcels, uint32_t *n_parcels, struct err *e)
{
    struct apply x = {.a = a, .u = u, .n_before = u->steps.n, .n_ties_before = u->ties.n, .e = e};
    const struct tree *tree = NULL;
    x.said = units_said_of(a, u);
    for (uint32_t i = 0; i < n; i++) {
        ASSERT((unsigned)ops[i].act < UNIT__ACTS);
        x.op = &ops[i];
        x.day = ops[i].day;
        enum rc rc = acts[ops[i].act](&x);
        if (rc != RC_OK) {
            err_ctx(e, "change %u of %u", "第 %u 项变更，共 %u 项", i + 1, n);
            return rc;
        }
    }
    TRY(check_tree(&x, &tree));
    write_parcels(&x, tree, parcels, n_parcels);
    return RC_OK;
}

enum rc units_commit(struct arena *a, struct store *s, struct store_reader *r,
                     const struct unit_op *ops, uint32_t n, const struct store_commit *words,
                     struct store_receipt *out, struct err *e)
{
    struct units u;
    struct store_commit c = *words;
    struct store_expect expect = {STR(UNITS_SUBJECT), 0};
    bool found = false;
    /* Sent again, the change would be refused: it is done already. */
    TRY(store_find(r, words->token, &found, out, e));
    if (found) {
        return RC_OK;
    }
    TRY(units_load(a, r, INT64_MAX, &u, e));
    expect.seen = u.seq;
    TRY(units_apply(a, &u, ops, n, &c.parcels, &c.n_parcels, e));
    c.act = STR("units.change");
    c.expects = &expect;
    c.n_expects = 1;
    return store_commit(a, s, &c, out, e);
}

enum rc units_import(struct arena *a, struct store *s, struct store_reader *r,
                     const struct tree *tree, const struct plan *plan,
                     const struct store_commit *words, struct store_receipt *out, struct err *e)
{
    struct units u = {0};
    struct apply x = {.a = a, .u = &u, .e = e};
    struct store_commit c = *words;
    const struct store_expect expect = {STR(UNITS_SUBJECT), 0};
    int64_t head = 0;
    bool found = false;
    TRY(store_find(r, words->token, &found, out, e));
    if (found) {
        return RC_OK;
    }
    TRY(store_head(r, expect.subject, &head, e));
    if (head != 0) {
        return err_set(e, RC_CONFLICT, "the book has units already", "账本中已有机构");
    }
    say_history(&x, tree, plan);
    tie_history(&x, tree);
    write_parcels(&x, tree, &c.parcels, &c.n_parcels);
    c.act = STR("units.import");
    c.expects = &expect;
    c.n_expects = 1;
    return store_commit(a, s, &c, out, e);
}
