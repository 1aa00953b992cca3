/* SPDX-License-Identifier: Apache-2.0 */
/* The book as a whole: how it is, what looks at all of it, its anchors. */
#include "app/keep/doctor.h"
#include "app/keep/keep.h"
#include "app/seat/port.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/job.h"

static void moment_json(struct json *j, const char *key, int64_t at)
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
    moment_json(j, "time", m.at);
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
    moment_json(&j, "last", end.at);
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

/* ---- jobs ----------------------------------------------------------------------------------- */

static struct keep_print print_of(struct job_work *w)
{
    return (struct keep_print){.json = true, .out = w->out};
}

static enum rc audit(struct job_work *w, struct err *e)
{
    struct keep_audit x;
    const struct keep_print p = print_of(w);
    const struct audit_options o = {.progress = jobs_progress, .progress_ctx = w};
    TRY(keep_audit(w->a, w->reader, &o, &x, e));
    keep_audit_print(w->a, &x, false, &p);
    return RC_OK;
}

/* Without the plan: the service has read the book by it, and a second copy of a region is large. */
static enum rc doctor(struct job_work *w, struct err *e)
{
    struct doctor d = {.a = w->a, .reader = w->reader, .now = w->now};
    const struct keep_print p = print_of(w);
    (void)e;
    doctor_run(&d);
    doctor_print(&d, &p);
    return RC_OK;
}

static const struct {
    const char *operation;
    enum data_class class;
    job_fn *fn;
} kinds[JOB__N] = {[JOB_AUDIT] = {"log.read", CLASS_SENSITIVE, audit},
                   [JOB_DOCTOR] = {"system.set", CLASS_INTERNAL, doctor}};

static enum rc look(struct ask *q, enum job_kind kind)
{
    static const char *const states[] = {[JOB_NONE] = "none",
                                         [JOB_RUNNING] = "running",
                                         [JOB_DONE] = "done",
                                         [JOB_FAILED] = "failed"};
    struct json j;
    struct job_look x;
    struct buf b;
    buf_init(&b, JOB_ANSWER_BYTES);
    jobs_look(q->s->jobs, kind, &x, &b);
    struct str answer = buf_move(q->a, &b);
    ask_json(q, &j);
    json_kv_cstr(&j, "state", states[x.state]);
    json_kv_cstr(&j, "by", x.by);
    moment_json(&j, "began", x.began);
    moment_json(&j, "ended", x.ended);
    json_kv_int(&j, "done", x.done);
    json_kv_int(&j, "of", x.of);
    json_kv_cstr(&j, "why", q->chinese ? x.why.primary_zh : x.why.primary_en);
    json_key(&j, "result");
    if (x.state == JOB_DONE) {
        json_raw(&j, answer);
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static enum rc may(struct ask *q, enum job_kind kind)
{
    return ask_may(q, kinds[kind].operation, STR(""), kinds[kind].class);
}

static enum rc begin(struct ask *q, enum job_kind kind)
{
    TRY(may(q, kind));
    TRY(jobs_start(q->s->jobs, kind, q->seat.actor, kinds[kind].fn, &q->e));
    return look(q, kind);
}

enum rc do_audit(struct ask *q)
{
    TRY(may(q, JOB_AUDIT));
    return look(q, JOB_AUDIT);
}

enum rc do_audit_begin(struct ask *q)
{
    return begin(q, JOB_AUDIT);
}

enum rc do_doctor(struct ask *q)
{
    TRY(may(q, JOB_DOCTOR));
    return look(q, JOB_DOCTOR);
}

enum rc do_doctor_begin(struct ask *q)
{
    return begin(q, JOB_DOCTOR);
}
