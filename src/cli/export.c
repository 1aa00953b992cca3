/* SPDX-License-Identifier: Apache-2.0 */
/* Forms and registers as workbooks: whose they are, where they go, what came of it. */
#include "cli/export.h"

#include <stdio.h>
#include <unistd.h>

#include "app/workbook/export.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"

/* What an export of a form works on. */
struct exporting {
    struct desk d;
    struct round_view v;
    struct export_page page;
    struct export_source from;
    struct export_round round;
    struct export_pack pack;
    uint32_t unit; /* of --unit */
};

static int usage(struct session *s, const char *zh, const char *en)
{
    return session_complain(s, 2, zh, en, s->o.out);
}

/* ---- progress and answer --------------------------------------------------------------------- */

/* On a terminal, once for each hundredth. */
static void told(void *ctx, uint32_t done, uint32_t of)
{
    const struct session *s = ctx;
    if (isatty(STDERR_FILENO) && (done == of || done % (of / 100 + 1) == 0)) {
        (void)fprintf(stderr, s->o.chinese ? "\r已写 %u / %u 本%s" : "\r%u of %u workbooks%s", done,
                      of, done == of ? "\n" : "");
    }
}

static int answer(struct session *s, uint32_t units, uint32_t books)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_cstr(&j, "out", s->o.out);
        json_kv_int(&j, "workbooks", books);
        json_kv_int(&j, "units", units);
        json_obj_end(&j);
        json_end(&j);
    } else if (s->o.each) {
        buf_printf(&s->out,
                   s->o.chinese ? "已写入目录 %s：%u 本\n" : "in folder %s: %u workbooks\n",
                   s->o.out, books);
    } else {
        buf_printf(&s->out, s->o.chinese ? "已写入 %s（机构 %u 个）\n" : "%s written (%u units)\n",
                   s->o.out, units);
    }
    return 0;
}

/* ---- forms ----------------------------------------------------------------------------------- */

static enum rc write_form(struct session *s, struct exporting *x)
{
    if (s->o.each) {
        return export_each(&s->work, &x->page, &x->from, s->o.out, told, s, &s->e);
    }
    if (s->o.unit == NULL) {
        return export_units(&s->work, &x->page, &x->from, s->o.out, &s->e);
    }
    struct export_values v = {0};
    TRY(x->from.values(x->from.ctx, &s->work.step, 0, &v, &s->e));
    return export_unit(&s->work, &x->page, &v, s->o.out, &s->e);
}

/* The unit of --unit, or those below --within. */
static enum rc of_round(struct session *s, struct exporting *x)
{
    struct desk *d = &x->d;
    uint32_t within = NONE;
    TRY(round_find(d, option_text(s->o.round), &x->v, &s->e));
    TRY(export_page_of_round(d, &x->v, &x->page, &s->e));
    x->round = (struct export_round){.d = d, .v = &x->v, .page = &x->page};
    if (s->o.unit != NULL) {
        TRY(desk_unit(d, option_text(s->o.unit), &x->unit, &s->e));
        export_from_units(&x->round, &x->unit, 1, &x->from);
        return RC_OK; /* whether it may be read is asked when it is */
    }
    if (s->o.within != NULL) {
        TRY(desk_unit(d, option_text(s->o.within), &within, &s->e));
    }
    return export_from_round(&x->round, within, &x->from, &s->e);
}

static int form_of_book(struct session *s, struct exporting *x)
{
    if (s->o.round == NULL || s->o.form != NULL || s->o.period != NULL || s->o.data.n > 0) {
        return usage(s, "账本的报表请用 --round 指定轮次，不用 --form、--period、--data",
                     "of a book write --round, and no --form, --period or --data");
    }
    int status = sit_down(s, &x->d);
    if (status != 0) {
        return status;
    }
    x->page = (struct export_page){.chinese = s->o.chinese};
    enum rc rc = of_round(s, x);
    rc = rc == RC_OK ? write_form(s, x) : rc;
    return rc == RC_OK ? answer(s, x->from.n, s->o.each ? x->from.n : 1) : session_failed(s, rc);
}

static enum rc page_of_pack(struct session *s, struct exporting *x)
{
    x->page = (struct export_page){.chinese = s->o.chinese, .today = date_today()};
    if (s->o.period != NULL) {
        TRY(period_parse(option_text(s->o.period), &x->page.period, &s->e));
        x->page.has_period = true;
    }
    return export_page_of_form(&s->arena, s->pack.plan, option_text(s->o.form), &x->page, &s->e);
}

static enum rc of_pack(struct session *s, struct exporting *x)
{
    const char *of = s->o.unit != NULL ? s->o.unit : s->o.within;
    uint32_t within = NONE;
    TRY(page_of_pack(s, x));
    x->pack = (struct export_pack){.page = &x->page, .tree = s->pack.tree, .data = s->pack.data};
    if (of != NULL &&
        tree_find(s->pack.tree, str_from_cstr(of), DATE_MIN, DATE_MAX, &within) != TREE_FOUND_ONE) {
        return err_set(&s->e, RC_NOT_FOUND, "there is no unit %s, or several: write its code",
                       "没有机构“%s”，或有重名（请写代码）", of);
    }
    TRY(export_from_pack(&x->pack, within, s->o.unit != NULL, &x->from, &s->e));
    return write_form(s, x);
}

static int form_of_pack(struct session *s, struct exporting *x)
{
    bool blank = s->o.unit == NULL && s->o.within == NULL && s->o.data.n == 0;
    if (s->o.form == NULL || s->o.round != NULL) {
        return usage(s, "请写明报表：计划包用 --form，账本用 --book 和 --round",
                     "which form? --form of a pack, --book and --round of a book");
    }
    if (blank && s->o.each) {
        return usage(s, "--each 需要 --within 指明机构范围", "--each wants --within");
    }
    int status = blank ? session_open_plan(s) : session_open_pack(s);
    if (status != 0) {
        return status;
    }
    enum rc rc = blank ? page_of_pack(s, x) : of_pack(s, x);
    rc = rc == RC_OK && blank ? export_unit(&s->work, &x->page, NULL, s->o.out, &s->e) : rc;
    return rc == RC_OK ? answer(s, x->from.n, s->o.each ? x->from.n : 1) : session_failed(s, rc);
}

static int cmd_form(struct session *s)
{
    struct exporting *x = ARENA_NEW(&s->arena, struct exporting);
    export_begin(&s->work, &s->arena);
    if (s->o.unit != NULL && (s->o.within != NULL || s->o.each)) {
        return usage(s, "--unit 与 --within、--each 不能同用",
                     "--unit goes with neither --within nor --each");
    }
    return s->o.book != NULL ? form_of_book(s, x) : form_of_pack(s, x);
}

/* ---- registers ------------------------------------------------------------------------------- */

static enum rc rows_of_book(struct session *s, struct desk *d, struct register_view *v,
                            struct export_rows *r)
{
    struct store_end end;
    TRY(register_open(d, option_text(s->o.reg), option_text(s->o.unit), v, &s->e));
    TRY(desk_allow_at(d, "register.export", desk_code(d, v->unit), v->class_, &s->e));
    TRY(store_end(&s->arena, s->reader, &end, &s->e));
    *r = (struct export_rows){.reg = v->reg, .d = d, .v = v, .today = d->today, .book = end.seq};
    return RC_OK;
}

static int cmd_register(struct session *s)
{
    struct desk d = {0};
    struct register_view v;
    struct export_rows r = {.today = date_today()};
    bool book = s->o.book != NULL;
    export_begin(&s->work, &s->arena);
    if (book != (s->o.unit != NULL)) {
        return usage(s, "账本的台账请用 --unit 指明机构；不用账本则输出空表",
                     "of a book write --unit; without a book the table is blank");
    }
    int status = book ? sit_down(s, &d) : session_open_plan(s);
    if (status != 0) {
        return status;
    }
    struct desk names = {.a = &s->arena, .plan = s->pack.plan};
    enum rc rc = book ? rows_of_book(s, &d, &v, &r)
                      : register_find(&names, option_text(s->o.reg), &r.reg, &s->e);
    r.plan = s->pack.plan;
    r.chinese = s->o.chinese;
    rc = rc == RC_OK ? export_register(&s->work, &r, s->o.out, &s->e) : rc;
    return rc == RC_OK ? answer(s, book ? 1 : 0, 1) : session_failed(s, rc);
}

int (*export_command(enum command c))(struct session *s)
{
    return c == COMMAND_EXPORT_FORM ? cmd_form : c == COMMAND_EXPORT_REGISTER ? cmd_register : NULL;
}
