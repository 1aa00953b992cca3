/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that do jobs from a bounded queue, each with a hand of its own.
 *
 * Invariants
 *   CR1 A job that crew_put has taken is done, also when the crew is being stopped.
 *   CR2 A full queue refuses at once: whoever comes too late shall not wait in vain.
 */
#ifndef HTTP_CREW_H
#define HTTP_CREW_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "http/service.h"

struct crew; /* opaque */

/* Done by one of the threads; job is what was put. */
typedef void crew_fn(struct hand *h, void *job);

struct crew_size {
    uint32_t threads, queue;
    size_t bytes; /* for one job */
};
/* In the arena of the service. */
NODISCARD enum rc crew_start(struct service *s, const struct crew_size *size, crew_fn *fn,
                             struct crew **out, struct err *e);
/* Any thread. false: the queue is full, or the crew stops. */
NODISCARD bool crew_put(struct crew *c, void *job);
/* Waits for all jobs. c may be NULL. */
void crew_stop(struct crew *c);

#endif
