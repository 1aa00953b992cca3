/* SPDX-License-Identifier: Apache-2.0 */
/* The command `draft`: a plan document in, a pack to be worked on out. */
#ifndef CLI_DRAFT_H
#define CLI_DRAFT_H

struct session;

int draft_command(struct session *s);

#endif
