/* SPDX-License-Identifier: Apache-2.0 */
/* Commits as sentences. */
#include "app/commit_text.h"

#include "app/seat/roster.h"
#include "base/arena.h"
#include "base/buf.h"
#include "store/store.h"

#define ZONE_SECONDS 28800 /* UTC+8 */
#define DAY_SECONDS  86400

static struct str name_of(const struct commit_texts *t, struct str actor)
{
    struct str prefix = STR(SEAT_USER_PREFIX);
    if (t->roster == NULL || !str_starts(actor, prefix)) {
        return STR("");
    }
    const struct seat_user *u = seat_user_find(t->roster, str_sub(actor, prefix.n, actor.n));
    return u != NULL ? u->name : STR("");
}

static struct str make(struct commit_texts *t, int64_t seq)
{
    struct store_event ev;
    struct buf b;
    char day[DATE_TEXT_BYTES];
    buf_init_in(&b, t->a, STORE_TEXT_BYTES * 4);
    buf_printf(&b, t->chinese ? "第 %lld 次提交" : "commit %lld", (long long)seq);
    if (store_who(t->a, t->reader, seq, &ev, NULL) != RC_OK) {
        return buf_view(&b);
    }
    int64_t s = ev.at / 1000000 + ZONE_SECONDS;
    int64_t of_day = s % DAY_SECONDS;
    struct str name = name_of(t, ev.actor);
    const char *left = name.n == 0 ? "" : t->chinese ? "（" : " (";
    const char *right = name.n == 0 ? "" : t->chinese ? "）" : ")";
    struct str date = date_text((struct date){(int32_t)(s / DAY_SECONDS)}, day);
    int hour = (int)(of_day / 3600);
    int minute = (int)(of_day / 60 % 60);
    int second = (int)(of_day % 60);
    if (t->chinese) {
        buf_printf(&b, "：%.*s%s%.*s%s 于 %.*s %02d:%02d:%02d %.*s", PS(ev.actor), left, PS(name),
                   right, PS(date), hour, minute, second, PS(ev.act));
    } else {
        buf_printf(&b, ": %.*s by %.*s%s%.*s%s at %.*s %02d:%02d:%02d", PS(ev.act), PS(ev.actor),
                   left, PS(name), right, PS(date), hour, minute, second);
    }
    return buf_view(&b);
}

bool commit_is_report(struct commit_texts *t, int64_t seq)
{
    struct store_event ev;
    return store_who(t->a, t->reader, seq, &ev, NULL) == RC_OK &&
           str_starts(ev.act, STR("report."));
}

struct str commit_text(struct commit_texts *t, int64_t seq)
{
    uint32_t i = 0;
    if (!map_u64_get(&t->known, (uint64_t)seq, &i)) {
        i = t->texts.n;
        struct str text = make(t, seq);
        vec_push(t->a, &t->texts, text);
        map_u64_put(t->a, &t->known, (uint64_t)seq, i);
    }
    return t->texts.items[i];
}
