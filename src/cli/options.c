/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of options.def: reading argv by them, and printing them as help. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i128.h"
#include "base/str.h"
#include "base/utf8.h"
#include "lang/diag.h"

#define ON(command) ((u128)1 << COMMAND_##command)
#define ON_FMT      ON(FMT)
#define ON_EVAL     ON(EVAL)
#define ON_DATA     (ON(EVAL) | ON(EXPLAIN))
#define ON_JUDGE    (ON_DATA | ON(LINT) | ON(DIFF))
#define ON_THREADS  (ON_JUDGE | ON(BENCH))
#define ON_ANSWER   (ON_JUDGE | ON(LIST) | ON(CHECK) | ON(COVERAGE))
#define ON_DEMO     ON(DEMO)
#define ON_FILL     (ON(BOOK_INIT) | ON(BOOK_LOAD))
#define ON_WISH     (ON(ROUND_TRY) | ON(ROUND_OPEN))
#define ON_CORRECT  ON(REPORT_CORRECT)
#define ON_RETURN   ON(REVIEW_RETURN)
#define ON_DECIDE   (ON(REVIEW_APPROVE) | ON_RETURN)
#define ON_REVIEW   (ON(REVIEW_LIST) | ON_DECIDE)
#define ON_FILED    ON(TASK_FILE)
#define ON_EXTEND   ON(TASK_EXTEND)
#define ON_DENY     (ON(TASK_RETURN) | ON(TASK_REFUSE))
#define ON_ACT      (ON_FILED | ON_EXTEND | ON_DENY | ON(TASK_SIGN_OFF) | ON(TASK_GRANT))
#define ON_TASKS    (ON_ACT | ON(TASK_LIST))
#define ON_REASON   (ON_CORRECT | ON_EXTEND | ON_DENY)
#define ON_SEEN                                                                                    \
    (ON(REPORT_SAVE) | ON(REPORT_SIGN) | ON(REPORT_SUBMIT) | ON(REPORT_WITHDRAW) | ON_CORRECT |    \
     ON_DECIDE | ON_ACT)
#define ON_MINUTES (ON_WISH | ON(REPORT_SAVE))
#define ON_REPORT  (ON(REPORT_BLANK) | ON(REPORT_SHOW) | ON(REPORT_CHECK) | (ON_SEEN & ~ON_ACT))
#define ON_ROUND   (ON_WISH | ON(ROUND_STATUS) | ON(ROUND_LOCK) | ON_REPORT | ON(REVIEW_LIST))
#define ON_ENTRY                                                                                   \
    (ON(REGISTER_CHANGE) | ON(REGISTER_END) | ON(REGISTER_STRIKE) | ON(REGISTER_UNDO) |            \
     ON(REGISTER_OFFER) | ON(REGISTER_TAKE))
#define ON_STATE   (ON(REGISTER_CHECK) | ON(REGISTER_SIGN) | ON(REGISTER_SUBMIT))
#define ON_CARRIED (ON_STATE | ON(REGISTER_WITHDRAW) | ON(REGISTER_APPROVE))
#define ON_CARRY   (ON_CARRIED | ON(REGISTER_RETURN) | ON(REGISTER_CORRECT))
#define ON_OWNED                                                                                   \
    (ON_ENTRY | ON_CARRY | ON(REGISTER_SHOW) | ON(REGISTER_ADD) | ON(REGISTER_IMPORT) |            \
     ON(REGISTER_EXPORT))
#define ON_REGISTER  (ON_OWNED | ON(REGISTER_SET) | ON(REGISTER_STATUS))
#define ON_REGISTERS (ON_REGISTER | ON(REGISTER_LIST))
#define ON_BOOK      (ON_FILL | ON(BOOK_STATUS) | ON(BOOK_FOLLOW) | ON_ROUND | ON_TASKS | ON_REGISTERS)
#define ON_ONESELF   (ON(USER_PASSWORD) | ON(USER_TOTP) | ON(USER_PROVE) | ON(USER_LOGIN))
#define ON_USER_ID                                                                                 \
    (ON(USER_ADD) | ON(USER_CLOSE) | ON(USER_REOPEN) | ON(USER_RESET) | ON(USER_UNLOCK) |          \
     ON(USER_NO_TOTP))

#define ON_AUDIT     (ON(AUDIT_VERIFY) | ON(AUDIT_LOG) | ON(AUDIT_ANCHOR))
#define ON_KEEP      (ON_AUDIT | ON(BACKUP) | ON(RESTORE))
#define ON_UNITS_TIE (ON(UNITS_MERGE) | ON(UNITS_SPLIT))
#define ON_UNITS_ONE                                                                               \
    (ON(UNITS_CREATE) | ON(UNITS_RENAME) | ON(UNITS_MOVE) | ON(UNITS_CHANGE) | ON_UNITS_TIE |      \
     ON(UNITS_CLOSE) | ON(UNITS_REOPEN))
#define ON_UNITS_SET (ON_UNITS_ONE | ON(UNITS_IMPORT))
#define ON_CODE      (ON_UNITS_ONE | ON(UNITS_SHOW))
#define ON_UNITS     (ON_UNITS_SET | ON(UNITS_LIST) | ON(UNITS_SHOW))
#define ON_EVIDENCE  (ON(EVIDENCE_LIST) | ON(EVIDENCE_GET))
#define ON_PLACED    (ON_UNITS | ON_EVIDENCE) /* on a book, with the plan */
#define ON_FOUNDERS  (ON(USER_FOUND) | ON(USER_REGAIN))

#define ON_FROM    (ON(SEAT_GIVE) | ON(SEAT_HAND))
#define ON_TO      (ON_FROM | ON(SEAT_END))
#define ON_NOTE    (ON_USER_ID | ON_TO)
#define ON_ID      (ON_NOTE | ON(SEAT_SHOW) | ON(SEAT_DUTIES))
#define ON_LISTS   (ON(USER_LIST) | ON(SEAT_LIST))
#define ON_CLASS   (ON(SEAT_GIVE) | ON(SEAT_MAY))
#define ON_HOLDER  (ON_CLASS | ON(SEAT_HAND) | ON(SEAT_LIST))
#define ON_WORKS   (ON(MINE) | ON(REMIND))
#define ON_DUTIES  (ON(SEAT_DUTIES) | ON_WORKS)
#define ON_REMIND  (ON_TASKS | ON(SEAT_DUTIES) | ON(MINE))
#define ON_LOGIN   (ON_ONESELF | ON_ID | ON_LISTS | ON(SEAT_MAY) | ON_WORKS)
#define ON_KEPT    (ON_LOGIN | ON_FOUNDERS | ON(USER_LOGOUT)) /* people of a book */
#define ON_PEOPLE  (ON_KEPT | ON(SEAT_RIGHTS))
#define ON_VIEW    (ON_DATA | ON(BOOK_FOLLOW)) /* of verdicts on a book */
#define ON_WHO     ((ON_BOOK & ~ON(BOOK_INIT)) | ON_DATA | ON_LOGIN | ON_KEEP | ON_PLACED)
#define ON_SESSION ((ON_WHO & ~(ON_ONESELF)) | ON(USER_LOGIN) | ON(USER_LOGOUT))
#define ON_BOOKS   (ON_BOOK | ON_DATA | ON_KEPT | ON_KEEP | ON_PLACED)
#define ON_AS_OF                                                                                   \
    (ON_THREADS | ON_DEMO | ON(BOOK_FOLLOW) | ON(SEAT_LIST) | ON(SEAT_MAY) | ON(UNITS_LIST))
#define ON_ONE (ON_REPORT | ON_ACT | ON_OWNED) /* want --unit */
#define ON_UNIT                                                                                    \
    (ON_VIEW | ON_ONE | ON(TASK_LIST) | ON_LISTS | ON_CLASS | ON(USER_ADD) | ON(AUDIT_LOG) |       \
     ON(EVIDENCE_LIST))
#define ON_NAMED  (ON_ID | ON_CODE | ON(EVIDENCE_GET)) /* want one id, code or hash */
#define ON_PART   (ON_DATA | ON_ACT)
#define ON_TABLES (ON_THREADS | ON_FILL)
#define ON_FORMAT                                                                                  \
    (ON_ANSWER | ON(BENCH) | ON_PEOPLE | (ON_BOOK & ~(ON(REPORT_BLANK) | ON(REGISTER_EXPORT))) |   \
     ON_KEEP | ON_PLACED)
#define ON_WORK                                                                                    \
    (ON_ANSWER | ON(BENCH) | ON(FMT) | ON_DEMO | ON_BOOK | ON_DUTIES | ON_KEEP | ON_PLACED)
#define ON_PACK ((ON_WORK & ~(ON(DIFF) | ON_KEEP)) | ON(SEAT_HAND))
#define ON_ALL  (ON_WORK | ON_PEOPLE | ON(AUDIT_KEY) | ON(VERSION) | ON(HELP))

static const struct {
    const char *word;
    const char *text[2]; /* English, Chinese; so everywhere here */
    const char *usage[2];
} commands[COMMAND__N] = {
#define COMMAND(name, word, en, zh, usage_en, usage_zh)                                            \
    [COMMAND_##name] = {word, {(en), (zh)}, {(usage_en), (usage_zh)}},
#include "cli/options.def"
};

_Static_assert(COMMAND__N <= 128, "a bit per command");

enum option {
#define OPTION(name, word, on, value_en, value_zh, en, zh) OPTION_##name,
#include "cli/options.def"
    OPTION__N
};

static const struct {
    const char *word;
    u128 on;
    const char *value[2]; /* "": takes none */
    const char *text[2];
} options[OPTION__N] = {
#define OPTION(name, word, on, value_en, value_zh, en, zh)                                         \
    [OPTION_##name] = {word, (on), {(value_en), (value_zh)}, {(en), (zh)}},
#include "cli/options.def"
};

/* ---- complaints ----------------------------------------------------------------------------- */

/* Texts with one %s. Ends with where to look. */
static int complain(const struct options *o, struct buf *message, const char *en, const char *zh,
                    const char *what)
{
    struct str rest = str_from_cstr(o->chinese ? zh : en);
    uint32_t hole = str_find(rest, STR("%s"), 0);
    buf_puts(message, o->chinese ? "错误：" : "error: ");
    buf_str(message, str_sub(rest, 0, hole));
    buf_puts(message, what);
    buf_str(message, str_sub(rest, hole + 2, rest.n));
    bool known = o->command < COMMAND__N;
    buf_printf(message,
               o->chinese ? "\n  建议：用 tizhi help%s%s 查看用法。\n"
                          : "\n  hint: See tizhi help%s%s.\n",
               known ? " " : "", known ? commands[o->command].word : "");
    return 2;
}

/* An unknown word, with the nearest of the known ones. */
static int unknown(const struct options *o, struct buf *message, const char *en, const char *zh,
                   const char *word, const struct str *known, uint32_t n)
{
    uint32_t near = diag_nearest(str_from_cstr(word), known, n);
    struct buf what;
    buf_init(&what, 1 << 16);
    buf_puts(&what, word);
    if (near < n) {
        buf_printf(&what, o->chinese ? "；是否指 %.*s？" : "; did you mean %.*s?", PS(known[near]));
    }
    buf_putc(&what, '\0');
    int status = complain(o, message, en, zh, buf_view(&what).p);
    buf_release(&what);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool chinese_by_default(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
        const char *v = getenv(names[i]);
        if (v && v[0] != 0) {
            return strncmp(v, "zh", 2) == 0;
        }
    }
    return false;
}

/* OP2 */
static bool wants_chinese(int argc, char **argv)
{
    bool chinese = chinese_by_default();
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--lang") == 0) {
            chinese = strcmp(argv[i + 1], "zh") == 0;
        }
    }
    return chinese;
}

static enum command command_of(const char *word)
{
    uint32_t i = 0;
    while (i < COMMAND__N && strcmp(commands[i].word, word) != 0) {
        i++;
    }
    return (enum command)i;
}

/* `book init` as two words. */
static enum command command_of_two(const char *first, const char *second)
{
    uint32_t i = 0;
    size_t n = strlen(first);
    while (i < COMMAND__N &&
           (strncmp(commands[i].word, first, n) != 0 || commands[i].word[n] != ' ' ||
            strcmp(commands[i].word + n + 1, second) != 0)) {
        i++;
    }
    return (enum command)i;
}

static int no_command(const struct options *o, struct buf *message, const char *word)
{
    struct str known[COMMAND__N];
    for (uint32_t i = 0; i < COMMAND__N; i++) {
        known[i] = str_from_cstr(commands[i].word);
    }
    return unknown(o, message, "there is no command %s", "没有这个命令：%s", word, known,
                   COMMAND__N);
}

static bool read_format(const struct options *o, const char *value, enum format *out)
{
    static const char *const words[] = {
        [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv"};
    bool csv = (ON_ANSWER & ~(ON(CHECK) | ON(EXPLAIN)) & (u128)1 << o->command) != 0;
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], value) == 0) {
            *out = (enum format)i;
            return i != FORMAT_CSV || csv;
        }
    }
    return false;
}

static bool read_count(const char *value, uint32_t most, uint32_t *out)
{
    i128 n = 0;
    bool fits = i128_parse(str_from_cstr(value), &n) && n >= 1 && n <= most;
    *out = fits ? (uint32_t)n : 0;
    return fits;
}

static int add_word(const struct options *o, struct words *list, const char *value,
                    struct buf *message)
{
    if (list->n == WORDS_MAX) {
        return complain(o, message, "too many values, from %s on", "值过多，自 %s 起", value);
    }
    list->list[list->n++] = value;
    return 0;
}

static int set(struct options *o, enum option which, const char *value, struct buf *message)
{
    const char **const texts[OPTION__N] = {
        [OPTION_PACK] = &o->pack,       [OPTION_TARGET] = &o->target,  [OPTION_UNIT] = &o->unit,
        [OPTION_YEAR] = &o->year,       [OPTION_AS_OF] = &o->as_of,    [OPTION_PART] = &o->part,
        [OPTION_OUT] = &o->out,         [OPTION_BOOK] = &o->book,      [OPTION_AS] = &o->actor,
        [OPTION_FORM] = &o->form,       [OPTION_PERIOD] = &o->period,  [OPTION_DUE] = &o->due,
        [OPTION_WITHIN] = &o->within,   [OPTION_AT] = &o->at,          [OPTION_CAUSE] = &o->cause,
        [OPTION_DAY] = &o->day,         [OPTION_UNTIL] = &o->until,    [OPTION_WITH] = &o->with,
        [OPTION_NAME] = &o->name,       [OPTION_ROLE] = &o->role,      [OPTION_CLASS] = &o->class_,
        [OPTION_HOLDER] = &o->holder,   [OPTION_FROM] = &o->from,      [OPTION_TO] = &o->to,
        [OPTION_COMMIT] = &o->commit,   [OPTION_NOTE] = &o->note,      [OPTION_OP] = &o->op,
        [OPTION_SESSION] = &o->session, [OPTION_PUBLIC] = &o->public_, [OPTION_KEY] = &o->key,
        [OPTION_ACTOR] = &o->by,        [OPTION_ACT] = &o->act,        [OPTION_SINCE] = &o->from,
        [OPTION_LAST] = &o->to,         [OPTION_COPY] = &o->to,        [OPTION_ORIGIN] = &o->from,
        [OPTION_KIND] = &o->kind,       [OPTION_PARENT] = &o->parent,  [OPTION_ALIAS] = &o->alias,
        [OPTION_HOLDS] = &o->from,      [OPTION_BELOW] = &o->within,   [OPTION_FILES] = &o->files,
        [OPTION_REVIEW] = &o->review,   [OPTION_TURN] = &o->from,      [OPTION_ENDED] = &o->ended,
        [OPTION_OF] = &o->of,           [OPTION_TAKER] = &o->to};
    bool *const flags[OPTION__N] = {
        [OPTION_WRITE] = &o->write,     [OPTION_DECIDED] = &o->decided,
        [OPTION_PENDING] = &o->pending, [OPTION_REFERENCE] = &o->reference,
        [OPTION_NIL] = &o->nil,         [OPTION_SECRETS] = &o->secrets,
        [OPTION_DRY_RUN] = &o->dry_run, [OPTION_CLOSE_MISSING] = &o->close_missing,
        [OPTION_HELP] = &o->help};
    struct words *const lists[OPTION__N] = {
        [OPTION_ONLY] = &o->only,       [OPTION_WITHOUT] = &o->without,
        [OPTION_CELL] = &o->cells,      [OPTION_DUTY] = &o->duties,
        [OPTION_ANCHOR] = &o->anchors,  [OPTION_OTHER] = &o->others,
        [OPTION_SET] = &o->fields,      [OPTION_ROW] = &o->rows,
        [OPTION_EXPLAIN] = &o->explains};
    const struct {
        uint32_t *out, most;
    } counts[OPTION__N] = {
        [OPTION_SEED] = {&o->seed, UINT32_MAX},    [OPTION_PERCENT] = {&o->percent, PERCENT_MAX},
        [OPTION_SIGNATURES] = {&o->signatures, 3}, [OPTION_MINUTES] = {&o->minutes, 100000},
        [OPTION_REMIND] = {&o->remind, 10000},     [OPTION_DAYS] = {&o->days, 10000},
        [OPTION_COUNT] = {&o->count, INT32_MAX},   [OPTION_SEEN] = {&o->seen, INT32_MAX},
        [OPTION_BEFORE] = {&o->before, INT32_MAX}, [OPTION_LIMIT] = {&o->limit, 10000}};
    if (texts[which]) {
        *texts[which] = value;
    } else if (flags[which]) {
        *flags[which] = true;
    } else if (which == OPTION_DATA) {
        if (o->n_data == DATA_DIRS_MAX) {
            return complain(o, message, "too many data folders, from %s on",
                            "数据目录过多，自 %s 起", value);
        }
        o->data[o->n_data++] = value;
    } else if (which == OPTION_FORMAT && !read_format(o, value, &o->format)) {
        return complain(o, message, "this command has no format %s", "此命令没有输出格式 %s",
                        value);
    } else if (counts[which].out) {
        return read_count(value, counts[which].most, counts[which].out)
                   ? 0
                   : complain(o, message, "a whole number from 1 on is wanted, not %s",
                              "须为不小于 1 的整数，不能是 %s", value);
    } else if (lists[which]) {
        return add_word(o, lists[which], value, message);
    } else if (which == OPTION_MEMORY && !read_count(value, MEMORY_MIB_MAX, &o->memory_mib)) {
        return complain(o, message, "--memory wants a number of MiB, not %s",
                        "--memory 须为兆字节数，不能是 %s", value);
    } else if (which == OPTION_THREADS && !read_count(value, THREADS_MAX, &o->threads)) {
        return complain(o, message, "--threads wants a number from 1 to 64, not %s",
                        "--threads 须为 1 到 64 的整数，不能是 %s", value);
    } else if (which == OPTION_LANG && strcmp(value, "zh") != 0 && strcmp(value, "en") != 0) {
        return complain(o, message, "--lang wants zh or en, not %s",
                        "--lang 须为 zh 或 en，不能是 %s", value);
    }
    return 0;
}

static bool takes(enum command c, uint32_t option)
{
    return (options[option].on & (u128)1 << c) != 0;
}

static int no_option(const struct options *o, struct buf *message, const char *word)
{
    struct str known[OPTION__N];
    uint32_t n = 0;
    for (uint32_t i = 0; i < OPTION__N; i++) {
        if (takes(o->command, i)) {
            known[n++] = str_from_cstr(options[i].word);
        }
    }
    return unknown(o, message, "this command has no option %s", "此命令没有选项 %s", word, known,
                   n);
}

static bool takes_word(const struct options *o, u128 on)
{
    return (on & (u128)1 << o->command) != 0;
}

/* Commands of two words begin with it. */
static bool begins_command(const char *word)
{
    size_t n = strlen(word);
    for (uint32_t i = 0; i < COMMAND__N; i++) {
        if (strncmp(commands[i].word, word, n) == 0 && commands[i].word[n] == ' ') {
            return true;
        }
    }
    return false;
}

/* A word that is no option: what to explain, to cover, to compare, or to help with. */
static int positional(struct options *o, const char *word, struct buf *message)
{
    const struct {
        u128 on;
        const char **slot;
    } slots[] = {{ON(EXPLAIN), &o->target},
                 {ON_ROUND, &o->round},
                 {ON_ACT, &o->task},
                 {ON_REGISTER, &o->reg},
                 {ON_ENTRY, &o->ids[0]},
                 {ON(COVERAGE) | ON(REPORT_SAVE) | ON_FILED | ON(REGISTER_IMPORT) |
                      ON(UNITS_IMPORT) | ON(AUDIT_KEY),
                  &o->file}};
    for (uint32_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (takes_word(o, slots[i].on) && !*slots[i].slot) {
            *slots[i].slot = word;
            return 0;
        }
    }
    if (takes_word(o, ON_NAMED | ON_FOUNDERS) &&
        o->n_ids < (takes_word(o, ON_NAMED) ? 1 : IDS_MAX)) {
        o->ids[o->n_ids++] = word;
        return 0;
    }
    if (o->command == COMMAND_DIFF && !o->other) {
        *(o->pack ? &o->other : &o->pack) = word;
        return 0;
    }
    if (o->command == COMMAND_HELP && o->file) { /* the second word of a command */
        o->help_on = command_of_two(o->file, word);
        o->file = NULL;
        return o->help_on == COMMAND__N ? no_command(o, message, word) : 0;
    }
    if (o->command == COMMAND_HELP && begins_command(word)) {
        o->file = word;
        return 0;
    }
    if (o->command == COMMAND_HELP && o->help_on == COMMAND__N) {
        o->help_on = command_of(word);
        return o->help_on == COMMAND__N ? no_command(o, message, word) : 0;
    }
    return complain(o, message, "%s is one word too many", "多了一个词：%s", word);
}

static int read_word(struct options *o, int argc, char **argv, int *at, struct buf *message)
{
    const char *word = argv[*at];
    uint32_t i = 0;
    while (i < OPTION__N && (!takes(o->command, i) || strcmp(options[i].word, word) != 0)) {
        i++;
    }
    if (strcmp(word, "-h") == 0) {
        i = OPTION_HELP;
    }
    if (i == OPTION__N) {
        return word[0] == '-' ? no_option(o, message, word) : positional(o, word, message);
    }
    bool valued = options[i].value[0][0] != 0;
    if (valued && (*at + 1 == argc || strncmp(argv[*at + 1], "--", 2) == 0)) {
        return complain(o, message, "%s wants a value behind it", "%s 之后缺少值", word);
    }
    *at += valued ? 1 : 0;
    return set(o, (enum option)i, argv[*at], message);
}

/* What commands on a book cannot do without. */
static int complete_book(const struct options *o, struct buf *message)
{
    const struct {
        u128 on;
        const char *value, *en, *zh;
    } needed[] = {
        {ON_BOOK, o->book, "which book? Write --book BOOK%s", "请用 --book 写明账本%s"},
        {ON_ROUND, o->round, "which round? Write its id%s", "请写明轮次编号%s"},
        {ON_ACT, o->task, "which task? Write its id%s", "请写明任务编号%s"},
        {ON_ONE, o->unit, "which unit? Write --unit CODE%s", "请用 --unit 写明机构%s"},
        {ON_WISH, o->form, "which form? Write --form ID%s", "请用 --form 写明报表%s"},
        {ON_WISH, o->period, "which period? Write --period P%s", "请用 --period 写明时期%s"},
        {ON_WISH, o->due, "due when? Write --due DATE%s", "请用 --due 写明截止日%s"},
        {ON_WISH, o->minutes > 0 ? "" : NULL, "how long does a figure take? Write --minutes N%s",
         "请用 --minutes 写明每项填报分钟数%s"},
        {ON(REVIEW_LIST), o->at, "which unit reviews? Write --at CODE%s",
         "请用 --at 写明审核机构%s"},
        {ON_FILED, o->file, "which document? Write its file%s", "请写明佐证文件%s"},
        {ON_FILED, o->day, "of which day? Write --day DATE%s", "请用 --day 写明佐证日期%s"},
        {ON_EXTEND, o->until, "until when? Write --until DATE%s", "请用 --until 写明延至日期%s"},
        {ON_REASON, o->cause, "why? Write --cause TEXT%s", "请用 --cause 写明更正原因%s"},
        {ON_RETURN, o->cells.n > 0 ? "" : NULL, "which cells? Write --cell ITEM=REASON%s",
         "请用 --cell 写明退回的数据项及理由%s"},
        {ON(REPORT_SAVE), o->file, "which form? Write its CSV file%s", "请写明填好的报表文件%s"},
    };
    for (uint32_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (takes_word(o, needed[i].on) && !needed[i].value) {
            return complain(o, message, needed[i].en, needed[i].zh, "");
        }
    }
    return 0;
}

/* What commands about keeping a book and about units cannot do without. */
static int complete_keep(const struct options *o, struct buf *message)
{
    const struct {
        u128 on;
        const char *value, *en, *zh;
    } needed[] = {
        {ON_KEEP | ON_PLACED, o->book, "which book? Write --book BOOK%s", "请用 --book 写明账本%s"},
        {ON(AUDIT_KEY), o->file, "into which file? Write its name%s", "请写明密钥文件%s"},
        {ON(BACKUP) | ON(EVIDENCE_GET), o->to, "where to? Write --to FILE%s",
         "请用 --to 写明写入的文件%s"},
        {ON(RESTORE), o->from, "from which backup? Write --from FILE%s", "请用 --from 写明备份%s"},
        {ON_CODE, o->ids[0], "which unit? Write its code%s", "请写明机构代码%s"},
        {ON(EVIDENCE_GET), o->ids[0], "which document? Write its hash%s", "请写明文件标识%s"},
        {ON(UNITS_IMPORT), o->file, "which list? Write its CSV file%s", "请写明名录文件%s"},
        {ON(UNITS_CREATE) | ON(UNITS_RENAME), o->name, "what is the name? Write --name NAME%s",
         "请用 --name 写明名称%s"},
        {ON(UNITS_CREATE) | ON(UNITS_CHANGE), o->kind, "of which kind? Write --kind KIND%s",
         "请用 --kind 写明类别%s"},
        {ON(UNITS_CREATE) | ON(UNITS_MOVE), o->parent, "below which unit? Write --parent CODE%s",
         "请用 --parent 写明上级机构%s"},
        {ON_UNITS_TIE, o->others.n > 0 ? "" : NULL, "which other units? Write --other CODE%s",
         "请用 --other 写明其他机构%s"},
        {ON_UNITS_SET, o->cause, "why? Write --cause TEXT%s", "请用 --cause 写明原因%s"},
    };
    for (uint32_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (takes_word(o, needed[i].on) && !needed[i].value) {
            return complain(o, message, needed[i].en, needed[i].zh, "");
        }
    }
    return 0;
}

/* What commands on registers cannot do without. */
static int complete_register(const struct options *o, struct buf *message)
{
    const struct {
        u128 on;
        const char *value, *en, *zh;
    } needed[] = {
        {ON_REGISTER, o->reg, "which register? Write its name%s", "请写明台账%s"},
        {ON_ENTRY, o->ids[0], "which row? Write its id%s", "请写明行的编号%s"},
        {ON(REGISTER_IMPORT), o->file, "which table? Write its CSV file%s", "请写明数据表文件%s"},
        {ON(REGISTER_ADD) | ON(REGISTER_CHANGE), o->fields.n > 0 ? "" : NULL,
         "with what in it? Write --set FIELD=VALUE%s", "请用 --set 写明字段和值%s"},
        {ON(REGISTER_END), o->to, "its last day? Write --to DATE%s", "请用 --to 写明末日%s"},
        {ON(REGISTER_STRIKE), o->cause, "why? Write --cause TEXT%s", "请用 --cause 写明原因%s"},
        {ON(REGISTER_CORRECT), o->cause, "why? Write --cause TEXT%s", "请用 --cause 写明原因%s"},
        {ON(REGISTER_CORRECT), o->period, "which statement? Write --period P%s",
         "请用 --period 写明时期%s"},
        {ON(REGISTER_TAKE), o->of, "from whom? Write --of CODE%s", "请用 --of 写明移交单位%s"},
        {ON(REGISTER_SET), o->review, "reviewed how? Write --review rows or state%s",
         "请用 --review 写明审核方式%s"},
        {ON(REGISTER_RETURN), o->cells.n > 0 ? "" : NULL,
         "which rows, and why? Write --cell ID=REASON%s", "请用 --cell 写明退回的行及理由%s"},
    };
    for (uint32_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (takes_word(o, needed[i].on) && !needed[i].value) {
            return complain(o, message, needed[i].en, needed[i].zh, "");
        }
    }
    return 0;
}

/* What commands about people cannot do without. */
static int complete_people(const struct options *o, struct buf *message)
{
    const struct {
        u128 on;
        const char *value, *en, *zh;
    } needed[] = {
        {ON_KEPT, o->book, "which book? Write --book BOOK%s", "请用 --book 写明账本%s"},
        {ON_ONESELF, o->actor, "who are you? Write --as WHO%s", "请用 --as 写明办理人%s"},
        {ON_ID, o->ids[0], "which one? Write its id%s", "请写明用户或岗位%s"},
        {ON_FOUNDERS, o->ids[2], "which three? Write system, security and audit administrator%s",
         "请依次写明系统、安全、审计管理员%s"},
        {ON(USER_ADD), o->name, "what is the name? Write --name NAME%s", "请用 --name 写明姓名%s"},
        {ON(SEAT_GIVE), o->role, "which role? Write --role ROLE%s", "请用 --role 写明角色%s"},
        {ON_CLASS, o->class_, "which class? Write --class CLASS%s", "请用 --class 写明级别%s"},
        {ON_CLASS | ON(SEAT_HAND), o->holder, "who? Write --holder USER%s",
         "请用 --holder 写明持有人%s"},
        {ON(SEAT_HAND), o->from, "from when? Write --from DATE%s", "请用 --from 写明首日%s"},
        {ON(REMIND), o->days > 0 ? "" : NULL, "how many days ahead? Write --days N%s",
         "请用 --days 写明天数%s"},
        {ON(SEAT_MAY), o->op, "which operation? Write --op OP%s", "请用 --op 写明操作%s"},
    };
    for (uint32_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (takes_word(o, needed[i].on) && !needed[i].value) {
            return complain(o, message, needed[i].en, needed[i].zh, "");
        }
    }
    return 0;
}

/* What is needed beyond single options. */
static int complete(struct options *o, struct buf *message)
{
    if (o->command == COMMAND_HELP || o->help) {
        o->help_on = o->help ? o->command : o->help_on;
        o->help = true;
        return 0;
    }
    if (takes_word(o, ON_PACK) && !o->pack && o->command != COMMAND_SEAT_HAND) {
        return complain(o, message, "which pack? Write --pack DIR%s",
                        "请用 --pack 写明计划包目录%s", "");
    }
    if (o->command == COMMAND_DIFF && !o->other) {
        return complain(o, message, "which packs? Write two folders%s", "请写明两个计划包目录%s",
                        "");
    }
    if (o->command == COMMAND_EXPLAIN && !o->target) {
        return complain(o, message, "which commitment? Write its id%s", "请写明要说明的承诺编号%s",
                        "");
    }
    if (o->command == COMMAND_COVERAGE && !o->file) {
        return complain(o, message, "which text? Write its file%s", "请写明计划原文的文件%s", "");
    }
    int status = complete_book(o, message);
    status = status != 0 ? status : complete_keep(o, message);
    status = status != 0 ? status : complete_register(o, message);
    return status != 0 ? status : complete_people(o, message);
}

int options_read(struct options *o, int argc, char **argv, struct buf *message)
{
    *o = (struct options){
        .command = COMMAND__N, .help_on = COMMAND__N, .chinese = wants_chinese(argc, argv)};
    if (argc < 2) {
        options_help(COMMAND__N, o->chinese, message);
        return 2;
    }
    bool dashed = argv[1][0] == '-';
    const char *word = strcmp(argv[1], "-h") == 0 ? "help" : argv[1] + (dashed ? 2 : 0);
    enum command pair = argc > 2 ? command_of_two(argv[1], argv[2]) : COMMAND__N;
    o->command = pair;
    if (pair == COMMAND__N) {
        o->command = command_of(dashed && strlen(argv[1]) < 2 ? "" : word);
    }
    if (o->command == COMMAND__N ||
        (dashed && o->command != COMMAND_HELP && o->command != COMMAND_VERSION)) {
        o->command = COMMAND__N;
        return no_command(o, message, argv[1]);
    }
    for (int i = pair < COMMAND__N ? 3 : 2; i < argc; i++) {
        int status = read_word(o, argc, argv, &i, message);
        if (status != 0) {
            return status;
        }
    }
    return complete(o, message);
}

/* ---- help ----------------------------------------------------------------------------------- */

static void line(struct buf *out, uint32_t indent, uint32_t width, const char *word,
                 const char *value, const char *text)
{
    uint32_t used = utf8_width(str_from_cstr(word));
    buf_fill(out, ' ', indent);
    buf_puts(out, word);
    if (value[0] != 0) {
        buf_printf(out, " %s", value);
        used += 1 + utf8_width(str_from_cstr(value));
    }
    buf_fill(out, ' ', used < width ? width - used : 1);
    buf_printf(out, "%s\n", text);
}

static void help_all(bool chinese, struct buf *out)
{
    buf_puts(out, chinese ? "用法：tizhi 命令 [选项]\n\n" : "usage: tizhi COMMAND [options]\n\n");
    for (uint32_t i = 0; i < COMMAND__N; i++) {
        line(out, 2, 18, commands[i].word, "", commands[i].text[chinese]);
    }
    buf_puts(out, chinese ? "\n各命令的选项：tizhi help 命令\n"
                            "退出码：0 成功，1 有问题，2 用法不对，3 输入有误，4 环境问题\n"
                          : "\noptions of a command: tizhi help COMMAND\n"
                            "exit status: 0 ok, 1 findings, 2 usage, 3 bad input, 4 environment\n");
}

static void help_command(enum command about, bool chinese, struct buf *out)
{
    buf_printf(out, "%s%s\n%s\n\n", chinese ? "用法：" : "usage: ", commands[about].usage[chinese],
               commands[about].text[chinese]);
    for (uint32_t i = 0; i < OPTION__N; i++) {
        if (takes(about, i)) {
            line(out, 2, 24, options[i].word, options[i].value[chinese], options[i].text[chinese]);
        }
    }
}

void options_help(enum command about, bool chinese, struct buf *out)
{
    if (about == COMMAND__N) {
        help_all(chinese, out);
    } else {
        help_command(about, chinese, out);
    }
}
