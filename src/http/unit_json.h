/* SPDX-License-Identifier: Apache-2.0 */
/* A unit as answers show it. */
#ifndef HTTP_UNIT_JSON_H
#define HTTP_UNIT_JSON_H

#include <stdint.h>

struct ask;
struct json;

/* The unit at a place of the tree of today. */
void unit_json(struct ask *q, struct json *j, uint32_t place);

#endif
