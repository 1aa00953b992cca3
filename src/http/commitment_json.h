/* SPDX-License-Identifier: Apache-2.0 */
/* What the plan says of a commitment: the members of the shape COMMITMENT_PAGE. */
#ifndef HTTP_COMMITMENT_JSON_H
#define HTTP_COMMITMENT_JSON_H

#include "http/ask.h"

/* In the object that j is in. The desk of the request has begun. */
void commitment_json(struct ask *q, struct json *j, uint32_t target);

#endif
