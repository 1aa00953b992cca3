/* SPDX-License-Identifier: Apache-2.0 */
/* Those who look at the cells keep the follower from changing them; it comes first. */
#include <time.h>

#include "app/standing/standing_int.h"
#include "base/err.h"

#define PATIENCE_S 2 /* a commit takes milliseconds */

void looks_init(struct looks *k)
{
    *k = (struct looks){0};
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_cond_init(&k->turned, NULL);
}

void looks_release(struct looks *k)
{
    (void)pthread_cond_destroy(&k->turned);
    (void)pthread_mutex_destroy(&k->lock);
}

void looks_shut(struct looks *k)
{
    (void)pthread_mutex_lock(&k->lock);
    k->shut = true;
    while (k->n > 0) {
        (void)pthread_cond_wait(&k->turned, &k->lock);
    }
    (void)pthread_mutex_unlock(&k->lock);
}

void looks_open(struct looks *k)
{
    (void)pthread_mutex_lock(&k->lock);
    k->shut = false;
    (void)pthread_cond_broadcast(&k->turned);
    (void)pthread_mutex_unlock(&k->lock);
}

enum rc standing_look(struct standing *s, struct err *e)
{
    struct looks *k = &s->looks;
    struct timespec until = {0};
    int late = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    (void)pthread_mutex_lock(&k->lock);
    while (k->shut && late == 0) {
        late = pthread_cond_timedwait(&k->turned, &k->lock, &until);
    }
    bool in = !k->shut;
    k->n += in;
    (void)pthread_mutex_unlock(&k->lock);
    return in ? RC_OK
              : err_set(e, RC_BUSY, "commits are being judged", "正在判定新的提交，请稍后再试");
}

void standing_look_away(struct standing *s)
{
    struct looks *k = &s->looks;
    (void)pthread_mutex_lock(&k->lock);
    k->n--;
    (void)pthread_cond_broadcast(&k->turned);
    (void)pthread_mutex_unlock(&k->lock);
}
