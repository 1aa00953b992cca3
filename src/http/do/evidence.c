/* SPDX-License-Identifier: Apache-2.0 */
/* Documents filed for tasks. */
#include "app/task/evidence.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"

struct documents {
    struct ask *q;
    struct desk d;
    struct evidence_list all;
};

static struct str key(void *ctx, uint32_t i)
{
    const struct documents *x = ctx;
    const struct evidence_row *r = &x->all.list.items[i];
    struct buf b;
    buf_init_in(&b, x->q->a, LIMIT_STR_BYTES);
    buf_printf(&b, "%.*s/%.*s/%.*s/%.*s", PS(r->task), PS(r->part), PS(r->unit), PS(r->what.hash));
    return buf_view(&b);
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct documents *x = ctx;
    const struct evidence_row *r = &x->all.list.items[i];
    page_text(p, "hash", r->what.hash);
    page_text(p, "document", r->what.document);
    page_text(p, "unit", r->unit);
    page_text(p, "task", r->task);
    page_text(p, "part", r->part);
    page_day(p, "day", r->what.day);
    page_text(p, "actor", r->what.actor);
    page_text(p, "of", r->what.unit);
    page_bool(p, "signed", r->is_signed);
    page_text(p, "type", r->file.size > 0 ? str_from_cstr(file_type_name(r->file.type)) : STR(""));
    page_int(p, "size", r->file.size);
    page_bool(p, "missing", r->file.size == 0);
}

enum rc do_evidence(struct ask *q)
{
    struct documents x = {.q = q};
    TRY(ask_desk(q, &x.d));
    TRY(evidence_list(&x.d, ask_text(q, "unit"), &x.all, &q->e));
    return page_answer(
        q,
        &(struct page_list){
            .ctx = &x, .n = x.all.list.n, .title = {"evidence", "佐证"}, .key = key, .row = row});
}

/* Never shown by a browser, whatever it says it is: saved as it was called. */
enum rc do_evidence_file(struct ask *q)
{
    struct desk d;
    struct evidence_row row;
    const char *path = NULL;
    TRY(ask_desk(q, &d));
    TRY(ask_place(q, &path));
    TRY(evidence_get(&d, ask_word(q, 0), path, &row, &q->e));
    q->head.name = row.what.document;
    ask_file(q, path, "application/octet-stream");
    return RC_OK;
}
