/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons and the abort check of test.h. */
#include "tests/lib/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void test_assert_str(struct str s, const char *want, const char *file, int line)
{
    if (!str_eq(s, str_from_cstr(want))) {
        print_error("got  %.*s\nwant %s\n", PS(s), want);
        _fail(file, line);
    }
}

bool test_aborts(void (*fn)(void *arg), void *arg)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* The report is expected: keep it out of the output, and leave no core file. */
        const struct rlimit none = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &none);
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(2);
        }
        fn(arg);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}
