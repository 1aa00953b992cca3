/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a book: to both engines and back, broken off, gone on with, refused. */
#include "store/copy.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/files.h"
#include "store/store_int.h"
#include "tests/store/fixture.h"

#define S(text) str_from_cstr(text)
#define N       450 /* more than two stretches */

static void put(struct book *b, uint32_t i)
{
    const char *body = book_text(b, "[%u]", i);
    struct file_info info = {.hash = STR("")};
    struct store_parcel p[2] = {{.area = STR("a"),
                                 .unit = STR("u"),
                                 .what = STORE_FACT,
                                 .recorded = DATE_MIN,
                                 .grade = 'B',
                                 .source = STR("s"),
                                 .layout = S(book_text(b, "[\"l%u\"]", i / 10)),
                                 .body = S(body)},
                                {.unit = S(book_text(b, "doc/%u", i % 7)),
                                 .what = STORE_DOC,
                                 .recorded = DATE_MIN,
                                 .body = S(body)}};
    if (i % 150 == 0) {
        BOOK_OK(b, files_put(&b->arena, b->store, S(body), &info, &b->e));
    }
    const struct store_expect x = {p[1].unit, STORE_UNSEEN};
    struct store_commit c = {.token = S(body),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .note = STR("n"),
                             .expects = &x,
                             .n_expects = 1,
                             .parcels = p,
                             .n_parcels = i % 5 == 0 ? 0 : 2,
                             .files = &info.hash,
                             .n_files = info.hash.n > 0};
    struct store_receipt got;
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
}

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct buf *t = ctx;
    (void)e;
    buf_printf(t, "%lld %.*s %.*s\n", (long long)ev->seq, PS(ev->hash), PS(ev->content));
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        buf_printf(t, " %.*s %.*s %.*s\n", PS(p[i].unit), PS(p[i].layout), PS(p[i].body));
    }
    return RC_OK;
}

static void on_finding(void *ctx, const struct audit_finding *f)
{
    (void)ctx;
    print_error("%s at %lld\n", audit_code(f->fault), (long long)f->seq);
}

/* All commits with their hashes; and the audit is content. */
static struct str dump(struct book *b)
{
    struct buf t;
    struct audit_result result;
    buf_init(&t, 1U << 28);
    BOOK_OK(b, store_feed(book_reader(b), 1, INT64_MAX, on_event, &t, &b->e));
    BOOK_OK(b, audit_verify(&b->arena, book_reader(b), &(struct audit_options){0}, on_finding, NULL,
                            &result, &b->e));
    assert_int_equal(result.n_findings, 0);
    return buf_move(&b->arena, &t);
}

static struct store_end copy(struct book *b, const char *where, const char *files)
{
    struct store_end end;
    BOOK_OK(b, store_copy(&b->arena, book_reader(b), where, files, &end, &b->e));
    return end;
}

/* Another book in the place of the test's own. */
static void turn_to(struct book *b, const char *where, const char *files)
{
    book_close(b);
    b->where = where;
    b->files = files;
    book_open(b);
}

static void test_there_and_back(void **state)
{
    struct book *b = *state;
    const char *backup = book_text(b, "%s/backup.book", b->dir);
    const char *backup_files = book_text(b, "%s/backup.book.files", b->dir);
    const char *place = book_place(b);
    for (uint32_t i = 0; i < N; i++) {
        put(b, i);
    }
    struct str all = dump(b);
    assert_int_equal(copy(b, backup, NULL).seq, N);
    turn_to(b, backup, backup_files);
    assert_true(str_eq(dump(b), all));
    /* Restored on the engine of the test, it is gone on with. */
    assert_int_equal(copy(b, place, book_text(b, "%s/third.files", b->dir)).seq, N);
    turn_to(b, place, book_text(b, "%s/third.files", b->dir));
    assert_true(str_eq(dump(b), all));
    put(b, N);
    assert_false(str_eq(dump(b), all));
}

static void test_again(void **state)
{
    struct book *b = *state;
    const char *where = b->where;
    const char *files = b->files;
    const char *place = book_place(b);
    const char *place_files = book_text(b, "%s/copy.files", b->dir);
    assert_int_equal(copy(b, place, place_files).seq, 0);
    for (uint32_t i = 0; i < 20; i++) {
        put(b, i);
        if (i % 7 == 0) {
            assert_int_equal(copy(b, place, place_files).seq, i + 1);
        }
    }
    assert_int_equal(copy(b, place, place_files).seq, 20);
    assert_int_equal(copy(b, place, place_files).seq, 20);
    struct str all = dump(b);
    turn_to(b, place, place_files);
    assert_true(str_eq(dump(b), all));
    /* The copy goes another way: neither may be written over. */
    put(b, 77);
    turn_to(b, where, files);
    put(b, 78);
    struct store_end end;
    err_clear(&b->e);
    assert_int_equal(store_copy(&b->arena, book_reader(b), place, place_files, &end, &b->e),
                     RC_CONFLICT);
    turn_to(b, place, place_files);
    assert_int_not_equal(dump(b).n, 0);
}

static void test_refused(void **state)
{
    struct book *b = *state;
    const char *other = book_place(b);
    const char *where = b->where;
    const char *files = b->files;
    struct store_end end;
    put(b, 0);
    turn_to(b, other, book_text(b, "%s/other.files", b->dir));
    put(b, 0);
    err_clear(&b->e);
    assert_int_equal(store_copy(&b->arena, book_reader(b), where, files, &end, &b->e), RC_CONFLICT);
    /* Evidence that was changed is not carried on. */
    struct file_info info;
    BOOK_OK(b, files_put(&b->arena, b->store, STR("[0]"), &info, &b->e));
    BOOK_OK(b, file_write(book_text(b, "%s/%.2s/%.*s", b->files, info.hash.p, (int)info.hash.n - 2,
                                    info.hash.p + 2),
                          STR("changed"), &b->e));
    err_clear(&b->e);
    assert_int_equal(
        store_copy(&b->arena, book_reader(b), book_text(b, "%s/x.book", b->dir), NULL, &end, &b->e),
        RC_DB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_there_and_back),
        BOOK_TEST(test_again),
        BOOK_TEST(test_refused),
    };
    return BOOK_RUN(tests);
}
