/* SPDX-License-Identifier: Apache-2.0 */
/* Packages for schools without a network: out, and the answer in (docs/internals/offline.md). */
#include "app/keep/key.h"
#include "app/offline/offline.h"
#include "base/arena.h"
#include "base/file.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/upload.h"

/* ---- the key -------------------------------------------------------------------------------- */

static enum rc fingerprint(struct ask *q, struct str *out)
{
    struct str key;
    struct str path = str_cat(q->a, str_from_cstr(q->s->o.package_key), STR(".pub"));
    TRY(key_read_public(q->a, str_to_cstr(q->a, path), &key, &q->e));
    return key_fingerprint(q->a, key, out, &q->e);
}

enum rc do_package_key(struct ask *q)
{
    struct json j;
    struct str print = STR("");
    const bool on = q->s->o.package_key != NULL;
    TRY(on ? fingerprint(q, &print) : RC_OK);
    ask_json(q, &j);
    json_kv_bool(&j, "on", on);
    json_kv_str(&j, "fingerprint", print);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- out ------------------------------------------------------------------------------------ */

static enum rc read_wish(struct ask *q, struct offline_wish *w)
{
    const struct json_value *others = json_get(q->body, "others");
    struct str *units = ARENA_ARRAY(q->a, struct str, json_count(others) + 1U);
    struct str until = ask_member(q, "until");
    *w = (struct offline_wish){.round = ask_word(q, 0),
                               .units = units,
                               .n_units = 1,
                               .until = DATE_MIN,
                               .key = q->s->o.package_key,
                               .plan = q->footing->pack->lang.sources,
                               .now = service_now()};
    units[0] = ask_word(q, 1);
    for (const struct json_value *x = json_items(others); x != NULL; x = x->next) {
        units[w->n_units++] = x->text;
    }
    if (until.n > 0 && !date_parse(until, &w->until)) {
        q->at = STR("/until");
        return err_set(&q->e, RC_INPUT, "no such day", "没有这一天");
    }
    return RC_OK;
}

static enum rc no_key(struct ask *q)
{
    enum rc rc = err_set(&q->e, RC_NO_SUPPORT, "this service has no key to sign packages with",
                         "本服务没有为数据包签名的密钥");
    err_hint(&q->e, "Its operator makes one (tizhi audit key FILE) and sets package_key=FILE.",
             "请运维人员生成密钥（tizhi audit key 文件）并设置 package_key=文件。");
    return rc;
}

enum rc do_package_out(struct ask *q)
{
    struct desk d;
    struct offline_wish w;
    struct offline_result r;
    struct str bytes;
    const char *path = NULL;
    TRY(ask_may(q, "offline.out", ask_word(q, 1), CLASS_PUBLIC));
    TRY(q->s->o.package_key != NULL ? RC_OK : no_key(q));
    TRY(read_wish(q, &w));
    TRY(ask_desk(q, &d));
    TRY(ask_place(q, &path)); /* before the commit that says it went out */
    TRY(offline_pack(&d, &w, &bytes, &r, &q->e));
    TRY(file_write(path, bytes, &q->e));
    struct str name = str_cat(q->a, str_cat(q->a, r.round, STR("-")), ask_word(q, 1));
    q->head.name = str_cat(q->a, name, STR(".tizhi"));
    ask_file(q, path, "application/octet-stream");
    return RC_OK;
}

/* ---- in ------------------------------------------------------------------------------------- */

/* What is in a package is said to those alone who carry any; each part is asked for by itself. */
static enum rc may_carry(struct ask *q)
{
    const struct seat_roster *r = &q->seat.roster;
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (str_eq(seat_holder(s, r->day), q->seat.actor) &&
            ask_allows(q, "offline.in", s->unit, CLASS_PUBLIC)) {
            return RC_OK;
        }
    }
    return err_set(&q->e, RC_DENIED, "you hold no seat that may do this: %s",
                   "现有岗位无权办理：%s", "offline.in");
}

static enum rc read_takes(struct ask *q, struct offline_in *in)
{
    const struct str *texts = ask_texts(q, "take", &in->n_takes);
    struct offline_take *takes = ARENA_ARRAY(q->a, struct offline_take, in->n_takes + 1U);
    for (uint32_t i = 0; i < in->n_takes; i++) {
        if (!offline_take_of(texts[i], &takes[i])) {
            q->at = STR("take");
            q->head.status = 400;
            return err_set(&q->e, RC_USAGE, "take wants UNIT=theirs or UNIT=ours, not %.*s",
                           "take 须写作 机构=theirs 或 机构=ours，不能是 %.*s", PS(texts[i]));
        }
    }
    in->takes = takes;
    return RC_OK;
}

static enum rc read_package(struct ask *q, struct package *p)
{
    TRY(package_read(q->a, q->upload->bytes, p, &q->e));
    if (p->sort == PACKAGE_ANSWER) {
        return RC_OK;
    }
    enum rc rc = err_set(&q->e, RC_CONFLICT, "this is a round package, and no answer",
                         "这是填报包，不是回报包");
    err_hint(&q->e, "It goes into a local book, with its plan: tizhi pack-in, on that machine.",
             "填报包连同计划收入本地账本，请在该机器上用 tizhi pack-in 办理。");
    return rc;
}

enum rc do_package_in(struct ask *q)
{
    struct desk d;
    struct package p;
    struct offline_result r;
    struct str plan = STR("");
    struct offline_in in = {.a = q->a,
                            .store = q->s->store,
                            .reader = q->hand->reader,
                            .package = &p,
                            .fingerprint = ask_text(q, "fingerprint"),
                            .dry_run = str_eq(ask_text(q, "dry"), STR("yes"))};
    TRY(may_carry(q));
    TRY(read_takes(q, &in));
    TRY(read_package(q, &p));
    TRY(ask_desk(q, &d));
    in.actor = d.actor;
    in.today = d.today;
    in.may = d.may;
    in.may_ctx = d.may_ctx;
    TRY(offline_plan(q->a, q->footing->pack->lang.sources, &plan, &q->e));
    TRY(offline_take_answer(&in, &d, plan, &r, &q->e));
    offline_json(&r, q->out);
    return RC_OK;
}
