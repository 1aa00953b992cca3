/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: begun by POST, looked at by GET, cancelled by DELETE. */
#include "http/do/job.h"

#include "app/keep/doctor.h"
#include "app/keep/keep.h"
#include "app/question/question.h"
#include "app/seat/port.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/people.h"

/* ---- what they do --------------------------------------------------------------------------- */

static struct keep_print print_of(struct job_work *w)
{
    return (struct keep_print){.json = true, .out = w->out};
}

static enum rc audit(struct job_work *w, struct err *e)
{
    struct keep_audit x;
    const struct keep_print p = print_of(w);
    const struct audit_options o = {.progress = &w->progress};
    TRY(keep_audit(w->a, w->reader, &o, &x, e));
    keep_audit_print(w->a, &x, false, &p);
    return RC_OK;
}

/* Without the plan: the service has read the book by it, and a second copy of a region is large. */
static enum rc doctor(struct job_work *w, struct err *e)
{
    struct doctor d = {.a = w->a, .reader = w->reader, .now = w->now, .progress = &w->progress};
    const struct keep_print p = print_of(w);
    doctor_run(&d);
    if (d.cancelled) {
        return err_set(e, RC_CANCELLED, "cancelled", "已取消");
    }
    doctor_print(&d, &p);
    return RC_OK;
}

/* Whether he may was asked when it began. */
static bool was_asked(void *ctx, struct str actor, const char *operation, struct str unit,
                      enum data_class class_)
{
    (void)ctx, (void)actor, (void)operation, (void)unit, (void)class_;
    return true;
}

static enum rc ask_in(struct job_work *w, const struct hall *hall, struct err *e)
{
    struct json j;
    struct question_run run;
    uint32_t within = NONE;
    struct desk_eye eye;
    const struct pack *pack = w->hand->footing->pack;
    struct desk d = {.a = w->a,
                     .store = w->hand->s->store,
                     .reader = w->reader,
                     .plan = pack->plan,
                     .plan_seen = pack->seen,
                     .actor = str_cat(w->a, STR(SEAT_USER_PREFIX), w->by),
                     .today = hall->roster.day,
                     .may = was_asked,
                     .tree = hall->tree,
                     .eye = &eye,
                     .snap = hall->roster.snap};
    hand_eye(w->hand, &eye);
    TRY(desk_open(&d, e));
    TRY(w->unit.n > 0 ? desk_unit(&d, w->unit, &within, e) : RC_OK);
    TRY(question_ask(&d, within, &w->progress, &run, e));
    json_init(&j, w->out, false);
    json_obj_begin(&j);
    json_kv_int(&j, "asked", run.asked);
    json_kv_int(&j, "again", run.again);
    json_kv_int(&j, "settled", run.settled);
    json_kv_int(&j, "left", run.left);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

struct asking_in {
    struct job_work *w;
    const struct hall *hall;
    struct err *e;
    enum rc rc;
};

static void run_in_hall(void *ctx)
{
    struct asking_in *x = ctx;
    x->rc = ask_in(x->w, x->hall, x->e);
}

static enum rc questions(struct job_work *w, struct err *e)
{
    struct halls *halls = w->hand->footing->halls;
    struct asking_in x = {.w = w, .e = e};
    TRY(halls_enter(halls, service_seq(w->hand->s), &x.hall, e));
    enum rc rc = arena_run_two(&w->hand->kept, w->a, run_in_hall, &x); /* so that it is left */
    halls_leave(halls, x.hall);
    return rc == RC_OK ? x.rc : err_set(e, RC_LIMIT, "too much to look at", "数据过多，无法查看");
}

static const struct {
    const char *operation;
    enum data_class class;
    job_fn *fn;
} kinds[JOB__N] = {[JOB_AUDIT] = {"log.read", CLASS_SENSITIVE, audit},
                   [JOB_DOCTOR] = {"system.set", CLASS_INTERNAL, doctor},
                   [JOB_QUESTIONS] = {"question.ask", CLASS_INTERNAL, questions},
                   [JOB_EFFECT] = {"plan.adopt", CLASS_INTERNAL, job_effect}};

/* ---- begun, looked at, cancelled ------------------------------------------------------------ */

static void look_json(struct ask *q, const struct job_look *x, struct str answer)
{
    static const char *const states[] = {[JOB_NONE] = "none",
                                         [JOB_RUNNING] = "running",
                                         [JOB_DONE] = "done",
                                         [JOB_FAILED] = "failed",
                                         [JOB_CANCELLED] = "cancelled"};
    struct json j;
    ask_json(q, &j);
    json_kv_cstr(&j, "state", states[x->state]);
    json_kv_cstr(&j, "by", x->by);
    json_kv_str(&j, "by_name", people_name(q, str_from_cstr(x->by)));
    json_kv_cstr(&j, "unit", x->unit);
    ask_moment(&j, "began", x->began);
    ask_moment(&j, "ended", x->ended);
    json_kv_cstr(&j, "counted", progress_name(x->counted));
    json_kv_int(&j, "done", x->done);
    json_kv_int(&j, "of", x->of);
    json_kv_cstr(&j, "why", q->chinese ? x->why.primary_zh : x->why.primary_en);
    json_key(&j, "result");
    if (x->state == JOB_DONE) {
        json_raw(&j, answer);
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
}

/* Of a unit the job that was begun for it, everywhere any: others' are nobody's matter. */
static bool concerns(const struct job_look *x, struct str unit)
{
    return unit.n == 0 || str_eq(str_from_cstr(x->unit), unit);
}

static enum rc look(struct ask *q, enum job_kind kind, struct str unit)
{
    static const struct job_look nothing = {.state = JOB_NONE};
    struct job_look x;
    struct buf b;
    buf_init(&b, JOB_ANSWER_BYTES);
    jobs_look(q->s->jobs, kind, &x, &b);
    struct str answer = buf_move(q->a, &b);
    look_json(q, concerns(&x, unit) ? &x : &nothing, answer);
    return RC_OK;
}

enum rc job_begin(struct ask *q, enum job_kind kind, struct str unit)
{
    TRY(ask_may(q, kinds[kind].operation, unit, kinds[kind].class));
    const struct job_order o = {
        .by = q->seat.actor, .unit = unit, .sent = q->in->body, .fn = kinds[kind].fn};
    TRY(jobs_start(q->s->jobs, kind, &o, &q->e));
    return look(q, kind, unit);
}

enum rc job_see(struct ask *q, enum job_kind kind, struct str unit)
{
    TRY(ask_may(q, kinds[kind].operation, unit, kinds[kind].class));
    return look(q, kind, unit);
}

enum rc job_cancel(struct ask *q, enum job_kind kind, struct str unit)
{
    struct job_look x;
    struct buf b;
    TRY(ask_may(q, kinds[kind].operation, unit, kinds[kind].class));
    buf_init(&b, JOB_ANSWER_BYTES);
    jobs_look(q->s->jobs, kind, &x, &b);
    buf_release(&b);
    if (concerns(&x, unit)) {
        jobs_cancel(q->s->jobs, kind);
    }
    return look(q, kind, unit);
}

enum rc do_audit(struct ask *q)
{
    return job_see(q, JOB_AUDIT, STR(""));
}

enum rc do_audit_begin(struct ask *q)
{
    return job_begin(q, JOB_AUDIT, STR(""));
}

enum rc do_audit_cancel(struct ask *q)
{
    return job_cancel(q, JOB_AUDIT, STR(""));
}

enum rc do_doctor(struct ask *q)
{
    return job_see(q, JOB_DOCTOR, STR(""));
}

enum rc do_doctor_begin(struct ask *q)
{
    return job_begin(q, JOB_DOCTOR, STR(""));
}

enum rc do_doctor_cancel(struct ask *q)
{
    return job_cancel(q, JOB_DOCTOR, STR(""));
}

/* Where; of a name its code. "": everywhere. */
static enum rc code_of(struct ask *q, struct str text, struct str *code)
{
    struct desk d;
    uint32_t unit = 0;
    *code = STR("");
    if (text.n == 0) {
        return RC_OK;
    }
    TRY(ask_desk(q, &d));
    TRY(desk_unit(&d, text, &unit, &q->e));
    *code = desk_code(&d, unit);
    return RC_OK;
}

enum rc do_question_run(struct ask *q)
{
    struct str unit;
    TRY(code_of(q, ask_text(q, "unit"), &unit));
    return job_see(q, JOB_QUESTIONS, unit);
}

enum rc do_question_run_begin(struct ask *q)
{
    struct str unit;
    TRY(code_of(q, ask_member(q, "unit"), &unit));
    return job_begin(q, JOB_QUESTIONS, unit);
}

enum rc do_question_run_cancel(struct ask *q)
{
    struct str unit;
    TRY(code_of(q, ask_text(q, "unit"), &unit));
    return job_cancel(q, JOB_QUESTIONS, unit);
}
