/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories, with every failure that can be had on a plain file system. */
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/limits.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

static struct arena arena;
static struct err err;
static const char *dir;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20, "t");
    err_clear(&err);
    dir = tmpdir_make(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tmpdir_remove(dir);
    arena_release(&arena);
    return 0;
}

static const char *in(const char *name)
{
    return path_join(&arena, dir, name);
}

static enum rc read_again(const char *path, uint32_t max_bytes, struct str *out)
{
    err_clear(&err);
    return file_read(&arena, path, max_bytes, out, &err);
}

static void test_read_whole(void **state)
{
    (void)state;
    struct str out = {NULL, 0};
    const char *path = tmpdir_write(&arena, dir, "文件.plan", str_make("计划\0x", 8));
    assert_int_equal(read_again(path, 8, &out), RC_OK);
    assert_int_equal(out.n, 8);
    assert_memory_equal(out.p, "计划\0x", 9); /* with the final NUL */
    path = tmpdir_write(&arena, dir, "empty", STR(""));
    assert_int_equal(read_again(path, 0, &out), RC_OK);
    assert_int_equal(out.n, 0);
    assert_string_equal(out.p, "");
    struct buf b;
    buf_init(&b, 300000);
    for (int i = 0; i < 30000; i++) {
        buf_printf(&b, "%07d\n", i);
    }
    path = tmpdir_write(&arena, dir, "large", buf_view(&b));
    assert_int_equal(read_again(path, 300000, &out), RC_OK);
    assert_true(str_eq(out, buf_view(&b)));
    buf_release(&b);
}

static void test_read_refuses(void **state)
{
    (void)state;
    struct str out = {NULL, 0};
    const char *path = tmpdir_write(&arena, dir, "five", STR("12345"));
    assert_int_equal(read_again(path, 4, &out), RC_LIMIT);
    assert_non_null(strstr(err.primary_zh, path));
    assert_int_equal(read_again(path, 5, &out), RC_OK);
    assert_int_equal(read_again(dir, 100, &out), RC_INPUT);
    assert_int_equal(read_again(in("absent"), 100, &out), RC_NOT_FOUND);
    assert_int_equal(read_again(in("five/below"), 100, &out), RC_NOT_FOUND);
    assert_int_equal(mkfifo(in("pipe"), 0600), 0);
    assert_int_equal(read_again(in("pipe"), 100, &out), RC_INPUT); /* and does not hang */
    assert_int_equal(symlink("loop", in("loop")), 0);
    assert_int_equal(read_again(in("loop"), 100, &out), RC_IO);
    assert_int_equal(err.saved_errno, ELOOP);
    struct arena tiny;
    arena_init(&tiny, 1, "tiny");
    err_clear(&err);
    assert_int_equal(file_read(&tiny, path, 100, &out, &err), RC_LIMIT);
    arena_release(&tiny);
}

static enum rc read_secret(const char *path)
{
    struct str out = {NULL, 0};
    err_clear(&err);
    return file_read_secret(&arena, path, 100, &out, &err);
}

static void test_a_secret_is_its_owners_alone(void **state)
{
    (void)state;
    static const mode_t open[] = {0640, 0604, 0620, 0602, 0610};
    const char *path = tmpdir_write(&arena, dir, "key", STR("12345"));
    for (unsigned i = 0; i < sizeof open / sizeof open[0]; i++) {
        assert_int_equal(chmod(path, open[i]), 0);
        assert_int_equal(read_secret(path), RC_DENIED);
        assert_true(err.hint_en[0] != '\0' && err.hint_zh[0] != '\0');
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(read_secret(path), RC_OK);
    assert_int_equal(symlink("key", in("link")), 0);
    assert_int_equal(read_secret(in("link")), RC_INPUT);
    assert_int_equal(read_secret(in("absent")), RC_NOT_FOUND);
    if (geteuid() == 0) { /* who is not root cannot give a file away */
        assert_int_equal(chown(path, 1, 1), 0);
        assert_int_equal(read_secret(path), RC_DENIED);
    }
}

/* The kernel's own files announce a size that is not what they hold. */
static void test_read_notices_a_file_that_grows_or_shrinks(void **state)
{
    (void)state;
    struct str out = {NULL, 0};
    assert_int_equal(read_again("/proc/self/status", 100000, &out), RC_CHANGED); /* says 0 */
    assert_true(err.hint_en[0] != '\0' && err.hint_zh[0] != '\0');
    struct stat st;
    const char *shrunk = "/sys/devices/system/cpu/online"; /* says 4096 */
    if (stat(shrunk, &st) != 0 || st.st_size == 0) {
        skip();
    }
    assert_int_equal(read_again(shrunk, 100000, &out), RC_CHANGED);
}

static void test_write_replaces(void **state)
{
    (void)state;
    struct str out = {NULL, 0};
    const char *path = in("out.txt");
    assert_int_equal(file_write(path, STR("first"), &err), RC_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(file_write(path, STR("第二"), &err), RC_OK);
    assert_int_equal(read_again(path, 100, &out), RC_OK);
    ASSERT_STR(out, "第二");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(file_write(path, STR(""), &err), RC_OK);
    assert_int_equal(read_again(path, 100, &out), RC_OK);
    assert_int_equal(out.n, 0);
    struct dir_list list;
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_OK);
    assert_int_equal(list.n, 1); /* nothing temporary stays behind */
}

/* Somebody else writes by name; what is dropped leaves no trace, and the old content stays. */
static void test_begin_and_finish(void **state)
{
    (void)state;
    struct str out = {NULL, 0};
    char temp[LIMIT_PATH_BYTES];
    const char *path = in("book.xlsx");
    err_clear(&err);
    assert_int_equal(file_write(path, STR("old"), &err), RC_OK);
    assert_int_equal(file_begin(path, temp, &err), RC_OK);
    assert_int_equal(file_write(temp, STR("new"), &err), RC_OK);
    file_drop(temp);
    assert_int_equal(read_again(path, 100, &out), RC_OK);
    ASSERT_STR(out, "old");
    assert_int_equal(file_begin(path, temp, &err), RC_OK);
    assert_int_equal(file_write(temp, STR("new"), &err), RC_OK);
    assert_int_equal(file_finish(temp, path, &err), RC_OK);
    assert_int_equal(read_again(path, 100, &out), RC_OK);
    ASSERT_STR(out, "new");
    assert_int_equal(file_finish(temp, path, &err), RC_IO); /* it is gone */
    err_clear(&err);
    assert_int_equal(file_make_dir(in("made"), &err), RC_OK);
    assert_int_equal(file_make_dir(in("made"), &err), RC_OK);
    assert_int_equal(file_make_dir(path, &err), RC_IO);
    struct dir_list list;
    err_clear(&err);
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_OK);
    assert_int_equal(list.n, 1);
}

static void test_write_refuses(void **state)
{
    (void)state;
    err_clear(&err);
    assert_int_equal(file_write(in("no/such/folder"), STR("x"), &err), RC_NOT_FOUND);
    assert_int_equal(mkdir(in("folder"), 0777), 0);
    err_clear(&err);
    assert_int_equal(file_write(in("folder"), STR("x"), &err), RC_IO);
    char longer[LIMIT_PATH_BYTES + 1];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    err_clear(&err);
    assert_int_equal(file_write(longer, STR("x"), &err), RC_LIMIT);
    struct dir_list list;
    err_clear(&err);
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_OK);
    assert_int_equal(list.n, 0);
}

static void test_exists_and_join(void **state)
{
    (void)state;
    const char *path = tmpdir_write(&arena, dir, "f", STR("x"));
    assert_true(file_exists(path) && !file_is_dir(path));
    assert_true(file_exists(dir) && file_is_dir(dir));
    assert_false(file_exists(in("g")) || file_is_dir(in("g")));
    assert_string_equal(path_join(&arena, "a", "b"), "a/b");
    assert_string_equal(path_join(&arena, "a/", "b"), "a/b");
    assert_string_equal(path_join(&arena, "/", "b"), "/b");
    assert_string_equal(path_join(&arena, "", "b"), "b");
}

static void test_list_is_recursive_sorted_and_filtered(void **state)
{
    (void)state;
    static const char *const files[] = {"b.plan",    "a/z.plan", "a.plan",       "a/b/c/d.plan",
                                        "a-b.plan",  "x.csv",    ".hidden.plan", ".git/e.plan",
                                        "指标.plan", ".plan"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)tmpdir_write(&arena, dir, files[i], STR("x"));
    }
    assert_int_equal(symlink("a", in("link")), 0); /* not followed */
    assert_int_equal(symlink("b.plan", in("link.plan")), 0);
    assert_int_equal(mkdir(in("folder.plan"), 0777), 0);
    struct dir_list list;
    assert_int_equal(dir_list(&arena, dir, STR(".plan"), &list, &err), RC_OK);
    static const char *const want[] = {"a-b.plan", "a.plan", "a/b/c/d.plan",
                                       "a/z.plan", "b.plan", "指标.plan"};
    assert_int_equal(list.n, sizeof want / sizeof want[0]);
    for (uint32_t i = 0; i < list.n; i++) {
        assert_string_equal(list.paths[i], want[i]);
    }
    assert_int_equal(dir_list(&arena, dir, STR(".none"), &list, &err), RC_OK);
    assert_int_equal(list.n, 0);
}

static void test_list_refuses(void **state)
{
    (void)state;
    struct dir_list list;
    assert_int_equal(dir_list(&arena, in("absent"), STR(""), &list, &err), RC_NOT_FOUND);
    err_clear(&err);
    const char *path = tmpdir_write(&arena, dir, "f", STR("x"));
    assert_int_equal(dir_list(&arena, path, STR(""), &list, &err), RC_INPUT);
    err_clear(&err);
    struct arena tiny;
    arena_init(&tiny, 1, "tiny");
    assert_int_equal(dir_list(&tiny, dir, STR(""), &list, &err), RC_LIMIT);
    arena_release(&tiny);
    (void)tmpdir_write(&arena, dir, "\xff", STR("x"));
    err_clear(&err);
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_ENCODING);
}

static void test_list_depth_limit(void **state)
{
    (void)state;
    struct dir_list list;
    struct buf b;
    buf_init(&b, 1000);
    for (int i = 0; i < LIMIT_DIR_DEPTH; i++) {
        buf_puts(&b, "d/");
    }
    buf_puts(&b, "f");
    (void)tmpdir_write(&arena, dir, b.p, STR("x"));
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_OK);
    assert_int_equal(list.n, 1);
    buf_truncate(&b, b.n - 1);
    buf_puts(&b, "d/f");
    (void)tmpdir_write(&arena, dir, b.p, STR("x"));
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_LIMIT);
    buf_release(&b);
}

/* One scenario over all functions; gives the code of the first that failed. */
static enum rc scenario(struct arena *a)
{
    struct str out;
    struct dir_list list;
    const char *path = path_join(a, dir, "kept");
    err_clear(&err);
    TRY(file_write(path, STR("new"), &err));
    TRY(file_read(a, path, 100, &out, &err));
    TRY(dir_list(a, dir, STR(""), &list, &err));
    return RC_OK;
}

static void test_every_injected_failure_is_reported(void **state)
{
    (void)state;
    if (!fault_enabled()) {
        skip();
    }
    const char *path = tmpdir_write(&arena, dir, "kept", STR("old"));
    uint32_t failures = 0;
    for (;; failures++) {
        struct arena a;
        arena_init(&a, 1 << 20, "scenario");
        fault_arm(FAULT_ANY, failures);
        enum rc rc = scenario(&a);
        bool fired = fault_fired();
        fault_disarm();
        arena_release(&a);
        if (!fired) {
            assert_int_equal(rc, RC_OK);
            break;
        }
        assert_int_not_equal(rc, RC_OK);
        assert_int_equal(err.rc, rc);
        assert_true(err.primary_en[0] != '\0' && err.primary_zh[0] != '\0');
        /* Old or new, never a part; and nothing left lying about. */
        struct str now;
        struct dir_list list;
        assert_int_equal(read_again(path, 100, &now), RC_OK);
        assert_true(str_eq(now, STR("old")) || str_eq(now, STR("new")));
        assert_int_equal(dir_list(&arena, dir, STR(""), &list, &err), RC_OK);
        assert_int_equal(list.n, 1);
    }
    assert_in_range(failures, 6, 100);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_read_whole),
        CASE(test_a_secret_is_its_owners_alone),
        CASE(test_read_refuses),
        CASE(test_read_notices_a_file_that_grows_or_shrinks),
        CASE(test_write_replaces),
        CASE(test_begin_and_finish),
        CASE(test_write_refuses),
        CASE(test_exists_and_join),
        CASE(test_list_is_recursive_sorted_and_filtered),
        CASE(test_list_refuses),
        CASE(test_list_depth_limit),
        CASE(test_every_injected_failure_is_reported),
    };
    return cmocka_run_group_tests_name("base_file", tests, NULL, NULL);
}
