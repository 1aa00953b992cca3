/* SPDX-License-Identifier: Apache-2.0 */
/* `tizhi serve --demo`: a generated region with people in it, made when it is not there yet. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include "http/setting.h"

struct session;

/*
 * Makes the book of the demonstration, or finds it, and sets what a service of it needs and nobody
 * has set: pack, book, demo, plain. 0, or the exit status with everything said.
 */
int demo_prepare(struct session *s, struct settings *t);

#endif
