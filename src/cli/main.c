/* SPDX-License-Identifier: Apache-2.0 */
/* The program: one function per command over the use cases of app, and one place that prints. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/answer.h"
#include "app/bench.h"
#include "app/pack/coverage.h"
#include "app/demo/demo.h"
#include "app/pack/diff.h"
#include "app/explain/explain.h"
#include "app/pack/format.h"
#include "app/pack/lint.h"
#include "app/pack/lint_facts.h"
#include "app/pack/pack.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/i128.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/adopt.h"
#include "cli/book.h"
#include "cli/desk.h"
#include "cli/draft.h"
#include "cli/import.h"
#include "cli/inspect.h"
#include "cli/export.h"
#include "cli/keep.h"
#include "cli/options.h"
#include "cli/people.h"
#include "cli/serve.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "cli/standing.h"
#include "cli/text.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"

#define MIB          ((size_t)1024 * 1024)
#define MEMORY_MIB   8192
#define OUTPUT_BYTES (1024U * 1024 * 1024)

_Static_assert(THREADS_MAX <= JUDGE_THREADS_MAX, "as many as are asked for judge");

/* ---- messages ------------------------------------------------------------------------------- */

int session_complain(struct session *s, int status, const char *zh, const char *en,
                     const char *what)
{
    buf_printf(&s->message, s->o.chinese ? "错误：%s：%s\n" : "error: %s: %s\n",
               s->o.chinese ? zh : en, what);
    return status;
}

static int render(struct session *s)
{
    err_render(&s->e, s->o.chinese ? ERR_LANG_ZH : ERR_LANG_EN, &s->message);
    return rc_exit_status(s->e.rc);
}

/*
 * The work was stopped: with RC_NO_MEMORY for want of room, with RC_LIMIT at a figure beyond all
 * bounds. Says in doing what, and what to do about it.
 */
static int no_room(struct session *s, enum rc rc)
{
    static const struct {
        const char *en, *zh, *hint_en, *hint_zh;
    } phases[] = {
        [PHASE_PLAN] = {"the plan", "计划", "Split the plan into several packs",
                        "请把计划拆分为多个计划包"},
        [PHASE_TABLES] = {"the tables", "数据表", "Leave out the tables that are not needed",
                          "请去掉不需要的数据表"},
        [PHASE_TEXT] = {"the text", "原文", "Split the text", "请拆分原文"},
        [PHASE_JUDGE] = {"judging", "判定", "Ask for less with --target or --year",
                         "请用 --target 或 --year 缩小范围"},
        [PHASE_ANSWER] = {"the answer", "结果", "Ask for less with --target, --unit or --year",
                          "请用 --target、--unit 或 --year 缩小范围"},
    };
    const struct plan *plan = s->pack.plan;
    const uint32_t at = s->x.answer.verdicts.commitment;
    struct str id = STR("");
    if (s->phase == PHASE_JUDGE && plan && at < plan->n_commitments) {
        id = plan->commitments[at].id;
    }
    const char *en = phases[s->phase].en;
    const char *zh = phases[s->phase].zh;
    const char *space = id.n > 0 ? " " : "";
    buf_clear(&s->out);
    buf_clear(&s->message);
    err_clear(&s->e);
    if (rc == RC_LIMIT) {
        (void)err_set(&s->e, RC_LIMIT, "a figure with more than %u binary digits in %s%.0s%s%.*s",
                      "出现超过 %u 个二进制位的数字：%.0s%s%s%.*s", LIMIT_RAT_BITS, en, zh, space,
                      PS(id));
        err_hint(&s->e, "Look for products of products in what it computes.",
                 "请检查其计算中是否有连乘。");
        return render(s);
    }
    (void)err_set(&s->e, RC_NO_MEMORY,
                  "the %u MiB of memory allowed are not enough for %s%.0s%s%.*s",
                  "允许使用的 %u MiB 内存不够：%.0s%s%s%.*s",
                  (unsigned)(s->arena.limit_bytes / MIB), en, zh, space, PS(id));
    err_hint(&s->e, "%s%.0s, or allow more with --memory.", "%.0s%s，或用 --memory 提高上限。",
             phases[s->phase].hint_en, phases[s->phase].hint_zh);
    return render(s);
}

/* An operation gave rc and left its story in s->e. */
int session_failed(struct session *s, enum rc rc)
{
    (void)err_set(&s->e, rc, "%s", "%s", ""); /* unless it told one */
    return s->arena.failed ? no_room(s, RC_NO_MEMORY) : render(s);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Faults go to stdout as JSON when that was asked for, else to stderr. */
static int faults(struct session *s)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        pack_faults_json(&s->pack, &j);
        json_end(&j);
    } else {
        pack_render_faults(&s->pack, s->o.chinese, &s->message);
    }
    return rc_exit_status(RC_INPUT);
}

/* 0 for RC_OK; else the exit status, with everything said. */
int session_opened(struct session *s, enum rc rc)
{
    bool faulty = s->pack.diags.n_errors > 0 || s->pack.problems.n > 0;
    if (rc == RC_OK) {
        return 0;
    }
    return faulty && !s->arena.failed ? faults(s) : session_failed(s, rc);
}

int session_open_plan(struct session *s)
{
    return session_opened(s, pack_open_plan(&s->arena, s->o.pack, &s->pack, &s->e));
}

int session_open_pack(struct session *s)
{
    int status = session_open_plan(s);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_TABLES;
    return session_opened(
        s, pack_open_tables(&s->arena, s->o.pack, s->o.data.list, s->o.data.n, &s->pack, &s->e));
}

bool session_wants_rows(const struct session *s)
{
    return s->o.format == FORMAT_CSV || s->o.format == FORMAT_XLSX;
}

int session_rows(struct session *s, const char *zh, const char *en, struct csv_writer *w)
{
    bool book = s->o.format == FORMAT_XLSX;
    if (book != (s->o.out != NULL)) {
        return session_complain(s, 2, "工作簿须同时写 --format xlsx 和 --out 文件",
                                "a workbook wants both --format xlsx and --out FILE",
                                book ? "xlsx" : s->o.out);
    }
    csv_write_init(w, &s->out, false, true);
    if (!book) {
        return 0;
    }
    struct str title = str_from_cstr(s->o.chinese ? zh : en);
    enum rc rc =
        rows_workbook_begin(&s->rows, &s->work.writer, s->o.out, date_today(), title, &s->e);
    csv_write_into(w, &s->rows.sink);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

int session_rows_end(struct session *s)
{
    if (s->o.format != FORMAT_XLSX) {
        return 0;
    }
    enum rc rc = rows_workbook_end(&s->rows, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    buf_printf(&s->out, s->o.chinese ? "已写入 %s：%u 行\n" : "%s written: %u rows\n", s->o.out,
               s->rows.row - 1);
    return 0;
}

int session_table(struct session *s, const char *zh, const char *en, const struct table *t)
{
    struct csv_writer w;
    int status = session_rows(s, zh, en, &w);
    if (status != 0) {
        return status;
    }
    table_write(t, &w);
    return session_rows_end(s);
}

/* Columns to print in: COLUMNS, else those of the terminal; 0: not on a terminal. */
uint32_t session_width(void)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};
    i128 n = 0;
    if (columns && i128_parse(str_from_cstr(columns), &n) && n > 0 && n < 10000) {
        return (uint32_t)n;
    }
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* ---- commands ------------------------------------------------------------------------------- */

static int cmd_check(struct session *s)
{
    int status = session_open_plan(s);
    const struct pack *p = &s->pack;
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        (void)faults(s); /* the warnings, if any */
    } else {
        buf_printf(&s->out,
                   s->o.chinese ? "计划 %.*s 没有错误：%u 项承诺，%u 个数据项\n"
                                : "plan %.*s has no errors: %u commitments, %u items\n",
                   PS(p->plan->id), p->plan->n_commitments, p->plan->n_items);
    }
    return p->diags.n_warnings > 0 ? rc_exit_status(RC_FINDINGS) : 0;
}

static int cmd_list(struct session *s)
{
    int status = session_open_plan(s);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    if (s->o.format == FORMAT_JSON) {
        list_json(s->pack.plan, &s->arena, &s->out);
    } else if (session_wants_rows(s)) {
        struct csv_writer w;
        status = session_rows(s, "承诺", "commitments", &w);
        if (status == 0) {
            list_csv(s->pack.plan, &s->arena, s->o.format == FORMAT_XLSX, s->o.chinese, &w);
            status = session_rows_end(s);
        }
        return status;
    } else {
        list_text(s->pack.plan, &s->arena, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_fmt(struct session *s)
{
    enum diag_lang lang = s->o.chinese ? DIAG_ZH : DIAG_EN;
    int status = session_open_plan(s);
    if (status != 0) {
        return status;
    }
    return session_opened(
        s, format_pack(&s->arena, s->o.pack, lang, s->o.write, &s->pack, &s->out, &s->e));
}

static int find_target(struct session *s, uint32_t *out)
{
    const struct plan *p = s->pack.plan;
    struct str want = str_from_cstr(s->o.target);
    struct str *known = ARENA_ARRAY(&s->arena, struct str, p->n_commitments + 1);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        known[i] = p->commitments[i].id;
        if (str_eq(known[i], want) || str_eq(p->commitments[i].name, want)) {
            *out = i;
            return 0;
        }
    }
    uint32_t near = diag_nearest(want, known, p->n_commitments);
    if (near < p->n_commitments) {
        buf_printf(&s->message,
                   s->o.chinese ? "错误：没有编号 %s；是否指 %.*s？\n"
                                : "error: there is no %s; did you mean %.*s?\n",
                   s->o.target, PS(known[near]));
        return 3;
    }
    return session_complain(s, 3, "没有这一编号的承诺", "there is no such commitment", s->o.target);
}

int session_day(struct session *s, struct date *as_of)
{
    *as_of = date_today();
    if (s->o.as_of && !date_parse(str_from_cstr(s->o.as_of), as_of)) {
        return session_complain(s, 2, "--as-of 须为日期，如 2025-12-31",
                                "--as-of wants a date such as 2025-12-31", s->o.as_of);
    }
    return 0;
}

int session_query(struct session *s, struct judge_query *q, struct date *as_of)
{
    int wrong = session_day(s, as_of);
    if (wrong != 0) {
        return wrong;
    }
    if (s->o.target) {
        int status = find_target(s, &q->commitment);
        if (status != 0) {
            return status;
        }
    }
    if (s->o.unit && tree_find(s->pack.tree, str_from_cstr(s->o.unit), DATE_MIN, DATE_MAX,
                               &q->unit) != TREE_FOUND_ONE) {
        return session_complain(s, 3, "没有这一代码或名称的机构（重名请写代码）",
                                "there is no such unit, or several: write its code", s->o.unit);
    }
    if (s->o.year) {
        i128 y = 0;
        if (!i128_parse(str_from_cstr(s->o.year), &y) || y < 1900 || y > 2199) {
            return session_complain(s, 2, "--year 须为年份，如 2025",
                                    "--year wants a year such as 2025", s->o.year);
        }
        q->year = (int32_t)y;
    }
    return 0;
}

static bool is_of_part(const void *ctx, struct row_key r)
{
    return str_eq(r.head->part, str_from_cstr(ctx));
}

static void keep_part(struct session *s, struct verdicts *v)
{
    if (s->o.part) {
        verdicts_filter(&s->arena, v, is_of_part, s->o.part);
    }
}

static enum rc make_evaluator(struct session *s)
{
    return s->o.reference ? ref_make(&s->arena, s->x.cells, &s->ev, &s->e)
                          : columns_make(&s->arena, s->x.cells, &s->columns, &s->ev, &s->e);
}

static uint32_t threads_of(const struct session *s)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long most = THREADS_MAX;
    uint32_t all = (uint32_t)(processors < 1 ? 1 : processors > most ? most : processors);
    return s->o.reference ? 1 : s->o.threads > 0 ? s->o.threads : all;
}

/* Threads have a part of the memory each: what is too much for one of them is tried by one alone,
 * which also says what was at work when it ran out. */
static enum rc judge_rows(struct session *s, struct judge_query q)
{
    struct verdicts *v = &s->x.answer.verdicts;
    uint32_t threads = threads_of(s);
    if (threads > 1) {
        struct arena_mark mark = arena_mark(&s->arena);
        enum rc rc = judge_plan_on(&s->arena, s->x.cells, threads, q, v, &s->e);
        if (rc != RC_NO_MEMORY && rc != RC_LIMIT) {
            return rc;
        }
        arena_rewind(&s->arena, mark);
        err_clear(&s->e);
    }
    return judge_plan(&s->arena, s->x.cells, &s->ev, q, v, &s->e);
}

/* Judges the pack that is open, into s->x. */
static int judge(struct session *s, struct judge_query q, struct date as_of)
{
    struct explain *x = &s->x;
    x->ev = &s->ev;
    x->answer = (struct answer){.a = &s->arena,
                                .plan = s->pack.plan,
                                .tree = s->pack.tree,
                                .as_of = as_of,
                                .chinese = s->o.chinese,
                                .width = session_width(),
                                .decided = s->o.decided,
                                .verdicts = {.commitment = NONE}};
    s->phase = PHASE_JUDGE;
    enum rc rc = cells_make(&s->arena, s->pack.plan, s->pack.data, as_of, &x->cells, &s->e);
    rc = rc == RC_OK ? make_evaluator(s) : rc;
    /* Small counts are withheld with all rows in sight: what may be shown of one depends on the
     * others, and not on what was asked for (C41). */
    bool sealed = seal_needed(s->pack.plan);
    struct judge_query first = sealed ? (struct judge_query){NONE, NONE, 0} : q;
    struct verdicts *v = &x->answer.verdicts;
    rc = rc == RC_OK ? judge_rows(s, first) : rc;
    s->phase = PHASE_ANSWER;
    rc = rc == RC_OK && sealed ? seal_apply(&s->arena, x->cells, &s->ev, v, &x->seal) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    judge_filter(&s->arena, q, v);
    keep_part(s, &x->answer.verdicts);
    return 0;
}

int session_judged(struct session *s, struct judge_query *q)
{
    struct date as_of = DATE_MIN;
    if (!s->o.book && (s->o.pending || s->o.commit || s->o.actor || s->o.session)) {
        return session_complain(s, 2, "请用 --book 写明账本", "which book? Write --book BOOK",
                                "--pending, --commit, --as, --session");
    }
    int status = s->o.book ? standing_pack(s) : session_open_pack(s);
    status = status != 0 ? status : session_query(s, q, &as_of);
    status = status != 0 ? status : judge(s, *q, as_of);
    return status == 0 && s->o.book ? standing_keep(s) : status;
}

static int cmd_eval(struct session *s)
{
    struct judge_query q = {NONE, NONE, 0};
    int status = session_judged(s, &q);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        answer_json(&s->x.answer, &s->out);
    } else if (session_wants_rows(s)) {
        struct csv_writer w;
        status = session_rows(s, "结论", "verdicts", &w);
        if (status != 0) {
            return status;
        }
        answer_csv(&s->x.answer, &w);
        status = session_rows_end(s);
        if (status != 0) {
            return status;
        }
    } else {
        answer_text(&s->x.answer, &s->out);
    }
    return 0;
}

static int cmd_explain(struct session *s)
{
    struct judge_query q = {NONE, NONE, 0};
    int status = session_judged(s, &q);
    if (status != 0) {
        return status;
    }
    if (s->x.answer.verdicts.rows.n == 0) {
        return session_complain(s, 3, "没有符合条件的判定", "no verdict matches", s->o.target);
    }
    enum rc rc =
        s->o.format == FORMAT_JSON ? explain_json(&s->x, &s->out) : explain_text(&s->x, &s->out);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static int cmd_coverage(struct session *s)
{
    struct coverage *c = NULL;
    int status = session_open_plan(s);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_TEXT;
    enum rc rc = coverage_make(&s->arena, &s->pack, s->o.file, &c, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    s->phase = PHASE_ANSWER;
    if (s->o.format == FORMAT_JSON) {
        coverage_json(c, &s->out);
    } else if (session_wants_rows(s)) {
        struct csv_writer w;
        status = session_rows(s, "逐句对照", "coverage", &w);
        if (status != 0) {
            return status;
        }
        coverage_csv(c, s->o.chinese, &w);
        status = session_rows_end(s);
        if (status != 0) {
            return status;
        }
    } else {
        coverage_text(c, s->o.chinese, session_width(), &s->out);
    }
    return rc_exit_status(coverage_status(c));
}

/* With data also by the facts. */
static int lint_findings(struct session *s, struct lint_answer *out)
{
    bool facts = s->o.data.n > 0;
    struct judge_query q = {NONE, NONE, 0};
    int status = facts ? session_judged(s, &q) : session_open_plan(s);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    *out = (struct lint_answer){
        .a = &s->arena, .plan = s->pack.plan, .chinese = s->o.chinese, .width = session_width()};
    lint_plan(&s->arena, s->pack.plan, &out->findings);
    enum rc rc = RC_OK;
    if (facts) {
        const struct verdicts *rows = &s->x.answer.verdicts;
        rc = lint_facts(&s->arena, s->x.cells, &s->ev, rows, &out->findings);
        lint_sort(&s->arena, s->pack.plan, &out->findings);
    }
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static int cmd_lint(struct session *s)
{
    struct lint_answer x;
    int status = lint_findings(s, &x);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        lint_json(&x, &s->out);
    } else if (session_wants_rows(s)) {
        struct csv_writer w;
        status = session_rows(s, "政策体检", "lint", &w);
        if (status != 0) {
            return status;
        }
        lint_csv(&x, &w);
        status = session_rows_end(s);
        if (status != 0) {
            return status;
        }
    } else {
        lint_text(&x, &s->out);
    }
    return x.findings.list.n > 0 ? rc_exit_status(RC_FINDINGS) : 0;
}

/* ---- diff ----------------------------------------------------------------------------------- */

/* The facts of the first pack, or those given, as the plan in s->pack reads them. */
static int diff_facts_of(struct session *s, struct diff *d, int side, struct problems *left_out)
{
    s->phase = PHASE_TABLES;
    enum rc rc = pack_open_what_fits(&s->arena, s->o.pack, s->o.data.list, s->o.data.n, left_out,
                                     &s->pack, &s->e);
    const struct problems *p = &s->pack.problems;
    if (rc == RC_INPUT && p->n == 1 && p->list.items[0].fault == LOAD_NO_UNITS) {
        return 0; /* plans without facts are compared too */
    }
    struct judge_query all = {NONE, NONE, 0};
    struct date as_of = DATE_MIN;
    int status = session_opened(s, rc);
    status = status != 0 ? status : session_query(s, &all, &as_of);
    status = status != 0 ? status : judge(s, all, as_of);
    d->answer[side] = s->x.answer;
    if (s->columns) {
        columns_release(s->columns);
        s->columns = NULL;
    }
    return status;
}

static int diff_sides(struct session *s, struct diff *d)
{
    const char *dirs[2] = {s->o.pack, s->o.other};
    struct problems left_out[2] = {0};
    bool facts = true;
    for (int side = 0; side < 2; side++) {
        s->phase = PHASE_PLAN;
        int status = session_opened(s, pack_open_plan(&s->arena, dirs[side], &s->pack, &s->e));
        d->plan[side] = s->pack.plan;
        if (status == 0 && facts) {
            status = diff_facts_of(s, d, side, &left_out[side]);
            facts = s->pack.problems.n == 0;
        }
        if (status != 0) {
            return status;
        }
    }
    s->phase = PHASE_ANSWER;
    diff_plans(d);
    if (facts) {
        diff_verdicts(d);
        diff_facts(d, left_out, &s->pack.problems);
    }
    return facts && s->pack.problems.n > 0 ? faults(s) : 0;
}

static int cmd_diff(struct session *s)
{
    struct diff d = {.a = &s->arena, .chinese = s->o.chinese, .width = session_width()};
    int status = diff_sides(s, &d);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        diff_json(&d, &s->out);
    } else if (session_wants_rows(s)) {
        struct csv_writer w;
        status = session_rows(s, "比较", "diff", &w);
        if (status != 0) {
            return status;
        }
        diff_csv(&d, &w);
        status = session_rows_end(s);
        if (status != 0) {
            return status;
        }
    } else {
        diff_text(&d, &s->out);
    }
    return diff_is_empty(&d) ? 0 : rc_exit_status(RC_FINDINGS);
}

/* ---- bench ---------------------------------------------------------------------------------- */

static int cmd_bench(struct session *s)
{
    struct bench b = {.pack = &s->pack, .threads = threads_of(s)};
    double begin = seconds_now();
    int status = session_open_plan(s);
    b.open_plan = seconds_now() - begin;
    s->phase = PHASE_TABLES;
    status = status != 0 ? status
                         : session_opened(s, pack_open_tables(&s->arena, s->o.pack, s->o.data.list,
                                                              s->o.data.n, &s->pack, &s->e));
    b.open_tables = seconds_now() - begin - b.open_plan;
    status = status != 0 ? status : session_day(s, &b.as_of);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_JUDGE;
    b.memory = s->arena.limit_bytes - arena_used(&s->arena);
    enum rc rc = bench_measure(&s->arena, &b, &s->e);
    if (rc != RC_OK) {
        return rc == RC_NO_MEMORY || rc == RC_LIMIT ? no_room(s, rc) : session_failed(s, rc);
    }
    s->phase = PHASE_ANSWER;
    if (s->o.format == FORMAT_JSON) {
        bench_json(&b, &s->out);
    } else {
        bench_text(&s->arena, &b, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_demo(struct session *s)
{
    struct demo_options o = {.seed = s->o.seed > 0 ? s->o.seed : 1,
                             .percent = s->o.percent > 0 ? s->o.percent : 100};
    struct demo_summary n;
    if (!s->o.out) {
        return session_complain(s, 2, "请用 --out 写明写入的目录", "say where to: --out DIR", "");
    }
    int status = session_day(s, &o.as_of);
    status = status != 0 ? status : session_open_pack(s);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    enum rc rc = demo_write(&s->arena, &s->pack, s->o.pack, s->o.out, o, &s->demo, &n, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    buf_printf(&s->out,
               s->o.chinese
                   ? "示例数据已写入 %s：机构 %u，数据 %u，台账 %u 行，称号 %u，结对 %u，佐证 "
                     "%u，埋设的造假 %u 处\n"
                     "判定：tizhi eval --pack %s --data %s/data\n"
                   : "demonstration data in %s: %u units, %u facts, %u register rows, %u titles, "
                     "%u pairs, %u pieces of evidence, %u planted frauds\n"
                     "to judge: tizhi eval --pack %s --data %s/data\n",
               s->o.out, n.units, n.facts, n.rows, n.titles, n.pairs, n.evidence, n.frauds,
               s->o.pack, s->o.out);
    return 0;
}

static int cmd_version(struct session *s)
{
    buf_puts(&s->out, "tizhi " TIZHI_VERSION "\n");
    return 0;
}

static void command(void *ctx)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        // clang-format off: a line each
        [COMMAND_CHECK] = cmd_check,       [COMMAND_FMT] = cmd_fmt,
        [COMMAND_LIST] = cmd_list,         [COMMAND_EVAL] = cmd_eval,
        [COMMAND_EXPLAIN] = cmd_explain,   [COMMAND_VERSION] = cmd_version,
        [COMMAND_DEMO] = cmd_demo,         [COMMAND_COVERAGE] = cmd_coverage,
        [COMMAND_LINT] = cmd_lint,         [COMMAND_DIFF] = cmd_diff,
        [COMMAND_BENCH] = cmd_bench,       [COMMAND_SHEET] = sheet_command,
        [COMMAND_IMPORT] = import_command, [COMMAND_INSPECT] = inspect_command,
        [COMMAND_SERVE] = serve_command,   [COMMAND_DRAFT_PACK] = draft_command,
        [COMMAND_TEXT] = text_command,     [COMMAND_PROVE] = prove_command,
        // clang-format on
    };
    struct session *s = ctx;
    int (*of_book)(struct session *) = book_command(s->o.command);
    of_book = of_book != NULL ? of_book : people_command(s->o.command);
    of_book = of_book != NULL ? of_book : keep_command(s->o.command);
    of_book = of_book != NULL ? of_book : export_command(s->o.command);
    of_book = of_book != NULL ? of_book : question_command(s->o.command);
    of_book = of_book != NULL ? of_book : adopt_command(s->o.command);
    s->status = sit_answer(s, of_book != NULL ? of_book(s) : run[s->o.command](s));
}

/* ---- the process ---------------------------------------------------------------------------- */

/* Of the machine's memory a quarter is left to others. */
static size_t memory_limit(const struct options *o)
{
    if (o->memory_mib > 0) {
        return o->memory_mib * MIB;
    }
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page <= 0) {
        return MEMORY_MIB * MIB;
    }
    size_t most = (size_t)pages / 4 * 3 * (size_t)page;
    return most < MEMORY_MIB * MIB ? most : MEMORY_MIB * MIB;
}

/* In the fault build TIZHI_FAULT=POINT:N lets the nth arrival at a point fail. */
static void arm_fault(void)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char *spec = fault_enabled() ? getenv("TIZHI_FAULT") : NULL;
    struct str rest = str_from_cstr(spec);
    struct str name = STR("");
    i128 nth = 0;
    if (!spec || !str_split(&rest, ':', &name) || !i128_parse(rest, &nth)) {
        return;
    }
    for (int i = 0; i < FAULT__COUNT; i++) {
        if (str_eq(name, str_from_cstr(fault_name((enum fault)i)))) {
            fault_arm((enum fault)i, (uint32_t)nth);
        }
    }
}

static void run(struct session *s, int argc, char **argv)
{
    s->status = options_read(&s->o, argc, argv, &s->message);
    arena_init(&s->arena, memory_limit(&s->o), "tizhi");
    if (s->status != 0) {
        return;
    }
    if (s->o.help) {
        options_help(s->o.help_on, s->o.chinese, &s->out);
        return;
    }
    arm_fault();
    enum rc rc = arena_run(&s->arena, command, s);
    fault_disarm();
    if (rc != RC_OK) {
        s->status = no_room(s, rc);
    }
    if (s->out.overflow) {
        buf_clear(&s->message);
        s->status = session_complain(s, 4, "结果超过允许的大小，请缩小范围",
                                     "the answer is too large, ask for less", "1024 MiB");
    }
}

/* What may steer a terminal or turn the order of its letters round. */
static bool steers(uint32_t cp)
{
    return (utf8_is_control(cp) && cp != '\n' && cp != '\t') || utf8_is_bidi_control(cp);
}

/* A text from a table or a book must not steer the terminal it is shown on. */
static bool shown(struct str text, FILE *to)
{
    uint32_t from = 0;
    uint32_t n = 0;
    for (uint32_t at = 0; at < text.n; at += n) {
        uint32_t cp;
        n = utf8_decode(text, at, &cp);
        if (!steers(cp)) {
            continue;
        }
        if (fwrite(text.p + from, 1, at - from, to) != at - from || fputc('?', to) == EOF) {
            return false;
        }
        from = at + n;
    }
    return fwrite(text.p + from, 1, text.n - from, to) == text.n - from && fflush(to) == 0;
}

static bool written(struct str text, FILE *to)
{
    if (isatty(fileno(to))) {
        return shown(text, to);
    }
    return fwrite(text.p, 1, text.n, to) == text.n && fflush(to) == 0;
}

int main(int argc, char **argv)
{
    struct session s = {.status = 0};
    buf_init(&s.out, OUTPUT_BYTES);
    buf_init(&s.message, OUTPUT_BYTES);
    run(&s, argc, argv);
    errno = 0;
    if (!s.out.overflow && !written(buf_view(&s.out), stdout)) {
        err_clear(&s.e);
        (void)err_set_errno(&s.e, RC_IO, "writing the output failed", "输出失败");
        s.status = render(&s);
    }
    (void)written(buf_view(&s.message), stderr);
    buf_release(&s.out);
    buf_release(&s.message);
    demo_files_release(&s.demo);
    export_drop(&s.work);
    if (s.columns) {
        columns_release(s.columns);
    }
    sit_end(&s);
    arena_release(&s.arena);
    return s.status;
}
