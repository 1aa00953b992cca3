/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of options.def and takes.def: reading argv by them, and printing them as help. */
#include "cli/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i128.h"
#include "base/str.h"
#include "base/utf8.h"
#include "lang/diag.h"

enum option {
#define OPTION(name, word, kind, slot, limit, value_en, value_zh, en, zh) OPTION_##name,
#include "cli/options.def"
    OPTION__N
};

enum kind { WORD, WORDS, TEXT, LIST, FLAG, COUNT, FORMAT, LANG };

static const struct {
    const char *word; /* "": it has none */
    enum kind kind;
    size_t slot;
    uint32_t limit;
    const char *value[2]; /* English, Chinese; so everywhere here. "": takes none */
    const char *text[2];
} options[OPTION__N] = {
#define OPTION(name, word, kind, slot, limit, value_en, value_zh, en, zh)                          \
    [OPTION_##name] = {word,                                                                       \
                       kind,                                                                       \
                       offsetof(struct options, slot),                                             \
                       limit,                                                                      \
                       {(value_en), (value_zh)},                                                   \
                       {(en), (zh)}},
#include "cli/options.def"
};

struct taken {
    enum option option; /* OPTION__N: the end */
    bool needed;
};

#define NEED(name)        {OPTION_##name, true},
#define MAY(name)         {OPTION_##name, false},
#define TAKES(name, list) static const struct taken taken_##name[] = {list{OPTION__N, false}};
#include "cli/takes.def"
#undef NEED
#undef MAY

static const struct {
    const char *word;
    const char *text[2];
    const struct taken *takes;
} commands[COMMAND__N] = {
#define COMMAND(name, word, en, zh) [COMMAND_##name] = {word, {(en), (zh)}, taken_##name},
#include "cli/options.def"
};

#define PAGE 80 /* columns of a line of help, where words can go to the next */

/* argv as it is read. */
struct reading {
    struct options *o;
    struct buf *message;
    bool given[OPTION__N];
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

static bool read_count(const char *value, uint32_t most, uint32_t *out)
{
    i128 n = 0;
    bool fits = i128_parse(str_from_cstr(value), &n) && n >= 1 && n <= most;
    *out = fits ? (uint32_t)n : 0;
    return fits;
}

static bool read_format(const char *value, uint32_t last, enum format *out)
{
    static const char *const words[] = {[FORMAT_TEXT] = "text",
                                        [FORMAT_JSON] = "json",
                                        [FORMAT_CSV] = "csv",
                                        [FORMAT_XLSX] = "xlsx"};
    for (uint32_t i = 0; i <= last; i++) {
        if (strcmp(words[i], value) == 0) {
            *out = (enum format)i;
            return true;
        }
    }
    return false;
}

/* A value that is not among those the help shows. */
static int wrong_value(const struct reading *r, enum option which, const char *value)
{
    bool zh = r->o->chinese;
    struct buf what;
    buf_init(&what, 1 << 16);
    buf_printf(&what, zh ? "%s 须为 %s，不能是 %s" : "%s wants %s, not %s", options[which].word,
               options[which].value[zh], value);
    if (options[which].kind == COUNT) {
        buf_printf(&what, zh ? "（1 至 %u 的整数）" : " (a whole number from 1 to %u)",
                   options[which].limit);
    }
    buf_putc(&what, '\0');
    int status = complain(r->o, r->message, "%s", "%s", buf_view(&what).p);
    buf_release(&what);
    return status;
}

static int add_word(const struct reading *r, struct words *list, const char *value)
{
    if (list->n == WORDS_MAX) {
        return complain(r->o, r->message, "too many values, from %s on", "值过多，自 %s 起", value);
    }
    list->list[list->n++] = value;
    return 0;
}

static int set(struct reading *r, enum option which, const char *value)
{
    void *slot = (char *)r->o + options[which].slot;
    bool fits = true;
    r->given[which] = true;
    switch (options[which].kind) {
    case WORD:
    case TEXT:
        *(const char **)slot = value;
        break;
    case LIST:
    case WORDS:
        return add_word(r, slot, value);
    case FLAG:
        *(bool *)slot = true;
        break;
    case COUNT:
        fits = read_count(value, options[which].limit, slot);
        break;
    case FORMAT:
        fits = read_format(value, options[which].limit, slot);
        break;
    case LANG:
        fits = strcmp(value, "zh") == 0 || strcmp(value, "en") == 0;
        break;
    }
    return fits ? 0 : wrong_value(r, which, value);
}

static int no_option(const struct reading *r, const char *word)
{
    struct str known[OPTION__N];
    uint32_t n = 0;
    for (const struct taken *t = commands[r->o->command].takes; t->option < OPTION__N; t++) {
        if (options[t->option].word[0] != 0) {
            known[n++] = str_from_cstr(options[t->option].word);
        }
    }
    return unknown(r->o, r->message, "this command has no option %s", "此命令没有选项 %s", word,
                   known, n);
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

/* What to help with. */
static int about(struct reading *r, const char *word)
{
    struct options *o = r->o;
    if (o->file) { /* the second word of a command */
        o->help_on = command_of_two(o->file, word);
        o->file = NULL;
    } else if (begins_command(word)) {
        o->file = word;
        return 0;
    } else if (o->help_on == COMMAND__N) {
        o->help_on = command_of(word);
    } else {
        return complain(o, r->message, "%s is one word too many", "多了一个词：%s", word);
    }
    return o->help_on == COMMAND__N ? no_command(o, r->message, word) : 0;
}

/* A word that no option stands before. */
static int positional(struct reading *r, const char *word)
{
    if (r->o->command == COMMAND_HELP) {
        return about(r, word);
    }
    for (const struct taken *t = commands[r->o->command].takes; t->option < OPTION__N; t++) {
        bool wanted = options[t->option].kind == WORD && !r->given[t->option];
        if (wanted || options[t->option].kind == WORDS) {
            return set(r, t->option, word);
        }
    }
    return complain(r->o, r->message, "%s is one word too many", "多了一个词：%s", word);
}

static enum option option_of(enum command c, const char *word)
{
    const struct taken *t = commands[c].takes;
    while (t->option < OPTION__N &&
           (options[t->option].word[0] == 0 || strcmp(options[t->option].word, word) != 0)) {
        t++;
    }
    return strcmp(word, "-h") == 0 ? OPTION_HELP : t->option;
}

static int read_word(struct reading *r, int argc, char **argv, int *at)
{
    const char *word = argv[*at];
    enum option which = option_of(r->o->command, word);
    if (which == OPTION__N) {
        return word[0] == '-' ? no_option(r, word) : positional(r, word);
    }
    bool valued = options[which].kind != FLAG;
    if (valued && (*at + 1 == argc || strncmp(argv[*at + 1], "--", 2) == 0)) {
        return complain(r->o, r->message, "%s wants a value behind it", "%s 之后缺少值", word);
    }
    *at += valued ? 1 : 0;
    return set(r, which, argv[*at]);
}

/* `--book BOOK`, or `ROUND` */
static void put_option(struct buf *out, enum option which, bool chinese)
{
    const char *value = options[which].value[chinese];
    buf_puts(out, options[which].word);
    buf_printf(out, "%s%s", options[which].word[0] != 0 && value[0] != 0 ? " " : "", value);
}

/* What the command cannot do without. */
static int complete(const struct reading *r)
{
    struct options *o = r->o;
    if (o->command == COMMAND_HELP || o->help) {
        o->help_on = o->help ? o->command : o->help_on;
        o->help = true;
        return 0;
    }
    const struct taken *t = commands[o->command].takes;
    while (t->option < OPTION__N && (!t->needed || r->given[t->option])) {
        t++;
    }
    if (t->option == OPTION__N) {
        return 0;
    }
    struct buf what;
    buf_init(&what, 1 << 16);
    put_option(&what, t->option, o->chinese);
    buf_printf(&what, o->chinese ? "（%s）" : " (%s)", options[t->option].text[o->chinese]);
    buf_putc(&what, '\0');
    int status = complain(o, r->message, "missing: %s", "缺少：%s", buf_view(&what).p);
    buf_release(&what);
    return status;
}

int options_read(struct options *o, int argc, char **argv, struct buf *message)
{
    *o = (struct options){
        .command = COMMAND__N, .help_on = COMMAND__N, .chinese = wants_chinese(argc, argv)};
    struct reading r = {.o = o, .message = message};
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
        int status = read_word(&r, argc, argv, &i);
        if (status != 0) {
            return status;
        }
    }
    return complete(&r);
}

/* ---- help ----------------------------------------------------------------------------------- */

static void line(struct buf *out, uint32_t width, struct str word, const char *text,
                 const char *more)
{
    uint32_t used = utf8_width(word);
    buf_fill(out, ' ', 2);
    buf_str(out, word);
    buf_fill(out, ' ', used < width ? width - used : 1);
    buf_printf(out, "%s%s\n", text, more);
}

static void help_all(bool chinese, struct buf *out)
{
    buf_puts(out, chinese ? "用法：tizhi 命令 [选项]\n\n" : "usage: tizhi COMMAND [options]\n\n");
    for (uint32_t i = 0; i < COMMAND__N; i++) {
        line(out, 18, str_from_cstr(commands[i].word), commands[i].text[chinese], "");
    }
    buf_puts(out, chinese ? "\n各命令的选项：tizhi help 命令\n"
                            "退出码：0 成功，1 有问题，2 用法不对，3 输入有误，4 环境问题\n"
                          : "\noptions of a command: tizhi help COMMAND\n"
                            "exit status: 0 ok, 1 findings, 2 usage, 3 bad input, 4 environment\n");
}

/* One more word of the usage, on a new line when it does not fit the page. */
static void usage_word(struct buf *out, struct str word, uint32_t *used)
{
    uint32_t width = utf8_width(word) + 1;
    if (*used + width > PAGE) {
        buf_puts(out, "\n         ");
        *used = 9;
    }
    buf_putc(out, ' ');
    buf_str(out, word);
    *used += width;
}

static void usage(enum command about, bool chinese, struct buf *word, struct buf *out)
{
    buf_printf(word, "%stizhi %s", chinese ? "用法：" : "usage: ", commands[about].word);
    buf_str(out, buf_view(word));
    uint32_t used = utf8_width(buf_view(word));
    for (const struct taken *t = commands[about].takes; t->option < OPTION__N; t++) {
        if (t->needed) {
            buf_clear(word);
            put_option(word, t->option, chinese);
            usage_word(out, buf_view(word), &used);
        }
    }
    usage_word(out, chinese ? STR("[选项]") : STR("[options]"), &used);
    buf_printf(out, "\n%s\n\n", commands[about].text[chinese]);
}

static void help_command(enum command about, bool chinese, struct buf *out)
{
    struct buf word;
    buf_init(&word, 1 << 16);
    usage(about, chinese, &word, out);
    for (const struct taken *t = commands[about].takes; t->option < OPTION__N; t++) {
        buf_clear(&word);
        put_option(&word, t->option, chinese);
        const char *more = chinese ? "，必填" : "; required";
        line(out, 24, buf_view(&word), options[t->option].text[chinese], t->needed ? more : "");
    }
    buf_release(&word);
}

void options_help(enum command about, bool chinese, struct buf *out)
{
    if (about == COMMAND__N) {
        help_all(chinese, out);
    } else {
        help_command(about, chinese, out);
    }
}
