/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as they go over the wire, and their line in the log. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "http/door_int.h"
#include "http/gzip.h"
#include "http/problem.h"
#include "http/site.h"

#define PACK_FROM   1024U /* bytes from which it is worth packing */
#define PACK_LEVEL  1
#define STREAM_PART 1024U

/* ---- the answer ----------------------------------------------------------------------------- */

void door_header(struct call *c, const char *name, const char *value)
{
    (void)MHD_add_response_header(c->response, name, value);
}

static const struct answer_rules data_rules = {"default-src 'none'; frame-ancestors 'none'", NULL,
                                               "Accept-Encoding, Accept-Language, Cookie"};

static void guard_headers(struct call *c, const struct answer_rules *rules)
{
    door_header(c, "X-Content-Type-Options", "nosniff");
    door_header(c, "X-Frame-Options", "DENY");
    door_header(c, "Referrer-Policy", "no-referrer");
    door_header(c, "Content-Security-Policy", rules->policy);
    door_header(c, "Cross-Origin-Resource-Policy", "same-origin");
    door_header(c, "Vary", rules->vary);
    if (!c->w->s->o.plain) {
        door_header(c, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
}

static void add_text(struct call *c, struct arena *a, const char *name, struct str value)
{
    if (value.n > 0) {
        door_header(c, name, str_to_cstr(a, value));
    }
}

static void add_number(struct call *c, const char *name, int n)
{
    char text[16];
    if (n > 0) {
        (void)snprintf(text, sizeof text, "%d", n);
        door_header(c, name, text);
    }
}

/* What has not changed is not sent again. */
static struct str tag(struct call *c, struct arena *a, const struct answer_head *head)
{
    struct buf b;
    if (head->tag.n > 0 && (head->status == 200 || head->status == 304)) {
        return head->tag;
    }
    if (c->in.verb != VERB_GET || head->status != 200 || head->secret || head->file.n > 0 ||
        c->stream != NULL) {
        return STR("");
    }
    buf_init_in(&b, a, 64);
    buf_printf(&b, "\"%016llx\"", (unsigned long long)str_hash(buf_view(&c->out)));
    return buf_view(&b);
}

/* Packs the body where that is allowed and worth it; whether it is packed. */
static bool pack(struct call *c, const struct answer_head *head)
{
    return head->packed || (!head->secret && c->out.n >= PACK_FROM && request_takes_gzip(&c->in) &&
                            gzip_pack(&c->out, PACK_LEVEL));
}

/* Data belong to who has asked and are never used again without asking. */
static const char *cache_of(const struct answer_rules *rules, bool tagged)
{
    return rules->cache != NULL ? rules->cache : tagged ? "private, no-cache" : "no-store";
}

static struct MHD_Response *respond_text(struct call *c)
{
    c->bytes = c->out.n;
    return MHD_create_response_from_buffer(c->out.n, c->out.p, MHD_RESPMEM_PERSISTENT);
}

/* The library closes it; it has no name any more when it is gone. */
static struct MHD_Response *respond_file(struct call *c, const struct answer_head *head)
{
    struct stat st;
    int fd = open(head->file.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (head->gone) {
        (void)unlink(head->file.p);
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        c->status = 500;
        return respond_text(c);
    }
    c->bytes = (uint64_t)st.st_size;
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
}

static struct MHD_Response *respond_stream(struct call *c)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_PART, stream_read, c->stream,
                                             NULL);
}

static bool is_plain(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           ch == '-' || ch == '.' || ch == '_';
}

/* A name of letters of ASCII for old programs, and the whole one (RFC 6266). */
static struct str disposition(struct arena *a, struct str name)
{
    struct buf b;
    buf_init_in(&b, a, 16384);
    buf_puts(&b, "attachment; filename=\"");
    for (uint32_t i = 0; i < name.n; i++) {
        if (is_plain(name.p[i])) {
            buf_putc(&b, name.p[i]);
        }
    }
    buf_puts(&b, "\"; filename*=UTF-8''");
    for (uint32_t i = 0; i < name.n; i++) {
        if (is_plain(name.p[i])) {
            buf_putc(&b, name.p[i]);
        } else {
            buf_printf(&b, "%%%02X", (unsigned char)name.p[i]);
        }
    }
    return buf_view(&b);
}

void door_respond(struct call *c, struct arena *a, const struct answer_head *head)
{
    char name[REQUEST_NAME_BYTES];
    struct str etag = tag(c, a, head);
    c->status = head->status;
    if (etag.n > 0 && str_find(c->in.header.if_none_match, etag, 0) != STR_NONE) {
        c->status = 304;
    }
    if (c->status == 304) {
        buf_clear(&c->out);
    }
    const struct answer_rules *rules = head->rules != NULL ? head->rules : &data_rules;
    bool packed = pack(c, head);
    bool file = head->file.n > 0 && c->status == 200;
    c->response = c->stream != NULL ? respond_stream(c)
                  : file            ? respond_file(c, head)
                                    : respond_text(c);
    if (c->response == NULL) {
        return;
    }
    guard_headers(c, rules);
    if (head->type != NULL && c->status != 304 && c->status != 204) {
        door_header(c, "Content-Type", head->type);
    }
    if (packed && c->status != 304) {
        door_header(c, "Content-Encoding", "gzip");
    }
    door_header(c, "Cache-Control", cache_of(rules, etag.n > 0));
    add_text(c, a, "ETag", etag);
    if (head->name.n > 0) {
        add_text(c, a, "Content-Disposition", disposition(a, head->name));
    }
    if (c->stream != NULL) {
        door_header(c, "X-Accel-Buffering", "no"); /* nginx gives it on as it comes */
    }
    add_text(c, a, "Set-Cookie", head->cookie);
    add_text(c, a, "Set-Cookie", head->flow);
    add_text(c, a, "Allow", head->allow);
    add_number(c, "Retry-After", head->retry_after);
    request_name(&c->in, name);
    door_header(c, "X-Request-Id", name);
}

/* ---- the log -------------------------------------------------------------------------------- */

static void count(struct call *c, int64_t us)
{
    struct service_counts *n = &c->w->s->counts;
    atomic_fetch_add(&n->asked, 1);
    atomic_fetch_add(&n->by_status[c->status / 100 % 6], 1);
    atomic_fetch_add(&n->bytes, c->bytes);
    atomic_fetch_add(&n->us, c->stream == NULL ? (uint64_t)us : 0);
}

/* No path and no query as sent: they may hold what nobody should keep. */
void door_note(struct call *c, const char *route, struct str user)
{
    struct buf line;
    struct json j;
    char name[REQUEST_NAME_BYTES];
    int64_t us = service_now() - c->began;
    count(c, us);
    if (c->w->o.log == NULL) {
        return;
    }
    request_name(&c->in, name);
    buf_init(&line, 4096);
    json_init(&j, &line, false);
    json_obj_begin(&j);
    json_kv_int(&j, "at", c->began);
    json_kv_cstr(&j, "request", name);
    json_kv_cstr(&j, "route", route);
    json_kv_int(&j, "status", c->status);
    json_kv_int(&j, "bytes", (int64_t)c->bytes);
    json_kv_int(&j, "us", us);
    json_kv_text(&j, "user", user);
    json_kv_str(&j, "address", utf8_valid(c->in.address, NULL) ? c->in.address : STR("?"));
    json_obj_end(&j);
    json_end(&j);
    c->w->o.log(c->w->o.ctx, buf_view(&line).p);
    buf_release(&line);
}
