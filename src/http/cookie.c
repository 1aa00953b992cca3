/* SPDX-License-Identifier: Apache-2.0 */
/* `tizhi=TOKEN.USER`, the user with percent signs for what a cookie cannot hold. */
#include "http/cookie.h"

#include "app/seat/session.h"
#include "base/arena.h"
#include "base/buf.h"
#include "http/route.h"

#define COOKIE_BYTES 1024
#define FLOW_BYTES   128U

static struct str name_of(bool plain)
{
    return plain ? STR("tizhi") : STR("__Host-tizhi");
}

static struct str flow_name(bool plain)
{
    return plain ? STR("tizhi-sso") : STR("__Host-tizhi-sso");
}

/* The value of the first cookie of this name. */
static bool find(struct str header, struct str want, struct str *value)
{
    struct str one;
    while (str_split(&header, ';', &one)) {
        struct str name;
        one = str_trim(one);
        if (str_split(&one, '=', &name) && str_eq(name, want)) {
            *value = one;
            return true;
        }
    }
    return false;
}

static void end(struct buf *b, bool plain, bool over)
{
    buf_puts(b, "; Path=/; HttpOnly; SameSite=Strict");
    buf_puts(b, plain ? "" : "; Secure");
    buf_puts(b, over ? "; Max-Age=0" : "");
}

bool cookie_read(struct arena *a, struct str header, bool plain, struct cookie *out)
{
    struct str value;
    return find(header, name_of(plain), &value) && str_split(&value, '.', &out->token) &&
           out->token.n == SEAT_TOKEN_TEXT && value.n > 0 &&
           url_decode(a, value, false, &out->user);
}

struct str cookie_write(struct arena *a, const struct cookie *c, bool plain)
{
    struct buf b;
    buf_init_in(&b, a, COOKIE_BYTES);
    buf_str(&b, name_of(plain));
    buf_putc(&b, '=');
    if (c->token.n > 0) {
        buf_printf(&b, "%.*s.", PS(c->token));
        url_encode(&b, c->user);
    }
    end(&b, plain, c->token.n == 0);
    return buf_view(&b);
}

struct str cookie_flow_read(struct str header, bool plain)
{
    struct str value;
    return find(header, flow_name(plain), &value) && value.n <= FLOW_BYTES ? value : STR("");
}

/* It ends with the browser's session at the latest; the service looks at its age. */
struct str cookie_flow_write(struct arena *a, struct str flow, bool plain)
{
    struct buf b;
    buf_init_in(&b, a, COOKIE_BYTES);
    buf_str(&b, flow_name(plain));
    buf_printf(&b, "=%.*s", PS(flow));
    end(&b, plain, flow.n == 0);
    return buf_view(&b);
}
