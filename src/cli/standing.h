/* SPDX-License-Identifier: Apache-2.0 */
/* eval and explain on a book of record, and book follow. */
#ifndef CLI_STANDING_H
#define CLI_STANDING_H

struct session;

/* The plan, the login, and the facts of --book as --commit, --pending and --as-of ask for them, in
 * place of tables; 0, or the exit status. */
int standing_pack(struct session *s);
/* Of the verdicts judged only those that whoever asks may read; 0, or the exit status. */
int standing_keep(struct session *s);
int standing_follow_command(struct session *s);

#endif
