/* SPDX-License-Identifier: Apache-2.0 */
/* The book as a whole: how it is, what looks at all of it, its anchors. */
#include "app/keep/keep.h"
#include "app/seat/port.h"
#include "http/ask.h"
#include "http/handlers.h"

void ask_moment(struct json *j, const char *key, int64_t at)
{
    struct buf b;
    buf_init(&b, 64);
    if (at > 0) {
        keep_moment(&b, at);
    }
    json_kv_str(j, key, buf_view(&b));
    buf_release(&b);
}

/* ---- how it is ------------------------------------------------------------------------------ */

static enum rc mark_json(struct ask *q, struct json *j, const char *key, enum keep_what what)
{
    struct keep_mark m;
    TRY(keep_mark_read(q->hand->reader, what, &m, &q->e));
    json_key(j, key);
    json_obj_begin(j);
    json_kv_int(j, "commit", m.seq);
    ask_moment(j, "time", m.at);
    json_obj_end(j);
    return RC_OK;
}

enum rc do_book(struct ask *q)
{
    struct json j;
    struct store_end end;
    struct str anchor;
    const struct tree_snap *t = q->seat.roster.snap;
    TRY(ask_may(q, "book.status", STR(""), CLASS_PUBLIC));
    TRY(store_end(q->a, q->hand->reader, &end, &q->e));
    TRY(store_anchor(q->a, q->hand->reader, &anchor, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "book", end.book);
    json_kv_int(&j, "commits", end.seq);
    ask_moment(&j, "last", end.at);
    json_kv_int(&j, "units", t != NULL ? t->n : 0);
    json_kv_str(&j, "anchor", anchor);
    TRY(mark_json(q, &j, "anchored", KEEP_ANCHOR));
    TRY(mark_json(q, &j, "backed_up", KEEP_BACKUP));
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* Taken by whoever files it away: that it was is a commit. */
enum rc do_anchor(struct ask *q)
{
    struct json j;
    struct store_end end;
    struct str anchor;
    TRY(ask_may(q, "log.read", STR(""), CLASS_SENSITIVE));
    TRY(store_end(q->a, q->hand->reader, &end, &q->e));
    TRY(store_anchor(q->a, q->hand->reader, &anchor, &q->e));
    TRY(keep_mark(q->a, q->s->store, KEEP_ANCHOR, seat_port_actor(&q->seat), end.seq, STR(""),
                  &q->e));
    ask_json(q, &j);
    json_kv_int(&j, "commit", end.seq);
    json_kv_str(&j, "anchor", anchor);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
