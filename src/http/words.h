/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words that answers use for states, roles and the like, with their texts for people: part of
 * the OpenAPI file (`x-words`), so that a face need not say them a second time.
 */
#ifndef HTTP_WORDS_H
#define HTTP_WORDS_H

struct json;

/* The member `x-words` of an object: per set, word -> [Chinese, English]. */
void words_json(struct json *j);

#endif
