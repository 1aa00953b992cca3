/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of rounds, reports and reviews share. */
#ifndef HTTP_DO_REPORT_H
#define HTTP_DO_REPORT_H

#include "app/report/desk.h"
#include "http/ask.h"

/* The report that the words of the path name: round, unit. */
NODISCARD enum rc ask_report(struct ask *q, struct desk *d, struct report *r);
/* Where it stands after an act. */
NODISCARD enum rc answer_standing(struct ask *q, const struct desk *d, const struct report *r);
struct page;
/* The cells of a report in a list: where it stands. */
void page_round_line(const struct desk *d, const struct round_view *v, const struct round_line *x,
                     struct page *p);
/* RC_FINDINGS, with what stands against it. */
NODISCARD enum rc ask_refuse_found(struct ask *q, const struct report_findings *found);

#endif
