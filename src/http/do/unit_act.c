/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to the tree of units, by hand and by an official list; the history of a unit. */
#include "app/unit/desk.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/people.h"

static bool is_dry(struct ask *q)
{
    return str_eq(ask_text(q, "dry"), STR("yes"));
}

static enum rc answer(struct ask *q, const struct unit_op *ops, uint32_t n, int64_t seq)
{
    const struct keep_print p = {.json = true, .out = q->out};
    unit_ops_print(q->a, ops, n, seq, &p);
    return RC_OK;
}

/* A right at the unit of the path before anything is said of it; UD2 asks for the others. */
static enum rc may(struct ask *q, struct str unit)
{
    return ask_may(q, "unit.set", people_place(q, unit), CLASS_PUBLIC);
}

static struct unit_op op_of(struct ask *q, enum unit_act act)
{
    const struct json_value *others = json_get(q->body, "others");
    struct str *list = ARENA_ARRAY(q->a, struct str, json_count(others) + 1U);
    struct unit_op op = {.act = act,
                         .code = q->words.n > 0 ? ask_word(q, 0) : ask_member(q, "code"),
                         .day = people_day(q, "from", seat_desk_today(&q->seat)),
                         .name = ask_member(q, "name"),
                         .alias = ask_member(q, "alias"),
                         .kind = ask_member(q, "kind"),
                         .parent = ask_member(q, "parent"),
                         .others = list};
    for (const struct json_value *x = json_items(others); x != NULL; x = x->next) {
        list[op.n_others++] = x->text;
    }
    return op;
}

static enum rc change(struct ask *q, const struct unit_op *op)
{
    int64_t seq = 0;
    const struct plan *plan = q->plan;
    TRY(is_dry(q) ? unit_ops_try(&q->seat, plan, op, 1, &q->e)
                  : unit_ops_commit(&q->seat, plan, op, 1, ask_member(q, "cause"), &seq, &q->e));
    return answer(q, op, 1, seq);
}

static enum rc act(struct ask *q, enum unit_act what)
{
    const struct unit_op op = op_of(q, what);
    TRY(may(q, op.code));
    return change(q, &op);
}

enum rc do_unit_create(struct ask *q)
{
    const struct unit_op op = op_of(q, UNIT_CREATE);
    TRY(may(q, op.parent));
    return change(q, &op);
}

enum rc do_unit_rename(struct ask *q)
{
    struct unit_op op = op_of(q, UNIT_RENAME);
    TRY(may(q, op.code));
    if (json_get(q->body, "alias") == NULL) {
        TRY(unit_keep_alias(q->a, q->hand->reader, &op, &q->e));
    }
    return change(q, &op);
}

enum rc do_unit_move(struct ask *q)
{
    return act(q, UNIT_MOVE);
}

enum rc do_unit_change(struct ask *q)
{
    return act(q, UNIT_CHANGE);
}

enum rc do_unit_merge(struct ask *q)
{
    return act(q, UNIT_MERGE);
}

enum rc do_unit_split(struct ask *q)
{
    return act(q, UNIT_SPLIT);
}

enum rc do_unit_close(struct ask *q)
{
    return act(q, UNIT_CLOSE);
}

enum rc do_unit_reopen(struct ask *q)
{
    return act(q, UNIT_REOPEN);
}

/* ---- lists ---------------------------------------------------------------------------------- */

enum rc do_units_import(struct ask *q)
{
    struct unit_lines lines;
    const struct unit_op *ops = NULL;
    uint32_t n = 0;
    int64_t seq = 0;
    const struct plan *plan = q->plan;
    const struct unit_roll roll = {.lines = &lines,
                                   .day = people_day(q, "from", seat_desk_today(&q->seat)),
                                   .within = ask_member(q, "unit"),
                                   .close_missing = json_truth(json_get(q->body, "close_missing"))};
    TRY(may(q, roll.within));
    enum rc rc = unit_lines_of(q->a, "csv", ask_member(q, "csv"), &lines, &q->e);
    if (rc != RC_OK) {
        q->at = STR("/csv");
        return rc;
    }
    TRY(unit_list_ops(&q->seat, plan, &roll, &ops, &n, &q->e));
    if (n > 0 && !is_dry(q)) {
        TRY(unit_ops_commit(&q->seat, plan, ops, n, ask_member(q, "cause"), &seq, &q->e));
    }
    return answer(q, ops, n, seq);
}

/* ---- history -------------------------------------------------------------------------------- */

enum rc do_unit_history(struct ask *q)
{
    struct json j;
    struct buf b;
    TRY(ask_may(q, "unit.read", ask_word(q, 0), CLASS_PUBLIC));
    buf_init_in(&b, q->a, 16U << 20);
    const struct keep_print p = {.json = true, .out = &b};
    TRY(unit_history_print(q->a, q->hand->reader, ask_word(q, 0), &p, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "unit", ask_word(q, 0));
    json_key(&j, "history");
    json_raw(&j, buf_view(&b));
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
