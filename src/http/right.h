/* SPDX-License-Identifier: Apache-2.0 */
/* Rights that are asked for before anything is said about what they are for. */
#ifndef HTTP_RIGHT_H
#define HTTP_RIGHT_H

#include "http/ask.h"

/* Any of the operations (blanks between them) at the unit, or (above) also at one above it: where
 * it is decided is found out later, and asked about again. */
struct right {
    const char *operations;
    bool above;
};
/* RC_DENIED. */
NODISCARD enum rc right_ask(struct ask *q, struct right right, struct str unit,
                            enum data_class class_);

#endif
