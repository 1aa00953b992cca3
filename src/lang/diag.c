/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting diagnostics: the table, limits per file, arguments, nearest names. */
#include "lang/diag.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/utf8.h"

static const struct {
    const char *code;
    const char *name;
    enum diag_severity severity;
    const char *text[2]; /* by enum diag_lang */
    const char *hint[2];
} table[DIAG__COUNT] = {
#define DIAG(code, severity, name, en, zh, hint_en, hint_zh)                                       \
    [DIAG_##name] = {#code, #name, DIAG_SEV_##severity, {(zh), (en)}, {(hint_zh), (hint_en)}},
#include "lang/diag.def"
};

#define ARG_MAX_BYTES 400 /* of an argument; a longer text of the user is cut in messages */

void diags_init(struct diags *ds, struct arena *a, const struct sources *sources)
{
    *ds = (struct diags){.a = a, .sources = sources};
}

/* Counts the report; false when it must not be kept (D1, D2). */
static bool keep(struct diags *ds, enum diag_code code, struct span at)
{
    enum diag_severity severity = table[code].severity;
    uint64_t slot = (uint64_t)at.file * DIAG_SEV__COUNT + severity;
    uint64_t key = ((uint64_t)at.file << 40) ^ ((uint64_t)code << 32) ^ at.beg;
    uint32_t n = 0;
    uint32_t index = 0;
    if (map_u64_get(&ds->seen, key, &index) && ds->list.items[index]->at.end == at.end) {
        return false;
    }
    *(severity == DIAG_SEV_ERROR ? &ds->n_errors : &ds->n_warnings) += 1;
    (void)map_u64_get(&ds->per_file, slot, &n);
    map_u64_put(ds->a, &ds->per_file, slot, n + 1);
    if (n >= LIMIT_DIAG_SHOWN) {
        return false;
    }
    map_u64_put(ds->a, &ds->seen, key, ds->list.n);
    return true;
}

struct diag *diag_add(struct diags *ds, enum diag_code code, struct span at)
{
    ASSERT(code < DIAG__COUNT && at.beg <= at.end);
    struct diag *d = &ds->spill;
    if (keep(ds, code, at)) {
        d = ARENA_NEW(ds->a, struct diag);
        vec_push(ds->a, &ds->list, d);
    }
    *d = (struct diag){.code = code, .at = at};
    return d;
}

void diag_arg2(struct diags *ds, struct diag *d, const char *key, struct str en, struct str zh)
{
    ASSERT(d->n_args < DIAG_MAX_ARGS);
    if (d == &ds->spill) {
        return; /* thrown away anyway: copy nothing */
    }
    d->args[d->n_args++] = (struct diag_arg){.key = key,
                                             .zh = str_dup(ds->a, utf8_cut(zh, ARG_MAX_BYTES)),
                                             .en = str_dup(ds->a, utf8_cut(en, ARG_MAX_BYTES))};
}

void diag_arg(struct diags *ds, struct diag *d, const char *key, struct str text)
{
    diag_arg2(ds, d, key, text, text);
}

void diag_arg_int(struct diags *ds, struct diag *d, const char *key, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    diag_arg(ds, d, key, str_from_cstr(text));
}

void diag_label(struct diags *ds, struct diag *d, struct span at, const char *en, const char *zh)
{
    if (d != &ds->spill && d->n_labels < DIAG_MAX_LABELS) {
        d->labels[d->n_labels++] = (struct diag_label){.at = at, .en = en, .zh = zh};
    }
}

void diag_fix(struct diags *ds, struct diag *d, struct span at, struct str replacement)
{
    if (d != &ds->spill) {
        d->has_fix = true;
        d->fix_at = at;
        d->fix_text = str_dup(ds->a, replacement);
    }
}

void diag_suggest(struct diags *ds, struct diag *d, struct str name, const struct str *known,
                  uint32_t n)
{
    uint32_t best = d == &ds->spill ? n : diag_nearest(name, known, n);
    if (best == n) {
        return;
    }
    d->suggestion = str_dup(ds->a, known[best]);
    if (!d->has_fix) {
        diag_fix(ds, d, d->at, known[best]);
    }
}

/* Longer names are compared by this many code points at the front only. */
#define DISTANCE_MAX_CHARS 128

static uint32_t decode_all(struct str s, uint32_t out[DISTANCE_MAX_CHARS])
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < s.n && n < DISTANCE_MAX_CHARS;) {
        at += utf8_decode(s, at, &out[n++]);
    }
    return n;
}

static uint32_t least(uint32_t x, uint32_t y)
{
    return x < y ? x : y;
}

uint32_t diag_distance(struct str x, struct str y, uint32_t max)
{
    uint32_t a[DISTANCE_MAX_CHARS];
    uint32_t b[DISTANCE_MAX_CHARS];
    uint32_t rows[3][DISTANCE_MAX_CHARS + 1];
    uint32_t na = decode_all(x, a);
    uint32_t nb = decode_all(y, b);
    if (max >= DISTANCE_MAX_CHARS) {
        max = DISTANCE_MAX_CHARS;
    }
    for (uint32_t j = 0; j <= nb; j++) {
        rows[0][j] = j;
    }
    for (uint32_t i = 1; i <= na; i++) {
        uint32_t *now = rows[i % 3];
        const uint32_t *up = rows[(i + 2) % 3];
        const uint32_t *up2 = rows[(i + 1) % 3];
        uint32_t row_least = now[0] = i;
        for (uint32_t j = 1; j <= nb; j++) {
            uint32_t v = least(least(up[j], now[j - 1]) + 1, up[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                v = least(v, up2[j - 2] + 1);
            }
            now[j] = v;
            row_least = least(row_least, v);
        }
        if (row_least > max) {
            return max + 1;
        }
    }
    return least(rows[na % 3][nb], max + 1);
}

uint32_t diag_nearest(struct str name, const struct str *known, uint32_t n)
{
    uint32_t best = n;
    uint32_t best_distance = UINT32_MAX;
    uint32_t name_chars = utf8_count(name);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t chars = utf8_count(known[i]);
        uint32_t longer = chars > name_chars ? chars : name_chars;
        uint32_t allowed = longer / 3 > 1 ? longer / 3 : 1;
        uint32_t d = diag_distance(name, known[i], allowed);
        /* All of a one-character name may not change: that is no resemblance. */
        if (d <= allowed && d < best_distance && d < longer) {
            best = i;
            best_distance = d;
        }
    }
    return best;
}

const char *diag_code_text(enum diag_code code)
{
    return table[code].code;
}

const char *diag_code_name(enum diag_code code)
{
    return table[code].name;
}

enum diag_severity diag_severity_of(enum diag_code code)
{
    return table[code].severity;
}

/* A diagnostic in one language. */
struct speech {
    const struct diag *d;
    enum diag_lang lang;
};

static bool arg_of(const void *ctx, struct str key, struct buf *out)
{
    const struct speech *s = ctx;
    for (uint32_t i = 0; i < s->d->n_args; i++) {
        const struct diag_arg *arg = &s->d->args[i];
        if (str_eq(str_from_cstr(arg->key), key)) {
            buf_str(out, s->lang == DIAG_ZH ? arg->zh : arg->en);
            return true;
        }
    }
    return false;
}

static void fill(const struct diag *d, enum diag_lang lang, const char *text, struct buf *out)
{
    buf_template(out, str_from_cstr(text), arg_of, &(struct speech){d, lang});
}

void diag_message(const struct diag *d, enum diag_lang lang, struct buf *out)
{
    fill(d, lang, table[d->code].text[lang], out);
}

void diag_hint(const struct diag *d, enum diag_lang lang, struct buf *out)
{
    fill(d, lang, table[d->code].hint[lang], out);
}
