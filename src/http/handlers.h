/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers of route.def; what each does is said there. */
#ifndef HTTP_HANDLERS_H
#define HTTP_HANDLERS_H

#include "http/route.h"

#define ROUTE(name, verb, path, rights, body, answer, handler, en, zh) route_handler handler;
#include "http/table/route.def"

#endif
