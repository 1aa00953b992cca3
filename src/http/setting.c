/* SPDX-License-Identifier: Apache-2.0 */
/* Reading settings, and the table of them. */
#include "http/setting.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/i128.h"
#include "base/utf8.h"

#define FILE_BYTES  65536
#define VALUE_BYTES 1000

enum kind { TEXT, COUNT, SWITCH };

static const struct {
    const char *word;
    enum kind kind;
    const char *otherwise;
    int64_t low, high;
    const char *text[2];
} table[] = {
#define SETTING(name, word, kind, otherwise, low, high, en, zh)                                    \
    [SETTING_##name] = {word, kind, otherwise, low, high, {en, zh}},
#include "http/setting.def"
};

void settings_init(struct settings *s, struct arena *a)
{
    *s = (struct settings){.a = a};
    for (uint32_t i = 0; i < SETTING__N; i++) {
        s->value[i] = str_from_cstr(table[i].otherwise);
        s->from[i] = STR("");
    }
}

static uint32_t find(struct str word)
{
    uint32_t i = 0;
    while (i < SETTING__N && !str_eq(word, str_from_cstr(table[i].word))) {
        i++;
    }
    return i;
}

/* `password=…`, or `//user:…@` of a URL. Settings stand where others can read them: in a list of
 * processes, in an environment. */
static bool has_password(struct str place)
{
    uint32_t from = str_find(place, STR("//"), 0);
    uint32_t at = from == STR_NONE ? STR_NONE : str_find(place, STR("@"), from);
    uint32_t colon = from == STR_NONE ? STR_NONE : str_find(place, STR(":"), from);
    return str_find(place, STR("password="), 0) != STR_NONE || (at != STR_NONE && colon < at);
}

static enum rc check(uint32_t i, struct str value, struct err *e)
{
    i128 n = 0;
    if (i == SETTING_BOOK && has_password(value)) {
        return err_set(e, RC_INPUT, "a password is no setting: libpq reads it from PGPASSFILE",
                       "密码不得写入设置：请放在 PGPASSFILE 所指的文件中");
    }
    switch (table[i].kind) {
    case COUNT:
        return i128_parse(value, &n) && n >= table[i].low && n <= table[i].high
                   ? RC_OK
                   : err_set(e, RC_INPUT, "%s is a number from %lld to %lld",
                             "%s 须为 %lld 至 %lld 的整数", table[i].word, (long long)table[i].low,
                             (long long)table[i].high);
    case SWITCH:
        return str_eq(value, STR("yes")) || str_eq(value, STR("no"))
                   ? RC_OK
                   : err_set(e, RC_INPUT, "%s is yes or no", "%s 须为 yes 或 no", table[i].word);
    case TEXT:
        break;
    }
    return value.n <= VALUE_BYTES
               ? RC_OK
               : err_set(e, RC_INPUT, "the value of %s is too long", "%s 的值过长", table[i].word);
}

enum rc settings_set(struct settings *s, struct str pair, struct str from, struct err *e)
{
    struct str word;
    (void)str_split(&pair, '=', &word);
    word = str_trim(word);
    struct str value = str_trim(pair);
    uint32_t i = find(word);
    enum rc rc = i < SETTING__N ? check(i, value, e)
                                : err_set(e, RC_INPUT, "there is no setting %.*s",
                                          "没有设置项“%.*s”", PS(word));
    if (rc != RC_OK) {
        err_ctx(e, "reading %.*s", "读取 %.*s", PS(from));
        err_hint(e, "tizhi serve --settings lists them all.",
                 "全部设置项见 tizhi serve --settings。");
        return rc;
    }
    s->value[i] = str_dup(s->a, value);
    s->from[i] = str_dup(s->a, from);
    return RC_OK;
}

enum rc settings_file(struct settings *s, const char *path, struct err *e)
{
    struct str text;
    struct str line;
    uint32_t n = 0;
    TRY(file_read(s->a, path, FILE_BYTES, &text, e));
    if (!utf8_valid(text, NULL)) {
        return err_set(e, RC_ENCODING, "%s is not UTF-8", "%s 不是 UTF-8 编码", path);
    }
    while (str_split(&text, '\n', &line)) {
        struct buf from;
        n++;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        buf_init_in(&from, s->a, 4096);
        buf_printf(&from, "%s:%u", path, n);
        TRY(settings_set(s, line, buf_view(&from), e));
    }
    return RC_OK;
}

/* TIZHI_WORD, in capitals. */
static const char *variable(struct arena *a, const char *word)
{
    struct buf b;
    buf_init_in(&b, a, 200);
    buf_puts(&b, "TIZHI_");
    for (; *word != 0; word++) {
        buf_putc(&b, (char)(*word >= 'a' && *word <= 'z' ? *word - 32 : *word));
    }
    return buf_view(&b).p;
}

enum rc settings_environment(struct settings *s, struct err *e)
{
    for (uint32_t i = 0; i < SETTING__N; i++) {
        const char *name = variable(s->a, table[i].word);
        // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
        const char *value = getenv(name);
        if (value != NULL) {
            struct str pair = str_cat(s->a, str_from_cstr(table[i].word), STR("="));
            TRY(settings_set(s, str_cat(s->a, pair, str_from_cstr(value)), str_from_cstr(name), e));
        }
    }
    return RC_OK;
}

struct str setting_text(const struct settings *s, enum setting which)
{
    return s->value[which];
}

int64_t setting_count(const struct settings *s, enum setting which)
{
    i128 n = 0;
    return i128_parse(s->value[which], &n) ? (int64_t)n : 0; /* SE1 */
}

bool setting_on(const struct settings *s, enum setting which)
{
    return str_eq(s->value[which], STR("yes"));
}

struct setting_line setting_line(const struct settings *s, enum setting which)
{
    return (struct setting_line){.word = table[which].word,
                                 .text = {table[which].text[0], table[which].text[1]},
                                 .value = s->value[which],
                                 .from = s->from[which]};
}

void settings_print(const struct settings *s, bool chinese, struct buf *out)
{
    for (uint32_t i = 0; i < SETTING__N; i++) {
        struct str from = s->from[i].n > 0 ? s->from[i] : chinese ? STR("默认") : STR("default");
        buf_printf(out, "# %s\n", table[i].text[chinese]);
        if (table[i].kind == COUNT) {
            buf_printf(out, "# %lld – %lld\n", (long long)table[i].low, (long long)table[i].high);
        }
        buf_printf(out, "# %.*s\n%s = %.*s\n\n", PS(from), table[i].word, PS(s->value[i]));
    }
}
