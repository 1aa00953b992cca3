/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables as clerks send them, to rows of values: docs/internals/import.md.
 *
 *     struct import_run run = {.a = a, .names = import_names_new(a, &asked)};
 *     for each file: TRY(import_file(&run, path, folder, &e));
 *     import_settle(&run);                     // the same unit in several places
 *     TRY(import_to_book(&run, &desk, round, dry_run, &e));   or import_to_facts
 *
 * Invariants
 *   IM1  A value is one that its cell says, by name of item and unit; all else has a note at its
 *        place with a level above TOLD, or is told.
 *   IM2  An entry that clashes with another one of its unit gives nothing to the book.
 *   IM3  A file that cannot be read is an import_file with its failure, and no reason to stop.
 * Ownership: what is kept lies in run.a; a workbook's memory is used again for the next one, and
 * given back by import_drop.
 */
#ifndef APP_WORKBOOK_IMPORT_H
#define APP_WORKBOOK_IMPORT_H

#include "app/workbook/import_name.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/map.h"
#include "base/rc.h"
#include "io/cell_clean.h"
#include "model/dataset.h"

struct buf;
struct desk;
struct err;
struct json;
struct register_view;
struct round_view;

#define IMPORT_CELLS_MAX   1000000U          /* with something in them, of a workbook */
#define IMPORT_MERGED_MAX  2000000U          /* cells that merged ranges cover */
#define IMPORT_VALUES_MAX  2000000U          /* that are kept */
#define IMPORT_WORK_BYTES  ((size_t)1 << 30) /* memory of a workbook at work */
#define IMPORT_FILES_MAX   100000U
#define IMPORT_REFUSED_MAX 50000U /* notes of a file: what is not taken … */
#define IMPORT_TOLD_MAX    5000U  /* … and the rest */
#define IMPORT_TEXT_MAX    1000U  /* bytes of a value that is text */

enum import_level { IMPORT_TOLD, IMPORT_CLEANED, IMPORT_ASKED, IMPORT_REFUSED };

enum import_says {
    IMPORT_SAYS_CELL, /* what cleaning says */
#define IMPORT_SAYS(name, level, code, en, zh, mend_en, mend_zh) IMPORT_SAYS_##name,
#include "app/workbook/import.def"
    IMPORT_SAYS__COUNT
};

/* A place: row and column NONE mean all of them. */
struct import_place {
    uint32_t sheet, row, column;
};

struct import_note {
    struct import_place at;
    enum import_level level;
    enum import_says says;
    enum clean_fault fault; /* SAYS_CELL */
    uint32_t did;           /* the same */
    struct str a, b;        /* fill in; of a cell: what it shows, and what may be meant */
    uint32_t unit, datum;   /* NONE: of none */
};

enum import_cell_is {
    IMPORT_CELL_ABSENT, /* the table has no such column */
    IMPORT_CELL_BLANK,
    IMPORT_CELL_VALUE,
    IMPORT_CELL_NOT_FOR_US, /* not applicable, as is said */
    IMPORT_CELL_CLEARED,    /* of an exported form: taken away since */
    IMPORT_CELL_REFUSED
};

/* As it is kept, of which there are millions: most figures are a small number and nothing else. */
struct import_kept {
    enum import_cell_is is;
    struct import_place at;
    union {
        int64_t n;                 /* of n / d */
        const struct value *value; /* d 0: another value; NULL: none */
    };
    int64_t d;
    const struct str *was; /* of an exported form: the value as it was exported; NULL: none */
};
/* VALUE: it. */
struct value import_value(const struct import_kept *c);

/* An explanation of an item or a check. */
struct import_said {
    struct str about, text;
};

enum import_fate {
    IMPORT_FATE_NONE,  /* not tried: it clashes, or is in another entry */
    IMPORT_FATE_SAVED, /* or would be */
    IMPORT_FATE_SAME,
    IMPORT_FATE_FAILED
};

/* What a file says of a unit. */
struct import_entry {
    uint32_t unit, file;
    struct import_place at;       /* of its name or its first cell */
    struct import_kept *cells;    /* n_datums */
    bool clash;                   /* IM2 */
    bool joined;                  /* what it says is in another entry of its unit */
    int64_t seen;                 /* of an exported form: the commit it was exported at; else -1 */
    VEC(struct import_said) said; /* explanations */
    /* By import_to_book. */
    enum import_fate fate;
    uint32_t n_changed;
    struct str why, why_zh; /* FAILED */
};

struct import_file {
    struct str path, from;  /* as it is called, and where it lies */
    enum rc rc;             /* of reading it */
    struct str why, why_zh; /* why not */
    bool exported;          /* a form of ours */
    uint32_t n_sheets;
    const struct str *sheets; /* names */
    VEC(struct import_note) notes;
    uint32_t n_of[4];                                        /* notes by level, kept or not */
    uint32_t n_values, n_clean, n_refused, n_blank, n_units; /* cells */
};

struct import_run {
    struct arena *a;
    const struct import_names *names;
    VEC(struct import_file) files;
    VEC(struct import_entry) entries;
    struct map_u64 by_unit; /* unit of the current file -> entry */
    uint32_t n_values;
    uint32_t n_skipped; /* files of folders that are no tables, by their names */
    struct arena work;  /* of one file or unit at a time */
    struct arena texts; /* below it: what texts of the file are found to be */
    bool working;
};

/* Told how far it is; fn may be NULL. */
struct import_hear {
    void (*fn)(void *ctx, uint32_t done, uint32_t of);
    void *ctx;
};

/*
 * Reads a workbook; what is wrong with it is in the file (IM3). folder: names of the folders it
 * lies in, the nearest last, `/` between them. RC_LIMIT: the run keeps too much already.
 */
NODISCARD enum rc import_file(struct import_run *run, const char *path, struct str folder,
                              struct err *e);
/* The same of a file that lies elsewhere than its name says. */
NODISCARD enum rc import_file_as(struct import_run *run, const char *from, const char *path,
                                 struct str folder, struct err *e);
/* By its ending: what else is taken for CSV. */
bool import_is_workbook(struct str name);
/*
 * A workbook of a register's rows, laid out as clerks do, as the table that register_read_table
 * takes; *run, zero before, has its notes. RC_FINDINGS: something is refused, and none of it is to
 * be kept.
 */
NODISCARD enum rc import_register(struct desk *d, const struct register_view *v, const char *path,
                                  struct import_run *run, struct str *csv, struct err *e);
/* Units in several files: equal or clashing. */
void import_settle(struct import_run *run);
/* Gives back the memory of work, after all files or a run that was stopped (base/arena.h). */
void import_drop(struct import_run *run);

/*
 * What tables are asked for: items of a form, who may answer. Answers of people (match, percent)
 * are the caller's to set; import_answers refuses those that name no item. RC_INPUT.
 */
void import_ask_items(struct arena *a, const struct plan *p, uint32_t form, const uint32_t *items,
                      uint32_t n, struct import_asked *out);
/* Of a round, and of those who owe it; RC_DENIED as import_allow. */
NODISCARD enum rc import_ask_round(struct desk *d, const struct round_view *v,
                                   struct import_asked *out, struct err *e);
NODISCARD enum rc import_answers(struct arena *a, const struct import_asked *q, struct err *e);
/* RC_DENIED: the actor may save a report of no unit of the round. */
NODISCARD enum rc import_allow(const struct desk *d, const struct round_view *round, struct err *e);
/*
 * Each entry as a draft of its unit's report in the round: one commit a unit, none where nothing
 * changes. What is refused for one unit is in its entry and no reason to stop. dry: nothing is
 * recorded.
 */
NODISCARD enum rc import_to_book(struct import_run *run, struct desk *d,
                                 const struct round_view *round, bool dry, struct import_hear hear,
                                 struct err *e);
/* The values as a table of facts (docs/plan-language.md, section 7). */
void import_to_facts(struct import_run *run, struct buf *out);

const char *import_says_code(const struct import_note *n);
enum import_level import_says_level(enum import_says s);
/* The sentence, and the mending; "" when there is none. */
void import_note_text(const struct import_run *run, const struct import_note *n, bool chinese,
                      struct buf *out);
void import_note_mend(const struct import_run *run, const struct import_note *n, bool chinese,
                      struct buf *out);
/*
 * A copy of a file that was read, with its notes, as `to` and what its name must end in; *path says
 * how it is called. The original stays untouched.
 */
NODISCARD enum rc import_copy(struct import_run *run, uint32_t file, const char *to, bool chinese,
                              const char **path, struct err *e);
/* Something is refused or asked, or could not be read or saved. */
bool import_has_findings(const struct import_run *run);
struct import_view_words {
    bool chinese, dry, book;
};
void import_show(const struct import_run *run, struct import_view_words w, struct buf *out);
void import_json(const struct import_run *run, struct import_view_words w, struct buf *out);
/* A row for each note. */
void import_csv(const struct import_run *run, bool chinese, struct buf *out);
/* `Sheet!B4`, as much of it as there is. */
struct str import_note_place(const struct import_run *run, uint32_t file,
                             const struct import_note *n, struct arena *a);

#endif
