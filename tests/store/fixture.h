/* SPDX-License-Identifier: Apache-2.0 */
/* Books for tests, on either engine. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/audit.h"
#include "store/db_int.h"
#include "store/store.h"
#include "tests/lib/test.h"

/* One book, fresh for each test. */
struct book {
    enum db_engine engine;
    struct arena arena;
    const char *dir;   /* temporary */
    const char *where; /* for store_open */
    const char *files;
    struct store *store;
    struct store_reader *reader; /* by book_reader */
    int64_t clock;               /* microseconds; each look at it adds one second */
    struct err e;
};

/* For cmocka: groups begin and end with the server, tests with a new open book (*state). */
int book_group_sqlite(void **state);
int book_group_postgres(void **state);
int book_group_end(void **state);
int book_setup(void **state);
int book_teardown(void **state);
/* The server of the running group; NULL on SQLite. */
struct server *book_server(void);

/* Ends the test with the story of the failure unless rc is RC_OK. */
void book_ok(struct book *b, enum rc rc);
#define BOOK_OK(b, call) (err_clear(&(b)->e), book_ok((b), (call)))

void book_close(struct book *b);
/* A reader of the open book; goes with it. */
struct store_reader *book_reader(struct book *b);
void book_open(struct book *b);
/* Another place for a book on the same engine. */
const char *book_place(struct book *b);
/* SQL past the program, the triggers off. */
void book_sql(struct book *b, const char *sql);
const char *book_text(struct book *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Runs both groups: every test on each engine. */
#define BOOK_RUN(tests)                                                                            \
    (cmocka_run_group_tests_name("sqlite", (tests), book_group_sqlite, book_group_end) +           \
     cmocka_run_group_tests_name("postgres", (tests), book_group_postgres, book_group_end))
#define BOOK_TEST(f) cmocka_unit_test_setup_teardown(f, book_setup, book_teardown)

#endif
