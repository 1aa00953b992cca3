/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands on the command line: commands, their options, and the help made from the same tables.
 *
 * Invariants
 *   OP1  A command takes exactly the options its help shows (takes.def); all else is a usage error.
 *   OP2  The language is known before the first complaint, wherever --lang stands.
 * Ownership: texts of struct options are those of argv.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct buf;

#define MEMORY_MIB_MAX (1024 * 1024)
#define PERCENT_MAX    10000
#define THREADS_MAX    64
#define IDS_MAX        3

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_XLSX };

enum command {
#define COMMAND(name, word, en, zh) COMMAND_##name,
#include "cli/options.def"
    COMMAND__N
};

#define WORDS_MAX 1000 /* of an option that may be repeated */

/* Values of an option that may be repeated. */
struct words {
    const char *list[WORDS_MAX];
    uint32_t n;
};

struct options {
    enum command command;
    const char *pack;
    const char *other; /* diff: the second pack; the first one is `pack` */
    struct words data;
    const char *target, *unit, *part, *year, *as_of;
    const char *file;                       /* coverage: the official text; sheet: the workbook */
    const char *want;                       /* sheet */
    const char *annotate;                   /* sheet: the copy to write */
    const char *out;                        /* demo-data, export */
    struct words tables, matches, percents; /* import */
    uint32_t seed, percent;                 /* the same; 0: not given */
    const char *book, *actor;               /* the book and who asks */
    const char *session;                    /* file of a session; NULL: the usual one */
    const char *round, *form, *period, *due, *within, *at, *cause;
    const char *task, *until, *day;
    uint32_t remind, days;
    struct words only, without, cells; /* cells to return, as `item=reason` */
    uint32_t signatures, minutes;
    uint32_t seen;            /* 0: not given */
    const char *ids[IDS_MAX]; /* users or seats an act is about */
    uint32_t count;           /* 0: not given */
    const char *with, *name, *role, *class_, *holder, *from, *to, *note, *op;
    struct words duties;
    const char *key, *public_, *by, *act; /* audit: files of keys; filters of the log */
    const char *kind, *parent, *alias;    /* units */
    const char *files;                    /* folder of evidence */
    struct words anchors, others;
    uint32_t before, limit, sweep; /* 0: not given */
    bool secrets, dry_run, close_missing, settled, questions;
    const char *document, *digest; /* of a plan: what it rests on; which */
    bool effect;                   /* … how verdicts would change */
    const char *reg, *review, *ended, *of, *fingerprint;
    struct words takes;                  /* of a package, as `unit=theirs` */
    struct words fields, rows, explains; /* fields and explanations as `about=text` */
    bool nil;
    bool html; /* text: a page */
    enum format format;
    uint32_t memory_mib; /* 0: not given */
    uint32_t threads;    /* that judge; 0: not given */
    bool chinese;
    bool help;              /* help is asked for, about help_on */
    enum command help_on;   /* COMMAND__N: about all of it */
    bool write;             /* fmt: in place */
    bool each;              /* export: a workbook for each unit */
    const char *commit;     /* eval and explain on a book: as of its first N commits */
    bool pending;           /* on a book: what waits for a decision counts, too */
    bool decided;           /* eval: leave out what is pending or unknown */
    const char *vocabulary; /* draft: more words */
    bool why;               /* draft: tell how each sentence was read */
    bool settings;          /* serve: print them only */
    bool as_demo;           /* serve: a demonstration */
    bool openapi;           /* serve: print the interface only */
    bool reference;         /* judge by the reference interpreter alone */
};

/* The value of an option; nothing when it was not given. */
static inline struct str option_text(const char *value)
{
    return value != NULL ? str_from_cstr(value) : STR("");
}

/* 0, or the exit status 2 with a complaint in message. */
NODISCARD int options_read(struct options *o, int argc, char **argv, struct buf *message);
/* The help about a command, COMMAND__N: about the program. */
void options_help(enum command about, bool chinese, struct buf *out);

#endif
