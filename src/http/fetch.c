/* SPDX-License-Identifier: Apache-2.0 */
/* One transfer of libcurl, a handle each: calls are rare and share nothing. */
#include "http/fetch.h"

#include <curl/curl.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define CONNECT_MS 3000L

enum rc fetch_init(struct err *e)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? RC_OK
               : err_set(e, RC_NO_SUPPORT, "libcurl cannot be used", "libcurl 无法使用");
}

struct str fetch_origin(struct str url)
{
    struct str rest = url;
    bool tls = str_starts(url, STR("https://"));
    if (!tls && !str_starts(url, STR("http://"))) {
        return STR("");
    }
    uint32_t host = tls ? 8 : 7;
    uint32_t end = host;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#') {
        /* Who writes user@host or \ means to mislead. */
        if (rest.p[end] == '@' || rest.p[end] == '\\' || (unsigned char)rest.p[end] <= ' ') {
            return STR("");
        }
        end++;
    }
    return end > host ? str_sub(rest, 0, end) : STR("");
}

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct buf *b = ctx;
    buf_put(b, p, size * n);
    return b->overflow ? 0 : size * n;
}

/* What libcurl wants as C strings: made before there is a handle, which an arena that is full would
 * not let go of. */
struct words {
    const char *url, *ca, *user, *secret;
};

static bool set_up(CURL *c, const struct fetch_want *w, const struct words *z,
                   struct curl_slist *headers, struct buf *body)
{
    const char *allowed = str_starts(w->origin, STR("https:")) ? "https" : "http";
    bool ok = curl_easy_setopt(c, CURLOPT_URL, z->url) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, allowed) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    /* None of the environment: the settings say whom to ask. */
    ok = ok && curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, FETCH_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)FETCH_BYTES) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_USERAGENT, "tizhi") == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK;
    ok = ok && curl_easy_setopt(c, CURLOPT_WRITEDATA, body) == CURLE_OK;
    if (w->ca.n > 0) {
        ok = ok && curl_easy_setopt(c, CURLOPT_CAINFO, z->ca) == CURLE_OK;
    }
    if (w->form.n > 0) {
        ok = ok && curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)w->form.n) == CURLE_OK;
        ok = ok && curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, w->form.p) == CURLE_OK;
    }
    if (w->user.n > 0) {
        ok = ok && curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK;
        ok = ok && curl_easy_setopt(c, CURLOPT_USERNAME, z->user) == CURLE_OK;
        ok = ok && curl_easy_setopt(c, CURLOPT_PASSWORD, z->secret) == CURLE_OK;
    }
    return ok;
}

static enum rc failed(const struct fetch_want *w, const char *why, struct err *e)
{
    enum rc rc =
        err_set(e, RC_IO, "no answer from %.*s: %s", "%.*s 没有应答：%s", PS(w->origin), why);
    err_hint(e, "Look whether it can be reached from this machine; within 5 s, 256 KiB at most.",
             "请检查本机能否访问该地址；应答须在 5 秒内，最大 256 KiB。");
    return rc;
}

enum rc fetch(struct arena *a, const struct fetch_want *w, int *status, struct str *body,
              struct err *e)
{
    struct buf b;
    long code = 0;
    if (w->origin.n == 0 || !str_eq(fetch_origin(w->url), w->origin)) { /* FE1 */
        return err_set(e, RC_DENIED, "only %.*s is asked, not %.*s", "只访问 %.*s，不访问 %.*s",
                       PS(w->origin), PS(w->url));
    }
    const struct words z = {str_to_cstr(a, w->url), str_to_cstr(a, w->ca), str_to_cstr(a, w->user),
                            str_to_cstr(a, w->secret)};
    buf_init(&b, FETCH_BYTES);
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    CURLcode rc = c != NULL && headers != NULL && set_up(c, w, &z, headers, &b)
                      ? curl_easy_perform(c)
                      : CURLE_FAILED_INIT;
    if (rc == CURLE_OK) {
        (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    *status = (int)code;
    *body = buf_move(a, &b);
    return rc == CURLE_OK ? RC_OK : failed(w, curl_easy_strerror(rc), e);
}
