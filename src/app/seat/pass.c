/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords by libsodium. */
#include "app/seat/pass.h"

#include <sodium.h>
#include <string.h>

#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/i128.h"
#include "base/utf8.h"

#define FULL_KIB     (64U * 1024)
#define FULL_PASSES  3U
#define CHEAP_KIB    8U
#define CHEAP_PASSES 1U
#define KIB          1024UL
#define RUN          4U
#define COMMON_EXTRA 5U /* signs around a common word that do not make it another one */
#define RANDOM_BYTES 10U
#define GROUP        4U

struct seat_cost seat_cost_full(void)
{
    return (struct seat_cost){FULL_KIB, FULL_PASSES};
}

struct seat_cost seat_cost_cheap(void)
{
    return (struct seat_cost){CHEAP_KIB, CHEAP_PASSES};
}

enum rc seat_random(uint8_t *out, uint32_t n, struct err *e)
{
    if (sodium_init() < 0) {
        return err_set(e, RC_IO, "the system gives no random numbers", "系统未能提供随机数");
    }
    randombytes_buf(out, n);
    return RC_OK;
}

void seat_wipe(struct str s)
{
    void *p = NULL;
    memcpy((void *)&p, (const void *)&s.p, sizeof p); /* the header says that it may be written */
    sodium_memzero(p, s.n);
}

/* ---- which are accepted --------------------------------------------------------------------- */

/* PW1. Whoever asked wipes it. */
static struct str normal(struct arena *a, struct str password)
{
    struct str out = STR("");
    if (!utf8_valid(password, NULL) || !utf8_nfkc(a, password, &out)) {
        return str_dup(a, password);
    }
    return str_dup(a, out);
}

static char folded(char c)
{
    static const char from[] = "@013$";
    static const char to[] = "aoles";
    const char *at = strchr(from, c);
    if (c != '\0' && at != NULL) {
        return to[at - from];
    }
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static struct str fold(struct arena *a, struct str s)
{
    char *p = str_to_cstr(a, s);
    for (uint32_t i = 0; i < s.n; i++) {
        p[i] = folded(p[i]);
    }
    return (struct str){p, s.n};
}

static bool is_common(struct str p)
{
    static const char *const words[] = {
#define COMMON(word) word,
#include "app/seat/common.def"
    };
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct str word = str_from_cstr(words[i]);
        if (p.n < word.n + COMMON_EXTRA && str_find(p, word, 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

struct look {
    uint32_t n;     /* characters */
    uint32_t sorts; /* bits: small, capital, digit, other */
    bool control, run;
};

static uint32_t sort_of(uint32_t cp)
{
    bool small = cp >= 'a' && cp <= 'z';
    bool capital = cp >= 'A' && cp <= 'Z';
    bool digit = cp >= '0' && cp <= '9';
    return small ? 1U : capital ? 2U : digit ? 4U : 8U;
}

static struct look look_at(struct str p)
{
    struct look l = {0};
    int64_t before = 0;
    int64_t step = 0;
    uint32_t same = 0; /* steps of this size in a row */
    for (uint32_t at = 0; at < p.n;) {
        uint32_t cp = 0;
        at += utf8_decode(p, at, &cp);
        int64_t now = (int64_t)cp - before;
        bool counting = l.n > 0 && now >= -1 && now <= 1;
        same = !counting ? 0 : now == step ? same + 1 : 1;
        l.run = l.run || same + 1 >= RUN;
        l.sorts |= sort_of(cp);
        l.control = l.control || utf8_is_control(cp);
        step = now;
        before = cp;
        l.n++;
    }
    return l;
}

static bool holds_any(struct arena *a, struct str p, const struct str *words, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (words[i].n > 1 && str_find(p, fold(a, words[i]), 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static bool few_sorts(uint32_t bits)
{
    return (bits & 1U) + (bits >> 1 & 1U) + (bits >> 2 & 1U) + (bits >> 3 & 1U) < 3;
}

enum seat_pass_fault seat_pass_check(struct arena *a, struct str password, const struct str *words,
                                     uint32_t n)
{
    struct str p = normal(a, password);
    struct str low = fold(a, p);
    struct look l = look_at(p);
    const bool broken[PASS__N] = {
        [PASS_SHORT] = l.n<SEAT_PASS_CHARS_MIN, [PASS_LONG] = p.n> SEAT_PASS_BYTES_MAX ||
                       password.n > SEAT_PASS_BYTES_MAX,
        [PASS_CONTROL] = l.control || !utf8_valid(password, NULL),
        [PASS_SORTS] = few_sorts(l.sorts),
        [PASS_RUN] = l.run,
        [PASS_COMMON] = is_common(low),
        [PASS_PERSONAL] = holds_any(a, low, words, n),
    };
    seat_wipe(p);
    seat_wipe(low);
    uint32_t f = 0;
    while (f < PASS__N && !broken[f]) {
        f++;
    }
    return (enum seat_pass_fault)f;
}

const char *seat_pass_text(enum seat_pass_fault f, bool chinese)
{
    static const char *const texts[PASS__N][2] = {
#define PASS(name, en, zh) [PASS_##name] = {en, zh},
#include "app/seat/pass.def"
    };
    return texts[f][chinese];
}

enum rc seat_pass_refuse(enum seat_pass_fault f, struct err *e)
{
    (void)err_set(e, RC_INPUT, "%s%.0s", "%.0s%s", seat_pass_text(f, false),
                  seat_pass_text(f, true));
    err_hint(e, "A sentence of several words with a digit and a sign is easy to keep in mind.",
             "可用几个词组成的短句，加数字和符号，便于记忆。");
    return RC_INPUT;
}

/* ---- how they are kept ---------------------------------------------------------------------- */

enum rc seat_pass_hash(struct arena *a, struct str password, struct seat_cost cost, struct str *out,
                       struct err *e)
{
    char hash[crypto_pwhash_STRBYTES];
    struct str p = normal(a, password);
    int code = sodium_init() < 0
                   ? -1
                   : crypto_pwhash_str_alg(hash, p.p, p.n, cost.passes, cost.kib * KIB,
                                           crypto_pwhash_ALG_ARGON2ID13);
    seat_wipe(p);
    if (code != 0) {
        return err_set(e, RC_NO_MEMORY, "there is no memory to hash a password",
                       "内存不足，无法处理密码");
    }
    *out = str_dup(a, str_from_cstr(hash));
    return RC_OK;
}

/* The number behind `key` in the text form of a hash; 0: there is none. */
static uint32_t parameter(struct str hash, struct str key)
{
    uint32_t at = str_find(hash, key, 0);
    uint32_t end = at == STR_NONE ? 0 : at + key.n;
    i128 n = 0;
    if (at == STR_NONE) {
        return 0;
    }
    while (end < hash.n && hash.p[end] >= '0' && hash.p[end] <= '9') {
        end++;
    }
    bool ok = i128_parse(str_sub(hash, at + key.n, end), &n) && n > 0 && n <= UINT32_MAX;
    return ok ? (uint32_t)n : 0;
}

static struct seat_cost cost_of(struct str hash)
{
    return (struct seat_cost){parameter(hash, STR("$m=")), parameter(hash, STR(",t="))};
}

bool seat_pass_is_outdated(struct str hash, struct seat_cost cost)
{
    struct seat_cost had = cost_of(hash);
    return had.kib != cost.kib || had.passes != cost.passes;
}

/* PW2 */
static bool too_cheap(struct str hash, struct seat_cost cost)
{
    struct seat_cost had = cost_of(hash);
    return cost.kib >= SEAT_COST_FLOOR_KIB &&
           (had.kib < SEAT_COST_FLOOR_KIB || had.passes < SEAT_COST_FLOOR_PASSES);
}

bool seat_pass_matches(struct arena *a, struct str hash, struct str password, struct seat_cost cost)
{
    struct str nobody = STR("");
    if (hash.n == 0 || hash.n >= crypto_pwhash_STRBYTES || too_cheap(hash, cost)) {
        bool spent = seat_pass_hash(a, password, cost, &nobody, NULL) == RC_OK;
        (void)spent; /* the time, so that nobody can tell */
        return false;
    }
    struct str p = normal(a, password);
    bool same = sodium_init() >= 0 && crypto_pwhash_str_verify(str_to_cstr(a, hash), p.p, p.n) == 0;
    seat_wipe(p);
    return same;
}

enum rc seat_pass_random(struct arena *a, struct str *out, struct err *e)
{
    uint8_t raw[RANDOM_BYTES];
    TRY(seat_random(raw, sizeof raw, e));
    struct str code = seat_base32(a, raw, sizeof raw);
    char *text = arena_alloc(a, code.n + code.n / GROUP + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < code.n; i++) {
        if (i > 0 && i % GROUP == 0) {
            text[n++] = '-';
        }
        char c = code.p[i];
        text[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    sodium_memzero(raw, sizeof raw);
    *out = (struct str){text, n};
    return RC_OK;
}
