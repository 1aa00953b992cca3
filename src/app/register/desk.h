/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers at the desk: what a unit does with its rows, and who reviews them, on a book.
 *
 *     TRY(register_open(&d, STR("培训班"), STR("S1"), &v, e));
 *     TRY(register_read_csv(&d, &v, "rows.csv", words, &lines, &problems, &found, e));
 *     TRY(register_keep(&d, &v, &lines, &found, e));               // drafts, in one commit
 *     TRY(register_file(&d, &v, ACT_SUBMIT, how, &found, e));      // to the tier above
 *
 * Invariants
 *   RK1 Every act is one commit that expects the register of the owner as it was read: of two that
 *       read the same, one is recorded.
 *   RK2 Rows are accepted in the commit that accepts their review, and a filing with its statement.
 *   RK3 Nothing is done that desk.may has not allowed, by the class of the register.
 *   RK4 Of one owner, two rows with the same known key do not stand on the same day.
 * Ownership: everything in desk.a.
 */
#ifndef APP_REGISTER_DESK_H
#define APP_REGISTER_DESK_H

#include "app/register/register.h"
#include "app/report/desk.h"
#include "base/map.h"

#define REGISTER_ROWS_MAX   20000U /* of one owner */
#define REGISTER_ID_BYTES   100U
#define REGISTER_TEXT_BYTES 1000U /* of a field */

struct entry {
    struct str id;
    struct entry_doc doc;
    int64_t seen;           /* commit of its document; 0: it came from a table */
    struct reg_row stands;  /* what counts, while doc.stands > 0 */
    struct reg_row pending; /* what is proposed, while the state is pending */
};

struct register_view {
    uint32_t reg, unit;
    enum data_class class_; /* register_class */
    struct register_how how;
    VEC(struct entry) rows; /* in order of their ids */
    struct map index;       /* id -> row */
    uint32_t unnamed;       /* rows of tables without an id: they count, nobody can change them */
    int64_t touched;        /* last commit of an act on it */
};

/* RC_NOT_FOUND, with the nearest. */
NODISCARD enum rc register_find(struct desk *d, struct str name, uint32_t *reg, struct err *e);
/* As the issuer has set it, else as the plan implies. */
NODISCARD enum rc register_how_of(struct desk *d, uint32_t reg, struct register_how *out,
                                  struct err *e);
NODISCARD enum rc register_set(struct desk *d, uint32_t reg, bool by_row, uint32_t signatures,
                               struct err *e);
/* The highest of its fields; internal at least, since drafts are, however open they will be. */
enum data_class register_class(const struct plan *p, uint32_t reg);

/* RC_INPUT: the unit is no owner of such rows. */
NODISCARD enum rc register_open(struct desk *d, struct str name, struct str unit,
                                struct register_view *out, struct err *e);
/* RC_NOT_FOUND. */
NODISCARD enum rc register_entry(const struct register_view *v, struct str id, uint32_t *ix,
                                 struct err *e);
/* The row as it is, or would be: what is proposed, else what stands; NULL: neither. */
const struct reg_row *entry_row(const struct entry *t);

/* ---- keeping rows --------------------------------------------------------------------------- */

enum register_sort {
#define SORT(name, text, en, zh) LINE_##name,
#include "app/register/register.def"
    LINE__SORTS
};

/* What is to be done with one row. */
struct register_line {
    enum register_sort sort;
    enum entry_act_kind act;
    uint32_t entry; /* NONE: new */
    struct str id;
    struct reg_row row; /* the content after it */
    struct str cause, before, after, to;
    struct date from;
    uint32_t line; /* of the table; 0: none */
};
struct register_lines {
    VEC(struct register_line) list;
    uint32_t of[LINE__SORTS];
};

/* What a person adds to an act. */
struct register_words {
    struct str id; /* of the one row that is meant; "": as the table says */
    bool fresh;    /* which must not be there yet */
    struct str cause;
    struct str to; /* OFFER: a unit */
    struct date
        day;      /* END, OFFER; CHANGE: from then on; tables: what they lack ends. DATE_MIN: no */
    int64_t seen; /* commit of the row that was looked at, or REPORT_JUST_READ */
};

/*
 * A table over what is there. RC_INPUT: see problems and found; nothing of it can be kept. The
 * others read bytes, name is for messages; the last one is about one row (w.id, w.fresh).
 */
NODISCARD enum rc register_read_csv(struct desk *d, const struct register_view *v, const char *path,
                                    struct register_words w, struct register_lines *out,
                                    struct problems *problems, struct report_findings *found,
                                    struct err *e);
NODISCARD enum rc register_read_table(struct desk *d, const struct register_view *v,
                                      const char *name, struct str text, struct register_words w,
                                      struct register_lines *out, struct problems *problems,
                                      struct report_findings *found, struct err *e);
NODISCARD enum rc register_read_text(struct desk *d, const struct register_view *v,
                                     const char *name, struct str text, struct register_words w,
                                     struct register_lines *out, struct problems *problems,
                                     struct report_findings *found, struct err *e);
/* The rows to fill in: every one that stands or is proposed. */
void register_write_csv(const struct desk *d, const struct register_view *v, bool chinese,
                        struct buf *out);
/* END, STRIKE, UNDO, OFFER of the row w.id, as a line. */
NODISCARD enum rc register_plan(struct desk *d, const struct register_view *v,
                                enum entry_act_kind act, struct register_words w,
                                struct register_lines *out, struct err *e);
/* From w.day on the row is another one, `lines` being what register_read_text made of the change.
 */
NODISCARD enum rc register_follow(struct desk *d, const struct register_view *v,
                                  struct register_words w, struct register_lines *lines,
                                  struct err *e);
/* RK4, over the rows as the lines make them. */
void register_keys(struct desk *d, const struct register_view *v, const struct register_lines *l,
                   struct report_findings *found);
/*
 * Records the lines as drafts; v is then what the book has. RC_FINDINGS: a key would stand twice.
 * Lines that change nothing record nothing.
 */
NODISCARD enum rc register_keep(struct desk *d, struct register_view *v,
                                const struct register_lines *lines, struct report_findings *found,
                                struct err *e);

/* ---- transfer ------------------------------------------------------------------------------- */

/* A row that another owner offers. */
struct register_offer {
    struct register_view of; /* the register of its owner, */
    uint32_t ix;             /* and where it is in it */
};
struct register_offers {
    VEC(struct register_offer) list; /* by owner, then id */
};
/* What waits for the owner of v to be taken or declined. */
NODISCARD enum rc register_offers(struct desk *d, const struct register_view *v,
                                  struct register_offers *out, struct err *e);
/* The row w.id that `of` offers to the owner of v: taken as a draft. */
NODISCARD enum rc register_take(struct desk *d, struct register_view *v, struct str of,
                                struct register_words w, struct report_findings *found,
                                struct err *e);
/* Not taken, because of w.cause: it is its owner's to offer it again, to another, or to nobody. */
NODISCARD enum rc register_decline(struct desk *d, struct register_view *v, struct str of,
                                   struct register_words w, struct err *e);

/* ---- review --------------------------------------------------------------------------------- */

struct register_filing {
    struct str period;     /* the statement for it; "": rows one by one */
    bool nil;              /* SUBMIT: there is nothing */
    const struct str *ids; /* rows; none: all that the act is open to */
    uint32_t n_ids;
    struct str at, cause;
    int64_t seen; /* commit of the statement or row that was looked at, or REPORT_JUST_READ */
    struct report_notes explained; /* SUBMIT, SIGN: of `ID`, `ID.field` or a check */
    struct report_notes cells;     /* RETURN: `ID`, `ID.field` or "" for the whole, with reasons */
};

/* A review and what it carries. */
struct register_review {
    struct str subject, period;
    struct register_sheet sheet;
    int64_t seen;
    VEC(uint32_t) rows; /* of the view */
};

/* SIGN, SUBMIT, WITHDRAW, APPROVE, RETURN, CORRECT. *n: reviews that were moved. */
NODISCARD enum rc register_file(struct desk *d, struct register_view *v, enum report_act_kind act,
                                const struct register_filing *f, uint32_t *n,
                                struct report_findings *found, struct err *e);
/* What stands against SUBMIT. */
NODISCARD enum rc register_try(struct desk *d, struct register_view *v,
                               const struct register_filing *f, struct report_findings *found,
                               struct err *e);
/* The statement for a period (REPORT_NONE: none), RC_INPUT: the register has none for such. */
NODISCARD enum rc register_statement(struct desk *d, const struct register_view *v,
                                     struct str period, struct register_review *out, struct err *e);
/* The review of one row. */
NODISCARD enum rc register_entry_review(struct desk *d, const struct register_view *v, uint32_t ix,
                                        struct register_review *out, struct err *e);

/* ---- what became of a row ------------------------------------------------------------------- */

struct entry_moment {
    int64_t seq, at; /* at: microseconds since 1970 */
    struct str actor;
    bool acted; /* doc: by an act; else it came from a table of facts */
    bool told;  /* row: its content was recorded */
    struct entry_doc doc;
    struct reg_row row;
};
struct entry_moments {
    VEC(struct entry_moment) list; /* oldest first */
};
NODISCARD enum rc register_history(struct desk *d, const struct register_view *v, struct str id,
                                   struct entry_moments *out, struct err *e);

/* ---- where the owners stand ----------------------------------------------------------------- */

struct register_status_line {
    uint32_t unit;
    struct register_sheet sheet; /* of the period; REPORT_NONE: silent */
    uint32_t standing, pending;
    bool hidden; /* the counts are withheld (C41) */
};
struct register_status {
    struct register_status_line *lines;
    uint32_t n, standing, pending;
    bool hidden; /* the totals */
    bool sealed;
    uint32_t of_state[REPORT__STATES];
};
/* period "": rows alone. within "": all. */
NODISCARD enum rc register_status_of(struct desk *d, uint32_t reg, struct str period,
                                     struct str within, struct register_status *out, struct err *e);

/*
 * The review that carries a row: its own, or the statement. Statements are read once for all rows,
 * before any is asked about: what is read in the middle of a list may be forgotten with its row.
 */
struct register_carrier {
    struct desk *d;
    const struct register_view *v;
    struct {
        VEC(struct register_review) list;
    } statements; /* those that rows of the view name */
};
struct register_carrier register_carrier_of(struct desk *d, const struct register_view *v);
/* REPORT_NONE: nothing carries it. */
struct submission register_review_of(struct register_carrier *c, uint32_t ix);

/* ---- showing -------------------------------------------------------------------------------- */

void register_list_show(struct desk *d, const struct register_how *how, bool chinese,
                        uint32_t width, struct buf *out);
void register_list_json(struct desk *d, const struct register_how *how, struct buf *out);
/* review: of the statement, or NULL. */
void register_show(struct desk *d, const struct register_view *v, const struct register_review *s,
                   bool chinese, uint32_t width, struct buf *out);
void register_offers_show(struct desk *d, const struct register_offers *o, bool chinese,
                          uint32_t width, struct buf *out);
void register_offers_json(struct desk *d, const struct register_offers *o, struct buf *out);
void register_json(struct desk *d, const struct register_view *v, const struct register_review *s,
                   struct buf *out);
void register_lines_show(struct desk *d, const struct register_view *v,
                         const struct register_lines *l, bool chinese, uint32_t width,
                         struct buf *out);
/* Members of the object that j is in. */
void register_lines_json(struct desk *d, const struct register_view *v,
                         const struct register_lines *l, struct json *j);
struct table register_status_table(struct desk *d, uint32_t reg, const struct register_status *s,
                                   bool chinese);
void register_status_show(struct desk *d, uint32_t reg, const struct register_status *s,
                          bool chinese, uint32_t width, struct buf *out);
void register_status_json(struct desk *d, uint32_t reg, struct str period,
                          const struct register_status *s, struct buf *out);
/* Parts of the above. For people: when a row stands, and its fields; the unit that decides next. */
struct str register_when(const struct desk *d, const struct reg_row *row);
struct str register_content(const struct desk *d, const struct register_view *v,
                            const struct reg_row *row, bool chinese);
struct str register_waits_for(const struct submission *s);
const char *register_class_name(enum data_class c, bool chinese);
/* The kind of units that keep it, or "". */
struct str register_owners(const struct desk *d, uint32_t reg);
/* Values: a row's days and fields; what was said of it; a statement; the fields of a register. */
void register_row_json(const struct desk *d, const struct register_view *v,
                       const struct reg_row *row, struct json *j);
void register_notes_json(struct desk *d, const struct report_notes *notes, struct str id,
                         struct json *j);
void register_statement_json(const struct register_review *s, struct json *j);
void register_fields_json(const struct desk *d, uint32_t reg, struct json *j);
const char *register_sort_name(enum register_sort s);
const char *register_sort_text(enum register_sort s, bool chinese);

#endif
