/* SPDX-License-Identifier: Apache-2.0 */
/* From the names of acts to the table of rights. */
#include "app/seat/port.h"

#include <string.h>

static const struct {
    const char *act;
    enum seat_op op;
} port[] = {
#define PORT(act, op) {act, OP_##op},
#include "app/seat/port.def"
};

#define N_PORT (sizeof port / sizeof port[0])

struct str seat_port_actor(const struct seat_desk *d)
{
    return str_cat(d->a, STR(SEAT_USER_PREFIX), d->actor);
}

bool seat_port_knows(const char *operation)
{
    uint32_t i = 0;
    while (i < N_PORT && strcmp(port[i].act, operation) != 0) {
        i++;
    }
    return i < N_PORT;
}

bool seat_port_may(void *ctx, struct str actor, const char *operation, struct str unit,
                   enum data_class class_)
{
    const struct seat_desk *d = ctx;
    bool himself = d->actor.n > 0 && str_eq(actor, seat_port_actor(d)); /* PO2 */
    for (uint32_t i = 0; himself && i < N_PORT; i++) {
        if (strcmp(port[i].act, operation) == 0 && seat_desk_may(d, port[i].op, unit, class_)) {
            return true;
        }
    }
    return false;
}
