/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as a living text. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

struct session;

int text_command(struct session *s);

#endif
