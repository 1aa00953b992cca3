/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on the tree of units. */
#include "app/report/desk.h"
#include "app/unit/desk.h"
#include "base/arena.h"
#include "cli/desk.h"
#include "cli/keep.h"
#include "cli/session.h"

static enum rc read_day(struct session *s, const char *option, const char *value, struct date *out)
{
    *out = seat_desk_today(&s->seat);
    return value == NULL || date_parse(str_from_cstr(value), out)
               ? RC_OK
               : err_set(&s->e, RC_USAGE, "%s wants a date such as 2025-12-31, not %s",
                         "%s 须为日期，如 2025-12-31，不能是 %s", option, value);
}

/* ---- looking -------------------------------------------------------------------------------- */

static enum rc list_as(struct session *s, const struct desk *d, struct csv_writer *rows)
{
    struct date day;
    struct keep_print p = keep_print_of(s);
    p.rows = rows;
    TRY(read_day(s, "--as-of", s->o.as_of, &day));
    TRY(seat_desk_need(&s->seat, OP_UNIT_READ, option_text(s->o.within), CLASS_PUBLIC, &s->e));
    return unit_tree_print(&s->arena, d->plan, d->tree, day, option_text(s->o.within), &p, &s->e);
}

static enum rc list(struct session *s, const struct desk *d)
{
    return list_as(s, d, NULL);
}

static int list_rows(struct session *s, const struct desk *d)
{
    struct csv_writer w;
    int status = session_rows(s, "机构", "units", &w);
    if (status != 0) {
        return status;
    }
    enum rc rc = list_as(s, d, &w);
    return rc == RC_OK ? session_rows_end(s) : session_failed(s, rc);
}

static enum rc show(struct session *s, const struct desk *d)
{
    const struct keep_print p = keep_print_of(s);
    struct str code = option_text(s->o.ids[0]);
    (void)d;
    TRY(seat_desk_need(&s->seat, OP_UNIT_READ, code, CLASS_PUBLIC, &s->e));
    return unit_history_print(&s->arena, s->reader, code, &p, &s->e);
}

/* ---- changing ------------------------------------------------------------------------------- */

static enum rc change(struct session *s, const struct desk *d, const struct unit_op *ops,
                      uint32_t n)
{
    const struct keep_print p = keep_print_of(s);
    int64_t seq = 0;
    if (n > 0 && !s->o.dry_run) {
        TRY(unit_ops_commit(&s->seat, d->plan, ops, n, option_text(s->o.cause), &seq, &s->e));
    }
    unit_ops_print(&s->arena, ops, n, seq, &p);
    return RC_OK;
}

static enum rc change_one(struct session *s, const struct desk *d)
{
    static const enum unit_act acts[COMMAND__N] = {
        [COMMAND_UNITS_CREATE] = UNIT_CREATE, [COMMAND_UNITS_RENAME] = UNIT_RENAME,
        [COMMAND_UNITS_MOVE] = UNIT_MOVE,     [COMMAND_UNITS_CHANGE] = UNIT_CHANGE,
        [COMMAND_UNITS_MERGE] = UNIT_MERGE,   [COMMAND_UNITS_SPLIT] = UNIT_SPLIT,
        [COMMAND_UNITS_CLOSE] = UNIT_CLOSE,   [COMMAND_UNITS_REOPEN] = UNIT_REOPEN};
    struct str *others = ARENA_ARRAY(&s->arena, struct str, s->o.others.n + 1U);
    struct unit_op op = {.act = acts[s->o.command],
                         .code = option_text(s->o.ids[0]),
                         .name = option_text(s->o.name),
                         .alias = option_text(s->o.alias),
                         .kind = option_text(s->o.kind),
                         .parent = option_text(s->o.parent),
                         .others = others,
                         .n_others = s->o.others.n};
    for (uint32_t i = 0; i < op.n_others; i++) {
        others[i] = str_from_cstr(s->o.others.list[i]);
    }
    TRY(read_day(s, "--from", s->o.from, &op.day));
    if (op.act == UNIT_RENAME && s->o.alias == NULL) {
        TRY(unit_keep_alias(&s->arena, s->reader, &op, &s->e));
    }
    return change(s, d, &op, 1);
}

/* A dry run asks for the same rights and checks as the change: it says what would come of it. */
static enum rc import(struct session *s, const struct desk *d)
{
    struct unit_lines lines;
    const struct unit_op *ops = NULL;
    uint32_t n = 0;
    struct unit_roll list = {
        .lines = &lines, .within = option_text(s->o.within), .close_missing = s->o.close_missing};
    TRY(read_day(s, "--from", s->o.from, &list.day));
    TRY(unit_lines_read(&s->arena, s->o.file, &lines, &s->e));
    TRY(unit_list_ops(&s->seat, d->plan, &list, &ops, &n, &s->e));
    return change(s, d, ops, n);
}

/* ---- running -------------------------------------------------------------------------------- */

typedef enum rc units_fn(struct session *s, const struct desk *d);

static units_fn *const commands[COMMAND__N] = {
    [COMMAND_UNITS_LIST] = list,         [COMMAND_UNITS_SHOW] = show,
    [COMMAND_UNITS_CREATE] = change_one, [COMMAND_UNITS_RENAME] = change_one,
    [COMMAND_UNITS_MOVE] = change_one,   [COMMAND_UNITS_CHANGE] = change_one,
    [COMMAND_UNITS_MERGE] = change_one,  [COMMAND_UNITS_SPLIT] = change_one,
    [COMMAND_UNITS_CLOSE] = change_one,  [COMMAND_UNITS_REOPEN] = change_one,
    [COMMAND_UNITS_IMPORT] = import,
};

static int run(struct session *s)
{
    struct desk d;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    if (session_wants_rows(s)) { /* which the list alone can be asked for */
        return list_rows(s, &d);
    }
    enum rc rc = commands[s->o.command](s, &d);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

int (*units_command(enum command c))(struct session *s)
{
    return commands[c] != NULL ? run : evidence_command(c);
}
