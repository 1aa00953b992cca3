/* SPDX-License-Identifier: Apache-2.0 */
/* Private to register_*.c. */
#ifndef APP_REGISTER_REGISTER_INT_H
#define APP_REGISTER_REGISTER_INT_H

#include "app/register/desk.h"
#include "app/report/report_int.h"

/* What one act records. */
struct register_record {
    VEC(struct store_expect) expects;
    VEC(struct store_parcel) parcels;
    VEC(struct edit) edits; /* rows and filings, made into parcels at the end */
};

/* A document of the commit, expected as seen. */
void record_doc(struct desk *d, struct register_record *r, struct str subject, int64_t seen,
                struct str body);
/* The document of a row of v, and its content unless `row` is NULL. */
void record_entry(struct desk *d, const struct register_view *v, struct register_record *r,
                  struct str id, int64_t seen, const struct entry_doc *doc,
                  const struct reg_row *row, enum row_status status);
/* Commits, expecting the register of v as it was read (RK1), and reads v anew. */
NODISCARD enum rc record_commit(struct desk *d, struct register_view *v, struct register_record *r,
                                const char *act, struct str note, struct err *e);
/* What a line does to its row, as a draft. */
NODISCARD enum rc record_line(struct desk *d, const struct register_view *v,
                              const struct register_line *x, struct register_record *r,
                              struct err *e);
/* Where the act on t has moved an offer: the documents by which those find it who may take it. */
NODISCARD enum rc record_offer(struct desk *d, const struct register_view *v,
                               struct register_record *r, const struct entry *t,
                               const struct entry_doc *after, struct err *e);
/* register_open, whoever asks. */
NODISCARD enum rc register_open_at(struct desk *d, uint32_t reg, uint32_t unit,
                                   struct register_view *out, struct err *e);
/* Rows, documents and head of v->unit at one moment. */
NODISCARD enum rc register_reload(struct desk *d, struct register_view *v, struct err *e);
/* RK3 */
NODISCARD enum rc register_allow(const struct desk *d, const struct register_view *v,
                                 const char *operation, struct str unit, struct err *e);
/* RC_CONFLICT: somebody was faster than what the actor has looked at. */
enum rc register_stale(const struct entry *t, int64_t seen, struct err *e);
const struct field *register_field(const struct desk *d, const struct register_view *v, uint32_t i);
struct str register_name(const struct desk *d, uint32_t reg);

/* The days on which a row stands: one, for what happened; none when last < first. */
struct row_days {
    struct date first, last;
};
struct row_days row_days(const struct reg_row *r);
/* Its known key as text; "": the register has none, or a part is blank. */
struct str row_key(const struct desk *d, const struct register_view *v, const struct reg_row *r);
/* All of it as text: equal rows give equal ones. */
struct str row_text_of(const struct desk *d, const struct register_view *v,
                       const struct reg_row *r);
/* The plan's checks over what n reviews carry, all of it as if accepted. untold: as
 * check_may_tell. */
NODISCARD enum rc register_judge(struct desk *d, const struct register_view *v,
                                 const struct register_review *s, uint32_t n,
                                 const struct period *period, bool untold,
                                 struct report_findings *found, struct err *e);

#endif
