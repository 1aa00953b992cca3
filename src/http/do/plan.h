/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers that tell of the plan share. */
#ifndef HTTP_DO_PLAN_H
#define HTTP_DO_PLAN_H

struct json;
struct plan;

/* The member `clauses`: codes and where they stand. */
void plan_clauses_json(const struct plan *p, struct json *j);

#endif
