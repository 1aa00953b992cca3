/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as a living text, and proofs of figures in other texts. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

struct session;

int text_command(struct session *s);
int prove_command(struct session *s);

#endif
