/* SPDX-License-Identifier: Apache-2.0 */
/* Packages: written, and read as if somebody hostile had made them. */
#include "app/offline/package.h"

#include "app/keep/key.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "base/utf8.h"

#define HEAD           "tizhi-package-1 "
#define SIGNED         "ed25519 "
#define KEY_CHARS      44U /* base64 of 32 bytes, of 64 bytes */
#define SIG_CHARS      88U
#define LINE_MAX_BYTES (sizeof SIGNED - 1 + KEY_CHARS + 1 + SIG_CHARS)

static const char *const sorts[] = {[PACKAGE_ROUND] = "round", [PACKAGE_ANSWER] = "answer"};

/* ---- writing -------------------------------------------------------------------------------- */

struct digests {
    const struct str *of; /* by part */
    const uint32_t *bytes;
};

/* Canonical: equal packages have equal manifests. */
static struct str manifest_of(struct arena *a, const struct package *p, struct digests d)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, PACKAGE_MANIFEST_MAX);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_cstr(&j, "sort", sorts[p->sort]);
    json_kv_str(&j, "book", p->book);
    json_kv_int(&j, "seq", p->seq);
    json_kv_int(&j, "at", p->at);
    json_kv_day(&j, "until", p->until);
    json_kv_str(&j, "plan", p->plan);
    json_kv_str(&j, "round", p->round);
    json_kv_text(&j, "to", p->to);
    json_kv_text(&j, "answers", p->answers);
    json_key(&j, "parts");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < p->parts.n; i++) {
        json_obj_begin(&j);
        json_kv_str(&j, "name", p->parts.items[i].name);
        json_kv_int(&j, "bytes", d.bytes[i]);
        json_kv_str(&j, "sm3", d.of[i]);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return str_trim(buf_view(&b));
}

/* A package is not taken for another signed text. */
static struct str signed_text(struct arena *a, struct str manifest)
{
    return str_cat(a, STR(HEAD), manifest);
}

static enum rc name_it(struct arena *a, struct str manifest, struct package *p, struct err *e)
{
    TRY(hex_sm3(a, manifest, &p->id, e));
    return key_fingerprint(a, p->public_key, &p->fingerprint, e);
}

static enum rc too_large(struct err *e)
{
    enum rc rc = err_set(e, RC_LIMIT, "the package would be larger than %u MiB",
                         "数据包将超过 %u MiB", PACKAGE_BYTES_MAX >> 20);
    err_hint(e, "Pack fewer units at once.", "请分几次打包，每次少几个机构。");
    return rc;
}

enum rc package_write(struct arena *a, struct package *p, const char *key_path, struct str *out,
                      struct err *e)
{
    struct key_signature by;
    struct buf b;
    uint64_t total = 0;
    struct str *of = ARENA_ARRAY(a, struct str, p->parts.n + 1U);
    uint32_t *bytes = ARENA_ARRAY(a, uint32_t, p->parts.n + 1U);
    for (uint32_t i = 0; i < p->parts.n; i++) {
        bytes[i] = p->parts.items[i].content.n;
        total += bytes[i];
        TRY(hex_sm3(a, p->parts.items[i].content, &of[i], e));
    }
    if (p->parts.n > PACKAGE_PARTS_MAX || total > PACKAGE_BYTES_MAX - PACKAGE_MANIFEST_MAX - 1024) {
        return too_large(e);
    }
    struct str manifest = manifest_of(a, p, (struct digests){of, bytes});
    TRY(key_sign(a, signed_text(a, manifest), key_path, &by, e));
    p->public_key = by.public_key;
    TRY(name_it(a, manifest, p, e));
    buf_init_in(&b, a, PACKAGE_BYTES_MAX);
    buf_printf(&b, HEAD "%u\n", manifest.n);
    buf_str(&b, manifest);
    buf_printf(&b, "\n" SIGNED "%.*s %.*s\n", PS(by.public_key), PS(by.signature));
    for (uint32_t i = 0; i < p->parts.n; i++) {
        buf_str(&b, p->parts.items[i].content);
    }
    *out = buf_view(&b);
    return b.overflow ? too_large(e) : RC_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum rc no_package(const char *en, const char *zh, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "this is no package, or it was changed: %s%.0s",
                         "这不是数据包，或已被改动：%.0s%s", en, zh);
    err_hint(e, "Copy it again from where it was made; do not open it in another program.",
             "请从制作处重新拷贝，不要用其他程序打开或保存。");
    return rc;
}

/* The digits at the beginning, up to a line end; false: there are none, or too many. */
static bool take_length(struct str *rest, uint32_t *out)
{
    uint32_t i = 0;
    *out = 0;
    while (i < rest->n && i < 8 && rest->p[i] >= '0' && rest->p[i] <= '9') {
        *out = *out * 10 + (uint32_t)(rest->p[i] - '0');
        i++;
    }
    bool fits = i > 0 && i < rest->n && rest->p[i] == '\n' && *out <= PACKAGE_MANIFEST_MAX;
    *rest = fits ? str_sub(*rest, i + 1, rest->n) : *rest;
    return fits;
}

struct lines {
    struct str manifest, parts;
    struct key_signature by;
};

static enum rc cut(struct str bytes, struct lines *out, struct err *e)
{
    uint32_t n = 0;
    struct str rest = str_sub(bytes, sizeof HEAD - 1, bytes.n);
    if (!str_starts(bytes, STR(HEAD)) || !take_length(&rest, &n)) {
        return no_package("its first line", "首行", e);
    }
    if (rest.n < n + 1 + LINE_MAX_BYTES + 1 || rest.p[n] != '\n') {
        return no_package("it ends too early", "内容不完整", e);
    }
    out->manifest = str_sub(rest, 0, n);
    rest = str_sub(rest, n + 1, rest.n);
    struct str line = str_sub(rest, 0, LINE_MAX_BYTES);
    out->by.public_key = str_sub(line, sizeof SIGNED - 1, sizeof SIGNED - 1 + KEY_CHARS);
    out->by.signature = str_sub(line, LINE_MAX_BYTES - SIG_CHARS, LINE_MAX_BYTES);
    if (!str_starts(line, STR(SIGNED)) || line.p[sizeof SIGNED - 1 + KEY_CHARS] != ' ' ||
        rest.p[LINE_MAX_BYTES] != '\n') {
        return no_package("the line of its signature", "签名行", e);
    }
    out->parts = str_sub(rest, LINE_MAX_BYTES + 1, rest.n);
    return RC_OK;
}

static bool read_head(const struct json_value *v, struct package *out)
{
    bool bad = v == NULL || v->sort != JSON_OBJECT;
    struct str sort = json_text(json_get(v, "sort"));
    out->sort = str_eq(sort, STR("answer")) ? PACKAGE_ANSWER : PACKAGE_ROUND;
    out->book = json_text(json_get(v, "book"));
    out->seq = json_number(json_get(v, "seq"));
    out->at = json_number(json_get(v, "at"));
    out->until = json_day(json_get(v, "until"), &bad);
    out->plan = json_text(json_get(v, "plan"));
    out->round = json_text(json_get(v, "round"));
    out->to = json_text(json_get(v, "to"));
    out->answers = json_text(json_get(v, "answers"));
    bool whole = out->book.n > 0 && out->plan.n > 0 && out->round.n > 0 &&
                 !date_is_sentinel(out->until) && out->seq > 0;
    bool answer = out->sort == PACKAGE_ANSWER;
    return !bad && whole && (out->to.n > 0) == answer && (out->answers.n > 0) == answer;
}

static enum rc part_changed(uint32_t i, struct str name, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "part %u of the package (%.*s) was changed or cut off",
                         "数据包的第 %u 部分（%.*s）被改动或截断", i + 1, PS(name));
    err_hint(e, "Copy it again from where it was made; do not open it in another program.",
             "请从制作处重新拷贝，不要用其他程序打开或保存。");
    return rc;
}

/* Lengths and digests; of a faulty manifest, what it says. */
static enum rc read_parts(struct arena *a, const struct json_value *list, struct str bytes,
                          struct package *out, struct digests *d, struct err *e)
{
    uint32_t n = json_count(list);
    uint32_t i = 0;
    if (n == 0 || n > PACKAGE_PARTS_MAX) {
        return no_package("the number of its parts", "部分的数目", e);
    }
    struct str *of = ARENA_ARRAY(a, struct str, n);
    uint32_t *lengths = ARENA_ARRAY(a, uint32_t, n);
    for (const struct json_value *v = json_items(list); v; v = v->next, i++) {
        struct package_part part = {.name = json_text(json_get(v, "name"))};
        int64_t length = json_number(json_get(v, "bytes"));
        if (length < 0 || length > (int64_t)bytes.n) {
            return part_changed(i, part.name, e);
        }
        lengths[i] = (uint32_t)length;
        part.content = str_sub(bytes, 0, lengths[i]);
        bytes = str_sub(bytes, lengths[i], bytes.n);
        TRY(hex_sm3(a, part.content, &of[i], e));
        if (!str_eq(of[i], json_text(json_get(v, "sm3")))) {
            return part_changed(i, part.name, e);
        }
        vec_push(a, &out->parts, part);
    }
    *d = (struct digests){of, lengths};
    return bytes.n == 0 ? RC_OK
                        : no_package("there is more behind its last part", "末尾多出内容", e);
}

enum rc package_read(struct arena *a, struct str bytes, struct package *out, struct err *e)
{
    struct lines l;
    struct digests d;
    *out = (struct package){0};
    TRY(cut(bytes, &l, e));
    const struct json_value *v = utf8_valid(l.manifest, NULL) ? json_read(a, l.manifest) : NULL;
    if (!read_head(v, out)) {
        return no_package("its manifest", "清单", e);
    }
    TRY(read_parts(a, json_get(v, "parts"), l.parts, out, &d, e));
    /* PG1: nothing but what is understood, said in one way. */
    if (!str_eq(manifest_of(a, out, d), l.manifest)) {
        return no_package("its manifest", "清单", e);
    }
    if (!key_verifies(signed_text(a, l.manifest), l.by)) {
        return no_package("its signature", "签名不符", e);
    }
    out->public_key = l.by.public_key;
    return name_it(a, l.manifest, out, e);
}
