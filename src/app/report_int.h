/* SPDX-License-Identifier: Apache-2.0 */
/* Private to report_*.c. */
#ifndef APP_REPORT_INT_H
#define APP_REPORT_INT_H

#include "app/report_desk.h"
#include "model/edit.h"

/* A value as the book and the hash of a form have it: exact, choices by their text; "": blank. */
struct str cell_text(struct arena *a, const struct datum *d, const struct value *v);
/* The same for people and for CSV: in the declared unit. */
struct str cell_shown(struct arena *a, const struct datum *d, const struct value *v, bool chinese);
/* Index in round.items of `kind.item` or of a name that only one has; NONE. */
uint32_t round_item_of(const struct desk *d, const struct round_view *v, struct str text);
/* RC_NOT_FOUND, told with the nearest one. The plan's form, items and population of a round. */
NODISCARD enum rc round_bind(struct desk *d, struct round_view *v, struct err *e);
/* The most closed one of its items; internal at least: a report under way is, however open its
 * figures will be. */
enum data_class round_class(const struct desk *d, const struct round_view *v);
/* The most closed one that is shown beyond the unit (RD4). */
enum data_class round_open_class(const struct desk *d, const struct round_view *v);
/* RD3, of round_class. */
NODISCARD enum rc desk_allow(const struct desk *d, const char *operation, struct str unit,
                             const struct round_view *v, struct err *e);
/* Units of a round on its due day. */
NODISCARD enum rc round_population(struct desk *d, const struct round *r, uint32_t of_kind,
                                   const uint32_t **units, uint32_t *n, struct err *e);

/* Its lines, whoever asks. */
NODISCARD enum rc round_all_lines(struct desk *d, const struct round_view *v,
                                  struct round_status *out, struct err *e);
/* The documents of all rounds; within fn the reader is free. */
NODISCARD enum rc round_each(struct desk *d, store_parcel_fn *fn, void *ctx, struct err *e);

void found_add(const struct desk *d, struct report_findings *f, enum report_fault fault,
               struct str a, struct str b);
/* A document and its subject as parcel. */
struct store_parcel doc_parcel(struct str subject, struct str body);
/* A token that is the same for a retry and for nothing else. */
NODISCARD enum rc desk_token(const struct desk *d, const char *act, struct str subject,
                             int64_t seen, struct str body, struct str *out, struct err *e);
/* SM3 in hex. */
NODISCARD enum rc hex_sm3(struct arena *a, struct str text, struct str *out, struct err *e);
/* What stands against a submission, whoever asks. */
NODISCARD enum rc report_check_all(struct desk *d, const struct report *r,
                                   struct report_findings *found, struct err *e);
/* The figures as facts with a status, for parcels and for checks. */
struct edit *report_facts(const struct desk *d, const struct report *r, enum row_status status);

#endif
