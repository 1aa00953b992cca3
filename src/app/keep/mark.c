/* SPDX-License-Identifier: Apache-2.0 */
/* What was done to the book as a whole stands in it, as a document per sort. */
#include "app/keep/keep.h"
#include "app/seat/pass.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "store/wire.h"

#define TEXT_BYTES 4096U

static const struct {
    struct str subject, act;
} marks[] = {
    [KEEP_ANCHOR] = {STR_INIT("keep/anchor"), STR_INIT("audit.anchor")},
    [KEEP_BACKUP] = {STR_INIT("keep/backup"), STR_INIT("backup.done")},
};

enum rc keep_mark(struct arena *a, struct store *s, enum keep_what what, struct str actor,
                  int64_t seq, struct str note, struct err *e)
{
    struct str token;
    struct buf body;
    struct json j;
    struct store_receipt got;
    TRY(seat_pass_random(a, &token, e));
    buf_init_in(&body, a, TEXT_BYTES);
    json_init(&j, &body, false);
    json_arr_begin(&j);
    json_int(&j, seq);
    json_arr_end(&j);
    json_end(&j);
    const struct store_parcel doc = {.unit = marks[what].subject,
                                     .what = STORE_DOC,
                                     .recorded = DATE_MIN,
                                     .body = str_trim(buf_view(&body))};
    const struct store_expect touched = {doc.unit, STORE_UNSEEN};
    const struct store_commit c = {.token = token,
                                   .actor = actor,
                                   .act = marks[what].act,
                                   .note = note,
                                   .expects = &touched,
                                   .n_expects = 1,
                                   .parcels = &doc,
                                   .n_parcels = 1};
    return store_commit(a, s, &c, &got, e);
}

struct mark_ctx {
    struct keep_mark *out;
    int64_t commit;
};

static enum rc on_mark(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct mark_ctx *m = ctx;
    struct wire w = wire_of(p->body);
    wire_open(&w);
    m->out->seq = wire_more(&w) ? wire_int(&w) : 0;
    m->commit = p->seq;
    (void)e;
    return RC_OK;
}

static enum rc on_event(void *ctx, const struct log_entry *x, struct err *e)
{
    struct mark_ctx *m = ctx;
    (void)e;
    m->out->at = x->at;
    return RC_OK;
}

enum rc keep_mark_read(struct store_reader *r, enum keep_what what, struct keep_mark *out,
                       struct err *e)
{
    struct mark_ctx m = {.out = out};
    *out = (struct keep_mark){0};
    TRY(store_doc(r, marks[what].subject, INT64_MAX, on_mark, &m, e));
    const struct log_filter f = {
        .since = INT64_MIN, .until = INT64_MAX, .before = m.commit + 1, .limit = 1};
    return m.commit > 0 ? store_log(r, &f, on_event, &m, e) : RC_OK;
}
