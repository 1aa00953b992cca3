/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and tokens of a user as answers, for himself and for who administers him. */
#ifndef HTTP_PROOF_JSON_H
#define HTTP_PROOF_JSON_H

#include "http/ask.h"

NODISCARD enum rc proof_sessions(struct ask *q, struct str user);
NODISCARD enum rc proof_tokens(struct ask *q, struct str user);

#endif
