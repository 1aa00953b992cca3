/* SPDX-License-Identifier: Apache-2.0 */
/* A place for each kind of job, under one lock. */
#include "http/job.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "http/service.h"

#define JOB_SENT_BYTES (64U << 20)

struct job {
    struct jobs *jobs;
    enum job_kind kind;
    pthread_t thread;
    bool threaded; /* to be joined */
    enum job_state state;
    bool cancelled; /* it shall stop */
    enum progress_counts counted;
    int64_t began, ended, done, of;
    char by[JOB_USER_BYTES], unit[JOB_UNIT_BYTES];
    job_fn *fn;
    struct buf sent, answer;
    struct err why;
};

struct jobs {
    struct service *s;
    pthread_mutex_t lock; /* of all jobs */
    struct job at[JOB__N];
};

struct jobs *jobs_open(struct arena *a, struct service *s)
{
    struct jobs *j = ARENA_NEW(a, struct jobs);
    *j = (struct jobs){.s = s};
    (void)pthread_mutex_init(&j->lock, NULL);
    for (uint32_t i = 0; i < JOB__N; i++) {
        j->at[i] = (struct job){.jobs = j, .kind = (enum job_kind)i};
        buf_init(&j->at[i].sent, JOB_SENT_BYTES);
        buf_init(&j->at[i].answer, JOB_ANSWER_BYTES);
    }
    return j;
}

void jobs_close(struct jobs *j)
{
    for (uint32_t i = 0; j != NULL && i < JOB__N; i++) {
        jobs_cancel(j, (enum job_kind)i);
        if (j->at[i].threaded) {
            (void)pthread_join(j->at[i].thread, NULL);
        }
        buf_release(&j->at[i].sent);
        buf_release(&j->at[i].answer);
    }
    if (j != NULL) {
        (void)pthread_mutex_destroy(&j->lock);
    }
}

/* ---- at work -------------------------------------------------------------------------------- */

struct doing {
    struct job *job;
    struct job_work w;
    struct err e;
    enum rc rc;
};

static void work(void *ctx)
{
    struct doing *d = ctx;
    d->rc = d->job->fn(&d->w, &d->e);
}

/* JB3 */
static bool hear(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    struct job_work *w = ctx;
    struct job *job = &w->jobs->at[w->kind];
    (void)pthread_mutex_lock(&w->jobs->lock);
    job->counted = counted;
    job->done = done;
    job->of = of;
    bool goes_on = !job->cancelled;
    (void)pthread_mutex_unlock(&w->jobs->lock);
    return goes_on;
}

static enum rc do_work(struct doing *d, struct hand *h, struct buf *out)
{
    struct job *job = d->job;
    d->w = (struct job_work){.jobs = job->jobs,
                             .kind = job->kind,
                             .by = str_from_cstr(job->by),
                             .unit = str_from_cstr(job->unit),
                             .sent = buf_view(&job->sent),
                             .hand = h,
                             .a = &h->a,
                             .reader = h->reader,
                             .now = service_now(),
                             .progress = {hear, &d->w},
                             .out = out};
    enum rc rc = arena_run_two(&h->kept, &h->a, work, d);
    return rc == RC_OK ? d->rc : err_set(&d->e, rc, "the answer is too large", "结果过大");
}

static void end(struct job *job, enum rc rc, const struct err *why, const struct buf *out)
{
    (void)pthread_mutex_lock(&job->jobs->lock);
    bool done = rc == RC_OK && !out->overflow;
    job->state = done ? JOB_DONE : rc == RC_CANCELLED ? JOB_CANCELLED : JOB_FAILED;
    job->done = done ? job->of : job->done;
    job->why = *why;
    job->ended = service_now();
    buf_release(&job->sent);
    buf_init(&job->sent, JOB_SENT_BYTES);
    buf_str(&job->answer, buf_view(out));
    (void)pthread_mutex_unlock(&job->jobs->lock);
}

static void *run(void *ctx)
{
    struct job *job = ctx;
    struct doing d = {.job = job};
    struct hand h;
    struct buf out;
    buf_init(&out, JOB_ANSWER_BYTES);
    enum rc rc = hand_open(job->jobs->s, JOB_BYTES, &h, &d.e);
    rc = rc == RC_OK ? hand_stand(&h, &d.e) : rc;
    rc = rc == RC_OK ? do_work(&d, &h, &out) : rc;
    hand_leave(&h);
    hand_close(&h);
    end(job, rc, &d.e, &out);
    buf_release(&out);
    return NULL;
}

/* ---- from outside --------------------------------------------------------------------------- */

static enum rc start(struct job *job, const struct job_order *o, struct err *e)
{
    if (job->state == JOB_RUNNING) {
        enum rc rc = err_set(e, RC_CONFLICT, "one is at work already", "已有一项正在进行");
        err_hint(e, "Look how far it is, and begin again when it is over.",
                 "请查看其进度，完成后再开始。");
        return rc;
    }
    if (job->threaded) { /* it is over */
        (void)pthread_join(job->thread, NULL);
    }
    buf_clear(&job->answer);
    buf_clear(&job->sent);
    buf_str(&job->sent, o->sent);
    job->state = JOB_RUNNING;
    job->cancelled = false;
    job->fn = o->fn;
    job->began = service_now();
    job->ended = job->done = job->of = 0;
    job->counted = PROGRESS_NOTHING;
    (void)snprintf(job->by, sizeof job->by, "%.*s", PS(o->by));
    (void)snprintf(job->unit, sizeof job->unit, "%.*s", PS(o->unit));
    job->threaded = pthread_create(&job->thread, NULL, run, job) == 0;
    if (job->threaded) {
        return RC_OK;
    }
    job->state = JOB_NONE;
    return err_set(e, RC_NO_MEMORY, "no thread for this", "无法创建线程");
}

enum rc jobs_start(struct jobs *j, enum job_kind kind, const struct job_order *o, struct err *e)
{
    (void)pthread_mutex_lock(&j->lock);
    enum rc rc = start(&j->at[kind], o, e);
    (void)pthread_mutex_unlock(&j->lock);
    return rc;
}

void jobs_cancel(struct jobs *j, enum job_kind kind)
{
    (void)pthread_mutex_lock(&j->lock);
    j->at[kind].cancelled = true;
    (void)pthread_mutex_unlock(&j->lock);
}

void jobs_look(struct jobs *j, enum job_kind kind, struct job_look *out, struct buf *answer)
{
    struct job *job = &j->at[kind];
    (void)pthread_mutex_lock(&j->lock);
    *out = (struct job_look){.state = job->state,
                             .began = job->began,
                             .ended = job->ended,
                             .counted = job->counted,
                             .done = job->done,
                             .of = job->of,
                             .why = job->why};
    memcpy(out->by, job->by, sizeof out->by);
    memcpy(out->unit, job->unit, sizeof out->unit);
    buf_str(answer, buf_view(&job->answer));
    (void)pthread_mutex_unlock(&j->lock);
}
