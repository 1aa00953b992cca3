/* SPDX-License-Identifier: Apache-2.0 */
/* Private to report_*.c. */
#ifndef APP_REPORT_REPORT_INT_H
#define APP_REPORT_REPORT_INT_H

#include "app/report/desk.h"
#include "model/edit.h"

struct json;
struct json_value;

/* A value as the book and the hash of a form have it: exact, choices by their text; "": blank. */
struct str cell_text(struct arena *a, const struct datum *d, const struct value *v);
/* The same for people and for CSV: in the declared unit. */
struct str cell_shown(struct arena *a, const struct datum *d, const struct value *v, bool chinese);
/* Members `type` and `choices`. */
void datum_type_json(const struct datum *d, struct json *j);
/* A form by id or name. RC_NOT_FOUND, told with the nearest one. */
NODISCARD enum rc plan_form(struct arena *a, const struct plan *p, struct str text, uint32_t *out,
                            struct err *e);
/* Index in round.items of `kind.item` or of a name that only one has; NONE. */
uint32_t round_item_of(const struct desk *d, const struct round_view *v, struct str text);
/* The last word about a thing; an empty one takes it back. */
void report_explain(const struct desk *d, struct report_notes *notes, struct str about,
                    struct str text);
/* "" of NULL. */
struct str report_note_text(const struct report_note *n);
/* A check of the plan by id or name; NONE. */
uint32_t report_check_named(const struct desk *d, struct str text);
/* RC_NOT_FOUND. The plan's form, items and population of a round. */
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

/* The documents of all rounds; within fn the reader is free. */
NODISCARD enum rc round_each(struct desk *d, store_parcel_fn *fn, void *ctx, struct err *e);
/* Units above on the day, the nearest first; of the root itself. */
NODISCARD enum rc desk_tiers(struct desk *d, uint32_t unit, const struct str **tiers, uint32_t *n,
                             struct err *e);

void found_add(const struct desk *d, struct report_findings *f, enum report_fault fault,
               struct str a, struct str b);
/* A document and its subject as parcel. */
/* store_commit, while the plan of the desk is in force. */
NODISCARD enum rc desk_commit(const struct desk *d, struct store_commit *c,
                              struct store_receipt *got, struct err *e);
struct store_parcel doc_parcel(struct str subject, struct str body);
/* A token that is the same for a retry and for nothing else. */
NODISCARD enum rc desk_token(const struct desk *d, const char *act, struct str subject,
                             int64_t seen, struct str body, struct str *out, struct err *e);
/* SM3 in hex. */
NODISCARD enum rc hex_sm3(struct arena *a, struct str text, struct str *out, struct err *e);
/* What stands against a submission, whoever asks. */
NODISCARD enum rc report_check_all(struct desk *d, const struct report *r,
                                   struct report_findings *found, struct err *e);
/* RE4: of the figures and what explains them. */
NODISCARD enum rc report_figures_hash(const struct desk *d, const struct report *r,
                                      const struct report_notes *explained, struct str *out,
                                      struct err *e);
/* How a submission is recorded: act, note, and another document with it (subject "": none). */
struct report_entry {
    const char *operation;
    struct str note;
    struct str token; /* "": one that fits */
    struct store_expect beside;
    struct str beside_body;
};
/* The submission and its figures as one commit; r is then as in the book. */
NODISCARD enum rc report_record(struct desk *d, struct report *r, const struct submission *after,
                                const struct report_entry *x, struct err *e);

/* A submission of another book (docs/internals/offline.md, 9). */
struct report_carried {
    struct submission doc;
    struct value *cells; /* as r->cells */
    struct str via;      /* the package that holds it */
    bool over;           /* over one that waits for its review */
    struct report_entry entry;
};
/*
 * Submitted here by the actor as if it had been reported directly, with the signatures it states.
 * RC_FINDINGS, RC_CONFLICT, RC_DENIED, RC_INPUT as report_do; r is then to be opened anew.
 */
NODISCARD enum rc report_carry(struct desk *d, struct report *r, const struct report_carried *c,
                               struct report_findings *found, struct err *e);
/* The book with the form's figures in the place of what it has for these cells. */
struct dataset *report_as_accepted(const struct desk *d, const struct report *r,
                                   const struct dataset *from);
/* The figures as facts with a status, for parcels and for checks. */
struct edit *report_facts(const struct desk *d, const struct report *r, enum row_status status);
/* Puts facts of a book in the order of D2; of several recorded on one day the last commit's stays.
 * Returns how many are left. */
uint32_t facts_by_version(struct fact *facts, uint32_t n);

/*
 * RD4. What would tell of sealed figures of other units is not judged at all: who fills in
 * could try figures until it holds. What is sealed or sensitive of the unit itself is told
 * to who may read it there, and (all) stands against a submission whoever submits.
 */
bool check_may_tell(const struct desk *d, uint32_t unit, const struct commitment *k,
                    const char *reading, bool all);
/* What a check says when it does not hold. */
struct str check_message(const struct desk *d, const struct commitment *k);

_Static_assert(EX__COUNT <= 64, "a set of operations is a word");
#define EXPR_OP(op) (UINT64_C(1) << EX_##op)
/* Literals, arithmetic, comparisons and logic. */
#define EXPR_PLAIN                                                                                 \
    (EXPR_OP(NUM) | EXPR_OP(BOOL) | EXPR_OP(CHOICE) | EXPR_OP(NEG) | EXPR_OP(NOT) | EXPR_OP(ADD) | \
     EXPR_OP(SUB) | EXPR_OP(MUL) | EXPR_OP(DIV) | EXPR_OP(AND) | EXPR_OP(OR) | EXPR_OP(GE) |       \
     EXPR_OP(LE) | EXPR_OP(GT) | EXPR_OP(LT) | EXPR_OP(EQ) | EXPR_OP(NE) | EXPR_OP(ABOUT) |        \
     EXPR_OP(BETWEEN) | EXPR_OP(IN) | EXPR_OP(IF))
/* It reads one of the items, also through indicators. */
bool expr_reads(const struct plan *p, uint32_t ix, const uint32_t *items, uint32_t n);
/* The expression uses no other operations. */
bool expr_made_of(const struct plan *p, uint32_t ix, uint64_t ops);

/* Parts of documents that others have too; false: damaged. */
void submission_put(struct json *j, const struct submission *s);
NODISCARD bool submission_get(struct arena *a, const struct json_value *v, struct submission *out);
NODISCARD bool report_mark_get(struct arena *a, const struct json_value *v,
                               struct report_mark *out);

#endif
