/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers about users, seats and units share: a second administrator, names, days. */
#ifndef HTTP_PEOPLE_H
#define HTTP_PEOPLE_H

#include "http/ask.h"
#include "http/page.h"

/*
 * Where the body has a member `second`, he logs in beside the actor (people.md, 33). RC_DENIED: he
 * is not let in. What it is wanted for decides whether it is wanted at all.
 */
NODISCARD enum rc people_second(struct ask *q);
/* "" where there is none today. "" is the root. */
struct str people_unit_name(const struct ask *q, struct str code);
struct str people_name(const struct ask *q, struct str user);
/* Of who did something, as commits name him (`user/ID`); "": a program did. */
struct str people_actor_name(const struct ask *q, struct str actor);
/* The members actor and actor_name. */
void people_actor_json(const struct ask *q, struct str actor, struct json *j);
/* The unit at which a right is asked for: where it does not stand, the root, so that who may over
 * all is told that there is none. */
struct str people_place(const struct ask *q, struct str unit);
/* The member `seats`: those the user holds today, and what each may. */
void people_seats_json(const struct ask *q, struct json *j, struct str user);
/* Whether any row is shown: of a list without a place, that is right enough. */
bool people_sees(const struct page_list *list);
/* A day of the body, or `otherwise`. */
struct date people_day(const struct ask *q, const char *member, struct date otherwise);
/* Whether the unit is `under` or below it; "": any unit is. */
bool people_is_under(const struct ask *q, struct str unit, struct str under);

#endif
