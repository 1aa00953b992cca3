/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: a run of the program, how it opens packs, and how it complains. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "app/demo/demo.h"
#include "app/explain/explain.h"
#include "app/workbook/export.h"
#include "app/pack/pack.h"
#include "app/seat/login.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/options.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "io/rows_workbook.h"
#include "model/progress.h"

struct commit_texts;
struct import_run;
struct standing;
struct store;
struct store_reader;

/* What is being done, for the message when there is no room for it. */
enum phase { PHASE_PLAN, PHASE_TABLES, PHASE_TEXT, PHASE_JUDGE, PHASE_ANSWER };

/*
 * Everything a command works on. What it holds beside the arena lies here and not in its frame
 * (base/arena.h, A5). Answers and complaints are printed when all is done: nothing comes out half.
 */
struct session {
    struct arena arena;
    struct options o;
    struct buf out;
    struct buf message;
    struct err e;
    struct pack pack;
    struct demo_files demo;    /* what demo-data writes */
    struct export_work work;   /* workbooks that are being written */
    struct rows_workbook rows; /* … of the rows of an answer */
    struct columns *columns;   /* NULL: not made */
    struct evaluator ev;
    struct explain x;
    enum phase phase;
    struct store *store; /* the book; NULL: not open */
    struct store_reader *reader;
    struct { /* verdicts of the book (cli/standing.h) */
        struct commit_texts *texts;
        struct explain_book book;
        struct standing *standing; /* NULL: none */
        struct standing *other;    /* by a plan that is tried; NULL: none */
        struct arena step;         /* texts of a commit's changes; below the arena */
    } facts;
    struct store *other; /* restore: the backup; NULL: not open */
    struct store_reader *other_reader;
    struct import_run *import; /* NULL: none */
    struct seat_desk seat;     /* who is at it (cli/desk.h) */
    struct seat_login login;   /* by --as */
    uint32_t granted;          /* rights that were asked and given */
    struct progress progress;
    int status;
};

/* Says so, and gives the exit status back. what fills in the end of the sentence. */
int session_complain(struct session *s, int status, const char *zh, const char *en,
                     const char *what);
/* An operation gave rc and left its story in s->e. */
int session_failed(struct session *s, enum rc rc);
/* 0 for RC_OK; else the exit status with everything said: faults of the pack, or s->e. */
int session_opened(struct session *s, enum rc rc);
/* The same after opening what --pack and --data name. */
int session_open_plan(struct session *s);
int session_open_pack(struct session *s);
/* --as-of, or today; 0, or the exit status. */
int session_day(struct session *s, struct date *as_of);
/* What --target, --unit and --year ask for, and --as-of, of the pack that is open; 0, or the exit
 * status. */
int session_query(struct session *s, struct judge_query *q, struct date *as_of);
/*
 * Judges the pack over its tables, or the book (--book), as asked: into s->x, small counts withheld
 * (C41) and without what nobody logged in may read. 0, or the exit status. q: all NONE.
 */
int session_judged(struct session *s, struct judge_query *q);
/* Whether the answer is wanted as rows: as CSV, or as a workbook. */
bool session_wants_rows(const struct session *s);
/*
 * Begins such rows, titled for the workbook, and ends them: 0, or the exit status. Between the two
 * they are written to w.
 */
int session_rows(struct session *s, const char *zh, const char *en, struct csv_writer *w);
int session_rows_end(struct session *s);
/* All of it for a table. */
int session_table(struct session *s, const char *zh, const char *en, const struct table *t);
/* Shows on a terminal how far long work is (cli/progress.c); NULL: there is none. */
const struct progress *session_progress(struct session *s);
/* It is over: the line goes. */
void session_progress_end(const struct session *s);
/* Columns to print in; 0: not on a terminal. */
uint32_t session_width(void);

#endif
