/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of packs that are sent share. */
#ifndef HTTP_DO_PACK_H
#define HTTP_DO_PACK_H

struct diags;
struct json;

/* Errors of a pack as the findings of a problem. ctx: a struct diags. */
void pack_findings_json(const void *ctx, struct json *j);

#endif
