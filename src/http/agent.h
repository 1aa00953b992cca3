/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What asks, in two words: `Firefox/Windows`. Of a header `User-Agent` nothing else is kept: it
 * tells persons apart, and may hold anything.
 */
#ifndef HTTP_AGENT_H
#define HTTP_AGENT_H

#include "base/str.h"

struct arena;

/* "?" for what is not known. */
struct str agent_of(struct arena *a, struct str user_agent);

#endif
