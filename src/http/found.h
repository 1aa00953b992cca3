/* SPDX-License-Identifier: Apache-2.0 */
/* What of a table cannot be taken, as the `findings` of a problem. */
#ifndef HTTP_FOUND_H
#define HTTP_FOUND_H

#include "http/ask.h"

/* RC_INPUT, with the values of a table that cannot be taken, and what stands against it. */
NODISCARD enum rc ask_refuse_table(struct ask *q, const struct problems *problems,
                                   const struct report_findings *found);

#endif
