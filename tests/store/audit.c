/* SPDX-License-Identifier: Apache-2.0 */
/* The audit: an untouched book is clean, each sort of tampering is found, and where. Evidence
 * files. */
#include "store/audit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "model/progress.h"
#include "store/files.h"
#include "store/store_int.h"
#include "tests/lib/tmpdir.h"
#include "tests/store/fixture.h"

#define S(text) str_from_cstr(text)
#define N       6 /* commits of the book under test, each with two parcels */

struct found {
    struct book *b;
    struct str text; /* "changed 3;unlinked 4;" */
    struct audit_result result;
};

static void on_finding(void *ctx, const struct audit_finding *f)
{
    struct found *all = ctx;
    const char *line = book_text(all->b, "%s %lld;", audit_code(f->fault), (long long)f->seq);
    all->text = str_cat(&all->b->arena, all->text, S(line));
}

static enum rc verify(struct book *b, const struct str *anchors, uint32_t n, struct found *out)
{
    struct store_reader *r = book_reader(b);
    struct audit_options o = {.anchors = anchors, .n_anchors = n};
    *out = (struct found){.b = b};
    return audit_verify(&b->arena, r, &o, on_finding, out, &out->result, &b->e);
}

static struct str anchor_of(struct book *b)
{
    struct store_reader *r = book_reader(b);
    struct str line;
    BOOK_OK(b, store_anchor(&b->arena, r, &line, &b->e));
    return line;
}

static void expect(struct book *b, const struct str *anchors, uint32_t n, const char *want)
{
    struct found f;
    BOOK_OK(b, verify(b, anchors, n, &f));
    ASSERT_STR(f.text, want);
}

static int64_t put(struct book *b, uint32_t i, const struct str *file)
{
    const char *body = book_text(b, "[%u]", i);
    struct store_parcel p[2] = {
        {.unit = STR("u"),
         .what = STORE_DOC,
         .recorded = DATE_MIN,
         .layout = STR("[\"x\"]"),
         .body = S(body)},
        {.unit = STR("v"), .what = STORE_DOC, .recorded = DATE_MIN, .body = S(body)},
    };
    const struct store_expect x[] = {{STR("all"), STORE_UNSEEN}, {S(book_text(b, "one/%u", i)), 0}};
    struct store_commit c = {.token = S(book_text(b, "t%u", i)),
                             .actor = STR("u"),
                             .act = STR("x"),
                             .expects = x,
                             .n_expects = 2,
                             .parcels = p,
                             .n_parcels = 2,
                             .files = file,
                             .n_files = file != NULL};
    struct store_receipt got = {0};
    BOOK_OK(b, store_commit(&b->arena, b->store, &c, &got, &b->e));
    return got.seq;
}

static void fill(struct book *b)
{
    for (uint32_t i = 1; i <= N; i++) {
        assert_int_equal(put(b, i, NULL), i);
    }
}

static void test_clean(void **state)
{
    struct book *b = *state;
    struct found f;
    expect(b, NULL, 0, "");
    struct str first = anchor_of(b);
    fill(b);
    struct str anchors[] = {first, anchor_of(b)};
    BOOK_OK(b, verify(b, anchors, 2, &f));
    ASSERT_STR(f.text, "");
    assert_int_equal(f.result.events, N);
    assert_int_equal(f.result.parcels, 2 * N);
    assert_int_equal(f.result.anchors, 4); /* two slots beside the book */
}

/* One way of tampering, and what the audit says. */
struct tampering {
    const char *sql;
    const char *found;
};

static const struct tampering tamperings[] = {
    {"UPDATE event SET actor = 'somebody' WHERE seq = 3", "changed 3;"},
    {"UPDATE event SET at = at + 1 WHERE seq = 1", "changed 1;"},
    {"UPDATE event SET note = 'x' WHERE seq = 6", "changed 6;"},
    {"UPDATE event SET subjects = '[\"all\"]' WHERE seq = 2", "changed 2;head 0;"},
    {"UPDATE event SET content = hash WHERE seq = 4", "changed 4;"},
    {"UPDATE parcel SET body = '[9]' WHERE seq = 3 AND part = 1", "changed 3;"},
    {"UPDATE parcel SET unit = 'w' WHERE seq = 3 AND part = 0", "changed 3;"},
    {"UPDATE parcel SET recorded = recorded - 1 WHERE seq = 5", "changed 5;"},
    {"UPDATE parcel SET status = 'nonsense' WHERE seq = 5", "changed 5;"},
    {"UPDATE parcel SET layout = '' WHERE seq = 2 AND part = 0", "changed 2;"},
    {"UPDATE parcel SET part = 7 WHERE seq = 2 AND part = 1", "changed 2;"},
    {"UPDATE event SET parcels = 9 WHERE seq = 2", "parcels 2;"},
    {"UPDATE layout SET body = '[\"y\"]'", "layout 1;"},
    {"DELETE FROM layout", "layout 1;"},
    {"UPDATE layout SET seq = 3", "layout 1;"},
    {"INSERT INTO layout (hash, seq, body) VALUES ('x', 1, '[]')", "layout 0;"},
    {"UPDATE chain SET at = at + 1", "end 6;"},
    {"UPDATE chain SET parcels = 1", "end 6;"},
    {"DELETE FROM parcel WHERE seq = 4 AND part = 1", "parcels 4;"},
    {"UPDATE parcel SET part = 2 - part WHERE seq = 4", "changed 4;"},
    {"DELETE FROM event WHERE seq = 3", "removed 3;orphan 3;orphan 3;head 0;"},
    {"DELETE FROM event WHERE seq = 3; DELETE FROM parcel WHERE seq = 3", "removed 3;head 0;"},
    /* Two commits change places. */
    {"UPDATE event SET seq = -2 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3;"
     "UPDATE event SET seq = 3 WHERE seq = -2",
     "unlinked 2;changed 2;unlinked 3;changed 3;unlinked 4;head 3;head 2;"},
    /* One is smuggled in at the end. */
    {"INSERT INTO event SELECT 7, at, actor, act, 'new', note, subjects, files, 0, content, hash, "
     "hash FROM event WHERE seq = 6",
     "changed 7;beyond 7;head 7;head 7;"},
    {"INSERT INTO parcel SELECT seq, 2, area, unit, what, status, recorded, source, grade, layout, "
     "body FROM parcel WHERE seq = 2 AND part = 1",
     "parcels 2;"},
    {"UPDATE head SET seq = 1 WHERE subject = 'all'", "head 6;"},
    {"DELETE FROM head WHERE subject = 'one/2'", "head 2;"},
    {"UPDATE chain SET hash = 'x'", "end 6;"},
    /* The log is cut off at its tail … */
    {"DELETE FROM event WHERE seq > 4; DELETE FROM parcel WHERE seq > 4;"
     "DELETE FROM head WHERE seq > 4; INSERT INTO head VALUES ('all', 4)",
     "cut 5;anchor_cut 6;anchor_cut 5;"},
    /* … and its end is mended: the anchors know. */
    {"DELETE FROM event WHERE seq > 4; DELETE FROM parcel WHERE seq > 4;"
     "DELETE FROM head WHERE seq > 4; INSERT INTO head VALUES ('all', 4);"
     "UPDATE chain SET seq = 4, parcels = 8, "
     "hash = (SELECT e.hash FROM event e WHERE e.seq = 4), at = (SELECT e.at FROM event e WHERE "
     "e.seq = 4)",
     "anchor_cut 6;anchor_cut 5;"},
};

static void test_tampering(void **state)
{
    struct book *b = *state;
    for (uint32_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++) {
        book_close(b);
        b->where = book_place(b);
        b->files = book_text(b, "%s/files%u", b->dir, i);
        book_open(b);
        fill(b);
        book_sql(b, tamperings[i].sql);
        expect(b, NULL, 0, tamperings[i].found);
    }
}

/* A tail cut off and mended where nothing is kept beside the book: only an anchor kept elsewhere
 * tells. */
static void test_cut_without_trace(void **state)
{
    struct book *b = *state;
    fill(b);
    struct str kept = anchor_of(b);
    book_sql(b, "DELETE FROM event WHERE seq > 4; DELETE FROM parcel WHERE seq > 4;"
                "DELETE FROM head WHERE seq > 4; INSERT INTO head VALUES ('all', 4);"
                "UPDATE chain SET seq = 4, parcels = 8, "
                "hash = (SELECT e.hash FROM event e WHERE e.seq = 4), at = (SELECT e.at FROM event "
                "e WHERE e.seq = 4)");
    assert_int_equal(unlink(path_join(&b->arena, b->files, "anchor")), 0);
    expect(b, NULL, 0, "");
    expect(b, &kept, 1, "anchor_cut 6;");
}

/* Cut off, and something else recorded in its place by the program itself. */
static void test_rewritten(void **state)
{
    struct book *b = *state;
    fill(b);
    struct str kept = anchor_of(b);
    book_sql(b, "DELETE FROM event WHERE seq > 5; DELETE FROM parcel WHERE seq > 5;"
                "DELETE FROM head WHERE seq > 5; INSERT INTO head VALUES ('all', 5);"
                "UPDATE chain SET seq = 5, parcels = 10, "
                "hash = (SELECT e.hash FROM event e WHERE e.seq = 5), at = (SELECT e.at FROM event "
                "e WHERE e.seq = 5)");
    assert_int_equal(put(b, 99, NULL), 6);
    expect(b, &kept, 1, "anchor 6;");
}

static void test_bad_anchors(void **state)
{
    struct book *b = *state;
    struct found f;
    fill(b);
    const struct str bad[] = {
        STR("hello"),
        STR("tizhi-anchor x 1 y 2"),
        S(book_text(b, "tizhi-anchor other 1 %064d 5", 0)),
    };
    for (uint32_t i = 0; i < 3; i++) {
        err_clear(&b->e);
        assert_int_equal(verify(b, &bad[i], 1, &f), RC_INPUT);
    }
}

static void test_append_only(void **state)
{
    struct book *b = *state;
    fill(b);
    const char *const sql[] = {"UPDATE event SET at = 1",     "DELETE FROM event",
                               "UPDATE parcel SET body = ''", "DELETE FROM parcel",
                               "UPDATE layout SET body = ''", "DELETE FROM layout"};
    for (uint32_t i = 0; i < sizeof sql / sizeof sql[0]; i++) {
        struct db db;
        BOOK_OK(b, db_open(&db, b->where, 0, &b->e));
        assert_int_not_equal(db_script(&db, sql[i], NULL), RC_OK);
        db_close(&db);
    }
    expect(b, NULL, 0, "");
}

/* ---- evidence ------------------------------------------------------------------------------- */

static void test_files(void **state)
{
    struct book *b = *state;
    struct file_info first;
    struct file_info again;
    struct str got;
    struct str pdf = STR("%PDF-1.7 a page");
    BOOK_OK(b, files_put(&b->arena, b->store, pdf, &first, &b->e));
    BOOK_OK(b, files_put(&b->arena, b->store, pdf, &again, &b->e));
    assert_true(str_eq(first.hash, again.hash));
    assert_int_equal(first.type, FILE_PDF);
    assert_int_equal(first.size, pdf.n);
    BOOK_OK(b, files_get(&b->arena, b->store, first.hash, &got, &b->e));
    assert_true(str_eq(got, pdf));
    assert_int_equal(put(b, 1, &first.hash), 1);
    expect(b, NULL, 0, "");
}

struct listener {
    uint32_t heard[PROGRESS__N];
    enum progress_counts until; /* here it shall end */
};

static bool hear(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    struct listener *l = ctx;
    assert_true(done >= 0 && done <= of);
    l->heard[counted]++;
    return counted != l->until;
}

/* It tells of the book, then of files, and ends where it is told to. */
static void test_progress(void **state)
{
    struct book *b = *state;
    struct file_info file;
    static const enum progress_counts ends[] = {PROGRESS_NOTHING, PROGRESS_BOOK, PROGRESS_FILES};
    BOOK_OK(b, files_put(&b->arena, b->store, STR("%PDF-1.7 a page"), &file, &b->e));
    assert_int_equal(put(b, 1, &file.hash), 1);
    for (uint32_t i = 0; i < 3; i++) {
        struct listener l = {.until = ends[i]};
        struct found f = {.b = b};
        const struct progress p = {hear, &l};
        const struct audit_options o = {.progress = &p};
        err_clear(&b->e);
        enum rc rc = audit_verify(&b->arena, book_reader(b), &o, on_finding, &f, &f.result, &b->e);
        assert_int_equal(rc, i == 0 ? RC_OK : RC_CANCELLED);
        assert_int_equal(l.heard[PROGRESS_BOOK], 1);
        assert_int_equal(l.heard[PROGRESS_FILES], i == 1 ? 0 : 1);
        assert_int_equal(f.result.files, i == 0 ? 1 : 0);
    }
}

static void test_file_types(void **state)
{
    struct book *b = *state;
    static const struct {
        struct str content;
        enum file_type type;
        enum rc rc;
    } cases[] = {
        {STR_INIT("\x89PNG\r\n\x1a\n..."), FILE_PNG, RC_OK},
        {STR_INIT("\xff\xd8\xff\xe0"), FILE_JPEG, RC_OK},
        {STR_INIT("PK\x03\x04 word/"), FILE_ZIP, RC_OK},
        {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FILE_OLE, RC_OK},
        {STR_INIT("会议纪要\n"), FILE_TEXT, RC_OK},
        {STR_INIT(""), FILE_TEXT, RC_INPUT},
        {STR_INIT("MZ\x90\x00\x03"), FILE_TEXT, RC_INPUT},
        {STR_INIT("\x7f"
                  "ELF"),
         FILE_TEXT, RC_INPUT},
        {STR_INIT("half \xe4\xbc"), FILE_TEXT, RC_INPUT},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file_info info;
        struct file_info look;
        err_clear(&b->e);
        assert_int_equal(files_put(&b->arena, b->store, cases[i].content, &info, &b->e),
                         cases[i].rc);
        if (cases[i].rc == RC_OK) {
            assert_int_equal(info.type, cases[i].type);
            BOOK_OK(b, files_look(&b->arena, b->files, info.hash, &look, &b->e));
            assert_int_equal(look.type, cases[i].type);
            assert_int_equal(look.size, cases[i].content.n);
        }
    }
}

static const char *path_of(struct book *b, struct str hash)
{
    return book_text(b, "%s/%.2s/%.*s", b->files, hash.p, (int)hash.n - 2, hash.p + 2);
}

static void test_tampered_files(void **state)
{
    struct book *b = *state;
    struct file_info one;
    struct file_info two;
    struct str got;
    BOOK_OK(b, files_put(&b->arena, b->store, STR("one"), &one, &b->e));
    BOOK_OK(b, files_put(&b->arena, b->store, STR("two"), &two, &b->e));
    (void)put(b, 1, &one.hash);
    (void)put(b, 2, &two.hash);
    (void)put(b, 3, &two.hash); /* one file, many claims */
    expect(b, NULL, 0, "");
    BOOK_OK(b, file_write(path_of(b, one.hash), STR("eno"), &b->e));
    assert_int_equal(unlink(path_of(b, two.hash)), 0);
    expect(b, NULL, 0, "file 1;file_gone 2;");
    assert_int_equal(files_get(&b->arena, b->store, one.hash, &got, &b->e), RC_DB);
    book_sql(b, "DELETE FROM file WHERE seq = 1");
    expect(b, NULL, 0, "file_list 1;file 1;file_gone 2;");
    BOOK_OK(b, file_write(path_of(b, two.hash), STR("two"), &b->e));
    book_sql(b, "UPDATE file SET size = 9 WHERE seq = 2");
    expect(b, NULL, 0, "file_list 1;file 1;file_list 2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_clean),
        BOOK_TEST(test_tampering),
        BOOK_TEST(test_cut_without_trace),
        BOOK_TEST(test_rewritten),
        BOOK_TEST(test_bad_anchors),
        BOOK_TEST(test_append_only),
        BOOK_TEST(test_files),
        BOOK_TEST(test_progress),
        BOOK_TEST(test_file_types),
        BOOK_TEST(test_tampered_files),
    };
    return BOOK_RUN(tests);
}
