/* SPDX-License-Identifier: Apache-2.0 */
/* `tizhi=TOKEN.USER`, the user with percent signs for what a cookie cannot hold. */
#include "http/cookie.h"

#include "app/seat/session.h"
#include "base/arena.h"
#include "base/buf.h"
#include "http/route.h"

#define COOKIE_BYTES 1024

static struct str name_of(bool plain)
{
    return plain ? STR("tizhi") : STR("__Host-tizhi");
}

bool cookie_read(struct arena *a, struct str header, bool plain, struct cookie *out)
{
    struct str one;
    while (str_split(&header, ';', &one)) {
        struct str name;
        one = str_trim(one);
        if (!str_split(&one, '=', &name) || !str_eq(name, name_of(plain))) {
            continue;
        }
        return str_split(&one, '.', &out->token) && out->token.n == SEAT_TOKEN_TEXT && one.n > 0 &&
               url_decode(a, one, false, &out->user);
    }
    return false;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

struct str cookie_write(struct arena *a, const struct cookie *c, bool plain)
{
    struct buf b;
    buf_init_in(&b, a, COOKIE_BYTES);
    buf_str(&b, name_of(plain));
    buf_putc(&b, '=');
    if (c->token.n > 0) {
        buf_printf(&b, "%.*s.", PS(c->token));
    }
    for (uint32_t i = 0; c->token.n > 0 && i < c->user.n; i++) {
        buf_printf(&b, is_plain(c->user.p[i]) ? "%c" : "%%%02X", (unsigned char)c->user.p[i]);
    }
    buf_puts(&b, "; Path=/; HttpOnly; SameSite=Strict");
    buf_puts(&b, plain ? "" : "; Secure");
    if (c->token.n == 0) {
        buf_puts(&b, "; Max-Age=0");
    }
    return buf_view(&b);
}
