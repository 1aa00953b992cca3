/* SPDX-License-Identifier: Apache-2.0 */
/* Statements and rows of a register under review: signed, submitted, decided. */
#include "base/arena.h"
#include "http/do/register.h"
#include "http/do/report.h"
#include "http/handlers.h"

#define TOUCHED_MAX 200U

static struct report_notes notes_of(struct ask *q, const char *member)
{
    struct report_notes notes = {0};
    for (const struct json_value *x = json_items(json_get(q->body, member)); x; x = x->next) {
        vec_push(q->a, &notes.list,
                 (struct report_note){.about = json_text(json_get(x, "about")),
                                      .text = json_text(json_get(x, "text"))});
    }
    return notes;
}

static struct register_filing filing_of(struct ask *q)
{
    const struct json_value *rows = json_get(q->body, "rows");
    struct str *ids = ARENA_ARRAY(q->a, struct str, json_count(rows) + 1U);
    uint32_t n = 0;
    for (const struct json_value *x = json_items(rows); x; x = x->next) {
        ids[n++] = json_text(x);
    }
    return (struct register_filing){.period = ask_member(q, "period"),
                                    .nil = json_truth(json_get(q->body, "nil")),
                                    .ids = ids,
                                    .n_ids = n,
                                    .at = ask_member(q, "at"),
                                    .cause = ask_member(q, "cause"),
                                    .seen = keeping_seen(q),
                                    .explained = notes_of(q, "explained"),
                                    .cells = notes_of(q, "cells")};
}

static enum rc filed(struct ask *q, struct keeping *k, const struct register_filing *f, uint32_t n)
{
    struct json j;
    struct register_review s;
    TRY(f->period.n > 0 ? register_statement(&k->d, &k->v, f->period, &s, &q->e) : RC_OK);
    ask_json(q, &j);
    json_kv_int(&j, "commit", k->v.touched);
    json_kv_int(&j, "moved", n);
    if (f->period.n > 0) {
        json_key(&j, "statement");
        register_statement_json(&s, &j);
    }
    json_key(&j, "rows");
    keeping_touched_json(k, &j, TOUCHED_MAX);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static enum rc file(struct ask *q, enum report_act_kind act, struct right right)
{
    struct keeping k;
    struct report_findings found = {0};
    uint32_t n = 0;
    TRY(keeping_open(q, right, &k));
    const struct register_filing f = filing_of(q);
    enum rc rc = register_file(&k.d, &k.v, act, &f, &n, &found, &q->e);
    if (rc == RC_FINDINGS) {
        return ask_refuse_found(q, &found);
    }
    TRY(rc);
    return filed(q, &k, &f, n);
}

enum rc do_register_check(struct ask *q)
{
    struct keeping k;
    struct report_findings found = {0};
    struct json j;
    TRY(keeping_open(q, KEEPING_READ, &k));
    const struct register_filing f = filing_of(q);
    TRY(register_try(&k.d, &k.v, &f, &found, &q->e));
    ask_json(q, &j);
    json_key(&j, "findings");
    report_findings_json(&found, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_register_sign(struct ask *q)
{
    return file(
        q, ACT_SIGN,
        (struct right){"register.sign.filler register.sign.reviewer register.sign.head", false});
}

enum rc do_register_submit(struct ask *q)
{
    return file(q, ACT_SUBMIT, (struct right){"register.submit", false});
}

enum rc do_register_withdraw(struct ask *q)
{
    return file(q, ACT_WITHDRAW, (struct right){"register.withdraw", false});
}

enum rc do_register_correct(struct ask *q)
{
    return file(q, ACT_CORRECT, (struct right){"register.correct", false});
}

enum rc do_register_approve(struct ask *q)
{
    return file(q, ACT_APPROVE, (struct right){"register.approve register.check", true});
}

enum rc do_register_return(struct ask *q)
{
    return file(q, ACT_RETURN, (struct right){"register.return register.check-return", true});
}
