/* SPDX-License-Identifier: Apache-2.0 */
/* Records beside the chain. One statement per change, on a connection of its own: the writer's is
 * busy with groups, and a change of a password is rare. */
#include "store/secret.h"

#include "base/buf.h"
#include "store/store_int.h"

struct get_ctx {
    const struct vault *vault;
    struct str subject;
    struct buf *text;
    struct secret *out;
};

static enum rc on_secret(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct get_ctx *c = ctx;
    (void)call;
    c->out->version = row[0].n;
    return vault_unseal(c->vault, c->subject, row[1].s, c->text, e);
}

enum rc secret_get(struct arena *a, struct store_reader *r, struct str subject, struct secret *out,
                   struct err *e)
{
    struct buf text;
    struct get_ctx c = {&r->store->vault, subject, &text, out};
    const struct db_value key[] = {DB_S(subject)};
    *out = (struct secret){STR(""), 0};
    buf_init_in(&text, a, SECRET_BYTES);
    TRY(reader_run(r, ST_secret_get, key, on_secret, &c, e));
    out->body = buf_view(&text);
    return RC_OK;
}

struct all_ctx {
    const struct vault *vault;
    struct buf text;
    secret_fn *fn;
    void *ctx;
};

static enum rc on_each(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct all_ctx *c = ctx;
    (void)call;
    buf_clear(&c->text);
    TRY(vault_unseal(c->vault, row[0].s, row[1].s, &c->text, e));
    return c->fn(c->ctx, row[0].s, buf_view(&c->text), e);
}

enum rc secret_all(struct store_reader *r, secret_fn *fn, void *ctx, struct err *e)
{
    struct all_ctx c = {.vault = &r->store->vault, .fn = fn, .ctx = ctx};
    buf_init(&c.text, SECRET_BYTES);
    enum rc rc = reader_run(r, ST_secrets, NULL, on_each, &c, e);
    buf_release(&c.text);
    return rc;
}

static enum rc on_put(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    (void)call;
    (void)e;
    *(int64_t *)ctx = row[0].n;
    return RC_OK;
}

static enum rc put(struct db *db, const struct db_value *row, struct err *e)
{
    int64_t version = 0;
    TRY(db_run(db, &(struct db_run){ST_secret_put, row, 1, on_put, &version}, e));
    return version > 0 ? RC_OK
                       : err_set(e, RC_CONFLICT, "somebody else has changed it meanwhile",
                                 "期间已被他人更改");
}

enum rc secret_put(const struct store *s, struct str subject, struct str body, int64_t seen,
                   struct err *e)
{
    struct db db = {0};
    struct buf sealed;
    if (s->read_only) {
        return err_set(e, RC_DENIED, "the book is open for reading only", "账本以只读方式打开");
    }
    if (subject.n == 0 || subject.n > STORE_TEXT_BYTES || body.n > SECRET_BYTES) {
        return err_set(e, RC_LIMIT, "a record of secrets may have %u bytes", "密件记录最大 %u 字节",
                       SECRET_BYTES);
    }
    TRY(db_open(&db, s->where, 0, e));
    buf_init(&sealed, 2 * SECRET_BYTES);
    enum rc rc = vault_seal(&s->vault, subject, body, &sealed, e);
    const struct db_value row[] = {DB_S(subject), DB_S(buf_view(&sealed)), DB_N(seen)};
    rc = rc == RC_OK ? put(&db, row, e) : rc;
    buf_release(&sealed);
    db_close(&db);
    return rc;
}
