/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of packs that are sent share. */
#ifndef HTTP_DO_PACK_H
#define HTTP_DO_PACK_H

#include "base/attr.h"
#include "base/rc.h"

struct arena;
struct ask;
struct diags;
struct err;
struct json;
struct json_value;
struct pack;

/* The files of a body of shape PACK. RC_INPUT with diagnostics in out: it is no plan. */
NODISCARD enum rc pack_read(struct arena *a, const struct json_value *body, struct pack *out,
                            struct err *e);
/* Errors of a pack as the findings of a problem. ctx: a struct diags. */
void pack_findings_json(const void *ctx, struct json *j);
/* The problem (422) of a pack that is no plan. */
NODISCARD enum rc pack_no_plan(struct ask *q, const struct pack *p);

#endif
