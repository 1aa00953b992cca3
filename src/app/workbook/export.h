/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms and registers as workbooks to fill in without the program, to be taken back by import
 * (docs/internals/form-workbooks.md). What is asked and known comes from a book or from a pack;
 * sheets are written row by row.
 *
 *     struct export_page page;
 *     TRY(export_page_of_round(&d, &round, &page, e));
 *     TRY(export_unit(&work, &page, &values, e));
 *
 * Invariants
 *   EX1 Equal books, asked equally, give equal bytes.
 *   EX2 A figure that the actor may not see (RD4) is in no cell, seen or hidden.
 *   EX3 Memory does not grow with the number of units: what one of them took is given back before
 *       the next.
 * Ownership: of a page the arena it was made in; of a workbook at work struct export_work, which is
 * held beside the arena (base/arena.h, A5) and let go of by export_drop whatever happened.
 */
#ifndef APP_WORKBOOK_EXPORT_H
#define APP_WORKBOOK_EXPORT_H

#include "app/workbook/form_sheet.h"
#include "app/register/desk.h"
#include "app/report/desk.h"
#include "base/arena.h"
#include "io/workbook_write.h"

/* Held while workbooks are written. */
struct export_work {
    struct workbook_writer writer;
    struct arena whole; /* of one workbook */
    struct arena step;  /* of one unit of it at a time */
};
void export_begin(struct export_work *x, struct arena *above);
void export_drop(struct export_work *x);

/* A form as it is asked, whoever it is asked of. */
struct export_page {
    struct arena *a;
    const struct plan *plan;
    bool chinese, demo;
    struct date today;
    uint32_t form; /* commitment */
    uint32_t kind; /* of the units */
    const uint32_t *items;
    uint32_t n_items;
    const struct str *names; /* `kind.item` */
    const struct str *basis; /* per item: clauses of what reads it */
    struct period period;
    bool has_period;
    struct str round;
    struct date due;   /* as issued: units are those of this day; DATE_MIN: none */
    struct date until; /* as extended: what people are told */
    int64_t book;      /* commit; 0: no book */
    struct str digest;
    const uint32_t *checks; /* commitments that read the items at units of the kind */
    uint32_t n_checks;
};

/* What is known of it at one unit. */
struct export_values {
    struct str code, name; /* "": nobody yet */
    struct str state;
    int64_t seen;
    const struct value *cells, *before; /* one per item */
    const bool *hidden;                 /* one per item, EX2 */
    const struct report_notes *explained, *returned;
    const bool *told; /* one per check: it may be told here */
    bool demo;        /* it has made-up figures */
};

/* Where the values of many units come from; what it gives lies in the step arena. */
struct export_source {
    uint32_t n;
    const bool *told; /* one per check: it may be told at all of them */
    void *ctx;
    enum rc (*values)(void *ctx, struct arena *step, uint32_t ix, struct export_values *out,
                      struct err *e);
};

/* RC_NOT_FOUND: the plan has no such form, with the nearest. */
NODISCARD enum rc export_page_of_form(struct arena *a, const struct plan *p, struct str form,
                                      struct export_page *out, struct err *e);
NODISCARD enum rc export_page_of_round(struct desk *d, const struct round_view *v,
                                       struct export_page *out, struct err *e);

/* One unit's form: items down the rows. values NULL: nobody's, blank. */
NODISCARD enum rc export_unit(struct export_work *x, const struct export_page *page,
                              const struct export_values *values, const char *path, struct err *e);
/* Many units: a row each. */
NODISCARD enum rc export_units(struct export_work *x, const struct export_page *page,
                               const struct export_source *from, const char *path, struct err *e);
/* A workbook per unit into a folder, made where it is not there. told: after each one. */
typedef void export_told_fn(void *ctx, uint32_t done, uint32_t of);
NODISCARD enum rc export_each(struct export_work *x, const struct export_page *page,
                              const struct export_source *from, const char *dir,
                              export_told_fn *told, void *told_ctx, struct err *e);
/*
 * A name for a file that Windows and a USB stick take: without what they do not allow, no reserved
 * word, no dot or space at the end, 200 bytes at most with the ending.
 */
struct str export_file_name(struct arena *a, struct str wanted, const char *ending);

/* ---- where values come from ------------------------------------------------------------------ */

/* Units of a round that the actor may read, below `within` (NONE: all). RC_DENIED: none. */
struct export_round {
    struct desk *d;
    const struct round_view *v;
    const struct export_page *page;
    const uint32_t *units;
};
NODISCARD enum rc export_from_round(struct export_round *x, uint32_t within,
                                    struct export_source *out, struct err *e);
/* These units, whom the actor may read. */
void export_from_units(struct export_round *x, const uint32_t *units, uint32_t n,
                       struct export_source *out);

/* Units of a pack on a day, of the page's kind. */
struct export_pack {
    const struct export_page *page;
    const struct tree *tree;
    const struct dataset *data;
    const uint32_t *units;
    const struct str *codes, *names;
    bool demo;
};
/* within NONE: all; one: the unit itself. RC_NOT_FOUND: there are none. */
NODISCARD enum rc export_from_pack(struct export_pack *x, uint32_t within, bool one,
                                   struct export_source *out, struct err *e);

/* ---- registers ------------------------------------------------------------------------------- */

/* What is written of a register. */
struct export_rows {
    const struct plan *plan;
    uint32_t reg;
    struct desk *d;                /* NULL without a book; then v is, too */
    const struct register_view *v; /* NULL: of nobody, blank */
    struct date today;
    int64_t book; /* commit */
    bool chinese;
};
NODISCARD enum rc export_register(struct export_work *x, const struct export_rows *r,
                                  const char *path, struct err *e);

#endif
