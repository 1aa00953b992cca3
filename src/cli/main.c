/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: options, and one function per command over the use cases of app. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/answer.h"
#include "app/explain.h"
#include "app/format.h"
#include "app/pack.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"

#define ARENA_BYTES  ((size_t)8 * 1024 * 1024 * 1024)
#define OUTPUT_BYTES (1024U * 1024 * 1024)
#define DATA_DIRS    64

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

struct options {
    const char *pack;
    const char *data[DATA_DIRS];
    uint32_t n_data;
    const char *target, *unit, *part, *year, *as_of;
    enum format format;
    bool chinese;
    bool help;
    bool write;     /* fmt: in place */
    bool decided;   /* eval: leave out what is pending or unknown */
    bool reference; /* by the reference interpreter alone */
};

struct session {
    struct arena arena;
    struct options o;
    struct buf out;
    struct err e;
    struct columns *columns; /* NULL: not made */
};

typedef int (*command_fn)(struct session *s);

/* ---- messages ------------------------------------------------------------------------------- */

static int complain(const struct session *s, int status, const char *zh, const char *en,
                    const char *what)
{
    fprintf(stderr, "%s%s%s\n", s->o.chinese ? zh : en, what[0] != 0 ? ": " : "", what);
    return status;
}

static int usage(const struct session *s)
{
    static const char *const zh =
        "用法：tizhi 命令 [选项]\n"
        "  check    检查计划包\n"
        "  fmt      按 --lang 重写计划文件；加 --write 写回原处\n"
        "  list     列出全部承诺\n"
        "  eval     判定\n"
        "  explain  说明一项判定的由来：tizhi explain 编号 --unit 代码 --year 年度\n"
        "  version  版本\n"
        "选项：\n"
        "  --pack 目录        计划包\n"
        "  --data 目录        数据，可重复；不写则用计划包的 data 目录\n"
        "  --as-of 日期       截至该日所知（默认今天）\n"
        "  --target 编号      只看一项    --unit 代码  只看一个机构    --year 年度  只看一年\n"
        "  --part 部分        只看一部分\n"
        "  --decided          表中不列未到期和缺数的行\n"
        "  --reference        只用参考解释器求值（慢，结果相同）\n"
        "  --format text|json|csv    --lang zh|en\n"
        "退出码：0 成功，1 有问题，2 用法不对，3 输入有误，4 环境问题\n";
    static const char *const en =
        "usage: tizhi COMMAND [options]\n"
        "  check    check a plan pack\n"
        "  fmt      respell the plan files in --lang; --write puts them back\n"
        "  list     list every commitment\n"
        "  eval     judge\n"
        "  explain  say why: tizhi explain TARGET --unit CODE --year YEAR\n"
        "  version  the version\n"
        "options:\n"
        "  --pack DIR         the plan pack\n"
        "  --data DIR         data, repeatable; without it the folder data of the pack\n"
        "  --as-of DATE       what was known on that day (default: today)\n"
        "  --target ID        one commitment    --unit CODE  one unit    --year YEAR  one year\n"
        "  --part PART        one part\n"
        "  --decided          leave pending and unknown rows out of the table\n"
        "  --reference        judge by the reference interpreter alone (slow, the same answers)\n"
        "  --format text|json|csv    --lang zh|en\n"
        "exit status: 0 ok, 1 findings, 2 usage, 3 bad input, 4 environment\n";
    fputs(s->o.chinese ? zh : en, stdout);
    return 0;
}

static int failed(struct session *s, enum rc rc)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    err_render(&s->e, s->o.chinese ? ERR_LANG_ZH : ERR_LANG_EN, &b);
    struct str text = buf_view(&b);
    fprintf(stderr, "%.*s%s", PS(text), str_ends(text, STR("\n")) ? "" : "\n");
    buf_release(&b);
    return rc_exit_status(rc);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Faults go to stdout as JSON when that was asked for, else to stderr. */
static int faults(struct session *s, const struct pack *p)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        pack_faults_json(p, &j);
        json_end(&j);
    } else {
        struct buf b;
        buf_init(&b, OUTPUT_BYTES);
        pack_render_faults(p, s->o.chinese, &b);
        fprintf(stderr, "%.*s", PS(buf_view(&b)));
        buf_release(&b);
    }
    return rc_exit_status(RC_INPUT);
}

static bool has_faults(const struct pack *p)
{
    return p->diags.n_errors > 0 || p->problems.n > 0;
}

/* 0 when open; else the exit status. */
static int open_pack(struct session *s, struct pack *p, bool tables)
{
    if (!s->o.pack) {
        return complain(s, 2, "请用 --pack 写明计划包目录", "say which pack: --pack DIR", "");
    }
    enum rc rc = tables ? pack_open(&s->arena, s->o.pack, s->o.data, s->o.n_data, p, &s->e)
                        : pack_open_plan(&s->arena, s->o.pack, p, &s->e);
    if (rc == RC_OK) {
        return 0;
    }
    return has_faults(p) ? faults(s, p) : failed(s, rc);
}

/* ---- commands ------------------------------------------------------------------------------- */

static int cmd_check(struct session *s)
{
    struct pack p;
    int status = open_pack(s, &p, false);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        (void)faults(s, &p); /* the warnings, if any */
        return p.diags.n_warnings > 0 ? 1 : 0;
    }
    buf_printf(&s->out,
               s->o.chinese ? "计划 %.*s 没有错误：%u 项承诺，%u 个数据项\n"
                            : "plan %.*s has no errors: %u commitments, %u items\n",
               PS(p.plan->id), p.plan->n_commitments, p.plan->n_items);
    return p.diags.n_warnings > 0 ? 1 : 0;
}

static int cmd_list(struct session *s)
{
    struct pack p;
    int status = open_pack(s, &p, false);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        list_json(p.plan, &s->arena, &s->out);
    } else if (s->o.format == FORMAT_CSV) {
        list_csv(p.plan, &s->arena, &s->out);
    } else {
        list_text(p.plan, &s->arena, s->o.chinese, &s->out);
    }
    return 0;
}

static int cmd_fmt(struct session *s)
{
    struct pack p = {0};
    if (!s->o.pack) {
        return complain(s, 2, "请用 --pack 写明计划包目录", "say which pack: --pack DIR", "");
    }
    enum diag_lang lang = s->o.chinese ? DIAG_ZH : DIAG_EN;
    enum rc rc = format_pack(&s->arena, s->o.pack, lang, s->o.write, &p, &s->out, &s->e);
    if (rc == RC_OK) {
        return 0;
    }
    return has_faults(&p) ? faults(s, &p) : failed(s, rc);
}

static int find_target(struct session *s, const struct pack *p, uint32_t *out)
{
    struct str want = str_from_cstr(s->o.target);
    struct str *known = ARENA_ARRAY(&s->arena, struct str, p->plan->n_commitments + 1);
    for (uint32_t i = 0; i < p->plan->n_commitments; i++) {
        known[i] = p->plan->commitments[i].id;
        if (str_eq(known[i], want) || str_eq(p->plan->commitments[i].name, want)) {
            *out = i;
            return 0;
        }
    }
    uint32_t near = diag_nearest(want, known, p->plan->n_commitments);
    if (near < p->plan->n_commitments) {
        fprintf(stderr,
                s->o.chinese ? "没有编号 %s；是否指 %.*s？\n"
                             : "there is no %s; did you mean %.*s?\n",
                s->o.target, PS(known[near]));
        return 3;
    }
    return complain(s, 3, "没有这一编号的承诺", "there is no such commitment", s->o.target);
}

static int read_query(struct session *s, const struct pack *p, struct judge_query *q,
                      struct date *as_of)
{
    *as_of = date_today();
    if (s->o.as_of && !date_parse(str_from_cstr(s->o.as_of), as_of)) {
        return complain(s, 2, "--as-of 须为日期，如 2025-12-31",
                        "--as-of wants a date such as 2025-12-31", s->o.as_of);
    }
    if (s->o.target) {
        int status = find_target(s, p, &q->commitment);
        if (status != 0) {
            return status;
        }
    }
    if (s->o.unit && tree_find(p->tree, str_from_cstr(s->o.unit), DATE_MIN, DATE_MAX, &q->unit) !=
                         TREE_FOUND_ONE) {
        return complain(s, 3, "没有这一代码或名称的机构（重名请写代码）",
                        "there is no such unit, or several: write its code", s->o.unit);
    }
    if (s->o.year) {
        struct rat year = rat_zero();
        int64_t y = 0;
        bool read =
            rat_parse_decimal(&s->arena, str_from_cstr(s->o.year), &year) && rat_to_int64(year, &y);
        if (!read || y < 1900 || y > 2199) {
            return complain(s, 2, "--year 须为年份，如 2025", "--year wants a year such as 2025",
                            s->o.year);
        }
        q->year = (int32_t)y;
    }
    return 0;
}

static void keep_part(struct session *s, struct verdicts *v)
{
    uint32_t n = 0;
    for (uint32_t i = 0; s->o.part && i < v->rows.n; i++) {
        if (str_eq(v->rows.items[i].part, str_from_cstr(s->o.part))) {
            v->rows.items[n++] = v->rows.items[i];
        }
    }
    v->rows.n = s->o.part ? n : v->rows.n;
}

static enum rc evaluator(struct session *s, struct cells *c, struct evaluator *ev)
{
    return s->o.reference ? ref_make(&s->arena, c, ev, &s->e)
                          : columns_make(&s->arena, c, &s->columns, ev, &s->e);
}

/* Judges as asked; the answer refers to p. */
static int judged(struct session *s, struct pack *p, struct explain *x, struct evaluator *ev)
{
    struct judge_query q = {NONE, NONE, 0};
    struct date as_of = DATE_MIN;
    int status = open_pack(s, p, true);
    status = status != 0 ? status : read_query(s, p, &q, &as_of);
    if (status != 0) {
        return status;
    }
    *x = (struct explain){.ev = ev};
    x->answer = (struct answer){.a = &s->arena,
                                .plan = p->plan,
                                .tree = p->tree,
                                .as_of = as_of,
                                .chinese = s->o.chinese,
                                .decided = s->o.decided};
    enum rc rc = cells_make(&s->arena, p->plan, p->data, as_of, &x->cells, &s->e);
    rc = rc == RC_OK ? evaluator(s, x->cells, ev) : rc;
    /* Small counts are withheld with all rows in sight: what may be shown of one depends on the
     * others, and not on what was asked for (C41). */
    bool sealed = seal_needed(p->plan);
    struct judge_query first = sealed ? (struct judge_query){NONE, NONE, 0} : q;
    struct verdicts *v = &x->answer.verdicts;
    rc = rc == RC_OK ? judge_plan(&s->arena, x->cells, ev, first, v, &s->e) : rc;
    rc = rc == RC_OK && sealed ? seal_apply(&s->arena, x->cells, ev, v, &x->seal) : rc;
    if (rc != RC_OK) {
        return failed(s, rc);
    }
    judge_filter(q, v);
    keep_part(s, &x->answer.verdicts);
    return 0;
}

static int cmd_eval(struct session *s)
{
    struct pack p;
    struct explain x;
    struct evaluator ev;
    int status = judged(s, &p, &x, &ev);
    if (status != 0) {
        return status;
    }
    if (s->o.format == FORMAT_JSON) {
        answer_json(&x.answer, &s->out);
    } else if (s->o.format == FORMAT_CSV) {
        answer_csv(&x.answer, &s->out);
    } else {
        answer_text(&x.answer, &s->out);
    }
    return 0;
}

static int cmd_explain(struct session *s)
{
    struct pack p;
    struct explain x;
    struct evaluator ev;
    if (!s->o.target) {
        return complain(s, 2, "请写明要说明的承诺编号", "say which commitment to explain", "");
    }
    int status = judged(s, &p, &x, &ev);
    if (status != 0) {
        return status;
    }
    if (x.answer.verdicts.rows.n == 0) {
        return complain(s, 3, "没有符合条件的判定", "no verdict matches", s->o.target);
    }
    enum rc rc = s->o.format == FORMAT_JSON ? explain_json(&x, &s->out) : explain_text(&x, &s->out);
    return rc == RC_OK ? 0 : failed(s, rc);
}

static int cmd_version(struct session *s)
{
    buf_puts(&s->out, "tizhi " TIZHI_VERSION "\n");
    return 0;
}

static int cmd_help(struct session *s)
{
    return usage(s);
}

static const struct {
    const char *name;
    command_fn fn;
} commands[] = {
    {"fmt", cmd_fmt},         {"check", cmd_check},       {"list", cmd_list}, {"eval", cmd_eval},
    {"explain", cmd_explain}, {"version", cmd_version},   {"help", cmd_help}, {"--help", cmd_help},
    {"-h", cmd_help},         {"--version", cmd_version},
};

/* ---- options -------------------------------------------------------------------------------- */

static bool set_text(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **to;
    } texts[] = {{"--pack", &o->pack}, {"--target", &o->target}, {"--unit", &o->unit},
                 {"--year", &o->year}, {"--as-of", &o->as_of},   {"--part", &o->part}};
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].name, name) == 0) {
            *texts[i].to = value;
            return true;
        }
    }
    if (strcmp(name, "--data") == 0 && o->n_data < DATA_DIRS) {
        o->data[o->n_data++] = value;
        return true;
    }
    return false;
}

static bool set_choice(struct options *o, const char *name, const char *value)
{
    static const struct {
        const char *value;
        enum format format;
    } formats[] = {{"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"csv", FORMAT_CSV}};
    if (strcmp(name, "--lang") == 0) {
        o->chinese = strcmp(value, "zh") == 0;
        return o->chinese || strcmp(value, "en") == 0;
    }
    for (uint32_t i = 0; strcmp(name, "--format") == 0 && i < 3; i++) {
        if (strcmp(formats[i].value, value) == 0) {
            o->format = formats[i].format;
            return true;
        }
    }
    return false;
}

static int read_options(struct session *s, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        struct options *o = &s->o;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            o->help = true;
        } else if (strcmp(argv[i], "--write") == 0) {
            o->write = true;
        } else if (strcmp(argv[i], "--decided") == 0) {
            o->decided = true;
        } else if (strcmp(argv[i], "--reference") == 0) {
            o->reference = true;
        } else if (argv[i][0] != '-' && !o->target && strcmp(argv[1], "explain") == 0) {
            o->target = argv[i];
        } else if (argv[i][0] == '-' && i + 1 < argc &&
                   (set_text(o, argv[i], argv[i + 1]) || set_choice(o, argv[i], argv[i + 1]))) {
            i++;
        } else {
            return complain(s, 2, "不认识的选项，或缺少其值（tizhi help 查看用法）",
                            "unknown option, or its value is missing (see tizhi help)", argv[i]);
        }
    }
    return 0;
}

static bool chinese_by_default(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (uint32_t i = 0; i < 3; i++) {
        const char *v = getenv(names[i]);
        if (v && v[0] != 0) {
            return strncmp(v, "zh", 2) == 0;
        }
    }
    return false;
}

static int run(struct session *s, int argc, char **argv)
{
    if (argc < 2) {
        (void)usage(s);
        return 2;
    }
    int status = read_options(s, argc, argv);
    if (status != 0) {
        return status;
    }
    for (uint32_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return s->o.help ? usage(s) : commands[i].fn(s);
        }
    }
    return complain(s, 2, "没有这个命令（tizhi help 查看用法）", "no such command (see tizhi help)",
                    argv[1]);
}

int main(int argc, char **argv)
{
    struct session s = {.o = {.chinese = chinese_by_default()}};
    arena_init(&s.arena, ARENA_BYTES, "tizhi");
    buf_init(&s.out, OUTPUT_BYTES);
    int status = run(&s, argc, argv);
    struct str out = buf_view(&s.out);
    if (s.out.overflow || fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0) {
        status = complain(&s, 4, "输出失败", "writing the output failed", "");
    }
    buf_release(&s.out);
    if (s.columns) {
        columns_release(s.columns);
    }
    arena_release(&s.arena);
    return status;
}
