/* SPDX-License-Identifier: Apache-2.0 */
/* The effect of a pack, a job: the book judged by it beside the plan in force (adopting.md, 7). */
#include "app/adopt/adopt.h"
#include "app/offline/offline.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/do/job.h"
#include "http/do/pack.h"
#include "http/handlers.h"

/* What the hand holds beside its arena goes when the job is over (hand_rest). */
static enum rc judge(struct job_work *w, const struct plan *next, struct adopt_effect *out,
                     struct err *e)
{
    struct hand *h = w->hand;
    const struct footing *f = h->footing;
    out->seq = standing_pin(f->standing, h->live);
    out->day = standing_day(f->standing);
    const struct standing_options o = {.plan = next,
                                       .store = h->s->store,
                                       .day = out->day,
                                       .upto = out->seq,
                                       .limit = h->s->o.memory,
                                       .progress = &w->progress};
    TRY(standing_open(&o, &h->trial, e));
    h->trial_live = live_reader(standing_live(h->trial));
    (void)live_pin(h->trial_live);
    const struct adopt_side sides[2] = {{f->pack->plan, h->live}, {next, h->trial_live}};
    adopt_effect(w->a, sides, out);
    return RC_OK;
}

enum rc job_effect(struct job_work *w, struct err *e)
{
    struct json j;
    struct str digest;
    struct adopt_effect effect;
    struct pack *next = ARENA_NEW(w->a, struct pack);
    TRY(pack_read(w->a, json_read(w->a, w->sent), next, e));
    TRY(offline_plan(w->a, next->lang.sources, &digest, e));
    TRY(judge(w, next->plan, &effect, e));
    json_init(&j, w->out, false);
    json_obj_begin(&j);
    json_kv_str(&j, "digest", digest);
    json_kv_str(&j, "plan", next->plan->id);
    json_kv_str(&j, "name", next->plan->name);
    json_kv_str(&j, "in_force", w->hand->footing->digest);
    adopt_effect_members(&effect, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_effect(struct ask *q)
{
    return job_see(q, JOB_EFFECT, STR(""));
}

/* What is wrong with the pack is told before anything begins. */
enum rc do_effect_begin(struct ask *q)
{
    struct pack *next = ARENA_NEW(q->a, struct pack);
    TRY(ask_may(q, "plan.adopt", STR(""), CLASS_INTERNAL));
    q->at = STR("/files");
    enum rc rc = pack_read(q->a, q->body, next, &q->e);
    if (rc == RC_INPUT && next->diags.n_errors > 0) {
        return pack_no_plan(q, next);
    }
    TRY(rc);
    return job_begin(q, JOB_EFFECT, STR(""));
}

enum rc do_effect_cancel(struct ask *q)
{
    return job_cancel(q, JOB_EFFECT, STR(""));
}
