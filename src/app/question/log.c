/* SPDX-License-Identifier: Apache-2.0 */
/* Who has submitted what and when, and which document stands behind which task, as the book says.
 */
#include "app/question/question.h"
#include "app/task/task.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json_tree.h"
#include "store/log.h"

#define PAGE 10000U

struct reading {
    struct desk *d;
    struct inspect_book *out;
    uint32_t n; /* entries of the page */
    int64_t last;
};

/* `form/ROUND/UNIT` */
static void add_filing(struct reading *r, const struct log_entry *x, struct str subject)
{
    struct arena *a = r->d->a;
    struct str what = STR("");
    struct str round = STR("");
    uint32_t unit = 0;
    (void)str_split(&subject, '/', &what);
    if (str_eq(what, STR("form")) && str_split(&subject, '/', &round) &&
        tree_unit_of_code(r->d->tree, subject, &unit)) {
        vec_push(a, &r->out->filings,
                 (struct inspect_filing){unit, str_dup(a, round), str_dup(a, x->actor), x->at});
    }
}

static enum rc on_entry(void *ctx, const struct log_entry *x, struct err *e)
{
    struct reading *r = ctx;
    const struct json_value *subjects = json_read(r->d->a, str_dup(r->d->a, x->subjects));
    (void)e;
    r->n++;
    r->last = x->seq;
    for (const struct json_value *s = json_items(subjects); s; s = s->next) {
        add_filing(r, x, json_text(s));
    }
    return RC_OK;
}

static enum rc read_filings(struct reading *r, struct err *e)
{
    struct log_filter f = {
        .act = STR("report.submit"), .until = INT64_MAX, .before = INT64_MAX, .limit = PAGE};
    do {
        r->n = 0;
        TRY(store_log(r->d->reader, &f, on_entry, r, e));
        f.before = r->last;
    } while (r->n == PAGE);
    return RC_OK;
}

/* `task/ID/YEAR.PART/UNIT` */
static enum rc on_task(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading *r = ctx;
    struct arena *a = r->d->a;
    struct task_doc t;
    struct str rest = str_dup(a, p->unit);
    struct str part = STR("");
    uint32_t unit = 0;
    TRY(task_read(a, str_dup(a, p->body), &t, e));
    while (str_split(&rest, '/', &part)) {
    }
    struct str task = str_dup(a, str_sub(p->unit, 0, p->unit.n - part.n));
    for (uint32_t i = 0; tree_unit_of_code(r->d->tree, part, &unit) && i < t.evidence.n; i++) {
        const struct task_evidence *x = &t.evidence.items[i];
        vec_push(a, &r->out->claims, (struct inspect_claim){unit, task, x->document, x->hash});
    }
    return RC_OK;
}

enum rc question_log(struct desk *d, struct inspect_book *out, struct err *e)
{
    struct reading r = {.d = d, .out = out};
    *out = (struct inspect_book){0};
    TRY(read_filings(&r, e));
    return store_docs(d->reader, STR("task/"), INT64_MAX, on_task, &r, e);
}
