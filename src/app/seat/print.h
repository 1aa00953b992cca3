/* SPDX-License-Identifier: Apache-2.0 */
/* Users, seats and rights as text for people and as JSON. */
#ifndef APP_SEAT_PRINT_H
#define APP_SEAT_PRINT_H

#include "app/seat/duty.h"
#include "app/seat/roster.h"

struct buf;

struct seat_print {
    struct arena *a;
    bool json, chinese;
    uint32_t width; /* of the terminal; 0: as wide as it gets */
    struct buf *out;
};

/* Those the caller may see, in order. */
void seat_print_users(const struct seat_print *p, const struct seat_user *users, uint32_t n);
/* Who holds what on the day. With several versions of one seat: its history, oldest first. */
void seat_print_seats(const struct seat_print *p, const struct seat *seats, uint32_t n,
                      struct date day);
void seat_print_tokens(const struct seat_print *p, const struct seat_token *tokens, uint32_t n);
/* The duties that were open when the seat was handed over. */
void seat_print_duties(const struct seat_print *p, const struct seat *s);
/* What is open, by due day. */
void seat_print_open(const struct seat_print *p, const struct desk *d, const struct duties *list);
void seat_print_reminders(const struct seat_print *p, const struct desk *d,
                          const struct reminders *list);
/* The table of rights: a row per operation and role. */
void seat_print_rights(const struct seat_print *p);
/* A name and a value: `password` and such. Rows of one answer. */
void seat_print_pairs(const struct seat_print *p, const struct str (*pairs)[2], uint32_t n);

#endif
