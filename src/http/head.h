/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a request, looked at before its body is read. The library takes what two readers
 * could understand in two ways (that is how requests are smuggled past a proxy); here it is
 * refused: HD1 the body has a Content-Length, one, of digits; no Transfer-Encoding (411), no other
 * coding of the content (415: nothing is unpacked, so nothing can burst); HD2 names of headers are
 * tokens, values have no control characters; HD3 a header that is looked at comes once.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <microhttpd.h>

#include "http/message.h"

/* Fills in->header; 0, or the status of a refusal. */
int head_read(struct MHD_Connection *connection, uint32_t body_bytes, struct request *in);

#endif
