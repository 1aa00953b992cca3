/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file in which a session's token lies: one line, `USER TOKEN`.
 *
 * Invariants
 *   TF1 It is written so that its owner alone may read it (mode 0600), whole or not at all.
 *   TF2 It is not read when somebody else owns it or may read it, through a symbolic link, or when
 *       it is anything but that one line.
 */
#ifndef CLI_TOKEN_H
#define CLI_TOKEN_H

#include "app/seat/session.h"

struct token {
    struct str user, secret;
};

/* Below $XDG_STATE_HOME or ~/.local/state; makes the folder. RC_INPUT: neither is known. */
NODISCARD enum rc token_path(struct arena *a, struct str book, const char **path, struct err *e);
NODISCARD enum rc token_write(struct arena *a, const char *path, const struct token *t,
                              struct err *e);
/* RC_NOT_FOUND; RC_DENIED: others may read it; RC_INPUT: it is no such file. Texts in a. */
NODISCARD enum rc token_read(struct arena *a, const char *path, struct token *out, struct err *e);
NODISCARD enum rc token_remove(const char *path, struct err *e);

#endif
