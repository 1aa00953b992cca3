/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From commits to events: what a step of the follower has changed, where, and what kind of work it
 * was. Belongs to the follower's thread.
 */
#ifndef HTTP_HAPPEN_H
#define HTTP_HAPPEN_H

#include "app/standing/standing.h"
#include "base/attr.h"
#include "base/rc.h"

struct err;
struct happen; /* opaque */
struct service;

NODISCARD enum rc happen_open(struct service *s, struct happen **out, struct err *e);
/* h may be NULL. */
void happen_close(struct happen *h);
/* Puts what the commits from..step->seq have done into s->events. When the book cannot be read it
 * is said that something has happened everywhere. */
void happen_step(struct happen *h, const struct standing_step *step, int64_t from);
/* Another plan is in force, and everything may be otherwise, up to commit seq. */
void happen_anew(struct happen *h, int64_t seq);

#endif
