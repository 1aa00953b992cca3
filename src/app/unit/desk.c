/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on the tree of units: permitted, checked against the plan, committed; lists read. */
#include "app/unit/desk.h"

#include "app/pack/pack.h"
#include "app/seat/port.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/csv.h"
#include "lang/diag.h"

#define LIST_BYTES (64U << 20)

/* ---- what may be done ----------------------------------------------------------------------- */

static enum rc kind_fits(struct arena *a, const struct plan *plan, struct str kind, struct err *e)
{
    struct str *known = ARENA_ARRAY(a, struct str, plan->n_kinds + 1U);
    for (uint32_t i = 0; i < plan->n_kinds; i++) {
        known[i] = plan->kinds[i].name;
        if (str_eq(known[i], kind)) {
            return RC_OK;
        }
    }
    uint32_t near = diag_nearest(kind, known, plan->n_kinds);
    enum rc rc =
        err_set(e, RC_INPUT, "the plan has no kind %.*s", "计划中没有对象“%.*s”", PS(kind));
    if (near < plan->n_kinds) {
        err_hint(e, "Did you mean %.*s?", "是否指 %.*s？", PS(known[near]));
    } else {
        struct buf all;
        buf_init_in(&all, a, LIMIT_STR_BYTES);
        for (uint32_t i = 0; i < plan->n_kinds; i++) {
            buf_printf(&all, "%s%.*s", i > 0 ? ", " : "", PS(known[i]));
        }
        err_hint(e, "Its kinds are %.*s.", "计划的对象有：%.*s。", PS(buf_view(&all)));
    }
    return rc;
}

enum rc unit_ops_fit(struct arena *a, const struct plan *plan, const struct unit_op *ops,
                     uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        bool names_kind = ops[i].act == UNIT_CREATE || ops[i].act == UNIT_CHANGE;
        enum rc rc = names_kind ? kind_fits(a, plan, ops[i].kind, e) : RC_OK;
        if (rc != RC_OK) {
            err_ctx(e, "unit %.*s", "机构 %.*s", PS(ops[i].code));
            return rc;
        }
    }
    return RC_OK;
}

/* UD2 */
static enum rc allow_at(const struct seat_desk *d, const struct units *u, struct str code,
                        struct date day, struct err *e)
{
    struct str v[UNIT__PROPERTIES];
    struct str place = code;
    if (!seat_unit_stands(&d->roster, code)) {
        bool known = units_at(u, code, day, v);
        place = known && seat_unit_stands(&d->roster, v[UNIT_PARENT]) ? v[UNIT_PARENT] : STR("");
    }
    return seat_desk_need(d, OP_UNIT_SET, place, CLASS_PUBLIC, e);
}

enum rc unit_ops_allow(const struct seat_desk *d, const struct units *u, const struct unit_op *ops,
                       uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_op *op = &ops[i];
        bool made = op->act == UNIT_CREATE;
        TRY(made ? RC_OK : allow_at(d, u, op->code, op->day, e));
        TRY(made || op->act == UNIT_MOVE ? allow_at(d, u, op->parent, op->day, e) : RC_OK);
        for (uint32_t k = 0; k < op->n_others; k++) {
            TRY(allow_at(d, u, op->others[k], op->day, e));
        }
    }
    return RC_OK;
}

enum rc unit_ops_commit(struct seat_desk *d, const struct plan *plan, const struct unit_op *ops,
                        uint32_t n, struct str cause, int64_t *seq, struct err *e)
{
    struct units u;
    struct store_receipt got;
    const struct store_expect look = {STR(PLAN_SUBJECT), d->plan_seen};
    struct store_commit words = {
        .actor = seat_port_actor(d), .note = cause, .looks = &look, .n_looks = 1};
    TRY(units_load(d->a, d->reader, INT64_MAX, &u, e));
    TRY(unit_ops_fit(d->a, plan, ops, n, e));
    TRY(unit_ops_allow(d, &u, ops, n, e));
    TRY(seat_pass_random(d->a, &words.token, e));
    TRY(units_commit(d->a, d->store, d->reader, ops, n, &words, &got, e));
    *seq = got.seq;
    return RC_OK;
}

enum rc unit_ops_try(struct seat_desk *d, const struct plan *plan, const struct unit_op *ops,
                     uint32_t n, struct err *e)
{
    struct units u;
    const struct store_parcel *parcels = NULL;
    uint32_t n_parcels = 0;
    TRY(units_load(d->a, d->reader, INT64_MAX, &u, e));
    TRY(unit_ops_fit(d->a, plan, ops, n, e));
    TRY(unit_ops_allow(d, &u, ops, n, e));
    return units_apply(d->a, &u, ops, n, &parcels, &n_parcels, e);
}

enum rc unit_keep_alias(struct arena *a, struct store_reader *r, struct unit_op *op, struct err *e)
{
    struct units u;
    struct str v[UNIT__PROPERTIES];
    TRY(units_load(a, r, INT64_MAX, &u, e));
    op->alias = units_at(&u, op->code, op->day, v) ? v[UNIT_ALIAS] : STR("");
    return RC_OK;
}

/* ---- lists ---------------------------------------------------------------------------------- */

enum { AT_CODE, AT_NAME, AT_KIND, AT_PARENT, AT_ALIAS, AT__N };

static const struct csv_column columns[AT__N] = {[AT_CODE] = {"code", "代码", true},
                                                 [AT_NAME] = {"name", "名称", true},
                                                 [AT_KIND] = {"kind", "对象", true},
                                                 [AT_PARENT] = {"parent", "上级", true},
                                                 [AT_ALIAS] = {"alias", "别名", false}};

static enum rc read_lines(struct arena *a, struct csv_reader *r, struct unit_lines *out,
                          struct err *e)
{
    static const struct csv_table table = {"units", "机构", columns, AT__N};
    uint32_t at[AT__N];
    struct csv_row row;
    *out = (struct unit_lines){0};
    TRY(csv_bind(r, &table, NULL, at, e));
    for (;;) {
        TRY(csv_next(r, &row, e));
        if (row.n == 0) {
            return RC_OK;
        }
        bool alias = at[AT_ALIAS] != CSV_ABSENT;
        const struct unit_line line = {.code = csv_trim(row.fields[at[AT_CODE]].text),
                                       .name = csv_trim(row.fields[at[AT_NAME]].text),
                                       .kind = csv_trim(row.fields[at[AT_KIND]].text),
                                       .parent = csv_trim(row.fields[at[AT_PARENT]].text),
                                       .alias = alias ? csv_trim(row.fields[at[AT_ALIAS]].text)
                                                      : STR(""),
                                       .has_alias = alias};
        vec_push(a, &out->list, line);
    }
}

enum rc unit_lines_read(struct arena *a, const char *path, struct unit_lines *out, struct err *e)
{
    struct csv_reader r;
    TRY(csv_open(a, &r, path, LIST_BYTES, e));
    return read_lines(a, &r, out, e);
}

enum rc unit_lines_of(struct arena *a, const char *name, struct str bytes, struct unit_lines *out,
                      struct err *e)
{
    struct csv_reader r;
    TRY(csv_open_text(a, &r, name, bytes, e));
    return read_lines(a, &r, out, e);
}

enum rc unit_list_ops(struct seat_desk *d, const struct plan *plan, const struct unit_roll *list,
                      const struct unit_op **ops, uint32_t *n, struct err *e)
{
    struct units u;
    const struct store_parcel *parcels = NULL;
    uint32_t n_parcels = 0;
    TRY(units_load(d->a, d->reader, INT64_MAX, &u, e));
    TRY(units_diff(d->a, &u, list->lines->list.items, list->lines->list.n, list->day,
                   list->close_missing, list->within, ops, n, e));
    TRY(unit_ops_fit(d->a, plan, *ops, *n, e));
    TRY(unit_ops_allow(d, &u, *ops, *n, e));
    return *n > 0 ? units_apply(d->a, &u, *ops, *n, &parcels, &n_parcels, e) /* only tried */
                  : seat_desk_need(d, OP_UNIT_SET, list->within, CLASS_PUBLIC, e);
}
