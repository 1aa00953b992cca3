/* SPDX-License-Identifier: Apache-2.0 */
/* A trial and versions as text and JSON. */
#include <string.h>

#include "app/adopt/adopt.h"
#include "app/keep/keep.h"
#include "base/buf.h"
#include "base/json.h"

static const struct {
    const char *code;
    const char *text[2], *mend[2];
} againsts[ADOPT__AGAINST] = {
#define AGAINST(name, code, en, zh, mend_en, mend_zh)                                              \
    {(code), {(en), (zh)}, {(mend_en), (mend_zh)}},
#include "app/adopt/adopt.def"
};

static const struct {
    const char *code;
    const char *text[2];
} notes[ADOPT__NOTES] = {
#define NOTE(name, code, en, zh) {(code), {(en), (zh)}},
#include "app/adopt/adopt.def"
};

static const struct {
    const char *word;
    const char *text[2];
} things[ADOPT__THINGS] = {
#define THING(name, word, en, zh) {(word), {(en), (zh)}},
#include "app/adopt/adopt.def"
};

/* ---- one line ------------------------------------------------------------------------------- */

static void fill(const struct adopt_line *x, struct str key, bool chinese, struct buf *out)
{
    if (str_eq(key, STR("thing"))) {
        buf_puts(out, things[x->thing].text[chinese]);
    } else if (str_eq(key, STR("a"))) {
        buf_str(out, x->a);
    } else if (str_eq(key, STR("b"))) {
        buf_str(out, x->b[chinese]);
    } else if (x->n == 0) {
        buf_puts(out, chinese ? "若干" : "some");
    } else {
        buf_printf(out, "%llu", (unsigned long long)x->n);
    }
}

void adopt_line_text(const struct adopt_line *x, bool against, bool chinese, struct buf *out)
{
    struct str rest =
        str_from_cstr(against ? againsts[x->what].text[chinese] : notes[x->what].text[chinese]);
    struct str part;
    bool key = false;
    /* Outside and inside braces in turn. */
    while (rest.n > 0 && str_split(&rest, key ? '}' : '{', &part)) {
        if (key) {
            fill(x, part, chinese, out);
        } else {
            buf_str(out, part);
        }
        key = !key;
    }
}

void adopt_line_mend(const struct adopt_line *x, bool chinese, struct buf *out)
{
    buf_puts(out, againsts[x->what].mend[chinese]);
}

/* ---- a trial -------------------------------------------------------------------------------- */

static void line_json(const struct adopt_trial *t, const struct adopt_line *x, bool against,
                      struct json *j)
{
    struct buf b;
    buf_init_in(&b, t->a, 1U << 16);
    json_obj_begin(j);
    json_kv_cstr(j, "code", against ? againsts[x->what].code : notes[x->what].code);
    json_kv_cstr(j, "thing", things[x->thing].word);
    json_kv_str(j, "about", x->a);
    for (int zh = 0; zh < 2; zh++) {
        buf_clear(&b);
        adopt_line_text(x, against, zh == 1, &b);
        json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&b));
    }
    if (against) {
        json_kv_cstr(j, "mend_en", againsts[x->what].mend[0]);
        json_kv_cstr(j, "mend_zh", againsts[x->what].mend[1]);
    }
    json_obj_end(j);
}

static void lines_json(const struct adopt_trial *t, const struct adopt_lines *l, bool against,
                       struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < l->list.n; i++) {
        line_json(t, &l->list.items[i], against, j);
    }
    json_arr_end(j);
}

void adopt_findings_json(const struct adopt_trial *t, struct json *j)
{
    struct buf b;
    buf_init_in(&b, t->a, 1U << 16);
    json_arr_begin(j);
    for (uint32_t i = 0; i < t->against.list.n; i++) {
        const struct adopt_line *x = &t->against.list.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "code", againsts[x->what].code);
        json_kv_str(j, "about", x->a);
        for (int zh = 0; zh < 2; zh++) {
            buf_clear(&b);
            adopt_line_text(x, true, zh == 1, &b);
            buf_puts(&b, zh == 1 ? "。" : ". ");
            adopt_line_mend(x, zh == 1, &b);
            json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&b));
        }
        json_obj_end(j);
    }
    json_arr_end(j);
}

void adopt_try_members(const struct adopt_trial *t, struct json *j)
{
    json_kv_bool(j, "adoptable", t->against.list.n == 0);
    json_kv_str(j, "digest", t->digest);
    json_kv_str(j, "plan", t->next->plan->id);
    json_kv_str(j, "name", t->next->plan->name);
    json_kv_int(j, "files", t->next->lang.sources->files.n);
    json_kv_int(j, "commitments", t->next->plan->n_commitments);
    json_kv_int(j, "items", t->next->plan->n_items);
    json_kv_str(j, "in_force", t->now->digest);
    json_kv_int(j, "seen", t->now->pack->seen);
    json_key(j, "against");
    lines_json(t, &t->against, true, j);
    json_key(j, "notes");
    lines_json(t, &t->notes, false, j);
}

void adopt_try_show(const struct adopt_trial *t, bool chinese, struct buf *out)
{
    for (uint32_t i = 0; i < t->against.list.n; i++) {
        const struct adopt_line *x = &t->against.list.items[i];
        buf_puts(out, chinese ? "不能采用：" : "against it: ");
        adopt_line_text(x, true, chinese, out);
        buf_puts(out, chinese ? "。" : ". ");
        adopt_line_mend(x, chinese, out);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < t->notes.list.n; i++) {
        buf_puts(out, chinese ? "注意：" : "note: ");
        adopt_line_text(&t->notes.list.items[i], false, chinese, out);
        buf_putc(out, '\n');
    }
}

/* ---- versions ------------------------------------------------------------------------------- */

struct str adopt_moment(struct arena *a, const struct adopt_version *v)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    if (v->seq > 0) {
        keep_moment(&b, v->at);
    }
    return buf_view(&b);
}

void adopt_version_members(struct arena *a, const struct adopt_version *v, struct json *j)
{
    json_kv_int(j, "commit", v->seq);
    json_kv_str(j, "at", adopt_moment(a, v));
    json_kv_str(j, "by", v->actor);
    json_kv_str(j, "seat", v->seat);
    json_kv_str(j, "digest", v->digest);
    json_kv_str(j, "before", v->before);
    json_kv_str(j, "plan", v->plan);
    json_kv_str(j, "name", v->name);
    json_kv_str(j, "reason", v->reason);
    json_kv_str(j, "document", v->document);
    json_kv_int(j, "files", v->n_files);
}
