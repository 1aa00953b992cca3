/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands on the command line: commands, their options, and the help made from the same tables.
 *
 * Invariants
 *   OP1  A command takes exactly the options its help shows; everything else is a usage error.
 *   OP2  The language is known before the first complaint, wherever --lang stands.
 * Ownership: texts of struct options are those of argv.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct buf;

#define DATA_DIRS_MAX  64
#define MEMORY_MIB_MAX (1024 * 1024)
#define PERCENT_MAX    10000
#define THREADS_MAX    64
#define IDS_MAX        3

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

enum command {
    COMMAND_CHECK,
    COMMAND_FMT,
    COMMAND_LIST,
    COMMAND_EVAL,
    COMMAND_EXPLAIN,
    COMMAND_COVERAGE,
    COMMAND_LINT,
    COMMAND_DIFF,
    COMMAND_DEMO,
    COMMAND_BOOK_INIT,
    COMMAND_BOOK_LOAD,
    COMMAND_BOOK_STATUS,
    COMMAND_ROUND_TRY,
    COMMAND_ROUND_OPEN,
    COMMAND_ROUND_STATUS,
    COMMAND_ROUND_LOCK,
    COMMAND_REPORT_BLANK,
    COMMAND_REPORT_SHOW,
    COMMAND_REPORT_SAVE,
    COMMAND_REPORT_CHECK,
    COMMAND_REPORT_SIGN,
    COMMAND_REPORT_SUBMIT,
    COMMAND_REPORT_WITHDRAW,
    COMMAND_REPORT_CORRECT,
    COMMAND_REVIEW_LIST,
    COMMAND_REVIEW_APPROVE,
    COMMAND_REVIEW_RETURN,
    COMMAND_TASK_LIST,
    COMMAND_TASK_FILE,
    COMMAND_TASK_SIGN_OFF,
    COMMAND_TASK_RETURN,
    COMMAND_TASK_EXTEND,
    COMMAND_TASK_GRANT,
    COMMAND_TASK_REFUSE,
    COMMAND_USER_FOUND,
    COMMAND_USER_LIST,
    COMMAND_USER_ADD,
    COMMAND_USER_CLOSE,
    COMMAND_USER_REOPEN,
    COMMAND_USER_RESET,
    COMMAND_USER_UNLOCK,
    COMMAND_USER_NO_TOTP,
    COMMAND_USER_PASSWORD,
    COMMAND_USER_TOTP,
    COMMAND_USER_PROVE,
    COMMAND_USER_LOGIN,
    COMMAND_USER_LOGOUT,
    COMMAND_SEAT_LIST,
    COMMAND_SEAT_SHOW,
    COMMAND_SEAT_GIVE,
    COMMAND_SEAT_HAND,
    COMMAND_SEAT_END,
    COMMAND_SEAT_MAY,
    COMMAND_SEAT_RIGHTS,
    COMMAND_VERSION,
    COMMAND_HELP,
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
    const char *data[DATA_DIRS_MAX];
    uint32_t n_data;
    const char *target, *unit, *part, *year, *as_of;
    const char *file;         /* coverage: the official text */
    const char *out;          /* demo-data */
    uint32_t seed, percent;   /* the same; 0: not given */
    const char *book, *actor; /* the book and who asks */
    const char *session;      /* file of a session; NULL: the usual one */
    const char *round, *form, *period, *due, *within, *at, *cause;
    const char *task, *until, *day;
    uint32_t remind;
    struct words only, without, cells; /* cells to return, as `item=reason` */
    uint32_t signatures, minutes;
    uint32_t seen;            /* 0: not given */
    const char *ids[IDS_MAX]; /* users or seats an act is about */
    uint32_t n_ids, count;    /* count: 0: not given */
    const char *with, *name, *role, *class_, *holder, *from, *to, *note, *op;
    struct words duties;
    enum format format;
    uint32_t memory_mib; /* 0: not given */
    uint32_t threads;    /* that judge; 0: not given */
    bool chinese;
    bool help;            /* help is asked for, about help_on */
    enum command help_on; /* COMMAND__N: about all of it */
    bool write;           /* fmt: in place */
    bool decided;         /* eval: leave out what is pending or unknown */
    bool reference;       /* judge by the reference interpreter alone */
};

/* 0, or the exit status 2 with a complaint in message. */
NODISCARD int options_read(struct options *o, int argc, char **argv, struct buf *message);
/* The help about a command, COMMAND__N: about the program. */
void options_help(enum command about, bool chinese, struct buf *out);

#endif
