/* SPDX-License-Identifier: Apache-2.0 */
/* Problems, and what every answer says of its request. */
#include "http/problem.h"

#include <stdio.h>

#include "base/json.h"

bool request_chinese(const struct request *in)
{
    uint32_t en = str_find(in->header.accept_language, STR("en"), 0);
    uint32_t zh = str_find(in->header.accept_language, STR("zh"), 0);
    return en == STR_NONE || (zh != STR_NONE && zh < en);
}

void request_name(const struct request *in, char out[REQUEST_NAME_BYTES])
{
    (void)snprintf(out, REQUEST_NAME_BYTES, "%016llx", (unsigned long long)in->number);
}

static void type_of(enum rc rc, char out[64])
{
    const char *name = rc_name(rc);
    uint32_t n = 0;
    for (const char *z = "tizhi:"; *z != 0; z++) {
        out[n++] = *z;
    }
    for (; *name != 0 && n < 63; name++) {
        out[n++] = *name == '_' ? '-' : (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name);
    }
    out[n] = 0;
}

const char *problem_title(const struct request *in, const struct http_problem *p)
{
    bool zh = request_chinese(in);
    const char *title = zh ? p->e->primary_zh : p->e->primary_en;
    return *title != 0 ? title : zh ? rc_text_zh(p->rc) : rc_text_en(p->rc);
}

void problem_write(const struct request *in, const struct http_problem *p, struct buf *out)
{
    char type[64];
    char name[REQUEST_NAME_BYTES];
    struct json j;
    bool zh = request_chinese(in);
    type_of(p->rc, type);
    request_name(in, name);
    json_init(&j, out, false);
    json_obj_begin(&j);
    json_kv_cstr(&j, "type", type);
    json_kv_cstr(&j, "title", problem_title(in, p));
    json_kv_int(&j, "status", p->status);
    json_kv_text(&j, "detail", str_from_cstr(zh ? p->e->detail_zh : p->e->detail_en));
    json_kv_text(&j, "hint", str_from_cstr(zh ? p->e->hint_zh : p->e->hint_en));
    json_kv_text(&j, "at", p->at);
    if (p->against != NULL) {
        json_key(&j, "findings");
        p->against(p->ctx, &j);
    }
    json_kv_cstr(&j, "request", name);
    json_obj_end(&j);
    json_end(&j);
}
